"""Cells that are somebody's, and tables for them to stand in. All records are invented."""

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
# Formats of the field and context, which only the command line reads by name.
FORMATS = {
    "htcds": [["cas_CaseNumber", "prs_Gender", "vic_LocationOfRecruitment",
               "vic_LocationOfExploitation", "vic_TypeOfExploitation", "cas_IncomingReferralDate"],
              ["1", "Female", "Puno, Peru", "Lima, Peru", "SexualExploitation", "2022-03-01"],
              ["2", "Male", "Cusco, Peru", "Ica, Peru", "ForcedLabour", "2022-04-01"]],
    "kobo": [["start", "end", "grupo/origen", "grupo/destino", "grupo/tipo", "fecha", "_id",
              "_uuid", "_index"],
             ["2022-03-01T10:00:00.000-05:00", "2022-03-01T11:00:00.000-05:00", "Puno", "Lima",
              "sexual", "2022-02-01", "1", "aa-1", "1"],
             ["2022-03-02T10:00:00.000-05:00", "2022-03-02T11:00:00.000-05:00", "Cusco", "Ica",
              "laboral", "2022-02-03", "2", "aa-2", "2"]],
    "hxl": [["Departamento", "Casos", "Año"], ["#adm1+name", "#affected", "#date+year"],
            ["Puno", "3", "2022"], ["Lima", "5", "2022"]],
    "ctdc": [["yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation"],
             ["2016", "Female", "9--17", "PER", "BRA"], ["2017", "Male", "", "BOL", "PER"]],
    "population": [["ubigeo", "departamento", "provincia", "pob_2017"],
                   ["1601", "Loreto", "Maynas", "118801"], ["0801", "Cusco", "Cusco", "447588"]],
    "migration": [["ORIGEN", "AMAZONAS", "LIMA", "TOTAL INMIGRANTES"],
                  ["AMAZONAS", "0", "838", "838"], ["LIMA", "12", "0", "12"],
                  ["TOTAL", "12", "838", "850"]],
}  # fmt: skip
ROLES = ("place", "code", "year", "month", "period", "value", "origin", "destination", "route",
         "reported", "purpose", "seq", "route_id", "via", "source_id", "sex", "age")  # fmt: skip


def leaks(text: str, cell: str) -> bool:
    """Tell whether a text holds the cell, or one of the words that are only in it."""
    own = [word for word in cell.replace(",", " ").split() if "zz" in word.lower() or len(
        [c for c in word if c.isdigit()]) > 5]  # fmt: skip
    return cell in text or any(word in text for word in own)


def damaged(dice, table, cell):
    """Return a table with a cell of somebody's put somewhere, and where it stands."""
    rows = [list(row) for row in table]
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
        named = dice.choice(("dato", "ref", ""))
        rows = [[*row[:at], cell if i else named, *row[at:]] for i, row in enumerate(rows)]
    return rows
