"""All institutions on one page: indicators of co-investment (PI-11), the whole life of their funds (GF-70), findings by verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fof.audit.auditor import auditor_of, day_of
from fof.audit.coinvestment.register import register
from fof.audit.findings import Audit
from fof.figures.answers import Answer
from fof.figures.audit_documents import COINVEST_INSTITUTIONS
from fof.ledger import View
from fof.rules.facts_coinvest import StaffYear
from fof.rules.registry import Verdict
from fof.rules.whole_life import WholeLife, whole_lives
from fof.rules.wording import decimal_of
from models.coinvest import RoleClass

Row = dict[str, Any]
_RATES = (RoleClass.EXECUTIVE, RoleClass.MID_LEVEL, RoleClass.MANAGEMENT_TEAM)


def institutions_document(view: View, judged: Audit) -> Answer:
    """A row for each institution of an audit in all, and one for each of its years.

    judged : fof.audit.coinvestment of the same view; the institutions it speaks of are listed
    """
    rows = list(_rows(view, judged))
    return Answer(COINVEST_INSTITUTIONS, rows, judged.as_of, judged.known_at, "CNY")


def _rows(view: View, judged: Audit) -> Iterator[Row]:
    auditor = auditor_of(view)
    facts = register(auditor.book, day_of(view), judged.parties())
    lives = {life.institution: life for life in whole_lives(auditor.office(view))}
    year_of = {s.code: s.day.year for s in facts.stakes if s.day is not None}
    for own in facts.institutions:
        name = view.name(view.party(own.code).id)
        findings = judged.about(own.code)
        verdicts = findings.counts()
        apart = [f.subject.code for f in findings.breaches if f.rule == "CI-24"]
        overdue = [f.subject.code for f in findings.breaches if f.rule == "CI-25"]
        yield {
            "institution": own.code,
            "name": name,
            **_figures(own.years, apart, overdue),
            **{v.value: verdicts[v] for v in (Verdict.BREACH, Verdict.UNKNOWN, Verdict.WARN)},
            **_life(lives.get(own.code)),
            "currency": "CNY",
            "record": own,
        }
        for year in own.years:
            of_year = [[c for c in codes if year_of.get(c) == year.year] for codes in (apart, overdue)]
            yield {
                "institution": own.code,
                "name": name,
                "year": str(year.year),
                **_figures((year,), *of_year),
                "currency": "CNY",
                "record": own,
            }


def _figures(years: Sequence[StaffYear], apart: Sequence[str], overdue: Sequence[str]) -> Row:
    """The indicators of some years together; None where one of them leaves a figure open."""
    staff, ticket = sum(y.staff for y in years), sum(y.ticket for y in years)
    with_stakes = [y for y in years if y.joined]
    return {
        "open": sum(y.eligible for y in years),
        "joined": sum(y.joined for y in years),
        **{f"rate_{role.value}": _rate(years, role) for role in _RATES},
        "staff_paid": staff,
        "institution_paid": ticket,
        "staff_ratio": decimal_of(Fraction(staff, ticket)) if ticket else None,
        "largest_person": _most([y.largest for y in with_stakes]),
        "price_apart": _most([y.price_apart for y in with_stakes]),
        "lag_longest": None
        if not with_stakes or None in [y.lag for y in with_stakes]
        else max(y.lag for y in with_stakes if y.lag is not None),
        "exits_apart": len(apart),
        "leavers_overdue": len(overdue),
        "evidence_share": _most([y.evidence for y in with_stakes], least=True),
    }


def _rate(years: Sequence[StaffYear], role: RoleClass) -> Decimal | None:
    places = [(n, paid) for y in years for own, n, paid in y.offered if own is role]
    listed = sum(n for n, _ in places)
    return decimal_of(Fraction(sum(paid for _, paid in places), listed)) if listed else None


def _most(values: Sequence[Fraction | None], *, least: bool = False) -> Decimal | None:
    """The largest of some figures, or the smallest; None where one is missing."""
    known = [v for v in values if v is not None]
    if not known or len(known) != len(values):
        return None
    return decimal_of(min(known) if least else max(known))


def _life(life: WholeLife | None) -> Row:
    return {} if life is None else {"loss_ratio": life.loss_ratio, "net_multiple": life.net}
