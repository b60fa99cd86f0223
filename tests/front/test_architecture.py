"""The shape of the project: imports go one way, and what is listed is what is there."""

import ast
import configparser
import importlib.util
import re
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[2]
CONFIG = configparser.ConfigParser()
CONFIG.read(ROOT / "setup.cfg", encoding="utf-8")
# Package -> its folder, as setup.cfg says.
FOLDERS = {
    package: ROOT / folder
    for package, folder in (
        re.split(r"\s*=\s*", line)
        for line in CONFIG["options"]["package_dir"].splitlines()
        if line.strip()
    )
}
# What each of the three packages may import of the others.
ALLOWED = {
    "corredor.geodata": {"corredor.geodata"},
    "corredor.routes": {"corredor.geodata", "corredor.routes"},
    "corredor.maps": {"corredor.geodata", "corredor.routes", "corredor.maps"},
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(package: str) -> list[tuple[str, Path]]:
    """Return the modules of a package and its inner packages with their dotted names."""
    found = []
    for name, folder in FOLDERS.items():
        if name == package or name.startswith(f"{package}."):
            found += [
                (name if path.stem == "__init__" else f"{name}.{path.stem}", path)
                for path in sorted([*folder.glob("*.py"), *folder.glob("*.pyi")])
            ]
    return found


@cache
def imports(name: str, path: Path, *, types: bool = True) -> list[tuple[str, list[str]]]:
    """Return (absolute module, names) of every import in a file, wherever it stands in it.

    Without ``types`` those are left out that only a type checker sees.
    """
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not types and id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            module = importlib.util.resolve_name(base, package) if node.level else base
            found.append((module, [alias.name for alias in node.names]))
    return found


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_go_one_way(package):
    assert len(modules(package)) > 1
    for name, path in modules(package):
        for module, names in imports(name, path):
            if module == "corredor":  # for the version, nothing else
                used = set(names) or set(re.findall(r"\bcorredor\.(\w+)", path.read_text("utf-8")))
                assert used - {"geodata", "routes", "maps"} <= {"__version__"}, relative(path)
            elif module.startswith("corredor."):
                assert ".".join(module.split(".")[:2]) in ALLOWED[package], relative(path)


@pytest.mark.parametrize("package", ALLOWED)
def test_no_modules_import_each_other_in_a_circle(package):
    """Imports inside functions count too; those for types alone do not."""
    known = {name for name, path in modules(package) if path.suffix == ".py"}
    graph = nx.DiGraph()
    for name, path in modules(package):
        if path.suffix != ".py":
            continue
        for module, names in imports(name, path, types=False):
            targets = {f"{module}.{one}" for one in names} & known or {module} & known
            graph.add_edges_from((name, target) for target in targets if target != name)
    assert [sorted(circle) for circle in nx.strongly_connected_components(graph)
            if len(circle) > 1] == []  # fmt: skip


def test_nobody_imports_the_bare_folder_names():
    for package in (*ALLOWED, "corredor"):
        for name, path in modules(package):
            roots = {module.split(".")[0] for module, _ in imports(name, path)}
            assert not roots & {"geodata", "routes", "maps"}, relative(path)


def test_listed_packages_are_the_folders_with_an_init():
    assert CONFIG["options"]["packages"].split() == list(FOLDERS)
    inits = {
        path.parent
        for folder in ("geodata", "routes", "maps", "src")
        for path in (ROOT / folder).rglob("__init__.py")
    }
    assert inits == set(FOLDERS.values())
    assert FOLDERS["corredor"] == ROOT / "src" / "corredor"
    for package in ALLOWED:
        assert FOLDERS[package] == ROOT / package.rpartition(".")[2]


def test_every_file_that_is_no_code_is_packaged():
    for package, folder in FOLDERS.items():
        patterns = CONFIG["options.package_data"].get(package, "").split()
        packaged = {path for pattern in patterns for path in folder.glob(pattern)}
        inner = [other for other in FOLDERS.values() if folder in other.parents]
        there = {
            path
            for path in folder.rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc")
            if not any(other in path.parents for other in inner)
        }
        assert there - packaged == set(), package
        assert not [pattern for pattern in patterns if not list(folder.glob(pattern))], package


def kind_of(name: str) -> int:
    """Return the place of a name in a list: constants, classes, functions."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2


@pytest.mark.parametrize("package", ALLOWED)
def test_public_names_are_sorted_and_there(package):
    module = importlib.import_module(package)
    assert module.__all__ == sorted(set(module.__all__))
    for name in module.__all__:
        assert getattr(module, name) is not None, name
    stub = FOLDERS[package] / "__init__.pyi"
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    found = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             for alias in node.names]  # fmt: skip
    # A helper is handed on by `as`, so that type checkers know it and nobody is promised it.
    assert {alias.name for alias in found if alias.asname is None} == set(module.__all__)
    for alias in found:
        assert getattr(module, alias.name) is not None, alias.name
    (listed,) = [
        ast.literal_eval(node.value)
        for node in ast.parse(stub.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
    ]
    assert listed == sorted(module.__all__, key=lambda name: (kind_of(name), name))


def test_the_version_stands_once():
    assert CONFIG["metadata"]["version"] == importlib.import_module("corredor").__version__


def test_tables_of_a_study_know_nothing_of_how_it_is_read():
    """The join works on the model of a study; reading a study uses the join, never the reverse."""
    every = dict(modules("corredor.geodata"))
    graph = nx.DiGraph()
    for name, path in every.items():
        for module, names in imports(name, path):
            used = {module, *(f"{module}.{one}" for one in names)} & set(every)
            graph.add_edges_from((name, other) for other in used - {name})
    reader = "corredor.geodata.study.read"
    assert "corredor.geodata.figures" in nx.descendants(graph, reader)
    for name in ("figures", "study.model", "layers.regions", "study.tables"):
        assert reader not in nx.descendants(graph, f"corredor.geodata.{name}")


# What `docs/architecture.md` names without the folder it lies in.
HOMES = ("", "geodata", "routes", "maps", "maps/js", "src/corredor")
NAMED = re.compile(r"`([\w-]+(?:/[\w.-]+)+/?)`")
FILE = re.compile(r"`([\w-]+\.(?:py|js|po|html|css|csv|toml|zip|cfg|md))`")


def exists(name: str) -> bool:
    """Tell whether a file, a folder, or a name in a module is there: `intake/personal.judge`."""
    for home in HOMES:
        path = ROOT / home / name
        if any(path.with_name(path.name + end).exists() for end in ("", ".py", ".js")):
            return True
        module, _, attribute = path.name.rpartition(".")
        file = path.with_name(f"{module}.py")
        if module and file.is_file():
            text = file.read_text(encoding="utf-8")
            return bool(re.search(rf"^(def|class) {attribute}\b|^{attribute}\b", text, re.M))
    return False


def test_what_the_architecture_page_names_is_there():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named, files = set(NAMED.findall(text)), set(FILE.findall(text))
    assert (len(named) > 50, len(files) > 10) == (True, True)
    assert sorted(name for name in named if not exists(name)) == []
    there = {path.name for folder in FOLDERS.values() for path in folder.rglob("*")}
    there |= {path.name for folder in ("", "docs", "tests") for path in (ROOT / folder).iterdir()}
    assert sorted(files - there) == []
    assert not exists("study/publication.no_such_name")
    assert not exists("no_such/file")
