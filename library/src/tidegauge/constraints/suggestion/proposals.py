"""What was learnt, as constraints with their reasons."""

from __future__ import annotations

import re
from math import ceil, floor, isinf, log10
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.constraints import wording
from tidegauge.constraints.families.completeness import NullRate
from tidegauge.constraints.families.presence import ColumnType, RequiredColumns
from tidegauge.constraints.families.relations import PartOfDate, Relation
from tidegauge.constraints.families.statistics import Mean, Median, Quantile, Stddev
from tidegauge.constraints.families.uniqueness import DistinctCount, DistinctRate
from tidegauge.constraints.families.validity import MeanLength, Range, TrueRate
from tidegauge.constraints.families.values import RequiredValues, ValueRate, ValueSet
from tidegauge.constraints.families.volume import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tidegauge.constraints.constraint import Constraint
    from tidegauge.constraints.suggestion.candidates import Candidate
    from tidegauge.constraints.suggestion.certain import Certain
    from tidegauge.constraints.suggestion.fitting import Fit
    from tidegauge.constraints.suggestion.readings import Key
    from tidegauge.constraints.suggestion.tracks import Terms

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_DIGITS = 3
_RATES = frozenset({"null rate", "null rate difference", "distinct rate", "value rate", "true rate"})
_COUNTS = frozenset({"records", "distinct count"})


class Proposal(NamedTuple):
    """A constraint, and what was learnt that it says.

    Attributes:
        constraint: The constraint.
        keys: The numbers that it bounds, or the key of what needs no bound.
    """

    constraint: Constraint
    keys: frozenset[Key]


def propose(fit: Fit) -> list[Proposal]:
    """Write what was learnt as constraints: of the whole first, then column by column."""
    found = [Proposal(_required(fit), frozenset())]
    for name in (None, *fit.columns):
        found += [Proposal(_certain(one), frozenset({one.key})) for one in fit.certain if one.column == name]
        own = [one for one in fit.candidates if one.key.column == name]
        shares = [one for one in own if one.key.metric == "share"]
        for candidate in own:
            if candidate.key.metric != "share":
                found += [Proposal(one, frozenset({candidate.key})) for one in _bounded(candidate, fit)]
        for among in sorted({one.among for one in shares}):
            alike = [one for one in shares if one.among == among]
            found.append(Proposal(_occurring(alike, int(among), fit), frozenset(one.key for one in alike)))
    return found


def constraints_of(fit: Fit) -> list[Constraint]:
    """Write what was learnt as constraints."""
    return [proposal.constraint for proposal in propose(fit)]


def _required(fit: Fit) -> Constraint:
    return RequiredColumns(fit.columns, reason=f"all of them were there in {_windows(fit)}")


def _certain(one: Certain) -> Constraint:
    if one.kind == "type":
        return ColumnType(one.column, one.argument, reason=one.reason)
    if one.kind == "value set":
        values, outside = one.argument
        return ValueSet(one.column, values, at_most_outside=outside, reason=one.reason)
    if one.kind == "magnitude":
        return Mean(one.column, at_least=-one.argument, at_most=one.argument, reason=one.reason)
    if one.kind == "part of date":
        part, of = one.argument
        return PartOfDate(one.column, part=part.name, of=of, reason=one.reason)
    part = one.argument
    return Range(one.column, at_least=part.low, at_most=part.high, reason=one.reason)


def _occurring(shares: Sequence[Candidate], among: int, fit: Fit) -> Constraint:
    column, _, _ = shares[0].key
    values = tuple(one.key.argument for one in shares)
    middle = min(one.track.number(one.limits.low_centre) for one in shares)
    each = "each of them" if len(values) > 1 else "it"
    seen = f"in {_windows(fit)} {each} made up {wording.share(middle, 2)} or more as a rule"
    missed = f"among {among:,} it is too much to be missing by chance"
    if not among:
        least = min(min(one.track.numbers) for one in shares)
        seen = f"in {_windows(fit)} {each} made up {wording.share(least, 2)} or more"
        missed = "too much to be missing by chance"
    return RequiredValues(str(column), values, among=among, reason=f"{seen}: {missed}")


