"""Whether columns still vary together as before: the change of correlation between two profiles.

The test is Fisher's for two independent correlations (Fisher 1921, "On the probable error of a coefficient
of correlation", Metron 1), with the variance of z widened for long tails by what profiles know of them, the
kurtosis of each column; see `tidegauge.correlation.Pair.interval`. With a history, the correlation of the
current window is judged by those of past windows, whatever makes these differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, exp, isnan, log, nan, sqrt, tanh
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.drift.history import LEAST_WINDOWS
from tidegauge.drift.multiplicity import benjamini_hochberg
from tidegauge.drift.result import Effect
from tidegauge.errors import MissingMetricError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidegauge.correlation import Correlation, Pair
    from tidegauge.drift.options import Options
    from tidegauge.drift.result import Verdict
    from tidegauge.profile import Profile

MEASURE = "correlation"

LEAST_EFFECTIVE = 20.0
"""Records of normally distributed values that a correlation must be worth, or it is not judged."""

_NORMAL = NormalDist()
_Z_975, _Z_80 = 1.959964, 0.841621
_NEAR_ONE = 1.0 - 1e-12
_APART = frozenset({"timestamp", "id"})


@dataclass(frozen=True, slots=True)
class CorrelationDrift:
    """How the correlation of two columns has changed.

    Example:
        >>> import tidegauge as tg
        >>> x = [n * 37 % 101 for n in range(2000)]
        >>> before = tg.log({"x": x, "y": [2 * n + n * n % 7 for n in x]})
        >>> after = tg.log({"x": x, "y": [n * n % 97 for n in x]})
        >>> change = tg.compare(after, before).correlations[0]
        >>> change.columns, change.verdict, round(change.reference, 2)
        (('x', 'y'), 'drift', 1.0)
    """

    columns: tuple[str, str]
    verdict: Verdict
    """As for columns: ``drift``, ``stable`` or ``not enough data``."""
    why: str
    """One sentence that says what changed, or what could not be seen."""
    current: float
    """Pearson's correlation in the current profile; NaN where a column does not vary."""
    reference: float
    """The same in the reference."""
    records: tuple[int, int]
    """How many records each is based on: in the current profile, in the reference."""
    p_value: float
    """The probability of so great a difference if nothing has changed."""
    adjusted: float
    """The p-value after Benjamini and Hochberg, over all pairs of the comparison."""
    effect: Effect
    """The difference, current less reference, with its 95 % interval; ``measure`` is ``correlation``."""
    detectable: float
    """The smallest difference that these sizes would have shown (in four of five cases); NaN if none."""
    windows: int = 0
    """How many windows of a history it was judged by; 0 without one."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as a plain dict that ``json.dumps`` accepts; unknown values are None."""
        effect = {name: _known(value) for name, value in self.effect._asdict().items()}
        return {
            "columns": list(self.columns),
            "verdict": self.verdict,
            "why": self.why,
            "current": _known(self.current),
            "reference": _known(self.reference),
            "records": list(self.records),
            "p_value": self.p_value,
            "adjusted_p_value": self.adjusted,
            "effect": effect,
            "detectable": _known(self.detectable),
            "windows": self.windows,
        }


class _Evidence(NamedTuple):
    """One pair before all are judged together."""

    now: Pair
    then: Pair
    p_value: float
    low: float
    high: float
    detectable: float
    windows: int = 0


