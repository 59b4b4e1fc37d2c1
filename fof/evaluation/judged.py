"""The audit of a view's day, by fund: facts, findings and numbers that everything in this package reads."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from fof.audit import AuditFinding, guidance
from fof.audit.findings import auditor_of
from fof.errors import Unknown
from fof.ledger import View
from fof.rules.facts import FundFacts
from fof.rules.parameters import Settings
from fof.rules.registry import Finding
from fof.stakes import kept_per_view
from models.kinds import FundStatus


@dataclass(frozen=True, slots=True)
class Judged:
    """One day's audit.

    facts    : fund code -> facts           rules : (rule, fund code) -> the finding about the fund itself
    of_fund  : fund code -> every finding about the fund, its stakes and deals
    settings : the numbers in force, by fund and day
    """

    day: dt.date
    facts: dict[str, FundFacts]
    rules: dict[tuple[str, str], Finding]
    of_fund: dict[str, list[AuditFinding]]
    settings: Settings


@kept_per_view
def judged(view: View) -> Judged:
    """The audit of the view's day; asked once per view."""
    auditor, audit = auditor_of(view), guidance(view)
    rules: dict[tuple[str, str], Finding] = {}
    of_fund: dict[str, list[AuditFinding]] = defaultdict(list)
    for found in audit.findings:
        rules.setdefault((found.rule, found.subject), found.finding)
        if found.finding.fund is not None:
            of_fund[found.finding.fund].append(found)
    facts = {fund.code: fund for fund in auditor.office(view).funds}
    return Judged(audit.as_of, facts, rules, dict(of_fund), auditor.settings)


def facts_of(view: View, fund: str) -> FundFacts:
    """Facts of a fund by code; Unknown where the book has no such fund of the office's currency on the day."""
    found = judged(view).facts.get(fund)
    if found is None:
        raise Unknown("基金", fund)
    return found


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
    found = judged(view)
    start = dt.date(found.day.year, 1, 1)
    return [
        code
        for code, fund in found.facts.items()
        if fund.is_public and set_up_by(fund, found.day) and not ended_before(fund, start)
    ]
