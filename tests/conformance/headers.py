#!/usr/bin/env python3
"""usage: headers.py C++-COMPILER C-COMPILER

Compiles every public header alone, so that none leans on what its user included before: as strict
freestanding C++17 without exceptions and run-time types, those of C also as C99, those of the PLC
port also as C++11, and those of the Linux port as hosted C++17. For CMSIS-Driver's own header there
is a stand-in.

Without bounded work the compiler does not know its functions, neither in C nor in C++.
"""

import concurrent.futures
import subprocess
import sys

import tree

STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wundef", "-pedantic",
          "-Werror"]
CORE = ["-std=c++17", "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-x", "c++", "-"]
HOSTED = ["-std=c++17", "-x", "c++", "-"]
CXX11 = ["-std=c++11", "-ffreestanding", "-x", "c++", "-"]
C99 = ["-std=c99", "-ffreestanding", "-x", "c", "-"]


def compile_alone(compiler, mode, include):
    """Includes it twice, for the guard; the compiler's complaints, or nothing."""
    command = [compiler, *STRICT, f"-I{tree.ROOT}/include", f"-I{tree.ROOT}/ports/linux/include",
               f"-I{tree.ROOT}/ports/plc/include", f"-I{tree.ROOT}/ports/plc/linux/include",
               f"-I{tree.ROOT}/ports/cortex-m/include", f"-I{tree.ROOT}/ports/freertos/include",
               f"-isystem{tree.ROOT}/tests/support/cmsis", *mode]
    text = f"#include <{include}>\n" * 2 + "extern int unused;\n"
    result = subprocess.run(command, input=text, capture_output=True, text=True)
    return "" if result.returncode == 0 else f"{include} alone ({mode[0]}):\n{result.stderr}"


def check_bounded_work(compiler, mode, use):
    """A use of it compiles in a build that has it, and in no other."""
    said = []
    for has in (0, 1):
        command = [compiler, *STRICT, f"-I{tree.ROOT}/include",
                   f"-DCAIRN_BOUNDED_WORK={has}", *mode]
        result = subprocess.run(command, input=use, capture_output=True, text=True)
        if (result.returncode == 0) != bool(has):
            said.append(f"CAIRN_BOUNDED_WORK={has} ({mode[0]}): {result.stderr or 'compiles'}")
    return "\n".join(said)


def main():
    cxx, cc = sys.argv[1:]
    jobs = []
    for path in tree.files("include", suffixes={".h", ".hpp"}):
        include = path.relative_to(tree.ROOT / "include").as_posix()
        jobs.append((cxx, CORE, include))
        if path.suffix == ".h":
            jobs.append((cc, C99, include))
    for folder in ("ports/cortex-m/include", "ports/freertos/include"):
        for path in tree.files(folder, suffixes={".h"}):
            include = path.relative_to(tree.ROOT / folder).as_posix()
            jobs += [(cxx, CORE, include), (cc, C99, include)]
    for path in tree.files("ports/linux/include", suffixes={".hpp"}):
        jobs.append((cxx, HOSTED, path.relative_to(tree.ROOT / "ports/linux/include").as_posix()))
    for path in [*tree.files("ports/plc/include", suffixes={".h"}),
                 *tree.files("ports/plc/linux/include", suffixes={".h"})]:
        jobs += [(compiler, mode, path.name)
                 for compiler, mode in ((cxx, CORE), (cxx, CXX11), (cc, C99))]
    for path in tree.files("ports/plc/linux/include", suffixes={".hpp"}):
        jobs.append((cxx, HOSTED, path.relative_to(tree.ROOT / "ports/plc/linux/include")
                     .as_posix()))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(lambda job: compile_alone(*job), jobs) if fault]
    for job in ((cc, C99, "#include <cairn/cairn.h>\nint go(void);\n"
                          "int go(void) { uint32_t used; cairn_steps steps = CAIRN_STEPS_INIT;\n"
                          "return cairn_steps_do(&steps, 1, &used); }\n"),
                (cxx, CORE, "#include <cairn/cairn.hpp>\ncairn::Steps steps;\n")):
        faults += filter(None, [check_bounded_work(*job)])
    tree.finish(f"{len(jobs)} compilations of one header each", faults)


main()
