"""Every option that a message of a reader offers changes the outcome, and loses nothing.

The messages come from the catalogue itself: one that offers an option and has no input here fails.
All figures and records are invented.
"""

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path

import geopandas
import openpyxl
import pytest
import shapely
from click.testing import CliRunner

from corredor.cli import app
from corredor.options import say_flags

YEAR = ["--period", "2022-01/2022-12"]
WIDE = "departamento,casos A,casos B,año\nIca,1,2,2022\n"
SHARES = "origen,destino,{}\nPuno,Cusco,{}\nPuno,Lima,{}\n"
REGIONS = ("Amazonas", "Áncash", "Apurímac", "Arequipa")


@dataclass(frozen=True)
class Offer:
    """A table that is answered by a message, what it offers, and the total then read."""

    text: str | tuple[str, ...]
    follow: list[str]
    total: float | None = None
    given: tuple[str, ...] = ()
    suffix: str = "csv"
    encoding: str = "utf-8"


def layer(*properties, shape="Polygon", crs=None):
    """Return a layer of squares or lines as GeoJSON."""
    features = []
    for i, told in enumerate(properties):
        x, y = -78 + i, -6 - i
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        line = [[-72 + i, -13], [-71 + i, -13]]
        features.append({"type": "Feature", "properties": told, "geometry": {
            "type": shape, "coordinates": [ring] if shape == "Polygon" else line}})  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features})


