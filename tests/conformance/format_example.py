#!/usr/bin/env python3
"""Compares the worked example in docs/format.md with what the library writes.

usage: format_example.py PROGRAM DOCUMENT [--write]
"""
import subprocess
import sys

BEGIN, END = "<!-- example -->\n```\n", "```\n<!-- end of example -->"

program, document = sys.argv[1:3]
printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
text = open(document, encoding="utf-8").read()
head, rest = text.split(BEGIN)
stands, tail = rest.split(END)
if sys.argv[3:] == ["--write"]:
    open(document, "w", encoding="utf-8").write(head + BEGIN + printed + END + tail)
elif stands != printed:
    sys.exit(f"{document}: the worked example is not what {program} prints; "
             "bring it up to date with --write and review the difference")
