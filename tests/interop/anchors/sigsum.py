#!/usr/bin/env python3
"""usage: sigsum.py PEER WORK-FOLDER

`sigsum-witness` of Debian's package sigsum-go (in Debian 12 among the backports), which was not
written here, cosigns our log: from nothing, and from head to head, each time after both were
started again.
"""

import os
import pathlib
import shutil
import subprocess
import sys

import service


def main():
    peer, work = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    for tool in ("sigsum-witness", "sigsum-key"):
        if shutil.which(tool) is None:
            service.skip(f"{tool} is not installed: it is in the package sigsum-go")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    subprocess.run(["sigsum-key", "generate", "-o", work / "witness"], check=True)
    log_key = subprocess.run([peer, "sigsum-key", work], check=True, capture_output=True, text=True)
    (work / "log.hex").write_text(log_key.stdout)
    subprocess.run(["sigsum-key", "from-hex", "-k", work / "log.hex", "-o", work / "log.pub"],
                   check=True)
    witness = subprocess.run(["sigsum-key", "to-hex", "-k", work / "witness.pub"], check=True,
                             capture_output=True, text=True).stdout.strip()
    port = service.free_port()
    command = ["sigsum-witness", "-k", work / "witness", "--log-key", work / "log.pub",
               "--state-file", work / "state", f"127.0.0.1:{port}"]
    # The packages of Debian 12 answer every request with 404 otherwise.
    environment = {**os.environ, "GODEBUG": "httpmuxgo121=0"}
    for size in (1, 70, 513):
        with service.running(command, port, work / "witness.log", env=environment):
            subprocess.run([peer, "sigsum", work, f"http://127.0.0.1:{port}", witness, str(size)],
                           check=True, timeout=60)


main()
