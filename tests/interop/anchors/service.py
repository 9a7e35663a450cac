"""What the tests of anchors share: programs that are started and stopped, and verdicts."""

import contextlib
import http.server
import json
import shutil
import socket
import subprocess
import sys
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, port, log, patience_s=60, **options):
    """Runs a server until it listens on the port; stops it at the end, whatever happens."""
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **options)
    try:
        until = time.monotonic() + patience_s
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended:\n" + open(log, errors="replace").read())
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if time.monotonic() > until:
                raise RuntimeError(f"{command[0]} does not listen on port {port}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Handler(http.server.BaseHTTPRequestHandler):
    """Of a server that a test plays."""

    def body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def skip(reason):
    print(f"left out: {reason}")
    sys.exit(77)


def npm_install(work, manifest, *more):
    """Installs what a package.json names, and more; the folder that it is in."""
    if shutil.which("npm") is None:
        skip("npm is not installed")
    shutil.copy(manifest, work / "package.json")
    subprocess.run(["npm", "install", "--loglevel=error", "--no-audit", "--no-fund",
                    "--no-package-lock", "--cache", work / "npm-cache", *more], cwd=work,
                   check=True)
    return work / "node_modules"


def verify(cairn, work, anchors, evidence="evidence.cairn"):
    """The report of `cairn verify` about evidence in the work folder."""
    command = [cairn, "verify", "--json", "--policy", work / "plant.policy"]
    if anchors is not None:
        command += ["--anchors", work / anchors]
    result = subprocess.run(command + [work / evidence], capture_output=True, text=True)
    report = json.loads(result.stdout)
    if report["ok"] != (result.returncode == 0):
        raise AssertionError(f"exit status {result.returncode} of {report}")
    return report


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def with_changed_receipt(work, position):
    """The evidence with one bit of the end of its last receipt changed, and a right digest."""
    import hashlib
    covered = bytearray((work / "evidence.cairn").read_bytes()[:-34])
    covered[position] ^= 1
    digest = hashlib.sha256(covered).digest()
    (work / "changed.cairn").write_bytes(bytes(covered) + b"\x7a\x20" + digest)
    return "changed.cairn"
