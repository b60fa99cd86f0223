"""Bring the Spanish catalogue up to date with the texts in the code.

    python src/corredor/locale/update.py

Collects every ``Message("...")``, ``t("...")`` and ``tn("...")`` of the Python packages, of the
script and of the templates of the desk, adds the new ones to ``es/LC_MESSAGES/corredor.po``, drops
those that are gone, compiles ``corredor.mo`` and lists what still has to be translated. Exits with
1 if any has.
"""

import io
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[3]
FOLDER = Path(__file__).parent / "es" / "LC_MESSAGES"
PACKAGES = ("geodata", "routes", "maps", "src/corredor")
# What holds a text in Python: a message, or the words of a figure.
KEYWORDS = {"Message": None, "t": None, "tn": (1, 2)}
CALL = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
PLURAL = re.compile(r'\btn\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"')


def collect() -> dict[str, list[tuple[str, int]]]:
    """Return every text in the code with the files that use it."""
    found: dict[str, list[tuple[str, int]]] = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            with file.open("rb") as source:
                for _, text, _, _ in extract("python", source, keywords=KEYWORDS):
                    for one in (text,) if isinstance(text, str) else text:
                        if one and one.strip():
                            found.setdefault(one, []).append((name, 0))
    scripts = sorted((ROOT / "maps" / "js").rglob("*.js"))
    templates = sorted((ROOT / "src" / "corredor" / "desk" / "templates").glob("*.html"))
    for file in (*scripts, *templates):
        source = file.read_text(encoding="utf-8")
        texts = CALL.findall(source) + [text for pair in PLURAL.findall(source) for text in pair]
        for text in texts:
            entry = (file.relative_to(ROOT).as_posix(), 0)
            found.setdefault(json.loads(f'"{text}"'), []).append(entry)
    return found


def build(translations: dict[str, str]) -> Catalog:
    """Return the catalogue of all texts, with the translations there are."""
    catalog = Catalog(locale="es_PE", project="corredor", fuzzy=False)
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    for text, places in sorted(collect().items()):
        catalog.add(text, translations.get(text, ""), locations=sorted(set(places)))
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def read() -> dict[str, str]:
    """Return the translations in the catalogue file."""
    file = FOLDER / "corredor.po"
    if not file.exists():
        return {}
    with file.open("rb") as source:
        return {str(m.id): str(m.string) for m in read_po(source) if m.id and m.string}


def main() -> int:
    """Update both files and list what is missing."""
    catalog = build(read())
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "corredor.po").open("wb") as target:
        write_po(target, catalog, width=98, include_lineno=False)
    (FOLDER / "corredor.mo").write_bytes(compiled(catalog))
    missing = [str(message.id) for message in catalog if message.id and not message.string]
    for text in missing:
        print(f"not translated: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
