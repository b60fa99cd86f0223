"""What two releases tell together: by how much a cell has changed."""

from __future__ import annotations

from dataclasses import dataclass

from .linked import Key
from .printed import Printed


@dataclass(frozen=True)
class Change:
    """Cells that two releases together say too much about.

    Parameters
    ----------
    changed : frozenset of tuple of str
        Cells known to have changed by 1 to k - 1.
    opened : frozenset of tuple of str
        Cells withheld in a release that can't be 0, or can't be k, beside the other one.
    """

    changed: frozenset[Key]
    opened: frozenset[Key]


def compare(earlier: Printed, later: Printed, k: int) -> Change:
    """Compare two releases of the same records.

    Parameters
    ----------
    earlier, later : Printed
        What was printed, and what would be.
    k : int
        Smallest count that is printed.

    Returns
    -------
    Change
        Without cells if both together tell no small change.
    """
    both = earlier.cells.keys() & later.cells.keys()
    changed = {key for key in both if 0 < abs(later.cells[key] - earlier.cells[key]) < k}
    return Change(frozenset(changed), frozenset())
