"""Class breaks: the numbers behind the colours.

The three schemes give the breaks of mapclassify's ``FisherJenks``, ``Quantiles`` and
``EqualInterval`` (compared in the tests). They stand here because importing mapclassify takes
longer than drawing the whole map, and regions are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, get_args

import numpy as np
from corredor.geodata.arguments import check_choice, check_type
from numpy.typing import NDArray

Scheme = Literal["jenks", "quantiles", "equal"]
Values = NDArray[np.float64]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
CLASSES = 5
# Last members of natural classes tried at once; bounds the memory.
AT_ONCE = 128


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
    check_choice(scheme, SCHEMES, "scheme")
    check_type(classes, int, "classes")
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

    def spread(first: NDArray[np.intp], last: NDArray[np.intp]) -> Values:
        """Return the squared deviation of ``ordered[first:last]``; infinite where it is empty."""
        total = sums[last] - sums[first]
        size = last - first
        within = squares[last] - squares[first] - total**2 / np.maximum(size, 1)
        return np.where(size > 0, within, np.inf)

    cost = np.append(0.0, spread(np.array([0]), np.arange(1, n + 1)))
    starts = np.zeros((classes + 1, n + 1), dtype=int)
    for count in range(2, classes + 1):
        best = np.full(n + 1, np.inf)
        for lot in range(count, n + 1, AT_ONCE):
            last = np.arange(lot, min(lot + AT_ONCE, n + 1))
            first = np.arange(count - 1, last[-1])[:, None]
            candidates = cost[first] + spread(first, last)
            chosen = np.argmin(candidates, axis=0)
            best[last] = candidates[chosen, np.arange(len(last))]
            starts[count, last] = chosen + count - 1
        cost = best
    bounds, end = [], n
    for count in range(classes, 0, -1):
        bounds.append(ordered[end - 1])
        end = starts[count, end]
    return bounds[::-1]


_METHODS: dict[Scheme, Callable[[Values, int], Iterable[float]]] = {
    "jenks": _jenks,
    "quantiles": _quantiles,
    "equal": _equal,
}
