"""cairn_plc_call: blocks called by their scalars, for runtimes in which an instance of a function
block cannot hold a C struct. The structs lie in static pools; a program keeps their numbers."""

import texts

HEADER = """
#ifndef CAIRN_PLC_CALL_H
#define CAIRN_PLC_CALL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Each call takes the number of the instance, which is 0 before the first call and kept by the
 * program; then the inputs, then where the outputs go, in the order of the block. It returns 0,
 * or CAIRN_PLC_E_INSTANCES when all instances of this block are taken: then the outputs say so too.
 * Parameters have no names here, because some tools make macros of a block's variables. */
"""

SOURCE = """
#include "cairn_plc_call.h"

#include "cairn_plc.h"

/* Instances of each block that a program may have. Each takes the size of its struct. */
#ifndef CAIRN_PLC_INSTANCES
#define CAIRN_PLC_INSTANCES 32
#endif

/* The instance of a number, 0 for a new one; CAIRN_PLC_INSTANCES when there is no such. */
static uint32_t instance_of(uint32_t* number, uint32_t* taken) {
  if (*number == 0) {
    const uint32_t next = __atomic_fetch_add(taken, 1, __ATOMIC_RELAXED);
    if (next >= CAIRN_PLC_INSTANCES) {
      __atomic_store_n(taken, CAIRN_PLC_INSTANCES, __ATOMIC_RELAXED);
      return CAIRN_PLC_INSTANCES;
    }
    *number = next + 1;
  }
  return *number <= CAIRN_PLC_INSTANCES ? *number - 1 : CAIRN_PLC_INSTANCES;
}
"""


def parameters(block, named):
    def name(text):
        return f" {text}" if named else ""
    return ", ".join(["uint32_t*" + name("instance"),
                      *(f.c_type + name(texts.snake(f.name)) for f in block.inputs),
                      *(f"{f.c_type}*{name(texts.local(f))}" for f in block.outputs)])


def declaration(block):
    return texts.wrap(f"uint32_t cairn_call_{block.short}({parameters(block, False)});", "") + "\n"


def definition(block):
    kind = f"cairn_fb_{block.short}_t"
    lines = [texts.wrap(f"uint32_t cairn_call_{block.short}({parameters(block, True)}) {{", ""),
             f"  static {kind} instances[CAIRN_PLC_INSTANCES];",
             "  static uint32_t taken;",
             "  const uint32_t number = instance_of(instance, &taken);",
             "  if (number == CAIRN_PLC_INSTANCES) {"]
    for field in block.outputs:
        value = {"Error": "1", "ErrorID": "CAIRN_PLC_E_INSTANCES"}.get(field.name, "0")
        lines.append(f"    *{texts.local(field)} = {value};")
    lines += ["    return CAIRN_PLC_E_INSTANCES;", "  }",
              f"  {kind}* const block = &instances[number];"]
    lines += [f"  block->{field.name} = {texts.snake(field.name)};" for field in block.inputs]
    lines.append(f"  cairn_fb_{block.short}(block);")
    lines += [f"  *{texts.local(field)} = block->{field.name};" for field in block.outputs]
    return "\n".join([*lines, "  return 0;", "}"]) + "\n"


def files(made):
    about = "The function blocks by their scalars: for runtimes whose blocks hold no struct."
    header = (texts.c_notice(about) + HEADER + "".join(declaration(b) for b in made.blocks)
              + "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n")
    source = texts.c_notice("See cairn_plc_call.h.") + SOURCE + "".join(
        "\n" + definition(b) for b in made.blocks)
    return {"include/cairn_plc_call.h": header, "src/cairn_plc_call.c": source}
