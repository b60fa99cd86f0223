"""How strongly time counts: theta in plain terms."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.messages import Message

from .links import Floats

# Theta times the fastest hours of a pair. With "some", a way that takes a tenth longer than the
# fastest and shares nothing with it is exp(-0.5) = 0.61 times as likely, one that takes half as
# long again 0.08 times.
LEVELS: Mapping[str, float] = {"fastest": math.inf, "few": 10.0, "some": 5.0, "many": 2.5}
DEFAULT_LEVEL = "some"
# Beyond these, per hour, nothing changes any more: a journey of ten hours weighs a thousandth less
# than none, or nothing but the fastest way has any weight.
LEAST_THETA, MOST_THETA = 1e-4, 1e9


def read_theta(theta: float | str) -> float | str:
    """Check theta."""
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
    """Return theta, per hour, for pairs by their fastest hours: the longer, the smaller.

    Between ends that no time lies between, only what takes no time is taken.
    """
    with np.errstate(divide="ignore"):
        theta: Floats = np.divide(LEVELS[level], hours)
    return theta
