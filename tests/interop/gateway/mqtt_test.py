#!/usr/bin/env python3
"""usage: mqtt_test.py CAIRN-GATEWAY CAIRN GATEWAY-DEVICE GATEWAY-REPLAY

The gateway behind mosquitto: reports in, answers and retained heads out; nothing that the broker
was told has arrived is lost, whoever dies. With the access list that the package brings, each
device has its own topics and no others.
"""

import os
import queue
import random
import shutil
import subprocess
import sys
import threading
import time
import unittest

import gateway as g
import tap

REPLAY = sys.argv.pop(4)
DEVICE = sys.argv.pop(3)
CAIRN = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)
ROUNDS = 12
DEVICES = 8
PACKAGE = g.pathlib.Path(__file__).parents[3] / "ports/linux/gateway/daemon/package"


class Subscriber:
    """mosquitto_sub, which the broker has let subscribe; messages as (topic, bytes)."""

    def __init__(self, port, topic, *more):
        self.messages = queue.Queue()
        self.subscribed = threading.Event()
        self.process = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t",
             topic, "-F", "%t %x", "-d", *more], stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        if not self.subscribed.wait(20):
            raise AssertionError("the broker does not answer a subscription")

    def read(self):
        for line in self.process.stdout:  # with -d, beside messages what it does
            if line.startswith("Subscribed "):
                self.subscribed.set()
            if line.startswith("cairn/"):
                topic, _, payload = line.rstrip("\n").partition(" ")
                self.messages.put((topic, bytes.fromhex(payload)))

    def next(self, seconds=20):
        return self.messages.get(timeout=seconds)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


