"""Tidegauge's side of the grid: samples into profiles, profiles into a verdict."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks.calibration.tally import Outcome

if TYPE_CHECKING:
    from benchmarks.calibration.data import Population, Sample

COLUMN = "x"


def column(sample: Sample, population: Population) -> pa.Array:
    """Return a sample as an Arrow array of the type that its population has."""
    if population.shape == "booleans":
        return pa.array(sample.values == 0)
    if population.labels:
        return pa.DictionaryArray.from_arrays(pa.array(sample.values), pa.array(population.labels))
    return pa.array(sample.values, mask=sample.nulls)


def profile(sample: Sample, population: Population, shards: int) -> tg.Profile:
    """Log a sample in one piece, or in shards that are merged."""
    table = pa.table({COLUMN: column(sample, population)})
    if shards == 1:
        return tg.log(table)
    ends = np.linspace(0, table.num_rows, shards + 1).astype(int)
    return tg.merge([tg.log(table.slice(int(start), int(end - start))) for start, end in pairwise(ends)])


def compare(current: tg.Profile, reference: tg.Profile) -> Outcome:
    """Compare two profiles of one column, with every default."""
    found = tg.compare(current, reference)[COLUMN]
    findings = {finding.aspect: finding for finding in found.findings}
    test = findings["distribution"].test if "distribution" in findings else ""
    p_values = {aspect: finding.p_value for aspect, finding in findings.items()}
    return Outcome(p_values, test, found.verdict)
