"""The public names: few, documented, reachable as `corredor.NAME`, and careful at the door."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from corredor.geodata.arguments import accepted

import corredor as co

NAMES = [*co.__all__]
FUNCTIONS = [name for name in NAMES if inspect.isfunction(getattr(co, name))]
WITH_ARGUMENTS = [name for name in FUNCTIONS if accepted(inspect.unwrap(getattr(co, name)))]
# What an annotation may come down to, besides classes of ours and of tables.
PLAIN = {"None", "str", "int", "float", "bool", "Path", "PathLike", "Sequence", "Collection",
         "Iterable", "Mapping", "Callable", "tuple", "list", "dict", "set", "frozenset",
         "DataFrame", "GeoDataFrame", "Series", "MultiGraph", "Map"}  # fmt: skip


def test_they_are_few():
    # Sixty, and the four that hand data on: export, archive, its making again, and what differs.
    assert 30 <= len(NAMES) <= 60
    assert [*NAMES] == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name):
    assert inspect.getdoc(getattr(co, name)).strip()


def test_the_stub_says_the_same():
    stub = ast.parse(Path(co.__file__).with_suffix(".pyi").read_text("utf-8"))
    (listed,) = [ast.literal_eval(node.value) for node in stub.body if isinstance(node, ast.Assign)]
    assert sorted(listed) == NAMES
    for node in stub.body:
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(f"corredor.{node.module}")
            for alias in node.names:
                bare = inspect.unwrap(getattr(co, alias.name))
                assert bare is inspect.unwrap(getattr(module, alias.name))


def test_the_lines_of_the_readme_work():
    publication = co.protect(co.read_study())
    assert co.atlas(publication, lang="en").get_name()
    assert co.figures(publication)["rate"].notna().any()
    assert len(co.find_corridors(publication).legs)


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_what_an_argument_may_be_is_known(name):
    """A type that is known to type checkers alone would let every value pass, or none."""
    for argument, wanted in accepted(inspect.unwrap(getattr(co, name))).items():
        for one in wanted:
            assert isinstance(one, tuple) or one in PLAIN or one[0].isupper(), (argument, one)


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_a_wrong_type_gets_one_sentence(name):
    function = getattr(co, name)
    needed = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
    ]
    first = next(iter(accepted(inspect.unwrap(function))))
    given = {parameter.name: object() for parameter in needed} or {first: object()}
    with pytest.raises(co.ArgumentError) as caught:
        function(**given)
    text = caught.value.render("en")
    assert text.startswith(f"{name}: ")
    assert "\n" not in text
    assert caught.value.render("es") != text
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_a_wrong_choice_gets_one_sentence_with_the_choices(name):
    from corredor.geodata.arguments import _checked

    for argument, wanted in accepted(inspect.unwrap(getattr(co, name))).items():
        choices = [one for part in wanted if isinstance(part, tuple) for one in part]
        if choices and "str" not in wanted:
            with pytest.raises(ValueError, match=re.escape(", ".join(map(str, choices)))):
                _checked(name, argument, "nothing of the kind", wanted)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: co.atlas(co.read_study()), "must be Publication, not Study. Use protect(study)."),
        (lambda: co.protect("folder"), "must be Study, not a text. Use read_study(path)."),
        (lambda: co.figures("x"), "Use protect(read_study(path))."),
        (
            lambda: co.render_embed("x.html", lang="EN"),
            "lang is 'EN', which is none of: es, en. Did you",
        ),
        (lambda: co.render_embed("x.html", height=True), "height must be a whole number, not True"),
        (lambda: co.write_page(3, "x.html"), "map_ must be Map, not a whole number"),
    ],
)
def test_a_usual_slip_is_told_the_way(call, said):
    with pytest.raises(co.ArgumentError, match=re.escape(said)):
        call()


READERS = [
    name
    for name in FUNCTIONS
    if name.startswith("read_") and "path" in inspect.signature(getattr(co, name)).parameters
]


@pytest.mark.parametrize("name", READERS)
def test_a_text_is_a_path(name, tmp_path):
    function = getattr(co, name)
    given = {"path": str(tmp_path / "gone.csv")}
    for parameter in inspect.signature(function).parameters.values():
        asked = parameter.default is parameter.empty and parameter.kind != parameter.VAR_KEYWORD
        if asked and parameter.name not in given:
            given[parameter.name] = resolver() if parameter.name == "resolver" else "complaints"
    with pytest.raises(co.CorredorError, match="gone"):
        function(**given)


def test_options_that_readers_share_are_looked_at_too():
    with pytest.raises(co.ArgumentError, match="header_row must be a whole number, not a text"):
        co.read_mininter("gone.csv", source_id="s", header_row="1")
    with pytest.raises(TypeError, match=r"read_mininter\(\) got an unexpected .* 'heading'"):
        co.read_mininter("gone.csv", source_id="s", heading=1)


def resolver():
    from corredor.geodata.places.build import build_resolver

    return build_resolver(places=co.read_study().tables.places)


def test_importing_is_quick():
    program = "import corredor, time; print(time.process_time())"
    seconds = min(
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                             check=True).stdout)
        for _ in range(3)
    )  # fmt: skip
    assert seconds < 0.10


@pytest.mark.parametrize("package", ["geodata", "routes", "maps"])
def test_the_page_of_names_lists_those_of_each_package(package):
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    section = text.split(f"\n## corredor.{package}\n")[1].split("\n## ")[0]
    promised = importlib.import_module(f"corredor.{package}").__all__
    named = set(re.findall(r"`([A-Za-z_]+)`", section))
    assert set(promised) <= named
    listed = set(re.findall(r"(?m)^- `([A-Za-z_]+)`", section)) - {"figures"}
    assert listed <= set(promised)


def test_the_packages_promise_what_corredor_does():
    packages = [
        importlib.import_module(f"corredor.{name}") for name in ("geodata", "routes", "maps")
    ]
    assert {name for package in packages for name in package.__all__} | {"figures"} == set(NAMES)


def test_the_first_notebook_needs_few_names():
    text = (Path(__file__).parents[2] / "notebooks" / "01_first_map.ipynb").read_text("utf-8")
    used = set(re.findall(r"\bco\.(\w+)", text)) - {"write_page"}  # named in its text alone
    assert used <= set(NAMES)
    assert len(used) <= 6
    assert "from corredor" not in text
