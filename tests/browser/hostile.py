"""A study in which texts that pretend to be markup, script or template stand wherever text may."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
from steps import own_study

Row = dict[str, str]

# What could run sets window.__hit or asks a host named beacon.invalid.
PAYLOADS = (
    "<script>window.__hit=1</script>",
    "</script><script>window.__hit=1</script>",
    "</title></style></textarea><script>window.__hit=1</script>",
    "<!--<script>window.__hit=1</script>",
    "--><img src=x onerror=window.__hit=1>",
    '"><img src=x onerror="window.__hit=1">',
    "' onmouseover='window.__hit=1' x='",
    '" autofocus tabindex=1 onfocus="window.__hit=1" x="',
    "`;window.__hit=1;`${window.__hit=1}`",
    "${window.__hit=1}",
    '";window.__hit=1;//',
    "\\\";window.__hit=1;// \\u003cscript\\u003e \\",
    "javascript:window.__hit=1",
    '<a href="javascript:window.__hit=1">open</a>',
    "<svg onload=window.__hit=1><script>window.__hit=1</script></svg>",
    "<svg><animate onbegin=window.__hit=1 attributeName=x dur=1s>",
    "<details open ontoggle=window.__hit=1>",
    '<iframe srcdoc="<script>parent.__hit=1</script>"></iframe>',
    '<meta http-equiv="refresh" content="0;url=https://beacon.invalid/">',
    '<img src="https://beacon.invalid/a.png">',
    '<link rel="stylesheet" href="https://beacon.invalid/a.css">',
    "<style>*{background:url(https://beacon.invalid/b)}</style>",
    "red;background:url(https://beacon.invalid/c)",
    '<base href="https://beacon.invalid/"><form action="/"><input autofocus>',
    "a\u2028window.__hit=1//\u2029b",
    "__proto__",
    "constructor",
    "{{7*191}}",
    "{% if 1 %}{{7*191}}{% endif %}",
    "{# gone #}",
    "%(x)s %s %d %%",
    "{0.__class__} {n} {place} {value} {}",
    "&lt;b&gt;&amp;&#60;script&#62;",
    "null",
    "NaN",
    "toString",
    "CONTENT_SECURITY_POLICY",
    "\u202egnihtemos\u202c txet",
    "a\u007fb\u0085c\ufeffd",
    "=HYPERLINK(\"https://beacon.invalid/d\",\"x\")",
    "@(7*191)",  # a letter after the sign would be refused, as how to reach somebody
    "+7*191",
    "#let x = 7*191; #x",
    "]]><script>window.__hit=1</script>",
    "<w:t>7*191</w:t>",
    "W" * 400,
)  # fmt: skip

# Addresses that are web addresses, whatever else stands in them.
HOSTILE_ADDRESSES = (
    "https://example.org/?q={{7*191}}&x=${window.__hit=1}`",
    "https://example.org/%3Cscript%3Ewindow.__hit=1%3C/script%3E",
    "https://example.org/\\u003cscript\\u003e\\",
    "https://example.org/{%if(1)%}{#x#}",
    "https://example.org/#javascript:window.__hit=1",
    "HTTPS://EXAMPLE.ORG/A",
    "https://[not-an-address",
    "https://example.org/\u202e",
)
REFUSED_ADDRESSES = (
    "javascript:window.__hit=1",
    "JAVASCRIPT:window.__hit=1",
    "java\tscript:window.__hit=1",
    "data:text/html,<script>window.__hit=1</script>",
    "vbscript:x",
    "file:///etc/hosts",
    "//example.org/",
    "https:example.org",
    'https://example.org/"onclick="window.__hit=1',
    "https://example.org/'x",
    "https://example.org/<script>",
    "https://example.org/ x",
    "x https://example.org/",
    "javascript:window.__hit=1//https://example.org/",
)


def payload(n: int) -> str:
    return PAYLOADS[n % len(PAYLOADS)]


def make_hostile(folder: Path) -> Path:
    """Copy the embedded study and put payloads into every text of every table."""
    study = own_study(folder)
    texts = Texts(study)
    texts.rename("sources", "source_id")
    texts.rename("registers", "register")
    texts.rename("places", "place_id", keep=lambda row: row["kind"] == "region")
    texts.rename("network_places", "place_id")
    texts.rename("flows", "flow_id")
    texts.rename("itineraries", "route_id")
    texts.rename("network_links", "link_id")
    texts.rename_districts()
    texts.fill("sources", "publisher", "title", "note_es", "note_en")
    texts.fill("registers", "name_es", "name_en", "counts_es", "counts_en")
    texts.fill("population", "name", "capital")
    texts.fill("districts", "canonical", "note_es", "note_en")
    texts.fill("complaints", "note_es", "note_en")
    texts.fill("places", "name", "name_en")
    texts.fill("flows", "purpose", "note_es", "note_en")
    texts.fill("network_places", "place", "region", "kind", "note")
    texts.fill("network_links", "ref", "surface", "note")
    texts.add_addresses()
    texts.add_registers_purposes_and_lost_rows()
    texts.write()
    rename_regions(study)
    write_config(study, texts.registers["MININTER"])
    return study


class Texts:
    """The tables of a study as text, to be changed and written again."""

    def __init__(self, study: Path) -> None:
        self.study = study
        config = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
        self.files = {
            name: study / entry["file"]
            for name, entry in config["tables"].items()
            if entry["file"].endswith(".csv")
        }
        self.tables: dict[str, list[Row]] = {}
        for name, file in self.files.items():
            with file.open(encoding="utf-8", newline="") as lines:
                self.tables[name] = list(csv.DictReader(lines))
        self.registers: dict[str, str] = {}

    def rename(
        self, table: str, column: str, *, keep: Callable[[Row], bool] = lambda _: False
    ) -> None:
        """Give the rows of a table hostile names, and everything that refers to them."""
        own = [row[column] for row in self.tables[table] if not keep(row)]
        new = {name: f"{payload(n)}{n}" for n, name in enumerate(dict.fromkeys(own))}
        if column in ("flow_id", "route_id"):  # refused as what looks like initials
            new = {name: text.replace("&lt;", "<").replace("&gt;", ">").replace("&#6", "&amp;")
                   for name, text in new.items()}  # fmt: skip
        if column == "register":
            self.registers = new
        elif column == "source_id":
            self._replace(new, ("source_id", "origin_id"), self.tables)
            return
        referring = {
            "place_id": ("place_id", "origin", "destination"),
            "register": ("register",),
        }.get(column, (column,))
        tables: Any = self.tables
        if table == "network_places":
            tables = ("network_places", "network_links")
            referring = ("place_id", "from", "to")
        elif column == "place_id":
            tables = ("places", "flows", "itineraries")
        self._replace(new, referring, tables)

    def _replace(self, new: dict[str, str], columns: tuple[str, ...], tables: Any) -> None:
        for table in tables:
            for row in self.tables[table]:
                for column in columns:
                    if column in row:
                        row[column] = new.get(row[column], row[column])
                if "via" in row and "place_id" in columns:
                    # A list parted by blanks: a name that has some can't stand in it.
                    via = [new.get(place, place) for place in row["via"].split()]
                    row["via"] = " ".join(name for name in via if name.split() == [name])

    def rename_districts(self) -> None:
        """Rename districts alike in the crosswalk and in the complaints; cities as they come."""
        new = {}
        for n, row in enumerate(self.tables["districts"]):
            new[row["district"]] = f"{payload(n)} {n}"
            row["district"] = new[row["district"]]
        for n, row in enumerate(self.tables["complaints"]):
            if row["unit"].endswith("district"):
                row["place"] = new.get(row["place"], row["place"])
            elif row["unit"] != "national":
                row["place"] = payload(n)

    def fill(self, table: str, *columns: str) -> None:
        """Put payload after payload into columns, each column starting with another."""
        for offset, column in enumerate(columns):
            for n, row in enumerate(self.tables[table]):
                row[column] = payload(n + 7 * offset)

    def add_addresses(self) -> None:
        for row, address in zip(self.tables["sources"], HOSTILE_ADDRESSES, strict=False):
            row["url"] = address

    def add_registers_purposes_and_lost_rows(self) -> None:
        """Add, for each payload, a register, a purpose, and a row that matches no region."""
        sample = next(row for row in self.tables["complaints"] if row["unit"] == "region")
        for n, text in enumerate(PAYLOADS):
            self.tables["registers"].append(
                {
                    "register": text,
                    **dict.fromkeys(("name_es", "counts_es"), payload(n + 1)),
                    **dict.fromkeys(("name_en", "counts_en"), text),
                }
            )
            common = {**sample, "ubigeo": f"{1 + n % 25:02d}", "value": "3", "place": text}
            self.tables["complaints"] += [
                {**common, "register": text},
                {**common, "purpose": text},
                {**common, "ubigeo": "99", "place": text},
            ]

    def write(self) -> None:
        for name, rows in self.tables.items():
            with self.files[name].open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
                writer.writeheader()
                writer.writerows(rows)


def rename_regions(study: Path) -> None:
    """Write the regions and what lies behind them anew, with payloads for names."""
    regions = gpd.read_file(study / "regions.zip")
    half = len(PAYLOADS) // 2
    regions["name"] = [f"{payload(n)} | {payload(n + half)}" for n in range(len(regions))]
    regions.to_file(study / "regions.geojson", driver="GeoJSON")
    for layer in ("neighbours", "waters"):
        table = gpd.read_file(study / f"{layer}.geojson")
        for offset, column in enumerate(("name_es", "name_en")):
            table[column] = [payload(n + offset) for n in range(len(table))]
        table.to_file(study / f"{layer}.geojson", driver="GeoJSON")


def write_config(study: Path, register: str) -> None:
    """Write study.toml with all short payloads in its texts."""
    config = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
    every = " ".join(text for text in PAYLOADS if len(text) < 200)
    for section in ("title", "subtitle", "boundaries_note"):
        config[section] = {"es": f"{section} {every}", "en": f"{every} {section}"}
    said = {"es": f"relato {every}", "en": f"{every} story"}
    config["stories"] = [{"title": said, "text": said}]
    config["opening"]["register"] = register
    config["tables"]["regions"]["file"] = "regions.geojson"
    lines = []
    for section, content in config.items():
        if section == "tables":
            for name, entry in content.items():
                lines += [f"[tables.{name}]", *map(assignment, entry, entry.values())]
        elif section == "stories":
            lines += ["[[stories]]"]
            for key, texts in content[0].items():
                lines += [assignment(f"{key}.{lang}", text) for lang, text in texts.items()]
        else:
            lines += [f"[{section}]", *map(assignment, content, content.values())]
    text = "\n".join(lines) + "\n"
    assert tomllib.loads(text) == config
    (study / "study.toml").write_text(text, encoding="utf-8")


def assignment(key: str, value: str | int | bool) -> str:
    """Return a line of TOML: its strings, numbers and booleans are written as in JSON."""
    return f"{key} = {json.dumps(value)}"
