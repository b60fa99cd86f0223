"""The layers of a study: read as ``study.toml`` says, each with the account of its reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..account import Account
from ..errors import suggestion
from ..layers.background import read_neighbours, read_waters
from ..layers.regions import CHOICES, read_regions
from ..messages import Message

if TYPE_CHECKING:
    import geopandas as gpd

LAYERS = ("regions", "neighbours", "waters")
# What may stand beside the file of the regions, as for `read_regions`; None: any text.
OPTIONS: Mapping[str, tuple[str, ...] | None] = {
    **CHOICES,
    "crs": None,
    "encoding": None,
    "layer": None,
}


def layer_options(entry: Mapping[str, Any]) -> tuple[dict[str, Any], Message | None]:
    """Return the options of the regions, and what is wrong with them.

    Parameters
    ----------
    entry : mapping
        The line of ``study.toml``: ``{ file = "...", level = "province" }``. ``columns`` is a table
        of its own: ``columns = { ubigeo = "COD", name = "NOM" }``.

    Returns
    -------
    tuple of (dict, Message or None)
        Arguments for `read_regions`; None if nothing is wrong.
    """
    options = {name: value for name, value in entry.items() if name not in ("file", "published")}
    for name, value in options.items():
        if name == "columns":
            if not isinstance(value, dict) or not all(isinstance(x, str) for x in value.values()):
                return {}, Message('Write columns = { ubigeo = "...", name = "..." }.')
        elif name not in OPTIONS:
            hint = suggestion(name, (*OPTIONS, "columns", "file"))
            return {}, Message("{name} means nothing here. {hint}", name=name, hint=hint)
        elif not isinstance(value, str) or value not in (OPTIONS[name] or (value,)):
            choices = OPTIONS[name] or ("...",)
            return {}, Message("{name}: use one of: {choices}.",
                               name=name, choices=", ".join(choices))  # fmt: skip
    return options, None


def read_layer(
    name: str, file: Path, options: Mapping[str, Any]
) -> tuple[gpd.GeoDataFrame, Account | None]:
    """Read one layer of a study.

    Parameters
    ----------
    name : {"regions", "neighbours", "waters"}
        Which.
    file : Path
        Where it stands.
    options : mapping
        From `layer_options`, for the regions.

    Returns
    -------
    tuple of (GeoDataFrame, Account or None)
        The table, EPSG:4326; for the regions the account of what was recognised, mended and left
        out.

    Raises
    ------
    DataFileError
        If the file cannot be read or is no such layer.
    TableError
        If its rows are wrong.
    """
    if name == "regions":
        reading = read_regions(file, **options)
        return reading.table, reading.account
    readers: dict[str, Callable[[Path], gpd.GeoDataFrame]] = {
        "neighbours": read_neighbours,
        "waters": read_waters,
    }
    return readers[name](file), None
