"""The layers of the atlas one by one, for any Folium map."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypedDict, Unpack, get_args

from branca.element import Element, Figure, MacroElement
from corredor.geodata import Publication, find_series
from corredor.geodata.arguments import check_choice, check_type
from corredor.geodata.figures import join_figures
from corredor.geodata.messages import LANGUAGES, Language, Message
from folium.map import Layer
from folium.template import Template

from .bundle import page_messages, stage_script
from .page import Verbatim, text_block, to_json
from .scene.build import build_scene, check_publication
from .scene.classes import SCHEMES
from .scene.flows import study_levels, width_kinds

if TYPE_CHECKING:
    from corredor.routes import Corridors
    from jinja2 import Template as JinjaTemplate

Position = Literal["topleft", "topright", "bottomleft", "bottomright"]


class _Scenes(Element):
    """The scenes of a page: one for each publication, whatever layers show it.

    A layer that has corridors adds them to the scene of all; only another set of corridors of the
    same publication needs a scene of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: list[tuple[Publication, Corridors | None, str, str]] = []

    def name_of(self, publication: Publication, corridors: Corridors | None) -> str:
        """Return the id of the block that holds a scene, built when first asked for."""
        for known, with_, name, _ in self._made:
            if known is publication and with_ is corridors:
                return name
        scene = build_scene(publication, corridors=corridors)
        text = to_json({**scene, "messages": page_messages()})
        name = f"corredor-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        self._made.append((publication, corridors, name, text_block(name, text)))
        return name

    def keep(self, wanted: list[tuple[Publication, Corridors | None]]) -> None:
        """Forget the scenes that no layer shows any more."""
        self._made = [
            made for made in self._made if any(made[0] is p and made[1] is c for p, c in wanted)
        ]

    def render(self, **kwargs: Any) -> str:
        """Return the blocks."""
        return "\n".join(dict.fromkeys(block for *_, block in self._made))


class _Part:
    """What layers and legends share: their publication, and what they bring into a page."""

    publication: Publication
    corridors: Corridors | None = None
    lang: Language

    def bring(self, figure: object) -> list[str]:
        """Put script, stylesheet and scenes into a page; return the scenes of the publication.

        The scene that this part shows comes first.
        """
        if not isinstance(figure, Figure):
            raise TypeError(Message("Add the layer to a map first."))
        css = (resources.files("corredor.maps") / "css" / "layers.css").read_text(encoding="utf-8")
        figure.header.add_child(Verbatim(f"<style>{css}</style>"), name="corredor-style")
        figure.header.add_child(
            Verbatim(f"<script>{stage_script()}</script>"), name="corredor-layers"
        )
        scenes = figure.header._children.get("corredor-scenes")
        if not isinstance(scenes, _Scenes):
            scenes = _Scenes()
            figure.header.add_child(scenes, name="corredor-scenes")
        parts: list[_Part] = [part for part in _walk(figure) if isinstance(part, _Part)]
        wanted = [(part.publication, _shown_corridors(part, parts)) for part in parts]
        scenes.keep(wanted)
        mine = (self.publication, _shown_corridors(self, parts))
        shown = [mine, *(pair for pair in wanted if pair[0] is self.publication)]
        return list(dict.fromkeys(scenes.name_of(*pair) for pair in shown))


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _walk(child)


def _shown_corridors(part: _Part, parts: list[_Part]) -> Corridors | None:
    """Return the corridors in the scene of a part: its own, else the first of its publication."""
    others = (one.corridors for one in parts if one.publication is part.publication)
    return part.corridors or next((found for found in others if found), None)


class Shared(TypedDict, total=False):
    """What all layers can be told: name in the layer control, language, shown or not."""

    name: str | None
    lang: Language
    show: bool
    control: bool


