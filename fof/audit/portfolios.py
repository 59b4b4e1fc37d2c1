"""An audit as a portfolio sees it: the findings that concern it, and their money currency by currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from fof.audit.findings import Audit, AuditFinding
from fof.book.currencies import in_order
from fof.book.index import book_of
from fof.book.portfolios import Portfolio
from fof.ledger import View
from fof.rules.registry import Finding, Scope
from models.subjects import SubjectKind


def at_stake(findings: Iterable[AuditFinding]) -> dict[str, int]:
    """Money at stake by currency, the yuan first; the same money counts once for every rule it breaks."""
    totals: dict[str, int] = {}
    for f in findings:
        if f.money_at_stake:
            totals[f.currency] = totals.get(f.currency, 0) + f.money_at_stake
    return {code: totals[code] for code in in_order(totals)}


def of_portfolio(view: View, audit: Audit, portfolio: Portfolio) -> Audit:
    """The findings about a portfolio: its own vehicles and the funds it is in, their stakes, deals and transfers, their
    investors and companies. What concerns the office as a whole is among them where any of these vehicles is judged."""
    fits = concerning(view, audit, portfolio)
    return replace(audit, findings=tuple(f for f in audit.findings if fits(f)))


def concerning(view: View, audit: Audit, portfolio: Portfolio) -> Callable[[AuditFinding], bool]:
    """Whether a finding of this audit, or of the same day under other rules, concerns the portfolio."""
    book, vehicles = book_of(view), {*portfolio.funds, *(portfolio.holders or ())}
    codes = {book.code(p) for p in vehicles if p in book.parties}
    others = {book.code(i) for fund in portfolio.funds for i in book.investors.get(fund, ())}
    others |= {book.code(c) for v in vehicles for c in book.companies.get(v, ())}
    judged = any(f.finding.fund in codes for f in audit.findings)
    return lambda f: _concerns(f.finding, codes, others, office=judged)


def _concerns(finding: Finding, vehicles: set[str], others: set[str], *, office: bool) -> bool:
    if finding.fund is not None:
        return finding.fund in vehicles
    about = finding.subject.code
    if finding.scope is Scope.OFFICE and finding.subject.kind is SubjectKind.OFFICE:
        return office
    return about in vehicles or about in others
