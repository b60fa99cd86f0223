"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest
from corredor.geodata import DataFileError
from corredor.maps import atlas, write_page

OLD = b"the map of last year"


@pytest.fixture(scope="module")
def map_(toy_publication):
    return atlas(toy_publication)


@pytest.fixture
def target(tmp_path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "map.html"
    path.write_bytes(OLD)
    return path


def assert_untouched(target: Path) -> None:
    assert target.read_bytes() == OLD
    assert [path.name for path in target.parent.iterdir()] == ["map.html"]


def test_the_file_is_the_page(map_, target):
    assert write_page(map_, target) == target
    assert target.read_text(encoding="utf-8") == map_.get_root().render()
    assert [path.name for path in target.parent.iterdir()] == ["map.html"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_file_has_the_permissions_of_any_new_file(map_, target, tmp_path):
    (tmp_path / "other").write_text("")
    write_page(map_, target)
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_a_page_that_cannot_be_drawn_leaves_the_old_file(map_, target, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("no page today")

    monkeypatch.setattr(type(map_.get_root()), "render", fail)
    with pytest.raises(RuntimeError, match="no page today"):
        write_page(map_, target)
    assert_untouched(target)


@pytest.mark.parametrize(
    ("owner", "name"), [(Path, "mkdir"), (Path, "write_bytes"), (Path, "replace")]
)
def test_a_disk_that_fails_leaves_the_old_file(map_, target, monkeypatch, owner, name):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(DataFileError, match=r"map\.html: cannot write here \(No space left on dev"):
        write_page(map_, target)
    monkeypatch.undo()
    assert_untouched(target)


def test_an_interruption_leaves_the_old_file(map_, target, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_page(map_, target)
    monkeypatch.undo()
    assert_untouched(target)


@pytest.mark.parametrize("where", ["gone/map.html", "out/map.html/map.html"])
def test_a_folder_that_is_not_there_is_named(map_, target, tmp_path, where):
    with pytest.raises(DataFileError, match=r"map\.html: cannot write here \("):
        write_page(map_, tmp_path / where)
    assert_untouched(target)


def test_a_folder_is_not_replaced_by_a_file(map_, tmp_path):
    folder = tmp_path / "map.html"
    folder.mkdir()
    with pytest.raises(DataFileError, match=r"map\.html: this is a folder"):
        write_page(map_, folder)
    assert [path.name for path in tmp_path.iterdir() if path.name != "toy"] == ["map.html"]
    assert folder.is_dir()


def test_text_is_a_path_too(map_, target):
    assert write_page(map_, str(target)) == target
    assert target.read_text(encoding="utf-8") == map_.get_root().render()


def test_what_is_no_map_or_no_path_is_said_in_one_sentence(toy_publication, map_, target):
    with pytest.raises(TypeError, match="map_ must be Map, not Publication"):
        write_page(toy_publication, target)
    with pytest.raises(TypeError, match="path must be a text or a path, not None"):
        write_page(map_, None)
