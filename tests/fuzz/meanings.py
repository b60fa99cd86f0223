"""Tables that could be taken for something they are not, whose right reading is known."""

from __future__ import annotations

from pathlib import Path
from random import Random

import others
from damage import damage_bytes
from truth import REGIONS, to_csv, to_xlsx

ROLES = (
    "place",
    "code",
    "year",
    "month",
    "period",
    "value",
    "origin",
    "destination",
    "route",
    "reported",
    "purpose",
    "seq",
    "route_id",
    "via",
    "source_id",
    "sex",
    "age",
    "date",
)
SECRET = "ZZPERSONA"


def _write(random: Random, folder: Path, rows: list[list[str]]) -> Path:
    path = folder / random.choice(("tabla.csv", "tabla.xlsx"))
    path.write_bytes((to_csv if path.suffix == ".csv" else to_xlsx)(random, rows))
    return path


def _read(path: Path, **options: object):
    from corredor.geodata.intake.read import read_any

    return read_any("complaints", path, options, defaults={
        "register": "X", "measure": "complaints", "source_id": "s"})  # fmt: skip


def _some(random: Random, least: int = 2) -> list[str]:
    return random.sample(list(REGIONS.values()), random.randint(least, 8))


def try_lima(random: Random, folder: Path) -> str:
    """Lima beside its two parts is counted once, or refused where they disagree."""
    city, rest = random.randint(0, 400), random.randint(0, 200)
    wrong = random.choice((0, 0, 0, random.randint(1, 9)))
    other = {name: random.randint(0, 90) for name in _some(random) if name != "Lima"}
    lima = [["Lima", city + rest + wrong], ["Lima Metropolitana", city], ["Lima Provincias", rest]]
    random.shuffle(lima)
    left = random.choice((lima, lima, [row for row in lima if row[0] != "Lima"]))
    body = [*([name, n] for name, n in other.items()), *left]
    random.shuffle(body)
    total = sum(other.values()) + city + rest
    if random.random() < 0.4:
        body.append(["Total", total])
    rows = [["Departamento", "Denuncias 2022"], *([name, str(n)] for name, n in body)]
    got = _read(_write(random, folder, rows)).table["value"].sum()
    if wrong and left is lima:
        return f"Lima is {wrong} more than its parts, and was read"
    return "" if got == total else f"total {total}, read {got}"


def try_parts(random: Random, folder: Path) -> str:
    """Two columns of one period are a whole and its parts, or added up when told, or refused."""
    parts = random.choice((("Mujeres", "Hombres"), ("F", "M"), ("Menores", "Mayores"),
                           ("menores de edad", "adultos")))  # fmt: skip
    year = random.randint(2010, 2024)
    before = random.random() < 0.5
    names = [f"{part} {year}" if before else f"{year} {part}" for part in parts]
    counts = {name: [random.randint(0, 40) for _ in parts] for name in _some(random)}
    whole = random.choice((None, "Total", "Denuncias"))
    header = ["Departamento", *names, *([f"{whole} {year}"] if whole else [])]
    rows = [header]
    for name, pair in counts.items():
        rows.append([name, *map(str, pair), *([str(sum(pair))] if whole else [])])
    order = [0, *random.sample(range(1, len(header)), len(header) - 1)]
    rows = [[row[i] for i in order] for row in rows]
    total = sum(map(sum, counts.values()))
    told = {} if whole else {"add_up": [random.choice(names)]}
    if not whole and random.random() < 0.3:
        _read(_write(random, folder, rows))
        return "one of two parts was read for both"
    got = _read(_write(random, folder, rows), **told).table["value"].sum()
    return "" if got == total else f"total {total}, read {got}"


def try_years(random: Random, folder: Path) -> str:
    """A year before any register, or one that has not begun, is no period of complaints."""
    year = random.choice((1876, 1940, 1961, 1972, 2038, 2039, 2055, 22022, 202, 20222))
    good = random.sample(range(2012, 2024), random.randint(0, 3))
    rows = [["Departamento", *map(str, [*good, year])]]
    rows += [[name, *(str(random.randint(0, 30)) for _ in rows[0][1:])] for name in _some(random)]
    _read(_write(random, folder, rows))
    return f"{year} was read as a year of complaints"


