"""Test chains of npm, anvil and ganache: independent implementations of the EVM and its nodes."""

import platform

import service

# The first account of the mnemonic that test chains are known by; never a real key.
MNEMONIC = "test test test test test test test test test test test junk"
KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n"


# The package @foundry-rs/anvil asks for the program of this machine only by a newer Node than
# Debian 12 has, though it is none of Node's.
ANVIL = "@foundry-rs/anvil-linux-{}@1.7.1"
PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}


def install(work, here):
    if platform.machine() not in PROCESSORS:
        service.skip("there is no anvil for this processor")
    return service.npm_install(work, here / "package.json",
                               ANVIL.format(PROCESSORS[platform.machine()]))


def chains(modules, port):
    anvil = [modules / ".bin/anvil", "--host", "127.0.0.1", "--port", str(port)]
    yield "anvil", 31337, anvil
    yield "anvil-paris", 1337, [*anvil, "--chain-id", "1337", "--hardfork", "paris",
                                "--block-time", "1"]
    yield "ganache", 1337, [modules / ".bin/ganache", "--server.host", "127.0.0.1",
                            "--server.port", str(port), "--wallet.mnemonic", MNEMONIC]
