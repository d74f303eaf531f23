"""Segments: the records with given values of given columns; and which profiles hold each record once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.errors import ArgumentError, InPython, MergeError, MissingSegmentError, nearest
from tidegauge.profile import kernel_of
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.profile import Profile

Columns = tuple[str, ...]
Partitions = Sequence[str] | Sequence[Sequence[str]]
"""What ``segments=`` takes: the columns of one partition, or several lists of columns."""

Chosen = Mapping[str, object] | Sequence[str]
"""What ``select`` takes: columns and values, or the columns of a partition."""

_WHOLE = 2.0**53
"""From here on floats are not next to each other any more."""

MAX_SEGMENTS = 1_000

OTHER = "(other)"
"""What the values of the segment of all others are written as."""


class Segment(NamedTuple):
    """One segment of a profile set: the records with given values of given columns.

    Args:
        values: Columns and values, as text; a null is None.
        records: How many records it has, in all windows together.
        share: Its share of all records of its partition, from 0 to 1.
        is_other: Whether it holds the records of all segments beyond ``max_segments``.

    Example:
        >>> import tidegauge as tg
        >>> rides = tg.log({"city": ["Oslo", "Rome", "Oslo"], "fare": [5, 7, 9]}, segments=["city"])
        >>> rides.segments()[0]
        Segment(values={'city': 'Oslo'}, records=2, share=0.6666666666666666, is_other=False)
    """

    values: dict[str, str | None]
    records: int
    share: float
    is_other: bool


def partitions_of(segments: object) -> list[list[str]] | None:
    """Read what ``segments=`` was given: the columns of each partition.

    Raises:
        ArgumentError: It is not a list of columns, nor a list of such lists.

    Example:
        >>> partitions_of(["carrier"]), partitions_of([["carrier"], ["origin", "dest"]])
        ([['carrier']], [['carrier'], ['origin', 'dest']])
    """
    if segments is None:
        return None
    if isinstance(segments, str):
        raise ArgumentError(f"segments= takes a list of columns; give segments=[{segments!r}]")
    if not isinstance(segments, Sequence) or not segments:
        raise ArgumentError(
            f"segments={segments!r}; expected a list of columns such as ['carrier'], or a list of such lists"
        )
    if all(isinstance(item, str) for item in segments):
        return [list(segments)]
    if any(isinstance(item, str) or not isinstance(item, Sequence) for item in segments):
        raise ArgumentError(
            f"segments={segments!r}; give either columns (one partition, by their values together) or lists "
            "of columns (several partitions), as in [['carrier'], ['origin', 'dest']]"
        )
    partitions = [list(item) for item in segments]
    wrong = [name for names in partitions for name in names if not isinstance(name, str)]
    if wrong:
        raise ArgumentError(f"segments= names columns by text, not {wrong[0]!r}")
    return partitions


def checked_limit(max_segments: object) -> int:
    """Read what ``max_segments=`` was given.

    Raises:
        ArgumentError: It is not a whole number of 1 or more.
    """
    whole = isinstance(max_segments, int) and not isinstance(max_segments, bool)
    if not whole or not 1 <= max_segments < 2**32 - 1:  # type: ignore[operator]
        raise ArgumentError(f"max_segments={max_segments!r}; expected a whole number of 1 or more")
    return max_segments  # type: ignore[return-value]


def checked_total(total: object) -> bool:
    """Read what ``total=`` was given.

    Raises:
        ArgumentError: It is neither true nor false.
    """
    if not isinstance(total, bool):
        raise ArgumentError(f"total={total!r}; expected True, or False for segments alone")
    return total


def segment_text(value: object) -> str | None:
    """Write a value as it appears in segments: whole numbers as such, whatever their type; times in UTC.

    Example:
        >>> segment_text(True), segment_text(1.0), segment_text(date(2013, 2, 8)), segment_text(None)
        ('true', '1', '2013-02-08', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _WHOLE:
            return str(int(value))
        number, _, exponent = repr(float(value) + 0.0).partition("e")
        return f"{number}e{int(exponent)}" if exponent else number
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date | time):
        return value.isoformat()
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        if value.is_zero() or not value.is_finite():
            return "nan" if value.is_nan() else segment_text(float(value))
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return segment_text(_of_numpy(value)) if type(value).__module__ == "numpy" else str(value)


