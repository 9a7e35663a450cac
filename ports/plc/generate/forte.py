"""Eclipse 4diac FORTE 2.0: type files and a module with one thin class for each block. A request
event calls the block; its confirmation carries the outputs."""

import xml.sax.saxutils

import texts

CMAKE = """# {notice}
# {license}
#
# The module of cairn for FORTE: put this folder where FORTE_EXTERNAL_MODULES_DIRECTORY points, and
# set CAIRN_PLC_FOLDER to ports/plc, and CAIRN_PLC_LIBRARY to libcairn_plc_process.so, or
# to what else has the blocks and starts them.
forte_add_module(CAIRN "Function blocks of cairn")
forte_add_include_directories(${{CMAKE_CURRENT_SOURCE_DIR}} ${{CAIRN_PLC_FOLDER}}/include)
forte_add_link_library(${{CAIRN_PLC_LIBRARY}})
{classes}
"""

FBT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE FBType SYSTEM "http://www.holobloc.com/xml/LibraryElement.dtd">
<!-- {notice}
     {license} -->
<FBType Name="{name}" Comment="{doc}">
  <Identification Standard="61499-2"/>
  <VersionInfo Organization="cairn" Version="1.0" Author="cairn" Date="2000-01-01"/>
  <InterfaceList>
    <EventInputs>
      <Event Name="REQ" Type="Event" Comment="Call the block: once in each cycle.">
{with_inputs}
      </Event>
    </EventInputs>
    <EventOutputs>
      <Event Name="CNF" Type="Event" Comment="Called.">
{with_outputs}
      </Event>
    </EventOutputs>
    <InputVars>
{inputs}
    </InputVars>
    <OutputVars>
{outputs}
    </OutputVars>
  </InterfaceList>
</FBType>
"""

HEADER = """
#ifndef CAIRN_FORTE_{upper}_H
#define CAIRN_FORTE_{upper}_H

#include <funcbloc.h>
{includes}

#include "cairn_plc.h"

class FORTE_{name} : public CFunctionBlock {{
  DECLARE_FIRMWARE_FB(FORTE_{name})

 private:
  static const CStringDictionary::TStringId scm_anDataInputNames[];
  static const CStringDictionary::TStringId scm_anDataInputTypeIds[];
  static const CStringDictionary::TStringId scm_anDataOutputNames[];
  static const CStringDictionary::TStringId scm_anDataOutputTypeIds[];
  static const TForteInt16 scm_anEIWithIndexes[];
  static const TDataIOID scm_anEIWith[];
  static const CStringDictionary::TStringId scm_anEventInputNames[];
  static const TForteInt16 scm_anEOWithIndexes[];
  static const TDataIOID scm_anEOWith[];
  static const CStringDictionary::TStringId scm_anEventOutputNames[];
  static const SFBInterfaceSpec scm_stFBInterfaceSpec;

  FORTE_FB_DATA_ARRAY(1, {input_count}, {output_count}, 0);

  virtual void executeEvent(int event);

  cairn_fb_{short}_t block_;

 public:
  FUNCTION_BLOCK_CTOR(FORTE_{name}), block_() {{}}
  virtual ~FORTE_{name}() {{}}
}};

#endif
"""

SOURCE = """
#include "{name}.h"
#ifdef FORTE_ENABLE_GENERATED_SOURCE_CPP
#include "{name}_gen.cpp"
#endif

DEFINE_FIRMWARE_FB(FORTE_{name}, g_nStringId{name})

const CStringDictionary::TStringId FORTE_{name}::scm_anDataInputNames[] = {{
    {input_names}}};
const CStringDictionary::TStringId FORTE_{name}::scm_anDataInputTypeIds[] = {{
    {input_types}}};
const CStringDictionary::TStringId FORTE_{name}::scm_anDataOutputNames[] = {{
    {output_names}}};
const CStringDictionary::TStringId FORTE_{name}::scm_anDataOutputTypeIds[] = {{
    {output_types}}};
