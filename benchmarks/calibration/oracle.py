"""The exact tests on raw data, by which the power of a test on profiles is judged.

Numbers without ties: two-sample Kolmogorov–Smirnov by SciPy. Numbers with ties: the same statistic, its null
by permutation. Categories: χ² of homogeneity, its null by permutation; two categories: Fisher's exact test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.calibration.data import Population, Sample

LEVEL = 0.05
PERMUTATIONS = 999
BATCH = 111
CLEAR, CLEAR_OF_DENSE = (1e-6, 0.5), (1e-3, 0.2)
# Up to here `scipy.stats.ks_2samp` is exact; beyond, it uses what `_rejects_continuous` names.
EXACT_UP_TO = 10_000
CONTINUOUS = ("normal", "lognormal", "nulls")
# By sizes: the greatest distance seen that SciPy does not reject, and the least that it does.
_BRACKETS: dict[tuple[int, int], tuple[float, float]] = {}


def rejects(population: Population, current: Sample, reference: Sample, rng: np.random.Generator) -> bool:
    """Tell whether the exact test of the distribution rejects at 5 %."""
    x, y = current.present, reference.present
    if population.categories:
        counts = np.stack([np.bincount(side, minlength=population.categories) for side in (x, y)])
        return rejects_counts(counts, rng)
    if population.shape in CONTINUOUS:
        return _rejects_continuous(x, y)
    return _rejects_tied(x, y, rng)


def rejects_nulls(current: Sample, reference: Sample) -> bool:
    """Tell whether Fisher's exact test of the null rates rejects at 5 %."""
    table = [_null_counts(side) for side in (current, reference)]
    return bool(stats.fisher_exact(table)[1] <= LEVEL)


def _null_counts(sample: Sample) -> tuple[int, int]:
    nulls = 0 if sample.nulls is None else int(sample.nulls.sum())
    return nulls, len(sample.values) - nulls


# Categories


def rejects_counts(counts: np.ndarray, rng: np.random.Generator) -> bool:
    """Tell whether a table of two rows is too far from homogeneous at 5 %.

    Where the approximation by χ² is far from 5 % on either side it decides, as permuting would.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return False
    if counts.shape[1] == 2:
        return bool(stats.fisher_exact(counts)[1] <= LEVEL)
    pooled, size = counts.sum(axis=0), int(counts[0].sum())
    found = _distance(counts[0], pooled, size)
    approximate = stats.chi2.sf(found * pooled.sum() / (pooled.sum() - size) / size, counts.shape[1] - 1)
    dense = pooled.min() * min(size, pooled.sum() - size) >= pooled.sum()
    clear = CLEAR_OF_DENSE if dense else CLEAR
    if not clear[0] < approximate < clear[1]:
        return bool(approximate <= LEVEL)
    return _permute(
        lambda trials: _distance(rng.multivariate_hypergeometric(pooled, size, trials), pooled, size) >= found
    )


def _distance(first: np.ndarray, pooled: np.ndarray, size: int) -> np.ndarray:
    """The statistic, but for a factor that permuting leaves alone: rounded, so that equal ones are equal."""
    expected = pooled * (size / pooled.sum())
    return np.round((((first - expected) ** 2) / pooled).sum(axis=-1) * pooled.sum(), 6)


def _permute(beats: Callable[[int], np.ndarray]) -> bool:
    """Count permuted statistics that reach the one found, until it is clear on which side of 5 % they end."""
    limit = int(LEVEL * (PERMUTATIONS + 1)) - 1
    reached = 0
    for _ in range(0, PERMUTATIONS, BATCH):
        reached += int(np.sum(beats(BATCH)))
        if reached > limit:
            return False
    return True


# Numbers


def distance(x: np.ndarray, y: np.ndarray) -> float:
    """Return the two-sample Kolmogorov–Smirnov statistic."""
    x, y = np.sort(x), np.sort(y)
    points = np.concatenate([x, y])
    below_x = np.searchsorted(x, points, side="right") / len(x)
    below_y = np.searchsorted(y, points, side="right") / len(y)
    return float(np.abs(below_x - below_y).max())


def _rejects_continuous(x: np.ndarray, y: np.ndarray) -> bool:
    """SciPy's verdict; what is known of the critical distance of these sizes saves most of the calls."""
    sizes, found = (len(x), len(y)), distance(x, y)
    if max(sizes) > EXACT_UP_TO:
        effective = np.round(sizes[0] * sizes[1] / sum(sizes))
        return bool(stats.kstwo.sf(found, effective) <= LEVEL)
    kept, rejected = _BRACKETS.get(sizes, (0.0, 1.0))
    if not kept < found < rejected:
        return found >= rejected
    verdict = bool(stats.ks_2samp(x, y).pvalue <= LEVEL)
    _BRACKETS[sizes] = (kept, found) if verdict else (found, rejected)
    return verdict


def _rejects_tied(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> bool:
    """Permute; the approximation without ties, which is careful, decides only where it rejects by far."""
    levels, codes = np.unique(np.concatenate([x, y]), return_inverse=True)
    pooled, size = np.bincount(codes), len(x)
    first = np.bincount(codes[:size], minlength=len(levels))
    found = _ladder(first, pooled, size)
    approximate = stats.kstwobign.sf(found / np.sqrt(float(size) * len(y) * pooled.sum()))
    if approximate <= CLEAR[0]:
        return True
    if len(levels) <= len(codes) // 8:
        return _permute(
            lambda trials: (
                _ladder(rng.multivariate_hypergeometric(pooled, size, trials), pooled, size) >= found
            )
        )
    return _permute(lambda trials: _shuffled(pooled, size, trials, rng) >= found)


def _ladder(first: np.ndarray, pooled: np.ndarray, size: int) -> np.ndarray:
    """The greatest distance of the first sample's steps from their share, in values of either."""
    total = int(pooled.sum())
    steps = np.cumsum(first, axis=-1) * total - np.cumsum(pooled) * size
    return np.abs(steps).max(axis=-1)


def _shuffled(pooled: np.ndarray, size: int, trials: int, rng: np.random.Generator) -> np.ndarray:
    total = int(pooled.sum())
    labels = np.zeros((trials, total), dtype=np.int32)
    labels[:, :size] = 1
    ends = np.cumsum(pooled)
    steps = (
        np.cumsum(rng.permuted(labels, axis=1), axis=1)[:, ends - 1].astype(np.int64) * total - ends * size
    )
    return np.abs(steps).max(axis=1)
