#!/usr/bin/env python3
"""usage: c_api.py C-COMPILER libcairn.a [ADAPTER.a... LIBRARY...]

Every function that cairn.h declares is called by the C tests, and a C program that names all of
them links with the libraries and without a C++ run time.
"""

import re
import subprocess
import sys
import tempfile

import tree

ADAPTERS = {"cairn_ed25519": "sodium", "cairn_p256": "psa"}


def declared():
    """The names of the functions of cairn.h, in its order."""
    text = tree.without_comments((tree.ROOT / "include/cairn/cairn.h").read_text())
    text = re.sub(r"^#(?:.*\\\n)*.*$", "", text, flags=re.M)
    return re.findall(r"^[a-z][\w ]*?\*? ?(cairn_\w+)\(", text, flags=re.M)


def called():
    text = "".join(path.read_text() for path in tree.files("tests/unit", suffixes={".c"}))
    return set(re.findall(r"\b(cairn_\w+)\(", text))


def link(compiler, libraries, functions):
    """Links a C program that takes the address of every function; the linker's complaints."""
    with tempfile.TemporaryDirectory() as folder:
        table = ", ".join(f"(void (*)(void)){name}" for name in functions)
        program = ("#include <cairn/cairn.h>\n"
                   f"void (*const functions[])(void) = {{{table}}};\n"
                   "int main(void) { return functions[0] == NULL; }\n")
        command = [compiler, "-std=c99", "-x", "c", "-", "-x", "none", f"-I{tree.ROOT}/include",
                   "-o", f"{folder}/program", "-Wl,--start-group", *libraries, "-Wl,--end-group"]
        result = subprocess.run(command, input=program, capture_output=True, text=True)
    return "" if result.returncode == 0 else result.stderr


def main():
    compiler, *libraries = sys.argv[1:]
    functions = declared()
    faults = [f"include/cairn/cairn.h: {name} is called by no C test"
              for name in functions if name not in called()]
    linked = [name for name in functions
              if all(not name.startswith(prefix) or any(f"cairn_{library}" in path
                                                        for path in libraries)
                     for prefix, library in ADAPTERS.items())]
    complaints = link(compiler, libraries, linked)
    if complaints:
        faults.append(f"a C program does not link:\n{complaints}")
    tree.finish(f"{len(functions)} functions are tested from C, and {len(linked)} link without C++",
                faults)


main()