const TForteInt16 FORTE_{name}::scm_anEIWithIndexes[] = {{0}};
const TDataIOID FORTE_{name}::scm_anEIWith[] = {{{input_numbers}, 255}};
const CStringDictionary::TStringId FORTE_{name}::scm_anEventInputNames[] = {{g_nStringIdREQ}};
const TForteInt16 FORTE_{name}::scm_anEOWithIndexes[] = {{0, -1}};
const TDataIOID FORTE_{name}::scm_anEOWith[] = {{{output_numbers}, 255}};
const CStringDictionary::TStringId FORTE_{name}::scm_anEventOutputNames[] = {{g_nStringIdCNF}};

const SFBInterfaceSpec FORTE_{name}::scm_stFBInterfaceSpec = {{
    1, scm_anEventInputNames, scm_anEIWith, scm_anEIWithIndexes,
    1, scm_anEventOutputNames, scm_anEOWith, scm_anEOWithIndexes,
    {input_count}, scm_anDataInputNames, scm_anDataInputTypeIds,
    {output_count}, scm_anDataOutputNames, scm_anDataOutputTypeIds,
    0, 0}};

void FORTE_{name}::executeEvent(int event) {{
  if (event != 0) return;
{take}
  cairn_fb_{short}(&block_);
{give}
  sendOutputEvent(0);
}}
"""


def escape(text):
    return xml.sax.saxutils.escape(text, {'"': "&quot;"})


def fbt(block):
    def declarations(fields):
        return "\n".join(f'      <VarDeclaration Name="{f.name}" Type="{f.iec}" '
                         f'Comment="{escape(texts.sentence(f))}"/>' for f in fields)

    def withs(fields):
        return "\n".join(f'        <With Var="{f.name}"/>' for f in fields)
    return FBT.format(notice=texts.NOTICE, license=texts.LICENSE, name=block.name,
                      doc=escape(block.doc), inputs=declarations(block.inputs),
                      outputs=declarations(block.outputs), with_inputs=withs(block.inputs),
                      with_outputs=withs(block.outputs))


def give(number, field):
    value = f"block_.{field.name}" + (" != 0" if field.iec == "BOOL" else "")
    return f"  *static_cast<CIEC_{field.iec}*>(getDO({number})) = {value};"


def class_files(block):
    def ids(fields, of):
        return texts.wrap(", ".join(f"g_nStringId{of(f)}" for f in fields), "    ")

    def numbers(fields):
        return texts.wrap(", ".join(str(n) for n in range(len(fields))), "")
    types = sorted({f.iec for f in block.inputs + block.outputs})
    values = {
        "name": block.name, "upper": block.name.upper(), "short": block.short,
        "includes": "\n".join(f"#include <forte_{t.lower()}.h>" for t in types),
        "input_count": len(block.inputs), "output_count": len(block.outputs),
        "input_names": ids(block.inputs, lambda f: f.name),
        "input_types": ids(block.inputs, lambda f: f.iec),
        "output_names": ids(block.outputs, lambda f: f.name),
        "output_types": ids(block.outputs, lambda f: f.iec),
        "input_numbers": numbers(block.inputs), "output_numbers": numbers(block.outputs),
        "take": "\n".join(f"  block_.{f.name} = *static_cast<CIEC_{f.iec}*>(getDI({n}));"
                          for n, f in enumerate(block.inputs)),
        "give": "\n".join(give(n, f) for n, f in enumerate(block.outputs)),
    }
    folder = "forte/cairn/"
    about = f"{block.name} for Eclipse 4diac FORTE 2.0."
    return {f"{folder}{block.name}.fbt": fbt(block),
            f"{folder}{block.name}.h": texts.c_notice(about) + HEADER.format(**values),
            f"{folder}{block.name}.cpp": texts.c_notice(about) + SOURCE.format(**values)}


def files(made):
    made_files = {"forte/cairn/CMakeLists.txt": CMAKE.format(
        notice=texts.NOTICE, license=texts.LICENSE,
        classes="\n".join(f"forte_add_sourcefile_hcpp({b.name})" for b in made.blocks))}
    for block in made.blocks:
        made_files.update(class_files(block))
    return made_files
