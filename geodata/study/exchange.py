"""Moves of two records that change no printed sum, found without any programme.

Two records leave their atoms, two others appear. To see whether a printed sum changes, each atom
has a number, the sum of random numbers of the printed cells that it is in: nothing changes if these
numbers add up. They have 62 bits, and who uses a move looks at its sums anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Indices = NDArray[np.signedinteger[Any]]

TRIES = 20_000  # pairs of records that exchange codes, at once
LOTS = 400  # pairs of records tried for one atom
FEW = 3  # moves kept for one atom


class Exchange:
    """What records can do where some cells are printed.

    Parameters
    ----------
    shape : sequence of int
        Number of codes of each dimension.
    sums : sparse array
        Printed cells by atoms, without those that are single atoms.
    free : array of int
        Atoms that are not printed themselves.
    records : array of int
        Those of them that have records.
    rng : Generator
        What is tried is drawn from it.
    """

    def __init__(
        self,
        shape: Sequence[int],
        sums: sp.csr_array,
        free: Indices,
        records: Indices,
        rng: np.random.Generator,
    ) -> None:
        self.shape, self.records, self.rng = tuple(shape), records, rng
        weights = rng.integers(1, 2**62, sums.shape[0], dtype=np.int64)
        self.names: NDArray[np.int64] = np.asarray(sums.T @ weights, dtype=np.int64)
        self.free = np.zeros(sums.shape[1], dtype=bool)
        self.free[free] = True
        self.order = free[np.argsort(self.names[free], kind="stable")]
        self.sorted = self.names[self.order]

    def by_lot(self) -> sp.csc_array:
        """Return moves in which two records exchange some codes, one a column."""
        pair = self.rng.choice(self.records, (2, TRIES))
        codes = np.array(np.unravel_index(pair, self.shape))  # dimension, which of both, try
        turn = self.rng.random((len(self.shape), 1, TRIES)) < 0.5
        other = np.ravel_multi_index(tuple(np.where(turn, codes[:, ::-1], codes)), self.shape)
        good = self.free[other].all(axis=0)
        good &= self.names[pair].sum(axis=0) == self.names[other].sum(axis=0)
        good &= (other != pair).all(axis=0) & (other != pair[::-1]).all(axis=0)
        good &= (pair[0] != pair[1]) & (other[0] != other[1])
        return self._moves(*pair[:, good], *other[:, good])

    def into(self, atoms: Indices) -> sp.csc_array:
        """Return moves that bring a record into each of some atoms, a few for each if there are."""
        z = np.repeat(atoms, LOTS)
        turn = self.rng.integers(0, len(self.shape), len(z))
        # A record that shares a code with z, and one that shares the next.
        one, two = self._sharing(z, turn), self._sharing(z, (turn + 1) % len(self.shape))
        wanted = self.names[one] + self.names[two] - self.names[z]
        start = np.searchsorted(self.sorted, wanted)
        end = np.searchsorted(self.sorted, wanted, side="right")
        at = np.flatnonzero((end > start) & (one != z) & (two != z) & (one != two))
        z, one, two, start, end = z[at], one[at], two[at], start[at], end[at]
        w = self.order[start + self.rng.integers(0, 2**31, len(at)) % (end - start)]
        # Where w is one of both records, only the other one moves.
        at = np.flatnonzero(w != z)
        _, first, run = np.unique(z[at], return_index=True, return_inverse=True)
        at = at[np.arange(len(at)) - first[run] < FEW]  # those of one atom stand together
        return self._moves(one[at], two[at], z[at], w[at])

    def _sharing(self, z: Indices, axes: Indices) -> Indices:
        """Return for each atom a record by lot that has its code on some axis, if there is one."""
        found = self.rng.choice(self.records, len(z))
        codes = np.array(np.unravel_index(self.records, self.shape))
        wanted = np.array(np.unravel_index(z, self.shape))
        for axis in range(len(self.shape)):
            mine = np.flatnonzero(axes == axis)
            order = np.argsort(codes[axis], kind="stable")
            start, end = (
                np.searchsorted(codes[axis][order], wanted[axis][mine], side=side)
                for side in ("left", "right")
            )
            has = end > start
            mine, start, end = mine[has], start[has], end[has]
            lot = self.rng.integers(0, 2**31, len(mine)) % np.maximum(1, end - start)
            found[mine] = self.records[order[start + lot]]
        return found

    def _moves(self, one: Indices, two: Indices, z: Indices, w: Indices) -> sp.csc_array:
        columns = np.repeat(np.arange(len(one)), 4)
        rows = np.stack([one, two, z, w]).T.ravel()
        signs = np.tile([-1, -1, 1, 1], len(one))
        moves = sp.csc_array(
            (signs, (rows, columns)), shape=(len(self.names), len(one)), dtype=np.int64
        )
        moves.eliminate_zeros()
        return moves
