"""Write the tables of docs/method.md that compare inferred corridors with published itineraries.

``python docs/compare_itineraries.py`` writes them between two marks in ``docs/method.md``; with
``--check`` it only tells, by its exit code, whether they are what it would write.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pandas as pd
from corredor.geodata import Publication, Study, embedded_study, protect, read_study
from corredor.routes import LEVELS, SURFACE, compare_itineraries

METHOD = Path(__file__).resolve().parent / "method.md"
BEGIN = "<!-- itineraries: written by docs/compare_itineraries.py -->"
END = "<!-- itineraries: end -->"
# Ways that a publication tells by a province, here by its capital.
SAID = {"F116": "urcos", "F117": "urcos", "F118": "urcos"}
HEADS = {
    "fastest": "only the fastest",
    "few": "few alternatives",
    "some": "some (default)",
    "many": "many alternatives",
}


def render_tables() -> str:
    """Return the tables and the line about routes without a stop between their ends."""
    study = read_study(embedded_study())
    tables = protect(study)
    found = compare_itineraries(tables)
    told = compare_itineraries(tables, choices=[SURFACE], hubs=True)
    sentences = compare_itineraries(_told_ways(study), choices=[SURFACE])
    names = tables.tables.network_places.set_index("place_id")["place"].to_dict()
    surface = found["modes"] == SURFACE
    only_ends = found.loc[surface & (found["stops"] == 0), "route_id"].drop_duplicates()
    parts = [
        "By road, river and border crossing:",
        _table(found[surface & (found["stops"] > 0)], names),
        "The same, told also the capitals of regions that the itinerary names on the way:",
        _table(told[told["stops"] > 0], names),
        "With flights allowed:",
        _table(found[~surface & (found["stops"] > 0)], names),
        "**Out of sample.** Ways that publications name in a sentence beside a flow (`via`;"
        " F116-F118 by a province, here its capital), which were no itineraries when the network"
        " was written; told the ends alone:",
        _table(sentences, names),
        "Leave one publication out: the number of alternatives that does best on the stops of all"
        " other publications (come near to; itineraries and told ways), and what it reaches on the"
        " one left out:",
        _left_out(pd.concat([found[surface], sentences])),
        f"Not in the tables, because they name nothing between their ends: {', '.join(only_ends)}.",
    ]
    return "\n\n".join(parts)


def _told_ways(study: Study) -> Publication:
    """Return the study with the places that flows are said to go by as its only itineraries."""
    stops = []
    for flow in study.tables.flows.to_dict("records"):
        told = (flow["via"] or SAID.get(flow["flow_id"], "")).split()
        for seq, place in enumerate([flow["origin"], *told, flow["destination"]] if told else ()):
            row = {"route_id": flow["flow_id"], "seq": seq + 1, "place_id": place}
            stops.append({**row, "mode_to_next": "unknown", "source_id": flow["source_id"]})
    tables = dataclasses.replace(study.tables, itineraries=pd.DataFrame(stops))
    return protect(dataclasses.replace(study, tables=tables))


def _left_out(found: pd.DataFrame) -> str:
    """Return for each publication the level chosen on all others, and what it reaches on this."""
    found = found[found["stops"] > 0]
    by = found.groupby(["source_id", "theta"])["near_share"].mean().unstack("theta")[list(LEVELS)]
    lines = [
        "| left out | chosen on the others | there | here | default, here |",
        "|---|---|---|---|---|",
    ]
    shares = []
    for source in by.index:
        others = by.drop(index=source).mean()
        level = str(others.idxmax())
        shares.append((by.loc[source, level], by.loc[source, "some"]))
        cells = (others[level], *shares[-1])
        told = " | ".join(f"{100 * share:.0f} %" for share in cells)
        lines.append(f"| `{source}` | {HEADS[level]} | {told} |")
    here, default = (100 * sum(column) / len(shares) for column in zip(*shares, strict=True))
    lines.append(f"| **mean of the publications** | | | {here:.0f} % | {default:.0f} % |")
    return "\n".join(lines)


def _table(found: pd.DataFrame, names: dict[str, str]) -> str:
    heads = ["itinerary", "stops", *(HEADS[level] for level in LEVELS)]
    lines = [f"| {' | '.join(heads)} |", "|---|---|" + "---|" * len(LEVELS)]
    for (route, source), rows in found.groupby(["route_id", "source_id"], sort=False):
        first = rows.iloc[0]
        ends = f"{names[first['origin']]} – {names[first['destination']]}"
        cells = [_cell(rows[rows["theta"] == level]) for level in LEVELS]
        lines.append(f"| {route}, {ends} (`{source}`) | {first['stops']} | {' | '.join(cells)} |")
    means = [_cell(found[found["theta"] == level]) for level in LEVELS]
    lines.append(f"| **mean of the itineraries** | | {' | '.join(means)} |")
    return "\n".join(lines)


def _cell(rows: pd.DataFrame) -> str:
    """Return the share of stops passed, come near to, and of length in per cent."""
    shares = (100 * rows[name].mean() for name in ("stops_share", "near_share", "km_share"))
    return " / ".join(f"{share:.0f}" for share in shares) + " %"


def main(arguments: list[str]) -> int:
    """Write the tables, or tell whether they are up to date."""
    text = METHOD.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    wanted = f"{before}{BEGIN}\n\n{render_tables()}\n\n{END}{after}"
    if "--check" in arguments:
        return int(wanted != text)
    METHOD.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
