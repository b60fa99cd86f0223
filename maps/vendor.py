"""Libraries written into a page, from their packages: Leaflet always, others where a layer asks.

Folium links them on other hosts. A page of ours calls none, so what Folium's own layers need is
brought along: jQuery for popups, Leaflet's marker pictures as data, and where the extra `layers` is
installed what draws the colours of a choropleth (D3) and gathers markers (MarkerCluster).
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import warnings
from functools import cache
from importlib import import_module, resources
from types import ModuleType

from corredor.geodata import CorredorWarning, DataFileError
from corredor.geodata.messages import Message

# The files that pages are made of. Their policy allows what stands in them, so that they must be
# the ones that were looked at, whatever a package index delivers.
DIGESTS = {
    "leaflet.js": "5819285cec137b229c94e1ee5ad73e8b6b84345a4367d60f75fe477fe0fb7b03",
    "leaflet.css": "90b693d86392a4779c861b28cf307e7e59c3fb35328c4d8b95f58f814d38c722",
    "images/marker-icon.png": "574c3a5cca85f4114085b6841596d62f00d7c892c7b03f28cbfa301deb1dc437",
    "images/marker-icon-2x.png": "00179c4c1ee830d3a108412ae0d294f55776cfeb085c60129a39aa6fc4ae2528",
    "images/marker-shadow.png": "264f5c640339f042dd729062cfc04c17f8ea0f29882b538e3848ed8f10edb4da",
    "jquery.min.js": "fc9a93dd241f6b045cbff0481cf4e1901becd0e12fb45166a8f17f95823f0b1a",
    "d3.js": "0c0b24005903a9d71beb93837fc1fc618b81780f14601c729030227c16b3ef51",
    "leaflet.markercluster.js": "58be871df61f6c512464e15db0941e63b9491bf1396a2ae3bea6f39e0854cd1c",
    "MarkerCluster.css": "614dea0a98ff3f4ead74f04918f6b1d1b9ba435c25b5fc23b21a394d1e3e4d87",
    "MarkerCluster.Default.css": "61258232d98d64dc2a7b1e02130d67421bc5b9bda5994eef70228ff97570c170",
}
# Files that Folium links -> package and file of the extra `layers`.
_EXTRA = {
    "d3.min.js": ("d3", "d3.js"),
    "leaflet.markercluster.js": ("leaflet_markercluster", "leaflet.markercluster.js"),
    "MarkerCluster.css": ("leaflet_markercluster", "MarkerCluster.css"),
    "MarkerCluster.Default.css": ("leaflet_markercluster", "MarkerCluster.Default.css"),
}
_EXTERNAL = re.compile(
    r"<(?P<tag>script|link)\b[^>]*?\b(?:src|href)=\"(?P<address>https?://[^\"]+)\"[^>]*>"
    r"(?:</script>)?",
    re.IGNORECASE,
)
_TILES = re.compile(r"L\.tileLayer(?:\.wms)?\(\s*\"(https?://[^\"]+)\"")
# What Folium links for icons and looks that only some maps use.
_LOOKS = re.compile(r"bootstrap|fontawesome|awesome-markers|awesome\.rotate", re.IGNORECASE)
_PICTURES = {
    "iconUrl": "marker-icon",
    "iconRetinaUrl": "marker-icon-2x",
    "shadowUrl": "marker-shadow",
}


@cache
def leaflet_script() -> str:
    """Return Leaflet itself, as its PyPI package carries it."""
    return re.sub(r"//# sourceMappingURL=.*", "", _leaflet("leaflet.js"))


@cache
def leaflet_style() -> str:
    """Return Leaflet's stylesheet without its pictures."""
    return re.sub(r"url\([^)]*\)", "none", _leaflet("leaflet.css"))


def _leaflet(name: str) -> str:
    from xstatic.pkg import leaflet

    return _text(_checked(leaflet, name))


