"""Disclosure control: only a `Publication` may be analysed, drawn or written.

Official statistics that are already public pass unchanged (``published = true`` in the study).
A user's own counts need audited suppression, which is not built yet; until then they are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..errors import SuppressionError
from ..messages import Message
from .model import Study, StudyMeta, Tables

COUNTING_TABLES = ("complaints", "flows")


@dataclass(frozen=True)
class Publication:
    """Protected tables, the only thing that graphs and maps accept.

    Parameters
    ----------
    meta : StudyMeta
        Titles, opening view and fingerprint of the study.
    tables : Tables
        Tables that may be shown to anybody.
    withheld : DataFrame
        One row per withheld cell: ``table``, ``row``, ``reason`` ("primary" and "complementary"
        look alike on purpose: "fewer than k, zero included").
    """

    meta: StudyMeta
    tables: Tables
    withheld: pd.DataFrame


def protect(study: Study) -> Publication:
    """Turn a study into what may be published.

    Parameters
    ----------
    study : Study
        A study whose tables were checked.

    Returns
    -------
    Publication
        The same tables, if all counts in them are public already.

    Raises
    ------
    SuppressionError
        If a table with counts is not marked ``published = true``: audited suppression is not built
        yet, and without it nothing may leave the program.
    """
    for name in COUNTING_TABLES:
        rows = getattr(study.tables, name)
        if len(rows) and name not in study.published:
            raise SuppressionError(
                Message(
                    "{study}: the table '{table}' holds counts and is not marked as published."
                    " Audited suppression of small counts is not built yet, so it is refused and"
                    " nothing was written. If these figures are official statistics that anybody"
                    " can read already, write published = true beside its file in study.toml"
                    " (the mark of a copied study holds only while the file is unchanged).",
                    study=study.path,
                    table=name,
                )
            )
    withheld = pd.DataFrame(columns=["table", "row", "reason"])
    return Publication(meta=study.meta, tables=study.tables, withheld=withheld)