def _of_numpy(value: Any) -> object:
    """Return a scalar of NumPy as Python's own; times to the microsecond, as finer ones become integers."""
    if value.dtype.kind == "f":
        number = float(value)
        if value.dtype.itemsize >= 8 or number.is_integer():
            return number
        return float(str(value.astype("float32")))  # the digits that tell it from others of single precision
    plain = value.astype("datetime64[us]") if value.dtype.kind == "M" else value
    return plain.item()


def columns_of(profile: Profile) -> Columns:
    """Return the columns whose values group a profile's records; none for a total."""
    return tuple(name for name, _ in kernel_of(profile).segment)


def partitions_in(profiles: Iterable[Profile]) -> list[Columns]:
    """Return the partitions of some profiles, in order of first appearance."""
    return [columns for columns in dict.fromkeys(map(columns_of, profiles)) if columns]


def chosen(profiles: Sequence[Profile], segment: Chosen) -> list[Profile]:
    """Choose the profiles of some segments.

    Args:
        profiles: Profiles of one partition or several, and totals.
        segment: Columns and values, ``{}`` for the totals; or the columns of a partition, for all of it.

    Raises:
        ArgumentError: Several partitions have these columns.
        MissingSegmentError: No partition has them, or no segment these values.
    """
    if isinstance(segment, str) or not isinstance(segment, Mapping | Sequence):
        raise ArgumentError(
            f"segment={segment!r}; expected columns and values such as {{'carrier': 'UA'}}, the columns of a "
            "partition such as ['carrier'], or {} for the profiles of all records"
        )
    wanted = _partition(profiles, tuple(segment), exact=not isinstance(segment, Mapping))
    found = [profile for profile in profiles if columns_of(profile) == wanted]
    if not isinstance(segment, Mapping) or not segment:
        return found
    texts = {name: segment_text(value) for name, value in segment.items()}
    kept = [p for p in found if texts.items() <= p.segment.items() and not p.is_other_segment]
    if kept or not found:
        return kept
    named = ", ".join(f"{name}={value!r}" for name, value in texts.items())
    column = next(iter(texts))
    values = dict.fromkeys(p.segment[column] for p in found if not p.is_other_segment)
    known = [value for value in values if value is not None]
    told: list[str | InPython] = [f"no segment {named}{nearest(str(texts[column]), known)}"]
    if None in values and texts[column] is not None:
        null = InPython(f"{{{column!r}: None}}", "null of a segment", (column,))
        told = [f"{told[0]};", null, "chooses the null"]
    if any(profile.is_other_segment for profile in found):
        largest = InPython("max_segments", "largest segment count")
        told = [*told[:-1], f"{told[-1]}; it may be among the others, beyond", largest]
    raise MissingSegmentError(*told)


def _partition(profiles: Sequence[Profile], columns: Columns, *, exact: bool) -> Columns:
    """The partition that is meant by some of its columns."""
    known = partitions_in(profiles)
    same = [other for other in known if set(other) == set(columns)]
    if same or not columns:
        return same[0] if same else ()
    wider = [] if exact else [other for other in known if set(columns) < set(other)]
    if len(wider) == 1:
        return wider[0]
    named = ", ".join(map(str, map(list, wider or known)))
    if wider:
        raise ArgumentError(
            InPython("segment=", "segment"),
            f"names {list(columns)}, which several partitions have: {named}; give all columns of one",
        )
    if named:
        raise MissingSegmentError(f"no profile is by {list(columns)}; there are segments by {named}")
    raise MissingSegmentError(
        f"no profile is by {list(columns)}; there are no segments:",
        InPython("log with segments=", "with segments", columns),
    )


def once(profiles: Sequence[Profile]) -> list[Profile]:
    """Choose the profiles that hold every record once: those that merge into the profile of the whole.

    The totals if there are any, else the segments of the only partition.

    Raises:
        MergeError: There are several partitions and no totals, or segments with records that no total has.
    """
    partitions = partitions_in(profiles)
    totals = [profile for profile in profiles if not columns_of(profile)]
    if not partitions:
        return totals
    if not totals:
        if len(partitions) == 1:
            return list(profiles)
        named = ", ".join(map(str, map(list, partitions)))
        raise MergeError(
            f"each record is in a segment of every partition: {named}; merging all would count it "
            f"{len(partitions)} times; choose one:",
            InPython(f"select({list(partitions[0])!r}).merge()", "one partition", partitions[0]),
        )
    _check_totals(profiles, totals)
    return totals


