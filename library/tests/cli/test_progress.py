"""The progress bar."""

import io

from tidegauge.cli.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_short_work_draws_nothing():
    stream, clock = Terminal(), Clock()
    with Progress(1000, stream=stream, clock=clock) as progress:
        clock.now += 0.4
        progress.callback()(500, 1000)
    assert stream.getvalue() == ""


def test_long_work_draws_and_wipes_its_line():
    stream, clock = Terminal(), Clock()
    with Progress(3_000_000, stream=stream, clock=clock) as progress:
        progress.begin("a.csv")
        progress.end(1_000_000)
        progress.begin("b\x1b[2J.csv")
        clock.now += 1.0
        progress.callback()(500_000, 2_000_000)
        drawn = stream.getvalue()
        assert drawn.startswith("\r████████████              50%  1.5 MB of 3 MB  1.5 MB/s  b␛[2J.csv")
        clock.now += 0.05
        progress.callback()(600_000, 2_000_000)
        assert stream.getvalue() == drawn
    assert stream.getvalue().endswith("\r\x1b[2K")


def test_unknown_size_shows_what_is_done():
    stream, clock = Terminal(), Clock()
    with Progress(0, stream=stream, clock=clock) as progress:
        progress.begin("standard input")
        clock.now += 2.0
        progress.callback()(4_000_000, 0)
    assert "\r4 MB  2 MB/s  standard input" in stream.getvalue()


def test_nobody_watches():
    assert Progress(10, stream=io.StringIO()).callback() is None
