"""How strongly time counts: theta in plain terms."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.messages import Message

from .arcs import Floats

# Theta times the fastest hours of a pair. With "some", a route that takes a tenth longer than
# another is exp(-0.5) = 0.6 times as likely, one that takes half as long again 0.08 times.
LEVELS: Mapping[str, float] = {"fastest": math.inf, "few": 10.0, "some": 5.0, "many": 2.5}
DEFAULT_LEVEL = "some"
# Fastest hours are rounded to a power of this, so that pairs of about the same length share one
# factorisation; no pair is taken for shorter than the least.
STEP = math.sqrt(2.0)
LEAST_HOURS = 0.5
# Beyond these, per hour, sums lose their precision, and nothing changes any more: a journey of ten
# hours weighs a thousandth less than none, or nothing but the fastest way has any weight.
LEAST_THETA, MOST_THETA = 1e-4, 1e9


def read_theta(theta: float | str) -> float | str:
    """Check theta.

    Parameters
    ----------
    theta : float or str
        A number above 0, per hour, or "fastest", "few", "some" or "many" (alternatives).

    Returns
    -------
    float or str
        The number (at least 1e-4; infinite for "fastest" and above 1e9), or the level.

    Raises
    ------
    NetworkError
        If it is neither.
    """
    if theta == "fastest":
        return math.inf
    if isinstance(theta, str) and theta in LEVELS:
        return theta
    try:
        value = float(theta)
    except ValueError:
        value = math.nan
    if value > 0:
        return max(value, LEAST_THETA) if value <= MOST_THETA else math.inf
    fix = Message("A number is such as 0.2.")
    if isinstance(theta, str) and theta.isalpha() and theta != "nan":
        fix = suggestion(theta, LEVELS)
    raise NetworkError(
        Message(
            "theta is '{theta}'. Use one of {levels}, or a number above 0 (per hour). {fix}",
            theta=theta,
            levels=", ".join(LEVELS),
            fix=fix,
        )
    )


def thetas_of(level: str, hours: Floats) -> Floats:
    """Return theta for pairs by their fastest hours: the longer the journey, the smaller.

    Parameters
    ----------
    level : str
        A key of `LEVELS`.
    hours : ndarray of float
        Fastest hours of every pair.

    Returns
    -------
    ndarray of float
        Per hour; NaN where no path exists.
    """
    known = np.isfinite(hours)
    least = np.where(known, np.maximum(hours, LEAST_HOURS), 1.0)
    steps = np.round(np.log(least) / math.log(STEP)).astype(np.int64)
    # Halved by shifting, so that levels twice as strong have the same numbers, to the last digit.
    rounded = np.ldexp(np.where(steps % 2, STEP, 1.0), steps // 2)
    theta: Floats = np.where(known, LEVELS[level] / rounded, np.nan)
    return theta
