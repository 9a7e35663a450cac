#!/usr/bin/python3
"""Runs the sensor node on QEMU and cuts its power at random, again and again.

The node's flash is memory that the emulator keeps in a file. Killing the emulator cuts the power:
what was stored stays, down to half a programmed byte. After each cut the flash is read out as a
technician would, and judged by the cairn command: the image is sound, the log contains the last
head that the gateway has verified, and a record that the gateway has got is proved and verified.

The flash holds some six hundred records. A longer run goes on only because the gateway's
acknowledgements arrive, and let the oldest records be overwritten.
"""
import argparse
import itertools
import json
import mmap
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
MEMORY_BYTES = 16 << 20  # of the board, from 0x21000000
FLASH_BYTES = 8 * 4096  # what board_mps2.c makes a flash of
RANDOM_AT, RANDOM_BYTES = 15 << 20, 32  # the node's random numbers
# Shorter than starting takes, and longer than several batches and an erase: of processor time, so
# that the node comes as far on a busy machine.
LIFE_S = (0.03, 0.6)
# What a run of so many cuts must have seen, whatever its luck.
ENOUGH_TO_TEAR, ENOUGH_TO_RECYCLE = 20, 60


def processor_time_s(process):
    """What a process and its threads have used."""
    total = 0
    for task in pathlib.Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
        try:
            total += int(task.read_text().split()[0])
        except OSError:  # it has just ended
            pass
    return total / 1e9


