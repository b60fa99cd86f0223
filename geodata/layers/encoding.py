"""The letters of an attribute table: which bytes stand for them, told by the bytes themselves.

A Shapefile says nothing reliable of its encoding: the ``.cpg`` file is often missing or wrong.
A cell that is valid UTF-8 is UTF-8; any other is read with the code page that gives Spanish words.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import DataFileError
from ..messages import Message

if TYPE_CHECKING:
    import geopandas as gpd

CODE_PAGES = ("cp1252", "cp850", "mac_roman")
_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
_SIGNS = frozenset("°ºª´’‘“”–—¿¡·çÇàèò")
_C1 = re.compile("[\x80-\x9f]")


def decode_table(
    table: gpd.GeoDataFrame, *, file: str, encoding: str | None, declared: str | None
) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Turn cells that hold one letter for each byte into text.

    A new table, and what the text was taken for where that was not plain.
    """
    columns = [name for name in table.columns if name != table.geometry.name]
    columns = [name for name in columns if table[name].dtype.kind not in "iufbM"]
    cells = {
        cell
        for name in columns
        for cell in table[name].unique()
        if isinstance(cell, str) and not cell.isascii()
    }
    renamed = {name: name for name in table.columns if not str(name).isascii()}
    if not cells and not renamed:
        return table, []
    check_encoding(encoding, file)
    known, messages = decode_cells(
        sorted(cells | set(renamed)), file=file, encoding=encoding, declared=declared
    )
    decoded = table.copy()
    for name in columns:
        if any(cell in known for cell in decoded[name].unique() if isinstance(cell, str)):
            decoded[name] = [
                known.get(cell, cell) if isinstance(cell, str) else cell for cell in decoded[name]
            ]
    return decoded.rename(columns={name: known[name] for name in renamed}), messages


def check_encoding(encoding: str | None, file: str) -> None:
    """Refuse an encoding that does not exist."""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise DataFileError(
            Message(
                "{file}: there is no encoding '{encoding}'. Use for example utf-8, latin-1, cp1252"
                " or cp850.",
                file=file,
                encoding=encoding,
            )
        ) from error


def decode_cells(
    cells: list[str], *, file: str, encoding: str | None, declared: str | None
) -> tuple[dict[str, str], list[Message]]:
    """Return the text of each cell that holds one letter for each byte.

    Text by cell, and what it was taken for.
    """
    raw = {cell: cell.encode("latin-1", "replace") for cell in cells}
    if encoding is not None:
        return _decode_as(raw, encoding, file), []
    known = {cell: text for cell, data in raw.items() if (text := _utf8(data)) is not None}
    rest = {cell: data for cell, data in raw.items() if cell not in known}
    messages = []
    if rest:
        page = _judge(rest.values(), declared, file)
        known |= {cell: data.decode(page, "replace") for cell, data in rest.items()}
        messages.append(Message("The text is in {encoding}, told by its letters.", encoding=page))
    if rest and len(known) > len(rest):
        messages.append(
            Message("{n} of {all} cell(s) are in UTF-8.", n=len(known) - len(rest), all=len(known))
        )
    elif not rest and not _is_utf8(declared):
        messages.append(Message("The text is in UTF-8 though no .cpg file says so."))
    return known, messages


def _is_utf8(declared: str | None) -> bool:
    return (declared or "").lower().replace("-", "") in ("utf8", "65001")


def _decode_as(raw: dict[str, bytes], encoding: str, file: str) -> dict[str, str]:
    try:
        return {cell: data.decode(encoding) for cell, data in raw.items()}
    except UnicodeDecodeError as error:
        raise DataFileError(
            Message(
                "{file}: the text is not in {encoding}. Leave encoding out, or name another.",
                file=file,
                encoding=encoding,
            )
        ) from error


def _utf8(data: bytes) -> str | None:
    """Decode UTF-8; a last letter cut in two by the width of the column is dropped."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.start > 0
        return data[: error.start].decode("utf-8") if cut and error.start >= 8 else None


def _judge(cells: Iterable[bytes], declared: str | None, file: str) -> str:
    """Return the code page under which the cells look most like Spanish."""
    data = list(cells)
    scores = {page: sum(_score(cell.decode(page, "replace")) for cell in data)
              for page in CODE_PAGES}  # fmt: skip
    best = max(scores.values())
    fitting = [page for page in CODE_PAGES if scores[page] == best]
    texts = {tuple(cell.decode(page, "replace") for cell in data) for page in fitting}
    if len(texts) > 1:
        codepage = re.sub(r"^(ibm|oem)\s*", "cp", (declared or "").lower())
        codepage = codepage if codepage.startswith("cp") else f"cp{codepage}"
        if codepage in fitting:
            return codepage
        if best <= 0:  # not one Spanish letter either way: no name depends on it
            return fitting[0]
        raise DataFileError(
            Message(
                "{file}: the text may be in {encodings}. Say which with encoding=...",
                file=file,
                encodings=", ".join(fitting),
            )
        )
    return fitting[0]


def _score(text: str) -> float:
    """Rate how Spanish a text looks: its letters count, in the case of their neighbours."""
    total = 0.0
    for at, letter in enumerate(text):
        if letter.isascii():
            continue
        beside = text[at - 1 : at] + text[at + 1 : at + 2]
        cases = Counter(c.isupper() for c in beside if c.isalpha())
        if letter in _LETTERS:
            same = cases[letter.isupper()] or not cases or (at == 0 and letter.isupper())
            total += 1.0 if same else 0.2
        elif letter in _SIGNS or unicodedata.category(letter) == "Zs":
            total += 0.1
        else:
            total -= 1.0
    return total
