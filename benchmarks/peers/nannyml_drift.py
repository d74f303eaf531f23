"""NannyML: which chunks of unchanged data its defaults alert on. Runs in the environment `nannyml`.

    python nannyml_drift.py CELLS.json

`UnivariateDriftCalculator` with every default (Jensen–Shannon distance; ten chunks on either side; an alert
above mean + 3 standard deviations of the reference's own chunks), a column a repetition. `judged` counts
chunks; `any` counts repetitions with an alert in any of the ten. Where the reference has at least five times
as many rows as the current side, also with chunks of that side's size (`own_size_alarms`), which suits it
best. Prints a line of JSON a cell.
"""

import json
import logging
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import nannyml  # type: ignore[import-not-found] # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.calibration import frames  # noqa: E402
from benchmarks.calibration.data import Population  # noqa: E402


def alerts(
    population: Population, reference: pd.DataFrame, current: pd.DataFrame, **chunks: int
) -> np.ndarray:
    """Return alerts by chunk and column."""
    columns = list(reference.columns)
    treat = "treat_as_categorical" if population.categories else "treat_as_numerical"
    calculator = nannyml.UnivariateDriftCalculator(column_names=columns, **{treat: columns}, **chunks)
    result = calculator.fit(reference).calculate(current).filter(period="analysis").to_df()
    return np.stack([result[column]["jensen_shannon"]["alert"].to_numpy(bool) for column in columns], axis=1)


for name, population, reference, current in frames.pairs(json.loads(Path(sys.argv[1]).read_text())):
    found = alerts(population, reference, current)
    answer = {
        "cell": name,
        "alarms": int(found.sum()),
        "judged": found.size,
        "any": int(found.any(axis=0).sum()),
        "repetitions": found.shape[1],
        "method": "Jensen-Shannon, mean + 3 sd of ten reference chunks",
    }
    if len(reference) >= 5 * len(current):
        own = alerts(population, reference, current, chunk_size=len(current))
        answer |= {"own_size_alarms": int(own.sum()), "own_size_judged": own.size}
    print(json.dumps(answer), flush=True)
