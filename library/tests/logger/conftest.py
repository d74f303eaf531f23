"""Loggers under a test's control."""

from __future__ import annotations

import pytest

import tidegauge as tg
from library.tests.logger.support import Clock, Switch


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def switch() -> Switch:
    return Switch()


@pytest.fixture
def make():
    """Makes loggers that do nothing by themselves for long: a test asks them for each round."""
    made: list[tg.Logger] = []

    def make(**wishes) -> tg.Logger:
        logger = tg.Logger("rides", **{"checkpoint_seconds": 3600.0, **wishes})
        made.append(logger)
        logger._worker.round()
        return logger

    yield make
    for logger in made:
        logger.close(timeout=5.0)
        assert logger.status().internal_error is None
