#!/usr/bin/env python3
"""usage: http_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE GATEWAY-LOAD

The gateway over HTTP: the whole path of a device's head, every status of tlog-witness, tiles,
enrolment, and what it does about clients that mean no good. Each answer is compared with the
gateway's description of itself.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

import gateway as g

sys.path.insert(0, str(g.pathlib.Path(__file__).parents[1] / "anchors"))
import authority

try:
    from description import Description
except ImportError:
    Description = None  # without python3-jsonschema

LOAD = sys.argv.pop(4)
DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
MIB = 1 << 20


class Described(g.Gateway):
    """A gateway whose every answer is as it describes it."""
    description = None

    def request(self, method, path, **more):
        answer = super().request(method, path, **more)
        if self.description is None:
            self.description = Description(super().request("GET", "/v1/openapi.json").text)
        self.description.check(method, path, answer)
        return answer


class Http(g.Case):
    def gateway(self, more="", listen="", options=""):
        # Not every address has the description.
        kind = Described if Description and not listen else g.Gateway
        return self.opened(kind(GATEWAY, self.folder / "gateway", more, listen, options))

    def device(self, origin="plant.example/press4", name="device"):
        return g.Device(CAIRN, self.folder / name, origin)

    def enrolled(self, gateway, device):
        gateway.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "press")
        return device

    def test_the_whole_path(self):
        gateway = self.gateway().start()
        device = self.enrolled(gateway, self.device())
        first = device.append(["one", "two"])
        answer = gateway.post("/add-checkpoint", device.request())
        self.assertEqual(answer.status, 200, answer.text)
        self.assertRegex(answer.text, r"^— gateway\.example/north/witness \S+\n$")
        device.cosigned = first
        second = device.append(["three"])
        self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 200)
        note = gateway.get(f"/{device.hash}/checkpoint").text
        self.assertEqual(g.checkpoint_size(note), second)
        self.assertIn("— gateway.example/north/witness ", note)
        # Both heads, as the device signed them, become leaves of the gateway's own log.
        g.wait_until(lambda: gateway.get("/log/checkpoint").status == 200 and
                     g.checkpoint_size(gateway.get("/log/checkpoint").text) == 2, "two leaves")
        leaves = [leaf.decode() for leaf in g.check_log(gateway)]
        self.assertEqual([g.checkpoint_size(leaf) for leaf in leaves], [first, second])
        for leaf in leaves:
            self.assertEqual(leaf.count("\n— "), 1)
        listed = json.loads(gateway.get("/v1/devices").text)["devices"]
        self.assertEqual([(d["origin"], d["state"], d["head"]["size"]) for d in listed],
                         [(device.origin, "active", second)])
        shown = json.loads(gateway.get(f"/v1/device?origin={device.origin}").text)
        self.assertEqual((shown["leaf"], shown["head"]["size"]), (1, second))
        self.assertEqual(shown["events"][0]["action"], "enrolled")

    def test_statuses_of_tlog_witness(self):
        gateway = self.gateway().start()
        device = self.enrolled(gateway, self.device())
        size = device.append(["one", "two", "three"])
        stranger = self.device("plant.example/stranger", "stranger")
        stranger.append(["one"])
        body = device.request()
        for wrong in (b"", b"old\n\n", body[:20], b"\xff" * 100, body.replace(b"old 0", b"old 9")):
            self.assertEqual(gateway.post("/add-checkpoint", wrong).status, 400)
        self.assertEqual(gateway.post("/add-checkpoint", stranger.request()).status, 404)
        forged = body.replace(device.origin.encode(), stranger.origin.encode())
        self.assertIn(gateway.post("/add-checkpoint", forged).status, (403, 404))
        lines = body.decode().split("\n")
        lines[-2] = lines[-2][:-6] + "AAAA=="
        self.assertIn(gateway.post("/add-checkpoint", "\n".join(lines).encode()).status, (400, 403))
        self.assertEqual(gateway.post("/add-checkpoint", body).status, 200)
        device.append(["four"])
        behind = gateway.post("/add-checkpoint", device.request(old=0))
        self.assertEqual((behind.status, behind.text), (409, f"{size}\n"))
        self.assertEqual(behind.headers["Content-Type"], "text/x.tlog.size")
        good = device.request(old=size).decode().split("\n")
        good[1] = good[1][:3] + ("A" if good[1][3] != "A" else "B") + good[1][4:]
        self.assertEqual(gateway.post("/add-checkpoint", "\n".join(good).encode()).status, 422)
        self.assertEqual(gateway.post("/add-checkpoint", device.request(old=size)).status, 200)
        gateway.device("suspend", device.origin, "--reason", "maintenance")
        device.append(["five"])
        self.assertEqual(gateway.post("/add-checkpoint", device.request(old=size)).status, 403)
        gateway.device("resume", device.origin)
        self.assertEqual(gateway.post("/add-checkpoint", device.request(old=size)).status, 409)

    def test_enrolment(self):
        gateway = self.gateway().start()
        device = self.device()
        device.append(["one"])

        def request(name, *token):
            return subprocess.run([DEVICE, "request", str(self.folder / name / "log"), "plant",
                                   "press", *token], capture_output=True, check=True).stdout
        answer = gateway.post("/v1/enrol", request("device"))
        self.assertEqual((answer.status, answer.text), (202, "pending\n"))
        self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 404)
        self.assertIn("pending", gateway.device("list"))
        gateway.device("approve", device.origin)
        self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 200)
        self.assertEqual(gateway.post("/v1/enrol", b"nonsense").status, 400)
        changed = bytearray(request("device"))
        changed[-10] ^= 1
        self.assertIn(gateway.post("/v1/enrol", bytes(changed)).status, (400, 403))
        token = gateway.device("token").strip()
        second = self.device("plant.example/press5", "second")
        self.assertEqual(gateway.post("/v1/enrol", request("second", "wrong")).status, 403)
        self.assertEqual(gateway.post("/v1/enrol", request("second", token)).text, "active\n")
        third = self.device("plant.example/press6", "third")
        self.assertEqual(gateway.post("/v1/enrol", request("third", token)).status, 403)
        self.assertNotIn(token, gateway.log_text())
        shown = json.loads(gateway.device("show", second.origin, "--json"))
        self.assertEqual(shown["state"], "active")
        self.assertEqual(third.cosigned, 0)

    def freeze(self, gateway, device):
        """Has a device sign two histories."""
        twin = self.folder / ("twin of " + device.folder.name)
        subprocess.run(["cp", "-r", str(device.folder), str(twin)], check=True)
        device.append(["one"])
        self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 200)
        device.folder = twin
        device.append(["another"])
        answer = gateway.post("/add-checkpoint", device.request())
        self.assertIn(answer.status, (409, 422))

    def test_forks_are_told_page_by_page(self):
        gateway = self.gateway().start()
        devices = [self.enrolled(gateway, self.device(f"plant.example/{name}", name))
                   for name in ("a", "b", "c")]
        for device in devices:
            self.freeze(gateway, device)
        found, after = [], ""
        while after is not None:
            page = json.loads(gateway.get(f"/v1/forks?limit=2&after={after}").text)
            found.append(page["forks"])
            after = page.get("next")
        names = [device.origin for device in devices]
        self.assertEqual(found, [names[:2], names[2:]])
        for limit in ("0", "501", "x"):
            self.assertEqual(gateway.get(f"/v1/forks?limit={limit}").status, 400)

    def test_a_fork_freezes_the_device(self):
        gateway = self.gateway().start()
        device = self.enrolled(gateway, self.device())
        self.freeze(gateway, device)
        self.assertEqual(json.loads(gateway.get("/v1/forks").text), {"forks": [device.origin]})
        self.assertIn("frozen", gateway.device("show", device.origin))
        # The proof holds for whoever has the device's key, and for nobody with another.
        proof = gateway.get(f"/v1/fork?origin={device.origin}")
        self.assertEqual(proof.status, 200)
        stranger = self.device("plant.example/stranger", "stranger")
        for vkey, status in ((device.vkey, 0), (stranger.vkey, 1)):
            done = subprocess.run([CAIRN, "fork", "verify", "-", "--key", vkey], input=proof.body,
                                  capture_output=True)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual(b"A FORK" in done.stdout, status == 0)
        # The alarm is in the log once, and in the metrics also after a restart.
        self.assertEqual(gateway.log_text().count("device.frozen origin=" + device.origin), 1)
        self.assertEqual(gateway.metric("forks_total"), 1)
        self.assertEqual(gateway.metric("devices_frozen"), 1)
        gateway.stop()
        gateway.start()
        self.assertEqual(gateway.metric("devices_frozen"), 1)

    def test_keys_are_rotated_and_devices_suspended_and_revoked(self):
        gateway = self.gateway().start()
        heads = g.LoadHeads(DEVICE, self.folder / "heads", 1, 6)
        origin = heads.origin(0)

        def ask(*which):
            return gateway.post("/add-checkpoint", heads.body(0, *which)).status

        def refused(words, verb, *arguments):
            with self.assertRaisesRegex(AssertionError, words):
                gateway.device(verb, origin, *arguments)
        gateway.device("enrol", "--vkey", heads.folder / "0.vkey", "--owner", "plant", "--role",
                       "press")
        self.assertEqual([ask(1), ask(2)], [200, 200])
        rotate = ("--vkey", heads.folder / "0-rotated.vkey", "--size", "4")
        self.assertIn("from size 4 on", gateway.device("rotate", origin, *rotate))
        refused("has or had this key", "rotate", *rotate)
        # Each key signs for its sizes.
        self.assertEqual([ask(3, "-rotated"), ask(3)], [403, 200])
        self.assertEqual([ask(4), ask(4, "-rotated")], [403, 200])
        gateway.device("suspend", origin, "--reason", "maintenance")
        self.assertEqual(ask(5, "-rotated"), 403)
        refused("cannot become suspended", "suspend")
        gateway.device("resume", origin)
        self.assertEqual(ask(5, "-rotated"), 200)
        gateway.device("revoke", origin, "--reason", "sold")
        self.assertEqual(ask(6, "-rotated"), 403)
        refused("cannot become active", "resume")
        refused("for good", "rotate", "--vkey", heads.folder / "0.vkey", "--size", "9")
        gateway.stop()
        gateway.start()
        self.assertEqual(ask(6, "-rotated"), 403)
        # What the device had cosigned stays, and all of its history is shown.
        note = gateway.get(f"/{g.origin_hash(origin)}/checkpoint").text
        self.assertEqual(g.checkpoint_size(note), 5)
        told = gateway.device("show", origin)
        shown = json.loads(gateway.device("show", origin, "--json"))
        self.assertEqual((shown["state"], shown["reason"]), ("revoked", "sold"))
        self.assertEqual([(key["size_min"], key.get("size_max")) for key in shown["keys"]],
                         [(0, 3), (4, None)])
        asked = json.loads(gateway.get(f"/v1/device?origin={origin}").text)
        self.assertEqual(asked["events"], shown["events"])
        actions = ["enrolled", "rotated", "suspended", "resumed", "revoked"]
        self.assertEqual([event["action"] for event in shown["events"]], actions)
        for words in (*actions, "sold", "maintenance", "from size 4"):
            self.assertIn(words, told)
        self.assertEqual(json.loads(gateway.get("/v1/forks").text)["forks"], [])

    def test_tiles_are_immutable_files(self):
        gateway = self.gateway().start()
        device = self.enrolled(gateway, self.device())
        device.append(["one"])
        gateway.post("/add-checkpoint", device.request())
        g.wait_until(lambda: gateway.metric("log_leaves") == 1, "a leaf")
        tile = gateway.get("/log/tile/0/000.p/1")
        self.assertEqual((tile.status, len(tile.body)), (200, 32))
        self.assertIn("immutable", tile.headers["Cache-Control"])
        file = self.folder / "gateway/state/log/tile/0/000.p/1"
        self.assertEqual(tile.body, file.read_bytes())
        for path in ("0/001", "0/000", "9/000.p/1", "0/000.p/0", "0/000.p/256", "0/000.p/01",
                     "0/00", "0/x000/000.p/1x", "entries/..%2f..%2flock", "..%2f..%2flock",
                     "0/000.p/1/../../../../../../gateway.toml", "%2e%2e/lock", "0/0%000", ""):
            self.assertEqual(gateway.get("/log/tile/" + path).status, 404, path)
        for path in ("receipt/000", "nothing/000", "fork/0", "fork/", "fork/..%2f..%2f..%2flock",
                     "..%2flock", "receipt/000/../../../lock", ""):
            self.assertEqual(gateway.get("/log/archive/" + path).status, 404, path)

    def test_routes_are_those_of_the_description(self):
        gateway = self.gateway().start()
        description = json.loads(gateway.get("/v1/openapi.json").text)
        for path, methods in description["paths"].items():
            for method in ("get", "post"):
                real = re.sub(r"{[^}]*}", "x", path)
                body = b"" if method == "post" else None
                answer = gateway.request(method.upper(), real, body=body)
                if method not in methods:
                    self.assertEqual(answer.status, 405, path)
                    self.assertEqual(answer.headers["Allow"],
                                     ", ".join(name.upper() for name in methods))
                else:
                    self.assertIn(str(answer.status), methods[method]["responses"], path)
        sources = g.pathlib.Path(__file__).parents[3].glob("ports/linux/gateway/daemon/*routes.cpp")
        known = set(re.findall(
            r'\{"(?:GET|POST)", "([^"]+)"|add\("([^"]+)"|add_page\(out, "([^"]+)"',
            "".join(path.read_text() for path in sources)))
        routes = {re.sub(r"{\*?}", "*", next(filter(None, names))) for names in known}
        self.assertEqual(routes, {re.sub(r"{[^}]*}", "*", path) for path in description["paths"]})
        self.assertEqual(gateway.get("/nothing").status, 404)
        self.assertEqual(gateway.request("HEAD", "/healthz").status, 200)

    @unittest.skipUnless(Description, "python3-jsonschema is not installed")
    def test_answers_have_what_the_description_says(self):
        """Each member that is described stands in some answer, so that all of them are compared."""
        gateway = self.gateway()
        (self.folder / "tsa").mkdir()
        tsa = self.opened(authority.Authority(self.folder / "tsa"))
        self.anchor(gateway, tsa)
        gateway.start()
        device = self.enrolled(gateway, self.device())
        device.append(["one"])
        self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 200)
        gateway.device("rotate", device.origin, "--vkey", self.successor(device), "--size", "9")
        g.wait_until(lambda: json.loads(gateway.get("/v1/status").text)["anchors"][0]["latencies"],
                     "a receipt")
        g.wait_until(lambda: json.loads(gateway.get("/v1/status").text)["history"], "a sample", 40)
        self.assertEqual(gateway.get("/v1/receipts").status, 200)
        self.assertEqual(gateway.get(f"/v1/device?origin={device.origin}").status, 200)
        self.freeze(gateway, self.enrolled(gateway, self.device("plant.example/new", "new")))
        for path in ("/v1/devices?limit=1", "/v1/devices", "/v1/forks?limit=1"):
            self.assertEqual(gateway.get(path).status, 200)
        self.assertEqual(gateway.description.unseen, set())

    def anchor(self, gateway, tsa):
        """An authority that answers, a chain and a witness that do not."""
        (gateway.folder / "account.key").touch(mode=0o600)
        (gateway.folder / "account.key").write_text("11" * 32 + "\n")
        (gateway.folder / "w.policy").write_text(
            f"log {gateway.vkey('log')}\nwitness gone {gateway.vkey('witness')} "
            "http://127.0.0.1:1\nquorum gone\n")
        gateway.configure(f"""[[anchor]]
