"""What is written into every page is what was looked at: Leaflet, jQuery, pictures of markers."""

import pytest
from corredor.geodata import DataFileError
from corredor.maps import vendor


@pytest.fixture(autouse=True)
def fresh():
    cached = (vendor.leaflet_script, vendor.leaflet_style, vendor._jquery, vendor._marker_pictures,
              vendor._extra)  # fmt: skip
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


def everything():
    return [
        vendor.leaflet_script(),
        vendor.leaflet_style(),
        *vendor.scripts_for("L.marker(1); $(2)"),
        *map(vendor._extra, vendor._EXTRA),
    ]


def test_the_files_installed_are_those_that_are_known():
    assert len([text for text in everything() if text]) == 4 + len(vendor._EXTRA)


@pytest.mark.parametrize("name", vendor.DIGESTS)
def test_a_changed_file_is_not_written_into_a_page(monkeypatch, name):
    """Else its hash would go into the policy, which would allow it."""
    monkeypatch.setitem(vendor.DIGESTS, name, "0" * 64)
    with pytest.raises(DataFileError, match=f"{name}: this is not the file that Corredor was made"):
        everything()
