"""The layers as Python objects: what they check and what they bring into a page."""

import folium
import pytest
from blocks import BLOCK, inflate, read_block
from corredor.geodata import embedded_study, read_study
from corredor.maps import (
    CorridorLayer,
    FlowLayer,
    ItineraryLayer,
    Legend,
    RegionLayer,
    SymbolLayer,
    atlas,
    build_scene,
)
from corredor.routes import find_corridors


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda p: FlowLayer(p, level="regions"),
            "level: 'regions' is none of 'region'",
        ),
        (lambda p: FlowLayer(p, width_by="evidenc"), "width_by: 'evidenc' is none of 'evidence'"),
        (
            lambda p: RegionLayer(p, scheme="jenk"),
            "scheme: 'jenk' is none of 'jenks'",
        ),
        (lambda p: RegionLayer(p, value="rates"), "value: 'rates' is none of 'rate', 'count'"),
        (lambda p: RegionLayer(p, register="XYZ"), "No series of the study has XYZ"),
        (lambda p: FlowLayer(p, lang="fr"), "lang: 'fr' is none of 'es', 'en'"),
        (lambda p: Legend(p, position="top left"), "position: 'top left' is none of 'topleft'"),
    ],
)
def test_unknown_choices_get_all_that_can_be_chosen(toy_publication, make, words):
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


def test_layers_share_one_scene_and_other_corridors_get_their_own(peru_publication, peru_corridors):
    found = peru_corridors
    map_ = folium.Map(tiles=None)
    for layer in (FlowLayer, RegionLayer, SymbolLayer, ItineraryLayer):
        layer(peru_publication).add_to(map_)
    CorridorLayer(peru_publication, found).add_to(map_)
    legend = Legend(peru_publication).add_to(map_)
    page = map_.get_root().render()
    (name,) = legend.studies
    assert read_block(page, name)["corridors"]["legs"]
    assert len(BLOCK.findall(page)) == 1
    CorridorLayer(peru_publication, find_corridors(peru_publication, theta=0.5)).add_to(map_)
    page = map_.get_root().render()
    assert len(BLOCK.findall(page)) == len(legend.studies) == 2
    # Rendering again, as saving after showing does, adds no scene.
    assert BLOCK.findall(map_.get_root().render()) == BLOCK.findall(page)


@pytest.mark.parametrize("make", [atlas, build_scene, FlowLayer, RegionLayer, SymbolLayer, Legend])
def test_a_study_is_not_drawn_but_how_it_can_be_is_said(make):
    with pytest.raises(TypeError, match=r"protect\(study\)"):
        make(read_study(embedded_study()))
    with pytest.raises(TypeError, match=r"publication.* Publication, not (a text|str)"):
        make("peru")


def test_corridors_are_told_from_something_else(toy_publication):
    with pytest.raises(TypeError, match="corridors: expected Corridors, not dict"):
        CorridorLayer(toy_publication, {})
    with pytest.raises(TypeError, match="corridors must be Corridors or True or False, not a text"):
        atlas(toy_publication, corridors="yes")
