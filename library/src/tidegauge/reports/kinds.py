"""What there are reports of: for each kind of value how it is read, drawn and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable


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

    @abstractmethod
    def markdown(self, facts: Any, title: str) -> str:
        """Write them as Markdown."""

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

    def markdown(self, facts: Any, title: str) -> str:
        """Write the columns as a table."""
        from tidegauge.reports.prose.profile_markdown import profile_markdown

        return profile_markdown(facts, title)

    def text(self, value: Any, read: Callable[[], Any], cells: int | None, colour: bool) -> str:  # noqa: ARG002, FBT001
        """Draw the table of columns."""
        from tidegauge.display.terminal import profile_text

        return profile_text(value, cells=cells, colour=colour, max_columns=len(value.columns))


_KINDS: tuple[Kind, ...] = (OfProfile(),)
_EXPECTED = "a Profile, ProfileSet, DriftReport, DriftSeries or SuiteResult"


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
