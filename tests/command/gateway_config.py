#!/usr/bin/env python3
"""usage: gateway_config.py CAIRN-GATEWAY

`cairn-gateway init` and `check`: what they make, and what they say of every kind of mistake.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)

GATEWAY = """[gateway]
state_folder = "state"
log_key = "log.key"
witness_key = "witness.key"
"""
LISTEN = """[[listen]]
address = "127.0.0.1:0"
"""

ANCHOR = """[[anchor]]
type = "rfc3161"
name = "a"
url = "http://127.0.0.1:1/"
certificates = "log.key.vkey"
"""
CHAIN = """[[anchor]]
type = "evm"
name = "c"
url = "http://127.0.0.1:1/"
chain_id = 1337
contract = "0x0000000000000000000000000000000000000001"
key = "log.key"
cost_max = 1
"""
DATABASE = """[store]
kind = "postgresql"
connection = "host=db user=cairn"
"""
WITNESSES = """[witnesses]
policy = "witnesses.policy"
"""

# What is written wrongly, at which line, and what of the message must be there.
FAULTS = [
    (GATEWAY, "", "the gateway listens nowhere"),
    (GATEWAY + LISTEN + "x = 1\n", ":7:", "listen.x is unknown. Known here are address"),
    (GATEWAY + LISTEN + "serv = []\n", ":7:", "Do you mean serve?"),
    (GATEWAY + LISTEN + "[htp]\n", ":7:", "htp is unknown. Do you mean http?"),
    (GATEWAY + LISTEN + "serve = [1]\n", ":7:", "not a list of texts"),
    (GATEWAY + LISTEN + 'serve = ["logs"]\n', ":7:", "devices, log, query or metrics"),
    (GATEWAY + LISTEN + 'tls_certificate = "a.pem"\n', ":7:", "cannot be read"),
    (GATEWAY + LISTEN + 'tls_certificate = "a.pem"\n', ":5:", "tls_key is missing"),
    (GATEWAY + LISTEN + 'tls_client_ca = "log.key.vkey"\n', ":7:", "without TLS"),
    (GATEWAY + '[[listen]]\naddress = "localhost:1"\n', ":6:", "no address to listen on"),
    (GATEWAY + '[[listen]]\naddress = "127.0.0.1:70000"\n', ":6:", "no address to listen on"),
    (GATEWAY + "[[listen]]\n", ":5:", "listen.address is missing"),
    (GATEWAY + "listen = 3\n", ":5:", "gateway.listen is unknown"),
    ("listen = 3\n" + GATEWAY, ":1:", "Write [[listen]]"),
    ('listen = [{address = "127.0.0.1:0"}, 5]\n' + GATEWAY, ":1:", "Write [[listen]]"),
    (GATEWAY + '[[listen]]\naddress = "a\\nb"\n', ":6:", "'a?b' is no address to listen on"),
    ("gateway = 3\n" + LISTEN, ":1:", "Write [gateway]"),
    (GATEWAY + LISTEN + "[http]\nthreads = 0\n", ":8:", "http.threads is 0. It can be 1 to 64"),
    (GATEWAY + LISTEN + "[http]\nthreads = -1\n", ":8:", "http.threads is -1"),
    (GATEWAY + LISTEN + "[http]\nthreads = 2.5\n", ":8:", "not a whole number"),
    (GATEWAY + LISTEN + '[http]\nthreads = "2"\n', ":8:", "not a whole number"),
    (GATEWAY + LISTEN + "[mqtt]\n", ":7:", "mqtt.broker is missing"),
    (GATEWAY + '[mqtt]\nbroker = "http://x"\n', ":6:", "no address of a broker"),
    (GATEWAY + '[mqtt]\nbroker = "mqtt://x:0"\n', ":6:", "no address of a broker"),
    (GATEWAY + '[mqtt]\nbroker = "mqtt://x/y"\n', ":6:", "no address of a broker"),
    (GATEWAY + '[mqtt]\nbroker = "mqtt://x"\nprefix = "a/#"\n', ":7:", "cannot begin the topics"),
    (GATEWAY + '[mqtt]\nbroker = "mqtt://x"\nca = "log.key.vkey"\n', ":6:", "without TLS"),
    (GATEWAY + '[mqtt]\nbroker = "mqtts://x"\nkey = "log.key"\n', ":5:", "belong together"),
    (GATEWAY + '[mqtt]\nbroker = "mqtt://x"\npassword = "no"\n', ":7:", "cannot be read"),
    (GATEWAY + LISTEN + '[log]\nlevel = "loud"\n', ":8:", "info, debug, warning or error"),
    (GATEWAY + LISTEN + '[store]\nkind = "redis"\n', ":8:", "It can be sqlite"),
    (GATEWAY + LISTEN + DATABASE.replace("user", "password=x user"), ":9:", "a password. Write"),
    (GATEWAY + LISTEN + DATABASE.replace("host=db user=cairn", "postgresql://cairn:x@db/cairn"),
     ":9:", "store.password names a file"),
    (GATEWAY + LISTEN + DATABASE.replace("user", "sslpassword=x user"), ":9:", "a sslpassword."),
    (GATEWAY + LISTEN + DATABASE.replace("=cairn", ""), ":9:", "string of PostgreSQL is wrong"),
    (GATEWAY + LISTEN + DATABASE + 'password = "no"\n', ":10:", "cannot be read"),
    (GATEWAY + LISTEN + ANCHOR.replace('"rfc3161"', '"tsa"'), ":8:", "anchor.type is 'tsa'"),
    (GATEWAY + LISTEN + ANCHOR.replace('type = "rfc3161"\n', ""), ":7:", "type is missing"),
    (GATEWAY + LISTEN + ANCHOR.replace('"a"', '"a b"'), ":9:", "cannot name an anchor"),
    (GATEWAY + LISTEN + ANCHOR + ANCHOR, ":14:", "two anchors are called 'a'"),
    (GATEWAY + LISTEN + ANCHOR.replace("http:", "ftp:"), ":10:", "no URL of http or https"),
    (GATEWAY + LISTEN + ANCHOR.replace("log.key.vkey", "no.pem"), ":11:", "cannot be read"),
    (GATEWAY + LISTEN + ANCHOR + "interval_seconds = 0\n", ":12:", "It can be 1 to 31536000"),
    (GATEWAY + LISTEN + ANCHOR + "retry_max_seconds = 1\n", ":12:", "less than retry_min"),
    (GATEWAY + LISTEN + ANCHOR + 'policy = "p"\n', ":12:", "no object identifier"),
    (GATEWAY + LISTEN + ANCHOR + "chain_id = 1\n", ":12:", "anchor.chain_id is unknown"),
    (GATEWAY + LISTEN + CHAIN.replace("chain_id = 1337\n", ""), ":7:", "chain_id is missing"),
    (GATEWAY + LISTEN + CHAIN.replace("0x0", "0xg"), ":12:", "is no address"),
    (GATEWAY + LISTEN + CHAIN.replace("cost_max = 1\n", ""), ":7:", "cost_max is missing"),
    (GATEWAY + LISTEN + CHAIN.replace("log.key", "no.key"), ":13:", "cannot be read"),
    (GATEWAY + LISTEN + CHAIN + 'profile = "qbft"\n', ":7:", "it needs all of them"),
    (GATEWAY + LISTEN + CHAIN + 'validators = ["0x1"]\n', ":15:", "'0x1' is no address"),
    (GATEWAY + LISTEN + WITNESSES, ":8:", "cannot be read"),
    (GATEWAY + LISTEN + "[witnesses]\n", ":7:", "witnesses.policy is missing"),
    (GATEWAY + LISTEN + WITNESSES.replace("witnesses.p", "bad.p"), ":8:", "line 2: "),
    (GATEWAY + LISTEN + WITNESSES.replace("witnesses.p", "mute.p"), ":8:", "has a URL"),
    (GATEWAY.replace('"state"', '"nowhere"') + LISTEN, ":2:", "is no folder"),
    (GATEWAY.replace('"witness.key"', '"log.key"') + LISTEN, ":4:", "the witness's key is the"),
    (GATEWAY.replace('"log.key"', '"credential:"') + LISTEN, ":3:", "names no credential"),
    (GATEWAY.replace('log_key = "log.key"\n', "") + LISTEN, ":1:", "gateway.log_key is missing"),
    (GATEWAY + "][\n", ":5:", "not TOML"),
    (GATEWAY + 'log_key = "again"\n', ":5:", "not TOML"),
]


def run(*arguments, environment=None):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20,
                          env=environment)


class Config(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.place.name)
        made = run("init", "--name", "gateway.example/north", "--folder", str(self.folder),
                   "--state", str(self.folder / "state"))
        self.assertEqual(made.returncode, 0, made.stderr)
        self.config = self.folder / "gateway.toml"

    def tearDown(self):
        self.place.cleanup()

    def check(self, environment=None):
        return run("check", "--config", str(self.config), environment=environment)

    def test_init_makes_what_check_accepts(self):
        checked = self.check()
        self.assertEqual(checked.returncode, 0, checked.stderr)
        for name in ("log.key.vkey", "witness.key.vkey"):
            key = (self.folder / name).read_text().split("+")
            self.assertTrue(key[0].startswith("gateway.example/north"))
        for name in ("log.key", "witness.key"):
            self.assertEqual((self.folder / name).stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.folder / "state").stat().st_mode & 0o777, 0o700)
        secret = (self.folder / "log.key").read_text().strip().split("+", 4)[4]
        self.assertNotIn(secret, checked.stdout + checked.stderr)

    def test_init_keeps_what_is_there(self):
        before = {path: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        again = run("init", "--name", "other.example", "--folder", str(self.folder),
                    "--state", str(self.folder / "state"))
        self.assertEqual(again.returncode, 0)
        self.assertEqual(before, {path: path.read_bytes() for path in before})

    def test_what_is_commented_out_can_be_used(self):
        text = re.sub(r"^# (\[|\w+ = )", r"\1", self.config.read_text(), flags=re.M)
        self.config.write_text(text)
        faults = [line for line in self.check().stderr.splitlines()
                  if "which cannot be read" not in line]
        self.assertEqual(faults, [])

    def test_faults(self):
        (self.folder / "bad.policy").write_text("quorum none\nwitness\n")
        (self.folder / "mute.policy").write_text("quorum none\n")
        for text, line, message in FAULTS:
            with self.subTest(message=message):
                self.config.write_text(text)
                checked = self.check()
                self.assertEqual(checked.returncode, 1)
                matching = [said for said in checked.stderr.splitlines() if message in said]
                self.assertEqual(len(matching), 1, checked.stderr)
                self.assertIn(str(self.config) + line, matching[0])

    def test_all_faults_at_once(self):
        self.config.write_text(GATEWAY + "a = 1\nb = 2\n" + LISTEN + "c = 3\n")
        self.assertEqual(self.check().stderr.count("is unknown"), 3)

    def test_anchors_load_what_they_need(self):
        account = self.folder / "account.key"
        made = run("contract", "account", "--out", str(account))
        self.assertEqual(account.stat().st_mode & 0o777, 0o600)
        self.assertRegex(made.stdout, r"^0x[0-9a-f]{40}\n$")
        self.assertNotEqual(run("contract", "account", "--out", str(account)).returncode, 0)
        self.config.write_text(GATEWAY + LISTEN + CHAIN.replace("log.key", "account.key"))
        checked = self.check()
        self.assertIn("anchor   c, evm, account " + made.stdout, checked.stdout, checked.stderr)
        account.chmod(0o640)
        self.assertIn("chmod 600", self.check().stderr)
        self.config.write_text(GATEWAY + LISTEN + CHAIN)
        self.assertIn("not a private key of an EVM account", self.check().stderr)
        self.config.write_text(GATEWAY + LISTEN + ANCHOR)
        self.assertIn("no certificate in PEM form", self.check().stderr)

    def test_a_contract_is_for_one_chain(self):
        for text, message in ((ANCHOR, "no [[anchor]] of type evm is in"),
                              (CHAIN, "has a contract already"),
                              (CHAIN + CHAIN.replace('"c"', '"d"'), "several anchors")):
            self.config.write_text(GATEWAY + LISTEN + text)
            refused = run("contract", "deploy", "--config", str(self.config))
            self.assertEqual(refused.returncode, 1)
            self.assertIn(message, refused.stderr)

    def test_secrets_of_others_are_refused(self):
        (self.folder / "log.key").chmod(0o644)
        refused = self.check()
        self.assertEqual(refused.returncode, 1)
        self.assertIn("chmod 600", refused.stderr)

    def test_the_password_of_the_database_is_a_secret(self):
        self.config.write_text(GATEWAY + LISTEN + DATABASE + 'password = "word"\n')
        (self.folder / "word").write_text("secret")
        (self.folder / "word").chmod(0o600)
        self.assertEqual(self.check().returncode, 0)
        listed = run("device", "list", "--config", str(self.config))
        self.assertIn("no PostgreSQL server", listed.stderr)
        self.assertNotIn("secret", listed.stdout + listed.stderr)
        (self.folder / "word").chmod(0o644)
        for refused in (self.check(), run("device", "list", "--config", str(self.config))):
            self.assertEqual(refused.returncode, 1)
            self.assertIn("chmod 600", refused.stderr)

    def test_credentials_of_systemd(self):
        handed = self.folder / "handed"
        handed.mkdir()
        for name in ("log.key", "witness.key"):
            os.rename(self.folder / name, handed / name)
            (handed / name).chmod(0o440)  # as systemd's access control lists show
        self.assertEqual(self.check().returncode, 1)
        environment = dict(os.environ, CREDENTIALS_DIRECTORY=str(handed))
        checked = self.check(environment)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_a_witness_key_that_cannot_cosign(self):
        (self.folder / "witness.key").write_text("PRIVATE+KEY+a+00000000+AQ==\n")
        checked = self.check()
        self.assertEqual(checked.returncode, 1)
        self.assertIn("witness.key is not a private key", checked.stderr)

    def test_wrong_use(self):
        self.assertEqual(run().returncode, 2)
        self.assertEqual(run("check", "--confi", "x").returncode, 2)
        self.assertEqual(run("init").returncode, 2)
        missing = run("check", "--config", "/nowhere/gateway.toml")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/nowhere/gateway.toml", missing.stderr)


class Unit(unittest.TestCase):
    def test_it_is_hardened(self):
        unit = (pathlib.Path(__file__).parents[2] /
                "ports/linux/gateway/daemon/package/cairn-gateway.service")
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not installed")
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=12",
                               str(unit)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


unittest.main()