class _StudyLayer(_Part, Layer):
    """A layer that draws one kind of thing of a publication."""

    kind: ClassVar[str]
    title: ClassVar[Message]
    _template: JinjaTemplate = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = corredorLayer(
            {{ this.study|tojson }}, {{ this.kind|tojson }}, {{ this.settings|tojson }},
            {{ this.lang|tojson }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        publication: Publication,
        *,
        name: str | None = None,
        lang: Language = "es",
        show: bool = True,
        control: bool = True,
    ) -> None:
        check_publication(publication)
        check_choice(lang, LANGUAGES, "lang")
        # Leaflet's layer control takes names for markup, and branca renders what Folium makes of
        # them once more as a template.
        shown = html.escape(name if name is not None else self.title.render(lang))
        shown = shown.replace("{", "&#123;").replace("}", "&#125;")
        super().__init__(name=shown, overlay=True, control=control, show=show)
        self.publication, self.lang = publication, lang
        self.settings: dict[str, Any] = {}
        self._name, self.study = type(self).__name__, ""

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Render the layer into the page it was added to."""
        self.study = self.bring(self.get_root())[0]
        super().render(**kwargs)  # type: ignore[no-untyped-call]


class FlowLayer(_StudyLayer):
    """Reported flows as curved arrows.

    Parameters
    ----------
    publication : Publication
        Protected tables (`corredor.geodata.protect`).
    level : {"region", "province", "district", "place"}, optional
        To what the ends of flows are rolled up.
    width_by : {"evidence", "count", "share_of_origin", "share_of_destination"}, optional
        What the width says: independent publications that name the pair, people counted, or a
        share. Pairs without such a value are thin and dotted.
    top : int, optional
        Only so many pairs, those with most of what the width says; 0 for all. Pairs without such a
        value have no rank and are then not drawn.
    **shared : dict
        ``name``, ``lang``, ``show`` and ``control``, as in `SymbolLayer`.

    Raises
    ------
    ValueError
        If ``level`` or ``width_by`` is not known, or the study has no flow with such a value.

    Examples
    --------
    >>> import folium
    >>> from corredor.geodata import embedded_study, protect, read_study
    >>> publication = protect(read_study(embedded_study()))
    >>> map_ = folium.Map([-9, -75], zoom_start=5)
    >>> FlowLayer(publication, top=20).add_to(map_).layer_name
    'Flujos reportados'
    """

    kind = "flows"
    title = Message("Reported flows")

    def __init__(
        self,
        publication: Publication,
        *,
        level: str = "region",
        width_by: str = "evidence",
        top: int = 0,
        **shared: Unpack[Shared],
    ) -> None:
        super().__init__(publication, **shared)
        check_choice(level, [*study_levels(publication.tables), "place"], "level")
        check_choice(width_by, width_kinds(publication.tables), "width_by")
        check_type(top, int, "top")
        self.settings = {"level": level, "widthBy": width_by, "top": max(top, 0)}


class RegionLayer(_StudyLayer):
    """Regions coloured by the rate or count of one register, measure and period.

    Parameters
    ----------
    publication : Publication
        Protected tables.
    value : {"rate", "count"}, optional
        What colours a region; as the study opens if left out.
    scheme : {"jenks", "quantiles", "equal"}, optional
        How classes are found.
    register, measure, period : str, optional
        Which series, where it is not the one the study opens with; ``period`` as
        ``"2017-01/2023-12"``. Of several that fit, the one that covers most regions.
    **shared : dict
        ``name``, ``lang``, ``show`` and ``control``, as in `SymbolLayer`.

    Raises
    ------
    ValueError
        If a choice is not known or no series fits.
    """

    kind = "regions"
    title = Message("Figures by region")

    def __init__(
        self,
        publication: Publication,
        *,
        value: str | None = None,
        scheme: str = "jenks",
        register: str | None = None,
        measure: str | None = None,
        period: str | None = None,
        **shared: Unpack[Shared],
    ) -> None:
        super().__init__(publication, **shared)
        check_choice(scheme, SCHEMES, "scheme")
        shown = value or publication.meta.opening.state.get("show", "rate")
        check_choice(shown, ["rate", "count"], "value")
        asked = {"register": register, "measure": measure, "period": period}
        series = _find_series(publication, **asked)
        self.settings = {"series": series, "show": shown, "scheme": scheme}


class SymbolLayer(_StudyLayer):
    """Places of a study as symbols: towns, river ports, mining zones, border crossings.

    Parameters
    ----------
    publication : Publication
        Protected tables.
    name : str, optional
        Name in the layer control.
    lang : {"es", "en"}, optional
        Language of names, hints and popups.
    show, control : bool, optional
        As in Folium.
    """

    kind = "places"
    title = Message("Places and mining zones")


class ItineraryLayer(_StudyLayer):
    """Documented itineraries, stop by stop as published.

    Parameters
    ----------
    publication : Publication
        Protected tables.
    name : str, optional
        Name in the layer control.
    lang : {"es", "en"}, optional
        Language of names, hints and popups.
    show, control : bool, optional
        As in Folium.
    """

    kind = "itineraries"
    title = Message("Documented itineraries")


class CorridorLayer(_StudyLayer):
    """Inferred corridors: the roads and rivers that reported flows would most likely follow.

    Parameters
    ----------
    publication : Publication
        Protected tables.
    corridors : Corridors
        What `corredor.routes.find_corridors` found for them.
    **shared : dict
        ``name``, ``lang``, ``show`` and ``control``, as in `SymbolLayer`.
    """

    kind = "corridors"
    title = Message("Inferred corridors")

    def __init__(
        self, publication: Publication, corridors: Corridors, **shared: Unpack[Shared]
    ) -> None:
        super().__init__(publication, **shared)
        from corredor.routes import Corridors as Found

        fix = Message("find_corridors(publication) finds corridors.")
        check_type(corridors, Found, "corridors", fix=fix)
        self.corridors = corridors


class Legend(_Part, MacroElement):
    """The legend of the layers that are shown, with real colours, widths and numbers.

    Parameters
    ----------
    publication : Publication
        The publication of the layers.
    position : {"bottomleft", "bottomright", "topleft", "topright"}, optional
        Corner of the map.
    lang : {"es", "en"}, optional
        Language; that of the layers.

    Raises
    ------
    ValueError
        If ``position`` is not a corner.
    """

    _template: JinjaTemplate = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = corredorLegend(
            {{ this.studies|tojson }}, {{ this.lang|tojson }}, {{ this.position|tojson }}
        ).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        publication: Publication,
        *,
        position: Position = "bottomleft",
        lang: Language = "es",
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        check_publication(publication)
        check_choice(position, get_args(Position), "position")
        check_choice(lang, LANGUAGES, "lang")
        self._name = "Legend"
        self.publication, self.position, self.lang = publication, position, lang
        self.studies: list[str] = []

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Render the legend into the page it was added to.

        Parameters
        ----------
        **kwargs : object
            As in Folium.
        """
        self.studies = self.bring(self.get_root())
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def _find_series(publication: Publication, **wanted: str | None) -> int:
    """Return the number of a series; the one the study opens with if nothing is asked for."""
    series = join_figures(publication.tables).series
    if not any(wanted.values()):
        return find_series(series, publication.meta.opening.series)
    start, _, end = (wanted.pop("period") or "").partition("/")
    asked = {**wanted, "period_start": start, "period_end": end}
    fitting = series
    for column, value in asked.items():
        fitting = fitting[fitting[column] == value] if value else fitting
    if fitting.empty:
        raise ValueError(
            Message(
                "No series of the study has {asked}.",
                asked=", ".join(filter(None, asked.values())),
            )
        )
    best: int = fitting["covered"].idxmax()  # type: ignore[assignment]
    return int(best)
