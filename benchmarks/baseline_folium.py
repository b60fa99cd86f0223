"""The yardstick: what an analyst writes with bare folium to draw the same study.

    python benchmarks/baseline_folium.py OUTPUT.html

A choropleth of the opening series and one polyline a flow, with its source in the tooltip, from the
files of the embedded study. No check, no legend of widths, no second language, and the page loads
its scripts and tiles from other hosts.
"""

import sys
from importlib import resources

import folium
import geopandas as gpd
import pandas as pd

folder = resources.files("corredor.geodata.peru")
regions = gpd.read_file(str(folder / "regions.zip"))
complaints = pd.read_csv(str(folder / "complaints.csv"), dtype={"ubigeo": str})
population = pd.read_csv(str(folder / "population.csv"), dtype={"ubigeo": str})
flows = pd.read_csv(str(folder / "flows.csv"), dtype={"origin": str, "destination": str})
places = pd.read_csv(str(folder / "places.csv"), dtype={"ubigeo": str}).set_index("place_id")
sources = pd.read_csv(str(folder / "sources.csv")).set_index("source_id")

opening = complaints[
    (complaints["source_id"] == "mininter_opendata") & (complaints["unit"] == "region")
]
rates = opening.merge(population[["ubigeo", "population"]], on="ubigeo")
rates["rate"] = rates["value"] / rates["population"] / 7 * 100_000

middle = regions.set_index("ubigeo").geometry.representative_point()
points = {code: (point.y, point.x) for code, point in middle.items()}
points |= {key: (row.lat, row.lon) for key, row in places.dropna(subset=["lat"]).iterrows()}

chart = folium.Map(location=(-9.3, -75.2), zoom_start=5)
folium.Choropleth(
    geo_data=regions.to_json(),
    data=rates,
    columns=["ubigeo", "rate"],
    key_on="feature.properties.ubigeo",
    legend_name="Reported complaints per 100,000 people and year, 2017-2023",
).add_to(chart)
for flow in flows.itertuples():
    if flow.origin in points and flow.destination in points:
        folium.PolyLine(
            [points[flow.origin], points[flow.destination]],
            weight=2,
            tooltip=f"{flow.origin} - {flow.destination}: {sources.at[flow.source_id, 'title']}",
        ).add_to(chart)
chart.save(sys.argv[1])