# The beginning of a message of the catalogue -> what produces it.
OFFERS = {
    "Column '{column}' tells them apart: choose one of its values, or add them up with": Offer(
        "departamento,año,sexo,casos\nCusco,2022,F,3\nCusco,2022,M,4\n", ["--add-up", "sexo"], 7),
    "Give them with period=": Offer("departamento,mes,casos\nIca,1,3\nIca,2,4\n", YEAR),
    "It is a judicial or fiscal district: say so with unit=": Offer(
        "region,denuncias 2022\nDel Santa,3\nCusco,4\n", ["--unit", "fiscal_district"], 7),
    "Nothing known looks like it. Write its region too, as in": Offer(
        "origen,destino,casos\nXyzzyq,Lima,3\nPuno,Lima,4\n", ["--allow-unmatched"]),
    "Read it with 'corredor check FILE --as cases', which counts": Offer(
        "origen,destino,fecha,sexo,edad\nPuno,Lima,2022-01-01,F,15\n", ["--as", "cases"], 1,
        given=("--as", "flows")),
    "Say columns={{'value': '{column}'}}, or value_kind='none'": Offer(
        "origen,destino,xyz\nPuno,Lima,3\nIca,Lima,4\n", ["--columns", "value=xyz"], 7),
    "Say which it is with columns={{'{end}'": Offer(
        "origen,x,sexo,edad,año\nPuno,Lima,F,15,2022\n", ["--columns", "destination=x"], 1),
    "Say it with columns={'reported': '...'}, or with": Offer(
        "sitio,fecha,sexo,edad\nPuno,2022-01-01,F,15\n", ["--columns", "reported=sitio"], 1),
    "Say shares='percent' or shares='fraction'.": Offer(
        SHARES.format("participación", "0.4", "0.6"), ["--shares", "fraction"],
        given=("--value-kind", "share_of_origin")),
    "Say the period of the register with period=": Offer(
        "origen,destino,sexo,edad\nPuno,Lima,F,15\n", YEAR, 1),
    "Say value_kind='share_of_origin' or value_kind='share_of_destination'": Offer(
        SHARES.format("valor", "12.5", "87.5"), ["--value-kind", "share_of_origin", "--shares",
                                                 "percent"]),
    "Write counts and shares into columns of their own, or say shares='percent'": Offer(
        SHARES.format("valor", "12%", "88"), ["--shares", "percent", "--value-kind",
                                              "share_of_origin"]),
    "Write dates as YYYY-MM-DD, or say date_order='dmy' or date_order='mdy'.": Offer(
        "origen,destino,fecha,sexo\nPuno,Lima,25/01/2017,F\n", ["--date-order", "dmy"], 1,
        given=("--date-order", "mdy")),
    "Write the region it lies in, or leave it out with allow_unmatched=True": Offer(
        "departamento,casos 2022\nCusco,3\nVilla Zz,4\n", ["--allow-unmatched"], 7),
    "Write the region, or leave such rows out with allow_unmatched=True.": Offer(
        "ruta\nPerú -> Lima\nPuno -> Lima\n", ["--allow-unmatched"],
        given=("--as", "itineraries")),
    "Add it to the table 'places' of your study and name that with --study, or leave such": Offer(
        "ruta\nEspaña -> Lima\nPuno -> Lima\n", ["--allow-unmatched"],
        given=("--as", "itineraries")),
    "{file}: this table is not recognised. {why} Say what it is": Offer(
        f"{'una pregunta muy larga ' * 4},b\nalgo,otro\n", ["--as", "flows"]),
    "names that a region shares with a smaller place were taken for the region; kind='city'": Offer(
        "origen,destino,casos\nPuno,Lima,3\n", ["--place-kind", "city"], 3),
    "no period is given, but a line beside the table names {year}": Offer(
        "Flujos de 2022,,\n,,\norigen,destino,casos\nPuno,Lima,3\n", YEAR, 3),
    "the population of {year} was read; there is also that of": Offer(
        "departamento,pob_2007,pob_2017\nPuno,100,200\n", ["--year", "2007"], 100),
    "{file}: column '{column}' gives the height of its lines": Offer(
        layer({"ELEV": 1}, {"ELEV": 2}, shape="LineString"), ["--mode", "road"],
        suffix="geojson"),
    "{file}: it holds nothing that vehicles travel": Offer(
        layer({"power": "line"}, shape="LineString"), ["--mode", "road"], suffix="geojson"),
    "{file}: column '{column}' names {units}, not regions, and": Offer(
        "provincia,casos 2022\nCusco,3\n", ["--level", "province"], 3),
    "{file}: columns {columns} all state the same period. If they": Offer(
        "departamento,2022 Mujer,2022 Hombre\nCusco,3,4\n", ["--add-up", "2022 Mujer"], 7),
    "{file}: columns {columns} count parts of the same people": Offer(
        "departamento,año,Mujeres,Hombres\nCusco,2022,3,4\n", ["--add-up", "Mujeres"], 7),
    "{file}: its counts are {found} (column '{column}'), not": Offer(
        "departamento,año,víctimas\nCusco,2022,3\n", ["--measure", "victims"], 3,
        given=("--measure", "complaints")),
    "{file}: its title speaks of {units}, and many of them bear": Offer(
        "Denuncias por provincia,\n,\nLugar,2022\nCusco,50\nPuno,7\n", ["--level", "province"],
        57),
    "{file}: no column of population with a year was found": Offer(
        "departamento,poblacion\nPuno,100\n", ["--year", "2017"], 100),
    "{file}: no column with codes or names of Peru's units": Offer(
        layer(*({"a": name} for name in REGIONS)), ["--columns", "name=a", "--allow-unmatched"],
        suffix="geojson"),
    "{file}: the columns name months, but no year is stated": Offer(
        "departamento,enero,febrero\nCusco,3,4\n", ["--period", "2022-01/2022-02"]),
    "{file}: nothing says that its counts are told apart by the dates": Offer(
        "Fecha del hecho,departamento,casos\n2022-01-03,Puno,3\n",
        ["--columns", "period=Fecha del hecho"], 3),
    "{file}: column '{column}' names units of an office": Offer(
        "UGEL,casos 2022\nPuno,3\n", ["--columns", "place=UGEL"], 3),
    "{file}: columns {columns} name units of an office": Offer(
        "UGEL de origen,UGEL de destino,casos\nPuno,Lima,3\n",
        ["--columns", "origin=UGEL de origen,destination=UGEL de destino"], 3),
    "{file}: the table does not say which months it covers": Offer(
        "departamento,casos\nCusco,3\n", YEAR, 3),
    "{file}: the table states its own months; leave out": Offer(
        "departamento,casos 2022\nCusco,3\n", [], 3, given=tuple(YEAR)),
    "{why} If it is no table of complaints, say what it is with": Offer(
        "departamento,xyz\nPuno,3\n", ["--as", "flows"]),
    "{file}: {n} sheets hold a table": Offer(
        ("departamento,2022\nPuno,3\n", "departamento,2022\nIca,5\n"), ["--sheet", "H2"], 5,
        suffix="xlsx"),
    "{file}: {reason} Say which to count with category=": Offer(
        "ANIO,MES,DEPARTAMENTO,categoria,Denuncias por comision,Valor\n2020,1,PUNO,SEXO,F1_A,3\n"
        "2020,1,PUNO,EDAD,F1_B,4\n", ["--category", "SEXO"], 3),
    "{file}: no column says that it counts complaints or": Offer(
        "departamento,año,xyz\nIca,2017,1\n", ["--columns", "value=xyz"], 1),
    "{file}: there is no column of {units}, nor one with": Offer(
        "x1,casos 2022\nCusco,3\n", ["--columns", "place=x1"], 3,
        given=("--level", "province", "--as", "complaints")),
    "{file}: {found} Say which column holds the counts": Offer(
        WIDE, ["--columns", "value=casos A"], 1),
    "{file}: {found} Say which column holds the places": Offer(
        "Lugar A,Lugar B,casos 2022\nCusco,Puno,3\n", ["--columns", "place=Lugar B"], 3),
    "{file}: column '{column}' holds names that regions bear, but": Offer(
        "Ciudad,casos 2022\nCusco,3\n", ["--columns", "place=Ciudad"], 3),
    "{file}: columns {columns} all hold codes of places. Say": Offer(
        "ubigeo_reniec,ubigeo_inei,denuncias_2022\n07,08,40\n24,07,22\n",
        ["--columns", "code=ubigeo_inei"], 62),
    "{file}: columns '{one}' and '{other}' cover the same months": Offer(
        "departamento,Ene-Mar 2022,Ene-Jun 2022\nCusco,3,7\n",
        ["--columns", "value=Ene-Jun 2022"], 7),
    "Say which to use with columns={{'{role}'": Offer(
        "origen,destino,casos,víctimas\nPuno,Lima,3,4\n", ["--columns", "value=casos"], 3),
    "Say which columns they are with columns={{'origin'": Offer(
        "a,b,c\nx1,x2,3\n", ["--columns", "origin=a,destination=b"], given=("--as", "flows")),
    "Say which it is with columns={{'route'": Offer(
        "a,b\nPuno -> Lima,x\n", ["--columns", "route=a"], given=("--as", "itineraries")),
    "Say which with columns={{'reported': '...', 'route_id'": Offer(
        "orden,x,y\n1,Puno,R1\n2,Lima,R1\n", ["--columns", "reported=x,route_id=y"],
        given=("--as", "itineraries")),
    "dropped unread, because they look personal: {columns}. A register": Offer(
        "origen,destino,observaciones,casos\nPuno,Lima,nada,3\n", ["--as", "cases", *YEAR]),
    "{file}: no row with column names was found in the first": Offer(
        "1,2,3\n4,5,6\n" * 30 + "departamento,2021,2022\nCusco,3,4\n", ["--header-row", "61"], 7),
}  # fmt: skip
# Said by a server, which goes on serving where the offer is followed.
SERVED = ("Port {port} is taken",)
# Help of options: what they do is tested where the command is.
HELP = (
    "With --to: list the alternatives of one pair", "See --from.", "--table says what goes into",
    "--from and --to are given together", "--empty makes a study without files",
    "The whole map stands in the frame.",
)  # fmt: skip


