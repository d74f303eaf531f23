"""compare(): whether a dataset has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.column import kernel_column
from tidegauge.drift import history as histories
from tidegauge.drift.evidence import Evidence, Pair, evidence_of, with_measure
from tidegauge.drift.judging import dataset_verdict, judge
from tidegauge.drift.kinds import kind_of, retyped
from tidegauge.drift.options import Options
from tidegauge.drift.result import ColumnDrift, DriftReport, SchemaChanges
from tidegauge.drift.why import why_dataset
from tidegauge.errors import ArgumentError, MissingMetricError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.profile import Window

    Season = str | Callable[[Window], Hashable]


def compare(
    current: Profile,
    reference: Profile | ProfileSet,
    *,
    columns: Iterable[str] | None = None,
    measures: str | Mapping[str, str] | None = None,
    thresholds: float | Mapping[str, float] | None = None,
    false_discovery_rate: float = 0.05,
    season: Season = "auto",
) -> DriftReport:
    """Tell whether a dataset has changed, from profiles alone.

    For each column that both profiles have: *evidence* (a p-value that is right for both sizes, for
    ties and for the sketches' error), *effect* (how large the change is, with an interval) and *power*
    (the smallest change that would have been seen). The verdict is ``drift`` when the evidence
    survives the control of false discoveries over all columns and the effect is one that matters;
    ``stable`` when such an effect would have been seen and was not; ``not enough data`` otherwise.

    With a profile set as `reference`, what is normal is learnt from its windows: the distance of `current`
    from all of them is judged by their distances from one another. Use it for windows of time, which
    always differ by more than chance.

    Args:
        current: The profile under judgement.
        reference: What to compare with: a profile, or a profile set of past windows (8 or more). Of a set
            with segments those of the segment of `current` are taken, else those of all records.
        columns: The columns to compare; None for all.
        measures: The measure in which effects are stated, for all columns or by column; see
            `tidegauge.drift.measures`. By default ``ks`` for numbers, times and lengths, ``total_variation``
            for all else; not with a history.
        thresholds: The smallest change that matters, for all columns, or by column or measure; by default
            0.1, for the share of nulls (``null_rate``) 0.05, of another type (``type_share``) 0.01, for a
            change of correlation (``correlation``) 0.1.
        false_discovery_rate: The share of false ones among reported drifts that is acceptable, 0 to 1.
        season: With a history: what windows are matched by. ``"weekday"``, ``"hour"``, ``"none"``, a
            function of a window, or ``"auto"``: weekdays for windows of a day, hours for shorter ones,
            wherever that brings windows nearer to one another.

    Returns:
        A report: a mapping from column to `ColumnDrift`, with a verdict of its own.

    Raises:
        ArgumentError: The profiles have no column in common, or another argument cannot be meant so.

    Example:
        >>> import tidegauge as tg
        >>> before = tg.log({"fare": range(1000)})
        >>> report = tg.compare(tg.log({"fare": range(500, 1500)}), before)
        >>> report.verdict, report["fare"].effect.value
        ('drift', 0.5)
        >>> tg.compare(tg.log({"fare": range(0, 1000, 100)}), before).verdict
        'not enough data'
    """
    _check(current, reference)
    if isinstance(reference, ProfileSet) and reference.partitions:
        reference = _like(current, reference)
        reference = reference[0] if len(reference) == 1 and not reference.windows[0] else reference
    known = dict.fromkeys((*current.columns, *reference.columns))
    options = Options.of(
        known,
        columns=columns,
        measures=measures,
        thresholds=thresholds,
        false_discovery_rate=false_discovery_rate,
    )
    if isinstance(reference, ProfileSet):
        if measures is not None:
            raise ArgumentError(
                "measures= is for comparing with one profile: with a history distances are judged by those "
                "of past windows, in ks and total_variation; leave it out, or give reference.merge()"
            )
        windows = histories.windows_of(reference)
        past = histories.History([*windows, current], season)
        return compare_in_history(past, len(windows), windows.merge(), windows, options)
    return compare_pair(current, reference, options)


def _like(current: Profile, reference: ProfileSet) -> ProfileSet:
    """Return what a profile is to be compared with: the profiles of its own segment, if there are any."""
    same = [
        profile
        for profile in reference
        if profile.segment == current.segment and profile.is_other_segment == current.is_other_segment
    ]
    return ProfileSet(same) if current.segment and same else reference.totals()


def _check(current: object, reference: object) -> None:
    if not isinstance(current, Profile):
        hint = ""
        if isinstance(current, ProfileSet):
            hint = (
                "; give the profile of all its records, current.merge(), or of a segment, "
                "current.select({…}).merge(); compare_windows() judges each window of a set"
            )
        raise ArgumentError(f"compare() needs a Profile as current, not {type(current).__name__}{hint}")
    if not isinstance(reference, Profile | ProfileSet):
        raise ArgumentError(
            f"compare() needs a Profile or a ProfileSet as reference, not {type(reference).__name__}; "
            "make one with tidegauge.log(data)"
        )


def compare_pair(current: Profile, reference: Profile, options: Options) -> DriftReport:
    """Compare two profiles."""
    return _report(current, reference, None, options, lambda pairs: evidence_of(pairs, options))


def compare_in_history(
    past: histories.History, at: int, reference: Profile, windows: ProfileSet, options: Options
) -> DriftReport:
    """Judge one of many windows by those before it; `reference` is these, merged."""

    def evidence(pairs: Sequence[Pair]) -> list[list[Evidence]]:
        return [histories.evidence_of(past, at, pair.current.name, pair.kind, options) for pair in pairs]

    return _report(past.profiles[at], reference, windows, options, evidence)


def _report(
    current: Profile,
    reference: Profile,
    windows: ProfileSet | None,
    options: Options,
    evidence: Callable[[Sequence[Pair]], list[list[Evidence]]],
) -> DriftReport:
    schema, both = _schema(current, reference, options)
    pairs = []
    for name in both:
        now, then = kernel_column(current[name]), kernel_column(reference[name])
        pairs.append(Pair(now, then, kind_of(now, then)))
    found = {
        name: (
            pair.kind,
            current[name],
            reference[name],
            _measured(current[name], reference[name], one, options),
        )
        for name, pair, one in zip(both, pairs, evidence(pairs), strict=True)
    }
    judged: dict[str, ColumnDrift] = judge(found, options.false_discovery_rate)
    return DriftReport(
        current,
        reference,
        windows,
        judged,
        schema,
        dataset_verdict(judged.values()),
        why_dataset(list(judged.values()), schema),
        options.false_discovery_rate,
        options,
    )


def _measured(
    now: ColumnProfile, then: ColumnProfile, found: Sequence[Evidence], options: Options
) -> Sequence[Evidence]:
    """State the effect on the values in the measure that was asked for."""
    measure = options.measure_of(now.name)
    if measure is None or not found or found[0].aspect != "distribution":
        return found
    if not measure.applies(now, then):
        raise MissingMetricError(
            f"the measure {measure.name!r} does not apply to column {now.name!r} ({now.type}); "
            "give measures= as a dict from columns to measures"
        )
    matters = options.matters(now.name, measure.name)
    return [with_measure(found[0], measure.compute(now, then), measure.name, matters), *found[1:]]


def _schema(current: Profile, reference: Profile, options: Options) -> tuple[SchemaChanges, list[str]]:
    now, then = dict.fromkeys(current.columns), dict.fromkeys(reference.columns)
    if options.columns is not None:
        now, then = ({name: None for name in names if name in options.columns} for names in (now, then))
    both = [name for name in now if name in then]
    if not both and now and then:
        raise ArgumentError(
            "the profiles have no column in common: current has "
            f"{_some(now)}, the reference {_some(then)}; are they of the same dataset?"
        )
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


def _some(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(map(repr, shown[:5])) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")