type = "rfc3161"
name = "authority"
url = "{tsa.url}"
certificates = "{self.folder}/tsa/ca.pem"
interval_seconds = 1
[[anchor]]
type = "evm"
name = "chain"
url = "http://127.0.0.1:1"
chain_id = 1337
contract = "0x{'22' * 20}"
key = "account.key"
cost_max = 1
[witnesses]
policy = "w.policy"
interval_seconds = 1
""")

    def successor(self, device):
        """Verifier key of another key of the same log."""
        device.run("keygen", "--name", device.origin, "--out", "next")
        return (device.folder / "next.vkey").read_text().strip()

    def test_an_address_serves_what_it_is_told_to(self):
        gateway = self.gateway(listen='[[listen]]\naddress = "127.0.0.1:0"\nserve = ["devices"]\n'
                               '[[listen]]\naddress = "127.0.0.1:0"\nserve = ["metrics"]\n').start()
        devices, metrics = gateway.ports
        self.assertEqual(gateway.get("/v1/devices", port=devices).status, 404)
        self.assertEqual(gateway.get("/metrics", port=devices).status, 404)
        self.assertEqual(gateway.get("/metrics", port=metrics).status, 200)
        self.assertEqual(gateway.post("/add-checkpoint", b"", port=metrics).status, 404)
        self.assertEqual(gateway.post("/add-checkpoint", b"", port=devices).status, 400)
        for port in gateway.ports:
            self.assertEqual(gateway.get("/healthz", port=port).status, 200)

    def test_bodies_that_are_too_long(self):
        gateway = self.gateway(options="body_bytes_max = 65536").start()
        self.assertEqual(gateway.post("/add-checkpoint", b"x" * 65536).status, 400)
        self.assertEqual(gateway.post("/v1/enrol", b"x" * 8193).status, 413)
        with socket.create_connection(("127.0.0.1", gateway.port)) as link:
            link.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
                         b"Content-Length: 99999999999999999999\r\n\r\n")
            self.assertRegex(link.recv(100), rb"HTTP/1.1 (413|400) ")
        with socket.create_connection(("127.0.0.1", gateway.port)) as link:
            link.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(64):
                link.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            link.sendall(b"0\r\n\r\n")
            self.assertIn(b" 413 ", link.recv(100))
        self.assertEqual(gateway.get("/healthz").status, 200)

    def test_a_reload_takes_over_the_limit_of_bodies(self):
        gateway = self.gateway(options="body_bytes_max = 65536").start()
        paths = ("/add-checkpoint", "/v1/report")
        for reloads, (limit, taken, refused) in enumerate(((262144, 200000, 300000),
                                                           (2048, 2000, 60000)), 1):
            gateway.configure(options=f"body_bytes_max = {limit}")
            gateway.process.send_signal(signal.SIGHUP)
            g.wait_until(lambda: gateway.log_text().count("service.reloaded") == reloads,
                         "a reload")
            for path in paths:
                answer = gateway.post(path, b"x" * taken)
                self.assertEqual(answer.status, 400, path)
                self.assertNotIn(b"longer than", answer.body)
                self.assertEqual(gateway.post(path, b"x" * refused).status, 413, path)

    def test_clients_that_dawdle_are_cut_off(self):
        gateway = self.gateway("[http]\nrequest_seconds = 2\nconnections_per_address_max = 64\n"
                               ).start()
        links = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(48)]
        self.addCleanup(lambda: [link.close() for link in links])
        begun = time.monotonic()
        for index, link in enumerate(links):
            link.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n" +
                         (b"Content-Length: 1000\r\n\r\n" if index % 2 else b""))
        alive = list(links)
        while alive and time.monotonic() - begun < 10:
            for link in list(alive):
                try:
                    link.sendall(b"a")  # one byte each time, which would please an idle timer
                except OSError:
                    alive.remove(link)
            self.assertEqual(gateway.get("/healthz").status, 200)
            time.sleep(0.2)
        self.assertEqual(alive, [])
        self.assertLess(time.monotonic() - begun, 6)
        self.assertGreaterEqual(gateway.metric("http_expired_total"), 48)

    def test_a_flood_does_not_fill_the_memory(self):
        # Places of clients that left in the middle of a request are free when its time is over.
        gateway = self.gateway("[http]\nconnections_max = 400\nconnections_per_address_max = 300\n"
                               "request_seconds = 5\n").start()
        before = gateway.resident_bytes()
        links = []
        self.addCleanup(lambda: [link.close() for link in links])
        for _ in range(400):
            try:
                link = socket.create_connection(("127.0.0.1", gateway.port), 2)
                link.settimeout(0.05)
                link.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
                             b"Content-Length: 1048576\r\n\r\n")
                links.append(link)
            except OSError:
                pass
        chunk = b"x" * 65536
        for link in links:
            for _ in range(15):
                try:
                    link.send(chunk)
                except OSError:
                    break
        grown = gateway.resident_bytes() - before
        print(f"\n{len(links)} connections with bodies of 1 MiB: {grown / MIB:.0f} MiB more")
        self.assertLess(grown, 160 * MIB)
        for link in links:
            link.close()
        g.wait_until(gateway.is_healthy, "an answer")

    def test_reload_under_load_loses_nothing(self):
        gateway = self.gateway().start()
        gateway.stop()
        subprocess.run([DEVICE, "enrol", str(self.folder / "gateway/state/store.sqlite"), "16"],
                       check=True)
        port = g.free_port()
        gateway.configure(listen=f'[[listen]]\naddress = "127.0.0.1:{port}"')
        gateway.start()
        done = []
        load = threading.Thread(target=lambda: done.append(subprocess.run(
            [LOAD, "heads", str(port), "16", "8", "4"], capture_output=True, text=True)))
        load.start()
        for count in range(1, 5):
            time.sleep(0.5)
            gateway.process.send_signal(signal.SIGHUP)
            g.wait_until(lambda: gateway.log_text().count("service.reloaded") == count, "a reload")
        load.join()
        self.assertEqual(done[0].returncode, 0, done[0].stderr)
        self.assertRegex(done[0].stdout, r"cosigned [1-9].* refused 0,")
        print("\n" + done[0].stdout, end="")
        gateway.config.write_text(gateway.config.read_text() + "\n[nonsense]\n")
        gateway.process.send_signal(signal.SIGHUP)
        g.wait_until(lambda: gateway.said("service.not_reloaded"), "the refusal")
        self.assertIn("nonsense is unknown", gateway.log_text())
        self.assertEqual(gateway.get("/healthz").status, 200)

    def test_ends_when_told_to(self):
        gateway = self.gateway().start()
        device = self.enrolled(gateway, self.device())
        device.append(["one"])
        gateway.post("/add-checkpoint", device.request())
        self.assertEqual(gateway.stop(), 0)
        self.assertIn("service.stopped leaves=1 waiting=0", gateway.log_path.read_text())
        gateway.start()
        self.assertEqual(len(g.check_log(gateway)), 1)
        second = g.Gateway(GATEWAY, self.folder / "second")
        second.config.write_text(gateway.config.read_text())
        (self.folder / "second/state").rmdir()
        (self.folder / "second/state").symlink_to(self.folder / "gateway/state")
        for name in ("log.key", "witness.key"):
            (self.folder / "second" / name).write_bytes(
                (self.folder / "gateway" / name).read_bytes())
        with self.assertRaisesRegex(AssertionError, "in use by process"):
            second.start()


unittest.main()
