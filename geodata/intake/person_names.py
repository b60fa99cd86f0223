"""Telling a person's name by frequent given names and surnames of Peru.

A list of frequent names finds columns of names; it can't find every name, so what is not needed is
not read at all, whatever it holds.
"""

from __future__ import annotations

from ..places.gazetteer import is_unit_name
from ..places.keys import key_of
from ..words import words_of

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


def looks_like_person(text: str) -> bool:
    """Tell whether a text is made like a person's name, in any order of its parts."""
    words = words_of(text).split()
    if not _FEWEST <= len(words) <= _MOST or not all(word.isalpha() for word in words):
        return False
    if _GIVEN.isdisjoint(words) or _SURNAMES.isdisjoint(words):
        return False
    return not is_unit_name(key_of(text))


def has_given_name(text: str) -> bool:
    """Tell whether a frequent given name is one of the words of a text."""
    return not _GIVEN.isdisjoint(words_of(text).split())


def mentions_person(text: str) -> bool:
    """Tell whether a given name and a surname stand close together in a text."""
    words = words_of(text).split()
    given = [i for i, word in enumerate(words) if word in _GIVEN]
    around = (words[max(0, i - _NEAR) : i + _NEAR + 1] for i in given)
    return any(not _SURNAMES.isdisjoint(close) for close in around)
