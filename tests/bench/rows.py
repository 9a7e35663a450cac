#!/usr/bin/env python3
"""What becomes of the rows that the programs of tests/bench have measured.

usage: rows.py join FILE PART...          writes all rows into one JSON file
       rows.py page PAGE FOLDER PART...   writes them into the generated part of a page

FOLDER lies on the disk that was measured.
"""
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

BEGIN, END = "<!-- rows -->\n", "<!-- end of rows -->"
TABLES = {"host": "Host throughput", "evidence and air": "Evidence and air"}


def rows_of(parts):
    return [row for part in parts for row in json.loads(pathlib.Path(part).read_text())]


def number(value):
    if value == int(value) and value < 1e6 or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def limit(goal):
    sign, value = goal.split()
    signs = {"<=": "≤ ", ">=": "≥ "}
    return signs[sign] + number(float(value)) if sign in signs else goal


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def first(pattern, text, default="unknown"):
    match = re.search(pattern, text, flags=re.M)
    return match.group(1).strip() if match else default


def disk(folder):
    mount = output("df", "--output=source,fstype", folder).splitlines()[-1].split()
    model = output("lsblk", "-nso", "MODEL", mount[0]).strip()
    return f"{mount[1]} on {model or mount[0].removeprefix('/dev/')}"


def machine(folder):
    cpu = pathlib.Path("/proc/cpuinfo").read_text()
    flags = first(r"^flags\s*:(.*)$", cpu, "").split()
    extensions = [name for name in ("sha_ni", "avx2", "avx512vl") if name in flags]
    system = first(r'^PRETTY_NAME="?(.*?)"?$', pathlib.Path("/etc/os-release").read_text())
    cores = len(os.sched_getaffinity(0))
    return [
        ("date", datetime.date.today().isoformat()),
        ("processor", first(r"^model name\s*:(.*)$", cpu) + f", {cores} cores, "
         + (", ".join(extensions) or "no SHA or AVX extensions")),
        ("system", f"{system}, Linux {platform.release()}"),
        ("compiler", output("c++", "--version").splitlines()[0]),
        ("disk", disk(folder)),
        ("load when measuring ended", f"{os.getloadavg()[0]:.1f}"),
    ]


def peers(row):
    by_value = sorted(row["peers"].items(), key=lambda peer: peer[1])
    return "; ".join(f"{name} {number(value)}" for name, value in by_value)


def figure(row):
    if row["value"] is None:
        return f"not measured: {row['why']}"
    return f"{number(row['value'])} {row['unit'].replace('us', 'µs')}"


def line(*cells):
    return "| " + " | ".join(cells) + " |\n"


def tables(rows):
    for table, title in TABLES.items():
        mine = [row for row in rows if row["table"] == table]
        yield f"\n## {title}\n\n| what | cairn | goal | | others |\n|---|---|---|---|---|\n"
        for row in mine:
            if row["goal"] is not None:
                met = "met" if row["met"] else "not met"
                yield line(row["name"], figure(row), limit(row["goal"]), met, peers(row))
        rest = [row for row in mine if row["goal"] is None]
        if rest:
            yield "\nFor comparison:\n\n| what | cairn | others |\n|---|---|---|\n"
        for row in rest:
            yield line(row["name"], figure(row), peers(row))


def write_page(page, folder, rows):
    text = page.read_text()
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    about = "".join(f"| {what} | {value} |\n" for what, value in machine(folder))
    body = "".join(["| | |\n|---|---|\n", about, *tables(rows)])
    page.write_text(head + BEGIN + body + END + tail)


def main():
    verb, target, *parts = sys.argv[1:]
    if verb == "join":
        pathlib.Path(target).write_text(json.dumps(rows_of(parts), indent=1) + "\n")
    else:
        write_page(pathlib.Path(target), parts[0], rows_of(parts[1:]))


main()
