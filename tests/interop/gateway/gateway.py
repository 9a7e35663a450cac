"""What the tests of cairn-gateway share: the gateway, a broker and devices as processes of their
own, on free ports of 127.0.0.1, ended with the test however it ends."""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest


def wait_until(condition, what, seconds=20):
    """Waits for something to become true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def origin_hash(origin):
    return hashlib.sha256(origin.encode()).hexdigest()


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()


class Gateway:
    """A gateway in a folder. `more` is added to its configuration, `options` to [gateway]."""

    def __init__(self, program, folder, more="", listen="", options="",
                 name="gateway.example/north"):
        self.place(program, folder)
        self.run("init", "--name", name, "--folder", str(self.folder), "--state",
                 str(self.folder / "state"))
        self.configure(more, listen, options)

    @classmethod
    def of(cls, program, folder):
        """One that has its configuration already."""
        gateway = cls.__new__(cls)
        gateway.place(program, folder)
        return gateway

    def place(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.process, self.port, self.log_path = None, None, self.folder / "service.log"
        self.config = self.folder / "gateway.toml"

    def configure(self, more="", listen="", options=""):
        self.config.write_text(f"""[gateway]
state_folder = "state"
log_key = "log.key"
witness_key = "witness.key"
publish_interval_ms = 50
{options}
{listen or '[[listen]]' + chr(10) + 'address = "127.0.0.1:0"'}
{more}
""")

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True,
                              timeout=60)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stderr}")
        return done.stdout

    def vkey(self, name):
        """Of its log or its witness."""
        return (self.folder / f"{name}.key.vkey").read_text().strip()

    def device(self, verb, *arguments):
        return self.run("device", verb, "--config", str(self.config), *arguments)

    def start(self, environment=None, wrapper=()):
        self.log = open(self.log_path, "ab")
        self.begun = self.log_path.stat().st_size
        self.process = subprocess.Popen(
            [*wrapper, self.program, "serve", "--config", str(self.config)],
            stderr=self.log, env=dict(os.environ, **(environment or {})))
        wait_until(lambda: self.said("service.ready") or self.process.poll() is not None, "ready")
        if self.process.poll() is not None:
            self.process = None
            self.log.close()
            raise AssertionError("the gateway did not start: " + self.log_text())
        self.ports = [int(port) for port in
                      re.findall(r"http\.listening address=\S+:(\d+)", self.log_text())]
        self.port = self.ports[0] if self.ports else None
        return self

    def log_text(self):
        with open(self.log_path, "rb") as file:
            file.seek(self.begun)
            return file.read().decode(errors="replace")

    def said(self, text):
        return text in self.log_text()

    def stop(self, number=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(number)
        return self.ended()

    def ended(self):
        """Waits for its end; the exit status."""
        status = self.process.wait(60)
        self.process = None
        self.log.close()
        return status

    def kill(self):
        return self.stop(signal.SIGKILL)

    def close(self):
        if self.process is not None:
            self.kill()

    def resident_bytes(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024

    def request(self, method, path, body=None, headers=None, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **more):
        """Sent again where the connection ends before it is answered: a server that reloads may not
        have seen it (RFC 9112, section 9.3.1)."""
        try:
            return self.request("GET", path, **more)
        except http.client.RemoteDisconnected:
            return self.request("GET", path, **more)

    def is_healthy(self):
        """Whether it answers, and takes a connection at all."""
        try:
            return self.get("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def post(self, path, body, **more):
        return self.request("POST", path, body=body, **more)

    def metric(self, name):
        """The sum of a metric's values over all labels."""
        found = re.findall(rf"^cairn_gateway_{name}(?:{{.*}})? (\S+)$", self.get("/metrics").text,
                           re.M)
        return sum(float(value) for value in found)


