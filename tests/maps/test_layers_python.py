"""The layers as Python objects: what they check and what they bring into a page."""

import folium
import pytest
from blocks import BLOCK, inflate
from corredor.maps import FlowLayer, ItineraryLayer, Legend, RegionLayer, SymbolLayer


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: FlowLayer(p, level="regions"), "level: Did you mean 'region'"),
        (lambda p: FlowLayer(p, width_by="evidenc"), "width_by: Did you mean 'evidence'"),
        (lambda p: RegionLayer(p, scheme="jenk"), "scheme: Did you mean 'jenks'"),
        (lambda p: RegionLayer(p, value="rates"), "value: Did you mean 'rate'"),
        (lambda p: RegionLayer(p, register="XYZ"), "No series of the study has XYZ"),
        (lambda p: Legend(p, position="top left"), "position: Did you mean 'topleft'"),
    ],
)
def test_unknown_choices_get_the_nearest(toy_publication, make, words):
    with pytest.raises(ValueError, match=words):
        make(toy_publication)


def test_a_series_is_found_by_register_and_period(peru_publication, peru_scene):
    layer = RegionLayer(peru_publication, register="MP")
    chosen = peru_scene["series"][layer.settings["series"]]
    assert chosen["register"] == "MP"
    most = max(row["covered"] for row in peru_scene["series"] if row["register"] == "MP")
    assert chosen["covered"] == most
    again = RegionLayer(
        peru_publication,
        register="MP",
        period=f"{chosen['period_start']}/{chosen['period_end']}",
    )
    assert peru_scene["series"][again.settings["series"]]["period_end"] == chosen["period_end"]


def test_each_layer_has_the_name_of_its_language(toy_publication):
    names = [
        layer(toy_publication, lang=lang).layer_name
        for layer in (FlowLayer, RegionLayer, SymbolLayer, ItineraryLayer)
        for lang in ("es", "en")
    ]
    assert len(set(names)) == 8
    assert names[1] == "Reported flows"


def test_a_layer_alone_is_refused(toy_publication):
    with pytest.raises(TypeError, match="Add the layer to a map first"):
        FlowLayer(toy_publication).render()


def test_the_study_stands_in_the_page_once_with_the_same_bytes(toy_publication):
    blocks = []
    for layers in ((FlowLayer,), (SymbolLayer, FlowLayer)):
        map_ = folium.Map(tiles=None)
        for layer in layers:
            layer(toy_publication).add_to(map_)
        page = map_.get_root().render()
        blocks += [found[0] for found in BLOCK.finditer(page)]
    assert len(blocks) == 2
    assert blocks[0] == blocks[1]
    assert "País de prueba" in inflate(blocks[0])
