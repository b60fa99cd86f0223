"""Folium's own layers on a map of ours, and our layers on a map of Folium's, without a network."""

from __future__ import annotations

import sys

import folium
import pytest
from corredor.geodata import CorredorWarning
from corredor.maps import FlowLayer, Legend, RegionLayer, atlas, vendor, write_page
from folium.plugins import MarkerCluster, MiniMap

pytestmark = pytest.mark.browser

LIMA = [-12.05, -77.04]


def test_popups_and_markers_work_in_the_atlas(open_page, peru_publication, tmp_path) -> None:
    map_ = atlas(peru_publication, corridors=False)
    folium.Marker([-6, -76], popup="<b>Oficina</b>", tooltip="aquí").add_to(map_)
    group = folium.FeatureGroup("Mi capa").add_to(map_)
    folium.CircleMarker([-8, -74], radius=20, popup="Círculo").add_to(group)
    folium.LayerControl(collapsed=False).add_to(map_)
    page = open_page(write_page(map_, tmp_path / "map.html"))  # fails on any error or request
    icon = page.locator("img.leaflet-marker-icon")
    assert icon.evaluate("(e) => e.naturalWidth") > 10
    icon.click()
    assert page.locator(".leaflet-popup b").inner_text() == "Oficina"
    control, panel = (
        page.locator(part).bounding_box() for part in (".leaflet-control-layers", "#panel")
    )
    assert control["x"] + control["width"] <= panel["x"]


def test_signs_of_other_hosts_become_plain_markers_and_that_is_said(
    open_page, toy_publication, tmp_path
) -> None:
    map_ = atlas(toy_publication)
    folium.Marker([-6, -76], icon=folium.Icon(icon="info-sign")).add_to(map_)
    with pytest.warns(CorredorWarning, match=r"folium\.Icon takes its signs from files of other"):
        file = write_page(map_, tmp_path / "map.html")
    assert open_page(file).locator("img.leaflet-marker-icon").count() == 1


def test_a_plain_map_with_our_layers_opens_without_a_network(
    browser, peru_publication, tmp_path
) -> None:
    map_ = folium.Map([-9, -75], zoom_start=5, tiles=None)
    RegionLayer(peru_publication).add_to(map_)
    FlowLayer(peru_publication, top=10).add_to(map_)
    Legend(peru_publication).add_to(map_)
    folium.CircleMarker(LIMA, popup="Lima").add_to(map_)
    file = write_page(map_, tmp_path / "plain.html")
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda r: r.url.startswith("http") and problems.append(r.url))
    page.goto(file.as_uri())
    page.wait_for_selector("[data-region]", state="attached")
    page.wait_for_timeout(300)
    assert page.locator("[data-region]").count() == 25
    assert problems == []
    page.close()


def test_the_hosts_that_a_plain_map_calls_are_named(peru_publication, tmp_path) -> None:
    map_ = folium.Map([-9, -75], tiles="OpenStreetMap")
    FlowLayer(peru_publication).add_to(map_)
    with pytest.warns(CorredorWarning, match=r"openstreetmap\.org"):
        write_page(map_, tmp_path / "tiles.html")
    with pytest.warns(CorredorWarning, match=r"jquery.*openstreetmap\.org"):
        write_page(map_, tmp_path / "linked.html", offline=False)


def clusters(map_, regions) -> None:
    group = MarkerCluster().add_to(map_)
    for n in range(5):
        folium.Marker([LIMA[0] + n / 1000, LIMA[1]], popup=f"Oficina {n}").add_to(group)


def choropleth(map_, regions) -> None:
    folium.Choropleth(
        regions[["ubigeo", "geometry"]].to_json(),
        data=regions.assign(value=range(len(regions))),
        columns=["ubigeo", "value"],
        key_on="feature.properties.ubigeo",
        legend_name="Valor inventado",
    ).add_to(map_)


def explored(map_, regions) -> None:
    regions[["name", "geometry"]].explore(m=map_, color="red", tooltip="name")


def explored_by_column(map_, regions) -> None:
    regions.assign(value=range(len(regions)))[["value", "geometry"]].explore("value", m=map_)


# What draws a layer -> what of it must be seen on the map.
LAYERS = {
    clusters: ".marker-cluster",
    choropleth: ".legend text.caption, #legend text.caption",
    explored: "path[stroke=red]",
    explored_by_column: "#legend, .legend",
}


@pytest.mark.parametrize("base", ["atlas", "plain"])
@pytest.mark.parametrize("layer", LAYERS, ids=[layer.__name__ for layer in LAYERS])
def test_layers_of_foliums_own_work_without_a_network(
    open_page, browser, peru_publication, tmp_path, base, layer
) -> None:
    if base == "atlas":
        map_ = atlas(peru_publication, corridors=False)
    else:
        map_ = folium.Map([-9, -75], zoom_start=5, tiles=None)
        map_.options["maxZoom"] = 12  # which clusters need, and tiles would bring
        RegionLayer(peru_publication).add_to(map_)
    layer(map_, peru_publication.tables.regions)
    file = write_page(map_, tmp_path / "map.html")  # warns of nothing: warnings are errors here
    if base == "atlas":
        page = open_page(file)
    else:
        page = browser.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("[data-region]", state="attached")
    page.locator(LAYERS[layer]).first.wait_for(state="attached")
    assert page.locator("[data-region]").count() == 25
    if base == "plain":
        page.close()


def test_layers_that_need_a_network_are_named_and_stop_nothing_else(
    browser, peru_publication, tmp_path
) -> None:
    map_ = atlas(peru_publication, corridors=False)
    folium.TileLayer("OpenStreetMap").add_to(map_)
    MiniMap().add_to(map_)
    with pytest.warns(CorredorWarning, match=r"leaflet-minimap.*tile\.openstreetmap\.org"):
        file = write_page(map_, tmp_path / "map.html")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator("[data-region]").count() == 25
    page.close()


def test_without_the_extra_its_hosts_are_named(peru_publication, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "xstatic.pkg.leaflet_markercluster", None)
    vendor._extra.cache_clear()
    map_ = atlas(peru_publication, corridors=False)
    clusters(map_, None)
    with pytest.warns(CorredorWarning, match=r"cdnjs.*MarkerCluster.*corredor\[layers\]"):
        write_page(map_, tmp_path / "map.html")
    vendor._extra.cache_clear()
