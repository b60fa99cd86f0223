"""The finished page: its policy, its bytes, and that nothing in a table becomes markup."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import folium
import pytest
from blocks import inflate, read_block
from corredor.geodata import CorredorWarning, protect
from corredor.geodata.messages import catalogue
from corredor.maps import atlas, build_scene
from corredor.maps.bundle import (
    bundle,
    module_names,
    module_text,
    needed_modules,
    page_messages,
    stage_script,
)
from corredor.maps.page import stylesheet
from corredor.maps.vendor import leaflet_script
from corredor.routes import find_corridors
from folium.plugins import MiniMap, TimestampedGeoJson

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% x %}"


class Page(HTMLParser):
    """What a browser would find: elements with their text, and the policy."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.text: list[str] = []
        self.source = text
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.text = []
        self.elements.append((tag, {name: value or "" for name, value in attrs}, self.text))

    def handle_endtag(self, tag):
        self.text = []

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag: str) -> list[tuple[dict[str, str], str]]:
        return [(attrs, "".join(text)) for name, attrs, text in self.elements if name == tag]

    @property
    def policy(self) -> dict[str, list[str]]:
        (content,) = [
            attrs["content"]
            for attrs, _ in self.all("meta")
            if attrs.get("http-equiv") == "Content-Security-Policy"
        ]
        parts = [part.split() for part in content.split(";")]
        return {name: values for name, *values in parts}

    @property
    def data(self) -> dict:
        return read_block(self.source)


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture(scope="module")
def peru_page(peru_publication) -> str:
    return atlas(peru_publication).get_root().render()


@pytest.fixture(scope="module")
def toy_page(toy_publication) -> str:
    return atlas(toy_publication).get_root().render()


def test_a_browser_reads_the_line_ends_that_were_hashed(toy_page):
    """It makes one of each pair before it hashes, and blocks what is another text then."""
    assert "\r" not in toy_page


@pytest.mark.parametrize("fixture", ["peru_page", "toy_page"])
def test_the_policy_names_exactly_what_stands_in_the_page(request, fixture):
    page = Page(request.getfixturevalue(fixture))
    scripts = [text for attrs, text in page.all("script") if "type" not in attrs]
    styles = [text for _, text in page.all("style")]
    assert page.policy == {
        "default-src": ["'none'"],
        "script-src": [hash_of(text) for text in [*scripts, bundle()]],
        "style-src": [hash_of(text) for text in styles],
        "img-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    assert len(scripts) == 3  # Leaflet, the map with its layers, the lines that start our script
    assert f">{bundle()}</script>" in inflate(request.getfixturevalue(fixture))
    assert len(styles) == 1
    assert all(text.strip() for text in scripts + styles)


def test_the_policy_comes_before_anything_it_rules(peru_page):
    assert 0 < peru_page.index("Content-Security-Policy") < peru_page.index("<style")
    assert peru_page.index("Content-Security-Policy") < peru_page.index("<script")
    assert "CONTENT_SECURITY_POLICY" not in peru_page


def test_nothing_unsafe_and_nothing_inline(peru_page):
    page = Page(peru_page)
    assert "unsafe" not in " ".join(value for values in page.policy.values() for value in values)
    for tag, attrs, _ in page.elements:
        assert not [name for name in attrs if name.startswith("on")], tag
        assert "style" not in attrs, tag


def test_nothing_is_loaded_from_anywhere(peru_page):
    page = Page(peru_page)
    for tag, attrs, _ in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "img", "audio", "video", "base"}
        assert "src" not in attrs, tag
        assert attrs.get("href", "#").startswith("#"), tag
    (style,) = [text for _, text in page.all("style")]
    assert "@import" not in style
    assert "url(" not in re.sub(r"url\([\"']?#", "", style)


def test_the_data_block_is_the_scene(peru_page, peru_scene):
    data = Page(peru_page).data
    assert data.pop("messages") == page_messages()
    assert data.pop("tiles") is None
    assert len(data.pop("corridors")["legs"]) > 30  # test_corridor_rows looks at them
    assert data == {k: v for k, v in json.loads(json.dumps(peru_scene)).items() if k != "corridors"}


def test_the_embedded_page_is_at_most_420_kb(peru_page):
    assert len(peru_page.encode("utf-8")) <= 420_000


def test_the_page_is_inflated_before_it_is_scanned(peru_page):
    """Other tests search pages for what must not be there: here is what must."""
    assert "Ministerio Público" not in peru_page
    assert "Ministerio Público" in inflate(peru_page)


