"""LinuxCNC HAL: one component for each block, for halcompile.

cairn_log.comp holds the library, from the single file cairn_hal.c, and lends it to the others: load
it first. Pins have at most 32 bits, so a field of 64 is two pins. halcompile makes a macro of every
pin's name, which a field of the C struct never has.
"""

import texts

PINS = {"BOOL": "bit", "LREAL": "float"}
WIDE = {"LWORD", "ULINT", "LINT"}
KEYWORDS = {"signed": "is_signed"}  # of C

COMP = """component cairn_{short} "{name}: {doc}";
{pins}
variable cairn_fb_{short}_t fb;
{options}function _ fp "Calls the block: once in every period.";
license "Apache-2.0";
author "the authors of cairn";
include "{include}";
;;
// {notice}
{setup}FUNCTION(_) {{
  (void)period;
{take}
  cairn_fb_{short}(&fb);
{give}
}}
"""

SETUP = """EXTRA_SETUP() {
  (void)__comp_inst;
  (void)prefix;
  (void)extra_arg;
  return cairn_hal_start();
}
"""


def pin(field):
    name = texts.snake(field.name)
    return KEYWORDS.get(name, name)


def pins(direction, fields):
    for field in fields:
        name, doc = pin(field), texts.sentence(field)
        if '"' in doc:
            raise ValueError(f"{field.name}: a quotation mark")
        if field.iec in WIDE:
            yield f'pin {direction} unsigned {name}_lo "{doc} Low half.";'
            yield f'pin {direction} unsigned {name}_hi "High half.";'
        else:
            yield f'pin {direction} {PINS.get(field.iec, "unsigned")} {name} "{doc}";'


def take(field):
    name = pin(field)
    if field.iec in WIDE:
        return f"  fb.{field.name} = ({field.c_type})((uint64_t){name}_hi << 32 | {name}_lo);"
    cast = "" if field.iec in ("BOOL", "LREAL", "UDINT", "DWORD") else f"({field.c_type})"
    return f"  fb.{field.name} = {cast}{name};"


def give(field):
    name = pin(field)
    if field.iec in WIDE:
        return (f"  {name}_lo = (uint32_t)fb.{field.name};\n"
                f"  {name}_hi = (uint32_t)((uint64_t)fb.{field.name} >> 32);")
    return f"  {name} = fb.{field.name};"


def comp(block):
    is_log = block.short == "log"
    return COMP.format(
        options="option extra_setup yes;\n" if is_log else "",
        setup=SETUP if is_log else "",
        short=block.short, name=block.name, doc=block.doc, notice=texts.NOTICE,
        include="cairn_hal.c" if is_log else "cairn_plc.h",
        pins="\n".join([*pins("in", block.inputs), *pins("out", block.outputs)]),
        take="\n".join(take(f) for f in block.inputs),
        give="\n".join(give(f) for f in block.outputs))


def files(made):
    return {f"linuxcnc/cairn_{block.short}.comp": comp(block) for block in made.blocks}
