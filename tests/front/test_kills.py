"""Whatever stops a run, the old output or the new one is there: a few of `tests/kills.py`."""

import kills
from test_own_counts import register


def test_nothing_is_lost_or_left(tmp_path):
    publication = kills.invented(tmp_path, register)
    (tmp_path / "out").mkdir()
    found = kills.try_all(publication, tmp_path / "out", dict.fromkeys(kills.KINDS, 2))
    assert found == {kind: [] for kind in kills.KINDS}
