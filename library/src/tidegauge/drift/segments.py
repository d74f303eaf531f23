"""compare_segments(): which segments of a dataset have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidegauge.drift.gathering import Subject, gather, require_common_columns
from tidegauge.drift.history import LEAST_WINDOWS, History, history_or_merged, seasons_of
from tidegauge.drift.judging import judge
from tidegauge.drift.mix import Mix, mix_evidence
from tidegauge.drift.options import Options
from tidegauge.drift.segment_drift import SegmentDrift, SegmentMix
from tidegauge.drift.why import why_mix
from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile, merge_profiles
from tidegauge.profile_set import ProfileSet
from tidegauge.segments import by_segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tidegauge.drift.history import Season
    from tidegauge.drift.mix import Groups
    from tidegauge.drift.result import Finding
    from tidegauge.segments import Columns, Key, Segment


def compare_segments(
    current: ProfileSet,
    reference: ProfileSet,
    *,
    by: Iterable[str] | None = None,
    columns: Iterable[str] | None = None,
    measures: str | Mapping[str, str] | None = None,
    thresholds: float | Mapping[str, float] | None = None,
    false_discovery_rate: float = 0.05,
    season: Season = "auto",
) -> SegmentDrift:
    """Tell which segments of a dataset have changed.

    Each segment is compared with the same segment of the reference, as `tidegauge.compare` does, and all
    findings of all segments and columns are judged as *one* family: the rate of false discoveries holds for
    everything that is reported, however many segments there are. The family has one more finding: whether the
    records are spread over the segments as before.

    A segment with 8 windows or more in the reference is judged by this history; otherwise its windows are
    merged. Windows of `current` are merged.

    Args:
        current: The profiles under judgement, with segments.
        reference: What to compare with: profiles with segments by the same columns.
        by: The columns of the partition; needed if both sides have several in common.
        columns: The columns to compare; None for all except those that define the segments.
        measures: See `tidegauge.compare`; not with a history.
        thresholds: See `tidegauge.compare`; the one for ``total_variation`` applies to the shares of
            segments.
        false_discovery_rate: The acceptable share of false ones among all reported drifts, 0 to 1.
        season: How past windows are matched; see `tidegauge.compare`.

    Returns:
        A sequence of reports, one for each segment that both sides have, with a ranking; the segments that
        appeared and vanished; and the change of their shares.

    Raises:
        ArgumentError: An argument is not a set; a set is empty, has no segments or several datasets; there is
            no partition in common, or several; or another argument is invalid.

    Example:
        >>> import tidegauge as tg
        >>> def rides(rise):
        ...     rows = [(city, n + rise * (city == "Rome")) for n in range(1000) for city in ("Oslo", "Rome")]
        ...     data = {"city": [city for city, _ in rows], "fare": [fare for _, fare in rows]}
        ...     return tg.log(data, "rides", segments=["city"])
        >>> drift = tg.compare_segments(rides(500), rides(0))
        >>> drift.verdict, drift.why
        ('drift', "1 of 2 segments changed: 'Rome'.")
        >>> drift[{"city": "Rome"}]["fare"].effect.value
        0.5
    """
    for word, given in (("current", current), ("reference", reference)):
        _check(word, given)
    partition = _partition(current, reference, by)
    options = _options(
        current,
        reference,
        partition,
        Options.of(
            dict.fromkeys((*current.columns, *reference.columns)),
            columns=columns,
            measures=measures,
            thresholds=thresholds,
            false_discovery_rate=false_discovery_rate,
        ),
    )
    seasons_of([], season)  # refuses what is no season, also where there is no history
    sides = current.select(partition), reference.select(partition)
    now, then = (by_segment(side) for side in sides)
    segments = [_ordered(side) for side in sides]
    both = [key for key in segments[0] if key in then]
    subjects = _subjects(both, now, then, season, plain_only=measures is not None)
    mix = Mix.of(now, then)
    shared = mix_evidence(mix, now, then, season, options)
    reports, findings = judge(gather(subjects, options), options, beside=[shared] if shared else [])
    return SegmentDrift(
        partition,
        current.dataset or reference.dataset,
        tuple(reports),
        _judged_mix(mix, findings, options),
        appeared=_only(segments[0], segments[1]),
        vanished=_only(segments[1], segments[0]),
        notes=tuple(_notes(now, then, both)),
        false_discovery_rate=options.false_discovery_rate,
    )


def _check(word: str, given: object) -> None:
    if not isinstance(given, ProfileSet):
        hint = "make one with tidegauge.log(data, segments=[…])"
        if isinstance(given, Profile):
            hint = "log with segments=[…] for a set of segments; compare() compares two profiles"
        raise ArgumentError(
            f"compare_segments() needs a ProfileSet with segments as {word}, "
            f"not {type(given).__name__}; {hint}"
        )
    if not len(given):
        raise ArgumentError(f"the {word} set is empty: nothing was logged or selected that could be compared")
    names = list(dict.fromkeys(profile.dataset for profile in given))
    if len(names) > 1:
        raise ArgumentError(
            f"the {word} set holds several datasets, {', '.join(map(repr, names[:3]))}"
            f"{' and more' if len(names) > 3 else ''}; choose one: "
            f"ProfileSet(p for p in profiles if p.dataset == {names[0]!r})"
        )
    if not given.partitions:
        if not sum(profile.records for profile in given):
            raise ArgumentError(
                f"the {word} set has no records, and so no segments: there is nothing to compare"
            )
        raise ArgumentError(
            f"the {word} set has no segments; log with segments=[…], or compare all records with compare()"
        )


def _partition(current: ProfileSet, reference: ProfileSet, by: Iterable[str] | None) -> Columns:
    """The partition that is meant, its columns in the order of the current profiles."""
    sides = current.partitions, reference.partitions
    known = {frozenset(partition) for partition in sides[1]}
    common = [partition for partition in sides[0] if frozenset(partition) in known]
    if by is None:
        if len(common) == 1:
            return common[0]
        if common:
            named = ", ".join(map(str, map(list, common)))
            raise ArgumentError(
                f"both sets have segments by {named}; give the one that is meant: by={list(common[0])}"
            )
    else:
        asked = (by,) if isinstance(by, str) else tuple(by)
        found = [partition for partition in common if set(partition) == set(asked)]
        if found:
            return found[0]
    named, names = (", ".join(map(str, map(list, side))) for side in sides)
    wanted = "no partition in common" if by is None else f"no segments by {list(asked)} in common"
    whose = (
        "" if current.dataset == reference.dataset else f" ({current.dataset!r} and {reference.dataset!r})"
    )
    raise ArgumentError(
        f"the sets{whose} have {wanted}: current has segments by {named}, the reference by {names}; "
        "log both with the same segments="
    )


def _options(current: ProfileSet, reference: ProfileSet, partition: Columns, options: Options) -> Options:
    """Leave out what segments are by, unless it is asked for: it is the same for all records of a segment."""
    if options.columns is None:
        known = dict.fromkeys((*current.columns, *reference.columns))
        options = replace(options, columns=tuple(name for name in known if name not in partition))
    require_common_columns(current, reference, options)
    return options


def _ordered(profiles: ProfileSet) -> dict[Key, Segment]:
    """The segments by their keys, the largest first, the one of all others last."""
    return {(frozenset(segment.values.items()), segment.is_other): segment for segment in profiles.segments()}


def _subjects(
    both: Sequence[Key], now: Groups, then: Groups, season: Season, *, plain_only: bool
) -> Iterator[Subject]:
    """Pair each segment with the same of the reference, one after the other: histories need room."""
    for key in both:
        current = _merged(now[key])
        past = history_or_merged(then[key])
        if isinstance(past, Profile):
            yield Subject(current, past)
            continue
        if plain_only:
            raise ArgumentError(
                "measures= is for comparing with one profile of each segment, and the reference has "
                f"{len(past)} windows of one; leave it out, or merge them: reference.merge_by_segment()"
            )
        windows = [*past, current]
        yield Subject(current, past.merge(), past, History(windows, season), len(past))


def _merged(profiles: Sequence[Profile]) -> Profile:
    return profiles[0] if len(profiles) == 1 else merge_profiles(profiles)


def _judged_mix(mix: Mix, findings: Sequence[Finding], options: Options) -> SegmentMix:
    finding = findings[0] if findings else None
    movers = mix.movers()
    why = why_mix(finding, movers, (sum(mix.now), sum(mix.then)), options.false_discovery_rate)
    return SegmentMix(finding.verdict if finding else "not enough data", why, finding, movers)


def _only(mine: Mapping[Key, Segment], others: Mapping[Key, Segment]) -> tuple[Segment, ...]:
    """Segments of one side that the other does not have; the one of all others is no segment of its own."""
    return tuple(segment for key, segment in mine.items() if key not in others and not segment.is_other)


def _notes(now: Groups, then: Groups, both: Sequence[Key]) -> Iterator[str]:
    sides = (("current has", now), ("the reference has", then))
    others = [words for words, groups in sides if any(is_other for _, is_other in groups)]
    if others:
        where = others[0] if len(others) == 1 else "both sides have"
        yield (
            f"{where[0].upper()}{where[1:]} segments beyond max_segments, taken together as (other): these "
            "need not be the same on both sides, and a segment that appeared or vanished may be among them."
        )
    largest, past = (groups[both[0]] if both else [] for groups in (now, then))
    if twice := _on_both_sides(largest, past):
        yield (
            f"{len(twice):,} of the {len(past):,} windows of the reference are also judged, so that what "
            f"changed in them counts as usual; leave them out: reference.select(until={min(twice)!r})."
        )
    windows = {key: sum(profile.window is not None for profile in then[key]) for key in both}
    short = sum(count < LEAST_WINDOWS for count in windows.values())
    if 0 < short < len(both):
        yield (
            f"{short:,} of {len(both):,} segments have fewer than {LEAST_WINDOWS} past windows, which are "
            "merged: how these differ from one another without a change is not known of them."
        )


def _on_both_sides(now: Sequence[Profile], then: Sequence[Profile]) -> list[str]:
    """The starts of the windows whose very profiles are on both sides."""
    known = {window: profile for profile in then if (window := profile.window)}
    windows = [window for profile in now if (window := profile.window) and known.get(window) == profile]
    return [window.start.isoformat() for window in windows]
