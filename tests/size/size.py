#!/usr/bin/env python3
"""What cairn takes of a Cortex-M: counts it, compares it with budget.json, prints it.

usage: size.py check CORE FOLDER        fails when a figure is more than 1 % over the budget, or an
                                        image holds a heap, printf or a C++ run-time library
       size.py rows [--json FILE] [--record] FOLDER
                                        measures FOLDER's builds and prints a row for each goal;
                                        --record makes what they measure the budget
       size.py page PAGE [--write]      compares the page's tables with budget.json

FOLDER holds a build of each core, as the presets make it: FOLDER/m4/tests/size.
"""
import json
import pathlib
import re
import subprocess
import sys

from counted import (BEGIN_FUNCTION, BEGINS, BOARDS, BOTH_WAYS, CALLER_BYTES, CALLS, CORES,
                     FUNCTIONS, IMAGES, SIGNERS, STACK_GOAL, STEP_FUNCTION, STEPS, goals)
from stack import Graph
from symbols import check_symbols, heap_symbols
from tables import BUDGET, page, section

MARGIN = 1.01
SKIPPED = 77


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def weigh(program):
    """ROM and static RAM of an image, in bytes."""
    text, data, bss = map(int, output("arm-none-eabi-size", program).splitlines()[1].split()[:3])
    return text + data, data + bss


