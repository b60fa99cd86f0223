"""Figures for print: what is drawn, in which classes and widths, and that nothing is cut off."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from corredor.geodata import StudyError, build_pairs, protect, roll_up
from corredor.maps import draw_figure
from corredor.maps.figure import palette
from corredor.maps.figure.curves import Link, choose_turns, make_arrow, point_on
from corredor.maps.figure.mapframe import to_plane
from corredor.maps.figure.picture import draw_scene, find_region
from corredor.maps.figure.svg import text_width, wrap
from corredor.maps.scene.build import build_scene
from hypothesis import given
from hypothesis import strategies as st

SVG = "{http://www.w3.org/2000/svg}"
SIZES = ("column", "page", "slide", "social")
VIEWS = ("complaints", "flows", "corridors", "matrix", "1", "2", "3", "4")
ROOT = Path(__file__).parents[2]


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def draw(peru_publication, peru_corridors):
    """Draw as `draw_figure` does, but from scenes that are built once."""
    scenes = {
        found: build_scene(peru_publication, corridors=peru_corridors if found else None)
        for found in (False, True)
    }

    def draw_(view, *, size="page", lang="es"):
        scene = scenes[view not in ("complaints", "flows", "matrix")]
        return draw_scene(peru_publication, scene, view, size=size, lang=lang)

    return draw_


@pytest.mark.parametrize("view", ["complaints", "1"])
def test_a_scene_built_before_gives_the_same_picture(peru_publication, draw, view):
    assert draw(view, size="slide").svg == draw_figure(peru_publication, view, size="slide").svg


@pytest.fixture(scope="module")
def complaints(peru_publication):
    return draw_figure(peru_publication, "complaints", lang="en")


def test_colours_are_those_of_the_page():
    files = list((ROOT / "maps" / "js").rglob("*.js"))
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    (body,) = re.findall(r"const LIGHT = \{\n(.*?)\n\};", source, re.DOTALL)
    page = dict(re.findall(r"(\w+): \"(#[0-9a-f]+)\"", body))
    for name in ("sea", "land", "coast", "ink", "flow", "itinerary", "nodata", "hatch", "dots"):
        assert getattr(palette, name.upper()) == page[name], name
    (classes,) = re.findall(r"classes: \[([^\]]*)\]", body)
    assert list(palette.CLASSES) == re.findall(r"#[0-9a-f]{6}", classes)


def test_each_region_has_the_colour_of_its_class(complaints, peru_publication):
    """Compared with classes worked out here from the figures and the printed bounds."""
    from corredor.maps import build_scene, find_breaks

    scene = build_scene(peru_publication)
    series = scene["study"]["opening"]["series"]
    rates = {
        scene["regions"][f["region"]]["id"]: f
        for f in scene["figures"]
        if f["series"] == series and f["level"] == "region" and f["shown"]
    }
    breaks = find_breaks([f["rate"] for f in rates.values()], scheme="jenks")
    drawn = {
        node.get("id"): node.get("fill")
        for node in ET.fromstring(complaints.svg).iter(f"{SVG}path")
        if (node.get("id") or "").startswith("m-r")
    }
    assert len(drawn) == 25
    for code, figure in rates.items():
        number = sum(figure["rate"] > bound + 1e-9 for bound in breaks)
        plain = palette.CLASSES[number]
        wanted = f"url(#unstable-{number})" if figure["value"] < 20 else plain
        assert drawn[f"m-r{code}"] == wanted, code


@pytest.mark.parametrize("grade", [1, 2, 4])
def test_pairs_and_widths_follow_the_evidence(peru_publication, grade):
    tables = peru_publication.tables
    pairs = build_pairs(roll_up(tables.flows, tables.places), tables.sources)
    wanted = {
        f"{row.origin}>{row.destination}": row.evidence
        for row in pairs.itertuples()
        if row.evidence >= grade
    }
    figure = draw_figure(peru_publication, "flows", grade=grade)
    arrows = {
        node.get("id").removeprefix("m-f"): node
        for node in ET.fromstring(figure.svg).iter(f"{SVG}g")
        if (node.get("id") or "").startswith("m-f")
    }
    assert sorted(figure.drawn["pairs"]) == sorted(wanted)
    assert {key.replace(">", "-") for key in wanted} == set(arrows)
    most = max(pairs["evidence"])
    for pair, evidence in wanted.items():
        node = arrows[pair.replace(">", "-")]
        width = float(node.get("data-width"))
        assert width == pytest.approx(max(1, evidence * min(1.1, 11 / most)), abs=0.006)
        assert node.get("data-evidence") == str(evidence)


def test_left_out_arrows_are_counted(peru_publication):
    figure = draw_figure(peru_publication, "flows", lang="en")
    (said,) = [text for text in texts(figure.svg) if "pairs drawn of" in text]
    drawn, total = map(int, re.findall(r"\d+", said)[:2])
    assert drawn == len(figure.drawn["pairs"]) <= 40
    assert total == len(draw_figure(peru_publication, "flows", grade=1).drawn["pairs"])


def test_an_empty_cell_of_the_matrix_is_no_report(peru_publication):
    """The matrix shows every pair, also those of one source."""
    tables = peru_publication.tables
    pairs = build_pairs(roll_up(tables.flows, tables.places), tables.sources)
    figure = draw_figure(peru_publication, "matrix", lang="en")
    assert sorted(figure.drawn["pairs"]) == sorted(pairs["origin"] + ">" + pairs["destination"])
    assert any("An empty cell is no report" in text for text in texts(figure.svg))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_text_lies_on_the_sheet(draw, view, size):
    figure = draw(view, size=size)
    width, height = figure.extent
    root = ET.fromstring(figure.svg)
    parents = {child: parent for parent in root.iter() for child in parent}
    for node in root.iter(f"{SVG}text"):
        if node.get("transform"):  # the slanted heads of the matrix
            continue
        x, y = float(node.get("x") or 0), float(node.get("y") or 0)
        size_ = float(node.get("font-size") or parents[node].get("font-size") or 9)
        long = text_width(node.text or "", size_)
        anchor = node.get("text-anchor") or parents[node].get("text-anchor") or "start"
        left = x - long * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        assert left >= -1, node.text
        assert left + long <= width + 1, node.text
        assert y <= height, node.text


@pytest.mark.parametrize("lang", ["es", "en"])
def test_says_what_it_shows_and_where_it_is_from(peru_publication, lang):
    figure = draw_figure(peru_publication, "complaints", lang=lang)
    root = ET.fromstring(figure.svg)
    assert root.get("lang") == lang
    assert figure.title == root.findtext(f"{SVG}title") != ""
    assert "Madre de Dios" in (root.findtext(f"{SVG}desc") or "")
    sources = [node.text for node in root.iter("{urn:corredor:sources}source")]
    assert sources
    assert all("http" in text for text in sources)
    assert any(text.startswith(("Sources: ", "Fuentes: ")) for text in texts(figure.svg))


def test_same_input_same_bytes(peru_publication):
    one, other = (draw_figure(peru_publication, "2", size="slide") for _ in range(2))
    assert one.svg == other.svg
    assert one.to_png(dpi=50) == other.to_png(dpi=50)
    assert one.to_pdf() == other.to_pdf()


def test_text_of_a_table_is_never_markup(change):
    """Invented names that would break out of SVG if they were written as they stand."""
    study = change("sources.csv", "Registro,", "</text><script>alert(1)</script>&amp;\x07,")
    svg = draw_figure(protect(study), "complaints", lang="en").svg
    root = ET.fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert "<script" not in svg


def test_unknown_view_and_region_are_refused(peru_publication):
    with pytest.raises(StudyError, match=r"no view and no story 'flow'.*Did you mean 'flows'"):
        draw_figure(peru_publication, "flow")
    with pytest.raises(StudyError, match=r"No region is called 'Cuzko'.*Did you mean 'Cusco'"):
        draw_figure(peru_publication, region="Cuzko")
    with pytest.raises(ValueError, match="size is 'poster', which is none of"):
        draw_figure(peru_publication, size="poster")
    with pytest.raises(StudyError, match="No two periods of this register"):
        draw_figure(peru_publication, "multiples")
    with pytest.raises(ValueError, match=r"path: '\.gif' is none of"):
        draw_figure(peru_publication).save("x.gif")


@pytest.mark.parametrize("name", ["Libertad, La", "LA  LIBERTAD", "13", "PE-LAL"])
def test_a_region_may_be_named_in_any_usual_way_for_a_figure(peru_scene, name):
    assert peru_scene["regions"][find_region(peru_scene, name)]["id"] == "13"


def test_region_fills_the_frame(peru_publication):
    whole, cusco = (draw_figure(peru_publication, region=region) for region in (None, "cusco"))
    assert len(cusco.drawn["regions"]) < len(whole.drawn["regions"]) == 25
    assert "08" in cusco.drawn["regions"]


@pytest.mark.parametrize("size", SIZES)
def test_the_inset_stays_in_its_frame(peru_publication, size):
    """Lima and Callao are drawn again, larger, and nothing of them covers the map."""
    root = ET.fromstring(draw_figure(peru_publication, "complaints", size=size).svg)
    paths = [
        node for node in root.iter(f"{SVG}path") if (node.get("id") or "").startswith("inset-r")
    ]
    shapes = [node.get("d") or "" for node in paths]
    numbers = [
        tuple(map(float, pair.split(",")))
        for d in shapes
        for pair in re.findall(r"-?[\d.]+,-?[\d.]+", d)
    ]
    assert len([d for d in shapes if d]) >= 2
    width = max(x for x, _ in numbers) - min(x for x, _ in numbers)
    height = max(y for _, y in numbers) - min(y for _, y in numbers)
    sheet = float(root.get("width"))
    assert width < 0.25 * sheet
    assert height < 0.25 * sheet


def test_areas_are_true():
    """The projection is equal-area: cells of one degree have the areas of the sphere."""
    for lat in (-18.0, -9.0, -0.5):
        (west, top), (east, bottom) = to_plane(lat + 0.5, -75), to_plane(lat - 0.5, -74)
        drawn = (east - west) * (bottom - top)
        strip = math.sin(math.radians(lat + 0.5)) - math.sin(math.radians(lat - 0.5))
        true = math.degrees(strip) / math.cos(math.radians(-9.2)) ** 2
        assert drawn == pytest.approx(true, rel=1e-9)


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is missing")
def test_arrows_are_bent_as_on_the_page(peru_publication):
    """The page's own script chooses the same turns and draws the same heads."""
    spots = {1: (100.0, 120.0), 2: (220.0, 300.0), 3: (300.0, 140.0), 4: (140.0, 330.0)}
    ends = [(1, 2, 9.0), (2, 1, 7.0), (3, 4, 5.0), (1, 1, 4.0), (4, 2, 3.0), (3, 2, 1.0)]
    links = [Link(a, b, spots[a], spots[b], w) for a, b, w in ends]
    obstacles = [(n, at, 6.2, None) for n, at in spots.items()]
    turns = choose_turns(links, obstacles)
    arrows = [
        make_arrow(link, turn, start_gap=5.7, end_gap=6.7)
        for link, turn in zip(links, turns, strict=True)
    ]
    script = f"""
    import {{ chooseBends }} from "{(ROOT / "maps/js/draw/bends.js").as_uri()}";
    import {{ arrow, bend, loop }} from "{(ROOT / "maps/js/core/geometry.js").as_uri()}";
    const spots = {json.dumps(spots)};
    const flows = {json.dumps(ends)}.map(([from, to, width]) =>
      ({{ from, to, width, start: spots[from], end: spots[to] }}));
    const obstacles = Object.entries(spots).map(([id, at]) =>
      ({{ id: Number(id), at, radius: 6.2, name: null }}));
    const steps = chooseBends(flows, obstacles, 420);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const heads = flows.map((f, i) => {{
      const turn = step.value[i];
      const own = f.from === f.to;
      const curve = own ? loop(f.start, 15 + f.width, turn) : bend(f.start, f.end, 420, turn);
      return arrow(curve, {{ width: f.width, startGap: 5.7, endGap: 6.7 }}).head;
    }});
    console.log(JSON.stringify({{ turns: step.value, heads }}));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    page = json.loads(done.stdout)
    assert turns == pytest.approx(page["turns"])
    for arrow, head in zip(arrows, page["heads"], strict=True):
        assert [c for point in arrow.head for c in point] == pytest.approx(
            [c for point in head for c in point], abs=1e-6
        )


@given(st.text(max_size=200), st.floats(min_value=20, max_value=400))
def test_wrapping_keeps_every_letter(text, width):
    lines = wrap(text, 10, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 10) <= width or len(line) <= 4 for line in lines)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["complaints", "1", "3"])
@pytest.mark.parametrize(
    ("lang", "said"), [("es", "copia de terceros"), ("en", "third-party copy")]
)
def test_says_where_totals_were_read(draw, view, size, lang, said):
    """What holds for every figure of a series stands on the sheet: it was read from a copy."""
    figure = draw(view, size=size, lang=lang)
    assert said in " ".join(texts(figure.svg))


def shafts(root: ET.Element) -> dict[str, list[tuple[float, float]]]:
    """Return points along the shaft of each arrow."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        if not group.get("data-width"):
            continue
        d = group.find(f"{SVG}path").get("d")
        curve = [tuple(map(float, pair.split(","))) for pair in re.findall(r"[-\d.]+,[-\d.]+", d)]
        found[group.get("id")] = [point_on(curve, step / 100) for step in range(101)]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_no_arrow_runs_through_a_name_or_another_place(peru_publication, draw, size):
    root = ET.fromstring(draw("flows", size=size).svg)
    lines = shafts(root)
    rings = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]
    # The key of the legend draws rings too, but no arrow reaches it.
    for name, line in lines.items():
        ends = (line[0], line[-1])
        others = [ring for ring in rings if min(math.dist(ring, end) for end in ends) > 25]
        assert all(math.dist(ring, p) > 4.2 for ring in others for p in line), name
    places = set(peru_publication.tables.regions["name"])
    parents = {child: parent for parent in root.iter() for child in parent}
    struck = []
    for node in root.iter(f"{SVG}text"):
        if node.text not in places or node.get("stroke") or node.get("aria-hidden"):
            continue
        x, y, size_ = (float(node.get(key)) for key in ("x", "y", "font-size"))
        half = text_width(node.text, size_) / 2.3
        assert parents[node].get("text-anchor") == "middle"
        box = (x - half, y - size_ * 0.7, x + half, y)
        struck += [
            (node.text, name)
            for name, line in lines.items()
            if any(box[0] < px < box[2] and box[1] < py < box[3] for px, py in line)
        ]
    assert not struck


@pytest.mark.parametrize("size", SIZES)
def test_the_strongest_corridors_have_the_first_numbers(
    peru_publication, peru_corridors, draw, size
):
    """A number is moved along its leg rather than left out, and widths have a legend."""
    figure = draw("4", size=size, lang="en")
    said = " ".join(texts(figure.svg))
    strongest = build_scene(peru_publication, corridors=peru_corridors)["corridors"]["legs"][0]
    assert strongest["name"] in said
    assert "10 sources" in said
    assert "river port" in said
    assert "by river" in said


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_no_higher_than_its_paper(peru_publication, view):
    """170 by 245 mm are left of A4 between its margins."""
    assert draw_figure(peru_publication, view, size="page").extent[1] <= 930


def test_a_no_break_space_holds():
    assert all("18\u00a0%" in line for line in wrap("18\u00a0% " * 9, 10, 60))
