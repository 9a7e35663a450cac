#!/usr/bin/env python3
"""usage: tsa.py PEER CAIRN WORK-FOLDER

A time-stamping authority made of `openssl ts` and a few lines of HTTP anchors a head; evidence with
its token verifies offline. The authority refuses the first requests, as one that is down.
"""

import http.server
import pathlib
import shutil
import subprocess
import sys
import threading

import service

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Example
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[authority]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = default
[default]
dir = .
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/authority.pem
signer_key = $dir/authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(work, *arguments):
    subprocess.run(["openssl", *arguments], cwd=work, check=True, capture_output=True)


def make_authority(work):
    (work / "tsa.cnf").write_text(CONFIGURATION)
    (work / "serial").write_text("01\n")
    for name in ("ca", "other", "authority"):
        openssl(work, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    for name in ("ca", "other"):
        openssl(work, "req", "-x509", "-new", "-key", f"{name}.key", "-config", "tsa.cnf", "-subj",
                f"/CN=Root {name}", "-extensions", "root", "-days", "30", "-out", f"{name}.pem")
    openssl(work, "req", "-new", "-key", "authority.key", "-config", "tsa.cnf", "-subj",
            "/CN=Test authority", "-out", "authority.csr")
    openssl(work, "x509", "-req", "-in", "authority.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-extfile", "tsa.cnf", "-extensions", "authority", "-days", "30",
            "-out", "authority.pem")


class Authority(http.server.BaseHTTPRequestHandler):
    work = None
    refusals = 2

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if Authority.refusals > 0:
            Authority.refusals -= 1
            self.send_error(503)
            return
        (self.work / "query.tsq").write_bytes(query)
        openssl(self.work, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out",
                "reply.tsr")
        reply = (self.work / "reply.tsr").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


def main():
    peer, cairn, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    make_authority(work)
    Authority.work = work
    server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    subprocess.run([peer, "tsa", work, f"http://127.0.0.1:{server.server_port}/"], check=True,
                   timeout=120)
    server.shutdown()

    (work / "trust.anchors").write_text("tsa authority ca.pem\nrequire 1\n")
    (work / "others.anchors").write_text("tsa other other.pem\n")
    report = service.verify(cairn, work, "trust.anchors")
    service.expect(report["ok"] and report["questions"]["anchors"]["outcome"] == "passed", report)
    receipt = report["receipts"][0]
    service.expect(receipt["anchor"] == "authority" and "CN=Test authority" in receipt["detail"],
                   receipt)
    service.expect(report["not_after"]["time"] == receipt["not_after"], report)
    for anchors in (None, "others.anchors"):
        report = service.verify(cairn, work, anchors)
        service.expect(report["ok"] and report["receipts"][0]["outcome"] == "not checked", report)
        service.expect("not_after" not in report, report)
    report = service.verify(cairn, work, "trust.anchors", service.with_changed_receipt(work, -3))
    service.expect(not report["ok"] and report["receipts"][0]["outcome"] == "failed", report)
    print(f"{(work / 'evidence.cairn').stat().st_size} bytes of evidence with a time-stamp verify")


main()
