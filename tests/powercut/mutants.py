#!/usr/bin/env python3
"""Removes one recovery rule of the log and requires that cutting the power shows it.

usage: mutants.py NAME FOLDER PROGRAM.o LIBRARY... -- COMPILER FLAG...

The rule NAME of mutants.json is taken out of a copy of its source, which is compiled and linked
with the other objects of the log into a program of its own. That must end with a violation, and
its replay string must lead to the same one.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE.parent.parent / "src"
SECONDS = 300  # for a run that goes round in circles


def fail(message):
    sys.exit(f"failed: {message}")


def changes_of(mutant):
    changes = mutant.get("changes")
    return changes or [[mutant["file"], mutant["text"], mutant["replacement"]]]


def mutated_sources(mutant):
    """File name and text of every source that the mutant changes."""
    texts = {}
    for pattern, text, replacement in changes_of(mutant):
        sources = {path.name: texts.get(path.name) or path.read_text()
                   for path in SOURCES.glob(pattern)}
        holding = [name for name in sources if text in sources[name]]
        count = sum(source.count(text) for source in sources.values())
        if count != 1:
            fail(f"this stands {count} times in src/{pattern}, not once: {text}")
        texts[holding[0]] = sources[holding[0]].replace(text, replacement)
    return texts


def build(mutant, folder, program, libraries, compiler):
    objects = []
    for name, text in mutated_sources(mutant).items():
        source = folder / name
        source.write_text(text)
        objects.append(str(source.with_suffix(".o")))
        command = [*compiler, "-w", f"-I{SOURCES}", "-c", str(source), "-o", objects[-1]]
        if subprocess.run(command).returncode != 0:
            fail("the mutant does not compile")
    executable = str(folder / "powercut")
    # The mutated objects come first: the library's own ones are then left out.
    if subprocess.run([*compiler, *objects, program, *libraries, "-o", executable]).returncode != 0:
        fail("the mutant does not link")
    return executable


def run(command):
    """The violation and the case of a run that must find one."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        fail(f"no end: {' '.join(command)}")
    if done.returncode == 0:
        fail(f"not caught:\n{done.stdout}")
    found = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    if done.returncode != 1 or "violation" not in found or "replay" not in found:
        fail(f"no violation but status {done.returncode}:\n{done.stdout}{done.stderr}")
    return found["violation"], found["replay"]


def main():
    name, folder, *rest = sys.argv[1:]
    split = rest.index("--")
    program, *libraries = rest[:split]
    compiler = rest[split + 1:]
    found = [m for m in json.loads((HERE / "mutants.json").read_text()) if m["name"] == name]
    if len(found) != 1:
        fail(f"{len(found)} mutants of the name {name}")
    place = pathlib.Path(folder) / name
    place.mkdir(parents=True, exist_ok=True)
    executable = build(found[0], place, program, libraries, compiler)
    violation, case = run([executable, *found[0]["run"]])
    again, _ = run([executable, "--replay", case])
    if again != violation:
        fail(f"{case} was: {violation}; is: {again}")
    print(f"{found[0]['rule']}\ncaught: {violation}, {case}")


main()
