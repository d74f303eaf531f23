"""The real suite, tried on the windows that it was made from: what does not pass there is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion.fitting import Fit, fit
from tidegauge.constraints.suggestion.proposals import propose
from tidegauge.constraints.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidegauge.constraints.suggestion.proposals import Proposal
    from tidegauge.constraints.suggestion.readings import Key
    from tidegauge.profile import Profile


def fit_and_try(
    profiles: Sequence[Profile], merged: Profile, *, rate: float, growth: float = 1.0
) -> tuple[Fit, dict[str, str]]:
    """Learn from windows, and leave out what these windows themselves do not pass.

    Bounds are found from numbers alone; a constraint looks at more. A range does not pass NaN, and a
    median is not known of values some of which are texts.

    Args:
        profiles: The windows, in order of time; or a single one.
        merged: All of them merged.
        rate: The promised share of windows that fail without a fault.
        growth: As for `fit`.

    Returns:
        What was learnt, and the labels of constraints that were left out, each with the reason.
    """
    without: frozenset[Key] = frozenset()
    dropped: dict[str, str] = {}
    while True:
        learnt = fit(profiles, merged, rate=rate, growth=growth, without=without)
        proposals = propose(learnt)
        tried = [profile for index, profile in enumerate(profiles) if index not in learnt.apart]
        allowed = max(int(rate * (len(profiles) + 1)) - len(learnt.apart), 0)
        poor = _not_passing(proposals, tried, allowed)
        if not poor:
            return learnt, dropped
        for index, count in poor.items():
            dropped[proposals[index].constraint.label] = _reason(count, len(tried))
            without |= proposals[index].keys


def _not_passing(
    proposals: Sequence[Proposal], profiles: Sequence[Profile], allowed: int
) -> Mapping[int, int]:
    """Find the constraints without which no more windows than allowed fail, with how often each did.

    Those that most windows do not pass go first.
    """
    suite = Suite(proposal.constraint for proposal in proposals)
    open_windows = [
        poor
        for result in suite.check_windows(profiles)
        if (poor := {index for index, one in enumerate(result.results) if one.outcome != "passed"})
    ]
    found: dict[int, int] = {}
    while len(open_windows) > allowed:
        counts: dict[int, int] = {}
        for poor in open_windows:
            for index in poor:
                counts[index] = counts.get(index, 0) + 1
        worst = max(counts, key=lambda index: (counts[index], index))
        found[worst] = counts[worst]
        open_windows = [left for poor in open_windows if (left := poor - {worst})]
    return found


def _reason(count: int, windows: int) -> str:
    if windows == 1:
        return "the profile itself did not pass it"
    return f"{count} of the {windows} windows themselves did not pass it"
