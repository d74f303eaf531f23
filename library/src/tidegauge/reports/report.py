"""`report`: any value that is worth a document, as HTML, Markdown, JSON and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidegauge.errors import ArgumentError
from tidegauge.paths import write_text
from tidegauge.reports.kinds import Kind, kind_of

if TYPE_CHECKING:
    from tidegauge.paths import PathLike

_LONGEST_TITLE = 400


class Report:
    """A document made of a value: it computes nothing but how to show it.

    You get one from `tidegauge.report`.

    Example:
        >>> import tidegauge as tg
        >>> document = tg.report(tg.log({"fare": [5.0, 7.5]}, "taxi"), title="Trips of Friday")
        >>> print(document.markdown().splitlines()[0])
        # Trips of Friday
    """

    __slots__ = ("_facts", "_kind", "_title", "_value")

    def __init__(self, value: object, *, title: str | None = None) -> None:
        self._kind: Kind = kind_of(value)
        self._value = value
        self._title = _checked_title(title)
        self._facts: Any = None

    @property
    def title(self) -> str:
        """The title: the given one, or the dataset's name."""
        return self._title if self._title is not None else self._kind.title(self._value)

    def html(self, path: PathLike | None = None) -> str:
        """Return one HTML file that loads nothing and needs no script.

        Args:
            path: Where to write it too, whole or not at all; nowhere when None.

        Returns:
            The document.

        Raises:
            MissingFileError: The folder of `path` does not exist.
        """
        from tidegauge.reports.pages.document import document

        text = document(self.title, self._kind.page(self._read(), self.title))
        if path is not None:
            write_text(path, text)
        return text

    def markdown(self) -> str:
        """Return the report as Markdown: headings and tables, no pictures."""
        return self._kind.markdown(self._value, self._read, self.title)

    def json(self) -> str:
        """Return what the report is made of as JSON; NaN and infinities are null.

        The document has the keys of the value's `to_dict`, and before them ``report`` (which kind) and
        ``title``. Of a profile set it has what is drawn, step by step, and not every profile in full.
        """
        import json

        document = {"report": self._kind.name, "title": self.title}
        document.update(self._kind.plain(self._value, self._read))
        return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"

    def text(self, *, cells: int | None = None, colour: bool = False) -> str:
        """Return the report as text for a terminal.

        Args:
            cells: Width in terminal cells; the terminal's own when None.
            colour: Style the text with ANSI sequences.
        """
        return self._kind.text(self._value, self._read, cells, colour)

    def _read(self) -> Any:
        if self._facts is None:
            self._facts = self._kind.read(self._value)
        return self._facts

    def __repr__(self) -> str:
        """Draw the report for a terminal."""
        return self.text()

    def _repr_html_(self) -> str:
        from tidegauge.reports.pages.document import fragment

        return fragment(self._kind.fragment(self._read(), self.title))


def _checked_title(title: object) -> str | None:
    if title is None:
        return None
    if isinstance(title, str) and len(title) <= _LONGEST_TITLE:
        return title
    given = f"{len(title):,} characters" if isinstance(title, str) else type(title).__name__
    raise ArgumentError(f"a title is a text of at most {_LONGEST_TITLE} characters, not {given}")


def report(value: object, *, title: str | None = None) -> Report:
    """Make a report of a profile, a profile set, a comparison, or a suite that was checked or suggested.

    Args:
        value: A Profile, ProfileSet, DriftReport, ColumnDrift, DriftSeries, SegmentDrift, SuiteResult or
            Suggestion.
        title: What stands at its head; the dataset's name when None.

    Returns:
        A report, to be had as HTML, Markdown, JSON or text.

    Raises:
        ArgumentError: There is no report of such a value.

    Example:
        >>> import tidegauge as tg
        >>> page = tg.report(tg.log({"fare": [5.0, 7.5]}, "taxi")).html()
        >>> page.startswith("<!doctype html>"), "http" in page
        (True, False)
    """
    return Report(value, title=title)
