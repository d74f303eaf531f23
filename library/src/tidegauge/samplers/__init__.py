"""Samplers: which raw records to keep for people to look at, beside a profile, which never holds any.

Choose samplers, put them into a `Sampling`, and hand that to whatever takes in data. Read what they kept from
the sampling, never from a profile:

>>> import tidegauge as tg
>>> sampling = tg.samplers.Sampling({"bad": tg.samplers.Failing("fare > 0", 10)})
>>> profile = tg.log({"fare": [5.0, -1.0, 7.5]}, "taxi", samplers=sampling)
>>> sampling["bad"].rows()
[{'fare': -1.0}]
"""

from __future__ import annotations

from tidegauge.samplers.failing import Failing
from tidegauge.samplers.folder import read_samples
from tidegauge.samplers.outliers import Outliers
from tidegauge.samplers.rare import Rare
from tidegauge.samplers.reservoir import Reservoir
from tidegauge.samplers.sampler import Sampler
from tidegauge.samplers.samples import SampleEstimate, Samples, Stratum
from tidegauge.samplers.sampling import Sampling, sample
from tidegauge.samplers.stratified import Stratified
from tidegauge.samplers.weighted import Weighted

__all__ = [
    "Failing",
    "Outliers",
    "Rare",
    "Reservoir",
    "SampleEstimate",
    "Sampler",
    "Samples",
    "Sampling",
    "Stratified",
    "Stratum",
    "Weighted",
    "read_samples",
    "sample",
]
