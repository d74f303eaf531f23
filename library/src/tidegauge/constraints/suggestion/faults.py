"""The faults that a suggested suite is meant to catch, as what they do to the numbers of a window.

A window is never spoiled to find out: of most numbers in a profile it is known what a fault makes of
them. When all values are a hundredfold, so is the mean; when every record comes twice, the rate of
distinct values is half of what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tidegauge.metrics.scale import Value

NULLS = "nulls"
UNIT = "unit"
SHIFT_UP = "shift up"
SHIFT_DOWN = "shift down"
TYPE = "type"
TRUNCATION = "truncation"
FROZEN = "frozen"
LOST_VALUE = "lost value"
DUPLICATES = "duplicates"
MORE_TRUES = "more trues"
FEWER_TRUES = "fewer trues"

DESCRIPTIONS = {
    NULLS: "a quarter of the values turn null",
    UNIT: "values become a hundredfold",
    SHIFT_UP: "values rise by one standard deviation",
    SHIFT_DOWN: "values fall by one standard deviation",
    TYPE: "values come as another type",
    TRUNCATION: "texts are cut to half",
    FROZEN: "one value stands in every record",
    LOST_VALUE: "a value that always occurs is gone",
    DUPLICATES: "every record comes twice",
    MORE_TRUES: "trues become a quarter of all values more",
    FEWER_TRUES: "trues become a quarter of all values fewer",
}
"""Each kind of fault in words."""

NULL_SHARE = 0.25
TRUE_SHARE = 0.25
UNIT_FACTOR = 100.0


class Fault(NamedTuple):
    """One fault of one column, or of the whole dataset.

    Example:
        >>> Fault(LOST_VALUE, "city", "Oslo").kind
        'lost value'
    """

    kind: str
    column: str | None
    value: Value = None
