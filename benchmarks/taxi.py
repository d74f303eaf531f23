"""The table `taxi(n)`: ten columns like those of a service that sells rides; the same for every tool.

python benchmarks/taxi.py 1M 10M      # write the data files under benchmarks/.data/
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import ipc

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).resolve().parent / ".data"
MILLION = 1_000_000
PIECE = 1 << 20  # rows of one record batch, and of one row group: pyarrow's default for Parquet
START_US = 1_700_000_000_000_000
SPAN_US = 30 * 24 * 3600 * MILLION
CITIES = pa.array([f"city-{rank:03d}" for rank in range(500)])
PAYMENTS = pa.array(["card", "cash", "voucher"])


def taxi(rows: int, seed: int = 0) -> pa.Table:
    """Make the whole table in memory.

    Args:
        rows: How many.
        seed: Another seed gives another table of the same distribution.

    Returns:
        A table of ten columns, in batches of 1,048,576 rows.
    """
    return pa.Table.from_batches(list(batches(rows, seed)))


def batches(rows: int, seed: int = 0) -> Iterator[pa.RecordBatch]:
    """Make the table piece by piece, so that memory does not grow with its length."""
    for number, start in enumerate(range(0, rows, PIECE)):
        rng = np.random.default_rng([seed, rows, number])
        yield _piece(rng, start, min(PIECE, rows - start), rows)


def _piece(rng: np.random.Generator, start: int, count: int, rows: int) -> pa.RecordBatch:
    first, last = (START_US + SPAN_US * edge // rows for edge in (start, start + count))
    columns = {
        "id": pa.array(np.arange(start, start + count, dtype=np.int64)),
        "ts": pa.array(np.sort(rng.integers(first, last, count)), pa.timestamp("us")),
        "fare": pa.array(np.round(rng.lognormal(2.5, 0.6, count), 2)),
        "distance": pa.array(rng.gamma(2.0, 1.7, count), mask=rng.random(count) < 0.02),
        "passengers": pa.array(rng.integers(1, 7, count)),
        "score": pa.array(rng.normal(0.0, 1.0, count)),
        "city": CITIES.take(pa.array(_zipf(rng, 1.3, len(CITIES), count))),
        "user": pc.binary_join_element_wise(
            "user-", pc.cast(pa.array(rng.integers(0, max(rows // 5, 1), count)), pa.string()), ""
        ),
        "paid": pa.array(rng.random(count) < 0.9),
        "payment": PAYMENTS.take(
            pa.array(rng.choice(3, count, p=[0.7, 0.25, 0.05]), mask=rng.random(count) < 0.01)
        ),
    }
    return pa.RecordBatch.from_pydict(columns)


def _zipf(rng: np.random.Generator, exponent: float, values: int, count: int) -> np.ndarray:
    """Ranks 0 … values-1 with probability proportional to 1 / (rank + 1) ** exponent."""
    weights = 1.0 / np.arange(1, values + 1) ** exponent
    return np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(count))


def parquet_file(rows: int) -> Path:
    """The table as one Parquet file written by pyarrow with its defaults; made on first use."""
    path = DATA / f"taxi-{rows // MILLION}M.parquet"
    if not path.exists():
        _announce(path)
        partial = path.with_suffix(".partial")
        with pq.ParquetWriter(partial, _piece(np.random.default_rng(0), 0, 1, 1).schema) as writer:
            for batch in batches(rows):
                writer.write_batch(batch)
        partial.rename(path)
    return path


def arrow_file(rows: int) -> Path:
    """The table as one uncompressed Arrow file, quick to load; made on first use."""
    path = DATA / f"taxi-{rows // MILLION}M.arrow"
    if not path.exists():
        _announce(path)
        partial = path.with_suffix(".partial")
        with ipc.new_file(partial, _piece(np.random.default_rng(0), 0, 1, 1).schema) as writer:
            for batch in batches(rows):
                writer.write_batch(batch)
        partial.rename(path)
    return path


def load(rows: int) -> pa.Table:
    """The table from its Arrow file, copied into memory of this process."""
    with pa.OSFile(str(arrow_file(rows)), "rb") as source:
        return ipc.open_file(source).read_all()


def _announce(path: Path) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    print(f"making {path.name} (once) …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    for size in sys.argv[1:] or ["1M", "10M"]:
        print(parquet_file(int(size.removesuffix("M")) * MILLION))
        print(arrow_file(int(size.removesuffix("M")) * MILLION))
