"""The data dictionary: what each column that goes out means, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.contracts import CONTRACTS

from .tables import Part

_REMARK = Message("remark for readers")
_SHORT = Message("short name; other tables refer to it")
_LOAD = Message("weight expected to pass here, in units of the weight (see what)")
_INEI = Message("INEI code of the region, province or district, kept as text (01, never 1)")
_PCODE = Message("the same code as OCHA's P-code (PE01)")
_LAT = Message("latitude, degrees north (WGS 84)")
_LON = Message("longitude, degrees east (WGS 84)")

# By column, or by table and column where a word means another thing in one table.
MEANINGS: dict[str, Message] = {
    "status": Message(
        "what the row is: reported, documented, inferred or context; never to be mixed"
    ),
    "what": Message("the same in words"),
    "source_id": Message("publication the row was read in"),
    "source_ids": Message("all publications behind the row"),
    "source_publisher": Message("who published it; of several sources all, with semicolons"),
    "source_title": Message("title as published"),
    "source_date": Message("date of publication"),
    "source_url": Message("address of the publication"),
    "note": _REMARK,
    "note_es": Message("remark for readers, in Spanish"),
    "note_en": Message("remark for readers, in English"),
    "ubigeo": _INEI,
    "pcode": _PCODE,
    "origin_pcode": _PCODE,
    "destination_pcode": _PCODE,
    "name": Message("name of the place"),
    "level": Message("what kind of unit the row is about"),
    "lat": _LAT,
    "lon": _LON,
    # figures
    "figure_id": Message("number of the figure in this release; it may differ in the next"),
    "register": Message("who counts; registers are never added up or compared"),
    "measure": Message(
        "what is counted: complaints, records of victims, people reported as victims or as rescued"
    ),
    "purpose": Message("all, or the one purpose that it is limited to"),
    "period_start": Message("first month, YYYY-MM"),
    "period_end": Message("last month, YYYY-MM, included"),
    "value": Message("the count, as published"),
    "low": Message("lower bound of the exact 95 % interval of the count"),
    "high": Message("upper bound of the exact 95 % interval of the count"),
    "rate": Message(
        "reported counts per 100,000 people and year; empty where there is none for the whole unit"
    ),
    "months": Message("length of the period"),
    "whole": Message("whether the figure covers the whole unit"),
    "shown": Message("whether it is the figure that stands for its unit on the map"),
    "disputed": Message("whether another source prints another number for the same"),
    "basis": Message("how firm the number is: published, partial, rounded, derived or estimated"),
    "parts": Message("districts that were added up, or the city that is meant"),
    "unit": Message("what the count is about: nation, region, judicial or fiscal district, city"),
    "place": Message("name as printed"),
    "rank": Message("place in the order, 1 first"),
    # maps
    "state": Message(
        "what the unit shows: value, zero, nodata, withheld, disputed (sources differ), partial"
        " (only part of the unit) or nopeople (no population, so no rate)"
    ),
    "class": Message("class of the map, 1 for the lowest values"),
    "unstable": Message("whether the rate rests on fewer than 20 reports, and moves by chance"),
    # flows
    "flow_id": Message("short name of the report"),
    "origin": Message("where people are said to be taken from (place_id or code)"),
    "origin_name": Message("its name"),
    "destination": Message("where to; the same for a flow within one place"),
    "destination_name": Message("its name"),
    "evidence": Message(
        "independent publications that name the pair; retellings count once. Not a number of people"
    ),
    "flow_ids": Message("reported flows behind the row"),
    "flows.value": Message("the number published, if any: people, or per cent for shares"),
    "value_kind": Message(
        "what the value is: none, count (people), share_of_origin or share_of_destination"
    ),
    "via": Message("places named between the two, in this order"),
    # itineraries
    "route_id": Message("name of the route; one route and one source make one itinerary"),
    "seq": Message("position of the stop, 1 first"),
    "place_id": Message("the place, as in the table places"),
    "mode_to_next": Message("how the journey goes on from here; empty at the last stop"),
    # corridors
    "leg_id": Message("number of the leg in this release"),
    "way": Message("road numbers, river or flight"),
    "refs": Message("road numbers, rivers or airports"),
    "ref": Message("road number, river or pair of airports"),
    "modes": Message("modes of travel"),
    "mode": Message("mode of travel: road, river, air or border"),
    "place_ids": Message("places of the network that it passes, in order"),
    "link_ids": Message("links of the network that it is made of"),
    "near_ids": Message("places of the network at most 25 km from it that it does not pass"),
    "km": Message("kilometres travelled"),
    "hours": Message("hours of travel in the usual service, without waiting"),
    "hours_back": Message("hours the other way"),
    "load": _LOAD,
    "load_low": Message("lower end of its range"),
    "load_high": Message("upper end of its range"),
    "load_forward": Message("part of the load from the first end to the other"),
    "load_back": Message("part of the load the other way"),
    "share": Message("load over the weight of all routed pairs, 0 to 1"),
    "share_low": Message("lower end of the range of the share"),
    "share_high": Message("upper end of the range of the share"),
    "first_year": Message("first year that the reports speak of"),
    "last_year": Message("last year that the reports speak of"),
    "link_id": Message("short name of the link"),
    "from": Message("one end of the link"),
    "to": Message("the other end"),
    "kind": Message("what kind of place it is"),
    "corridor_links.kind": Message("what the weight is: evidence, count or share"),
    "reason": Message("why no corridor carries it"),
    # context
    "area_km2": Message("square kilometres as drawn"),
    "population": Message("people; the denominator of every rate"),
    "population_year": Message("year of the census or estimate"),
    "boundaries": Message("what must be known of the boundaries"),
    "members": Message("places that an area is spread over"),
    "label_lat": Message("latitude of the name of an area, which has no point"),
    "label_lon": Message("longitude of the name of an area"),
    "name_en": Message("name in English where it differs"),
    "name_es": Message("name in Spanish"),
    "iso_a2": Message("ISO code of the country"),
    "waters.kind": Message("river (a line) or lake (an area)"),
    "waters.rank": Message("the lower, the earlier it is drawn"),
    "fact_id": Message("short name of the fact"),
    "text_es": Message("the fact in a sentence, in Spanish"),
    "text_en": Message("the fact in a sentence, in English"),
    "context.value": Message("its number"),
    "context.unit": Message("what the number counts"),
    "district": Message("name of a judicial or fiscal district as some publication writes it"),
    "canonical": Message("one name for all spellings of the same district"),
    "region": Message("name of the region; empty abroad"),
    "counts_es": Message("what the register counts, in Spanish"),
    "counts_en": Message("what the register counts, in English"),
    "sources.source_id": _SHORT,
    "registers.register": _SHORT,
    "places.place_id": _SHORT,
    "network_places.place_id": _SHORT,
    "network_places.place": Message("official name in Spanish"),
    "origin_id": Message("the publication that this one goes back to; evidence counts each once"),
    "publisher": Message("who published it"),
    "title": Message("title as published"),
    "date": Message("date of publication"),
    "url": Message("address of the publication"),
    "access": Message("whether anybody can read the publication: public, or own"),
    "language": Message("language of the title"),
    "accessed": Message("day on which it was read"),
    "surface": Message("surface of the road, or water or air"),
    "fast_hours": Message("hours by the fast boat, where one runs"),
    "fast_hours_back": Message("the same the other way"),
    "wet_hours": Message("hours in the rains, where they differ"),
    "wet_hours_back": Message("the same the other way"),
    "departures": Message("departures a week, where one has to wait for them"),
    "caution": Message("link that is closed in the rains or dangerous"),
}  # fmt: skip

_HXL = {
    "ubigeo": "#adm1+code+v_ubigeo", "pcode": "#adm1+code+v_pcode", "name": "#adm1+name",
    "origin": "#loc+code+origin", "origin_pcode": "#adm1+code+origin+v_pcode",
    "destination": "#loc+code+dest", "destination_pcode": "#adm1+code+dest+v_pcode",
    "origin_name": "#loc+name+origin", "destination_name": "#loc+name+dest",
    "period_start": "#date+start", "period_end": "#date+end", "value": "#value",
    "rate": "#value+rate", "low": "#value+low", "high": "#value+high",
    "evidence": "#value+evidence", "load": "#value+load+inferred", "share": "#value+share+inferred",
    "register": "#meta+register", "measure": "#indicator+measure", "purpose": "#indicator+purpose",
    "source_publisher": "#meta+source", "source_title": "#meta+title",
    "source_date": "#meta+date", "source_url": "#meta+url", "population": "#population",
    "lat": "#geo+lat", "lon": "#geo+lon", "status": "#status", "note": "#meta+note",
    "place": "#loc+name",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One column of a table that goes out: its type in words of Frictionless, and its meaning."""

    table: str
    name: str
    type: str
    meaning: Message
    constraints: dict[str, Any]


