"""Profile a polars query that never fits into memory: a lazy frame is streamed, batch by batch.

pip install tidegauge polars && python examples/polars_lazy.py
"""

import tempfile
from pathlib import Path

import polars as pl

import tidegauge as tg

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "trips.parquet"
    numbers = pl.int_range(200_000, eager=True).alias("trip")
    pl.DataFrame(
        {"trip": numbers, "km": (numbers * 37 % 1000) / 40, "city": (numbers % 50).cast(pl.String)}
    ).write_parquet(path)

    query = (
        pl.scan_parquet(path)
        .filter(pl.col("km") > 1)
        .with_columns(fare=pl.col("km") * 2.2 + 3, city=pl.lit("city-") + pl.col("city"))
    )
    profile = tg.log(query, dataset="trips")

print(profile)
median = profile["fare"].median
print(f"\n{profile.records:,} of 200,000 trips were longer than 1 km; half of them cost {median:.2f} or less")
print(profile.to_polars().select("column", "type", "records", "nulls"))
