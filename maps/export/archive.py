"""A study with all that was made of it in one file, and the check that it can be made again.

The file is an RO-Crate 1.1 (https://w3id.org/ro/crate): a ZIP with the study, its outputs,
``CITATION.cff`` and ``ro-crate-metadata.json``, which says of each file what it is, how large and
with which sum of check, and which versions made it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
from corredor.geodata import Publication, Study, protect, read_study
from corredor.geodata.arguments import as_path, check_type
from corredor.geodata.errors import DataFileError, SuppressionError
from corredor.geodata.files import inspect_file, write_whole
from corredor.geodata.messages import Language, Message
from corredor.geodata.places.gazetteer import read_rows
from corredor.geodata.study.contracts import CONTRACTS
from corredor.geodata.study.tables import as_rows, read_cells

import corredor

from ..interactive import atlas, write_page
from ..report.write import write_report
from ..report.zipped import zip_files
from ..scene.corridors import has_network
from .write import write_export

METADATA, CITATION = "ro-crate-metadata.json", "CITATION.cff"
STUDY, OUTPUTS = "study/", "outputs/"
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
# Whose versions may change a byte of an output.
_LIBRARIES = (
    "branca", "folium", "geopandas", "jinja2", "networkx", "numpy", "pandas", "pyogrio", "pyproj",
    "scipy", "shapely", "XStatic-Leaflet",
)  # fmt: skip
_FORMATS = {
    ".cff": "text/yaml", ".csv": "text/csv", ".geojson": "application/geo+json",
    ".html": "text/html", ".json": "application/json", ".toml": "application/toml",
    ".txt": "text/plain", ".zip": "application/zip",
}  # fmt: skip


@dataclass(frozen=True)
class Rerun:
    """What came out when the outputs of an archive were made again.

    Parameters
    ----------
    outputs : tuple of str
        All outputs of the archive.
    different : tuple of str
        Those with other bytes now.
    inputs : tuple of str
        Files of the study that are not those the archive was made of.
    versions : mapping of str to tuple of str
        Programs of another version: the one that made the archive, and the one here.
    """

    outputs: tuple[str, ...]
    different: tuple[str, ...]
    inputs: tuple[str, ...]
    versions: Mapping[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether every output has the same bytes, of the same files."""
        return not (self.different or self.inputs)


def write_archive(
    study: Study,
    path: str | Path,
    *,
    lang: Language = "es",
    progress: Callable[[], None] = lambda: None,
) -> Path:
    """Put a study and its outputs into one file, from which they can be made again.

    Parameters
    ----------
    study : Study
        A study of which everything is public; no other may be handed on.
    path : str or Path
        File to write: an RO-Crate, ``.crate.zip``. It holds the files of the study, the map, a
        report and the tables (all in ``outputs``), versions, sums of check and how to cite.
    lang : {"es", "en"}
        Language of the outputs.
    progress : callable, optional
        Called between the parts of the work.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    SuppressionError
        If the study holds own counts, or places that a publication shows less exactly.
    DataFileError
        If a table has columns that Corredor does not read (nobody has judged what is in them), two
        files have one name, or the file can't be written.
    """
    check_type(study, Study, "study")
    target = as_path(path)
    publication = protect(study)
    _refuse_withheld(study, publication)
    inputs = _inputs(study)
    outputs = make_outputs(publication, lang, progress)
    cited = _citation(publication, lang).encode()
    files = {**inputs, **outputs, CITATION: cited}
    described = _describe(publication, files, lang).encode()
    content = zip_files({METADATA: described, **files})
    return write_whole(target, lambda part: part.write_bytes(content))


def _refuse_withheld(study: Study, publication: Publication) -> None:
    """Refuse a study with counts that its publication does not show as they are."""
    for name in CONTRACTS:
        own, shown = getattr(study.tables, name), getattr(publication.tables, name)
        if name == "places":
            # Those of the embedded study are in everybody's hands as exact as they are.
            same = _stands_embedded(own)
            own, shown = own[~same], shown[~same] if len(shown) == len(own) else shown
        if publication.mode != "public" or not own.equals(shown):
            raise SuppressionError(
                Message(
                    "{study}: not all that its tables hold is public, and an archive hands the"
                    " files of a study on. Nothing was written. 'corredor export' writes what may"
                    " be seen.",
                    study=study.path,
                )
            )


