"""Green's functions of journeys that do not turn round: what leads where, and how often.

A journey is a sequence of arcs. After arc a it goes on by any arc b that leaves the head of a,
except the way back along a, with weight ::

    B[a, b] = w[b] * exp(-theta * penalty[means[a], means[b]])
    w[b]    = reference[b] * exp(-theta * hours[b])

Everything asked of the model is a product with Z = inverse(I - B), the sum over all journeys. Z is
never formed: turning round is eliminated algebraically, which leaves a sparse system with one row
per place and means (see docs/method.md, "Corridors"), factorised once for all pairs.

A potential may be given, for each place and means one value g after arriving by it and one value r
when ready to leave by it: a change is then multiplied by exp(g - r), an arc by exp(r - g), which
changes no probability and keeps every number in range.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .arcs import Arcs, Floats, Ints, States, changes

if TYPE_CHECKING:
    import scipy.sparse as sp


def _first(arcs: Arcs, logs: Floats) -> Floats:
    """Return exp(logs), scaled so that the largest of each place is 1."""
    most = np.full(int(arcs.tail.max(initial=0)) + 1, -np.inf)
    np.maximum.at(most, arcs.tail, logs)
    first: Floats = np.exp(logs - most[arcs.tail])
    return first


# Right-hand sides solved for at once.
RIGHT_HAND_SIDES = 4


@dataclass(frozen=True)
class Walks:
    """Sums over all journeys on a network for one theta, by one sparse factorisation.

    Parameters
    ----------
    arcs : Arcs
        The network.
    theta : float
        How strongly time counts, per hour.
    potential : tuple of two ndarray of float, optional
        Values after arriving in each state of ``arcs.states`` and when ready to leave it.
    """

    arcs: Arcs
    theta: float
    potential: tuple[Floats, Floats] | None = None

    @property
    def states(self) -> States:
        """The rows of the system."""
        return self.arcs.states

    @cached_property
    def first(self) -> Floats:
        """Weight of each arc as the first of a journey, up to a factor per place."""
        logs = self.arcs.logs(self.theta)
        return _first(self.arcs, logs if self.potential is None else logs - self._arrived())

    def _arrived(self) -> Floats:
        """Return the potential at the head of each arc."""
        assert self.potential is not None
        return self.potential[0][self.states.into]

    @cached_property
    def weight(self) -> Floats:
        """W: weight of each arc after an arrival by the same means."""
        logs = self.arcs.logs(self.theta)
        if self.potential is not None:
            logs = logs + self.potential[1][self.states.out_of] - self._arrived()
        return np.exp(logs)

    @cached_property
    def back(self) -> Floats:
        """Weight of each arc straight after its opposite, so that no change comes between."""
        if self.potential is None:
            return self.weight
        arrived, ready = (gain[self.states.out_of] for gain in self.potential)
        return self.weight * np.exp(arrived - ready)

    @cached_property
    def turn(self) -> Floats:
        """1 / (1 - w w'), the sum over going to and fro on a link, per arc."""
        turned: Floats = 1.0 / (1.0 - self.back * _swap(self.back))
        return turned

    @cached_property
    def _change(self) -> sp.csr_array:
        """T: what is left of a weight after changing from one state of a place to another."""
        import scipy.sparse as sp

        states, (one, other) = self.states, changes(self.states)
        logs = -self.theta * self.arcs.penalty[states.means[one], states.means[other]]
        if self.potential is not None:
            logs = logs + self.potential[0][one] - self.potential[1][other]
        size = (len(states.place),) * 2
        return sp.csr_array((np.exp(logs), (one, other)), shape=size)

    @cached_property
    def _out(self) -> sp.csr_array:
        """Incidence of arcs (columns) and the states they leave (rows)."""
        return _incidence(self.states.out_of, len(self.states.place))

    @cached_property
    def _into(self) -> sp.csr_array:
        """Incidence of arcs (columns) and the states they reach (rows)."""
        return _incidence(self.states.into, len(self.states.place))

    @cached_property
    def _factor(self) -> Any:
        import scipy.sparse as sp
        import scipy.sparse.linalg as linalg

        states, size = self.states, (len(self.states.place),) * 2
        onward = sp.csr_array(
            (self.weight * self.turn, (states.out_of, states.into)), shape=size
        ).tocsr()
        turned = np.bincount(
            states.out_of, weights=self.weight * _swap(self.back) * self.turn, minlength=size[0]
        )
        system = sp.eye_array(size[0]) - self._change @ (onward - sp.diags_array(turned))
        # No pivoting: the system is an M-matrix, so elimination is stable and keeps small entries.
        return linalg.splu(
            system.tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )

    def _solve(self, right: Floats, trans: str = "N") -> Floats:
        """Solve for a few columns at a time: with many, BLAS threads burn more than they save."""
        solved = np.empty_like(right)
        for first in range(0, right.shape[1], RIGHT_HAND_SIDES):
            lot = slice(first, first + RIGHT_HAND_SIDES)
            solved[:, lot] = self._factor.solve(np.asfortranarray(right[:, lot]), trans=trans)
        return solved

    def columns(self, targets: Ints) -> Columns:
        """Return the columns Z[:, targets]."""
        import scipy.sparse as sp

        count, back = len(targets), targets ^ 1
        states, weight, turn = self.states, self.weight, self.turn
        rows = np.concatenate([states.out_of[targets], states.out_of[back]])
        values = np.concatenate(
            [(weight * turn)[targets], -(self.back * _swap(weight) * turn)[targets]]
        )
        numbers = np.tile(np.arange(count), 2)
        right = sp.csr_array((values, (rows, numbers)), shape=(len(states.place), count))
        return Columns(self, targets, self._solve((self._change @ right).toarray()))

    def arrive(self, sources: Floats) -> Floats:
        """Return transpose(Z) @ sources."""
        weight, back, turn = self.weight[:, None], self.back[:, None], self.turn[:, None]
        start = (sources - back * _swap(sources)) * turn
        arrivals = self._solve(self._into @ start, trans="T")
        ready = self._change.T @ arrivals
        onward = weight * ready[self.states.out_of]
        onward -= back * _swap(weight) * ready[self.states.into]
        total: Floats = start + turn * onward
        return total


@dataclass(frozen=True)
class Columns:
    """Some columns of Z.

    Parameters
    ----------
    walks : Walks
        Where they come from.
    targets : ndarray of int
        The arc of each column.
    onward : ndarray of float, shape (states, columns)
        What leads on from each state to the target.
    """

    walks: Walks
    targets: Ints
    onward: Floats

    def at(self, arcs: Ints) -> Floats:
        """Return the rows of ``arcs``, shape (arcs, columns); no arc twice."""
        states, back = self.walks.states, self.walks.back[arcs ^ 1]
        values = self.onward[states.into[arcs]]
        values -= back[:, None] * self.onward[states.out_of[arcs]]
        row = np.full(len(states.into), -1)
        row[arcs] = np.arange(len(arcs))
        for target, sign in ((row[self.targets], 1.0), (row[self.targets ^ 1], -1.0)):
            hit = np.flatnonzero(target >= 0)
            values[target[hit], hit] += sign if sign > 0 else -back[target[hit]]
        values *= self.walks.turn[arcs][:, None]
        return values

    def mix(self, factors: Floats) -> Floats:
        """Return the columns times ``factors``."""
        states, back = self.walks.states, _swap(self.walks.back)[:, None]
        mixed = self.onward @ factors
        values = mixed[states.into] - back * mixed[states.out_of]
        own = np.zeros_like(values)
        np.add.at(own, self.targets, factors)
        values += own - back * _swap(own)
        total: Floats = values * self.walks.turn[:, None]
        return total


def _swap(values: Floats) -> Floats:
    """Return the values of the opposite arcs."""
    swapped: Floats = values.reshape(-1, 2, *values.shape[1:])[:, ::-1].reshape(values.shape)
    return swapped


def _incidence(states: Ints, count: int) -> sp.csr_array:
    import scipy.sparse as sp

    ones = np.ones(len(states))
    return sp.csr_array((ones, (states, np.arange(len(states)))), shape=(count, len(states)))
