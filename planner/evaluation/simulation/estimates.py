"""Means over repetitions with 95 % confidence intervals by Student's t."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist, fmean, stdev

#: The 97.5 % quantile of Student's t for 1 to 30 degrees of freedom.
_T = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` repetitions; `low` and `high` bound it with 95 % confidence, None where there is one only."""

    mean: float
    low: float | None
    high: float | None
    n: int


def t_quantile(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: a table up to 30 degrees of freedom, Cornish and Fisher's series beyond."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    z = NormalDist().inv_cdf(0.975)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def estimate(values: Sequence[float | None]) -> Estimate | None:
    """The mean of the repetitions in which there was something to measure; None where there was in none."""
    found = [value for value in values if value is not None]
    if not found:
        return None
    mean = fmean(found)
    if len(found) == 1:
        return Estimate(mean, None, None, 1)
    half = t_quantile(len(found) - 1) * stdev(found) / math.sqrt(len(found))
    return Estimate(mean, mean - half, mean + half, len(found))


def level(values: Sequence[float | None], most: float) -> Estimate | None:
    """The mean of what is never below nothing or above `most`; nor is its interval."""
    found = estimate(values)
    if found is None or found.low is None or found.high is None:
        return found
    return replace(found, low=max(0.0, found.low), high=min(most, found.high))


def difference(first: Sequence[float | None], second: Sequence[float | None]) -> Estimate | None:
    """The mean of second less first, repetition by repetition: both have seen the same citizens."""
    pairs = zip(first, second, strict=True)
    return estimate([b - a if a is not None and b is not None else None for a, b in pairs])