def plain(text):
    """Return a text of the catalogue as it is said, with its gaps left open."""
    open_braces = re.sub(r"\{\{|\}\}", lambda found: found[0][0], text)
    return say_flags(re.sub(r"(?<='){[a-z_]+}(?=')", "...", open_braces))


def as_said(template):
    """Return a pattern for a text as an error or, with flags, an account says it."""
    both = (re.sub(r"\{\{|\}\}", lambda found: found[0][0], template), plain(template))
    gap = re.compile(r"\{[a-z_]+(?::[^}]*)?\}|\.\.\.")
    ways = (".*?".join(map(re.escape, gap.split(text))) for text in both)
    return re.compile("|".join(ways), re.DOTALL)


def offering(texts):
    """Return the texts that name an option, but for the help of options."""
    return [
        text for text in texts
        if re.search(r"(?<![\w-])(?<!pip install )--[a-z]", plain(text))
        and not text.startswith(HELP)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def texts():
    """Every text in the code, by the tool that makes the catalogue."""
    path = Path(__file__).parents[2] / "src" / "corredor" / "locale" / "update.py"
    spec = importlib.util.spec_from_file_location("locale_update", path)
    update = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(update)
    return update.collect()


def test_every_text_that_offers_an_option_has_an_input(texts):
    known = (*OFFERS, *COMMANDS, *HELP, *SERVED)
    assert [text for text in offering(texts) if not text.startswith(known)] == []
    assert [start for start in known if not any(text.startswith(start) for text in texts)] == []


def save(folder, offer):
    path = folder / f"datos.{offer.suffix}"
    if offer.suffix != "xlsx":
        path.write_text(offer.text, encoding=offer.encoding)
        return path
    book = openpyxl.Workbook()
    book.remove(book.active)
    for i, text in enumerate(offer.text, start=1):
        page = book.create_sheet(f"H{i}")
        for row in text.splitlines():
            page.append([int(cell) if cell.isdigit() else cell for cell in row.split(",")])
    book.save(path)
    return path


def outcome(path, words):
    result = CliRunner().invoke(app, ["check", str(path), *words])
    error = result.exception
    said = error.render("en") if hasattr(error, "render") else result.output
    return result.exit_code, said


@pytest.mark.parametrize("start", OFFERS)
def test_what_is_offered_changes_the_outcome(start, texts, tmp_path):
    offer = OFFERS[start]
    template = next(text for text in texts if text.startswith(start))
    pattern = as_said(template)
    path = save(tmp_path, offer)
    code, said = outcome(path, offer.given)
    assert pattern.search(said), said
    given = [] if not offer.follow else [
        word for word in offer.given if offer.follow[0] not in offer.given[:1]
    ]  # fmt: skip
    after, then = outcome(path, [*given, *offer.follow])
    assert (after, then) != (code, said)
    assert code == 0 or not pattern.search(then), then
    if offer.total is not None:
        assert after == 0, then
        numbers = re.search(r"total ([\d,]+) in", then)
        assert numbers, then
        assert float(numbers[1].replace(",", "")) == offer.total


FLOW = "origen,destino,casos\nPuno,Lima,3\n"


def geo(folder, name, columns, *, crs=4326, to=None, layer=None):
    """Write squares of Puno and Lima as a layer without or with its reference system."""
    shapes = [shapely.box(-70, -15, -69, -14), shapely.box(-77, -12, -76, -11)]
    table = geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs)
    path = folder / name
    table.to_crs(to or crs).to_file(path, **({"layer": layer} if layer else {}))
    path.with_suffix(".prj").unlink(missing_ok=True)
    return path


