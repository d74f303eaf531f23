"""Evidently: the tests that its summary preset makes from a reference, on later windows. Runs in `evidently`.

    python evidently_suite.py HISTORY.parquet LATER.parquet WINDOW

WINDOW is the column that tells the window. Prints, for each window, how many tests there were and how
many failed.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
from evidently import Dataset, Report  # type: ignore[import-not-found] # noqa: E402
from evidently.presets import DataSummaryPreset  # type: ignore[import-not-found] # noqa: E402

history, later = (pd.read_parquet(path) for path in sys.argv[1:3])
window = sys.argv[3]
reference = Dataset.from_pandas(history.drop(columns=window))
answer = []
for _, frame in later.groupby(window):
    current = Dataset.from_pandas(frame.drop(columns=window))
    snapshot = Report([DataSummaryPreset()], include_tests=True).run(current, reference)
    tests = snapshot.dict()["tests"]
    failed = [test for test in tests if test["status"] != "SUCCESS"]
    answer.append({"tests": len(tests), "failed": len(failed), "first": str(failed[:1])[:200]})
print(json.dumps(answer))
