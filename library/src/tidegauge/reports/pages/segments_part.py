"""The segments of a profile set: a table for each partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers
from tidegauge.display.html_parts import safe
from tidegauge.display.reading import label_of
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.parts import column_name, left_out, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.segments import PartitionFacts, SegmentFacts

MOST_ROWS = 40
"""Segments of a partition that a page lists at most."""

_LEAD = (
    "Those that differ most from all records come first: in the rate of nulls, or in how a column of numbers "
    "is distributed, beyond what chance shows in one of a hundred such comparisons."
)


def segments_parts(partitions: Sequence[PartitionFacts]) -> list[str]:
    """Draw the segments.

    Args:
        partitions: What is shown; nothing is drawn when there are none.
    """
    return [_section(place, partition) for place, partition in enumerate(partitions, 1)]


def _section(place: int, partition: PartitionFacts) -> str:
    named = ", ".join(partition.columns)
    titles = (safe(named), "records", "share", "most nulls", "differs most in")
    rows = [_row(segment) for segment in partition.segments[:MOST_ROWS]]
    caption = f"segments by {named}"
    drawn = table(titles, rows, right=("records", "share"), caption=caption, style="stack segments")
    more = left_out(partition.count - len(rows), "segment")
    return section(f"Segments by {named}", [drawn, more], anchor=f"segments-{place}", lead=_LEAD)


def _row(segment: SegmentFacts) -> str:
    nulls = unlike = ""
    if segment.nulls is not None:
        nulls = f"{column_name(segment.nulls[0])} {numbers.share(segment.nulls[1], 1)}"
    if segment.unlike is not None:
        unlike = f"{column_name(segment.unlike.column)}: {safe(segment.unlike.how)}"
    return (
        f'<tr><th scope="row">{safe(label_of(dict(segment.values), is_other=segment.is_other))}</th>'
        f'<td class="n">{numbers.grouped(segment.records)}</td>'
        f'<td class="n">{numbers.share(segment.share, 1)}</td><td>{nulls}</td><td>{unlike}</td></tr>'
    )
