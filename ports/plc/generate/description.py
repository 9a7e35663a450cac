"""The description of the function blocks, ports/plc/blocks.json: read, checked, and laid out.

What a front end needs of it: `load()`, then for every block its inputs and outputs in the order
of the file (`Field.name`, `Field.iec`, `Field.unit`, `Field.doc`), and for C `layout()`.
"""

import dataclasses
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]

# IEC 61131-3 type: C type and size in bytes. A block has no others at its boundary, because no
# two runtimes agree on how they hold an array, a string or a time.
TYPES = {
    "BOOL": ("uint8_t", 1), "BYTE": ("uint8_t", 1), "USINT": ("uint8_t", 1),
    "WORD": ("uint16_t", 2), "UINT": ("uint16_t", 2), "DWORD": ("uint32_t", 4),
    "UDINT": ("uint32_t", 4), "LWORD": ("uint64_t", 8), "ULINT": ("uint64_t", 8),
    "LINT": ("int64_t", 8), "LREAL": ("double", 8),
}
# Private state may also be this struct of the header.
STATE_TYPES = {**TYPES, "request": ("cairn_plc_request", 24)}

# Words of IEC 61131-3 that a runtime may take for its own wherever they stand.
RESERVED = set("""
    ACTION AND ARRAY AT BY CASE CONFIGURATION CONSTANT DO ELSE ELSIF EN ENO EXIT FALSE FOR FROM
    FUNCTION IF INTERVAL MOD NOT OF ON OR PRIORITY PROGRAM REPEAT RESOURCE RETAIN RETURN SINGLE STEP
    STRUCT TASK THEN TO TRANSITION TRUE TYPE UNTIL VAR WHILE WITH XOR""".split())

# What every block of a type has besides its own inputs and outputs.
COMMON = {
    "Execute": (
        [("Execute", "BOOL",
          "A rising edge starts a request; the other inputs count at that edge.")],
        [("Done", "BOOL", "The request is finished."),
         ("Busy", "BOOL", "The request is being worked on."),
         ("Error", "BOOL", "The request failed; ErrorID says why."),
         ("ErrorID", "DWORD", "0, or the reason.")]),
    "Enable": (
        [("Enable", "BOOL", "The block works while this is TRUE.")],
        [("Valid", "BOOL", "The block works, and its outputs are up to date."),
         ("Busy", "BOOL", "The block is starting."),
         ("Error", "BOOL",
          "The block does not work; ErrorID says why. It goes on by itself where it can."),
         ("ErrorID", "DWORD", "0, or the reason.")]),
}


@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    iec: str  # IEC 61131-3 type, or "request" in private state
    doc: str = ""
    unit: str = ""
    count: int = 1  # more in private state only

    @property
    def c_type(self):
        return STATE_TYPES[self.iec][0]

    @property
    def alignment(self):
        return min(STATE_TYPES[self.iec][1], 8)

    @property
    def size(self):
        return STATE_TYPES[self.iec][1] * self.count


@dataclasses.dataclass(frozen=True)
class Block:
    name: str  # CAIRN_Append
    type: str  # Execute or Enable
    doc: str
    inputs: tuple
    outputs: tuple
    state: tuple

    @property
    def short(self):
        """append, settime: as in cairn_fb_append()."""
        return self.name.removeprefix("CAIRN_").lower()


@dataclasses.dataclass(frozen=True)
class ErrorId:
    name: str
    value: int  # class in the high word, number in the low one
    doc: str
    action: str

    @property
    def iec(self):
        return f"16#{self.value:08X}"


@dataclasses.dataclass(frozen=True)
class Description:
    error_classes: tuple  # (number, name, doc)
    errors: tuple
    blocks: tuple


def fields(entries, allowed):
    made = tuple(Field(entry["name"], entry["type"], entry.get("doc", ""), entry.get("unit", ""),
                       entry.get("count", 1)) for entry in entries)
    for field in made:
        if field.iec not in allowed:
            raise ValueError(f"{field.name}: no type {field.iec}")
    return made


def block(entry):
    inputs, outputs = ([Field(*field[:2], doc=field[2]) for field in common]
                       for common in COMMON[entry["type"]])
    made = Block(entry["name"], entry["type"], entry["doc"],
                 (*inputs, *fields(entry["inputs"], TYPES)),
                 (*outputs, *fields(entry["outputs"], TYPES)),
                 fields(entry["state"], STATE_TYPES))
    names = [field.name.lower() for field in made.inputs + made.outputs + made.state]
    if len(set(names)) != len(names):
        raise ValueError(f"{made.name}: two fields of one name")
    for field in made.inputs + made.outputs:
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", field.name) or not field.doc.endswith((".", ",")):
            raise ValueError(f"{made.name}.{field.name}: name or sentence")
        if field.name.upper() in RESERVED:
            raise ValueError(f"{made.name}.{field.name}: a word of IEC 61131-3")
    return made


def load(path=ROOT / "blocks.json"):
    data = json.loads(path.read_text(encoding="utf-8"))
    classes = tuple((c["class"], c["name"], c["doc"]) for c in data["error_classes"])
    errors = tuple(ErrorId(e["name"], e["class"] << 16 | e["number"], e["doc"], e["action"])
                   for e in data["errors"])
    known = {number for number, *_ in classes}
    if len({e.value for e in errors}) != len(errors) or any(e.value >> 16 not in known
                                                            for e in errors):
        raise ValueError("an ErrorID twice, or of no class")
    return Description(classes, errors, tuple(block(b) for b in data["blocks"]))


def layout(made):
    """The members of a block's struct: (offset, Field), paddings included, and its size.

    struct_size comes first, then inputs, outputs and private state. In each group large fields
    come before small ones, and each begins at a multiple of 8: so the offsets are the same
    whatever the machine, and nothing is padded by the compiler.
    """
    members, offset, paddings = [], 0, 0

    def add(field):
        nonlocal offset
        if offset % field.alignment:
            raise ValueError(f"{made.name}.{field.name}: not aligned")
        members.append((offset, field))
        offset += field.size

    def pad():
        nonlocal paddings
        if offset % 8:
            add(Field(f"reserved_{paddings}", "BYTE", "0", count=8 - offset % 8))
            paddings += 1

    add(Field("struct_size", "UDINT",
              "sizeof this struct, or 0; any other number is answered with STRUCT_SIZE"))
    pad()
    for group in (made.inputs, made.outputs, made.state):
        for field in sorted(group, key=lambda f: -f.alignment):
            add(field)
        pad()
    return members, offset
