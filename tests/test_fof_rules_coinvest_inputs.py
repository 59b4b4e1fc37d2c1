"""Every input that a Check line of CI-01 … CI-32, QI-03 and GF-70 names: declared, with a column in a layout, a line in its template,
brought by the demo office, and the same after export and import."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from second.recorded import book_somehow
from test_fof_rules_coinvest import CASES, CODED, OF
from test_second_institutions import mixed

from benchmarks import institution
from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.audit.casefile.request_list import request_lines
from fof.audit.coinvestment.gains import COUNTED
from fof.audit.coinvestment.matters import matters
from fof.audit.coinvestment.register import register
from fof.audit.findings import FindingsInColumns, by_money, with_likeness
from fof.book.index import book_of
from fof.db import Database
from fof.importers.columns import Column, Layout
from fof.importers.layouts import LAYOUTS
from fof.importers.template import EXPLANATION, filled, template
from fof.ledger import View
from fof.rules import alike, catalogue, facts_coinvest
from fof.rules.engine import ask, judge, judge_grouped
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.inputs import declared
from fof.rules.registry import Scope, Verdict

DAY = dt.date(2026, 9, 30)
WALKED = (*CODED, "QI-03", "GF-70", "PI-11")
UNJUDGED = frozenset({"code", "as_of", "denied", "denied_of", "institution", "deal", "company", "has_stakes"})
"""Fields by which a rule names its subject, or what was answered about all of them (layout 资料需求)."""
DEAL, STAKE, PAID = "deals", "staff_stakes", "coinvest_payments"
YEARS_OF_STAKES = (
    "eligibilities.person",
    "employments.role_class",
    f"{STAKE}.person",
    f"{PAID}.amount",
    f"{PAID}.payment_shares",
    f"{PAID}.since",
    f"{PAID}.exit_deal",
    f"{DEAL}.amount",
    f"{DEAL}.day",
    "coinvest_deals.deal_shares",
    "employments.employed_until",
    "evidence.evidence_item",
)
"""What the years of PI-11 are made of; those of CI-07 are a company's trade with the institution."""
MADE_OF: dict[str, tuple[str, ...]] = {
    "day": (f"{DEAL}.day", f"{PAID}.since"),
    "days": (f"{DEAL}.day",),
    "met_on": ("committee_meetings.met_on",),
    "staff": (f"{PAID}.amount", f"{PAID}.deal"),
    "ticket": (f"{DEAL}.amount", f"{DEAL}.round"),
    "staff_shares": (f"{PAID}.payment_shares",),
    "shares": (f"{PAID}.payment_shares", "coinvest_deals.deal_shares"),
    "share_class": (f"{PAID}.payment_share_class", "coinvest_deals.deal_share_class"),
    "fees": (f"{PAID}.payment_fees", "coinvest_deals.deal_fees"),
    "fen": (f"{PAID}.amount",),
    "paid_in": (f"{PAID}.amount", f"{PAID}.staff_stake"),
    "leg": (f"{PAID}.payment_leg",),
    "payments": (f"{PAID}.staff_stake",),
    "transfers": (f"{PAID}.payment_leg", f"{PAID}.holder"),
    "held": (f"{PAID}.payment_shares",),
    "exits": (f"{PAID}.exit_deal", f"{PAID}.pay_out", f"{DEAL}.kind"),
    "price": (f"{PAID}.amount", f"{PAID}.payment_shares", "coinvest_deals.deal_shares"),
    "sold": (f"{PAID}.payment_shares",),
    "share": (f"{PAID}.payment_shares", "coinvest_deals.deal_shares"),
    "transferee_is_state": ("parties.ownership", f"{PAID}.holder"),
    "is_first_round": (f"{DEAL}.day", f"{DEAL}.company", "funds.manager"),
    "spells_known": ("employments.person", "employments.employer"),
    "roles": ("employments.role_class", "employments.since"),
    "ties_known": ("business_ties.institution",),
    "years": ("business_ties.related_revenue", "business_ties.related_profit", "company_years.revenue"),
    "is_state_representative": ("companies.state_representatives",),
    "is_founder_of_investee": ("companies.founders",),
    "founder_of_investee": ("companies.founders", "kinships.relative"),
    "employed_by_investee": ("employments.employer",),
    "holds_in_plan": ("kinships.relative", f"{STAKE}.plan"),
    "relative": ("kinships.relative",),
    "person": ("ballots.person", "eligibilities.person", f"{STAKE}.person"),
    "insiders": ("employments.role_class", "kinships.person"),
    "insiders_known": ("employments.role_class",),
    "institution_ownership": ("parties.ownership",),
    "gp_is_state_owned": ("parties.ownership",),
    "partners": ("edges.owner", "edges.owned"),
    "partners_known": ("edges.owned",),
    "outsiders": ("edges.owner", "employments.employer"),
    "first_day": ("coinvest_plans.since", f"{PAID}.since"),
    "state_share": ("edges.share", "parties.ownership"),
    "largest_is_state": ("edges.share", "parties.ownership"),
    "non_public_share": ("edges.share", "parties.ownership"),
    "firm_holdings": ("edges.owner", "edges.since", "edges.until", "edges.share"),
    "firm_listed_on": ("attributes.attribute",),
    "leads": ("employments.role_class",),
    "joined": (f"{STAKE}.person", f"{PAID}.amount"),
    "mandatory": ("eligibilities.team_role", "coinvest_plans.plan_mode"),
    "holds_stake": (f"{STAKE}.person",),
    "unit": (f"{PAID}.amount", f"{PAID}.payment_shares"),
    "publicity_days": ("coinvest_deals.publicity_from", "coinvest_deals.publicity_until"),
    "evidence": ("evidence.evidence_item",),
    "evidence_untold": ("evidence.evidence_item", "evidence.evidence_on"),
    "evidence_denied": ("requests.request_item", "requests.answer"),
    "related_share_of_investee": ("edges.share",),
    "years_of_stakes": YEARS_OF_STAKES,
    # QI-03 and GF-70
    "employer": ("attributes.attribute",),
    "employment": ("employments.person", "employments.employer"),
    "formally_employed": (
        "employments.staff_contract",
        "employments.contract_from",
        "employments.insured_from",
    ),
    "deemed": ("attributes.attribute",),
    "amac_id": ("funds.amac_id",),
    "committed": ("commitments.amount",),
    "gp_code": ("funds.gp",),
    "manager": ("funds.manager",),
    "state_owned": ("parties.ownership", "edges.share"),
    "exited_cost": ("deals.amount", "deals.kind"),
    "proceeds": ("deals.amount",),
    "value": ("valuations.amount",),
    "nav": ("valuations.amount",),
    "due_diligence": ("attributes.attribute",),
    "closed_on": ("deals.day", "deals.kind"),
}
"""What is computed → the columns that it is computed of."""


