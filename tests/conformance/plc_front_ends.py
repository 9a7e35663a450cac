#!/usr/bin/env python3
"""usage: plc_front_ends.py C-COMPILER CXX-COMPILER [CROSS-C-COMPILER]

Checks the generated front ends of ports/plc against the contracts of their runtimes, as far as that
goes without them: interfaces against ports/plc/blocks.json, XML for being well-formed, and C and
C++ by compiling it as the runtime's tool would, against stand-ins in tests/support/plc. None of it
is run here. The example's program in Structured Text is checked for what it asks of the blocks.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import tree

PLC = tree.ROOT / "ports/plc"
sys.path.insert(0, str(PLC / "generate"))
import description  # noqa: E402

STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{PLC}/include", f"-I{PLC}/src",
          f"-I{tree.ROOT}/tests/support/plc"]
TC6 = "{http://www.plcopen.org/xml/tc6_0201}"
XHTML = "{http://www.w3.org/1999/xhtml}"
faults = []


def expect(what, is_, wanted):
    if is_ != wanted:
        faults.append(f"{what}: {is_}, not {wanted}")


def compiles(what, command, text):
    result = subprocess.run([*command, *STRICT, "-"], input=text, capture_output=True, text=True)
    if result.returncode:
        faults.append(f"{what} ({' '.join(command)}):\n{result.stderr[:2000]}")


def interface(block):
    return [[(f.name, f.iec) for f in fields] for fields in (block.inputs, block.outputs)]


def st_blocks(text):
    """Name, inputs, outputs and what follows the variables, of each block of a text."""
    for name, body in re.findall(r"^FUNCTION_BLOCK (\w+)\n(.*?)^END_FUNCTION_BLOCK$", text,
                                 re.M | re.S):
        sections = {kind: re.findall(r"^  (\w+) : (\w+); \(\*.*\*\)$", fields, re.M)
                    for kind, fields in re.findall(r"^VAR_?(\w*)\n(.*?)^END_VAR$", body,
                                                   re.M | re.S)}
        rest = body[body.rindex("END_VAR\n") + len("END_VAR\n"):]
        yield name, [sections["INPUT"], sections["OUTPUT"]], rest


def structured_text(made):
    """Each block's body by (folder, name)."""
    bodies = {}
    for folder, paths in (("matiec", ["matiec/cairn.st"]), ("strucpp", ["strucpp/cairn.st"]),
                          ("codesys", ["codesys/cairn.st"]),
                          ("openplc", [f"openplc/blocks/{b.name}.st" for b in made.blocks])):
        found = [block for path in paths for block in st_blocks((PLC / path).read_text())]
        expect(f"{folder}, blocks", [name for name, *_ in found], [b.name for b in made.blocks])
        for (name, variables, body), block in zip(found, made.blocks):
            expect(f"{folder}, {name}", variables, interface(block))
            bodies[folder, name] = body
    return bodies


def plcopen(made, cc):
    root = xml.etree.ElementTree.parse(PLC / "plcopen/cairn_library.xml").getroot()
    pous = root.findall(f".//{TC6}pou")
    expect("plcopen, blocks", [p.get("name") for p in pous], [b.name for b in made.blocks])
    for pou, block in zip(pous, made.blocks):
        variables = [[(v.get("name"), v.find(f"{TC6}type")[0].tag.removeprefix(TC6))
                      for v in pou.findall(f".//{TC6}{kind}/{TC6}variable")]
                     for kind in ("inputVars", "outputVars")]
        expect(f"plcopen, {block.name}", variables, interface(block))
        pragma = pou.find(f".//{TC6}ST/{XHTML}p").text
        code = pragma.removeprefix("{{").removesuffix("}}")
        expect(f"plcopen, {block.name}, braces inside the pragma", "}}" in code, False)
        fields = "".join(f"__DECLARE_VAR({f.iec},{f.name.upper()})"
                         for f in block.inputs + block.outputs)
        compiles(f"plcopen, {block.name}", [cc, "-std=c99", "-xc"],
                 '#include "matiec.h"\n#include "cairn_plc_call.h"\n'
                 f"typedef struct {{ {fields} __DECLARE_VAR(UDINT,INSTANCE) }} B;\n"
                 f"extern void body(B* data__);\nvoid body(B* data__) {{\n{code}\n}}\n")


