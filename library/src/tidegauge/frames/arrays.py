"""NumPy arrays as columns for the kernel: contiguous, in the machine's byte order, at most 64 bits wide."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tidegauge.errors import ArgumentError, UnsupportedDataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

VALUES_AT_ONCE = 4_000_000
"""How many values of a table are copied at most to make its columns contiguous (32 MB of doubles)."""

_ARROW_UNITS = {"s": "s", "ms": "ms", "us": "us", "ns": "ns"}
_WIDER_UNITS = {
    "h": "s",
    "m": "s",
    "W": "D",
    "M": "D",
    "Y": "D",
    "ps": "ns",
    "fs": "ns",
    "as": "ns",
    "generic": "s",
}


def is_array(value: object) -> bool:
    """Return whether a value is a NumPy array."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def array_column(array: Array) -> object:
    """Make a one-dimensional array into what the kernel takes as a column, copying only if it must.

    Args:
        array: Of shape (rows,) and any dtype without fields.

    Returns:
        A native, contiguous array; a tuple for times and masked arrays; a list for the rest.
    """
    kind = array.dtype.kind
    if kind in "biuf":
        return _masked(array, _plain(array))
    if kind in "mM":
        return _masked(array, _times(array))
    if kind == "O":
        return _masked(array, array if array.flags.c_contiguous else array.tolist())
    # Text, bytes, complex numbers and raw memory: as Python's own values.
    return array.tolist()


def _masked(array: Array, column: object) -> object:
    mask = getattr(array, "mask", None)
    if mask is None or not mask.any():
        return column
    numpy = sys.modules["numpy"]
    return ("masked", column, numpy.ascontiguousarray(numpy.ma.getmaskarray(array)))


def _plain(array: Array) -> Array:
    dtype = array.dtype
    if type(array) is not sys.modules["numpy"].ndarray:
        array = array.view(sys.modules["numpy"].ndarray)
    if dtype.kind == "f" and dtype.itemsize not in (4, 8):
        return array.astype("=f4" if dtype.itemsize == 2 else "=f8")
    if not dtype.isnative:
        return array.astype(dtype.newbyteorder("="))
    return array if array.flags.c_contiguous else array.copy()


def _times(array: Array) -> object:
    numpy = sys.modules["numpy"]
    unit, count = numpy.datetime_data(array.dtype)
    name = "timestamp" if array.dtype.kind == "M" else "duration"
    wanted = _ARROW_UNITS.get(unit) or _WIDER_UNITS.get(unit, unit)
    if wanted == "D" and name == "duration":
        wanted = "s"
    if wanted != unit or count != 1 or not array.dtype.isnative:
        array = array.astype(f"={array.dtype.kind}8[{wanted}]")
    numbers = _plain(numpy.asarray(array).view("=i8"))
    return ("date[D]" if wanted == "D" else f"{name}[{wanted}]", numbers)


def array_batches(array: Array, names: Sequence[str] | None) -> Iterator[tuple[list[str], list[object], int]]:
    """Cut an array into batches of columns.

    Args:
        array: Of shape (rows,) with one column, or with fields as columns; or (rows, columns).
        names: The columns' names; ``column_0``, ``column_1`` … when None. Not for arrays with fields,
            which have names.

    Yields:
        Names, columns and number of rows. An array by rows comes in several batches, so that no copy
        of it has to be held at once.

    Raises:
        UnsupportedDataError: The array has no dimension, or more than two.
        ArgumentError: There are not as many names as columns.
    """
    if array.dtype.names is not None:
        if names is not None:
            raise ArgumentError(
                "columns= names the columns of plain arrays; this one has fields with names of their own"
            )
        if array.ndim != 1:
            raise UnsupportedDataError(
                f"an array with fields has one dimension, not {array.ndim}; reshape(-1) makes it so"
            )
        fields = list(_fields(array, ""))
        yield (
            [name for name, _ in fields],
            [array_column_of_any_shape(field) for _, field in fields],
            len(array),
        )
        return
    if type(array).__module__.startswith("numpy.matrixlib"):
        # A matrix stays two-dimensional however one slices it.
        array = array.view(sys.modules["numpy"].ndarray)
    if array.ndim not in (1, 2):
        raise UnsupportedDataError(
            "an array has one dimension (a column) or two (rows, columns), "
            f"not {array.ndim} (shape {array.shape})"
        )
    if array.ndim == 1:
        yield _checked_names(names, 1), [array_column(array)], len(array)
        return
    yield from _batches_of_table(array, _checked_names(names, array.shape[1]))


def _batches_of_table(table: Array, names: list[str]) -> Iterator[tuple[list[str], list[object], int]]:
    rows, width = table.shape
    step = rows
    if not table.flags.f_contiguous:
        step = max(VALUES_AT_ONCE // max(width, 1), 256)
    for start in range(0, max(rows, 1), max(step, 1)):
        part = table[start : start + step]
        yield names, [array_column(part[:, index]) for index in range(width)], len(part)


def array_column_of_any_shape(array: Array) -> object:
    """Make an array of any dimensions a column: beyond the first they become lists in each row."""
    if array.ndim == 1:
        return array_column(array)
    if array.ndim == 0:
        raise UnsupportedDataError("an array without dimensions is a single value, not a column")
    return array.tolist()


def _fields(array: Array, prefix: str) -> Iterator[tuple[str, Array]]:
    for name in array.dtype.names or ():
        field = array[name]
        if field.dtype.names is not None:
            yield from _fields(field, f"{prefix}{name}.")
        else:
            yield prefix + name, field


def _checked_names(names: Sequence[str] | None, width: int) -> list[str]:
    if names is None:
        return [f"column_{index}" for index in range(width)]
    if isinstance(names, str) or len(names) != width or not all(isinstance(name, str) for name in names):
        raise ArgumentError(
            f"columns= must name the array's {width} column(s), each with a text; got {names!r:.200}"
        )
    return list(names)
