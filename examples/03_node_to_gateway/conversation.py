#!/usr/bin/python3
"""Plays the link between the node and its gateway, and what happens to it.

The link loses every third message. Then it is down for a while; the gateway starts again and has
forgotten what it was sent; a node that has forgotten what was cosigned is told; at last the node's
flash is exchanged. In between, a reading is proved from the node's log and verified with public
keys alone.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess

import gateways

LINK_BYTES = 222
MESSAGES_MAX = 200
ORIGIN = "factory.example/press-7"


class Plant:
    """The node, its gateway, and the link between them."""

    def __init__(self, programs, kind, folder):
        self.programs, self.folder = programs, folder
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "gateway").mkdir(parents=True)
        log_vkey = self.key(ORIGIN, "press-7.key")["vkey"]
        self.key("gateway.example/log", "gateway/log.key")
        self.witness_vkey = self.key("gateway.example/w", "gateway/witness.key")["witness_vkey"]
        self.cairn("policy", "--log", "press-7.key.vkey", "--witness", "w=gateway/witness.key.vkey",
                   "--quorum", "any", "--out", "policy")
        self.node = None
        self.sent = self.lost = 0
        self.codes = []
        self.gateway = gateways.KINDS[kind](programs, folder / "gateway", ORIGIN, log_vkey)

    def cairn(self, *arguments):
        result = subprocess.run([self.programs / "bin/cairn", *map(str, arguments)],
                                cwd=self.folder, capture_output=True, text=True)
        if result.returncode != 0:
            raise SystemExit(f"cairn {' '.join(map(str, arguments))}: {result.stderr}")
        return result.stdout

    def key(self, name, file):
        return json.loads(self.cairn("keygen", "--name", name, "--out", file, "--json"))

    def restart_gateway(self):
        self.gateway.stop()
        self.gateway.start()

    def start_node(self, log):
        if self.node:
            self.node.end()
        self.cairn("init", log, "--key", "press-7.key")
        self.node = gateways.Peer(self.programs / "examples/example_03_node", self.folder / log,
                                  self.witness_vkey, LINK_BYTES)

    def exchange(self, lose_every=0, messages=None):
        """Messages and answers in turn; returns why there is no further message."""
        unanswered = False
        while self.sent != messages:
            message = self.node.say("next")
            if message == "end" and unanswered:
                self.node.say("again")
                unanswered = False
            elif not re.fullmatch("[0-9a-f]+", message):
                return message
            else:
                self.sent += 1
                require(self.sent < MESSAGES_MAX, f"no end; the last answers: {self.codes[-5:]}")
                if lose_every and self.sent % lose_every == 0:
                    self.lost += 1
                    unanswered = True
                else:
                    answer = self.gateway.report(message)
                    self.codes.append(code_of(answer))
                    self.came_to = self.node.say("answer " + answer)
                    if self.came_to.startswith("I/O error"):  # 503: it says why itself
                        return self.came_to
        return "more"

    def report(self, what, lose_every=0):
        """Everything that is signed must arrive."""
        self.sent = self.lost = 0
        size = int(self.node.say("record 0"))
        end = self.exchange(lose_every)
        require(end == "end" and self.came_to == f"ok {size}", f"{end}, {self.came_to}")
        print(f"{what}: {self.sent} messages, {self.lost} lost, "
              f"{size} leaves acknowledged and cosigned")

    def end(self):
        if self.node:
            self.node.end()
        self.gateway.end()


def code_of(answer):
    """The field `status` of a ReportAnswer: a varint of two bytes behind its tag."""
    raw = bytes.fromhex(answer)
    require(len(raw) >= 3 and raw[0] == 0x08, f"no ReportAnswer: {answer}")
    return (raw[1] & 0x7F) | raw[2] << 7


def require(holds, what):
    if not holds:
        raise SystemExit(f"not as it should be: {what}")


def lose_what_was_sent(plant):
    """The gateway starts again in the middle: 409 says where to go on."""
    plant.node.say("record 40")
    plant.sent = 0
    require(plant.exchange(messages=3) == "more", "all was sent in three messages")
    plant.restart_gateway()
    plant.codes.clear()
    plant.report("after the gateway forgot what was half sent")
    require(409 in plant.codes, f"nobody was told to go back: {plant.codes}")


def forget_what_was_cosigned(plant):
    """A node that only has heads cosigned (c2sp.org/tlog-witness), and has lost count."""
    cosigned = int(plant.node.say("record 0"))
    size = int(plant.node.say("record 10"))
    head = plant.cairn("checkpoint", "log")
    status, body = plant.gateway.add_checkpoint(("old 0\n\n" + head).encode())
    require((status, body) == (409, f"{cosigned}\n"), f"{status} {body}")
    plant.cairn("consistency", "log", "--from", cosigned, "--request", "--out", "request")
    status, body = plant.gateway.add_checkpoint((plant.folder / "request").read_bytes())
    require(status == 200 and body.startswith("— gateway.example/w "), f"{status} {body}")
    print(f"a head from 0 on: 409, {cosigned} are cosigned; from {cosigned} on: {size} are")


def prove(plant):
    size = int(plant.node.say("record 0"))
    plant.cairn("prove", "log", size - 2, "--out", "reading.cairn")
    verdict = plant.cairn("verify", "--policy", "policy", "reading.cairn")
    print(f"reading {size - 2}, verified with public keys alone:\n\n{verdict}")


def exchange_flash(plant):
    size = int(plant.node.say("record 0"))
    plant.start_node("exchanged")
    plant.node.say("record 5")
    plant.sent = 0
    end = plant.exchange()
    require(end == "damaged" and plant.came_to == f"damaged {size}", f"{end}, {plant.came_to}")
    require(plant.node.say("record 1") == "damaged", "the node signs on")
    print(f"an exchanged flash: the gateway has cosigned {size} leaves of this log, so the node "
          "signs no others;\na log that follows would name that head in its first record")


def play(plant):
    plant.gateway.start()
    plant.start_node("log")
    plant.node.say("record 40")
    plant.report("a good link")
    plant.node.say("record 40")
    plant.report("every third message lost", lose_every=3)
    for _ in range(5):
        plant.node.say("record 20")
    plant.restart_gateway()
    plant.report("after an outage, and a start of the gateway")
    lose_what_was_sent(plant)
    prove(plant)
    if plant.gateway.is_witness:
        forget_what_was_cosigned(plant)
    exchange_flash(plant)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--gateway", choices=gateways.KINDS, default="library")
    arguments = parser.parse_args()
    programs = arguments.programs.resolve()
    plant = Plant(programs, arguments.gateway, programs / f"node_to_gateway_{arguments.gateway}")
    try:
        play(plant)
    finally:
        plant.end()


main()
