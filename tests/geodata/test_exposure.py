"""Nothing of a person gets through any reader, with any options. All records are invented."""

import json
import random
from functools import partial

import pandas as pd
import pytest
from corredor.geodata import (
    CorredorError,
    build_resolver,
    embedded_study,
    read_cases,
    read_complaints,
    read_flows,
    read_itineraries,
    read_mininter,
    read_mpfn,
    read_study,
)
from corredor.geodata.intake.personal import is_personal_cell, safe_cell
from corredor.geodata.places.gazetteer import unit_names

from corredor.reports import render_account

# Each stands in a cell as people write it; none of its words may be seen again.
CELLS = (
    "NOMBRE INVENTADO DNI 00000000", "Hostal Zzsol, Jr. Zzpuno 123", "00045678", "ZZ 00045678",
    "zzana@example.org", "987654321", "+51 987 654 321", "Av. Zzinventada 456",
    "Zzquispe Inventada, Rosa María", "Rosa Zzinventada Mamani Quispe", "Bar Zzgarza Lila, Loreto",
    "Albergue Zzsanta Fe", "Huancayo, a dos casas del zzmercado mayorista",
    "Zzkarlithza Zzhuallparraz Zzyupanco", "comisaría de Zzinventada", "00123-2017-0-1801-JR",
    "www.facebook.com/zzana.q", "-12.593217 -69.189432", "CE 001234567", "Z.Z.Q. (15)",
)  # fmt: skip
TABLES = {
    "wide": [["Departamento", "2019", "2020"], ["Lima", "3", "4"], ["Cusco", "5", "6"],
             ["Puno", "7", "2"], ["Ica", "1", "9"]],
    "long": [["Departamento", "Año", "Sexo", "Denuncias"], ["Lima", "2019", "F", "3"],
             ["Cusco", "2019", "M", "5"], ["Puno", "2020", "F", "12"], ["Ica", "2020", "M", "2"]],
    "across": [["Año", "Lima", "Cusco", "Puno"], ["2019", "3", "4", "5"], ["2020", "6", "7", "8"]],
    "flows": [["Origen", "Destino", "Finalidad", "Año", "Casos", "Fuente"],
              ["Puno", "Lima", "sexual", "2019", "3", "f1"],
              ["Cusco", "Madre de Dios", "laboral", "2020", "12", "f2"],
              ["Loreto", "Lima", "sexual", "2020", "4", "f1"]],
    "matrix": [["Origen", "Lima", "Cusco", "Puno"], ["Ica", "3", "4", "5"],
               ["Tacna", "6", "7", "8"], ["Loreto", "2", "7", "9"]],
    "routes": [["id ruta", "Ruta", "Modo"], ["R1", "Cusco -> Mazuko", "carretera"],
               ["R2", "Puno -> Lima", "bus"], ["R3", "Lima -> Ica", "bus"]],
    "register": [["Origen", "Destino", "Fecha", "Sexo", "Edad", "Finalidad"],
                 ["Puno", "Lima", "2019-03-01", "F", "15", "sexual"],
                 ["Cusco", "Ica", "2020-03-01", "M", "22", "laboral"]],
    "headless": [["col_1", "col_2", "ref"], ["Lima", "00045671", "00045672"],
                 ["Cusco", "00045673", "00045674"], ["Puno", "00045675", "00045676"]],
    "mininter": [["ANIO", "MES", "DEPARTAMENTO", "COMISARIA", "categoria",
                  "Denuncias por comision", "Valor"],
                 ["2019", "1", "LIMA", "COM ZZA", "SEXO", "F1_MUJER", "3"],
                 ["2019", "2", "CUSCO", "COM ZZB", "SEXO", "F1_MUJER", "4"]],
    "mpfn": [["periodo_denuncia", "anio_denuncia", "distrito_fiscal", "articulo", "cantidad"],
             ["ENERO - DICIEMBRE", "2019", "LIMA", "153", "3"],
             ["ENERO - DICIEMBRE", "2019", "CUSCO", "153", "4"]],
}  # fmt: skip
ROLES = ("place", "code", "year", "month", "period", "value", "origin", "destination", "route",
         "reported", "purpose", "seq", "route_id", "via", "source_id", "sex", "age")  # fmt: skip


