"""The report of a checked suite: the outcome, what failed and could not be judged, and the whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.cells import name_of
from tidegauge.display.html_parts import safe
from tidegauge.reports.charts import interval
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.marks import sign, verdict
from tidegauge.reports.pages.parts import breakable, counts, figure, masthead, sentence, table
from tidegauge.segments import value_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.checks import Check, ChecksFacts


def checks_parts(facts: ChecksFacts, title: str) -> list[str]:
    """Draw the report of a checked suite.

    Args:
        facts: What it shows.
        title: Its title.

    Returns:
        HTML, part by part.
    """
    parts = [masthead("Constraints", title, _heading(facts)), _verdict(facts), _sizes(facts)]
    groups = (
        ("Failed", "failed", "", facts.of("failed", "fail")),
        (
            "Could not be judged",
            "unknown",
            "What cannot be judged does not pass.",
            facts.of("unknown", "fail"),
        ),
        ("Warnings", "warnings", "", facts.of("failed", "warn") + facts.of("unknown", "warn")),
    )
    for name, anchor, lead, checks in groups:
        if checks:
            parts.append(section(name, [checks_table(checks)], anchor=anchor, lead=lead))
    passed = facts.of("passed", "fail") + facts.of("passed", "warn")
    if passed:
        parts.append(section("Passed", [checks_table(passed)], anchor="passed"))
    return parts


def _heading(facts: ChecksFacts) -> list[str]:
    said = [] if facts.suite is None else [f"suite {name_of(facts.suite)}"]
    if when := phrases.stretch(facts.start, facts.end):
        said.append(when)
    said += [f"{name_of(key)} = {value_label(value)}" for key, value in facts.segment]
    return [*said, phrases.counted(facts.records, "record")]


def _verdict(facts: ChecksFacts) -> str:
    total = phrases.counted(len(facts.checks), "constraint")
    failed, unknown = len(facts.of("failed", "fail")), len(facts.of("unknown", "fail"))
    if failed:
        said = f"{numbers.grouped(failed)} of {total} failed"
        said += f", and {numbers.grouped(unknown)} could not be judged." if unknown else "."
    elif unknown:
        said = f"Nothing failed, but {numbers.grouped(unknown)} of {total} could not be judged."
    else:
        warned = len(facts.of("failed", "warn"))
        tail = f", with {phrases.counted(warned, 'warning')}" if warned else ""
        said = f"All that must pass passed{tail}."
    return f'<p class="verdict">{sign(facts.outcome)}<span>{said}</span></p>'


def _sizes(facts: ChecksFacts) -> str:
    passed = len(facts.of("passed", "fail")) + len(facts.of("passed", "warn"))
    warned = len(facts.of("failed", "warn")) + len(facts.of("unknown", "warn"))
    found = (
        ("failed", len(facts.of("failed", "fail"))),
        ("unknown", len(facts.of("unknown", "fail"))),
        ("warning", warned),
        ("passed", passed),
    )
    return counts((verdict(word), numbers.grouped(count)) for word, count in found)


def checks_table(checks: Sequence[Check]) -> str:
    """Draw constraints: what was expected, what was observed, and the one against the other.

    Args:
        checks: What to draw, in order.
    """
    titles = ("constraint", "outcome", "observed", "observed against its bounds")
    return table(titles, [_row(one) for one in checks], caption="constraints", style="checks stack")


def _row(one: Check) -> str:
    named = f"{safe(one.name)}<br>" if one.name else ""
    reason = f"<br><small>{sentence(one.reason)}</small>" if one.reason else ""
    said = f"<br><small>{sentence(one.why)}</small>" if _says_more(one) else ""
    expected = f"<br><small>{figure(one.expected)}</small>"
    name = f'<th scope="row">{named}{breakable(figure(one.subject))}{expected}{reason}</th>'
    return (
        f'<tr>{name}<td class="t">{verdict(one.word)}</td>'
        f"<td>{figure(one.observed) or numbers.DASH}{said}</td>"
        f'<td class="draw">{_bounds(one)}</td></tr>'
    )


def _says_more(one: Check) -> bool:
    """Tell whether the sentence says what subject, observed and expected do not say already."""
    if one.outcome == "passed" and not one.uncertain:
        return False
    rest = one.why
    for known in (one.subject, one.observed, one.expected, "the ", " is ", " expected", ",", ";", ":"):
        rest = rest.replace(known, "", 1) if known else rest
    return bool(rest.strip())


def _bounds(one: Check) -> str:
    if one.limits is None or one.ends is None:
        return ""
    label = f"observed {one.observed}, expected {one.expected}"
    return interval.bounds(one.value, one.ends, one.limits, label, bad=one.outcome == "failed")
