"""matiec and Beremiz: blocks whose body is C.

matiec generates no code for what stands between its pragmas; the struct, its initialiser and its
body come from cairn_matiec.h. The C name of a block is its name in upper case, and so are those of
its variables.
"""

import texts

ST_ABOUT = """The function blocks of cairn for matiec. Put this in front of the program, and compile
   what matiec makes of it with -include cairn_matiec.h."""

C_ABOUT = """The function blocks of cairn as matiec's generated C expects external ones. Have the
 * compiler include it in front of that: -include cairn_matiec.h."""

HEAD = """
#ifndef CAIRN_MATIEC_H
#define CAIRN_MATIEC_H

#include "iec_std_lib.h"
#include "accessor.h"
#include "cairn_plc.h"
"""


def dummy(block):
    """A body must not be empty."""
    first = block.outputs[0]
    return f"  {first.name} := FALSE;\n"


def st_block(block):
    return texts.st_interface(block) + dummy(block) + "END_FUNCTION_BLOCK\n"


def c_block(block):
    name = block.name.upper()
    fields = block.inputs + block.outputs
    lines = ["", "typedef struct {", "  __DECLARE_VAR(BOOL,EN)", "  __DECLARE_VAR(BOOL,ENO)"]
    lines += [f"  __DECLARE_VAR({f.iec},{f.name.upper()})" for f in fields]
    lines += [f"  cairn_fb_{block.short}_t block;", f"}} {name};", "",
              f"static void {name}_init__({name}* data__, BOOL retain) {{",
              f"  static cairn_fb_{block.short}_t unstarted;",
              "  __INIT_VAR(data__->EN, 1, retain)", "  __INIT_VAR(data__->ENO, 1, retain)"]
    lines += [f"  __INIT_VAR(data__->{f.name.upper()}, 0, retain)" for f in fields]
    lines += ["  data__->block = unstarted;", "}", "",
              f"static void {name}_body__({name}* data__) {{",
              "  if (!__GET_VAR(data__->EN)) {",
              "    __SET_VAR(data__->,ENO,,0);", "    return;", "  }",
              "  __SET_VAR(data__->,ENO,,1);"]
    lines += [f"  data__->block.{f.name} = __GET_VAR(data__->{f.name.upper()});"
              for f in block.inputs]
    lines.append(f"  cairn_fb_{block.short}(&data__->block);")
    lines += [f"  __SET_VAR(data__->,{f.name.upper()},,data__->block.{f.name});"
              for f in block.outputs]
    return "\n".join([*lines, "}", ""])


def files(made):
    st = (texts.st_notice(ST_ABOUT) + "\n{disable code generation}\n"
          + "\n".join(st_block(b) for b in made.blocks) + "{enable code generation}\n")
    header = (texts.c_notice(C_ABOUT) + HEAD + "".join(c_block(b) for b in made.blocks)
              + "\n#endif\n")
    return {"matiec/cairn.st": st, "matiec/cairn_matiec.h": header}
