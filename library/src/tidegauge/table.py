"""Profiles as tables: a row for each column, for people and for other libraries."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, overload

from tidegauge.errors import MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tidegauge.column import ColumnProfile
    from tidegauge.metrics.numbers import Numbers

Row = dict[str, Any]

_CELL = 32
"""Terminal cells that a value may take in the printed summary."""

_QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}

FIELDS: dict[str, str] = {
    "dataset": "string",
    "window_start": "timestamp",
    "window_end": "timestamp",
    "column": "string",
    "type": "string",
    "arrow_type": "string",
    "role": "string",
    "records": "integer",
    "nulls": "integer",
    "null_rate": "float",
    "nans": "integer",
    "infinities": "integer",
    "zeros": "integer",
    "negatives": "integer",
    "trues": "integer",
    "empty_strings": "integer",
    "mean": "float",
    "stddev": "float",
    "min": "float",
    **dict.fromkeys(_QUANTILES, "float"),
    "max": "float",
    "min_text": "string",
    "max_text": "string",
    "distinct": "float",
    "distinct_lower": "float",
    "distinct_upper": "float",
    "top": "string",
    "top_count": "integer",
    "privacy": "string",
}
"""The fields of a table of profiles. `min` … `max` are numbers, null for times; the texts are for all."""


class Summary(Sequence[Row]):
    """A small table with a row for each column of a profile.

    A sequence of dicts, all with the same keys: ``column type records nulls null_rate distinct mean
    stddev min median max top``. Whatever a column does not have is None.

    Example:
        >>> import tidegauge as tg
        >>> summary = tg.log({"fare": [1.0, 3.0], "city": ["Rome", None]}).summary()
        >>> summary[0]["mean"], summary[1]["null_rate"]
        (2.0, 0.5)
    """

    __slots__ = ("_rows",)

    def __init__(self, columns: Iterable[ColumnProfile]) -> None:
        self._rows = tuple(_summary_row(column) for column in columns)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        """Return a row, or several, as new dicts."""
        if isinstance(index, slice):
            return [dict(row) for row in self._rows[index]]
        return dict(self._rows[index])

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows."""
        return (dict(row) for row in self._rows)

    def __eq__(self, other: object) -> bool:
        """Return whether the rows look the same."""
        return repr(self) == repr(other) if isinstance(other, Summary) else NotImplemented

    def __hash__(self) -> int:
        """Hash by how it looks."""
        return hash(repr(self))

    def __repr__(self) -> str:
        """Show the table as aligned text."""
        if not self._rows:
            return "(no columns)"
        from tidegauge.display.cells import clean, cut, pad, width

        header = list(self._rows[0])
        lines = [header, *([cut(clean(_cell(v)), _CELL) for v in row.values()] for row in self._rows)]
        widths = [max(map(width, cells)) for cells in zip(*lines, strict=True)]
        left = {"column", "type", "top"}
        aligned = (
            "  ".join(
                pad(cell, wide, "left" if name in left else "right")
                for name, cell, wide in zip(header, line, widths, strict=True)
            ).rstrip()
            for line in lines
        )
        return "\n".join(aligned)


def _summary_row(column: ColumnProfile) -> Row:
    kept = column.metrics
    values = column.values
    return {
        "column": column.name,
        "type": column.type,
        "records": column.records,
        "nulls": column.nulls,
        "null_rate": column.null_rate if column.records else None,
        "distinct": round(column.cardinality.estimate) if "cardinality" in kept else None,
        "mean": _known(values.mean) if values and values.has_moments else None,
        "stddev": _known(values.stddev) if values and values.has_moments else None,
        "min": values.min if values and values.has_extremes else None,
        "median": _known(values.median) if values and values.has_quantiles else None,
        "max": values.max if values and values.has_extremes else None,
        "top": _top(column)[0],
    }


def _known(value: Any) -> Any:
    """The value, or None instead of NaN."""
    return None if isinstance(value, float) and isnan(value) else value


def _top(column: ColumnProfile) -> tuple[Any, int | None]:
    if "frequent_items" not in column.metrics:
        return None, None
    for item in column.frequent_items.top(1):
        return item.value, item.estimate
    return None, None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.5g}"
    return str(value)


def column_row(column: ColumnProfile) -> Row:
    """Return one column's metrics as a flat row: the fields of `FIELDS` from ``column`` on."""
    counts = column.counts
    row: Row = dict.fromkeys(list(FIELDS)[3:])
    row |= {"column": column.name, "type": column.type, "arrow_type": column.arrow_type, "role": column.role}
    row["privacy"] = column.privacy
    row |= {name: value for name, value in counts._asdict().items() if name in row}
    row["null_rate"] = column.null_rate if counts.records else None
    row["infinities"] = counts.positive_infinities + counts.negative_infinities
    if column.values is not None:
        _add_numbers(row, column.values)
    if "cardinality" in column.metrics:
        row["distinct"] = column.cardinality.estimate
        row["distinct_lower"], row["distinct_upper"] = column.cardinality.interval(0.95)
    top, row["top_count"] = _top(column)
    row["top"] = None if top is None else str(top)
    return row


