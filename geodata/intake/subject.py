"""What a table counts: read only as what it says it is.

Counts are told by an *allowlist* of words: whatever else stands above numbers (targets, robberies,
pupils) is left out by name or asked for. A list of other subjects could never be complete; the one
here only serves to name the true subject of a table that is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from ..account import Tally
from ..errors import DataFileError, Fault, TableError
from ..messages import Message
from ..sheets.counts import read_counts
from ..sheets.periods import Period
from ..sheets.sheet import Sheet
from ..study.tables import read_checked
from ..words import (
    ABBREVIATIONS,
    MONTHS,
    header_words,
    is_inferred,
    is_not_given,
    is_reported,
    is_total,
    read_purpose,
    words_of,
)
from .columns import holds_counts
from .personal import is_remark, safe_header

_COUNT_WORDS = """
denuncia denuncias complaint complaints caso casos case cases registro registros record records
victima victimas victim victims agraviado agraviada agraviados agraviadas rescatado rescatada
rescatados rescatadas rescued rescate rescates trata tratas tdp tp trafficking hecho hechos
ingreso ingresos ingresados ingresadas total totales cantidad cant numero number nro num no valor
value count counts conteo frecuencia freq cifra cifras suma abs absoluto absolutos registrado
registrada registrados registradas registered reportado reportada reportados reportadas reported
recibidas recepcionadas presentadas presunto presunta presuntos presuntas atendidos atendidas
atenciones affected afectado afectada afectados afectadas delito delitos contra libertad dignidad
humana comision ley pnp mp reta
policia policial policiales fiscalia fiscalias fiscal fiscales ministerio publico mininter
nacional nivel peru fuente sexo sex mujer mujeres hombre hombres varon varones femenino masculino
female male women men menor menores mayor mayores edad adulto adultos adultas adult adults nino
nina ninos ninas child children adolescente adolescentes nna anos explotacion sexual laboral
mendicidad forzoso trabajo otra otras otros especifica especificado ano anio year anual mes
mensual month periodo trimestre semestre trim sem parcial preliminar prel al hasta desde de del la
las lo los el en por con of the in by and to primer segundo tercer cuarto ii iii iv
"""
_MONTH_WORDS = {word for names in MONTHS for word in names}
_COUNTS = frozenset(_COUNT_WORDS.split()) | _MONTH_WORDS | frozenset(ABBREVIATIONS)
# Words that count people only beside others: "personas rescatadas", never "personas" alone.
_PEOPLE = re.compile(
    r"(?:trata de|numero de|total de|n de|nro de)? ?"
    r"\b(?:personas?|people|persons?) (?:rescatad\w+|afectad\w+|victimas?|agraviad\w+|tratad\w+|"
    r"affected|rescued|trafficked)|\btrata de personas|trafico (?:ilicito )?de personas|"
    r"\btrafficking in persons|\bhuman trafficking|\bpeople trafficked"
)
TRAFFICKING = re.compile(
    r"\btrata\b|traffick|trafico (ilicito )?de (personas|seres)|explotacion|\b153|\b129 ?[ab]\b|"
    r"\b(tp|tdp)\b"
)
# Of what else there are tables of regions, to name it.
_OTHERS = re.compile(
    r"\b(homicid\w*|asesinat\w*|robos?|hurtos?|feminicid\w*|violencia (?:familiar|sexual|"
    r"contra)|violaci\w+|extorsi\w*|sicariat\w*|estafas?|drogas?|trafico ilicito de drogas|"
    r"microcomerciali\w*|accidentes?(?: de transito)?|dengue|malaria|covid\w*|anemia|vacun\w*|"
    r"tuberculosis|zika|poblacion|habitantes|pob|viviendas?|hogares|matricul\w*|alumn\w*|"
    r"estudiantes|docentes|escuelas?|colegios?|instituciones educativas|pobreza|nacimientos?|"
    r"defunciones|muertes|fallecid\w*|metas?|proyec\w*|proyectad\w*|pronostic\w*|"
    r"presupuest\w*|pim|devengado|soles|sentenci\w*|condenad\w*|detenid\w*|internos|"
    r"operativos?|intervenciones|incendios?|turistas?|visitantes|migrantes|inmigrantes|"
    r"emigrantes|turismo|produccion|toneladas|hectareas|temperatura|precipitacion|pm10|so2|"
    r"robberies|robbery|homicides?|murders?|thefts?|population|schools?|pupils|students|"
    r"targets?|forecasts?|estimad\w*|estimates?|migracion\w*|migratori\w*|migrat\w+|pasajeros|"
    r"viajeros|passengers|pornografia|proxenetismo|secuestros?|desaparici\w*|desaparecid\w*|"
    r"usura|usurpacion\w*|lesiones|parricidi\w*|suicidi\w*|inundaci\w*|sismos?|terremotos?|"
    r"desastres?|huaicos?|emergencias|cancer|vih|sida|hepatitis|neumonia|desnutricion|nutricion|"
    r"partos?|embaraz\w*|llamadas|hospitaliza\w*|divorcios?|matrimonios?|"
    r"desempleo|empleos?|remesas|exportaci\w*|importaci\w*|ventas|recaudaci\w*|inversion\w*|"
    r"kilometros|vehiculos|disease|crops?|sales|imports|exports|births|deaths|earthquakes?|"
    r"floods?|students|enrol?ment)\b"
)
_SHARE_OF_OTHERS = 5  # times the largest published year, before the subject is asked for


def says_counts(name: str) -> bool:
    """Tell whether the name of a column says no more than that it counts complaints or victims."""
    words = _PEOPLE.sub(" victimas ", header_words(name)).split()
    return all(word in _COUNTS or len(word) == 1 or not word.isalpha() for word in words)


_FLOW_WORDS = re.compile(
    r"\b(flujos?|flows?|personas?|people|porcentajes?|proporci(on|ones)|participacion|fracci(on|ones)|"
    r"shares?|percent(age)?s?|proportions?|origen|destino|origin|destination|od|pares?|pairs?)\b"
)


def says_flows(name: str) -> bool:
    """Tell whether the name of a column says no more than that it counts people of flows."""
    return says_counts(_FLOW_WORDS.sub("casos", header_words(name)))


def other_subject(text: str) -> str | None:
    """Return the other subject that a text names, unless it speaks of trafficking too."""
    words = header_words(text)
    found = _OTHERS.search(words)
    return found[0] if found and not TRAFFICKING.search(words) else None


_PIVOT = re.compile(
    r"etiquetas de (fila|columna)|(row|column) labels|(suma|cuenta|sum|count) (de|of) "
)
_FILTER = re.compile(
    r"(sexo|genero|sex|gender|edad|age|grupo|rango|modalidad|finalidad|tipo|type|nacionalidad|"
    r"estado|status|condicion|situacion|vinculo|medio|purpose)\b"
)


def refuse_filtered(sheet: Sheet, lines: Sequence[str]) -> None:
    """Refuse a pivot table whose filter, printed above it, shows a part of the records only."""
    if not any(_PIVOT.match(f"{words_of(text)} ") for text in (*sheet.header, *lines)):
        return
    for line in lines:
        words = words_of(line)
        whole = re.search(r"\((todas?|todos?|all)\)", line, re.IGNORECASE)
        several = re.search(r"\b(varios elementos|multiple items)\b", words)
        if not whole and (several or _FILTER.match(words)):
            raise DataFileError(
                Message(
                    "{file}: this pivot table is filtered ('{line}'), so its counts are only a"
                    " part. Set the filter to all records in the spreadsheet and save it again.",
                    file=sheet.file,
                    line=line,
                )
            )


_ILLNESS = re.compile(r"\b(diagnosticos?|enfermedad(es)?|cie ?10|vacunas?|diagnos[ei]s|disease)\b")


def refuse_other_subject(
    sheet: Sheet, lines: Sequence[str], columns: Iterable[str], table: str
) -> None:
    """Refuse a table whose title, or a column of subjects, names another subject.

    ``lines`` are titles and footnotes; ``columns`` those that are not read as anything else.
    """
    refuse_filtered(sheet, lines)
    if not any(TRAFFICKING.search(words_of(text)) for text in (*lines, *sheet.header)):
        for name in sheet.header:
            if found := _ILLNESS.search(header_words(name)):
                raise _counts_else(sheet, name, found[0])
        for line in lines[:4]:
            if (subject := other_subject(line)) is not None:
                raise DataFileError(
                    Message(
                        "{file}: its title says that it counts something else ('{subject}'), not"
                        " trafficking in persons.",
                        file=sheet.file,
                        subject=subject,
                    )
                )
    reason = Message("This is another subject than trafficking in persons.")
    refuse_cells(sheet, columns, table, reason, lambda cell: other_subject(cell) is not None)


def refuse_cells(
    sheet: Sheet,
    columns: Iterable[str],
    table: str,
    reason: Message,
    is_foreign: Callable[[str], bool],
) -> None:
    """Refuse rows whose cells in some columns of words are of something else, each word once."""
    fix = Message(
        "Keep the rows of trafficking only; if all rows are, correct or delete this column."
    )
    faults = []
    for name in columns:
        cells = sheet.column(name)
        if holds_counts(cells):
            continue
        first = {cell: row for row, cell in zip(sheet.row_numbers[::-1], cells[::-1], strict=True)}
        faults += [
            Fault(first[cell], name, cell, reason, fix)
            for cell in dict.fromkeys(cells)
            if is_foreign(cell) and not (is_not_given(cell) or is_total(cell))
        ]
    if faults:
        raise TableError(table, sheet.file, faults[:10], more=len(faults[10:]))


def _counts_else(sheet: Sheet, column: str, subject: str) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: column '{column}' counts something else ('{subject}'), not"
            " trafficking in persons.",
            file=sheet.file,
            column=safe_header(column, sheet.header.index(column)),
            subject=subject,
        )
    )


def refuse_other_column(sheet: Sheet, column: str) -> None:
    """Refuse a column of numbers whose name says another subject, or that holds years."""
    if (subject := other_subject(column)) is not None:
        raise _counts_else(sheet, column, subject)
    cells = [cell for cell in sheet.column(column) if cell.strip()]
    dated = re.search(r"\b(ano|anio|year|fecha|date)\b", header_words(column))
    if cells and dated and all(re.fullmatch(r"(19|20)\d\d(\.0)?", cell) for cell in cells):
        raise DataFileError(
            Message(
                "{file}: column '{column}' holds years, which count nobody.",
                file=sheet.file,
                column=safe_header(column, sheet.header.index(column)),
            )
        )


_BESIDE = ("habitantes", "poblacion", "pob", "proyectada", "estimada")  # of rates


def also_counted(lines: Sequence[str]) -> list[Message]:
    """Say where a title names another subject beside trafficking: its counts may hold both."""
    for line in lines[:4]:
        words = words_of(line)
        found = _OTHERS.search(words)
        if found and found[0] not in _BESIDE and TRAFFICKING.search(words):
            return [
                Message(
                    "a title names '{subject}' beside trafficking, so the counts may hold both",
                    subject=found[0],
                )
            ]
    return []


@cache
def largest_year() -> float:
    """Return the largest number of complaints or victims of a year in the embedded registers."""
    with resources.as_file(resources.files("corredor.geodata.peru") / "complaints.csv") as path:
        table = read_checked(path, "complaints")
    series = ["register", "measure", "unit", "period_start", "period_end", "purpose"]
    sums = table.groupby(series)["value"].sum()
    spans = [Period(str(key[3]), str(key[4])) for key in sums.index]
    years = [value * 12 / _months(span) for span, value in zip(spans, sums, strict=True)]
    return float(max(years))


def far_beyond(total: float) -> Message | None:
    """Ask about flows that add up to far more than any register has published for a year."""
    if total <= _SHARE_OF_OTHERS * largest_year():
        return None
    return Message(
        "the flows add up to {total:,.0f}, but the most that any register has published for a"
        " year is {most:,.0f}",
        total=total,
        most=largest_year(),
    )


def _months(period: Period) -> int:
    first, last = (int(text[:4]) * 12 + int(text[5:]) for text in (period.start, period.end))
    return last - first + 1


def beyond_published(counts: Iterable[tuple[Period, float]]) -> Message | None:
    """Ask about counts whose sum in a year is far beyond whatever a register has published."""
    years: dict[int, float] = defaultdict(float)
    for period, value in counts:
        span = _months(period)
        first, last = int(period.start[:4]), int(period.end[:4])
        for year in range(first, last + 1):
            # The months of this year, of all months of the period.
            low = max(int(period.start[5:]) if year == first else 1, 1)
            high = int(period.end[5:]) if year == last else 12
            years[year] += value * (high - low + 1) / span
    year, most = max(years.items(), key=lambda item: item[1], default=(0, 0.0))
    if most <= _SHARE_OF_OTHERS * largest_year():
        return None
    return Message(
        "the counts add up to {total:,.0f} in {year}, but the most that any register has published"
        " for a year is {most:,.0f}",
        total=most,
        year=year,
        most=largest_year(),
    )


_OTHER_PURPOSE = Message("purposes of other words were taken for 'other'")
_CODED = Message("the purpose is a code without its label, and counts as unknown")


def purpose_of(text: str, notes: Tally, *, example: str = "") -> str:
    """Return the purpose that a cell means; codes whose labels nobody gave are not guessed."""
    if text.strip().isdigit():
        notes.add(_CODED)
        return "unknown"
    if (known := read_purpose(text)) is None:
        notes.add(_OTHER_PURPOSE, example=example)
    return known or "other"


# Rows that nobody reported.

_PROCEDURE = re.compile(r"imputad|presunt")
_STATUS = re.compile(
    r"\b(estado|status|condicion|tipo( de (dato|flujo|registro|informacion))?|type|fuente|source|"
    r"confianza|certeza|confidence|certainty|naturaleza|base|basis|calidad|origen del dato|metodo|"
    r"method|clase|categoria|dato|evidencia|evidence)\b"
)
INFERRED = Message("rows that the table itself calls inferred or estimated; they are no reports")


def may_be_status(header: str, cells: Iterable[str]) -> bool:
    """Tell by some cells whether a column may say which rows were reported."""
    named = _STATUS.search(header_words(header)) is not None
    return named or is_remark(header) or not any(map(_says_no_status, cells))


def reported_rows(sheet: Sheet, *, register: bool = False) -> tuple[Sheet, tuple[int, ...], str]:
    """Set apart the rows that a column of status calls inferred.

    Returns the sheet without them, their places in the sheet given, and the column ("" if none).
    In a ``register`` somebody presumed or accused was reported.
    """
    for at, name in enumerate(sheet.header):
        column = [row[at] for row in sheet.rows]
        named = _STATUS.search(header_words(name)) is not None
        # One strange word ends it, so that a register's thousands of names are not read.
        apart = named or is_remark(name)
        if not apart and any(map(_says_no_status, dict.fromkeys(column))):
            continue
        cells = [words_of(cell) for cell in column]
        filled = {cell for cell in cells if cell and not is_not_given(cell)}
        legal = {cell for cell in filled if register and _PROCEDURE.match(cell)}
        inferred = {cell for cell in filled if is_inferred(cell)} - legal
        known = inferred | legal | {cell for cell in filled if is_reported(cell)}
        if is_remark(name):  # among other remarks, "estimado" alone in a cell says it too
            inferred = {cell for cell in inferred if is_inferred(cell, whole=True)}
        elif not (known == filled or (named and len(known) * 2 > len(filled))):
            continue
        if not inferred:
            continue
        left = tuple(i for i, cell in enumerate(cells) if cell in inferred)
        keep = [i for i in range(len(sheet.rows)) if i not in set(left)]
        rest = replace(
            sheet,
            rows=tuple(sheet.rows[i] for i in keep),
            row_numbers=tuple(sheet.row_numbers[i] for i in keep),
        )
        return rest, left, name
    return sheet, (), ""


def _says_no_status(cell: str) -> bool:
    words = words_of(cell)
    known = is_inferred(words) or is_reported(words)
    return bool(words) and not known and not is_not_given(words)


def sum_in(sheet: Sheet, rows: Sequence[int], columns: Iterable[str]) -> float:
    """Return the sum of the counts that some rows carry in some columns."""
    positions = [sheet.header.index(name) for name in columns]
    counts = read_counts([sheet.rows[i][at] for i in rows for at in positions])
    return sum(getattr(count, "value", None) or 0.0 for count in counts)
