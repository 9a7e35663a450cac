#!/usr/bin/env python3
"""What calls of the function blocks for PLC runtimes take of a Cortex-M: counts instructions under
QEMU, compares them with plc_budget.json, prints them.

usage: plc.py check CORE FOLDER    fails when a figure is more than 1 % over the budget
       plc.py record FOLDER        measures FOLDER's builds and makes that the budget
       plc.py page PAGE [--write]  compares the page's tables with plc_budget.json

FOLDER is as for size.py: FOLDER/m4/tests/size. That no call does more than its budget is checked by
the programs themselves, which end with another status then.
"""
import json
import pathlib
import sys

import counted
import size
import tables

BUDGET = pathlib.Path(__file__).parent / "plc_budget.json"
# Not a micro:bit: see CMakeLists.txt.
BOARDS = counted.BOARDS | {"m0plus": counted.BOARDS["m3"]}
PAGE_CORES = ("m0plus", "m4")

STATES = {"idle": "idle, or off", "begins": "begins, or records",
          "waits": "waits, or nothing to do", "ends": "ends"}
BLOCKS = {"log": "CAIRN_Log, not inline", "append": "CAIRN_Append", "sample": "CAIRN_Sample",
          "event": "CAIRN_Event", "correct": "CAIRN_Correct", "edge": "CAIRN_Edge",
          "seal": "CAIRN_Seal", "verify": "CAIRN_Verify", "anchor": "CAIRN_Anchor",
          "settime": "CAIRN_SetTime", "status": "CAIRN_Status", "retain8": "CAIRN_Retain8",
          "command": "CAIRN_Command"}
SCENARIOS = {"first-scans": "first scans: the log is opened",
             "after-cut": "first scans after a cut",
             "queue-full": "queue full", "storage-full": "storage full",
             "recycles": "storage full, and the log recycles", "key-missing": "key missing",
             "storage-fails": "storage fails", "clock-steps-back": "clock steps back"}
UNITS = (1, 4, 16)


def figures(core, folder):
    found = {}
    for program in ("blocks", "pump"):
        path = pathlib.Path(folder) / f"tests/size/size_measure_plc_{program}.elf"
        found |= {name: values[0] for name, values in size.run(BOARDS[core], path).items()}
    return found


def check(core, folder):
    size.check_budget(BUDGET, core, lambda: figures(core, folder))


def record(folder):
    measured = {core: figures(core, pathlib.Path(folder) / core) for core in counted.CORES}
    BUDGET.write_text(json.dumps({"compiler": size.compiler(), **measured}, indent=1) + "\n")


def table(first, columns, rows):
    """Rows are pairs of a title and figures, None where there is none."""
    out = tables.line(first, *columns) + "|---" * (len(columns) + 1) + "|\n"
    for title, numbers in rows:
        out += tables.line(title, *("" if n is None else tables.number(n) for n in numbers))
    return out


def block_table(machine, figures):
    return table(f"instructions of a call, {machine}", STATES.values(),
                 [(title, [figures.get(f"{block}/{state}") for state in STATES])
                  for block, title in BLOCKS.items()])


def section():
    budget = json.loads(BUDGET.read_text())
    blocks = [block_table(counted.CORES[core], budget[core]) for core in PAGE_CORES]
    pump = table("instructions of the longest call of `CAIRN_Log`, inline",
                 [f"{counted.CORES[core]}, Budget {units}" for core in PAGE_CORES
                  for units in UNITS],
                 [(title, [budget[core][f"{name}/{units}"] for core in PAGE_CORES
                           for units in UNITS]) for name, title in SCENARIOS.items()])
    return "\n".join([f"GCC {budget['compiler']}.\n", *blocks, pump])


def main():
    verb, *arguments = sys.argv[1:]
    if verb == "check":
        check(*arguments)
    elif verb == "record":
        record(*arguments)
    else:
        tables.page(arguments[0], "instructions", section(), arguments[1:] == ["--write"])


if __name__ == "__main__":
    main()