def _add_numbers(row: Row, values: Numbers) -> None:
    if not values.n:
        return
    plain = values.kind == "number"
    if values.has_extremes:
        low, high = values.min, values.max
        row["min_text"], row["max_text"] = _text(low), _text(high)
        if plain:
            row["min"], row["max"] = float(low), float(high)
    if not plain:
        return
    if values.has_moments:
        row["mean"], row["stddev"] = values.mean, _known(values.stddev)
    if values.has_quantiles:
        quantiles = values.quantile(_QUANTILES.values())
        row |= dict(zip(_QUANTILES, map(float, quantiles), strict=True))


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def profile_rows(
    dataset: str | None, window: tuple[datetime, datetime] | None, columns: Iterable[ColumnProfile]
) -> list[Row]:
    """Return the rows of one profile, with the fields of `FIELDS`."""
    start, end = window or (None, None)
    return [
        {"dataset": dataset, "window_start": start, "window_end": end, **column_row(column)}
        for column in columns
    ]


def column_dict(column: ColumnProfile) -> Row:
    """Return everything that a column's profile can tell, as plain values that ``json.dumps`` accepts."""
    result: Row = {
        "type": column.type,
        "arrow_type": column.arrow_type,
        "role": column.role,
        "counts": column.counts._asdict(),
        "null_rate": plain(column.null_rate),
        "types": {name: count for name, count in column.types._asdict().items() if count},
    }
    if column.privacy:
        result["privacy"] = column.privacy
    if column.values is not None:
        result["values"] = _numbers_dict(column.values)
    if getattr(column, "lengths", None) is not None:
        result["lengths"] = _numbers_dict(column.lengths)
    if "cardinality" in column.metrics:
        lower, upper = column.cardinality.interval(0.95)
        estimate, exact = column.cardinality.estimate, column.cardinality.exact
        result["cardinality"] = {"estimate": estimate, "lower": lower, "upper": upper, "exact": exact}
    if "frequent_items" in column.metrics:
        items = column.frequent_items.top(10)
        result["frequent_items"] = [{**item._asdict(), "value": plain(item.value)} for item in items]
    if column.custom_metrics:
        kept = column.custom_metrics.values()
        result["custom"] = {each.name: each.to_dict() for each in kept}
    return result


def _numbers_dict(numbers: Numbers) -> Row:
    result: Row = {"kind": numbers.kind, "n": numbers.n}
    if numbers.has_extremes:
        result |= {"min": plain(numbers.min), "max": plain(numbers.max)}
    if numbers.has_moments:
        for name in ("mean", "stddev", "variance", "skewness", "kurtosis"):
            result[name] = plain(getattr(numbers, name))
    if numbers.has_quantiles:
        quantiles = numbers.quantile(_QUANTILES.values())
        result["quantiles"] = {
            str(rank): plain(value) for rank, value in zip(_QUANTILES.values(), quantiles, strict=True)
        }
        result["rank_error"] = numbers.quantiles.rank_error
    return result


def plain(value: Any) -> Any:
    """Make a value that JSON can hold: times as ISO 8601 text, durations as seconds, decimals as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if hasattr(value, "total_seconds"):
        return value.total_seconds()
    return _text(value)


def to_arrow(rows: list[Row]) -> pa.Table:
    """Make a pyarrow table of rows."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise needs("pyarrow", "to_arrow") from error
    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "float": pa.float64(),
        "timestamp": pa.timestamp("us", "UTC"),
    }
    schema = pa.schema([(name, types[kind]) for name, kind in FIELDS.items()])
    return pa.Table.from_pylist(rows, schema=schema)


def to_pandas(rows: list[Row]) -> pd.DataFrame:
    """Make a pandas data frame of rows."""
    try:
        import pandas as pd
    except ImportError as error:
        raise needs("pandas", "to_pandas") from error
    types = {"string": "object", "integer": "Int64", "float": "float64", "timestamp": "datetime64[us, UTC]"}
    frame = pd.DataFrame.from_records(rows, columns=list(FIELDS))
    return frame.astype({name: types[kind] for name, kind in FIELDS.items()})


def to_polars(rows: list[Row]) -> pl.DataFrame:
    """Make a polars data frame of rows."""
    try:
        import polars as pl
    except ImportError as error:
        raise needs("polars", "to_polars") from error
    types: dict[str, Any] = {
        "string": pl.String,
        "integer": pl.Int64,
        "float": pl.Float64,
        "timestamp": pl.Datetime("us", "UTC"),
    }
    return pl.DataFrame(rows, schema={name: types[kind] for name, kind in FIELDS.items()})


def needs(library: str, method: str) -> MissingLibraryError:
    """Make the error for a method whose library is not installed."""
    return MissingLibraryError(f"{method}() needs {library}, which is not installed; pip install {library}")
