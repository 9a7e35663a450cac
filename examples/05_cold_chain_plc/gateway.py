"""A cairn-gateway for the example, on a free port of 127.0.0.1, as the user that HAL runs as."""

import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

CONFIG = """[gateway]
state_folder = "state"
log_key = "log.key"
witness_key = "witness.key"
publish_interval_ms = 50
[[listen]]
address = "127.0.0.1:0"
"""


class Gateway:
    def __init__(self, program, folder, as_user):
        self.program, self.folder, self.as_user = program, folder, as_user
        self.run("init", "--name", "gateway.example/north", "--folder", folder, "--state",
                 folder / "state")
        config = folder / "gateway.toml"
        config.write_text(CONFIG)
        with open(folder / "service.log", "wb") as log:
            self.process = subprocess.Popen([*as_user, program, "serve", "--config", config],
                                            stderr=log)
        port = self.wait_for(lambda: re.search(r"http\.listening address=\S+:(\d+)", self.said())
                             if "service.ready" in self.said() else None)
        self.url = f"http://127.0.0.1:{port.group(1)}"

    def run(self, *arguments):
        done = subprocess.run([*self.as_user, self.program, *arguments], capture_output=True,
                              text=True)
        if done.returncode:
            raise RuntimeError(f"cairn-gateway {arguments[0]}: {done.stderr}")
        return done.stdout

    def said(self):
        return (self.folder / "service.log").read_text(errors="replace")

    def wait_for(self, answer, seconds=30):
        """What answer() gives, once it gives something."""
        until = time.monotonic() + seconds
        while not (found := answer()):
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"the gateway does not get to it: {self.said()}")
            time.sleep(0.05)
        return found

    def token(self):
        """A one-time token, which lets one device in."""
        return self.run("device", "token", "--config", self.folder / "gateway.toml").strip()

    def evidence(self, origin, index):
        """Evidence for a record; it is there once the gateway's log has the device's head."""
        def fetch():
            try:
                with urllib.request.urlopen(
                        f"{self.url}/v1/evidence?origin={origin}&index={index}") as answer:
                    return answer.read()
            except urllib.error.HTTPError:
                return None
        return self.wait_for(fetch)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)
