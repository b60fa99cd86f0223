"""Packed columns: what goes in comes out, in few bytes; and it is what the page reads."""

import json
import zlib

import numpy as np
import pandas as pd
import pytest
from corredor.maps.scene.pack import (
    pack_ids,
    pack_numbers,
    pack_values,
    unpack_ids,
    unpack_numbers,
    unpack_values,
)
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.integers(-(2**40), 2**40), max_size=60))
def test_numbers_come_back(numbers):
    packed = pack_numbers(numbers)
    assert unpack_numbers(packed).tolist() == numbers
    assert json.loads(json.dumps(packed)) == packed


@given(st.lists(st.one_of(st.none(), st.text(max_size=4)), max_size=30))
def test_values_come_back(values):
    packed = pack_values(pd.Series(values, dtype=object))
    assert unpack_values(packed) == values
    assert len(packed["words"]) == len(set(values))


def test_a_missing_number_comes_back_as_none():
    assert unpack_values(pack_values(pd.Series([1.5, float("nan"), 1.5]))) == [1.5, None, 1.5]


@given(
    st.lists(st.one_of(st.from_regex(r"F0{0,2}[0-9]{1,3}", fullmatch=True), st.text(max_size=5)))
)
def test_identifiers_come_back(ids):
    assert unpack_ids(pack_ids(ids)) == ids


@pytest.mark.parametrize(
    ("ids", "packed"),
    [(["F001", "F002", "F010"], True), (["1", "22"], True), (["F01", "F1"], False),
     (["F1", "G2"], False), (["a", "b"], False), (["F²"], False), ([], False)],
)  # fmt: skip
def test_identifiers_with_a_number_are_packed_as_numbers(ids, packed):
    assert ("codes" in pack_ids(ids)) == packed
    assert unpack_ids(pack_ids(ids)) == ids


def test_rows_that_repeat_or_rise_by_one_cost_next_to_nothing():
    for numbers in (np.arange(50_000), np.repeat(np.arange(500), 100), np.zeros(50_000, int)):
        assert len(zlib.compress(pack_numbers(numbers)["codes"].encode(), 9)) < 1_000


def test_random_ends_cost_little_more_than_their_entropy():
    ends = np.random.default_rng(5).integers(0, 1874, 50_000)
    deflated = zlib.compress(pack_numbers(ends)["codes"].encode(), 9)
    assert 8 * len(deflated) / len(ends) < 1.06 * np.log2(1874)
