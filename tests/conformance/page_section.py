#!/usr/bin/env python3
"""Compares the generated part of a page with what a program prints.

usage: page_section.py PROGRAM DOCUMENT NAME [--write]

The part stands between <!-- NAME --> and <!-- end of NAME -->.
"""
import subprocess
import sys

program, document, name = sys.argv[1:4]
begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
text = open(document, encoding="utf-8").read()
head, rest = text.split(begin)
stands, tail = rest.split(end)
if sys.argv[4:] == ["--write"]:
    open(document, "w", encoding="utf-8").write(head + begin + printed + end + tail)
elif stands != printed:
    sys.exit(f"{document}: the part '{name}' is not what {program} prints; "
             "bring it up to date with --write and review the difference")
