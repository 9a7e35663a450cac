#!/usr/bin/env python3
"""Checks that docs/performance.md has a row for everything that tests/bench measures, and no other.

usage: performance.py PROGRAM

The program prints the names of the rows. What the page says of time is nobody's to check.
"""
import re
import subprocess
import sys

import tree

PAGE = tree.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- rows -->", "<!-- end of rows -->"


def main():
    printed = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
    names = printed.splitlines()
    part = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    tables = part.split("\n## ", 1)[-1]  # behind the table of the machine
    first_cells = re.findall(r"^\| (.+?) \|", tables, flags=re.M)
    rows = [cell for cell in first_cells if cell != "what"]
    faults = [f"no row for: {name}" for name in names if name not in rows]
    faults += [f"measured no more: {row}" for row in rows if row not in names]
    if faults:
        faults.append("bring it up to date: ./tests/bench/run --page docs/performance.md")
    tree.finish(f"{tree.name(PAGE)} has a row for each of {len(names)} figures", faults)


main()
