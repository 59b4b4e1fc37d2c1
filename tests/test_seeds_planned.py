"""Every breach of the demo office on its last day is planned, and every planned one is found: seeds/planned_breaches.csv."""

from __future__ import annotations

import datetime as dt

from planted import key_of

from fof import ledger
from fof.audit import guidance
from fof.db import Database

DAY = dt.date(2026, 9, 30)


def test_what_is_broken_is_what_was_planned(demo: Database) -> None:
    rows = key_of("breaches")
    planned = {(row["rule"], row["subject"]) for row in rows}
    assert len(planned) == len(rows)
    assert all(row["why"] for row in rows)
    found = {
        (f.rule, str(f.subject)): f.finding.text.zh for f in guidance(ledger.read(demo).view(DAY)).breaches
    }
    unplanned = {pair: says for pair, says in found.items() if pair not in planned}
    assert (unplanned, planned - found.keys()) == ({}, set())
