"""From a profile to the facts of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display.reading import heading_of, read_column
from tidegauge.reports.facts.profile import ProfileFacts
from tidegauge.reports.reading.correlation import read_correlation

if TYPE_CHECKING:
    from tidegauge.profile import Profile


def read_profile(profile: Profile) -> ProfileFacts:
    """Read all that the report of a profile shows.

    Example:
        >>> import tidegauge as tg
        >>> read_profile(tg.log({"fare": [5.0, None]}, "taxi")).nulls
        1
    """
    columns = tuple(read_column(profile[name]) for name in profile.columns)
    errors = [column.values.rank_error for column in columns if column.values is not None]
    return ProfileFacts(
        heading_of(profile),
        columns,
        tuple(profile.conditions.values()),
        max(errors, default=0.0),
        read_correlation(profile),
    )
