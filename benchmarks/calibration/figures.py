"""The answers in short, as Markdown: what the page on calibration shows."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from benchmarks.calibration import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.calibration.store import Document, Row

ALARMS = {
    "evidence": "p-value of the values ≤ 0.05",
    "null_rate_evidence": "p-value of the null rate ≤ 0.05",
    "verdict": "verdict `drift`",
}


def section(document: Document) -> str:
    """Return the section; empty without results."""
    if not document["null"]:
        return ""
    blocks = [
        _repetitions(document),
        _alarms(document["null"]),
        _power(document["power"]),
        _failing(document["power"]),
    ]
    blocks += [_families(document["families"]), _peers(document)]
    return "\n" + "\n\n".join(block for block in blocks if block) + "\n\n"


def _alarms(rows: list[Row]) -> str:
    lines = [
        "| false alarms | cells | comparisons | rate over all | cells beyond 5 % + 2 s.e. | by chance |",
        "|---|---|---|---|---|---|",
    ]
    for field, name in ALARMS.items():
        chosen = [row for row in rows if field in row]
        if chosen:
            found = tables.alarms(chosen, field)
            counts = f"{found.cells:,} | {found.comparisons:,}"
            lines.append(f"| {name} | {counts} | {found.rate:.2%} | {found.beyond} | {found.expected:.1f} |")
    return "\n".join(lines)


def _power(rows: list[Row]) -> str:
    if not rows:
        return ""
    lines = [
        "| power, where the exact test's is 20 to 99 % | cells | mean ratio | least | below 0.95 − 2 s.e. |",
        "|---|---|---|---|---|",
    ]
    for name, chosen in _groups([row for row in rows if row["promised"] and row["ratio"] is not None]):
        telling = [row for row in chosen if tables.telling(row)]
        if telling:
            ratios = [row["ratio"] for row in telling]
            below = sum(row["met"] is False for row in chosen)
            numbers = f"{statistics.fmean(ratios):.3f} | {min(ratios):.3f} | {below} of all {len(chosen)}"
            lines.append(f"| {name} | {len(telling)} | {numbers} |")
    return "\n".join(lines)


def _groups(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    yield "all changes", rows
    for name, word in (("location shifted", "shift"), ("spread x 1.2", "spread x"), ("mass moved", "moved")):
        yield name, [row for row in rows if word in row["change"]]


def _repetitions(document: Document) -> str:
    said = []
    for part, name in (("null", "false alarms"), ("power", "power")):
        counts = [row["repetitions"] for row in document[part]]
        if counts:
            said.append(f"{min(counts):,} to {max(counts):,} for {name}")
    return f"Repetitions of a cell: {'; '.join(said)}; the fewest where a side has a million values."


def _failing(rows: list[Row]) -> str:
    """The cells of power that break the promise, each by name."""
    failing = [row for row in rows if row["promised"] and row["met"] is False]
    if not failing:
        return ""
    lines = ["| power too low | exact | ours | ratio |", "|---|---|---|---|"]
    for row in failing:
        powers = f"{row['exact_power']:.0%} | {row['power']:.0%}"
        ratio = f"{row['ratio']:.2f} ± {row['ratio_standard_error']:.2f}"
        lines.append(f"| {row['cell'].removeprefix('power/')} | {powers} | {ratio} |")
    return "\n".join(lines)


def _families(rows: list[Row]) -> str:
    if not rows:
        return ""
    lines = ["| unchanged columns, one comparison | repetitions | any `drift` |", "|---|---|---|"]
    lines += [f"| {row['cell']} | {row['repetitions']} | {row['rate']:.1%} |" for row in rows]
    return "\n".join(lines)


def _peers(document: Document) -> str:
    columns = tables.peer_columns(document)
    if not document["peers"]:
        return ""
    lines = [
        "| default verdicts on unchanged data | cells | median rate | above 20 % | above 50 % | above 90 % |",
        "|---|---|---|---|---|---|",
    ]
    for name, column in columns.items():
        rates = list(column.values())
        if rates:
            above = " | ".join(
                f"{sum(r > bound for r in rates) / len(rates):.0%}" for bound in (0.2, 0.5, 0.9)
            )
            lines.append(f"| {name} | {len(rates)} | {statistics.median(rates):.1%} | {above} |")
    return "\n".join(lines)
