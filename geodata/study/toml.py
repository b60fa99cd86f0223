"""Reading ``study.toml``: titles, the opening view, files of tables, classes and stories."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import StudyError, casefolded, nearest, suggestion
from ..files import note_read
from ..layers.regions import CHOICES
from ..messages import Message
from ..places.gazetteer import region_names
from .contracts import CONTRACTS, MEASURES
from .model import Bilingual, Classes, Story, StudyMeta, View
from .tables import as_rows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

STUDY_FILE = "study.toml"
LAYERS = ("regions", "neighbours", "waters")
REQUIRED = ("regions", "sources")
# What may stand beside the file of the regions, as for `read_regions`; None: any text.
OPTIONS: Mapping[str, tuple[str, ...] | None] = {
    **CHOICES,
    "crs": None,
    "encoding": None,
    "layer": None,
}
# What stands there and is no option; ``note`` goes before the one in [boundaries_note].
NO_OPTIONS = ("file", "note")
# What own counts can be taken together by, so that less of them is withheld.
TOGETHER = ("purposes", "periods", "regions")
SHOWS = ("rate", "count", "change")
LEVELS = ("region", "province", "district", "place")
STORY_LAYERS = ("regions", "flows", "itineraries", "places", "corridors", "basemap")
DIRECTIONS = ("all", "in", "out", "within", "between", "border")
SERIES_KEYS = ("register", "measure", "purpose", "period_start", "period_end")
VIEW_KEYS = ("series", "show", "level", "layers", "focus", "direction", "grade", "top", "select",
             "without", "zoom_to")  # fmt: skip
# What each section may hold; in [opening] the keys of a series may also stand by themselves.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("title", "subtitle", "boundaries_note", "opening", "publication", "classes", "tables",
         "stories"),
    "opening": (*SERIES_KEYS, *VIEW_KEYS),
    "publication": ("threshold", "together"),
    "classes": ("rate", "count"),
    "stories": ("title", "text", "written_for", *VIEW_KEYS),
    "series": SERIES_KEYS,
    "text": ("es", "en"),
}  # fmt: skip
_BY_SOURCE = Message(
    "What is public is said of each source: delete this mark, and in the table 'sources' write"
    " access = public for those that anybody can read, with their address (url) and the day they"
    " were read there (accessed)."
)
# With the highest value of the map, one for each of the five colours.
MOST_BOUNDS = 4


def read_config(file: Path) -> dict[str, Any]:
    """Return what ``study.toml`` holds."""
    if not file.is_file():
        raise StudyError(
            Message(
                "{folder}: there is no study.toml here. 'corredor new DIR' makes a study to start"
                " from.",
                folder=file.parent,
            )
        )
    note_read(file)
    try:
        config = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudyError(
            Message("{file}: this is not valid TOML: {detail}.", file=file, detail=error)
        ) from error
    refuse_unknown(config, KEYS[""], "", file.parent)
    return config


def refuse_unknown(found: Iterable[str], known: Collection[str], name: str, folder: Path) -> None:
    """Refuse a key that means nothing in a section, with the nearest one that does."""
    for key in found:
        if key not in known:
            full = f"{name}.{key}" if name else key
            if nearest(key, known) is not None:
                raise fault(folder, full, suggestion(key, known))
            raise fault(
                folder,
                full,
                Message(
                    "Nothing known looks like it. Use one of: {choices}.",
                    choices=", ".join(known),
                ),
            )


def table_entries(config: dict[str, Any], folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return the files of each table; every name and path is looked at before any is read."""
    tables = config.get("tables")
    if not isinstance(tables, dict):
        raise fault(folder, "tables", Message("Add one [tables.NAME] section for each table."))
    entries: dict[str, tuple[Path, ...]] = {}
    names = (*LAYERS, *CONTRACTS)
    refuse_unknown(tables, names, "tables", folder)
    for name, entry in tables.items():
        named = entry.get("file") if isinstance(entry, dict) else None
        files = named if isinstance(named, list) and name in CONTRACTS else [named]
        named = [file for file in files if isinstance(file, str) and file]
        if not named or len(named) < len(files):
            raise fault(
                folder,
                f"tables.{name}",
                Message('It needs a line such as file = "{n}.csv".', n=name),
            )
        if name != "regions":  # its options have choices of their own, see `layer_options`
            if "published" in entry:
                raise fault(folder, f"tables.{name}.published", _BY_SOURCE)
            refuse_unknown(entry, ("file",), f"tables.{name}", folder)
        entries[name] = tuple(folder / file for file in named)
    for name in REQUIRED:
        if name not in entries:
            raise fault(
                folder,
                f"tables.{name}",
                Message('It needs a line such as file = "{n}.csv".', n=name),
            )
    return entries


