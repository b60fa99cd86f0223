"""The scene: everything a map shows, as plain data, in both languages.

A scene is what the page receives as its one data block. It says what is drawn (figures, classes,
widths, places) and never how a browser draws it, so that other outputs can show the same.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from corredor.geodata import (
    CorredorWarning,
    Publication,
    Study,
    Tables,
    roll_up,
)
from corredor.geodata.arguments import check_type
from corredor.geodata.figures import (
    Figures,
    counts_larger_units,
    find_series,
    find_show,
    join_figures,
)
from corredor.geodata.flows import weight_of_flows
from corredor.geodata.messages import Message
from corredor.geodata.places.gazetteer import region_names
from corredor.geodata.study.publication import own_sources
from corredor.geodata.study.tables import as_rows
from corredor.geodata.study.views import check_views, closed_in, stale_stories

import corredor

from .basemap import build_basemap, land_rows
from .corridors import closure_rows, corridor_rows
from .flows import (
    alias_rows,
    flow_columns,
    itinerary_rows,
    level_nodes,
    place_rows,
    role_rows,
    width_scales,
)
from .positions import Positions, Scene, TextPool, Units
from .regions import (
    context_rows,
    district_rows,
    family_rows,
    figure_rows,
    ranking_rows,
    region_rows,
    series_rows,
)
from .stories import story_rows, view_state

if TYPE_CHECKING:
    from corredor.routes import Comparison, Corridors


# What HTML takes as the language of a text.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def build_scene(
    publication: Publication,
    *,
    corridors: Corridors | None = None,
    closure: Comparison | None = None,
) -> Scene:
    """Build the scene of a publication.

    Parameters
    ----------
    publication : Publication
        Protected tables.
    corridors : Corridors, optional
        What `corredor.routes.find_corridors` found for them; not shown if left out.
    closure : Comparison, optional
        What one scenario changes of them; its layer is there only then.

    Returns
    -------
    dict
        JSON-ready: ``study``, ``texts``, ``sources``, ``registers``, ``level``, ``regions``,
        ``borders``, ``land``, ``basemap``, ``series``, ``families``, ``figures``, ``rankings``,
        ``context``, ``districts``, ``places``, ``aliases``, ``flows``, ``nodes``, ``widths``,
        ``itineraries``, ``corridors``, ``stories`` and ``account``; ``closure`` if given.
        Rows refer to each other by position. ``flows`` are columns packed by `maps.scene.pack`;
        ``nodes`` says for each level to which place each place is rolled up.
    """
    check_publication(publication)
    tables, pool = publication.tables, TextPool()
    sources = Positions(tables.sources["source_id"])
    regions = Positions(tables.regions["ubigeo"])
    found = join_figures(tables)
    account, figures, series = found.account, found.table, found.series
    check_views(publication.meta, tables, found)
    if told := stale_stories(publication.meta):
        warnings.warn(told.render(), CorredorWarning, stacklevel=2)
    units = Units(tables)
    larger = counts_larger_units(account.unmatched, tables.regions)
    places = place_rows(tables, units)
    at = Positions(tables.places["place_id"])
    rolled = roll_up(tables.flows, tables.places)
    drawn = (
        rolled
        if units.level == "region"
        else roll_up(tables.flows, tables.places, level=units.level)
    )
    rows, borders = region_rows(tables, sources, units)
    scene = {
        "study": _study(publication, found, pool, closed=closure is not None),
        "sources": _sources(tables, pool),
        "registers": _registers(tables),
        "level": units.level,
        "regions": rows,
        "borders": borders,
        "land": land_rows(tables),
        "basemap": build_basemap(tables),
        "series": series_rows(series, figures, pool, own=_withheld_from(publication)),
        "families": family_rows(series, figures),
        "figures": figure_rows(figures, series, regions, sources, pool),
        "rankings": ranking_rows(tables, regions, sources),
        "context": context_rows(tables, regions, sources, pool),
        "districts": district_rows(tables, regions, sources, pool),
        "places": places,
        "aliases": alias_rows(places, regions),
        "flows": flow_columns(tables, at, sources, pool),
        "nodes": level_nodes(tables, places),
        "roles": role_rows(drawn, tables.sources, regions),
        "widths": width_scales(rolled, tables.sources),
        "corridors": corridors and corridor_rows(corridors, tables),
        "itineraries": itinerary_rows(tables, at, sources),
        "stories": story_rows(publication.meta, tables, series, closed=closure is not None),
        "account": {
            "complaints": {name: len(rows) for name, rows in vars(account).items()},
            "unmatched": [
                {"place": row.place or row.ubigeo, "value": row.value}
                for row in as_rows(account.unmatched[~larger])
            ],
            "larger": int(larger.sum()),
            "flows": len(tables.flows),
        },
    }
    changed = {} if closure is None else {"closure": closure_rows(closure)}
    return {**scene, **changed, "texts": pool.texts()}


def _withheld_from(publication: Publication) -> frozenset[str]:
    """Return the sources of which counts are withheld: where they have none, it may be small."""
    if publication.mode != "protected":
        return frozenset()
    return own_sources(publication.tables.sources)


def _study(publication: Publication, found: Figures, pool: TextPool, *, closed: bool) -> Scene:
    meta = publication.meta
    opening = {
        "series": find_series(found.series, {}) if publication.mode != "public" else 0,
        **_widths(publication.tables),
        **view_state(meta.opening, publication.tables, found.series),
    }
    if closed and not closed_in(meta):
        # The page opens with what it was drawn for, and arrows do not cover it.
        opening["layers"] = ["regions", "closure"]
    elif closed and not meta.opening.without:  # only a story is about it
        opening.setdefault("layers", ["regions", "flows", "itineraries", "places"])
    return {
        "title": [meta.title.es, meta.title.en],
        "subtitle": [meta.subtitle.es, meta.subtitle.en],
        "part": _part(publication.tables),
        "boundaries": [meta.boundaries_note.es, meta.boundaries_note.en],
        "opening": {**opening, "show": find_show(found, opening.get("show"))},
        "threshold": meta.threshold,
        "protection": _protection(publication, pool),
        "classes": {"rate": list(meta.classes.rate), "count": list(meta.classes.count)},
        "fingerprint": meta.fingerprint,
        "version": corredor.__version__,
    }


def _part(tables: Tables) -> str | None:
    """Return the region where all units lie in one; None of a whole country."""
    codes = tables.regions["ubigeo"].str[:2].unique()
    return region_names().get(codes[0]) if len(codes) == 1 else None


def _widths(tables: Tables) -> Scene:
    """Return that arrows speak by counts where every flow has one, and all are of one source."""
    return {"widthBy": "count"} if weight_of_flows(tables.flows) == "count" else {}


def _protection(publication: Publication, pool: TextPool) -> Scene | None:
    """Return how own counts were treated; None where every source is public."""
    if publication.mode == "public":
        return None
    notes = [pool.add(note.render("es"), note.render("en")) for note in publication.notes]
    return {"mode": publication.mode, "mark": notes[0], "notes": notes}


def _sources(tables: Tables, pool: TextPool) -> list[Scene]:
    return [
        {
            "id": row.source_id,
            "origin": row.origin_id or row.source_id,
            "publisher": row.publisher,
            "title": row.title,
            **({"lang": row.language} if _LANGUAGE.fullmatch(row.language) else {}),
            "date": row.date,
            "url": row.url,
            "accessed": row.accessed,
            "note": pool.add(row.note_es, row.note_en),
        }
        for row in as_rows(tables.sources)
    ]


def _registers(tables: Tables) -> dict[str, Scene]:
    return {
        row.register: {
            "name": [row.name_es, row.name_en],
            "counts": [row.counts_es or row.counts_en, row.counts_en or row.counts_es],
        }
        for row in as_rows(tables.registers)
    }


def check_publication(value: object) -> None:
    """Raise TypeError unless this is a publication; say how a study becomes one."""
    if isinstance(value, Study):
        raise TypeError(
            Message(
                "A study may hold counts that nobody may see, so it is never drawn itself:"
                " protect(study) makes the publication that is."
            )
        )
    fix = Message("protect(study) makes a publication.")
    check_type(value, Publication, "publication", fix=fix)
