"""Shares of few answers, told with how sure they are, and withheld where they would point at somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

#: Nothing is exported that rests on fewer persons, cases or answers.
FEWEST = 5
#: Two-sided, 95 %.
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`, as a share from 0 to 1 with its 95 % interval (Wilson score)."""

    count: int
    n: int

    @property
    def value(self) -> float:
        """The share itself; 0 of nothing is 0."""
        return self.count / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The interval, which is everything where nobody answered."""
        if not self.n:
            return 0.0, 1.0
        p, n, z2 = self.value, self.n, _Z**2
        middle, half = p + z2 / (2 * n), _Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        # What rounding lets fall short at 0 and 1 is made good, so that the share never lies outside.
        low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
        return max(0.0, min(low, p)), min(1.0, max(high, p))


def shares(counts: Sequence[int]) -> tuple[Share, ...] | None:
    """The share of each answer among all; None where there are too few to be shown."""
    n = sum(counts)
    return tuple(Share(count, n) for count in counts) if n >= FEWEST else None
