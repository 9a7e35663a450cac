"""What an image holds: no heap, no formatted output, no exceptions, no C++ run-time library."""
import re
import subprocess
import sys

from counted import IMAGES

# On the boards of these cores the sensor node runs.
NODE_CORES = ("m3", "m4")
# What no image may hold: a heap, formatted output, exceptions, the C++ run-time library.
HEAP = r"_?(malloc|calloc|realloc|free|sbrk)(_r)?|_Z(n[wa]|d[la])\w*"
FORBIDDEN = re.compile(HEAP + r"|\w*printf\w*|__cxa_\w+|__gxx_\w+"
                       r"|_Z(St|N9__gnu_cxx)\w*|_Unwind_\w+|__aeabi_unwind\w*")
# Some of what the source of all of it, image_forbidden.cpp, makes a compiler ask for.
HELD_BY_FORBIDDEN = {"malloc", "printf", "_Znwj", "_ZdlPvj", "__cxa_throw", "__gxx_personality_v0",
                     "_ZSt20__throw_length_errorPKc"}


def symbols_of(program):
    listed = subprocess.run(["arm-none-eabi-nm", "--format=posix", program], capture_output=True,
                            text=True, check=True).stdout
    return {row.split()[0] for row in listed.splitlines()}


def heap_symbols(program):
    return [name for name in symbols_of(program) if re.fullmatch(HEAP, name)]


def forbidden_symbols(program):
    names = symbols_of(program)
    if "main" not in names:
        sys.exit(f"{program.name} holds no main")
    return sorted(filter(FORBIDDEN.fullmatch, names))


def check_symbols(core, build):
    # What is not found where it is, is found nowhere: in an image that has a heap, for a secure
    # element's driver, and in a file that needs everything.
    held = forbidden_symbols(build / "tests/on-target/on_target_secure.elf")
    if "malloc" not in held:
        sys.exit("a heap that is there was not found")
    folder = build / "tests/size/CMakeFiles/size_forbidden.dir"
    missed = HELD_BY_FORBIDDEN.difference(forbidden_symbols(folder / "image_forbidden.cpp.obj"))
    if missed:
        sys.exit(f"image_forbidden.cpp was not found to hold {', '.join(sorted(missed))}")
    programs = [build / f"tests/size/size_{image}.elf" for image in IMAGES]
    if core in NODE_CORES:
        programs += [build / f"examples/sensor_node_{key}.elf" for key in ("p256", "ed25519")]
        programs.append(build / "examples/verify_in_c.elf")
    for program in programs:
        held = forbidden_symbols(program)
        if held:
            sys.exit(f"{program.name} holds {', '.join(held)}")
