"""A service that logs as fast as it can until it is killed.

    python victim.py CHECKPOINT OUTPUT RUN

Each run has a column of its own, in which it counts. It prints `safe N` when the first N of its records
are on disk.
"""

import sys
from pathlib import Path

import tidegauge as tg

checkpoint, output, run = sys.argv[1:]


def write(profiles: tg.ProfileSet, name: str) -> None:
    profiles.write(Path(output) / f"{name}.parquet")


logger = tg.Logger("rides", window="1s", writers=write, checkpoint=checkpoint, checkpoint_seconds=0.02)
column = f"run {run}"
count = 0
while True:
    for _ in range(500):
        logger.record({column: count, "text": f"value {count % 37}"})
        count += 1
    if not logger._worker.round(30.0):
        raise SystemExit("no round in time")
    if logger.status().checkpoint_error:
        raise SystemExit(logger.status().checkpoint_error)
    sys.stdout.write(f"safe {count}\n")
    sys.stdout.flush()
