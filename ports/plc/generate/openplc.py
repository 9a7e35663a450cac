"""OpenPLC: one C/C++ block for each function block, as the editor stores them: the interface in
Structured Text, then setup() and loop().

The editor makes macros of the variables' names, so the code calls the library by scalars and
includes no header that has those names. Web servers of OpenPLC v3 drop lines that declare a C
function without a result; these have one.
"""

import texts

CODE = """
// {name} of cairn. {notice}
// {license}
#include <stdint.h>

extern "C" {declaration}
{start}
void setup() {{}}

void loop() {{
{started}  uint32_t instance = {instance};
{locals}
  {call};
  {instance} = instance;
{results}
}}
END_FUNCTION_BLOCK
"""


# The block that every program has starts the port: with one log, that cairn-plc-pump pumps.
START = """extern "C" int cairn_plc_start_shared(const char*, uint32_t);
"""
STARTED = """  if (Instance == 0) cairn_plc_start_shared("cairn-plc", 1);
"""


def block_file(block):
    is_log = block.short == "log"
    types = ", ".join(["uint32_t*", *(f.c_type for f in block.inputs),
                       *(f"{f.c_type}*" for f in block.outputs)])
    code = CODE.format(
        start=START if is_log else "", started=STARTED if is_log else "",
        name=block.name, notice=texts.NOTICE, license=texts.LICENSE, instance=texts.INSTANCE,
        declaration=texts.wrap(f"uint32_t cairn_call_{block.short}({types});", ""),
        locals="\n".join(f"  {f.c_type} {texts.local(f)};" for f in block.outputs),
        call=texts.wrap(texts.call(block, lambda f: f.name, "&instance"), "  "),
        results="\n".join(f"  {f.name} = {texts.local(f)};" for f in block.outputs))
    return texts.st_interface(block) + texts.instance_section() + code


def files(made):
    return {f"openplc/blocks/{block.name}.st": block_file(block) for block in made.blocks}
