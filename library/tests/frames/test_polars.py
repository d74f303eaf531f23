"""Polars frames, where they need care of their own."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest

import tidegauge as tg

ONE_FRAME = """
import faulthandler, sys, threading
import numpy, polars, tidegauge as tg

faulthandler.dump_traceback_later(60, exit=True)
sys.setswitchinterval(1e-6)
frame, profiler, start = polars.DataFrame({"n": numpy.arange(1000)}), tg.Profiler(), threading.Barrier(8)

def work():
    start.wait()
    for _ in range(20):
        profiler.log(frame)

threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert profiler.records == 160_000
"""


def test_threads_that_log_one_frame_do_not_wait_for_each_other_for_ever():
    for _ in range(4):  # it needs the first moments of a process, and some luck
        subprocess.run([sys.executable, "-c", ONE_FRAME], check=True, timeout=120)


@pytest.mark.parametrize(
    ("kind", "inner", "wrapped"),
    [(pl.DataFrame, "_df", lambda frame: frame), (pl.Series, "_s", lambda series: {"n": series})],
)
def test_what_is_handed_over_is_a_clone(monkeypatch, kind, inner, wrapped):
    handed_over = []
    export = kind.__arrow_c_stream__

    def watched(self, *arguments):
        handed_over.append(getattr(self, inner))
        return export(self, *arguments)

    monkeypatch.setattr(kind, "__arrow_c_stream__", watched)
    data = kind({"n": [1, 2]} if kind is pl.DataFrame else [1, 2])
    assert tg.log(wrapped(data)).records == 2
    assert handed_over
    assert getattr(data, inner) not in handed_over
