#!/usr/bin/env python3
"""usage: anchors_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE REPOSITORY WORK-FOLDER

The running gateway with a time-stamping authority, EVM chains and further witnesses: evidence that
verifies when all of them are stopped, and what happens while they are down, hang, or when the
gateway is killed between a submission and its receipt.
"""

import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
import urllib.request

import gateway as g

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "anchors"))
import authority
import chains
import proxy
import service

WORK = pathlib.Path(sys.argv.pop(5)).resolve()
REPOSITORY = pathlib.Path(sys.argv.pop(4)).resolve()
DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
MIB = 1 << 20
ORIGIN = "plant.example/press4"


def rpc(url, method, *parameters):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["result"]


def authority_table(tsa, more="", interval_s=1):
    return f"""
[[anchor]]
type = "rfc3161"
name = "authority"
url = "{tsa.url}"
certificates = "{tsa.work / 'ca.pem'}"
interval_seconds = {interval_s}
retry_min_seconds = 1
retry_max_seconds = 2
{more}"""


def chain_table(url, chain_id, more="", interval_s=1):
    return f"""
[[anchor]]
type = "evm"
name = "chain"
url = "{url}"
chain_id = {chain_id}
key = "account.key"
cost_max = 100000000
interval_seconds = {interval_s}
poll_seconds = 1
retry_min_seconds = 1
retry_max_seconds = 2
{more}
"""


def witness_table(policy):
    return f"""
[witnesses]
policy = "{policy}"
interval_seconds = 1
retry_min_seconds = 1
retry_max_seconds = 2
"""


class Plant(g.Case):
    """A device and gateways; one gateway's log may be witnessed by others."""

    def gateway(self, name, more="", listen=""):
        """A gateway that is not started yet; its log is called gateway.example/NAME."""
        return self.opened(g.Gateway(GATEWAY, self.folder / name, more, listen,
                                     name=f"gateway.example/{name}"))

    def device(self, gateway):
        device = g.Device(CAIRN, self.folder / "device", ORIGIN)
        gateway.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "press")
        return device

    def authority(self):
        folder = self.folder / "tsa"
        folder.mkdir()
        return self.opened(authority.Authority(folder))

    def witness_of(self, lower, upper):
        """Has the gateway `upper` know the log of `lower`; the policy by which that asks it."""
        upper.device("enrol", "--vkey", lower.vkey("log"), "--owner", "alliance", "--role",
                     "gateway")
        upper.start()
        policy = lower.folder / "witnesses.policy"
        policy.write_text(f"log {lower.vkey('log')}\n"
                          f"witness upper {upper.vkey('witness')} http://127.0.0.1:{upper.port}\n"
                          "quorum upper\n")
        return policy

    def append(self, gateway, device, lines, *more):
        """Has the device close a batch and bring it to the gateway."""
        device.run("append", "log", "--lines", "-", *more,
                   input="".join(line + "\n" for line in lines))
        device.run("seal", "log")
        self.assertEqual(self.converse(DEVICE, gateway, device, "records"), device.size())

    def status(self, gateway):
        return json.loads(gateway.get("/v1/status").text)

    def anchor(self, gateway, name="authority"):
        return next(one for one in self.status(gateway)["anchors"] if one["name"] == name)

    def wait_for_anchors(self, gateway, size):
        g.wait_until(lambda: all(one["size"] >= size for one in self.status(gateway)["anchors"]),
                     "receipts", 60)

    def evidence(self, gateway, query, name="evidence.cairn"):
        def found():
            answer = gateway.get(f"/v1/evidence?origin={ORIGIN}&{query}")
            return answer if answer.status == 200 else None
        answer = g.wait_until(found, "evidence")
        (self.folder / name).write_bytes(answer.body)
        return answer.body

    def write_policy(self, device, gateways, quorum):
        """A policy with the logs and witnesses of all of them; a witness is called by its log."""
        logs = [device.vkey, *(one.vkey("log") for one in gateways)]
        lines = [f"log {vkey}" for vkey in logs]
        lines += [f"witness {one.folder.name} {one.vkey('witness')}" for one in gateways]
        (self.folder / "plant.policy").write_text("\n".join([*lines, *quorum, ""]))

    def is_accepted(self, evidence, anchors=None):
        more = ["--anchors", anchors] if anchors else []
        done = subprocess.run([CAIRN, "verify", "--policy", "plant.policy", *more, evidence],
                              cwd=self.folder, capture_output=True)
        return done.returncode == 0

    def verify(self, anchors=None, evidence="evidence.cairn"):
        return service.verify(CAIRN, self.folder, anchors, evidence)


