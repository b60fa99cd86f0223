"""Class breaks: the numbers behind the colours.

The three schemes give the breaks of mapclassify's ``FisherJenks``, ``Quantiles`` and
``EqualInterval`` (compared in the tests). They stand here because importing mapclassify takes
longer than drawing the whole map, and regions are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Scheme = Literal["jenks", "quantiles", "equal"]
Values = NDArray[np.float64]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
CLASSES = 5


def find_breaks(values: Sequence[float], *, scheme: Scheme, classes: int = CLASSES) -> list[float]:
    """Find the upper bounds of the classes.

    Parameters
    ----------
    values : sequence of float
        Values to classify, without NaN.
    scheme : {"jenks", "quantiles", "equal"}
        Natural breaks (Fisher-Jenks), equal counts, or equal steps from minimum to maximum.
    classes : int
        Number of classes wanted. Where there are no more distinct values than that, each is a class
        of its own, whatever the scheme.

    Returns
    -------
    list of float
        Upper bound of each class, ascending and distinct; the last is the maximum. A value belongs
        to the first class whose bound it does not exceed. Empty without values.

    References
    ----------
    Fisher, W. D. (1958), On grouping for maximum homogeneity, JASA 53, 789-798.
    """
    distinct = sorted(set(values))
    if len(distinct) <= classes:
        return [float(value) for value in distinct]
    ordered = np.sort(np.asarray(values, dtype="float64"))
    bounds = _METHODS[scheme](ordered, classes)
    return sorted({float(bound) for bound in bounds})


def find_class(value: float, breaks: Sequence[float]) -> int:
    """Return the number of the class that ``value`` belongs to, counting from 0.

    Parameters
    ----------
    value : float
        A value that was classified.
    breaks : sequence of float
        Upper bounds of the classes.

    Returns
    -------
    int
        Number of the class.
    """
    return min(int(np.searchsorted(np.asarray(breaks), value)), len(breaks) - 1)


def _equal(ordered: Values, classes: int) -> Iterable[float]:
    return np.append(np.linspace(ordered[0], ordered[-1], classes + 1)[1:-1], ordered[-1])


def _quantiles(ordered: Values, classes: int) -> Iterable[float]:
    return np.asarray(np.quantile(ordered, np.arange(1, classes + 1) / classes))


def _jenks(ordered: Values, classes: int) -> Iterable[float]:
    """Minimise the sum of squared deviations from the class means (dynamic programming)."""
    n = len(ordered)
    shifted = ordered - ordered.mean()
    sums = np.concatenate([[0.0], np.cumsum(shifted)])
    squares = np.concatenate([[0.0], np.cumsum(shifted**2)])

    def spread(first: NDArray[np.intp], last: int) -> Values:
        """Return the squared deviation of ``ordered[first:last]`` for each ``first``."""
        total = sums[last] - sums[first]
        return np.asarray(squares[last] - squares[first] - total**2 / (last - first))

    cost = np.array([0.0, *(spread(np.array([0]), last)[0] for last in range(1, n + 1))])
    starts = np.zeros((classes + 1, n + 1), dtype=int)
    for count in range(2, classes + 1):
        best = np.full(n + 1, np.inf)
        for last in range(count, n + 1):
            first = np.arange(count - 1, last)
            candidates = cost[first] + spread(first, last)
            chosen = int(np.argmin(candidates))
            best[last], starts[count, last] = candidates[chosen], first[chosen]
        cost = best
    bounds, last = [], n
    for count in range(classes, 0, -1):
        bounds.append(ordered[last - 1])
        last = starts[count, last]
    return bounds[::-1]


_METHODS: dict[Scheme, Callable[[Values, int], Iterable[float]]] = {
    "jenks": _jenks,
    "quantiles": _quantiles,
    "equal": _equal,
}