def matiec(made, cc, cxx):
    text = '#include "cairn_matiec.h"\n' + "".join(
        f"void run_{b.short}({b.name.upper()}* b);\nvoid run_{b.short}({b.name.upper()}* b) {{\n"
        f"  {b.name.upper()}_init__(b, 1);\n  {b.name.upper()}_body__(b);\n}}\n"
        for b in made.blocks)
    with tempfile.TemporaryDirectory() as folder:
        for header in ("iec_std_lib.h", "accessor.h"):
            (pathlib.Path(folder) / header).write_text('#include "matiec.h"\n')
        for compiler in ([cc, "-std=c99", "-xc"], [cxx, "-std=gnu++11", "-xc++"]):
            compiles("matiec", [*compiler, f"-I{folder}", f"-I{PLC}/matiec"], text)


def openplc(made, bodies, cxx):
    """As the editor writes c_blocks_code.cpp: names are macros, setup() and loop() are renamed."""
    text = "#include <stdint.h>\n"
    for block in made.blocks:
        fields = [*block.inputs, *block.outputs, description.Field("Instance", "UDINT")]
        kind = f"{block.name.upper()}_VARS"
        text += f"typedef struct {{ {' '.join(f'{f.c_type}* {f.name.upper()};' for f in fields)} }}"
        text += f" {kind};\n" + "".join(
            f"#define {f.name} (*(vars->{f.name.upper()}))\n" for f in fields)
        code = bodies["openplc", block.name]
        for function in ("setup", "loop"):
            code, count = re.subn(rf"void\s+{function}\s*\(\s*\)",
                                  f"void {block.name.lower()}_{function}({kind}* vars)", code)
            expect(f"openplc, {block.name}, {function}()", count, 1)
        expect(f"openplc, {block.name}, dropped lines", 'extern "C" void' in code, False)
        text += code + "".join(f"#undef {f.name}\n" for f in fields)
    compiles("openplc", [cxx, "-std=gnu++11", "-xc++", "-Wno-unused-parameter"], text)


def strucpp(made, bodies, cxx):
    text = ('#include <cstdint>\n#include "cairn_plc_call.h"\nnamespace strucpp {\n'
            "template <typename T> struct IECVar {\n  T value;\n"
            "  operator T() const { return value; }\n"
            "  IECVar& operator=(T to) { value = to; return *this; }\n};\n")
    for block in made.blocks:
        body = bodies["strucpp", block.name].strip()
        code = body.removeprefix("{external").removesuffix("}")
        expect(f"strucpp, {block.name}, braces", re.findall("[{}]", code), [])
        fields = [*block.inputs, *block.outputs, description.Field("Instance", "UDINT")]
        text += f"struct {block.name.upper()} {{\n" + "".join(
            f"  IECVar<{'bool' if f.iec == 'BOOL' else f.c_type}> {f.name.upper()};\n"
            for f in fields) + f"  void operator()() {{\n{code}\n  }}\n}};\n"
    compiles("strucpp", [cxx, "-std=c++17", "-xc++"], text + "}\n")


def codesys(made, cc):
    text = '#include "cairn_codesys.h"\n'
    for block in made.blocks:
        fields = [*block.inputs, *block.outputs, description.Field("Instance", "UDINT")]
        kind = f"cairn_{block.short}_cext_struct"
        text += (f"typedef struct {{ {' '.join(f'{f.c_type} {f.name};' for f in fields)} }} {kind};"
                 f"\nvoid cairn_{block.short}_cext__main({kind}* p);\n"
                 f"void cairn_{block.short}_cext__main({kind}* p) "
                 f"{{ CAIRN_{block.short.upper()}_MAIN(p); }}\n")
    compiles("codesys", [cc, "-std=c99", "-xc", f"-I{PLC}/codesys"], text)


