"""The audit of a view's day, by fund: facts, findings and numbers that everything in this package reads."""

from __future__ import annotations

import datetime as dt

from fof.audit import AuditFinding, guidance
from fof.audit.auditor import auditor_of, day_of
from fof.book.reading import once_per_view
from fof.errors import Unknown
from fof.ledger import View
from fof.rules.facts import FundFacts
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.registry import Finding
from models.kinds import FundStatus
from models.subjects import Subject, SubjectKind
from models.text import Text


class Judged:
    """One day of the office: facts at once, findings fund by fund as they are asked for.

    facts    : fund code -> facts
    settings : the numbers in force, by fund and day
    """

    def __init__(self, view: View) -> None:
        self._view, self._auditor = view, auditor_of(view)
        self._of_funds: dict[str, tuple[AuditFinding, ...]] = {}
        self.day = day_of(view)
        self.settings: NumbersInForce = self._auditor.settings
        self.facts: dict[str, FundFacts] = {f.code: f for f in self._auditor.office(view).funds}

    def _of(self, fund: str) -> tuple[AuditFinding, ...]:
        findings = self._of_funds.get(fund)
        if findings is None:
            if self._of_funds:
                guidance(self._view)  # who asks about a second fund asks about all of them
            findings = self._of_funds[fund] = self._auditor.of_fund(self._view, fund)
        return findings

    def findings(self, fund: str) -> list[AuditFinding]:
        """Every finding about the fund, its stakes, deals and transfers."""
        return [f for f in self._of(fund) if f.finding.fund == fund]

    def finding(self, rule: str, fund: str, investor: str = "") -> Finding | None:
        """What a rule says about a fund, or an investor's stake in it, the worst first; None where it says nothing."""
        about = Subject(SubjectKind.STAKE if investor else SubjectKind.PARTY, fund, investor)
        return next((f.finding for f in self._of(fund) if f.rule == rule and f.subject == about), None)


@once_per_view
def judged(view: View) -> Judged:
    """The audited day of a view; made once per view."""
    return Judged(view)


def facts_of(view: View, fund: str) -> FundFacts:
    """Facts of a fund by code; Unknown where the book has no such fund of the office's currency on the day."""
    facts = judged(view).facts.get(fund)
    if facts is None:
        raise Unknown(Text("基金", "fund"), fund)
    return facts


def ended_before(fund: FundFacts, day: dt.date) -> bool:
    """Whether a fund was closed or merged before a day."""
    return any(
        on < day and status in (FundStatus.CLOSED, FundStatus.MERGED) for on, status in fund.status_history
    )


def set_up_by(fund: FundFacts, day: dt.date) -> bool:
    """Whether a fund was set up by a day; one whose day is not recorded counts as soon as money is in it."""
    return fund.paid_in > 0 if fund.established_on is None else fund.established_on <= day


def evaluated_funds(view: View) -> list[str]:
    """Codes of the funds with public money in them that are set up and were not closed or merged before the view's year
    began."""
    judgement = judged(view)
    start = dt.date(judgement.day.year, 1, 1)
    return [
        code
        for code, fund in judgement.facts.items()
        if fund.is_public and set_up_by(fund, judgement.day) and not ended_before(fund, start)
    ]
