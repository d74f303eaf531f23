"""Servers that tests talk to: processes of their own, on loopback, on free ports."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

import pytest

import tidegauge as tg

HERE = Path(__file__).resolve().parent


class IngestServer:
    """The server of ingest.py, as a test sees it."""

    api_key = "key-of-the-tests"
    secret = "secret-of-the-tests"  # noqa: S105 - of a server that lives as long as the tests

    def __init__(self, url):
        self.url = url

    def script(self, *behaviours):
        """Forget everything, and behave so at the next deliveries."""
        request = urllib.request.Request(f"{self.url}/script", json.dumps(behaviours).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    @property
    def state(self):
        with urllib.request.urlopen(f"{self.url}/state", timeout=10) as answer:
            return json.load(answer)

    def read(self):
        """All profiles that were delivered."""
        bodies = map(base64.b64decode, self.state["deliveries"].values())
        return tg.ProfileSet(profile for body in bodies for profile in tg.ProfileSet.from_bytes(body))

    def writer(self, **options):
        from tidegauge.writers.http import HttpWriter

        return HttpWriter(self.url, **{"api_key": self.api_key, "signing_key": self.secret, **options})


def end(process):
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


@pytest.fixture(scope="session")
def ingest_process():
    process = subprocess.Popen([sys.executable, str(HERE / "ingest.py")], stdout=subprocess.PIPE, text=True)
    try:
        yield IngestServer(f"http://127.0.0.1:{int(process.stdout.readline())}")
    finally:
        end(process)


@pytest.fixture
def ingest_server(ingest_process):
    """A server that has nothing yet."""
    ingest_process.script()
    return ingest_process


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not come up within 30 seconds")


@pytest.fixture(scope="session")
def s3_process():
    """A server that speaks S3 (moto); its URL."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


@pytest.fixture
def s3_bucket(s3_process, monkeypatch):
    """The URL of a bucket that is empty, on a server that the environment names."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_process,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"bucket-{uuid.uuid4().hex[:12]}"
    urllib.request.urlopen(urllib.request.Request(f"{s3_process}/{bucket}", method="PUT"), timeout=10).close()
    return f"s3://{bucket}"
