"""What there are reports of: for each kind of value how it is read, drawn and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Callable


FEW_CARDS = 6
"""Columns that a notebook draws in full at most."""


class Kind(ABC):
    """One kind of report."""

    name: ClassVar[str]

    @abstractmethod
    def fits(self, value: object) -> bool:
        """Tell whether this is a report of such a value."""

    def title(self, value: Any) -> str:
        """Name the report by the dataset."""
        from tidegauge.display.phrases import UNNAMED

        dataset: str | None = value.dataset
        return UNNAMED if dataset is None else dataset

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Compute the facts that are shown."""

    @abstractmethod
    def page(self, facts: Any, title: str) -> list[str]:
        """Draw them as HTML."""

    def fragment(self, facts: Any, title: str) -> list[str]:
        """Draw them as HTML for a notebook: what a page shows, unless that is too long for a cell."""
        return self.page(facts, title)

    @abstractmethod
    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:
        """Write the report as Markdown."""

    @abstractmethod
    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: FBT001
        """Draw the value for a terminal."""

    def plain(self, value: Any, read: Callable[[], Any]) -> Any:  # noqa: ARG002
        """Return what goes into JSON."""
        return value.to_dict()


class OfProfile(Kind):
    """The report of one profile."""

    name = "profile"

    def fits(self, value: object) -> bool:
        """Tell whether it is a profile."""
        return isinstance(value, Profile)

    def read(self, value: Any) -> Any:
        """Read the columns."""
        from tidegauge.reports.reading.profile import read_profile

        return read_profile(value)

    def page(self, facts: Any, title: str) -> list[str]:
        """Draw the columns as cards."""
        from tidegauge.reports.pages.profile_page import profile_parts

        return profile_parts(facts, title)

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the columns as a table."""
        from tidegauge.reports.prose.profile_markdown import profile_markdown

        return profile_markdown(read(), title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the table of columns."""
        from tidegauge.display.terminal import profile_text

        return profile_text(value, cells=cells, colour=colour, max_columns=len(value.columns))


class OfProfileSet(Kind):
    """The report of profiles over time."""

    name = "profile set"

    def fits(self, value: object) -> bool:
        """Tell whether it is a profile set."""
        return isinstance(value, ProfileSet)

    def read(self, value: Any) -> Any:
        """Read the columns over time."""
        from tidegauge.reports.reading.history import read_history

        return read_history(value)

    def page(self, facts: Any, title: str) -> list[str]:
        """Draw each column over time."""
        from tidegauge.reports.pages.history_page import history_parts

        return history_parts(facts, title)

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the columns as a table."""
        from tidegauge.reports.prose.history_markdown import history_markdown

        return history_markdown(read(), title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the columns over time."""
        from tidegauge.display.terminal import profile_set_text

        return profile_set_text(value, cells=cells, colour=colour, max_columns=len(value.columns))

    def plain(self, value: Any, read: Callable[[], Any]) -> Any:  # noqa: ARG002
        """Return the series that are drawn: the profiles themselves would be many times as long."""
        from tidegauge.reports.prose.history_plain import history_dict

        return history_dict(read())