def forte(made, cxx):
    module = (PLC / "forte/cairn/CMakeLists.txt").read_text()
    expect("forte, classes", re.findall(r"forte_add_sourcefile_hcpp\((\w+)\)", module),
           [b.name for b in made.blocks])
    with tempfile.TemporaryDirectory() as folder:
        headers = {f"forte_{iec.lower()}.h" for iec in description.TYPES} | {"funcbloc.h"}
        for header in headers:
            (pathlib.Path(folder) / header).write_text('#include "forte.h"\n')
        for block in made.blocks:
            path = PLC / f"forte/cairn/{block.name}.fbt"
            root = xml.etree.ElementTree.parse(path).getroot()
            variables = [[(v.get("Name"), v.get("Type"))
                          for v in root.findall(f"InterfaceList/{side}/VarDeclaration")]
                         for side in ("InputVars", "OutputVars")]
            expect(f"forte, {block.name}.fbt", variables, interface(block))
            withs = [[w.get("Var") for w in event.iter("With")] for event in root.iter("Event")]
            expect(f"forte, {block.name}.fbt, events", withs,
                   [[name for name, _ in side] for side in interface(block)])
            names = {f.name for f in block.inputs + block.outputs} | {
                f.iec for f in block.inputs + block.outputs} | {block.name, "REQ", "CNF"}
            ids = "".join(f"const CStringDictionary::TStringId g_nStringId{name} = {number};\n"
                          for number, name in enumerate(sorted(names)))
            compiles(f"forte, {block.name}",
                     [cxx, "-std=c++11", "-xc++", f"-I{folder}", f"-I{PLC}/forte/cairn",
                      "-Wno-unused-function", "-Wno-unused-variable"],
                     f'#include "forte.h"\n{ids}#include "{block.name}.cpp"\n')


def library(cc, cxx, cross):
    """The folder for all who compile every C file of one; the port in it is for Linux."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PLC / "library/make", folder], check=True)
        src = pathlib.Path(folder) / "src"
        for path in sorted(src.glob("*.c")):
            compilers = [[cc, "-std=gnu99", "-xc"], [cxx, "-std=gnu++11", "-xc++"]]
            if cross and path.name not in ("shared_area.c", "process_port.c", "start.c"):
                compilers.append([cross, "-std=c99", "-xc", "-mcpu=cortex-m4"])
            for compiler in compilers:
                result = subprocess.run([*compiler, f"-I{src}", *STRICT[:4], path],
                                        capture_output=True, text=True)
                if result.returncode:
                    faults.append(f"library, {path.name} ({' '.join(compiler)}):\n"
                                  f"{result.stderr[:2000]}")


def program(made, path):
    """No compiler of Structured Text is to be had (docs/plc.md, "Limits"). What a program can get
    wrong about the blocks is looked at: their names, and those of what goes in and comes out."""
    text = re.sub(r"\(\*.*?\*\)", "", path.read_text(), flags=re.S)
    blocks = {block.name: block for block in made.blocks}
    variables = dict(re.findall(r"^\s*(\w+)\s*:\s*(CAIRN_\w+);", text, re.M))
    called = set()
    for name, arguments in re.findall(r"^\s*(\w+)\(((?:[^()]|\([^()]*\))*)\);", text, re.M):
        block = blocks.get(variables.get(name))
        if block is None:
            faults.append(f"{path.name}: {name} is none of the blocks")
            continue
        called.add(name)
        given = re.findall(r"(\w+)\s*:=", arguments)
        inputs = [field.name for field in block.inputs]
        expect(f"{path.name}, inputs of {name}", [word for word in given if word not in inputs], [])
    expect(f"{path.name}, called", sorted(called), sorted(variables))
    for name, output in re.findall(r"\b(\w+)\.(\w+)", text):
        block = blocks.get(variables.get(name))
        if block and output not in [field.name for field in block.outputs]:
            faults.append(f"{path.name}: {block.name} has no output {output}")
    expect(f"{path.name}, blocks", "CAIRN_Log" in variables.values(), True)


def main():
    cc, cxx, *cross = sys.argv[1:]
    cross = cross[0] if cross and cross[0] else None
    made = description.load()
    bodies = structured_text(made)
    plcopen(made, cc)
    matiec(made, cc, cxx)
    openplc(made, bodies, cxx)
    strucpp(made, bodies, cxx)
    codesys(made, cc)
    forte(made, cxx)
    library(cc, cxx, cross)
    program(made, tree.ROOT / "examples/05_cold_chain_plc/cold_store.st")
    if not cross:
        print("left out: there is no arm-none-eabi-gcc")
    tree.finish(f"{len(made.blocks)} blocks in seven front ends and a library: checked against "
                "their contracts, not run", faults)


main()
