"""Libraries written into a page, from their packages: Leaflet always, jQuery where a layer asks.

Folium links them on other hosts. A page of ours calls none, so what Folium's own layers need is
brought along: jQuery for popups, Leaflet's marker pictures as data.
"""

from __future__ import annotations

import base64
import html
import re
import warnings
from functools import cache
from importlib import resources

from corredor.geodata import CorredorWarning
from corredor.geodata.messages import Message

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

    return (resources.files(leaflet) / "data" / name).read_text(encoding="utf-8")


@cache
def _jquery() -> str:
    from xstatic.pkg import jquery

    return (resources.files(jquery) / "data" / "jquery.min.js").read_text(encoding="utf-8")


@cache
def _marker_pictures() -> str:
    """Return the script that gives Leaflet's default marker its pictures as data."""
    from xstatic.pkg import leaflet

    folder = resources.files(leaflet) / "data" / "images"
    options = ", ".join(
        f'{option}: "data:image/png;base64,'
        f'{base64.b64encode((folder / f"{name}.png").read_bytes()).decode()}"'
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

    return _EXTERNAL.sub(inline, page)


def warn_outside(addresses: list[str]) -> None:
    """Warn that a page calls other hosts, with their addresses."""
    warnings.warn(
        CorredorWarning(
            Message(
                "This map has layers that load {n} files from other hosts. Whoever opens it"
                " needs a network, and those hosts learn who reads it: {hosts}.",
                n=len(addresses),
                hosts=", ".join(addresses),
            )
        ),
        stacklevel=6,
    )
