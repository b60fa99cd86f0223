"""Whether the kilometres and hours of links can be right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_records

from .ends import great_circle_km

# Kilometres over the straight line: mountain roads wind, but hardly more than this; rivers less.
MOST_DETOUR = {"road": 4.0, "river": 3.0, "air": 1.1, "border": 8.0}
# Shorter links, and points that are known to some kilometres only, tell nothing.
LEAST_KM, POINT_KM = 8.0, 10.0
# Kilometres per hour that passengers travel at, without waiting.
SPEEDS = {
    ("road", "paved"): (20.0, 80.0),
    ("road", "unpaved"): (12.0, 45.0),
    ("road", "track"): (8.0, 30.0),
    ("road", ""): (8.0, 80.0),
    ("river", ""): (5.0, 60.0),
    ("air", ""): (150.0, 700.0),
}
HOURS = ("hours", "hours_back", "fast_hours", "fast_hours_back", "wet_hours", "wet_hours_back")
REASONS: dict[str, Message] = {
    "too_short": Message("shorter than the straight line"),
    "too_long": Message("much longer than the straight line"),
    "too_fast": Message("faster than anybody travels there"),
    "too_slow": Message("slower than anybody travels there"),
}
COLUMNS = ["link_id", "from", "to", "mode", "column", "km", "straight_km", "km_per_hour", "reason"]


def check_links(places: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """List the links whose kilometres or hours are not plausible.

    Parameters
    ----------
    places, links : DataFrame
        The tables ``network_places`` and ``network_links``.

    Returns
    -------
    DataFrame
        One row per fault: ``link_id``, ``from``, ``to``, ``mode``, ``column`` (that is wrong),
        ``km``, ``straight_km``, ``km_per_hour`` (NaN for kilometres) and ``reason`` (a key of
        `REASONS`). Border crossings are looked at for their length alone: their hours are mostly
        formalities.
    """
    at = {row["place_id"]: (row["lat"], row["lon"]) for row in as_records(places)}
    found: list[dict[str, Any]] = []
    for link in as_records(links):
        straight = great_circle_km(*at[link["from"]], *at[link["to"]])
        for column, speed, reason in _faults(link, straight):
            row = {key: link[key] for key in ("link_id", "from", "to", "mode", "km")}
            found.append(
                {**row, "column": column, "straight_km": straight, "km_per_hour": speed,
                 "reason": reason}
            )  # fmt: skip
    return pd.DataFrame(found, columns=COLUMNS)


def _faults(link: dict[str, Any], straight: float) -> Iterator[tuple[str, float, str]]:
    """Yield the column, speed and reason of every fault of a link."""
    km, mode = link["km"], link["mode"]
    if km + POINT_KM < straight:
        yield "km", math.nan, "too_short"
    elif km > MOST_DETOUR.get(mode, math.inf) * (straight + POINT_KM):
        yield "km", math.nan, "too_long"
    low, high = SPEEDS.get((mode, link["surface"]), SPEEDS.get((mode, ""), (0.0, math.inf)))
    for column in HOURS:
        hours = link.get(column, math.nan)
        if km < LEAST_KM or pd.isna(hours):
            continue
        speed = km / hours if hours > 0 else math.inf
        if speed > high:
            yield column, speed, "too_fast"
        elif speed < (low / 2 if column.startswith("wet") else low):
            yield column, speed, "too_slow"
