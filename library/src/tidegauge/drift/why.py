"""One sentence that says why."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from tidegauge.column import kernel_column
from tidegauge.drift.alike import why_apart
from tidegauge.drift.effects import movers_of
from tidegauge.drift.kinds import retyped
from tidegauge.drift.naming import in_words, one_in_words
from tidegauge.quoting import quoted
from tidegauge.segments import segment_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.drift.result import Aspect, ColumnDrift, DriftReport, Finding, Mover, SchemaChanges

_LONGEST = 40
_CLEAR = frozenset(("null", "(other)", "''", "'null'", "'(other)'"))


def why_column(column: ColumnDrift, rate: float) -> str:
    """Say in one sentence what became of a column; `rate` is that of false discoveries."""
    main = column.main
    if main is None:
        return _incomparable(column)
    if column.verdict == "drift":
        drifted = [finding for finding in column.findings if finding.verdict == "drift"]
        drifted.sort(key=lambda finding: finding is not main)
        return "; ".join(_changed(column, finding) for finding in drifted) + "."
    if column.verdict == "stable":
        return _stable(column, rate)
    unclear = next(finding for finding in column.findings if finding.verdict == "not enough data")
    return _unclear(column, unclear)


def _incomparable(column: ColumnDrift) -> str:
    now, then = column.current, column.reference
    if retyped(kernel_column(now), kernel_column(then)):
        return f"It was {then.type} and is {now.type}: the values cannot be compared."
    if {now.role, then.role} & {"timestamp", "id"}:
        role = now.role if now.role in {"timestamp", "id"} else then.role
        return f"Its role is {role}: values of their own each time, so they are not compared."
    for what, side in (("current profile", now), ("reference", then)):
        if not side.counts.present:
            return f"It has no values in the {what}."
    if apart := why_apart(now, then):
        return f"{apart[0].upper()}{apart[1:]}: they are not compared."
    kept = set(now.metrics) & set(then.metrics)
    if now.privacy and not kept & {"quantiles", "frequent_items"}:
        return "It is kept private: the profiles hold no values that could be compared."
    if not kept & {"quantiles", "frequent_items"}:
        return "The profiles keep neither quantiles nor frequent items of it, so values are not compared."
    if column.kind in {"numeric", "temporal"}:
        if then.values is not None and then.values.has_extremes:
            return f"It goes on with time (up to {_value(then.max)} before): new values are no drift."
        return "It is kept private: the profiles hold no values that could be compared."
    return f"Of {now.type} columns neither values nor lengths are kept that could be compared."


def _changed(column: ColumnDrift, finding: Finding) -> str:
    told = {
        "distribution": _values_changed,
        "lengths": _lengths_changed,
        "nulls": _nulls_changed,
        "special": _special_changed,
        "types": _types_changed,
    }[finding.aspect](column, finding)
    return told + _against(finding)


def _against(finding: Finding) -> str:
    if finding.background is not None:
        known = finding.background
        which = "of its season" if known.seasonal else "before"
        effect = f"{in_words(finding.effect.measure)} {_number(finding.effect.value)}"
        usual = f"usually {_number(known.typical)}, in {known.windows} windows {which}"
        return f" ({effect}, {usual}; {_p(finding.adjusted)})"
    return f" ({_p(finding.adjusted)})"


def _p(p_value: float) -> str:
    return "p < 0.0001" if p_value < 0.0001 else f"p = {p_value:.2g}"


def _values_changed(column: ColumnDrift, finding: Finding) -> str:
    if column.kind in {"numeric", "temporal"}:
        return _numbers_changed(column, "values", finding)
    effect = finding.effect
    moved = f"{_percent(effect.value)} of the values moved"
    if effect.measure != "total_variation":
        moved = f"The values moved, {in_words(effect.measure)} {_number(effect.value)}"
    movers = movers_of(column)[:2]
    shown = ", ".join(
        f"{_item(mover.value)} {_percent(mover.reference)} → {_percent(mover.current)}" for mover in movers
    )
    return f"{moved}: {shown}" if shown else moved


def _lengths_changed(column: ColumnDrift, finding: Finding) -> str:
    return _numbers_changed(column, "lengths", finding)


def _numbers_changed(column: ColumnDrift, what: str, finding: Finding) -> str:
    kernels = [kernel_column(side) for side in (column.current, column.reference)]
    now, then = (side.lengths if what == "lengths" else side.values for side in kernels)
    shown = [getattr(side, what) for side in (column.current, column.reference)]
    apart = f"up to {_percent(finding.effect.value)} of them have changed sides"
    if finding.effect.measure != "ks":
        apart = f"{in_words(finding.effect.measure)} {_number(finding.effect.value)}"
    median, before = (side.quantile([0.5])[0] if side else nan for side in (now, then))
    if median != before:
        way = "rose" if median > before else "fell"
        return f"The {what} {way}, median {_value(shown[1].median)} → {_value(shown[0].median)}; {apart}"
    return f"The {what} are spread otherwise around the same median {_value(shown[0].median)}; {apart}"


def _nulls_changed(column: ColumnDrift, _: Finding) -> str:
    return f"Nulls went from {_percent(column.reference.null_rate)} to {_percent(column.current.null_rate)}"


def _special_changed(column: ColumnDrift, _: Finding) -> str:
    now, then = column.current.counts, column.reference.counts
    told = []
    for name, text in (("nans", "NaN"), ("positive_infinities", "+∞"), ("negative_infinities", "−∞")):
        share, before = (getattr(counts, name) / max(1, counts.present) for counts in (now, then))
        if share != before:
            told.append(f"{text} {_percent(before)} → {_percent(share)}")
    return "Special numbers: " + ", ".join(told)


def _types_changed(column: ColumnDrift, _: Finding) -> str:
    return f"Types went from {_types(column.reference.types)} to {_types(column.current.types)}"


def _types(types: Any) -> str:
    total = sum(types)
    known = sorted(((count, name) for name, count in types._asdict().items() if count), reverse=True)
    return " and ".join(f"{_percent(count / total)} {name}" for count, name in known[:3])


_SEEN: dict[Aspect, str] = {
    "distribution": "the values",
    "lengths": "the lengths",
    "nulls": "the nulls",
    "special": "NaN and infinities",
    "types": "the types",
}


def _stable(column: ColumnDrift, rate: float) -> str:
    small = [finding for finding in column.findings if finding.adjusted <= rate]
    if small:
        finding = max(small, key=lambda finding: finding.effect.value / finding.effect.matters)
        matters = _amount(finding.effect.matters)
        return f"Changed, but by less than matters ({matters}). {_changed(column, finding)}."
    finding = column.findings[0]
    where = "" if finding.aspect == "distribution" else f" in {_SEEN[finding.aspect]}"
    seen = f"; {_amount(finding.detectable)} would have been seen" if isfinite(finding.detectable) else ""
    effect = finding.effect
    return f"No change that matters{where}: {in_words(effect.measure)} {_amount(effect.value)}{seen}."


def _unclear(column: ColumnDrift, finding: Finding) -> str:
    what, effect = _SEEN[finding.aspect], finding.effect
    if finding.background is not None:
        shown = (
            f"only {_amount(finding.detectable)} would stand out"
            if finding.detectable < 1
            else "nothing would stand out"
        )
        return (
            f"Windows usually lie {_amount(finding.background.typical)} from one another in {what}; "
            f"{shown}, and {_amount(effect.matters)} would matter."
        )
    if not finding.seen:
        counts = column.current.counts, column.reference.counts
        sizes = [side.records if finding.aspect == "nulls" else side.present for side in counts]
        return (
            f"Of {what}, {sizes[0]:,} against {sizes[1]:,} show {one_in_words(effect.measure)} "
            f"of {_amount(finding.detectable)} or more; {_amount(effect.matters)} would matter."
        )
    return (
        f"Between: {in_words(effect.measure)} {_amount(effect.value)} in {what} is one that matters, "
        f"but could be chance ({_p(finding.adjusted)})."
    )


def why_dataset(columns: Sequence[ColumnDrift], schema: SchemaChanges) -> str:
    """Say in one sentence what became of a dataset."""
    drifted = [column for column in columns if column.verdict == "drift"]
    told = []
    if drifted:
        drifted.sort(key=lambda column: column.importance)
        names = ", ".join(_item(column.name) for column in drifted[:3])
        more = f" and {len(drifted) - 3} more" if len(drifted) > 3 else ""
        told.append(f"{len(drifted)} of {_columns(len(columns))} changed: {names}{more}")
    else:
        stable = sum(column.verdict == "stable" for column in columns)
        if stable:
            told.append(f"no change that matters in {_columns(stable)}")
    if unclear := sum(bool(column.findings) and column.verdict == "not enough data" for column in columns):
        told.append(f"{_columns(unclear)} could not be judged")
    if apart := sum(not column.findings for column in columns):
        told.append(f"{_columns(apart)} not compared")
    changes: dict[str, tuple[Any, ...]] = {
        "added": schema.added,
        "removed": schema.removed,
        "of another type": schema.retyped,
    }
    told += [f"{_columns(len(names))} {what}" for what, names in changes.items() if names]
    sentence = "; ".join(told) or "there is nothing to compare"
    return sentence[0].upper() + sentence[1:] + "."


def why_mix(finding: Finding | None, movers: Sequence[Mover], sizes: tuple[int, int], rate: float) -> str:
    """Say in one sentence what became of the shares of segments; `sizes` are the records of both sides."""
    if finding is None:
        return "One side has no records, so shares are not compared."
    effect, moved = finding.effect, _percent(finding.effect.value)
    shown = ", ".join(
        f"{_segment(mover.value)} {_percent(mover.reference)} → {_percent(mover.current)}"
        for mover in movers[:2]
    )
    if finding.verdict == "drift":
        return f"{moved} of the records moved between segments: {shown}{_against(finding)}."
    if finding.verdict == "stable":
        if finding.adjusted <= rate:
            return f"Changed, but by less than matters ({_amount(effect.matters)}): {shown}."
        return f"No change that matters: {moved} moved; {_percent(finding.detectable)} would have been seen."
    matters, least = _amount(effect.matters), _amount(finding.detectable)
    if finding.background is not None:
        usual = _amount(finding.background.typical)
        return (
            f"Windows usually lie {usual} from one another; {least} would stand out, {matters} would matter."
        )
    if not finding.seen:
        return (
            f"{sizes[0]:,} against {sizes[1]:,} records show {one_in_words(effect.measure)} "
            f"of {least} or more; {matters} would matter."
        )
    return f"Between: {moved} is a change that matters, but could be chance ({_p(finding.adjusted)})."


def why_segments(ranking: Sequence[DriftReport], *, mixed: bool, appeared: int, vanished: int) -> str:
    """Say in one sentence what became of the segments, given with the strangest first.

    Args:
        ranking: The segments that both sides have.
        mixed: Whether the shares of segments have changed.
        appeared: How many only the current profiles have.
        vanished: How many only the reference has.
    """
    drifted = [report for report in ranking if report.verdict == "drift"]
    told = []
    if drifted:
        profiles = [report.current for report in drifted[:3]]
        labels = [segment_label(one.segment, is_other=one.is_other_segment) for one in profiles]
        names = ", ".join(map(_segment, labels))
        more = f" and {len(drifted) - 3:,} more" if len(drifted) > 3 else ""
        told.append(f"{len(drifted):,} of {_segments(len(ranking))} changed: {names}{more}")
    elif stable := sum(report.verdict == "stable" for report in ranking):
        told.append(f"no change that matters in {_segments(stable)}")
    if unclear := sum(report.verdict == "not enough data" for report in ranking):
        told.append(f"{_segments(unclear)} could not be judged")
    if mixed:
        told.append("their shares changed")
    told += [
        f"{_segments(count)} {word}"
        for word, count in (("appeared", appeared), ("vanished", vanished))
        if count
    ]
    sentence = "; ".join(told) or "there is no segment to compare"
    return sentence[0].upper() + sentence[1:] + "."


def _segments(count: int) -> str:
    return f"{count:,} segment{'' if count == 1 else 's'}"


def _columns(count: int) -> str:
    return f"{count:,} column{'' if count == 1 else 's'}"


def _percent(share: float) -> str:
    if share != share:
        return "unknown"
    percent = 100 * share
    if 0 < percent < 10:
        return f"{percent:.2g} %"
    return f"{min(percent, 99.9):.1f} %" if 99 < percent < 100 else f"{percent:.0f} %"


def _amount(value: float) -> str:
    """An amount of change; what is below any that could matter is none."""
    return "0" if abs(value) < 5e-5 else _number(value)


def _number(value: float) -> str:
    return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:.6g}"
    return str(value)


def _segment(label: str) -> str:
    """Quote the label of a segment, unless it is quoted already or stands for no text."""
    return label if label in _CLEAR else _item(label)


def _item(value: str) -> str:
    return quoted(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…")
