#!/usr/bin/env python3
"""usage: amalgamate.py FILE

Writes the scan's side of the blocks and the port of HAL as a single C file: halcompile compiles one
file, and gives no others to the linker. Headers of cairn are put where they are first included, and
static names that two files have are told apart; the exports let the other components call what
cairn_log has.
"""

import collections
import pathlib
import re
import sys

PLC = pathlib.Path(__file__).resolve().parents[1]
ROOT = PLC.parents[1]
FOLDERS = [PLC / "src", PLC / "include", PLC / "process", PLC / "linux/include",
           ROOT / "include"]
# What a port that is pumped by another process needs of ports/plc/src.
SOURCES = ["src/scan.c", "src/plcopen.c", "linux/shared_area.c",
           "process/process_port.c", "linuxcnc/hal_port.c"]
HEAD = """/* cairn for LinuxCNC HAL, in one file: written by ports/plc/linuxcnc/amalgamate.py.
 * SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
"""
STATIC = re.compile(r"^static (?!inline)[\w\s*]*?\b(\w+)(?: = |[(;\[])", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">].*$', re.M)


def find(name, beside):
    for folder in [beside, *FOLDERS]:
        if (folder / name).exists():
            return folder / name
    return None


def expand(path, seen):
    """The text of a file with the headers of cairn in it, each once."""
    def insert(match):
        header = find(match.group(1), path.parent)
        if header is None:
            return match.group(0)
        if header in seen:
            return ""
        seen.add(header)
        return expand(header, seen)
    return INCLUDE.sub(insert, path.read_text(encoding="utf-8").replace("#pragma once", ""))


def told_apart(name, text, common):
    """The text of a source file, its static names that others have too renamed by macros."""
    stem = pathlib.Path(name).stem
    own = sorted(common.intersection(STATIC.findall((PLC / name).read_text())))
    return (f"\n/* ---- {name} ---- */\n" + "".join(f"#define {n} {stem}_{n}\n" for n in own) + text
            + "".join(f"#undef {n}\n" for n in own))


def main():
    seen = set()
    sources = [*SOURCES[:2], *sorted(f"src/{p.name}" for p in (PLC / "src").glob("block*.c")),
               *SOURCES[2:]]
    names = collections.Counter(name for source in sources
                                for name in set(STATIC.findall((PLC / source).read_text())))
    common = {name for name, count in names.items() if count > 1}
    parts = [HEAD] + [told_apart(name, expand(PLC / name, seen), common) for name in sources]
    calls = sorted(set(re.findall(r"^void (cairn_fb_\w+)\(", "".join(parts), re.M)))
    parts.append("\n" + "".join(f"EXPORT_SYMBOL({call});\n" for call in calls))
    pathlib.Path(sys.argv[1]).write_text("".join(parts), encoding="utf-8")


main()
