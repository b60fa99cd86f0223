"""Files of the other kinds, small and whole, to be damaged byte by byte."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from functools import cache
from importlib import resources
from pathlib import Path
from random import Random

from truth import REGIONS, to_xlsx

FLOWS = ("Puno", "Cusco", "Madre de Dios", "Lima", "Loreto", "Ucayali", "Piura", "Tumbes")
MININTER = (
    "ANIO;MES;CCDD;DEPARTAMENTO;PROVINCIA;DISTRITO;COMISARIA;categoria;Denuncias por comision;Valor"
)
MPFN = (
    "fecha_descarga;periodo_denuncia;anio_denuncia;distrito_fiscal;tipo_delito;articulo"
    ";des_articulo;cantidad;ubigeo"
)


def flows(random: Random) -> tuple[list[list[str]], float]:
    """Return an invented table of flows, long or as a matrix, and its total."""
    places = random.sample(FLOWS, random.randint(3, len(FLOWS)))
    counts = {(a, b): random.randint(0, 40) for a in places for b in places if a != b}
    if random.random() < 0.5:
        rows = [["Origen", "Destino", "Víctimas"]]
        rows += [[a, b, str(n)] for (a, b), n in counts.items()]
        if random.random() < 0.3:
            rows.append(["Total", "", str(sum(counts.values()))])
    else:
        rows = [["Origen / Destino", *places]]
        rows += [[a, *(str(counts.get((a, b), "")) for b in places)] for a in places]
        if random.random() < 0.5:
            rows[0].append("Total")
            for row in rows[1:]:
                row.append(str(sum(int(cell) for cell in row[1:] if cell)))
    return rows, float(sum(counts.values()))


def cases(random: Random) -> tuple[list[list[str]], float]:
    """Return an invented register and how many of its cases have two known places."""
    rows = [["caso", "apellidos y nombres", "origen", "destino", "fecha", "sexo", "edad"]]
    n = random.randint(2, 30)
    for i in range(n):
        a, b = random.sample(FLOWS, 2)
        day = f"20{random.randint(10, 23)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        rows.append([str(i), "ZZPERSONA QUISPE", a, b, day, random.choice("FM"), "20"])
    return rows, float(n)


def mininter(random: Random) -> tuple[list[list[str]], float]:
    """Return an invented file in the layout of MININTER, and its victims."""
    rows, total = [MININTER.split(";")], 0
    year = random.randint(2017, 2023)
    for month in range(1, random.randint(2, 13)):
        for code in random.sample(sorted(REGIONS), 3):
            place = [str(year), str(month), code, REGIONS[code].upper(), "P", "D", "COMISARÍA X"]
            parts = [random.randint(0, 9) for _ in range(2)]
            total += sum(parts)
            rows += [
                [*place, "finalidad", "F1_SEXUAL", str(parts[0])],
                [*place, "finalidad", "F2_LABORAL", str(parts[1])],
                [*place, "finalidad", "F1_TOTAL", str(sum(parts))],
            ]
    return rows, float(total)


def mpfn(random: Random) -> tuple[list[list[str]], float]:
    """Return an invented file in the layout of the Ministerio Público, and its complaints."""
    rows, total = [MPFN.split(";")], 0
    for year in range(2020, 2025):
        for place in random.sample(("CUSCO", "PUNO", "LIMA NORTE", "CALLAO", "TACNA"), 3):
            for article in random.sample(("153", "153-A", "129-A", "129-B", "200"), 3):
                n = random.randint(0, 30)
                rightly = ("153", "153-A") if year < 2023 else ("129-A", "129-B")
                total += n if article in rightly else 0
                rows.append(["20250101", "ENERO - DICIEMBRE", str(year), place, "X", article, "T",
                             str(n), "080101"])  # fmt: skip
    return rows, float(total)


def geojson(random: Random) -> bytes:
    """Return a box in the place of each of Peru's regions."""
    columns = random.choice((("UBIGEO", "NOMBDEP"), ("CCDD", "DEPTO"), ("COD", "NAME_1")))
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(columns, (code, REGIONS[code]), strict=True)),
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, ring in _boxes().items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@cache
def _boxes() -> dict[str, list[list[float]]]:
    """Return rings around the middle of each region, small enough not to overlap."""
    folder = resources.files("corredor.geodata.peru")
    with (folder / "region_codes.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if len(row["inei"]) == 2]
    rings = {}
    for row in rows:
        west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
        x, y, dx, dy = (
            (west + east) / 2,
            (south + north) / 2,
            (east - west) / 9,
            (north - south) / 9,
        )
        rings[row["inei"]] = [[x - dx, y - dy], [x + dx, y - dy], [x + dx, y + dy],
                              [x - dx, y + dy], [x - dx, y - dy]]  # fmt: skip
    return rings


def shapefile(random: Random) -> bytes:
    """Return the same squares as a zipped shapefile."""
    import tempfile

    import geopandas as gpd

    with tempfile.TemporaryDirectory() as folder:
        gpd.GeoDataFrame.from_features(json.loads(geojson(random)), crs="EPSG:4326").to_file(
            Path(folder) / "capa.shp"
        )
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", random.choice((0, 8))) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return target.getvalue()


def damaged_zip(random: Random, content: bytes, damage) -> bytes:
    """Damage one member of an archive and pack it again, so that its checksums hold."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as packed:
        chosen = random.choice(source.namelist())
        for name in source.namelist():
            data = source.read(name)
            packed.writestr(name, damage(random, data) if name == chosen else data)
    return target.getvalue()


def study(random: Random, folder: Path, damage) -> Path:
    """Copy the toy study and damage one of its files."""
    from toy import FILES

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    chosen = folder / random.choice(sorted(FILES))
    chosen.write_bytes(damage(random, chosen.read_bytes()))
    return folder


__all__ = ["cases", "damaged_zip", "flows", "geojson", "mininter", "mpfn", "shapefile", "study",
           "to_xlsx"]  # fmt: skip
