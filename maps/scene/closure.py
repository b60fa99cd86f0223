"""What a closure would change, on its way to the map: inferred twice over, and said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corredor.geodata.messages import Message
from corredor.geodata.study.tables import as_rows

from .corridors import band_scale, packed_lines
from .positions import Scene

if TYPE_CHECKING:
    from corredor.routes import Comparison


def closure_rows(found: Comparison) -> Scene:
    """Return what one scenario changes as plain data, its texts in both languages.

    ``title``, ``account`` (of the pairs), ``note``, ``more``, ``less`` and ``all`` are texts;
    ``kind`` and ``scale`` are as for corridors; ``legs`` have ``name``, ``before``, ``after``,
    ``load`` (how much it changes) and ``line``, the largest change first.
    """
    from corredor.routes import closure_account, closure_note

    (what,) = found.pairs["scenario"].unique()
    legs = found.legs
    lines = packed_lines(found.corridors.network, legs)
    texts = {
        "title": Message("Change if {what} were closed", what=what),
        "account": closure_account(found.pairs),
        "note": closure_note(),
        "more": Message("More would be expected here"),
        "less": Message("Less would be expected here"),
        "all": Message("Stretches that would change: {n}", n=len(legs)),
    }
    return {
        **{name: [text.render("es"), text.render("en")] for name, text in texts.items()},
        "kind": found.corridors.kind,
        "scale": band_scale(float(legs["change"].abs().max()) if len(legs) else 1.0),
        "legs": [
            {
                "name": row.name.replace(" - ", " – "),
                "before": round(row.before, 1),
                "after": round(row.after, 1),
                "load": round(abs(row.change), 2),
                "line": line,
            }
            for row, line in zip(as_rows(legs), lines, strict=True)
        ],
    }
