"""The atlas: a publication as an interactive Folium map in one file that opens offline."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import folium
from corredor.geodata import Publication
from corredor.geodata.arguments import as_path, check_type
from corredor.geodata.errors import NetworkError
from corredor.geodata.files import write_whole
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.publication import publishing
from corredor.geodata.study.views import closed_in
from folium.template import Template

from .bundle import page_messages
from .embed import NOTEBOOK_HEIGHT_PX, frame
from .page import AtlasFigure, Verbatim, stylesheet
from .scene.build import build_scene
from .scene.corridors import has_network
from .vendor import bring_home, leaflet_script, outside_files, warn_outside

if TYPE_CHECKING:
    from corredor.routes import Comparison, Corridors
    from jinja2 import Template as JinjaTemplate

_TILES = re.compile(r"https://([a-z0-9.-]+(?::\d+)?)/[\w./?&=%{}@-]+", re.ASCII)
CENTRE = (-9.3, -75.2)
ZOOM = 5


class AtlasMap(folium.Map):
    """A Folium map that brings its own page instead of Folium's links to other hosts."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - Folium reads these two as class lists
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    publication: Publication
    _template: JinjaTemplate = Template(
        (resources.files("corredor.maps") / "templates" / "map.html").read_text(encoding="utf-8")
    )

    def _repr_html_(self, **kwargs: object) -> str:
        """Show the page in a notebook, in a frame that reaches nothing of the notebook."""
        figure = self.get_root()
        assert isinstance(figure, AtlasFigure)
        return frame(
            figure.render(),
            src=None,
            title=figure.page_title,
            lang=figure.lang,
            style=f"display: block; width: 100%; height: {NOTEBOOK_HEIGHT_PX}px; border: 0",
        )


def atlas(
    publication: Publication,
    *,
    lang: Language = "es",
    tiles: str | None = None,
    tiles_credit: str = "",
    corridors: Corridors | bool = True,
    closed: Sequence[str] = (),
) -> folium.Map:
    """Draw a publication.

    Parameters
    ----------
    publication : Publication
        Protected tables of a study (`corredor.geodata.protect`).
    lang : {"es", "en"}
        Language the page opens in; readers can switch.
    tiles : str, optional
        Address of map tiles to offer, such as ``"https://tiles.example.org/{z}/{x}/{y}.png"``. The
        page then has a button that loads them, with a sentence about what that host learns; nothing
        is loaded before. Left out, the page can load nothing at all.
    tiles_credit : str, optional
        Whom the tiles credit, as plain text; shown while they are.
    corridors : Corridors or bool
        Inferred corridors, a layer that is off until the reader asks for it: those given, or True
        to find them where the study has flows and a network, or False for none.
    closed : sequence of str
        Legs of corridors, links or places: a layer shows what would be expected to move if all of
        them were closed. Inferred twice over, and said so; there is no such layer without them.
        Left out, what the opening view or a story of the study closes (``without``).

    Returns
    -------
    folium.Map
        A map in a page of its own. Other Folium layers may be added; those that load files from
        other hosts widen the page's security policy, and saving the map then warns.

    Raises
    ------
    TypeError
        If ``publication`` is not one; a study is protected first.
    ValueError
        If ``lang`` is not known or ``tiles`` is not an https address with {z}, {x} and {y}.
    NetworkError
        If something is ``closed`` that is no leg, link or place, or there are no corridors.

    Examples
    --------
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> atlas(protect(read_study(embedded_study()))).get_name()
    'map_...'
    """
    if corridors is True and has_network(publication):
        from corredor.routes import find_corridors

        corridors = find_corridors(publication)
    found = None if isinstance(corridors, bool) else corridors
    told = closed_in(publication.meta)
    if closed and told and set(closed) != set(told):
        raise NetworkError(
            Message(
                "The study closes {told} itself, in study.toml. Delete 'without' there to close"
                " other places.",
                told=", ".join(told),
            )
        )
    if told and corridors is not False:
        closed = told
    closure = _closure(publication, found, closed) if closed else None
    scene = build_scene(publication, corridors=found, closure=closure)
    scene["messages"] = page_messages()
    host = None if tiles is None else _tile_host(tiles)
    scene["tiles"] = host and {"url": tiles, "host": host, "credit": tiles_credit}
    title = scene["study"]["title"][0 if lang == "es" else 1]
    figure = AtlasFigure(title=title, lang=lang, data=scene, pictures_from=host)
    result = AtlasMap(location=CENTRE, zoom_start=ZOOM, tiles=None)
    result.publication = publication
    figure.add_child(result, name="map")
    figure.header.add_child(Verbatim(f"<style>{stylesheet()}</style>"), name="style")
    figure.header.add_child(Verbatim(f"<script>{leaflet_script()}</script>"), name="leaflet")
    return result


def _closure(
    publication: Publication, corridors: Corridors | None, closed: Sequence[str]
) -> Comparison:
    """Return what changes when legs, links or places are closed."""
    from corredor.routes import compare_scenarios, find_closed, name_closed

    if corridors is None or corridors.legs.empty:
        raise NetworkError(
            Message("There are no corridors to close: the study has no flows on a network.")
        )
    scenario = find_closed(corridors, publication, closed)
    name = name_closed(corridors, scenario).replace(" - ", " – ")
    return compare_scenarios(publication, {name: scenario}, corridors=corridors)


def _tile_host(tiles: str) -> str:
    """Return the host of an address of tiles, with its port."""
    found = _TILES.fullmatch(tiles)
    if found is None or any(gap not in tiles for gap in ("{z}", "{x}", "{y}")):
        raise ValueError(
            Message(
                "{tiles}: tiles need an address such as {example}.",
                tiles=tiles,
                example="https://tiles.example.org/{z}/{x}/{y}.png",
            )
        )
    return found[1]


def write_page(map_: folium.Map, path: str | os.PathLike[str], *, offline: bool = True) -> Path:
    """Write a map to a file, whole or not at all.

    Parameters
    ----------
    map_ : folium.Map
        A map of `atlas`, or any Folium map with layers of ours.
    path : str or Path
        The file; what stood there stays until the new page is complete.
    offline : bool, optional
        Write Leaflet and jQuery into a plain Folium map instead of linking them on other hosts; a
        map of `atlas` has them in it anyway. What is still loaded from elsewhere, such as tiles, is
        said in a warning.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    TypeError
        If ``map_`` is no map.
    DataFileError
        If the folder does not exist or cannot be written to.
    """
    check_type(map_, folium.Map, "map_", fix=Message("atlas(publication) makes a map."))
    path = as_path(path)
    figure = map_.get_root()
    page = figure.render()
    if not isinstance(figure, AtlasFigure):
        page = bring_home(page) if offline else page
        if outside := outside_files(page):
            warn_outside(outside)
    with ExitStack() as written:
        for publication in _shown(map_):
            written.enter_context(publishing(publication, path))
        return write_whole(path, lambda part: part.write_bytes(page.encode("utf-8")))


def _shown(map_: folium.Map) -> list[Publication]:
    """Return the publications that a map shows, by itself or in layers of ours."""
    found = [getattr(part, "publication", None) for part in (map_, *map_._children.values())]
    return list({id(one): one for one in found if isinstance(one, Publication)}.values())
