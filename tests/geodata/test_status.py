"""Rows that a table itself calls inferred are no reports, in every reader. All are invented."""

import pytest
from corredor.geodata import read_cases, read_complaints, read_flows, read_itineraries
from corredor.geodata.intake.read import check_file, study_resolver

COLUMNS = ["estado", "tipo", "fuente", "confianza", "x"]
WORDS = ["inferido", "estimado", "sospecha", "modelado", "Probable", "suspected"]
SOURCE = {"source_id": "s"}


@pytest.fixture
def save(tmp_path):
    def write(text):
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def read_with(reader, path):
    if reader is read_complaints:
        return reader(path, **SOURCE, register="X", measure="complaints")
    register = {"register": "X"} if reader is read_cases else {}
    return reader(path, **SOURCE, **register, resolver=study_resolver())


TABLES = {
    read_complaints: ["Departamento,Denuncias 2022", "Lima,5", "Puno,3", "Cusco,4"],
    read_flows: ["origen,destino,casos", "Puno,Lima,5", "Ica,Lima,3", "Cusco,Puno,4"],
    read_cases: ["origen,destino,fecha,edad", "Puno,Lima,2022-01-02,14", "Ica,Lima,2022-01-03,15",
                 "Cusco,Puno,2022-05-02,16"],
    read_itineraries: ["ruta", "Puno - Juliaca - Mazuko", "Ica - Lima", "Cusco - Mazuko"],
}  # fmt: skip


@pytest.mark.parametrize("reader", TABLES, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("column", COLUMNS)
def test_a_row_called_inferred_is_left_out_and_counted(save, reader, column, word):
    header, *rows = TABLES[reader]
    cells = [column, "reportado", word, "reportado"]
    path = save(
        "\n".join(f"{row},{cell}" for row, cell in zip([header, *rows], cells, strict=True))
    )
    account = read_with(reader, path).account
    (part,) = account.left_out
    assert "inferred or estimated" in part.reason.render()
    assert (part.rows, account.rows_in, account.rows_out + account.merged) == (1, 3, 2)
    assert "inferred or estimated" in check_file(path, {}).render()


def test_a_register_of_presumed_victims_and_accused_keeps_them(save):
    """In a register these are words of procedure, of people who were reported."""
    path = save("origen,destino,fecha,edad,condicion\nPuno,Lima,2022-01-02,14,presunta\n"
                "Ica,Lima,2022-01-03,15,denunciada\nIca,Puno,2022-01-03,15,imputado\n")  # fmt: skip
    account = read_with(read_cases, path).account
    assert (account.rows_in, account.rows_out, account.left_out) == (3, 3, ())


def test_a_route_with_an_inferred_stop_is_left_out_whole(save):
    """Without that stop it would be another route."""
    path = save("route_id,seq,lugar,estado\nA,1,Puno,reportado\nA,2,Juliaca,inferido\n"
                "A,3,Mazuko,reportado\nB,1,Ica,reportado\nB,2,Lima,reportado\n")  # fmt: skip
    reading = read_with(read_itineraries, path)
    assert set(reading.table["route_id"]) == {"B"}
    (part,) = reading.account.left_out
    assert (part.rows, reading.account.rows_in, reading.account.rows_out) == (1, 2, 1)
