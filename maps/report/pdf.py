"""The report as PDF by Typst, tagged for screen readers (PDF/UA-1: no picture without its text)."""

from __future__ import annotations

import json
from importlib import resources

from ..figure.pdf import compile_pdf
from .content import WHOLE_ROWS, Content


def write_pdf(content: Content) -> bytes:
    """Return the report as PDF."""
    words = content.words
    plain = [
        {key: value for key, value in block.items() if key != "figure"} for block in content.blocks
    ]
    study = content.scene["study"]
    said = {
        "title": content.title,
        "subtitle": content.subtitle,
        "lang": words.language,
        "made": words.t(
            "Made with Corredor {version}; data {fingerprint}.",
            version=study["version"],
            fingerprint=study["fingerprint"],
        ),
        "contents": words.t("Contents"),
        "figure": words.t("Figure"),
        "table": words.t("Table"),
        "blocks": plain,
        "accent": content.house.accent,
        "logo": list(content.house.logo),
        "whole": WHOLE_ROWS,
    }
    template = resources.files("corredor.maps") / "templates" / "report.typ"
    return compile_pdf(template.read_text("utf-8"), {"data": json.dumps(said, ensure_ascii=False)})
