#!/usr/bin/env python3
"""usage: cold_store.py CAIRN PUMP WORK-FOLDER

A day of the cold store in eight seconds: it gets warm and cold, the door is opened twice, the alarm
is acknowledged. Then a witness cosigns what the log came to, and an auditor who has public keys
only verifies evidence for the alarm.
"""

import json
import pathlib
import random
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests/support"))
import hal  # noqa: E402

DOOR, ALARM = 10, 20


class Store:
    def __init__(self, cairn, work):
        self.cairn_program, self.work = cairn, work
        self.folder = work / "store"
        self.area = f"cold-store-{random.randrange(1 << 32):08x}"

    def cairn(self, *arguments):
        result = subprocess.run([*hal.as_user(), self.cairn_program, *arguments], cwd=self.folder,
                                capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"cairn {' '.join(arguments)}: {result.stdout}{result.stderr}")
        return result.stdout

    def prepare(self, port):
        for name in ("cold_store.hal", "cold_store.clp", "mb2hal.ini"):
            text = (HERE / name).read_text()
            (self.folder / name).write_text(
                text.replace("@AREA@", self.area).replace("@PORT@", str(port)))
        self.cairn("keygen", "--name", "cold-chain.example/store-7", "--out", "store.key")
        self.cairn("keygen", "--name", "witness.example/north", "--out", "north.key")
        self.cairn("init", "log", "--key", "store.key", "--segment", "65536")


def a_day(session):
    """What people do at the store; HAL's thread, the ladder and the thermometer do the rest."""
    session.ask("sets door-open 1")
    time.sleep(0.3)
    session.ask("sets door-open 0")
    session.wait_for(lambda s: s.value("classicladder.0.out-00"))  # the alarm
    session.ask("sets door-open 1")
    session.wait_for(lambda s: not s.value("classicladder.0.s32in-00") > 80)
    session.ask("sets door-open 0")
    session.ask("sets acknowledge 1")
    session.wait_for(lambda s: not s.value("classicladder.0.out-00"))
    session.wait_for(lambda s: s.value("seal.done"))  # sealed because the alarm has ended
    trouble = session.value("log.lost") or session.value("log.degraded")
    session.end()
    if trouble:
        sys.exit("records were lost")


def witness(store):
    store.cairn("consistency", "log", "--from", "0", "--request", "--out", "request")
    store.cairn("witness", "--key", "north.key", "--state", "north.state", "--log",
                "store.key.vkey", "request", "--out", "cosignature")
    store.cairn("cosign", "log", "cosignature", "--witness", "north.key.vkey")
    store.cairn("policy", "--log", "store.key.vkey", "--witness", "north=north.key.vkey",
                "--quorum", "any", "--out", "policy")


def tell(store):
    """What the log says, and evidence for the start of the alarm."""
    records = [json.loads(line)
               for line in store.cairn("show", "log", "--records", "--json").splitlines()]
    samples = [r for r in records if r["kind"] == "sample"]
    edges = {number: [r for r in records if r["kind"] == "event" and r["event"] == number]
             for number in (DOOR, ALARM)}
    print(f"{len(samples)} temperatures, {len(edges[DOOR])} states of the door, "
          f"{len(edges[ALARM])} of the alarm")
    print(store.cairn("check", "log", "--policy", "policy").splitlines()[0])
    # Each signal's first record is its state at the start.
    if len(edges[DOOR]) < 5 or len(edges[ALARM]) < 3 or len(samples) < 8:
        sys.exit("the day is not on the log as it was")
    alarm = str(edges[ALARM][1]["index"])
    store.cairn("prove", "log", alarm, "--out", "alarm.cairn")
    print(store.cairn("verify", "--policy", "policy", "alarm.cairn").strip())


def main():
    cairn, pump_program, work = sys.argv[1:]
    work = pathlib.Path(work)
    store = Store(cairn, work)
    components = hal.build_components(work)
    hal.make_folder(store.folder)
    server = hal.ModbusServer(work / "modbus", 8)
    try:
        store.prepare(server.port)
        pump = hal.Pump(pump_program, "log", store.area, store.folder)
        a_day(hal.start(components, store.folder, "cold_store.hal",
                        lambda session: session.value("log.valid")))
        if pump.end() != 0:
            sys.exit("the pump did not end well")
    finally:
        server.end()
        pathlib.Path(f"/dev/shm/{store.area}-0").unlink(missing_ok=True)
    witness(store)
    tell(store)


main()
