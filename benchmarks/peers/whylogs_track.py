"""whylogs: records one by one. Runs in the environment `whylogs`.

    python whylogs_track.py FILE RECORDS [ROUNDS]

Prints records/s of `DatasetProfile.track(row)` and percentiles, in seconds, of single calls.
"""

import json
import sys
import time

import pyarrow.parquet as pq
from whylogs.core import DatasetProfile  # type: ignore[import-not-found]

limit = int(sys.argv[2])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 1
rows = pq.read_table(sys.argv[1]).slice(0, limit).to_pylist()
answer: dict[str, list[float]] = {"rate": [], "p50": [], "p99": [], "p999": [], "max": []}
for _ in range(rounds):
    profile = DatasetProfile()
    spent = []
    begin = time.perf_counter()
    for row in rows:
        start = time.perf_counter_ns()
        profile.track(row=row)
        spent.append(time.perf_counter_ns() - start)
    answer["rate"].append(len(rows) / (time.perf_counter() - begin))
    spent.sort()
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999)):
        answer[name].append(spent[int(len(spent) * share)] / 1e9)
    answer["max"].append(spent[-1] / 1e9)
print(json.dumps(answer))
