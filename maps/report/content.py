"""What a report says, as a list of plain blocks that every kind of file is written from.

Blocks are JSON-ready dicts with a ``kind``: ``heading`` (``text``, ``level``, ``page``: whether it
begins one), ``text``
(``text``, ``strong``), ``picture`` (``svg``, ``alt``, ``caption``), ``table`` (``header``,
``rows``, ``caption``, ``numbers``: which columns hold numbers), ``source`` (``text``, ``url``) and
``page`` (a new page). Numbers of pictures and tables are given by the writers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corredor.geodata import Publication
from corredor.geodata.messages import Language, Message

from ..figure.picture import draw_scene, find_region
from ..figure.views import choropleth, flows_shown, mapped_series
from ..figure.words import Words
from ..scene.build import build_scene
from ..scene.corridors import has_network
from ..scene.positions import Scene
from .house import House
from .sensitivity import sensitivity_rows

if TYPE_CHECKING:
    from corredor.routes import Corridors

Block = dict[str, Any]
_RANKED = 12
_POSTS = 5
# Sheets of regions with no more rows than this share a page.
_SHORT_SHEET = 14
# Tables of no more rows stand on one page.
WHOLE_ROWS = 25


@dataclass
class Content:
    """The blocks of a report, and the sources cited so far, in order of first mention."""

    title: str
    subtitle: str
    words: Words
    scene: Scene
    publication: Publication
    size: str
    corridors: Corridors | None = None
    house: House = field(default_factory=House)
    blocks: list[Block] = field(default_factory=list)
    cited: list[int] = field(default_factory=list)

    def heading(self, text: str, level: int = 1, *, page: bool | None = None) -> None:
        """Begin a section; one of the first level begins a page, unless ``page`` says otherwise."""
        page = level == 1 if page is None else page
        self.blocks.append({"kind": "heading", "text": text, "level": level, "page": page})

    def page(self) -> None:
        """Begin a new page, so that a heading stands with its picture."""
        self.blocks.append({"kind": "page"})

    def text(self, text: str, *, strong: bool = False) -> None:
        """Add a paragraph."""
        self.blocks.append({"kind": "text", "text": text, "strong": strong})

    def picture(self, view: str, caption: str, **choices: Any) -> None:
        """Add a figure of a view, drawn in the size that the kind of file asks for."""
        figure = draw_scene(
            self.publication,
            self.scene,
            view,
            size=self.size,
            lang=self.words.language,
            **choices,
        )
        self.blocks.append(
            {
                "kind": "picture",
                "figure": figure,
                "svg": figure.svg,
                "alt": figure.alt,
                "caption": caption,
            }
        )

    def table(
        self, header: list[str], rows: list[list[str]], caption: str, *, numbers: set[int]
    ) -> None:
        """Add a table; ``numbers`` are the columns that are set to the right."""
        self.blocks.append(
            {
                "kind": "table",
                "header": header,
                "rows": rows,
                "caption": caption,
                "numbers": sorted(numbers),
            }
        )

    def cite(self, sources: list[int]) -> str:
        """Return the marks of sources, ``[3, 7]``, whose list closes the report."""
        for number in sources:
            if number not in self.cited:
                self.cited.append(number)
        marks = sorted(self.cited.index(number) + 1 for number in set(sources))
        return f"[{', '.join(map(str, marks))}]" if marks else ""


def build_content(
    publication: Publication,
    *,
    lang: Language,
    size: str = "report",
    region: str | None = None,
    corridors: Corridors | None = None,
    house: House | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Content:
    """Gather everything a report says."""
    if corridors is None and has_network(publication):
        from corredor.routes import find_corridors

        corridors = find_corridors(publication)
    scene = build_scene(publication, corridors=corridors)
    words = Words(lang)
    study = scene["study"]
    title, subtitle = (study[name][words.at] for name in ("title", "subtitle"))
    if publication.mode == "internal":
        subtitle = f"{words.t('Internal: not to be handed on')} · {subtitle}"
    content = Content(title, subtitle, words, scene, publication, size, corridors, house or House())
    _key_figures(content)
    for part in (_complaint_maps, _flow_section, _corridor_section, _post_section):
        progress()
        part(content)
    progress()
    _region_sheets(content, region)
    _method(content)
    _sensitivity(content)
    _bibliography(content)
    return content


def _key_figures(content: Content) -> None:
    words, scene, publication = content.words, content.scene, content.publication
    content.heading(words.t("Key figures"))
    content.text(
        words.t(
            "This report shows what was reported and published. It is not a measure of how much"
            " trafficking there is."
        ),
        strong=True,
    )
    rows = []
    for number in mapped_series(scene):
        series = scene["series"][number]
        areas = choropleth(scene, number, "rate")
        rates = [(s.value, n) for n, s in enumerate(areas.shown) if s.value]
        top = max(rates, default=None)
        rows.append(
            [
                _register(content, series),
                words.series_period(series),
                words.measure(series["measure"]),
                f"{series['total']:,.0f}",
                f"{scene['regions'][top[1]]['name']} ({top[0]:.2f})" if top else "",
                content.cite(areas.sources),
            ]
        )
    if rows:
        content.table(
            [
                words.t("Register"),
                words.t("Period"),
                words.t("What is counted"),
                words.t("Sum of regions"),
                words.t("Highest rate (per 100,000 people and year)"),
                words.t("Sources"),
            ],
            rows,
            words.t("Series with figures of most regions. Registers are never added up."),
            numbers={3},
        )
    if len(publication.tables.flows):
        content.text(_strongest_flows(content))


def _strongest_flows(content: Content) -> str:
    words, publication = content.words, content.publication
    shown = flows_shown(publication, content.scene, level="region", grade=1)
    strongest = "; ".join(_pair_text(content, pair) for pair in shown.pairs[:3])
    if shown.by == "count":
        return words.t(
            "{people} people are counted in {pairs} flows between places. Most of them:"
            " {strongest}.",
            people=format(sum(pair.amount for pair in shown.pairs), ","),
            pairs=shown.total,
            strongest=strongest,
        )
    return words.t(
        "{flows} reported flows from {publications} independent publications name {pairs}"
        " pairs of places. Most sources name: {strongest}.",
        flows=format(len(publication.tables.flows), ","),
        publications=len(_origins(publication)),
        pairs=shown.total,
        strongest=strongest,
    )


def _complaint_maps(content: Content) -> None:
    words, scene = content.words, content.scene
    numbers = mapped_series(scene)
    if not numbers:
        return
    content.heading(words.t("What was reported, by region"))
    for number in numbers:
        if number != numbers[0]:
            content.page()
        series = scene["series"][number]
        areas = choropleth(scene, number, "rate")
        title = _series_title(content, series)
        content.heading(title, 2)
        counts = scene["registers"][series["register"]]["counts"][words.at]
        for said in (counts, *words.notes(scene, series)):
            if said:
                content.text(said)
        cited = content.cite(areas.sources)
        caption = words.t("{title}. Sources: {sources}", title=title, sources=cited)
        content.picture("complaints", caption, series=number, show="rate")
        _ranking(content, number, title)


def _ranking(content: Content, number: int, title: str) -> None:
    words, scene = content.words, content.scene
    areas = choropleth(scene, number, "rate")
    rows = []
    for n, shown in sorted(enumerate(areas.shown), key=lambda pair: -(pair[1].value or -1)):
        if not shown.figures:
            continue
        figure = shown.figures[0]
        low, high = figure["interval"] or (None, None)
        rate = f"{shown.value:.2f}" if shown.value is not None else "–"
        rows.append(
            [
                scene["regions"][n]["name"],
                f"{figure['value']:,.0f}",
                rate + (" *" if shown.unstable else ""),
                f"{low:,.0f}–{high:,.0f}" if low is not None else "–",
                content.cite(figure["sources"]),
            ]
        )
    content.table(
        [
            words.t("Region"),
            words.t("Count"),
            words.t("Rate"),
            words.t("95 % interval of the count"),
            words.t("Sources"),
        ],
        rows[:_RANKED],
        words.t(
            "{title}: the {n} regions with the highest rates per 100,000 people and year."
            " * fewer than 20 reports: the rate is unstable.",
            title=title,
            n=min(_RANKED, len(rows)),
        ),
        numbers={1, 2, 3},
    )


# What flows weigh, by evidence or, where all are counted, by people.
_FLOW_WORDS = {
    "evidence": {
        "what": Message(
            "A flow is what at least one publication reports: that people are taken from one place"
            " to another. Its weight is evidence, the number of independent publications that name"
            " it; it is not a number of people."
        ),
        "map": Message(
            "Reported flows between regions, by how many independent sources name them."
        ),
        "number": Message("Independent sources"),
        "ranked": Message("The {n} pairs that most sources name."),
        "matrix": Message(
            "All pairs of origins and destinations, with the number of independent sources."
        ),
    },
    "count": {
        "what": Message(
            "A flow is what a register counts: people who were taken from one place to another. It"
            " counts those who are known to the register, and others may not be."
        ),
        "map": Message("Reported flows between regions, by how many people are counted."),
        "number": Message("People"),
        "ranked": Message("The {n} pairs with most people."),
        "matrix": Message(
            "All pairs of origins and destinations, with the number of people counted."
        ),
    },
}


def _flow_section(content: Content) -> None:
    words, scene, publication = content.words, content.scene, content.publication
    if not len(publication.tables.flows):
        return
    content.heading(words.t("Reported flows"))
    shown = flows_shown(publication, scene, level="region", grade=1)
    said = {
        name: text.render(words.language)
        for name, text in _FLOW_WORDS[shown.by].items()
        if name != "ranked"
    }
    content.text(said["what"])
    content.picture("flows", said["map"])
    known = {row["id"]: n for n, row in enumerate(scene["sources"])}
    content.table(
        [words.t("From"), words.t("To"), said["number"], words.t("Sources")],
        [
            [
                scene["places"][pair.start]["name"][words.at],
                scene["places"][pair.end]["name"][words.at],
                str(pair.amount),
                content.cite([known[s] for s in pair.source_ids]),
            ]
            for pair in shown.pairs[:_RANKED]
        ],
        words.t(_FLOW_WORDS[shown.by]["ranked"].text, n=min(_RANKED, len(shown.pairs))),
        numbers={2},
    )
    content.picture("matrix", said["matrix"])


def _corridor_section(content: Content) -> None:
    words, scene = content.words, content.scene
    if not scene["corridors"]:
        return
    content.heading(words.t("Inferred corridors"))
    content.text(
        words.t(
            "Inferred, not reported: where the reported flows would most likely pass on roads and"
            " rivers, by travel time. It shows where help could reach people, not where people"
            " were seen."
        )
    )
    content.picture("corridors", words.t("Inferred corridors, numbered by expected load."))
    legs = scene["corridors"]["legs"][:_RANKED]
    content.table(
        [words.t("Leg"), "km", words.t("hours"), words.t("Share"), words.t("Range of the load")],
        [
            [
                leg["name"],
                f"{leg['km']:,}",
                f"{leg['hours']:.1f}",
                _percent(leg["share"]),
                f"{leg['low']:.1f}–{leg['high']:.1f}",
            ]
            for leg in legs
        ],
        words.t("The {n} legs with the largest expected load, and its range.", n=len(legs)),
        numbers={1, 2, 3, 4},
    )


def _post_section(content: Content) -> None:
    """Say at which places help would meet most of the reported flow, with ranges and sources."""
    words, scene, corridors = content.words, content.scene, content.corridors
    if corridors is None or not scene["corridors"]:
        return
    from corredor.routes import ask_posts, describe_places, place_posts

    question = ask_posts(
        content.publication,
        theta=corridors.theta,
        modes=corridors.modes,
        kind=corridors.kind,
        boats=corridors.boats,
        season=corridors.season,
    )
    posts = place_posts(question, _POSTS)
    if posts.table.empty:
        return
    known = {row["id"]: n for n, row in enumerate(scene["sources"])}
    content.heading(words.t("Where help would meet most of the reported flow"), page=False)
    content.text(
        words.t(
            "Inferred: the towns that most of the reported flow would pass on its way, chosen"
            " together. Where nobody reports, nothing is known; and a town is meant, never an exact"
            " spot."
        )
    )
    content.table(
        [
            words.t("Place"),
            words.t("Region"),
            words.t("Passes here"),
            words.t("Range"),
            words.t("All so far"),
            words.t("Sources"),
        ],
        [
            [
                row["place"],
                row["region"],
                _percent(row["alone"]),
                f"{row['alone_low'] * 100:.0f}–{_percent(row['alone_high'])}",
                _percent(row["reach"]),
                content.cite([known[source] for source in row["source_ids"]]),
            ]
            for row in describe_places(question, posts.table).to_dict("records")
        ],
        words.t(
            "{n} places and the share of the reported flow expected to pass them, by inferred ways;"
            " shares of neighbours do not add up.",
            n=len(posts.table),
        ),
        numbers={2, 3, 4},
    )


def _percent(share: float) -> str:
    """Write a share as in Spanish and in figures: the sign stays with its number."""
    return f"{share * 100:.0f}\u00a0%"


def _region_sheets(content: Content, region: str | None) -> None:
    words, scene, publication = content.words, content.scene, content.publication
    chosen = [find_region(scene, region)] if region else range(len(scene["regions"]))
    shown = flows_shown(publication, scene, level="region", grade=1)
    at = {place["id"]: n for n, place in enumerate(scene["places"])}
    content.heading(words.t("Region by region"))
    before = 0
    for number in chosen:
        row = scene["regions"][number]
        told = [f for f in scene["figures"] if f["region"] == number and f["level"] == "region"]
        node = at.get(row["id"])
        flows = [pair for pair in shown.pairs if node in (pair.start, pair.end)]
        if not told and not flows:
            continue
        # Long sheets stand alone; short ones follow each other, none divided between pages.
        length = len(told) + len(flows)
        first = content.blocks[-1]["kind"] == "heading"
        content.heading(row["name"], 2, page=not first and max(length, before) > _SHORT_SHEET)
        before = length
        if told:
            _sheet_figures(content, row["name"], told)
        _sheet_flows(content, row["name"], node, flows)


def _sheet_figures(content: Content, name: str, told: list[Scene]) -> None:
    words = content.words
    told = sorted(told, key=lambda f: (f["register"], f["measure"], f["period_start"]))
    content.table(
        [
            words.t("Register"),
            words.t("What is counted"),
            words.t("Period"),
            words.t("Count"),
            words.t("Rate"),
            words.t("Sources"),
        ],
        [
            [
                _register(content, figure),
                words.measure(figure["measure"]),
                words.period(figure["period_start"], figure["period_end"]),
                f"{figure['value']:,.0f}" + ("" if figure["whole"] else " †"),
                "–" if figure["rate"] is None else f"{figure['rate']:.2f}",
                content.cite(figure["sources"]),
            ]
            for figure in told
        ],
        words.t(
            "{region}: what the registers count. † covers only part of the region.", region=name
        ),
        numbers={3, 4},
    )


def _sheet_flows(content: Content, name: str, node: int | None, flows: list[Any]) -> None:
    words, scene = content.words, content.scene
    by = scene["study"]["opening"].get("widthBy", "evidence")
    number = words.t(_FLOW_WORDS[by]["number"].text)
    known = {row["id"]: n for n, row in enumerate(scene["sources"])}
    rows = [
        [
            scene["places"][pair.start]["name"][words.at],
            scene["places"][pair.end]["name"][words.at],
            str(pair.amount),
            content.cite([known[s] for s in pair.source_ids]),
        ]
        for pair in sorted(flows, key=lambda p: (p.start != node, -p.amount))
    ]
    if rows:
        content.table(
            [words.t("From"), words.t("To"), number, words.t("Sources")],
            rows,
            words.t("{region}: reported flows from and to it.", region=name),
            numbers={2},
        )


def _method(content: Content) -> None:
    words, scene = content.words, content.scene
    content.heading(words.t("How to read this report"))
    for text in (
        words.t(
            "Registers count different things in different ways. They are never added up, compared"
            " or drawn as one series."
        ),
        words.t(
            "Rates are reported counts per 100,000 people and year, with the population of the"
            " regions table. A rate of few reports moves far by chance: read it beside its"
            " interval."
        ),
        words.t(
            "Evidence counts independent publications: retellings of one report count once. A pair"
            " that few sources name is not a small flow, and a pair that nobody names may exist."
        ),
        words.t(
            "What is inferred is told apart from what is reported in every figure, table and word."
        ),
        scene["study"]["boundaries"][words.at],
    ):
        if text:
            content.text(text)
    for note in content.publication.notes:
        content.text(note.render(words.language))
    if content.publication.mode == "public":
        content.text(words.t("No figure was withheld: all of them can be read in the sources."))


def _sensitivity(content: Content) -> None:
    words, publication = content.words, content.publication
    if publication.mode == "public":
        return
    content.heading(words.t("Sensitivity sheet"))
    content.table(
        [words.t("Asked of each release"), words.t("Answer")],
        sensitivity_rows(publication, content.scene, words),
        words.t("To be completed before this report is handed on, and kept with it."),
        numbers=set(),
    )


def _bibliography(content: Content) -> None:
    content.heading(content.words.t("Sources"), page=False)
    for mark, number in enumerate(content.cited, start=1):
        source = content.scene["sources"][number]
        said = ". ".join(part for part in (source["publisher"], source["title"]) if part)
        dated = f" ({source['date']})" if source["date"] else ""
        content.blocks.append(
            {"kind": "source", "mark": mark, "text": f"{said}{dated}.", "url": source["url"]}
        )


def _register(content: Content, row: Scene) -> str:
    name: str = content.scene["registers"][row["register"]]["name"][content.words.at]
    return name


def _series_title(content: Content, series: Scene) -> str:
    words = content.words
    period = words.series_period(series)
    return f"{words.measure(series['measure'])}, {_register(content, series)}, {period}"


def _pair_text(content: Content, pair: Any) -> str:
    names = [content.scene["places"][n]["name"][content.words.at] for n in (pair.start, pair.end)]
    return f"{names[0]} → {names[1]} ({pair.amount})"


def _origins(publication: Publication) -> Counter[str]:
    from corredor.geodata.flows import origin_of_sources

    origin = origin_of_sources(publication.tables.sources)
    return Counter(origin[source] for source in publication.tables.flows["source_id"])
