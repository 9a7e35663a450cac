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
import os
import pathlib
import re
import subprocess
import sys

from stack import Graph

HERE = pathlib.Path(__file__).parent
BUDGET = HERE / "budget.json"
CORES = {"m0plus": "M0+", "m3": "M3", "m4": "M4", "m33": "M33"}
MARGIN = 1.01
SKIPPED = 77
KIB = 1024

# The boards run at these clocks, of which SysTick counts a tick each; -icount takes a nanosecond
# for an instruction.
BOARDS = {"m0plus": ("microbit", 16_000_000), "m3": ("mps2-an385", 25_000_000),
          "m4": ("mps2-an386", 25_000_000), "m33": ("mps2-an505", 20_000_000)}

IMAGES = {
    "core": "recorder, without a cryptographic library",
    "reporter": "recorder and reporter, without a cryptographic library",
    "p256": "recorder, P-256 by PSA Crypto",
    "ed25519": "recorder, Ed25519 by libsodium",
    "verify": "verify-only, Ed25519 by libsodium",
    "core_steps": "recorder, without a cryptographic library, with bounded work",
}
# These are also optimised when they are linked (-flto).
LINK_OPTIMISED = ("core", "reporter", "p256", "ed25519", "verify")
IMAGES |= {f"{image}_lto": IMAGES[image] + ", -flto" for image in LINK_OPTIMISED}
CALLS = {
    "append": "append a record of 32 bytes",
    "seal": "seal, without the signature",
    "create": "create",
    "open": "open, 66 records in the newest segment",
    "maintain": "maintain, nothing to do",
    "checkpoint": "signed checkpoint as text",
    "air-checkpoint": "checkpoint for the air",
    "read": "read a record back",
    "build-inclusion": "build an inclusion proof from flash",
    "verify-inclusion": "verify an inclusion proof of 20 hashes",
    "hash-leaf": "hash of a leaf of 32 bytes",
    "hash-node": "hash of a node",
    "p256/signer": "P-256 signer made of a key: its public key, and a signature on trial",
    "p256/sign": "P-256 signature",
    "p256/verify": "P-256 verification",
    "ed25519/signer": "Ed25519 signer made of a seed",
    "ed25519/sign": "Ed25519 signature",
    "ed25519/verify": "Ed25519 verification",
}
# The longest unit of an operation in steps, and how many it takes.
STEPS = {
    "step/open": "open, 66 records in the newest segment",
    "step/append": "append a record of 32 bytes, with six nodes",
    "step/seal": "seal, the signature excepted",
    "step/maintain": "maintain, a segment prepared",
    "step/ring": "300 appends, round a ring and over its oldest records",
    "step/open-torn": "open behind a torn write",
    "step/append-torn": "the first append behind it",
    "step/open-blank": "open memory that nobody has written",
}
# What beginning to open takes, which no budget counts.
BEGINS = {
    "begin/open": "begin to open, by a name of 19 bytes",
    "begin/open-longest": "begin to open, by the longest name, of 255",
}
# What bounded work costs who does not use it: of a build that has it.
BOTH_WAYS = ("append", "seal", "open")
# What the calls that were measured may take at most, by the compiler's call graph.
FUNCTIONS = {
    "append": ["cairn_recorder_append"],
    "seal": ["cairn_recorder_seal"],
    "create": ["cairn_recorder_create"],
    "open": ["cairn_recorder_open"],
    "maintain": ["cairn_log_maintain"],
    "checkpoint": ["cairn_recorder_checkpoint"],
    "air-checkpoint": ["cairn_recorder_air_checkpoint", "cairn_encode_air_checkpoint"],
    "read": ["cairn_log_read"],
    "build-inclusion": ["cairn_build_inclusion"],
    "verify-inclusion": ["cairn_verify_inclusion"],
    "hash-leaf": ["cairn_leaf_hash"],
    "hash-node": ["cairn_node_hash"],
}
STEP_FUNCTION = "cairn_steps_do"
# What a signature adds to that: of a library, and cairn's adapter of it.
SIGNERS = {"p256": ("CMakeFiles/cairn_mbedcrypto.dir", "src/CMakeFiles/cairn_psa.dir"),
           "ed25519": ("CMakeFiles/cairn_libsodium.dir", "src/CMakeFiles/cairn_sodium.dir")}
