"""Stories, classes of many periods and intervals in the scene."""

import pytest
from corredor.geodata import StudyError, protect
from corredor.maps import build_scene, find_breaks
from corredor.maps.scene.regions import POOLED, _thin

STORY = """\
[[stories]]
title = { es = "De Ámbar a Duna", en = "From Ámbar to Duna" }
text = { es = "Cifras inventadas.", en = "Invented figures." }
"""


@pytest.fixture
def scene_with(change):
    def scene_with_(lines: str):
        study = change("study.toml", "[publication]\n", f"{STORY}{lines}\n[publication]\n")
        return build_scene(protect(study))

    return scene_with_


def test_a_story_names_positions(scene_with):
    scene = scene_with(
        'focus = ["Duna"]\nselect = "01"\nzoom_to = ["01", "02"]\nlayers = ["flows"]\n'
        'series = { register = "MP", measure = "complaints", period_start = "2018-01",'
        ' period_end = "2018-12" }'
    )
    (story,) = scene["stories"]
    assert story["title"] == ["De Ámbar a Duna", "From Ámbar to Duna"]
    state = story["state"]
    assert state["focus"] == [{"kind": "region", "id": 3}]
    assert state["selected"] == {"kind": "region", "id": 0}
    assert scene["series"][state["series"]]["period_start"] == "2018-01"
    # Two squares of one degree, side by side.
    (south, west), (north, east) = state["frame"]
    assert (north - south, east - west) == pytest.approx((1, 2))


def test_a_series_that_is_not_there_is_refused_with_those_that_are(scene_with):
    with pytest.raises(
        StudyError, match=r"stories 1.series\]: no region has a figure of MP .*2017-01"
    ):
        scene_with(
            'series = { register = "MP", measure = "complaints", period_start = "1999-01",'
            ' period_end = "1999-12" }'
        )


def test_periods_of_one_register_share_classes(toy_publication):
    scene = build_scene(toy_publication)
    mp = [series for series in scene["series"] if series["register"] == "MP"]
    assert len({series["family"] for series in mp}) == 1
    family = scene["families"][mp[0]["family"]]
    # All counts of both periods but the contradicted ones.
    assert family["most"] == 40
    assert family["breaks"]["count"]["equal"] == find_breaks([40, 30, 10, 20, 6, 0], scheme="equal")
    assert max(family["breaks"]["rate"]["jenks"]) == pytest.approx(40)


def test_intervals_stand_beside_rates(toy_publication):
    figures = build_scene(toy_publication)["figures"]
    for figure in figures:
        assert (figure["interval"] is None) == (figure["rate"] is None)
    ten = next(f for f in figures if f["value"] == 10 and f["level"] == "region")
    assert ten["interval"] == [4.8, 18.39]  # Garwood 1936


def test_many_values_are_thinned_to_their_quantiles():
    values = [float(n % 997) for n in range(5_000)]
    thin = _thin(values)
    assert len(thin) == POOLED
    assert (thin[0], thin[-1]) == (0, 996)
    assert thin[POOLED // 2] == pytest.approx(sorted(values)[2_500], abs=5)
    assert _thin([3.0, 1.0]) == [3.0, 1.0]
