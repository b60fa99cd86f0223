"""What commands found as text, JSON and HTML: accounts of files, descriptions of studies."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
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


def render(
    format_: str,
    language: Language,
    *,
    text: Callable[[], str],
    data: Callable[[], dict[str, Any]],
    page: str = "",
) -> str:
    """Return one thing as text, as JSON, or as the page that a template makes of its data."""
    if format_ == "text":
        return say_flags(text())
    content = _with_flags(data())
    if format_ == "json":
        return json.dumps(content, ensure_ascii=False, indent=2)
    return _page(page, language, content)


def render_account(account: Account, format_: str, language: Language) -> str:
    """Return an account as text, JSON or HTML."""
    return render(
        format_, language, text=lambda: account.render(language),
        data=lambda: account.to_dict(language), page="account.html",
    )  # fmt: skip


def render_study(study: Study, format_: str, language: Language) -> str:
    """Return the description of a study as text, JSON or HTML."""
    sections, title = describe_study(study), study.meta.title

    def data() -> dict[str, Any]:
        return {
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

    return render(
        format_, language, text=lambda: render_sections(sections, language), data=data,
        page="study.html",
    )  # fmt: skip


def _with_flags(value: Any) -> Any:
    """Name options as the command line does in all texts of plain data."""
    if isinstance(value, str):
        return say_flags(value)
    if isinstance(value, Mapping):
        return {name: _with_flags(part) for name, part in value.items()}
    return [_with_flags(part) for part in value] if isinstance(value, list) else value


def _page(template: str, language: Language, data: Mapping[str, Any]) -> str:
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
            title=data.get("title", data.get("file")),
            data=data,
            say={name: message.render(language) for name, message in _LABELS.items()},
            number=_number,
            style=Markup(style),
            style_hash=f"sha256-{digest}",
        )
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
