"""Disclosure control: only a `Publication` may be analysed, drawn or written.

Figures of public sources, which anybody can read at their address, pass unchanged. Counts of own
sources are released as far as no small count can be computed back (`own`); whatever of them is
no count, and would say that somebody was there, stays out. Nothing is public by default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ..errors import SuppressionError
from ..files import looked_at
from ..messages import Message
from ..places.gazetteer import DIGITS, read_rows
from .model import Study, StudyMeta, Tables, embedded_study
from .rule import Rule, not_few

if TYPE_CHECKING:
    from .ledger import Check, Ledger
    from .linked import Key
    from .own import Protected

# Tables whose rows tell of people; all others are places, means and people counted by censuses.
TELLING = ("complaints", "rankings", "flows", "itineraries", "context")
# Points of own places are brought to a hundredth of a degree, about a kilometre.
DECIMALS = 2

Mode = Literal["public", "protected", "internal"]


@dataclass(frozen=True, init=False)
class Publication:
    """Protected tables, the only thing that graphs and maps accept. `protect` makes them.

    Parameters
    ----------
    meta : StudyMeta
        Titles, opening view and fingerprint of the study.
    tables : Tables
        Tables that may be shown to anybody; in mode "internal", to the organisation alone.
    mode : {"public", "protected", "internal"}
        Whether all sources are public, own counts are in it and were protected, or own counts are
        in it as they are.
    threshold : int
        Smallest own count that is shown.
    digest : str
        SHA-256 of the own counts that are shown and of what the attack on them found; empty where
        there are none.
    notes : tuple of Message
        What was protected, taken together and left out; the first is the `mark`.
    released : Protected or None
        The linked cells of own counts; None where there are none.
    folder : Path or None
        Folder of the study, whose ledger says what was published before; None without own counts.
    number : int
        Number of the release in that ledger; 0 without own counts.

    Raises
    ------
    SuppressionError
        Always, so that nothing goes round `protect`.
    """

    meta: StudyMeta
    tables: Tables
    mode: Mode
    threshold: int
    digest: str
    notes: tuple[Message, ...]
    released: Protected | None
    folder: Path | None
    number: int

    def __init__(
        self,
        meta: StudyMeta,
        tables: Tables,
        mode: Mode,
        threshold: int,
        digest: str,
        notes: tuple[Message, ...],
        released: Protected | None,
        folder: Path | None,
        number: int,
    ) -> None:
        raise SuppressionError(
            Message("A Publication is made by protect(study), so that nothing goes round it.")
        )

    @property
    def mark(self) -> Message | None:
        """What every output says of own counts in it: how they were treated; None if public."""
        return self.notes[0] if self.notes else None


def _issue(
    meta: StudyMeta,
    tables: Tables,
    mode: Mode,
    notes: tuple[Message, ...] = (),
    made: Protected | None = None,
    folder: Path | None = None,
    number: int = 0,
) -> Publication:
    publication = object.__new__(Publication)
    fields = {
        "meta": meta,
        "tables": tables,
        "mode": mode,
        "threshold": meta.threshold,
        "digest": made.digest if made else "",
        "notes": notes,
        "released": made,
        "folder": folder,
        "number": number,
    }
    for name, value in fields.items():
        object.__setattr__(publication, name, value)
    return publication


def narrow(
    publication: Publication, *, meta: StudyMeta | None = None, tables: Tables | None = None
) -> Publication:
    """Return a publication that shows less, or shows it otherwise; its mode and digest stay."""
    return _issue(
        meta or publication.meta,
        tables or publication.tables,
        publication.mode,
        publication.notes,
        publication.released,
        publication.folder,
        publication.number,
    )


def protect(study: Study, *, internal: bool = False) -> Publication:
    """Turn a study into what may be published.

    Parameters
    ----------
    study : Study
        A study whose tables were checked.
    internal : bool, optional
        Let own counts pass as they are, for the organisation itself: every output says so, and
        none of them may be handed on.

    Returns
    -------
    Publication
        Rows of public sources as they are. Of own sources the counts of complaints and flows from
        ``meta.threshold`` on, without those from which a smaller one could be computed.

    Raises
    ------
    SuppressionError
        If own counts contradict each other, can't be protected at all, or together with what the
        study has published before would tell of a change of a few.
    """
    tables = study.tables
    own = own_sources(tables.sources)
    strangers = {name: _strangers(getattr(tables, name), name, study.path) for name in TELLING}
    if any(found.any() for found in strangers.values()):
        tables = _told_apart(tables, strangers)
        own |= own_sources(tables.sources)
    rows = {name: getattr(tables, name) for name in TELLING}
    if not any(table["source_id"].isin(own).any() for table in rows.values()):
        return _issue(study.meta, _with_public_places(tables, own), "public")
    if internal:
        return _issue(study.meta, tables, "internal", (_INTERNAL,))
    k = study.meta.threshold
    made, number = _next_release(study, tables, own)
    shown = {name: _public(table, own) for name, table in rows.items()}
    notes = [*_counted(made, k, number), *made.notes, *_left_out(rows, own, k)]
    changed = sum(int(found.sum()) for found in strangers.values())
    if changed:
        notes.append(Message(_CHANGED.text, n=not_few(changed, k)))
    complaints = _at_level(made.complaints, tables)
    places = pd.concat([tables.places, made.places], ignore_index=True)
    shown["complaints"] = _joined(shown["complaints"], complaints)
    shown["flows"] = _joined(shown["flows"], made.flows)
    protected = replace(tables, **shown, places=places)
    gone = _only_own(tables, protected, own)
    kept = places[~places["place_id"].isin(gone)].reset_index(drop=True)
    protected = _with_public_places(replace(protected, places=kept), own)
    meta = replace(study.meta, fingerprint=_fingerprint(shown, made))
    return _issue(meta, protected, "protected", tuple(notes), made, study.path, number)


_TURNS = 5


def _next_release(study: Study, tables: Tables, own: Set[str]) -> tuple[Protected, int]:
    """Return what may be shown beside all earlier releases, and the number of the release.

    What changed by fewer than the threshold since one of them is withheld, as small counts are.
    """
    # None of these is needed where every source is public.
    from .ledger import check_release, read_ledger, refusal, small_changes
    from .own import protect_own

    k, ledger = study.meta.threshold, read_ledger(study.path)

    def made_beside(known: Ledger) -> tuple[Protected, Check]:
        also: dict[str, Set[Key]] = {}
        checks = []
        for _ in range(_TURNS):
            made = protect_own(tables, own, Rule(k), together=study.meta.together, also=also)
            systems = [part.printed for part in made.parts]
            checks.append(check_release(known, systems, k=k))
            if checks[-1].passes and not also:
                return made, checks[-1]
            if checks[-1].passes and any(system.cells for system in systems):
                return replace(made, notes=(*made.notes, Message(_STILL.text, k=k))), checks[-1]
            told = small_changes(known, systems, k=k)
            if not any(told.values()):
                break
            also = {name: also.get(name, frozenset()) | keys for name, keys in told.items()}
        return made, checks[0]

    made, check = made_beside(ledger)
    if not check.passes and len(ledger.releases) > 1:
        # The last release once more: what it withheld follows from those before it.
        made, _ = made_beside(replace(ledger, releases=ledger.releases[:-1]))
        again = check_release(ledger, [part.printed for part in made.parts], k=k)
        check = again if again.repeats else check
    if not check.passes:
        raise refusal(study.path, check, k)
    return made, check.number


_STILL = Message(
    "Counts that changed by fewer than {k} since an earlier release, or not at all, are withheld"
    " as well, so that both together tell of no few cases."
)


def _fingerprint(shown: dict[str, pd.DataFrame], made: Protected) -> str:
    """Return a digest of what is shown; one of the files would confirm guesses of the rest."""
    digest = hashlib.sha256(made.digest.encode())
    for table in shown.values():
        digest.update(table.to_csv(index=False).encode())
    return digest.hexdigest()[:12]


@contextmanager
def publishing(publication: Publication, artefact: str | Path) -> Iterator[None]:
    """Note in the study's ledger that own counts are published, and read back what is written.

    Parameters
    ----------
    publication : Publication
        What is written. Without protected own counts there is nothing to note.
    artefact : str or Path
        The file that is written inside.

    Raises
    ------
    SuppressionError
        If another release that was published meanwhile and this one together tell a small change,
        or the file holds a count that is not released: it is not written then.
    """
    if publication.mode != "protected" or publication.folder is None:
        yield
        return
    from .ledger import releasing
    from .readback import reader_of

    made = publication.released.parts if publication.released else ()
    systems = [part.printed for part in made]
    name = Path(artefact).name
    with (
        releasing(publication.folder, systems, k=publication.threshold, artefact=name),
        looked_at(reader_of(publication.tables, made, own_sources(publication.tables.sources))),
    ):
        yield


def own_sources(sources: pd.DataFrame) -> frozenset[str]:
    """Return the sources that don't say that they are public."""
    return frozenset(sources.loc[sources["access"] != "public", "source_id"])


