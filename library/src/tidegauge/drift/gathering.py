"""Gathering evidence on any number of pairs of profiles, before all of it is judged as one family."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tidegauge.column import kernel_column
from tidegauge.drift import history as histories
from tidegauge.drift.evidence import Evidence, Pair, evidence_of, with_measure
from tidegauge.drift.kinds import kind_of, retyped
from tidegauge.drift.result import SchemaChanges
from tidegauge.errors import ArgumentError, InPython, MissingMetricError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.drift.options import Options
    from tidegauge.drift.result import Kind
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet


class Subject(NamedTuple):
    """Two profiles to compare; with a history also the current one's place in it."""

    current: Profile
    reference: Profile
    """What it is compared with; of a history, all its windows merged."""
    windows: ProfileSet | None = None
    past: histories.History | None = None
    at: int = 0


class Compared(NamedTuple):
    """One column of both profiles, and what is known of its change."""

    name: str
    kind: Kind
    current: ColumnProfile
    reference: ColumnProfile
    evidence: Sequence[Evidence]


class Gathered(NamedTuple):
    """Two profiles compared, and not judged yet. The tables of a history are not kept."""

    current: Profile
    reference: Profile
    windows: ProfileSet | None
    schema: SchemaChanges
    columns: Sequence[Compared]


def gather(subjects: Iterable[Subject], options: Options) -> list[Gathered]:
    """Gather the evidence on each column that both sides of a pair have.

    All pairs without a history are one call of the kernel.

    Args:
        subjects: The pairs of profiles.
        options: What the comparison was told.

    Raises:
        MissingMetricError: A measure was asked for that does not apply to a column.
    """
    started = [_start(subject, options) for subject in subjects]
    plain = [pair for one in started if one.found is None for pair in one.pairs]
    tested = iter(evidence_of(plain, options))
    gathered = []
    for subject, schema, pairs, found in started:
        known = found if found is not None else [next(tested) for _ in pairs]
        columns = [
            _compared(subject, pair, evidence, options) for pair, evidence in zip(pairs, known, strict=True)
        ]
        gathered.append(Gathered(subject.current, subject.reference, subject.windows, schema, columns))
    return gathered


class _Started(NamedTuple):
    """A pair of profiles of which only tests of the kernel may be missing."""

    subject: Subject
    schema: SchemaChanges
    pairs: list[Pair]
    found: list[list[Evidence]] | None


def _start(subject: Subject, options: Options) -> _Started:
    current, reference, _, past, at = subject
    schema, both = _schema(current, reference, options)
    pairs = []
    for name in both:
        now, then = kernel_column(current[name]), kernel_column(reference[name])
        pairs.append(Pair(now, then, kind_of(now, then)))
    if past is None:
        return _Started(subject, schema, pairs, None)
    found = [histories.evidence_of(past, at, pair.current.name, pair.kind, options) for pair in pairs]
    return _Started(subject._replace(past=None), schema, pairs, found)


def _compared(subject: Subject, pair: Pair, found: Sequence[Evidence], options: Options) -> Compared:
    name = pair.current.name
    now, then = subject.current[name], subject.reference[name]
    return Compared(name, pair.kind, now, then, _measured(now, then, found, options))


def _measured(
    now: ColumnProfile, then: ColumnProfile, found: Sequence[Evidence], options: Options
) -> Sequence[Evidence]:
    """State the effect on the values in the measure that was asked for."""
    measure = options.measure_of(now.name)
    if measure is None or not found or found[0].aspect != "distribution":
        return found
    if not measure.applies(now, then):
        raise MissingMetricError(
            f"the measure {measure.name!r} does not apply to column {now.name!r} ({now.type});",
            InPython("give measures= as a dict from columns to measures", "measures by column"),
        )
    matters = options.matters(now.name, measure.name)
    return [with_measure(found[0], measure.compute(now, then), measure.name, matters), *found[1:]]


def _schema(current: Profile, reference: Profile, options: Options) -> tuple[SchemaChanges, list[str]]:
    now, then = (dict.fromkeys(options.chosen(side.columns)) for side in (current, reference))
    both = [name for name in now if name in then]
    changed = (
        (name, then_type, now_type)
        for name in both
        if retyped(kernel_column(current[name]), kernel_column(reference[name]))
        for then_type, now_type in [(reference[name].type, current[name].type)]
    )
    added = tuple(name for name in now if name not in then)
    removed = tuple(name for name in then if name not in now)
    # A profile of nothing has no columns to be missed.
    return SchemaChanges(added if then else (), removed if now else (), tuple(changed)), both


def require_common_columns(
    current: Profile | ProfileSet, reference: Profile | ProfileSet, options: Options
) -> None:
    """Refuse to compare what has no column in common.

    Raises:
        ArgumentError: Both have columns, and none of them is the same.
    """
    now, then = (list(options.chosen(side.columns)) for side in (current, reference))
    if now and then and not set(now) & set(then):
        raise ArgumentError(
            "the profiles have no column in common: current has "
            f"{_some(now)}, the reference {_some(then)}; are they of the same dataset?"
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:5])) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
