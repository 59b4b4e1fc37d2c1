"""The demo office's small instruments: everything planted is found and nothing else; every rule is driven to every verdict."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from planted import Pair, Said, key_of, said_by, verdicts_are_planned

from fof import ledger
from fof.audit import instruments
from fof.audit.casefile.judged_alone import address, judged_alone, rule_of
from fof.db import Database
from fof.figures.coverage.gaps import coverage_gaps
from fof.figures.coverage.supported import companies_in
from fof.figures.coverage.surface import coverage
from fof.figures.coverage_document import coverage_head
from fof.figures.instruments import instrument_document
from fof.rules.registry import OF_INSTRUMENTS, RULES

DAY = dt.date(2026, 9, 30)
CLASSED, MISCLASSED = dt.date(2017, 12, 31), dt.date(2018, 12, 31)
OUTSIDE = [f"QY-{number}" for number in range(3109, 3172)]


def _said(demo: Database, day: dt.date) -> dict[Pair, Said]:
    return said_by(instruments(ledger.read(demo).view(day)))


@pytest.fixture(scope="module")
def said(demo: Database) -> dict[Pair, Said]:
    """(rule, subject) -> what the audit of the small instruments says on the last day."""
    return _said(demo, DAY)


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    return key_of("instruments")


def test_what_is_found_is_what_was_planned(said: dict[Pair, Said], key: list[dict[str, str]]) -> None:
    verdicts_are_planned(said, key)
    for row in key:
        own = said[row["rule"], row["subject"]]
        assert row["limb"] in own.text, (row, own.text)


def test_every_rule_is_driven_to_pass_breach_and_unknown(demo: Database, said: dict[Pair, Said]) -> None:
    verdicts = {(rule, own.verdict) for (rule, _), own in said.items()}
    for day in (CLASSED, MISCLASSED):
        verdicts |= {(rule, own.verdict) for (rule, _), own in _said(demo, day).items()}
    rules = {rule.id for rule in RULES.values() if rule.scope in OF_INSTRUMENTS}
    wanted = {(rule, verdict) for rule in rules for verdict in ("pass", "breach", "unknown")}
    assert wanted - verdicts == set()


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        ("IV-01", "CXQ-0003"),
        ("IV-02", "CXQ-0007"),
        ("IN-01", "HBZ-0022"),
        ("IN-02", "HBZ-0003"),
        ("TC-01B", "CG-0004"),
        ("TX-01", "TZDK-002"),
        ("PI-12", "2025"),
        ("ST-02", "seed"),
    ],
)
def test_a_finding_has_a_case_file_under_the_name_it_bears(demo: Database, rule: str, subject: str) -> None:
    view = ledger.read(demo).view(DAY)
    about = address(view, rule_of(rule), subject)
    (finding,) = judged_alone(view, rule_of(rule), about).findings
    assert (finding.rule, str(finding.subject)) == (rule, subject)


def test_firms_outside_every_instrument_leave_the_reach_well_below_one(demo: Database) -> None:
    view = ledger.read(demo).view(DAY)
    surface = coverage(view)
    head = coverage_head(surface)
    assert 0.5 < head["reach"] < 0.8
    stages = {c.stage: c for c in surface.cells(["stage"])}
    assert all(0 < stages[name].reach < 0.9 for name in ("seed", "startup", "growth", "mature"))
    supported = {row["claimant"] for row in instrument_document(view, "vouchers").rows}
    assert not supported & set(OUTSIDE)
    unsupported = {view.parties[c.party].code: c for c in companies_in(surface) if not c.instruments}
    assert set(OUTSIDE) <= unsupported.keys()
    by_stage = Counter(unsupported[code].stage for code in OUTSIDE)
    assert by_stage == {"seed": 20, "startup": 16, "growth": 16, "mature": 8, "": 3}


def test_targets_rest_on_a_document_and_the_largest_gap_comes_first(demo: Database) -> None:
    view = ledger.read(demo).view(DAY)
    gaps = coverage_gaps(view, coverage(view))
    assert len(gaps) == 9
    assert {g.document for g in gaps} == {"示例母基金2026年度投资计划第3条"}
    assert [g.missing for g in gaps] == sorted((g.missing for g in gaps), reverse=True)
    assert {g.missing > 0 for g in gaps} == {True, False}
    assert coverage_gaps(view.on(dt.date(2026, 1, 14)), coverage(view.on(dt.date(2026, 1, 14)))) == []