class OfDriftSeries(OfProfileSet):
    """The report of windows compared with those before them."""

    name = "drift series"

    def fits(self, value: object) -> bool:
        """Tell whether it is a series of comparisons."""
        from tidegauge.drift.series import DriftSeries

        return isinstance(value, DriftSeries)

    def title(self, value: Any) -> str:
        """Name the report by the dataset."""
        return super().title(value.profiles)

    def fragment(self, facts: Any, title: str) -> list[str]:
        """Draw what is strange, and not each column over time."""
        from tidegauge.reports.pages.history_page import history_parts

        return history_parts(replace(facts, columns=()), title)

    def read(self, value: Any) -> Any:
        """Read the columns over time, and the ranking."""
        from tidegauge.reports.reading.series import read_series

        return read_series(value)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the strangest windows."""
        from tidegauge.display.drift_text import series_text

        return series_text(value, cells=cells, colour=colour)


class OfDriftReport(Kind):
    """The report of a comparison."""

    name = "comparison"

    def fits(self, value: object) -> bool:
        """Tell whether it is a comparison."""
        from tidegauge.drift.result import DriftReport

        return isinstance(value, DriftReport)

    def read(self, value: Any) -> Any:
        """Read the columns compared."""
        from tidegauge.reports.reading.changes import read_changes

        return read_changes(value)

    def page(self, facts: Any, title: str) -> list[str]:
        """Draw the verdict, and the columns that drift as cards."""
        from tidegauge.reports.pages.changes_page import changes_parts

        return changes_parts(facts, title)

    def fragment(self, facts: Any, title: str) -> list[str]:
        """Draw a few of the columns that drift as cards, and all others in the table."""
        from tidegauge.reports.pages.changes_page import changes_parts

        return changes_parts(facts, title, most=FEW_CARDS)

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the verdict and the columns as a table."""
        from tidegauge.reports.prose.changes_markdown import changes_markdown

        return changes_markdown(read(), title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the verdict and the columns."""
        from tidegauge.display.drift_text import drift_text

        return drift_text(value, cells=cells, colour=colour, most=len(value))


class OfSegmentDrift(Kind):
    """The report of compared segments."""

    name = "comparison of segments"

    def fits(self, value: object) -> bool:
        """Tell whether it is a comparison of segments."""
        from tidegauge.drift.segment_drift import SegmentDrift

        return isinstance(value, SegmentDrift)

    def read(self, value: Any) -> Any:
        """Read the segments, the strangest first."""
        from tidegauge.reports.reading.segment_changes import read_segment_changes

        return read_segment_changes(value)

    def page(self, facts: Any, title: str) -> list[str]:
        """Draw the ranking, and the segments that drift with their columns as cards."""
        from tidegauge.reports.pages.segment_changes_page import segment_changes_parts

        return segment_changes_parts(facts, title)

    def fragment(self, facts: Any, title: str) -> list[str]:
        """Draw the ranking, and the strangest segment in full."""
        from tidegauge.reports.pages.segment_changes_page import segment_changes_parts

        return segment_changes_parts(facts, title, most=1)

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the verdict and the segments as a table."""
        from tidegauge.reports.prose.segment_changes_markdown import segment_changes_markdown

        return segment_changes_markdown(read(), title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the ranking."""
        from tidegauge.display.drift_text import segments_text

        return segments_text(value, cells=cells, colour=colour, most=len(value))


class OfColumnDrift(Kind):
    """The report of one column compared."""

    name = "column comparison"

    def fits(self, value: object) -> bool:
        """Tell whether it is a column that was compared."""
        from tidegauge.drift.result import ColumnDrift

        return isinstance(value, ColumnDrift)

    def title(self, value: Any) -> str:
        """Name the report by the column."""
        from tidegauge.display.cells import name_of

        return name_of(value.name)

    def read(self, value: Any) -> Any:
        """Read both sides of the column."""
        from tidegauge.reports.reading.changes import read_change

        return read_change(value)

    def page(self, facts: Any, title: str) -> list[str]:  # noqa: ARG002 - the card has the name
        """Draw the column as a card."""
        from tidegauge.reports.pages.change_card import change_card, legend

        return [legend(), change_card(facts, "d1")]

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the verdict and the findings."""
        from tidegauge.reports.prose.changes_markdown import change_markdown

        return change_markdown(read(), title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Say the verdict and why."""
        return repr(value)


class OfSuiteResult(Kind):
    """The report of a checked suite."""

    name = "constraints"

    def fits(self, value: object) -> bool:
        """Tell whether it is the result of a suite."""
        from tidegauge.constraints.suite_result import SuiteResult

        return isinstance(value, SuiteResult)

    def title(self, value: Any) -> str:
        """Name the report by the dataset, or by the suite."""
        return value.name if value.dataset is None and value.name else super().title(value)

    def read(self, value: Any) -> Any:
        """Read the results."""
        from tidegauge.reports.reading.checks import read_checks

        return read_checks(value)

    def page(self, facts: Any, title: str) -> list[str]:
        """Draw what failed first."""
        from tidegauge.reports.pages.checks_page import checks_parts

        return checks_parts(facts, title)

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the results as a table."""
        from tidegauge.reports.suite_markdown import suite_markdown

        return suite_markdown(value, title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the results."""
        from tidegauge.display.suite_text import suite_text

        return suite_text(value, cells=cells, colour=colour)


class OfSuggestion(Kind):
    """The report of a suggested suite."""

    name = "suggestion"

    def fits(self, value: object) -> bool:
        """Tell whether it is a suggestion."""
        from tidegauge.constraints.suggestion.suggest import Suggestion

        return isinstance(value, Suggestion)

    def title(self, value: Any) -> str:
        """Name the report by the suite."""
        return value.suite.name or "Suggested suite"

    def read(self, value: Any) -> Any:
        """Take it as it is: it has nothing to compute."""
        return value

    def page(self, facts: Any, title: str) -> list[str]:
        """Draw the back-test and the constraints."""
        from tidegauge.reports.pages.suggestion_page import suggestion_parts

        return suggestion_parts(facts, title)

    def markdown(self, value: Any, read: Callable[[], Any], title: str) -> str:  # noqa: ARG002
        """Write the constraints as a table."""
        from tidegauge.reports.prose.suggestion_markdown import suggestion_markdown

        return suggestion_markdown(value, title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the suggestion."""
        from tidegauge.reports.suggestion_text import suggestion_text

        return suggestion_text(value, colour=colour)


_KINDS: tuple[Kind, ...] = (
    OfProfile(),
    OfProfileSet(),
    OfDriftReport(),
    OfColumnDrift(),
    OfDriftSeries(),
    OfSegmentDrift(),
    OfSuiteResult(),
    OfSuggestion(),
)
_EXPECTED = (
    "a Profile, ProfileSet, DriftReport, ColumnDrift, DriftSeries, SegmentDrift, SuiteResult or Suggestion"
)


def kind_of(value: object) -> Kind:
    """Find the kind of report that there is of a value.

    Raises:
        ArgumentError: There is none.
    """
    for kind in _KINDS:
        if kind.fits(value):
            return kind
    raise ArgumentError(
        f"there is no report of {type(value).__name__}; expected {_EXPECTED}; "
        "data becomes a profile with tidegauge.log(data)"
    )
