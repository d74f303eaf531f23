"""Samples in words and as a table of their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.html_parts import fragment, header, safe, table

if TYPE_CHECKING:
    from tidegauge.samplers.samples import Samples

_MAX_ROWS = 20
_MAX_COLUMNS = 30


def samples_text(samples: Samples) -> str:
    """Say what samples are.

    Example:
        >>> import tidegauge as tg
        >>> print(samples_text(tg.samplers.sample({"x": [1]}, tg.samplers.Reservoir(10))))
        Samples(Reservoir(size=10): 1 of 1 record, 1 column)
    """
    columns = phrases.counted(len(samples.columns), "column")
    return f"Samples({samples.sampler!r}: {_facts(samples)}, {columns})"


def _facts(samples: Samples) -> str:
    kept, seen = numbers.grouped(len(samples)), phrases.counted(samples.seen, "record")
    if samples.eligible == samples.seen:
        return f"{kept} of {seen}"
    return f"{kept} of {numbers.grouped(samples.eligible)} out of {seen}"


def samples_html(samples: Samples) -> str:
    """Draw samples as an HTML fragment: a table of their records.

    Args:
        samples: What to draw.

    Returns:
        A ``<div>`` that brings its styles along; safe to put into any page.

    Example:
        >>> import tidegauge as tg
        >>> "&lt;b&gt;" in samples_html(tg.samplers.sample({"x": ["<b>"]}, tg.samplers.Reservoir(10)))
        True
    """
    columns = samples.columns[:_MAX_COLUMNS]
    rows = samples.rows()[:_MAX_ROWS]
    drawn = ["<tr>" + "".join(_cell(row[name]) for name in columns) + "</tr>" for row in rows]
    parts = [header(samples.sampler.kind, (_facts(samples),))]
    if columns:
        parts.append(table([safe(name) for name in columns], set(), drawn))
    more = [
        phrases.counted(count, f"more {word}")
        for count, word in (
            (len(samples) - len(rows), "record"),
            (len(samples.columns) - len(columns), "column"),
        )
        if count > 0
    ]
    if more:
        parts.append(f"<p>… {', '.join(more)}</p>")
    return fragment(parts)


def _cell(value: object) -> str:
    if value is None:
        return "<td><i>null</i></td>"
    aligned = ' class="n"' if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return f"<td{aligned}>{safe(str(value))}</td>"
