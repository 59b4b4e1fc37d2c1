"""Incubators with who works in them, angels, and what funds do for companies besides their money."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

from fof.book.grants import deductions_of, grants_of
from fof.figures.answers import Answer, declared
from fof.figures.instruments.instrument_desk import InstrumentDesk, word_of, words_of
from fof.ledger import View, day_number
from fof.rules.facts_parties import InvestorFacts
from fof.rules.investors import wealth_tests
from fof.rules.truth import all_of
from models.instruments import ServiceKind, SubsidyKind
from models.kinds import FUND_KINDS, FundClass, PartyKind, Strategy
from models.money import known_sum
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

INSTRUMENT_INCUBATORS = declared(
    "instrument_incubators",
    Text("孵化载体", "Incubators"),
    "Incubators by the day, those that applied for a subsidy included: recognition, firms, angels and funds that moved in and did not move out, what angels invested in its firms, and the post-subsidies paid to it.",
    rows="""
        incubator name incubator_kind incubator_level recognised_until coverage_city firms_stated resident_firms
        resident_angels resident_funds angel_money subsidised
    """,
)
INSTRUMENT_ANGELS = declared(
    "instrument_angels",
    Text("天使投资人", "Angels"),
    "People who invest by the day, in funds or companies: in which incubators they work, what they promised to funds and invested in companies, and whether their proof of wealth meets QI-01 on the day.",
    rows="""
        angel name incubators_of funds_joined angel_committed firms_invested angel_money wealth_assets
        wealth_income wealth_proved_on angel_qualified
    """,
)
INSTRUMENT_SERVICES = declared(
    "instrument_services",
    Text("投后服务", "Services after investment"),
    "Each company that an industrial fund holds on the day, or that any fund served by it: cost held, services with their kinds and the last of them. A company that was not served stands with none.",
    rows="fund name company name_of cost services_rendered service_kinds last_service",
)


class Residence(NamedTuple):
    """Who works in an incubator, by party."""

    incubator: int
    tenant: int


def residences(desk: InstrumentDesk) -> list[Residence]:
    """Who moved in by the day and had not moved out before it."""
    made = []
    for own in desk.known(S.RESIDENCY):
        left: dt.date | None = own.on("moved_out_on", desk.day)
        incubator, tenant = own.linked(R.INCUBATOR), own.linked(R.TENANT)
        if incubator is not None and tenant is not None and (left is None or left > desk.day):
            made.append(Residence(incubator, tenant))
    return made


class AngelInvestment(NamedTuple):
    """What a person put into a company by itself, in fen; None where nobody stated the amount."""

    person: int
    company: int | None
    fen: int | None


def _angel_investments(desk: InstrumentDesk) -> list[AngelInvestment]:
    made = []
    for deduction in deductions_of(desk.view).values():
        own, person = deduction.subject, deduction.subject.linked(R.HOLDER)
        if own.first_day > desk.day or person is None:
            continue
        if desk.book.parties[person].kind is PartyKind.PERSON:
            made.append(AngelInvestment(person, own.linked(R.COMPANY), desk.investment(own).fen))
    return made


def incubators_document(view: View) -> Answer:
    """A row for each incubator, by code."""
    desk = InstrumentDesk(view)
    inside: dict[int, list[int]] = defaultdict(list)
    for home in residences(desk):
        inside[home.incubator].append(home.tenant)
    named = set(inside) | {
        p for p in desk.book.facts.holders("incubator_kind") if desk.of(p, "incubator_kind") is not None
    }
    investments = _angel_investments(desk)
    paid: dict[int | None, int] = defaultdict(int)
    for grant in grants_of(view).values():
        if grant.subject.kind != S.SUBSIDY or grant.subject.first_day > desk.day:
            continue
        paid[grant.claimant] += grant.paid(desk.day)
        if grant.claimant is not None and grant.on("subsidy_kind", desk.day) is SubsidyKind.INCUBATION:
            named.add(grant.claimant)  # that it is recognised by nobody is in sight
    rows = []
    for number in sorted(named, key=desk.book.code):
        kinds = [(t, desk.book.parties[t].kind) for t in inside[number]]
        firms = {t for t, kind in kinds if kind is PartyKind.COMPANY}
        city = desk.of(number, "city")
        rows.append(
            {
                "incubator": desk.code(number),
                "name": desk.name(number),
                "incubator_kind": word_of(desk.of(number, "incubator_kind")),
                "incubator_level": word_of(desk.of(number, "incubator_level")),
                "recognised_until": desk.of(number, "incubator_until"),
                "coverage_city": "" if city is None else word_of(city),
                "firms_stated": desk.of(number, "incubated_firms"),
                "resident_firms": len(firms),
                "resident_angels": sum(kind is PartyKind.PERSON for _, kind in kinds),
                "resident_funds": sum(kind in FUND_KINDS for _, kind in kinds),
                "angel_money": known_sum(i.fen for i in investments if i.company in firms),
                "subsidised": paid[number],
            }
        )
    return desk.answer(INSTRUMENT_INCUBATORS, rows)


def angels_document(view: View) -> Answer:
    """A row for each person that invests, by code."""
    desk = InstrumentDesk(view)
    book, day = desk.book, desk.day
    homes: dict[int, list[str]] = defaultdict(list)
    for home in residences(desk):
        homes[home.tenant].append(book.code(home.incubator))
    investments = _angel_investments(desk)
    stakes = {
        (fund, person): fen
        for fund, many in book.investors.items()
        for person in many
        if book.parties[person].kind is PartyKind.PERSON and (fen := book.committed[fund, person].at(day))
    }
    people = {i.person for i in investments} | {person for _, person in stakes}
    people |= {t for t in homes if book.parties[t].kind is PartyKind.PERSON}
    rows = []
    for person in sorted(people, key=book.code):
        joined = [fen for (_, who), fen in stakes.items() if who == person]
        own = [i for i in investments if i.person == person]
        rows.append(
            {
                "angel": desk.code(person),
                "name": desk.name(person),
                "incubators_of": ", ".join(sorted(homes[person])) or None,
                "funds_joined": len(joined),
                "angel_committed": sum(joined),
                "firms_invested": len({i.company for i in own}),
                "angel_money": known_sum(i.fen for i in own),
                "wealth_assets": desk.of(person, "financial_assets"),
                "wealth_income": desk.of(person, "average_income"),
                "wealth_proved_on": desk.of(person, "wealth_evidence_on"),
                "angel_qualified": _qualified(desk, person),
            }
        )
    return desk.answer(INSTRUMENT_ANGELS, rows)


def _qualified(desk: InstrumentDesk, person: int) -> str:
    """Whether a person's proof of wealth meets QI-01 on the day: by what is stated on it, not by its stakes."""
    numbers = desk.numbers("QI-01", desk.day)
    names = (
        "entity_net_assets_min",
        "person_financial_assets_min",
        "person_income_min",
        "wealth_evidence_months",
    )
    limits = [numbers.get(name) for name in names]
    stated = ("financial_assets", "average_income", "wealth_evidence_on")
    facts = InvestorFacts(
        desk.book.code(person), PartyKind.PERSON, **{name: desk.of(person, name) for name in stated}
    )
    if not all(isinstance(limit, int) for limit in limits):
        return "unknown"
    met = all_of(*(test[0] for test in wealth_tests(facts, desk.day, *limits)))  # type: ignore[arg-type]
    return "unknown" if met is None else "qualified" if met else "not_qualified"


