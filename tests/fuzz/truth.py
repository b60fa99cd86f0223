"""Invented figures, and the many ways in which they are printed: the truth comes first."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

REGIONS = dict(
    zip(
        (f"{i:02}" for i in range(1, 26)),
        (
            "Amazonas", "Áncash", "Apurímac", "Arequipa", "Ayacucho", "Cajamarca", "Callao",
            "Cusco", "Huancavelica", "Huánuco", "Ica", "Junín", "La Libertad", "Lambayeque",
            "Lima", "Loreto", "Madre de Dios", "Moquegua", "Pasco", "Piura", "Puno",
            "San Martín", "Tacna", "Tumbes", "Ucayali",
        ),
        strict=True,
    )
)  # fmt: skip
ALIASES = {
    "07": ("Prov. Const. del Callao", "PROVINCIA CONSTITUCIONAL DEL CALLAO", "El Callao"),
    "08": ("Cuzco",),
}
MONTHS = ("Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Set", "Oct", "Nov", "Dic")
MISSING = ("n.d.", "-", "s/i", "N.D.", "…", "n/d")

Key = tuple[str, str, str]  # ubigeo, first month, last month
Rows = list[list[str]]


@dataclass
class Printed:
    """A table as it is printed.

    Parameters
    ----------
    rows : list of list of str
        Cells, header and all.
    truth : dict
        The counts that stand in it, by region and months.
    header : int
        Row of the header.
    shape : str
        "wide", "long" or "across".
    body : list of int
        Rows that hold counts.
    """

    rows: Rows
    truth: dict[Key, float]
    header: int
    shape: str
    body: list[int] = field(default_factory=list)


def invent(random: Random) -> dict[Key, float]:
    """Invent counts of some regions and years; some cells are missing."""
    codes = random.sample(sorted(REGIONS), random.randint(2, 25))
    first = random.randint(2005, 2022)
    years = range(first, first + random.randint(1, 5))
    most = random.choice((5, 90, 3000, 250_000))
    return {
        (code, f"{year}-01", f"{year}-12"): float(random.randint(0, most))
        for code in codes
        for year in years
    }


def print_table(random: Random, truth: dict[Key, float]) -> Printed:
    """Print counts as a table in one of many dresses, none of which changes their meaning."""
    truth = dict(truth)
    style, name = _style(random), _namer(random)
    missing = random.random() < 0.3
    cells: dict[Key, str] = {}
    for key, value in list(truth.items()):
        if missing and random.random() < 0.1:
            cells[key] = random.choice(MISSING)
            del truth[key]
        else:
            cells[key] = style(value)
    codes = list(dict.fromkeys(key[0] for key in cells))
    spans = list(dict.fromkeys(key[1:] for key in cells))
    shape = random.choice(("wide", "wide", "long", "across"))
    sums = random.random() < 0.5
    if shape == "wide":
        rows = _wide(random, cells, codes, spans, name)
    elif shape == "across":
        rows = [[random.choice(("Año", "AÑO", "Periodo")), *map(name, codes)]]
        rows += [[_year(random, s), *(cells[c, *s] for c in codes)] for s in spans]
    else:
        place = random.choice(("Departamento", "DPTO", "Región", "departamento", "NOMBDEP"))
        rows = [[place, random.choice(("Año", "anio", "AÑO")), random.choice(("Casos", "Total"))]]
        order = [(code, span) for code in codes for span in spans]
        random.shuffle(order)
        rows += [[name(code), _year(random, span), cells[code, *span]] for code, span in order]
    body = list(range(1, len(rows)))
    if sums and shape == "wide":
        of = {span: sum(v for k, v in truth.items() if k[1:] == span) for span in spans}
        label = random.choice(("Total", "TOTAL NACIONAL", "Perú", "Total general"))
        at = len(rows[0]) - len(spans)
        total = [label, *[""] * (at - 1), *(style(of[span]) for span in spans)]
        rows.insert(random.choice((1, len(rows))), total)
        body = [i for i, row in enumerate(rows) if i and row is not total]
    printed = Printed(rows, truth, 0, shape, body)
    _add_surroundings(random, printed)
    return printed


def _year(random: Random, span: tuple[str, ...]) -> str:
    return span[0][:4]


def _wide(
    random: Random, cells: dict[Key, str], codes: list[str], spans: list[tuple[str, ...]], name
) -> Rows:
    place = random.choice(("Departamento", "DEPARTAMENTO", "Dpto.", "Región", "Ámbito"))
    prefix = random.choice(("", "", "Denuncias ", "Año "))
    suffix = random.choice(("", "", "", " (p)", "*"))
    years = [f"{prefix}{span[0][:4]}" for span in spans]
    years[-1] += suffix
    coded = random.random() < 0.3
    rows = [[place, *years]]
    rows += [[name(code), *(cells[code, *span] for span in spans)] for code in codes]
    if coded:
        codes_as = random.choice((lambda c: c, lambda c: f"{c}0000", lambda c: str(int(c))))
        rows[0].insert(0, random.choice(("UBIGEO", "CCDD", "Código")))
        for row, code in zip(rows[1:], codes, strict=True):
            row.insert(0, codes_as(code))
        for row in rows:  # the name leads where a total stands below
            row[0], row[1] = row[1], row[0]
    return rows


def _style(random: Random):
    """Return how numbers are written; a thousands mark is used throughout or not at all."""
    mark = random.choice(("", "", "", " ", ",", "'", "\u00a0", "."))
    sign = random.choice(("", "", "", "*", " 1/", " (p)", ".0" if mark == "" else ""))
    often = random.random() < 0.2

    def write(value: float) -> str:
        text = f"{value:,.0f}".replace(",", mark)
        return text + sign if often and random.random() < 0.2 else text

    return write


def _namer(random: Random):
    case = random.choice((str, str.upper, str.lower, _plain, lambda s: _plain(s).upper()))
    form = random.choice(("NFC", "NFC", "NFD"))
    aliases = random.random() < 0.3
    prefix = random.choice(("", "", "", "Departamento de ", "Región "))

    def name(code: str) -> str:
        known = ALIASES.get(code, ()) if aliases else ()
        text = random.choice(known) if known else REGIONS[code]
        # "Región Lima" is the department without its capital, another thing.
        lead = "" if known or code in ("07", "15") else prefix
        blank = random.choice(("", "", "", " ", "\u00a0"))
        return unicodedata.normalize(form, case(lead + text)) + blank

    return name


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text)
    return "".join(c for c in folded if not unicodedata.combining(c))


def _add_surroundings(random: Random, printed: Printed) -> None:
    """Add titles above, notes below, and empty rows and columns, in the width of the table."""
    width = len(printed.rows[0])
    above: Rows = []
    # So many that nobody can tell what of, unless the table says so.
    years: dict[str, float] = defaultdict(float)
    for (_, first, _), count in printed.truth.items():
        years[first[:4]] += count
    if random.random() < 0.3 or max(years.values(), default=0) > 15_000:
        above += [["Cuadro 7. Denuncias inventadas por departamento", *[""] * (width - 1)]]
        above += [[""] * width] * random.randint(0, 2)
    below: Rows = []
    if random.random() < 0.3:
        below += [[""] * width, ["Fuente: oficina inventada.", *[""] * (width - 1)]]
    if random.random() < 0.2:
        below += [["1/ Cifra de prueba.", *[""] * (width - 1)]]
    printed.rows[:] = [*above, *printed.rows, *below]
    printed.header += len(above)
    printed.body = [i + len(above) for i in printed.body]
    if random.random() < 0.15:
        for row in printed.rows:
            row.append("")


def to_csv(random: Random, rows: Rows) -> bytes:
    """Write a table as text in one of many separators and encodings."""
    separator = random.choice((",", ";", "\t", "|"))
    text = io.StringIO()
    end = random.choice(("\n", "\r\n"))
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    content = text.getvalue()
    encodings = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850"]
    for encoding in random.sample(encodings, len(encodings)):
        try:
            return content.encode(encoding)
        except UnicodeEncodeError:
            continue
    return content.encode()


def to_xlsx(random: Random, rows: Rows) -> bytes:
    """Write a table as a workbook; whole numbers as numbers or as text."""
    import openpyxl

    typed = random.random() < 0.7
    book = openpyxl.Workbook()
    page = book.active
    for row in rows:
        page.append([int(c) if typed and c.isascii() and c.isdigit() and c[0] != "0" else c or None
                     for c in row])  # fmt: skip
    if random.random() < 0.2:
        book.create_sheet("Notas").append(["Datos inventados"])
    if random.random() < 0.2:
        page.row_dimensions[2].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def to_parquet(printed: Printed) -> bytes:
    """Write header and body as a Parquet file."""
    import pandas as pd

    header = printed.rows[printed.header]
    names = [name or f"c{i}" for i, name in enumerate(header)]
    frame = pd.DataFrame(printed.rows[printed.header + 1 :], columns=names)
    target = io.BytesIO()
    frame.to_parquet(target)
    return target.getvalue()
