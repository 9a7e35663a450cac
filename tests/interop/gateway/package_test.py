#!/usr/bin/env python3
"""usage: package_test.py CAIRN-GATEWAY BUILD-FOLDER MANUAL-PAGE

The Debian package: what is in it, what it depends on, what lintian and systemd say of it, and that
dpkg installs, removes and purges it without touching keys or state. And what the gateway tells
systemd.
"""

import email
import gzip
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import gateway as g

MANUAL = pathlib.Path(sys.argv.pop(3))
BUILD = sys.argv.pop(2)
GATEWAY = sys.argv.pop(1)

FILES = {
    "etc/cairn-gateway/gateway.toml": 0o644,
    "usr/lib/systemd/system/cairn-gateway.service": 0o644,
    "usr/sbin/cairn-gateway": 0o755,
    "usr/share/doc/cairn-gateway/changelog.gz": 0o644,
    "usr/share/doc/cairn-gateway/copyright": 0o644,
    "usr/share/doc/cairn-gateway/examples/mosquitto.acl": 0o644,
    "usr/share/doc/cairn-gateway/examples/mosquitto.conf": 0o644,
    "usr/share/doc/cairn-gateway/gateway.md": 0o644,
    "usr/share/man/man8/cairn-gateway.8.gz": 0o644,
}


def output(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def files_below(folder):
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o7777
            for path in folder.rglob("*") if path.is_file()}


def packages_of(program):
    """Who ships the libraries that a program asks the loader for."""
    needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", program))
    paths = dict(re.findall(r"^\s*(\S+) => (\S+)", output("ldd", program), re.M))
    owners = set()
    for real in (os.path.realpath(paths[name]) for name in needed if name in paths):
        # dpkg may know it by the name from before /lib was merged into /usr.
        found = subprocess.run(["dpkg", "-S", real, real.removeprefix("/usr")],
                               capture_output=True, text=True).stdout
        owners.add(found.split(":")[0])
    return owners