def count_small(tables: Tables, threshold: int) -> dict[str, int]:
    """Return for each public source how many of its counts are below the threshold."""
    own = own_sources(tables.sources)
    flows = tables.flows[tables.flows["value_kind"] == "count"]
    counted = pd.concat([table[["source_id", "value"]] for table in (tables.complaints, flows)])
    small = counted[(counted["value"] < threshold) & ~counted["source_id"].isin(own)]
    return {str(name): int(n) for name, n in small["source_id"].value_counts().items()}


_NAMED = 6


def describe_small(tables: Tables, threshold: int) -> Message | None:
    """Say how many counts below the threshold come from which public source; None if there is none.

    They pass, because anybody can read them already; whoever draws the map should know.
    """
    found = count_small(tables, threshold)
    if not found:
        return None
    named = ", ".join(f"{name} ({n})" for name, n in list(found.items())[:_NAMED])
    more: Message | str = ""
    if len(found) > _NAMED:
        more = Message(" and {n} more", n=len(found) - _NAMED)
    return Message(
        "{n} counts under {k}, from: {sources}{more}. They pass because the study says that these"
        " sources are public.",
        n=sum(found.values()),
        k=threshold,
        sources=named,
        more=more,
    )


_INTERNAL = Message(
    "INTERNAL: own counts are shown as they are, small ones too. Not to be handed on."
)


