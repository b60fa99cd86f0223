"""The words of figures and reports: texts, numbers and periods in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corredor.geodata.messages import Language, Message

# What a register counts, in the words of the page.
MEASURES = {
    "complaints": Message("Reported complaints"),
    "records": Message("Records of victims"),
    "victims": Message("People reported as victims"),
    "rescued": Message("People reported as rescued"),
}


@dataclass(frozen=True)
class Words:
    """The language of a figure, and texts in it."""

    language: Language

    @property
    def at(self) -> int:
        """Position in bilingual pairs."""
        return 0 if self.language == "es" else 1

    def t(self, text: str, /, **values: object) -> str:
        """Translate a text and fill its gaps."""
        return Message(text, **values).render(self.language)

    def tn(self, one: str, many: str, n: int, **values: object) -> str:
        """Translate a text about ``n`` things."""
        return Message(one if n == 1 else many, n=format(n, ","), **values).render(self.language)

    def month(self, text: str) -> str:
        """Write a month, ``2017-01``, in short."""
        names = {
            "es": "ene feb mar abr may jun jul ago set oct nov dic",
            "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        }
        return f"{names[self.language].split()[int(text[5:7]) - 1]} {text[:4]}"

    def period(self, start: str, end: str) -> str:
        """Write a span of months as people do: 2017, 2017–2023, Jan 2007 – Apr 2014."""
        if start.endswith("-01") and end.endswith("-12"):
            return start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"
        return self.month(start) if start == end else f"{self.month(start)} – {self.month(end)}"

    def measure(self, name: str) -> str:
        """Return what is counted."""
        return MEASURES[name].render(self.language)

    def series_period(self, series: Mapping[str, Any]) -> str:
        """Write the span of a series, and that its last year is not whole where it is not."""
        when = self.period(series["period_start"], series["period_end"])
        if not series["partial"]:
            return when
        return f"{when} ({self.t('{year} partial', year=series['period_end'][:4])})"

    def notes(self, scene: Mapping[str, Any], *series: Mapping[str, Any]) -> list[str]:
        """Return what holds for every figure of some series, as sentences: whence it was read."""
        found = dict.fromkeys(one["note"] for one in series if one["note"] is not None)
        texts = [scene["texts"][number][self.at] for number in found]
        return [text[:1].upper() + text[1:].rstrip(".") + "." for text in texts if text]
