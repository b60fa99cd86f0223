"""The words of the desk: what the library says, without names of options and of Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corredor.geodata.errors import CorredorError
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.questions import ASKED
from corredor.geodata.text import clean

# What a choice is called; values that are not here are words of the user's own file.
CHOICES: Mapping[str, Message] = {
    "complaints": Message("complaints"),
    "records": Message("records of victims"),
    "victims": Message("victims"),
    "rescued": Message("rescued people"),
    "region": Message("regions"),
    "province": Message("provinces"),
    "district": Message("districts"),
    "city": Message("cities and towns"),
    "national": Message("the whole country"),
    "judicial_district": Message("judicial districts"),
    "fiscal_district": Message("fiscal districts"),
    "count": Message("counts"),
    "share_of_origin": Message("shares of those who leave a place"),
    "share_of_destination": Message("shares of those who arrive in a place"),
    "none": Message("none of them counts anybody"),
    "percent": Message("in per cent"),
    "fraction": Message("as parts of one"),
    "dmy": Message("day first (31/12/2023)"),
    "mdy": Message("month first (12/31/2023)"),
    "yes": Message("yes, leave them out and say how many"),
    "road": Message("on roads"),
    "river": Message("on rivers"),
    "air": Message("by air"),
    "border": Message("across the border"),
    "regions": Message("boundaries of regions, provinces or districts"),
    "flows": Message("flows from place to place"),
    "itineraries": Message("routes with their stops"),
    "cases": Message("register with one row a case"),
    "network": Message("roads or rivers"),
    "population": Message("population"),
    "migration": Message("migration"),
    "mininter": Message("open data of MININTER"),
    "mpfn": Message("open data of the Public Ministry"),
}
# What a column is for.
ROLES: Mapping[str, Message] = {
    "place": Message("Which column holds the places?"),
    "code": Message("Which column holds the codes of the places?"),
    "value": Message("Which column holds the counts?"),
    "origin": Message("Which column says where people come from?"),
    "destination": Message("Which column says where people are taken?"),
    "reported": Message("Which column says where the case was reported?"),
    "date": Message("Which column holds the date?"),
    "route": Message("Which column holds the route?"),
    "name": Message("Which column holds the names of the units?"),
}
TOGETHER: Mapping[str, Message] = {
    "purposes": Message("all purposes together"),
    "periods": Message("all years together"),
    "regions": Message("all regions together"),
}
_BELOW = Message("the choice below")
# Arguments of Python as messages of readers name them.
_ARGUMENT = re.compile(
    rf"\b(?:columns=\{{(?P<roles>[^{{}}]*)\}}|(?P<name>{'|'.join(ASKED)})="
    r"(?:\('(?P<first>[^']*)', '(?P<last>[^']*)'\)|\[?'(?P<value>[^']*)'\]?|True|\.\.\.))"
)


def say(said: Message | CorredorError, language: Language) -> str:
    """Return a text of the library in plain words: its options are the choices of a form here."""
    text = clean(said.render(language))
    return _ARGUMENT.sub(lambda found: _as_choice(found, language), text)


def _as_choice(found: re.Match[str], language: Language) -> str:
    if found["roles"] is not None:
        roles = re.findall(r"'([^']*)': ", found["roles"])
        asked = [ROLES[role.partition("_")[0]] for role in roles if role.partition("_")[0] in ROLES]
        return " ".join(f"«{one.render(language)}»" for one in asked) or _BELOW.render(language)
    if found["first"] is not None:
        return f"«{found['first']} – {found['last']}»"
    if found["value"] is not None:
        return f"«{choice(found['value'], language)}»"
    return f"«{ASKED[found['name']].render(language)}»" if found["name"] in ASKED else found[0]


def choice(value: str, language: Language) -> str:
    """Return what a choice is called."""
    known = CHOICES.get(value)
    return known.render(language) if known else value


def asked(question: Any, language: Language) -> str:
    """Return a question in words."""
    if question.option == "same_as":
        return Message("'{name}' is not a known place. Which one is it?",
                       name=question.role).render(language)  # fmt: skip
    role = ROLES.get(question.role.partition("_")[0]) if question.role else None
    return (role or question.text).render(language)
