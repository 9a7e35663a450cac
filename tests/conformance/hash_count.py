#!/usr/bin/env python3
"""usage: hash_count.py PROGRAM COMPILER FLAGS

Counts the instructions of the portable SHA-256 by running PROGRAM in valgrind, and requires exactly
the count that stands below: it differs by compiler, but not from run to run or between machines.
More is a regression; fewer is a new count to write here. A compiler that has no count is not
judged, nor are flags of the user's own, which change the code.
"""

import re
import shutil
import subprocess
import sys
import tempfile

# Of a 32-byte leaf (one block) and a node (two), at -O2 on x86-64.
EXPECTED = {"GNU 12.2.0": (3725, 6802), "Clang 14.0.6": (3525, 6595)}
RUNS = (10, 110)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def count(program, shape, messages):
    """Instructions of cairn's own functions; memcpy differs from one C library to the next."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}",
                        program, shape, str(messages)], check=True, capture_output=True)
        lines = open(out.name).read().splitlines()
    names, total, own, is_call = {}, 0, False, False
    for line in lines:
        function = re.match(r"fn=\((\d+)\)(?: (.*))?$", line)
        if function:
            number, name = function.groups()
            names[number] = name or names[number]
            own = names[number].startswith("cairn::")
        elif line.startswith("calls="):
            is_call = True  # the next line is what the callee took
        elif re.match(r"[\d+*-]", line):
            if own and not is_call:
                total += int(line.split()[-1])
            is_call = False
        # A callee's name may be told where it is called first.
        called = re.match(r"cfn=\((\d+)\) (.*)$", line)
        if called:
            names[called.group(1)] = called.group(2)
    return total


def main():
    program, compiler, *flags = sys.argv[1:]
    if shutil.which("valgrind") is None:
        skip("valgrind is not installed")
    if any(flags):
        skip(f"the compiler has flags of the user's own: {' '.join(flags)}")
    counted = {}
    for shape in ("leaf", "node"):
        few, many = (count(program, shape, messages) for messages in RUNS)
        each, rest = divmod(many - few, RUNS[1] - RUNS[0])
        if rest or not each:
            sys.exit(f"failed: {many - few} instructions for {RUNS[1] - RUNS[0]} of one {shape}")
        counted[shape] = each
    print(f"{compiler}: {counted['leaf']} instructions a leaf, {counted['node']} a node")
    if compiler not in EXPECTED:
        skip(f"no count for {compiler} to compare with")
    if (counted["leaf"], counted["node"]) != EXPECTED[compiler]:
        sys.exit(f"failed: it was {EXPECTED[compiler]}")


main()
