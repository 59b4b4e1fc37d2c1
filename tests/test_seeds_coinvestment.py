"""The demo office's co-investment: everything planted is found and nothing else; every rule is driven to every verdict."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import pytest
from planted import FOUND, Pair, Said, key_of, said_by, verdicts_are_planned

from fof import ledger
from fof.audit import coinvestment, guidance
from fof.db import Database
from fof.rules import catalogue
from fof.rules.registry import Verdict

DAY = dt.date(2026, 9, 30)
NEVER = {
    ("CI-01", "unknown"): "a missing basis is a breach from the start",
    ("CI-06", "unknown"): "so is a missing exemption",
    (
        "CI-04",
        "unknown",
    ): "which round a deal is follows from the deals themselves, unless nobody knows who manages a fund",
    ("GF-70", "breach"): "a finding is never raised by a loss itself",
}
"""Verdicts that a rule cannot come to in the demo, each with why."""


@pytest.fixture(scope="module")
def said(demo: Database) -> dict[Pair, Said]:
    """(rule, subject) -> what the audit of co-investment says."""
    return said_by(coinvestment(ledger.read(demo).view(DAY)))


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    return key_of("coinvestment")


def test_what_is_found_is_what_was_planned(said: dict[Pair, Said], key: list[dict[str, str]]) -> None:
    verdicts_are_planned(said, key)


def test_each_finding_names_the_condition_that_was_broken(
    said: dict[Pair, Said], key: list[dict[str, str]]
) -> None:
    other = [
        (r["rule"], r["subject"], r["limb"], said[r["rule"], r["subject"]].text)
        for r in key
        if r["verdict"] in FOUND and r["limb"] not in said[r["rule"], r["subject"]].text
    ]
    assert other == []


def test_the_key_says_why_once_and_plants_as_many_near_misses_as_violations(
    key: list[dict[str, str]],
) -> None:
    lines = Counter((r["rule"], r["subject"]) for r in key)
    assert {k for k, count in lines.items() if count > 1} == set()
    assert all(r["why"] and r["limb"] for r in key)
    cases: dict[bool, set[tuple[str, str]]] = defaultdict(set)
    for row in key:
        if row["verdict"] != "unknown":
            cases[row["verdict"] in FOUND].add((row["rule"], row["why"]))
    assert len(cases[False]) >= len(cases[True]) >= 60
    coded = {rule for rule in catalogue.RULES if rule.startswith("CI-")}
    assert {rule for rule, _ in cases[True]} == {rule for rule, _ in cases[False]} == coded


def test_every_rule_of_co_investment_is_driven_to_pass_breach_and_unknown(
    said: dict[Pair, Said], demo: Database
) -> None:
    verdicts = {(rule, own.verdict) for (rule, _), own in said.items()}
    verdicts |= {
        (f.rule, f.verdict.value)
        for f in guidance(ledger.read(demo).view(DAY)).findings
        if f.rule in ("QI-03", "GF-70")
    }
    rules = {rule for rule in catalogue.RULES if rule.startswith("CI-")} | {"QI-03", "GF-70"}
    wanted = {(rule, v.value) for rule in rules for v in (Verdict.PASS, Verdict.BREACH, Verdict.UNKNOWN)}
    assert wanted - verdicts == NEVER.keys()
    assert not verdicts & NEVER.keys()


def test_the_office_is_as_large_as_it_says(demo: Database) -> None:
    view = ledger.read(demo).view(DAY)
    kinds = Counter(s.kind for s in view.subjects.values())
    people = [p for p in view.parties.values() if p.code.startswith("RY-")]
    assert 60 <= len(people) <= 90
    assert 200 <= kinds["staff_stake"] <= 300
    assert {"plan", "employment", "eligibility", "declaration", "meeting", "ballot"} <= kinds.keys()
    assert {
        "nominee",
        "kinship",
        "business_tie",
        "incident",
        "coinvest_payment",
        "evidence",
        "request",
    } <= kinds.keys()
