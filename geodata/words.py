"""Every list of words that readers know, and how words are compared.

A word that any reader should take for "no value", a total, the country, a level or a month is added
here, once. Lists hold words as `words_of` writes them: small plain letters, no punctuation.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib import resources

from .errors import casefolded
from .text import mend_text

# What a place name or a header is shortened to.
ABBREVIATIONS = {
    "pto": "puerto", "pta": "punta", "sta": "santa", "sto": "santo", "gral": "general",
    "cnel": "coronel", "crnl": "coronel", "mcal": "mariscal", "nva": "nueva", "nvo": "nuevo",
    "cdad": "ciudad", "const": "constitucional", "sn": "san", "vta": "vista", "vlla": "villa",
    "cmdte": "comandante", "tnte": "teniente", "hda": "hacienda", "alte": "almirante",
}  # fmt: skip

# Words for a level of territory, before or after a name.
LEVELS = {
    "region": "region", "reg": "region", "departamento": "region", "departament": "region",
    "dpto": "region", "depto": "region", "dep": "region", "dpt": "region", "department": "region",
    "gobierno regional": "region", "gore": "region",
    "provincia": "province", "prov": "province", "province": "province",
    "distrito": "district", "dist": "district", "district": "district",
    "ciudad": "city", "city": "city", "centro poblado": "city", "ccpp": "city",
    "localidad": "city", "caserio": "city", "pueblo": "city",
}  # fmt: skip
LEVELS_BEHIND = ("region", "department", "departamento", "province", "provincia", "district",
                 "distrito", "city", "ciudad")  # fmt: skip
# Words for a judicial or fiscal district, before its name.
COURTS = ("distrito fiscal", "distrito judicial", "d f", "df", "d j", "dj", "csj",
          "corte superior de justicia", "corte superior", "ministerio publico",
          "presidencia")  # fmt: skip

MONTHS = (
    ("ene", "enero", "jan", "january"), ("feb", "febrero", "february"),
    ("mar", "marzo", "march"), ("abr", "abril", "apr", "april"), ("may", "mayo"),
    ("jun", "junio", "june"), ("jul", "julio", "july"), ("ago", "agosto", "aug", "august"),
    ("set", "setiembre", "sep", "sept", "septiembre", "september"),
    ("oct", "octubre", "october"), ("nov", "noviembre", "november"),
    ("dic", "diciembre", "dec", "december"),
)  # fmt: skip

# Signs that stand where there is nothing; "?" and "%" are none of them.
_NO_SIGNS = re.compile(r"[\s.…*_–—-]*")
_WHAT = r"(?:lugar|departamento|region|provincia|distrito|ubigeo|origen|destino|procedencia|zona)"
_NOT_DONE = (
    r"(?:especific|identific|determin|precis|indic|registr|consign|inform|declar|report|mencion|"
    r"senal|defin|clasific|ubic|codific)(?:a|an|o|ado|ada|ados|adas|ido|ida|ar|e)?"
)
_NO_VALUE = re.compile(
    rf"n d|nd|na|n a|n e|s d|sd|s i|s inf|si inf|n c|n r|ns nr|ns nc|nan|null|none|p|"
    rf"(?:{_WHAT} )?(?:no|sin)(?: se)? {_NOT_DONE}(?: (?:el |la )?{_WHAT})?|"
    rf"(?:{_WHAT} )?(?:no consta|no conocid[oa]|no disponible|no aplica|no corresponde|no hay|"
    rf"no tiene|no (?:se )?sabe(?: no (?:responde|opina|contesta))?|no responde|no contesta|"
    rf"se desconoce|se ignora|desconocid[oa]s?|ignorad[oa]s?|"
    rf"por (?:determinar|definir|precisar|identificar))|"
    rf"sin (?:info(?:rmacion)?|datos?|registro|valor|respuesta|{_WHAT})|"
    r"no datos?|no data|no information|"
    r"en blanco|(?:celdas? )?vaci[oa]s?|blanks?|missing|unknown|unspecified|undetermined|"
    r"not (?:specified|known|stated|available|reported|applicable)"
)
# A rest that the source does not share out: it names no place.
_OTHERS = re.compile(
    r"(?:l[oa]s )?(?:otr[oa]s?|others?|demas|vari[oa]s?|divers[oa]s|multiples?|rest[oe]?)"
    r"(?: (?:del? |of )?(?:lugar(?:es)?|departamentos?|regiones|region|provincias?|distritos?|"
    r"ciudades|zonas?|places?|regions))?|"
    r"(?:el )?rest[oe]?(?: (?:del? |of )?(?:the |el )?(?:pais|peru|country))"
)
_TOTAL = re.compile(r"(?:sub ?|gran |grand )?total(?:es)?(?: (?P<of>.+))?")
_LINK = re.compile(r"(?:de |del |of |the |en |por |la |el |los |las )*")
_ALL = re.compile(
    r"suma(?: total| nacional)?|sumatoria|overall|all|todos?|todas?|tod[oa]s l[oa]s .+|amb[oa]s|"
    r"amb[oa]s sexos|general|(?:a )?nivel (?:nacional|pais)|nacional|national|"
    r"(?:ambito|resumen|conjunto|consolidado) nacional"
)
# What a total of everything is called after: anything else may be the name of a place.
_OF_ALL = re.compile(
    r"(?:general(?:es)?|nacional(?:es)?|peru|pais|departament(?:os?|al(?:es)?)|region(?:es|al|ales)?|"
    r"provincias?|distritos?|origen(?:es)?|destinos?|entradas?|salidas?|"
    r"(?:in|e)?migra(?:ntes?|ciones|cion)|procedencias?|casos?|victimas?|denuncias?|flujos?|"
    r"personas?|hombres?|mujeres|registros?|filas?|columnas?|fila|anual(?:es)?|\d+)"
    r"(?: (?:y |de |del )?(?:general|nacional|peru|pais|region(?:es)?|departamentos?|\d+))*"
)
_COUNTRY = re.compile(
    r"(?:el )?peru|republica del peru|tod[oa] (?:el )?(?:peru|pais)|(?:el )?pais|"
    r"(?:territorio|all) (?:nacional|peru)|whole country"
)
_ABROAD = re.compile(
    r"(en )?(el )?(extranjero|exterior)|otros? pais(es)?|other countr(y|ies)|abroad|argentina|"
    r"bolivia|brasil|brazil|"
    r"chile|colombia|ecuador|paraguay|uruguay|venezuela|mexico|panama|cuba|haiti|"
    r"republica dominicana|estados unidos|ee ?uu|usa|united states|canada|espana|spain|italia|"
    r"italy|francia|alemania|reino unido|suiza|holanda|paises bajos|turquia|japon|japan|china|"
    r"corea( del sur)?|filipinas|tailandia|europa|asia|la paz|santiago de chile|guayaquil|quito|"
    r"bogota|buenos aires|sao paulo|madrid|milan"
)
# Codes of countries, of three letters and of two, and their names.
_CODES_OF_COUNTRIES = """
PER PE Perú|BOL BO Bolivia|BRA BR Brasil|CHL CL Chile|COL CO Colombia|ECU EC Ecuador
ARG AR Argentina|VEN VE Venezuela|PRY PY Paraguay|URY UY Uruguay|MEX MX México|ESP ES España
USA US Estados Unidos|ITA IT Italia|PAN PA Panamá|CUB CU Cuba|HTI HT Haití
DOM DO República Dominicana|CAN CA Canadá|JPN JP Japón|KOR KR Corea del Sur
"""
_LISTED = [line.split(" ", 2) for line in re.split(r"[\n|]", _CODES_OF_COUNTRIES.strip())]
COUNTRY_CODES = {three: two for three, two, _ in _LISTED}
COUNTRY_NAMES = {code: name for three, two, name in _LISTED for code in (three, two)}
COUNTRIES = frozenset(COUNTRY_NAMES)
_AREA = re.compile(
    r"(la |zonas? de |ciudades de la )?(costa|sierra|selva|amazonia|frontera|altiplano|vraem|vrae)"
    r"( norte| sur| central| centro| peruana| alta| baja)?|(el )?(norte|sur|centro|oriente)"
    r"( del pais| del peru| chico)?|zonas? (mineras?|rural(es)?|fronterizas?)|triple frontera|"
    r"interior( del pais)?|mineria( ilegal)?|minas?|cocha|rio"
)


_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def words_of(text: str) -> str:
    """Return ``text`` in small plain letters, abbreviations written out, no punctuation."""
    plain = _NO_WORD.sub(" ", casefolded(mend_text(text)[0])).split()
    if len(plain) > 2 and all(len(word) == 1 for word in plain):
        return "".join(plain)  # T O T A L, spaced out to fill a cell
    return " ".join(ABBREVIATIONS.get(word, word) for word in plain)


@lru_cache(maxsize=20_000)
def header_words(header: str) -> str:
    """Return the words of a header, also those of ``dpto_hecho`` and ``prs_FirstName``."""
    return words_of(re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", header))


@lru_cache(maxsize=20_000)
def is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no value: blank, a dash, ``n.d.``; never for 0."""
    words = words_of(text)
    if not words:
        return _NO_SIGNS.fullmatch(text) is not None
    # "#N/A" is the error of a formula, which must be mended, not skipped.
    return text.lstrip()[:1] != "#" and _NO_VALUE.fullmatch(words) is not None