def _checked(package: ModuleType, name: str) -> bytes:
    """Return a file of a package if it is the one that is known.

    Raises `DataFileError` if it is another one.
    """
    content = (resources.files(package) / "data" / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != DIGESTS[name]:
        raise DataFileError(
            Message(
                "{file}: this is not the file that Corredor was made with, and so it is not"
                " written into a page. Install the versions that Corredor asks for:"
                " pip install --force-reinstall 'corredor[layers]'.",
                file=name,
            )
        )
    return content


@cache
def _jquery() -> str:
    from xstatic.pkg import jquery

    return _text(_checked(jquery, "jquery.min.js"))


def _text(content: bytes) -> str:
    """Return a text with the line ends that a browser makes of all others before it hashes it."""
    return content.decode("utf-8").replace("\r\n", "\n")


@cache
def _marker_pictures() -> str:
    """Return the script that gives Leaflet's default marker its pictures as data."""
    from xstatic.pkg import leaflet

    options = ", ".join(
        f'{option}: "data:image/png;base64,'
        f'{base64.b64encode(_checked(leaflet, f"images/{name}.png")).decode()}"'
        for option, name in _PICTURES.items()
    )
    return f'L.Icon.Default.imagePath = ""; L.Icon.Default.mergeOptions({{{options}}});'


def scripts_for(script: str) -> list[str]:
    """Return the further scripts that the layers of a map need, before their own."""
    found = []
    if re.search(r"(?<![\w$])(?:\$|jQuery)\(", script):
        found.append(_jquery())
    if has_markers(script):
        found.append(_marker_pictures())
    if "L.AwesomeMarkers" in script:
        _warn_icons()
        # A marker with the default picture is better than a script that stops.
        found.append("L.AwesomeMarkers = { icon: () => new L.Icon.Default() };")
    return found


def has_popups(page: str) -> bool:
    """Tell whether a page has popups of Folium's."""
    return "L.popup(" in page


def has_markers(script: str) -> bool:
    """Tell whether a script draws markers with pictures."""
    return "L.marker(" in script


def _warn_icons() -> None:
    warnings.warn(
        CorredorWarning(
            Message(
                "folium.Icon takes its signs from files of other hosts, which this page does not"
                " load: these markers have Leaflet's own picture. folium.DivIcon needs no file."
            )
        ),
        stacklevel=6,
    )


def outside_files(page: str) -> list[str]:
    """Return the addresses of other hosts that a page loads files or tiles from."""
    files = {html.unescape(found["address"]) for found in _EXTERNAL.finditer(page)}
    return sorted(files) + sorted(set(_TILES.findall(page)))


def bring_home(page: str) -> str:
    """Return a page of Folium's own with Leaflet and jQuery in it instead of links to them.

    Stylesheets and scripts for icons are left out unless a marker uses them.
    """
    icons = "L.AwesomeMarkers" in page
    if icons:
        _warn_icons()

    def inline(found: re.Match[str]) -> str:
        address = found["address"]
        name = address.rsplit("/", 1)[-1]
        if re.fullmatch(r"leaflet(-src)?(\.min)?\.js", name):
            extra = "\n".join(scripts_for(page)).replace("</", "<\\/")
            return f"<script>{leaflet_script()}\n{extra}</script>"
        if name == "leaflet.css":
            return f"<style>{leaflet_style()}</style>"
        if name.startswith("jquery") or _LOOKS.search(address):
            return ""
        return found[0]

    return bring_extra(_EXTERNAL.sub(inline, page))


def bring_extra(page: str) -> str:
    """Return a page with the libraries of the extra `layers` in it, where they are installed."""

    def inline(found: re.Match[str]) -> str:
        text = _extra(found["address"].rsplit("/", 1)[-1])
        if text is None:
            return found[0]
        tag = "script" if found["tag"].lower() == "script" else "style"
        text = text.replace("</", "<\\/")
        return f"<{tag}>{text}</{tag}>"

    return _EXTERNAL.sub(inline, page)


@cache
def _extra(name: str) -> str | None:
    """Return a library of the extra `layers`; None for others, and where it is not installed."""
    if name not in _EXTRA:
        return None
    package, file = _EXTRA[name]
    try:
        module = import_module(f"xstatic.pkg.{package}")
    except ImportError:
        return None
    return _text(_checked(module, file))


def warn_outside(addresses: list[str]) -> None:
    """Warn that a page calls other hosts, with their addresses, and how it could do without."""
    said = Message(
        "This map has layers that load {n} files from other hosts. Whoever opens it"
        " needs a network, and those hosts learn who reads it: {hosts}.",
        n=len(addresses),
        hosts=", ".join(addresses),
    )
    if any(address.rsplit("/", 1)[-1] in _EXTRA for address in addresses):
        said = Message(
            "{said} pip install 'corredor[layers]' brings those of choropleths and clusters into"
            " the file.",
            said=said,
        )
    warnings.warn(CorredorWarning(said), stacklevel=6)
