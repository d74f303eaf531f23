"""Whether two columns were made private in the same way, so that their values can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.column import stated_of

if TYPE_CHECKING:
    from tidegauge._kernel import KernelColumn
    from tidegauge.column import ColumnProfile


def alike_in_numbers(current: ColumnProfile | KernelColumn, reference: ColumnProfile | KernelColumn) -> bool:
    """Tell whether the numbers of both were rounded in the same way, or not at all."""
    return stated_of(current).rounded == stated_of(reference).rounded


def alike_in_items(current: ColumnProfile | KernelColumn, reference: ColumnProfile | KernelColumn) -> bool:
    """Tell whether the items of both are values, or names made with the same key."""
    return stated_of(current).items == stated_of(reference).items


def why_apart(current: ColumnProfile, reference: ColumnProfile) -> str | None:
    """Say why the values of two columns cannot be compared; None when nothing stands in the way.

    Example:
        >>> import tidegauge as tg
        >>> coarse = tg.Schema(privacy={"fare": tg.Privacy(round_to=5)})
        >>> now, then = tg.log({"fare": [7.0]}, schema=coarse), tg.log({"fare": [7.0]})
        >>> why_apart(now["fare"], then["fare"])
        'its values are rounded (step:5) now and as they were (no rounding) in the reference'
    """
    now, then = stated_of(current), stated_of(reference)
    if now.items != then.items and "off" not in (now.items, then.items):
        shown = [f"hashed with key {side.key_id}" if side.hashed else "not hashed" for side in (now, then)]
        return f"its values are {shown[0]} now and {shown[1]} in the reference"
    if now.rounded != then.rounded:
        rounded = [_rounding(side.rounded) for side in (now, then)]
        return f"its values are {rounded[0]} now and {rounded[1]} in the reference"
    return None


def _rounding(ways: tuple[str, ...]) -> str:
    return f"rounded ({', '.join(ways)})" if ways else "as they were (no rounding)"