def test_no_name_of_a_place_is_taken_for_a_person():
    tables = read_study(embedded_study()).tables
    names = {*unit_names().values(), *tables.places["name"], *tables.network_places["place"]}
    assert [name for name in sorted(names) if is_personal_cell(name)] == []
    units = sorted(unit_names().values())
    assert [name for name in units if safe_cell(name) != name] == []


@pytest.fixture(scope="module")
def resolver():
    tables = read_study(embedded_study()).tables
    return build_resolver(
        places=tables.places, population=tables.population, layer=tables.regions,
        network_places=tables.network_places,
    )  # fmt: skip


def seen(run) -> str:
    """Return all that a reader says, in both languages, and its output."""
    try:
        table, account = run()
    except CorredorError as error:
        chain = [error, error.__cause__, error.__context__]
        faults = [*getattr(error, "faults", ())]
        said = [str(part) for part in (*chain, *faults, *error.args) if part is not None]
        return "\n".join([*said, error.render("es"), error.render("en")])
    said = [
        account.render("es"),
        account.render("en"),
        json.dumps(account.to_dict("es")),
        repr(account),
    ]
    said += [render_account(account, how, "es") for how in ("text", "json", "html")]
    frames = vars(table).values() if not isinstance(table, pd.DataFrame) else [table]
    said += [frame.to_csv() for frame in frames if isinstance(frame, pd.DataFrame)]
    return "\n".join(said)


def leaks(text: str, cell: str) -> bool:
    """Tell whether a text holds the cell, or one of the words that are only in it."""
    own = [word for word in cell.replace(",", " ").split() if "zz" in word.lower() or len(
        [c for c in word if c.isdigit()]) > 5]  # fmt: skip
    return cell in text or any(word in text for word in own)


@pytest.mark.parametrize("shape", TABLES)
def test_nothing_of_a_person_is_seen(shape, tmp_path, resolver):
    dice = random.Random(shape)
    common = {"source_id": "prueba"}
    for turn in range(len(CELLS)):
        rows = [list(row) for row in TABLES[shape]]
        cell = CELLS[turn % len(CELLS)]
        where = dice.choice(("cell", "cell", "cell", "row", "title", "note", "header", "column"))
        if where == "cell":
            dice.choice(rows[1:])[dice.randrange(len(rows[0]))] = cell
        elif where == "row":
            rows.append([cell, *rows[1][1:]])
        elif where == "title":
            rows.insert(0, [f"Casos de {cell}", *[""] * (len(rows[0]) - 1)])
        elif where == "note":
            rows.append([f"Nota: {cell}", *[""] * (len(rows[0]) - 1)])
        elif where == "header":
            rows[0][dice.randrange(len(rows[0]))] = cell
        else:
            at = dice.randrange(len(rows[0]) + 1)
            rows = [[*row[:at], dice.choice(("dato", "ref", "")) if i == 0 else f"{cell}",
                     *row[at:]] for i, row in enumerate(rows)]  # fmt: skip
        path = tmp_path / f"t{turn}.csv"
        path.write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")
        headers = [name for name in rows[0] if cell not in name] or ["x"]
        columns = {
            role: dice.choice(headers) for role in dice.sample(ROLES, dice.choice((0, 0, 1, 2)))
        }
        lenient = {"columns": columns} if columns else {}
        add_up = (
            [dice.choice([h for h in rows[0] if cell not in h] or ["x"])]
            if dice.random() < 0.3
            else []
        )
        loose = dice.random() < 0.5
        counted = {"register": "PNP", "measure": "complaints", **common}
        period = {"period": ("2019-01", "2019-12")} if dice.random() < 0.3 else {}
        found = {"resolver": resolver}
        asked = {**common, **lenient, "allow_unmatched": loose}
        runs = {
            "complaints": partial(
                read_complaints, path, **{**counted, **asked}, **period, add_up=add_up
            ),
            "flows": partial(read_flows, path, **asked, **found),
            "itineraries": partial(read_itineraries, path, **asked, **found),
            "cases": partial(read_cases, path, **counted, **lenient, **found),
            "mininter": partial(read_mininter, path, **common),
            "mpfn": partial(read_mpfn, path, **common),
        }
        for name, run in runs.items():
            text = seen(run)
            assert not leaks(text, cell), (name, where, cell, columns, text[:3000])
            assert "0004567" not in text, (name, columns, text[:2000])
            assert "COM ZZ" not in text, (name, columns, text[:2000])
