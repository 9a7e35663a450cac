#!/usr/bin/env python3
"""usage: confined.py UNIT PROGRAM [ARGUMENT...]

Runs a program as a unit of systemd does, as far as that can be had without systemd: as nobody,
without any capability, and with the system calls that the unit lets it have. Any other ends it.
"""

import ctypes
import os
import pathlib
import re
import subprocess
import sys

NOBODY = 65534
KILL_PROCESS, ALLOW = 0x80000000, 0x7FFF0000


def calls_of(name):
    """The system calls that a name of SystemCallFilter= stands for."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", name], check=True,
                            capture_output=True, text=True).stdout
    names = re.findall(r"^ +([@\w-]+)$", listed, re.M)
    return set().union(*map(calls_of, names))


def allowed_by(unit):
    """systemd adds @default to what a unit lists."""
    calls = calls_of("@default")
    for sign, names in re.findall(r"^SystemCallFilter=(~?)(.*)$", unit, re.M):
        listed = set().union(*map(calls_of, names.split()))
        calls = calls - listed if sign else calls | listed
    return calls


def load_filter(calls):
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    filter = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(KILL_PROCESS)))
    for name in calls:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # others are of other machines, or newer than the library
            failed = library.seccomp_rule_add_array(filter, ctypes.c_uint32(ALLOW), number, 0, None)
            if failed:
                raise OSError(-failed, f"cannot allow {name}")
    failed = library.seccomp_load(filter)  # with no new privileges
    if failed:
        raise OSError(-failed, "cannot load the filter")


def main():
    unit, program, *arguments = sys.argv[1:]
    calls = allowed_by(pathlib.Path(unit).read_text())
    descriptor = os.open(program, os.O_RDONLY)  # nobody may not be let into its folder
    os.set_inheritable(descriptor, False)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    os.umask(0o077)
    load_filter(calls)
    os.execve(descriptor, [program, *arguments], os.environ)


if __name__ == "__main__":
    main()
