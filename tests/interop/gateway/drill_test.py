#!/usr/bin/env python3
"""usage: drill_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE

The drill: a gateway whose heads are anchored and witnessed loses its store, then its store and the
tiles of its log. The authority is gone by then, so what it gave must come from what is left: the
rebuilt gateway hands out evidence with it that `cairn verify` accepts, and knows who was frozen.
"""

import functools
import http.server
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading
import unittest

import gateway as g
import postgres

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "anchors"))
import authority
import service

DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Drill(g.Case):
    def setUp(self):
        super().setUp()
        (self.folder / "tsa").mkdir()
        self.authority = self.opened(authority.Authority(self.folder / "tsa"))
        self.upper = self.opened(g.Gateway(GATEWAY, self.folder / "upper",
                                           name="gateway.example/upper"))
        self.north = self.opened(g.Gateway(GATEWAY, self.folder / "north"))
        self.upper.device("enrol", "--vkey", self.north.vkey("log"), "--owner", "alliance",
                          "--role", "gateway")
        self.upper.start()
        (self.north.folder / "witnesses.policy").write_text(
            f"log {self.north.vkey('log')}\nwitness upper {self.upper.vkey('witness')} "
            f"http://127.0.0.1:{self.upper.port}\nquorum upper\n")
        self.parties = f"""
[[anchor]]
type = "rfc3161"
name = "authority"
url = "{self.authority.url}"
certificates = "{self.folder}/tsa/ca.pem"
interval_seconds = 1
retry_min_seconds = 1

[witnesses]
policy = "witnesses.policy"
interval_seconds = 1
retry_min_seconds = 1
"""
        self.north.configure(self.parties)
        self.press, self.saw = (g.Device(CAIRN, self.folder / name, f"plant.example/{name}")
                                for name in ("press", "saw"))
        self.enrol(self.press)
        self.enrol(self.saw)
        self.north.start()
        subprocess.run([CAIRN, "keygen", "--name", "mirror.example", "--out",
                        str(self.folder / "mirror.key")], check=True, capture_output=True)

    def enrol(self, device):
        self.north.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "machine")

    def report(self, lines):
        """Has the press bring records, and waits until that head is anchored and witnessed; its
        size."""
        size = self.press.append(lines)
        leaves = self.north.metric("log_leaves") + 1
        self.assertEqual(self.converse(DEVICE, self.north, self.press, "records"), size)

        def is_vouched_for():
            status = json.loads(self.north.get("/v1/status").text)
            return status["anchors"][0]["size"] >= leaves and status["witnesses"]["size"] >= leaves
        g.wait_until(is_vouched_for, "a receipt and a cosignature", 60)
        return size

    def fork(self):
        """Has the saw show two histories."""
        shutil.copytree(self.saw.folder, self.folder / "twin")
        self.saw.append(["one"])
        self.assertEqual(self.north.post("/add-checkpoint", self.saw.request()).status, 200)
        g.wait_until(lambda: self.north.metric("log_waiting") == 0, "a leaf")
        self.saw.folder = self.folder / "twin"
        self.saw.append(["another"])
        self.assertIn(self.north.post("/add-checkpoint", self.saw.request()).status, (409, 422))
        self.assertIn("frozen", self.north.device("show", self.saw.origin))

    def mirror(self, name):
        done = subprocess.run(
            [GATEWAY, "mirror", f"http://127.0.0.1:{self.north.port}/log", "--folder",
             str(self.folder / name), "--log", self.north.vkey("log"), "--key",
             str(self.folder / "mirror.key")], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def served(self, name):
        """The URL of a folder behind a web server."""
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(self.folder / name)))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def evidence(self, query):
        answer = self.north.get(f"/v1/evidence?origin={self.press.origin}&{query}")
        self.assertEqual(answer.status, 200, answer.body[:300])
        (self.folder / "evidence.cairn").write_bytes(answer.body)

    def check_evidence(self, query):
        """Evidence has the time-stamp and the cosignature of the gateway above."""
        (self.folder / "plant.policy").write_text(
            f"log {self.press.vkey}\nlog {self.north.vkey('log')}\n"
            f"witness upper {self.upper.vkey('witness')}\nquorum upper\n")
        (self.folder / "trust.anchors").write_text("tsa authority tsa/ca.pem\nrequire 1\n")
        self.evidence(query)
        report = service.verify(CAIRN, self.folder, "trust.anchors")
        self.assertTrue(report["ok"], report)
        self.assertEqual(report["questions"]["anchors"]["outcome"], "passed")
        self.assertEqual(report["witnesses"], "upper")

    def upgrade(self):
        """Has the gateway start as one whose store is older than its archive; nothing is lost by
        that."""
        self.assertEqual(self.north.stop(), 0)
        archive = self.north.folder / "state/log/archive"
        before = [(path.parent.name, path.read_bytes()) for path in archive.glob("*/*")]
        self.assertEqual({kind for kind, _ in before}, {"receipt", "cosigned", "fork"})
        shutil.rmtree(archive)
        store = sqlite3.connect(self.north.folder / "state/store.sqlite")
        with store:
            store.execute("DELETE FROM entry WHERE CAST(key AS TEXT) LIKE 'archived %'")
        store.close()
        self.north.start()
        g.wait_until(lambda: self.north.said("archive.filled"), "the archive is filled")
        after = [(path.parent.name, path.read_bytes()) for path in archive.glob("*/*")]
        for file in before:  # beside which more may have come since
            self.assertEqual(after.count(file), 1)

    def remove(self, *names):
        """Ends the gateway and removes files of its state."""
        self.assertEqual(self.north.stop(), 0)
        state = self.north.folder / "state"
        for name in names:
            for path in state.glob(name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def lose(self, *names):
        """The same; and nobody can be asked any more."""
        self.remove(*names)
        if self.authority is not None:
            self.authority.close()
            self.assertEqual(self.upper.stop(), 0)
            self.authority = None

    def rebuild(self, *more):
        return self.north.run("rebuild", "--config", str(self.north.config), "--witness",
                              self.north.vkey("witness"), *more)

    def start_anew(self):
        for path in self.north.folder.glob("witness.key*"):
            path.unlink()
        subprocess.run([CAIRN, "keygen", "--name", "gateway.example/north/witness-2", "--out",
                        str(self.north.folder / "witness.key")], check=True, capture_output=True)
        self.north.start()

    def check_frozen(self):
        self.assertIn("frozen", self.north.device("show", self.saw.origin))
        with self.assertRaisesRegex(AssertionError, "enrolled already"):
            self.enrol(self.saw)
        self.assertEqual(self.north.post("/add-checkpoint", self.saw.request()).status, 403)
        self.assertEqual(json.loads(self.north.get("/v1/forks").text)["forks"], [self.saw.origin])
        proof = self.north.get(f"/v1/fork?origin={self.saw.origin}").body
        (self.folder / "proof.fork").write_bytes(proof)
        self.saw.run("fork", "verify", str(self.folder / "proof.fork"), "--key", self.saw.vkey)

    def test_the_store_is_lost(self):
        self.report(["reading 1", "reading 2"])
        self.fork()
        self.check_evidence("index=1&anchor=authority")
        self.upgrade()
        self.lose("store.sqlite*")
        printed = self.rebuild()
        self.assertRegex(printed, r"[1-9]\d* receipts, [1-9]\d* cosignatures of further witnesses, "
                                  r"1 devices frozen")
        self.assertNotIn("left out", printed)
        self.start_anew()
        for query in ("index=1", "index=1&anchor=authority", "from_ms=1"):
            self.check_evidence(query)
        self.check_frozen()
        # The device goes on where it was, and so do its records.
        self.enrol(self.press)
        size = self.press.append(["reading 3"])
        self.assertEqual(self.converse(DEVICE, self.north, self.press, "records"), size)
        path = f"/v1/evidence?origin={self.press.origin}&index={size - 2}"
        g.wait_until(lambda: self.north.get(path).status == 200, "evidence")
        self.assertEqual(self.north.metric("records_unkept_total"), 0)
        # What has been restored is lost again, with what came since; a fleet's store takes it.
        self.lose("store.sqlite*")
        if postgres.programs() is None:
            self.skipTest("there is no PostgreSQL to rebuild into")
        self.north.configure(self.parties + self.opened(postgres.Server()).start().table())
        self.assertIn("1 devices frozen", self.rebuild())
        self.start_anew()
        self.assertEqual(self.north.metric("store_up"), 1)
        self.check_evidence("index=1&anchor=authority")
        self.evidence(f"index={size - 2}")
        self.check_frozen()

    def test_store_and_tiles_are_lost(self):
        self.report(["reading 1", "reading 2"])
        self.mirror("late")
        last = self.report(["reading 3"]) - 2  # in front of its close record
        self.fork()
        self.mirror("mirror")
        self.mirror("mirror")  # nothing new
        self.check_evidence(f"index={last}&anchor=authority")
        known = self.folder / "known.cairn"
        shutil.copy(self.folder / "evidence.cairn", known)
        self.lose("store.sqlite*", "log")
        with self.assertRaisesRegex(AssertionError, "known.cairn proves that the log had"):
            self.rebuild("--mirror", str(self.folder / "late"), "--known", str(known))
        shutil.rmtree(self.north.folder / "state/log")  # as far as the late mirror filled it
        url = self.served("mirror")
        printed = self.rebuild("--mirror", str(self.folder / "late"), "--mirror", url, "--known",
                               str(known))
        self.assertIn(f"leaves from {url}", printed)
        self.assertNotIn("left out", printed)
        self.start_anew()
        for index in (1, last):
            self.check_evidence(f"index={index}&anchor=authority")
        self.check_frozen()
        g.check_log(self.north)
        self.assertEqual((self.north.folder / "state/log/archive/fork/000").read_bytes(),
                         (self.folder / "proof.fork").read_bytes())

    def test_a_witness_remembers_more_than_a_copy_holds(self):
        self.report(["reading 1"])
        self.mirror("late")
        self.report(["reading 2"])
        self.mirror("mirror")
        self.remove("store.sqlite*", "log")
        with self.assertRaisesRegex(AssertionError, r"has cosigned size \d+ already; the copies"):
            self.rebuild("--mirror", str(self.folder / "late"))
        self.assertNotIn("did not say", self.rebuild("--mirror", str(self.folder / "mirror")))
        self.start_anew()
        g.check_log(self.north)


if __name__ == "__main__":
    unittest.main(verbosity=2)
