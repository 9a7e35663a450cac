#!/usr/bin/env python3
"""usage: symbols.py NM READELF libcairn.a [builtin|accelerated]

Reads the symbol tables of the library as it was built, freestanding. Its objects import
memcpy, memmove, memset, memcmp and one another, and those of src/wire/ also nanopb; nothing has a
constructor that runs before main, and nothing is a variable that outlives a call. A build with
CAIRN_HASH=accelerated also imports the two functions that choose an implementation, each where it
is called; the one that hashes by itself must not.
"""

import re
import subprocess
import sys

import tree

MEMORY = {"memcpy", "memmove", "memset", "memcmp"}
# Arithmetic that the processor lacks, from the compiler's own library; and the linker's table.
COMPILER = re.compile(r"^(__aeabi_\w+|__u?(div|mod)(si|di|ti)3|__gnu_\w+|_GLOBAL_OFFSET_TABLE_)$")
NANOPB = re.compile(r"^pb_\w+$")
# Of cairn::accelerated: sha256_accelerated() and crc32c_accelerated(ByteView, uint32_t).
ACCELERATED = {("hash.cpp.o", "_ZN5cairn18sha256_acceleratedEv"),
               ("crc32c.cpp.o", "_ZN5cairn18crc32c_acceleratedENS_8ByteViewEj")}
# Sections that are written to at run time, or run before main.
FORBIDDEN = re.compile(r"^\.(data|bss|tdata|tbss|init_array|fini_array|ctors|dtors|preinit_array)")
# Constants that hold addresses: written once by the loader, read-only afterwards.
RELOCATED = re.compile(r"^\.data\.rel\.ro")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(nm, archive):
    """(object, type letter, name) of every symbol."""
    for line in run(nm, "--format=posix", "--print-file-name", archive).splitlines():
        match = re.match(r".*\[(.+)\]: (\S+) (\S)", line)
        if match:
            yield match.group(1), match.group(3), match.group(2)


def sections(readelf, archive):
    """(object, section, size) of every section."""
    member = "?"
    for line in run(readelf, "--sections", "--wide", archive).splitlines():
        if line.startswith("File: "):
            member = line[line.rindex("(") + 1:-1]
        match = re.match(r"\s*\[\s*\d+\]\s+(\S+)\s+\S+\s+[0-9a-f]+\s+[0-9a-f]+\s+([0-9a-f]+)", line)
        if match:
            yield member, match.group(1), int(match.group(2), 16)


def main():
    nm, readelf, archive, hashing = sys.argv[1:]
    expected = ACCELERATED if hashing == "accelerated" else set()
    wire = {path.name + ".o" for path in tree.files("src/wire")}
    table = list(symbols(nm, archive))
    members = {member for member, _, _ in table}
    defined = {name for _, letter, name in table if letter not in "Uw"}
    faults = [f"{member} does not import {name}" for member, name in sorted(expected)
              if (member, "U", name) not in table]
    for member, letter, name in table:
        if letter in "Uw" and name not in defined | MEMORY and not COMPILER.match(name):
            if not (member in wire and NANOPB.match(name)) and (member, name) not in expected:
                faults.append(f"{member} imports {name}")
        if letter == "C":
            faults.append(f"{member} has a variable: {name}")
    for member, section, size in sections(readelf, archive):
        if size and FORBIDDEN.match(section) and not RELOCATED.match(section):
            faults.append(f"{member} has {size} bytes in {section}")
    sources = sum(1 for path in tree.files("src", suffixes={".cpp", ".c"})
                  if path.parent.name != "crypto")
    if len(members) != sources:
        faults.append(f"{archive} has {len(members)} objects of {sources} sources")
    tree.finish(f"{len(members)} objects, {len(defined)} symbols, nothing foreign", faults)


main()
