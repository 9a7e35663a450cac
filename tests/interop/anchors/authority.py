"""A time-stamping authority made of `openssl ts` and a few lines of HTTP, on 127.0.0.1."""

import contextlib
import http.server
import subprocess
import threading

import service

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Example
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[authority]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = default
[default]
dir = .
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/authority.pem
signer_key = $dir/authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(work, *arguments):
    subprocess.run(["openssl", *arguments], cwd=work, check=True, capture_output=True)


ELLIPTIC = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]


def make_root(work, name, key):
    openssl(work, "genpkey", *key, "-out", f"{name}.key")
    openssl(work, "req", "-x509", "-new", "-key", f"{name}.key", "-config", "tsa.cnf", "-subj",
            "/CN=Test root", "-extensions", "root", "-days", "30", "-out", f"{name}.pem")


def make_certificate(work, name, key, issuer, kind):
    openssl(work, "genpkey", *key, "-out", f"{name}.key")
    openssl(work, "req", "-new", "-key", f"{name}.key", "-config", "tsa.cnf", "-subj",
            f"/CN=Test {name}", "-out", f"{name}.csr")
    openssl(work, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey",
            f"{issuer}.key", "-CAcreateserial", "-extfile", "tsa.cnf", "-extensions", kind,
            "-days", "30", "-out", f"{name}.pem")


def make_authority(work, key, intermediate):
    """ca.pem is the root, and other.pem one that has its name and another key."""
    sent = "certs = $dir/intermediate.pem\n" if intermediate == "sent" else ""
    (work / "tsa.cnf").write_text(CONFIGURATION + sent)
    (work / "serial").write_text("01\n")
    for name in ("ca", "other"):
        make_root(work, name, key)
    if intermediate:
        make_certificate(work, "intermediate", key, "ca", "root")
    make_certificate(work, "authority", key, "intermediate" if intermediate else "ca", "authority")


class Handler(service.Handler):
    def do_POST(self):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked has left
            self.reply(self.body())

    def reply(self, query):
        reply = self.server.authority.answer(query)
        if reply is None:
            self.send_error(503)
            return
        self.answer(reply, "application/timestamp-reply")


class Authority:
    """Its root is ca.pem in the folder. It refuses the first `refusals` requests, and while
    `is_open` is not set it leaves them without an answer. With `intermediate`, "sent" or "kept",
    its certificate is under intermediate.pem, which is or is not in its tokens."""

    def __init__(self, work, refusals=0, key=ELLIPTIC, intermediate=None):
        self.work, self.refusals, self.requests = work, refusals, 0
        self.is_open, self.lock = threading.Event(), threading.Lock()
        self.is_open.set()
        make_authority(work, key, intermediate)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.authority = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, query):
        """The reply to a request; None to refuse it."""
        with self.lock:
            self.requests += 1
        self.is_open.wait()
        with self.lock:
            if self.refusals > 0:
                self.refusals -= 1
                return None
            (self.work / "query.tsq").write_bytes(query)
            openssl(self.work, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq",
                    "-out", "reply.tsr")
            return (self.work / "reply.tsr").read_bytes()

    def close(self):
        self.is_open.set()
        self.server.shutdown()
        self.server.server_close()
