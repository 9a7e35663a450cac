#!/usr/bin/env python3
"""usage: packages.py NANOPB FOLDER CC CXX | packages.py --write

Checks the descriptions of the core for Zephyr, ESP-IDF, PlatformIO and CMSIS-Pack, without those
frameworks: each is well-formed, names what the core is compiled from and no more, and every file
passes the compiler with the include folders that it names and nanopb's. Zephyr's options have the
ranges of cairn/config.hpp. --write brings the list of the CMSIS pack up to date.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import tree

PORTS = tree.ROOT / "ports"
PACK = PORTS / "cmsis-pack/cairn.cairn.pdsc"
FLAGS = {".c": ["-std=c99"], ".cpp": ["-std=c++17", "-fno-exceptions", "-fno-rtti"]}


def sources():
    """What the core is compiled from, relative to the root."""
    text = (tree.ROOT / "src/sources.cmake").read_text()
    return {"src/" + word for word in re.search(r"set\(CAIRN_SOURCES([^)]*)\)", text)[1].split()}


def relative(path, base):
    return pathlib.Path(os.path.normpath(base / path)).relative_to(tree.ROOT).as_posix()


def platformio():
    """Sources and include folders, as PlatformIO finds them."""
    folder = PORTS / "platformio"
    build = json.loads((folder / "library.json").read_text())["build"]
    root = folder / build["srcDir"]
    found = set()
    for rule in build["srcFilter"]:
        sign, folders = re.fullmatch(r"([+-])<(.*)>", rule).groups()
        matches = {path for path in (root / folders.rstrip("*/")).rglob("*")
                   if path.suffix in FLAGS}
        found = found | matches if sign == "+" else found - matches
    includes = [build["includeDir"]] + [flag[2:] for flag in build["flags"]]
    return {relative(path, tree.ROOT) for path in found}, [relative(i, folder) for i in includes]


def cmsis_pack():
    """Sources and include folders of the pack, whose root is the project's."""
    files = list(ElementTree.parse(PACK).getroot().iter("file"))
    by = {category: [file.get("name") for file in files if file.get("category") == category]
          for category in ("source", "sourceC", "sourceCpp", "include")}
    return set(by["source"] + by["sourceC"] + by["sourceCpp"]), by["include"]


def write_pack():
    lines = "".join(f'        <file category="source{"C" if name.endswith(".c") else "Cpp"}" '
                    f'name="{name}"/>\n' for name in sorted(sources()))
    text = re.sub(r'(        <file category="source\w+" name="[^"]*"/>\n)+', "", PACK.read_text())
    PACK.write_text(text.replace("      </files>", lines + "      </files>"))


def by_cmake(framework, package, nanopb, folder, compilers):
    """The commands that a framework's CMake would have, by source."""
    build = pathlib.Path(folder) / framework
    result = subprocess.run(
        ["cmake", "-S", tree.ROOT / "tests/conformance/frameworks", "-B", build,
         f"-DFRAMEWORK={framework}", f"-DPACKAGE={package}", f"-DNANOPB={nanopb}",
         *(f"-DCMAKE_{language}_COMPILER={path}" for language, path in compilers.items())],
        capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{framework}: {result.stderr}")
    return {relative(entry["file"], tree.ROOT): entry["command"].split()
            for entry in json.loads((build / "compile_commands.json").read_text())}


def compiles(command):
    """What the compiler says of a file, without writing an object."""
    command = [word for word in command if word != "-c"]
    if "-o" in command:
        del command[command.index("-o"):command.index("-o") + 2]
    result = subprocess.run([*command, "-fsyntax-only"], capture_output=True, text=True,
                            cwd=tree.ROOT)
    return result.stderr if result.returncode != 0 else ""


def check_kconfig(faults):
    try:
        import kconfiglib
    except ImportError:
        print("left out: Kconfig, because there is no python3-kconfiglib")
        return
    os.environ["srctree"] = str(tree.ROOT)
    config = kconfiglib.Kconfig(str(tree.ROOT / "tests/conformance/frameworks/Kconfig"),
                                warn_to_stderr=False)
    faults += config.warnings
    levels = config.syms["CAIRN_MAX_LEVELS"]
    low, high = (bound.str_value for bound in levels.ranges[0][:2])
    limits = re.search(r"CAIRN_MAX_LEVELS < (\d+) \|\| CAIRN_MAX_LEVELS > (\d+)",
                       (tree.ROOT / "include/cairn/config.hpp").read_text()).groups()
    if (low, high) != limits:
        faults.append(f"Kconfig: levels from {low} to {high}, and config.hpp says {limits}")
    config.syms["CAIRN"].set_value(2)
    if config.syms["CAIRN"].str_value != "y" or levels.str_value != "32":
        faults.append("Kconfig: CAIRN cannot be set where C++17 and nanopb are")
    config.syms["NANOPB"].set_value(0)
    if config.syms["CAIRN"].str_value != "n":
        faults.append("Kconfig: CAIRN can be set without nanopb")


def check_module(faults):
    module = (PORTS / "zephyr/zephyr/module.yml").read_text()
    for key, name in re.findall(r"^  (cmake|kconfig): (\S+)$", module, re.M):
        path = PORTS / "zephyr" / name
        if not (path / "CMakeLists.txt" if key == "cmake" else path).is_file():
            faults.append(f"module.yml: there is no {name}")


def main():
    if sys.argv[1:] == ["--write"]:
        return write_pack()
    nanopb, folder, *compilers = sys.argv[1:]
    compilers = dict(zip(("C", "CXX"), compilers))
    expected, faults, commands = sources(), [], {}
    check_module(faults)
    check_kconfig(faults)
    for framework, package in (("zephyr", "zephyr"), ("esp-idf", "esp-idf/cairn")):
        commands[framework] = by_cmake(framework, PORTS / package, nanopb, folder, compilers)
    for framework, described in (("platformio", platformio()), ("cmsis-pack", cmsis_pack())):
        names, includes = described
        commands[framework] = {
            name: [compilers["C" if name.endswith(".c") else "CXX"],
                   *FLAGS[pathlib.Path(name).suffix], *(f"-I{i}" for i in includes), f"-I{nanopb}",
                   name] for name in names}
    for framework, of in commands.items():
        faults += [f"{framework}: {name} is left out" for name in sorted(expected - of.keys())]
        faults += [f"{framework}: {name} is foreign" for name in sorted(of.keys() - expected)]
        faults += [f"{framework}: {said}" for said in map(compiles, of.values()) if said]
    tree.finish(f"{len(commands)} descriptions name the {len(expected)} sources of the core, and "
                "these compile as they say", faults)


main()
