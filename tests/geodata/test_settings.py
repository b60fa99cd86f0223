"""Settings of a study are changed in its file, with all else as it was."""

import pytest
from corredor.geodata import StudyError, empty_study, read_study
from corredor.geodata.study.settings import change_study


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path / "estudio", title="Antes")


def test_only_what_is_said_changes_and_comments_stay(study):
    before = (study / "study.toml").read_text(encoding="utf-8")
    changed = change_study(study, threshold=12, together=["periods"])
    assert (changed.meta.threshold, changed.meta.together) == (12, ("periods",))
    text = (study / "study.toml").read_text(encoding="utf-8")
    assert (
        text.replace("threshold = 12", "threshold = 10").replace('together = ["periods"]\n', "")
        == before
    )
    assert change_study(study, together=[]).meta.together == ()
    assert change_study(study, title='Con "comillas"').meta.title.en == 'Con "comillas"'


def test_nothing_said_changes_no_byte(study):
    before = (study / "study.toml").read_bytes()
    change_study(study)
    change_study(study, threshold=10)
    assert (study / "study.toml").read_bytes() == before


def test_stories_are_written_for_the_figures_there_are(study):
    said = {"es": "Madre de Dios", "en": "Madre de Dios"}
    story = {"title": said, "text": said, "show": "count", "zoom_to": ["17"]}
    (read,) = change_study(study, stories=[story]).meta.stories
    assert (read.title.es, read.zoom_to, read.stale) == ("Madre de Dios", ("17",), False)
    assert not change_study(study, stories=[]).meta.stories


@pytest.mark.parametrize(
    "wrong", [{"threshold": 3}, {"together": ["years"]}, {"title": " "},
              {"stories": [{"title": {"es": "a", "en": "a"}}]}],
    ids=str,
)  # fmt: skip
def test_what_makes_no_study_is_not_kept(study, wrong):
    before = (study / "study.toml").read_bytes()
    with pytest.raises(StudyError):
        change_study(study, **wrong)
    assert (study / "study.toml").read_bytes() == before
    assert read_study(study).meta.title.es == "Antes"