def _stands_embedded(places: pd.DataFrame) -> pd.Series[bool]:
    known = {
        (row["place_id"], float(row["lat"] or "nan"), float(row["lon"] or "nan"))
        for row in read_rows("places.csv")
    }
    points = zip(places["place_id"], places["lat"], places["lon"], strict=True)
    return pd.Series([point in known for point in points], index=places.index, dtype=bool)


def _inputs(study: Study) -> dict[str, bytes]:
    """Return the files of the study by their names in the archive."""
    listed = [study.path / "study.toml", *(f for fs in study.files.values() for f in fs)]
    for name, files in study.files.items():
        for file in files if name in CONTRACTS else ():
            known = {column.name for column in CONTRACTS[name]}
            if unread := [column for column in read_cells(file) if column not in known]:
                raise DataFileError(
                    Message(
                        "{file}: Corredor does not read the column '{column}', so nobody has"
                        " judged what is in it, and an archive hands the file on. Remove the"
                        " column first.",
                        file=file,
                        column=unread[0],
                    )
                )
    found: dict[str, bytes] = {}
    for file in dict.fromkeys(listed):
        # As the paths are written: files of a study may be links, as those of an editable install.
        real, folder = (Path(os.path.normpath(path.absolute())) for path in (file, study.path))
        if not real.is_relative_to(folder):
            raise DataFileError(
                Message(
                    "{file}: it lies outside the folder of the study, so an archive would not hold"
                    " it. Copy it into the folder and name it in study.toml.",
                    file=file,
                )
            )
        found[STUDY + real.relative_to(folder).as_posix()] = file.read_bytes()
    return dict(sorted(found.items()))


def make_outputs(
    publication: Publication, lang: Language, progress: Callable[[], None] = lambda: None
) -> dict[str, bytes]:
    """Return the outputs of a publication by their names in the archive."""
    from corredor.routes import find_corridors

    corridors = find_corridors(publication) if has_network(publication) else None
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_page(atlas(publication, lang=lang, corridors=corridors or False), folder / "map.html")
        progress()
        write_report(publication, folder / "report.html", lang=lang, corridors=corridors)
        progress()
        write_export(publication, folder / "data", format="csv", lang=lang,
                     corridors=corridors or False)  # fmt: skip
        progress()
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        return {OUTPUTS + f.relative_to(folder).as_posix(): f.read_bytes() for f in files}


def rerun_archive(path: str | Path) -> Rerun:
    """Make the outputs of an archive again, and compare them byte by byte.

    Parameters
    ----------
    path : str or Path
        A file of `write_archive`.

    Returns
    -------
    Rerun
        What differs: outputs, files of the study, versions of programs.

    Raises
    ------
    DataFileError
        If the file is no such archive, or is damaged.
    """
    path = as_path(path)
    if inspect_file(path) != "zip":
        raise _no_archive(path)
    with zipfile.ZipFile(path) as archive:
        try:
            files = {name: archive.read(name) for name in archive.namelist()}
            entities = {one["@id"]: one for one in json.loads(files[METADATA])["@graph"]}
            lang = entities["./"]["inLanguage"]
            made_by = {v["name"]: v["version"] for v in entities.values() if _is_program(v)}
            sums = {name: one["sha256"] for name, one in entities.items() if "sha256" in one}
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise _no_archive(path) from error
    given = {name for name in files if name.startswith(STUDY) and not name.endswith("/")}
    listed = {name for name in sums if name.startswith(STUDY)}
    inputs = sorted(n for n in given | listed if _sum(files.get(n, b"")) != sums.get(n))
    outputs = {name for name in {*sums, *files} if name.startswith(OUTPUTS)}
    now = _make_again({name: files[name] for name in given}, lang, path)
    different = sorted(n for n in outputs | set(now) if _sum(now.get(n, b"")) != sums.get(n))
    here = versions()
    return Rerun(
        tuple(sorted(outputs)),
        tuple(different),
        tuple(name.removeprefix(STUDY) for name in inputs),
        {
            name: (made_by.get(name, "-"), here.get(name, "-"))
            for name in sorted({*made_by, *here})
            if made_by.get(name) != here.get(name)
        },
    )


