"""What a release prints of one system: the cells with their values, and nothing of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .linked import ALL, Dimension, Key, System


@dataclass(frozen=True)
class Printed:
    """The printed cells of a system.

    Parameters
    ----------
    name : str
        What is counted and by whom; systems of one name count the same records.
    dimensions : tuple of Dimension
        As in `System`; in a ledger without the codes that no printed cell names.
    cells : mapping of tuple of str to int
        The printed cells.
    withheld : frozenset of tuple of str
        Cells that are not; in a ledger without those of such codes.
    public : frozenset of str
        Dimensions of which all codes stand in the ledger.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    cells: Mapping[Key, int]
    withheld: frozenset[Key]
    public: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return it for the ledger, without a trace of codes that only withheld cells have."""
        codes = [
            [c for c in d.codes() if d.name in self.public or c in used]
            for d, used in zip(self.dimensions, self._used(), strict=True)
        ]
        place = [{code: i for i, code in enumerate(mine)} for mine in codes]
        dimensions = []
        for dimension, mine in zip(self.dimensions, codes, strict=True):
            known = set(mine)
            groups = {
                code: [leaf for leaf in members if leaf in known]
                for code, members in dimension.groups.items()
                if code in known
            }
            leaves = [leaf for leaf in dimension.leaves if leaf in known]
            dimensions.append({"name": dimension.name, "leaves": leaves, "groups": groups})

        def numbers(key: Key) -> list[int]:
            return [at[code] for at, code in zip(place, key, strict=True)]

        known_keys = (
            key
            for key in self.withheld
            if all(code in at for at, code in zip(place, key, strict=True))
        )
        return {
            "name": self.name,
            "public": sorted(self.public),
            "dimensions": dimensions,
            "codes": codes,
            "cells": sorted([*numbers(key), int(value)] for key, value in self.cells.items()),
            "withheld": sorted(map(numbers, known_keys)),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Printed:
        """Return what `to_json` wrote."""
        codes = content["codes"]

        def key(numbers: Collection[int]) -> Key:
            return tuple(mine[number] for mine, number in zip(codes, numbers, strict=True))

        return cls(
            name=content["name"],
            dimensions=tuple(
                Dimension(
                    d["name"],
                    tuple(d["leaves"]),
                    {code: tuple(members) for code, members in d["groups"].items()},
                )
                for d in content["dimensions"]
            ),
            cells={key(row[:-1]): row[-1] for row in content["cells"]},
            withheld=frozenset(map(key, content["withheld"])),
            public=frozenset(content["public"]),
        )

    def _used(self) -> list[set[str]]:
        return [{key[axis] for key in self.cells} | {ALL} for axis in range(len(self.dimensions))]


def printed(
    name: str, system: System, withheld: NDArray[np.bool_], *, public: Collection[str] = ()
) -> Printed:
    """Return what is printed of a system.

    Parameters
    ----------
    name : str
        What is counted and by whom, such as the id of the register and the measure. Releases are
        compared by it.
    system : System
        All cells.
    withheld : array of bool
        Which cells are not printed.
    public : collection of str
        Dimensions whose codes are listed whatever was counted (years, sexes, all regions).

    Returns
    -------
    Printed
        The printed cells.
    """
    pairs = zip(system.keys, system.values.tolist(), withheld.tolist(), strict=True)
    rows = list(pairs)
    return Printed(
        name=name,
        dimensions=system.dimensions,
        cells={key: int(value) for key, value, out in rows if not out},
        withheld=frozenset(key for key, _, out in rows if out),
        public=frozenset(public),
    )
