"""A logger that delivers to places by URL."""

from __future__ import annotations

import pytest

import tidegauge as tg
from library.tests.logger.support import eventually, files
from tidegauge.errors import ArgumentError, PermanentWriterError, WriterError
from tidegauge.logger import delivery


def test_folders_and_urls(make, tmp_path):
    places = [tmp_path / "a", str(tmp_path / "b"), (tmp_path / "c").as_uri(), f"memory://{tmp_path.name}"]
    logger = make(window="1m", writers=places)
    logger.record({"fare": 7.5})
    assert logger.close()
    names = [path.name for name in "abc" for path in (tmp_path / name).rglob("*.parquet")]
    assert len(names) == 3
    assert len(set(names)) == 1
    for place in places:
        assert tg.read(place).records == 1


def test_a_server(make, ingest_server):
    logger = make(window="1m", writers=ingest_server.writer())
    logger.record({"fare": 7.5})
    assert logger.close()
    assert ingest_server.read().records == 1


def test_an_unknown_scheme_is_told_at_once(make):
    with pytest.raises(ArgumentError, match="'kafka://x': the scheme 'kafka' is not known"):
        make(writers="kafka://x")


def test_what_is_refused_for_ever_is_set_aside_and_the_next_goes_on(make, clock, tmp_path):
    received, refused = [], []

    def deliver(profiles, delivery):
        if not refused:
            refused.append(delivery)
            raise PermanentWriterError("422: damaged")
        received.append(delivery)

    logger = make(window="1m", writers=deliver, clock=clock, checkpoint=tmp_path)
    for _ in range(2):
        logger.record({"n": 1})
        clock.seconds += 60
        logger._worker.round()
    assert logger.flush()
    assert eventually(lambda: len(received) == 1)
    assert logger.status().rejected == 1
    (kept,) = files(tmp_path)
    assert kept.parent.name == "rejected"
    assert refused[0] in kept.name


@pytest.mark.parametrize(("asked", "patient"), [(60, True), (None, False)])
def test_a_receiver_that_asks_for_patience_gets_it(make, clock, monkeypatch, asked, patient):
    monkeypatch.setattr(delivery, "FIRST_PAUSE_SECONDS", 0.001)
    attempts = []

    def busy(profiles, id_):
        attempts.append(id_)
        raise WriterError("busy", retry_after_seconds=asked)

    logger = make(window="1m", writers=busy, clock=clock)
    logger.record({"n": 1})
    clock.seconds += 60
    logger._worker.round()
    assert eventually(lambda: attempts)
    assert eventually(lambda: len(attempts) > 2, seconds=0.5 if patient else 30) != patient