def run(board, program):
    machine, clock = board
    result = subprocess.run(
        ["qemu-system-arm", "-M", machine, "-nographic", "-monitor", "none", "-serial", "none",
         "-icount", "shift=0", "-semihosting-config", "enable=on,target=native", "-kernel",
         program], capture_output=True, text=True, timeout=300)
    if result.returncode != 0:
        sys.exit(f"{program}: exit status {result.returncode}\n{result.stderr}")
    calls = {}
    for line in result.stderr.splitlines():
        match = re.fullmatch(r"measured (\S+) (\d+) (\d+) (\d+)", line)
        if match:
            ticks, count, stack = map(int, match.groups()[1:])
            calls[match.group(1)] = (ticks * 1_000_000_000 // clock // count, stack)
        match = re.fullmatch(r"counted (\S+) (\d+)", line)
        if match:
            calls.setdefault(match.group(1), ())
            calls[match.group(1)] += (int(match.group(2)),)
    return calls


def compiler():
    return output("arm-none-eabi-gcc", "-dumpfullversion").strip()


def figures(core, folder):
    folder = pathlib.Path(folder) / "tests/size"
    empty_rom, empty_ram = weigh(folder / "size_empty.elf")
    found = {}
    for image in IMAGES:
        rom, ram = weigh(folder / f"size_{image}.elf")
        found[f"rom/{image}"], found[f"ram/{image}"] = rom - empty_rom, ram - empty_ram
    found["heap/p256"] = len(heap_symbols(folder / "size_p256.elf"))
    symbols = output("arm-none-eabi-nm", "-S", folder / "size_core.elf")
    found["ram/recorder"] = int(re.search(r"^\w+ (\w+) b recorder$", symbols, re.M).group(1), 16)
    measured = {}
    for library in ("core", "p256", "ed25519"):
        calls = run(BOARDS[core], folder / f"size_measure_{library}.elf")
        prefix = "" if library == "core" else library + "/"
        for name, (instructions, stack) in calls.items():
            if prefix + name in CALLS:
                found[f"instructions/{prefix}{name}"] = instructions
                measured[f"stack/{prefix}{name}"] = stack
    steps = run(BOARDS[core], folder / "size_measure_steps.elf")
    (found["signatures"],) = steps.pop("signatures")
    for name, (instructions, stack, *units) in steps.items():
        found[f"instructions/{name}"] = instructions
        measured[f"stack/{name}"] = stack
        found |= {f"units/{name}": count for count in units}
    calls = run(BOARDS[core], folder / "size_measure_core_steps.elf")
    for name in BOTH_WAYS:
        found[f"instructions/core_steps/{name}"] = calls[name][0]
        measured[f"stack/core_steps/{name}"] = calls[name][1]
    build = folder.parent.parent
    return found | measured | worst_stacks(build, measured) | signature_stacks(build, measured)


def worst_stacks(build, measured):
    """The worst case of every call that may take more than the goal, and of those measured."""
    found = {}
    nanopb = build / "CMakeFiles/cairn_nanopb.dir"
    for library, prefix in (("cairn_small", ""), ("cairn", "core_steps/")):
        graph = Graph(build / f"src/CMakeFiles/{library}.dir", nanopb)
        depths = {function: graph.of(function) for function in graph.public()}
        bounds = {f"stack/{prefix}{call}": max(depths[name] for name in functions)
                  for call, functions in FUNCTIONS.items()}
        if prefix:
            bounds |= {f"stack/{step}": depths[STEP_FUNCTION] for step in STEPS}
            bounds |= {f"stack/{begin}": depths[BEGIN_FUNCTION] for begin in BEGINS}
            found |= {f"worst-stack/{name}": depth for name, depth in depths.items()
                      if name.startswith("cairn_steps_")
                      and (depth > STACK_GOAL or name == STEP_FUNCTION)}
        check_bounds(bounds, measured)
        found[f"worst-stack/{prefix}any"] = max(depths.values())
        if not prefix:
            named = {name for functions in FUNCTIONS.values() for name in functions}
            found |= {f"worst-stack/{name}": depth for name, depth in depths.items()
                      if depth > STACK_GOAL or name in named}
    return found


def signature_stacks(build, measured):
    """The worst case of signers and verifiers, which comes on top of what calls them."""
    found, bounds = {}, {}
    for library, folders in SIGNERS.items():
        graph = Graph(build / "src/CMakeFiles/cairn_small.dir", *(build / f for f in folders))
        depth = found[f"worst-stack/{library}/signer"] = graph.of(f"cairn_{library}_signer")
        bounds[f"stack/{library}/signer"] = depth + CALLER_BYTES  # by way of device_signer()
        for verb in ("sign", "verify"):
            depth = graph.of(graph.only(f"[0-9]{verb}_{library}E"))
            found[f"worst-stack/{library}/{verb}"] = depth
            bounds[f"stack/{library}/{verb}"] = depth + graph.of(f"cairn_{verb}")
    check_bounds(bounds, measured)
    return found


def check_bounds(bounds, measured):
    for name, bound in bounds.items():
        if measured.get(name, 0) > bound + CALLER_BYTES:
            sys.exit(f"{name} was measured to take {measured[name]} bytes, and the worst case by "
                     f"the call graph is {bound}")


def check(core, folder):
    check_symbols(core, pathlib.Path(folder))
    check_budget(BUDGET, core, lambda: figures(core, folder))


def check_budget(path, core, measure):
    """Compares what measure() finds with the budget of a core in a file."""
    budget = json.loads(path.read_text())
    if compiler() != budget["compiler"]:
        print(f"skipped: the budget is for GCC {budget['compiler']}, and this is {compiler()}")
        sys.exit(SKIPPED)
    found = measure()
    if found.keys() != budget[core].keys():
        sys.exit(f"{path.name} does not name the same figures: run tests/size/run --record")
    over = [f"{name}: {value}, and the budget is {budget[core][name]}"
            for name, value in found.items() if value > MARGIN * budget[core][name]]
    if over:
        sys.exit("over the budget by more than 1 %:\n  " + "\n  ".join(over))
    print(f"{len(found)} figures within the budget")


def rows(measured):
    for core, found in measured.items():
        for name, what, unit, limit, peers in goals(core):
            yield {"table": "device", "name": f"{CORES[core]}, {what}", "value": found[name],
                   "unit": unit, "goal": f"<= {limit:g}", "met": found[name] <= limit,
                   "peers": peers}


def print_row(row):
    met = "met" if row["met"] else "not met"
    peers = "".join(f"; {name} {value}" for name, value in row["peers"].items())
    print(f"{row['name']}: {row['value']} {row['unit']} (goal {row['goal']}: {met}{peers})")


def measure(folder, json_file, is_budget):
    measured = {core: figures(core, pathlib.Path(folder) / core) for core in CORES}
    if is_budget:
        BUDGET.write_text(json.dumps({"compiler": compiler(), **measured}, indent=1) + "\n")
    found = list(rows(measured))
    for row in found:
        print_row(row)
    if json_file:
        pathlib.Path(json_file).write_text(json.dumps(found, indent=1) + "\n")


def main():
    verb, *arguments = sys.argv[1:]
    if verb == "check":
        check(*arguments)
    elif verb == "rows":
        is_budget = "--record" in arguments
        json_file = arguments[arguments.index("--json") + 1] if "--json" in arguments else None
        measure(arguments[-1], json_file, is_budget)
    else:
        page(arguments[0], "device", section(), arguments[1:] == ["--write"])


if __name__ == "__main__":
    main()
