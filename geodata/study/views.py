"""Views of a study against what it holds: the opening view and stories show only what there is."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote

from ..errors import StudyError
from ..figures import Figures, find_series
from ..messages import Message
from .model import StudyMeta, Tables, View
from .toml import DIRECTIONS, LEVELS, SERIES_KEYS, SHOWS, STORY_LAYERS

# What each layer and choice of a view needs: tables of which none may be empty.
_NEEDS = {
    "flows": ("flows",),
    "corridors": ("flows", "network_links"),
    "itineraries": ("itineraries",),
    "series": ("complaints",),
    "show": ("complaints",),
    "direction": ("flows",),
    "grade": ("flows",),
    "top": ("flows",),
    "without": ("flows", "network_links"),
}


def check_views(meta: StudyMeta, tables: Tables, found: Figures) -> None:
    """Refuse an opening view or a story of figures that the study does not have."""
    closed_in(meta)
    for name, view in _shown_views(meta):
        if view.series:
            where = name if name == "opening" else f"{name}.series"
            find_series(found.series, view.series, where=where)
        asked = [key for key in ("series", "without") if getattr(view, key)]
        for choice in (*asked, *view.state, *view.state.get("layers", ())):
            if name != "opening" and (table := _lacking(choice, tables)):
                raise StudyError(
                    Message(
                        "study.toml, [{where}]: it speaks of the table '{table}', which is"
                        " empty in this study. Delete the story, or add the table.",
                        where=name,
                        table=table,
                    )
                )


def _lacking(choice: str, tables: Tables) -> str | None:
    """Return an empty table that a choice needs."""
    return next((name for name in _NEEDS.get(choice, ()) if getattr(tables, name).empty), None)


def _shown_views(meta: StudyMeta) -> list[tuple[str, View]]:
    """Return the views of a study that hold, by their sections."""
    return [
        ("opening", meta.opening),
        *(
            (f"stories {number}", story)
            for number, story in enumerate(meta.stories, start=1)
            if not story.stale
        ),
    ]


def closed_in(meta: StudyMeta) -> tuple[str, ...]:
    """Return what the views of a study close, which is one thing for all of them."""
    views = [(name, view.without) for name, view in _shown_views(meta) if view.without]
    for name, without in views[1:]:
        if set(without) != set(views[0][1]):
            raise StudyError(
                Message(
                    "study.toml, [{where}].without: a map shows what one closure would change, and"
                    " [{first}] closes other places. Write the same in both, or make a second"
                    " study.",
                    where=name,
                    first=views[0][0],
                )
            )
    return views[0][1] if views else ()


def stale_stories(meta: StudyMeta) -> Message | None:
    """Say which stories were written for other figures; they are not told."""
    stale = [number for number, story in enumerate(meta.stories, start=1) if story.stale]
    if not stale:
        return None
    return Message(
        "Stories {numbers} are left out: they were written for other figures. Delete those that no"
        " longer hold from study.toml, and the line written_for of those that do.",
        numbers=", ".join(map(str, stale)),
    )


def view_of_address(address: str, tables: Tables) -> dict[str, Any]:
    """Return the choices in the address of a map as keys of a story; others it can't hold.

    The address is what stands behind ``#``; what is not understood, or chosen of tables that are
    empty in this study, is left out, as the page does.
    """
    words = {name: values[0] for name, values in parse_qs(address.lstrip("#")).items()}
    view: dict[str, Any] = {}
    series = [unquote(part) for part in words.get("series", "").split(".")]
    if len(series) == len(SERIES_KEYS):
        view["series"] = dict(zip(SERIES_KEYS, series, strict=True))
    for name, known in (("show", SHOWS), ("level", LEVELS), ("direction", DIRECTIONS)):
        if words.get(name) in known:
            view[name] = words[name]
    for name in ("grade", "top"):
        if words.get(name, "").isdecimal() and int(words[name]) > 0:
            view[name] = int(words[name])
    if "layers" in words:
        view["layers"] = [
            name
            for name in words["layers"].split()
            if name in STORY_LAYERS and not _lacking(name, tables)
        ]
    if focus := [code for one in words.get("focus", "").split() if (code := _place(one))]:
        view["focus"] = focus
    if select := _place(words.get("selected", "")):
        view["select"] = select
    return {name: value for name, value in view.items() if not _lacking(name, tables)}


def _place(text: str) -> str:
    """Return the code of ``region~17``; an empty text for a pair, a route or a corridor."""
    kind, _, code = text.partition("~")
    return unquote(code) if kind in ("region", "place") else ""