@lru_cache(maxsize=20_000)
def is_not_given(text: str) -> bool:
    """Tell whether a cell names no place: it says nothing, or ``otros``, ``varios``."""
    words = words_of(text)
    return not words or bool(_NO_VALUE.fullmatch(words) or _OTHERS.fullmatch(words))


def is_total(text: str) -> bool:
    """Tell whether a cell is the label of a row or column of totals."""
    return not text.isdigit() and total_of(text) is not None


@lru_cache(maxsize=20_000)
def total_of(text: str) -> str | None:
    """Return what a label of totals adds up: words that may name a place, "" for all, or None.

    ``Subtotal Puno`` is "puno", ``TOTAL INMIGRANTES`` and ``Perú`` are "", ``Puno`` is None.
    """
    words = words_of(text)
    if _ALL.fullmatch(words) or _COUNTRY.fullmatch(words):
        return ""
    found = _TOTAL.fullmatch(words)
    if found is None:
        return None
    bare = _LINK.sub("", found["of"] or "", count=1)
    return "" if _OF_ALL.fullmatch(bare) else bare


def is_country(text: str) -> bool:
    """Tell whether a cell names Peru as a whole."""
    return _COUNTRY.fullmatch(words_of(text)) is not None


def is_abroad(text: str) -> bool:
    """Tell whether a cell names another country, or a well known city in one."""
    return _ABROAD.fullmatch(words_of(text)) is not None


