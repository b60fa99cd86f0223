"""One region of a publication: its units, what is counted in them, what begins or ends there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ..errors import StudyError, suggestion
from ..messages import Message
from ..places.build import find_region
from ..places.gazetteer import region_names
from .model import View
from .publication import Publication, narrow


def part_of(publication: Publication, region: str) -> Publication:
    """Return the part of a publication that concerns one region: it was protected as a whole.

    Parameters
    ----------
    publication : Publication
        Of a layer of provinces or districts those of the region remain.
    region : str
        Name or INEI code of a region.

    Returns
    -------
    Publication
        The same publication with the units of that region, the counts of the country and of
        places in it, the flows that begin or end there and the itineraries that touch it. Places
        stay, so that the other ends can be drawn. Its map opens on the region.

    Raises
    ------
    StudyError
        If no unit of the layer lies in such a region.

    Examples
    --------
    >>> from corredor.geodata import protect, read_study
    >>> part = part_of(protect(read_study(level="district")), "Cusco")
    >>> len(part.tables.regions)
    112
    """
    # A longer code is that of a smaller unit, which is not the region it lies in.
    code = region if region.isdigit() else find_region(region) or region
    tables = publication.tables
    mine = tables.regions["ubigeo"].str[:2] == code
    if not mine.any():
        raise StudyError(
            Message(
                "The study has no region '{region}'. {hint}",
                region=region,
                hint=suggestion(region, region_names().values()),
            )
        )
    regions = tables.regions[mine].reset_index(drop=True)
    inside = set(tables.places.loc[tables.places["ubigeo"].str[:2] == code, "place_id"])
    courts = set(tables.districts.loc[tables.districts["ubigeo"].str[:2] == code, "district"])
    counted = tables.complaints
    here = counted["unit"].eq("national") | counted["ubigeo"].str[:2].eq(code)
    here |= counted["ubigeo"].eq("") & counted["place"].isin(courts)
    touched = tables.itineraries["place_id"].isin(inside)
    routes = tables.itineraries.loc[touched, "route_id"].unique()
    flows = tables.flows
    part = replace(
        tables,
        regions=regions,
        population=_rows(tables.population, tables.population["ubigeo"].str[:2] == code),
        districts=_rows(tables.districts, tables.districts["ubigeo"].str[:2] == code),
        complaints=_rows(counted, here),
        rankings=_rows(tables.rankings, tables.rankings["ubigeo"].str[:2] == code),
        flows=_rows(flows, flows["origin"].isin(inside) | flows["destination"].isin(inside)),
        itineraries=_rows(tables.itineraries, tables.itineraries["route_id"].isin(routes)),
    )
    opening = replace(
        publication.meta.opening, focus=(), select="", without=(), zoom_to=tuple(regions["ubigeo"])
    )
    name = region_names().get(code, regions["name"].iloc[0])
    title = replace(
        publication.meta.title,
        es=f"{publication.meta.title.es} · {name}",
        en=f"{publication.meta.title.en} · {name}",
    )
    meta = replace(publication.meta, title=title, opening=_known(opening, part.flows), stories=())
    return narrow(publication, tables=part, meta=meta)


def _known(opening: View, flows: pd.DataFrame) -> View:
    """Leave out a limit of the opening view where few flows are left: all of them are shown."""
    if len(flows) > 60:
        return opening
    state = {key: value for key, value in opening.state.items() if key not in ("grade", "top")}
    return replace(opening, state=state)


def _rows(table: pd.DataFrame, keep: pd.Series[bool]) -> pd.DataFrame:
    return table[np.asarray(keep, dtype=bool)].reset_index(drop=True)
