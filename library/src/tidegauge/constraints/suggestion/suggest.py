"""Constraints suggested from profiles, with a promise of how often they fail without a fault."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.constraints import wording
from tidegauge.constraints.suggestion.faults import DESCRIPTIONS
from tidegauge.constraints.suggestion.partial import find_partial
from tidegauge.constraints.suggestion.proposals import constraints_of
from tidegauge.constraints.suggestion.rehearsal import rehearse
from tidegauge.constraints.suggestion.trial import fit_and_try
from tidegauge.constraints.suite import Suite
from tidegauge.drawn import Drawn
from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile, Window, merge_profiles
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.constraints.suggestion.fitting import Fit

__all__ = ["Backtest", "Caught", "FlaggedWindow", "Suggestion", "suggest"]

LEAST_TO_HOLD_OUT = 10
"""With fewer windows than this none is held out, and there is no back-test."""
_LEARNT_SHARE = 0.7


class FlaggedWindow(NamedTuple):
    """A window that did not pass a suite.

    Example:
        >>> FlaggedWindow(None, ()).results
        ()
    """

    window: Window | None
    results: tuple[ConstraintResult, ...]
    """What failed or could not be judged."""


class Caught(NamedTuple):
    """How often a kind of fault would have been caught.

    Example:
        >>> Caught("nulls", "a quarter of the values turn null", 20, 19).share
        0.95
    """

    kind: str
    description: str
    tried: int
    """Windows times columns (or values) in which the fault was put into the numbers of a profile."""
    caught: int

    @property
    def share(self) -> float:
        """The share that would have been caught."""
        return self.caught / self.tried


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a suite made from the first part of a history did with the rest.

    Attributes:
        learnt: How many windows the suite was made from.
        judged: How many later windows it judged.
        flagged: Windows that did not pass: events worth knowing about, or false alarms.
        caught: For each kind of fault, how often it would have shown in the later windows.

    Example:
        >>> Backtest(70, 30, (), ()).flagged_rate
        0.0
    """

    learnt: int
    judged: int
    flagged: tuple[FlaggedWindow, ...]
    caught: tuple[Caught, ...]

    @property
    def flagged_rate(self) -> float:
        """The share of the later windows that did not pass."""
        return len(self.flagged) / self.judged


