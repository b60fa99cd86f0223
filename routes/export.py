"""Corridors as files: tables, layers of lines and points, and a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
from corredor.geodata.errors import DataFileError, NetworkError, suggestion
from corredor.geodata.files import write_csv, write_layer, write_whole
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.publication import publishing
from corredor.geodata.study.tables import as_records
from corredor.geodata.text import clean

from .corridors import Corridors
from .demand import REASONS
from .ends import RULES
from .posts import passing_flows
from .scenarios import Comparison

if TYPE_CHECKING:
    import geopandas as gpd

MAPPED = ("legs", "links", "places")
TABLES = (*MAPPED, "pairs", "visits", "ends", "left_out")
SUFFIXES = (".gpkg", ".geojson", ".csv", ".graphml")
BETWEEN = "; "  # between the items of a list in one cell


def write_corridors(
    corridors: Corridors, path: str | Path, *, table: str = "legs", language: Language = "es"
) -> Path:
    """Write corridors to a file, whole or not at all.

    Parameters
    ----------
    corridors : Corridors
        Result of `find_corridors`.
    path : str or Path
        The suffix says what is written: ``.gpkg``, all tables, ``legs`` and ``links`` as lines and
        ``places`` as points (EPSG:4326); ``.geojson``, one of these three; ``.csv``, one table;
        ``.graphml``, the network with the loads of its links and the share that passes its places.
    table : {"legs", "links", "places", "pairs", "visits", "ends", "left_out"}
        The table that goes into a file that holds one.
    language : {"es", "en"}
        Language of words (``way`` of legs, ``rule`` of ends, ``reason`` of flows left out).

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    DataFileError
        If the suffix is none of these, the table has no lines or points and was asked for as
        GeoJSON, or the file can't be written.
    NetworkError
        If the table is not known.
    """
    path = Path(path)
    if table not in TABLES:
        raise NetworkError(
            Message(
                "There is no table '{table}'. {fix} Tables: {tables}.",
                table=table,
                fix=suggestion(table, TABLES),
                tables=", ".join(TABLES),
            )
        )
    suffix = path.suffix.lower()
    writers: Mapping[str, Callable[[Path], object]] = {
        ".gpkg": lambda part: _write_layers(corridors, part, language),
        ".geojson": lambda part: _write_geojson(corridors, part, table, language),
        ".csv": lambda part: write_csv(flatten(to_table(corridors, table, language)), part),
        ".graphml": lambda part: nx.write_graphml(_for_xml(to_graph(corridors)), part),
    }
    if suffix not in writers:
        raise _suffix_error(path, SUFFIXES)
    if suffix == ".geojson" and table not in MAPPED:
        raise DataFileError(
            Message(
                "{file}: '{table}' has no place on a map. Write it as .csv.", file=path, table=table
            )
        )
    with publishing(corridors.publication, path):
        return write_whole(path, writers[suffix])


def write_comparison(found: Comparison, path: Path, *, language: Language = "es") -> Path:
    """Write what scenarios change to a file, whole or not at all."""
    import geopandas as gpd

    what = Message("inferred change of load, neither reported nor observed")
    rows = flatten(found.legs).assign(what=_marked(what, found.corridors, language))
    publication = found.corridors.publication
    if path.suffix.lower() == ".csv":
        with publishing(publication, path):
            return write_whole(path, lambda part: write_csv(rows, part))
    G = found.corridors.network
    ends = {key: (u, v) for u, v, key in G.edges(keys=True)}
    shapes = [
        _several([_line(G, *ends[key], key) for key in keys if key in ends])
        for keys in found.legs["link_ids"]
    ]
    layer = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    if path.suffix.lower() not in (".gpkg", ".geojson"):
        raise _suffix_error(path, (".csv", ".geojson", ".gpkg"))
    driver = "GPKG" if path.suffix.lower() == ".gpkg" else "GeoJSON"
    with publishing(publication, path):
        return write_whole(
            path, lambda part: write_layer(layer, part, driver=driver, layer="changes")
        )


def _several(lines: list[Any]) -> Any:
    """Return lines as one shape of several."""
    import shapely

    return shapely.multilinestrings(lines)


def _suffix_error(path: Path, suffixes: tuple[str, ...]) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: corridors are written as {suffixes}, not as '{suffix}'.",
            file=path,
            suffixes=", ".join(suffixes),
            suffix=path.suffix,
        )
    )


def to_table(corridors: Corridors, table: str, language: Language = "es") -> pd.DataFrame:
    """Return one table of corridors with its words in one language.

    Parameters
    ----------
    corridors : Corridors
        Result of `find_corridors`.
    table : str
        One of `TABLES`. ``places`` has one row per place that is passed: ``place_id``, ``name``,
        ``kind``, ``ubigeo``, ``lat``, ``lon``, ``load`` (weight expected to pass it), ``share``,
        and the ``flow_ids`` and ``source_ids`` behind it.
        Legs, links and places end with ``what``: that they are inferred, and what loads are in.
    language : {"es", "en"}
        Language of words.

    Returns
    -------
    DataFrame
        A new table.
    """
    found: pd.DataFrame = _places(corridors) if table == "places" else getattr(corridors, table)
    if table in MAPPED:
        found = found.rename(columns={f"way_{language}": "way"})
        found = found.drop(columns=[name for name in ("way_es", "way_en") if name in found])
        return found.assign(what=_what(corridors, language))
    for column, words in (("rule", RULES), ("reason", REASONS)):
        if column in found:
            said = {key: message.render(language) for key, message in words.items()}
            found = found.assign(**{column: found[column].map(said)})
    return found.copy()


def _what(corridors: Corridors, language: Language) -> str:
    """Return what every row says of itself, so that a file alone tells it too."""
    what = Message("inferred corridor, not reported; weight: {kind}", kind=corridors.kind)
    return _marked(what, corridors, language)


def _marked(what: Message, corridors: Corridors, language: Language) -> str:
    """Return what rows say of themselves, after how own counts behind them were treated."""
    mark = corridors.publication.mark
    first = f"{mark.render(language)} " if mark else ""
    return f"{first}{what.render(language)}"


def _places(corridors: Corridors) -> pd.DataFrame:
    pairs = corridors.pairs[corridors.pairs["status"] == "routed"]
    # A place that ways only come near to is no place that they pass.
    passed = corridors.visits[corridors.visits["probability"] > 0]
    weighed = passed.merge(
        pairs[["origin", "destination", "via", "weight"]], on=["origin", "destination", "via"]
    )
    weighed = weighed.assign(load=weighed["weight"] * weighed["probability"])
    load = weighed.groupby("place_id", sort=False)["load"].sum()
    passing = passing_flows(passed, pairs)
    total = pairs["weight"].sum()
    nodes = corridors.network.nodes
    records = [
        {
            "place_id": place,
            "name": nodes[place].get("name", place),
            "kind": nodes[place].get("kind", ""),
            "ubigeo": nodes[place].get("ubigeo", ""),
            "lat": nodes[place]["y"],
            "lon": nodes[place]["x"],
            "load": float(load[place]),
            "share": float(load[place] / total),
            **{name: passing[name].get(place, ()) for name in ("flow_ids", "source_ids")},
        }
        for place in load.index
    ]
    columns = ["place_id", "name", "kind", "ubigeo", "lat", "lon", "load", "share", "flow_ids",
               "source_ids"]  # fmt: skip
    table = pd.DataFrame(records, columns=columns)
    return table.sort_values(["load", "place_id"], ascending=[False, True], ignore_index=True)


def flatten(table: pd.DataFrame) -> pd.DataFrame:
    """Write lists within cells as text, their items separated by a semicolon and a blank."""
    lists = {
        str(name): table[name].map(BETWEEN.join)
        for name in table
        if any(isinstance(cell, list | tuple) for cell in table[name])
    }
    return table.assign(**lists)


def to_layer(corridors: Corridors, table: str, language: Language = "es") -> gpd.GeoDataFrame:
    """Return legs or links as lines, or places as points.

    Parameters
    ----------
    corridors : Corridors
        Result of `find_corridors`.
    table : {"legs", "links", "places"}
        Which.
    language : {"es", "en"}
        Language of words.

    Returns
    -------
    GeoDataFrame
        The table with lists as text and ``geometry``, EPSG:4326: the geometry of the network where
        it has one, else straight lines between its places.
    """
    import geopandas as gpd
    import shapely

    rows = to_table(corridors, table, language)
    if table == "places":
        shapes: Any = shapely.points(rows["lon"].to_numpy(float), rows["lat"].to_numpy(float))
    elif table == "links":
        shapes = [
            _line(corridors.network, start, end, key)
            for start, end, key in zip(rows["from"], rows["to"], rows["link_id"], strict=True)
        ]
    else:
        shapes = [
            _join(
                [
                    _line(corridors.network, start, end, key)
                    for start, end, key in zip(
                        leg["place_ids"], leg["place_ids"][1:], leg["link_ids"], strict=False
                    )
                ]
            )
            for leg in as_records(rows)
        ]
    return gpd.GeoDataFrame(flatten(rows), geometry=list(shapes), crs="EPSG:4326")


def _line(G: nx.MultiGraph[str], start: str, end: str, key: str) -> Any:
    """Return the line of a link from ``start`` to ``end``."""
    import shapely

    link = G[start][end][key]
    if "geometry" in link:
        line = link["geometry"]
        return line if link["tail"] == start else shapely.reverse(line)
    return shapely.linestrings([(G.nodes[p]["x"], G.nodes[p]["y"]) for p in (start, end)])


def _join(lines: list[Any]) -> Any:
    """Return lines that follow each other as one."""
    import shapely

    points = np.concatenate([shapely.get_coordinates(line) for line in lines])
    fresh = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return shapely.linestrings(points[fresh] if fresh.sum() > 1 else points[:2])


def _write_layers(corridors: Corridors, part: Path, language: Language) -> None:
    for number, table in enumerate(TABLES):
        if table in MAPPED:
            rows = to_layer(corridors, table, language)
        else:
            rows = flatten(to_table(corridors, table, language))
        # A table without rows still tells its columns.
        write_layer(
            rows, part, layer=table, driver="GPKG", append=number > 0,
            **({"geometry_type": "Unknown"} if "geometry" in rows and not len(rows) else {}),
        )  # fmt: skip


def _write_geojson(corridors: Corridors, part: Path, table: str, language: Language) -> None:
    layer = to_layer(corridors, table, language)
    layer.to_file(part, driver="GeoJSON", COORDINATE_PRECISION=6, RFC7946="YES")


def _for_xml(G: nx.MultiGraph[str]) -> nx.MultiGraph[str]:
    """Return a graph without the signs that XML can't hold, in ids, names and attributes."""

    def cleaned(data: Mapping[Any, Any]) -> dict[str, Any]:
        return {
            str(key): clean(value) if isinstance(value, str) else value
            for key, value in data.items()
        }

    H: nx.MultiGraph[str] = nx.MultiGraph(**cleaned(G.graph))
    for node, data in G.nodes(data=True):
        H.add_node(clean(str(node)), **cleaned(data))
    for start, end, key, data in G.edges(keys=True, data=True):
        H.add_edge(clean(str(start)), clean(str(end)), key=clean(str(key)), **cleaned(data))
    return H


