"""How likely a journey meets a set of arcs: a link, a place, or several of them.

Exact, not sampled. With K the sums over journeys that end at their destination t (Z, less what
would go on beyond t), a journey s -> t uses some arc of a set E with probability ::

    K[s, E] @ inverse(K[E, E]) @ onward[E] / h[s]

the weight of reaching E for the first time, times the weight of going on from there to t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .arcs import Floats, Ints
from .assign import Block, start_values
from .walks import Columns, Walks


@dataclass(frozen=True)
class ArcSets:
    """Sets of arcs.

    Parameters
    ----------
    arcs : ndarray of int
        All arcs that are in some set, each once.
    members : list of ndarray of int
        For sets of each size their members, as positions in ``arcs``, shape (sets, size).
    numbers : list of ndarray of int
        Which sets these are.
    count : int
        Number of sets.
    """

    arcs: Ints
    members: list[Ints]
    numbers: list[Ints]
    count: int


def make_sets(sets: Sequence[Ints]) -> ArcSets:
    """Group sets of arcs by size.

    Parameters
    ----------
    sets : sequence of ndarray of int
        Arcs, none twice in one set; no set is empty.

    Returns
    -------
    ArcSets
        The same sets.
    """
    sizes = np.array([len(one) for one in sets])
    arcs, at = np.unique(np.concatenate(list(sets)), return_inverse=True)
    starts = np.cumsum(sizes) - sizes
    numbers = [np.flatnonzero(sizes == size) for size in np.unique(sizes)]
    members = [
        at[starts[group][:, None] + np.arange(sizes[group[0]])] for group in numbers
    ]  # fmt: skip
    return ArcSets(arcs, members, numbers, len(sets))


@dataclass(frozen=True)
class Meeting:
    """What meeting some sets needs of Z.

    Parameters
    ----------
    walks : Walks
        The journeys.
    sets : ArcSets
        The sets.
    columns : Columns
        Z[:, E], with E the arcs of all sets.
    among : list of ndarray of float, shape (sets, size, size)
        Z among the members of each set.
    """

    walks: Walks
    sets: ArcSets
    columns: Columns
    among: list[Floats]


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
    every = columns.at(sets.arcs)
    among = [every[group[:, :, None], group[:, None, :]] for group in sets.members]
    return Meeting(walks, sets, columns, among)


def meet(meeting: Meeting, block: Block) -> list[Floats]:
    """Return how likely the journeys of a block meet each set.

    Parameters
    ----------
    meeting : Meeting
        The sets, for the walks of the block.
    block : Block
        Some destinations.

    Returns
    -------
    list of ndarray of float, shape (origins of the reach, sets)
        For each reach, between 0 and 1. Arcs out of a destination are never used, an arc into it
        is used by the journeys that arrive along it.
    """
    sets, columns = meeting.sets, meeting.columns
    origins = np.unique(np.concatenate([reach.origins for reach in block.reaches]))
    starts = start_values(meeting.walks, columns, origins)
    lasts = columns.at(block.columns.targets)
    away = block.columns.at(sets.arcs)
    found = []
    for number, reach in enumerate(block.reaches):
        own = block.own(number)
        inverse = np.linalg.inv(reach.back)
        # K: what goes on beyond an arc into the destination is taken away ...
        come = starts[np.searchsorted(origins, reach.origins)] - reach.by @ lasts[own]
        beyond = inverse @ lasts[own]
        # ... and the journeys that end on such an arc count there once.
        place = np.full(len(sets.arcs), -1)
        hit = np.searchsorted(sets.arcs, reach.last)
        there = np.flatnonzero(sets.arcs[np.minimum(hit, len(sets.arcs) - 1)] == reach.last)
        place[hit[there]] = there
        come[:, hit[there]] = reach.by[:, there]
        ends = away[:, own] @ inverse
        onward = block.onward[sets.arcs, number]
        result = np.zeros((len(reach.origins), sets.count))
        for members, numbers, among in zip(sets.members, sets.numbers, meeting.among, strict=True):
            inner = among - away[:, own][members] @ beyond[:, members].transpose(1, 0, 2)
            at, last = np.nonzero(place[members] >= 0)
            inner[at, :, last] = ends[members[at], place[members[at, last]][:, None]]
            inner[at, last] = 0.0
            inner[at, last, last] = 1.0
            value = np.linalg.solve(inner, onward[members][:, :, None])[:, :, 0]
            result[:, numbers] += (come[:, members] * value).sum(axis=2)
        found.append(np.clip(result / reach.total[:, None], 0.0, 1.0))
    return found
