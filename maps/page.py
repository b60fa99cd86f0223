"""The page around a map: one constant script, one stylesheet, one data block, and the policy.

Data never become script, markup or template text. They stand deflated in a block of base64, whose
alphabet has no sign that means anything to HTML or to a template, and the script writes them as
text only. The script stands in the page the same way; a few lines inflate both and start it. So
the policy can name every script and style by its hash and forbid everything else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from branca.element import Element, Figure
from corredor.geodata.messages import Language

from .bundle import bundle, module_text
from .vendor import (
    bring_extra,
    has_markers,
    has_popups,
    leaflet_style,
    outside_files,
    scripts_for,
    warn_outside,
)

STYLES = ("tokens", "page", "cards", "tools", "media")

_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)

_DATA = re.compile(r'<script type="text/plain" id="corredor-data">([A-Za-z0-9+/=]*)</script>')


class Verbatim(Element):
    """A piece of page that is written exactly as it is, never taken for a template.

    Parameters
    ----------
    text : str
        HTML, CSS or JavaScript of ours.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


class AtlasFigure(Figure):
    """A branca figure that renders our page and closes it with a Content-Security-Policy.

    Parameters
    ----------
    title : str
        Title of the page, as plain text.
    lang : {"es", "en"}
        Language the page opens in.
    data : object
        What the script reads from the data block.
    pictures_from : str, optional
        Host from which the page may load pictures.
    """

    def __init__(
        self, *, title: str, lang: Language, data: object, pictures_from: str | None = None
    ) -> None:
        super().__init__()
        self.pictures_from = pictures_from
        self.page_title, self.lang, self.data = title, lang, data
        self.header._children.clear()

    def render(self, **kwargs: Any) -> str:
        """Return the page; the same map gives the same bytes."""
        _number_elements(self)
        for child in list(self._children.values()):
            child.render(**kwargs)
        script = self.script.render(**kwargs)
        extras = "".join(f"\n<script>{text}</script>" for text in scripts_for(script))
        data, code = data_block(self.data), script_block()
        page = load_template("page.html").render(
            lang=self.lang,
            title=self.page_title,
            header=bring_extra(self.header.render(**kwargs)) + extras,
            body=self.html.render(**kwargs),
            script=script,
            data=data,
            code=code,
            start=module_text("entry/start"),
        )
        # What is packed names no script, style or address; reading over it takes most of the time.
        plain = page.replace(data, "").replace(code, "")
        return page.replace("CONTENT_SECURITY_POLICY", _policy(plain, self.pictures_from), 1)


def data_block(data: object) -> str:
    """Return the block that holds ``data``: JSON, deflated, in base64."""
    return text_block("corredor-data", to_json(data))


def to_json(data: object) -> str:
    """Return ``data`` as JSON without needless spaces."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@cache
def script_block() -> str:
    """Return the block that holds our script, deflated, in base64."""
    return text_block("corredor-script", bundle())


def read_data(page: str) -> Any:
    """Return what the data block of a page holds; None where there is none."""
    found = _DATA.search(page)
    return None if found is None else json.loads(zlib.decompress(base64.b64decode(found[1])))


def text_block(name: str, text: str) -> str:
    """Return a text as a block that no browser runs: deflated, in base64."""
    packed = base64.b64encode(zlib.compress(text.encode("utf-8"), level=6)).decode("ascii")
    return f'<script type="text/plain" id="{name}">{packed}</script>'


# Comments and white space of stylesheets, which stand in the page as they are.
_FOR_PEOPLE = (
    (re.compile(r"/\*.*?\*/\n?|^[ \t]+", re.DOTALL | re.MULTILINE), ""),
    (re.compile(r"(?<=[{};,])\n| (?=\{)"), ""),
    (re.compile(r"(?<=[{;])([a-z-]+): "), r"\1:"),
)


@cache
def stylesheet() -> str:
    """Return Leaflet's stylesheet, without its images, and ours."""
    folder = resources.files("corredor.maps") / "css"
    own = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLES]
    text = "\n".join([leaflet_style(), *own])
    for pattern, by in _FOR_PEOPLE:
        text = pattern.sub(by, text)
    return text


@cache
def load_template(name: str) -> jinja2.Template:
    """Return a template of ``maps/templates``, with escaping on."""
    folder = resources.files("corredor.maps") / "templates"
    source = (folder / name).read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, keep_trailing_newline=True).from_string(source)


def _number_elements(root: Element) -> None:
    """Give all elements ids from a counter instead of random ones."""
    waiting, number = [root], 0
    while waiting:
        element = waiting.pop(0)
        element._id = f"{number}"
        number += 1
        waiting += element._children.values()


@cache
def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _policy(page: str, pictures_from: str | None) -> str:
    """Return the policy that allows exactly what stands in ``page``."""
    allowed: dict[str, list[str]] = {"script": [], "style": []}
    for tag, attributes, content in _INLINE.findall(page):
        if content and "text/plain" not in attributes:
            allowed[tag.lower()].append(_hash(content))
    allowed["script"].append(_hash(bundle()))
    outside = outside_files(page)
    files = [address for address in outside if "{" not in address]
    if outside:
        warn_outside(outside)
    # Folium sizes its popups by style attributes inside texts of its script.
    attributes_of = sorted(set(re.findall(r'\bstyle="([^"\\<>]*)"', page)))
    if attributes_of and has_popups(page):
        allowed["style"] += ["'unsafe-hashes'", *map(_hash, attributes_of)]
    scripts = " ".join([*dict.fromkeys(allowed["script"]), *files]) or "'none'"
    styles = " ".join([*dict.fromkeys(allowed["style"]), *files]) or "'none'"
    own = f"img-src https://{pictures_from}" if pictures_from else "img-src 'none'"
    if outside:
        own = "img-src https: data:"
    elif has_markers(page):
        own = f"{own} data:".replace("'none' ", "")
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; {own};"
        " base-uri 'none'; form-action 'none'"
    )
