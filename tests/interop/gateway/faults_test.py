#!/usr/bin/env python3
"""usage: faults_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE GATEWAY-LOAD GATEWAY-REPLAY

What must not matter to what was cosigned: kill -9 under load, a full disk, a clock that is set, and
certificates that are wrong.
"""

import http.client
import os
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

REPLAY = sys.argv.pop(5)
LOAD = sys.argv.pop(4)
DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
DEVICES = 24
FORKED = 16
KILLS = 8


class Faults(g.Case):
    def gateway(self, more="", listen=""):
        return self.opened(g.Gateway(GATEWAY, self.folder / "gateway", more, listen))

    def with_load_devices(self):
        self.port = g.free_port()
        gateway = self.gateway(listen=f'[[listen]]\naddress = "127.0.0.1:{self.port}"')
        gateway.start()  # makes the store
        gateway.stop()
        subprocess.run([DEVICE, "enrol", str(self.folder / "gateway/state/store.sqlite"),
                        str(DEVICES + FORKED)], check=True)
        return gateway.start()

    def begin_load(self, what, seconds, gateway, forked=0):
        """Starts the load. What is cosigned goes to a file."""
        self.runs = getattr(self, "runs", 0) + 1
        notes = self.folder / f"cosigned-{self.runs}"
        load = subprocess.Popen([LOAD, what, str(self.port), str(DEVICES), "8", str(seconds),
                                 str(notes), gateway.vkey("witness"), str(forked)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(load.kill)
        return load

    def end_load(self, load):
        """Its output."""
        said, faults = load.communicate(timeout=120)
        self.assertEqual(load.returncode, 0, faults)
        return said

    def load(self, what, seconds, gateway):
        return self.end_load(self.begin_load(what, seconds, gateway))

    def check_nothing_is_lost(self, gateway, *records):
        """Every cosignature that was answered is replayed; what the gateway shows is in its own
        log."""
        notes = self.folder / "cosigned"
        notes.write_bytes(b"".join(path.read_bytes() for path in self.folder.glob("cosigned-*")))
        done = subprocess.run([REPLAY, str(self.port), gateway.vkey("witness"), str(notes),
                               *records], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        print("\n" + done.stdout, end="")
        rounds = gateway.metric("sequencer_rounds_total")
        g.wait_until(lambda: gateway.metric("sequencer_rounds_total") > rounds + 1 and
                     gateway.metric("log_waiting") == 0, "nothing waits")
        leaves = {}
        for leaf in g.check_log(gateway):
            origin, size = leaf.decode().split("\n")[:2]
            self.assertNotIn(int(size), leaves.setdefault(origin, {}))
            leaves[origin][int(size)] = leaf.decode().split("\n")[2]
        for number in range(DEVICES + FORKED):
            origin = f"load.example/device-{number}"
            note = gateway.get(f"/{g.origin_hash(origin)}/checkpoint")
            if note.status == 200:
                size, root = note.text.split("\n")[1:3]
                self.assertEqual(leaves.get(origin, {}).get(int(size)), root,
                                 f"the head of {origin} is in no leaf")

    def kill_under_load(self, what):
        """In each of its lives the gateway cosigns something, and is killed."""
        gateway = self.with_load_devices()
        load = self.begin_load(what, 600, gateway, FORKED)
        for _ in range(KILLS):
            g.wait_until(lambda: gateway.metric("heads_total") > 0, "a head", 60)
            time.sleep(random.uniform(0, 0.8))
            gateway.kill()
            gateway.start()
        g.wait_until(lambda: gateway.metric("devices_frozen") >= FORKED / 2, "forks", 60)
        load.terminate()
        said = self.end_load(load)
        print(f"\n{what}, {KILLS} kills: {said}", end="")
        forked = int(re.search(r"forked (\d+)", said).group(1))
        forks = g.json.loads(gateway.get("/v1/forks").text)["forks"]
        self.assertGreaterEqual(len(forks), forked)
        self.assertEqual(gateway.metric("devices_frozen"), len(forks))
        return gateway

    def test_killed_at_any_moment_under_heads(self):
        self.check_nothing_is_lost(self.kill_under_load("heads"))

    def test_killed_at_any_moment_under_records(self):
        gateway = self.kill_under_load("records")
        self.check_nothing_is_lost(gateway, str(self.folder / "gateway/state/records"))

    def test_a_store_that_may_not_grow(self):
        gateway = self.with_load_devices()
        limit = ["prlimit", "--pid", str(gateway.process.pid)]
        wal = self.folder / "gateway/state/store.sqlite-wal"
        subprocess.run([*limit, f"--fsize={wal.stat().st_size + 200000}:unlimited"], check=True)
        said = self.load("heads", 3, gateway)
        self.assertGreater(int(re.search(r"refused (\d+)", said).group(1)), 0, said)
        self.assertEqual(gateway.get("/healthz").status, 200)
        subprocess.run([*limit, "--fsize=unlimited:unlimited"], check=True)
        self.check_it_goes_on(gateway, "heads")
        self.check_nothing_is_lost(gateway)

    def check_it_goes_on(self, gateway, what):
        before = gateway.metric("heads_total")
        g.wait_until(lambda: "refused 0," in self.load(what, 2, gateway), "nobody is refused", 60)
        self.assertGreater(gateway.metric("heads_total"), before)
        g.wait_until(lambda: gateway.get("/readyz").status == 200, "it is ready again")

    def start_on_small_disk(self, gateway, part):
        """Starts it with a part of its state on a disk of its own, which it alone sees. Returns the
        folder of that part, as it sees it. The disk holds what a quick machine writes in seconds:
        it is full when the test fills it, and at no other time."""
        state = gateway.folder / "state" / part
        disk = self.folder / "disk"
        disk.mkdir()
        space = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else []), "sh", "-ec",
                 'mount -t tmpfs -o size=256m none "$0"; cp -a "$1/." "$0"; '
                 'mount --bind "$0" "$1"; shift; exec "$@"', str(disk), str(state)]
        if subprocess.run([*space, "true"], capture_output=True).returncode != 0:
            self.skipTest("mounting is not permitted here")
        gateway.start(wrapper=space)
        return pathlib.Path(f"/proc/{gateway.process.pid}/root") / str(state).lstrip("/")

    def fill(self, folder):
        """Leaves a little room on a disk. Returns what fills it."""
        filler = folder / "filler"
        with open(filler, "wb") as file:
            while os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize > 200000:
                file.write(b"x" * 65536)
                file.flush()
        return filler

    def check_full_disk(self, part, what, is_hit):
        """Runs the load on a full disk, and again with room."""
        gateway = self.with_load_devices()
        gateway.stop()
        folder = self.start_on_small_disk(gateway, part)
        self.load(what, 1, gateway)
        filler = self.fill(folder)
        said = self.load(what, 3, gateway)
        print(f"\n{part or 'all'} of {what}: {said}", end="")
        is_hit(gateway, int(re.search(r"refused (\d+)", said).group(1)))
        self.assertEqual(gateway.get("/healthz").status, 200)
        filler.unlink()
        self.check_it_goes_on(gateway, what)
        self.check_nothing_is_lost(gateway, *([str(folder)] if part == "records" else []))

    def test_a_full_disk_under_the_state(self):
        self.check_full_disk("", "heads", lambda _, refused: self.assertGreater(refused, 0))

    def test_a_full_disk_under_records(self):
        def is_hit(gateway, refused):
            self.assertGreater(refused, 0)
            self.assertGreaterEqual(gateway.metric("records_failed_total"), refused)
            g.wait_until(lambda: gateway.said("records.failed"), "the reason")
            self.assertIn("No space left", gateway.log_text())
        self.check_full_disk("records", "records", is_hit)

    def test_a_full_disk_under_the_log(self):
        def is_hit(gateway, _):
            self.assertGreater(gateway.metric("sequencer_failures_total"), 0)
            self.assertEqual(gateway.get("/readyz").status, 503)
        self.check_full_disk("log", "heads", is_hit)

    def test_a_flood_while_the_store_is_locked(self):
        """Queues of a few places, and more than they hold from both sides: who finds no place is
        sent away, or stays with the broker."""
        count, flood, flood_bytes = 40, 100, 900000
        broker = self.opened(g.Broker(self.folder, "max_inflight_messages 0\n"
                                      "max_queued_messages 0")).start()
        gateway = self.opened(g.Gateway(
            GATEWAY, self.folder / "gateway",
            f'[mqtt]\nbroker = "mqtt://127.0.0.1:{broker.port}"\ninflight_max = 8\n',
            options="worker_threads = 2\nworker_queue_max = 4\naggregate_queue_max = 8"))
        gateway.start()
        gateway.stop()
        subprocess.run([DEVICE, "enrol", str(gateway.folder / "state/store.sqlite"),
                        str(count + 1)], check=True)
        heads = g.LoadHeads(DEVICE, self.folder / "heads", count + 1, 2)
        gateway.start()
        g.wait_until(lambda: gateway.said("mqtt.connected"), "the broker is connected")
        before = gateway.resident_bytes()
        lock = self.opened(g.StoreLock(gateway))
        garbage = self.folder / "garbage"
        garbage.write_bytes(b"x" * flood_bytes)
        for path, times in ((heads.path(count, 1), 1), (garbage, flood)):
            subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-q",
                            "1", "-t", "cairn/x/checkpoint", "-f", str(path), "--repeat",
                            str(times)], check=True, timeout=120)
        answers = {}

        def post(number):
            answers[number] = gateway.post("/add-checkpoint", heads.body(number, 1))
        threads = [threading.Thread(target=post, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        g.wait_until(lambda: len(answers) >= count - 6, "all but those inside are sent away")
        grown = gateway.resident_bytes() - before
        print(f"\n{flood * flood_bytes >> 20} MiB wait: {grown >> 20} MiB more, "
              f"{len(answers)} of {count} sent away", end="")
        for answer in list(answers.values()):
            self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "1"))
        self.assertLess(grown, 40 << 20)
        self.assertEqual(gateway.get("/healthz").status, 200)
        lock.close()
        for thread in threads:
            thread.join()
        g.wait_until(lambda: gateway.metric("mqtt_received_total") > flood, "the flood is over", 60)
        for number in range(count):
            body = heads.body(number, 1)
            if answers[number].status == 503:
                answers[number] = self.again(gateway, body)
            self.assertEqual(answers[number].status, 200)
            heads.was_cosigned(body, answers[number].body)
            body = heads.body(number, 2)
            heads.was_cosigned(body, self.again(gateway, body).body)
        note = gateway.get(f"/{g.origin_hash(heads.origin(count))}/checkpoint").text
        self.assertEqual(g.checkpoint_size(note), 1)
        heads.replay(REPLAY, gateway)

    def again(self, gateway, body):
        """Asks as long as it is sent away: the queue of the log is short, too."""
        answers = []

        def is_taken():
            answers.append(gateway.post("/add-checkpoint", body))
            return answers[-1].status != 503
        g.wait_until(is_taken, "an answer that is not 503")
        for answer in answers[:-1]:
            self.assertEqual(answer.headers["Retry-After"], "1")
        self.assertEqual(answers[-1].status, 200, answers[-1].text)
        return answers[-1]

    def test_a_clock_that_is_set(self):
        clock = g.Clock(self.folder, "+0")
        gateway = self.gateway()
        upper = self.opened(g.Gateway(GATEWAY, self.folder / "upper", name="gateway.example/up"))
        upper.device("enrol", "--vkey", gateway.vkey("log"), "--owner", "a", "--role", "gateway")
        upper.start()
        (gateway.folder / "witnesses.policy").write_text(
            f"log {gateway.vkey('log')}\nwitness upper {upper.vkey('witness')} "
            f"http://127.0.0.1:{upper.port}\nquorum upper\n")
        gateway.configure('[witnesses]\npolicy = "witnesses.policy"\ninterval_seconds = 1\n')
        gateway.start(clock.environment())
        device = g.Device(CAIRN, self.folder / "device", "plant.example/press4")
        gateway.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "press")
        times = []
        for offset in ("+0", "-30d", "+30d", "-10d"):
            clock.set(offset)
            size = device.append([offset])
            self.assertEqual(gateway.post("/add-checkpoint", device.request()).status, 200)
            device.cosigned = size
            shown = g.json.loads(gateway.get(f"/v1/device?origin={device.origin}").text)
            times.append(shown["head"]["time"] - time.time())
            g.wait_until(lambda: gateway.metric("witnessed_size") == len(times),
                         f"the witness is asked, {offset}")
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
