"""The sensitivity sheet of a release: what the program knows is filled in, the rest is asked.

The rows are those of docs/privacy.md. A sheet is kept with its release, so that whoever answers
for it can say later what was published, why, and who decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from corredor.geodata import Publication
from corredor.geodata.study.publication import own_sources

from ..figure.words import Words
from ..scene.positions import Scene


def sensitivity_rows(publication: Publication, scene: Scene, words: Words) -> list[list[str]]:
    """Return what is asked of a release beside what is known, or room for an answer."""
    tables, blank = publication.tables, words.t("(to be filled in)")
    own = own_sources(tables.sources)
    sources = tables.sources.set_index("source_id")
    behind = [
        str(sources.at[name, "title"] or sources.at[name, "publisher"])
        for name in sorted(own & {*tables.complaints["source_id"], *tables.flows["source_id"]})
    ]
    known = [
        (
            words.t("What is released"),
            words.t(
                "{complaints} counts of places and {flows} flows of the organisation's own",
                complaints=int(tables.complaints["source_id"].isin(own).sum()),
                flows=int(tables.flows["source_id"].isin(own).sum()),
            ),
        ),
        (words.t("Release, study"), f"{publication.number}; {scene['study']['fingerprint']}"),
        (words.t("Source of the counts"), "; ".join(behind)),
        (words.t("Consent and mandate"), blank),
        (words.t("Smallest count printed (k)"), _smallest(publication, words)),
        (words.t("Units, periods, groups"), "; ".join(_grain(publication, own, words))),
        (
            words.t("Checked against earlier releases"),
            words.t(
                "{n} earlier releases: no change of 1 to {most}",
                n=publication.number - 1,
                most=publication.threshold - 1,
            )
            if publication.number > 1
            else words.t("there is none"),
        ),
    ]
    asked = (
        words.t("Readers"),
        words.t("What it could do to people"),
        words.t("What was done about it"),
        words.t("Sensitivity before and after protection: low, medium, high, severe"),
        words.t("Who asked the eight questions of the privacy guide, with whom"),
        words.t("Who decides, who answers for it"),
        words.t("Next release, not before"),
    )
    return [*([name, said] for name, said in known), *([name, blank] for name in asked)]


def _smallest(publication: Publication, words: Words) -> str:
    if publication.mode == "internal":
        return words.t("none: exact counts, for the organisation itself")
    return str(publication.threshold)


def _grain(publication: Publication, own: frozenset[str], words: Words) -> Iterator[str]:
    """Say how fine the counts are that are released."""
    complaints = publication.tables.complaints
    complaints = complaints[complaints["source_id"].isin(own)]
    flows = publication.tables.flows
    flows = flows[flows["source_id"].isin(own)]
    for what, table in ((words.t("places"), complaints), (words.t("flows"), flows)):
        if table.empty:
            continue
        spans = {*zip(table["period_start"], table["period_end"], strict=True)}
        shown = ", ".join(words.period(*span) for span in sorted(spans) if all(span))
        shown = shown or words.t("no period")
        purposes = table["purpose"].nunique()
        yield f"{what}: {shown}"
        if purposes > 1:
            yield words.tn("{n} purpose", "{n} purposes", purposes)
