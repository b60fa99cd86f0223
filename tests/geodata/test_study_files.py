"""Tables of a study that stand in several files."""

import pytest
from corredor.geodata import StudyError, TableError, read_study

ONE = 'flows = { file = "flows.csv" }'


@pytest.fixture
def split(toy_folder):
    """Move the last row of the toy study's flows to a file of its own."""
    lines = (toy_folder / "flows.csv").read_text(encoding="utf-8").splitlines()

    def split_(last=lines[-1], files='["flows.csv", "more.csv"]'):
        (toy_folder / "flows.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
        (toy_folder / "more.csv").write_text(f"{lines[0]}\n{last}\n", encoding="utf-8")
        study = toy_folder / "study.toml"
        text = study.read_text(encoding="utf-8")
        assert ONE in text
        new = f"flows = {{ file = {files} }}"
        study.write_text(text.replace(ONE, new), encoding="utf-8")
        return read_study(toy_folder)

    return split_


def test_rows_of_several_files_follow_each_other(split, toy_study):
    study = split()
    assert study.tables.flows.equals(toy_study.tables.flows)


def test_the_fingerprint_covers_all_files(split, toy_folder):
    before = split().meta.fingerprint
    with (toy_folder / "more.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert read_study(toy_folder).meta.fingerprint != before


def test_a_key_may_not_stand_in_two_files(split, toy_folder):
    first = (toy_folder / "flows.csv").read_text(encoding="utf-8").splitlines()[1]
    with pytest.raises(TableError, match=r"row 2, column flow_id, .F1.*in flows\.csv too"):
        split(last=first)


@pytest.mark.parametrize("files", ["[]", '["flows.csv", 3]'])
def test_a_list_of_files_must_name_files(split, files):
    with pytest.raises(StudyError, match=r"tables\.flows"):
        split(files=files)


def test_a_layer_is_one_file(toy_folder):
    study = toy_folder / "study.toml"
    text = study.read_text(encoding="utf-8")
    new = text.replace('"regions.geojson"', '["regions.geojson"]')
    assert new != text
    study.write_text(new, encoding="utf-8")
    with pytest.raises(StudyError, match=r"tables\.regions"):
        read_study(toy_folder)
