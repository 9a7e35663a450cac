"""What the front ends share: notices, names, and the variable sections of Structured Text."""

import re

NOTICE = "Generated from ports/plc/blocks.json by ports/plc/generate; change it there."
LICENSE = "SPDX-License-Identifier: Apache-2.0"
# The way of the instance's number: see cairn_plc_call.h.
INSTANCE = "Instance"


def c_notice(about):
    """The head of a generated C or C++ file, whose layout is the generator's own."""
    return f"/* {NOTICE}\n * {LICENSE}\n *\n * {about} */\n/* clang-format off */\n"


def st_notice(about):
    return f"(* {NOTICE}\n   {LICENSE}\n\n   {about} *)\n"


def snake(name):
    """ErrorID: error_id, UnixMs: unix_ms, W0: w0."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def sentence(field):
    unit = f" [{field.unit}]" if field.unit else ""
    return f"{field.doc}{unit}"


def st_section(kind, fields):
    lines = [f"VAR_{kind}\n" if kind else "VAR\n"]
    lines += [f"  {field.name} : {field.iec}; (* {sentence(field)} *)\n" for field in fields]
    return "".join(lines) + "END_VAR\n"


def st_interface(block):
    return (f"(* {block.doc} *)\nFUNCTION_BLOCK {block.name}\n"
            + st_section("INPUT", block.inputs) + st_section("OUTPUT", block.outputs))


def instance_section():
    return f"VAR\n  {INSTANCE} : UDINT; (* which of the library's instances this is *)\nEND_VAR\n"


def local(field):
    """Name of a local variable in C that no macro of a tool hides."""
    return f"out_{snake(field.name)}"


def call(block, value, instance):
    """The call of a block by its scalars: cairn_call_append(...)."""
    arguments = [instance, *(value(field) for field in block.inputs),
                 *(f"&{local(field)}" for field in block.outputs)]
    return f"cairn_call_{block.short}({', '.join(arguments)})"


def wrap(text, indent, width=98):
    """Breaks a call at its commas."""
    lines, line = [], ""
    for part in re.split(r"(?<=,) ", text):
        if line and len(indent) + len(line) + 1 + len(part) > width:
            lines.append(line)
            line = "    " + part
        else:
            line = f"{line} {part}" if line else part
    return f"\n{indent}".join([*lines, line])
