"""Load the Arrow table taxi(n), then profile it or not: tells what memory the profiling takes.

    python load_and_log.py ROWS log|load

Prints, in MB, what was resident when the table had been loaded and the most that was resident after.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tidegauge as tg
from benchmarks import measure, taxi

table = taxi.load(int(sys.argv[1]))
tg.log(table.slice(0, 10))
before = measure.resident_mb()
measure.reset_peak()
if sys.argv[2] == "log":
    tg.log(table)
print(json.dumps({"before": [before], "peak": [measure.peak_mb()]}))
