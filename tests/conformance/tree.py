"""What the tests of the tree share: which files are the project's, and C++ without its comments."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = {".hpp", ".cpp", ".h", ".c"}


def files(*folders, suffixes=None):
    """The project's own files under folders of the root, generated ones included."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and (suffixes is None or path.suffix in suffixes):
                yield path


def name(path):
    return path.relative_to(ROOT).as_posix()


def is_generated(path):
    if path.suffix not in CODE:
        return False
    with path.open(encoding="utf-8") as text:
        return ".pb." in path.name or "Generated from ports/plc/blocks.json" in text.readline()


def without_comments(text):
    """The text with comments and the insides of literals blanked out, line by line the same."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1]
    # Not a literal: the ' between digits.
    pattern = r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    return re.sub(pattern, blank, text, flags=re.S)


def finish(what, faults):
    """Ends the program: lists the faults, or says what was found in order."""
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else what)
    sys.exit(1 if faults else 0)
