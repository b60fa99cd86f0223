"""Linked tables as one system: every cell of every table is a sum of the same atoms.

An atom is one combination of the finest codes (an origin, a destination, a year, ...). Tables that
count the same records are linked through their atoms, whatever margins and levels they print, so
one system holds all that an attacker could add up or subtract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Key = tuple[str, ...]
ALL = ""  # the code of everything in a dimension


@dataclass(frozen=True)
class Dimension:
    """One way of dividing the records: its finest codes, and the codes that stand for several.

    Parameters
    ----------
    name : str
        What is divided, such as ``origin``.
    leaves : tuple of str
        The finest codes; every record has one.
    groups : mapping of str to tuple of str
        From a code of a higher level to its leaves. ``""``, all leaves, need not be named.
    """

    name: str
    leaves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def codes(self) -> tuple[str, ...]:
        """Return every code: all, the groups, the leaves."""
        return tuple(dict.fromkeys((ALL, *self.groups, *self.leaves)))

    def members(self, code: str) -> tuple[str, ...]:
        """Return the leaves of a code."""
        if code in self.groups:
            return tuple(self.groups[code])
        return self.leaves if code == ALL else (code,)


@dataclass(frozen=True)
class System:
    """Cells with their values, and the atoms that each is the sum of.

    Parameters
    ----------
    dimensions : tuple of Dimension
        What the keys name, in their order.
    keys : tuple of tuple of str
        One code per dimension for each cell; each key once.
    values : array of int64
        Value of each cell.
    atoms : array of int64
        Count of each atom.
    holds : sparse array
        One row per cell, one column per atom, 1 where the cell holds the atom.
    """

    dimensions: tuple[Dimension, ...]
    keys: tuple[Key, ...]
    values: NDArray[np.int64]
    atoms: NDArray[np.int64]
    holds: sp.csr_array


Table = Mapping[str, Sequence[str]]


def build_system(
    dimensions: Sequence[Dimension],
    counts: Mapping[Key, int],
    tables: Iterable[Table] | None = None,
) -> System:
    """Build the system of all cells that some tables print.

    Parameters
    ----------
    dimensions : sequence of Dimension
        How the records are divided.
    counts : mapping of tuple of str to int
        Records of each combination of leaves; one that is absent counts zero.
    tables : iterable of mapping, optional
        For each table the codes that it prints of each dimension; a dimension that it does not name
        is summed up. By default one table with all codes of all dimensions.

    Returns
    -------
    System
        Every cell once, also those that count zero: in a list, what is absent says "none".

    Raises
    ------
    KeyError
        If a count or a table names a code that is not in its dimension.
    """
    dimensions = tuple(dimensions)
    tables = [{d.name: d.codes() for d in dimensions}] if tables is None else list(tables)
    atoms = np.zeros([len(d.leaves) for d in dimensions], dtype=np.int64)
    places = [{leaf: i for i, leaf in enumerate(d.leaves)} for d in dimensions]
    for key, count in counts.items():
        atoms[tuple(place[code] for place, code in zip(places, key, strict=True))] += count
    keys: dict[Key, None] = {}
    rows = []
    for table in tables:
        chosen = [tuple(table.get(d.name, (ALL,))) for d in dimensions]
        held = sp.csr_array(np.ones((1, 1), dtype=np.int64))
        for dimension, place, codes in zip(dimensions, places, chosen, strict=True):
            part = np.zeros((len(codes), len(place)), dtype=np.int64)
            for row, code in enumerate(codes):
                part[row, [place[leaf] for leaf in dimension.members(code)]] = 1
            held = sp.csr_array(sp.kron(held, sp.csr_array(part), format="csr"))
        printed = list(product(*chosen))
        new = [row for row, key in enumerate(printed) if key not in keys]
        keys |= dict.fromkeys(printed)
        rows.append(held[new])
    holds = sp.csr_array(sp.vstack(rows, format="csr"))
    holds.sort_indices()
    flat = atoms.ravel()
    return System(dimensions, tuple(keys), np.asarray(holds @ flat), flat, holds)
