"""Every public name says in numpydoc what it takes, gives back and is."""

import importlib
import inspect
from typing import Any

import pytest
from numpydoc.validate import validate

# Headings in order, a summary on one line, every parameter and every result documented.
CHECKS = {"GL06", "GL07", "GL08", "SS01", "SS02", "SS03", "PR01", "PR02", "PR03", "RT01", "YD01"}
PACKAGES = ["corredor.geodata", "corredor.routes", "corredor.maps"]


def inherits_init(name: str) -> bool:
    """Tell whether a class is made as the one it comes from, which says what it takes."""
    module, _, own = name.rpartition(".")
    value = getattr(importlib.import_module(module), own, None) if module in PACKAGES else None
    return inspect.isclass(value) and issubclass(value, Exception) and "__init__" not in vars(value)


def public(package: str) -> list[str]:
    """Return the dotted names of what a package offers, methods of its classes included."""
    module = importlib.import_module(package)
    names = []
    for name in module.__all__:
        value: Any = getattr(module, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            names.append(f"{package}.{name}")
        if inspect.isclass(value):
            names += [
                f"{package}.{name}.{member}"
                for member, held in vars(value).items()
                if not member.startswith("_") and (inspect.isfunction(held))
            ]
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_public_docstrings_are_complete(package):
    names = public(package)
    assert len(names) > 5
    faults = [
        f"{name}: {code} {text}"
        for name in names
        for code, text in validate(name)["errors"]
        if code in CHECKS and not (code == "PR01" and inherits_init(name))
    ]
    assert faults == []