@pytest.mark.parametrize(("lang", "title"), [("es", "País de prueba"), ("en", "Toy country")])
def test_the_page_opens_in_the_language_asked_for(toy_publication, lang, title):
    page = Page(atlas(toy_publication, lang=lang).get_root().render())
    ((html, _),) = page.all("html")
    ((_, shown),) = page.all("title")
    assert (html["lang"], shown) == (lang, title)


def test_both_languages_are_in_either_page(toy_publication):
    pages = [Page(atlas(toy_publication, lang=lang).get_root().render()) for lang in ("es", "en")]
    assert pages[0].data == pages[1].data
    assert pages[0].data["study"]["title"] == ["País de prueba", "Toy country"]


def test_two_builds_are_the_same_bytes(peru_publication, peru_page):
    assert atlas(peru_publication).get_root().render() == peru_page


def test_one_map_renders_the_same_twice(toy_publication):
    map_ = atlas(toy_publication)
    assert map_.get_root().render() == map_.get_root().render()


def test_one_map_with_a_layer_renders_the_same_twice(toy_publication):
    map_ = atlas(toy_publication)
    folium.Rectangle([[-9, -75], [-8.5, -74.5]]).add_to(map_)
    assert map_.get_root().render() == map_.get_root().render()


def test_another_process_builds_the_same_bytes(toy_folder, toy_page):
    """Sets of text are ordered differently in each process unless something sorts them."""
    program = (
        "import sys; from pathlib import Path; from corredor.maps import atlas;"
        "from corredor.geodata import protect, read_study;"
        "page = atlas(protect(read_study(Path(sys.argv[1])))).get_root().render();"
        "sys.stdout.buffer.write(page.encode())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(toy_folder)],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode() == toy_page


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("study.toml", "País de prueba"),
        ("study.toml", "Toy country"),
        ("study.toml", "Four squares"),
        ("sources.csv", "Oficina inventada"),
        ("sources.csv", "retells the report"),
        ("registers.csv", "Fiscalía"),
        ("districts.csv", "with a valley of Duna"),
        ("complaints.csv", "of the report"),
        ("complaints.csv", "Brisa Oeste"),
        ("complaints.csv", "Puerto Duna"),
        ("places.csv", "Pozo"),
        ("flows.csv", "towards the city"),
        ("flows.csv", "mixed"),
        ("regions.geojson", "Cobre"),
        ("neighbours.geojson", "Neighbour"),
    ],
)
def test_no_text_of_a_study_becomes_markup_or_script(toy_page, change, file, old):
    study = change(file, old, HOSTILE)
    text = atlas(protect(study)).get_root().render()
    page, harmless = Page(text), Page(toy_page)
    assert [(tag, sorted(attrs)) for tag, attrs, _ in page.elements] == [
        (tag, sorted(attrs)) for tag, attrs, _ in harmless.elements
    ]
    assert page.policy == harmless.policy
    assert "<img" not in text  # the block is base64, so this is the whole page
    assert "49" not in re.findall(r"<title>(.*?)</title>", text)[0]
    assert HOSTILE in json.dumps(page.data)


def test_a_title_that_is_the_placeholder_leaves_the_policy_alone(change):
    study = change("study.toml", "País de prueba", "CONTENT_SECURITY_POLICY")
    page = Page(atlas(protect(study)).get_root().render())
    assert page.policy["default-src"] == ["'none'"]
    assert page.all("title") == [({}, "CONTENT_SECURITY_POLICY")]


def test_an_address_that_is_no_web_address_never_reaches_the_page(change):
    with pytest.raises(ValueError, match="Give a full http"):
        change("sources.csv", "https://example.org/informe", "javascript:alert(1)")


def test_layers_without_files_of_their_own_cost_no_safety(toy_publication):
    map_ = atlas(toy_publication)
    folium.Rectangle([[-9, -75], [-8.5, -74.5]]).add_to(map_)
    page = Page(map_.get_root().render())
    scripts = [text for attrs, text in page.all("script") if "type" not in attrs]
    assert page.policy["script-src"] == [hash_of(text) for text in [*scripts, bundle()]]
    assert "L.rectangle" in scripts[-2]


def test_our_script_stands_behind_all_layers(toy_publication):
    map_ = atlas(toy_publication)
    folium.Rectangle([[-9, -75], [-8.5, -74.5]]).add_to(map_)
    page = map_.get_root().render()
    assert page.index("L.rectangle(\n") < page.index("DecompressionStream(")


