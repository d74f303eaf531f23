"""The answers as tables for a terminal."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.calibration import tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.calibration.store import Document, Row

ALARMS = {"evidence": "p ≤ 0.05", "verdict": "verdict drift", "null_rate_evidence": "null rate, p ≤ 0.05"}
BEYOND = "!"


def text(document: Document) -> str:
    """Return every table, the summary last."""
    blocks = [*_null_tables(document["null"]), *_power_tables(document["power"])]
    blocks += [*_family_table(document["families"]), *_peers_table(document), *_summary(document)]
    return "\n\n".join(blocks)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows with columns of one width, the first to the left, a rule below the heading."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    lines.insert(1, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(line.rstrip() for line in lines)


# False alarms


def _null_tables(rows: Sequence[Row]) -> Iterator[str]:
    for population, group in _grouped(rows, lambda row: row["population"]):
        for field in _alarm_fields(group):
            yield f"False alarms: {population}, {ALARMS[field]}\n\n{_null_table(group, field)}"


def _alarm_fields(rows: Sequence[Row]) -> list[str]:
    return [field for field in ALARMS if field in rows[0]]


def _null_table(rows: Sequence[Row], field: str) -> str:
    shards = sorted({tuple(row["shards"]) for row in rows}, key=lambda pair: (pair[0] != pair[1], pair))
    table = [["reference x current", *(_shards_heading(pair) for pair in shards)]]
    for sizes, group in _grouped(rows, _sizes):
        found = {tuple(row["shards"]): row for row in group}
        table.append([sizes, *(_rate_cell(found.get(pair), field) for pair in shards)])
    return aligned(table)


def _shards_heading(shards: tuple[int, ...]) -> str:
    if shards == (1, 1):
        return "one piece"
    return f"{shards[0]} shards" if shards[0] == shards[1] else f"current {shards[1]} shards"


def _rate_cell(row: Row | None, field: str) -> str:
    if row is None:
        return ""
    beyond = BEYOND if row[field] > row["line"] else " "
    return f"{row[field]:.1%} ± {row['standard_error']:.1%}{beyond}"


# Power


def _power_tables(rows: Sequence[Row]) -> Iterator[str]:
    heading = [
        "change",
        "reference x current",
        "shards",
        "exact",
        "ours",
        "ratio",
        "± s.e.",
        "drift",
        "stable",
        "?",
    ]
    for population, group in _grouped(rows, lambda row: row["population"]):
        table = [heading, *(_power_cells(row) for row in group)]
        yield f"Power beside the exact test: {population}\n\n{aligned(table)}"


def _power_cells(row: Row) -> list[str]:
    beyond = " " if row["met"] is not False else BEYOND if row["promised"] else "~"
    ratio = (
        ["", ""]
        if row["ratio"] is None
        else [f"{row['ratio']:.3f}{beyond}", f"{row['ratio_standard_error']:.3f}"]
    )
    shares = (
        row["verdicts"].get(name, 0) / row["repetitions"] for name in ("drift", "stable", "not enough data")
    )
    shards = "" if row["shards"] == [1, 1] else str(row["shards"][0])
    powers = [f"{row[field]:.1%}" for field in ("exact_power", "power")]
    return [row["change"], _sizes(row), shards, *powers, *ratio, *(f"{share:.0%}" for share in shares)]


# Many columns, and the peers


def _family_table(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    table = [["many unchanged columns, one comparison", "repetitions", "any drift", "± s.e.", "columns"]]
    for row in rows:
        cells = [f"{row['repetitions']:,}", f"{row['rate']:.1%}", f"{row['standard_error']:.1%}"]
        table.append([row["cell"], *cells, f"{row['columns_called_drifted']:.3%}"])
    yield aligned(table)


def peer_columns(document: Document) -> dict[str, dict[str, float]]:
    """Return the rate of false alarms of each tool by cell; ours where the peers have one too."""
    columns: dict[str, dict[str, float]] = {"Tidegauge": {}, "Tidegauge, p ≤ 0.05": {}}
    for row in document["peers"]:
        columns.setdefault(row["tool"], {})[row["cell"]] = row["rate"]
        if row.get("own_size_judged"):
            rate = row["own_size_alarms"] / row["own_size_judged"]
            columns.setdefault(f"{row['tool']}, own chunks", {})[row["cell"]] = rate
    asked = {cell for column in columns.values() for cell in column}
    ours = [row for row in document["null"] if row["cell"] in asked]
    columns["Tidegauge"] = {row["cell"]: row["verdict"] for row in ours}
    columns["Tidegauge, p ≤ 0.05"] = {row["cell"]: row["evidence"] for row in ours}
    return columns


def _peers_table(document: Document) -> Iterator[str]:
    columns = peer_columns(document)
    if not document["peers"]:
        return
    places = {row["cell"]: row for row in document["peers"]}
    table = [["False alarms of defaults", "reference x current", *columns]]
    for cell, row in places.items():
        rates = (f"{column[cell]:.1%}" if cell in column else "" for column in columns.values())
        table.append([row["population"], _sizes(row), *rates])
    yield aligned(table)
    table = [["Share of cells with false alarms", *columns]]
    for bound in (0.1, 0.2, 0.5, 0.9):
        shares = (
            f"{sum(r > bound for r in column.values()) / max(len(column), 1):.0%}"
            for column in columns.values()
        )
        table.append([f"above {bound:.0%}", *shares])
    table.append(["cells", *(str(len(column)) for column in columns.values())])
    yield aligned(table)


# The summary


def _summary(document: Document) -> Iterator[str]:
    nulls, power = document["null"], document["power"]
    lines = ["Summary"]
    for field, name in ALARMS.items():
        rows = [row for row in nulls if field in row]
        if rows:
            lines.append(f"  {name}: {_alarm_sentence(rows, field)}")
    promised = [row for row in power if row["promised"] and row["ratio"] is not None]
    if promised:
        lines.append(f"  power: {_power_sentence(promised)}")
    lines += [f"  {row['cell']}: {worst(row)}" for row in failing(document)]
    yield "\n".join(lines)


class Alarms(NamedTuple):
    """False alarms of many cells together."""

    cells: int
    comparisons: int
    rate: float
    beyond: int
    """Cells beyond 5 % and two standard errors."""
    expected: float
    """How many of them an exact test of 5 % would have."""
    greatest: float
    """The greatest excess over 5 %, in standard errors."""


def alarms(rows: Sequence[Row], field: str) -> Alarms:
    """Sum up one kind of false alarms."""
    comparisons = sum(row["repetitions"] for row in rows)
    return Alarms(
        len(rows),
        comparisons,
        sum(row[field] * row["repetitions"] for row in rows) / comparisons,
        sum(row[field] > row["line"] for row in rows),
        sum(tally.chance_beyond(row["repetitions"]) for row in rows),
        max((row[field] - tally.LEVEL) / row["standard_error"] for row in rows),
    )


def telling(row: Row) -> bool:
    """Tell whether a cell of power lies where tests differ: neither hopeless nor certain."""
    return bool(0.2 <= row["exact_power"] <= 0.99)


def _alarm_sentence(rows: Sequence[Row], field: str) -> str:
    found = alarms(rows, field)
    beyond = f"{found.beyond} of {found.cells} cells beyond 5 % + 2 s.e."
    rate = f"rate over all {found.comparisons:,} comparisons {found.rate:.2%}"
    chance, greatest = f"an exact test of 5 %: {found.expected:.1f}", f"{found.greatest:.1f} s.e."
    return f"{beyond} ({chance}); {rate}, greatest excess {greatest}"


def _power_sentence(rows: Sequence[Row]) -> str:
    chosen = [row for row in rows if telling(row)]
    below = [row for row in rows if row["met"] is False]
    mean = sum(row["ratio"] for row in chosen) / max(len(chosen), 1)
    least = min((row["ratio"] for row in chosen), default=math.nan)
    plain = sum(row["ratio"] < tally.PROMISED_POWER for row in chosen)
    return (
        f"{len(below)} of {len(rows)} cells below 0.95 x exact - 2 s.e.; where the exact power is 20 to 99 % "
        f"({len(chosen)} cells) the ratio is {mean:.3f} in the mean and {least:.3f} at least, "
        f"below 0.95 in {plain}"
    )


def failing(document: Document) -> list[Row]:
    """Return the rows that do not keep the promise, the false alarms first."""
    nulls = [row for row in document["null"] if not row["met"]]
    return nulls + [row for row in document["power"] if row["promised"] and row["met"] is False]


def worst(row: Row) -> str:
    """Return what is wrong with a failing row, in words."""
    if row["kind"] == "power":
        ratio, error = row["ratio"], row["ratio_standard_error"]
        return f"power {row['power']:.1%} of exact {row['exact_power']:.1%}, ratio {ratio:.3f} ± {error:.3f}"
    rates = [f"{ALARMS[field]} {row[field]:.2%}" for field in ALARMS if row.get(field, 0) > row["line"]]
    by_count = sorted(row["tests"].items(), key=lambda pair: -pair[1])
    tests = ", ".join(f"{test} {count}" for test, count in by_count)
    return f"{', '.join(rates)} (line {row['line']:.2%}, {row['repetitions']:,} repetitions; {tests})"


def _sizes(row: Row) -> str:
    return f"{row['reference']:,} x {row['current']:,}"


def _grouped(rows: Sequence[Row], key: Callable[[Row], Any]) -> Iterator[tuple[Any, list[Row]]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    yield from groups.items()
