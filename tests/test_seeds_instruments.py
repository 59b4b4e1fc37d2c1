"""The demo office's small instruments: everything planted is found and nothing else; every rule is driven to every verdict."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import NamedTuple

import pytest

from fof import ledger
from fof.audit import instruments
from fof.db import Database
from fof.figures.coverage.surface import coverage
from fof.figures.instruments import instrument_document
from fof.rules.registry import OF_INSTRUMENTS, RULES

KEY = Path(__file__).resolve().parents[1] / "seeds" / "planned_instruments.csv"
DAY = dt.date(2026, 9, 30)
CLASSED, MISCLASSED = dt.date(2017, 12, 31), dt.date(2018, 12, 31)
FOUND = ("breach", "unknown", "warn")
OUTSIDE = [f"QY-{number}" for number in range(3109, 3115)]


class InstrumentSaid(NamedTuple):
    verdict: str
    text: str


def _said(demo: Database, day: dt.date) -> dict[tuple[str, str], InstrumentSaid]:
    findings = instruments(ledger.read(demo).view(day)).findings
    return {(f.rule, str(f.subject)): InstrumentSaid(f.verdict.value, f.finding.text.zh) for f in findings}


@pytest.fixture(scope="module")
def said(demo: Database) -> dict[tuple[str, str], InstrumentSaid]:
    """(rule, subject) -> what the audit of the small instruments says on the last day."""
    return _said(demo, DAY)


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    with KEY.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_what_is_found_is_what_was_planned(
    said: dict[tuple[str, str], InstrumentSaid], key: list[dict[str, str]]
) -> None:
    planned = {(r["rule"], r["subject"]): r["verdict"] for r in key if r["verdict"] in FOUND}
    assert {k: own.verdict for k, own in said.items() if own.verdict in FOUND} == planned
    for row in key:
        own = said[row["rule"], row["subject"]]
        assert (own.verdict, row["limb"] in own.text) == (row["verdict"], True), (row, own.text)


def test_every_rule_is_driven_to_pass_breach_and_unknown(
    demo: Database, said: dict[tuple[str, str], InstrumentSaid]
) -> None:
    verdicts = {(rule, own.verdict) for (rule, _), own in said.items()}
    for day in (CLASSED, MISCLASSED):
        verdicts |= {(rule, own.verdict) for (rule, _), own in _said(demo, day).items()}
    rules = {rule.id for rule in RULES.values() if rule.scope in OF_INSTRUMENTS}
    wanted = {(rule, verdict) for rule in rules for verdict in ("pass", "breach", "unknown")}
    assert wanted - verdicts == set()


def test_firms_outside_every_instrument_leave_the_reach_below_one(demo: Database) -> None:
    view = ledger.read(demo).view(DAY)
    (whole,) = coverage(view).cells(())
    assert 0 < whole.reach < 1
    supported = {row["claimant"] for row in instrument_document(view, "vouchers").rows}
    assert not supported & set(OUTSIDE)
    assert all(code in view.by_code for code in OUTSIDE)