def test_layers_from_other_hosts_warn_and_name_them(toy_publication):
    map_ = atlas(toy_publication)
    TimestampedGeoJson({"type": "FeatureCollection", "features": []}).add_to(map_)
    with pytest.warns(CorredorWarning, match="files from other hosts") as caught:
        page = Page(map_.get_root().render())
    linked = [attrs["src"] for attrs, _ in page.all("script") if "src" in attrs]
    linked += [attrs["href"] for attrs, _ in page.all("link")]
    text = str(caught.pop(CorredorWarning).message)
    assert not caught
    assert f"layers that load {len(linked)} files from other hosts" in text
    assert len(linked) >= 3
    for address in linked:
        assert address in text
        assert address in page.policy["script-src"]
    assert "unsafe" not in str(page.policy)


def test_the_warning_counts_files_once(toy_publication):
    texts = []
    for layers in (1, 2):
        map_ = atlas(toy_publication)
        for _ in range(layers):
            MiniMap().add_to(map_)
        with pytest.warns(CorredorWarning) as caught:
            map_.get_root().render()
        texts.append(str(caught[0].message))
    assert texts[0] == texts[1]


def test_tiles_of_another_host_warn_too(toy_publication):
    map_ = atlas(toy_publication)
    address = "https://tiles.example.org/{z}/{x}/{y}.png"
    folium.TileLayer(address, attr="invented").add_to(map_)
    with pytest.warns(CorredorWarning, match=re.escape(address)):
        page = Page(map_.get_root().render())
    assert page.policy["img-src"] == ["https:", "data:"]
    assert address not in page.policy["script-src"]


def test_all_modules_are_in_the_bundle_or_the_layers_and_each_after_those_it_needs():
    def mark(name):
        (kind, declared), *_ = re.findall(
            r"^(?:export )?(const|class|(?:async )?function\*?) (\w+)", module_text(name), re.M
        )
        return re.compile(rf"^{re.escape(kind)} {declared}\b", re.M)

    def place_of(name):
        found = mark(name).search(bundle())
        return found.start() if found else -1

    scripts = (bundle(), stage_script())
    for name in module_names():
        if name not in ("entry/start", "entry/layers"):
            assert any(mark(name).search(script) for script in scripts), name
            place = place_of(name)
            for needed in needed_modules(name):
                assert place == -1 or 0 <= place_of(needed) < place, (name, needed)
    assert not re.search(r"^(import|export)\b", bundle(), re.MULTILINE)


def test_modules_do_not_declare_the_same_name_twice():
    """They share one scope in the bundle."""
    text = "".join(map(module_text, module_names()))
    declared = re.findall(
        r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", text, re.MULTILINE
    )
    assert sorted(declared) == sorted(set(declared))


def test_the_scripts_hold_no_address_and_no_escape_hatch():
    assert set(re.findall("https?://[^\"'`]*", bundle())) <= {
        "http://www.w3.org/2000/svg",
        "http://schemas.openxmlformats.org",
    }
    for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert word not in bundle(), word
    assert "sourceMappingURL" not in leaflet_script()
    assert "\r" not in bundle() + leaflet_script() + stylesheet()


def test_every_text_of_the_script_is_in_spanish():
    messages = page_messages()
    assert len(messages) > 50
    assert [text for text, spanish in messages.items() if not spanish.strip()] == []
    known = catalogue("es")._catalog
    assert [text for text in messages if text not in known] == []


def test_the_toy_page_holds_the_toy_figures(toy_page, toy_publication):
    data = Page(toy_page).data
    del data["messages"], data["tiles"]
    corridors = find_corridors(toy_publication)
    scene = build_scene(toy_publication, corridors=corridors)
    assert data == json.loads(json.dumps(scene))


def test_tiles_that_are_offered_open_the_policy_for_their_host_alone(toy_publication):
    map_ = atlas(toy_publication, tiles="https://tiles.example.org:8443/{z}/{x}/{y}.png?k=1")
    page = Page(map_.get_root().render())
    assert page.policy["img-src"] == ["https://tiles.example.org:8443"]
    assert page.data["tiles"]["host"] == "tiles.example.org:8443"


@pytest.mark.parametrize(
    "tiles",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png; script-src *",
        "https://a b/{z}/{x}/{y}",
        "javascript:{z}{x}{y}",
    ],
)
def test_tiles_with_another_address_are_refused(toy_publication, tiles):
    with pytest.raises(ValueError, match="tiles need an address such as"):
        atlas(toy_publication, tiles=tiles)
