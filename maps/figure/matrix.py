"""The matrix of origins and destinations: what a flow map shows badly, and can be read exactly."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from ..scene.positions import Scene
from . import palette
from .sheet import Column, Drawing, Paper, describe, finish, write_head, write_notes
from .svg import element, text_width
from .views import PairShown, View
from .words import Words

# More rows or columns than this cannot be read on paper; the weakest are left out, and counted.
_MOST = 24


def compose_matrix(
    scene: Scene, view: View, paper: Paper, words: Words
) -> tuple[ET.Element, dict[str, list[str]]]:
    """Return the matrix of the pairs of a view, rows and columns with most evidence first."""
    assert view.flows is not None  # the view of that name always has flows
    pairs = {(pair.start, pair.end): pair for pair in view.flows.pairs}
    rows = _ranked(pairs, 0)
    columns = _ranked(pairs, 1)
    cut = len(rows) > _MOST or len(columns) > _MOST
    rows, columns = rows[:_MOST], columns[:_MOST]
    names = {n: scene["places"][n]["name"][words.at].split(" (")[0] for n in {*rows, *columns}}
    pad, size = paper.type * 1.1, paper.type * (0.8 if paper.width < 400 else 0.9)
    title = view.title if isinstance(view.title, str) else view.title.render(words.language)
    text_width_ = (paper.width - 3 * pad) * 0.32 if paper.beside else paper.width - 2 * pad
    head = Column(pad, pad * 0.4, text_width_)
    write_head(head, scene, view, title, words, paper.type)
    if cut:
        ranked = (
            words.t("The {n} origins and destinations with most people.", n=_MOST)
            if view.flows.by == "count"
            else words.t("The {n} origins and destinations with most evidence.", n=_MOST)
        )
        head.text(ranked, size)
    edge = 2 * pad + text_width_ if paper.beside else pad
    side = max((text_width(name, size) for name in names.values()), default=40) + 8
    left = edge + side + size * 1.5
    top = (pad if paper.beside else head.y) + side * 0.75 + 10 + size * 1.5
    room = paper.width - pad - left - side * 0.5
    cell = min(room / max(len(columns), 1), 26.0)
    if paper.height:
        cell = min(cell, (paper.height - top - pad) / max(len(rows), 1))
    small = min(size, cell * 0.72)
    group = element("g", fill=palette.INK, font_size=small)
    drawn = []
    most = max((pair.amount for pair in pairs.values()), default=1)
    middle = top + len(rows) * cell / 2
    for text, at in (
        (words.t("To"), f"translate({left:.2f} {top - side * 0.75 - 12:.2f})"),
        (words.t("From"), f"translate({edge + size:.2f} {middle:.2f}) rotate(-90)"),
    ):
        group.append(
            element("text", text, transform=at, font_weight=700, font_size=size, fill=palette.MUTED)
        )
    for j, end in enumerate(columns):
        x = left + (j + 0.5) * cell
        at = f"translate({x + small * 0.3:.2f} {top - 5:.2f}) rotate(-50)"
        group.append(element("text", names[end], transform=at))
    for i, start in enumerate(rows):
        y = top + i * cell
        group.append(
            element(
                "text", names[start], x=left - 5, y=y + cell / 2 + small * 0.35, text_anchor="end"
            )
        )
        for j, end in enumerate(columns):
            x = left + j * cell
            pair = pairs.get((start, end))
            fill = _shade(pair.amount / most) if pair else palette.EMPTY
            box = element("rect", x=x, y=y, width=cell - 1, height=cell - 1, fill=fill)
            if start == end:
                box.set("stroke", palette.QUIET)
            group.append(box)
            if pair:
                drawn.append(f"{scene['places'][start]['id']}>{scene['places'][end]['id']}")
                ink = "#ffffff" if pair.amount / most > 0.4 else palette.INK
                group.append(
                    element(
                        "text",
                        str(pair.amount),
                        x=x + (cell - 1) / 2,
                        y=y + cell / 2 + small * 0.33,
                        text_anchor="middle",
                        fill=ink,
                    )
                )
    below = head.y + size if paper.beside else top + len(rows) * cell + size
    foot = Column(pad, below, text_width_)
    told = words.t(
        "Rows: origins. Columns: destinations. Numbers: how many independent sources name the pair."
    )
    if view.flows.grade == 1 and not cut:
        told += " " + words.t("An empty cell is no report, not zero.")
    if any(start == end for start in rows for end in columns):
        told += " " + words.t("Outlined: within one place.")
    foot.text(told, size, gap=2)
    sources = [s for pair in pairs.values() for s in pair.source_ids]
    known = {row["id"]: n for n, row in enumerate(scene["sources"])}
    drawing = Drawing(
        [],
        {"regions": [], "pairs": drawn},
        list(dict.fromkeys(known[s] for s in sources)),
        [],
        set(),
    )
    bottom = paper.height - pad * 0.5 if paper.height else None
    write_notes(foot, scene, view, drawing, words, size * 0.86, bottom=bottom)
    height = paper.height or foot.y + pad
    said = (title, describe(scene, view, drawing, words))
    root = finish(
        scene,
        view,
        drawing,
        (paper.width, max(height, foot.y + pad * 0.5)),
        said,
        [head.group, group, foot.group],
        words,
    )
    return root, drawing.drawn


def _ranked(pairs: dict[tuple[int, int], PairShown], side: int) -> list[int]:
    """Return the places on one side, those with most evidence first, then in order of mention."""
    weight: Counter[int] = Counter()
    for ends, pair in pairs.items():
        weight[ends[side]] += pair.amount
    return [place for place, _ in weight.most_common()]


def _shade(share: float) -> str:
    """Return a tint of the colour of flows, stronger for more evidence."""
    strength = 0.18 + 0.82 * share
    channels = (int(palette.FLOW[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - c) * strength):02x}" for c in channels)
