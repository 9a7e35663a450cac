#!/usr/bin/env python3
"""usage: machine.py CAIRN PUMP TSC-RATE WORK-FOLDER

A real ladder in ClassicLadder drives the function blocks in a thread of LinuxCNC's HAL, every
millisecond, and a Modbus server gives the temperature. HAL or the pump are killed at random moments
and started again; then every record must be on the log, in order, and the log must verify.

HAL also says how long each block took. That is printed beside the goal, and never fails the test:
this is no real-time kernel, and it has other things to do.
"""

import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "support"))
import hal  # noqa: E402

LIVES = 5
GOAL_US = 2.0
BLOCKS = ["log", "append", "door", "temperature", "status"]
APPENDS, TEMPERATURES = 1, 2


class Machine:
    def __init__(self, cairn, pump, work):
        self.cairn_program, self.pump_program, self.work = cairn, pump, work
        self.area = f"cairn-test-{random.randrange(1 << 32):08x}"
        self.components = hal.build_components(work)
        self.folder = work / "machine"
        hal.make_folder(self.folder)
        self.modbus = hal.ModbusServer(work / "modbus", 3)
        self.write("machine.hal", {"@AREA@": self.area})
        self.write("mb2hal.ini", {"@PORT@": str(self.modbus.port)})
        shutil.copy(HERE / "machine.clp", self.folder)
        self.cairn("keygen", "--name", "plant.example/line-3", "--out", "key")
        self.cairn("init", "log", "--key", "key", "--batch", "64", "--segment", "65536")

    def write(self, name, words):
        text = (HERE / name).read_text()
        for word, value in words.items():
            text = text.replace(word, value)
        (self.folder / name).write_text(text)

    def cairn(self, *arguments):
        result = subprocess.run([*hal.as_user(), self.cairn_program, *arguments], cwd=self.folder,
                                capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"cairn {' '.join(arguments)}: {result.stdout}{result.stderr}")
        return result.stdout

    def start_pump(self):
        return hal.Pump(self.pump_program, "log", self.area, self.folder)

    def start_hal(self):
        return hal.start(self.components, self.folder, "machine.hal",
                         lambda s: s.value("log.valid"))

    def end(self):
        self.modbus.end()
        pathlib.Path(f"/dev/shm/{self.area}-0").unlink(missing_ok=True)


def run_lives(machine):
    """Each life ends when HAL, or the pump, or both are killed."""
    pump = machine.start_pump()
    killed = []
    for life in range(LIVES):
        session = machine.start_hal()
        time.sleep(random.uniform(0.3, 1.0))
        whom = ("HAL", "pump", "both")[life % 3]
        killed.append(whom)
        if whom != "HAL":
            pump.end(signal.SIGKILL)
            pump = machine.start_pump()
            time.sleep(0.2)
        if whom != "pump":
            session.kill()
        else:
            session.end()
    return pump, killed


def measure(session, rate):
    """The 99.9th hundredth of what HAL says that each block took, in microseconds."""
    rows = [[int(word) for word in line.split()]
            for line in session.ask("loadusr -w halsampler -n 3000", 20).splitlines()
            if len(line.split()) == len(BLOCKS)]
    for number, block in enumerate(BLOCKS):
        times = sorted(row[number] / rate for row in rows)
        most = session.value(f"{block}.tmax") / rate
        print(f"{block:12} median {times[len(times) // 2]:6.2f} us, p99.9 "
              f"{times[int(len(times) * 0.999)]:6.2f} us (goal {GOAL_US}), longest ever "
              f"{most:8.2f} us")
    return rows


def check_records(records, killed):
    """The appends of each life count 1, 2, 3: none may be missing that no gap record counts."""
    missing = repeated = lives = 0
    before = 0
    for record in records:
        if record["kind"] != "sample":
            continue
        for reading in record["readings"]:
            if reading["channel"] != APPENDS:
                continue
            number = int(float(reading["value"]))
            if number == 1:
                lives, before = lives + 1, 0
            if number <= before:
                repeated += 1
            else:
                missing += number - before - 1
                before = number
    lost = sum(record["count"] for record in records if record["kind"] == "gap")
    print(f"{lives} lives of HAL, {missing} appends missing, {lost} records counted as lost, "
          f"{repeated} written twice by a pump that was killed")
    if lives < LIVES + 1 or missing > lost or repeated > sum(w != "HAL" for w in killed):
        raise RuntimeError("the log is not what the ladder recorded")


def verify(machine, records):
    print(machine.cairn("check", "log").splitlines()[0])
    machine.cairn("policy", "--log", "key.vkey", "--out", "policy")
    sealed = max(r["index"] for r in records if r["kind"] == "close")
    for kind in ("sample", "event"):
        index = max(r["index"] for r in records if r["kind"] == kind and r["index"] < sealed)
        machine.cairn("prove", "log", str(index), "--out", f"{kind}.cairn")
        machine.cairn("verify", "--policy", "policy", f"{kind}.cairn")
        print(f"evidence for record {index}, {kind}: verified")


def check_refusals(machine):
    """A pump must say why it does not pump: another one has the log; there is no log."""
    for log, word in (("log", "cairn-plc-pump"), ("no-such-log", "no-such-log")):
        result = subprocess.run([*hal.as_user(), machine.pump_program, log, "--area",
                                 machine.area], cwd=machine.folder, capture_output=True, text=True)
        if result.returncode != 1 or word not in result.stderr:
            raise RuntimeError(f"pumping {log}: {result.returncode}, {result.stderr}")


def run(machine, rate):
    pump, killed = run_lives(machine)
    session = machine.start_hal()
    check_refusals(machine)
    print(f"killed in turn: {', '.join(killed)}")
    measure(session, rate)
    session.ask("setp classicladder.0.in-00 0")
    session.wait_for(lambda s: s.value("log.pending") == 0)
    session.ask("setp seal.execute 1")
    session.wait_for(lambda s: s.value("seal.done") or s.value("seal.error"))
    if session.value("seal.error") or session.value("append.error"):
        raise RuntimeError(f"sealing: ErrorID {session.value('seal.error-id'):#x}")
    if session.value("mb2hal.store.num_errors") or not session.value("temperature.count"):
        raise RuntimeError("no temperatures came over Modbus")
    session.end()
    if pump.end() != 0:
        raise RuntimeError("the pump did not end well")
    records = [json.loads(line) for line in
               machine.cairn("show", "log", "--records", "--json").splitlines()]
    check_records(records, killed)
    verify(machine, records)


def main():
    cairn, pump, tsc_rate, work = sys.argv[1:]
    work = pathlib.Path(work)
    machine = Machine(cairn, pump, work)
    rate = float(subprocess.check_output([tsc_rate])) or 1000.0
    try:
        run(machine, rate)
    except RuntimeError as error:
        errors = machine.folder / "errors.txt"
        tail = errors.read_text(errors="replace")[-2000:] if errors.exists() else ""
        sys.exit(f"{tail}\n{error}")
    finally:
        machine.end()


main()
