"""Stands before a chain's node: keeps what is sent, and loses requests or answers when told to."""

import http.server
import json
import threading
import urllib.request

import service


class Handler(service.Handler):
    def do_POST(self):
        answer = self.server.proxy.pass_on(self.body())
        if answer is None:
            self.close_connection = True
            return
        self.answer(answer, "application/json")


class Proxy:
    """`calls` has the methods, `raw` the transactions that came. While `lose` is "request" no
    transaction gets to the node; while it is "answer" it does, and nobody is told."""

    def __init__(self, url):
        self.node, self.lose, self.calls, self.raw = url, "", [], []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.proxy = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def pass_on(self, body):
        call = json.loads(body)
        lost = self.lose if call["method"] == "eth_sendRawTransaction" else ""
        answer = None
        if lost != "request":
            request = urllib.request.Request(self.node, body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=30) as reply:
                answer = reply.read()
        if call["method"] == "eth_sendRawTransaction":
            self.raw.append(call["params"][0])
        self.calls.append(call["method"])
        return None if lost else answer

    def close(self):
        self.server.shutdown()
        self.server.server_close()
