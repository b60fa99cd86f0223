"""Maximal covering with probabilities: greedy, by integer programming, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

Floats = NDArray[np.float64]
Reach = Callable[[Sequence[int]], Floats]

# A post that adds less than this share of the flow is not worth naming.
LEAST_GAIN = 1e-4
# Gains that differ by less are the same.
SAME = 1e-9
# Time that integer programming may take; what it has found by then is used, and its bound holds.
SECONDS = 60.0


@dataclass(frozen=True)
class Problem:
    """Which posts can be chosen, and what each would meet.

    ``chance`` holds the probability of each pair (row) to pass each place (column), ``weight`` the
    share of the flow of each pair; ``apart`` says which two places may not both have a post.
    """

    chance: Floats
    weight: Floats
    free: NDArray[np.bool_]
    fixed: tuple[int, ...]
    apart: NDArray[np.bool_] | None
    p: int

    def open_to(self, chosen: Sequence[int]) -> NDArray[np.int64]:
        """Return the places that may be added to those chosen."""
        allowed = self.free.copy()
        for at in chosen:
            allowed[at] = False
            if self.apart is not None:
                allowed &= ~self.apart[at]
        return np.flatnonzero(allowed)

    def value(self, reach: Reach | None) -> Reach:
        """Return the function from posts to the share of the flow of each pair that is reached.

        Without an exact one, a pair is reached as by the best of its posts alone.
        """

        def value(chosen: Sequence[int]) -> Floats:
            if reach is not None:
                return self.weight * reach(chosen)
            best = self.chance[:, list(chosen)].max(axis=1, initial=0.0)
            return np.asarray(self.weight * best)

        return value


def greedy(problem: Problem, reach: Reach | None) -> tuple[tuple[int, ...], float]:
    """Add the post that adds most, again and again; return the places and a bound.

    What is reached by any set on the way plus the ``p`` largest gains from there is never less than
    the best possible.
    """
    value = problem.value(reach)
    chosen = list(problem.fixed)
    total = float(value(chosen).sum())
    bound = 1.0
    # What a place can add at most. It only shrinks, so most places need no second look (Minoux).
    most = np.where(problem.free, problem.weight @ problem.chance, 0.0)
    for step in range(problem.p + 1):
        # Nor can a place add to a pair more than what is not reached yet.
        left = problem.weight - value(chosen)
        likely = problem.weight[:, None] * problem.chance
        most = np.minimum(most, np.minimum(likely, np.maximum(left, 0.0)[:, None]).sum(axis=0))
        best = _next(problem, value, chosen, total, most)
        bound = min(bound, total + float(np.sort(most)[-problem.p :].sum()))
        if step == problem.p or best is None or most[best] <= LEAST_GAIN:
            break
        chosen.append(best)
        total = float(value(chosen).sum())
        most[best] = 0.0
    return tuple(chosen), bound


def _next(
    problem: Problem, value: Reach, chosen: list[int], total: float, most: Floats
) -> int | None:
    """Return the place that adds most; what is found on the way is written into ``most``."""
    allowed = problem.open_to(chosen)
    best, gain = None, -1.0
    for at in allowed[np.argsort(-most[allowed], kind="stable")].tolist():
        if most[at] < gain - SAME:
            break
        most[at] = min(float(most[at]), float(value([*chosen, at]).sum()) - total)
        # Equal but for rounding is equal: the place that comes first is taken.
        if most[at] > gain + SAME or (most[at] > gain - SAME and best is not None and at < best):
            best, gain = at, max(gain, float(most[at]))
    return best


def solve_cover(problem: Problem) -> tuple[tuple[int, ...], float]:
    """Solve the maximal covering problem with probabilities added up, at most to 1."""
    import scipy.sparse as sp
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs, places = problem.chance.shape
    # Variables: a post or none at each place, then how much of each pair is covered.
    cost = np.concatenate([np.zeros(places), -problem.weight])
    low = np.zeros(places + pairs)
    low[list(problem.fixed)] = 1.0
    high = np.concatenate([problem.free.astype(float), np.ones(pairs)])
    high[list(problem.fixed)] = 1.0
    covered = sp.hstack([-sp.csr_array(problem.chance), sp.eye_array(pairs)], format="csr")
    count = np.concatenate([np.ones(places), np.zeros(pairs)])[None, :]
    limits = [
        LinearConstraint(covered, -np.inf, 0.0),
        LinearConstraint(count, 0, problem.p + len(problem.fixed)),
    ]
    if problem.apart is not None:
        limits += _apart(problem, places + pairs)
    found = milp(
        cost,
        integrality=np.concatenate([np.ones(places), np.zeros(pairs)]),
        bounds=Bounds(low, high),
        constraints=limits,
        options={"time_limit": SECONDS},
    )
    if found.x is None:
        return problem.fixed, 1.0
    bound = -float(found.mip_dual_bound) if found.mip_dual_bound is not None else 1.0
    extra = np.flatnonzero((found.x[:places] > 0.5) & problem.free)
    useful = [int(at) for at in extra if problem.weight @ problem.chance[:, at] > LEAST_GAIN]
    return (*problem.fixed, *useful), bound


def _apart(problem: Problem, size: int) -> list[LinearConstraint]:
    """Return one limit per two places that may not both be chosen (fixed ones are as they are)."""
    import scipy.sparse as sp
    from scipy.optimize import LinearConstraint

    assert problem.apart is not None
    one, other = np.nonzero(np.triu(problem.apart))
    there = np.isin(one, problem.fixed) & np.isin(other, problem.fixed)
    one, other = one[~there], other[~there]
    if not len(one):
        return []
    row = np.tile(np.arange(len(one)), 2)
    both = sp.csr_array((np.ones(2 * len(one)), (row, np.concatenate([one, other]))),
                        shape=(len(one), size))  # fmt: skip
    return [LinearConstraint(both, 0, 1)]
