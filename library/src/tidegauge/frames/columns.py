"""One column of whatever library, and dicts of them."""

from __future__ import annotations

import array
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tidegauge.errors import DataError
from tidegauge.frames.arrays import array_column_of_any_shape, is_array
from tidegauge.frames.pandas import column_name, is_series, series_column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge._kernel import Collector


_BEYOND_ARROW = ("Object", "Int128", "UInt128", "Null")


def is_arrow(value: object) -> bool:
    """Return whether a value gives its data by the Arrow PyCapsule interface."""
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")


def is_typed_column(value: object) -> bool:
    """Return whether a value is an array of some library: a column and nothing else."""
    if is_array(value):
        return bool(value.ndim)  # type: ignore[attr-defined]
    return is_series(value) or is_arrow(value) or isinstance(value, array.array)


def is_column(value: object) -> bool:
    """Return whether a value of a dict can be a column; texts and bytes are single values."""
    if isinstance(value, list | tuple):
        return True
    if isinstance(value, str | bytes | bytearray | Mapping):
        return False
    return isinstance(value, Sequence | memoryview) or is_typed_column(value) or _is_tensor(value)


def _is_tensor(value: object) -> bool:
    """Whether NumPy can make an array of it, as of a PyTorch tensor."""
    return "numpy" in sys.modules and hasattr(value, "__array__") and bool(getattr(value, "ndim", 0))


def column_of(value: Any) -> object:
    """Make a column of whatever library into what the kernel takes."""
    if isinstance(value, list | tuple):
        return value
    if is_series(value):
        return series_column(value)
    if is_array(value):
        return array_column_of_any_shape(value)
    polars = sys.modules.get("polars")
    if polars is not None and isinstance(value, polars.Series):
        value = value.clone()  # as of a frame: its lock is its own
        return value.to_list() if has_beyond_arrow([value.dtype]) else value
    if is_arrow(value):
        return value
    if isinstance(value, array.array) and value.typecode not in "uw":
        return value
    if _is_tensor(value):
        return array_column_of_any_shape(sys.modules["numpy"].asarray(value))
    return list(value)


def has_beyond_arrow(types: Iterable[Any]) -> bool:
    """Return whether polars types are or hold what it cannot hand over as Arrow.

    Those are objects, 128-bit integers, and nulls without a type, which it exports with a buffer too many.
    """
    return any(map(_is_or_holds_beyond, types))


def _is_or_holds_beyond(kind: Any) -> bool:
    fields = getattr(kind, "fields", None)
    if fields is not None:
        return any(_is_or_holds_beyond(field.dtype) for field in fields)
    inner = getattr(kind, "inner", None)
    return str(kind) in _BEYOND_ARROW if inner is None else _is_or_holds_beyond(inner)


def is_table(data: Mapping[Any, Any]) -> bool:
    """Return whether a dict is one of columns, and not one record: all its values can be columns."""
    return all(map(is_column, data.values()))


def log_table(collector: Collector, table: Mapping[Any, Any]) -> int:
    """Log a dict of columns.

    Returns:
        The number of rows.

    Raises:
        DataError: The columns are not of one length.
    """
    lengths = {name: len(column) for name, column in table.items()}
    rows = next(iter(lengths.values()), 0)
    if any(length != rows for length in lengths.values()):
        shown = ", ".join(f"{name!r} has {length}" for name, length in list(lengths.items())[:10])
        raise DataError(
            f"the columns of a dict must be of one length, but {shown}; "
            "if the dict is one record with lists in it, log it as [record]"
        )
    names = [column_name(name) for name in table]
    nan_is_null = any(map(is_series, table.values()))
    return collector.log_columns(
        names, [column_of(value) for value in table.values()], rows, nan_is_null=nan_is_null
    )
