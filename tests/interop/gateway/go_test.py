#!/usr/bin/env python3
"""usage: go_test.py CAIRN-GATEWAY GATEWAY-DEVICE GATEWAY-LOAD FOLDER

Go's x/mod reads the gateway's log over HTTP, and finds every entry in the signed tree.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import gateway as g

FOLDER = pathlib.Path(sys.argv.pop(4))
LOAD = sys.argv.pop(3)
DEVICE = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
PACKAGES = pathlib.Path("/usr/share/gocode")

if not shutil.which("go") or not (PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
    print("left out: golang-go and golang-golang-x-mod-dev are not installed")
    sys.exit(77)


class Go(g.Case):
    def test_every_entry_is_in_the_tree(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        environment = dict(os.environ, GO111MODULE="off", GOPATH=str(PACKAGES), GOFLAGS="",
                           GOCACHE=str(FOLDER / "go-cache"))
        program = str(FOLDER / "read_log")
        source = pathlib.Path(__file__).with_name("read_log.go")
        subprocess.run(["go", "build", "-o", program, str(source)], env=environment, check=True)
        gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway")).start()
        gateway.stop()
        subprocess.run([DEVICE, "enrol", str(self.folder / "gateway/state/store.sqlite"), "40"],
                       check=True)
        gateway.start()
        for _ in range(10):  # so that there are full tiles, and two levels of them
            subprocess.run([LOAD, "heads", str(gateway.port), "40", "8", "1"], check=True,
                           capture_output=True)
            if gateway.metric("log_leaves") > 300:
                break
        g.wait_until(lambda: gateway.metric("log_waiting") == 0, "nothing waits")
        vkey = (self.folder / "gateway/log.key.vkey").read_text().strip()
        said = subprocess.run([program, f"http://127.0.0.1:{gateway.port}/log", vkey],
                              capture_output=True, text=True)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertEqual(int(said.stdout), gateway.metric("log_leaves"))
        self.assertGreater(int(said.stdout), 256)


unittest.main()
