"""A short run of the fuzz script; ``python tests/fuzz/run.py --n 20000`` is the long one."""

import run


def test_whatever_is_read_has_the_truths_totals_and_the_rest_is_refused_in_words():
    outcomes = run.run(0, range(400), seconds=60)
    assert [(o.number, o.kind, o.fault) for o in outcomes if o.fault] == []
    # Nothing of this proves anything unless most printed tables are read.
    printed = [outcome for outcome in outcomes if outcome.kind == "print"]
    assert sum(bool(outcome.refused) for outcome in printed) <= len(printed) / 50


def test_a_wrong_total_would_be_found(monkeypatch):
    """The oracle is independent of the readers: one count too many is a fault."""

    def read_one_more(path, measure="complaints"):
        reading = complaints(path, measure)
        reading.table.loc[0, "value"] += 1
        return reading

    complaints = run._complaints
    monkeypatch.setattr(run, "_complaints", read_one_more)
    outcomes = run.run(0, range(40))
    assert all(o.fault for o in outcomes if o.kind == "print" and not o.refused)
