#!/usr/bin/python3
"""usage: ots_client.py PEER CAIRN WORK-FOLDER

The client of OpenTimestamps from npm shows, refuses, completes and verifies what `cairn ots`
exports. The calendar is that of ots.py. The node that the client asks for a block's header knows
one block: the one that the calendar has put the head into.
"""

import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading

import ots
import service

BLOCK_TIME = 1750000000


class Node(service.Handler):
    def do_POST(self):
        call = json.loads(self.body())
        service.expect(call["method"] in ("getblockhash", "getblockheader"), call)
        result = "00" * 32 if call["method"] == "getblockhash" else {
            "merkleroot": self.server.root[::-1].hex(), "hash": "00" * 32, "time": BLOCK_TIME}
        self.answer(json.dumps({"result": result, "error": None, "id": call["id"]}).encode(),
                    "application/json")


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def install(work):
    """The client's program. It needs a package `fs` that is gone: Node has a module instead."""
    (work / "client/fs").mkdir(parents=True, exist_ok=True)
    (work / "client/fs/package.json").write_text('{"name": "fs", "version": "0.0.1-security"}')
    here = pathlib.Path(__file__).parent
    return service.npm_install(work / "client", here / "ots/package.json") / ".bin/ots-cli.js"


class Client:
    def __init__(self, program, work, node):
        self.program, self.work = program, work
        (work / ".bitcoin").mkdir(exist_ok=True)
        (work / ".bitcoin/bitcoin.conf").write_text(
            f"rpcuser=test\nrpcpassword=test\nrpcport={node.server_port}\n")

    def __call__(self, *arguments):
        """Whether it is content, and what it says."""
        done = subprocess.run([self.program, "--whitelist", ots.Calendar.url, *arguments],
                              cwd=self.work, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "HOME": str(self.work)})
        return done.returncode == 0, done.stdout + done.stderr

    def must(self, phrase, *arguments):
        content, said = self(*arguments)
        service.expect(content and phrase in said, said)

    def must_refuse(self, phrase, *arguments):
        content, said = self(*arguments)
        service.expect(not content and phrase in said and "Success" not in said, said)


def main():
    peer, cairn, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    for name in ("store.sqlite", "head", "head.ots", "head.ots.bak"):
        (work / name).unlink(missing_ok=True)
    program = install(work)
    calendar, node = serve(ots.calendar(0)), serve(http.server.HTTPServer(("127.0.0.1", 0), Node))
    calendar.RequestHandlerClass.is_complete = False
    client = Client(program, work, node)

    subprocess.run([peer, "ots", work, ots.Calendar.url], check=True, timeout=120)
    subprocess.run([cairn, "ots", work / "evidence.cairn", "--out", work / "head"], check=True)
    digest = hashlib.sha256((work / "head").read_bytes()).hexdigest()
    client.must(f"File sha256 hash: {digest}", "info", "head.ots")
    client.must(f"PendingAttestation('{ots.Calendar.url}')", "info", "head.ots")
    (work / "other").write_text("other\n")
    client.must_refuse("File does not match original!", "verify", "head.ots", "-f", "other")
    content, said = client("verify", "head.ots")
    service.expect("Success" not in said, said)  # no block has it yet
    client.must("Failed! Timestamp not complete", "upgrade", "head.ots")

    calendar.RequestHandlerClass.is_complete = True
    client.must("Success! Timestamp complete", "upgrade", "head.ots")
    client.must("BitcoinBlockHeaderAttestation(900000)", "info", "head.ots")
    node.root = ots.Calendar.block
    client.must("Success! Bitcoin block 900000 attests existence", "verify", "head.ots")
    node.root = hashlib.sha256(b"another block").digest()
    client.must_refuse("Digest does not match merkleroot", "verify", "head.ots")
    print(f"the client of npm completes and verifies {(work / 'head.ots').stat().st_size} bytes")


main()
