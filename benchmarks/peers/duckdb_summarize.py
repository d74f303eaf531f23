"""DuckDB: SUMMARIZE a Parquet file with two threads, as a whole process.

python duckdb_summarize.py FILE
"""

import sys

import duckdb

connection = duckdb.connect(config={"threads": 2})
for row in connection.execute("SUMMARIZE SELECT * FROM read_parquet(?)", [sys.argv[1]]).fetchall():
    print(row)
