"""Disclosure control: counts that are not public yet do not leave the program."""

import pytest
from corredor.geodata import Publication, StudyError, SuppressionError, protect


def test_published_tables_pass_unchanged(toy_study):
    before = {name: table.copy() for name, table in vars(toy_study.tables).items()}
    publication = protect(toy_study)
    assert isinstance(publication, Publication)
    assert publication.meta == toy_study.meta
    assert len(publication.withheld) == 0
    assert list(publication.withheld.columns) == ["table", "row", "reason"]
    for name, table in vars(publication.tables).items():
        assert table.equals(before[name]), name


@pytest.mark.parametrize("table", ["complaints", "flows"])
@pytest.mark.parametrize("mark", ["", ", published = false", ', published = "sha256:0"'])
def test_counts_not_marked_as_published_are_refused(change, table, mark):
    line = f'{table} = {{ file = "{table}.csv"'
    study = change("study.toml", f"{line}, published = true", f"{line}{mark}")
    assert table not in study.published
    message = rf"'{table}' holds counts and is not marked as published\..*write published = true"
    with pytest.raises(SuppressionError, match=message) as caught:
        protect(study)
    assert f"«{table}»" in caught.value.render("es") or f"'{table}'" in caught.value.render("es")


@pytest.mark.parametrize("mark", ['"true"', "1", "[]"])
def test_a_mark_that_is_no_mark_is_said_to_be_none(change, mark):
    with pytest.raises(StudyError, match=r"tables\.flows\.published\]: Write true or false"):
        change("study.toml", '"flows.csv", published = true', f'"flows.csv", published = {mark}')


def test_a_table_without_rows_has_nothing_to_protect(change):
    line = 'flows = { file = "flows.csv", published = true }'
    assert len(protect(change("study.toml", line, "")).tables.flows) == 0