@unittest.skipUnless(shutil.which("dpkg-shlibdeps"), "dpkg-dev is not installed")
class Package(g.Case):
    @classmethod
    def setUpClass(cls):
        place = g.tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.made = pathlib.Path(place.name)
        output("cpack", "--config", f"{BUILD}/CPackConfig.cmake", "-B", str(cls.made))
        cls.package = next(cls.made.glob("cairn-gateway_*.deb"))
        cls.root, cls.control = cls.made / "root", cls.made / "control"
        output("dpkg-deb", "-x", str(cls.package), str(cls.root))
        output("dpkg-deb", "-e", str(cls.package), str(cls.control))

    def test_files(self):
        self.assertEqual(files_below(self.root), FILES)
        owners = re.findall(r"^\S+ (\S+)", output("dpkg-deb", "-c", str(self.package)), re.M)
        self.assertEqual(set(owners), {"root/root"})
        self.assertEqual((self.control / "conffiles").read_text(),
                         "/etc/cairn-gateway/gateway.toml\n")
        for script in ("postinst", "prerm", "postrm"):
            self.assertEqual((self.control / script).stat().st_mode & 0o777, 0o755)
            output("sh", "-n", str(self.control / script))

    def test_what_is_pointed_to_is_there(self):
        pointers = [output(GATEWAY, "--help"), output(GATEWAY, "init", "--print"),
                    gzip.open(self.root / "usr/share/man/man8/cairn-gateway.8.gz", "rt").read()]
        for text in pointers:
            paths = re.findall(r"/(usr/share/doc/[\w./-]+\w)", text.replace("\\-", "-"))
            self.assertTrue(paths, text)
            for path in paths:
                self.assertIn(path, FILES)
        options = (self.root / "usr/share/doc/cairn-gateway/gateway.md").read_text()
        for option in ("gateway.state_folder", "store.password", "log.format"):
            self.assertIn(f"`{option}`", options)

    def test_fields_and_dependencies(self):
        fields = email.message_from_string((self.control / "control").read_text())
        version = output(GATEWAY, "--version").split()[1]
        self.assertEqual(fields["Package"], "cairn-gateway")
        self.assertEqual(fields["Version"], version)
        self.assertEqual(fields["Architecture"], output("dpkg", "--print-architecture").strip())
        self.assertRegex(fields["Maintainer"], r"^[^<]+ <\S+@\S+>$")
        changelog = gzip.open(self.root / "usr/share/doc/cairn-gateway/changelog.gz", "rt").read()
        self.assertTrue(changelog.startswith(f"cairn-gateway ({version}) "))
        depends = {name.split()[0] for name in re.split(r"[,|]\s*", fields["Depends"])}
        needed = packages_of(str(self.root / "usr/sbin/cairn-gateway"))
        self.assertGreater(needed, {"libc6", "libsodium23"})
        for name in needed:
            provided = output("dpkg-query", "-W", "-f", "${Provides}", name)
            names = {name, *re.findall(r"[^ ,]+", provided)}
            self.assertTrue(names & depends, f"{name} is not in {depends}")

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed")
    def test_lintian(self):
        said = subprocess.run(["lintian", "--fail-on", "error,warning", str(self.package)],
                              capture_output=True, text=True)
        self.assertEqual((said.returncode, said.stdout), (0, ""), said.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_unit(self):
        # It looks for the program too, which so has to lie where the unit says.
        unit = self.folder / "cairn-gateway.service"
        text = (self.root / "usr/lib/systemd/system/cairn-gateway.service").read_text()
        program = str(self.root / "usr/sbin/cairn-gateway")
        unit.write_text(text.replace("/usr/sbin/cairn-gateway", program))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                               str(unit)], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        unit.write_text(text)  # that it would notice
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                               str(unit)], capture_output=True, text=True)
        if not pathlib.Path("/usr/sbin/cairn-gateway").exists():
            self.assertNotEqual(done.returncode, 0)

    def dpkg(self, *arguments):
        return output("dpkg", f"--instdir={self.folder}/root", f"--admindir={self.folder}/admin",
                      f"--log={self.folder}/dpkg.log", "--force-script-chrootless", *arguments)

    @unittest.skipUnless(os.geteuid() == 0, "dpkg needs root")
    def test_dpkg(self):
        """Installed, used, removed and purged; beside it what is installed on this machine, so that
        the dependencies count. dpkg sets DPKG_ROOT, and the scripts leave this machine alone."""
        root, admin = self.folder / "root", self.folder / "admin"
        for folder in (root, admin / "info", admin / "updates", admin / "triggers"):
            folder.mkdir(parents=True)
        shutil.copy("/var/lib/dpkg/status", admin)
        self.dpkg("--install", str(self.package))
        state = ["dpkg-query", f"--admindir={admin}", "-W", "-f", "${Status}", "cairn-gateway"]
        self.assertEqual(output(*state), "install ok installed")
        self.assertEqual(files_below(root), FILES)
        self.run_from(root)
        kept = {"etc/cairn-gateway/log.key", "etc/cairn-gateway/witness.key",
                "var/lib/cairn-gateway/store.sqlite"}
        self.assertGreaterEqual(set(files_below(root)), kept)
        configured = (root / "etc/cairn-gateway/gateway.toml").read_text()
        self.dpkg("--force-confold", "--install", str(self.package))  # as an upgrade does
        self.assertEqual((root / "etc/cairn-gateway/gateway.toml").read_text(), configured)
        self.dpkg("--remove", "cairn-gateway")
        left = set(files_below(root))
        self.assertGreaterEqual(left, kept | {"etc/cairn-gateway/gateway.toml"})
        self.assertEqual({name for name in left if name.startswith("usr")}, set())
        enabled = root / "etc/systemd/system/multi-user.target.wants/cairn-gateway.service"
        enabled.parent.mkdir(parents=True)
        enabled.symlink_to("/lib/systemd/system/cairn-gateway.service")
        self.dpkg("--purge", "cairn-gateway")
        self.assertFalse(enabled.is_symlink())
        self.assertGreaterEqual(set(files_below(root)), kept)
        self.assertFalse((root / "etc/cairn-gateway/gateway.toml").exists())

    def run_from(self, root):
        """What an administrator does after installing; the paths are those below `root`."""
        program = str(root / "usr/sbin/cairn-gateway")
        etc, state = root / "etc/cairn-gateway", root / "var/lib/cairn-gateway"
        state.parent.mkdir(parents=True)
        self.assertIn("serve", output(program, "--help"))
        output(program, "init", "--name", "gateway.example/north", "--folder", str(etc), "--state",
               str(state))
        text = (etc / "gateway.toml").read_text()
        self.assertIn('state_folder = "/var/lib/cairn-gateway"', text)  # kept as it was packed
        (etc / "gateway.toml").write_text(
            text.replace("/var/lib/cairn-gateway", str(state)).replace("127.0.0.1:8080",
                                                                       "127.0.0.1:0"))
        checked = output(program, "check", "--config", str(etc / "gateway.toml"))
        self.assertIn("gateway.toml is good.", checked)
        gateway = self.opened(g.Gateway.of(program, etc))
        gateway.start()
        self.assertEqual(gateway.get("/healthz").status, 200)
        self.assertEqual(gateway.stop(), 0)


