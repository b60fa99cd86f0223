"""How far loads, shares and posts may lie from what is shown.

A case is one view of the uncertain: the hours of one means of travel a quarter longer or shorter
(correlated: all links of that means at once), the other class of boat, the other season; each with
few, some and many alternatives, and with all publications or without any single one of them. A
range goes from the lowest to the highest value over all combinations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from corredor.geodata.messages import Message

from .demand import leave_out
from .links import Floats
from .spread import Spread, at_theta, on_links, pair_probability, spread_links

# Hours are wrong by up to this part, all of one means together.
HOURS_ERROR = 0.25
LEVELS = ("few", "some", "many")
CASES: dict[str, Message] = {
    "base": Message("as chosen"),
    "land_longer": Message("roads a quarter slower"),
    "land_shorter": Message("roads a quarter faster"),
    "river_longer": Message("boats a quarter slower"),
    "river_shorter": Message("boats a quarter faster"),
    "air_longer": Message("flights a quarter longer"),
    "air_shorter": Message("flights a quarter shorter"),
    "boats": Message("the other class of boat"),
    "season": Message("the other season"),
}


@dataclass(frozen=True)
class Ranges:
    """The same pairs spread in many cases.

    Parameters
    ----------
    cases : dict of str to list of Spread
        For each case (a key of `CASES`) the pairs spread with the chosen theta and with each other
        level.
    weights : ndarray of float, shape (views, pairs)
        Weights with all publications, then without each one; 0 for pairs not routed as chosen.
    views : tuple of str
        The publication left out in each row of ``weights``, "" for none.
    """

    cases: dict[str, list[Spread]]
    weights: Floats
    views: tuple[str, ...]

    @cached_property
    def totals(self) -> Floats:
        """The weight of all pairs in each view, repeated for every case and level."""
        count = sum(len(levels) for levels in self.cases.values())
        return np.tile(self.weights.sum(axis=1), count)

    @property
    def spreads(self) -> Iterator[Spread]:
        """Every case with every level."""
        for levels in self.cases.values():
            yield from levels

    @cached_property
    def loads(self) -> Floats:
        """What every link of the chosen network (columns) carries in each combination (rows)."""
        columns = pd.Index(self.cases["base"][0].graph.links.link_ids)
        rows = []
        for levels in self.cases.values():
            passed = on_links(levels[0])
            at = columns.get_indexer(pd.Index(levels[0].graph.links.link_ids))
            for spread in levels:
                loads = np.zeros((len(self.weights), len(columns)))
                found = self.weights @ np.nan_to_num(pair_probability(spread, passed))
                loads[:, at[at >= 0]] = found[:, at >= 0]
                rows.append(loads)
        return np.concatenate(rows)


def find_ranges(
    spread: Spread,
    pairs: pd.DataFrame,
    kind: str,
    theta: float | str,
    others: dict[str, Spread],
) -> Ranges:
    """Spread the pairs again in every case; ``others`` are those of another network."""
    links = spread.graph.links
    cases = {"base": spread}
    for means in ("land", "river", "air"):
        if means in links.names:
            for name, factor in (("longer", 1 + HOURS_ERROR), ("shorter", 1 - HOURS_ERROR)):
                changed = links.scaled(means, factor)
                cases[f"{means}_{name}"] = spread_links(spread.network, changed, pairs, theta)
    cases |= others
    levels = [level for level in LEVELS if level != theta]
    routed = (spread.pairs["status"] == "routed").to_numpy()
    views = {"": pairs["weight"].to_numpy(dtype=float), **leave_out(pairs, kind)}
    weights = np.stack(list(views.values())) * routed
    useful = weights.sum(axis=1) > 0
    useful[0] = True
    return Ranges(
        {
            name: [case, *(at_theta(case, level) for level in levels)]
            for name, case in cases.items()
        },
        weights[useful],
        tuple(np.array(list(views))[useful].tolist()),
    )
