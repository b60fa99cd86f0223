"""The gate: figures of public sources pass, own counts only as far as they are protected."""

import dataclasses

import pytest
from corredor.geodata import (
    Publication,
    StudyError,
    SuppressionError,
    TableError,
    copy_embedded,
    protect,
    read_study,
)
from corredor.geodata.study.publication import count_small, describe_small, narrow

OWN = "police,,Policía inventada,Registro,2019-02,https://example.org/registro,2026-01-02,public"


def test_public_sources_pass_unchanged(toy_study):
    before = {name: table.copy() for name, table in vars(toy_study.tables).items()}
    publication = protect(toy_study)
    assert isinstance(publication, Publication)
    assert publication.meta == toy_study.meta
    assert (publication.mode, publication.digest, publication.notes) == ("public", "", ())
    for name, table in vars(publication.tables).items():
        assert table.equals(before[name]), name


@pytest.mark.parametrize("access", ["own", ""])
def test_nothing_is_public_that_does_not_say_so(change, access):
    """Four regions of 8, 4, 2 and 16 people, and 30 in all: nothing but the total is safe."""
    study = change("sources.csv", OWN, OWN.replace("public", access))
    publication = protect(study)
    mine = publication.tables.complaints.query("source_id == 'police'")
    assert publication.mode == "protected"
    assert set(mine["value"]) <= {16.0, 30.0}
    assert not set(mine["value"]) & {8.0, 4.0, 2.0, 3.0}
    others = study.tables.complaints.query("source_id != 'police'")
    shown = publication.tables.complaints.query("source_id != 'police'")
    assert len(shown) == len(others)


def test_the_internal_mode_shows_own_counts_and_says_so(change):
    study = change("sources.csv", OWN, OWN.replace("public", "own"))
    publication = protect(study, internal=True)
    assert publication.mode == "internal"
    assert publication.tables.complaints.equals(study.tables.complaints)
    assert "INTERNAL" in publication.notes[0].render("en")


def test_a_publication_cannot_be_forged(toy_study):
    publication = protect(toy_study)
    with pytest.raises(SuppressionError, match="made by protect"):
        Publication(toy_study.meta, toy_study.tables, "public", 10, "", (), None, None, 0)
    with pytest.raises(SuppressionError, match="made by protect"):
        dataclasses.replace(publication, mode="public")
    with pytest.raises(dataclasses.FrozenInstanceError):
        publication.mode = "internal"
    assert narrow(publication, meta=toy_study.meta).mode == "public"


@pytest.mark.parametrize("cell", ["https://example.org/registro", "2026-01-02"])
def test_a_public_source_needs_an_address_and_a_day(change, cell):
    with pytest.raises(TableError, match="public source needs an address and the day"):
        change("sources.csv", OWN, OWN.replace(cell, ""))


@pytest.mark.parametrize("mark", ["true", "false", '"sha256:0"'])
def test_a_mark_beside_a_table_is_refused_with_the_way_to_say_it(change, mark):
    with pytest.raises(StudyError, match=r"tables\.flows\.published\]: .*access = public"):
        change("study.toml", '"flows.csv"', f'"flows.csv", published = {mark}')


def test_small_counts_of_public_sources_are_said(toy_study):
    """Of the police 8, 4, 2 and 3; of the NGO 6, 0 and 4."""
    assert count_small(toy_study.tables, 10) == {"police": 4, "ngo": 3}
    said = describe_small(toy_study.tables, 10)
    assert said is not None
    assert "7 counts under 10, from: police (4), ngo (3)." in said.render("en")
    assert describe_small(toy_study.tables, 0) is None


@pytest.mark.parametrize("table", ["complaints", "flows", "itineraries", "rankings", "context"])
def test_figures_put_into_a_copy_are_not_taken_for_those_of_its_sources(tmp_path, table):
    """The sources of the copy vouch for its figures, not for others in their place."""
    folder = copy_embedded(tmp_path / "mine")
    assert protect(read_study(folder)).mode == "public"
    file = folder / f"{table}.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    added = {
        "complaints": "region,,17,2017-01,2017-12,complaints,MP,all,3,,elcomercio2018_07,,",
        "flows": "F999,16,17,,2,count,2017-01,2017-12,sexual,elcomercio2018_07,,",
        "itineraries": "CASO-17,1,iquitos,river,spaciolibre_chs\nCASO-17,2,nauta,,spaciolibre_chs",
        "rankings": "MP,complaints,2017-01,2017-12,9,08,seed_livinginperu2018",
        "context": "X99,15,Un caso inventado,An invented case,1,people,seed_livinginperu2018",
    }[table]
    file.write_text("\n".join([header, *rows, added, ""]), encoding="utf-8")
    publication = protect(read_study(folder))
    assert publication.mode == "protected"
    assert len(getattr(publication.tables, table)) == len(rows)
    assert any("cite a source of the embedded study" in n.render("en") for n in publication.notes)


def test_a_table_without_rows_has_nothing_to_protect(change):
    study = change("study.toml", 'flows = { file = "flows.csv" }', "")
    assert len(protect(study).tables.flows) == 0
