#!/usr/bin/python3
"""Plays the link between the node and its gateway, and what happens to it.

The link loses every third message. Then it is down for a while; the gateway starts again and has
forgotten what it was sent; at last the node's flash is exchanged. In between, a reading is proved
from the node's log and verified with public keys alone.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess

LINK_BYTES = 222


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


class Plant:
    """The node, its gateway, and the link between them."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.log_vkey = self.key("factory.example/press-7", "press-7.key")["vkey"]
        (folder / "gateway/records").mkdir(parents=True)
        self.key("gateway.example/log", "gateway/log.key")
        self.witness_vkey = self.key("gateway.example/w", "gateway/witness.key")["witness_vkey"]
        self.cairn("policy", "--log", "press-7.key.vkey", "--witness", "w=gateway/witness.key.vkey",
                   "--quorum", "any", "--out", "policy")
        self.node = self.gateway = None
        self.sent = self.lost = 0

    def cairn(self, *arguments):
        result = subprocess.run([self.programs / "bin/cairn", *map(str, arguments)],
                                cwd=self.folder, capture_output=True, text=True)
        if result.returncode != 0:
            raise SystemExit(f"cairn {' '.join(map(str, arguments))}: {result.stderr}")
        return result.stdout

    def key(self, name, file):
        return json.loads(self.cairn("keygen", "--name", name, "--out", file, "--json"))

    def start_gateway(self):
        if self.gateway:
            self.gateway.end()
        self.gateway = Peer(self.programs / "examples/example_03_gateway",
                            self.folder / "gateway", self.log_vkey)

    def start_node(self, log):
        if self.node:
            self.node.end()
        self.cairn("init", log, "--key", "press-7.key")
        self.node = Peer(self.programs / "examples/example_03_node", self.folder / log,
                         self.witness_vkey, LINK_BYTES)

    def exchange(self, lose_every=0):
        """Messages and answers in turn; returns why there is no further message."""
        unanswered = False
        while True:
            message = self.node.say("next")
            if message == "end" and unanswered:
                self.node.say("again")
                unanswered = False
            elif not re.fullmatch("[0-9a-f]+", message):
                return message
            else:
                self.sent += 1
                if lose_every and self.sent % lose_every == 0:
                    self.lost += 1
                    unanswered = True
                else:
                    self.came_to = self.node.say("answer " + self.gateway.say(message))
                    if self.came_to.startswith("I/O error"):  # 503: it says why itself
                        return self.came_to

    def report(self, what, lose_every=0):
        """Everything that is signed must arrive."""
        self.sent = self.lost = 0
        size = int(self.node.say("record 0"))
        end = self.exchange(lose_every)
        require(end == "end" and self.came_to == f"ok {size}", f"{end}, {self.came_to}")
        print(f"{what}: {self.sent} messages, {self.lost} lost, "
              f"{size} leaves acknowledged and cosigned")

    def end(self):
        for peer in (self.node, self.gateway):
            if peer:
                peer.end()


def require(holds, what):
    if not holds:
        raise SystemExit(f"not as it should be: {what}")


def play(plant):
    plant.start_gateway()
    plant.start_node("log")
    plant.node.say("record 40")
    plant.report("a good link")
    plant.node.say("record 40")
    plant.report("every third message lost", lose_every=3)
    for _ in range(5):
        plant.node.say("record 20")
    plant.start_gateway()
    plant.report("after an outage, and a start of the gateway")

    size = int(plant.node.say("record 0"))
    plant.cairn("prove", "log", size - 2, "--out", "reading.cairn")
    verdict = plant.cairn("verify", "--policy", "policy", "reading.cairn")
    print(f"reading {size - 2}, verified with public keys alone:\n\n{verdict}")

    plant.start_node("exchanged")
    plant.node.say("record 5")
    end = plant.exchange()
    require(end == "damaged" and plant.came_to == f"damaged {size}", f"{end}, {plant.came_to}")
    require(plant.node.say("record 1") == "damaged", "the node signs on")
    print(f"an exchanged flash: the gateway has cosigned {size} leaves of this log, so the node "
          "signs no others;\na log that follows would name that head in its first record")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    programs = arguments.programs.resolve()
    plant = Plant(programs, programs / "node_to_gateway")
    try:
        play(plant)
    finally:
        plant.end()


main()