def is_area(text: str) -> bool:
    """Tell whether a cell names an area without a point, such as the highlands."""
    return _AREA.fullmatch(words_of(text)) is not None


# What a column of status says of a row: somebody reported it, or somebody inferred it.

_REPORTED = re.compile(
    r"reportad[oa]s?|reported|confirmad[oa]s?|confirmed|registrad[oa]s?|documentad[oa]s?|"
    r"documented|observad[oa]s?|observed|verificad[oa]s?|verified|publicad[oa]s?|published|"
    r"declarad[oa]s?|denunciad[oa]s?|oficial(es)?|real(es)?"
)
_INFERRED = re.compile(
    r"inferid[oa]s?|inferred|estimad[oa]s?|estimates?|estimated|estimacion(es)?|sospech\w*|"
    r"suspected|modelad[oa]s?|model(l?ed)?|modelo|proyectad[oa]s?|proyeccion(es)?|projected|"
    r"pronostic\w*|forecast|probables?|posibles?|supuest[oa]s?|hipotesis|hipotetic[oa]s?|"
    r"imputad[oa]s?|simulad[oa]s?|simulated|calculad[oa]s?|interpolad[oa]s?|predicted|predich[oa]s?|"
    r"potencial(es)?|presunt[oa]s?|rumor(es)?"
)


def is_reported(words: str) -> bool:
    """Tell whether the words of a cell begin by saying that something was reported."""
    return _REPORTED.match(words) is not None


def is_inferred(words: str, *, whole: bool = False) -> bool:
    """Tell whether the words of a cell begin by saying that it was inferred, or say only that."""
    return (_INFERRED.fullmatch if whole else _INFERRED.match)(words) is not None


# Purposes, sex, age and ways of travelling, brought to the few words used here.