_CHANGED = Message(
    "{n} row(s) cite a source of the embedded study that does not say so there: they count as own."
    " Give them a source of their own, public with its address where anybody can read them."
)
# What a row says, beside its notes.
_SAYS = {
    "complaints": ("unit", "place", "ubigeo", "period_start", "period_end", "measure", "register",
                   "purpose", "value"),
    "rankings": ("register", "measure", "period_start", "period_end", "rank", "ubigeo"),
    "flows": ("origin", "destination", "via", "value", "value_kind", "period_start", "period_end",
              "purpose"),
    "itineraries": ("route_id", "seq", "place_id", "mode_to_next"),
    "context": ("ubigeo", "value", "unit", "text_es"),
}  # fmt: skip


def _strangers(table: pd.DataFrame, name: str, path: Path) -> pd.Series[bool]:
    """Tell which rows a source of the embedded study does not vouch for.

    A copied study keeps its sources; figures that were put in the place of theirs are own.
    """
    none = pd.Series(False, index=table.index)
    if path == embedded_study():
        return none
    ids = {row["source_id"] for row in read_rows("sources.csv")}
    citing = table["source_id"].isin(ids)
    if not citing.any():
        return none
    columns = ("source_id", *_SAYS[name])
    known = {tuple(_said(row.get(c, "")) for c in columns) for row in read_rows(f"{name}.csv")}
    told = [tuple(map(_said, row)) for row in table[[*columns]].itertuples(index=False)]
    return citing & ~pd.Series([row in known for row in told], index=table.index, dtype=bool)


