"""Transport networks as people bring them: line layers, and layers of nodes and edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ..account import Account, LeftOut, Reading
from ..errors import DataFileError, NetworkError
from ..layers.extent import WGS84, locate
from ..layers.open import Layer, open_layer
from ..layers.shapes import tangled
from ..messages import Message
from .columns import LEFT_OUT, LinkColumns, ask_for_mode, find_roles, read_links
from .nodes import NodeLayer, find_node_layer, refuse_without_nodes, tie_to_nodes
from .noding import EXACT_M, Pieces, close_gaps, find_gaps, node_lines
from .tables import (
    build_links,
    build_places,
    join_transfers,
    lengths_km,
    name_point,
    refuse_implausible,
    row_ids,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from .noding import Floats, Shapes

Mode = Literal["road", "river", "air", "border"]
# Gaps up to this width are listed in the account.
LISTED_GAP_M = 2000.0
SHOWN = 5
# West, south, east, north: where a network that has to do with Peru lies.
AROUND_PERU = (-95.0, -35.0, -50.0, 13.0)


@dataclass(frozen=True)
class TransportTables:
    """A transport network as two tables.

    Parameters
    ----------
    places : DataFrame
        One row per junction or end, with the columns of the table ``network_places``.
    links : GeoDataFrame
        One row per link, with the columns of ``network_links`` and its line, EPSG:4326.
    """

    places: pd.DataFrame
    links: gpd.GeoDataFrame


def read_network(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    mode: Mode | None = None,
    speeds: Mapping[str, float] | None = None,
    snap_m: float = 10.0,
    close_gaps_m: float = 0.0,
    crs: str | None = None,
    encoding: str | None = None,
    layer: str | None = None,
) -> Reading[TransportTables]:
    """Read a transport network from a line layer, or from a layer of nodes and one of edges.

    A line layer is cut where lines meet: an end on another line always makes a junction, two lines
    that cross only where their mode and level are the same (a bridge, a tunnel or another
    ``layer`` joins nothing but at its ends). A file with points, and with lines that name two of
    them each, is taken as the graph it says it is: nothing is cut.

    Parameters
    ----------
    path : str or Path
        Shapefile (plain or zipped), GeoPackage, GeoJSON, TopoJSON, FlatGeobuf or GeoParquet.
    columns : mapping of str to str, optional
        Columns by role where their names don't tell: ``mode``, ``class``, ``surface``, ``ref``,
        ``km``, ``hours``, ``hours_back``, ``speed``, ``bridge``, ``tunnel``, ``level``,
        ``oneway``, ``link_id``, ``from``, ``to``.
    mode : {"road", "river", "air", "border"}, optional
        Mode of all links; left out, it is read from the columns ``mode`` or ``class``, else road.
    speeds : mapping of str to float, optional
        Speeds in km/h by class, surface or mode, instead of the usual ones (docs/data.md).
    snap_m : float, optional
        An end that leads nowhere is drawn on to what lies within so many metres.
    close_gaps_m : float, optional
        Gaps between separate parts that are closed by a straight link, in metres; none if left
        out.
    crs : str, optional
        Reference system of the coordinates where the file names none or a wrong one.
    encoding : str, optional
        Encoding of the text, where the bytes don't tell.
    layer : str, optional
        Name of the line layer, for a file that holds several.

    Returns
    -------
    Reading of TransportTables
        Places and links; kilometres as stated or geodesic (WGS 84), hours as stated or kilometres
        by speed, without waiting; and the account: what was joined and left out, parallel links,
        ends that lead nowhere, separate parts and the gaps between them.

    Raises
    ------
    DataFileError
        If the file is no line layer, is damaged, or lies nowhere near Peru.
    TableError
        If modes, numbers or nodes are wrong; all faults at once.
    MissingExtraError
        If GeoParquet is read without pyarrow.

    Examples
    --------
    >>> reading = read_network(Path("roads.gpkg"), mode="road")  # doctest: +SKIP
    >>> print(reading.account.render())  # doctest: +SKIP
    """
    path = Path(path)
    points: dict[str, gpd.GeoDataFrame] = {}

    def pick(tables: Mapping[str, gpd.GeoDataFrame]) -> list[str]:
        points.update({name: table for name, table in tables.items() if _holds(table, "Point")})
        return [name for name, table in tables.items() if _holds(table, "LineString")]

    opened = open_layer(path, layer=layer, encoding=encoding, pick=pick)
    found = find_roles(opened.table, columns or {}, path.name)
    nodes = find_node_layer(points, opened.table, found)
    if nodes is None:
        refuse_without_nodes(path.name, columns or {})
    account = Account(path.name, _taken_for(opened, nodes), why=_why(found),
                      rows_in=len(opened.table), notes=opened.notes)  # fmt: skip
    table, account = _only_lines(opened.table, account)
    table, account = _located(table, account, crs)
    if mode is None and (question := ask_for_mode(table, found, path.name)) is not None:
        account = _note(account, question)
    cells = read_links(table, file=path.name, found=found, mode=mode, speeds=speeds or {})
    rows, account = _travelled(cells, account, ask=mode is None)
    refuse_implausible(table.geometry.to_numpy(), cells, rows, found, path.name)
    shapes, row = _parts(table, rows)
    account = _leave_out(account, Message("of no length"), len(rows) - len(set(row.tolist())))
    if nodes is None:
        slow = _slowness(table, cells)[row]
        pieces = _noded(shapes, _groups(cells)[row], snap_m, slow, path.name)
        account = _without_duplicates(account, cells, row, pieces)
        pieces, account = _listed_gaps(pieces, account, close_gaps_m)
        places = build_places(pieces)
    else:
        point_table, _ = _located(nodes.table, account, crs)
        whole = table.geometry.to_numpy()
        tied = tie_to_nodes(table, found, replace(nodes, table=point_table), rows=rows,
                            group=_groups(cells)[rows], file=path.name)  # fmt: skip
        shapes, row, pieces, places = whole[rows], rows, tied.pieces, tied.places
        account = _note(account, *_tied_notes(tied.idle, tied.far))
        pieces, account = _listed_gaps(pieces, account, 0.0)
    links = build_links(pieces, cells, row, places=places["place_id"].tolist(),
                        ids=row_ids(cells.ids, cells.rows, row), shapes=shapes)  # fmt: skip
    account = _mend(account, _did(pieces, snap_m))
    made = links
    places, links, joined = join_transfers(places, made)
    if joined:
        note = Message("{n} transfer(s) between means of travel, whose two ends became one place:"
                       " {places}", n=len(pieces.shapes) - len(links),
                       places="; ".join(joined[:SHOWN]))  # fmt: skip
        account = _mend(account, [note])
    tables = TransportTables(places, links)
    return Reading(tables, _summed_up(account, pieces, made, tables, cells, rows))


def holds_lines(path: Path, *, encoding: str | None = None) -> bool:
    """Tell whether a file holds a layer of lines."""
    found: list[str] = []

    def pick(tables: Mapping[str, gpd.GeoDataFrame]) -> list[str]:
        found.extend(name for name, table in tables.items() if _holds(table, "LineString"))
        return list(tables)[:1]

    opened = open_layer(Path(path), encoding=encoding, pick=pick)
    return bool(found) or _holds(opened.table, "LineString")


def _holds(table: gpd.GeoDataFrame, kind: str) -> bool:
    return bool(table.geometry.geom_type.isin([kind, f"Multi{kind}"]).any())


def _note(account: Account, *notes: Message) -> Account:
    return replace(account, notes=(*account.notes, *notes))


def _mend(account: Account, mended: list[Message]) -> Account:
    return replace(account, mended=(*account.mended, *mended))


def _leave_out(account: Account, reason: Message, rows: int, *examples: str) -> Account:
    if not rows:
        return account
    return replace(account, left_out=(*account.left_out, LeftOut(reason, rows, None, examples)))


def _taken_for(opened: Layer, nodes: NodeLayer | None) -> Message:
    if nodes is not None:
        return Message("{kind} with the nodes and edges of a transport network", kind=opened.kind)
    return Message("{kind} layer with the lines of a transport network", kind=opened.kind)


def _why(found: Mapping[str, str]) -> tuple[Message, ...]:
    pairs = ", ".join(f"{column} ({role})" for role, column in found.items())
    return (Message("columns: {columns}", columns=pairs),) if pairs else ()


def _only_lines(table: gpd.GeoDataFrame, account: Account) -> tuple[gpd.GeoDataFrame, Account]:
    """Leave out rows without a line, and refuse a layer that has none."""
    import shapely

    shapes = table.geometry.to_numpy()
    lines = np.isin(shapely.get_type_id(shapes), (1, 2, 5)) & ~shapely.is_empty(shapes)
    # The bounds of a line pass over a vertex that is no number.
    at, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.isin(np.arange(len(shapes)), owner[~np.isfinite(at).all(axis=1)])
    good = lines & ~broken
    if not good.any():
        kind = table.geometry.geom_type.dropna()
        raise DataFileError(
            Message(
                "{file}: the layer holds {kind} geometries; a transport network is lines.",
                file=account.file,
                kind=kind.iloc[0] if len(kind) else "no",
            )
        )
    account = _leave_out(account, Message("without a line"), int((~lines).sum()))
    reason = Message("with coordinates that are no numbers")
    account = _leave_out(account, reason, int((lines & broken).sum()))
    flat = table.reset_index(drop=True)[good]  # the index stays the row of the file
    if shapely.has_z(flat.geometry.to_numpy()).any():
        flat = flat.set_geometry(shapely.force_2d(flat.geometry.to_numpy()), crs=table.crs)
    return flat, account


def _located(
    table: gpd.GeoDataFrame, account: Account, crs: str | None
) -> tuple[gpd.GeoDataFrame, Account]:
    """Bring the layer to degrees; a network may reach far beyond Peru, but not lie elsewhere."""
    import shapely

    if crs is None and table.crs is not None:
        there = table.to_crs(WGS84)
        west, south, east, north = AROUND_PERU
        x0, y0, x1, y1 = shapely.bounds(there.geometry.to_numpy()).T
        inside = (x0 >= west) & (y0 >= south) & (x1 <= east) & (y1 <= north)
        if inside.mean() >= 0.9:
            return there, account
    located, notes = locate(table, file=account.file, regions=[None] * len(table), crs=crs)
    return located, _note(account, *notes)


def _slowness(table: gpd.GeoDataFrame, cells: LinkColumns) -> Floats:
    """Return hours per kilometre of each row."""
    km = lengths_km(table.geometry.to_numpy())
    with np.errstate(invalid="ignore", divide="ignore"):
        stated = cells.hours / np.where(np.isfinite(cells.km) & (cells.km > 0), cells.km, km)
    return np.where(np.isfinite(stated), stated, 1 / cells.kmh)


def _noded(
    shapes: Shapes, group: NDArray[np.int64], snap_m: float, slowness: Floats, file: str
) -> Pieces:
    """Cut the lines, and refuse what no machine would come to an end with."""
    knots = tangled(shapes)
    try:
        if knots.any():
            raise NetworkError(Message("a line crosses itself in very many places."))
        return node_lines(shapes, group, snap_m=snap_m, slowness=slowness)
    except NetworkError as error:
        raise DataFileError(Message("{file}: {what}", file=file, what=error.message)) from error


def _without_duplicates(
    account: Account, cells: LinkColumns, row: NDArray[np.int64], pieces: Pieces
) -> Account:
    """Say which classes the links had that run along a faster one."""
    gone = [cells.kind[row[at]] or cells.mode[row[at]] for at in pieces.dropped]
    kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(gone).items()))
    reason = Message(
        "that run along another one between the same places, which is as fast or faster: {kinds}",
        kinds=kinds,
    )
    return _leave_out(account, reason, len(gone))


def _travelled(
    cells: LinkColumns, account: Account, *, ask: bool
) -> tuple[NDArray[np.int64], Account]:
    """Leave out what no vehicle travels, where classes tell."""
    strange = np.array([bool(what) for what in cells.strange])
    closed = np.array([ask and kind in LEFT_OUT for kind in cells.kind]) | strange
    kinds = sorted(
        {what or kind for kind, what, out in zip(cells.kind, cells.strange, closed, strict=True)
         if out}
    )  # fmt: skip
    if closed.all():
        raise DataFileError(
            Message("{file}: it holds nothing that vehicles travel ({kinds}). If it does, say"
                    " mode=...", file=account.file, kinds=", ".join(kinds))
        )  # fmt: skip
    reason = Message("not for vehicles, or not built: {kinds}", kinds=", ".join(kinds))
    account = _leave_out(account, reason, int((closed & ~strange).sum()))
    found = Counter(what for what in cells.strange if what)
    listed = ", ".join(f"{what} {n}" for what, n in sorted(found.items()))
    reason = Message("that are no road, river or flight: {kinds}", kinds=listed)
    account = _leave_out(account, reason, int(strange.sum()))
    return np.flatnonzero(~closed), account


def _groups(cells: LinkColumns) -> NDArray[np.int64]:
    """Return one number per mode and level."""
    modes = pd.Series(cells.mode).astype("category").cat.codes.to_numpy(dtype=np.int64)
    return np.asarray(modes * 1_000 + np.clip(cells.level, -400, 400))


def _parts(table: gpd.GeoDataFrame, rows: NDArray[np.int64]) -> tuple[Shapes, NDArray[np.int64]]:
    """Return the single lines of the rows, and the row of each."""
    import shapely

    merged = shapely.line_merge(table.geometry.to_numpy()[rows])
    shapes, at = shapely.get_parts(merged, return_index=True)
    there = lengths_km(shapes) * 1000 > EXACT_M
    return shapes[there], rows[at][there]


def _listed_gaps(pieces: Pieces, account: Account, close_m: float) -> tuple[Pieces, Account]:
    """List the gaps between separate parts, and close those that are asked for."""
    gaps = find_gaps(pieces, widest_m=max(LISTED_GAP_M, close_m))
    closing = [gap for gap in gaps if gap.metres <= close_m]
    left = [gap for gap in gaps if gap.metres > close_m]
    listed = [
        {"km": round(gap.metres / 1000, 3), "lon": round(float(pieces.nodes[gap.node, 0]), 5),
         "lat": round(float(pieces.nodes[gap.node, 1]), 5), "closed": gap.metres <= close_m}
        for gap in gaps
    ]  # fmt: skip
    account = replace(account, extra={**account.extra, "gaps": listed})
    if left:
        note = Message("{n} gap(s) of up to {km:g} km keep parts of it apart: {gaps}",
                       n=len(left), km=LISTED_GAP_M / 1000, gaps=_where(pieces, left))  # fmt: skip
        account = _note(account, note)
    if closing:
        note = Message("{n} gap(s) between separate parts, closed by a straight link: {gaps}",
                       n=len(closing), gaps=_where(pieces, closing))  # fmt: skip
        account = _mend(account, [note])
        pieces, _ = close_gaps(pieces, closing)
    return pieces, account


def _where(pieces: Pieces, gaps: list[Any]) -> str:
    shown = [
        f"{gap.metres / 1000:.3g} km ({name_point(*pieces.nodes[gap.node].tolist())})"
        for gap in gaps[:SHOWN]
    ]
    return "; ".join(shown) + ("; ..." if len(gaps) > SHOWN else "")


def _tied_notes(idle: int, far: int) -> list[Message]:
    notes = []
    if idle:
        notes.append(Message("{n} node(s) without a link were left out.", n=idle))
    if far:
        notes.append(Message("{n} link(s) end more than 1 km away from their node.", n=far))
    return notes


def _did(pieces: Pieces, snap_m: float) -> list[Message]:
    """Say what was joined and mended."""
    counts = pieces.counts
    counted = [
        (Message("{n} crossing(s) of lines of one mode and level, made junctions",
                 n=counts.get("crossings", 0)), "crossings"),
        (Message("{n} end(s) that lie on another line, made junctions",
                 n=counts.get("touches", 0)), "touches"),
        (Message("{n} end(s) up to {metres:g} m short of another line, drawn on to it",
                 n=counts.get("snapped", 0), metres=snap_m), "snapped"),
    ]  # fmt: skip
    return [message for message, name in counted if counts.get(name)]


def _summed_up(
    account: Account,
    pieces: Pieces,
    made: gpd.GeoDataFrame,
    tables: TransportTables,
    cells: LinkColumns,
    rows: NDArray[np.int64],
) -> Account:
    """Say how large the network is, how it hangs together, and where its figures come from."""
    pairs = np.sort(np.column_stack([pieces.start, pieces.end]), axis=1)
    _, sizes = np.unique(pairs, axis=0, return_counts=True)
    parallel, dead = int((sizes - 1).sum()), int((pieces.degrees() == 1).sum())
    part = pieces.components()[pieces.start]
    km, links = made["km"].to_numpy(dtype=float), tables.links
    by_part = np.bincount(part, weights=km)
    modes = links.groupby("mode")["km"].sum()
    notes = [
        Message("{links:,} links between {places:,} places: {modes}.", links=len(links),
                places=len(tables.places),
                modes=", ".join(f"{mode} {sum_:,.0f} km" for mode, sum_ in modes.items())),
        Message("{n} link(s) run beside another between the same two places; {m} end(s) lead"
                " nowhere.", n=parallel, m=dead),
        Message("Kilometres: {n} of {all} links as stated, the others measured on the ellipsoid.",
                n=int((links["basis"] == "derived").sum()), all=len(links)),
        Message("Hours: {n} of {all} rows as stated, the others from kilometres and usual speeds,"
                " without waiting.", n=int(np.isfinite(cells.hours[rows]).sum()), all=len(rows)),
    ]  # fmt: skip
    if len(by_part) > 1:
        notes.append(
            Message("It is in {n} separate parts; the largest has {share:.1%} of the kilometres.",
                    n=len(by_part), share=by_part.max() / max(float(km.sum()), 1e-9))
        )  # fmt: skip
    if cells.oneway:
        notes.append(Message("{n} one-way row(s) are taken both ways.", n=cells.oneway))
    return replace(
        _note(account, *notes),
        rows_out=len(links),
        extra={**account.extra, "parts": len(by_part), "parallel": parallel, "dead_ends": dead},
    )