def to_graph(corridors: Corridors) -> nx.MultiGraph[str]:
    """Return the network with what the corridors put on it, fit for GraphML."""
    H: nx.MultiGraph[str] = nx.MultiGraph(
        crs="EPSG:4326", weight=corridors.kind, what=_what(corridors, "en")
    )
    passed = to_table(corridors, "places")
    load, share = (
        dict(zip(passed["place_id"], passed[name].tolist(), strict=True))
        for name in ("load", "share")
    )
    for place, data in corridors.network.nodes(data=True):
        kept = {key: data[key] for key in ("name", "kind", "ubigeo", "x", "y") if key in data}
        H.add_node(place, **kept, load=load.get(place, 0.0), share=share.get(place, 0.0))
    loads = {row["link_id"]: row for row in as_records(flatten(corridors.links))}
    numbers, texts = ("load", "load_low", "load_high", "share"), ("flow_ids", "source_ids")
    for start, end, key, link in corridors.network.edges(keys=True, data=True):
        row = loads.get(key, {})
        known: dict[str, Any] = {
            name: link[name]
            for name in ("mode", "ref", "km", "hours", "hours_back", "tail")
            if name in link
        }
        H.add_edge(
            start, end, key=key, link_id=key, **known,
            **{name: float(row.get(name, 0.0)) for name in numbers},
            **{name: str(row.get(name, "")) for name in texts},
        )  # fmt: skip
    return H