def layer_options(entry: Mapping[str, Any]) -> tuple[dict[str, Any], Message | None]:
    """Return the options of the regions as arguments of `read_regions`, and what is wrong.

    ``columns`` is a table of its own: ``columns = { ubigeo = "COD", name = "NOM" }``.
    """
    options = {name: value for name, value in entry.items() if name not in NO_OPTIONS}
    for name, value in options.items():
        if name == "columns":
            if not isinstance(value, dict) or not all(isinstance(x, str) for x in value.values()):
                return {}, Message('Write columns = { ubigeo = "...", name = "..." }.')
        elif name == "allow_unmatched":
            if not isinstance(value, bool):
                return {}, Message("Write true or false, without quotes.")
        elif name not in OPTIONS:
            known = (*OPTIONS, "allow_unmatched", "columns", *NO_OPTIONS)
            hint = suggestion(name, known)
            return {}, Message("{name} means nothing here. {hint}", name=name, hint=hint)
        elif not isinstance(value, str) or value not in (OPTIONS[name] or (value,)):
            choices = OPTIONS[name] or ("...",)
            return {}, Message("{name}: use one of: {choices}.",
                               name=name, choices=", ".join(choices))  # fmt: skip
    return options, None


def read_meta(
    config: dict[str, Any],
    folder: Path,
    *,
    regions: gpd.GeoDataFrame,
    places: pd.DataFrame,
    fingerprint: str,
    digest: str,
) -> StudyMeta:
    """Read what a study says about itself; views may name its regions and places.

    ``digest`` is that of the files whose figures stories speak of.
    """
    publication = config.get("publication", {})
    if not isinstance(publication, dict):
        raise fault(folder, "publication", Message("Write it as a section, [publication]."))
    refuse_unknown(publication, KEYS["publication"], "publication", folder)
    threshold = publication.get("threshold", 10)
    if not isinstance(threshold, int) or threshold < 5:
        raise fault(folder, "publication.threshold", Message("Write a whole number of at least 5."))
    together = _list(publication.get("together", []), "publication.together", folder)
    for word in together:
        _one_of(word, TOGETHER, "publication.together", folder)
    codes = [row.place_id for row in as_rows(places)] + [row.ubigeo for row in as_rows(regions)]
    # Of a layer of provinces or districts also the regions can be named.
    above = {code: region_names().get(code, code) for code in regions["ubigeo"].str[:2].unique()}
    units = {row.ubigeo: row.name for row in as_rows(regions)}
    known = Known(
        [*codes, *above], {casefolded(n): code for code, n in [*units.items(), *above.items()]}
    )
    return StudyMeta(
        title=bilingual(config, "title", folder),
        subtitle=bilingual(config, "subtitle", folder),
        boundaries_note=_boundaries_note(config, folder),
        opening=read_opening(config, folder, known),
        threshold=threshold,
        together=tuple(together),
        classes=read_classes(config, folder),
        stories=read_stories(config, folder, known, digest=digest),
        fingerprint=fingerprint,
    )


def _boundaries_note(config: dict[str, Any], folder: Path) -> Bilingual:
    """Return what the reader must know of the limits: said of the layer itself, or in general."""
    regions = config["tables"]["regions"]
    if "note" in regions:
        return bilingual(regions, "tables.regions.note", folder)
    return bilingual(config, "boundaries_note", folder)


@dataclass(frozen=True)
class Known:
    """What a story may name: codes and ids as they are, and regions by their folded names."""

    codes: Collection[str]
    regions: dict[str, str]


def read_classes(config: dict[str, Any], folder: Path) -> Classes:
    """Read the section ``[classes]``, which a study need not have: ascending bounds."""
    if "classes" not in config:
        return Classes()
    found = section(config, "classes", folder)
    refuse_unknown(found, KEYS["classes"], "classes", folder)
    for name, bounds in found.items():
        if not _are_bounds(bounds):
            raise fault(
                folder,
                f"classes.{name}",
                Message(
                    "Write one to {most} ascending numbers above 0, such as [1, 2, 5]. What is"
                    " higher than the last is a class of its own.",
                    most=MOST_BOUNDS,
                ),
            )
    return Classes(**{name: tuple(map(float, bounds)) for name, bounds in found.items()})


def _are_bounds(bounds: object) -> bool:
    if not isinstance(bounds, list) or not 1 <= len(bounds) <= MOST_BOUNDS:
        return False
    if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in bounds):
        return False
    return bounds[0] > 0 and all(a < b for a, b in itertools.pairwise(bounds))


def read_opening(config: dict[str, Any], folder: Path, known: Known) -> View:
    """Read the section ``[opening]``, which a study need not have: what a story may set.

    The keys of a series may stand in it without ``series``.
    """
    if "opening" not in config:
        return View()
    entry = section(config, "opening", folder)
    refuse_unknown(entry, KEYS["opening"], "opening", folder)
    view = _read_view(entry, "opening", folder, known)
    if view["state"].get("show") == "change":
        raise fault(
            folder, "opening.show", Message("Use one of: {choices}.", choices="rate, count")
        )
    bare = {key: value for key, value in entry.items() if key in SERIES_KEYS}
    return View(**{**view, "series": {**view["series"], **_series(bare, "opening", folder)}})


