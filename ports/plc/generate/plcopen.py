"""A PLCopen XML library (TC6 0201) with bodies of C in matiec's pragmas: for Beremiz."""

import xml.sax.saxutils

import texts

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!-- {notice}
     {license} -->
<project xmlns="http://www.plcopen.org/xml/tc6_0201"
         xmlns:xhtml="http://www.w3.org/1999/xhtml">
  <fileHeader companyName="cairn" productName="cairn" productVersion="1"
              creationDateTime="2000-01-01T00:00:00"/>
  <contentHeader name="cairn">
    <coordinateInfo>
      <fbd><scaling x="1" y="1"/></fbd>
      <ld><scaling x="1" y="1"/></ld>
      <sfc><scaling x="1" y="1"/></sfc>
    </coordinateInfo>
  </contentHeader>
  <types>
    <dataTypes/>
    <pous>
"""
END = """    </pous>
  </types>
  <instances>
    <configurations/>
  </instances>
</project>
"""


def documentation(text, indent):
    return (f"{indent}<documentation><xhtml:p>{xml.sax.saxutils.escape(text)}</xhtml:p>"
            "</documentation>\n")


def variables(tag, fields):
    lines = [f"          <{tag}>\n"]
    for name, iec, doc in fields:
        lines += [f"            <variable name=\"{name}\">\n",
                  f"              <type><{iec}/></type>\n",
                  documentation(doc, "              "), "            </variable>\n"]
    return "".join(lines) + f"          </{tag}>\n"


def body(block):
    """No two closing braces may stand together before the end of the pragma."""
    def value(field):
        return f"GetFbVar({field.name.upper()})"
    lines = ["{{", "  {", f"    uint32_t instance = GetFbVar({texts.INSTANCE.upper()});"]
    lines += [f"    {f.c_type} {texts.local(f)};" for f in block.outputs]
    lines.append("    " + texts.wrap(texts.call(block, value, "&instance") + ";", "    "))
    lines.append(f"    SetFbVar({texts.INSTANCE.upper()}, instance);")
    lines += [f"    SetFbVar({f.name.upper()}, {texts.local(f)});" for f in block.outputs]
    return "\n".join([*lines, "  }", "}}"])


def pou(block):
    inputs, outputs = ([(f.name, f.iec, texts.sentence(f)) for f in fields]
                       for fields in (block.inputs, block.outputs))
    own = [(texts.INSTANCE, "UDINT", "Which of the library's instances this is.")]
    return (f"      <pou name=\"{block.name}\" pouType=\"functionBlock\">\n"
            "        <interface>\n" + variables("inputVars", inputs)
            + variables("outputVars", outputs) + variables("localVars", own)
            + documentation(block.doc, "          ")
            + "        </interface>\n        <body>\n          <ST>\n"
            + f"            <xhtml:p><![CDATA[{body(block)}]]></xhtml:p>\n"
            + "          </ST>\n        </body>\n      </pou>\n")


def files(made):
    head = HEAD.format(notice=texts.NOTICE, license=texts.LICENSE)
    return {"plcopen/cairn_library.xml": head + "".join(pou(b) for b in made.blocks) + END}
