#!/usr/bin/env python3
"""usage: plc_scan.py C-COMPILER

What the scan's side of the PLC blocks may call: itself, the copies of memory, and nothing that
waits, locks, allocates or asks the operating system. The pump, which runs in the scan where it is
inline, calls the core besides, of which symbols.py says the same; and the port of Linux the clock.
And that structs of blocks have the same layout on every machine whose compiler is installed.
"""

import re
import shutil
import subprocess
import sys
import tempfile

import tree

SOURCES = tree.ROOT / "ports/plc/src"
INCLUDES = [f"-I{tree.ROOT}/ports/plc/include", f"-I{tree.ROOT}/include",
            f"-I{tree.ROOT}/ports/plc/linux/include"]
SCAN = ["block_log", "blocks_data", "blocks_request", "blocks_shown", "plcopen", "scan",
        "error_text", "cairn_plc_call"]
PUMP = ["writer", "writer_answer", "writer_command", "writer_keep", "writer_open",
        "writer_record"]
MEMORY = {"memcpy", "memset", "memcmp", "memmove"}
# The port of process_port.c asks for the clock in the scan, and for its memory before.
LINUX = {"clock_gettime", "cairn_plc_share_area"}
MACHINES = [["aarch64-linux-gnu-gcc"], ["arm-linux-gnueabihf-gcc"],
            ["arm-none-eabi-gcc", "-DCAIRN_BOUNDED_WORK=1", "-mcpu=cortex-m0"],
            ["arm-none-eabi-gcc", "-DCAIRN_BOUNDED_WORK=1", "-mcpu=cortex-m4"]]


def symbols(path):
    """Defined and undefined names of an object."""
    listing = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^[0-9a-f ]* ([A-Za-z]) (\S+)$", listing, flags=re.M)
    return ({name for kind, name in found if kind not in "Uw"},
            {name for kind, name in found if kind in "Uw"})


def imports(compiler, folder, sources):
    """What the objects of some sources import and none of them has."""
    defined, used = set(), set()
    for source in sources:
        path = f"{folder}/{source.stem}.o"
        subprocess.run([*compiler, "-std=c99", "-D_GNU_SOURCE", "-Os", *INCLUDES, "-c", source,
                        "-o", path], check=True)
        has, needs = symbols(path)
        defined |= has
        used |= needs
    # What a processor lacks comes from the compiler: __aeabi_dcmpgt, __gnu_thumb1_case_sqi; and,
    # for the instances of cairn_plc_call.c on a Cortex-M0, from its system.
    return {name for name in used - defined - MEMORY - {"_GLOBAL_OFFSET_TABLE_"}
            if not name.startswith(("__aeabi_", "__gnu_thumb1_", "__aarch64_ldadd4_",
                                    "__atomic_fetch_add_4"))}


def foreign(compiler, folder):
    """What the scan calls and may not: with another process that pumps, and inline."""
    scan = [SOURCES / f"{name}.c" for name in SCAN]
    pump = [SOURCES / f"{name}.c" for name in PUMP]
    found = {name for name in imports(compiler, folder, scan + pump)
             if not name.startswith("cairn_")}
    if compiler[0] != "arm-none-eabi-gcc":
        port = SOURCES.parent / "process/process_port.c"
        found |= imports(compiler, folder, [*scan, port]) - LINUX
    return sorted(found)


def main():
    faults, machines = [], []
    for compiler in [["gcc" if len(sys.argv) < 2 else sys.argv[1]], *MACHINES]:
        if shutil.which(compiler[0]):
            machines.append(compiler)
        else:
            print(f"left out: there is no {compiler[0]}")
    with tempfile.TemporaryDirectory() as folder:
        for compiler in machines:
            faults += [f"{compiler[-1]}: the scan calls {name}"
                       for name in foreign(compiler, folder)]
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
