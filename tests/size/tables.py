"""The tables of docs/footprint.md, from budget.json; and a page's section that a program makes."""
import json
import pathlib
import re
import sys

from counted import BEGINS, BOTH_WAYS, CALLS, CORES, IMAGES, SIGNERS, STACK_GOAL, STEPS, goals

BUDGET = pathlib.Path(__file__).parent / "budget.json"


def line(*cells):
    return "| " + " | ".join(cells) + " |\n"


def number(value):
    return f"{value:,}"


def goal_table(budget):
    out = line("what", "goal", *CORES.values(), "") + "|---" * (len(CORES) + 3) + "|\n"
    for entry in zip(*(goals(core) for core in CORES)):
        name, what, unit, _, _ = entry[-1]
        limits = sorted({int(goal[3]) for goal in entry})
        values = [budget[core][name] for core in CORES]
        met = [value <= goal[3] for value, goal in zip(values, entry)]
        verdict = "met" if all(met) else "not met" if not any(met) else "met by " + ", ".join(
            label for label, reached in zip(CORES.values(), met) if reached)
        short = {"instructions": ""}.get(unit, " " + unit)
        out += line(what, "≤ " + " / ".join(map(number, limits)) + short, *map(number, values),
                    verdict)
    return out


def table(budget, kind, names):
    out = line(kind, *CORES.values()) + "|---" * (len(CORES) + 1) + "|\n"
    for key, what in names.items():
        out += line(what, *(number(budget[core][key]) for core in CORES))
    return out


# A part with this core at its usual clock, and what a scan may take of it.
CLOCKS_MHZ = {"m0plus": 48, "m3": 72, "m4": 168, "m33": 160}
SCANS_MS = [1, 2, 5, 10, 20, 50, 100]
SHARE = 0.05
CYCLES_PER_INSTRUCTION = 1.5


def scan_table(budget):
    """Units that fit a scan, by the longest of all units."""
    cells = [f"{CORES[core]}, {clock} MHz" for core, clock in CLOCKS_MHZ.items()]
    out = line("units that fit 5 % of a scan", *cells) + "|---" * (len(CORES) + 1) + "|\n"
    for scan in SCANS_MS:
        fit = []
        for core, clock in CLOCKS_MHZ.items():
            longest = max(budget[core][f"instructions/{step}"] for step in STEPS)
            fit.append(int(SHARE * scan * 1000 * clock / CYCLES_PER_INSTRUCTION / longest))
        out += line(f"{scan} ms", *map(number, fit))
    return out


def both_ways_table(budget):
    """The same device in builds without and with bounded work."""
    def pair(kind, name):
        plain = "core" if kind == "rom" else name
        with_steps = "core_steps" if kind == "rom" else f"core_steps/{name}"
        return [f"{number(budget[core][f'{kind}/{plain}'])} / "
                f"{number(budget[core][f'{kind}/{with_steps}'])}" for core in CORES]
    out = line("CAIRN_BOUNDED_WORK 0 / 1", *CORES.values()) + "|---" * (len(CORES) + 1) + "|\n"
    out += line("ROM: " + IMAGES["core"], *pair("rom", ""))
    for call in BOTH_WAYS:
        out += line("instructions: " + CALLS[call], *pair("instructions", call))
    for call in BOTH_WAYS:
        out += line("stack: " + CALLS[call], *pair("stack", call))
    out += line("deepest stack of any call, worst case", *pair("worst-stack", "any"))
    return out


def worst_table(budget):
    """The functions whose worst case is known, the deepest first."""
    out = line("bytes of stack, worst case", *CORES.values()) + "|---" * (len(CORES) + 1) + "|\n"
    known = {key: value for core in CORES for key, value in budget[core].items()
             if re.fullmatch(r"worst-stack/cairn_\w+", key)}
    for key in sorted(known, key=lambda key: (-known[key], key)):
        cells = (number(budget[core][key]) if key in budget[core] else f"≤ {number(STACK_GOAL)}"
                 for core in CORES)
        out += line(f"`{key.partition('/')[2]}`", *cells)
    return out


def section():
    budget = json.loads(BUDGET.read_text())
    sizes = {f"rom/{image}": "ROM: " + what for image, what in IMAGES.items()}
    sizes |= {f"ram/{image}": "static RAM: " + what for image, what in IMAGES.items()}
    sizes["ram/recorder"] = "of which the recorder"
    return "\n".join([
        f"GCC {budget['compiler']}.\n",
        goal_table(budget),
        both_ways_table(budget),
        table(budget, "bytes", sizes),
        table(budget, "instructions", {f"instructions/{c}": what for c, what in CALLS.items()}),
        table(budget, "instructions of the largest step",
              {f"instructions/{s}": what for s, what in STEPS.items()}),
        table(budget, "instructions in front of the first unit",
              {f"instructions/{b}": what for b, what in BEGINS.items()}),
        table(budget, "units", {f"units/{s}": what for s, what in STEPS.items()}),
        scan_table(budget),
        table(budget, "bytes of stack, measured",
              {f"stack/{c}": what for c, what in CALLS.items()} |
              {f"stack/{s}": "in steps: " + what for s, what in (BEGINS | STEPS).items()}),
        table(budget, "bytes of stack, worst case, of signers and verifiers alone",
              {f"worst-stack/{c}": CALLS[c] for c in CALLS if c.partition("/")[0] in SIGNERS}),
        worst_table(budget),
    ])


def page(path, name, made, write, renew="tests/size/run --record"):
    """Compares a section of a page with what was made for it, or writes that."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, rest = pathlib.Path(path).read_text().split(begin)
    stands, tail = rest.split(end)
    if write:
        pathlib.Path(path).write_text(head + begin + made + end + tail)
    elif stands != made:
        sys.exit(f"{path} is not what was counted: run {renew}")
