"""What public functions are given: a wrong type or choice gets one sentence, at the door.

Functions are checked by their own annotations, and only when they are reached by their public
name; inside, code trusts what it gets. Constructors say what they take with `check_type` and
`check_choice`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import os
import sys
import types
import typing
from collections import abc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import lazy_loader

from .errors import ArgumentError, nearest, suggestion
from .messages import Message

_NUMBERS = {"int": ("int", "integer"), "float": ("float", "int", "integer", "floating")}
_SPOKEN = {"str": Message("a text"), "Path": Message("a path"), "PathLike": Message("a path"),
           "int": Message("a whole number"),
           "float": Message("a number"), "bool": Message("True or False"),
           "Sequence": Message("a list"), "Collection": Message("a list"),
           "Iterable": Message("a list"), "Mapping": Message("a mapping"),
           "None": Message("None")}  # fmt: skip
# What to do with a value of one type where another is needed.
_WAYS = {
    ("Study", "Publication"): "protect(study)",
    ("str", "Publication"): "protect(read_study(path))",
    ("Path", "Publication"): "protect(read_study(path))",
    ("str", "Study"): "read_study(path)",
    ("Path", "Study"): "read_study(path)",
    ("Publication", "Map"): "atlas(publication)",
    ("Reading", "DataFrame"): "reading.table",
    ("Study", "Tables"): "protect(study).tables",
    ("Publication", "Tables"): "publication.tables",
}


def attach(name: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package from its stub.

    Each module is imported when a name of it is first used, and functions check their arguments.
    The stub may import more than its ``__all__`` promises: helpers for the other packages.
    """
    modules: dict[str, list[str]] = {}
    promised: list[str] = []
    for node in ast.parse(Path(file).with_suffix(".pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            modules.setdefault(node.module, []).extend(alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            promised = sorted(ast.literal_eval(node.value))
    get, _, _ = lazy_loader.attach(name, submod_attrs=modules)

    def get_checked(wanted: str) -> Any:
        found = get(wanted)
        if inspect.isfunction(found) and not hasattr(found, "checked"):
            found = checked(found)
            vars(sys.modules[name])[wanted] = found  # the loader has put the bare one there
        return found

    return get_checked, promised.copy, promised


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that looks at its arguments before it does anything."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = _signature(function).bind(*args, **kwargs)
        except TypeError:  # too few or too many: Python says it with the name of the function
            return function(*args, **kwargs)
        known = accepted(function)
        for name, value in bound.arguments.items():
            if name in known:
                bound.arguments[name] = _checked(function.__name__, name, value, known[name])
        rest = bound.arguments.get(_gathered(function), {})
        for name, value in rest.items():
            if name not in known:
                raise TypeError(
                    f"{function.__name__}() got an unexpected keyword argument '{name}'"
                )
            rest[name] = _checked(function.__name__, name, value, known[name])
        return function(*bound.args, **bound.kwargs)

    vars(call)["checked"] = True  # once is enough, whatever packages hand it on
    return call


@functools.cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


@functools.cache
def accepted(function: Callable[..., Any]) -> dict[str, tuple[object, ...]]:
    """Return what each argument may be: names of types, and choices as tuples of their values."""
    scope = _scope(function)
    found = {}
    for name, annotation in annotations_of(function).items():
        if isinstance(annotation, str):
            alternatives = _read(ast.parse(annotation, mode="eval").body, scope)
            if "Any" not in alternatives and "object" not in alternatives:
                found[name] = tuple(alternatives)
    return found


def annotations_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotation of each argument; those of ``**x: Unpack[T]`` one by one."""
    found = {}
    for name, parameter in _signature(function).parameters.items():
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            found[name] = parameter.annotation
        elif name == _gathered(function):
            shared = _scope(function)[parameter.annotation.removeprefix("Unpack[").rstrip("]")]
            found |= {one: text.__forward_arg__ for one, text in shared.__annotations__.items()}
    return found


def _gathered(function: Callable[..., Any]) -> str:
    """Return the name of ``**x: Unpack[T]``, options that several functions share; else ""."""
    for name, parameter in _signature(function).parameters.items():
        shared = str(parameter.annotation).startswith("Unpack[")
        if shared and parameter.kind is parameter.VAR_KEYWORD:
            return name
    return ""


def _scope(function: Callable[..., Any]) -> dict[str, Any]:
    return {**vars(typing), **getattr(inspect.unwrap(function), "__globals__", {})}


def _read(node: ast.expr, scope: dict[str, Any]) -> list[object]:
    """Read an annotation without importing what it names: most names are for type checkers."""
    match node:
        case ast.BinOp(left=left, right=right):
            return [*_read(left, scope), *_read(right, scope)]
        case ast.Constant(value=value):
            return ["None" if value is None else value]
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choices):
            values = ast.literal_eval(choices)
            return [values if isinstance(values, tuple) else (values,)]
        case ast.Subscript(value=head):
            return _read(head, scope)
        case ast.Attribute(attr=name):
            return [name]
        case ast.Name(id=name):
            return _resolve(scope.get(name), name)
    return ["Any"]


def _resolve(meant: Any, name: str) -> list[object]:
    """Return what a name stands for: a choice, one of several types, or a type."""
    if typing.get_origin(meant) is typing.Literal:
        return [typing.get_args(meant)]
    if isinstance(meant, types.UnionType) or typing.get_origin(meant) is typing.Union:
        return [part for one in typing.get_args(meant) for part in _resolve(one, one.__name__)]
    if isinstance(meant, typing.TypeVar):
        return ["Any"]
    if (origin := typing.get_origin(meant)) is not None:  # such as Callable[[str], None]
        return [origin.__name__]
    return [name]


def _checked(function: str, name: str, value: object, wanted: tuple[object, ...]) -> object:
    choices = [one for part in wanted if isinstance(part, tuple) for one in part]
    kinds = [part for part in wanted if isinstance(part, str)]
    if choices and any(value == one and type(value) is type(one) for one in choices):
        return value
    if any(_is_a(value, kind, kinds) for kind in kinds):
        is_path = {"Path", "PathLike"} & {*kinds} and isinstance(value, (str, os.PathLike))
        return Path(value) if is_path else value  # type: ignore[arg-type]
    if choices and isinstance(value, str):
        text = Message(
            "{function}: {name} is '{value}', which is none of: {choices}.",
            function=function,
            name=name,
            value=value,
            choices=", ".join(map(str, choices)),
        )
        if nearest(value, map(str, choices)):
            hint = suggestion(value, map(str, choices))
            text = Message("{text} {fix}", text=text, fix=hint)
        raise ArgumentError(text)
    got = type(value).__name__
    way = next((_WAYS[got, kind] for kind in kinds if (got, kind) in _WAYS), None)
    text = Message(
        "{function}: {name} must be {expected}, not {got}.",
        function=function,
        name=name,
        expected=_or(choices, kinds),
        got=_SPOKEN.get({"NoneType": "None"}.get(got, got), got),
    )
    raise ArgumentError(text if way is None else Message("{text} Use {way}.", text=text, way=way))


def _is_a(value: object, kind: str, kinds: list[str]) -> bool:
    if kind == "None":
        return value is None
    if kind in ("Path", "PathLike"):
        return isinstance(value, (str, os.PathLike))
    if kind == "bool":
        return type(value).__name__ in ("bool", "bool_")
    if isinstance(value, bool):
        return False
    lineage = {one.__name__ for one in type(value).__mro__}
    if kind in _NUMBERS:
        return bool(lineage & set(_NUMBERS[kind]))
    if kind in ("Sequence", "Collection", "Iterable", "Mapping", "Callable"):
        # A text is a sequence of letters, which nobody means.
        alone = isinstance(value, str) and "str" not in kinds
        return isinstance(value, getattr(abc, kind)) and not alone
    return kind in lineage


def _or(choices: list[object], kinds: list[str]) -> Message | str:
    parts = [_SPOKEN.get(kind, kind) for kind in kinds if kind != "None"]
    if choices:
        parts.insert(0, Message("one of {choices}", choices=", ".join(map(str, choices))))
    whole = parts[0]
    for part in parts[1:]:
        whole = Message("{one} or {other}", one=whole, other=part)
    return whole


def check_type(
    value: object, wanted: type | tuple[type, ...], name: str, *, fix: Message | str = ""
) -> None:
    """Raise ArgumentError in one sentence unless ``value`` is of a wanted type."""
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    # True is an int for Python, and never meant as a number.
    if isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool)):
        return
    values = {
        "name": name,
        "wanted": " | ".join("None" if kind is type(None) else kind.__name__ for kind in wanted),
        "found": "None" if value is None else type(value).__name__,
    }
    if fix:
        raise ArgumentError(
            Message("{name}: expected {wanted}, not {found}. {fix}", **values, fix=fix)
        )
    raise ArgumentError(Message("{name}: expected {wanted}, not {found}.", **values))


def check_choice(value: object, known: Iterable[str], name: str) -> None:
    """Raise ArgumentError, with all that can be chosen, unless ``value`` is one of the choices."""
    choices = list(known)
    if value not in choices:
        raise ArgumentError(
            Message(
                "{name}: {value} is none of {known}.",
                name=name,
                value=repr(value),
                known=", ".join(repr(choice) for choice in choices),
            )
        )


def as_path(value: str | os.PathLike[str], name: str = "path") -> Path:
    """Return a path; text is taken as one."""
    check_type(value, (str, os.PathLike), name)
    return Path(value)