def two_layers(folder):
    for name in ("una", "otra"):
        geo(folder, "r.gpkg", {"NOMBDEP": ["PUNO", "LIMA"]}, layer=name)


def ambiguous_letters(folder):
    path = geo(folder, "r.shp", {"NOMBDEP": ["ViXXla", "Lima"]})
    path.with_suffix(".cpg").unlink()
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace(b"ViXXla", b"Vi\xe9\xe9la"))


def codes_of_neither(folder):
    """A code whose region lies elsewhere in both lists, and no name beside it."""
    shape = [shapely.box(-74, -5, -73, -4)]
    table = geopandas.GeoDataFrame({"codigo": ["08"]}, geometry=shape, crs=4326)
    table.to_file(folder / "r.gpkg")


def a_study_with_an_area(folder):
    (folder / "f.csv").write_text(FLOW.replace("Puno", "Altiplano"), encoding="utf-8")
    a_study(folder)
    places = folder / "estudio" / "places.csv"
    row = "altiplano,Altiplano,The highland plain,,area,,,-15,-70,21,\n"
    places.write_text(places.read_text(encoding="utf-8") + row, encoding="utf-8")


def a_study(folder):
    assert outcome_of(["new", folder / "estudio"])[0] == 0


# The beginning of a text that a command, a layer or a study says -> what makes the files, the
# words that get it said, and the words that follow what it offers. {d} is the folder.
COMMANDS = {
    "{file}: the letters with accents fit Windows-1252 and CP850 equally": (
        lambda d: (d / "t.csv").write_bytes(b"departamento,casos 2022,x\nPuno,3,X\x83\n"),
        "check {d}/t.csv", "check {d}/t.csv --encoding cp1252"),
    "{file}: the text may be in {encodings}. Say which": (
        ambiguous_letters, "check {d}/r.shp", "check {d}/r.shp --encoding cp850 --allow-unmatched"),
    "The layer names no reference system; its degrees fit Peru": (
        lambda d: geo(d, "r.shp", {"NOMBDEP": ["PUNO", "LIMA"]}),
        "check {d}/r.shp --allow-unmatched", "check {d}/r.shp --allow-unmatched --crs EPSG:4248"),
    "The coordinates fit {crs}: pass crs=": (
        lambda d: geo(d, "r.shp", {"NOMBDEP": ["PUNO", "LIMA"]}, to=32718),
        "check {d}/r.shp --allow-unmatched", "check {d}/r.shp --allow-unmatched --crs EPSG:32718"),
    "{file}: it holds several layers ({layers}). Say which": (
        two_layers, "check {d}/r.gpkg", "check {d}/r.gpkg --layer una --allow-unmatched"),
    "{file}: the codes may be INEI's or RENIEC's": (
        codes_of_neither, "check {d}/r.gpkg --columns ubigeo=codigo",
        "check {d}/r.gpkg --columns ubigeo=codigo --codes inei"),
    "{fix} Or leave such rows out with allow_unmatched": (
        lambda d: geo(d, "r.gpkg", {"NOMBDEP": ["PUNO", "XYZZYX"]}),
        "check {d}/r.gpkg", "check {d}/r.gpkg --allow-unmatched"),
    "Write the region or the city, or add the area": (
        a_study_with_an_area, "check {d}/f.csv", "check {d}/f.csv --study {d}/estudio"),
    "The study's table 'places' lacks {n} place(s)": (
        lambda d: (a_study(d), (d / "f.csv").write_text(FLOW.replace("Puno", "Nazca"))),
        "import flows {d}/f.csv -o {d}/o.csv --source s --study {d}/estudio",
        "import flows {d}/f.csv -o {d}/o2.csv --source s --study {d}/estudio"
        " --places {d}/lugares.csv"),
    "who counts ({files}): --register NAME": (
        lambda d: (d / "t.csv").write_text("departamento,denuncias 2022\nPuno,30\n"),
        "new {d}/nuevo {d}/t.csv", "new {d}/nuevo {d}/t.csv --register CAMINOS"),
    "what is counted ({files}): --measure": (
        lambda d: (d / "t.csv").write_text("departamento,trata 2022\nPuno,30\n"),
        "new {d}/nuevo {d}/t.csv --register CAMINOS",
        "new {d}/nuevo {d}/t.csv --register CAMINOS --measure victims"),
    "Say what is counted: {options} must be given.": (
        lambda d: (d / "t.csv").write_text("departamento,casos 2022\nPuno,30\n"),
        "import complaints {d}/t.csv -o {d}/o.csv --source s",
        "import complaints {d}/t.csv -o {d}/o.csv --source s --register PNP --measure victims"),
    "{file}: this file exists and was not written by Corredor": (
        lambda d: (d / "mapa.html").write_text("mine"),
        "map -o {d}/mapa.html", "map -o {d}/mapa.html --overwrite"),
    "A frame that holds the page itself opens in the language": (
        lambda d: outcome_of(["map", "-o", d / "m.html"]),
        "embed {d}/m.html --inline --lang en", "map -o {d}/m2.html --lang en"),
    "None of the places to choose from is passed by the reported flow on": (
        lambda d: None,
        "posts -p 1 --from Loreto --candidates tacna",
        "posts -p 1 --from Loreto --candidates iquitos --count-ends"),
    "Behind it: {flows} reported flows of {sources} publications.": (
        lambda d: None, "posts -p 1", "posts -p 1 --format json"),
}  # fmt: skip


def outcome_of(words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    error = result.exception
    said = error.render("en") if hasattr(error, "render") else ""
    return result.exit_code, say_flags(said) + result.output


@pytest.mark.parametrize("start", COMMANDS)
def test_what_a_command_or_layer_offers_changes_the_outcome(start, texts, tmp_path):
    make, before, after = COMMANDS[start]
    template = next(text for text in texts if text.startswith(start))
    pattern = as_said(template)
    make(tmp_path)
    code, said = outcome_of(before.format(d=tmp_path).split())
    assert pattern.search(said), said
    then, now = outcome_of(after.format(d=tmp_path).split())
    assert (then, now) != (code, said)
    # Whoever says the wrong list of codes hears that the units lie elsewhere.
    assert then == 0 or "its units lie outside their place" in now, now
    assert not pattern.search(now), now
