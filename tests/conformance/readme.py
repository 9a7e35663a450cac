#!/usr/bin/env python3
"""Checks README.md and docs/ against the tree.

The code that README.md quotes is what the examples compile: a part of a file between [readme] and
[/readme]. Everything that a link names exists, and every command that starts with ./ can be run.
"""

import os
import re

import tree

QUOTED = {language: f"examples/01_append_and_prove/main.{language}" for language in ("cpp", "c")}


def marked(path):
    """The lines between the two markers."""
    text = (tree.ROOT / path).read_text()
    match = re.search(r"^[^\n]*\[readme\][^\n]*\n(.+?)^[^\n]*\[/readme\]", text,
                      flags=re.S | re.M)
    return match.group(1) if match else None


def check_quotes(readme, faults):
    for language, path in QUOTED.items():
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", readme, flags=re.S | re.M)
        if blocks != [marked(path)]:
            faults.append(f"README.md: its one {language} block is not what {path} marks")


def check_links(path, faults):
    text = path.read_text()
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|<img[^>]* src=\"([^\":]+)\"", text):
        target = "".join(target)
        if not (path.parent / target).exists():
            faults.append(f"{tree.name(path)}: {target} does not exist")
    for command in re.findall(r"^\s*(\./[\w./-]+)", text, flags=re.M):
        if not os.access(tree.ROOT / command, os.X_OK):
            faults.append(f"{tree.name(path)}: {command} is no program")


def main():
    faults = []
    check_quotes((tree.ROOT / "README.md").read_text(), faults)
    pages = [tree.ROOT / "README.md", *tree.files("docs", suffixes={".md"})]
    for path in pages:
        check_links(path, faults)
    tree.finish(f"{len(QUOTED)} quotes and the links of {len(pages)} pages are true", faults)


main()
