"""A map inside another page: the frame for a website or a report, and for a notebook."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

from corredor.geodata import DataFileError
from corredor.geodata.arguments import as_path, check_type
from corredor.geodata.messages import Language, Message

from .page import load_template, read_data

HEIGHT_PX = 720
NOTEBOOK_HEIGHT_PX = 640
_UNFIT = re.compile(r"[\s\"'<>\x00-\x1f]")


def render_embed(
    path: str | os.PathLike[str],
    *,
    src: str | None = None,
    lang: Language | None = None,
    view: str = "",
    height: int = HEIGHT_PX,
    ratio: tuple[int, int] | None = None,
    inline: bool = False,
    style: bool = True,
    links: bool = True,
    downloads: bool = False,
) -> str:
    """Write the frame that shows a map in another page.

    The frame is a sandbox: the map runs its own script and reaches nothing of the page around it,
    no cookies, no storage, no forms, and it sends no referrer.

    Parameters
    ----------
    path : str or Path
        A page of `write_page`.
    src : str, optional
        Address where the page will stand, as seen from the page around it; its file name if left
        out.
    lang : {"es", "en"}, optional
        Language the frame speaks, with its title; that of the page if left out.
    view : str, optional
        The view to open with: what stands behind ``#`` in the address of an opened map.
    height : int, optional
        Height in CSS pixels. The width is always that of the column around.
    ratio : (int, int), optional
        Width to height instead of a height, such as ``(4, 3)``.
    inline : bool, optional
        Put the whole page into the frame instead of its address: one piece of text to paste, which
        works only where the policy of the page around allows inline scripts.
    style : bool, optional
        Write the size as a style; False for pages whose policy forbids inline styles.
    links : bool, optional
        Let links to sources open in a new tab; without them no figure leads to its source.
    downloads : bool, optional
        Let the table be saved as a file.

    Returns
    -------
    str
        HTML, a few lines, or about the size of the page with ``inline``.

    Raises
    ------
    DataFileError
        If ``path`` cannot be read or is not a map of Corredor.
    ValueError
        If ``src`` is not an address, or a choice excludes another.

    Examples
    --------
    >>> render_embed(Path("map.html"), ratio=(4, 3))  # doctest: +SKIP
    '<iframe src="map.html" title="..." ...
    """
    path = as_path(path)
    _check_size(height, ratio)
    page = _read_page(path)
    data = read_data(page)
    if data is None:
        raise DataFileError(
            Message("{file}: this is no map of Corredor. 'corredor map' writes one.", file=path)
        )
    if inline and (src or view):
        raise ValueError(
            Message("A frame that holds the page itself has no address: leave out src and view.")
        )
    if src is not None and not _is_address(src):
        raise ValueError(Message("{src}: this is not an address.", src=src))
    written: Language = "en" if '<html lang="en">' in page[:200] else "es"
    spoken = lang or written
    if inline and spoken != written:
        raise ValueError(
            Message(
                "A frame that holds the page itself opens in the language it was drawn in: draw the"
                " map with --lang {lang}.",
                lang=spoken,
            )
        )
    view = view.removeprefix("#")
    if spoken != written:
        view = "&".join(filter(None, [view, f"lang={spoken}"]))
    allowed = ["allow-scripts"]
    allowed += ["allow-popups", "allow-popups-to-escape-sandbox"] if links else []
    allowed += ["allow-downloads"] if downloads else []
    size = f"aspect-ratio: {ratio[0]} / {ratio[1]}" if ratio else f"height: {height}px"
    return frame(
        page if inline else None,
        src=None if inline else _address(src or quote(path.name), view),
        title=data["study"]["title"][0 if spoken == "es" else 1],
        lang=spoken,
        sandbox=" ".join(allowed),
        style=f"display: block; width: 100%; {size}; border: 0" if style else "",
        height=None if ratio and style else height,
    )


def frame(
    page: str | None,
    *,
    src: str | None,
    title: str,
    lang: str,
    sandbox: str = "allow-scripts",
    style: str = "",
    height: int | None = NOTEBOOK_HEIGHT_PX,
) -> str:
    """Return a frame with a page in it, or with its address."""
    text = load_template("embed.html").render(
        src=src, title=title, lang=lang, sandbox=sandbox, style=style, height=height
    )
    # A page has many quotes: fewer escapes in single ones would not be worth a second way.
    return text if page is None else text.replace("SRCDOC", html.escape(page, quote=True), 1)


def _read_page(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataFileError(Message("{file}: there is no such file.", file=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(
            Message("{file}: cannot be read ({detail}).", file=path, detail=error)
        ) from error


def _check_size(height: int, ratio: tuple[int, int] | None) -> None:
    check_type(height, int, "height")
    if height < 1:
        raise ValueError(Message("{name}: expected a number above 0.", name="height"))
    if ratio is not None and not (
        isinstance(ratio, tuple) and len(ratio) == 2 and all(side > 0 for side in ratio)
    ):
        raise ValueError(Message("ratio: expected two numbers above 0, such as (4, 3)."))


def _is_address(src: str) -> bool:
    """Tell whether a text is a web address, or one relative to the page around."""
    try:
        scheme = urlsplit(src).scheme
    except ValueError:
        return False
    return bool(src) and not _UNFIT.search(src) and scheme in ("", "http", "https")


def _address(src: str, view: str) -> str:
    return f"{src}#{view}" if view else src
