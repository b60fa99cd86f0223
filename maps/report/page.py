"""The report as one HTML file: pictures inside, no scripts, no address asked for anything."""

from __future__ import annotations

import base64
from importlib import resources

from jinja2 import Environment
from markupsafe import Markup

from .content import Content
from .house import ACCENT


def write_html(content: Content) -> bytes:
    """Return the report as HTML."""
    folder = resources.files("corredor.maps") / "templates"
    css = (resources.files("corredor.maps") / "css" / "report.css").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "report.html").read_text(encoding="utf-8"))
    # Pictures of ours are markup; an id stands only once in a page, so each gets its own.
    pictures = {
        id(block): Markup(_renamed(block["figure"].svg, number))
        for number, block in enumerate(content.blocks)
        if block["kind"] == "picture"
    }
    return template.render(
        content=content,
        blocks=content.blocks,
        pictures=pictures,
        key=id,
        css=Markup(css.replace(ACCENT, content.house.accent)),
        logo=_logo(content),
        words=content.words,
        study=content.scene["study"],
    ).encode()


def _logo(content: Content) -> str:
    """Return the logo as an address that holds it; empty where there is none."""
    house = content.house
    coded = base64.b64encode(house.logo).decode()
    return f"data:image/{house.kind};base64,{coded}" if coded else ""


def _renamed(svg: str, number: int) -> str:
    """Return a picture without its XML head, its ids made unlike those of other pictures."""
    body = svg.partition("?>")[2]
    for before in ('id="', "url(#", 'aria-labelledby="'):
        body = body.replace(before, f"{before}p{number}-")
    return body.replace(
        f'aria-labelledby="p{number}-title desc"',
        f'aria-labelledby="p{number}-title p{number}-desc"',
    )
