"""The services of the examples under real servers: each request is logged once, whoever is killed."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.services import CITIES, EXAMPLES, Service, delivered, eventually, on_disk

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc; gunicorn needs Unix")

UVICORN = ("uvicorn", "--app-dir", str(EXAMPLES), "--host", "127.0.0.1", "--port", "PORT")
GUNICORN = ("gunicorn", "--chdir", "WHERE", "--pythonpath", str(EXAMPLES), "--bind", "127.0.0.1:PORT")
RECYCLED = ("--max-requests", "25", "--max-requests-jitter", "10")
ASGI = ("--worker-class", "uvicorn_worker.UvicornWorker", "fastapi_service:app")
SERVERS = {
    "uvicorn": (*UVICORN, "fastapi_service:app"),
    "uvicorn, 2 workers": (*UVICORN, "--workers", "2", "fastapi_service:app"),
    "gunicorn": (*GUNICORN, "--workers", "3", "flask_service:app"),
    "gunicorn, threads": (*GUNICORN, "--workers", "2", "--threads", "4", "flask_service:app"),
    "gunicorn, preload": (*GUNICORN, "--workers", "3", "--preload", "flask_service:app"),
    "gunicorn, new workers all the time": (*GUNICORN, "--workers", "3", *RECYCLED, "flask_service:app"),
    "gunicorn, uvicorn workers": (*GUNICORN, "--workers", "2", *ASGI),
    "gunicorn, uvicorn workers, preload": (*GUNICORN, "--workers", "2", "--preload", *ASGI),
}
KILLED = ["gunicorn", "gunicorn, preload", "gunicorn, uvicorn workers", "gunicorn, uvicorn workers, preload"]


@pytest.fixture
def start(tmp_path):
    """Starts servers in one folder, one after the other; whatever still lives at the end is killed."""
    started: list[Service] = []

    def start(name: str) -> Service:
        service = Service(tmp_path, *(part.replace("WHERE", str(tmp_path)) for part in SERVERS[name]))
        started.append(service)
        return service

    yield start
    for service in started:
        service.kill()


def check(folder: Path, rides: int) -> None:
    """All rides from 0 on have arrived once, and nothing waits in the checkpoint."""
    whole = delivered(folder)
    assert whole.records == rides
    distance, city = whole["distance"], whole["city"]
    assert (distance.min, distance.max, distance.cardinality.estimate) == (0.0, rides - 1.0, float(rides))
    assert sorted(item.estimate for item in city.frequent_items.top()) == sorted(
        len(range(at, rides, 3)) for at in range(len(CITIES))
    )
    assert [path for path in (folder / "state").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", SERVERS)
def test_a_service_that_is_told_to_stop_delivers_every_request_once(start, tmp_path, name):
    service = start(name)
    service.ask(range(300))
    assert service.end() in (0, -signal.SIGTERM)
    check(tmp_path, 300)


@pytest.mark.parametrize("name", KILLED)
def test_workers_that_are_killed_lose_nothing_that_was_on_disk(start, tmp_path, name):
    service = start(name)
    service.ask(range(200))
    assert eventually(lambda: on_disk(tmp_path) == 200), service.told()
    victims = service.workers()
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: len(service.workers()) == len(victims) and not service.workers() & victims)
    service.ask(range(200, 300))
    assert service.end() in (0, -signal.SIGTERM)
    check(tmp_path, 300)


@pytest.mark.parametrize("name", ["uvicorn", "gunicorn, preload"])
def test_a_service_that_is_killed_whole_is_made_good_by_the_next(start, tmp_path, name):
    service = start(name)
    service.ask(range(200))
    assert eventually(lambda: on_disk(tmp_path) == 200), service.told()
    service.kill()
    service = start(name)
    service.ask(range(200, 250))
    assert service.end() in (0, -signal.SIGTERM)
    check(tmp_path, 250)


def test_a_reload_delivers_what_the_old_workers_had(start, tmp_path):
    service = start("gunicorn")
    service.ask(range(100))
    old = service.workers()
    service.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: not service.workers() & old and len(service.workers()) == len(old))
    service.ask(range(100, 150))
    assert service.end() in (0, -signal.SIGTERM)
    check(tmp_path, 150)


def test_the_health_of_the_logger_is_told(start):
    service = start("uvicorn")
    service.ask(range(3))
    assert service.get("/health") == {"logger_is_well": True, "waiting": 0}
