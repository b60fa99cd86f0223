"""Two releases of a growing register: what both together tell of a change."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from corredor.geodata.study.change import compare
from corredor.geodata.study.ledger import check_release, read_ledger, releasing, small_changes
from corredor.geodata.study.linked import Dimension, build_system
from corredor.geodata.study.printed import Printed, printed
from corredor.geodata.study.protector import suppress
from corredor.geodata.study.work import Work
from scipy.optimize import linprog

# Invented counts throughout.
PLACES = ("a", "b", "c", "d")


def one_way(cells, *, leaves=PLACES, groups=None, hidden=(), public=()):
    """Return a release of one dimension, from printed cells by code and withheld codes."""
    return Printed(
        "register",
        (Dimension("place", tuple(leaves), groups or {}),),
        {(code,): value for code, value in cells.items()},
        frozenset((code,) for code in hidden),
        frozenset(public),
    )


def test_a_sum_less_another_is_compared_with_a_printed_cell():
    """100 less 60 is 40 for a; later a is 43."""
    groups = {"rest": ("b", "c", "d")}
    earlier = one_way({"": 100, "rest": 60}, groups=groups)
    later = one_way({"": 150, "a": 43}, groups=groups)
    assert compare(earlier, later, 10).changed == {("a",)}
    far = one_way({"": 150, "a": 53}, groups=groups)
    assert compare(earlier, far, 10).changed == frozenset()


def test_a_total_less_the_new_year_is_compared_with_the_old_total():
    """150 less 45 of the new year are 105 in the old one, which were 100."""
    earlier = one_way({"": 100}, leaves=("2020",), public=["place"])
    later = one_way({"": 150, "2021": 45}, leaves=("2020", "2021"), public=["place"])
    assert compare(earlier, later, 10).changed == {("",)}
    passes = one_way({"": 150, "2021": 50}, leaves=("2020", "2021"), public=["place"])
    assert compare(earlier, passes, 10).changed == frozenset()


def test_of_two_that_grow_each_bounds_the_other():
    """First a + b = 30 and c = 25, then a + c = 30 and b = 25: a was 5 and is."""
    groups = {"ab": ("a", "b"), "ac": ("a", "c")}
    earlier = one_way({"ab": 30, "c": 25}, groups=groups, hidden=("a", "b", "ac"), public=["place"])
    later = one_way({"ac": 30, "b": 25}, groups=groups, hidden=("a", "c", "ab"), public=["place"])
    assert ("a",) in compare(earlier, later, 10).opened


def test_what_was_withheld_and_is_printed_tells_no_small_change_by_itself():
    earlier = one_way({"": 60, "c": 40}, hidden=("a", "b", "d"))
    later = one_way({"": 102, "a": 18, "b": 32, "c": 40})
    found = compare(earlier, later, 10)
    assert (found.changed, found.opened) == (frozenset(), frozenset())


def test_a_code_that_the_ledger_does_not_name_is_no_zero():
    """The earlier release names a alone, so b may have been there."""
    earlier = one_way({"": 60, "a": 40}, leaves=("a",))
    later = one_way({"": 90, "a": 40, "b": 50}, leaves=("a", "b"))
    found = compare(earlier, later, 10)
    assert (found.changed, found.opened) == (frozenset(), frozenset())


def test_figures_that_fell_are_compared_too():
    earlier = one_way({"": 100, "a": 40}, hidden=("b", "c", "d"))
    later = one_way({"": 80, "a": 37}, hidden=("b", "c", "d"))
    assert compare(earlier, later, 10).changed == {("a",)}


def test_what_there_is_no_time_to_compare_counts_as_given_away():
    rest = {"hidden": ("b", "c", "d"), "public": ["place"]}
    earlier = one_way({"": 100, "a": 40}, **rest)
    later = one_way({"": 200, "a": 80}, **rest)
    assert compare(earlier, later, 10).changed == frozenset()
    assert compare(earlier, later, 10, work=Work(steps=1)).changed == {("b",), ("c",), ("d",)}


def system_of(table):
    dimensions = [
        Dimension(name, tuple(f"{name}{i}" for i in range(size)))
        for name, size in zip(("o", "d"), table.shape, strict=True)
    ]
    leaves = [dimension.leaves for dimension in dimensions]
    counts = dict(zip(product(*leaves), table.ravel().tolist(), strict=True))
    return build_system(dimensions, counts)


def visible(system, first, second, k):
    """Return cells known to have changed by 1 to k - 1: dense, and without the code tested."""
    rows = system.holds.toarray().astype(float)
    atoms = rows.shape[1]
    none = np.zeros_like(rows)
    shown = [np.array([key in cells for key in system.keys]) for cells in (first, second)]
    equal = np.vstack([np.hstack([rows, none])[shown[0]], np.hstack([rows, rows])[shown[1]]])
    value = [cells[key] for cells in (first, second) for key in system.keys if key in cells]
    found = []
    for cell, key in enumerate(system.keys):
        cost = np.concatenate([np.zeros(atoms), rows[cell]])
        ends = [linprog(sign * cost, A_eq=equal, b_eq=value) for sign in (1, -1)]
        low = ends[0].fun
        high = -ends[1].fun if ends[1].status == 0 else np.inf
        if low > 1e-6 and high < k - 1e-6:
            found.append((key, low, high))
    return found


@pytest.mark.parametrize("seed", range(2))
def test_sixty_more_cases_show_no_small_change(tmp_path, seed):
    random = np.random.default_rng(seed)
    weight = np.outer(random.random(5) ** 2, random.random(4) ** 2)
    weight /= weight.sum()
    table = random.multinomial(400, weight.ravel()).reshape(5, 4)
    more = table + random.multinomial(60, weight.ravel()).reshape(5, 4)
    public = ["o", "d"]
    system = system_of(table)
    first = printed("register", system, suppress(system, 10).withheld, public=public)
    with releasing(tmp_path, [first], k=10):
        pass
    ledger = read_ledger(tmp_path)
    later = system_of(more)
    also = np.zeros(len(later.keys), dtype=bool)
    plain = printed("register", later, suppress(later, 10).withheld, public=public)
    assert not check_release(ledger, [plain], k=10).passes
    assert visible(system, first.cells, plain.cells, 10)
    for _ in range(9):
        second = printed("register", later, suppress(later, 10, also=also).withheld, public=public)
        if check_release(ledger, [second], k=10).passes:
            break
        told = small_changes(ledger, [second], k=10)["register"]
        also |= [key in told for key in later.keys]
    assert check_release(ledger, [second], k=10).passes
    assert visible(system, first.cells, second.cells, 10) == []
