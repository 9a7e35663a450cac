#!/usr/bin/env python3
"""usage: cold_store.py CAIRN PUMP WORK-FOLDER [GATEWAY REPORT]

A day of the cold store in eight seconds: it gets warm and cold, the door is opened twice, the alarm
is acknowledged. Then the log is reported to a gateway, which takes it in, keeps its records and
cosigns its head; and an auditor who has public keys only verifies the evidence for the alarm that
the gateway hands out. GATEWAY is cairn-gateway, REPORT example_05_report; without them a witness
cosigns, and evidence comes from the log itself.
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
from gateway import Gateway  # noqa: E402

ORIGIN = "cold-chain.example/store-7"
DOOR, ALARM = 10, 20


class Store:
    def __init__(self, cairn, place):
        self.cairn_program = cairn
        self.folder = place / "store"
        self.area = f"cold-store-{random.randrange(1 << 32):08x}"

    def cairn(self, *arguments):
        return self.run(self.cairn_program, *arguments)

    def run(self, *command):
        result = subprocess.run([*hal.as_user(), *command], cwd=self.folder, capture_output=True,
                                text=True)
        if result.returncode:
            sys.exit(f"{' '.join(map(str, command))}: {result.stdout}{result.stderr}")
        return result.stdout

    def prepare(self, port):
        for name in ("cold_store.hal", "cold_store.clp", "mb2hal.ini"):
            text = (HERE / name).read_text()
            (self.folder / name).write_text(
                text.replace("@AREA@", self.area).replace("@PORT@", str(port)))
        self.cairn("keygen", "--name", ORIGIN, "--out", "store.key")
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
    session.wait_for(lambda s: s.value("alarm-seal.done"))  # sealed because the alarm has ended
    batch = session.value("alarm-seal.batch-no")
    session.ask("sets door-open 1")
    session.ask("sets seal-now 1")  # and because an hour is over, while there is no alarm
    session.wait_for(lambda s: s.value("hourly-seal.batch-no") > batch)
    trouble = session.value("log.lost") or session.value("log.degraded")
    session.end()
    if trouble:
        sys.exit("records were lost")


def witness(store):
    """Cosigns the log's head, and nothing more: evidence has to come from the log's owner."""
    store.cairn("keygen", "--name", "witness.example/north", "--out", "north.key")
    store.cairn("consistency", "log", "--from", "0", "--request", "--out", "request")
    store.cairn("witness", "--key", "north.key", "--state", "north.state", "--log",
                "store.key.vkey", "request", "--out", "cosignature")
    store.cairn("cosign", "log", "cosignature", "--witness", "north.key.vkey")
    store.cairn("policy", "--log", "store.key.vkey", "--witness", "north=north.key.vkey",
                "--quorum", "any", "--out", "policy")


def report(store, gateway, program):
    """The log is taken in by its own signed request, and its records go to the gateway."""
    print(store.run(program, "log", gateway.url, "gateway/witness.key.vkey",
                    gateway.token()).strip())
    store.cairn("policy", "--log", "store.key.vkey", "--log", "gateway/log.key.vkey", "--witness",
                "north=gateway/witness.key.vkey", "--quorum", "any", "--out", "policy")


def tell(store):
    """What the log says; the index of the record that the alarm began with."""
    records = [json.loads(line)
               for line in store.cairn("show", "log", "--records", "--json").splitlines()]
    samples = [r for r in records if r["kind"] == "sample"]
    edges = {number: [r for r in records if r["kind"] == "event" and r["event"] == number]
             for number in (DOOR, ALARM)}
    batches = [r for r in records if r["kind"] == "close"]
    print(f"{len(samples)} temperatures, {len(edges[DOOR])} states of the door, "
          f"{len(edges[ALARM])} of the alarm, {len(batches)} batches")
    print(store.cairn("check", "log", "--policy", "policy").splitlines()[0])
    # Each signal's first record is its state at the start.
    if len(edges[DOOR]) < 5 or len(edges[ALARM]) < 3 or len(samples) < 8 or not batches:
        sys.exit("the day is not on the log as it was")
    return edges[ALARM][1]["index"]


def verify(store):
    print(store.cairn("verify", "--policy", "policy", "alarm.cairn").strip())


def audit_by_gateway(store, program, reporter):
    folder = store.folder / "gateway"
    hal.make_folder(folder)
    gateway = Gateway(program, folder, hal.as_user())
    try:
        report(store, gateway, reporter)
        alarm = tell(store)
        (store.folder / "alarm.cairn").write_bytes(gateway.evidence(ORIGIN, alarm))
    finally:
        if gateway.end() != 0:
            sys.exit(f"the gateway did not end well: {gateway.said()}")
    print(f"evidence for record {alarm}: from the gateway, which has ended")
    verify(store)


def audit_by_witness(store):
    print("cairn-gateway is not built here, its libraries are missing (install_packages gateway): "
          "a witness cosigns instead, and evidence comes from the log")
    witness(store)
    store.cairn("prove", "log", str(tell(store)), "--out", "alarm.cairn")
    verify(store)


def run(work, place, cairn, pump_program, *gateway):
    store = Store(cairn, place)
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
    if gateway:
        audit_by_gateway(store, *gateway)
    else:
        audit_by_witness(store)


def main():
    cairn, pump, work, *gateway = sys.argv[1:]
    work = pathlib.Path(work)
    with hal.within_reach(work, [cairn, pump, *gateway]) as (place, programs):
        run(work, place, *programs)


main()
