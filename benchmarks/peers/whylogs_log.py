"""whylogs: profile a Parquet file's table once. Runs in the environment `whylogs`.

    python whylogs_log.py FILE [ROUNDS]

Prints `{"seconds": [...], "bytes": [...]}`; the clock starts when the table is a pandas frame in memory.
"""

import json
import sys
import time

import pyarrow.parquet as pq
import whylogs as why  # type: ignore[import-not-found]

frame = pq.read_table(sys.argv[1]).to_pandas()
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
why.log(frame.head(100))
seconds, sizes = [], []
for _ in range(rounds):
    start = time.perf_counter()
    view = why.log(frame).view()
    seconds.append(time.perf_counter() - start)
    sizes.append(len(view.serialize()))
print(json.dumps({"seconds": seconds, "bytes": sizes}))