class Clock:
    """The time of day that a gateway sees, by libfaketime; other clocks are not touched."""

    def __init__(self, folder, offset):
        self.file = pathlib.Path(folder) / "clock"
        self.library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if self.library is None:
            raise unittest.SkipTest("faketime is not installed")
        self.set(offset)

    def set(self, offset):
        """To so much before or after the machine's time: "-3h", "+10"."""
        self.file.write_text(offset)

    def environment(self):
        return {"LD_PRELOAD": str(self.library), "FAKETIME_TIMESTAMP_FILE": str(self.file),
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Device:
    """A log, written by the command `cairn`."""

    def __init__(self, command, folder, origin):
        self.command, self.folder, self.origin = command, pathlib.Path(folder), origin
        self.folder.mkdir()
        self.cosigned = 0
        self.run("keygen", "--name", origin, "--out", "key")
        self.run("init", "log", "--key", "key", "--batch", "0")

    def run(self, *arguments, input=None):
        done = subprocess.run([self.command, *arguments], cwd=self.folder, capture_output=True,
                              text=True, input=input, timeout=60)
        if done.returncode != 0:
            raise AssertionError(f"cairn {arguments}: {done.stderr}")
        return done.stdout

    @property
    def vkey(self):
        return (self.folder / "key.vkey").read_text().strip()

    @property
    def hash(self):
        return origin_hash(self.origin)

    def append(self, lines):
        """Appends text records and signs; returns the size of the log."""
        self.run("append", "log", "--lines", "-", input="".join(line + "\n" for line in lines))
        self.run("seal", "log")
        return self.size()

    def size(self):
        return int(self.run("checkpoint", "log").splitlines()[1])

    def request(self, old=None):
        """The body of add-checkpoint for the newest head."""
        start = self.cosigned if old is None else old
        if start == 0:
            return ("old 0\n\n" + self.run("checkpoint", "log")).encode()
        self.run("consistency", "log", "--from", str(start), "--request", "--out", "request")
        return (self.folder / "request").read_bytes()


class Broker:
    """mosquitto on a free port."""

    def __init__(self, folder, more=""):
        self.folder, self.port, self.more = pathlib.Path(folder), free_port(), more
        self.process = None

    def start(self):
        config = self.folder / "mosquitto.conf"
        config.write_text(self.more if "listener" in self.more else
                          f"listener {self.port} 127.0.0.1\nallow_anonymous true\n{self.more}\n")
        self.log = open(self.folder / "mosquitto.log", "ab")
        program = "/usr/sbin/mosquitto"
        self.process = subprocess.Popen([program, "-c", str(config)], stdout=self.log,
                                        stderr=self.log)
        wait_until(self.answers, "the broker listens")
        return self

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None
            self.log.close()

    close = stop


class StoreLock:
    """Another process that writes to a gateway's SQLite store, and does not come to an end."""

    def __init__(self, gateway):
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); "
             "c.isolation_level=None; c.execute('begin immediate'); print('held', flush=True); "
             "sys.stdin.read()", str(gateway.folder / "state/store.sqlite")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "held\n":
            raise AssertionError("the store cannot be locked")

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None


class LoadHeads:
    """What devices of gateway_load send, as files, and the notes that became of it."""

    def __init__(self, program, folder, count, size):
        self.folder, self.cosigned = pathlib.Path(folder), b""
        self.folder.mkdir()
        subprocess.run([program, "heads", str(folder), str(count), str(size)], check=True)

    @staticmethod
    def origin(number):
        return f"load.example/device-{number}"

    def path(self, number, size, which=""):
        return self.folder / f"{number}-{size}{which}"

    def body(self, number, size, which=""):
        return self.path(number, size, which).read_bytes()

    def was_cosigned(self, body, line):
        """Keeps the note for gateway_replay; see cosigned_notes.hpp."""
        note = body.split(b"\n\n", 1)[1] + line
        self.cosigned += str(len(note)).encode() + b"\n" + note

    def replay(self, program, gateway):
        (self.folder / "cosigned").write_bytes(self.cosigned)
        done = subprocess.run([program, str(gateway.port), gateway.vkey("witness"),
                               str(self.folder / "cosigned")], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        print("\n" + done.stdout, end="")


class Case(unittest.TestCase):
    """A test with a folder of its own; what it opens is closed after it."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def converse(self, program, gateway, device, what, carry=None):
        """Lets a device bring its log by reports; `carry` has a message answered, by nothing when
        the answer is lost. Without it they go over POST /v1/report."""
        carry = carry or (lambda message: gateway.post("/v1/report", message).body)
        process = subprocess.Popen(
            [program, "report", str(device.folder / "log"), gateway.vkey("witness"), what],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        for line in process.stdout:
            if line.startswith("acknowledged"):
                process.stdin.close()
                process.stdout.close()
                self.assertEqual(process.wait(20), 0)
                return int(line.split()[1])
            process.stdin.write(carry(bytes.fromhex(line.strip())).hex() + "\n")
            process.stdin.flush()
        raise AssertionError("the device ended without a word")

    def opened(self, thing):
        self.addCleanup(thing.close)
        return thing


def checkpoint_size(note):
    return int(note.split("\n")[1])


def tile_leaves(gateway, size):
    """The entries of the gateway's log, read from its tiles over HTTP."""
    out = []
    while len(out) < size:
        number, width = len(out) // 256, min(256, size - len(out))
        path = f"/log/tile/entries/{number:03d}" + ("" if width == 256 else f".p/{width}")
        bundle = gateway.get(path).body
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            out.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
    return out


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def tree_root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree_root(hashes[:split]) + tree_root(hashes[split:])).digest()


def check_log(gateway):
    """Whether the tiles lead to the signed root; returns the leaves."""
    note = gateway.get("/log/checkpoint").text
    size = checkpoint_size(note)
    leaves = tile_leaves(gateway, size)
    root = base64.b64encode(tree_root([leaf_hash(leaf) for leaf in leaves])).decode()
    if root != note.split("\n")[2]:
        raise AssertionError(f"the tiles of size {size} lead to {root}, not to\n{note}")
    return leaves
