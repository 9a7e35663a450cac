#!/usr/bin/env python3
"""Checks the headers that C programs include against MISRA C:2012, as far as cppcheck can.

One rule is left out, because it speaks of programs and not of the headers of a library: 2.5, a
macro should be used.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tree

LEFT_OUT = ("misra-c2012-2.5",)
FOLDERS = ("include", "ports/cortex-m/include", "ports/freertos/include", "ports/plc/include")
# A stand-in for CMSIS-Driver's own header, which is not cairn's to check.
FOREIGN = "tests/support/cmsis"
# Its functions have parameters without names, on purpose.
LEFT_OUT_FILES = {"cairn_plc_call.h"}


def headers():
    for folder in FOLDERS:
        for path in sorted((tree.ROOT / folder).rglob("*.h")):
            name = path.relative_to(tree.ROOT / folder).as_posix()
            if name not in LEFT_OUT_FILES:
                yield name


def violations(text):
    """Rule and place of what cppcheck finds in a program of this text."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program.c"
        program.write_text(text)
        command = ["cppcheck", "--std=c99", "--addon=misra", "--quiet", "--error-exitcode=0",
                   "--suppress=missingIncludeSystem", *(f"--suppress={rule}" for rule in LEFT_OUT),
                   *(f"-I{tree.ROOT / name}" for name in (*FOLDERS, FOREIGN)), program]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return re.findall(r"^(\S+?):(\d+):.*\[(misra-c2012-[\d.]+)\]$", said, flags=re.M)


def main():
    if shutil.which("cppcheck") is None:
        print("skipped: cppcheck is not installed")
        sys.exit(77)
    names = list(headers())
    # What the check cannot find, it cannot miss: a violation of 10.4 must be seen.
    if not any(rule == "misra-c2012-10.4" for *_, rule in
               violations("int f(unsigned a, int b);\nint f(unsigned a, int b) "
                          "{ return (int)(a + b); }\n")):
        sys.exit("cppcheck does not find a violation that is there")
    found = violations("".join(f"#include <{name}>\n" for name in names))
    faults = [f"{pathlib.Path(path).name}:{line}: {rule}" for path, line, rule in found
              if FOREIGN not in path]
    tree.finish(f"{len(names)} C headers keep to MISRA C:2012, as far as cppcheck tells", faults)


main()