class Mqtt(g.Case):
    def setUp(self):
        super().setUp()
        self.broker = self.opened(g.Broker(self.folder, "persistence true\npersistence_location "
                                           f"{self.folder}/\nmax_inflight_messages 0")).start()
        self.gateway = self.opened(g.Gateway(
            GATEWAY, self.folder / "gateway",
            f'[mqtt]\nbroker = "mqtt://127.0.0.1:{self.broker.port}"\n'))
        self.device = g.Device(CAIRN, self.folder / "device", "plant.example/press4")
        self.gateway.device("enrol", "--vkey", self.device.vkey, "--owner", "plant", "--role", "p")
        self.topic = "cairn/" + self.device.hash

    def publish(self, topic, payload, *more):
        path = self.folder / "message"
        path.write_bytes(payload)
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-q", "1",
                        "-t", topic, "-f", str(path), *more], check=True, timeout=20)

    def started(self):
        self.gateway.start()
        g.wait_until(lambda: self.gateway.said("mqtt.connected"), "the broker is connected")

    def bring(self):
        """Has the newest head cosigned; the answer's status and body."""
        answers = self.opened(Subscriber(self.broker.port, self.topic + "/cosigned"))
        self.publish(self.topic + "/checkpoint", self.device.request())
        status, _, body = answers.next()[1].decode().partition("\n")
        if status == "200":
            self.device.cosigned = self.device.size()
        return int(status), body

    def test_heads_are_answered_and_retained(self):
        self.started()
        for index in range(3):
            size = self.device.append([f"{index} {i}" for i in range(20)])
            status, line = self.bring()
            self.assertEqual(status, 200)
            self.assertRegex(line, r"^— gateway\.example/north/witness \S+\n$")
        late = self.opened(Subscriber(self.broker.port, self.topic + "/head"))
        topic, note = late.next()
        self.assertEqual((topic, g.checkpoint_size(note.decode())), (self.topic + "/head", size))
        self.assertIn("— gateway.example/north/witness ", note.decode())
        self.assertEqual(self.gateway.get(f"/{self.device.hash}/checkpoint").body, note)
        g.wait_until(lambda: len(g.check_log(self.gateway)) == 3, "three leaves")
        self.device.cosigned = 0
        self.device.append(["more"])
        self.assertEqual(self.bring(), (409, f"{size}\n"))

    def test_enrolment(self):
        self.started()
        other = g.Device(CAIRN, self.folder / "other", "plant.example/press5")
        answers = self.opened(Subscriber(self.broker.port, f"cairn/{other.hash}/enrolled"))
        request = subprocess.run([DEVICE, "request", str(other.folder / "log"), "plant", "press"],
                                 capture_output=True, check=True).stdout
        self.publish(f"cairn/{other.hash}/enrol", request)
        self.assertEqual(answers.next()[1], b"202\npending\n")
        self.publish(f"cairn/{other.hash}/enrol", b"nonsense")
        self.assertTrue(answers.next()[1].startswith(b"400\n"))

    def test_what_makes_no_sense(self):
        self.started()
        answers = self.opened(Subscriber(self.broker.port, "cairn/+/cosigned"))
        for payload in (b"", b"\x00", b"\xff" * 5000, os.urandom(300)):
            self.publish("cairn/nobody/checkpoint", payload)
            topic, answer = answers.next()
            self.assertEqual((topic, answer[:4]), ("cairn/nobody/cosigned", b"400\n"))
        # Longer than the gateway takes: the broker does not even hand it over.
        self.publish("cairn/nobody/checkpoint", b"x" * (3 << 20))
        self.publish("cairn/nobody/checkpoint", b"")
        answers.next()
        self.assertEqual(self.gateway.get("/healthz").status, 200)
        self.assertLess(self.gateway.resident_bytes(), 200 << 20)

    def test_a_report_is_of_the_log_that_its_topic_names(self):
        self.started()
        size = self.device.append(["one"])
        other = "plant.example/press5"
        answers = self.opened(Subscriber(self.broker.port, "cairn/+/answer"))

        def answered(topic, message):
            self.publish(topic + "/report", message)
            answer = answers.next()
            self.assertEqual(answer[0], topic + "/answer")
            return answer[1]

        def carry(message):
            refused = answered("cairn/" + g.origin_hash(other), message)
            self.assertEqual(refused, b"\x08\x94\x03")  # 404, field 1 of a ReportAnswer
            answer = self.gateway.post("/v1/report?origin=" + other, message)
            self.assertEqual((answer.status, answer.body), (404, refused))
            answer = self.gateway.post("/v1/report?origin=" + self.device.origin, message)
            self.assertNotEqual(answer.status, 404)
            return answered(self.topic, message)

        self.assertEqual(self.converse(DEVICE, self.gateway, self.device, "records", carry), size)

    def test_broker_goes_and_comes_back(self):
        self.started()
        self.device.append(["one"])
        self.assertEqual(self.bring()[0], 200)
        self.broker.stop()
        g.wait_until(lambda: self.gateway.said("mqtt.disconnected"), "the loss is noticed")
        self.assertEqual(self.gateway.get("/readyz").status, 503)
        self.assertEqual(self.gateway.get("/healthz").status, 200)
        self.broker.start()
        g.wait_until(lambda: self.gateway.get("/readyz").status == 200, "it is back", 40)
        self.device.append(["two"])
        self.assertEqual(self.bring()[0], 200)

    def test_each_gateway_at_a_broker_sees_every_message(self):
        self.started()
        other = self.opened(g.Gateway(
            GATEWAY, self.folder / "other", name="gateway.example/south",
            more=f'[mqtt]\nbroker = "mqtt://127.0.0.1:{self.broker.port}"\n')).start()
        g.wait_until(lambda: other.said("mqtt.connected"), "the broker is connected")
        answers = self.opened(Subscriber(self.broker.port, self.topic + "/cosigned"))
        for index in range(3):
            self.device.append([str(index)])
            self.publish(self.topic + "/checkpoint", self.device.request())
            # The other one has a store of its own, in which the device is not enrolled.
            self.assertEqual(sorted(answers.next()[1][:4] for _ in range(2)), [b"200\n", b"404\n"])
            self.device.cosigned = self.device.size()
        for gateway in (self.gateway, other):
            self.assertFalse(gateway.said("mqtt.disconnected"))

    def test_the_broker_keeps_what_comes_while_the_gateway_is_away(self):
        self.started()
        self.gateway.stop()
        answers = self.opened(Subscriber(self.broker.port, self.topic + "/cosigned"))
        size = self.device.append(["one"])
        self.publish(self.topic + "/checkpoint", self.device.request())
        self.started()
        self.assertEqual(answers.next()[1][:4], b"200\n")
        note = self.gateway.get(f"/{self.device.hash}/checkpoint").text
        self.assertEqual(g.checkpoint_size(note), size)

    def test_a_killed_gateway_has_acknowledged_nothing_that_is_lost(self):
        """In each round every device brings its next head, and one more device two histories. The
        broker holds a message until it is acknowledged, which it is when the head is durable; where
        the answer to it was lost with the gateway, devices ask again."""
        self.gateway.start()
        self.gateway.stop()
        subprocess.run([DEVICE, "enrol", str(self.gateway.folder / "state/store.sqlite"),
                        str(DEVICES + ROUNDS)], check=True)
        heads = g.LoadHeads(DEVICE, self.folder / "heads", DEVICES + ROUNDS, ROUNDS)
        self.started()
        answers = self.opened(Subscriber(self.broker.port, "cairn/+/cosigned"))
        for index in range(ROUNDS):
            waiting = [heads.path(device, index + 1) for device in range(DEVICES)]
            waiting += [heads.path(DEVICES + index, 1, which) for which in ("", "-other")]
            random.shuffle(waiting)
            sender = threading.Thread(target=self.send, args=(list(waiting),))
            sender.start()
            time.sleep(random.uniform(0, 0.3))
            self.gateway.kill()
            self.started()
            sender.join()
            self.collect(heads, answers, {path.name: path for path in waiting})
        heads.replay(REPLAY, self.gateway)
        self.assertEqual(self.gateway.metric("devices_frozen"), ROUNDS)
        self.check_retained(range(DEVICES))

    def send(self, files):
        """Publishes heads, each under a name of its own, so that its answer is known."""
        for path in files:
            self.publish(f"cairn/{path.name}/checkpoint", path.read_bytes())

    def collect(self, heads, answers, waiting):
        """Until each of the heads is answered."""
        end = time.monotonic() + 60
        while waiting:
            self.assertLess(time.monotonic(), end, f"no answer to {sorted(waiting)}")
            try:
                topic, answer = answers.next(3)
            except queue.Empty:
                self.send(waiting.values())
                continue
            status, _, line = answer.partition(b"\n")
            path = waiting.pop(topic.split("/")[1], None)
            if status == b"200":
                heads.was_cosigned(path.read_bytes(), line)
            elif path and int(path.name.split("-")[0]) < DEVICES:  # stored, and not answered
                self.assertEqual((status, line.decode()), (b"409", path.name.split("-")[1] + "\n"))

    def check_retained(self, numbers):
        """The broker has the newest head of each device."""
        retained = {}
        late = self.opened(Subscriber(self.broker.port, "cairn/+/head"))
        for number in numbers:
            topic = g.origin_hash(g.LoadHeads.origin(number))
            note = self.gateway.get(f"/{topic}/checkpoint").body
            self.assertEqual(g.checkpoint_size(note.decode()), ROUNDS)
            while retained.get(f"cairn/{topic}/head") != note:
                name, retained_note = late.next()
                retained[name] = retained_note

    def test_a_head_that_cannot_be_stored_stays_with_the_broker(self):
        self.started()
        self.device.append(["one"])
        heads = self.opened(Subscriber(self.broker.port, self.topic + "/head"))
        lock = self.opened(g.StoreLock(self.gateway))
        self.publish(self.topic + "/checkpoint", self.device.request())
        g.wait_until(lambda: self.gateway.said("mqtt.held_back"), "it is held back", 40)
        lock.close()
        # Nobody sends it again but the broker.
        self.assertEqual(g.checkpoint_size(heads.next(60)[1].decode()), self.device.size())


    def test_a_report_that_cannot_be_stored_stays_with_the_broker(self):
        self.started()
        size = self.device.append(["one"])
        answers = self.opened(Subscriber(self.broker.port, self.topic + "/answer"))
        lock = self.opened(g.StoreLock(self.gateway))

        def carry(message):
            self.publish(self.topic + "/report", message)
            g.wait_until(lambda: self.gateway.said("mqtt.held_back") or
                         not answers.messages.empty(), "it is held back, or answered", 40)
            if self.gateway.said("mqtt.held_back"):
                lock.close()
            return answers.next(60)[1]  # nobody sends it again but the broker
        self.assertEqual(self.converse(DEVICE, self.gateway, self.device, "records", carry), size)
        self.assertIsNone(lock.process)

    def test_an_answer_that_is_lost_behind_its_acknowledgement_is_asked_for_again(self):
        """libmosquitto sends the PUBACK in front of what the gateway publishes; that the gateway
        dies in between costs the answer, and nothing that was acknowledged."""
        wire = self.opened(tap.Tap(self.broker.port))
        self.gateway.configure(f'[mqtt]\nbroker = "mqtt://127.0.0.1:{wire.port}"\n')
        self.started()
        answers = self.opened(Subscriber(self.broker.port, self.topic + "/cosigned"))
        size = self.device.append(["one"])
        wire.cuts = True
        self.publish(self.topic + "/checkpoint", self.device.request())
        g.wait_until(lambda: wire.lost.count(tap.PUBLISH) == 2, "head and answer are lost")
        self.gateway.kill()
        wire.cuts = False
        self.started()
        note = self.gateway.get(f"/{self.device.hash}/checkpoint").body
        self.assertEqual(g.checkpoint_size(note.decode()), size)
        with self.assertRaises(queue.Empty):  # the broker has nothing to bring again
            answers.next(2)
        heads = self.opened(Subscriber(self.broker.port, self.topic + "/head"))
        self.assertEqual(self.bring(), (409, f"{size}\n"))
        self.assertEqual(heads.next()[1], note)
        self.device.cosigned = size
        self.assertEqual(self.bring()[0], 200)

    def test_a_report_whose_answer_is_lost_is_sent_again(self):
        self.started()
        size = self.device.append(["one"])
        answers = self.opened(Subscriber(self.broker.port, self.topic + "/answer"))
        lost = []

        def carry(message):
            self.publish(self.topic + "/report", message)
            answer = answers.next()[1]
            if message not in lost:
                lost.append(message)
                return b""
            return answer
        self.assertEqual(self.converse(DEVICE, self.gateway, self.device, "records", carry), size)
        self.assertEqual(self.gateway.metric("heads_total"), 1)
        self.assertEqual(self.gateway.metric("records_total"), size)


