"""What the columns of a line layer say of its links: mode, class, speed, level, length.

Names of columns are compared as `schemas` does; the words in them in small letters without accents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import DataFileError, Fault, TableError, casefolded, suggestion
from ..layers.columns import find_column
from ..messages import Message

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Role -> usual names, the best first: OpenStreetMap extracts, MTC, graphs of nodes and edges.
ROLES: dict[str, tuple[str, ...]] = {
    "link_id": ("linkid", "edgeid", "osmid", "idtramo", "codtramo"),
    "from": ("from", "u", "fromid", "fromnode", "startnode", "nodoinicio"),
    "to": ("to", "v", "toid", "tonode", "endnode", "nodofin"),
    "mode": ("mode", "modo"),
    "class": ("fclass", "highway", "waterway", "class", "clase", "jerarquia", "jerarq",
              "featurecla", "tipovia"),
    "surface": ("surface", "superficie", "superficl", "superfic"),
    "ref": ("ref", "codruta", "codigoruta", "ruta", "route"),
    "name": ("name", "nombre", "nombrevia"),
    "km": ("km", "lengthkm", "longitudkm", "longkm"),
    "hours": ("hours", "horas"),
    "hours_back": ("hoursback", "horasvuelta"),
    "speed": ("speedkmh", "kmh", "velocidad"),
    "bridge": ("bridge", "puente"),
    "tunnel": ("tunnel", "tunel"),
    "level": ("layer", "level", "nivel"),
    "oneway": ("oneway", "sentido"),
}  # fmt: skip
NODE_ID = ("placeid", "nodeid", "id", "osmid", "nodo")
NODE_NAME = ("place", "name", "nombre", "lugar")

# Word for a mode or class -> mode of the network.
MODES: dict[str, str] = {
    "road": "road", "carretera": "road", "via": "road", "vial": "road", "terrestre": "road",
    "transfer": "transfer", "transbordo": "transfer", "river": "river", "rio": "river",
    "waterway": "river", "canal": "river",
    "stream": "river", "lake centerline": "river", "river intermittent": "river",
    "fluvial": "river", "hidrovia": "river", "ferry": "river", "lacustre": "river",
    "air": "air", "aereo": "air", "aerea": "air", "vuelo": "air", "border": "border",
    "frontera": "border",
}  # fmt: skip

# Usual speed of a journey in km/h; the legal limit (OSM's maxspeed) says nothing of that. Roads by
# class and by surface: the slower of the two counts. Rounded from the links of the embedded study.
SPEEDS: dict[str, float] = {
    "motorway": 80, "trunk": 55, "primary": 50, "secondary": 40, "tertiary": 30,
    "unclassified": 25, "residential": 25, "service": 20, "living street": 15, "track": 18,
    "nacional": 50, "national": 50, "departamental": 35, "vecinal": 25, "local": 25,
    "paved": 55, "asphalt": 55, "asfaltado": 55, "pavimentado": 55, "concrete": 55,
    "unpaved": 25, "gravel": 28, "afirmado": 28, "sin afirmar": 22, "ground": 20, "dirt": 20,
    "trocha": 18,
}  # fmt: skip
MODE_SPEEDS: dict[str, float] = {"road": 35, "river": 12, "air": 400, "border": 4}
# Not for vehicles, or not there yet.
LEFT_OUT = frozenset(
    ("footway", "path", "pedestrian", "steps", "cycleway", "bridleway", "construction", "proposed",
     "corridor", "elevator", "proyectado", "en proyecto")
)  # fmt: skip
# Lines that nobody travels by road, river or air, as classes or modes say it.
STRANGERS = frozenset(
    ("rail", "railway", "light rail", "subway", "tram", "narrow gauge", "monorail", "funicular",
     "preserved", "ferrocarril", "tren", "via ferrea", "linea ferrea", "power", "line",
     "minor line", "cable", "linea de transmision", "linea electrica", "pipeline", "ducto",
     "oleoducto", "gasoducto", "boundary", "administrative", "limite", "limite distrital",
     "limite provincial", "limite departamental", "coastline", "linea de costa", "contour",
     "curva de nivel", "fence", "cerca", "wall", "muro", "runway", "taxiway", "aeroway",
     "drain", "ditch", "acequia", "dam", "dique", "falla", "falla geologica", "linea de alta",
     "alta tension", "poliducto", "acueducto", "lindero", "perimetro", "cuenca", "divisoria")
)  # fmt: skip
# Columns of OpenStreetMap that say what a line is where it is no road.
TAGS = ("power", "railway", "boundary", "barrier", "aeroway", "aerialway", "pipeline", "manmade",
        "natural", "landuse", "leisure", "building", "telecom")  # fmt: skip
_YES = frozenset(("yes", "t", "true", "1", "si", "y", "viaduct", "culvert", "building passage"))
# Of oneway; Geofabrik writes B (both), F (forward), T (backward).
_BOTH_WAYS = frozenset(("", "no", "n", "false", "0", "b", "nan", "none", "ambos", "doble"))


_NO_CLASS = "-"


@dataclass(frozen=True)
class LinkColumns:
    """The cells of a line layer, one value per row; an empty text or NaN where there is none.

    Parameters
    ----------
    ids : list of str
        Name of the row.
    rows : list of int
        Its number in the file, from 1.
    mode : list of str
        Mode of the network.
    kind : list of str
        Class of the road or river, folded.
    ref, surface : list of str
        As in the layer.
    km, hours, hours_back, stated : ndarray of float64
        Kilometres, hours and km/h where the layer states them.
    kmh : ndarray of float64
        The speed used.
    level : ndarray of int
        0 on the ground; others are never joined where they cross.
    oneway : int
        How many rows may be travelled one way only.
    strange : list of str
        What a row is that is no way to travel, such as ``power=line``; empty for all others.
    """

    ids: list[str]
    rows: list[int]
    mode: list[str]
    kind: list[str]
    ref: list[str]
    surface: list[str]
    km: Floats
    hours: Floats
    hours_back: Floats
    kmh: Floats
    stated: Floats
    level: NDArray[np.int64]
    oneway: int
    strange: list[str]


def find_roles(table: gpd.GeoDataFrame, columns: Mapping[str, str], file: str) -> dict[str, str]:
    """Find which column says what."""
    names = [str(name) for name in table.columns if name != table.geometry.name]
    for role, column in columns.items():
        if role not in ROLES:
            raise DataFileError(
                Message("{file}: there is no role '{role}' for a column of links. {hint}",
                        file=file, role=role, hint=suggestion(role, ROLES))
            )  # fmt: skip
        if column not in names:
            raise DataFileError(
                Message("{file}: there is no column '{column}'. {hint}",
                        file=file, column=column, hint=suggestion(column, names))
            )  # fmt: skip
    found = {role: find_column(names, wanted) for role, wanted in ROLES.items()}
    return {role: name for role, name in found.items() if name is not None} | dict(columns)


def read_links(
    table: gpd.GeoDataFrame,
    *,
    file: str,
    found: dict[str, str],
    mode: str | None,
    speeds: Mapping[str, float],
) -> LinkColumns:
    """Read what the columns say.

    One value per row.
    """
    faults: list[Fault] = []
    kind, strange = _kinds(table, found)
    surface = _texts(table, found.get("surface"))
    numbers = {
        role: _numbers(table, found.get(role), faults)
        for role in ("km", "hours", "hours_back", "speed")
    }
    modes = [mode] * len(table) if mode else _modes(table, found, kind, faults)
    if faults:
        raise TableError("network_links", file, faults)
    quick = {_word(word): float(speed) for word, speed in speeds.items()}
    given = numbers["speed"]
    kmh = np.array(
        [
            stated if stated > 0 else _speed(quick, one, what, _word(ground))
            for stated, one, what, ground in zip(given, modes, kind, surface, strict=True)
        ]
    )
    return LinkColumns(
        ids=_texts(table, found.get("link_id")),
        rows=[int(at) + 1 for at in table.index],
        mode=modes,
        kind=kind,
        ref=_texts(table, found.get("ref")),
        surface=surface,
        km=numbers["km"],
        hours=numbers["hours"],
        hours_back=numbers["hours_back"],
        kmh=kmh,
        stated=given,
        level=_levels(table, found),
        strange=strange if mode is None else [""] * len(table),
        oneway=sum(_word(cell) not in _BOTH_WAYS for cell in _texts(table, found.get("oneway"))),
    )


def _kinds(table: gpd.GeoDataFrame, found: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the class of each row, and what those are that are no way to travel.

    An extract of OpenStreetMap holds all lines of an area: a road has the column ``highway``, a
    river ``waterway``, a ferry ``route``; a row with none of them is something else.
    """
    kind = [_word(cell) for cell in _texts(table, found.get("class"))]
    names = [str(name) for name in table.columns if name != table.geometry.name]
    others = {
        name: [_word(cell) for cell in _texts(table, find_column(names, (name,)))]
        for name in ("waterway", "route", *TAGS)
    }
    free = [name for name in names if name not in found.values()]
    other = [_texts(table, name) for name in (*free, *filter(None, (found.get("name"),)))]
    by_mode = [_word(cell) for cell in _texts(table, found.get("mode"))]
    classed = any(kind) and "mode" not in found
    strange = []
    for at, word in enumerate(kind):
        what = ""
        if by_mode[at] in STRANGERS or word in STRANGERS:
            what = by_mode[at] if by_mode[at] in STRANGERS else word
        elif not word and not by_mode[at]:
            if others["waterway"][at]:
                kind[at] = "waterway"
            elif others["route"][at] == "ferry":
                kind[at] = "ferry"
            else:
                tag = next((name for name in TAGS if others[name][at]), None)
                stranger = next((word for texts in other if (word := _stranger(texts[at]))), "")
                what = f"{tag}={others[tag][at]}" if tag else _NO_CLASS if classed else stranger
        strange.append(what)
    return kind, strange


