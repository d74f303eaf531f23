"""A server that takes profiles as contracts/http-ingest.md says, in a process of its own.

Beside the contract it can be told to misbehave: `POST /script` with a JSON list of behaviours, one for each
delivery that follows. `GET /state` tells what it has.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

import tidegauge as tg

PATH = "/api/v1/profiles"
API_KEY = "key-of-the-tests"
SECRET = b"secret-of-the-tests"
LONGEST = 1 << 17

lock = Lock()
state = {"deliveries": {}, "requests": [], "script": [], "connections": 0, "repeats": 0}


class Ingest(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        with lock:
            state["connections"] += 1

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/state":
            with lock:
                told = {
                    **state,
                    "deliveries": {
                        id_: base64.b64encode(body).decode() for id_, body in state["deliveries"].items()
                    },
                }
                return self.answer(200, json.dumps(told))
        if self.path.startswith("/file/"):
            body = state["deliveries"].get(self.path.removeprefix("/file/").removesuffix(".parquet"))
            return self.answer(200, body) if body else self.answer(404, "no such delivery")
        return self.answer(404, "nothing here")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/script":
            with lock:
                state.update(deliveries={}, requests=[], connections=0, repeats=0, script=json.loads(body))
            return self.answer(200, "ok")
        with lock:
            behaviour = state["script"].pop(0) if state["script"] else "take"
            state["requests"].append({"path": self.path, "behaviour": behaviour, **dict(self.headers)})
        return getattr(self, behaviour.partition(" ")[0])(body, *behaviour.split(" ")[1:])

    # What can be asked for in a script

    def take(self, body):
        refused = self.refusal(body)
        if refused:
            return self.answer(*refused)
        return self.answer(200 if self.keep(body) else 201, "")

    def status(self, _body, code, retry_after=None):
        return self.answer(int(code), f"told to answer {code}", {"Retry-After": retry_after})

    def redirect(self, _body):
        return self.answer(308, "", {"Location": "https://elsewhere.example/profiles"})

    def take_and_hang_up(self, body):
        self.keep(body)
        self.close_connection = True

    def take_and_close(self, body):
        self.take(body)
        self.close_connection = True

    def hang_up(self, _body):
        self.close_connection = True

    def slow(self, body):
        time.sleep(5)
        return self.take(body)

    def drip(self, _body):
        for byte in b"HTTP/1.1 200 OK\r\nX-Very-Slow: " + b"a" * 200:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.05)

    def nonsense(self, _body):
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        self.close_connection = True

    def chatter(self, _body):
        return self.answer(503, "\x1b[31mso busy\n" * 50_000)

    # The contract

    def refusal(self, body):
        headers = self.headers
        if self.path.partition("?")[0] != PATH:
            return 404, "nothing here"
        if headers["Authorization"] != f"Bearer {API_KEY}":
            return 401, "no such key"
        lines = "\n".join(
            (
                "tidegauge-delivery",
                "v1",
                (headers["Tidegauge-Signature"] or "").partition(",")[0].removeprefix("t="),
                headers["Tidegauge-Delivery"],
                hashlib.sha256(body).hexdigest(),
            )
        )
        expected = hmac.new(SECRET, lines.encode(), hashlib.sha256).hexdigest()
        if not (headers["Tidegauge-Signature"] or "").endswith(f", v1={expected}"):
            return 401, "the signature is wrong"
        if headers["Content-Type"] != "application/vnd.apache.parquet":
            return 415, "no profile file"
        if len(body) > LONGEST:
            return 413, f"more than {LONGEST} bytes"
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if headers["Content-Digest"] != f"sha-256=:{digest}:":
            return 400, "altered on the way"
        try:
            tg.ProfileSet.from_bytes(body)
        except tg.errors.FormatError as error:
            return 422, str(error)
        return None

    def keep(self, body):
        """Whether the delivery was there already."""
        with lock:
            id_ = self.headers["Tidegauge-Delivery"]
            known = id_ in state["deliveries"]
            state["repeats"] += known
            state["deliveries"].setdefault(id_, body)
            return known

    def answer(self, code, text, headers=None):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(code)
        for name, value in (headers or {}).items():
            if value is not None:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ingest)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
