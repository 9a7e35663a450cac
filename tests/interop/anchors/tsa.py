#!/usr/bin/env python3
"""usage: tsa.py PEER CAIRN WORK-FOLDER

Time-stamping authorities made of `openssl ts` and a few lines of HTTP anchor a head each; evidence
with their tokens verifies offline. They sign with P-256 and with RSA, under a root and under an
intermediate authority whose certificate is in the token or is not. Each refuses the first requests,
as one that is down.
"""

import pathlib
import shutil
import subprocess
import sys

import authority
import service


def anchor(peer, work, trusted, **shape):
    """Has a head anchored by an authority, which the gateway knows by these certificates."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tsa = authority.Authority(work, refusals=2, **shape)
    gateway = work / "gateway.pem"
    gateway.write_text("".join((work / name).read_text() for name in trusted))
    subprocess.run([peer, "tsa", work, tsa.url], check=True, timeout=120)
    tsa.close()


def check(cairn, work, trusted, distrusted):
    """Only one who trusts the authority by these certificates learns a time."""
    (work / "trust.anchors").write_text(f"tsa authority {trusted}\nrequire 1\n")
    (work / "others.anchors").write_text(f"tsa other {distrusted}\n")
    (work / "demanding.anchors").write_text(f"tsa other {distrusted}\nrequire 1\n")
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
    service.expect(not service.verify(cairn, work, "demanding.anchors")["ok"], "demanding")
    report = service.verify(cairn, work, "trust.anchors", service.with_changed_receipt(work, -3))
    service.expect(not report["ok"] and report["receipts"][0]["outcome"] == "failed", report)


def main():
    peer, cairn, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    whole = ["ca.pem", "intermediate.pem"]
    for name, trusted, distrusted, shape in (
            ("P-256", ["ca.pem"], "other.pem", {}),
            ("RSA", ["ca.pem"], "other.pem", {"key": authority.RSA}),
            ("chain in the token", ["ca.pem"], "other.pem", {"intermediate": "sent"}),
            ("chain of the verifier", whole, "ca.pem", {"intermediate": "kept"}),
            ("chain of RSA", whole, "ca.pem", {"key": authority.RSA, "intermediate": "kept"})):
        folder = work / name.replace(" ", "-")
        anchor(peer, folder, trusted, **shape)
        check(cairn, folder, "gateway.pem", distrusted)
        size = (folder / "evidence.cairn").stat().st_size
        print(f"{name}: {size} bytes of evidence with a time-stamp verify")


main()