class Systemd(g.Case):
    def test_what_systemd_is_told(self):
        path = str(self.folder / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(20)
            gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway"))
            gateway.start({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
            self.assertIn("READY=1", notify.recv(4096).decode())
            self.assertEqual(notify.recv(4096), b"WATCHDOG=1")
            gateway.process.send_signal(signal.SIGHUP)
            messages = []
            while not any("READY=1" in message for message in messages):
                messages.append(notify.recv(4096).decode())
            self.assertTrue(any("RELOADING=1\nMONOTONIC_USEC=" in message for message in messages))
            gateway.process.send_signal(signal.SIGTERM)
            g.wait_until(lambda: b"STOPPING=1" in notify.recv(4096), "it says that it stops")
            self.assertEqual(gateway.ended(), 0)

    def test_json_log(self):
        gateway = self.opened(g.Gateway(GATEWAY, self.folder / "gateway",
                                        '[log]\nformat = "json"\nlevel = "debug"\n')).start()
        gateway.stop()
        lines = gateway.log_path.read_text().splitlines()
        self.assertGreater(len(lines), 2)
        for line in lines:
            entry = g.json.loads(line)
            self.assertEqual(set(entry) & {"time", "level", "event"}, {"time", "level", "event"})


class Manual(unittest.TestCase):
    def test_it_has_every_verb_and_option(self):
        page = MANUAL.read_text().replace("\\-", "-").replace("\\fR", "").replace("\\fB", "")
        pending, seen = [[]], 0
        while pending:
            verb = pending.pop()
            text = output(GATEWAY, *verb, "--help")
            for option in re.findall(r"^  (?:-\w,)?(--[\w-]+)", text, re.M):
                if option not in ("--help", "--version"):
                    self.assertIn(option, page, verb)
                    seen += 1
            below = text.partition("Verbs:\n")[2] or text.partition("Subcommands:\n")[2]
            for name in re.findall(r"^  (\w+)  ", below, re.M):
                self.assertIn(name, page)
                pending.append([*verb, name])
        self.assertGreater(seen, 25)

    @unittest.skipUnless(shutil.which("man"), "man-db is not installed")
    def test_man_reads_it(self):
        done = subprocess.run(["man", "--warnings", "-l", str(MANUAL)], capture_output=True,
                              text=True, env=dict(os.environ, MANWIDTH="80", LC_ALL="C.UTF-8"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))


unittest.main()
