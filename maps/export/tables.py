"""What goes out: every table of a publication, each row with its sources and what it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from corredor.geodata import Publication, Tables, build_pairs, roll_up
from corredor.geodata.figures import SERIES, add_intervals, join_figures
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.contracts import CONTRACTS
from corredor.geodata.study.tables import as_rows
from corredor.routes.export import BETWEEN, MAPPED, flatten, to_layer, to_table

from ..figure.views import choropleth, mapped_series
from ..scene.positions import Scene

if TYPE_CHECKING:
    import geopandas as gpd
    from corredor.routes import Corridors

Status = Literal["reported", "documented", "inferred", "context"]
# Whole numbers of derived tables; those of contracts are told by their kind.
_WHOLE = ("value", "months", "class", "evidence", "rank", "population")
_CODES = ("ubigeo", "origin", "destination")


@dataclass(frozen=True)
class Part:
    """One table that goes out.

    Parameters
    ----------
    name : str
        Name of the file, sheet or layer.
    status : {"reported", "documented", "inferred", "context"}
        What its rows are; never mixed within one table.
    what : Message
        The same in words; it stands in every row.
    rows : DataFrame
        Plain cells, ready to be written; with a geometry (EPSG:4326) where the table is a layer.
    breaks : tuple of float
        Upper bounds of the classes of a map of figures.
    """

    name: str
    status: Status
    what: Message
    rows: pd.DataFrame
    breaks: tuple[float, ...] = ()

    @property
    def mapped(self) -> bool:
        """Whether the table is a layer."""
        return "geometry" in self.rows


COUNTED = Message("reported count of a register; a count of reports is no count of crimes")
AS_PRINTED = Message("row as published: what one publication prints of a register")
RANKED = Message("order of regions as published, without counts")
REPORTED = Message("reported flow, as one publication names it; not a number of people")
EVIDENCE = Message("reported pair of places; its weight is the number of independent publications")
DOCUMENTED = Message("documented itinerary, as published stop by stop")
CONTEXT = Message("context: neither reported nor inferred")
LEFT_OUT = Message("reported flow that no inferred corridor carries")
# The tables of a study that go out as they are, with what they are.
_AS_THEY_ARE: dict[str, tuple[Status, Message]] = {
    "complaints": ("reported", AS_PRINTED),
    "rankings": ("reported", RANKED),
    "context": ("context", CONTEXT),
    "districts": ("context", CONTEXT),
    "network_links": ("context", CONTEXT),
    "network_places": ("context", CONTEXT),
    "registers": ("context", CONTEXT),
    "sources": ("context", CONTEXT),
}


def gather_parts(
    publication: Publication,
    scene: Scene,
    corridors: Corridors | None,
    *,
    lang: Language,
    pcodes: bool = False,
) -> list[Part]:
    """Return everything that goes out, in the order of files and sheets.

    Tables without rows are left out, but for the sources.
    """
    tables = publication.tables
    parts = [
        *_figures(tables, lang),
        *_maps(tables, scene),
        *_flows(tables, scene, lang),
        *_itineraries(tables, scene),
        *(_corridors(corridors, tables, lang) if corridors is not None else ()),
        *_regions(publication, lang),
        _places(tables, scene),
        *_background(tables),
    ]
    for name, (status, what) in _AS_THEY_ARE.items():
        parts.append(Part(name, status, what, getattr(tables, name)))
    # A row of own counts says itself how they were treated.
    first = f"{publication.mark.render(lang)} " if publication.mark else ""
    return [
        _finish(part, tables, f"{first}{part.what.render(lang)}", pcodes)
        for part in parts
        if len(part.rows) or part.name == "sources"
    ]


def _figures(tables: Tables, lang: Language) -> Iterator[Part]:
    rows = add_intervals(join_figures(tables).table)
    names = dict(zip(tables.regions["ubigeo"], tables.regions["name"], strict=True))
    at = 1 if lang == "es" else 2
    rows = rows.assign(
        name=rows["ubigeo"].map(names).fillna(""),
        parts=[BETWEEN.join(f"{p}: {v:.0f}" for p, v in parts) for parts in rows["parts"]],
        note=[
            BETWEEN.join(dict.fromkeys(n[at] or n[3 - at] for n in notes))
            for notes in rows["notes"]
        ],
    )
    columns = [
        "figure_id", "level", "ubigeo", "name", *SERIES, "value", "low", "high", "rate", "months",
        "whole", "shown", "disputed", "basis", "parts", "note", "source_ids",
    ]  # fmt: skip
    yield Part("figures", "reported", COUNTED, rows[columns])


def _maps(tables: Tables, scene: Scene) -> Iterator[Part]:
    """Return a layer for each series that covers most regions: what its map shows."""
    sources = [source["id"] for source in scene["sources"]]
    for number in map_numbers(scene):
        areas = choropleth(scene, number, "rate" if _has_rates(scene, number) else "count")
        series = areas.series
        rows = []
        for region, shown in zip(scene["regions"], areas.shown, strict=True):
            # Where sources differ there is no one figure; all of them stand in `figures`.
            figure = shown.figures[0] if len(shown.figures) == 1 else None
            low, high = (figure["interval"] if figure else None) or (math.nan, math.nan)
            cited = dict.fromkeys(s for f in shown.figures for s in f["sources"])
            rows.append(
                {
                    "ubigeo": region["id"],
                    "name": region["name"],
                    **{column: series[column] for column in SERIES},
                    "state": shown.state,
                    "class": math.nan if shown.class_ is None else shown.class_ + 1,
                    "value": figure["value"] if figure else math.nan,
                    "low": low,
                    "high": high,
                    "rate": math.nan if not figure or figure["rate"] is None else figure["rate"],
                    "unstable": shown.unstable,
                    "source_ids": tuple(sources[s] for s in cited),
                }
            )
        name = f"map_{series['register']}_{series['measure']}".lower().replace("-", "_")
        yield Part(
            name,
            "reported",
            COUNTED,
            _layer(pd.DataFrame(rows), list(tables.regions.geometry)),
            tuple(areas.breaks),
        )


def map_numbers(scene: Scene) -> list[int]:
    """Return the series that get a map of their own, the one that the page opens with first."""
    opening = scene["study"]["opening"]["series"]
    known = [opening] if scene["series"] and opening is not None and opening >= 0 else []
    key = ("register", "measure")
    told = {tuple(scene["series"][n][k] for k in key) for n in known}
    return known + [
        n for n in mapped_series(scene) if tuple(scene["series"][n][k] for k in key) not in told
    ]


def _has_rates(scene: Scene, number: int) -> bool:
    return bool(scene["series"][number]["breaks"]["rate"]["jenks"])


def _flows(tables: Tables, scene: Scene, lang: Language) -> Iterator[Part]:
    at, name = _spots(scene, lang)
    for which, rows, what in (
        ("flow_pairs", build_pairs(roll_up(tables.flows, tables.places), tables.sources), EVIDENCE),
        ("flows", tables.flows, REPORTED),
    ):
        named = rows.assign(
            origin_name=[name[place] for place in rows["origin"]],
            destination_name=[name[place] for place in rows["destination"]],
        )
        first = ["origin", "origin_name", "destination", "destination_name"]
        first = ["flow_id", *first] if "flow_id" in rows else first
        named = named[[*first, *(c for c in rows if c not in first)]]
        lines = [
            _line([at[a], at[b]]) for a, b in zip(rows["origin"], rows["destination"], strict=True)
        ]
        yield Part(which, "reported", what, _layer(named, lines))


def _itineraries(tables: Tables, scene: Scene) -> Iterator[Part]:
    """Return the stops, each with the line to the next stop; the last has none."""
    at, _ = _spots(scene, "es")
    rows = tables.itineraries.sort_values(["route_id", "source_id", "seq"], ignore_index=True)
    stops = list(zip(rows["route_id"], rows["source_id"], rows["place_id"], strict=True))
    after = [*stops[1:], ("", "", "")][: len(stops)]
    lines = [
        _line([at[a], at[b]]) if one == other else None
        for (*one, a), (*other, b) in zip(stops, after, strict=True)
    ]
    yield Part("itineraries", "documented", DOCUMENTED, _layer(rows, lines))


def _corridors(corridors: Corridors, tables: Tables, lang: Language) -> Iterator[Part]:
    for table in MAPPED:
        rows = to_layer(corridors, table, lang)
        what = Message("inferred corridor, not reported; weight: {kind}", kind=corridors.kind)
        yield Part(f"corridor_{table}", "inferred", what, rows.drop(columns="what"))
    left = to_table(corridors, "left_out", lang)
    yield Part("corridor_left_out", "reported", LEFT_OUT, left)


def _regions(publication: Publication, lang: Language) -> Iterator[Part]:
    regions = publication.tables.regions
    note = publication.meta.boundaries_note
    columns = ["ubigeo", "name", "level", "area_km2", "population", "population_year",
               "population_source", "geometry"]  # fmt: skip
    rows = regions[[name for name in columns if name in regions]]
    rows = rows.rename(columns={"population_source": "source_id"}).reset_index(drop=True)
    rows.insert(len(rows.columns) - 1, "boundaries", note.es if lang == "es" else note.en)
    yield Part("regions", "context", CONTEXT, rows)


def _places(tables: Tables, scene: Scene) -> Part:
    import shapely

    at, _ = _spots(scene, "es")
    rows = tables.places.reset_index(drop=True)
    spots = [at[place] for place in rows["place_id"]]
    points = [None if spot is None else shapely.Point(spot[::-1]) for spot in spots]
    return Part("places", "context", CONTEXT, _layer(rows, points))


def _background(tables: Tables) -> Iterator[Part]:
    for name in ("neighbours", "waters"):
        layer = getattr(tables, name)
        if layer is not None:
            yield Part(name, "context", CONTEXT, layer.reset_index(drop=True))


def _spots(scene: Scene, lang: Language) -> tuple[dict[str, list[float] | None], dict[str, str]]:
    """Return where each place and unit stands on the map (latitude, longitude), and its name."""
    at = {place["id"]: place["at"] or place["label"] for place in scene["places"]}
    name = {place["id"]: place["name"][0 if lang == "es" else 1] for place in scene["places"]}
    return at, name


def _line(spots: Sequence[list[float] | None]) -> Any:
    """Return a line, or a point for what stays in one place; None where an end has no point."""
    import shapely

    points = [(spot[1], spot[0]) for spot in spots if spot is not None]
    if len(points) < len(spots):
        return None
    return shapely.Point(points[0]) if points[0] == points[1] else shapely.LineString(points)


def _layer(rows: pd.DataFrame, shapes: list[Any]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, index=rows.index, crs="EPSG:4326"))


def _finish(part: Part, tables: Tables, what: str, pcodes: bool) -> Part:
    """Add to each row its sources and what it is, and make every cell a plain one."""
    rows = part.rows.drop(columns="geometry") if part.mapped else part.rows
    if part.name != "sources":
        rows = _add_sources(rows, tables.sources)
    rows = flatten(rows).assign(status=part.status, what=what)
    kinds = {column.name: column.kind for column in CONTRACTS.get(part.name, ())}
    for name in rows:
        if kinds.get(str(name)) == "count" or (not kinds and name in _WHOLE):
            rows = rows.assign(**{str(name): rows[name].astype("Int64")})
    if pcodes:
        for code in [name for name in _CODES if name in rows]:
            codes = [f"PE{cell}" if _is_code(cell) else "" for cell in rows[code]]
            rows.insert(list(rows.columns).index(code) + 1, _pcode_column(code), codes)
    if part.mapped:
        rows = _layer(rows, list(part.rows["geometry"]))
    return replace(part, rows=rows)


def _pcode_column(code: str) -> str:
    return "pcode" if code == "ubigeo" else f"{code}_pcode"


def _is_code(cell: str) -> bool:
    """Tell whether a place is a unit with a code of INEI, of which P-codes are made."""
    return cell.isdigit() and len(cell) in (2, 4, 6) and cell != "1599"


def _add_sources(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Add who published the rows: of several sources all, in the order of ``source_ids``."""
    known = {row.source_id: row for row in as_rows(sources)}
    if "source_ids" in rows:
        cited = [[known[s] for s in ids.split(BETWEEN) if s] if isinstance(ids, str) else
                 [known[s] for s in ids] for ids in rows["source_ids"]]  # fmt: skip
    elif "source_id" in rows:
        cited = [[known[s]] if s in known else [] for s in rows["source_id"]]
    else:
        cited = [[] for _ in range(len(rows))]
    told = {
        f"source_{name}": [BETWEEN.join(getattr(row, name) for row in group) for group in cited]
        for name in ("publisher", "title", "date", "url")
    }
    return rows.assign(**{name: pd.Series(cells, rows.index, str) for name, cells in told.items()})