def read_stories(
    config: dict[str, Any], folder: Path, known: Known, *, digest: str
) -> tuple[Story, ...]:
    """Read the sections ``[[stories]]``, which a study need not have, in their order."""
    entries = config.get("stories", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise fault(folder, "stories", Message("Write each story as a section, [[stories]]."))
    stories = []
    for number, entry in enumerate(entries, start=1):
        name = f"stories {number}"
        refuse_unknown(entry, KEYS["stories"], name, folder)
        stories.append(
            Story(
                title=bilingual(entry, f"{name}.title", folder),
                text=bilingual(entry, f"{name}.text", folder),
                stale=entry.get("written_for", digest) != digest,
                **_read_view(entry, name, folder, known),
            )
        )
    return tuple(stories)


def _read_view(entry: dict[str, Any], name: str, folder: Path, known: Known) -> dict[str, Any]:
    """Return the fields of a `View`. `check_views` compares them with the figures there are."""
    state: dict[str, Any] = {}
    for key, choices in (("show", SHOWS), ("level", LEVELS), ("direction", DIRECTIONS)):
        if key in entry:
            state[key] = _one_of(entry[key], choices, f"{name}.{key}", folder)
    for key in ("grade", "top"):
        if key in entry:
            state[key] = _whole(entry[key], f"{name}.{key}", folder)
    if "layers" in entry:
        state["layers"] = [
            _one_of(layer, STORY_LAYERS, f"{name}.layers", folder)
            for layer in _list(entry["layers"], f"{name}.layers", folder)
        ]

    def places_of(key: str) -> tuple[str, ...]:
        named = _list(entry.get(key, []), f"{name}.{key}", folder)
        return tuple(_place(place, f"{name}.{key}", folder, known) for place in named)

    series = section(entry, f"{name}.series", folder) if "series" in entry else {}
    return {
        "series": _series(series, f"{name}.series", folder),
        "state": state,
        "focus": places_of("focus"),
        "zoom_to": places_of("zoom_to"),
        "select": next(iter(places_of("select")), ""),
        # Legs and links are known to those who find corridors.
        "without": tuple(_list(entry.get("without", []), f"{name}.without", folder)),
    }


def _series(entry: dict[str, Any], name: str, folder: Path) -> dict[str, str]:
    """Return the keys that say which series is meant, as far as they are given."""
    refuse_unknown(entry, KEYS["series"], name, folder)
    series = {key: text_of(entry, f"{name}.{key}", folder) for key in SERIES_KEYS if key in entry}
    if "measure" in series and series["measure"] not in MEASURES:
        raise fault(folder, f"{name}.measure", suggestion(series["measure"], MEASURES))
    return series


def _one_of(value: object, choices: Iterable[str], name: str, folder: Path) -> str:
    known = tuple(choices)
    if isinstance(value, str) and value in known:
        return value
    raise fault(
        folder,
        name,
        Message(
            "'{value}' is not known. {nearest} Use one of: {choices}.",
            value=value,
            nearest=suggestion(str(value), known),
            choices=", ".join(known),
        ),
    )


def _whole(value: object, name: str, folder: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise fault(folder, name, Message("Write a whole number of at least 1."))
    return value


def _list(value: object, name: str, folder: Path) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise fault(folder, name, Message('Write a list of names, such as ["Loreto", "Puno"].'))
    return listed


def _place(value: str, name: str, folder: Path, known: Known) -> str:
    code = value if value in known.codes else known.regions.get(casefolded(value))
    if code is None:
        raise fault(
            folder,
            name,
            Message(
                "No region and no place is called '{value}'. {nearest}",
                value=value,
                nearest=suggestion(casefolded(value), [*known.regions, *known.codes]),
            ),
        )
    return code


def section(config: dict[str, Any], name: str, folder: Path) -> dict[str, Any]:
    """Return a section that every study has."""
    found = config.get(name.rsplit(".", 1)[-1])
    if not isinstance(found, dict):
        raise fault(folder, name, Message("This section is missing."))
    return found


def text_of(found: dict[str, Any], name: str, folder: Path) -> str:
    """Return a text of a section; ``name`` is its full name, as in ``title.es``."""
    value = found.get(name.rsplit(".", 1)[-1])
    if not isinstance(value, str) or not value.strip():
        raise fault(folder, name, Message("This text is missing."))
    return value


def bilingual(config: dict[str, Any], name: str, folder: Path) -> Bilingual:
    """Return a text in both languages."""
    found = section(config, name, folder)
    refuse_unknown(found, KEYS["text"], name, folder)
    return Bilingual(
        es=text_of(found, f"{name}.es", folder), en=text_of(found, f"{name}.en", folder)
    )


def fault(folder: Path, key: str, fix: Message) -> StudyError:
    """Return the error that names the file, the key and what to do."""
    return StudyError(Message("{file}, [{key}]: {fix}", file=folder / STUDY_FILE, key=key, fix=fix))
