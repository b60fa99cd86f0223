"""Chance in small counts: how far a reported count may lie from the rate behind it.

Written out instead of taken from scipy, because importing scipy takes longer than drawing a map.
The tests compare with scipy.
"""

from __future__ import annotations

import math
from functools import lru_cache

# Below this count a rate is marked as unstable: its relative standard error, one over the square
# root of the count, is above 22 per cent.
STABLE_FROM = 20
LEVEL = 0.95


@lru_cache(maxsize=4096)
def poisson_interval(count: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of the mean behind a Poisson count.

    Parameters
    ----------
    count : float
        Reported count, 0 or more.
    level : float
        Probability, between 0 and 1, that such intervals hold the mean (at least).

    Returns
    -------
    tuple of float
        Lower and upper bound, in counts. The lower bound of 0 is 0.

    Raises
    ------
    ValueError
        If ``count`` is negative or ``level`` is not between 0 and 1.

    References
    ----------
    Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437-442.

    Examples
    --------
    >>> low, high = poisson_interval(10)
    >>> round(low, 2), round(high, 2)
    (4.8, 18.39)
    """
    if count < 0 or not 0 < level < 1:
        raise ValueError(f"count {count}, level {level}")
    tail = (1 - level) / 2
    low = _gamma_quantile(tail, count) if count > 0 else 0.0
    return low, _gamma_quantile(1 - tail, count + 1)


def _gamma_quantile(probability: float, shape: float) -> float:
    """Return x with P(shape, x) = probability: Newton's steps, held inside a bracket."""
    low, high = 0.0, shape + 20 * math.sqrt(shape) + 40
    # Wilson and Hilferty's approximation for about 0.025 and 0.975 is a good start for any other.
    side = math.copysign(1.96, probability - 0.5)
    x = shape * max(1 - 1 / (9 * shape) + side / (3 * math.sqrt(shape)), 0.1) ** 3
    for _ in range(200):
        miss = _regularised_gamma(shape, x) - probability
        low, high = (x, high) if miss < 0 else (low, x)
        slope = math.exp((shape - 1) * math.log(x) - x - math.lgamma(shape))
        step = x - miss / slope if slope > 0 else math.inf
        following = step if low < step < high else (low + high) / 2
        if abs(following - x) <= 1e-12 * x:
            return following
        x = following
    return x


def _regularised_gamma(shape: float, x: float) -> float:
    """Return the lower regularised incomplete gamma function P(shape, x)."""
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        k = shape
        while term > total * 1e-16:
            k += 1
            term *= x / k
            total += term
        return scale * total
    # The continued fraction of the upper tail by Lentz's method.
    b = x + 1 - shape
    c, d = 1e300, 1 / b
    fraction = d
    for i in range(1, 100_000):
        a = -i * (i - shape)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return 1 - scale * fraction
