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

import service

# The first account of the mnemonic that test chains are known by; never a real key.
MNEMONIC = "test test test test test test test test test test test junk"
KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n"


def install(work, here):
    if shutil.which("npm") is None:
        service.skip("npm is not installed")
    shutil.copy(here / "package.json", work)
    subprocess.run(["npm", "install", "--loglevel=error", "--no-audit", "--no-fund",
                    "--no-package-lock", "--cache", work / "npm-cache"], cwd=work, check=True)
    return work / "node_modules"


def chains(modules, port):
    anvil = [modules / ".bin/anvil", "--host", "127.0.0.1", "--port", str(port)]
    yield "anvil", 31337, anvil
    yield "anvil-paris", 1337, [*anvil, "--chain-id", "1337", "--hardfork", "paris",
                                "--block-time", "1"]
    yield "ganache", 1337, [modules / ".bin/ganache", "--server.host", "127.0.0.1",
                            "--server.port", str(port), "--wallet.mnemonic", MNEMONIC]


def anchor(peer, cairn, work, url, chain_id, kind):
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    key = work / "account.key"
    key.touch(mode=0o600)
    key.write_text(KEY)
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
    modules = install(work, repository / "tests/interop/anchors")
    subprocess.run(["node", repository / "ports/linux/gateway/evm/compile.js", modules], check=True)
    port = service.free_port()
    for name, chain_id, command in chains(modules, port):
        with service.running(command, port, work / f"{name}.log", env={**os.environ, "HOME": work}):
            for kind in ("legacy", "eip1559"):
                anchor(peer, cairn, work / f"{name}-{kind}", f"http://127.0.0.1:{port}/", chain_id,
                       kind)
        for kind in ("legacy", "eip1559"):
            judge(cairn, work / f"{name}-{kind}")
            print(f"{name}, {kind}: verified with the chain stopped")


main()
