"""What kind of thing a pair of columns holds, and so what can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegauge._kernel import KernelColumn
    from tidegauge.drift.result import Kind

NUMERIC = frozenset({"integer", "fractional", "decimal"})
TEMPORAL = frozenset({"date", "timestamp", "time", "duration"})
LISTED = 0.5
"""A string column is categorical when the listed values make up this share of all."""


def kind_of(current: KernelColumn, reference: KernelColumn) -> Kind:
    """Tell what two columns hold, or ``other`` when they cannot be compared by value."""
    types = {kind for kind in (current.type, reference.type) if kind != "null"}
    if "mixed" in types:
        rest = types - {"mixed"}
        return "numeric" if current.values and reference.values and rest <= NUMERIC else "other"
    if types and types <= NUMERIC:
        return "numeric"
    if len(types) != 1:
        return "other"
    (only,) = types
    if only in TEMPORAL:
        return "temporal"
    if only == "boolean":
        return "boolean"
    if only == "string":
        listed = (_listed(column) for column in (current, reference))
        return "categorical" if any(share is None or share >= LISTED for share in listed) else "text"
    return "other"


def _listed(column: KernelColumn) -> float | None:
    """The share of the values that are listed as frequent; None when there are none to judge by."""
    items = column.frequent_items
    if items is None:
        return 0.0
    if not items.total or items.exact:
        # Listed exactly, and yet no two alike: identifiers, not categories.
        distinct = len(items.items)
        return 0.0 if items.total >= 100 and distinct > items.total / 2 else (None if items.total else 0.0)
    return sum(lower for _, lower, _ in items.items) / items.total


def retyped(current: KernelColumn, reference: KernelColumn) -> bool:
    """Whether the type changed, other than from or to a column of nulls."""
    return current.type != reference.type and "null" not in (current.type, reference.type)