def try_status(random: Random, folder: Path) -> str:
    """Rows that the table itself calls inferred are left out and counted."""
    from corredor.geodata import read_flows
    from run import _resolver

    words = random.choice((("reportado", "inferido"), ("confirmado", "estimado"),
                           ("reported", "modelled"), ("observado", "proyectado")))  # fmt: skip
    header = random.choice(("tipo", "estado", "fuente", "confianza", "status"))
    places = random.sample(others.FLOWS, 5)
    rows, total = [["origen", "destino", header, "casos"]], 0
    for a in places:
        for b in places:
            if a != b and random.random() < 0.5:
                word, n = random.choice(words), random.randint(1, 30)
                total += n if word == words[0] else 0
                rows.append([a, b, word, str(n)])
    if not {row[2] for row in rows[1:]} >= set(words):
        return ""
    path = _write(random, folder, rows)
    got = read_flows(path, source_id="s", resolver=_resolver()).table["value"].sum()
    return "" if got == total else f"reported {total}, read {got}"


def try_register(random: Random, folder: Path) -> str:
    """No reader of counts takes a register, whatever columns it is told to read."""
    from corredor.geodata import CorredorError
    from corredor.geodata.intake.read import FILE_KINDS, options_of, read_any
    from run import _resolver

    rows, _ = others.cases(random)
    if random.random() < 0.5:
        rows = [[*row, "DNI" if i == 0 else f"{random.randint(10**7, 10**8 - 1)}"]
                for i, row in enumerate(rows)]  # fmt: skip
    order = random.sample(range(len(rows[0])), len(rows[0]))
    rows = [[row[i] for i in order] for row in rows]
    path = _write(random, folder, rows)
    kind = random.choice([k for k in FILE_KINDS if k not in ("regions", "network")])
    roles = random.sample(ROLES, random.randint(0, 3))
    told = {"columns": {role: random.choice(rows[0]) for role in roles}} if roles else {}
    if "columns" not in options_of(kind):
        told = {}
    if "allow_unmatched" in options_of(kind) and random.random() < 0.5:
        told["allow_unmatched"] = True
    defaults = {"register": "X", "measure": "complaints", "source_id": "s"}
    secrets = [SECRET, *(cell for row in rows[1:] for cell in row if len(cell) == 8 and
                         cell.isdigit())]  # fmt: skip
    try:
        reading = read_any(kind, path, {**told, "resolver": _resolver()}, defaults=defaults)
    except CorredorError as error:
        said = error.render("en") + error.render("es") + str(error.__cause__ or "")
        return "a person is said" if any(secret in said for secret in secrets) else ""
    said = reading.account.render("es") + str(vars(reading.account))
    if any(secret in said for secret in secrets):
        return "a person is said"
    return "" if kind in ("cases", "kobo") else f"a register was read as {kind} with {told}"


def try_aggregate(random: Random, folder: Path) -> str:
    """Counts by sex and group are no register: they are added up when told to."""
    sexes, groups = ("F", "M"), ("0-11", "12-17", "18-29", "30 a más")
    value = random.choice(("casos", "denuncias", "cantidad", "Atendidos", "N° de víctimas"))
    rows, total = [["departamento", "año", "sexo", "grupo de edad", value]], 0
    for name in _some(random):
        for sex in sexes:
            for group in groups:
                n = random.randint(0, 12)
                total += n
                rows.append([name, "2022", sex, group, str(n)])
    told = {"add_up": ["sexo", "grupo de edad"]}
    measure = "victims" if "víctimas" in value else "complaints"
    path = _write(random, folder, rows)
    got = _read(path, **told, measure=measure).table["value"].sum()
    return "" if got == total else f"total {total}, read {got}"


def try_agree(random: Random, folder: Path) -> str:
    """``check`` and ``import`` take a file for the same, and count the same."""
    from corredor.geodata import CorredorError
    from corredor.geodata.intake.read import check_file, read_any, recognise_file
    from run import _resolver

    make = random.choice((others.flows, others.mininter, others.mpfn, others.cases))
    rows, _ = make(random)
    content = to_csv(random, rows)
    path = folder / "tabla.csv"
    path.write_bytes(content if random.random() < 0.7 else damage_bytes(random, content))
    defaults = {"register": "-", "measure": "complaints", "source_id": "-"}
    resolver = {"resolver": _resolver()}

    def checked():
        return check_file(path, resolver)

    def imported():
        return read_any(recognise_file(path, {}), path, resolver, defaults=defaults).account

    outcomes = []
    for run_ in (checked, imported):
        try:
            account = run_()
            outcomes.append((account.rows_in, account.rows_out, account.total_out))
        except CorredorError as error:
            outcomes.append(error.render("en"))
    return "" if outcomes[0] == outcomes[1] else f"check and import differ: {outcomes}"


TRIES = {
    "lima": try_lima, "parts": try_parts, "years": try_years, "status": try_status,
    "register": try_register, "aggregate": try_aggregate, "agree": try_agree,
}  # fmt: skip
