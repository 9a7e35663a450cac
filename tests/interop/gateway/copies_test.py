#!/usr/bin/env python3
"""usage: copies_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE

What outlives a gateway's store: mirrors over HTTP, the store rebuilt from what is left, and
evidence about records that devices reported, all the way to `cairn verify`.
"""

import shutil
import signal
import subprocess
import sys
import unittest

import gateway as g

DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)


class Copies(g.Case):
    def setUp(self):
        super().setUp()
        self.gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway"))
        self.device = g.Device(CAIRN, self.folder / "device", "plant.example/press4")
        self.enrol()
        self.gateway.start()

    def enrol(self):
        self.gateway.device("enrol", "--vkey", self.device.vkey, "--owner", "plant", "--role",
                            "press")

    def leaves(self):
        return int(self.gateway.metric("log_leaves"))

    def report_heads(self, count):
        """Has that many heads cosigned, and waits until they are leaves."""
        before = self.leaves()
        for number in range(count):
            size = self.device.append([f"record {number}"])
            answer = self.gateway.post("/add-checkpoint", self.device.request())
            self.assertEqual(answer.status, 200, answer.text)
            (self.device.folder / "cosignature").write_text(answer.text)
            self.device.run("cosign", "log", "cosignature")
            self.device.cosigned = size
        g.wait_until(lambda: self.leaves() == before + count, "the heads are leaves")

    def mirror(self, folder, *more):
        return subprocess.run(
            [GATEWAY, "mirror", f"http://127.0.0.1:{self.gateway.port}/log", "--folder",
             str(self.folder / folder), "--log", self.gateway.vkey("log"), *more],
            capture_output=True, text=True, timeout=60)

    def lose_store(self):
        self.assertEqual(self.gateway.stop(), 0)
        for path in (self.gateway.folder / "state").glob("store.sqlite*"):
            path.unlink()

    def new_witness_key(self):
        for name in ("witness.key", "witness.key.vkey"):
            (self.gateway.folder / name).unlink()
        subprocess.run([CAIRN, "keygen", "--name", "gateway.example/north/witness-2", "--out",
                        str(self.gateway.folder / "witness.key")], check=True, capture_output=True)

    def test_drill(self):
        subprocess.run([CAIRN, "keygen", "--name", "mirror.example", "--out",
                        str(self.folder / "mirror.key")], check=True, capture_output=True)
        key = ("--key", str(self.folder / "mirror.key"))
        self.report_heads(3)
        done = self.mirror("mirror", *key)
        self.assertEqual((done.returncode, done.stdout), (0, "3 leaves, 3 of them new, cosigned\n"),
                         done.stderr)
        self.report_heads(2)
        done = self.mirror("mirror", *key)
        self.assertEqual(done.stdout, "5 leaves, 2 of them new, cosigned\n", done.stderr)
        note = (self.folder / "mirror/checkpoint").read_text()
        self.assertIn("\n— mirror.example ", note)
        head = self.gateway.get("/log/checkpoint").text
        self.assertTrue(note.startswith(head))

        # The store is lost, and all of the tiles.
        self.lose_store()
        shutil.rmtree(self.gateway.folder / "state/log")
        (self.folder / "known").write_text(head)
        witness = self.gateway.vkey("witness")
        arguments = ("rebuild", "--config", str(self.gateway.config), "--witness", witness,
                     "--known", str(self.folder / "known"))
        with self.assertRaisesRegex(AssertionError, "no copy has a signed head"):
            self.gateway.run(*arguments)
        printed = self.gateway.run(*arguments, "--mirror", str(self.folder / "mirror"),
                                   "--device-log", str(self.device.folder / "log"))
        self.assertIn("5 leaves from", printed)
        self.assertIn("1 devices", printed)

        # The old witness key is refused: from this store it could sign a fork.
        with self.assertRaisesRegex(AssertionError, "cosigned for a store that was lost"):
            self.gateway.start()
        self.new_witness_key()
        self.gateway.start()
        self.assertEqual(self.gateway.get("/log/checkpoint").text, head)
        self.assertEqual(self.gateway.post("/add-checkpoint", self.device.request(0)).status, 404)
        self.enrol()
        self.device.append(["after the loss"])
        behind = self.gateway.post("/add-checkpoint", self.device.request(0))
        self.assertEqual((behind.status, behind.text), (409, f"{self.device.cosigned}\n"))
        self.report_heads(1)
        self.assertEqual(len(g.check_log(self.gateway)), 6)
        self.assertEqual(self.mirror("mirror").stdout, "6 leaves, 1 of them new\n")

    def test_the_configured_witness_key_is_retired_and_all_that_are_named(self):
        self.report_heads(1)
        self.lose_store()
        former = [self.folder / name for name in ("first.key", "second.key")]
        for path in former:
            subprocess.run([CAIRN, "keygen", "--name", "gateway.example/" + path.stem, "--out",
                            str(path)], check=True, capture_output=True)
        named = [word for path in former for word in ("--witness", str(path) + ".vkey")]
        self.gateway.run("rebuild", "--config", str(self.gateway.config), *named)
        for path in [None, *former]:
            if path is not None:
                shutil.copy(path, self.gateway.folder / "witness.key")
            with self.assertRaisesRegex(AssertionError, "cosigned for a store that was lost"):
                self.gateway.start()
        self.new_witness_key()
        self.gateway.start()

    def test_a_mirror_that_looks_again_and_again(self):
        process = subprocess.Popen(
            [GATEWAY, "mirror", f"http://127.0.0.1:{self.gateway.port}/log", "--folder",
             str(self.folder / "mirror"), "--log", self.gateway.vkey("log"), "--every", "1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        self.report_heads(2)
        copy = self.folder / "mirror/checkpoint"
        g.wait_until(lambda: copy.exists() and g.checkpoint_size(copy.read_text()) == 2, "a copy")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)

    def test_records_that_are_lost_hold_nobody_up(self):
        bring = lambda: self.assertEqual(
            self.converse(DEVICE, self.gateway, self.device, "records"), self.device.size())
        self.device.append([f"reading {number}" for number in range(40)])
        bring()
        self.assertEqual(self.gateway.stop(), 0)
        shutil.rmtree(self.gateway.folder / "state/records")
        self.gateway.start()
        self.device.append(["one more"])
        bring()
        self.assertEqual(self.gateway.metric("records_unkept_total"), 1)
        self.assertEqual(self.gateway.metric("records_failed_total"), 0)
        g.wait_until(lambda: self.gateway.said("records.unkept"), "it is told")

    def test_records_and_evidence(self):
        size = self.device.append([f"reading {number}" for number in range(40)])
        self.assertEqual(self.converse(DEVICE, self.gateway, self.device, "records"), size)
        path = f"/v1/evidence?origin={self.device.origin}&index=7"
        answer = g.wait_until(lambda: (lambda a: a if a.status == 200 else None)(
            self.gateway.get(path)), "evidence")
        (self.folder / "evidence.cairn").write_bytes(answer.body)
        (self.folder / "policy").write_text(
            f"log {self.device.vkey}\nlog {self.gateway.vkey('log')}\n"
            f"witness gateway {self.gateway.vkey('witness')}\nquorum gateway\n")
        verified = subprocess.run(
            [CAIRN, "verify", "evidence.cairn", "--policy", "policy"], cwd=self.folder,
            capture_output=True, text=True, timeout=60)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assertIn("reading 5\n", verified.stdout)
        by_time = self.gateway.get(f"/v1/evidence?origin={self.device.origin}&from_ms=1")
        self.assertEqual(by_time.status, 200, by_time.body[:200])
        for wrong in ("", "&index=x", "&index=1&from_ms=2"):
            answer = self.gateway.get(f"/v1/evidence?origin={self.device.origin}{wrong}")
            self.assertEqual(answer.status, 400, wrong)
        self.assertEqual(self.gateway.get("/v1/evidence?origin=x&index=1").status, 404)
        self.assertEqual(self.gateway.post("/v1/report", b"nonsense").status, 400)


if __name__ == "__main__":
    unittest.main(verbosity=2)
