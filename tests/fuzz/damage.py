"""Damage done to tables and files. Of cells it is known what must follow; of bytes it is not."""

from __future__ import annotations

from random import Random

from truth import MISSING, Printed

REFUSE = "refuse"
JUNK = ("12x", "doce", "5.5", "-3", "1,43", "1e3", "12%", "=A1+1", "TRUE", "3/4", "9" * 12)


def damage_cell(random: Random, printed: Printed) -> str | None:
    """Change one cell or row; return `REFUSE`, or None where ``printed.truth`` says what follows.

    Parameters
    ----------
    random : Random
        Source of chance.
    printed : Printed
        A table; its rows and its truth are changed.

    Returns
    -------
    str or None
        What must happen.
    """
    row = random.choice(printed.body)
    width = max(i for i, cell in enumerate(printed.rows[printed.header]) if cell) + 1
    last = width - 1
    kind = random.choice(("junk", "place", "twice", "beyond", "year", "empty"))
    if kind == "junk":
        printed.rows[row][last] = random.choice(JUNK)
        return REFUSE
    if kind == "empty" and printed.shape == "long":
        _forget(printed, row)
        printed.rows[row][last] = random.choice(("", *MISSING))
        return None
    if kind == "place" and printed.shape != "across":
        figure = printed.rows[row][last].removesuffix(" 1/")  # a footnote sign is no figure
        if figure.strip("0 .*").strip() not in ("", *MISSING):
            printed.rows[row][0] = random.choice(("Narnia", "Lma Norte Sur", "???", "Atlántida"))
            if any(c in "123456789" for c in figure):
                return REFUSE
        return "any"
    if kind == "twice" and printed.shape != "across":
        printed.rows.insert(row, list(printed.rows[row]))
        return REFUSE
    if kind == "beyond":
        printed.rows[row] = [*printed.rows[row], "77"]
        return REFUSE
    if kind == "year" and printed.shape == "wide":
        name = printed.rows[printed.header][last]
        printed.rows[printed.header][last] = name.replace("20", "22", 1)
        return REFUSE if width > 2 else "any"
    return "any"


def _forget(printed: Printed, row: int) -> None:
    """Take the count of a row of a long table out of the truth."""
    from truth import ALIASES, REGIONS, _plain

    name, year = (_plain(cell).casefold().strip("\u00a0 ") for cell in printed.rows[row][:2])
    for key in list(printed.truth):
        names = (REGIONS[key[0]], *ALIASES.get(key[0], ()))
        if key[1][:4] == year and any(
            f" {name}".endswith(f" {_plain(n).casefold()}") for n in names
        ):
            del printed.truth[key]


def damage_bytes(random: Random, content: bytes) -> bytes:
    """Flip, delete, insert, repeat or cut bytes."""
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5, 40))):
        if not data:
            break
        at = random.randrange(len(data))
        size = random.choice((1, 1, 3, 30, 300))
        kind = random.choice(("flip", "flip", "delete", "insert", "repeat", "cut", "zero"))
        if kind == "flip":
            data[at] ^= 1 << random.randrange(8)
        elif kind == "delete":
            del data[at : at + size]
        elif kind == "insert":
            data[at:at] = random.choice(
                (b"\0", b'"', b";", b"\xff", b"\n", b"<", b"{", b"PK", b"\xe2\x80\x8b", b"%", b"9")
            )
        elif kind == "repeat":
            data[at:at] = data[at : at + size]
        elif kind == "zero":
            data[at : at + size] = bytes(min(size, len(data) - at))
        elif random.random() < 0.3:
            del data[at:]
    return bytes(data)
