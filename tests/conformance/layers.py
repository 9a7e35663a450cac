#!/usr/bin/env python3
"""Reads every #include of the library and checks it against the layers of docs/design.md.

A file may include files of its own layer and of those before it, never in a circle. The core
includes no operating system, no port and no library; src/wire/ alone includes nanopb, src/crypto/
alone the cryptographic libraries, and what tells and uses the processor's own instructions. Ports
and examples see public headers only.
"""

import re

import tree

LAYERS = [
    ["status", "bytes", "config", "mem", "divide", "one_of",
     "stepping"],
    ["hash", "crc32c"],
    ["merkle", "proof", "sign", "flash", "platform", "port"],
    ["note", "log", "wire"],
    ["checkpoint", "policy", "leaf"],
    ["recorder", "evidence", "witness", "report", "reporter"],
    ["steps"],
    ["cairn"],
]
LAYER = {concept: number for number, layer in enumerate(LAYERS) for concept in layer}
# What a file belongs to whose name does not begin with it.
PART_OF = {"sha256": "hash", "base64": "note", "der": "note", "text": "note",
           "tree_steps": "log", "proof_lines": "evidence", "tlog_proof": "evidence",
           "air": "checkpoint", "sample": "leaf", "control": "leaf", "fields": "wire",
           "c_api": "cairn"}

FREESTANDING = {"cstddef", "cstdint", "type_traits"}
C_HEADERS = {"stddef.h", "stdint.h"}
NANOPB = re.compile(r"^pb(_\w+)?\.h$")
CRYPTO = {"sodium_": re.compile(r"^sodium\.h$"), "psa_": re.compile(r"^psa/crypto\.h$"),
          "sha256_x86": re.compile(r"^immintrin\.h$"), "sha256_armv8": re.compile(r"^arm_neon\.h$"),
          "crc32c_": re.compile(r"^(nmmintrin|arm_acle)\.h$"),
          "machine": re.compile(r"^(cpuid|sys/auxv)\.h$"),
          "sha256_accelerated": re.compile(r"^stdlib\.h$")}


def includes(path):
    """Line number, '<' or '"', and the name of every include."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


def concept(path):
    """log for log.hpp and log_mount.cpp; None when unknown."""
    if path.parent.name == "crypto":  # implements what sign.hpp, hash.hpp and cairn.h declare
        return "cairn" if path.stem.endswith("c_api") else "sign"
    if tree.is_generated(path):
        return "wire"
    words = path.stem.split("_")
    for end in range(len(words), 0, -1):
        word = "_".join(words[:end])
        if word in PART_OF or word in LAYER:
            return PART_OF.get(word, word)
    return None


def resolve(path, target):
    """The project's file that an include of the core means, or None."""
    for folder in (path.parent, tree.ROOT / "include", tree.ROOT / "src"):
        if (folder / target).is_file():
            return (folder / target).resolve()
    return None


def is_allowed_outside(path, target):
    """Whether a file of the core may include a header that is not the project's."""
    folder = path.parent.name
    if folder == "wire" and NANOPB.match(target):
        return True
    if folder == "crypto":
        return any(path.name.startswith(prefix) and pattern.match(target)
                   for prefix, pattern in CRYPTO.items()) or target in FREESTANDING
    return target in (C_HEADERS if path.suffix == ".h" else FREESTANDING)


def check_core(path, graph, faults):
    # Adapters implement what hash.hpp and sign.hpp declare; their C wrappers, what cairn.h does.
    own = concept(path)
    if own == "crypto":
        own = "c" if path.stem.endswith("_c_api") else "sign"
    if own is None:
        faults.append(f"{tree.name(path)}: of no layer; name it in tests/conformance/layers.py")
        return
    for number, _, target in includes(path):
        where = f"{tree.name(path)}:{number}"
        inner = resolve(path, target)
        if inner is None:
            if not is_allowed_outside(path, target):
                faults.append(f"{where}: the core may not include <{target}>")
            continue
        graph.setdefault(path, set()).add(inner)
        if tree.name(path).startswith("include/") and tree.name(inner).startswith("src/"):
            faults.append(f"{where}: a public header includes the private {target}")
        other = concept(inner)
        if other is not None and LAYER[other] > LAYER[own]:
            faults.append(f"{where}: {own} (layer {LAYER[own]}) includes {target} "
                          f"(layer {LAYER[other]})")


def check_outside(path, faults):
    """Ports and examples: nothing of src/."""
    for number, _, target in includes(path):
        private = (tree.ROOT / "src" / target).is_file() and not (path.parent / target).is_file()
        if private or ".." in target:
            faults.append(f"{tree.name(path)}:{number}: includes {target}, which is not public")


def circles(graph):
    done, faults = set(), []

    def visit(path, trail):
        if path in trail:
            circle = [tree.name(p) for p in trail[trail.index(path):] + [path]]
            faults.append("includes in a circle: " + " -> ".join(circle))
        elif path not in done:
            for inner in sorted(graph.get(path, ())):
                visit(inner, trail + [path])
            done.add(path)

    for path in sorted(graph):
        visit(path, [])
    return faults


def main():
    faults, graph, count = [], {}, 0
    for path in tree.files("include", "src", suffixes=tree.CODE):
        check_core(path, graph, faults)
        count += 1
    everything = {inner.name for inner in graph.get(tree.ROOT / "include/cairn/cairn.hpp", ())}
    for path in tree.files("include/cairn", suffixes={".hpp"}):
        if path.name != "cairn.hpp" and path.name not in everything:
            faults.append(f"include/cairn/cairn.hpp: leaves out {path.name}")
    for path in tree.files("ports", "examples", suffixes=tree.CODE):
        check_outside(path, faults)
        count += 1
    tree.finish(f"{count} files keep to the layers", faults + circles(graph))


main()
