"""pandas frames and series as columns for the kernel, column by column, without pyarrow.

pandas marks nulls in floating-point columns by NaN, so the kernel counts NaN of a frame as null.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tidegauge.frames.arrays import VALUES_AT_ONCE, array_column

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    import pandas as pd

    from tidegauge._kernel import Collector


def is_frame(value: object) -> bool:
    """Return whether a value is a pandas DataFrame."""
    loaded = sys.modules.get("pandas")
    return loaded is not None and isinstance(value, loaded.DataFrame)


def is_series(value: object) -> bool:
    """Return whether a value is a pandas Series or Index, or an array of one of pandas' own types."""
    loaded = sys.modules.get("pandas")
    if loaded is None:
        return False
    return isinstance(value, loaded.Series | loaded.Index | loaded.api.extensions.ExtensionArray)


def log_frame(collector: Collector, frame: pd.DataFrame) -> int:
    """Log a frame's columns; its index is not one of them.

    Args:
        collector: Where to.
        frame: The frame. Names that are no text become text; of several levels they are joined by a dot.

    Returns:
        The number of rows.
    """
    names = [column_name(label) for label in frame.columns]
    for part in _parts(frame):
        columns = [series_column(series) for _, series in part.items()]
        collector.log_columns(names, columns, len(part), nan_is_null=True)
    return len(frame)


def log_series(collector: Collector, series: pd.Series | pd.Index) -> int:
    """Log a series as one column, of its name or else ``column_0``; of an index each level."""
    series = _as_series(series)
    levels = getattr(series, "nlevels", 1)
    if levels > 1:
        return log_frame(collector, series.to_frame(index=False))
    name = "column_0" if series.name is None else column_name(series.name)
    return collector.log_columns([name], [series_column(series)], len(series), nan_is_null=True)


def _parts(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The frame itself, or slices of one whose columns must be copied: never to hold a copy of it all."""
    rows, width = frame.shape
    if rows * width <= VALUES_AT_ONCE or not any(_is_strided(series) for _, series in frame.items()):
        yield frame
        return
    step = max(VALUES_AT_ONCE // width, 256)
    for start in range(0, rows, step):
        yield frame.iloc[start : start + step]


def _is_strided(series: pd.Series) -> bool:
    return type(series.dtype).__module__.startswith("numpy") and not series.to_numpy().flags.c_contiguous


def column_name(label: Hashable) -> str:
    """Return the name of a column with any label."""
    if isinstance(label, tuple):
        label = ".".join(str(part) for part in label if part != "")
    name = str(label)
    # Half a character (a lone surrogate) has no UTF-8; records lose it in the same way.
    return name if name.isascii() else name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def series_column(series: pd.Series | pd.Index) -> object:
    """Make a series, an index or an extension array into what the kernel takes as a column."""
    series = _as_series(series)
    convert = _CONVERSIONS.get(type(series.dtype).__name__)
    if convert is not None:
        return convert(series)
    if type(series.dtype).__module__.startswith("numpy"):
        return array_column(series.to_numpy())
    array: Any = series.array
    if hasattr(series.dtype, "numpy_dtype"):
        return _nullable(array)
    return array_column(series.to_numpy(dtype=object))


def _as_series(values: Any) -> Any:
    """A series, an index as they are, a bare extension array as a series."""
    pandas = sys.modules["pandas"]
    return pandas.Series(values) if isinstance(values, pandas.api.extensions.ExtensionArray) else values


def _nullable(array: Any) -> object:
    """Of Int64, Float32, boolean and their like: values, and where they are null."""
    null = array.isna()
    values = array_column(array.to_numpy(dtype=array.dtype.numpy_dtype, na_value=0))
    return ("masked", values, null) if null.any() else values


def _categorical(series: Any) -> object:
    categorical = series.array
    codes = array_column(categorical.codes)
    return ("dictionary", codes, series_column(categorical.categories))


def _zoned(series: Any) -> object:
    instants = series.array.tz_convert("UTC").to_numpy(dtype=f"M8[{series.dtype.unit}]")
    return (f"timestamp[{series.dtype.unit}, {series.dtype.tz}]", array_column(instants.view("i8")))


def _text(series: Any) -> object:
    return _arrow(series) if series.dtype.storage == "pyarrow" else series.to_numpy(dtype=object)


def _arrow(series: Any) -> object:
    return series.array.__arrow_array__()


def _period(series: Any) -> object:
    return array_column(series.array.to_timestamp().to_numpy())


def _interval(series: Any) -> object:
    return [None if null else str(value) for value, null in zip(series.array, series.isna(), strict=True)]


def _sparse(series: Any) -> object:
    return array_column(series.array.to_dense())


_CONVERSIONS: dict[str, Callable[[Any], object]] = {
    "CategoricalDtype": _categorical,
    "DatetimeTZDtype": _zoned,
    "StringDtype": _text,
    "ArrowDtype": _arrow,
    "PeriodDtype": _period,
    "IntervalDtype": _interval,
    "SparseDtype": _sparse,
}
