"""Official layouts of open data: each is recognised by its columns, and has a file of its own."""

from __future__ import annotations

import pandas as pd

from ...messages import Message
from ...study.tables import check_table


def official_row(
    unit: str, place: str, ubigeo: str, start: str, end: str, value: float, notes: list[Message]
) -> dict[str, str]:
    """Return a row of the contract for a sum of an official layout."""
    return {
        "unit": unit,
        "place": place,
        "ubigeo": ubigeo,
        "period_start": start,
        "period_end": end,
        "value": f"{value:.0f}",
        "basis": "derived",
        "note_es": "; ".join(note.render("es") for note in notes),
        "note_en": "; ".join(note.render("en") for note in notes),
    }


def official_table(
    rows: list[dict[str, str]],
    register: str,
    source_id: str,
    file: str,
    *,
    measure: str = "complaints",
) -> pd.DataFrame:
    """Return the contract ``complaints`` for rows of an official layout."""
    fixed = {
        "measure": measure, "register": register, "purpose": "all", "source_id": source_id,
    }  # fmt: skip
    columns = ["unit", "place", "ubigeo", "period_start", "period_end", "value", "basis", "note_es",
               "note_en", *fixed]  # fmt: skip
    frame = pd.DataFrame([{**row, **fixed} for row in rows], columns=columns)
    return check_table(frame, "complaints", file=file)
