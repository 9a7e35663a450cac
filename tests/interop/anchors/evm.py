#!/usr/bin/env python3
"""usage: evm.py PEER CAIRN REPOSITORY WORK-FOLDER

The contract is what solc makes of its source; heads are anchored on anvil and on ganache, by
transactions of both kinds; evidence with the receipts verifies offline, with the chains stopped.
"""

import os
import pathlib
import shutil
import subprocess
import sys

import chains
import service


def anchor(peer, cairn, work, url, chain_id, kind):
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    key = work / "account.key"
    key.touch(mode=0o600)
    key.write_text(chains.KEY)
    subprocess.run([peer, "evm", work, url, str(chain_id), kind, key], check=True, timeout=120)


def judge(cairn, work):
    report = service.verify(cairn, work, "chain.anchors")
    service.expect(report["ok"] and report["questions"]["anchors"]["outcome"] == "passed", report)
    service.expect(report["not_after"]["time"] == report["receipts"][0]["not_after"], report)
    report = service.verify(cairn, work, "unknown-block.anchors")
    service.expect(report["ok"] and report["receipts"][0]["outcome"] == "not checked", report)
    service.expect("not among the trusted ones" in report["receipts"][0]["detail"], report)
    report = service.verify(cairn, work, "chain.anchors", service.with_changed_receipt(work, -3))
    service.expect(not report["ok"] and report["receipts"][0]["outcome"] == "failed", report)


def main():
    peer, cairn = sys.argv[1:3]
    repository, work = (pathlib.Path(argument).resolve() for argument in sys.argv[3:5])
    work.mkdir(parents=True, exist_ok=True)
    modules = chains.install(work, repository / "tests/interop/anchors")
    subprocess.run(["node", repository / "ports/linux/gateway/evm/compile.js", modules], check=True)
    port = service.free_port()
    for name, chain_id, command in chains.chains(modules, port):
        with service.running(command, port, work / f"{name}.log", env={**os.environ, "HOME": work}):
            for kind in ("legacy", "eip1559"):
                anchor(peer, cairn, work / f"{name}-{kind}", f"http://127.0.0.1:{port}/", chain_id,
                       kind)
        for kind in ("legacy", "eip1559"):
            judge(cairn, work / f"{name}-{kind}")
            print(f"{name}, {kind}: verified with the chain stopped")


main()
