"""The C header of the blocks, and the header that checks its layout."""

import re
import textwrap

import description

INTRODUCTION = """\
/* Generated from ports/plc/blocks.json by ports/plc/generate; change that and generate again.
 *
 * The function blocks of cairn for PLC runtimes: valid C99 and C++11. A block is a struct of plain
 * numbers and one function that is called in every scan, void cairn_fb_x(cairn_fb_x_t*). Fields
 * have the names that they have in IEC 61131-3; a BOOL is 0 or 1, and any other number counts as
 * TRUE. A struct of zeros is a block that has not started: set its inputs, call, read its outputs;
 * what stands behind the outputs is the block's own.
 *
 * - Cost. No call of a block waits, locks, allocates, or asks the operating system for anything.
 *   Each but CAIRN_Log takes constant time; CAIRN_Log does at most Budget units of work.
 * - Threads. A block instance belongs to one task, as does a Handle.
 * - Power loss. What a block queued and the log has not made durable is lost; see Level.
 * - Time. Blocks never read a wall clock: time comes from an input or from the port.
 *
 * docs/plc.md has the timing of every type of block, and cairn_plc_port.h what a controller brings.
 */
#ifndef CAIRN_PLC_H
#define CAIRN_PLC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the version of these structs: compare it with CAIRN_PLC_ABI. */
uint32_t cairn_plc_abi(void);
#define CAIRN_PLC_ABI 1u

/** Returns an ErrorID in plain words: "the queue of this task is full". Never NULL. */
const char* cairn_plc_error_text(uint32_t error_id);
"""

REQUEST = """\
/* A request of a block that has Execute: private. */
typedef struct cairn_plc_request {
  uint64_t index;    /* of the record, once it is known */
  uint32_t handle;   /* that it was made with */
  uint32_t ticket;   /* that its answer will carry */
  uint32_t error_id; /* that it ended with */
  uint8_t phase;     /* idle, busy, done or failed */
  uint8_t executed;  /* Execute in the call before */
  uint8_t level;     /* that it waits for */
  uint8_t answer;    /* where its answer will lie */
} cairn_plc_request;
"""

END = """
#ifdef __cplusplus
}
#endif

#endif
"""


def comment(text, indent="  "):
    """A comment above a declaration, in lines of at most 100 columns."""
    lines = textwrap.wrap(text, 100 - len(indent) - 6)
    return "\n".join(f"{indent}{'/* ' if not number else ' * '}{line}"
                     for number, line in enumerate(lines)) + " */\n"


def sentence(field):
    unit = f" [{field.unit}]" if field.unit else ""
    return f"{field.iec}{unit}. {field.doc}"


def errors(made):
    lines = ["\n/* Values of ErrorID: the class in the high word. */\n"]
    for number, name, doc in made.error_classes:
        lines.append(comment(f"Class {number}, {name}: {doc}", indent=""))
        lines += [f"#define CAIRN_PLC_E_{e.name} 0x{e.value:08X}u\n"
                  for e in made.errors if e.value >> 16 == number]
    return "".join(lines)


def member(field):
    array = f"[{field.count}]" if field.count > 1 or field.name.startswith("reserved") else ""
    return f"  {field.c_type} {field.name}{array};\n"


def struct(block):
    members, _ = description.layout(block)
    boundary = {f.name for f in block.inputs + block.outputs}
    lines = [comment(f"{block.name}, {block.type}. {block.doc}", indent="").replace("/*", "/**", 1),
             f"typedef struct cairn_fb_{block.short}_t {{\n"]
    titles = {field.name: title for title, group in
              (("Inputs", block.inputs), ("Outputs", block.outputs), ("Private", block.state))
              for field in group}
    title = None
    for _, field in members:
        if title != titles.get(field.name, title):
            title = titles[field.name]
            lines.append(f"\n  /* ---- {title} ---- */\n")
        if field.name in boundary:
            lines.append(comment(sentence(field)))
        elif field.doc and not field.name.startswith("reserved"):
            lines.append(comment(field.doc))
        lines.append(member(field))
    lines.append(f"}} cairn_fb_{block.short}_t;\n")
    lines.append(f"void cairn_fb_{block.short}(cairn_fb_{block.short}_t* self);\n")
    return "".join(lines)


def header(made):
    parts = [INTRODUCTION + errors(made), REQUEST]
    return "\n".join(parts + [struct(block) for block in made.blocks]) + END


LAYOUT = """\
/* Generated from ports/plc/blocks.json by ports/plc/generate.
 *
 * Sizes and offsets of every block are the same on every machine; what includes this compiles only
 * where they are. C99 has no static assertion: an array of negative size is one.
 */
#include <stddef.h>

#include "cairn_plc.h"

#define CAIRN_PLC_IS(name, is, wanted) typedef char name[((is) == (wanted)) ? 1 : -1]

CAIRN_PLC_IS(cairn_plc_request_size, sizeof(cairn_plc_request), 24u);
"""


ERROR_TEXT = """\
/* Generated from ports/plc/blocks.json by ports/plc/generate. */
#include "cairn_plc.h"
#include "layout.h"

const char* cairn_plc_error_text(uint32_t error_id) {
  switch (error_id) {
    case 0:
      return "no error";
    // cases
    default:
      return "not an ErrorID of this library";
  }
}
"""


def layout_checks(made):
    lines = [LAYOUT]
    for block in made.blocks:
        members, size = description.layout(block)
        kind = f"cairn_fb_{block.short}"
        lines.append(f"CAIRN_PLC_IS({kind}_size, sizeof({kind}_t), {size}u);\n")
        for offset, field in members:
            check = f"CAIRN_PLC_IS({kind}_{field.name}_at, "
            line = f"{check}offsetof({kind}_t, {field.name}), {offset}u);\n"
            lines.append(line if len(line) <= 101 else
                         line.replace(", offsetof", ",\n             offsetof"))
    return "".join(lines)


def error_text(made):
    cases = "".join(f"    case CAIRN_PLC_E_{e.name}:\n      return \"{plain(e.doc)}\";\n"
                    for e in made.errors)
    return ERROR_TEXT.replace("    // cases\n", cases)


def plain(doc):
    """The first sentence, as part of a message."""
    words = doc.split(". ")[0].rstrip(".").replace('"', "'")
    is_name = re.match(r"CAIRN_|Handle|Execute|[A-Z][a-z]+[A-Z]", words)
    return words if is_name else words[0].lower() + words[1:]


def files(made):
    return {"include/cairn_plc.h": header(made), "src/layout.h": layout_checks(made),
            "src/error_text.c": error_text(made)}
