#!/usr/bin/env python3
"""Checks what no compiler does: lengths of lines, functions and files, stray words, stray files."""

import re

import tree

LINE_MAX = 100
FUNCTION_MAX = 70
FILE_MAX = 400
TEST_FILE_MAX = 600
# The C interface is one header, so that a user has one to read.
LONG = {"include/cairn/cairn.h"}

TEXT = tree.CODE | {".py", ".cmake", ".txt", ".in", ".proto", ".options", ".sh"}
FOLDERS = ["include", "src", "ports", "examples", "tests"]
WORDS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|WI" r"P)\b")


def functions(text):
    """(line, line count) of every function body in comment-free C++, signature included.

    A brace opens a function when what stands before it, since the last ; { or }, has parentheses
    and does not open a type, a namespace, an initialiser or a control statement in one.
    """
    text = re.sub(r"^[ ]*#(?:.*\\\n)*.*$", lambda m: "\n" * m.group(0).count("\n"), text,
                  flags=re.M)
    start, depth, inside = 0, 0, None
    for match in re.finditer(r"[;{}]", text):
        head, char = text[start:match.start()], match.group(0)
        if char == "{":
            opens = "(" in head and not re.search(
                r"^\s*(namespace|class|struct|union|enum|extern)\b|=\s*$|\b(static_assert)\b", head)
            if inside is None and opens:
                signature = start + len(head) - len(head.lstrip())
                inside = (depth, signature)
            depth += 1
        elif char == "}":
            depth -= 1
            if inside is not None and inside[0] == depth:
                line = text.count("\n", 0, inside[1]) + 1
                yield line, text.count("\n", inside[1], match.start()) + 1
                inside = None
        start = match.end()


def check_text(path, text, faults):
    name = tree.name(path)
    if text and not text.endswith("\n"):
        faults.append(f"{name}: the last line has no end")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_MAX:
            faults.append(f"{name}:{number}: {len(line)} columns, more than {LINE_MAX}")
        if line != line.rstrip():
            faults.append(f"{name}:{number}: space at the end of the line")
        if "\t" in line:
            faults.append(f"{name}:{number}: a tab")
        match = WORDS.search(line)
        if match:
            faults.append(f"{name}:{number}: {match.group(0)}: finish it or leave it out")


def check_code(path, text, faults):
    name = tree.name(path)
    count = text.count("\n")
    limit = TEST_FILE_MAX if name.startswith("tests/") else FILE_MAX
    if count > limit and name not in LONG:
        faults.append(f"{name}: {count} lines, more than {limit}")
    if name.startswith(("include/", "src/", "ports/")):
        for line, length in functions(tree.without_comments(text)):
            if length > FUNCTION_MAX:
                faults.append(f"{name}:{line}: a function of {length} lines, "
                              f"more than {FUNCTION_MAX}")


def check_used(paths, faults):
    """Every file of code is compiled or included by another."""
    mentioned, globbed = set(), set()
    for path in [tree.ROOT / "CMakePresets.json", *tree.files(*FOLDERS)]:
        if path.name == "CMakeLists.txt":
            for call in re.findall(r"file\(GLOB\s+([^)]*)\)", path.read_text()):
                for pattern in call.split()[1:]:
                    globbed.update(path.parent.glob(pattern))
        if (path.name in ("CMakeLists.txt", "CMakePresets.json")
                or path.suffix in tree.CODE | {".cmake", ".py"}):
            words = re.findall(r"[\w./-]+\.(?:hpp|cpp|h|c)\b", path.read_text(errors="replace"))
            mentioned.update(word.rsplit("/", 1)[-1] for word in words if
                             word.rsplit("/", 1)[-1] != path.name)
    for path in paths:
        name = tree.name(path)
        public = "/include/" in "/" + name
        if not public and path.name not in mentioned and path not in globbed:
            faults.append(f"{name}: neither compiled nor included")


def main():
    faults, code, count = [], [], 0
    for path in tree.files(*FOLDERS):
        if path.suffix not in TEXT or tree.is_generated(path):
            continue
        text = path.read_bytes().decode("utf-8")
        check_text(path, text, faults)
        if path.suffix in tree.CODE:
            check_code(path, text, faults)
            code.append(path)
        count += 1
    check_used(code, faults)
    tree.finish(f"{count} files are tidy", faults)


main()