@dataclass(frozen=True, slots=True, repr=False)
class Suggestion(Drawn):
    """A suggested suite, and what is known about how it will perform.

    Attributes:
        suite: The suite; each constraint carries its reason.
        windows: How many windows it was made from; 1 for a single profile.
        false_positive_rate: The promise: the share of windows, at most, that fail without a fault.
        backtest: What a suite made from the first windows did with the later ones; None when there
            were too few.
        events: Windows that stood apart in many columns, and were not learnt from.
        left_out: Columns whose values are not bounded, each with the reason.
        unseen: Faults that the suite would not show in most windows, in words.
        dropped: Constraints that were found but left out, because windows of the history did not pass them:
            their labels, each with the reason.
        unused: Profiles of the history that could not be learnt from, in words: those without a time or
            without records.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import suggest
        >>> found = suggest(tg.log({"city": ["Oslo", "Rome"] * 50, "fare": [5.0, 7.5] * 50}))
        >>> len(found.suite) > 3, found.backtest is None
        (True, True)
    """

    suite: Suite
    windows: int
    false_positive_rate: float
    backtest: Backtest | None
    events: tuple[Window, ...]
    left_out: Mapping[str, str]
    unseen: tuple[str, ...]
    dropped: Mapping[str, str]
    unused: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that ``json.dumps`` takes."""
        tested = self.backtest
        return {
            "suite": self.suite.to_plain(),
            "windows": self.windows,
            "false_positive_rate": self.false_positive_rate,
            "events": [_plain_window(window) for window in self.events],
            "left_out": dict(self.left_out),
            "unseen": list(self.unseen),
            "dropped": dict(self.dropped),
            "unused": list(self.unused),
            "backtest": tested
            and {
                "learnt": tested.learnt,
                "judged": tested.judged,
                "flagged": [
                    {"window": _plain_window(one.window), "why": [each.why for each in one.results]}
                    for one in tested.flagged
                ],
                "caught": [one._asdict() for one in tested.caught],
            },
        }

    def __repr__(self) -> str:
        """Draw the suggestion for a terminal."""
        from tidegauge.reports.suggestion_text import suggestion_text

        return suggestion_text(self)


def suggest(
    history: Profile | ProfileSet,
    *,
    false_positive_rate: float = 0.01,
    records: int | None = None,
    name: str | None = None,
) -> Suggestion:
    """Suggest a suite of constraints that ordinary data passes and faulty data does not.

    A history teaches how windows differ from each other: by chance, by weekday or hour, by slow change. Each
    bound leaves room for that, and constraints that windows of the history do not pass are left out, so that
    of windows like those of the history no more than the promised share fails, over all constraints of the
    suite together. Numbers that grow with time or follow the calendar are recognised and not bounded. Of
    everything that could be bounded, only what reveals a fault is: nulls, a changed unit, type or mean,
    truncated text, lost values, duplicated rows, a frozen column.

    A single profile says nothing about how windows differ. Bounds then leave room for sampling error plus
    wide margins: there are fewer constraints, and nothing more is promised.

    Args:
        history: The profiles of past windows, at least ten for a back-test and preferably thirty; or a single
            profile.
        false_positive_rate: The share of windows, at most, that fail without a fault; between 0 and 0.5.
        records: With a single profile, how many records the data to be checked will have; as many as
            the profile has when None.
        name: What the suite is called.

    Returns:
        The suite with its back-test; it draws itself when printed.

    Raises:
        ArgumentError: The history is of several datasets or segments, or is empty; or an argument is invalid.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import suggest
        >>> suite = suggest(tg.log({"fare": [5.0, 7.5, 9.0] * 100})).suite
        >>> [type(constraint).__name__ for constraint in suite][:3]
        ['RequiredColumns', 'ColumnType', 'Median']
    """
    every = _windows_of(history)
    partial = find_partial(every)
    windows = [profile for index, profile in enumerate(every) if index not in partial]
    _check_arguments(windows, false_positive_rate, records)
    false_positive_rate = float(false_positive_rate)
    merged = merge_profiles(windows)
    growth = merged.records / records if records else 1.0
    learnt, dropped = fit_and_try(windows, merged, rate=false_positive_rate, growth=growth)
    return Suggestion(
        suite=Suite(constraints_of(learnt), name=name),
        windows=learnt.windows,
        false_positive_rate=false_positive_rate,
        backtest=_test(windows, false_positive_rate),
        events=tuple(w for index in learnt.apart if (w := windows[index].window)),
        left_out=MappingProxyType(dict(learnt.left_out)),
        unseen=_unseen(learnt),
        dropped=MappingProxyType(dropped),
        unused=(*_unused(history), *(_in_part(every[index]) for index in partial)),
    )


def _windows_of(history: Profile | ProfileSet) -> list[Profile]:
    """The windows in order of time, each one profile; records without a time belong to none."""
    if isinstance(history, Profile):
        return [history] if history.records else []
    if not isinstance(history, ProfileSet):
        raise ArgumentError(
            f"suggest() takes a Profile or a ProfileSet, not {type(history).__name__}; "
            "make one with tidegauge.log(data), or with timestamp= and window= for a history"
        )
    segments = {tuple(profile.segment.items()) for profile in history}
    if len(segments) > 1:
        raise ArgumentError(
            "the history has profiles of segments in it; give those of all records, history.totals(), or "
            "those of a segment, history.select({…})"
        )
    datasets = {profile.dataset for profile in history}
    if len(datasets) > 1:
        raise ArgumentError(
            f"the history is of {len(datasets)} datasets; suggest for the profiles of each by themselves"
        )
    known = [profile for profile in history.merge_windows() if profile.records]
    return [profile for profile in known if profile.window] or known


def _unused(history: Profile | ProfileSet) -> Iterator[str]:
    """Say which profiles of a history were not learnt from, and why."""
    profiles = [history] if isinstance(history, Profile) else list(history)
    filled = [profile for profile in profiles if profile.records]
    if len(filled) < len(profiles):
        empty = len(profiles) - len(filled)
        yield f"{wording.counted(empty, 'profile')} {'have' if empty > 1 else 'has'} no records"
    undated = [profile for profile in filled if not profile.window]
    if 0 < len(undated) < len(filled):
        many = len(undated) > 1
        records = wording.counted(sum(profile.records for profile in undated), "record")
        said = f"{wording.counted(len(undated), 'profile')} of {records} {'have' if many else 'has'} no time"
        yield f"{said}, and {'belong' if many else 'belongs'} to no window"


def _in_part(profile: Profile) -> str:
    start = profile.window.start.isoformat(" ") if profile.window else ""
    return f"the window that starts at {start}, at an end of the history, is filled in part only"


def _check_arguments(windows: Iterable[Profile], rate: object, records: object) -> None:
    known = list(windows)
    if not known or not any(profile.columns for profile in known):
        raise ArgumentError("there is nothing to learn from: the profiles have no records")
    if isinstance(rate, bool) or not isinstance(rate, Real) or not 0.0 < float(rate) < 0.5:
        raise ArgumentError(
            f"false_positive_rate is a share between 0 and 0.5, not {rate!r}; for 1 % give 0.01"
        )
    if records is None:
        return
    if isinstance(records, bool) or not isinstance(records, Integral) or int(records) < 1:
        raise ArgumentError(f"records is how many records a batch will have, 1 or more, not {records!r}")
    if len(known) > 1:
        raise ArgumentError("records is for a single profile; a history tells by itself how windows vary")


def _test(windows: list[Profile], rate: float) -> Backtest | None:
    if len(windows) < LEAST_TO_HOLD_OUT:
        return None
    count = int(_LEARNT_SHARE * len(windows))
    first, later = windows[:count], windows[count:]
    merged = merge_profiles(first)
    learnt, _ = fit_and_try(first, merged, rate=rate)
    flagged = []
    for profile, result in zip(later, Suite(constraints_of(learnt)).check_windows(later), strict=True):
        failed = tuple(each for each in result.results if each.outcome != "passed")
        if failed:
            flagged.append(FlaggedWindow(profile.window, failed))
    tried, shown = rehearse(learnt, merged, later)
    caught = tuple(
        Caught(kind, words, tried[kind], shown[kind]) for kind, words in DESCRIPTIONS.items() if tried[kind]
    )
    return Backtest(len(first), len(later), tuple(flagged), caught)


def _unseen(learnt: Fit) -> tuple[str, ...]:
    return tuple(
        f"{fault.column or 'all columns'}: {DESCRIPTIONS[fault.kind]}"
        + (f" ({fault.value!r})" if fault.value is not None else "")
        for fault, share in learnt.shown.items()
        if share < 0.5
    )


def _plain_window(window: Window | None) -> dict[str, str] | None:
    return window and {"start": window.start.isoformat(), "end": window.end.isoformat()}
