"""For tests: assert that data, or a profile of it, passes a suite of constraints."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

from tidegauge.constraints import Constraint, Suite
from tidegauge.constraints.counting import log_with
from tidegauge.display.suite_text import complaint_text, subject_parts
from tidegauge.errors import ArgumentError
from tidegauge.log import log
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tidegauge.constraints import SuiteResult
    from tidegauge.paths import PathLike


class ConstraintWarning(UserWarning):
    """A constraint of severity ``warn`` did not pass."""


def assert_passes(
    data: Any,
    suite: Suite | PathLike | Constraint | Iterable[Constraint],
    *,
    reference: Any = None,
    now: datetime | None = None,
    allow_unknown: bool = False,
) -> None:
    """Assert that data passes a suite; the error says what was expected and observed for each constraint.

    Constraints of severity ``warn`` that do not pass are reported as a `ConstraintWarning`.

    Args:
        data: A profile; a profile set, each window of which must pass; or data of any kind that
            `tidegauge.log` accepts, which is profiled with the suite's conditions.
        suite: A suite, the path of its YAML file, or constraints.
        reference: What comparing constraints compare with: a profile, a history of profiles, or data.
        now: The moment from which ages are counted; see `Suite.check`.
        allow_unknown: Whether to accept constraints that cannot be judged.

    Raises:
        AssertionError: A constraint failed, or could not be judged.
        SuiteError: The suite's file is wrong.
        ArgumentError: The suite has no constraints.

    Example:
        >>> from tidegauge.constraints import NullRate, Range
        >>> from tidegauge.testing import assert_passes
        >>> trips = {"fare": [5.0, 7.5, None, 40.0]}
        >>> assert_passes(trips, [NullRate("fare", at_most=0.3), Range("fare", at_least=0)])
        >>> assert_passes(trips, [NullRate("fare", at_most=0.05)])
        Traceback (most recent call last):
        ...
        AssertionError: 1 of 1 constraint did not pass (4 records)
        <BLANKLINE>
        ✗ null rate of fare
            expected  at most 5%
            observed  25%
            why       the null rate of fare is 25%, expected at most 5%
    """
    __tracebackhide__ = True  # pytest shows the caller's line
    asked = _suite_of(suite)
    if not len(asked):
        raise ArgumentError("the suite has no constraints, so that nothing would be asserted")
    if isinstance(data, ProfileSet) and not len(data):
        raise AssertionError("the profile set is empty: there is no window that could pass")
    compared = None if reference is None else _reference_of(reference, asked)
    complaints = []
    # A profile is compared with what was given for it; those of a set, each with its own segment.
    if isinstance(data, ProfileSet):
        results = asked.check_windows(data, compared, now=now)
    else:
        results = (asked.check(_profile_of(data, asked), compared, now=now),)
    for result in results:
        _warn(result)
        complaint = complaint_text(result, allow_unknown=allow_unknown)
        if complaint:
            complaints.append(complaint)
    if complaints:
        raise AssertionError("\n\n".join(complaints))


def _suite_of(given: Suite | PathLike | Constraint | Iterable[Constraint]) -> Suite:
    if isinstance(given, Suite):
        return given
    if isinstance(given, str | os.PathLike):
        return Suite.read(given)
    return Suite([given] if isinstance(given, Constraint) else given)


def _profile_of(data: Any, suite: Suite) -> Profile:
    return data if isinstance(data, Profile) else _log(data, suite)


def _reference_of(given: Any, suite: Suite) -> Profile | ProfileSet:
    return given if isinstance(given, Profile | ProfileSet) else _log(given, suite)


def _log(data: Any, suite: Suite) -> Profile:
    if hasattr(data, "__next__"):  # can be read once only
        return log(data, conditions=suite.conditions or None)
    profile: Profile = log_with(suite.conditions, lambda some: log(data, conditions=some or None))
    return profile


def _warn(result: SuiteResult) -> None:
    for each in result.warnings:
        place = ", ".join(subject_parts(result))
        warnings.warn(f"{each.constraint.label}: {each.why} ({place})", ConstraintWarning, stacklevel=3)