BEGIN_FUNCTION = "cairn_steps_begin_open"
# What was measured includes what makes the call: its registers, and arguments that go by the stack.
CALLER_BYTES = 32
# A function that may take more stack than the goal is named on the page.
STACK_GOAL = 1 * KIB


# On the boards of these cores the sensor node runs.
NODE_CORES = ("m3", "m4")
# What no image may hold: a heap, formatted output, exceptions, the C++ run-time library.
HEAP = r"_?(malloc|calloc|realloc|free|sbrk)(_r)?|_Z(n[wa]|d[la])\w*"
FORBIDDEN = re.compile(HEAP + r"|\w*printf\w*|__cxa_\w+|__gxx_\w+"
                       r"|_Z(St|N9__gnu_cxx)\w*|_Unwind_\w+|__aeabi_unwind\w*")
# Some of what the source of all of it, image_forbidden.cpp, makes a compiler ask for.
HELD_BY_FORBIDDEN = {"malloc", "printf", "_Znwj", "_ZdlPvj", "__cxa_throw", "__gxx_personality_v0",
                     "_ZSt20__throw_length_errorPKc"}


def goals(core):
    """Name of a figure, what it is, unit, limit and what others take."""
    small = core == "m0plus"
    return [
        ("rom/core", "ROM: " + IMAGES["core"], "B", (14 if small else 12) * KIB,
         {"littlefs alone": 15462}),
        ("rom/core_lto", "the same, optimised when it is linked (-flto)", "B",
         (14 if small else 12) * KIB, {"littlefs alone": 15462}),
        ("rom/p256", "ROM: " + IMAGES["p256"], "B", 26 * KIB, {"BoAT, at least": 210 * KIB}),
        ("ram/p256", "static RAM: " + IMAGES["p256"], "B", 3 * KIB, {"BoAT, at least": 10 * KIB}),
        ("heap/p256", "functions of a heap in it", "functions", 0, {"BoAT": "a heap"}),
        ("rom/ed25519", "ROM: " + IMAGES["ed25519"], "B", 78 * KIB, {}),
        ("rom/verify", "ROM: " + IMAGES["verify"], "B", 28 * KIB, {}),
        ("ram/recorder", "recorder, of up to 2^32 records", "B", 1.25 * KIB, {}),
        ("worst-stack/any", "deepest stack of any call, besides a signature's", "B", STACK_GOAL,
         {}),
        ("instructions/append", CALLS["append"] + ", hashing included", "instructions",
         15500 if small else 6800, {"hashing by mbedTLS": 21600 if small else 9650}),
        ("signatures", "signatures of 1,024 records, unless asked for: one for 64 to 256",
         "signatures", 16, {"one a record": 1024}),
    ]


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
    found["heap/p256"] = len([name for name in symbols_of(folder / "size_p256.elf")
                              if re.fullmatch(HEAP, name)])
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


def symbols_of(program):
    return {row.split()[0] for row in
            output("arm-none-eabi-nm", "--format=posix", program).splitlines()}


def forbidden_symbols(program):
    names = symbols_of(program)
    if "main" not in names:
        sys.exit(f"{program.name} holds no main")
    return sorted(filter(FORBIDDEN.fullmatch, names))


def check_symbols(core, build):
    # What is not found where it is, is found nowhere: in an image that has a heap, for a secure
    # element's driver, and in a file that needs everything.
    held = forbidden_symbols(build / "tests/on-target/on_target_secure.elf")
    if "malloc" not in held:
        sys.exit("a heap that is there was not found")
    folder = build / "tests/size/CMakeFiles/size_forbidden.dir"
    missed = HELD_BY_FORBIDDEN.difference(forbidden_symbols(folder / "image_forbidden.cpp.obj"))
    if missed:
        sys.exit(f"image_forbidden.cpp was not found to hold {', '.join(sorted(missed))}")
    programs = [build / f"tests/size/size_{image}.elf" for image in IMAGES]
    if core in NODE_CORES:
        programs += [build / f"examples/sensor_node_{key}.elf" for key in ("p256", "ed25519")]
        programs.append(build / "examples/verify_in_c.elf")
    for program in programs:
        held = forbidden_symbols(program)
        if held:
            sys.exit(f"{program.name} holds {', '.join(held)}")


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
