"""Which columns look personal. Every name, number and address is invented."""

import csv
import io

import pytest
from corredor.geodata import TableError, copy_embedded, read_study
from corredor.geodata.intake.personal import (
    find_personal_columns,
    looks_personal_header,
    names_venue,
    personal_content,
    safe_header,
)


@pytest.mark.parametrize(
    "header",
    [
        "Nombres", "APELLIDOS", "Nombre y apellidos", "DNI", "N° documento", "Pasaporte",
        "Teléfono", "Celular", "Correo electrónico", "E-mail", "Dirección", "Domicilio",
        "dirección de origen", "Albergue", "Refugio", "Comisaría", "Latitud", "lon", "Coordenadas",
        "Alias", "Fecha de nacimiento", "fec_nac", "Lugar de nacimiento", "Expediente",
        "Carpeta fiscal", "Agraviada", "Imputado", "Denunciante", "Madre", "nombre de la madre",
        "Observaciones", "Relato de los hechos", "id", "Código", "Name", "Phone", "nro_doc",
    ],
)  # fmt: skip
def test_headers_that_look_personal(header):
    assert looks_personal_header(header)


@pytest.mark.parametrize(
    "header",
    [
        "Origen", "Destino", "Departamento de captación", "Nombre del departamento",
        "código ubigeo origen", "Madre de Dios", "Padre Abad", "Año", "Mes", "Sexo", "Edad",
        "Número de casos", "N° de víctimas", "Finalidad", "Casos", "Total", "Fecha de denuncia",
    ],
)  # fmt: skip
def test_headers_that_do_not(header):
    assert not looks_personal_header(header)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("00000001", "eight digits"),
        ("DNI: 00000001", "eight digits"),
        ("zz@example.org", "e-mail"),
        ("900 000 000", "telephone"),
        ("+51 900000000", "telephone"),
        ("Zzpersona Equis, Ana", "Surname"),
        ("Jr. Inventado 123", "addresses"),
        ("Mz. B Lt. 4", "addresses"),
        ("-12.0432", "coordinates"),
        ("AB123456", "documents"),
        ("00123-2017-0-1801-JR", "files"),
    ],
)
def test_cells_that_look_personal(cell, said):
    assert said in str(personal_content([cell]))


@pytest.mark.parametrize(
    "cell", ["Puno", "1433", "1 433", "2017", "2017-03-05", "20170305", "150101", "12", ""]
)
def test_cells_that_do_not(cell):
    assert personal_content([cell]) is None


def test_one_identity_number_is_enough_unless_the_header_is_known():
    cells = ["x"] * 99 + ["00000001"]
    assert personal_content(cells) is not None
    assert personal_content(cells, known=True) is None
    assert personal_content(["00000001"] * 30 + ["Puno"] * 70, known=True) is not None
    assert personal_content(["Santa Rosa, Loreto"], known=True) is None
    assert personal_content(["Santa Rosa, Loreto"], names=False) is None
    assert personal_content(["Santa Rosa, Loreto"]) is not None


def test_columns_are_named_by_header_and_never_by_cell():
    found = find_personal_columns(
        ["origen", "DNI", "cosa", "casos"],
        [["Puno", "00000001", "zz@example.org", "3"]],
        keep=(0, 3),
    )
    assert [(column.position, column.header) for column in found] == [(1, "DNI"), (2, "cosa")]
    assert "example" not in repr(found)


def test_a_header_that_looks_like_a_cell_is_named_by_its_position():
    assert safe_header("00000001", 2) == "column 3"
    assert safe_header("zz@example.org", 0) == "column 1"
    assert safe_header("Teléfono", 0) == "Teléfono"


@pytest.mark.parametrize(
    "header",
    ["Iniciales", "Contacto", "Centro de acogida", "CE", "Chapa", "Colegio", "Empresa", "Obs.",
     "Etnia", "Discapacidad", "Gestante", "N° DNI/CE", "Ap. paterno"],
)  # fmt: skip
def test_more_headers_of_registers(header):
    assert [column.header for column in find_personal_columns([header], [["x"]])] == [header]


@pytest.mark.parametrize(
    "cell",
    ["(01) 456-7890", "Jr. Los Olivos s/n", "A.M.Q.", "A. M. Q. (15)", "ana quispe", "001234567",
     "CE 001234567", "www.facebook.com/ana.q", "@anaq", "JOSÉ LUIS HUAMÁN"],
)  # fmt: skip
def test_more_cells_of_registers(cell):
    assert len(find_personal_columns(["zz"], [[cell]])) == 1


@pytest.mark.parametrize(
    "cell", ["José Crespo y Castillo", "Mariano Melgar", "Santa Rosa", "San Juan", "S/N", "2017"]
)
def test_names_of_places_are_no_persons(cell):
    assert find_personal_columns(["lugar"], [[cell]]) == ()


def test_a_very_long_word_is_looked_at_once():
    """A hundred thousand letters without an @ took minutes before; the test would not end."""
    assert personal_content(["s" * 300_000]) is None
    assert personal_content(["s" * 100_000 + " ana@example.org"]) is not None


# Names, ids and notes of the tables of a study: maps print them, whoever published them.


@pytest.mark.parametrize(
    ("name", "is_house"),
    [
        ("Albergue Zzsanta Fe, Jr. Zarumilla 347", True),
        ("Casa hogar Inventada", True),
        ("Comisaría de Mazuko", True),
        ("Huancayo, a dos casas del mercado", True),
        ("Mazuko, llamar 987 654 321", True),
        ("La Pampa, Km 108", False),
        ("kilómetro 98", False),
        ("José Olaya", False),
        ("Juan Guerra", False),
        ("Santa Rosa", False),
        ("Puente Inambari", False),
    ],
)
def test_houses_are_told_from_towns(name, is_house):
    assert names_venue(name) == is_house


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("places.csv", "name", "Albergue Zzsanta Fe"),
        ("places.csv", "name", "Jr. Zarumilla 347"),
        ("itineraries.csv", "route_id", "CASO-17 (María Quispe Inventada) 13 años"),
        ("flows.csv", "flow_id", "F4512367"),
        ("flows.csv", "flow_id", "DNI 40123456"),
        ("flows.csv", "note_en", "contacto: inventada@example.org"),
        ("flows.csv", "note_es", "llamar al 987654321"),
        ("complaints.csv", "note_en", "id 10002345"),
    ],
)
def test_a_study_with_a_person_or_house_in_it_is_refused(tmp_path, table, column, cell):
    """An embedded study that was copied and changed, its sources public; nothing is repeated."""
    copy_embedded(tmp_path / "st")
    path = tmp_path / "st" / table
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[2][rows[0].index(column)] = cell
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    with pytest.raises(TableError, match="seems to name a person") as refused:
        read_study(tmp_path / "st")
    assert cell not in refused.value.render("es")
    assert f"row 3, column {column}" in refused.value.render("en")


@pytest.mark.parametrize("flow_id", ["F000017", "17", "flujo_000099", "00000007"])
def test_ids_that_count_rows_are_no_documents(tmp_path, flow_id):
    """Passports have letters and digits too; numbers of rows are no larger than a table."""
    copy_embedded(tmp_path / "st")
    path = tmp_path / "st" / "flows.csv"
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[1].split(",")[0]
    path.write_text(text.replace(f"\n{first},", f"\n{flow_id},", 1), encoding="utf-8")
    assert flow_id in set(read_study(tmp_path / "st").tables.flows["flow_id"])


def test_the_embedded_study_is_not_refused_when_copied(tmp_path):
    copy_embedded(tmp_path / "st")
    assert len(read_study(tmp_path / "st").tables.places)
