"""Counting cases: flows between places, and complaints of regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..messages import Message
from ..study.tables import check_table, empty_table
from .tally import Tally

_NO_REGION = Message("the place lies in no region, or is not known")
_NO_DATE = Message("no date is given")


@dataclass(frozen=True)
class Case:
    """What is counted of a row: ids, code words and a number, no text of the file."""

    origin: str
    destination: str
    region: str
    purpose: str
    period: tuple[str, str]
    sex: str
    age_group: str
    weight: float


def count_flows(
    cases: Sequence[Case], by: Sequence[str], source_id: str, file: str
) -> pd.DataFrame:
    """Count the cases whose two places are known.

    Parameters
    ----------
    cases : sequence of Case
        Cases.
    by : sequence of str
        What flows are told apart by.
    source_id, file : str
        Source of the counts; file shown in errors.

    Returns
    -------
    DataFrame
        The contract ``flows`` in order of origin and destination; ``sex`` and ``age_group`` are
        added where ``by`` has them.
    """
    counts: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for case in cases:
        if case.origin and case.destination:
            key = (case.origin, case.destination, *case.period, case.purpose)
            counts[*key, case.sex, case.age_group] += case.weight
    names = (
        "origin", "destination", "period_start", "period_end", "purpose", "sex", "age_group",
    )  # fmt: skip
    keys = sorted(counts)
    columns = {name: [key[i] for key in keys] for i, name in enumerate(names)}
    width = max(3, len(str(len(keys))))
    cells = {
        **{name: columns[name] for name in names[:5]},
        "flow_id": [f"F{n:0{width}}" for n in range(1, len(keys) + 1)],
        "value": [f"{counts[key]:.10g}" for key in keys],
        "value_kind": ["count"] * len(keys),
        "source_id": [source_id] * len(keys),
    }
    table = check_table(cells, "flows", file=file)
    return table.assign(
        **{name: pd.Series(columns[name], dtype=str) for name in names[5:] if name in by}
    )


def count_complaints(
    cases: Sequence[Case], register: str, source_id: str, measure: str, file: str, left: Tally
) -> pd.DataFrame:
    """Count the cases of each region and period.

    Parameters
    ----------
    cases : sequence of Case
        Cases.
    register, source_id, measure : str
        Columns of the contract.
    file : str
        File shown in errors.
    left : Tally
        Takes the cases without a region or a date.

    Returns
    -------
    DataFrame
        The contract ``complaints``, in order of region and period.
    """
    counts: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    for case in cases:
        if not case.region:
            left.add(_NO_REGION, total=case.weight)
        elif not case.period[0]:
            left.add(_NO_DATE, total=case.weight)
        else:
            counts[case.region, *case.period] += case.weight
    if not counts:
        return empty_table("complaints")
    keys = sorted(counts)
    return check_table(
        {
            "unit": ["region"] * len(keys),
            "ubigeo": [key[0] for key in keys],
            "period_start": [key[1] for key in keys],
            "period_end": [key[2] for key in keys],
            "measure": [measure] * len(keys),
            "register": [register] * len(keys),
            "purpose": ["all"] * len(keys),
            "value": [f"{counts[key]:.10g}" for key in keys],
            "basis": ["derived"] * len(keys),
            "source_id": [source_id] * len(keys),
        },
        "complaints",
        file=file,
    )
