"""whylogs: which columns of unchanged data its defaults call drifted. Runs in the environment `whylogs`.

    python whylogs_drift.py CELLS.json

`calculate_drift_scores` with every default (KS of the sketches for numbers, chi-square of the frequent items
for the rest), a column a repetition; its category DRIFT is p < 0.05. Prints a line of JSON a cell.
"""

import json
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
warnings.filterwarnings("ignore")

import whylogs as why  # type: ignore[import-not-found] # noqa: E402
from whylogs.viz.drift.column_drift_algorithms import (  # type: ignore[import-not-found] # noqa: E402
    calculate_drift_scores,
)

from benchmarks.calibration import frames  # noqa: E402

for name, _, reference, current in frames.pairs(json.loads(Path(sys.argv[1]).read_text())):
    views = {"target_view": why.log(current).view(), "reference_view": why.log(reference).view()}
    scores = [score for score in calculate_drift_scores(**views, with_thresholds=True).values() if score]
    answer = {
        "cell": name,
        "alarms": sum(score["drift_category"] == "DRIFT" for score in scores),
        "judged": len(scores),
        "method": ", ".join(sorted({score["algorithm"] for score in scores})),
    }
    print(json.dumps(answer), flush=True)
