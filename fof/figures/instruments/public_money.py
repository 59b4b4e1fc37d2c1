"""National funds beside ours, and what each instrument gathers: private and bank money per public yuan, the variant named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from fof.book.company_money import INSTRUMENTS, company_money
from fof.book.currencies import DEFAULT_CURRENCY, of_number
from fof.book.government import government_part
from fof.book.grants import Grant, grants_of
from fof.book.pools import counted_pools
from fof.book.reading import Reason
from fof.figures.answers import Answer, declared
from fof.figures.instruments.instrument_desk import InstrumentDesk, Row, word_of
from fof.ledger import View, day_number
from models.instruments import SubsidyKind
from models.kinds import PartyKind, SupportKind
from models.money import known_sum
from models.subjects import SubjectKind as S
from models.text import Text

INSTRUMENT_NATIONAL = declared(
    "instrument_national",
    Text("国家资金共同投资", "National funds as co-investors"),
    "Each fund that national money joined on the day: under which scheme, its commitment beside all others', the cost the fund holds in companies, what it paid into funds below it with their part of all it placed (GF-26: a regional fund of the national guidance fund at least 80 %), and what the national investor holds in the same companies directly.",
    rows="fund name investor national_money national_committed others_committed national_share companies_beside cost paid_into_funds through_funds national_beside",
)
FISCAL_LEVERAGE = declared(
    "fiscal_leverage",
    Text("财政资金放大", "Leverage of public money"),
    "By instrument, private and bank money per public yuan, each multiple with its variant: at companies (what payers put in, looked through), loans drawn on what governments put into pools, loans on what pools compensated, cost on vouchers and on subsidies, investment on rewards. In yuan; staff money has no public yuan and is left out.",
    rows="instrument leverage_variant public_money private_money bank_money fiscal_multiple",
    reasons="public_money private_money fiscal_multiple",
    meaning="instrument=support_kind",
)
_NO_PUBLIC = Reason("no_public_money", Text("没有财政资金", "no public money"))
_NO_PART = Reason(
    "no_government_share", Text("部分出资方的政府占比未知", "a payer's government part is not known")
)
_NO_COST = Reason("no_cost", Text("部分申请的费用未登记", "the cost of some applications is not recorded"))
_EQUITY = (
    SupportKind.ANGEL_FUND,
    SupportKind.VC_FUND,
    SupportKind.INDUSTRIAL_FUND,
    SupportKind.OTHER_FUND,
    SupportKind.DIRECT,
)


def national_document(view: View) -> Answer:
    """A row for each fund and national investor, by code."""
    desk = InstrumentDesk(view)
    book, day = desk.book, desk.day
    at, rows = day_number(day), []
    held: dict[int, dict[int, int]] = defaultdict(dict)
    direct: dict[int, int] = defaultdict(int)
    for (fund, company), path in book.costs.items():
        direct[fund] += path.invested(at)
        if cost := path.cost(at):
            held[fund][company] = cost
    below = _paid_into_funds(desk)
    for fund, investors in sorted(book.investors.items(), key=lambda item: book.code(item[0])):
        promised = {i: book.committed[fund, i].at(day) for i in investors}
        for investor in investors:
            scheme = desk.of(investor, "national_scheme")
            national = scheme is not None or book.parties[investor].kind is PartyKind.NATIONAL_FUND
            if not national or not promised[investor]:
                continue
            others = sum(promised.values()) - promised[investor]
            own, placed = held[fund], below[fund] + direct[fund]
            rows.append(
                {
                    "fund": desk.code(fund),
                    "name": desk.name(fund),
                    "investor": desk.code(investor),
                    "national_money": word_of(scheme),
                    "currency": book.currency(fund),
                    "national_committed": promised[investor],
                    "others_committed": others,
                    "national_share": float(Fraction(promised[investor], promised[investor] + others)),
                    "companies_beside": len(own),
                    "cost": sum(own.values()),
                    "paid_into_funds": below[fund],
                    "through_funds": below[fund] / placed if placed else float("nan"),
                    "national_beside": sum(f for company, f in held[investor].items() if company in own),
                }
            )
    return desk.answer(INSTRUMENT_NATIONAL, rows)


def _paid_into_funds(desk: InstrumentDesk) -> dict[int, int]:
    """Fund → what it paid into other funds by the day."""
    paid: dict[int, int] = defaultdict(int)
    for (_, investor), steps in desk.book.balances["paid_in"].items():
        paid[investor] += steps.at(desk.day)
    return paid


def fiscal_leverage_document(view: View) -> Answer:
    """A row for each instrument and variant that has public money."""
    desk = InstrumentDesk(view)
    rows = [*_equity(view), *_pools(desk), *_grants(desk)]
    return desk.answer(FISCAL_LEVERAGE, rows)


def _row(
    instrument: SupportKind,
    variant: str,
    public: int | None,
    private: int | None,
    bank: int = 0,
    why: Reason | None = None,
) -> Row:
    """A variant with its multiple: (private + bank) ÷ public; nan with its reason where a part is not known."""
    multiple = float("nan")
    if public is None or private is None:
        reason = why
    elif not public:
        reason = _NO_PUBLIC
    else:
        reason, multiple = None, (private + bank) / public
    lacking = {"public_money": public, "private_money": private, "fiscal_multiple": None if reason else 0}
    reasons = {name: reason for name, value in lacking.items() if value is None and reason is not None}
    return {
        "instrument": instrument.value,
        "leverage_variant": variant,
        "public_money": public,
        "private_money": private,
        "bank_money": bank,
        "fiscal_multiple": multiple,
        "reasons": reasons,
    }


def _equity(view: View) -> Iterator[Row]:
    """What payers put into companies: their government part, and the rest."""
    money = company_money(view)
    yuan = np.array([of_number(int(n)) == DEFAULT_CURRENCY for n in money.currency.tolist()], bool)
    for kind in _EQUITY:
        own = money.where(np.flatnonzero((money.instrument == INSTRUMENTS.index(kind)) & yuan))
        if not len(own):
            continue
        if np.isnan(own.government).any():
            yield _row(kind, "at_companies", None, None, why=_NO_PART)
            continue
        parts = zip(own.deployed.tolist(), own.government.tolist(), strict=True)
        public = sum((Fraction(fen) * Fraction(part) for fen, part in parts), Fraction(0))
        whole = int(own.deployed.sum())
        yield _row(kind, "at_companies", round(public), whole - round(public))


def _pools(desk: InstrumentDesk) -> Iterator[Row]:
    """Loans of pools on what governments put in, and on what was compensated."""
    own, day = counted_pools(desk.view), desk.day
    if not own.pools:
        return
    put: dict[bool, int] = defaultdict(int)
    unknown = False
    for pool in own.pools:
        for party, account in own.accounts(pool, day).of.items():
            part = government_part(desk.view, party)
            unknown = unknown or part != part
            fen = account.contributed - account.returned
            of_state = 0 if part != part else round(Fraction(fen) * Fraction(part))
            put[True] += of_state
            put[False] += fen - of_state
    drawn = sum(x.drawn(day) for x in own.every_loan())
    paid = sum(own.tally(pool).paid.until(day) for pool in own.pools)
    public, private = (None, None) if unknown else (put[True], put[False])
    yield _row(SupportKind.POOL_LOAN, "loans_on_contributions", public, private, drawn, _NO_PART)
    yield _row(SupportKind.POOL_LOAN, "loans_on_compensation", paid, 0, drawn)


def _grants(desk: InstrumentDesk) -> Iterator[Row]:
    """The rest of the cost on what vouchers and subsidies paid; the investment on what rewards paid."""
    groups: dict[tuple[SupportKind, str], list[Grant]] = defaultdict(list)
    for grant in grants_of(desk.view).values():
        if not grant.paid(desk.day):
            continue
        if grant.subject.kind == S.VOUCHER:
            groups[SupportKind.VOUCHER, "cost_on_voucher"].append(grant)
        elif grant.on("subsidy_kind", desk.day) is SubsidyKind.REWARD:
            groups[SupportKind.SUBSIDY, "investment_on_reward"].append(grant)
        else:
            groups[SupportKind.SUBSIDY, "cost_on_subsidy"].append(grant)
    for (instrument, variant), own in sorted(groups.items()):
        public = sum(g.paid(desk.day) for g in own)
        if variant == "investment_on_reward":
            rest = known_sum(desk.investment(g.subject).fen for g in own)
        else:
            cost = known_sum(g.on("eligible_cost", desk.day) for g in own)
            rest = None if cost is None else cost - public
        yield _row(instrument, variant, public, rest, why=_NO_COST)
