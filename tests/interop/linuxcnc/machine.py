#!/usr/bin/env python3
"""usage: machine.py CAIRN PUMP TSC-RATE WORK-FOLDER

A real ladder in ClassicLadder drives the function blocks in a thread of LinuxCNC's HAL, every
millisecond, and a Modbus server gives the temperature. HAL or the pump are killed at random moments
and started again; then every record must be on the log, in order, and the log must verify.

HAL also says how long each block took, in 30,000 scans of a machine that has been running for a
while, and at most since it was started (tmax); and how long two of its own functions took that do
nothing, `first` at the first place of the thread and `last` at the last one: that much is the
machine. It is printed beside the goal, and never fails the test: this is no real-time kernel, and
it has other things to do.
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
MEASURED_SCANS = 30000
TIMED = ["first", "log", "append", "door", "temperature", "seal", "status", "last"]
APPENDS, TEMPERATURES, DOOR = 1, 2, 3


class Machine:
    def __init__(self, cairn, pump, work, place):
        self.cairn_program, self.pump_program = cairn, pump
        self.area = f"cairn-test-{random.randrange(1 << 32):08x}"
        self.components = hal.build_components(work)
        self.folder = place / "machine"
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


def thread_counts(session):
    """Minor faults and involuntary switches of HAL's thread, so far: it is the one that has slept
    the most often."""
    tasks = []
    for task in hal.tasks_of(session.process.pid, "rtapi_app"):
        status = dict(line.split(":\t") for line in (task / "status").read_text().splitlines()
                      if ":\t" in line)
        faults = int((task / "stat").read_text().rpartition(")")[2].split()[7])
        tasks.append((int(status["voluntary_ctxt_switches"]), faults,
                      int(status["nonvoluntary_ctxt_switches"])))
    return max(tasks, default=(0, 0, 0))[1:]


def measure(session, rate):
    """Prints what HAL says that each block took, in microseconds. The longest of each, in HAL's own
    counts."""
    before = thread_counts(session)
    session.ask("setp sampler.0.enable 1")
    answer = session.ask(f"loadusr -w halsampler -n {MEASURED_SCANS}", 60 + MEASURED_SCANS / 500)
    session.ask("setp sampler.0.enable 0")
    faults, switches = (now - then for now, then in zip(thread_counts(session), before))
    lines = [line.split() for line in answer.splitlines()]
    rows = [[int(word) for word in words] for words in lines
            if len(words) == len(TIMED) and all(word.isdigit() for word in words)]
    print(f"{len(rows)} scans, {faults} minor faults and {switches} involuntary switches of their "
          f"thread; goal: {GOAL_US} us at p99.9; us:")
    for name, times in zip(TIMED, zip(*rows)):
        times = sorted(time / rate for time in times)
        at = [times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.99, 0.999)]
        print(f"{name:12} median {at[0]:6.2f}, p99 {at[1]:6.2f}, p99.9 {at[2]:6.2f}, "
              f"worst {times[-1]:8.2f}")
    return {name: max(times) for name, times in zip(TIMED, zip(*rows))}


def check_longest(session, rate, sampled):
    """HAL's own record of the longest call, start included; no sampled one may be above it."""
    longest = {name: session.value(f"{name}.tmax") for name in TIMED}
    print("longest since the start by HAL's tmax, us: " +
          ", ".join(f"{name} {counts / rate:.2f}" for name, counts in longest.items()))
    for name, counts in longest.items():
        if not sampled[name] <= counts:
            raise RuntimeError(f"{name}.tmax is {counts}, and a call took {sampled[name]}")


def check_records(records, killed):
    """The appends of each life count 1, 2, 3: none may be missing that no gap record counts. The
    newest number."""
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
    return before


def counts_of(session):
    """What the ladder and the blocks have counted in this life of HAL."""
    return {"appends": int(session.value("counter.0.position")),
            "edges": int(session.value("door.rises") + session.value("door.falls")),
            "temperatures": int(session.value("temperature.count")),
            "lost": int(session.value("log.lost"))}


def check_last_life(records, newest, counted):
    """The log has of the last life what the ladder and the blocks counted, but for what was lost.
    The door's state, which its first call records, and no edge, is where that life begins."""
    starts = [r["index"] for r in records
              if r["kind"] == "event" and r["event"] == DOOR and r["old"] == r["new"]]
    last = [r for r in records if r["index"] > starts[-1]]
    found = {"appends": newest,
             "edges": sum(r["kind"] == "event" and r["event"] == DOOR for r in last),
             "temperatures": sum(r["kind"] == "sample" and reading["channel"] == TEMPERATURES
                                 for r in last for reading in r.get("readings", []))}
    print(f"counted in the last life {counted}, on the log {found}")
    for name, count in found.items():
        if not counted[name] - counted["lost"] <= count <= counted[name]:
            raise RuntimeError(f"{name}: {counted[name]} were counted, {count} are on the log")


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
    sampled = measure(session, rate)
    session.ask("setp classicladder.0.in-00 0")
    session.wait_for(lambda s: s.value("log.pending") == 0)
    session.ask("setp seal.execute 1")
    session.wait_for(lambda s: s.value("seal.done") or s.value("seal.error"))
    if session.value("seal.error") or session.value("append.error"):
        raise RuntimeError(f"sealing: ErrorID {session.value('seal.error-id'):#x}")
    if session.value("mb2hal.store.num_errors") or not session.value("temperature.count"):
        raise RuntimeError("no temperatures came over Modbus")
    check_longest(session, rate, sampled)
    session.ask("stop")
    counted = counts_of(session)
    session.end()
    if pump.end() != 0:
        raise RuntimeError("the pump did not end well")
    records = [json.loads(line) for line in
               machine.cairn("show", "log", "--records", "--json").splitlines()]
    check_last_life(records, check_records(records, killed), counted)
    verify(machine, records)


def main():
    cairn, pump, tsc_rate, work = sys.argv[1:]
    work = pathlib.Path(work)
    rate = float(subprocess.check_output([tsc_rate])) or 1000.0
    with hal.within_reach(work, [cairn, pump]) as (place, programs):
        machine = Machine(*programs, work, place)
        try:
            run(machine, rate)
        except RuntimeError as error:
            errors = machine.folder / "errors.txt"
            tail = errors.read_text(errors="replace")[-2000:] if errors.exists() else ""
            sys.exit(f"{tail}\n{error}")
        finally:
            machine.end()


main()
