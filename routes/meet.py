"""How likely a journey meets a set of arcs: a link, a place, or several of them.

Exact, not sampled: with K the journeys that end at their destination (killed there), the
probability that a journey s -> t uses any arc of a set E is ::

    K[s, E] @ inverse(K[E, E]) @ onward[E] / h[s]

the weight of reaching E for the first time, times the weight of going on from there to t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .arcs import Arcs, Floats, Ints
from .assign import Block, start_values
from .walks import Columns, Walks


@dataclass(frozen=True)
class ArcSets:
    """Sets of arcs, one after another.

    Parameters
    ----------
    arcs : ndarray of int
        All arcs of all sets.
    owner : ndarray of int
        The set of each.
    count : int
        Number of sets.
    """

    arcs: Ints
    owner: Ints
    count: int


def make_sets(sets: Sequence[Ints]) -> ArcSets:
    """Write sets of arcs one after another."""
    return ArcSets(
        np.concatenate([*sets, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        np.repeat(np.arange(len(sets)), [len(one) for one in sets]),
        len(sets),
    )


@dataclass(frozen=True)
class Meeting:
    """What meeting some sets needs of Z, for one `Walks`.

    Parameters
    ----------
    walks : Walks
        The journeys.
    sets : ArcSets
        The sets.
    columns : Columns
        Z[:, E] with E the arcs of all sets.
    among : ndarray of float, shape (arcs of sets, arcs of sets)
        Z[E, E].
    """

    walks: Walks
    sets: ArcSets
    columns: Columns
    among: Floats


def prepare(walks: Walks, sets: ArcSets) -> Meeting:
    """Solve for the arcs of all sets.

    Parameters
    ----------
    walks : Walks
        The journeys.
    sets : ArcSets
        What may be met.

    Returns
    -------
    Meeting
        For `meet`.
    """
    columns = walks.columns(sets.arcs)
    return Meeting(walks, sets, columns, columns.at(sets.arcs))


def meet(meeting: Meeting, arcs: Arcs, block: Block, number: int) -> Floats:
    """Return how likely the journeys to one destination meet each set.

    Parameters
    ----------
    meeting : Meeting
        The sets.
    arcs : Arcs
        The network.
    block : Block
        Where the destination was solved for, with the same walks.
    number : int
        Its place in the block.

    Returns
    -------
    ndarray of float, shape (origins of the reach, sets)
        Between 0 and 1. A set that holds the first arc of nothing and the last of nothing is met
        on the way; an arc into the destination is met by arriving along it.
    """
    reach, sets = block.reaches[number], meeting.sets
    onward = block.onward[sets.arcs, number]
    lasts = meeting.columns.at(reach.last)
    come = start_values(meeting.walks, arcs, meeting.columns, reach.origins)
    come = come - reach.by @ lasts
    first = np.linalg.solve(reach.back, lasts)
    result = np.zeros((len(reach.origins), sets.count))
    # Arcs into the destination end a journey: they leave their set and count by themselves.
    ending = np.isin(sets.arcs, reach.last)
    away = block.columns.at(sets.arcs)[:, block.own(number)]
    by_end = np.linalg.solve(reach.back.T, away.T).T  # weight onward, by the last arc
    for arc in np.flatnonzero(ending):
        last = np.flatnonzero(reach.last == sets.arcs[arc])[0]
        result[:, sets.owner[arc]] += reach.by[:, last]
        onward = np.where(sets.owner == sets.owner[arc], onward - by_end[:, last], onward)
    free = np.flatnonzero(~ending)
    size = np.bincount(sets.owner[free], minlength=sets.count)
    order = free[np.argsort(sets.owner[free], kind="stable")]
    begin = np.cumsum(size) - size
    for width in np.unique(size[size > 0]):
        chosen = np.flatnonzero(size == width)
        members = order[begin[chosen][:, None] + np.arange(width)]  # (sets, width)
        inner = meeting.among[members[:, :, None], members[:, None, :]]
        inner = inner - np.einsum("nik,knj->nij", away[members], first[:, members])
        value = np.linalg.solve(inner, onward[members][:, :, None])[:, :, 0]
        result[:, chosen] += np.einsum("snw,nw->sn", come[:, members], value)
    probability: Floats = np.clip(result / reach.total[:, None], 0.0, 1.0)
    return probability