def _bounded(candidate: Candidate, fit: Fit) -> Iterator[Constraint]:
    low, high = bounds_of(candidate)
    column, metric, argument = candidate.key
    reason = _reason(candidate, fit)
    if metric == "null rate difference":
        formula = f"null_rate({_quoted(column)}) <= null_rate({_quoted(argument)}) + {high:.15g}"
        yield Relation(formula, reason=reason)
    elif metric == "mean difference":
        one, other = f"mean({_quoted(column)})", _sum_of(candidate.track.terms)
        yield Relation(f"{one} <= {other} {_signed(high)}", reason=reason)
        yield Relation(f"{one} >= {other} {_signed(low)}", reason=reason)
    else:
        given = {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
        yield _MAKERS[metric](column, argument, reason=reason, **given)


def _sum_of(terms: Terms) -> str:
    """Write a sum of multiples of means.

    Example:
        >>> _sum_of((("cash", 1.0), ("tip", -0.5)))
        'mean(cash) - 0.5 * mean(tip)'
    """
    text = ""
    for name, factor in sorted(terms, key=lambda term: term[1] < 0.0):
        size = abs(factor)
        times = "" if size == 1.0 else f"{size:.15g} * "
        sign = " - " if factor < 0.0 else " + " if text else ""
        text = f"{text or ('0' if factor < 0.0 else '')}{sign}{times}mean({_quoted(name)})"
    return text


def _quantile(column: Any, rank: Any, **fields: Any) -> Constraint:
    return Median(column, **fields) if rank == 0.5 else Quantile(column, rank, **fields)


_MAKERS: dict[str, Callable[..., Constraint]] = {
    "records": lambda _column, _argument, **fields: Records(**fields),
    "null rate": lambda column, _argument, **fields: NullRate(column, **fields),
    "distinct count": lambda column, _argument, **fields: DistinctCount(column, **fields),
    "distinct rate": lambda column, _argument, **fields: DistinctRate(column, **fields),
    "mean": lambda column, _argument, **fields: Mean(column, **fields),
    "stddev": lambda column, _argument, **fields: Stddev(column, **fields),
    "length mean": lambda column, _argument, **fields: MeanLength(column, **fields),
    "quantile": _quantile,
    "value rate": ValueRate,
    "true rate": lambda column, _argument, **fields: TrueRate(column, **fields),
}


def bounds_of(candidate: Candidate) -> tuple[float | None, float | None]:
    """The bounds as they are written: rounded outwards, None for an open side."""
    number = candidate.track.number
    centre = candidate.limits.low_centre, candidate.limits.high_centre
    low: float | None = None if isinf(candidate.low) else number(candidate.low)
    high: float | None = None if isinf(candidate.high) else number(candidate.high)
    if low is not None:
        low = _outwards(low, number(centre[0]) - low, floor)
    if high is not None:
        high = _outwards(high, high - number(centre[1]), ceil)
    if candidate.key.metric in _COUNTS:
        # Counts are whole: at least 1.8 means at least 2.
        low, high = None if low is None else ceil(low), None if high is None else floor(high)
    if candidate.key.metric in _RATES:
        # A bound that rounding has pushed outside 0 to 1 bounds nothing.
        low = None if low is not None and low <= 0.0 else low
        high = None if high is not None and high >= 1.0 else high
    return low, high


def _outwards(value: float, distance: float, towards: Callable[[float], int]) -> float:
    """Round a bound away from the centre, by a small part of its distance.

    Example:
        >>> _outwards(12.3456, 10.0, ceil), _outwards(1234.5, 900.0, floor)
        (12.4, 1234.0)
    """
    if not distance > 0.0:
        return value
    step = 10.0 ** (floor(log10(distance)) - _DIGITS + 1)
    if not step > 0.0 or isinf(value / step):
        # Too near the centre for a double to round, or so far from it that rounding does not matter.
        return value
    return float(f"{towards(value / step) * step:.12g}")


def _reason(candidate: Candidate, fit: Fit) -> str:
    numbers, limits = candidate.track.numbers, candidate.limits
    number, metric = candidate.track.number, candidate.key.metric
    write = _points if metric == "null rate difference" else _share if metric in _RATES else _number
    what = "the difference" if metric.endswith("difference") else "it"
    seen = f"in {_windows(fit)} {what} lay between {write(min(numbers))} and {write(max(numbers))}"
    if write(min(numbers)) == write(max(numbers)):
        seen = f"in {_windows(fit)} {what} was {write(numbers[0])}"
    expected = _expected(write(number(limits.low)), write(number(limits.high)))
    reason = f"{seen}; the next is expected {expected}"
    spare = sum(not isinf(side) for side in (candidate.low, candidate.high)) > candidate.tight
    return f"{reason}; the bounds leave room for changes too small to matter" if spare else reason


def _expected(low: str, high: str) -> str:
    return f"at {low}" if low == high else f"between {low} and {high}"


def _number(value: float) -> str:
    return wording.number(float(f"{value:.{_DIGITS}g}") if abs(value) < 1e4 else float(f"{value:.0f}"))


def _points(value: float) -> str:
    return f"{wording.number(round(100.0 * value, 2))} points"


def _share(value: float) -> str:
    return wording.share(min(max(value, 0.0), 1.0), _DIGITS)


def _windows(fit: Fit) -> str:
    learnt = fit.windows - len(fit.apart)
    return wording.counted(learnt, "window") if learnt > 1 else "the profile"


def _quoted(name: object) -> str:
    text = str(name)
    return text if _PLAIN_NAME.fullmatch(text) else f"`{text.replace('`', '``')}`"


def _signed(value: float | None) -> str:
    return f"- {-value:.15g}" if value is not None and value < 0 else f"+ {value or 0.0:.15g}"
