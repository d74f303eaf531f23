"""compare(): whether a dataset has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.drift import history as histories
from tidegauge.drift.gathering import Subject, gather, require_common_columns
from tidegauge.drift.judging import judge
from tidegauge.drift.options import Options
from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidegauge.drift.history import Season
    from tidegauge.drift.result import DriftReport


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

    Each column that both profiles have gets *evidence* (a p-value that is valid for both sizes, for ties and
    for the sketches' error), *effect* (how large the change is, with an interval) and *power* (the smallest
    change that would have been seen). The verdict is ``drift`` when the evidence survives the control of
    false discoveries over all columns and the effect is one that matters; ``stable`` when such an effect
    would have been seen and was not; ``not enough data`` otherwise.

    With a profile set as `reference`, what is normal is learnt from its windows: the distance of `current`
    from all of them is judged by their distances from each other. Use this for windows of time, which always
    differ by more than chance.

    Args:
        current: The profile under judgement.
        reference: What to compare with: a profile, or a profile set of past windows (8 or more). In a set
            with segments, the profiles of the segment of `current` are used, or else those of all records.
        columns: The columns to compare; None for all.
        measures: The measure in which effects are stated, for all columns or by column; see
            `tidegauge.drift.measures`. By default ``ks`` for numbers, times and lengths, and
            ``total_variation`` for everything else. Cannot be given with a history.
        thresholds: The smallest change that matters, for all columns, or by column or measure. By default
            0.1; for the share of nulls (``null_rate``) 0.05, for the share of another type (``type_share``)
            0.01, for a change of correlation (``correlation``) 0.1.
        false_discovery_rate: The acceptable share of false ones among the reported drifts, 0 to 1.
        season: With a history: how windows are matched. ``"weekday"``, ``"hour"``, ``"none"``, a function of
            a window, or ``"auto"``: weekdays for windows of a day, hours for shorter ones, wherever that
            makes windows more alike.

    Returns:
        A report: a mapping from column to `ColumnDrift`, with a verdict of its own.

    Raises:
        ArgumentError: The profiles have no column in common, or another argument is invalid.

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
    histories.check_season(season)
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
    return _compare_one(Subject(current, reference), options)


def compare_in_history(
    past: histories.History, at: int, reference: Profile, windows: ProfileSet, options: Options
) -> DriftReport:
    """Judge one of many windows by those before it; `reference` is those, merged."""
    return _compare_one(Subject(past.profiles[at], reference, windows, past, at), options)


def _compare_one(subject: Subject, options: Options) -> DriftReport:
    require_common_columns(subject.current, subject.reference, options)
    (report,), _ = judge(gather([subject], options), options)
    return report
