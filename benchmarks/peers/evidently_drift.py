"""Evidently: which columns of unchanged data its defaults call drifted. Runs in the environment `evidently`.

    python evidently_drift.py CELLS.json

Each cell is one report with a column a repetition: `ValueDrift` with every default, which is what
`DataDriftPreset` holds, without its pictures. Prints a line of JSON a cell.
"""

import json
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
warnings.filterwarnings("ignore")

from evidently import DataDefinition, Dataset, Report  # type: ignore[import-not-found] # noqa: E402
from evidently.metrics import ValueDrift  # type: ignore[import-not-found] # noqa: E402

from benchmarks.calibration import frames  # noqa: E402


def alarm(metric: dict) -> bool:
    """Tell whether Evidently calls it drift: p-values below the threshold, distances at or above."""
    threshold, method = metric["config"]["threshold"], metric["config"]["method"]
    value = float(metric["value"])
    return value < threshold if "p_value" in method else value >= threshold


for name, population, reference, current in frames.pairs(json.loads(Path(sys.argv[1]).read_text())):
    columns = list(reference.columns)
    kinds = {"categorical_columns" if population.categories else "numerical_columns": columns}
    sides = (
        Dataset.from_pandas(side, data_definition=DataDefinition(**kinds)) for side in (current, reference)
    )
    metrics = Report([ValueDrift(column=column) for column in columns]).run(*sides).dict()["metrics"]
    metrics = [metric for metric in metrics if metric["config"]["type"].endswith("ValueDrift")]
    if len(metrics) != len(columns):
        raise SystemExit(f"{len(metrics)} answers for {len(columns)} columns")
    methods = sorted({metric["config"]["method"] for metric in metrics})
    alarms = sum(map(alarm, metrics))
    answer = {"cell": name, "alarms": alarms, "judged": len(columns), "method": ", ".join(methods)}
    print(json.dumps(answer), flush=True)
