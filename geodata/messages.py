"""Texts in two languages: a message keeps its English text and values until somebody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from gettext import NullTranslations

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def catalogue(language: Language) -> NullTranslations:
    """Return the gettext catalogue of a language (English is the text in the code itself)."""
    # Both take a tenth of the time of importing Corredor, and most programs say nothing.
    import gettext
    from importlib import resources

    if language == "en":
        return gettext.NullTranslations()
    folder = resources.files("corredor") / "locale"
    return gettext.translation("corredor", str(folder), languages=[language])


@dataclass(frozen=True, init=False)
class Message:
    """A sentence for people, translated when it is shown.

    Parameters
    ----------
    text : str
        English text with ``{named}`` gaps; the key of the Babel catalogue. Nothing is said without.
    **values : object
        What fills the gaps. A value that is itself a `Message` is translated too.
    """

    text: str
    values: tuple[tuple[str, object], ...]

    def __init__(self, text: str = "", /, **values: object) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "values", tuple(values.items()))

    def render(self, language: Language = "en") -> str:
        """Return the sentence in ``language``."""
        filled = {
            name: value.render(language) if isinstance(value, Message) else value
            for name, value in self.values
        }
        text = catalogue(language).gettext(self.text) if self.text else ""
        return text.format_map(filled) if filled else text

    def __str__(self) -> str:
        return self.render()