def list_fields(part: Part) -> list[Field]:
    """Return the columns of a table, its geometry apart."""
    contract = {column.name: column for column in CONTRACTS.get(part.name, ())}
    fields = []
    for name in map(str, part.rows.columns):
        if name == "geometry":
            continue
        rules: dict[str, Any] = {}
        column = contract.get(name)
        if column is not None:
            rules |= {"unique": True} if column.unique else {}
            rules |= {"required": True} if not column.empty else {}
            rules |= {"enum": list(column.choices)} if column.choices else {}
        if name in ("status", "what"):
            rules["required"] = True
        meaning = MEANINGS.get(f"{part.name}.{name}") or MEANINGS[name]
        fields.append(Field(part.name, name, _type(part.rows[name], name), meaning, rules))
    return fields


def _type(column: pd.Series[Any], name: str) -> str:
    from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

    if is_bool_dtype(column):
        return "boolean"
    if is_integer_dtype(column):
        return "integer"
    if is_numeric_dtype(column):
        return "number"
    return "yearmonth" if name.startswith("period_") else "string"


def dictionary_rows(parts: list[Part], lang: Language) -> pd.DataFrame:
    """Return the data dictionary as a table: one row per column of each table."""
    return pd.DataFrame(
        [
            {
                "table": field.table,
                "status": part.status,
                "column": field.name,
                "type": field.type,
                "meaning": field.meaning.render(lang),
            }
            for part in parts
            for field in list_fields(part)
        ]
    )


def hxl_tags(columns: list[str]) -> list[str]:
    """Return the HXL tag of each column; empty where the standard has none that fits."""
    return [_HXL.get(name, "") for name in columns]
