"""Drawn: a value that a report is made of when it is asked for one.

The one place from which values reach up to `tidegauge.reports`, which is imported at that moment only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegauge.paths import PathLike


class Drawn:
    """A value of which `tidegauge.report` draws a report.

    Example:
        >>> import tidegauge as tg
        >>> report = tg.compare(tg.log({"fare": [1.0]}), tg.log({"fare": [1.0]}))
        >>> isinstance(report, Drawn), report.html().startswith("<!doctype html>")
        (True, True)
    """

    __slots__ = ()

    def html(self, path: PathLike | None = None) -> str:
        """Draw it as one self-contained HTML file.

        Args:
            path: A file to write it to as well.
        """
        from tidegauge.reports import report

        return report(self).html(path)

    def markdown(self) -> str:
        """Draw it as Markdown."""
        from tidegauge.reports import report

        return report(self).markdown()

    def json(self) -> str:
        """Return it as JSON text; see `tidegauge.report`."""
        from tidegauge.reports import report

        return report(self).json()

    def _repr_html_(self) -> str:
        from tidegauge.reports import report

        return report(self)._repr_html_()
