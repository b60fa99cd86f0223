"""Accounts of files and descriptions of studies as text, JSON and HTML."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from corredor.geodata import Account, Study, describe_study, render_sections
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.publication import own_sources

from .options import say_flags

_LABELS = {
    "taken_for": Message("Taken for:"),
    "mended": Message("Mended"),
    "left_out": Message("Left out"),
    "notes": Message("What you must know"),
    "rows": Message("Rows"),
    "total": Message("Total"),
    "reason": Message("Reason"),
    "before_after": Message("Before and after"),
    "into": Message("in"),
    "out": Message("out"),
    "merged": Message("merged"),
    "why": Message("Recognised by"),
}


def render_account(account: Account, format_: str, language: Language) -> str:
    """Return an account as text, JSON or HTML."""
    if format_ == "text":
        return say_flags(account.render(language))
    data = _with_flags(account.to_dict(language))
    if format_ == "json":
        return json.dumps(data, ensure_ascii=False, indent=2)
    return _render("account.html", language, title=data["file"], account=data)


def render_study(study: Study, format_: str, language: Language) -> str:
    """Return the description of a study as text, JSON or HTML."""
    sections = describe_study(study)
    if format_ == "text":
        return say_flags(render_sections(sections, language))
    title = study.meta.title
    data = _with_flags(
        {
            "study": str(study.path),
            "title": title.es if language == "es" else title.en,
            "own": sorted(own_sources(study.tables.sources)),
            "sections": [
                {
                    "title": section.title.render(language),
                    "lines": [line.render(language) for line in section.lines],
                    "attention": [line.render(language) for line in section.attention],
                }
                for section in sections
            ],
        }
    )
    if format_ == "json":
        return json.dumps(data, ensure_ascii=False, indent=2)
    return _render("study.html", language, title=data["title"], study=data)


def _with_flags(value: Any) -> Any:
    """Name options as the command line does in all texts of plain data."""
    if isinstance(value, str):
        return say_flags(value)
    if isinstance(value, Mapping):
        return {name: _with_flags(part) for name, part in value.items()}
    return [_with_flags(part) for part in value] if isinstance(value, list) else value


def _render(template: str, language: Language, **values: object) -> str:
    import jinja2
    from markupsafe import Markup

    folder = resources.files("corredor") / "templates"
    # Constant, so it needs no escaping; its hash allows it and nothing else.
    style = (folder / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    loader = jinja2.PackageLoader("corredor", "templates")
    return (
        jinja2.Environment(autoescape=True, loader=loader)
        .get_template(template)
        .render(
            language=language,
            say={name: message.render(language) for name, message in _LABELS.items()},
            number=_number,
            style=Markup(style),
            style_hash=f"sha256-{digest}",
            **values,
        )
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