# Patterns in order; the first that is found decides.
_PURPOSES: tuple[tuple[str, str], ...] = (
    ("mixed", r"mixt[ao]|mixed|(sexual.*laboral|laboral.*sexual|sexual.*labou?r|labou?r.*sexual)"),
    ("sexual", r"sexual|prostitucion|pornografia|proxenetismo"),
    ("other", r"(forced|forzad[oa]|forzos[oa]) (marriage|milita|adopt|crimin)"
     r"|(matrimonio|adopcion|criminalidad|reclutamiento) (forzad|forzos|servil|ilegal)"),
    ("labour", r"laboral|trabajo forzoso|trabajos forzados|labou?r|forced work|esclavitud"
     r"|servidumbre|servitude|slavery|domestic|mendicidad|begging"),
    ("organs", r"organos|tejidos|organ"),
    ("other", r"venta de ninos|adopcion|otr[ao]s?|other"),
)  # fmt: skip
_MODES: tuple[tuple[str, str], ...] = (
    ("road", r"terrestre|carretera|bus|road|via terrestre|camion|auto|omnibus"),
    ("river", r"fluvial|rio|lancha|bote|river|barco|navega"),
    ("air", r"aere[ao]|avion|vuelo|air"),
    ("border", r"frontera|frontera|border|cruce"),
)
_FEMALE = re.compile(r"f|m[ui]jer(es)?|fem\w*|female|woman|women|nina|2")
_MALE = re.compile(r"m|h|hombres?|varon(es)?|masc\w*|male|man|men|nino|1")
_BAND = re.compile(r"(?:de )?(\d{1,2}) (?:a |y |to |hasta )?(\d{1,2})(?: anos| years)?")
_AGE = re.compile(r"(\d{1,3})(?: 0)?(?: anos| ano| years)?")
_FROM = re.compile(r"(?:de )?(\d{1,2}) (?:anos )?(?:a mas|y mas|mas|o mas|and over|and more)")
_MINOR = re.compile(
    r"menor(es)?( de edad)?|nin[oa]s?.*|adolescentes?|nna|minors?|child(ren)?|bebes?|infan\w+|"
    r"(under|menor(es)? de|menos de) 18( anos)?"
)
_ADULT = re.compile(
    r"mayor(es)?( de edad)?|adult[oa]?s?( mayor(es)?)?|jovenes adultos|"
    r"(over|mayor(es)? de) 18( anos)?"
)


@cache
def _terms() -> dict[str, str]:
    """Return what the terms of the classifications mean here, from the table of IC-TIP."""
    text = (resources.files("corredor.geodata.peru") / "ic_tip.csv").read_text(encoding="utf-8")
    terms: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["kind"] == "purpose":
            named = (row["concept_en"], row["concept_es"], row["htcds"], *row["terms"].split(";"))
            for term in filter(None, named):
                terms.setdefault(header_words(term), row["word"])
    return terms


@lru_cache(maxsize=2_000)
def read_purpose(text: str) -> str | None:
    """Return the purpose that a cell means: ``unknown`` for none, None for words not known.

    Terms of IC-TIP and HTCDS are looked up in their table; several answers, parted by ``;`` or
    ``|``, are ``mixed`` unless they mean the same.
    """
    if (found := _terms().get(header_words(text))) is not None:
        return found
    if is_not_given(text):
        return "unknown" if words_of(text) not in ("otro", "otros", "otras", "other") else "other"
    parts = [part for part in re.split(r"[;|\n]", text) if part.strip()]
    meant = {read_purpose(part) for part in parts} if len(parts) > 1 else {None}
    if None not in meant:
        return "mixed" if len(meant) > 1 else meant.pop()
    return _first(_PURPOSES, text)


def read_mode(text: str) -> str | None:
    """Return the way of travelling that a cell means, None for other words."""
    return "unknown" if is_not_given(text) else _first(_MODES, text)


def read_sex(text: str) -> str:
    """Return ``female``, ``male`` or ``unknown``; the codes 1 and 2 are not guessed."""
    words = words_of(text)
    if words.isdigit():
        return "unknown"
    if _FEMALE.fullmatch(words):
        return "female"
    return "male" if _MALE.fullmatch(words) else "unknown"


