#!/usr/bin/env python3
"""usage: plc_count.py [--write] PROGRAM PAGE COMPILER [FLAGS]

Counts the instructions that a call of each function block takes on x86-64, by running PROGRAM in
valgrind, and requires exactly the counts in plc_count.json: they differ by compiler, but not from
run to run or between machines. A compiler that has no counts is not judged, nor are flags of the
user's own, which change the code. PAGE's table is compared with the counts; --write renews both.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tree

sys.path.insert(0, str(tree.ROOT / "tests/size"))
import plc  # noqa: E402
import tables  # noqa: E402

COUNTS = pathlib.Path(__file__).parent / "plc_count.json"
PAGE_COMPILER = "GNU 12.2.0"


def own_instructions(dump, program):
    """Those of the program itself; memcpy and the like differ from one C library to the next."""
    objects, total, own, is_call = {}, 0, False, False
    for line in dump.splitlines():
        found = re.match(r"ob=\((\d+)\)(?: (.*))?$", line)
        if found:
            number, name = found.groups()
            objects[number] = name or objects[number]
            own = objects[number] == program
        elif line.startswith("calls="):
            is_call = True  # the next line is what the callee took
        elif re.match(r"[\d+*-]", line):
            total += int(line.split()[-1]) if own and not is_call else 0
            is_call = False
        called = re.match(r"cob=\((\d+)\) (.*)$", line)
        if called:
            objects[called.group(1)] = called.group(2)
    return total


def count(program):
    found, nothing = {}, None
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                        "--compress-pos=no", program], check=True, capture_output=True)
        dumps = sorted(pathlib.Path(folder).glob("out.*"), key=lambda p: int(p.suffix[1:]))
        for path in dumps:
            dump = path.read_text()
            name = re.search(r"^desc: Trigger: Client Request: (\S+)$", dump, re.M)
            if name is None:
                continue
            instructions = own_instructions(dump, program)
            if name.group(1) == "nothing":
                nothing = instructions
            else:
                found[name.group(1)] = instructions - nothing
    return found


def main():
    arguments = sys.argv[1:]
    write = "--write" in arguments
    if write:
        arguments.remove("--write")
    program, page, compiler, *flags = arguments
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed")
        sys.exit(77)
    if any(flags):
        print(f"skipped: the compiler has flags of the user's own: {' '.join(flags)}")
        sys.exit(77)
    renew = f"{sys.argv[0]} --write {program} {page} '{compiler}'"
    known = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    found = count(str(pathlib.Path(program).resolve()))
    if not found or min(found.values()) <= 0:
        sys.exit(f"failed: callgrind counted nothing: {found}")
    if write:
        known[compiler] = found
        COUNTS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    if compiler not in known:
        print(f"skipped: no counts for {compiler} to compare with: {found}")
        sys.exit(77)
    if found != known[compiler]:
        other = {name: (value, known[compiler].get(name)) for name, value in found.items()
                 if value != known[compiler].get(name)}
        sys.exit(f"failed: counted and recorded, {other}; to renew: {renew}")
    if compiler == PAGE_COMPILER:
        tables.page(page, "instructions-x86", f"{PAGE_COMPILER}, -O2.\n\n" +
                    plc.block_table("x86-64", known[PAGE_COMPILER]), write, renew)
    print(f"{len(found)} calls take what they took")


main()