def _stranger(cell: str) -> str:
    """Return what a cell of any column calls a line that nobody travels, or ""."""
    words = _word(cell).split()
    starts = (" ".join(words[:n]) for n in range(min(3, len(words)), 0, -1))
    return next((start for start in starts if start in STRANGERS), "")


_HEIGHTS = ("elev", "elevation", "contour", "cota", "altura", "altitud", "height")


def ask_for_mode(table: gpd.GeoDataFrame, found: Mapping[str, str], file: str) -> Message | None:
    """Say that no column tells lines to be roads; refuse lines of which one gives the height."""
    if set(found) - {"link_id", "from", "to", "level"}:
        return None
    names = [str(name) for name in table.columns if name != table.geometry.name]
    if (height := find_column(names, _HEIGHTS)) is not None:
        raise DataFileError(
            Message(
                "{file}: column '{column}' gives the height of its lines, as of contours, and none"
                " says that they are roads. If they are, say mode='road'.",
                file=file,
                column=height,
            )
        )
    return Message("no column says what the lines are; all were taken for roads")


def _speed(quick: Mapping[str, float], mode: str, kind: str, surface: str) -> float:
    """Return the slower of the speeds of class and surface; without both, that of the mode."""
    known = {**MODE_SPEEDS, **SPEEDS, **quick}
    kind = kind.removesuffix(" link")
    stated = [known[word] for word in (kind, surface) if word in known and word not in MODE_SPEEDS]
    return min(stated) if stated and mode == "road" else known.get(mode, MODE_SPEEDS["road"])