@cache
def columns() -> dict[str, list[tuple[Layout, Column]]]:
    """Every column by its own name, and by layout and name."""
    found: dict[str, list[tuple[Layout, Column]]] = {}
    for layout in LAYOUTS.values():
        for column in layout.columns:
            for name in (column.name, f"{layout.name}.{column.name}"):
                found.setdefault(name, []).append((layout, column))
    return found


ALIAS = {"fund.manager.code": "manager"}
"""Paths whose last word alone says nothing."""


def places(name: str) -> list[tuple[Layout, Column]]:
    """The columns that bring an input."""
    own = columns().get(name, [])
    named = [pair for part in MADE_OF.get(name, ()) for pair in columns().get(part, [])]
    assert all(part in columns() for part in MADE_OF.get(name, ())), name
    return named or [pair for pair in own if pair[1].fact is not None]


def asked(rule: str) -> dict[str, str]:
    """Path → the name of the field that it ends in."""
    says = declared()[rule]
    return {
        path: "years_of_stakes" if rule == "PI-11" and path == "years" else ALIAS.get(path, own.path[-1])
        for path, own in (says.asks or {**says.inputs, **says.parts}).items()
    }


@pytest.mark.parametrize("rule", WALKED)
def test_every_input_has_a_column_and_a_line_in_its_template(rule: str) -> None:
    assert asked(rule)
    for path, name in asked(rule).items():
        brought = places(name)
        assert brought, f"{rule} asks for {path}, which no layout brings"
        for layout, column in brought:
            assert column.text.zh in explained(layout.name), (path, layout.name, column.name)