def _make_again(study: Mapping[str, bytes], lang: Language, path: Path) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, content in study.items():
            inside = PurePosixPath(name)
            if inside.is_absolute() or ".." in inside.parts or "\\" in name or ":" in name:
                raise _no_archive(path)
            file = folder / inside
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return make_outputs(protect(read_study(folder / STUDY)), lang)


def _no_archive(path: Path) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: this is no archive of a study, or it is damaged. 'corredor archive' writes"
            " one.",
            file=path,
        )
    )


def _is_program(entity: Mapping[str, Any]) -> bool:
    return entity.get("@type") == "SoftwareApplication"


def versions() -> dict[str, str]:
    """Return the versions of all that an output may depend on."""
    import pyogrio
    import pyproj
    import shapely

    found = {"Corredor": corredor.__version__, "Python": platform.python_version()}
    found |= {name: metadata.version(name) for name in _LIBRARIES}
    return found | {
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "GDAL": pyogrio.__gdal_version_string__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _published_on(publication: Publication) -> str:
    """Return a date that follows from the study: the last day on which a source was read."""
    sources = publication.tables.sources
    return max([*sources["accessed"], *sources["date"]], default="") or "2000"


def _describe(publication: Publication, files: Mapping[str, bytes], lang: Language) -> str:
    """Return the metadata of the crate as JSON-LD."""
    meta = publication.meta
    at: Callable[[Any], str] = lambda text: text.es if lang == "es" else text.en  # noqa: E731
    programs = [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version}
        for name, version in versions().items()
    ]
    rights = Message(
        "The figures belong to those who published them: cite the publication that each row names."
        " {boundaries}",
        boundaries=at(meta.boundaries_note),
    ).render(lang)
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": at(meta.title),
            "description": at(meta.subtitle) or at(meta.title),
            "datePublished": _published_on(publication),
            "version": meta.fingerprint,
            "inLanguage": lang,
            "license": {"@id": "#rights"},
            "hasPart": [{"@id": name} for name in files],
            "mentions": {"@id": "#making"},
        },
        {
            "@id": "#rights",
            "@type": "CreativeWork",
            "name": Message("Rights").render(lang),
            "description": rights,
        },
        {
            "@id": "#making",
            "@type": "CreateAction",
            "name": "corredor archive",
            "instrument": [{"@id": one["@id"]} for one in programs],
            "object": [{"@id": name} for name in files if name.startswith(STUDY)],
            "result": [{"@id": name} for name in files if name.startswith(OUTPUTS)],
        },
        *programs,
        *(
            {
                "@id": name,
                "@type": "File",
                "name": PurePosixPath(name).name,
                "contentSize": str(len(content)),
                "sha256": _sum(content),
                "encodingFormat": _FORMATS.get(
                    PurePosixPath(name).suffix, "application/octet-stream"
                ),
            }
            for name, content in files.items()
        ),
    ]
    whole = {"@context": _CONTEXT, "@graph": graph}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _citation(publication: Publication, lang: Language) -> str:
    """Return how to cite the study, as Citation File Format: JSON is YAML."""
    title = publication.meta.title
    cited = {
        "cff-version": "1.2.0",
        "message": Message("Cite the publications that the rows name, and this data set.").render(
            lang
        ),
        "type": "dataset",
        "title": title.es if lang == "es" else title.en,
        "version": publication.meta.fingerprint,
        "authors": [{"name": "Corredor"}],
        "references": [
            {
                "type": "generic",
                "title": row.title,
                "authors": [{"name": row.publisher}],
                **({"url": row.url} if row.url else {}),
                **({"year": int(row.date[:4])} if row.date else {}),
            }
            for row in as_rows(publication.tables.sources)
        ],
    }
    return json.dumps(cited, ensure_ascii=False, indent=2) + "\n"
