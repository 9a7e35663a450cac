#!/usr/bin/env python3
"""Checks that every row of docs/events.md names a test case that exists."""

import re

import tree

CASE = re.compile(r'TEST_CASE\(\s*((?:"(?:\\.|[^"\\])*"\s*)+)')
ROW = re.compile(r"\| `([^`]+)`: (.*) \|$")


def cases(path):
    """The names of a file's test cases; adjacent literals are one."""
    for match in CASE.finditer(path.read_text(encoding="utf-8")):
        yield "".join(re.findall(r'"((?:\\.|[^"\\])*)"', match.group(1)))


def main():
    faults, rows = [], 0
    for number, line in enumerate((tree.ROOT / "docs/events.md").read_text().split("\n"), 1):
        if not line.startswith("| ") or line.endswith("| test |"):
            continue
        rows += 1
        match = ROW.search(line)
        where = f"docs/events.md:{number}"
        if match is None:
            faults.append(f"{where}: names no test")
            continue
        path = tree.ROOT / "tests" / match.group(1)
        if not path.is_file():
            faults.append(f"{where}: there is no {match.group(1)}")
        elif match.group(2) not in cases(path):
            faults.append(f"{where}: {match.group(1)} has no case '{match.group(2)}'")
    tree.finish(f"{rows} events have their test", faults)


main()
