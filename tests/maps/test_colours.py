"""The two palettes: told apart by colour-blind readers, in grey print, and against their ground."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from coloraide import Color

VISIONS = ("normal", "protan", "deutan", "tritan")
ROOT = Path(__file__).parents[2]


def read_palette(file: str, name: str) -> dict[str, str | list[str]]:
    source = (ROOT / "maps" / "js" / file).read_text(encoding="utf-8")
    (body,) = re.findall(rf"const {name} = \{{\n(.*?)\n\}};", source, re.DOTALL)
    found: dict[str, str | list[str]] = {}
    for key, value in re.findall(r"(\w+): (\[[^\]]*\]|\"[^\"]*\")", body):
        colours = re.findall(r"\"([^\"]*)\"", value)
        found[key] = colours if value.startswith("[") else colours[0]
    return found


PALETTES = {
    "light": read_palette("core/colours.js", "LIGHT"),
    "dark": read_palette("core/colours.js", "DARK"),
}


def seen(colour: str, vision: str) -> Color:
    """Return a colour as a reader sees it (Vienot et al. 1999; Brettel et al. 1997 for tritan)."""
    return Color(colour) if vision == "normal" else Color(colour).filter(vision)


def difference(one: str, other: str, vision: str) -> float:
    """Return CIEDE2000; 1 is just noticeable side by side, 10 is seen at a glance."""
    return seen(one, vision).delta_e(seen(other, vision), method="2000")


def lightness(colour: str) -> float:
    return Color(colour).convert("lab-d65")["lightness"]


@pytest.fixture(params=PALETTES)
def palette(request) -> dict:
    return PALETTES[request.param]


def test_both_palettes_name_the_same_colours():
    assert set(PALETTES["light"]) == set(PALETTES["dark"])
    assert len(PALETTES["light"]) > 20


@pytest.mark.parametrize("vision", VISIONS)
def test_neighbouring_classes_are_told_apart(palette, vision):
    for low, high in pairwise(palette["classes"]):
        assert difference(low, high, vision) >= 7, (low, high)


@pytest.mark.parametrize("vision", VISIONS)
def test_no_data_and_zero_look_like_no_class(palette, vision):
    # No data is hatched besides, zero is not.
    for special, least in (("zero", 5.5), ("nodata", 3)):
        for colour in palette["classes"]:
            assert difference(palette[special], colour, vision) >= least, (special, colour)


@pytest.mark.parametrize("vision", VISIONS)
def test_less_and_more_are_told_apart_and_from_no_change(palette, vision):
    steps = [*palette["less"][::-1], palette["same"], *palette["more"]]
    for one, other in combinations(steps, 2):
        assert difference(one, other, vision) >= 6, (one, other)


@pytest.mark.parametrize("vision", VISIONS)
def test_the_kinds_of_lines_are_told_apart(palette, vision):
    kinds = [palette[name] for name in ("flow", "itinerary", "water", "road", "corridor")]
    for one, other in combinations(kinds, 2):
        assert difference(one, other, vision) >= 10, (one, other)


def test_classes_grow_steadily_in_grey_print(palette):
    steps = [b - a for a, b in pairwise(map(lightness, palette["classes"]))]
    assert all(abs(step) >= 6 for step in steps)
    assert len({step > 0 for step in steps}) == 1
    rising = lightness(palette["sea"]) < lightness(palette["ink"])  # dark ground: more is lighter
    assert (steps[0] > 0) == rising


def test_flows_and_names_stand_out_from_every_ground(palette):
    grounds = [palette["sea"], palette["land"], palette["nodata"], *palette["classes"]]
    for ground in grounds:
        # What is too close to its ground is carried by its casing or halo.
        flow = Color(palette["flow"])
        assert max(flow.contrast(Color(c)) for c in (ground, palette["casing"])) >= 7
    for name in ("ink", "waterName", "flow"):
        halo = Color(palette["casing"])
        assert Color(palette[name]).contrast(halo) >= 4.5, name
    for name in ("muted", "swatch"):
        assert Color(palette[name]).contrast(Color(palette["casing"])) >= 2.8, name


# Each mark with what it is drawn on, and the least difference at which it is seen there.
MARKS = {
    ("corridorLine", "corridor"): 30,
    ("corridor", "land"): 15,
    ("corridor", "sea"): 15,
    ("corridor", "empty"): 15,
    ("coast", "sea"): 9,
    ("coast", "land"): 9,
    ("lake", "land"): 4,
    ("hatch", "nodata"): 9,
    ("dots", "nodata"): 15,
    ("quiet", "empty"): 12,
    ("swatch", "empty"): 20,
    ("country", "land"): 20,
    ("seaName", "sea"): 15,
    ("circle", "empty"): 20,
    ("ink", "casing"): 40,
    ("muted", "casing"): 30,
    ("waterName", "casing"): 30,
}


@pytest.mark.parametrize("vision", VISIONS)
def test_every_mark_is_seen_on_its_ground(palette, vision):
    for (mark, ground), least in MARKS.items():
        assert difference(palette[mark], palette[ground], vision) >= least, (mark, ground)


def test_the_broken_middle_of_a_band_is_seen_in_grey(palette):
    """It is what makes a corridor inferred, so it may not rest on its hue."""
    assert abs(lightness(palette["corridorLine"]) - lightness(palette["corridor"])) >= 40


@pytest.mark.parametrize("vision", VISIONS)
def test_borders_are_seen_between_any_two_classes(palette, vision):
    for colour in palette["classes"]:
        assert difference(palette["border"], colour, vision) >= 5.5, colour


def test_halos_are_the_casing_a_little_transparent(palette):
    halo = Color(palette["halo"])
    assert halo.convert("srgb").coords() == Color(palette["casing"]).coords()
    assert halo["alpha"] >= 0.8


def test_no_colour_is_left_out_of_these_tests():
    lists = {"classes", "less", "more", "same", "zero", "nodata"}
    lines = {"flow", "itinerary", "water", "road", "corridor", "border", "halo", "casing"}
    assert set(PALETTES["light"]) == lists | lines | {name for pair in MARKS for name in pair}


def test_dark_is_dark_and_not_black():
    dark = PALETTES["dark"]
    for name in ("sea", "land", "casing", "nodata"):
        assert 5 < lightness(dark[name]) < 30, name


def test_colours_stand_in_their_place_only():
    """A colour written anywhere else would stay as it is when the theme changes."""
    for file in sorted((ROOT / "maps" / "js").rglob("*.js")):
        code = file.read_text(encoding="utf-8")
        if file.name != "colours.js":
            assert not re.findall(r"\"(?:#[0-9a-fA-F]{3,8}|rgba?\([^\"]*)\"", code), file.name
    for file in sorted((ROOT / "maps" / "css").glob("*.css")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip().startswith("--"):
                assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", line), (file.name, line)
