#!/usr/bin/env python3
"""usage: linked_alone.py NM PROGRAM

Runs the verify-only program and reads its symbols: nothing of the library's other parts came along.
"""

import re
import subprocess
import sys

import tree

# Demangled names of nanopb, of the C interface, and of the concepts that verifying does without.
FOREIGN = re.compile(r"^(pb_\w+|cairn_\w+"
                     r"|cairn::(Log|Recorder|Evidence|Witness|Policy|Sample)\w*::.*"
                     r"|cairn::(encode|append|seal|build)_\w+\(.*)$")


def main():
    nm, program = sys.argv[1:]
    result = subprocess.run([program], capture_output=True, text=True)
    print(result.stdout, end="")
    faults = [] if result.returncode == 0 else [f"{program}: exit status {result.returncode}"]
    symbols = subprocess.run([nm, "--demangle", "--defined-only", program], check=True,
                             capture_output=True, text=True).stdout.splitlines()
    own = [line for line in symbols if "cairn::" in line]
    if not own:
        faults.append("no symbols of cairn: a stripped program tells nothing")
    for line in symbols:
        symbol = line.split(" ", 2)[2]
        if FOREIGN.match(symbol):
            faults.append(f"linked without need: {symbol}")
    tree.finish(f"{len(own)} symbols of cairn, none of log, recorder, evidence or messages", faults)


main()
