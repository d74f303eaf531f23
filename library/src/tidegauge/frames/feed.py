"""One door for all data: find out what it is, and give it to the kernel."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from tidegauge.errors import ArgumentError, DataError, MissingFileError, UnsupportedDataError
from tidegauge.frames.arrays import array_batches, is_array
from tidegauge.frames.columns import (
    column_of,
    has_beyond_arrow,
    is_arrow,
    is_table,
    is_typed_column,
    log_table,
)
from tidegauge.frames.pandas import is_frame, is_series, log_frame, log_series
from tidegauge.paths import expand_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge._kernel import Collector


_NO_BATCHES = (bytes, bytearray, memoryview, set, frozenset)
"""What one can go through, but not batch by batch; open files are the same."""


def feed(collector: Collector, data: Any, columns: Sequence[str] | None = None) -> int:
    """Log data of any kind that is known.

    Args:
        collector: The kernel's state, which takes the data in.
        data: What `tidegauge.log` takes.
        columns: Names for the columns of a NumPy array.

    Returns:
        The number of rows.

    Raises:
        UnsupportedDataError: The data is of an unknown kind.
        ArgumentError: `columns` was given for data that has names.
        DataError: The data is broken.
        MissingFileError: A path names no file.
    """
    if columns is not None and not is_array(data):
        raise ArgumentError(
            f"columns= names the columns of NumPy arrays; {type(data).__name__} data has names of its own"
        )
    if isinstance(data, Mapping):
        return _feed_mapping(collector, data)
    if is_frame(data):
        return log_frame(collector, data)
    if is_series(data):
        return log_series(collector, data)
    if is_arrow(data):
        return _feed_arrow(collector, data)
    if is_array(data):
        return _feed_array(collector, data, columns)
    if isinstance(data, str | os.PathLike):
        return feed_files(collector, data)
    if isinstance(data, list | tuple):
        return _feed_list(collector, data)
    return _feed_other(collector, data)


def _feed_mapping(collector: Collector, data: Mapping[Any, Any]) -> int:
    if is_table(data):
        return log_table(collector, data)
    collector.record(data if isinstance(data, dict) else dict(data))
    return 1


def _feed_arrow(collector: Collector, data: Any) -> int:
    polars = sys.modules.get("polars")
    if polars is not None:
        if isinstance(data, polars.DataFrame):
            # Polars may let go of the interpreter while it has a frame locked: two threads that log one frame
            # would wait for each other for ever. A clone, which copies no values, has a lock of its own.
            data = data.clone()
            if has_beyond_arrow(data.dtypes):
                return log_table(collector, data.to_dict())
            return collector.log_arrow(data)
        if isinstance(data, polars.Series):
            return collector.log_columns([data.name or "column_0"], [column_of(data)], len(data))
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None and isinstance(data, pyarrow.Array | pyarrow.ChunkedArray):
        if not pyarrow.types.is_struct(data.type):
            return collector.log_columns(["column_0"], [data], len(data))
        if isinstance(data, pyarrow.ChunkedArray):
            return sum(collector.log_arrow(chunk) for chunk in data.chunks)
    return collector.log_arrow(data)


def _feed_array(collector: Collector, data: Any, columns: Sequence[str] | None) -> int:
    return sum(collector.log_columns(*batch) for batch in array_batches(data, columns))


def feed_files(collector: Collector, path: str | os.PathLike[str]) -> int:
    """Log the files that a path, a folder or a pattern means."""
    return sum(collector.log_file(file) for file in expand_paths(path))


def _feed_list(collector: Collector, data: Sequence[Any]) -> int:
    """A list: of records (dicts), or of batches of any kind."""
    if not data:
        return 0
    first = data[0]
    if isinstance(first, Mapping) and not (first and all(map(is_typed_column, first.values()))):
        return collector.log_records(data)
    if isinstance(first, str):
        return _feed_paths(collector, data)
    if not _is_batch(first):
        raise UnsupportedDataError(
            f"a list must hold records (dicts) or batches, not values of type {type(first).__name__}; "
            "to log a list of values as a column give it a name: {'name': values}"
        )
    return sum(feed(collector, batch) for batch in data)


def _feed_paths(collector: Collector, paths: Iterable[str]) -> int:
    try:
        return sum(feed_files(collector, path) for path in paths)
    except MissingFileError as error:
        raise MissingFileError(
            f"{error}. A list of texts is taken for paths of files; to log them as a column give it a name: "
            "{'name': values}"
        ) from None


def _is_batch(value: object) -> bool:
    if (
        isinstance(value, Mapping | str | os.PathLike)
        or is_frame(value)
        or is_series(value)
        or is_arrow(value)
    ):
        return True
    return (is_array(value) and value.ndim > 0) or _is_lazy(value)  # type: ignore[attr-defined]


def _is_lazy(value: object) -> bool:
    polars, dataset = sys.modules.get("polars"), sys.modules.get("pyarrow.dataset")
    return (polars is not None and isinstance(value, polars.LazyFrame)) or (
        dataset is not None and isinstance(value, dataset.Dataset | dataset.Scanner)
    )


def _feed_other(collector: Collector, data: Any) -> int:
    if _is_lazy(data):
        return _feed_lazy(collector, data)
    if "numpy" in sys.modules and hasattr(data, "__array__"):
        return _feed_array(collector, sys.modules["numpy"].asarray(data), None)
    if isinstance(data, Iterable) and not isinstance(data, _NO_BATCHES) and not hasattr(data, "read"):
        return _feed_iterator(collector, iter(data))
    raise _unsupported(data)


def _feed_lazy(collector: Collector, data: Any) -> int:
    """Run a query that has not run yet, batch by batch."""
    if hasattr(data, "scanner"):
        data = data.scanner()
    if hasattr(data, "to_reader"):
        return collector.log_arrow(data.to_reader())
    if not hasattr(data, "collect_batches"):
        return feed(collector, data.collect())
    counts = [feed(collector, batch) for batch in data.collect_batches()]
    if not counts:
        feed(collector, data.head(0).collect())  # no rows: the columns are there all the same
    return sum(counts)


def _feed_iterator(collector: Collector, data: Iterator[Any]) -> int:
    """Records or batches, one after the other; the first tells which."""
    for first in data:
        if isinstance(first, Mapping) and not (first and is_table(first)):
            return collector.log_records(chain([first], data))
        if not _is_batch(first):
            raise _unsupported(first, "an iterator of ")
        return sum(_feed_batch(collector, batch) for batch in chain([first], data))
    return 0


def _feed_batch(collector: Collector, batch: Any) -> int:
    if isinstance(batch, Mapping) and not is_table(batch):
        raise DataError(
            "an iterator began with a dict of columns and went on with a single record; if all dicts are "
            "records, some with nothing but lists in them, log them with Profiler.record or as a list"
        )
    return feed(collector, batch)


def _unsupported(data: object, prefix: str = "") -> UnsupportedDataError:
    kind = type(data)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return UnsupportedDataError(
        f"cannot log {prefix}{name}; give a pandas or polars frame, anything that exports Arrow data "
        "(pyarrow, DuckDB), a NumPy array, a dict of columns, a dict or a list of dicts as records, "
        "an iterator of these, or the path of a file, a folder or a pattern"
    )
