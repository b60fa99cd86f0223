"""The script of a page: ES modules of ``maps/js`` joined into one classic script.

Browsers refuse to load modules from a file that was opened by double click. So the modules stand
one after another inside one function, without the lines that join them; their order follows from
what they import.
"""

from __future__ import annotations

import json
import posixpath
import re
from functools import cache
from graphlib import TopologicalSorter
from importlib import resources

from corredor.geodata.messages import catalogue

# t("...") and tn("...", "...")
_MESSAGE = re.compile(r't(?<!\wt)(?:\(|n\(\s*"((?:[^"\\]|\\.)*)",)\s*"((?:[^"\\]|\\.)*)"')
_MODULE_LINE = re.compile(
    r"^import [^;]*;\n|^export (?=(async )?(function\*?|const|class|let) )", re.MULTILINE
)
# Comments that fill a line, and indentation: for people, not for a page that is sent around.
_FOR_PEOPLE = re.compile(r"^\s*//.*\n|^[ \t]+", re.MULTILINE)
_FROM = re.compile(r' from "((?:\.{1,2}/)+[\w/]+)\.js";')


@cache
def bundle() -> str:
    """Return the modules of the atlas as one classic script."""
    return f'(() => {{\n"use strict";\n{_join("entry/main")}\n}})();'


@cache
def stage_script() -> str:
    """Return the modules of single layers, once for all maps and studies of a page."""
    stage, layers = _join("entry/stage"), module_text("entry/layers")
    return (
        'window.corredorStage = (() => {\n"use strict";\n'
        f"{stage}\nreturn openStage;\n}})();\n{layers}"
    )


def _join(entry: str) -> str:
    """Return a module after all it needs, without the lines that join modules."""
    needs: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            # Sorted, so that the order, and with it the page, does not hang on that of the lines.
            needs[name] = needed_modules(name)
            waiting += needs[name]
    ordered = TopologicalSorter({name: needs[name] for name in sorted(needs)}).static_order()
    joined = "\n".join(_MODULE_LINE.sub("", module_text(name)) for name in ordered)
    return _FOR_PEOPLE.sub("", joined)


def needed_modules(name: str) -> list[str]:
    """Return the modules that a module imports."""
    folder = posixpath.dirname(name)
    found = _FROM.findall(module_text(name))
    return sorted({posixpath.normpath(posixpath.join(folder, path)) for path in found})


def page_messages() -> dict[str, str]:
    """Return the Spanish text of every message in the script."""
    spanish = catalogue("es")
    found = [_MESSAGE.findall(module_text(name)) for name in module_names()]
    texts = {text for pairs in found for pair in pairs for text in pair if text}
    return {text: spanish.gettext(text) for text in sorted(map(_unquote, texts))}


def _unquote(text: str) -> str:
    return str(json.loads(f'"{text}"'))


@cache
def module_text(name: str) -> str:
    """Return a file of ``maps/js``, such as ``core/data``."""
    return (resources.files("corredor.maps") / "js" / f"{name}.js").read_text(encoding="utf-8")


@cache
def module_names() -> list[str]:
    """Return the names of all modules."""
    folders = (resources.files("corredor.maps") / "js").iterdir()
    return sorted(
        f"{folder.name}/{file.name.removesuffix('.js')}"
        for folder in folders
        for file in folder.iterdir()
        if file.name.endswith(".js")
    )
