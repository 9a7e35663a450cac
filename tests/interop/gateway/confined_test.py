#!/usr/bin/env python3
"""usage: confined_test.py CAIRN-GATEWAY GATEWAY-DEVICE GATEWAY-LOAD

The gateway does all of its work with no more than the unit of its package lets it have: the system
calls, no capability, another user, keys that are handed over.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest

import confined
import gateway as g

LOAD = sys.argv.pop(3)
DEVICE = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
UNIT = (pathlib.Path(__file__).resolve().parents[3] /
        "ports/linux/gateway/daemon/package/cairn-gateway.service")
WRAPPER = [sys.executable, str(pathlib.Path(__file__).with_name("confined.py")), str(UNIT)]


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
class Confined(g.Case):
    def hand_over(self, gateway):
        """The keys as credentials, the state to the user of the service."""
        handed = self.folder / "handed"
        handed.mkdir()
        for name in ("log.key", "witness.key"):
            os.rename(gateway.folder / name, handed / name)
        if os.geteuid() == 0:
            for path in (handed, *handed.iterdir(), gateway.folder / "state",
                         *(gateway.folder / "state").rglob("*")):
                os.chown(path, confined.NOBODY, confined.NOBODY)
        gateway.config.write_text(gateway.config.read_text().replace('_key = "',
                                                                     '_key = "credential:'))
        # Where the address sanitizer is built in, it looks for leaks by a call that is not allowed.
        return {"CREDENTIALS_DIRECTORY": str(handed),
                "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}

    def test_it_works_with_what_the_unit_lets_it_have(self):
        self.folder.chmod(0o755)
        broker = self.opened(g.Broker(self.folder).start())
        upper = self.opened(g.Gateway(GATEWAY, self.folder / "upper", name="gateway.example/up"))
        gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway", f"""
[mqtt]
broker = "mqtt://localhost:{broker.port}"
""")).start()
        gateway.stop()
        upper.device("enrol", "--vkey", gateway.vkey("log"), "--owner", "a", "--role", "gateway")
        upper.start()
        subprocess.run([DEVICE, "enrol", str(gateway.folder / "state/store.sqlite"), "16"],
                       check=True)
        (gateway.folder / "witnesses.policy").write_text(
            f"log {gateway.vkey('log')}\nwitness upper {upper.vkey('witness')} "
            f"http://localhost:{upper.port}\nquorum upper\n")
        with open(gateway.config, "a") as config:
            config.write('[witnesses]\npolicy = "witnesses.policy"\ninterval_seconds = 1\n'
                         '[[anchor]]\ntype = "opentimestamps"\nname = "nobody"\n'
                         'url = "http://localhost:1/"\n')
        gateway.start(self.hand_over(gateway), WRAPPER)
        if os.geteuid() == 0:
            self.assertEqual(pathlib.Path(f"/proc/{gateway.process.pid}").stat().st_uid,
                             confined.NOBODY)
        status = pathlib.Path(f"/proc/{gateway.process.pid}/status").read_text()
        self.assertRegex(status, r"CapEff:\s+0+\n")
        self.assertRegex(status, r"Seccomp:\s+2\n")
        for what in ("heads", "records"):
            done = subprocess.run([LOAD, what, str(gateway.port), "16", "8", "2"],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
        g.wait_until(lambda: gateway.said("mqtt.connected"), "the broker is connected")
        g.wait_until(lambda: gateway.metric("witnessed_size") > 0, "the witness has cosigned")
        g.wait_until(lambda: gateway.said("anchor.failed"), "the anchor was asked")
        for path in ("/", "/v1/status", "/v1/devices", "/metrics", "/readyz", "/log/checkpoint"):
            self.assertEqual(gateway.get(path).status, 200, path)
        gateway.process.send_signal(signal.SIGHUP)
        g.wait_until(lambda: gateway.said("service.reloaded"), "the reload")
        self.assertEqual(gateway.get("/readyz").status, 200)
        self.assertEqual(gateway.stop(), 0)

    def test_another_system_call_would_end_it(self):
        for call, status in (("sched_getaffinity(0)", 0), ("nice(1)", -signal.SIGSYS),
                             ("chroot('/')", -signal.SIGSYS)):
            done = subprocess.run([*WRAPPER, "/usr/bin/python3", "-c", f"import os; os.{call}"],
                                  capture_output=True, timeout=60)
            self.assertEqual(done.returncode, status, call)


unittest.main()
