#!/usr/bin/env python3
"""usage: faults_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE GATEWAY-LOAD

What must not matter to what was cosigned: kill -9 under load, a full disk, a clock that is set, and
certificates that are wrong.
"""

import http.client
import pathlib
import random
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
import unittest

import gateway as g

LOAD = sys.argv.pop(4)
DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
DEVICES = 24
KILLS = 8


class Faults(g.Case):
    def gateway(self, more="", listen=""):
        return self.opened(g.Gateway(GATEWAY, self.folder / "gateway", more, listen))

    def with_load_devices(self, count=DEVICES):
        self.port = g.free_port()
        gateway = self.gateway(listen=f'[[listen]]\naddress = "127.0.0.1:{self.port}"')
        gateway.start()  # makes the store
        gateway.stop()
        subprocess.run([DEVICE, "enrol", str(self.folder / "gateway/state/store.sqlite"),
                        str(count)], check=True)
        return gateway.start()

    def load(self, seconds, count=DEVICES):
        """Runs the load; its output, after it has ended."""
        self.acknowledged = self.folder / "acknowledged"
        done = subprocess.run([LOAD, "heads", str(self.port), str(count), "8", str(seconds),
                               str(self.acknowledged)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def check_nothing_is_lost(self, gateway):
        """What devices were told is cosigned: the gateway knows it, and has it in its own log."""
        newest = {}
        for line in self.acknowledged.read_text().splitlines():
            origin, size = line.split()
            note = gateway.get(f"/{g.origin_hash(origin)}/checkpoint")
            known = g.checkpoint_size(note.text) if note.status == 200 else 0
            self.assertGreaterEqual(known, int(size), origin)
            if known:
                newest[origin] = known
        g.wait_until(lambda: gateway.metric("log_waiting") == 0, "nothing waits")
        leaves = {}
        for leaf in g.check_log(gateway):
            origin, size = leaf.decode().split("\n")[:2]
            self.assertNotIn(int(size), leaves.setdefault(origin, {}))
            leaves[origin][int(size)] = leaf.decode().split("\n")[2]
        for origin, size in newest.items():
            self.assertIn(size, leaves.get(origin, {}), f"{origin} is in no leaf")
        roots = {}
        for sizes in leaves.values():  # all these logs have the same tree
            for size, root in sizes.items():
                self.assertEqual(roots.setdefault(size, root), root)

    def test_killed_at_any_moment_under_load(self):
        gateway = self.with_load_devices()
        seconds = 1.2 * KILLS
        said = []
        load = threading.Thread(target=lambda: said.append(self.load(seconds)))
        load.start()
        for _ in range(KILLS):
            time.sleep(random.uniform(0.1, 0.9))
            gateway.kill()
            gateway.start()
        load.join()
        print(f"\n{KILLS} kills: {said[0]}", end="")
        self.assertGreater(int(re.search(r"cosigned (\d+)", said[0]).group(1)), 50)
        self.check_nothing_is_lost(gateway)

    def test_a_full_disk(self):
        gateway = self.with_load_devices()
        limit = ["prlimit", "--pid", str(gateway.process.pid)]
        wal = self.folder / "gateway/state/store.sqlite-wal"
        subprocess.run([*limit, f"--fsize={wal.stat().st_size + 200000}:unlimited"], check=True)
        said = self.load(3)
        self.assertGreater(int(re.search(r"refused (\d+)", said).group(1)), 0, said)
        self.assertEqual(gateway.get("/healthz").status, 200)
        before = gateway.metric("heads_total")
        subprocess.run([*limit, "--fsize=unlimited:unlimited"], check=True)
        said = self.load(2)
        self.assertGreater(gateway.metric("heads_total"), before)
        self.assertRegex(said, r"refused 0,")
        g.wait_until(lambda: gateway.get("/readyz").status == 200, "it is ready again")
        self.check_nothing_is_lost(gateway)

    def test_a_clock_that_is_set(self):
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if library is None:
            self.skipTest("faketime is not installed")
        clock = self.folder / "clock"
        clock.write_text("+0")
        gateway = self.gateway().start({
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        device = g.Device(CAIRN, self.folder / "device", "plant.example/press4")
        gateway.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "press")
        times = []
        for offset in ("+0", "-30d", "+30d", "-10d"):
            clock.write_text(offset)
            size = device.append([offset])
            self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 200)
            device.cosigned = size
            shown = g.json.loads(gateway.get(f"/v1/device?origin={device.origin}").text)
            times.append(shown["head"]["time"] - time.time())
            time.sleep(1.2)
            self.assertEqual(gateway.get("/readyz").status, 200)
        for real, days in zip(times, (0, -30, 30, -10)):
            self.assertAlmostEqual(real / 86400, days, delta=0.01)
        g.wait_until(lambda: len(g.check_log(gateway)) == 4, "four leaves")


class Tls(g.Case):
    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def authority(self, name):
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-keyout", name + ".key", "-out", name + ".pem", "-days", "2",
                     "-subj", "/CN=" + name)

    def certificate(self, name, authority):
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name,
                     "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        self.openssl("x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem", "-CAkey",
                     authority + ".key", "-CAcreateserial", "-days", "2", "-copy_extensions",
                     "copy", "-out", name + ".pem")

    def get(self, port, client=None):
        context = ssl.create_default_context(cafile=str(self.folder / "authority.pem"))
        if client:
            context.load_cert_chain(self.folder / (client + ".pem"),
                                    self.folder / (client + ".key"))
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        finally:
            connection.close()

    def test_certificates_of_both_sides(self):
        for name in ("authority", "stranger"):
            self.authority(name)
        for name in ("server", "device"):
            self.certificate(name, "authority")
        self.certificate("impostor", "stranger")
        (self.folder / "server.key").chmod(0o600)
        listen = "".join(f'[[listen]]\naddress = "127.0.0.1:0"\n'
                         f'tls_certificate = "{self.folder}/server.pem"\n'
                         f'tls_key = "{self.folder}/server.key"\n' + more
                         for more in ("", f'tls_client_ca = "{self.folder}/authority.pem"\n'))
        gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway", listen=listen)).start()
        open_port, closed_port = gateway.ports
        self.assertEqual(self.get(open_port), 200)
        self.assertEqual(self.get(closed_port, "device"), 200)
        self.assertEqual(self.get(closed_port), 403)
        self.assertIn(self.get(closed_port, "impostor"), (403,))
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, OSError)):
            http.client.HTTPSConnection("127.0.0.1", open_port, context=old,
                                        timeout=10).request("GET", "/healthz")
        # Another certificate is taken over while running.
        self.certificate("server", "authority")
        (self.folder / "server.key").chmod(0o600)
        gateway.process.send_signal(signal.SIGHUP)
        g.wait_until(lambda: gateway.said("service.reloaded"), "the reload")
        self.assertEqual(self.get(open_port), 200)
        self.openssl("genrsa", "-out", "server.key", "2048")
        (self.folder / "server.key").chmod(0o600)
        gateway.process.send_signal(signal.SIGHUP)
        g.wait_until(lambda: gateway.said("service.not_reloaded"), "the refusal")
        self.assertIn("belong together", gateway.log_text())
        self.assertEqual(self.get(open_port), 200)


unittest.main()