class AccessList(g.Case):
    """mosquitto with the files that the package brings: two devices, the gateway, a stranger."""

    def setUp(self):
        super().setUp()
        place, port = self.folder, g.free_port()
        shutil.copy(PACKAGE / "mosquitto.acl", place)
        text = (PACKAGE / "mosquitto.conf").read_text().replace("/etc/mosquitto", str(place))
        text = text.replace("listener 1883", f"listener {port} 127.0.0.1")
        broker = g.Broker(place, f"user root\npersistence_location {place}/\n{text}")
        broker.port = self.port = port
        (place / "passwords").touch(mode=0o600)
        self.device, self.other = (g.Device(CAIRN, place / name, f"plant.example/{name}")
                                   for name in ("press4", "press5"))
        for name in (self.device.hash, self.other.hash, "cairn-gateway", "stranger"):
            subprocess.run(["mosquitto_passwd", "-b", "passwords", name, "word of " + name],
                           cwd=place, check=True, capture_output=True)
        self.opened(broker).start()
        (place / "password").touch(mode=0o600)
        (place / "password").write_text("word of cairn-gateway\n")
        self.gateway = self.opened(g.Gateway(GATEWAY, place / "gateway", f"""[mqtt]
broker = "mqtt://127.0.0.1:{port}"
username = "cairn-gateway"
password = "{place}/password"
"""))
        for device in (self.device, self.other):
            self.gateway.device("enrol", "--vkey", device.vkey, "--owner", "plant", "--role", "p")
            device.append(["one"])
        self.gateway.start()
        g.wait_until(lambda: self.gateway.said("mqtt.connected"), "the broker is connected")

    def account(self, name):
        return ["-u", name, "-P", "word of " + name]

    def listen(self, name):
        """To all topics; the broker hands over what the name may read."""
        return self.opened(Subscriber(self.port, "#", *self.account(name)))

    def publish(self, topic, payload, account, version="mqttv5"):
        """Whether the broker takes it: only version 5 says so."""
        (self.folder / "message").write_bytes(payload)
        done = subprocess.run(
            ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-V", version,
             "-t", topic, "-f", str(self.folder / "message"), *account],
            capture_output=True, text=True, timeout=20)
        if "ot authori" in done.stderr:
            return False
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return True

    def bring(self, device, listener):
        """A device has a new head cosigned; the topics of what it hears up to the answer."""
        topic = f"cairn/{device.hash}/"
        device.append(["more"])
        self.assertTrue(self.publish(topic + "checkpoint", device.request(),
                                     self.account(device.hash)))
        heard = []
        while not heard or heard[-1][0] != topic + "cosigned":
            heard.append(listener.next())
        self.assertEqual(heard[-1][1][:4], b"200\n")
        device.cosigned = device.size()
        return {name for name, _ in heard}

    def test_a_device_has_its_own_topics_and_no_others(self):
        own, spy, stranger = (self.listen(name) for name in
                              (self.device.hash, self.other.hash, "stranger"))
        topic = f"cairn/{self.device.hash}/"
        self.assertEqual(self.bring(self.device, own), {topic + "head", topic + "cosigned"})
        # The other one has heard nothing of that when its own answer comes, nor what was retained.
        other = f"cairn/{self.other.hash}/"
        late = self.listen(self.other.hash)
        for listener in (spy, late):
            self.assertLessEqual(self.bring(self.other, listener),
                                 {other + "head", other + "cosigned"})
        self.assertTrue(stranger.messages.empty())

    def test_nobody_writes_for_others(self):
        topic, body = f"cairn/{self.device.hash}/", self.device.request()
        account = self.account(self.device.hash)
        for name in ("checkpoint", "report", "enrol"):
            self.assertTrue(self.publish(topic + name, b"?", account), name)
            for stranger in (self.other.hash, "stranger"):
                self.assertFalse(self.publish(topic + name, body, self.account(stranger)), name)
        for name in ("cosigned", "answer", "enrolled", "head"):  # what is the gateway's to say
            self.assertFalse(self.publish(topic + name, body, account), name)
        # Of version 3.1.1 the broker says nothing, and drops it all the same.
        self.publish(topic + "checkpoint", body, self.account(self.other.hash), "mqttv311")
        self.bring(self.other, self.listen(self.other.hash))
        self.assertEqual(self.gateway.get(f"/{self.device.hash}/checkpoint").status, 404)

    def test_who_has_no_password_is_refused(self):
        topic, body = f"cairn/{self.device.hash}/checkpoint", self.device.request()
        for account in ([], ["-u", self.device.hash], ["-u", self.device.hash, "-P", "guessed"]):
            self.assertFalse(self.publish(topic, body, account))


