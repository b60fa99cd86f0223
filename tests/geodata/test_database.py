"""Tables in PostgreSQL and layers in PostGIS, against a real server. All numbers are invented.

The server is started from Debian's packages on a socket of its own and goes when the tests end.
"""

import os
import shutil
import subprocess
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from corredor.geodata.errors import CorredorError, DataFileError, MissingExtraError
from corredor.geodata.remote.address import (
    check_select,
    is_database_address,
    mask_address,
    parse_address,
)
from corredor.geodata.remote.database import read_database
from hypothesis import given, settings
from hypothesis import strategies as st

PASSWORD = "clave-muy-secreta"
SECRET = "Juana Inventada"

SETUP = f"""
CREATE ROLE ana LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE limitada LOGIN;
CREATE TABLE denuncias (ubigeo text, anio int, "valor % ""x""; --" numeric, dni text,
                        fecha date, contacto text);
INSERT INTO denuncias VALUES ('16', 2020, 12, '00000001', '2020-01-02', 'x@example.org'),
                             ('01', 2020, 3.50, '00000002', NULL, '');
CREATE TABLE cerrada (ubigeo text, n int);
CREATE TABLE "Con.Punto" (region text);
INSERT INTO "Con.Punto" VALUES ('Loreto');
CREATE SEQUENCE cuenta;
CREATE SCHEMA uno; CREATE TABLE uno.repetida (a text);
CREATE SCHEMA dos; CREATE TABLE dos.repetida (a text);
CREATE TABLE secretos (persona text); INSERT INTO secretos VALUES ('{SECRET}');
CREATE TABLE parcial (ubigeo text, anio int); ALTER TABLE parcial ENABLE ROW LEVEL SECURITY;
GRANT SELECT (ubigeo) ON parcial TO limitada;
"""
LAYERS = """
CREATE EXTENSION postgis;
CREATE TABLE provincias (ubigeo text, nombre text, pob int, geom geometry(MultiPolygon, 32718));
INSERT INTO provincias VALUES
  ('1601', 'Ñaña', 5, ST_Multi(ST_MakeEnvelope(500000, 9500000, 500010, 9500010, 32718))),
  ('0101', 'A', NULL, ST_Multi(ST_MakeEnvelope(500010, 9500000, 500020, 9500010, 32718)));
CREATE TABLE casos (origen text, casos int, geom geometry(Point, 4326));
INSERT INTO casos VALUES ('Loreto', 1, ST_SetSRID(ST_Point(-73.25, -3.75), 4326));
CREATE TABLE mezcla (geom geometry);
INSERT INTO mezcla VALUES (ST_MakeEnvelope(0, 0, 1, 1, 4326)), (ST_MakeEnvelope(0, 0, 1, 1, 32718));
CREATE TABLE dos_formas (a geometry(Polygon, 4326), b geography(Polygon, 4326));
INSERT INTO dos_formas
VALUES (ST_MakeEnvelope(0, 0, 1, 1, 4326), ST_MakeEnvelope(2, 2, 3, 3, 4326));
"""


def programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL server here (Debian: apt-get install postgresql-postgis)")
    return found[-1].parent


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server; returns the settings that lead to its socket."""
    pytest.importorskip("sqlalchemy", reason="the extra postgres is not installed")
    psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="corredor-pg-"))  # short: a socket has a longest path
    first: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        first = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: str) -> None:
        command = [*first, str(bin_folder / program), "-D", str(data), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr

    run("initdb", "-U", "dueno", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    access = "local all ana scram-sha-256\nlocal all all trust\n"
    (data / "pg_hba.conf").write_text(access, encoding="utf-8")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
    run("pg_ctl", "-l", str(log), "-o", options, "-w", "start")
    try:
        with psycopg.connect(host=str(folder), user="dueno", dbname="postgres") as connection:
            connection.execute(SETUP)
        yield f"host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def layers(server: str) -> str:
    """Add PostGIS and its tables."""
    import psycopg

    if not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        pytest.skip("PostGIS is not installed (Debian: apt-get install postgresql-postgis)")
    with psycopg.connect(f"{server} user=dueno dbname=postgres") as connection:
        connection.execute(LAYERS)
    return server


def address(server: str, what: str = "", user: str = "dueno", database: str = "postgres") -> str:
    return f"postgresql://{user}@/{database}?{server}" + (f"&{what}" if what else "")


def test_a_table_is_read_as_text_cells_without_personal_columns(server):
    table, account = read_database(address(server, "table=denuncias"))
    assert table.columns.tolist() == ["ubigeo", "anio", 'valor % "x"; --', "fecha"]
    assert table.to_numpy().tolist() == [
        ["01", "2020", "3.50", ""],
        ["16", "2020", "12", "2020-01-02"],
    ]
    said = account.render()
    assert "dni, contacto" in said
    assert "example.org" not in said
    assert (account.rows_in, account.rows_out) == (2, 2)


def test_a_table_of_personal_columns_alone_is_refused_without_a_cell(server):
    with pytest.raises(DataFileError, match=r"no column is left to read.*persona") as caught:
        read_database(address(server, "table=secretos"))
    assert SECRET not in str(caught.value)


def test_names_are_quoted_and_never_run(server):
    assert read_database(address(server), table="Con.Punto").table["region"].tolist() == ["Loreto"]
    for name in (
        'denuncias"; DROP TABLE denuncias; --',
        "denuncias; DROP TABLE denuncias",
        "%(x)s",
    ):
        with pytest.raises(DataFileError, match="no table of this name"):
            read_database(address(server), table=name)
    assert len(read_database(address(server), table="denuncias").table) == 2


def test_a_query_keeps_its_order_its_percent_signs_and_its_colons(server):
    query = (
        "SELECT ubigeo AS region, '12:30 %s' || anio::text AS b FROM denuncias"
        " WHERE ubigeo LIKE '%' ORDER BY 1 DESC; -- the end"
    )
    table, account = read_database(address(server, f"query={quote(query)}"))
    assert table.to_numpy().tolist() == [["16", "12:30 %s2020"], ["01", "12:30 %s2020"]]
    assert account.file == "postgresql://dueno@/postgres?query=..."


def test_personal_columns_of_a_query_stay_where_they_are(server):
    table, account = read_database(address(server), query="SELECT * FROM denuncias")
    assert "dni" not in table
    assert "dni" in account.render()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM denuncias", "only one SELECT"),
        ("SELECT 1; DROP TABLE denuncias", "only one SELECT"),
        ("SELECT 1) AS q; DROP TABLE denuncias; --", "only one SELECT"),
        ("SELECT ubigeo INTO nueva FROM denuncias", "does not understand"),
        ("WITH d AS (DELETE FROM denuncias RETURNING 1) SELECT * FROM d", "does not understand"),
        ("SELECT ubigeo FROM denuncias FOR UPDATE", "would write"),
        ("SELECT set_config('transaction_read_only', 'off', false) AS x", "would write"),
        ("SELECT nextval('cuenta') AS x", "would write"),
        ("SELECT nada FROM denuncias", 'column "nada" does not exist'),
        ("SELECT 1 AS a, 2 AS a", "names the column 'a' more than once"),
        (f"SELECT '{SECRET}'::int AS x", "stopped while answering"),
    ],
)
def test_queries_that_do_more_than_read_are_refused(server, query, said):
    with pytest.raises(DataFileError, match=said) as caught:
        read_database(address(server), query=query)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.render("es")
    assert SECRET not in shown
    assert len(read_database(address(server), table="denuncias").table) == 2


def test_a_query_that_takes_too_long_is_given_up(server):
    start = time.monotonic()
    with pytest.raises(DataFileError, match=r"takes longer than 0\.2 s"):
        read_database(address(server), query="SELECT pg_sleep(20)::text AS a", timeout=0.2)
    assert time.monotonic() - start < 5


def test_more_rows_than_the_limit_are_refused_not_cut(server):
    assert len(read_database(address(server), table="denuncias", limit=2).table) == 2
    with pytest.raises(DataFileError, match="more than 1 rows"):
        read_database(address(server), table="denuncias", limit=1)


@pytest.mark.parametrize(
    ("what", "user", "database", "said"),
    [
        ("table=denuncia", "dueno", "postgres", "no table of this name. Did you mean 'denuncias'"),
        ("table=otra.denuncias", "dueno", "postgres", "Did you mean 'public.denuncias'"),
        ("table=repetida", "dueno", "postgres", "Write one of: dos.repetida, uno.repetida"),
        ("", "dueno", "postgres", "say which table.*public.denuncias"),
        ("table=cerrada", "limitada", "postgres", "may not read it"),
        ("query=SELECT ubigeo FROM cerrada", "limitada", "postgres", "may not read it"),
        ("table=x", "dueno", "nada", "no database 'nada'"),
        ("table=x", "nadie", "postgres", "does not let this user in"),
        ("table=x", f"ana:{PASSWORD}mal", "postgres", "refuses this user or password"),
        ("table=x", "ana", "postgres", "refuses this user or password"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(server, what, user, database, said, monkeypatch):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(DataFileError, match=said) as caught:
        read_database(address(server, what, user, database))
    assert PASSWORD not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


def test_a_password_opens_the_door_and_is_never_shown(server):
    query = "SELECT 1 AS uno"
    table, account = read_database(address(server, user=f"ana:{PASSWORD}"), query=query)
    assert table["uno"].tolist() == ["1"]
    assert PASSWORD not in account.render() + str(account.to_dict()) + repr(account)


def test_columns_and_rows_that_a_user_may_not_see_are_said(server):
    table, account = read_database(address(server, "table=parcial", "limitada"))
    assert table.columns.tolist() == ["ubigeo"]
    assert "may not read the columns anio" in account.render()
    assert "hides rows" in account.render()


def test_no_server_is_one_sentence(tmp_path):
    pytest.importorskip("sqlalchemy", reason="the extra postgres is not installed")
    with pytest.raises(DataFileError, match="no database server answers"):
        read_database(f"postgresql://a:{PASSWORD}@/b?host={tmp_path}&table=t")


def test_a_layer_of_areas_comes_with_its_reference_system(layers):
    table, account = read_database(address(layers, "table=provincias"))
    assert table.crs.to_epsg() == 32718
    assert table["ubigeo"].tolist() == ["0101", "1601"]
    assert table["nombre"].tolist() == ["A", "Ñaña"]
    assert table["pob"].isna().tolist() == [True, False]
    assert table.geometry.area.tolist() == [100, 100]
    assert table.geometry.bounds["minx"].tolist() == [500010, 500000]
    assert "MULTIPOLYGON, EPSG:32718" in account.render()


def test_points_are_read_only_if_they_are_named(layers):
    table, account = read_database(address(layers, "table=casos"))
    assert table.columns.tolist() == ["origen", "casos"]
    assert "points may show where somebody is: the column geom" in account.render()
    named, _ = read_database(address(layers, "table=casos&geometry=geom"))
    assert [(p.x, p.y) for p in named.geometry] == [(-73.25, -3.75)]


def test_geometries_that_leave_a_choice_are_asked_about(layers):
    with pytest.raises(DataFileError, match="SRID 4326, 32718"):
        read_database(address(layers, "table=mezcla"))
    with pytest.raises(DataFileError, match=r"several geometry columns.*a, b"):
        read_database(address(layers, "table=dos_formas"))
    with pytest.raises(DataFileError, match="no geometry column 'c'"):
        read_database(address(layers, "table=dos_formas"), geometry="c")
    table, _ = read_database(address(layers, "table=dos_formas"), geometry="b")
    assert table.geometry.bounds.to_numpy().tolist() == [[2, 2, 3, 3]]


def test_without_the_extra_the_error_names_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"corredor\[postgres\]"):
        read_database("postgresql://a@b/c?table=t")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgresql://u:p@ss:w@h:x/d?table=t", "cannot be taken apart"),
        ("postgresql://u:cl#ve@h/d?table=t", "cannot be taken apart"),
        ("postgresql:///:clave@h/d?table=t", "cannot be taken apart"),
        ("postgresql://u:1?clave=x@h/d?table=t", r"'\.\.\.' is not known"),
        ("postgresql://u:clave@h/d?tabel=t", "'tabel' is not known. Did you mean 'table'"),
        ("postgresql://u:clave@h/d?options=-c%20x", "'options' is not known"),
        ("postgresql://u:clave@h/d?table=t&query=SELECT 1", "not both"),
        ("mysql://u:clave@h/d?table=t", "is written postgresql://"),
    ],
)
def test_malformed_addresses_are_refused_without_their_password(text, said):
    with pytest.raises(DataFileError, match=said) as caught:
        parse_address(text)
    for secret in ("p@ss", "clave", "cl#ve", "ss:w"):
        assert secret not in caught.value.render("en") + caught.value.render("es")


def test_an_address_is_taken_apart():
    found = parse_address("postgresql://a%40b:c%2Fd@h:5433/db?sslmode=require&query=SELECT 1 & 2")
    assert (found.user, found.password, found.host, found.port) == ("a@b", "c/d", "h", 5433)
    assert found.query == "SELECT 1 & 2"
    assert found.connect == (("sslmode", "require"),)
    assert "c/d" not in repr(found) + found.shown
    assert is_database_address("postgresql://h/db")
    assert not is_database_address(Path("table.csv"))


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "  SELECT ';' AS a, \"x;y\", $$;)$$, $t$ ' $t$, E'\\';' FROM t -- ; )",
        "/* a /* ; */ b */ WITH a AS (SELECT 1) SELECT * FROM a;",
        "(SELECT 1) UNION (SELECT 2)",
    ],
)
def test_one_select_is_let_through(query):
    check_select(query, "here")


@pytest.mark.parametrize(
    "query",
    ["SELECT aE'\\'; DROP TABLE t; --'", "SELECT a$$; DROP TABLE t; --$$",
     "", "-- SELECT 1", "INSERT INTO t VALUES (1)", "SELECT 1;; SELECT 2", "SELECT (1", "SELECT 1)",
     "SELECT 'a", 'SELECT "a', "SELECT $$a", "SELECT 1 /* open", "EXPLAIN ANALYZE SELECT 1"],
)  # fmt: skip
def test_all_else_is_refused(query):
    with pytest.raises(DataFileError, match="only one SELECT"):
        check_select(query, "here")


@settings(max_examples=300)
@given(*[st.text(st.characters() | st.sampled_from("/:@?#&=[]%"), max_size=20)] * 2)
def test_no_address_makes_it_crash_or_show_a_password(start, end):
    text = f"postgresql://{start}:{PASSWORD}@{end}"
    said = [mask_address(text)]
    try:
        said.append(parse_address(text).shown)
    except CorredorError as error:
        said.append(str(error))
    assert PASSWORD not in "".join(said)


@given(st.text(alphabet="sSelECT ()'\"$;-/*ae\\\n", max_size=40))
def test_no_query_makes_the_check_crash_or_lets_a_second_statement_through(text):
    try:
        bare = check_select("SELECT " + text, "here")
    except DataFileError:
        return
    outside = bare.split("'")[0].split('"')[0].split("$")[0]
    assert ";" not in outside
