"""Networks that come as a graph: a layer of points, and lines that each name two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import DataFileError, Fault, TableError, suggestion
from ..layers.columns import find_column
from ..messages import Message
from .columns import NODE_ID, NODE_NAME
from .noding import Pieces, ends_of, metres_between
from .tables import name_point

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

# A line that ends farther than this from its node is counted.
FAR_M = 1000.0


@dataclass(frozen=True)
class NodeLayer:
    """The points that lines name.

    Parameters
    ----------
    table : GeoDataFrame
        Points.
    column : str
        The column with the names that lines use.
    """

    table: gpd.GeoDataFrame
    column: str


@dataclass(frozen=True)
class TiedLines:
    """Lines tied to the nodes they name.

    Parameters
    ----------
    pieces : Pieces
        One per row, in the order of the rows.
    places : DataFrame
        The nodes that have a link, as ``network_places``.
    idle, far : int
        Nodes without a link; links that end farther than `FAR_M` from their node.
    """

    pieces: Pieces
    places: pd.DataFrame
    idle: int
    far: int


def find_node_layer(
    points: Mapping[str, gpd.GeoDataFrame], lines: gpd.GeoDataFrame, found: Mapping[str, str]
) -> NodeLayer | None:
    """Find the layer of points whose names the lines use; None where there is none."""
    if "from" not in found or "to" not in found:
        return None
    named = set(ids_of(lines[found["from"]])) | set(ids_of(lines[found["to"]]))
    for table in points.values():
        columns = [str(name) for name in table.columns if name != table.geometry.name]
        for wanted in NODE_ID:
            column = find_column(columns, (wanted,))
            if column and len(named & set(ids_of(table[column]))) >= 0.5 * len(named):
                return NodeLayer(table, column)
    return None


def ids_of(cells: pd.Series[Any]) -> list[str]:
    """Return the names in a column as text; whole numbers without a point."""
    numbers = [
        int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in cells
    ]
    return ["" if pd.isna(cell) else str(cell).strip() for cell in numbers]


def tie_to_nodes(
    table: gpd.GeoDataFrame,
    found: Mapping[str, str],
    nodes: NodeLayer,
    *,
    rows: NDArray[np.int64],
    group: NDArray[np.int64],
    file: str,
) -> TiedLines:
    """Tie lines to the nodes they name.

    A line drawn from its second node to its first is turned round.
    """
    import shapely

    names = ids_of(nodes.table[nodes.column])
    place = {name: number for number, name in enumerate(names)}
    shapes = shapely.line_merge(table.geometry.to_numpy()[rows])
    start: list[int] = []
    end: list[int] = []
    faults = _node_faults(nodes, names)
    for at, shape in zip(rows.tolist(), shapes, strict=True):
        row = int(table.index[at]) + 1
        for role, numbers in (("from", start), ("to", end)):
            name = ids_of(table[found[role]].iloc[at : at + 1])[0]
            numbers.append(place.get(name, -1))
            if name not in place:
                faults.append(
                    Fault(row, found[role], name or None,
                          Message("This is not in the layer of nodes."), suggestion(name, names))
                )  # fmt: skip
        if shape.geom_type != "LineString":
            faults.append(
                Fault(row, "geometry", None, Message("The line is in several parts."),
                      Message("Give each part a row of its own."))
            )  # fmt: skip
    if faults:
        raise TableError("network_links", file, faults)
    pieces, far = _turned(shapes, rows, group, np.array(start), np.array(end), nodes)
    used, labels = np.unique(np.concatenate([pieces.start, pieces.end]), return_inverse=True)
    n = len(shapes)
    pieces = Pieces(shapes=pieces.shapes, line=pieces.line, group=group, start=labels[:n],
                    end=labels[n:], nodes=pieces.nodes[used])  # fmt: skip
    return TiedLines(pieces, _places(nodes, names, used, pieces), len(names) - len(used), far)


def _node_faults(nodes: NodeLayer, names: list[str]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    kinds = nodes.table.geometry.geom_type.tolist()
    for row, (name, kind) in enumerate(zip(names, kinds, strict=True), start=1):
        if kind != "Point":
            faults.append(
                Fault(row, "geometry", name, Message("This node has no point."),
                      Message("Give it one, or take the row out."))
            )  # fmt: skip
        if name in seen or not name:
            faults.append(
                Fault(row, nodes.column, name or None,
                      Message("This node has no name, or one that stands in an earlier row too."),
                      Message("Give each row its own."))
            )  # fmt: skip
        seen.add(name)
    return faults


def _turned(
    shapes: NDArray[np.object_],
    rows: NDArray[np.int64],
    group: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    nodes: NodeLayer,
) -> tuple[Pieces, int]:
    """Turn lines round that run from their second node to their first."""
    import shapely

    at = shapely.get_coordinates(nodes.table.geometry.to_numpy())
    first, last = ends_of(shapes)
    as_is = metres_between(first, at[start]) + metres_between(last, at[end])
    turned = metres_between(first, at[end]) + metres_between(last, at[start])
    shapes = np.where(turned < as_is, shapely.reverse(shapes), shapes)
    first, last = ends_of(shapes)
    apart = np.maximum(metres_between(first, at[start]), metres_between(last, at[end]))
    pieces = Pieces(shapes=shapes, line=np.arange(len(rows)), group=group, start=start, end=end,
                    nodes=at)  # fmt: skip
    return pieces, int((apart > FAR_M).sum())


def _places(
    nodes: NodeLayer, names: list[str], used: NDArray[np.int64], pieces: Pieces
) -> pd.DataFrame:
    """Return the nodes as the table ``network_places``, with what their layer says of them."""
    columns = [str(name) for name in nodes.table.columns if name != nodes.table.geometry.name]
    title = find_column(columns, NODE_NAME)

    def cells(column: str | None) -> list[str]:
        if column is None or column not in columns:
            return [""] * len(used)
        return [ids_of(nodes.table[column].iloc[at : at + 1])[0] for at in used.tolist()]

    points = [name_point(x, y) for x, y in pieces.nodes.tolist()]
    degrees = pieces.degrees()
    usual = ["end" if degree == 1 else "junction" for degree in degrees.tolist()]
    return pd.DataFrame(
        {
            "place_id": [names[at] for at in used.tolist()],
            "place": [name or point for name, point in zip(cells(title), points, strict=True)],
            "region": cells("region"),
            "ubigeo": cells("ubigeo"),
            "lat": pieces.nodes[:, 1],
            "lon": pieces.nodes[:, 0],
            "kind": [kind or other for kind, other in zip(cells("kind"), usual, strict=True)],
            "note": cells("note"),
            "source_id": cells("source_id"),
        }
    )


def refuse_without_nodes(file: str, asked: Mapping[str, str]) -> None:
    """Refuse to take lines for a graph when there is no layer of nodes."""
    if "from" in asked or "to" in asked:
        raise DataFileError(
            Message(
                "{file}: lines that name their two nodes need a layer of points in the same file,"
                " with these names in one of the columns {columns}. Without the columns from and"
                " to, the lines are cut where they meet.",
                file=file,
                columns="place_id, node_id, id",
            )
        )