@cache
def explained(layout: str) -> frozenset[str]:
    """The columns that the template of a layout heads and explains."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(template([LAYOUTS[layout]])))
    heads = {
        str(cell).split("（")[0] for cell in book.get_sheet_by_name(LAYOUTS[layout].text.zh).to_python()[0]
    }
    lines = {str(cell) for row in book.get_sheet_by_name(EXPLANATION.zh).to_python() for cell in row}
    return frozenset(
        c.text.zh
        for c in LAYOUTS[layout].columns
        if c.text.zh.split("（")[0] in heads and any(c.text.zh in line for line in lines)
    )


def test_an_input_that_no_layout_brings_fails() -> None:
    assert places("shares_of_the_moon") == []


@pytest.mark.parametrize("rule", CODED)
def test_a_rule_of_co_investment_declares_what_it_asks_for(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field that the rule reads in any of its cases, of whatever class of facts."""
    told = {(own.owner, own.path[-1]) for own in declared()[rule].asks.values()}
    told |= {
        (kind, name) for own in declared()[rule].asks.values() for kind, name in _through(rule, own.path)
    }
    read: set[tuple[type, str]] = set()
    facts = [change(OF[catalogue.RULES[rule].scope][0]) for own, _, change, _ in CASES if own == rule]
    for kind in _kinds():
        monkeypatch.setattr(kind, "__getattribute__", _watch(kind, read))
    for one in facts:
        ask(rule, one, day=DAY)
    monkeypatch.undo()
    untold = {f"{kind.__name__}.{name}" for kind, name in read - told if name not in UNJUDGED}
    assert untold == set()


def _watch(kind: type, read: set[tuple[type, str]]) -> Any:
    own, names = kind.__getattribute__, set(_names(kind))

    def watched(self: Any, name: str) -> Any:
        if name in names:
            read.add((kind, name))
        return own(self, name)

    return watched


def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else getattr(kind, "_fields", ())


def _kinds() -> Iterator[type]:
    for kind in list(vars(facts_coinvest).values()):
        if isinstance(kind, type) and kind.__module__ == facts_coinvest.__name__ and _names(kind):
            yield kind


def _through(rule: str, path: tuple[str, ...]) -> Iterator[tuple[type, str]]:
    """The containers that a path passes through: reading them is no input of its own."""
    from fof.rules.inputs import _ROOTS, _field

    kind: Any = _ROOTS[catalogue.RULES[rule].scope][""]
    for part in path[:-1]:
        owner = kind.__args__[0] if getattr(kind, "__origin__", None) is tuple else kind
        yield owner, part
        kind = _field(owner, part)[0]


OF_SCOPE = {
    Scope.PLAN: "plans",
    Scope.PROJECT: "projects",
    Scope.STAFF_STAKE: "stakes",
    Scope.VEHICLE: "vehicles",
    Scope.INSTITUTION: "institutions",
    Scope.PARTICIPATION: "participation",
}
NOT_IN_THE_DEMO = frozenset({"round_total"})
"""Whole rounds: stated of a deal they are part of the office's leverage, too. Tests of the rule state it."""