class ChainPlant(Plant):
    """With EVM chains of npm."""

    @classmethod
    def setUpClass(cls):
        if shutil.which("npm") is None:
            raise unittest.SkipTest("npm is not installed")
        WORK.mkdir(parents=True, exist_ok=True)
        cls.modules = chains.install(WORK, REPOSITORY / "tests/interop/anchors")

    def start_chain(self, name):
        port = service.free_port()
        command, chain_id = next((command, chain_id) for known, chain_id, command
                                 in chains.chains(self.modules, port) if known == name)
        context = service.running(command, port, self.folder / f"{name}.log",
                                  env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"})
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return context, f"http://127.0.0.1:{port}/", chain_id

    def account(self, gateway):
        key = gateway.folder / "account.key"
        key.touch(mode=0o600)
        key.write_text(chains.KEY)

    def deploy(self, gateway, config):
        """Creates the contract; the line for the configuration."""
        gateway.configure(config)
        refused = subprocess.run([GATEWAY, "check", "--config", str(gateway.config)],
                                 capture_output=True, text=True)
        self.assertIn("contract deploy", refused.stderr)
        return gateway.run("contract", "deploy", "--config", str(gateway.config)).strip()


class Evidence(ChainPlant):
    """Two anchors, a further witness, evidence by HTTP with what all of them say, while the log
    goes on growing; everything is stopped, then verified."""

    def check_evidence_on(self, name):
        context, url, chain_id = self.start_chain(name)
        tsa = self.authority()
        north, upper = self.gateway("north"), self.gateway("upper")
        self.account(north)
        device = self.device(north)
        table = chain_table(url, chain_id, interval_s=3)
        contract = self.deploy(north, table)
        north.configure(authority_table(tsa, interval_s=2) + table + contract +
                        witness_table(self.witness_of(north, upper)))
        self.assertIn("anchor   chain, evm, account 0x",
                      north.run("check", "--config", str(north.config)))
        north.start()
        self.append(north, device, ["reading 1", "reading 2"])
        self.wait_for_anchors(north, 1)
        beacon = self.folder / "beacon"
        beacon.write_text(north.get("/log/checkpoint").text)
        self.append(north, device, ["reading 3"], "--beacon", str(beacon))
        last = device.size() + 1  # behind the boot record
        self.append(north, device, ["reading 4"])
        self.write_policy(device, [north, upper], ["quorum upper"])
        whole = self.evidence_of_both(north, device, last)
        account = self.anchor(north, "chain")["account"]
        address = contract.split('"')[1]
        blocks = {event["blockHash"] for event in
                  rpc(url, "eth_getLogs", {"address": address, "fromBlock": "0x0"})}
        self.check_receipts(north, tsa)
        for gateway in (north, upper):
            self.assertEqual(gateway.stop(), 0)
        context.__exit__(None, None, None)
        tsa.close()
        # From here on nobody can be asked.
        trust = (f"tsa authority tsa/ca.pem\nchain chain {chain_id} {address} {account} eth\n" +
                 "".join(f"block chain {block}\n" for block in sorted(blocks)))
        (self.folder / "trust.anchors").write_text(trust + "require 2\n")
        (self.folder / "three.anchors").write_text(trust + "require 3\n")
        self.check_verdict(beacon)
        self.check_tampering(whole)

    def evidence_of_both(self, gateway, device, index):
        """Evidence with a receipt of each anchor. Each has its own pace and takes its own time, and
        the log grows in between, so that without agreement they anchor different heads."""
        def found():
            self.append(gateway, device, ["one more"])
            whole = self.evidence(gateway, f"index={index}")
            return whole if len(self.verify()["receipts"]) == 2 else None
        return g.wait_until(found, "evidence with two receipts", 60)

    def check_receipts(self, gateway, tsa):
        """What others than cairn make of the token, and of the head that it is about."""
        known = json.loads(gateway.get("/v1/receipts?size=1").text)
        self.assertIn("authority", [one["anchor"] for one in known["receipts"]])
        text = known["note"].split("\n\n")[0] + "\n"
        (self.folder / "head").write_text(text)
        href = next(one["href"] for one in known["receipts"] if one["anchor"] == "authority")
        (self.folder / "token").write_bytes(gateway.get(href).body)
        done = subprocess.run(["openssl", "ts", "-verify", "-token_in", "-in", "token", "-data",
                               "head", "-CAfile", str(tsa.work / "ca.pem")], cwd=self.folder,
                              capture_output=True, text=True)
        self.assertIn("Verification: OK", done.stdout + done.stderr)
        self.assertEqual(gateway.get("/v1/receipts?size=1000000").status, 404)
        self.assertEqual(gateway.get("/v1/receipt?anchor=nobody&size=1").status, 404)
        cosigned = gateway.get("/v1/cosigned?size=1").text
        self.assertIn("gateway.example/upper/witness", cosigned)

    def check_verdict(self, beacon):
        report = self.verify("trust.anchors")
        self.assertTrue(report["ok"], report)
        self.assertEqual(report["questions"]["anchors"]["outcome"], "passed", report)
        self.assertEqual(report["questions"]["quorum"]["outcome"], "passed", report)
        self.assertEqual(report["witnesses"], "upper")
        passed = {one["anchor"] for one in report["receipts"] if one["outcome"] == "passed"}
        self.assertEqual(passed, {"authority", "chain"})
        self.assertFalse(self.verify("three.anchors")["ok"])
        chain = next(one for one in report["receipts"] if one["name"] == "EVM event")
        for doubt in ("no fork, beyond what is trusted here", "no second contract"):
            self.assertIn(doubt, chain["does_not_prove"])
        stamp = next(one for one in report["receipts"] if one["name"] == "RFC 3161 time-stamp")
        self.assertIn("had seen this checkpoint", stamp["proves"])
        self.assertIn("it stamps whatever it is given", stamp["does_not_prove"])
        self.assertIn("lie together", report["questions"]["quorum"]["does_not_prove"])
        text = subprocess.run([CAIRN, "verify", "--policy", "plant.policy", "--anchors",
                               "trust.anchors", "evidence.cairn"], cwd=self.folder,
                              capture_output=True, text=True).stdout
        head = beacon.read_text().split("\n\n")[0] + "\n"
        self.assertRegex(text, r"not before +the checkpoint with hash " +
                         g.hashlib.sha256(head.encode()).hexdigest())
        self.assertRegex(text, r"not after +\d{4}-\d\d-\d\dT[0-9:]+Z, by (receipt|witnesses)")
        times = [line for line in text.splitlines() if re.match(" *not (before|after)", line)]
        print("", *times, sep="\n")

    def check_tampering(self, whole):
        """No changed byte passes, nor evidence without what the verifier asks for."""
        changed = self.folder / "changed.cairn"
        for position in range(0, len(whole), 97):
            bad = bytearray(whole)
            bad[position] ^= 1
            changed.write_bytes(bad)
            self.assertFalse(self.is_accepted("changed.cairn", "trust.anchors"), position)
        name = service.with_changed_receipt(self.folder, -3)
        report = self.verify("trust.anchors", name)
        self.assertFalse(report["ok"])
        (self.folder / "other.anchors").write_text("tsa other tsa/other.pem\nrequire 1\n")
        self.assertFalse(self.verify("other.anchors")["ok"])

    def test_evidence_on_anvil(self):
        self.check_evidence_on("anvil")

    def test_evidence_on_ganache(self):
        self.check_evidence_on("ganache")


class Calendar(Plant):
    """OpenTimestamps: the promise is in the evidence, and goes out as a file for its clients."""

    def test_what_it_promises_is_in_the_evidence(self):
        program = REPOSITORY / "tests/interop/anchors/ots.py"
        port = service.free_port()
        context = service.running([program, "serve", str(port)], port, self.folder / "calendar.log")
        try:
            context.__enter__()
        except RuntimeError as error:
            if "left out" in str(error):
                self.skipTest(str(error))
            raise
        self.addCleanup(context.__exit__, None, None, None)
        north = self.gateway("north", f"""[[anchor]]
type = "opentimestamps"
name = "calendar"
url = "http://127.0.0.1:{port}"
interval_seconds = 1
""")
        device = self.device(north)
        north.start()
        self.append(north, device, ["reading 1"])
        self.wait_for_anchors(north, 1)
        self.evidence(north, "index=1&anchor=calendar")
        self.write_policy(device, [north], ["quorum north"])
        report = self.verify()
        self.assertTrue(report["ok"], report)
        self.assertEqual([(one["kind"], one["outcome"]) for one in report["receipts"]],
                         [(3, "not checked")])
        self.assertIn("a client of OpenTimestamps checks", report["receipts"][0]["proves"])
        self.assertEqual(report["receipts"][0]["does_not_prove"], "anything")
        written = subprocess.run([CAIRN, "ots", "evidence.cairn", "--out", "head"], cwd=self.folder,
                                 capture_output=True, text=True, check=True)
        self.assertIn(f"http://127.0.0.1:{port}", written.stdout)
        digest = g.hashlib.sha256((self.folder / "head").read_bytes()).digest()
        self.assertIn(digest, (self.folder / "head.ots").read_bytes())


class Levels(Plant):
    """A device's log is witnessed by north, north's log by city, city's log by land."""

    def start(self):
        north, city, land = (self.gateway(name) for name in ("north", "city", "land"))
        city.configure(witness_table(self.witness_of(city, land)))
        north.configure(witness_table(self.witness_of(north, city)))
        north.start()
        return north, city, land

    def join(self, *arguments):
        return subprocess.run([CAIRN, "join", *arguments, "--out", "whole.cairn"],
                              cwd=self.folder, capture_output=True, text=True)

    def test_a_reading_is_vouched_for_on_three_levels(self):
        north, city, land = gateways = self.start()
        device = self.device(north)
        self.append(north, device, ["reading 1"])
        # The head of each log that was cosigned on the level above it.
        g.wait_until(lambda: self.status(north)["witnesses"]["size"] == 1, "city's cosignature")
        g.wait_until(lambda: self.status(city)["witnesses"]["size"] == 1, "land's cosignature")
        g.wait_until(lambda: land.metric("log_leaves") == 1, "a leaf of land's log")
        self.evidence(north, "index=1", "lower.cairn")
        self.head_of(city, "north", 1, "city.cairn")
        self.head_of(land, "city", 1, "land.cairn")
        for gateway in gateways:
            self.assertEqual(gateway.stop(), 0)
        self.assertIn("3 levels", self.join("lower.cairn", "city.cairn").stdout)
        (self.folder / "whole.cairn").rename(self.folder / "three.cairn")
        self.assertIn("4 levels", self.join("three.cairn", "land.cairn").stdout)
        for level, name in enumerate(("north", "city", "land")):
            self.write_policy(device, gateways, [f"quorum {name}"])
            report = self.verify(evidence="whole.cairn")
            self.assertTrue(report["ok"], report)
            self.assertEqual(report["witnesses"], name)
            self.assertEqual((report["origin"], report["first"]), (ORIGIN, 1))
            # What leads only so far has the cosignatures up to there.
            self.assertEqual(self.verify(evidence="lower.cairn")["ok"], level < 2, name)
        self.check_what_does_not_fit(device, gateways)

    def head_of(self, gateway, lower, size, name):
        path = f"/v1/evidence?origin=gateway.example/{lower}&head={size}"
        answer = gateway.get(path)
        self.assertEqual(answer.status, 200, answer.text if answer.status != 200 else "")
        (self.folder / name).write_bytes(answer.body)
        self.assertEqual(gateway.get(path.replace("=1", "=1000")).status, 404)

    def check_what_does_not_fit(self, device, gateways):
        for arguments, message in ((("lower.cairn", "land.cairn"), "about another checkpoint"),
                                   (("city.cairn", "lower.cairn"), "not about a checkpoint"),
                                   (("whole.cairn", "land.cairn"), "about another checkpoint")):
            refused = self.join(*arguments)
            self.assertEqual(refused.returncode, 2)
            self.assertIn(message, refused.stderr)
        self.write_policy(device, gateways, ["quorum land"])
        whole = (self.folder / "whole.cairn").read_bytes()
        for position in range(0, len(whole), 53):
            bad = bytearray(whole)
            bad[position] ^= 4
            (self.folder / "changed.cairn").write_bytes(bad)
            self.assertFalse(self.is_accepted("changed.cairn"), position)


class Killed(ChainPlant):
    """kill -9 at each place between a submission and its receipt: nothing is spent twice."""

    def test_nothing_is_spent_twice(self):
        _, url, chain_id = self.start_chain("anvil")
        node = self.opened(proxy.Proxy(url))
        north = self.gateway("north")
        self.account(north)
        device = self.device(north)
        table = chain_table(node.url, chain_id)
        contract = self.deploy(north, table)
        north.configure(table + contract)
        rpc(url, "evm_setAutomine", False)
        node.raw.clear()
        north.start()
        device.append(["one"])
        self.assertEqual(north.post("/add-checkpoint", device.request()).status, 200)
        spent = 0
        for lose in ("request", "request", "answer", "answer"):
            node.lose = lose
            count = len(node.raw)
            g.wait_until(lambda: len(node.raw) > count, f"a transaction whose {lose} is lost")
            spent = spent or self.anchor(north, "chain")["spent"]
            north.kill()
            north.start()
        node.lose = ""
        for _ in range(3):  # in no block yet, however often it is asked for
            node.calls.clear()
            g.wait_until(lambda: "eth_getTransactionReceipt" in node.calls, "a question")
            self.assertEqual(self.anchor(north, "chain")["pending_size"], 1)
            north.kill()
            north.start()
        rpc(url, "evm_setAutomine", True)
        rpc(url, "evm_mine")
        self.wait_for_anchors(north, 1)
        chain = self.anchor(north, "chain")
        self.assertGreater(spent, 0)
        self.assertEqual(chain["spent"], spent)
        self.assertEqual(len(set(node.raw)), 1)
        self.assertGreaterEqual(len(node.raw), 5)
        print(f"\n{len(node.raw)} times the same transaction, {chain['spent']} gwei at most")
        # One for the contract, one for the head.
        self.assertEqual(rpc(url, "eth_getTransactionCount", chain["account"], "latest"), "0x2")
        north.kill()
        north.start()
        g.wait_until(lambda: self.anchor(north, "chain")["size"] == 1, "what is stored")
        self.assertEqual(self.anchor(north, "chain")["spent"], chain["spent"])
        self.assertEqual(rpc(url, "eth_getTransactionCount", chain["account"], "pending"), "0x2")


class Down(Plant):
    """Nobody waits for who is down."""

    def test_intake_goes_on_and_so_do_they(self):
        tsa = self.authority()
        tsa.is_open.clear()  # takes requests, and leaves them
        north = self.gateway("north")
        device = self.device(north)
        policy = north.folder / "witnesses.policy"
        port = g.free_port()
        witness = self.gateway("upper", listen=f'[[listen]]\naddress = "127.0.0.1:{port}"')
        policy.write_text(f"log {north.vkey('log')}\nwitness upper {witness.vkey('witness')} "
                          f"http://127.0.0.1:{port}\nquorum upper\n")
        north.configure(authority_table(tsa, "timeout_seconds = 2") + witness_table(policy))
        north.start()
        heads, before = 0, 0
        while self.anchor(north)["failures"] < 2 or \
                self.status(north)["witnesses"]["peers"][0]["failures"] < 3:
            device.append([f"reading {heads}"])
            answer = north.post("/add-checkpoint", device.request())
            self.assertEqual(answer.status, 200, answer.text)
            device.cosigned = device.size()
            heads += 1
            before = before or north.resident_bytes()
        grown = north.resident_bytes() - before
        print(f"\n{heads} heads while nobody answered: {grown / MIB:.1f} MiB more")
        self.assertLess(grown, 32 * MIB)
        self.assertTrue(north.get("/readyz").status == 200)
        g.wait_until(lambda: north.metric("log_leaves") == heads, "all are leaves")
        down = self.anchor(north)
        self.assertEqual((down["size"], down["receipts"]), (0, 0))
        self.assertIn("does not answer", down["error"])
        for event in ("anchor.failed", "witness.failed"):
            self.assertTrue(north.said(event), event)
        self.assertGreaterEqual(north.metric("anchor_failures_total"), 2)
        tsa.is_open.set()
        witness.device("enrol", "--vkey", north.vkey("log"), "--owner", "x", "--role", "gateway")
        witness.start()
        self.wait_for_anchors(north, heads)
        g.wait_until(lambda: self.status(north)["witnesses"]["size"] == heads, "cosignatures")
        self.assertEqual((self.anchor(north)["failures"], self.anchor(north)["error"]), (0, ""))
        for event in ("anchor.receipt", "witness.cosigned"):
            self.assertTrue(north.said(event), event)
        self.assertEqual(north.metric("witnessed_size"), heads)
        self.assertEqual(north.metric("anchor_size"), heads)

    def test_ends_while_a_ledger_hangs(self):
        tsa = self.authority()
        tsa.is_open.clear()
        north = self.gateway("north")
        device = self.device(north)
        north.configure(authority_table(tsa, "timeout_seconds = 300"))
        north.start()
        device.append(["one"])
        self.assertEqual(north.post("/add-checkpoint", device.request()).status, 200)
        g.wait_until(lambda: tsa.requests == 1, "the request")
        begun = time.monotonic()
        self.assertEqual(north.stop(), 0)  # which waits for less than the anchor's timeout
        print(f"\nstopped in {time.monotonic() - begun:.1f} s while the authority hung")
        self.assertNotIn("anchor.failed", north.log_path.read_text())
        tsa.is_open.set()
        north.start()
        self.wait_for_anchors(north, 1)
        self.assertEqual(self.anchor(north)["spent"], 1)

    def test_a_cap_holds(self):
        tsa = self.authority()
        north = self.gateway("north")
        device = self.device(north)
        north.configure(authority_table(tsa, "cost_max = 1\nperiod_seconds = 86400"))
        north.start()
        for number in range(2):
            device.append([f"reading {number}"])
            self.assertEqual(north.post("/add-checkpoint", device.request()).status, 200)
            device.cosigned = device.size()
            if number == 0:
                self.wait_for_anchors(north, 1)
        g.wait_until(lambda: self.anchor(north)["capped"], "the cap")
        self.assertTrue(north.said("anchor.capped"))
        self.assertEqual(north.metric("anchor_capped"), 1)
        self.assertEqual(tsa.requests, 1)
        # More may be spent after a reload.
        north.configure(authority_table(tsa, "cost_max = 2\nperiod_seconds = 86400"))
        north.process.send_signal(signal.SIGHUP)
        self.wait_for_anchors(north, 2)
        self.assertEqual(tsa.requests, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
