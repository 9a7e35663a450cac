#!/usr/bin/env python3
"""usage: plc_scan.py C-COMPILER

What the scan's side of the PLC blocks may call: itself, the copies of memory, and nothing that
waits, locks, allocates or asks the operating system. And that structs of blocks have the same
layout on every machine whose compiler is installed.
"""

import re
import shutil
import subprocess
import sys
import tempfile

import tree

SOURCES = tree.ROOT / "ports/plc/src"
INCLUDES = [f"-I{tree.ROOT}/ports/plc/include", f"-I{tree.ROOT}/include"]
SCAN = ["block_log", "blocks_data", "blocks_request", "blocks_shown", "plcopen", "scan",
        "error_text"]
# The pump, where it is inline, is the recorder's bounded steps.
MEMORY = {"memcpy", "memset", "memcmp", "memmove"}
PUMP = {"plc_writer_pump", "plc_writer_create"}
MACHINES = [["aarch64-linux-gnu-gcc"], ["arm-linux-gnueabihf-gcc"],
            ["arm-none-eabi-gcc", "-DCAIRN_BOUNDED_WORK=1", "-mcpu=cortex-m0"],
            ["arm-none-eabi-gcc", "-DCAIRN_BOUNDED_WORK=1", "-mcpu=cortex-m4"]]


def symbols(path):
    """Defined and undefined names of an object."""
    listing = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^[0-9a-f ]* ([A-Za-z]) (\S+)$", listing, flags=re.M)
    return ({name for kind, name in found if kind not in "Uw"},
            {name for kind, name in found if kind in "Uw"})


def foreign(compiler, folder):
    """What the objects of the scan import and none of them has."""
    defined, used = set(), set()
    for name in SCAN:
        path = f"{folder}/{name}.o"
        subprocess.run([*compiler, "-std=c99", "-Os", *INCLUDES, "-c", SOURCES / f"{name}.c",
                        "-o", path], check=True)
        has, needs = symbols(path)
        defined |= has
        used |= needs
    return used - defined - MEMORY - PUMP - {"_GLOBAL_OFFSET_TABLE_"}


def main():
    faults, machines = [], [["gcc" if len(sys.argv) < 2 else sys.argv[1]], *MACHINES]
    machines = [compiler for compiler in machines if shutil.which(compiler[0])]
    with tempfile.TemporaryDirectory() as folder:
        for compiler in machines:
            # What a processor lacks comes from the compiler: __aeabi_dcmpgt, __gnu_thumb1_case_sqi.
            faults += [f"{compiler[-1]}: the scan calls {name}"
                       for name in sorted(foreign(compiler, folder))
                       if not name.startswith(("__aeabi_", "__gnu_thumb1_"))]
            for language, standard in (("c", "c99"), ("c++", "c++11"), ("c++", "c++17")):
                result = subprocess.run(
                    [*compiler, f"-x{language}", f"-std={standard}", "-fsyntax-only", "-Wpadded",
                     "-Werror", "-Wno-unused-local-typedefs", *INCLUDES, SOURCES / "layout.h"],
                    capture_output=True, text=True)
                if result.returncode != 0 and "cc1plus" not in result.stderr:
                    faults.append(f"{compiler[-1]}, {standard}: {result.stderr}")
    tree.finish(f"the scan imports nothing, and blocks are laid out alike, on "
                f"{len(machines)} machines", faults)


main()
