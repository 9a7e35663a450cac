#!/usr/bin/python3
"""usage: ots.py PEER CAIRN WORK-FOLDER
       ots.py serve PORT

A calendar made of Debian's python3-opentimestamps is given a head; what `cairn ots` exports is
read, and completed from the calendar, by the library that the stock client is made of. `serve` is
that calendar alone, for other tests.
"""

import hashlib
import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import threading

import service

try:
    from opentimestamps.calendar import RemoteCalendar
    from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
    from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
    from opentimestamps.core.serialize import (BytesDeserializationContext,
                                               BytesSerializationContext)
    from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp
except ImportError:
    service.skip("python3-opentimestamps is not installed")


class Calendar(http.server.BaseHTTPRequestHandler):
    url = None
    is_complete = True  # a block has what it was given
    block = None        # what that block's header would have, for what was asked last

    def answer(self, timestamp):
        context = BytesSerializationContext()
        timestamp.serialize(context)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(context.getbytes())

    def do_POST(self):
        timestamp = Timestamp(self.rfile.read(int(self.headers["Content-Length"])))
        commitment = timestamp.ops.add(OpAppend(os.urandom(16))).ops.add(OpSHA256())
        commitment.attestations.add(PendingAttestation(self.url))
        self.answer(timestamp)

    def do_GET(self):
        if not self.is_complete:
            self.send_error(404)
            return
        timestamp = Timestamp(bytes.fromhex(self.path.rsplit("/", 1)[1]))
        block = timestamp.ops.add(OpPrepend(b"block")).ops.add(OpSHA256())
        block.attestations.add(BitcoinBlockHeaderAttestation(900000))
        Calendar.block = block.msg
        self.answer(timestamp)

    def log_message(self, *_):
        pass


def pending(timestamp):
    """The sub-timestamps that a calendar has promised to complete."""
    return [(stamp, attestation.uri) for stamp, attestation in walk(timestamp)
            if isinstance(attestation, PendingAttestation)]


def walk(timestamp):
    for attestation in timestamp.attestations:
        yield timestamp, attestation
    for stamp in timestamp.ops.values():
        yield from walk(stamp)


def calendar(port):
    server = http.server.HTTPServer(("127.0.0.1", port), Calendar)
    Calendar.url = f"http://127.0.0.1:{server.server_port}"
    return server


def main():
    if sys.argv[1] == "serve":
        calendar(int(sys.argv[2])).serve_forever()
    peer, cairn, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    server = calendar(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    subprocess.run([peer, "ots", work, Calendar.url], check=True, timeout=120)
    report = service.verify(cairn, work, None)
    service.expect(report["ok"] and report["receipts"][0]["outcome"] == "not checked", report)

    text = work / "checkpoint.txt"
    subprocess.run([cairn, "ots", work / "evidence.cairn", "--out", text], check=True)
    exported = (work / "checkpoint.txt.ots").read_bytes()
    file = DetachedTimestampFile.deserialize(BytesDeserializationContext(exported))
    service.expect(file.file_digest == hashlib.sha256(text.read_bytes()).digest(), "digest")
    again = BytesSerializationContext()
    file.serialize(again)
    service.expect(again.getbytes() == exported, "the library writes other bytes")
    promised = pending(file.timestamp)
    service.expect([uri for _, uri in promised] == [Calendar.url], promised)
    for stamp, uri in promised:
        stamp.merge(RemoteCalendar(uri + "/").get_timestamp(stamp.msg))
    heights = [attestation.height for _, attestation in walk(file.timestamp)
               if isinstance(attestation, BitcoinBlockHeaderAttestation)]
    service.expect(heights == [900000], heights)
    print(f"{len(exported)} bytes of .ots, completed from its calendar")


if __name__ == "__main__":
    main()
