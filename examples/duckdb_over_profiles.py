"""Query a folder of profile files with DuckDB: a profile file is plain Parquet, one row a column.

pip install tidegauge duckdb && python examples/duckdb_over_profiles.py
"""

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

import tidegauge as tg

NULL_RATES = """
    SELECT window_start::DATE AS day, records, round(nulls / records, 3) AS null_rate, round(mean, 2) AS mean
    FROM read_parquet($files)
    WHERE "column" = 'price'
    ORDER BY day
"""
COLUMNS = """
    SELECT "column", type, count(*) AS profiles, sum(records) AS records
    FROM read_parquet($files)
    GROUP BY ALL
    ORDER BY "column"
"""

rng = random.Random(3)
start = datetime(2026, 3, 2, tzinfo=UTC)
records = [
    {
        "at": start + timedelta(minutes=10 * step),
        "price": None if 600 <= step < 650 else rng.lognormvariate(3, 0.4),
        "country": rng.choice(["NL", "DE", "FR"]),
    }
    for step in range(1_000)
]

with tempfile.TemporaryDirectory() as folder:
    tg.log(records, dataset="orders", timestamp="at", window="1d").write(Path(folder) / "week.parquet")
    files = str(Path(folder) / "*.parquet")

    print("Null rates and means by day, from the files alone:")
    print(duckdb.sql(NULL_RATES, params={"files": files}))
    print("What the files hold:")
    print(duckdb.sql(COLUMNS, params={"files": files}))
