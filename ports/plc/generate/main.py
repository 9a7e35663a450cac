#!/usr/bin/env python3
"""usage: main.py [--check]

Writes everything that is generated from ports/plc/blocks.json, or with --check compares it with
what stands in the tree. A front end is a module with files(description) -> {path: text}, paths
below ports/plc; it is named in FRONT_ENDS.
"""

import difflib
import sys

sys.dont_write_bytecode = True  # the tree stays as it is

import c_call
import c_header
import codesys
import description
import documentation
import forte
import linuxcnc
import matiec
import openplc
import plcopen
import strucpp

FRONT_ENDS = [c_header, c_call, matiec, plcopen, openplc, strucpp, codesys, forte, linuxcnc,
              documentation]


def main():
    made = description.load()
    differences = 0
    for front_end in FRONT_ENDS:
        for name, text in front_end.files(made).items():
            path = description.ROOT / name
            stands = path.read_text(encoding="utf-8") if path.exists() else ""
            if stands == text:
                continue
            if sys.argv[1:] == ["--check"]:
                differences += 1
                sys.stdout.writelines(difflib.unified_diff(
                    stands.splitlines(True), text.splitlines(True), f"tree/{name}", f"made/{name}"))
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if differences:
        sys.exit(f"{differences} files are not what ports/plc/generate/main.py writes")
    if sys.argv[1:] == ["--check"]:
        print("ports/plc/generate/main.py writes what is in the tree")


main()
