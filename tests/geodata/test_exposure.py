"""Nothing of a person gets through any reader, with any options. All records are invented."""

import json
import random
from functools import partial

import pandas as pd
import pytest
import xlsxwriter
from corredor.geodata import (
    CorredorError,
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
from corredor.geodata.intake.read import check_file
from corredor.geodata.places.gazetteer import unit_names
from exposed import CELLS, ROLES, TABLES, damaged, leaks

from corredor.reports import render_account


def test_no_name_of_a_place_is_taken_for_a_person():
    tables = read_study(embedded_study()).tables
    names = {*unit_names().values(), *tables.places["name"], *tables.network_places["place"]}
    assert [name for name in sorted(names) if is_personal_cell(name)] == []
    units = sorted(unit_names().values())
    assert [name for name in units if safe_cell(name) != name] == []


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


@pytest.mark.parametrize("shape", TABLES)
def test_nothing_of_a_person_is_seen(shape, tmp_path, resolver):
    dice = random.Random(shape)
    common = {"source_id": "prueba"}
    for turn in range(len(CELLS)):
        cell = CELLS[turn % len(CELLS)]
        rows = damaged(dice, TABLES[shape], cell)
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
            assert not leaks(text, cell), (name, rows, columns, text[:3000])
            assert "0004567" not in text, (name, columns, text[:2000])
            assert "COM ZZ" not in text, (name, columns, text[:2000])


@pytest.mark.parametrize("kind", [None, "cases"])
def test_a_sheet_named_after_a_person_is_not_repeated(tmp_path, kind):
    rows = [["N°", "Edad", "Departamento de captación", "Departamento de explotación", "Fecha"],
            [1, 15, "Puno", "Lima", "2022-01-03"],
            [2, 16, "Cusco", "Lima", "2022-01-03"]]  # fmt: skip
    for names in (["Ana Quispe Mamani"], ["Ana Quispe Mamani", "Rosa Huaman Ccori"]):
        path = tmp_path / f"{len(names)}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            for name in names:
                sheet = book.add_worksheet(name)
                for i, row in enumerate(rows):
                    sheet.write_row(i, 0, row)
        try:
            account = check_file(path, {}, kind=kind)
            said = account.render("es") + json.dumps(account.to_dict("en"))
        except CorredorError as error:
            said = error.render("es")
        assert "Quispe" not in said
        assert "Huaman" not in said
        assert "•••" in said
