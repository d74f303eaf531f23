"""Evidently: the drift preset on two frames of mixed types. Runs in the environment `evidently`.

    python evidently_compare.py COLUMNS ROWS

Prints seconds of the run (from pandas frames to the values, imports and a first small run apart), seconds
and bytes of its HTML page.
"""

import json
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
from evidently import Dataset, Report  # type: ignore[import-not-found] # noqa: E402
from evidently.presets import DataDriftPreset  # type: ignore[import-not-found] # noqa: E402

from benchmarks import wide_data  # noqa: E402

count, rows = int(sys.argv[1]), int(sys.argv[2])
frames = [pd.DataFrame(wide_data.columns(count, rows, seed)) for seed in (0, 1)]
Report([DataDriftPreset()]).run(*(Dataset.from_pandas(frame.head(100)) for frame in frames)).dict()

start = time.perf_counter()
reference, current = (Dataset.from_pandas(frame) for frame in frames)
snapshot = Report([DataDriftPreset()]).run(current, reference)
snapshot.dict()
ran = time.perf_counter()
page = snapshot.get_html_str(as_iframe=False)
drawn = time.perf_counter()
answer = {"seconds": [ran - start], "html_seconds": [drawn - ran], "html_bytes": [len(page.encode())]}
print(json.dumps(answer))
