"""Commands that start quickly: what needs no conversion is not converted.

To convert any value, even one that was not given, typer imports pydantic, which takes as long as
reading a study. A path is a path without it. What is left, typer converts as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    _Base = TyperCommand
else:
    _Base = object


class _Quick(_Base):
    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them."""
        params: list[Any] = super().get_params(ctx)
        for param in params:
            convert = getattr(param, "get_runtime_param", None)  # older typer neither has nor needs
            kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
            known = "get_runtime_param" in vars(param)
            if convert and isinstance(kind, type) and param.nargs == 1 and not known:
                vars(param)["get_runtime_param"] = lambda quick=_Value(convert, kind): quick
        return params


class QuickCommand(_Quick, TyperCommand):
    """A command whose paths and values left out do without typer's conversion."""


class QuickGroup(_Quick, TyperGroup):
    """The same for the options before a command."""


@dataclass(frozen=True)
class _Value:
    """Stands in for the conversion of one parameter, and hands on what it cannot do."""

    convert: Callable[[], Any]
    kind: type

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        if value is None or isinstance(value, self.kind):
            return value
        if self.kind is Path and isinstance(value, str):
            return Path(value)
        return self.convert().coerce(value, param=param, ctx=ctx)
