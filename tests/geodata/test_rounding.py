"""Controlled rounding: multiples of a base that add up, none far from its count."""

import numpy as np
import pytest
from corredor.geodata.study.linked import Dimension, build_system
from corredor.geodata.study.rounding import check_rounding, round_table
from corredor.geodata.study.work import UnprotectedError

# Invented counts throughout.


def system_of(table, groups=None):
    dimensions = [
        Dimension(f"d{axis}", tuple(map(str, range(size))), (groups or {}).get(axis, {}))
        for axis, size in enumerate(table.shape)
    ]
    counts = {tuple(map(str, at)): int(value) for at, value in np.ndenumerate(table)}
    return build_system(dimensions, counts)


def test_two_halves_are_rounded_one_up_and_one_down():
    """3 + 3 = 6, with base 5: one is 5 and one is 0, since the sum may be 5 or 10."""
    system = system_of(np.array([3, 3]))
    figures = dict(zip(system.keys, round_table(system, 5).tolist(), strict=True))
    assert figures["",] == 5
    assert sorted((figures["0",], figures["1",])) == [0, 5]


def test_what_is_a_multiple_stays():
    table = np.array([[10, 20], [30, 0]])
    system = system_of(table)
    assert np.array_equal(round_table(system, 10), system.values)


def test_the_table_of_cox_has_one_nearest_answer():
    """A table by hand: every row and column has one cell that is rounded up."""
    table = np.array([[4, 1, 0], [0, 4, 1], [1, 0, 4]])
    system = system_of(table)
    figures = dict(zip(system.keys, round_table(system, 5).tolist(), strict=True))
    assert [figures[str(i), str(i)] for i in range(3)] == [5, 5, 5]
    assert figures["", ""] == 15


@pytest.mark.parametrize("base", [5, 10])
@pytest.mark.parametrize("shape", [(6, 7), (12, 12), (3, 4, 3)])
@pytest.mark.parametrize("nested", [False, True])
def test_all_adds_up_and_is_near(base, shape, nested):
    table = np.random.default_rng(len(shape) + base).poisson(7, shape)
    groups = {0: {"g": ("0", "1"), "h": tuple(map(str, range(2, shape[0])))}} if nested else None
    system = system_of(table, groups)
    figures = round_table(system, base)
    assert (figures % base == 0).all()
    assert (np.abs(figures - system.values) < base).all()
    leaves = dict(zip(system.keys, figures, strict=True))
    for key, figure in leaves.items():
        parts = [
            dimension.members(code) for dimension, code in zip(system.dimensions, key, strict=True)
        ]
        atoms = [()]
        for part in parts:
            atoms = [(*atom, leaf) for atom in atoms for leaf in part]
        assert figure == sum(leaves[atom] for atom in atoms)
    assert check_rounding(system, figures, base).none


@pytest.mark.parametrize(("by", "what"), [(1, "loose"), (5, "unequal"), (20, "off")])
def test_what_is_wrong_is_found(by, what):
    system = system_of(np.array([[3, 8], [12, 6]]))
    figures = round_table(system, 5)
    figures[0] += by
    assert 0 in getattr(check_rounding(system, figures, 5), what)


def test_another_base_is_refused():
    with pytest.raises(ValueError, match="3"):
        round_table(system_of(np.array([3, 3])), 3)


def test_what_cannot_be_rounded_is_refused():
    """Four fives in a cube, no two of which lie in opposite halves of all three dimensions."""
    table = np.zeros((2, 2, 2), dtype=int)
    table[0, 0, 0] = table[0, 1, 1] = table[1, 0, 1] = table[1, 1, 0] = 5
    with pytest.raises(UnprotectedError):
        round_table(system_of(table), 10)