def compare_correlations(
    current: Profile, reference: Profile, windows: Sequence[Profile] | None, options: Options
) -> tuple[CorrelationDrift, ...]:
    """Compare the correlation of each pair of columns that both profiles have; the greatest change first.

    Pairs with a timestamp or an id are left out. Profiles that keep no correlation have none to compare.

    Args:
        current: The profile under judgement.
        reference: The profile to compare with; for a history, all its windows merged.
        windows: The windows of a history.
        options: Which columns, and what matters.
    """
    sides = [_kept(profile) for profile in (current, reference)]
    now, then = sides
    if now is None or then is None:
        return ()
    past = None if windows is None else [_kept(window) for window in windows]
    names = [
        name
        for name in now.columns
        if name in then.columns and _takes_part(name, current, reference, options)
    ]
    found = []
    for at, x in enumerate(names):
        for y in names[at + 1 :]:
            pairs = now.pair(x, y), then.pair(x, y)
            found.append(_evidence(*pairs) if past is None else _against_windows(*pairs, past))
    adjusted = benjamini_hochberg([one.p_value for one in found])
    matters = options.matters_of(MEASURE)
    judged = [
        _judged(one, each, matters, options.false_discovery_rate)
        for one, each in zip(found, adjusted, strict=True)
    ]
    return tuple(sorted(judged, key=_importance))


def _kept(profile: Profile) -> Correlation | None:
    try:
        return profile.correlation()
    except MissingMetricError:
        return None


def _takes_part(name: str, current: Profile, reference: Profile, options: Options) -> bool:
    roles = {current[name].role, reference[name].role}
    return not roles & _APART and (options.columns is None or name in options.columns)


def _z(r: float) -> float:
    return atanh(max(-_NEAR_ONE, min(_NEAR_ONE, r)))


def _evidence(now: Pair, then: Pair) -> _Evidence:
    """Hold two correlations against each other by Fisher's z."""
    inflation = max(now.inflation, then.inflation)
    now, then = now._replace(inflation=inflation), then._replace(inflation=inflation)
    known = not (isnan(now.r) or isnan(then.r)) and min(now.effective_n, then.effective_n) >= LEAST_EFFECTIVE
    if not known:
        return _Evidence(now, then, 1.0, nan, nan, nan)
    error = sqrt(now.standard_error**2 + then.standard_error**2)
    apart = abs(_z(now.r) - _z(then.r)) / error
    # By Zou (2007), "Toward using confidence intervals to compare correlations", Psychological Methods 12.
    (now_low, now_high), (then_low, then_high) = now.interval(), then.interval()
    change = now.r - then.r
    low = change - sqrt((now.r - now_low) ** 2 + (then_high - then.r) ** 2)
    high = change + sqrt((now_high - now.r) ** 2 + (then.r - then_low) ** 2)
    return _Evidence(now, then, _two_sided(apart), low, high, _detectable(then.r, error))


def _against_windows(now: Pair, then: Pair, windows: Iterable[Correlation | None]) -> _Evidence:
    """Hold the correlation of one window against those of others, by Student's t: as one more of them."""
    known = [_in_window(window, now.x, now.y) for window in windows]
    past = [pair for pair in known if pair and not isnan(pair.r) and pair.effective_n >= LEAST_EFFECTIVE]
    if len(past) < LEAST_WINDOWS or isnan(now.r) or now.effective_n < LEAST_EFFECTIVE:
        return _Evidence(now, then, 1.0, nan, nan, nan, len(past))
    values = [_z(pair.r) for pair in past]
    usual, freedom = fmean(values), len(values) - 1
    # Windows that happen to agree are no nearer to one another than their sizes allow.
    chance = max(now.standard_error, fmean(pair.standard_error for pair in past))
    spread = max(stdev(values), chance)
    error = spread * sqrt(1.0 + 1.0 / len(values))
    apart = _normal_of_student(abs(_z(now.r) - usual) / error, freedom)
    typical = tanh(usual)
    reach = _student_of_normal(_Z_975, freedom) * error
    low, high = (now.r - tanh(usual + side * reach) for side in (1.0, -1.0))
    usually = then._replace(r=typical)
    return _Evidence(now, usually, _two_sided(apart), low, high, _detectable(typical, error), len(values))


def _in_window(window: Correlation | None, x: str, y: str) -> Pair | None:
    if window is None or x not in window.columns or y not in window.columns:
        return None
    return window.pair(x, y)


def _two_sided(deviations: float) -> float:
    return 2.0 * _NORMAL.cdf(-deviations)


