"""What the functions of maps are given, checked at the door."""

from __future__ import annotations

from typing import get_args

from corredor.geodata import Publication, Study
from corredor.geodata.arguments import check_type
from corredor.geodata.messages import Language, Message

LANGUAGES: tuple[str, ...] = get_args(Language)


def check_publication(value: object) -> None:
    """Raise TypeError unless this is a publication; say how a study becomes one."""
    if isinstance(value, Study):
        raise TypeError(
            Message(
                "A study may hold counts that nobody may see, so it is never drawn itself:"
                " protect(study) makes the publication that is."
            )
        )
    fix = Message("protect(study) makes a publication.")
    check_type(value, Publication, "publication", fix=fix)


def check_corridors(value: object) -> None:
    """Raise TypeError unless these are corridors."""
    from corredor.routes import Corridors

    fix = Message("find_corridors(publication) finds corridors.")
    check_type(value, Corridors, "corridors", fix=fix)