def read_age_group(text: str) -> str:
    """Return ``0-17``, ``18+`` or ``unknown`` for an age or a group of ages."""
    words = words_of(text)
    if found := _AGE.fullmatch(words):
        age = int(found[1])
        return "unknown" if age > 110 else "0-17" if age < 18 else "18+"
    if found := _BAND.fullmatch(words):
        low, high = int(found[1]), int(found[2])
        return "0-17" if low <= high < 18 else "18+" if 18 <= low <= high else "unknown"
    if found := _FROM.fullmatch(words):
        return "18+" if int(found[1]) >= 18 else "unknown"
    if _MINOR.fullmatch(words):
        return "0-17"
    return "18+" if _ADULT.fullmatch(words) else "unknown"


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str | None:
    words = words_of(text)
    return next((name for name, pattern in patterns if re.search(rf"\b(?:{pattern})", words)), None)


# Frequent given names and surnames of Peru, which tell a column of names. No list holds every
# name, so what is not needed is not read at all, whatever it holds.

_GIVEN_NAMES = """
alberto alex alexander alfredo ana andrea angel angela anthony antonio armando arturo brayan
brenda brian camila carlos carmen cecilia cesar christian claudia cristian daniel daniela david
delia diana diego dora edgar edith eduardo elena elizabeth emma enrique esther felix fernando
fiorella flor francisco gabriela gladys gloria guillermo gustavo henry hugo ines irma isabel
ivan jaime janet javier jessica jesus jhon joel john jonathan jorge jose joshua juan juana julia
julio karen katherine kevin leonardo lidia lucia luciana luis luz manuel marco margarita maria
mariana maribel mario marisol marta martha mercedes miguel milagros nancy nelida nelly noemi
nora norma olga oscar pablo paola patricia pedro percy rafael ramon raul renzo ricardo roberto
rocio rodrigo rosa ruben ruth samuel santiago sara segundo sergio silvia sofia sonia teresa
tomas valentina valeria vanessa vicente victor walter wilmer wilson ximena yanet yesenia yessica
yolanda zoila
"""
_FAMILY_NAMES = """
acosta aguilar ahuanari alarcon alvarez apaza aquino arias avila bautista becerra benites
benitez bravo cabrera calderon calla campos cardenas carranza carrasco castillo castro ccama
ccoa ccori chambi chavez choque cieza condori cordova cruz cutipa delgado diaz espinoza
fernandez flores garcia gonzales gonzalez guerrero guevara gutierrez hernandez herrera huaman
huanca huarcaya huayta inga laura leon lopez mamani martinez medina mendoza miranda molina
montes morales murayari navarro nunez ortiz pacheco palomino paredes peralta perez pinedo poma
ponce puma quispe ramirez ramos reyes rios rodriguez rojas romero ruiz salas salazar sanchez
sangama shupingahua silva soto sulca taipe tapullima tello ticona torres tuesta valencia vargas
vasquez vega velasquez vera vilca villanueva yumbato yupanqui zapata zegarra
"""
_GIVEN = frozenset(_GIVEN_NAMES.split())
_SURNAMES = frozenset(_FAMILY_NAMES.split())
_FEWEST, _MOST = 2, 6
_NEAR = 3  # words between a given name and a surname


def is_like_a_name(text: str) -> bool:
    """Tell whether a text is made like a person's name, in any order; towns may be, too."""
    if text.isdigit():  # most cells of a register that are not a word
        return False
    words = words_of(text).split()
    if not _FEWEST <= len(words) <= _MOST or not all(word.isalpha() for word in words):
        return False
    return not (_GIVEN.isdisjoint(words) or _SURNAMES.isdisjoint(words))


def has_given_name(text: str) -> bool:
    """Tell whether a frequent given name is one of the words of a text."""
    return not _GIVEN.isdisjoint(words_of(text).split())


def mentions_person(text: str) -> bool:
    """Tell whether a given name and a surname stand close together in a text."""
    words = words_of(text).split()
    given = [i for i, word in enumerate(words) if word in _GIVEN]
    around = (words[max(0, i - _NEAR) : i + _NEAR + 1] for i in given)
    return any(not _SURNAMES.isdisjoint(close) for close in around)
