"""Real servers of the examples: processes on loopback, asked over HTTP, ended by signals."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import tidegauge as tg

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
CITIES = ("Oslo", "Rome", "Lima")


class Service:
    """A server process in a folder of its own, with its workers."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.log = (folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *(part.replace("PORT", str(self.port)) for part in command)],
            cwd=folder,
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, "HOME": str(folder)},  # where gunicorn keeps a socket
            start_new_session=True,
        )
        assert eventually(self._answers), self.told()

    def told(self) -> str:
        """What it has written."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.told()
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def ask(self, rides: range, *, threads: int = 4) -> None:
        """Ask for the fare of so many rides, from several threads; each must be answered rightly."""
        wrong: list[object] = []

        def work(mine: range) -> None:
            for ride in mine:
                try:
                    self._ask_one(ride)
                except (AssertionError, OSError, http.client.HTTPException) as error:
                    wrong.append(error)

        parts = [threading.Thread(target=work, args=(rides[part::threads],)) for part in range(threads)]
        for part in parts:
            part.start()
        for part in parts:
            part.join()
        assert not wrong, (wrong[:3], self.told())

    def _ask_one(self, ride: int) -> None:
        # A connection for each, so that gunicorn spreads them over its workers.
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = json.dumps({"city": CITIES[ride % 3], "distance": float(ride)})
            connection.request("POST", "/fare", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            assert json.load(answer) == {"fare": round(3.0 + 2.4 * ride, 2)}
        finally:
            connection.close()

    def get(self, path: str) -> object:
        """Return what it answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return json.load(connection.getresponse())
        finally:
            connection.close()

    def workers(self) -> set[int]:
        """The processes of its children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(child) for child in children.read_text().split()}

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal, wait for its end, return its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.log.close()
        return code

    def kill(self) -> None:
        """`kill -9` of it and its workers, if they still live."""
        if not self.log.closed:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.log.close()


def on_disk(folder: Path) -> int:
    """How many records the checkpoint of the service holds, of windows that are open or wait."""
    try:
        paths = [*folder.glob("state/*/*/open/*/*.parquet"), *folder.glob("state/*/*/outbox/*/*.parquet")]
        return sum(profile.records for path in paths for profile in tg.readers.read(path).totals())
    except (tg.errors.TidegaugeError, OSError):
        return -1  # a file has been replaced by a greater one meanwhile


def delivered(folder: Path) -> tg.Profile:
    """The profile of everything that has arrived, after checks that hold for every run."""
    profiles = tg.readers.read(folder / "profiles", dataset="fares").merge_windows()
    whole = profiles.merge()
    parts = profiles.select(["city"])
    assert sum(part.records for part in parts) == whole.records
    return whole


def eventually(fact: Callable[[], object], seconds: float = 60.0) -> bool:
    """Wait until something is so, for long at most."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
