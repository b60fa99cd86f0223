"""Observed against expected flows: which pairs stand out once size and distance are allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from corredor.geodata.errors import MissingExtraError, NetworkError
from corredor.geodata.messages import Message
from numpy.typing import NDArray

Decay = Literal["exponential", "power"]
_DECAYS: dict[str, str] = {"exponential": "exp", "power": "pow"}


@dataclass(frozen=True)
class Expected:
    """Flows that a doubly constrained gravity model expects.

    Parameters
    ----------
    table : DataFrame
        One row per pair given, same index: ``origin``, ``destination``, ``value``, the cost,
        ``expected`` (float64, same unit as ``value``), ``ratio`` (value over expected) and
        ``residual`` (Pearson's: difference over the root of what is expected).
    decay : {"exponential", "power"}
        Form of the deterrence.
    beta, beta_error : float
        Its parameter (per unit of cost, or power of it; negative: the farther, the fewer) and the
        standard error.
    fit : float
        Share of the flow that model and report have in common (Sorensen similarity, 0 to 1).
    """

    table: pd.DataFrame
    decay: str
    beta: float
    beta_error: float
    fit: float


def expected_flows(
    flows: pd.DataFrame, *, cost: str = "hours", decay: Decay = "exponential"
) -> Expected:
    """Compare counted flows with what size and distance alone would give.

    The doubly constrained gravity model: expected = A_i O_i B_j D_j exp(beta c) or c^beta, where O
    and D are the totals of origins and destinations, which it keeps. So a pair does not stand out
    because both places are large or near each other. Fitted as a Poisson regression by PySAL's
    spint (extra ``gravity``).

    Parameters
    ----------
    flows : DataFrame
        One row per pair: ``origin``, ``destination``, ``value`` (counts of one publication and
        period, never evidence or shares), the column named by ``cost``, and, if it is there,
        ``value_kind``, which must be "count" throughout. A pair without a row is unknown, not zero.
    cost : str
        Column with the hours or kilometres between the two; above 0.
    decay : {"exponential", "power"}
        How flows fall off with cost.

    Returns
    -------
    Expected
        Sums over origins and over destinations are those of the values.

    Raises
    ------
    NetworkError
        If flows carry no counts, a pair stands twice, a cost is not above 0, or there are too few
        pairs to tell anything.
    MissingExtraError
        If spint is not installed.

    References
    ----------
    Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
    *Environment and Planning* 3(1), 1-32.
    Oshan, T. M. (2016). A primer for working with the spatial interaction modeling (SpInt) module
    in the Python Spatial Analysis Library (PySAL). *Region* 3(2), 11-23.
    """
    values, costs = _checked(flows, cost)
    if decay not in _DECAYS:
        raise NetworkError(
            Message("There is no decay '{decay}'. Use exponential or power.", decay=decay)
        )
    try:
        from spint.gravity import Doubly
    except ImportError as error:
        raise MissingExtraError(
            Message(
                "Expected flows need an extra: pip install 'corredor[{extra}]'.", extra="gravity"
            )
        ) from error
    origins, destinations = (flows[end].to_numpy(dtype=str) for end in ("origin", "destination"))
    model = Doubly(values.astype(np.int64), origins, destinations, costs, _DECAYS[decay])
    expected = np.asarray(model.yhat, dtype=float).reshape(-1)
    table = flows[["origin", "destination", "value", cost]].assign(
        expected=expected, ratio=values / expected, residual=(values - expected) / np.sqrt(expected)
    )
    common = 2 * np.minimum(values, expected).sum() / (values.sum() + expected.sum())
    return Expected(table, decay, float(model.params[-1]), float(model.std_err[-1]), float(common))


def _checked(flows: pd.DataFrame, cost: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values and costs as arrays, or refuse what is no table of counts."""
    for column in ("origin", "destination", "value", cost):
        if column not in flows:
            raise NetworkError(Message("The flows have no column '{column}'.", column=column))
    values = pd.to_numeric(flows["value"], errors="coerce").to_numpy(dtype=float)
    kinds = flows["value_kind"] if "value_kind" in flows else pd.Series("count", index=flows.index)
    counted = (kinds == "count").to_numpy() & (values >= 0) & (values % 1 == 0)
    if not counted.all():
        raise NetworkError(
            Message(
                "Expected flows can be computed from counts only, and {n} of {all} flows carry"
                " none (kinds: {kinds}). Evidence and shares are no counts: a pair that many"
                " publications name need not be a large one.",
                n=int((~counted).sum()),
                all=len(flows),
                kinds=", ".join(sorted(set(map(str, kinds)))),
            )
        )
    if flows.duplicated(["origin", "destination"]).any():
        raise NetworkError(
            Message(
                "A pair stands twice in the flows. Take the counts of one publication, period and"
                " purpose: counts of several are never added up."
            )
        )
    costs = pd.to_numeric(flows[cost], errors="coerce").to_numpy(dtype=float)
    if not (np.isfinite(costs) & (costs > 0)).all():
        raise NetworkError(
            Message(
                "Every flow needs a number above 0 in '{cost}'; {n} have none. Flows within one"
                " place, or between places that no way joins, have to be left out.",
                cost=cost,
                n=int((~(np.isfinite(costs) & (costs > 0))).sum()),
            )
        )
    needed = flows["origin"].nunique() + flows["destination"].nunique()
    if len(flows) <= needed or values.sum() <= 0:
        raise NetworkError(
            Message(
                "{n} pairs are too few for {needed} totals and the effect of distance: the model"
                " would only repeat them.",
                n=len(flows),
                needed=needed,
            )
        )
    return values, costs
