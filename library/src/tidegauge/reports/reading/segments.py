"""From a profile set to the facts of its segments: how much, how complete, and how unlike all records."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.column import kernel_column
from tidegauge.display.reading import segments_of, shown_of
from tidegauge.profile import merge_profiles
from tidegauge.reports.facts.segments import PartitionFacts, SegmentFacts, Unlike

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.segments import Segment

MOST_SEGMENTS = 200
"""Segments of a partition that are read: the largest."""

_KS_CHANCE = 1.63  # of the Kolmogorov-Smirnov statistic times the root of n, at 1 % (Kolmogorov, 1933)
_NORMAL_CHANCE = 2.58  # of a normal deviate, at 1 % on both sides


def read_segments(profiles: ProfileSet) -> tuple[PartitionFacts, ...]:
    """Read the segments of a profile set, all windows together.

    Args:
        profiles: The profile set; one of a single segment has nothing to compare and gives nothing.

    Example:
        >>> import tidegauge as tg
        >>> rides = tg.log({"city": ["Oslo", "Rome"], "fare": [5, None]}, segments=["city"])
        >>> [segment.nulls for segment in read_segments(rides)[0].segments]
        [None, ('fare', 1.0)]
    """
    if not segments_of(profiles):
        return ()
    whole = shown_of(profiles).merge()
    return tuple(_partition(profiles, columns, whole) for columns in profiles.partitions)


def _partition(profiles: ProfileSet, columns: tuple[str, ...], whole: Profile) -> PartitionFacts:
    chosen = profiles.select(columns)
    listed = chosen.segments()
    parts: dict[tuple[object, bool], list[Profile]] = {}
    for profile in chosen:
        parts.setdefault((tuple(profile.segment.items()), profile.is_other_segment), []).append(profile)
    read = [
        _segment(one, merge_profiles(parts[tuple(one.values.items()), one.is_other]), whole)
        for one in sorted(listed, key=lambda one: -one.records)[:MOST_SEGMENTS]
    ]
    read.sort(key=lambda one: (-(one.unlike.amount if one.unlike else 0.0), -one.records))
    return PartitionFacts(columns, len(listed), tuple(read))


def _segment(segment: Segment, profile: Profile, whole: Profile) -> SegmentFacts:
    own = set(segment.values)
    columns = [column for column in profile if column.name not in own]
    nulls = max(columns, key=lambda column: column.nulls, default=None)
    found = [
        unlike
        for column in columns
        if column.name in whole
        for unlike in (_by_nulls(column, whole[column.name]), _by_values(column, whole[column.name]))
        if unlike is not None
    ]
    return SegmentFacts(
        values=tuple(segment.values.items()),
        records=segment.records,
        share=segment.share,
        nulls=(nulls.name, nulls.null_rate) if nulls is not None and nulls.nulls else None,
        unlike=max(found, key=lambda unlike: unlike.amount, default=None),
        is_other=segment.is_other,
    )


def _by_nulls(column: ColumnProfile, whole: ColumnProfile) -> Unlike | None:
    if not column.records:
        return None
    mine, all_ = column.null_rate, whole.null_rate
    chance = _NORMAL_CHANCE * math.sqrt(max(all_ * (1 - all_), 1 / column.records) / column.records)
    amount = abs(mine - all_) - chance
    return Unlike(column.name, f"nulls {mine:.1%} against {all_:.1%}", amount) if amount > 0 else None


def _by_values(column: ColumnProfile, whole: ColumnProfile) -> Unlike | None:
    """By the distribution of numbers; times are left out: a segment that began later is no finding."""
    mine, theirs = kernel_column(column).values, kernel_column(whole).values
    if mine is None or theirs is None or mine.kind != "number" or theirs.kind != "number" or not mine.n:
        return None
    if not (mine.has_quantiles and theirs.has_quantiles) or column.role in {"timestamp", "id"}:
        return None
    distances = _kernel.distances(mine, theirs)
    if distances is None:
        return None
    amount = distances["ks"] - _KS_CHANCE / math.sqrt(mine.n)
    if amount <= 0:
        return None
    medians = (mine.quantile([0.5])[0], theirs.quantile([0.5])[0])
    return Unlike(column.name, f"median {medians[0]:.4g} against {medians[1]:.4g}", amount)
