"""Azure, by its own emulator: `make test-python` installs it and names it in AZURITE."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import subprocess
import urllib.request
from email.utils import formatdate

import pytest

import tidegauge as tg
from library.tests.servers.fixtures import end, free_port, wait_for
from tidegauge.errors import WriterError
from tidegauge.writers import open_writer

AZURITE = os.environ.get("AZURITE") or shutil.which("azurite-blob")
ACCOUNT = "devstoreaccount1"
# The key that every emulator has; it is in the manual.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

pytestmark = pytest.mark.skipif(AZURITE is None, reason="run by `make test-python`")


def make_container(endpoint, name):
    now = formatdate(usegmt=True)
    headers_said = f"x-ms-date:{now}\nx-ms-version:2021-08-06\n"
    said = f"PUT{chr(10) * 12}{headers_said}/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container"
    signature = base64.b64encode(hmac.new(base64.b64decode(KEY), said.encode(), hashlib.sha256).digest())
    headers = {
        "x-ms-date": now,
        "x-ms-version": "2021-08-06",
        "Authorization": f"SharedKey {ACCOUNT}:{signature.decode()}",
    }
    request = urllib.request.Request(f"{endpoint}/{name}?restype=container", method="PUT", headers=headers)
    urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture
def container(monkeypatch):
    port = free_port()
    command = [AZURITE, "--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence"]
    process = subprocess.Popen(
        [*command, "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    for name, value in {
        "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        "AZURE_STORAGE_ENDPOINT": endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    try:
        wait_for(port, process)
        make_container(endpoint, "profiles")
        yield "az://profiles/some/folder"
    finally:
        end(process)


def test_written_listed_and_read(container):
    trips = {"at": ["2026-11-27T10:00", "2026-11-28T11:00", None], "fare": [5.0, 7.5, None]}
    days = tg.log(trips, "eu/taxi", timestamp="at", window="1d")
    writer = open_writer(container)
    for _ in range(2):
        writer.write(days, id="0" * 32)
    assert tg.read(container) == days
    assert tg.read(container, dataset="eu/taxi", since="2026-11-28") == days.select(since="2026-11-28")
    with pytest.raises(WriterError, match="az://nobody: the bucket does not exist"):
        open_writer("az://nobody").write(days, id="0" * 32)