def records_once(profiles: Sequence[Profile]) -> int:
    """Count the records of some profiles, each once.

    Raises:
        MergeError: There are no totals, and the partitions have different numbers of records.
    """
    sums: dict[Columns, int] = {}
    for profile in profiles:
        columns = columns_of(profile)
        sums[columns] = sums.get(columns, 0) + profile.records
    if () not in sums and len(set(sums.values())) == 1:
        return next(iter(sums.values()))
    return sum(profile.records for profile in once(profiles))


def _check_totals(profiles: Sequence[Profile], totals: Sequence[Profile]) -> None:
    """Look whether the totals hold the records of the segments beside them."""
    whole: dict[object, int] = {}
    parts: dict[object, dict[Columns, int]] = {}
    for profile in totals:
        whole[stretch_of(profile)] = whole.get(stretch_of(profile), 0) + profile.records
    for profile in profiles:
        if columns := columns_of(profile):
            sums = parts.setdefault(stretch_of(profile), {})
            sums[columns] = sums.get(columns, 0) + profile.records
    for stretch, sums in parts.items():
        for columns, records in sums.items():
            if records > whole.get(stretch, 0):
                raise MergeError(
                    f"the segments by {list(columns)} hold {records} records, the profiles of all records "
                    f"beside them {whole.get(stretch, 0)}: they are not of the same records; choose those "
                    "that are meant:",
                    InPython(f"select({{}}) or select({list(columns)!r})", "one partition", columns),
                )


def stretch_of(profile: Profile) -> object:
    """Return the dataset and the window of a profile, whatever its segment."""
    kernel = kernel_of(profile)
    return (kernel.dataset, kernel.window_start, kernel.window_end)


def segment_label(values: Mapping[str, str | None], *, is_other: bool = False) -> str:
    """Write the values of a segment; text that could be taken for something else is quoted.

    Args:
        values: Columns and values.
        is_other: Whether it is the segment of all others.

    Example:
        >>> segment_label({"carrier": "UA", "origin": None, "dest": ""}), segment_label({"carrier": "null"})
        ("UA, null, ''", "'null'")
    """
    if is_other:
        return ", ".join(dict.fromkeys(map(str, values.values())))
    return ", ".join(quoted(value) if value == OTHER else value_label(value) for value in values.values())


def value_label(value: str | None) -> str:
    """Write a segment's value of a column so that null and the text "null" differ, and spaces can be seen.

    Example:
        >>> value_label("UA"), value_label(None), value_label("null"), value_label(" ")
        ('UA', 'null', "'null'", "' '")
    """
    if value is None:
        return "null"
    return quoted(value) if value in {"", "null"} or value != value.strip() else value


Key = tuple[frozenset[tuple[str, str | None]], bool]
"""What segments are told apart by, whatever the order of their columns: values, whether of all others."""


def key_of(profile: Profile) -> Key:
    """Return what identifies a profile's segment; profiles of all records share one key too."""
    kernel = kernel_of(profile)
    return frozenset(kernel.segment), kernel.is_other_segment


def by_segment(profiles: Iterable[Profile]) -> dict[Key, list[Profile]]:
    """Group profiles by their segments; those of all records form one group too."""
    groups: dict[Key, list[Profile]] = {}
    for profile in profiles:
        groups.setdefault(key_of(profile), []).append(profile)
    return groups


def counted(profiles: Sequence[Profile]) -> list[Segment]:
    """List the segments of some profiles: by partition, most records first, the one for all others last."""
    sums: dict[tuple[tuple[tuple[str, str | None], ...], bool], int] = {}
    for profile in profiles:
        key = (tuple(kernel_of(profile).segment), profile.is_other_segment)
        if key[0]:
            sums[key] = sums.get(key, 0) + profile.records
    of_partition: dict[Columns, int] = {}
    for (pairs, _), records in sums.items():
        columns = tuple(name for name, _ in pairs)
        of_partition[columns] = of_partition.get(columns, 0) + records
    order = {columns: at for at, columns in enumerate(of_partition)}
    found = []
    for (pairs, is_other), records in sums.items():
        values = dict(pairs)
        every = of_partition[tuple(values)]
        found.append(Segment(values, records, records / every if every else 0.0, is_other))
    return sorted(found, key=lambda item: (order[tuple(item.values)], item.is_other, -item.records))


def keyed(profile: Profile) -> tuple[list[str], bool, list[tuple[bool, str]]]:
    """Return what profiles of one window are sorted by: totals first, then by columns and values."""
    kernel = kernel_of(profile)
    pairs = kernel.segment
    values = [(value is not None, value or "") for _, value in pairs]
    return [name for name, _ in pairs], kernel.is_other_segment, values