def services_document(view: View) -> Answer:
    """A row for each company that an industrial fund holds, or that a fund served, by fund and company."""
    desk = InstrumentDesk(view)
    book, day = desk.book, desk.day
    made: dict[tuple[int, int], list[tuple[dt.date, ServiceKind]]] = defaultdict(list)
    for own in desk.known(S.SERVICE):
        fund, company = own.linked(R.HOLDER), own.linked(R.COMPANY)
        kind = own.on("service_kind", day)
        if fund is not None and company is not None and kind is not None:
            made[fund, company].append((own.first_day, kind))
    at = day_number(day)
    held = {pair: cost for pair, path in book.costs.items() if (cost := path.cost(at))}
    industrial = {fund for fund, _ in held if _is_industrial(desk, fund)}
    pairs = made.keys() | {pair for pair in held if pair[0] in industrial}
    rows = []
    for fund, company in sorted(pairs, key=lambda pair: (book.code(pair[0]), book.code(pair[1]))):
        services = made.get((fund, company), [])
        codes, texts = words_of(k for k in ServiceKind if any(k is kind for _, kind in services))
        rows.append(
            {
                "fund": desk.code(fund),
                "name": desk.name(fund),
                "company": desk.code(company),
                "name_of": desk.name(company),
                "currency": book.currency(fund),
                "cost": held.get((fund, company), 0),
                "services_rendered": len(services),
                "service_kinds": codes,
                "last_service": max((on for on, _ in services), default=None),
                "texts": {"service_kinds": texts},
            }
        )
    return desk.answer(INSTRUMENT_SERVICES, rows)


def _is_industrial(desk: InstrumentDesk, fund: int) -> bool:
    """Whether a vehicle is an industrial fund: by its strategy, else its class."""
    strategy = desk.of(fund, "strategy")
    return strategy is Strategy.INDUSTRIAL or (
        strategy is None and desk.of(fund, "fund_class") is FundClass.INDUSTRIAL
    )