def _said(value: object) -> str:
    """Write a cell of a file and of a checked table alike."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if text.replace(".", "", 1).isdigit() and "." in text:
        text = f"{float(text):g}"
    return "" if text == "nan" else text


def _told_apart(tables: Tables, strangers: dict[str, pd.Series[bool]]) -> Tables:
    """Give rows that no source vouches for an own source beside it, with the same publisher."""
    changed: dict[str, pd.DataFrame] = {}
    needed: set[str] = set()
    for name, found in strangers.items():
        table: pd.DataFrame = getattr(tables, name)
        mine = table["source_id"].where(~found, table["source_id"] + _OWN)
        needed |= set(mine[found])
        changed[name] = table.assign(source_id=mine)
    beside = tables.sources.assign(source_id=tables.sources["source_id"] + _OWN, access="own")
    beside = beside[beside["source_id"].isin(needed)]
    sources = pd.concat([tables.sources, beside.assign(url="", accessed="")], ignore_index=True)
    return replace(tables, sources=sources, **changed)


_OWN = ":own"


def _counted(made: Protected, threshold: int, number: int) -> list[Message]:
    return [
        Message(
            "Own counts protected: release {n}, none under {k}, audit {digest}.",
            n=number,
            k=threshold,
            digest=made.digest[:12],
        ),
        Message(
            "Own counts are protected: {complaints} of complaints and {flows} of flows are shown,"
            " each of {k} or more. All others, those of nobody too, are withheld: they are small,"
            " or a small one could be computed from them.",
            complaints=len(made.complaints),
            flows=len(made.flows),
            k=threshold,
        ),
    ]


def _left_out(rows: dict[str, pd.DataFrame], own: Set[str], k: int) -> list[Message]:
    """Say which own rows are no counts: each tells of a case, however it is worded."""
    said = []
    for name in ("rankings", "itineraries", "context"):
        n = int(rows[name]["source_id"].isin(own).sum())
        if n:
            said.append(
                Message(
                    "{n} own row(s) of the table '{table}' are not shown: they have no count that"
                    " could be protected.",
                    n=not_few(n, k),
                    table=name,
                )
            )
    return said


def _public(table: pd.DataFrame, own: Set[str]) -> pd.DataFrame:
    return table[~table["source_id"].isin(own)].reset_index(drop=True)


def _joined(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Put rows below others; an empty table adds nothing, so that its types change nothing."""
    parts = [part for part in (one, other) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else one


def _at_level(complaints: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the counts of the country and of the units that the layer draws.

    The others are released too, for maps of other units, but never stand beside their parts.
    """
    level = tables.regions["level"].iloc[0]
    fits = complaints["ubigeo"].str.len() == DIGITS[level]
    return complaints[fits | complaints["unit"].eq("national")]


def _only_own(tables: Tables, shown: Tables, own: Set[str]) -> set[str]:
    """Return the places that only rows name which are not shown."""
    columns = (("flows", "origin"), ("flows", "destination"), ("flows", "via"),
               ("itineraries", "place_id"))  # fmt: skip
    named, left = (
        {place for name, column in columns for cell in getattr(of, name)[column]
         for place in cell.split()}
        for of in (tables, shown)
    )  # fmt: skip
    mine = tables.places["source_id"].isin(own) | tables.places["source_id"].eq("")
    return (named | set(tables.places.loc[mine, "place_id"])) - left


def _with_public_places(tables: Tables, own: Set[str]) -> Tables:
    """Bring points of own places to about a kilometre."""
    mine = tables.places["source_id"].isin(own)
    if not mine.any():
        return tables
    points = ["lat", "lon", "label_lat", "label_lon"]
    rounded = tables.places[points].where(~mine, tables.places[points].round(DECIMALS))
    return replace(tables, places=tables.places.assign(**{name: rounded[name] for name in points}))
