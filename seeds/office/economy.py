"""The whole office, put together: sub-funds first, then the vehicles above them, then what was stated when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import partial

from office.companies import Company, Founder
from office.days import LAST, REORGANISED, after
from office.funds import Fund, OneOffDeal
from office.funds_before_2018 import FUNDS as EARLIER
from office.funds_since_2018 import FUNDS as LATER
from office.parties import GUIDANCE_NEW, GUIDANCE_OLD, OLD_MANAGER, PARENT, PARENT_MANAGER, PROVINCE
from office.positions import WAN, Position, give_outcomes, skeleton
from office.purse import LEAD, MONEY_IN, MONEY_OUT, PAY_OUT, PLAN, Purse
from office.rows import CallLine
from office.sub_fund import SubFund
from office.upper import Terms, Upper

FUNDS: tuple[Fund, ...] = EARLIER + LATER
_SECONDARY = "SF-2020-02"
_YI = 10_000 * WAN


@dataclass
class Office:
    """Everything that happened."""

    companies: list[Company]
    positions: list[Position]
    sub_funds: dict[str, SubFund] = field(default_factory=dict)
    uppers: dict[str, Upper] = field(default_factory=dict)

    @property
    def vehicles(self) -> list[Purse]:
        return [*self.uppers.values(), *self.sub_funds.values()]


def build() -> Office:
    """The same office every time."""
    positions = [p for fund in FUNDS for p in skeleton(fund) if p.entry <= LAST]
    positions += _direct_projects()
    give_outcomes(positions)
    founder = Founder()
    by_code = {fund.code: fund for fund in FUNDS} | {GUIDANCE_NEW: _HOST}
    for position in sorted(positions, key=lambda p: (p.entry, p.label)):
        founder.place(position, by_code[position.fund])
    companies = {c.code: c for c in founder.companies}
    positions += _follow_ons(positions, companies)
    office = Office(founder.companies, positions)
    for fund in FUNDS:
        own = [p for p in positions if p.fund == fund.code]
        sub_fund = SubFund(fund, own, companies)
        if fund.code == _SECONDARY:
            _hold_stake(sub_fund, office.sub_funds["SF-2012-02"])
        sub_fund.run()
        office.sub_funds[fund.code] = sub_fund
    _uppers(office, companies)
    return office


# -- direct deals -----------------------------------------------------------------------------------------------------

_DIRECT = (
    OneOffDeal(dt.date(2024, 3, 19), "C3742", 6000, "股权", "230100", 90000),
    OneOffDeal(dt.date(2024, 10, 22), "C3091", 4500, "股权", "230300", 60000),
    OneOffDeal(dt.date(2025, 6, 17), "C2761", 3000, "股权", "230100", 12000),
    OneOffDeal(dt.date(2026, 2, 10), "C3491", 2500, "股权", "230600", 40000),
)
"""Projects of the new guidance fund; the third takes a quarter of the company (GF-36)."""

_HOST = Fund(GUIDANCE_NEW, "", "industrial", dt.date(2023, 2, 20), ((PROVINCE, 1),), "230100", 0, (), 0, 20)
"""Stands in where a company is founded for a direct project."""


def _direct_projects() -> list[Position]:
    return [
        Position(
            GUIDANCE_NEW,
            "industrial",
            n,
            one_off.day,
            one_off.wan * WAN,
            None,
            0,
            after(one_off.day, 1700 + 60 * n),
            one_off=one_off,
            relative=100,
        )
        for n, one_off in enumerate(_DIRECT, start=1)
    ]


def _follow_ons(positions: list[Position], companies: dict[str, Company]) -> list[Position]:
    """Three times the old guidance fund put money beside a venture fund in the same round (GF-34): in young companies
    within half the lead's ticket and three million, and once in a grown one above both."""
    leads = [
        p
        for p in positions
        if p.fund in ("SF-2011-01", "SF-2014-01") and p.ripe < dt.date(2022, 12, 31) and not p.instalment
    ]
    young = [p for p in leads if companies[p.company].stage_on(p.entry) in ("seed", "startup")]
    grown = [p for p in leads if companies[p.company].stage_on(p.entry) == "growth"]
    rows = []
    for n, (lead, wan) in enumerate(((young[0], 250), (grown[0], 900), (young[-1], 200)), start=1):
        if wan < 300:
            wan = min(wan, lead.first // WAN // 2)
        one_off = OneOffDeal(lead.entry, "", wan, "股权", post_wan=lead.first // WAN * 15)
        row = Position(
            GUIDANCE_OLD,
            "direct",
            n,
            lead.entry,
            wan * WAN,
            None,
            0,
            lead.ripe,
            lead.best,
            lead.company,
            one_off,
        )
        if lead.best:
            row.exits = [(lead.ripe, row.cost * lead.best // 10_000)]
        rows.append(row)
    return rows


# -- stakes in other funds --------------------------------------------------------------------------------------------


def _paid_by(purse: Purse, investor: str) -> list[tuple[dt.date, int]]:
    return [
        (payment.day, payment.total + payment.equalisation + payment.late_interest)
        for call in purse.book.calls
        for line in call.lines
        if line.investor == investor
        for payment in line.payments
    ]


def _received_by(purse: Purse, investor: str) -> list[tuple[dt.date, int]]:
    return [
        (d.day, sum(parts.values()))
        for d in purse.book.distributions
        for code, parts in d.lines
        if code == investor
    ]


def _account(purses: list[SubFund] | list[Upper], investor: str, day: dt.date) -> int:
    return sum(p.accounts.get(day, {}).get(investor, 0) for p in purses)


def _hold_stake(buyer: SubFund, held: SubFund) -> None:
    """The secondary fund buys a seat in an older fund, pays its calls and has its distributions."""
    (_, day, price) = next(s for s in held.sold if s[0].buyer == buyer.code)
    outs = [(day, price), *_paid_by(held, buyer.code)]

    def settle(fen: int) -> None:
        buyer.promised -= fen
        buyer.cash -= fen

    def come(fen: int) -> None:
        buyer.cash += fen
        buyer._receipts += fen

    for when, fen in outs:
        buyer.at(when - dt.timedelta(days=LEAD + 5), PLAN, partial(buyer.plan, fen, "investment", when))
        buyer.at(when, MONEY_OUT, partial(settle, fen))
    for when, fen in _received_by(held, buyer.code):
        buyer.at(when, MONEY_IN, partial(come, fen))
    buyer.outside_value = lambda d: _account([held], buyer.code, d)


# -- the vehicles above -----------------------------------------------------------------------------------------------


def _uppers(office: Office, companies: dict[str, Company]) -> None:
    subs = list(office.sub_funds.values())
    old = Upper(
        GUIDANCE_OLD,
        dt.date(2011, 3, 21),
        [(PROVINCE, 7 * _YI)],
        terms=Terms(OLD_MANAGER, "BK-01", 40, 80, 2013),
        companies=companies,
        positions=[p for p in office.positions if p.fund == GUIDANCE_OLD],
        last_day=REORGANISED,
        first_share=8,
    )
    _connect(old, subs, upto=REORGANISED)
    for sub in subs:
        old.flows_in += [(day, price) for sale, day, price in sub.sold if sale.seller == GUIDANCE_OLD]
    for day, fen in ((dt.date(2014, 2, 18), 5 * _YI), (dt.date(2017, 11, 21), 6 * _YI)):
        old.at(day, MONEY_IN, partial(old.commit, PROVINCE, fen, change="增加认缴"))
    old.schedule()
    old.at(REORGANISED, PAY_OUT, old.merge_away)
    old.run()
    office.uppers[GUIDANCE_OLD] = old

    moved = sum(price for sub in subs for sale, _, price in sub.sold if sale.buyer == PARENT)
    parent = Upper(
        PARENT,
        dt.date(2023, 4, 3),
        [
            (GUIDANCE_NEW, 36 * _YI),
            ("GOV-230100", 5 * _YI),
            ("GOV-230600", 2 * _YI),
            ("ST-01", 6 * _YI),
            ("ST-02", 4 * _YI),
            ("IN-01", 5 * _YI // 2),
            ("GP-15", 6 * _YI // 10),
        ],
        terms=Terms(PARENT_MANAGER, "BK-02", 60, 80, 2024),
        first_share=3,
    )
    _connect(parent, subs, upto=LAST)
    parent.at(_AGREED, PLAN, partial(_take_over, parent, moved, old.given_up))
    parent.schedule()
    parent.run()
    office.uppers[PARENT] = parent

    new = Upper(
        GUIDANCE_NEW,
        dt.date(2023, 2, 20),
        [(PROVINCE, 52 * _YI)],
        terms=Terms(OLD_MANAGER, "BK-01", 30, 100, 2100),
        companies=companies,
        positions=[p for p in office.positions if p.fund == GUIDANCE_NEW],
        first_share=3,
    )
    _connect(new, [*subs, parent], upto=LAST)
    new.schedule()
    new.run()
    office.uppers[GUIDANCE_NEW] = new


def _connect(upper: Upper, below: list[SubFund] | list[SubFund | Upper], *, upto: dt.date) -> None:
    for purse in below:
        upper.flows_out += [f for f in _paid_by(purse, upper.code) if f[0] <= upto]
        upper.flows_in += [f for f in _received_by(purse, upper.code) if f[0] <= upto]
    upper.stake_value = lambda day: sum(p.accounts.get(day, {}).get(upper.code, 0) for p in below)


_AGREED = dt.date(2023, 6, 13)


def _take_over(parent: Upper, value: int, unfunded: int) -> None:
    """The parent fund takes the old fund's stakes at their value; the province pays that value into the parent fund
    and has it back from the old one the same day, so no money leaves the house and every total stays what it was.
    What the province still owed the old fund it promises to the new one."""
    parent.commit(PROVINCE, value + unfunded)
    parent.notice(REORGANISED, [CallLine(PROVINCE, {"investment": value})], on_due=True)
    parent.at(REORGANISED, MONEY_OUT, partial(parent.pay_for_stakes, value))
