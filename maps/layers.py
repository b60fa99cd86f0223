"""The layers of the atlas one by one, for any Folium map."""

from __future__ import annotations

import hashlib
import html
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from branca.element import Figure, MacroElement
from corredor.geodata import Publication
from corredor.geodata.errors import suggestion
from corredor.geodata.messages import Language, Message
from folium.map import Layer
from folium.template import Template

from .page import Verbatim, page_messages, stage_script, text_block
from .scene import build_scene

if TYPE_CHECKING:
    from corredor.routes import Corridors
    from jinja2 import Template as JinjaTemplate

    from .positions import Scene

Position = Literal["topleft", "topright", "bottomleft", "bottomright"]


class _Part:
    """What layers and legends share: their study, and what they bring into a page."""

    scene: Scene
    lang: Language

    def bring(self, figure: object) -> str:
        """Put script, stylesheet and study into a page, once each; return the name of the study."""
        if not isinstance(figure, Figure):
            raise TypeError(Message("Add the layer to a map first."))
        scene = {**self.scene, "messages": page_messages()}
        text = json.dumps(scene, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        name = f"corredor-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        css = (resources.files("corredor.maps") / "css" / "layers.css").read_text(encoding="utf-8")
        figure.header.add_child(Verbatim(f"<style>{css}</style>"), name="corredor-style")
        figure.header.add_child(
            Verbatim(f"<script>{stage_script()}</script>"), name="corredor-layers"
        )
        figure.header.add_child(Verbatim(text_block(name, text)), name=name)
        return name


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
        scene: Scene,
        *,
        settings: dict[str, Any],
        name: str | None,
        lang: Language,
        show: bool,
        control: bool,
    ) -> None:
        # Leaflet's layer control takes names for markup.
        shown = html.escape(name if name is not None else self.title.render(lang))
        super().__init__(name=shown, overlay=True, control=control, show=show)
        self.scene, self.settings, self.lang = scene, settings, lang
        self._name, self.study = type(self).__name__, ""

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Render the layer into the page it was added to."""
        self.study = self.bring(self.get_root())
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
    name : str, optional
        Name in the layer control.
    lang : {"es", "en"}, optional
        Language of names, hints and popups.
    show, control : bool, optional
        As in Folium.

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
        name: str | None = None,
        lang: Language = "es",
        show: bool = True,
        control: bool = True,
    ) -> None:
        scene = build_scene(publication)
        _check(level, [*scene["nodes"], "place"], "level")
        _check(width_by, scene["widths"], "width_by")
        settings = {"level": level, "widthBy": width_by, "top": top}
        super().__init__(scene, settings=settings, name=name, lang=lang, show=show, control=control)


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
    name : str, optional
        Name in the layer control.
    lang : {"es", "en"}, optional
        Language of names, hints and popups.
    show, control : bool, optional
        As in Folium.

    Raises
    ------
    ValueError
        If a choice is not known or no series fits.
    """

    kind = "regions"
    title = Message("Complaints by region")

    def __init__(
        self,
        publication: Publication,
        *,
        value: str | None = None,
        scheme: str = "jenks",
        register: str | None = None,
        measure: str | None = None,
        period: str | None = None,
        name: str | None = None,
        lang: Language = "es",
        show: bool = True,
        control: bool = True,
    ) -> None:
        scene = build_scene(publication)
        _check(scheme, ["jenks", "quantiles", "equal"], "scheme")
        shown = value or scene["study"]["show"]
        _check(shown, ["rate", "count"], "value")
        series = _find_series(scene, register=register, measure=measure, period=period)
        settings = {"series": series, "show": shown, "scheme": scheme}
        super().__init__(scene, settings=settings, name=name, lang=lang, show=show, control=control)


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

    def __init__(
        self,
        publication: Publication,
        *,
        name: str | None = None,
        lang: Language = "es",
        show: bool = True,
        control: bool = True,
    ) -> None:
        scene = build_scene(publication)
        super().__init__(scene, settings={}, name=name, lang=lang, show=show, control=control)


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

    def __init__(
        self,
        publication: Publication,
        *,
        name: str | None = None,
        lang: Language = "es",
        show: bool = True,
        control: bool = True,
    ) -> None:
        scene = build_scene(publication)
        super().__init__(scene, settings={}, name=name, lang=lang, show=show, control=control)


class CorridorLayer(_StudyLayer):
    """Inferred corridors: the roads and rivers that reported flows would most likely follow.

    Parameters
    ----------
    publication : Publication
        Protected tables.
    corridors : Corridors
        What `corredor.routes.find_corridors` found for them.
    name : str, optional
        Name in the layer control.
    lang : {"es", "en"}, optional
        Language of names, hints and popups.
    show, control : bool, optional
        As in Folium.
    """

    kind = "corridors"
    title = Message("Inferred corridors")

    def __init__(
        self,
        publication: Publication,
        corridors: Corridors,
        *,
        name: str | None = None,
        lang: Language = "es",
        show: bool = True,
        control: bool = True,
    ) -> None:
        scene = build_scene(publication, corridors=corridors)
        super().__init__(scene, settings={}, name=name, lang=lang, show=show, control=control)


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
            {{ this.study|tojson }}, {{ this.lang|tojson }}, {{ this.position|tojson }}
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
        self._name = "Legend"
        _check(position, ["topleft", "topright", "bottomleft", "bottomright"], "position")
        self.scene, self.position, self.lang = build_scene(publication), position, lang
        self.study = ""

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Render the legend into the page it was added to.

        Parameters
        ----------
        **kwargs : object
            As in Folium.
        """
        self.study = self.bring(self.get_root())
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def _check(value: str, known: Any, name: str) -> None:
    if value not in known:
        raise ValueError(Message("{name}: {fix}", name=name, fix=suggestion(value, tuple(known))))


def _find_series(scene: Scene, **wanted: str | None) -> int:
    """Return the number of a series; the one the study opens with if nothing is asked for."""
    if not any(wanted.values()):
        return int(scene["study"]["series"])
    start, _, end = (wanted.pop("period") or "").partition("/")
    asked = {**wanted, "period_start": start, "period_end": end}
    fitting = [
        number
        for number, row in enumerate(scene["series"])
        if all(not value or row[name] == value for name, value in asked.items())
    ]
    if not fitting:
        raise ValueError(
            Message(
                "No series of the study has {asked}.",
                asked=", ".join(filter(None, asked.values())),
            )
        )
    return max(fitting, key=lambda number: scene["series"][number]["covered"])
