#!/usr/bin/env python3
"""usage: tsa.py PEER CAIRN WORK-FOLDER

A time-stamping authority made of `openssl ts` and a few lines of HTTP anchors a head; evidence with
its token verifies offline. The authority refuses the first requests, as one that is down.
"""

import pathlib
import shutil
import subprocess
import sys

import authority
import service


def main():
    peer, cairn, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tsa = authority.Authority(work, refusals=2)
    subprocess.run([peer, "tsa", work, tsa.url], check=True, timeout=120)
    tsa.close()

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
