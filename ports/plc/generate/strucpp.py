"""STruC++: Structured Text whose bodies are C++. The library's header and objects are given to the
compiler with --cxx-flags. No braces may stand in an external body but its own."""

import texts

ABOUT = """The function blocks of cairn for STruC++. Compile with
   --cxx-flags "-include cairn_plc_call.h", and link the library. *)
(* Variables are members in upper case; each converts to its C type and back."""


def block_text(block):
    lines = [f"  uint32_t instance = {texts.INSTANCE.upper()};"]
    lines += [f"  {f.c_type} {texts.local(f)} = 0;" for f in block.outputs]
    lines.append("  " + texts.wrap(
        texts.call(block, lambda f: f.name.upper(), "&instance") + ";", "  "))
    lines.append(f"  {texts.INSTANCE.upper()} = instance;")
    for f in block.outputs:
        value = f"{texts.local(f)} != 0" if f.iec == "BOOL" else texts.local(f)
        lines.append(f"  {f.name.upper()} = {value};")
    return (texts.st_interface(block) + texts.instance_section()
            + "{external\n" + "\n".join(lines) + "\n}\nEND_FUNCTION_BLOCK\n")


def files(made):
    return {"strucpp/cairn.st": texts.st_notice(ABOUT) + "\n"
            + "\n".join(block_text(b) for b in made.blocks)}
