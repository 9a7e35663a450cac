#!/usr/bin/env python3
"""Checks what docs/plc.md names: files that links and the how-tos of the runtimes lead to,
libraries that are built, tests that are registered; and that no front end of ports/plc is left out
of it."""

import re

import tree

PAGE = tree.ROOT / "docs/plc.md"
PLC = tree.ROOT / "ports/plc"
# What front ends are made of, and the ports: no runtime's folder.
PARTS = {"generate", "include", "linux", "process", "src"}
HOW_TO = "## Install in ten minutes\n"


def links(text):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target and not (PAGE.parent / target).exists():
            yield f"a link leads to {target}, which is not there"


def paths(how_to, folders):
    """Files in quotes or commands: from the tree's root, or from ports/plc."""
    word = rf"(?<![\w./$-])((?:ports|examples|tests|{'|'.join(folders)})/[\w.*/-]*[\w*])"
    found = set(re.findall(word, how_to))
    for path in sorted(found):
        base = PLC if path.split("/")[0] in folders else tree.ROOT
        if not any(base.glob(path)):
            yield f"there is no file {path}"
    named = {path.removeprefix("ports/plc/").split("/")[0] for path in found}
    for folder in folders:
        if folder not in named:
            yield f"'{HOW_TO.strip()}' names no file of ports/plc/{folder}"


def built(text):
    lists = "".join(path.read_text() for path in tree.files("ports/plc", "src", suffixes={".txt"}))
    for library in sorted(set(re.findall(r"`?\blib(cairn\w*)\.(?:a|so)\b", text))):
        if not re.search(rf"\b{library}\b", lists):
            yield f"no library is called lib{library}"


def tests(text):
    for folder, name in re.findall(r"`(interop|conformance|size)/([\w-]+)`", text):
        if name not in (tree.ROOT / "tests" / folder / "CMakeLists.txt").read_text():
            yield f"no test is called {folder}/{name}"


def main():
    text = PAGE.read_text()
    how_to = text[text.index(HOW_TO):text.index("## The blocks\n")]
    folders = sorted(path.name for path in PLC.iterdir() if path.is_dir() and
                     path.name not in PARTS)
    faults = [f"docs/plc.md: {fault}"
              for check in (links(text), paths(how_to, folders), built(text), tests(text))
              for fault in check]
    tree.finish(f"what docs/plc.md names is there; {len(folders)} front ends", faults)


main()
