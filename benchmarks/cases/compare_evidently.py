"""Profile and compare 2 x (20,000 x 50) from pandas, beside Evidently's drift preset on the same frames."""

from __future__ import annotations

import statistics

import pandas as pd

import tidegauge as tg
from benchmarks import environments, measure, wide_data
from benchmarks.figure import Figure, Target

COLUMNS, ROWS = 50, 20_000


def run(*, quick: bool) -> list[Figure]:
    """Alternate: some rounds of ours, one of Evidently's, which runs in a process of its own."""
    frames = [pd.DataFrame(wide_data.columns(COLUMNS, ROWS, seed)) for seed in (0, 1)]
    tg.compare(*(tg.log(frame) for frame in frames))
    python = environments.prepare("evidently")
    ours: list[float] = []
    page: list[float] = []
    theirs: dict[str, list[float]] = {"seconds": [], "html_seconds": [], "html_bytes": []}
    for _ in range(1 if quick else 5):
        answer = measure.ask(python, "evidently_compare.py", str(COLUMNS), str(ROWS))
        for name in theirs:
            theirs[name] += answer[name]
        ours.append(statistics.median(measure.timed(lambda: _ours(frames)) for _ in range(5)))
        page.append(statistics.median(measure.timed(lambda: _page(frames)) for _ in range(5)))
    return _figures(ours, page, theirs, len(tg.report(_ours(frames)).html().encode()))


def _ours(frames: list[pd.DataFrame]) -> tg.DriftReport:
    reference, current = (tg.log(frame) for frame in frames)
    return tg.compare(current, reference)


def _page(frames: list[pd.DataFrame]) -> str:
    return tg.report(_ours(frames)).html()


def _figures(ours: list[float], page: list[float], theirs: dict[str, list[float]], size: int) -> list[Figure]:
    preset = "Evidently 0.7 drift preset"
    both = [run + html for run, html in zip(theirs["seconds"], theirs["html_seconds"], strict=True)]
    what = f"profile and compare 2 x ({ROWS:,} x {COLUMNS})"
    sizes = [bytes_ / 1e6 for bytes_ in theirs["html_bytes"]]
    return [
        Figure(what, "s", ours, preset, theirs["seconds"], Target("ratio", "at least", 40.0)),
        Figure(f"{what}, with the HTML page", "s", page, preset, both),
        Figure("size of that page", "MB", [size / 1e6] * len(sizes), preset, sizes),
    ]
