#!/usr/bin/env python3
"""usage: failing.py NM FOLDER QEMU...

Runs the programs of FOLDER that fail on purpose, on the board that the command QEMU... emulates,
and expects of each its own exit status and words: a test that fails must be seen to.
"""
import pathlib
import re
import subprocess
import sys

FAILED_CHECK = r"failing_suite\.cpp:\d+: holds\n"
# Of each program its exit status, and what it says on standard error.
PROGRAMS = {
    "suite": (2, FAILED_CHECK * 2 + r"failed: does not hold, .*\n" + FAILED_CHECK +
              r"failed: ends at .*\n3 tests, 2 failed\n"),
    "status": (37, ""),
    "fault": (98, r"fault at 0x([0-9a-f]{8})(, CFSR 0x00010000)?\n"),
    "stack": (97, r"the stack ran over\n"),
    "hanging": (124, r"qemu-system-arm: terminating on signal 15 .*\n"),
}
HANGS_AFTER_S = "3"
# Folders of this machine, and what QEMU's LM3S6965 says at its start.
NOT_SAID = re.compile(r"^.*/(?=failing_suite)|^Timer with period zero, disabling\n", re.M)


def address(nm, program, symbol):
    for line in subprocess.run([nm, "-S", program], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        fields = line.split()
        if fields[-1] == symbol:
            return int(fields[0], 16) & ~1, int(fields[1], 16)
    sys.exit(f"{program} has no {symbol}")


def main():
    nm, folder, *qemu = sys.argv[1:]
    for name, (status, said) in PROGRAMS.items():
        program = pathlib.Path(folder) / f"on_target_failing_{name}.elf"
        limit = HANGS_AFTER_S if name == "hanging" else "300"
        result = subprocess.run(["timeout", limit, *qemu, program], capture_output=True, text=True)
        match = re.fullmatch(said, NOT_SAID.sub("", result.stderr))
        if result.returncode != status or not match:
            sys.exit(f"{program.name}: status {result.returncode}, expected {status}; it said:\n"
                     f"{result.stderr}")
        if name == "fault":
            begin, size = address(nm, program, "undefined_instruction")
            if not begin <= int(match[1], 16) < begin + size:
                sys.exit(f"the fault was in {begin:#x}, and it said {match[1]}")
            if qemu[qemu.index("-M") + 1] != "microbit" and not match[2]:
                sys.exit("the fault's CFSR is not shown")
    print(f"{len(PROGRAMS)} programs failed, each as it should")


main()
