"""A service that logs until it is killed, and says what it has logged and when.

    python killed_logger.py CHECKPOINT OUTPUT RUN

Each run counts in a column of its own. Lines of its output are a time of the monotonic clock and a count.
"""

import sys
import time
from pathlib import Path

import tidegauge as tg

checkpoint, output, run = sys.argv[1:]


def write(profiles: tg.ProfileSet, id: str) -> None:  # noqa: A002 - the word
    """Write one file for each id."""
    profiles.write(Path(output) / f"{id}.parquet")


logger = tg.Logger("rides", window="1s", segments=["city"], writers=write, checkpoint=checkpoint)
column = f"run {run}"
count = 0
while True:
    for _ in range(50):
        logger.record({column: count, "city": f"city {count % 20}", "text": f"value {count % 37}"})
        count += 1
    print(time.monotonic(), count, flush=True)
    time.sleep(0.001)