def _normal_of_student(t: float, freedom: int) -> float:
    """Find the normal deviate as unusual as a value of Student's t.

    By Wallace (1959), "Bounds on normal approximations to Student's and the chi-square distributions",
    Annals of Mathematical Statistics 30.
    """
    return (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0) * sqrt(freedom * log(1.0 + t * t / freedom))


def _student_of_normal(deviate: float, freedom: int) -> float:
    """Find the value of Student's t as unusual as a normal deviate: the same bound, turned round."""
    known = (8.0 * freedom + 3.0) / (8.0 * freedom + 1.0) * deviate
    return sqrt(freedom * (exp(known * known / freedom) - 1.0))


def _detectable(r: float, error: float) -> float:
    """The difference from a correlation that shows in four of five cases: the larger of both directions."""
    reach = (_Z_975 + _Z_80) * error
    return max(abs(tanh(_z(r) + way * reach) - r) for way in (-1.0, 1.0))


def _judged(one: _Evidence, adjusted: float, matters: float, rate: float) -> CorrelationDrift:
    change = one.now.r - one.then.r
    effect = Effect(MEASURE, change, one.low, one.high, matters)
    verdict: Verdict = "not enough data"
    if adjusted <= rate and abs(change) >= matters:
        verdict = "drift"
    elif one.detectable <= matters and abs(change) < matters:
        verdict = "stable"
    drift = CorrelationDrift(
        (one.now.x, one.now.y),
        verdict,
        "",
        one.now.r,
        one.then.r,
        (one.now.n, one.then.n),
        one.p_value,
        adjusted,
        effect,
        one.detectable,
        one.windows,
    )
    return _with_reason(drift, one, rate)


def _with_reason(drift: CorrelationDrift, one: _Evidence, rate: float) -> CorrelationDrift:
    from dataclasses import replace

    return replace(drift, why=_why(drift, one, rate))


def _why(drift: CorrelationDrift, one: _Evidence, rate: float) -> str:
    then, now = _number(drift.reference), _number(drift.current)
    moved = f"{then} → {now}" if not drift.windows else f"usually {then}, now {now}"
    chance = "p < 0.0001" if drift.adjusted < 1e-4 else f"p = {drift.adjusted:.2g}"
    known = f", in {drift.windows} windows" if drift.windows else ""
    if drift.verdict == "drift":
        return f"The correlation went from {then} to {now} ({chance}{known})."
    if isnan(drift.current) or isnan(drift.reference):
        where = "the current profile" if isnan(drift.current) else "the reference"
        return f"A column does not vary in {where}, so there is no correlation to compare."
    if isnan(drift.detectable):
        return _too_few(drift, one)
    if drift.verdict == "stable":
        if drift.adjusted <= rate:
            matters = _number(drift.effect.matters)
            return f"Changed, but by less than matters ({matters}): {moved} ({chance}{known})."
        return f"No change that matters: {moved}; {_number(drift.detectable)} would have been seen."
    if abs(drift.effect.value) >= drift.effect.matters:
        return f"{moved} is a change that matters, but could be chance ({chance}{known})."
    return (
        f"{moved}; these sizes show a change of {_number(drift.detectable)} or more, "
        f"and {_number(drift.effect.matters)} would matter."
    )


def _too_few(drift: CorrelationDrift, one: _Evidence) -> str:
    if drift.windows:
        return f"Only {drift.windows} windows have records enough; {LEAST_WINDOWS} are needed."
    least = min(one.now, one.then, key=lambda pair: pair.effective_n)
    tails = (
        f", with tails so long that they tell as much as {least.effective_n:.0f}"
        if least.inflation > 2
        else ""
    )
    return f"{least.n:,} records have both values{tails}; {LEAST_EFFECTIVE:.0f} are needed."


def _importance(drift: CorrelationDrift) -> tuple[object, ...]:
    order: Mapping[str, int] = {"drift": 0, "not enough data": 1, "stable": 2}
    size = 0.0 if isnan(drift.effect.value) else abs(drift.effect.value)
    return order[drift.verdict], -size, drift.columns


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00") if abs(value) >= 0.005 else f"{value:.1g}"


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value
