"""A FastAPI endpoint with `Logger.record` beside the same without: requests per second, and their cost."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import tidegauge as tg
from benchmarks import environments
from benchmarks.figure import Better, Figure, Target
from benchmarks.measure import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = 8
REQUESTS = 10_000
DISTINCT = 2_000
CITIES = 100
SECONDS = 300.0
UP_SECONDS = 60.0
SETTLE_SECONDS = 1.2
"""Longer than a checkpoint: its work is to fall into the turn of the server that has it."""
OURS: Better = "ours / peer"
PLAIN = "without a logger"
TURNS = (
    ("plain", "def"),
    ("logged", "def"),
    ("plain", "async"),
    ("logged", "async"),
    ("logged", "dump"),
    ("segmented", "async"),
)


def run(*, quick: bool) -> list[Figure]:
    """Three servers live side by side and are asked in turn; each round has new ones, and turns the order.

    Two servers that do the very same differ by some per cent for as long as they live, by where things happen
    to lie in memory: only over many processes does that even out.
    """
    rounds, requests = (3, REQUESTS // 5) if quick else (16, REQUESTS)
    rates: dict[tuple[str, str], list[float]] = {turn: [] for turn in TURNS}
    costs: dict[tuple[str, str], list[float]] = {turn: [] for turn in TURNS}
    bodies = {path: _bodies(path) for _, path in TURNS}
    for round_ in range(rounds):
        turns = TURNS if round_ % 2 else TURNS[::-1]
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            wishes = {
                "plain": {},
                "logged": {"LOGGER": f"{folder}/logged"},
                "segmented": {"LOGGER": f"{folder}/segmented", "SEGMENTS": "city"},
            }
            servers = {
                server: stack.enter_context(_server(wishes[server]))
                for server in dict.fromkeys(server for server, _ in turns)
            }
            for server, path in turns:
                servers[server].ask(bodies[path], requests // 5)
            for server, path in turns:
                rate, cost = servers[server].ask(bodies[path], requests)
                rates[server, path].append(rate)
                costs[server, path].append(cost)
            stack.close()
            for server in ("logged", "segmented"):
                asked = sum(requests + requests // 5 for which, _ in turns if which == server)
                _check(folder / server, asked)
    return _figures(rates, costs)


def _figures(
    rates: dict[tuple[str, str], list[float]], costs: dict[tuple[str, str], list[float]]
) -> list[Figure]:
    figures = []
    for server, path, what in (
        ("logged", "def", "`def`"),
        ("logged", "async", "`async def`"),
        ("logged", "dump", "`async def`, `model_dump`"),
        ("segmented", "async", "`async def`, 100 segments"),
    ):
        target = Target("ratio", "at least", 0.97, aim=path != "def")
        ours, plain = (server, path), ("plain", path if path == "def" else "async")
        figures += [
            Figure(f"{what}: requests per second", "/s", rates[ours], PLAIN, rates[plain], target, OURS),
            Figure(f"{what}: processor time of one", "s", costs[ours], PLAIN, costs[plain], better=OURS),
        ]
    return figures


class _Server:
    """A server process and how to ask it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def ask(self, bodies: list[bytes], requests: int) -> tuple[float, float]:
        """Return the rate, and the processor time that the server spent on one request."""
        spent, start = self._processor_seconds(), time.perf_counter()
        asyncio.run(asyncio.wait_for(self._ask(bodies, requests), SECONDS))
        seconds = time.perf_counter() - start
        time.sleep(SETTLE_SECONDS)
        return requests / seconds, (self._processor_seconds() - spent) / requests

    async def _ask(self, bodies: list[bytes], requests: int) -> None:
        left = iter(range(requests))
        await asyncio.gather(*(self._connection(bodies, left) for _ in range(CONNECTIONS)))

    async def _connection(self, bodies: list[bytes], left: Iterator[int]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for number in left:
                writer.write(bodies[number % len(bodies)])
                head = await reader.readuntil(b"\r\n\r\n")
                if not head.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(f"the server answered {head!r}")
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
        finally:
            writer.close()
            await writer.wait_closed()

    def _processor_seconds(self) -> float:
        # What `clock_getcpuclockid` gives for another process on Linux; /proc tells only hundredths.
        return time.clock_gettime((~self.process.pid << 3) | 2)


@contextmanager
def _server(wishes: dict[str, str]) -> Iterator[_Server]:
    """Start a server, end it in peace."""
    port = _free_port()
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning")
    command = ("-m", "uvicorn", "--app-dir", str(HERE / "processes"), *options, "fastapi_service:app")
    python = str(environments.prepare("services"))
    with subprocess.Popen([python, *command], env={**os.environ, **wishes}) as process:
        try:
            _wait_for(port, process)
            yield _Server(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + UP_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _bodies(path: str) -> list[bytes]:
    """Make whole requests, before they are needed."""
    rng = random.Random(0)
    return [_request(path, number, rng) for number in range(DISTINCT)]


def _request(path: str, number: int, rng: random.Random) -> bytes:
    ride = {
        "ride": number,
        "distance": round(rng.gammavariate(2.0, 1.6), 2),
        "passengers": rng.randrange(1, 7),
        "hour": rng.randrange(24),
        "weekday": rng.randrange(7),
        "temperature": round(rng.gauss(12.0, 8.0), 1),
        "rain": round(rng.expovariate(1.0), 1),
        "city": f"city-{rng.randrange(CITIES)}",
        "member": rng.random() < 0.4,
    }
    body = json.dumps(ride).encode()
    head = f"POST /{path} HTTP/1.1\r\nHost: local\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _check(folder: Path, requests: int) -> None:
    """What was measured has logged everything, or it is worth nothing."""
    found = tg.readers.read(folder / "profiles").merge().records
    if found != requests:
        raise RuntimeError(f"{requests} requests were answered and {found} are in the profiles")
