"""The gateway behind the link, as three kinds: the library in a program of this example, and the
service cairn-gateway, over HTTP and over MQTT. All take a message and answer with one, both in
hexadecimal. They are in FOLDER, which has log.key and witness.key."""
import hashlib
import http.client
import re
import shutil
import socket
import subprocess
import time

CONFIGURATION = """[gateway]
state_folder = "state"
log_key = "log.key"
witness_key = "witness.key"
[[listen]]
address = "127.0.0.1:0"
"""
PATIENCE_S = 20


class Peer:
    """A program that answers each line with one."""

    def __init__(self, *command):
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def say(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().strip()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise SystemExit(f"{self.process.args[0]} has ended")
        return answer

    def end(self):
        self.process.terminate()
        self.process.wait()


class Library:
    """The gateway's library, without a transport."""

    is_witness = False

    def __init__(self, programs, folder, origin, vkey):
        self.command = programs / "examples/example_03_gateway", folder, vkey
        (folder / "records").mkdir()
        self.peer = None

    def start(self):
        self.peer = Peer(*self.command)

    def stop(self):
        if self.peer:
            self.peer.end()

    end = stop

    def report(self, message):
        return self.peer.say(message)


class Service:
    """cairn-gateway, which knows one device. Started and stopped like the real thing."""

    is_witness = True

    def __init__(self, programs, folder, origin, vkey):
        self.program, self.folder, self.process = programs / "bin/cairn-gateway", folder, None
        self.hash = hashlib.sha256(origin.encode()).hexdigest()
        (folder / "state").mkdir(mode=0o700)
        self.configuration = folder / "gateway.toml"
        self.configuration.write_text(CONFIGURATION + self.transport())
        subprocess.run([self.program, "device", "enrol", "--config", self.configuration, "--vkey",
                        vkey, "--owner", "factory.example", "--role", "press"], check=True,
                       stdout=subprocess.DEVNULL)

    def transport(self):
        return ""

    def start(self):
        log = self.folder / "service.log"
        with open(log, "wb") as file:
            self.process = subprocess.Popen(
                [self.program, "serve", "--config", self.configuration], stderr=file)
        self.log = wait_for(lambda: self.is_ready(log.read_text()) and log.read_text(),
                            f"{self.program} is not ready, see {log}")

    def is_ready(self, text):
        return "service.ready" in text

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    end = stop


class Http(Service):
    def ask(self, path, body):
        port = re.search(r"http\.listening address=\S+:(\d+)", self.log).group(1)
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE_S)
        connection.request("POST", path, body=body)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def report(self, message):
        return self.ask("/v1/report", bytes.fromhex(message))[1].hex()

    def add_checkpoint(self, request):
        status, body = self.ask("/add-checkpoint", request)
        return status, body.decode()


class Mqtt(Service):
    """With a broker between, which outlives the gateway."""

    def transport(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.broker = self.answers = None
        return f'[mqtt]\nbroker = "mqtt://127.0.0.1:{self.port}"\n'

    def start(self):
        if not self.broker:
            settings = self.folder / "mosquitto.conf"
            settings.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                                "max_inflight_messages 0\n")
            program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
            with open(self.folder / "mosquitto.log", "wb") as log:
                self.broker = subprocess.Popen([program, "-c", settings], stdout=log, stderr=log)
            wait_for(self.subscribe, f"{program} does not listen, see {self.folder}")
        super().start()

    def subscribe(self):
        self.answers = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1",
             "-d", "-F", "%t %x", "-t", f"cairn/{self.hash}/answer", "-t",
             f"cairn/{self.hash}/cosigned"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return any(line.startswith("Subscribed") for line in self.answers.stdout)

    def is_ready(self, text):
        return "service.ready" in text and "mqtt.connected" in text

    def end(self):
        self.stop()
        for process in (self.broker, self.answers):
            if process:
                process.terminate()
                process.wait()

    def ask(self, topic, answer_topic, message):
        file = self.folder / "message"
        file.write_bytes(message)
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-t",
                        f"cairn/{self.hash}/{topic}", "-f", file], check=True)
        for line in self.answers.stdout:  # among what it says of its packets
            name, _, payload = line.strip().partition(" ")
            if name == f"cairn/{self.hash}/{answer_topic}":
                return bytes.fromhex(payload)
        raise SystemExit("mosquitto_sub has ended")

    def report(self, message):
        return self.ask("report", "answer", bytes.fromhex(message)).hex()

    def add_checkpoint(self, request):
        status, _, body = self.ask("checkpoint", "cosigned", request).decode().partition("\n")
        return int(status), body


KINDS = {"library": Library, "http": Http, "mqtt": Mqtt}


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE_S
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise SystemExit(what)
        time.sleep(0.02)