class Secured(g.Case):
    def test_tls_with_certificates_and_passwords(self):
        run = lambda *arguments: subprocess.run(["openssl", *arguments], cwd=self.folder,
                                                check=True, capture_output=True)
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority")
        for name, subject in (("broker", "localhost"), ("client", "gateway")):
            run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                name + ".key", "-out", name + ".csr", "-subj", "/CN=" + subject, "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1")
            run("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out", name + ".pem")
        subprocess.run(["mosquitto_passwd", "-b", "-c", "passwords", "gateway", "secret word"],
                       cwd=self.folder, check=True)
        port = g.free_port()
        place = self.folder
        broker = g.Broker(place, f"""per_listener_settings false
user root
listener {port} 127.0.0.1
cafile {place}/ca.pem
certfile {place}/broker.pem
keyfile {place}/broker.key
require_certificate true
allow_anonymous false
password_file {place}/passwords
""")
        broker.port = port
        self.opened(broker).start()
        (place / "password").write_text("secret word\n")
        (place / "password").chmod(0o600)
        (place / "client.key").chmod(0o600)
        mqtt = f"""[mqtt]
broker = "mqtts://localhost:{port}"
username = "gateway"
password = "{place}/password"
ca = "{place}/ca.pem"
certificate = "{place}/client.pem"
key = "{place}/client.key"
"""
        gateway = self.opened(g.Gateway(GATEWAY, place / "gateway", mqtt)).start()
        g.wait_until(lambda: gateway.said("mqtt.connected"), "the broker is connected")
        self.assertNotIn("secret word", gateway.log_text())
        gateway.stop()
        (place / "password").write_text("another\n")
        gateway.start()
        g.wait_until(lambda: gateway.said("mqtt.refused"), "the refusal")
        gateway.stop()
        (place / "password").chmod(0o644)
        with self.assertRaisesRegex(AssertionError, "chmod 600"):
            gateway.start()


unittest.main()