def test_the_demo_brings_every_input(demo: Database) -> None:
    made = register(book_of(ledger.read(demo).view(DAY)), DAY)
    silent = {
        f"{rule} {path}"
        for rule in CODED
        for path in asked(rule)
        if path.split(".")[-1] not in NOT_IN_THE_DEMO
        and not any(
            _filled(own, path.split(".")) for own in getattr(made, OF_SCOPE[catalogue.RULES[rule].scope])
        )
    }
    assert silent == set()


def _filled(own: Any, path: list[str]) -> bool:
    """Whether a path leads to something that is recorded."""
    if own is None:
        return False
    if isinstance(own, tuple) and not hasattr(own, "_fields") and path:
        return any(_filled(part, path) for part in own)
    if not path:
        return own not in (None, (), frozenset(), "")
    return _filled(getattr(own, path[0]), path[1:])


@pytest.mark.parametrize("seed", [11, 12])
def test_what_rules_judge_is_the_same_after_export_and_import(
    sqlite_book: Database, tmp_path: Path, seed: int
) -> None:
    """Whatever way it was recorded, corrections and reversals included."""
    book_somehow(sqlite_book, mixed(seed))
    view = ledger.read(sqlite_book).view()
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    intake.book(other, LOCAL, intake.export_workbook(view), "导出.xlsx")
    assert register(book_of(ledger.read(other).view()), DAY) == register(book_of(view), DAY)


def test_what_makes_stakes_alike_is_what_the_rule_asks_for() -> None:
    """Beside the plan and the money at stake, which every key has or needs not have."""
    for rule, paths in alike.ALIKE.items():
        whole = {path for path in paths if "." not in path}
        for path in declared()[rule].asks:
            first = path.split(".")[0]
            assert first in {"plan", "plan_today", "paid_in", *whole} or path in paths, (rule, path)


def test_answers_of_alike_stakes_are_those_of_each(
    sqlite_book: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit that looks for alike stakes from the first on says to the letter what one says that asks of each; so do findings that
    are made when they are looked at, in every order, choice and count."""
    monkeypatch.setattr(institution, "PEOPLE", institution.A_VEHICLE)
    (rows,) = institution.Institution(60).files
    intake.book(sqlite_book, LOCAL, filled([(LAYOUTS[name], own) for name, own in rows.items()]), "机构.xlsx")
    view = ledger.read(sqlite_book).view(DAY)
    each, lacking = audit.coinvestment(view), request_lines(view)
    monkeypatch.setattr(alike, "FROM", 1)
    own = audit.coinvestment(view)
    listed, groups = own.findings, judge_grouped(OfficeFacts(DAY, further=_matters(view))).groups
    assert isinstance(listed, FindingsInColumns)
    assert listed.made() < len(listed)
    assert any(f.rule in alike.WORDED_FOR_EACH for g in groups for f in g.findings if g.others)
    assert tuple(listed) == each.findings
    assert listed == each.findings
    assert listed[3:9] == each.findings[3:9]
    assert listed[-1] == each.findings[-1]
    assert tuple(by_money(listed)) == tuple(by_money(each.findings))
    assert tuple(own.of(Verdict.BREACH, Verdict.WARN)) == each.of(Verdict.BREACH, Verdict.WARN)
    assert own.counted() == each.counted()
    assert own.counts() == each.counts()
    assert own.parties() == each.parties()
    for party in (*each.parties(), "nobody"):
        assert tuple(own.of_party(party)) == each.of_party(party)
    assert own.subjects() == each.subjects()
    assert own.currencies() == each.currencies()
    assert own.verdicts(COUNTED) == each.verdicts(COUNTED)
    assert [f for f, _ in with_likeness(listed)] == list(each.findings)
    assert request_lines(view) == lacking
    rules = {f.rule for f in each.findings}
    assert judge(OfficeFacts(DAY, further=_matters(view)), DAY, only=rules) == [
        f.finding for f in each.findings
    ]


def _matters(view: View) -> tuple[Matter, ...]:
    return tuple(matters(register(book_of(view), DAY)))
