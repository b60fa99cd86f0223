"""A study with as many invented flows as one likes, for the benchmarks, and folium's map of it.

The boundaries are those of the embedded study; the 1,874 districts keep their INEI codes and lie
at random inside their regions. Every number is invented by a seeded generator.
"""

import csv
import shutil
from pathlib import Path

import numpy as np
import shapely
from corredor.geodata import embedded_study, read_regions
from corredor.geodata.places.gazetteer import unit_names

DISTRICTS = 1874
SEED = 20_26
STUDY = """
[title]
es = "Flujos inventados"
en = "Invented flows"
[subtitle]
es = "Solo para medir"
en = "For measuring only"
[boundaries_note]
es = "Natural Earth"
en = "Natural Earth"
[opening]
register = "R"
measure = "complaints"
period_start = "2017-01"
period_end = "2017-12"
show = "rate"
[tables]
regions = { file = "regions.zip" }
sources = { file = "sources.csv" }
registers = { file = "registers.csv" }
population = { file = "population.csv" }
places = { file = "places.csv" }
complaints = { file = "complaints.csv" }
flows = { file = "flows.csv" }
"""

PUBLIC = "https://example.org/invented"  # counts of anybody: nothing is protected


def write_study(folder: Path, flows: int) -> Path:
    """Write the study and return its folder."""
    rng = np.random.default_rng(SEED)
    folder.mkdir(parents=True)
    shutil.copyfile(embedded_study() / "regions.zip", folder / "regions.zip")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    sources = [f"s{n:02}" for n in range(24)]
    rows = [
        [s, s, f"Publisher {s}", f"Title {s}", "2020", PUBLIC, "2026-01-01", "public"]
        for s in sources
    ]
    write(folder, "sources", "source_id,origin_id,publisher,title,date,url,accessed,access", rows)
    write(
        folder,
        "registers",
        "register,name_es,name_en,counts_es,counts_en",
        [["R", "R", "R", "", ""]],
    )
    places = district_places(rng)
    codes = sorted({place[0][:2] for place in places})
    people = [[code, code, 100_000 + 9_000 * n, 2017, "s00"] for n, code in enumerate(codes)]
    write(folder, "population", "ubigeo,name,population,year,source_id", people)
    cells = [
        ["region", c, "2017-01", "2017-12", "complaints", "R", 10 + n, "s00"]
        for n, c in enumerate(codes)
    ]
    write(
        folder,
        "complaints",
        "unit,ubigeo,period_start,period_end,measure,register,value,source_id",
        cells,
    )
    write(folder, "places", "place_id,name,ubigeo,kind,lat,lon", places)
    write(
        folder,
        "flows",
        "flow_id,origin,destination,value,value_kind,period_start,period_end,purpose,source_id",
        flow_rows(rng, [place[0] for place in places], sources, flows),
    )
    return folder


def district_places(rng: np.random.Generator) -> list[list[str]]:
    regions = read_regions(embedded_study() / "regions.zip").table.set_index("ubigeo").geometry
    names = {
        code: name
        for code, name in unit_names().items()
        if len(code) == 6 and code[:2] in regions.index
    }
    places = []
    for code in sorted(names)[:DISTRICTS]:
        shape = regions[code[:2]]
        west, south, east, north = shape.bounds
        while True:
            lon, lat = rng.uniform(west, east), rng.uniform(south, north)
            if shape.contains(shapely.Point(lon, lat)):
                break
        places.append([code, names[code], code, "city", f"{lat:.4f}", f"{lon:.4f}"])
    return places


def flow_rows(
    rng: np.random.Generator, codes: list[str], sources: list[str], n: int
) -> list[list[str]]:
    # A few places send and receive much, most little, as in any table of origins and destinations.
    weight = 1 / np.arange(1, len(codes) + 1) ** 0.6
    order = rng.permutation(len(codes))
    chance = (weight / weight.sum())[np.argsort(order)]
    ends = rng.choice(len(codes), size=(n, 2), p=chance)
    counts, years = rng.geometric(0.2, n), rng.integers(2010, 2024, n)
    purposes = rng.choice(["sexual", "labour", "mixed"], n)
    return [
        [f"F{i:06}", codes[a], codes[b], n, "count", f"{year}-01", f"{year}-12", purpose, source]
        for i, ((a, b), n, year, purpose, source) in enumerate(
            zip(ends.tolist(), counts.tolist(), years.tolist(), purposes.tolist(),
                rng.choice(sources, n).tolist(), strict=True)
        )
    ]  # fmt: skip


def write(folder: Path, name: str, header: str, rows: list[list[str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def folium_map(folder: Path, target: Path, *, canvas: bool = False) -> None:
    """Draw the same flows with folium's own layer: one GeoJson of straight lines."""
    import folium
    import pandas as pd

    places = pd.read_csv(folder / "places.csv", dtype=str).set_index("place_id")
    at = {key: [float(row.lon), float(row.lat)] for key, row in places.iterrows()}
    flows = pd.read_csv(folder / "flows.csv", dtype=str)
    features = [
        {
            "type": "Feature",
            "properties": {"id": id_, "n": value, "source": source},
            "geometry": {"type": "LineString", "coordinates": [at[a], at[b]]},
        }
        for id_, a, b, value, source in zip(
            flows["flow_id"], flows["origin"], flows["destination"], flows["value"],
            flows["source_id"], strict=True,
        )
    ]  # fmt: skip
    map_ = folium.Map([-9.3, -75.2], zoom_start=5, tiles=None, prefer_canvas=canvas)
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {"weight": 1 + float(feature["properties"]["n"]) / 5},
        tooltip=folium.GeoJsonTooltip(["id", "n", "source"]),
    ).add_to(map_)
    map_.save(target)
