"""A PostgreSQL server of its own for a test: alone, and reached by a socket in its folder."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import gateway as g

NOBODY = 65534


def programs():
    """The folder of the newest PostgreSQL's programs; None when there is none."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


class Server:
    def __init__(self):
        # In memory where there is some: a new database is a thousand files, flushed one by one.
        self.folder = pathlib.Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm")
                                                    else None))
        self.data, self.process = str(self.folder / "data"), None
        self.as_user = {}
        if os.geteuid() == 0:  # it does not run as root
            os.chown(self.folder, NOBODY, NOBODY)
            self.as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def start(self):
        subprocess.run([programs() / "initdb", "-D", self.data, "-U", "cairn", "-A", "trust", "-N",
                        "--locale=C", "-E", "UTF8"], check=True, capture_output=True,
                       cwd=self.folder, **self.as_user)
        self.process = subprocess.Popen(
            [programs() / "postgres", "-D", self.data, "-k", str(self.folder), "-h", "", "-c",
             "dynamic_shared_memory_type=mmap"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=self.folder, **self.as_user)
        g.wait_until(self.answers, "the database answers")
        return self

    def answers(self):
        return subprocess.run([programs() / "pg_isready", "-q", "-h", str(self.folder)]
                              ).returncode == 0

    def table(self):
        """The table [store] of a gateway's configuration."""
        return (f'[store]\nkind = "postgresql"\nconnection = "host={self.folder} user=cairn '
                'dbname=postgres"\nsingle = true\n')

    def close(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
        shutil.rmtree(self.folder)
