"""The demo office has something to pass and something to find for two thirds of the coded rules and more."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest

from fof import ledger
from fof.audit import coinvestment, guidance, instruments, pools
from fof.db import Database
from fof.rules import catalogue
from fof.rules.registry import Verdict

DAYS = (dt.date(2026, 9, 30), dt.date(2025, 6, 30), dt.date(2023, 5, 31), dt.date(2020, 11, 30))
"""The days of the table in seeds/README.md."""
BOTH_SIDES = 150
FOUND = (Verdict.BREACH, Verdict.WARN)
Subjects = dict[tuple[dt.date, str, Verdict], set[str]]


@pytest.fixture(scope="module")
def subjects(demo: Database) -> Subjects:
    """(day, rule, verdict) -> codes of what was judged so."""
    journal = ledger.read(demo)
    found: Subjects = defaultdict(set)
    for day in DAYS:
        for finding in guidance(journal.view(day)).findings:
            found[day, finding.rule, finding.verdict].add(str(finding.subject))
    for audit in (coinvestment, pools, instruments):
        for finding in audit(journal.view(DAYS[0])).findings:
            found[DAYS[0], finding.rule, finding.verdict].add(str(finding.subject))
    return found


def test_two_thirds_of_the_coded_rules_have_both_sides(subjects: Subjects) -> None:
    coded = catalogue.stats().coded
    passed = {rule for _, rule, verdict in subjects if verdict is Verdict.PASS}
    broken = {rule for _, rule, verdict in subjects if verdict in FOUND}
    lacking = [
        f"{rule} ({'only passes' if rule in passed else 'never passes'})"
        for rule in coded
        if rule not in passed & broken
    ]
    assert len(passed & broken) >= BOTH_SIDES, f"without a second side: {', '.join(lacking)}"
    assert len(coded) * 2 <= BOTH_SIDES * 3


@pytest.mark.parametrize(
    ("rule", "good", "bad", "day"),
    [
        ("GF-10", "SF-2011-01", "SF-2022-02", DAYS[0]),
        ("GF-14", "SF-2011-01", "SF-2015-01", DAYS[0]),
        ("GF-16", "SF-2011-01", "SF-2025-02", DAYS[0]),
        ("GF-21", "SF-2011-01", "SF-2020-01", DAYS[0]),
        ("GF-22", "SF-2024-03", "SF-2018-01", DAYS[0]),
        ("GF-30", "SF-2011-01", "SF-2018-01", DAYS[0]),
        ("GF-34", "GF-2011-X01-1", "GF-2011-X02-1", DAYS[0]),
        ("GF-36", "GF-2023-X01-1", "GF-2023-X03-1", DAYS[0]),
        ("GF-37", "SF-2017-01/GOV-230100", "SF-2017-01/PF-2023", DAYS[0]),
        ("GF-46", "SF-2013-01", "SF-2015-02", DAYS[0]),
        ("GF-54", "GF-2011-X02-3", "GF-2011-X01-3", DAYS[0]),
        ("GF-60", "SF-2016-01", "SF-2019-02", DAYS[0]),
        ("GF-61", "SF-2016-01", "SF-2020-01", DAYS[0]),
        ("GF-63", "SF-2016-01", "SF-2022-02", DAYS[0]),
        ("GF-67", "SF-2023-01/NF-03", "SF-2018-02/NF-02", DAYS[1]),
        ("GF-69", "SF-2011-01", "SF-2022-02", DAYS[2]),
        ("GF-65", "SF-2018-01", "SF-2019-02", DAYS[3]),
        ("QI-01", "SF-2025-02/PE-01", "SF-2025-02/PE-09", DAYS[0]),
        ("QI-02", "PE-01", "PE-05", DAYS[0]),
        ("QI-04", "SF-2015-01/SO-16", "SF-2022-02/SO-15", DAYS[0]),
        ("TC-01", "QY-0083", "QY-0066", DAYS[3]),
    ],
)
def test_the_named_cases_are_judged_as_the_table_says(
    subjects: Subjects, rule: str, good: str, bad: str, day: dt.date
) -> None:
    assert good in subjects[day, rule, Verdict.PASS]
    assert any(bad in subjects[day, rule, verdict] for verdict in FOUND)