def _modes(
    table: gpd.GeoDataFrame, found: Mapping[str, str], kind: list[str], faults: list[Fault]
) -> list[str]:
    if "mode" not in found:
        return [MODES.get(word, "road") for word in kind]
    cells = _texts(table, found["mode"])
    for at, cell in zip(table.index, cells, strict=True):
        if _word(cell) not in MODES and _word(cell) not in STRANGERS:
            faults.append(
                Fault(int(at) + 1, found["mode"], cell or None,
                      Message("This is no mode that is known."),
                      Message("Use one of: {choices}.", choices="road, river, air, border"))
            )  # fmt: skip
    return [MODES.get(_word(cell), "road") for cell in cells]


def _numbers(table: gpd.GeoDataFrame, column: str | None, faults: list[Fault]) -> Floats:
    if column is None:
        return np.full(len(table), np.nan)
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    for at, cell, value in zip(table.index, table[column], values, strict=True):
        missing = pd.isna(cell) or str(cell).strip() == ""
        if not missing and not 0 <= value < np.inf:
            faults.append(
                Fault(int(at) + 1, column, str(cell),
                      Message("This is not a number of 0 or more."),
                      Message("Write digits only, with a point for decimals: 1433 or 12.5."))
            )  # fmt: skip
    return np.asarray(values)


def _levels(table: gpd.GeoDataFrame, found: Mapping[str, str]) -> NDArray[np.int64]:
    """Return 0 for the ground; bridges lie at least one above it, tunnels one below."""
    stated = pd.to_numeric(
        table[found["level"]] if "level" in found else pd.Series(0, index=table.index),
        errors="coerce",
    )
    level = stated.fillna(0).to_numpy(dtype=float).astype(np.int64)
    bridge = np.array([_word(cell) in _YES for cell in _texts(table, found.get("bridge"))])
    tunnel = np.array([_word(cell) in _YES for cell in _texts(table, found.get("tunnel"))])
    level = np.where(bridge & (level == 0), 1, level)
    return np.asarray(np.where(tunnel & (level == 0), -1, level))


def _texts(table: gpd.GeoDataFrame, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(table)
    return ["" if pd.isna(cell) else str(cell).strip() for cell in table[column]]


def _word(cell: str) -> str:
    return " ".join(casefolded(cell).replace("_", " ").replace("(", " ").replace(")", " ").split())
