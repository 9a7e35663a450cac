"""CODESYS: declarations for blocks with external implementation, and for each block the one
statement that its generated C stub needs."""

import texts

ABOUT = """The function blocks of cairn for CODESYS. Mark each as "External implementation", let
   CODESYS generate the runtime system files, and put the line of cairn_codesys.h into each body.
   On Linux targets external names end in _cext."""

C_ABOUT = """For each block the statement of its external implementation: p is the struct that
 * CODESYS generates for it, whose members have the names of the block's variables. */
#include "cairn_plc_call.h"
/* For example: void CDECL CDECL_EXT cairn_append_cext__main(cairn_append_cext_struct* p)
 * { CAIRN_APPEND_MAIN(p); }"""


def st_block(block):
    name = f"{block.short}_cext"
    return (f"{{attribute 'external_name' := 'cairn_{name}'}}\n" + texts.st_interface(block)
            + texts.instance_section() + "END_FUNCTION_BLOCK\n")


def statement(block):
    arguments = [f"&(p)->{texts.INSTANCE}", *(f"(p)->{f.name}" for f in block.inputs),
                 *(f"({f.c_type}*)&(p)->{f.name}" for f in block.outputs)]
    text = f"cairn_call_{block.short}({', '.join(arguments)})"
    wrapped = texts.wrap(text, "  ", 94).replace("\n", " \\\n")
    return f"\n#define CAIRN_{block.short.upper()}_MAIN(p) \\\n  {wrapped}\n"


def files(made):
    header = texts.c_notice(C_ABOUT) + "".join(statement(b) for b in made.blocks)
    st = texts.st_notice(ABOUT) + "\n" + "\n".join(st_block(b) for b in made.blocks)
    return {"codesys/cairn.st": st, "codesys/cairn_codesys.h": header}
