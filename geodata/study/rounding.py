"""Controlled rounding: every cell is printed as a multiple of a base, and all still adds up.

The alternative to withholding where a cross would lose most of its cells. Each cell is rounded to
one of the two multiples beside it (a multiple stays as it is), so that a printed 0 means fewer than
the base and nothing printed is off by the base or more. Which of both is chosen so that the atoms,
and with them all sums, agree; among the choices that do, the one nearest to the truth is taken.

References
----------
L. H. Cox (1987), "A constructive procedure for unbiased controlled rounding", Journal of the
American Statistical Association 82(398), 520-524.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from .linked import System
from .work import UnprotectedError

BASES = (5, 10)
NODES = 20_000


@dataclass(frozen=True)
class Fault:
    """What is wrong with rounded figures.

    Parameters
    ----------
    off : tuple of int
        Cells that are the base or more away from their count, or round a multiple.
    loose : tuple of int
        Cells that are no multiple of the base.
    unequal : tuple of int
        Cells that are not the sum of the atoms printed.
    """

    off: tuple[int, ...]
    loose: tuple[int, ...]
    unequal: tuple[int, ...]

    @property
    def none(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.off or self.loose or self.unequal)


def round_table(system: System, base: int, *, seconds: float = 60.0) -> NDArray[np.int64]:
    """Round all cells of a system to multiples of a base, so that they add up.

    Parameters
    ----------
    system : System
        All cells of a release.
    base : {5, 10}
        What every figure is a multiple of.
    seconds : float
        How long the search may take, as a last resort: it is bounded by its steps.

    Returns
    -------
    array of int64
        A figure for each cell: at most ``base - 1`` from its count, and itself where the count is a
        multiple.

    Raises
    ------
    ValueError
        If the base is another one.
    UnprotectedError
        If no such figures were found: linked tables of three dimensions may have none.
    """
    if base not in BASES:
        raise ValueError(base)
    atoms = len(system.atoms)
    down, rest = system.values // base, system.values % base
    held = sp.csr_array(system.holds)
    # Where atoms are no cells themselves, only their sums are printed: they are free to move.
    result = milp(
        # Rounding up costs what it adds, less what rounding down would take away.
        np.asarray(held.T @ np.where(rest > 0, base - 2.0 * rest, 0.0)),
        constraints=LinearConstraint(held.astype(float), down, down + (rest > 0)),
        integrality=np.ones(atoms, dtype=int),
        bounds=Bounds(0, np.inf),
        options={"node_limit": NODES, "mip_rel_gap": 0.02, "time_limit": seconds},
    )
    if result.x is None:
        raise UnprotectedError
    return np.asarray(base * (held @ np.rint(result.x).astype(np.int64)))


def check_rounding(system: System, figures: NDArray[np.int64], base: int) -> Fault:
    """Look at rounded figures: near their counts, multiples, and additive.

    Parameters
    ----------
    system : System
        All cells of a release.
    figures : array of int64
        What would be printed for each.
    base : int
        What they should be multiples of.

    Returns
    -------
    Fault
        `Fault.none` if they may be printed.
    """
    exact = system.values % base == 0
    away = np.abs(figures - system.values)
    off = (away >= base) | (exact & (away > 0)) | (figures < 0)
    loose = figures % base != 0
    # A cell whose parts are printed as cells is their sum.
    single = np.diff(system.holds.indptr) == 1
    printed = np.full(len(system.atoms), -1, dtype=np.int64)
    printed[system.holds.indices[system.holds.indptr[:-1][single]]] = figures[single]
    inside = system.holds @ (printed < 0).astype(np.int64)
    unequal = (inside == 0) & (system.holds @ np.maximum(printed, 0) != figures)
    return Fault(*(tuple(np.flatnonzero(part).tolist()) for part in (off, loose, unequal)))