class Bench:
    """The node, its gateway, and what is known of both."""

    def __init__(self, arguments):
        self.folder = HERE.parent.parent / "build/sensor_node" / arguments.key
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.node = pathlib.Path(arguments.node).resolve()
        programs = pathlib.Path(arguments.programs).resolve()
        self.cairn = programs / "bin/cairn"
        self.vkey = HERE / f"press-7-{arguments.key}.vkey"
        self.policy = self.folder / "policy"
        self.run("policy", "--log", self.vkey, "--out", self.policy)
        memory = self.folder / "memory"
        memory.write_bytes(b"\xff" * FLASH_BYTES)
        os.truncate(memory, MEMORY_BYTES)
        with open(memory, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), MEMORY_BYTES)
        self.records = self.folder / "records"  # the gateway adds to it
        self.records.touch()
        self.received, self.received_bytes = [], 0
        self.oldest = self.torn = self.proved = 0
        for direction in ("in", "out"):
            os.mkfifo(self.folder / f"line.{direction}")
        self.gateway = subprocess.Popen(
            [programs / "examples/example_02_gateway", "line.out", "line.in",
             self.vkey.read_text().strip(), "."], cwd=self.folder)

    def run(self, *arguments):
        result = subprocess.run([self.cairn, *map(str, arguments), "--json"], cwd=HERE,
                                capture_output=True, text=True)
        if result.returncode != 0:
            raise SystemExit(f"cairn {' '.join(map(str, arguments))}: {result.stdout[:2000]}"
                             f"{result.stderr}The flash is {self.folder}/memory.")
        return [json.loads(line) for line in result.stdout.splitlines()]

    def live_and_die(self, life_s):
        self.memory[RANDOM_AT:RANDOM_AT + RANDOM_BYTES] = os.urandom(RANDOM_BYTES)
        node = subprocess.Popen(
            ["qemu-system-arm", "-M", "mps2-an386,memory-backend=memory", "-m", "16M",
             "-object", "memory-backend-file,id=memory,size=16M,share=on,mem-path=memory",
             "-display", "none", "-monitor", "none", "-chardev", "pipe,id=line,path=line",
             "-serial", "chardev:line", "-kernel", self.node], cwd=self.folder)
        try:
            while node.poll() is None and (left := life_s - processor_time_s(node)) > 0:
                time.sleep(max(0.001, left / 2))  # it has two threads at most that compute
            died_before = node.poll() is not None
        finally:
            node.kill()
            node.wait()
        if died_before:
            raise SystemExit(f"the emulator ended by itself, status {node.returncode}")

    def receive(self):
        """Reads what the gateway has added to its records."""
        with open(self.records, "rb") as file:
            file.seek(self.received_bytes)
            lines = file.read().rpartition(b"\n")[0]
        if lines:
            self.received_bytes += len(lines) + 1
        for line in lines.decode().splitlines():
            index, leaf = line.split()
            self.received.append((int(index), bytes.fromhex(leaf)))

    def settle(self):
        """Until the gateway has read what the line holds. What it says to a node that is off is
        lost, as on any line."""
        size = -1
        while size != (size := self.records.stat().st_size):
            time.sleep(0.02)
            line = os.open(self.folder / "line.in", os.O_RDONLY | os.O_NONBLOCK)
            try:
                while os.read(line, 1 << 16):
                    pass
            except BlockingIOError:
                pass
            os.close(line)
        if self.gateway.poll() is not None:
            raise SystemExit(f"the gateway ended, status {self.gateway.returncode}")

    def judge(self):
        """Size of the log, and how much of it was torn; what must hold is required."""
        image, log = self.folder / "flash.bin", self.folder / "log"
        image.write_bytes(self.memory[:FLASH_BYTES])
        shutil.rmtree(log, ignore_errors=True)
        self.receive()
        records = self.received
        if not records:
            return None  # the power went before the log was made
        (report,) = self.run("image", image, "--kind", "nor", "--erased", "ff", "--key", self.vkey,
                             "--log", log)
        if records[-1][0] >= report["size"]:
            raise SystemExit(f"record {records[-1][0]} was handed over, and is lost")
        self.oldest = report["oldest"]
        checkpoint = self.folder / "checkpoint"
        if not checkpoint.exists():
            return report
        self.run("check", log, "--policy", self.policy, "--checkpoint", checkpoint)
        signed = max((head["size"] for head in report["heads"]), default=0)
        held = list(itertools.takewhile(lambda record: record[0] >= self.oldest,
                                        reversed(records)))
        held = [record for record in held if record[0] < signed]
        if held:
            self.prove(log, *random.choice(held))
        return report

    def prove(self, log, index, leaf):
        evidence, record = self.folder / "record.cairn", self.folder / "record.leaf"
        record.write_bytes(leaf)
        self.run("prove", log, index, "--out", evidence)
        self.run("verify", "--policy", self.policy, "--record", record, evidence)
        self.proved += 1

    def cut(self):
        """A life of the node, and what it leaves."""
        before = self.memory[:FLASH_BYTES]
        self.live_and_die(random.uniform(*LIFE_S))
        self.settle()
        report = self.judge()
        self.torn += report is not None and self.memory[:FLASH_BYTES] != before and any(
            segment["use"] == "newest" and segment["torn_bytes"]
            for segment in report["segments"])

    def told(self):
        return (f"{len(self.received)} records received, all of them in order; the oldest that "
                f"the log still has is {self.oldest}")

    def require_work(self, cuts):
        """That the run was one: a node that does nothing keeps every promise."""
        missing = []
        if len(self.received) < cuts:
            missing.append("more records than cuts")
        if self.proved < cuts / 2:
            missing.append("a proof after most cuts")
        if cuts >= ENOUGH_TO_TEAR and self.torn == 0:
            missing.append("a cut in the middle of a write")
        if cuts >= ENOUGH_TO_RECYCLE and self.oldest == 0:
            missing.append("room made by acknowledgements")
        if missing:
            raise SystemExit(f"{cuts} cuts without {', without '.join(missing)}: {self.told()}, "
                             f"{self.proved} proved, {self.torn} torn")

    def end(self):
        self.gateway.terminate()
        self.gateway.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", required=True, help="the node's firmware")
    parser.add_argument("--programs", required=True, help="build folder with cairn and the gateway")
    parser.add_argument("--key", choices=("ed25519", "p256"), default="ed25519")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("cuts", type=int)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # leaves no emulator behind
    bench = Bench(arguments)
    try:
        for cut in range(1, arguments.cuts + 1):
            bench.cut()
            if cut % 100 == 0 or cut == arguments.cuts:
                print(f"{cut} cuts, {bench.torn} in the middle of a write; {bench.told()}",
                      flush=True)
    finally:
        bench.end()
    bench.require_work(arguments.cuts)
    print("each time the image was sound and the gateway's last head was in the log; "
          f"{bench.proved} records were proved and verified (seed {arguments.seed})")
    print(f"look at it: {bench.cairn} show {bench.folder}/log --records")


main()
