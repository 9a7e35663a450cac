#!/usr/bin/env python3
"""usage: c_api.py C-COMPILER libcairn.a [ADAPTER.a... LIBRARY...]

Every public function of the C++ headers has its like in cairn.h, or stands in a list below that
says where C has the same. Every function that cairn.h declares is called by the C tests, and a C
program that names all of them links with the libraries and without a C++ run time.
"""

import re
import subprocess
import sys
import tempfile

import tree

ADAPTERS = {"cairn_ed25519": "sodium", "cairn_p256": "psa"}

# Byte ranges and the loads and stores of integers: C has them in the language.
OWN_MEANS = {"bytes.hpp"}
CLASSES = {"EvidenceWriter": "evidence", "Cursor": "log_cursor"}
# C++ function: what has it in C, under another name.
RENAMED = {
    "log_leaf_limit": "log_leaf_limit_for",  # Log::leaf_limit() has that name
    "ram_flash": "ram_flash_init",
    "note_key": "make_note_key",
    "wall_time": "wall_clock",  # the struct has that name
    "extend_frontier": "frontier_extend",
    "Frontier::count": "frontier_hashes",
    "Frontier::resize": "frontier_assign",
    "Frontier::set": "frontier_assign",
    "Log::options": "log_options_of",  # the struct has that name
    "SampleReader::time": "sample_reader_open",
    "Steps::step": "steps_do",
    "RecordPacker::size_bytes": "record_packer_size",
    "ReceiptReader::next": "evidence_receipt_at",
    "Verdict::ok": "verify_evidence",  # its answer
}
# What C has without a function, or no microcontroller has.
WITHOUT = {
    "format_decimal", "parse_decimal",  # C programs have their own
    "ReportRecord::ends",  # offset + bytes.size == size_bytes
    "sha256_accelerated", "sha256_kernel",  # kernels of hosts
}


def declared():
    """The names of the functions of cairn.h, in its order."""
    text = tree.without_comments((tree.ROOT / "include/cairn/cairn.h").read_text())
    text = re.sub(r"^#(?:.*\\\n)*.*$", "", text, flags=re.M)
    return re.findall(r"^[a-z][\w ]*?\*? ?(cairn_\w+)\(", text, flags=re.M)


def of_cplusplus():
    """Header, and name with its class, of every public function of the C++ headers."""
    for path in tree.files("include/cairn", suffixes={".hpp"}):
        owner, public = "", True
        for line in tree.without_comments(path.read_text()).splitlines():
            opened = re.match(r"(class|struct) (?:\w+::)?(\w+)[^;]*$", line)
            if opened:
                owner, public = opened[2], opened[1] == "struct"
            elif line.startswith("};"):
                owner, public = "", True
            elif label := re.match(r" (public|private):", line):
                public = label[1] == "public"
            indent = "  " if owner else ""
            function = re.match(indent + r"(?=\w)[\w:<>&* ]+? [&*]?([a-z]\w*)\(", line)
            if function and public and not re.match(indent + "(return|explicit|using) ", line):
                yield path.name, f"{owner}::{function[1]}" if owner else function[1]


def like(function):
    """The name of a C++ function in C, without what all names there begin with."""
    owner, _, name = function.rpartition("::")
    owner = CLASSES.get(owner, re.sub(r"(?<!^)(?=[A-Z])", "_", owner).lower())
    return RENAMED.get(function, f"{owner}_{name}" if owner else name)


def missing():
    """C++ functions without their like in C, and entries of the lists that are of no use."""
    text = (tree.ROOT / "include/cairn/cairn.h").read_text()
    names = set(re.findall(r"\bcairn_(\w+)\(", text)) | {
        name.lower() for name in re.findall(r"#define CAIRN_(\w+)\(", text)}
    functions = {function: header for header, function in of_cplusplus()
                 if header not in OWN_MEANS}
    for function, header in functions.items():
        if function not in WITHOUT and like(function) not in names:
            yield f"include/cairn/{header}: {function} has no like in cairn.h: {like(function)}"
    for function in [*RENAMED, *WITHOUT]:
        if function not in functions:
            yield f"tests/conformance/c_api.py: {function} is no function of C++"


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
    faults = list(missing())
    faults += [f"include/cairn/cairn.h: {name} is called by no C test"
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
