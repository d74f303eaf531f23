"""The results of suites as JUnit XML, in the form that GitHub, GitLab and Jenkins read.

A suite of constraints, or one window or segment of several, is a ``testsuite``; a constraint is a
``testcase``. What failed is a ``failure``, what could not be judged an ``error``, and a warning is
``skipped`` with its sentence: these readers know no warnings, and a warning fails no run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from tidegauge.display.cells import clean
from tidegauge.display.suite_text import place_text, window_text
from tidegauge.segments import value_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.constraints.suite_result import SuiteResult


def junit(results: Sequence[SuiteResult], *, allow_unknown: bool = False) -> str:
    """Write JUnit XML.

    Args:
        results: The results of one suite, or of each window and segment.
        allow_unknown: Report what could not be judged as ``skipped``, not as an ``error``.

    Returns:
        An XML document.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import NullRate, Suite
        >>> result = Suite([NullRate("fare", at_most=0.05)]).check(tg.log({"fare": [5.0, None]}))
        >>> "<failure message=" in junit([result])
        True
    """
    suites = [_suite(result, allow_unknown=allow_unknown) for result in results]
    every = [_verdict(each, allow_unknown=allow_unknown) for result in results for each in result.results]
    head = f'<testsuites name="tidegauge" {_counts(every)} time="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _suite(result: SuiteResult, *, allow_unknown: bool) -> str:
    verdicts = [_verdict(each, allow_unknown=allow_unknown) for each in result.results]
    base = result.name or result.dataset or "suite"
    name = " ".join(part for part in (base, place_text(result)) if part)
    stamp = "" if result.window is None else f' timestamp="{result.window.start:%Y-%m-%dT%H:%M:%S}"'
    lines = [f'  <testsuite name={_attribute(name)} {_counts(verdicts)} time="0"{stamp}>', "    <properties>"]
    facts = {"dataset": result.dataset or "", "records": str(result.records), "window": window_text(result)}
    facts |= {f"segment {key}": value_label(value) for key, value in result.segment}
    lines += [
        f"      <property name={_attribute(key)} value={_attribute(value)}/>"
        for key, value in facts.items()
        if value
    ]
    lines.append("    </properties>")
    labels = _unique(each.constraint.label for each in result.results)
    for each, verdict, label in zip(result.results, verdicts, labels, strict=True):
        lines += _case(each, verdict, base, label)
    lines.append("  </testsuite>")
    return "\n".join(lines)


def _case(each: ConstraintResult, verdict: str, base: str, label: str) -> list[str]:
    owner = f"{base}.{each.constraint.family}"
    head = f'    <testcase classname={_attribute(owner)} name={_attribute(label)} time="0"'
    if verdict == "passed":
        return [f"{head}/>"]
    if verdict == "skipped":
        word = "warning" if each.severity == "warn" else "unknown"
        message = _attribute(f"{word}: {each.why}")
        return [f"{head}>", f"      <skipped message={message}/>", "    </testcase>"]
    facts = [
        f"expected: {each.constraint.subject} {each.expected}",
        f"observed: {each.observed_text or 'nothing that could be judged'}",
        f"why: {each.why}",
    ]
    if each.constraint.reason:
        facts.append(f"reason: {each.constraint.reason}")
    body = "\n".join(escape(_legal(fact)) for fact in facts)
    kind, message = _attribute(each.constraint.key), _attribute(each.why)
    tag = f"<{verdict} message={message} type={kind}>{body}</{verdict}>"
    return [f"{head}>", f"      {tag}", "    </testcase>"]


def _verdict(each: ConstraintResult, *, allow_unknown: bool) -> str:
    if each.outcome == "passed":
        return "passed"
    if each.severity == "warn" or (each.outcome == "unknown" and allow_unknown):
        return "skipped"
    return "failure" if each.outcome == "failed" else "error"


def _counts(verdicts: Sequence[str]) -> str:
    counts = {
        "failures": verdicts.count("failure"),
        "errors": verdicts.count("error"),
        "skipped": verdicts.count("skipped"),
    }
    return " ".join([f'tests="{len(verdicts)}"', *(f'{key}="{count}"' for key, count in counts.items())])


def _unique(labels: Iterable[str]) -> list[str]:
    """Number what is called alike: readers take two cases of one name for one."""
    seen: dict[str, int] = {}
    found = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        found.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return found


def _attribute(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """Replace what XML cannot hold; `clean` has pictures for controls, and leaves a few non-characters."""
    return "".join("�" if ord(each) & 0xFFFE == 0xFFFE else each for each in clean(text))
