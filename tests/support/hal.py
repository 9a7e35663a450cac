"""LinuxCNC's HAL for tests and examples: sessions that end with everything in them, and what they
need beside them."""

import atexit
import contextlib
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SKIP = 77
VALUE = re.compile(r"TRUE|FALSE|[-+]?[0-9.]+(e[-+]?[0-9]+)?")


def leave_out(why):
    print(f"left out: {why}")
    sys.exit(SKIP)


def as_user():
    """What stands before a command that is to run as HAL's user."""
    return (["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
            if os.getuid() == 0 else [])


def make_folder(path):
    """An empty folder that HAL's user may write to."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    if os.getuid() == 0:
        shutil.chown(path, "nobody", "nogroup")


def can_enter(path):
    """Whether HAL's user can: a folder, or a program."""
    return subprocess.run([*as_user(), "test", "-x", path]).returncode == 0


@contextlib.contextmanager
def within_reach(work, programs):
    """A folder and the programs, where HAL's user can get to them: `work` and they themselves; or,
    where a folder above is closed to him, copies in a folder of /tmp, which is gone afterwards."""
    work.mkdir(parents=True, exist_ok=True)
    if all(can_enter(path) for path in [work, *programs]):
        yield work, programs
        return
    with tempfile.TemporaryDirectory(prefix="cairn-hal-", dir="/tmp") as name:
        place = pathlib.Path(name)
        place.chmod(0o755)
        yield place, [shutil.copy(program, place) for program in programs]


def build_components(work):
    """The components of ports/plc/linuxcnc, and where they lie: HAL's user needs not get there."""
    for tool in ("halrun", "halcompile"):
        if not shutil.which(tool):
            leave_out(f"{tool} is not installed (linuxcnc-uspace, linuxcnc-uspace-dev)")
    folder = work / "components"
    shutil.rmtree(folder, ignore_errors=True)
    result = subprocess.run([ROOT / "ports/plc/linuxcnc/build", folder], capture_output=True,
                            text=True)
    if result.returncode:
        sys.exit(f"{result.stdout}{result.stderr}the components do not compile")
    return folder


class Session:
    """`halrun -I FILE` in a folder; commands are asked one by one."""

    END = "cairn-end-of-answer"

    def __init__(self, components, folder, file):
        self.errors = open(folder / "errors.txt", "ab")
        self.process = subprocess.Popen(
            [HERE / "hal_session", components, "halrun", "-I", file], cwd=folder,
            env={**os.environ, "HOME": str(folder)}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True)
        self.rest = b""

    def ask(self, command, seconds=15):
        """What HAL prints when it is given a command."""
        self.process.stdin.write(f"{command}\nloadusr -w echo {self.END}\n".encode())
        self.process.stdin.flush()
        until = time.monotonic() + seconds
        while self.END.encode() not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], until - time.monotonic())
            piece = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not piece:
                self.kill()
                if self.process.returncode == SKIP:
                    leave_out(self.rest.decode(errors="replace").strip())
                raise RuntimeError(f"HAL does not answer '{command}':\n"
                                   f"{self.rest[-2000:].decode(errors='replace')}")
            self.rest += piece
        answer, self.rest = self.rest.split(self.END.encode(), 1)
        return answer.decode(errors="replace").strip()

    def value(self, name):
        """A pin's; programs that HAL has started may print between the lines."""
        answer = self.ask(f"getp {name}")
        lines = [line for line in answer.splitlines() if VALUE.fullmatch(line.strip())]
        if not lines:
            raise RuntimeError(f"HAL has no value of {name}: {answer}")
        text = lines[-1].strip()
        return {"TRUE": 1, "FALSE": 0}[text] if text in ("TRUE", "FALSE") else float(text)

    def wait_for(self, what, seconds=15):
        """Asks until what(self) is true."""
        until = time.monotonic() + seconds
        while not what(self):
            if time.monotonic() > until:
                raise RuntimeError("HAL does not come to what is waited for")
            time.sleep(0.02)

    def kill(self):
        """As if the power went, for this process and all that it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.errors.close()

    def end(self):
        self.process.stdin.write(b"exit\n")
        self.process.stdin.close()
        try:
            self.process.wait(15)
        finally:
            self.kill()


def tasks_of(root, name):
    """Folders in /proc of all threads of the processes of that name below a process."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = stat.read_text().partition(" (")
        except OSError:  # has ended meanwhile
            continue
        parents[int(number)] = (int(rest.rpartition(") ")[2].split()[1]), rest.rpartition(") ")[0])
    for process, (parent, is_called) in parents.items():
        while parent != root and parent in parents:
            parent = parents[parent][0]
        if parent == root and is_called == name:
            yield from pathlib.Path(f"/proc/{process}/task").iterdir()


def start(components, folder, file, ready):
    """A session of which ready(session) holds. LinuxCNC gives its own processes three seconds to
    find each other, which a machine under load may not keep: then it is tried again."""
    for attempt in range(4):
        session = Session(components, folder, file)
        try:
            session.wait_for(ready)
            return session
        except RuntimeError:
            session.kill()
            if attempt == 3:
                raise


class Pump:
    """cairn-plc-pump on a log."""

    def __init__(self, program, log, area, folder):
        self.process = subprocess.Popen([*as_user(), program, log, "--area", area], cwd=folder,
                                        stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)  # however the test ends
        if not self.process.stdout.readline().startswith("pumping"):
            raise RuntimeError(f"the pump ends with {self.process.wait()}")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(15)


class ModbusServer:
    """tests/support/modbus/server.js; its package is fetched into a folder."""

    def __init__(self, folder, seconds):
        if not shutil.which("npm"):
            leave_out("npm is not installed: there is no Modbus server")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "server.js"):
            shutil.copy(HERE / "modbus" / name, folder)
        if not (folder / "node_modules/modbus-serial").exists():
            subprocess.run(["npm", "install", "--loglevel=error", "--no-audit", "--no-fund",
                            "--no-package-lock", "--cache", folder / "npm-cache"], cwd=folder,
                           check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(["node", "server.js", str(seconds)], cwd=folder,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def end(self):
        self.process.kill()
        self.process.wait()
