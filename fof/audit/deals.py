"""Deals as the rules see them: as of their own day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from fof.audit.groups import groups, has_one_code, one_entity
from fof.audit.on_demand import begin
from fof.audit.parties import YEARLY, company_facts, plain_names, word, year_figures
from fof.book.cost_paths import SOLD
from fof.book.declared import declarations_of, shares_declared_of
from fof.book.index import Book, DaysOfChange
from fof.ledger import Dated, day_number
from fof.rules.calendar_days import add_months
from fof.rules.facts_deals import (
    DealFacts,
    FieldList,
    FundThen,
)
from fof.rules.facts_parties import PUBLIC_VEHICLES
from models import kinds
from models.kinds import DealKind, EdgeBasis

_THEN = plain_names(FundThen, "currency")
_LATER = frozenset({"decision_ref", "disclosed_on"})  # asked for as of the as-of day, not of the deal's
_COMPANY_LATER = frozenset({"listed_on", "high_tech_until"})
_YEARLY = frozenset(YEARLY)
_OF_DEAL = plain_names(DealFacts, "listed_at_entry", "related_party", *_LATER, of="deal")


def field_lists(book: Book, day: dt.date) -> tuple[FieldList, ...]:
    """Every version of the province's priority fields up to a day, oldest first; lists of cities are not the province's."""
    lists = [
        FieldList(on, codes)
        for party in book.facts.holders("priority_fields")
        for on, codes in book.facts.dated(party, "priority_fields", day)
        if book.facts.of(party, "government_level", on) in (None, kinds.GovernmentLevel.PROVINCE)
    ]
    made = tuple(sorted(lists))
    same: tuple[FieldList, ...] = book.remembered.setdefault(("lists", made), made)
    return same  # one object for equal lists: facts of deals are remembered under it


def fund_then(book: Book, fund: int, day: dt.date, lists: tuple[FieldList, ...]) -> FundThen:
    """A fund's terms on the day of a deal."""
    key = ("then", fund, day, id(lists))
    then: FundThen | None = book.remembered.get(key)
    if then is None:
        kind, own = book.parties[fund].kind, _promises(book, fund, day)
        schemes = {book.facts.of(investor, "national_scheme", day) for investor in own.in_scheme}
        then = book.remembered[key] = begin(
            FundThen,
            code=book.code(fund),
            kind=kind,
            currency=book.currency(fund),
            government_money=kind in PUBLIC_VEHICLES or own.public or _publicly_owned(book, fund, day),
            committed=own.total,
            paid_in=None if own.total is None else book.paid_total[fund].at(day),
            schemes=frozenset(s for s in schemes if s is not None),
            field_lists=lists,
            **book.facts.among(fund, _THEN, day),
        )
    return then


class _Promises(NamedTuple):
    """What investors have promised a fund, where it is more than nothing: by investor, whether a public vehicle is one of
    them, those that were ever of a national scheme, and in all (None: nobody has)."""

    by_investor: dict[int, int]
    public: bool
    in_scheme: list[int]
    total: int | None


def _promises(book: Book, fund: int, day: dt.date) -> _Promises:
    """On a day; the same object while nothing changes."""

    def rests_on() -> DaysOfChange:
        return [book.committed[fund, i].changed() for i in book.investors.get(fund, ())]

    key = ("promised", fund, book.version("promised", fund, day, rests_on))
    known: _Promises | None = book.remembered.get(key)
    if known is None:
        own = {i: fen for i in book.investors.get(fund, ()) if (fen := book.committed[fund, i].at(day)) > 0}
        known = book.remembered[key] = _Promises(
            own,
            any(book.parties[i].kind in PUBLIC_VEHICLES for i in own),
            [i for i in book.facts.holders("national_scheme") if i in own],
            sum(own.values()) if own else None,
        )
    return known


def promised(book: Book, fund: int, day: dt.date) -> dict[int, int]:
    """Investor -> what it has promised a fund by a day, where it is more than nothing; the same object while nothing changes."""
    return _promises(book, fund, day).by_investor


def _publicly_owned(book: Book, fund: int, day: dt.date) -> bool:
    """Whether a public vehicle owns a share of a fund by declaration, whatever it promised."""
    return any(
        owned == fund
        and edge.row.share_nano > 0
        and basis != EdgeBasis.PAID_IN
        and book.parties[owner].kind in PUBLIC_VEHICLES
        for (owner, owned, basis), edge in shares_declared_of(book.view, fund, day).items()
    )


def deal_facts(book: Book, deal: Dated, as_of: dt.date, lists: tuple[FieldList, ...]) -> DealFacts:
    """A deal as of its own day; what became known later is what the rules ask for later: decision, disclosure, a listing,
    the company's figures up to the year after the deal's. The same object for all days between which nothing changes."""
    row, until = deal.row, _figures_until(deal)

    def rests_on() -> DaysOfChange:
        by_name, own = book.facts.names(row.company), book.facts.names_of_deal(row.id)
        yield [_two_years(deal.day) + dt.timedelta(days=1)]
        for name in by_name.keys() & _COMPANY_LATER:
            yield by_name[name].days
        for name in by_name.keys() & _YEARLY:
            yield by_name[name].days[: by_name[name].count(until)]
        for name in own.keys() & _LATER:
            yield own[name].days
        yield (book.dates[m.day] for m in book.of_deal(deal))

    first: tuple[dt.date, DealFacts] | None = book.remembered.get(("deal", row.id, id(lists)))
    if first is None:  # what it rests on is asked for where a second day is
        facts = _deal_facts(book, deal, as_of, lists)
        book.remembered["deal", row.id, id(lists)] = as_of, facts
        return facts
    if as_of == first[0]:
        return first[1]
    version = book.version("deal", row.id, as_of, rests_on)
    if version == book.version("deal", row.id, first[0], rests_on):
        return first[1]
    key = ("deal", row.id, id(lists), version)
    other: DealFacts | None = book.remembered.get(key)
    if other is None:
        other = book.remembered[key] = _deal_facts(book, deal, as_of, lists)
    return other


def _two_years(day: dt.date) -> dt.date:
    """Last day on which a listing comes too early for a start-up (SM-04)."""
    return add_months(day, 24)


def unlisted_two_years(listed_on: dt.date | None, invested_on: dt.date, as_of: dt.date) -> bool | None:
    """Whether a company stayed unlisted for two years from an investment on; None while they run."""
    if listed_on is not None and listed_on <= _two_years(invested_on):
        return False
    return True if as_of > _two_years(invested_on) else None


def _figures_until(deal: Dated) -> dt.date:
    """Rules about a deal look at no later fiscal year of the company than the one after the deal's (SM-04)."""
    return dt.date(deal.day.year + 1, 12, 31)


def _deal_facts(book: Book, deal: Dated, as_of: dt.date, lists: tuple[FieldList, ...]) -> DealFacts:
    row, facts, day = deal.row, book.facts, deal.day
    own, of_company = facts.names_of_deal(row.id), facts.names(row.company)

    def of_deal(name: str, on: dt.date) -> Any:
        return own[name].last(on) if name in own else None

    def of_its_company(name: str) -> Any:
        return of_company[name].last(as_of) if name in of_company else None

    sold = row.kind in SOLD
    moves = book.of_deal(deal, as_of)
    amounts = [abs(m.fen) for m in moves if (m.is_proceeds if sold else m.is_purchase)]
    years = year_figures(book, row.company, min(as_of, _figures_until(deal)))
    company = company_facts(book, row.company, day, years)
    fen = sum(amounts) if amounts else (0 if row.kind in (DealKind.WRITE_OFF, DealKind.CONVERSION) else None)
    listed_on = of_its_company("listed_on")
    listed, known_then = of_deal("listed_at_entry", day), company.listed_on
    group_cost, company_cost = _costs(book, deal, fen)
    made: DealFacts = begin(
        DealFacts,
        code=row.code,
        fund=fund_then(book, row.investor, day, lists),
        company=book.code(row.company),
        kind=word(DealKind, row.kind),
        instrument=word(kinds.Instrument, row.instrument),
        day=day,
        fen=fen,
        share=None if row.share_nano is None else Decimal(row.share_nano).scaleb(-9),
        post_money=row.post_money,
        stage=word(kinds.Stage, row.stage),
        stage_definition=row.stage_definition,
        round=row.round,
        route=word(kinds.ExitRoute, row.exit_route),
        industry=company.industry,
        sei_known=company.sei_known,
        sei_group=company.sei_group,
        company_then=company,
        group_cost=group_cost,
        company_cost=company_cost,
        unlisted_two_years=unlisted_two_years(listed_on, day, as_of),
        certified_until=of_its_company("high_tech_until"),
        listed_at_entry=listed if listed is not None else listed_on is not None and listed_on <= day,
        listed_then=listed if listed is not None else known_then is not None and known_then <= day,
        related_party=_related(book, deal, of_deal("related_party", day)),
        decision_ref=of_deal("decision_ref", as_of),
        disclosed_on=of_deal("disclosed_on", as_of),
        support_mode=of_deal("deal_support_mode", day),
        **facts.among_deal(row.id, _OF_DEAL, day),
    )
    return made


def _costs(book: Book, deal: Dated, fen: int | None) -> tuple[int | None, int | None]:
    """Cost before the deal, what the fund took over included, and the deal: in the company and its affiliates; in the
    company alone, under whatever code it was entered."""
    if fen is None:
        return None, None
    own, day = deal.row.company, deal.day
    belong, alone = groups(book, day), has_one_code(book, own, day)
    funds = _predecessors(book, deal.row.investor, day)
    if belong.alone(own) and alone:
        cost = fen + _cost_with(book, deal, funds, None)
        return cost, cost
    group = None if belong.alone(own) else lambda company: belong.affiliated(company, own)
    entity = None if alone else lambda company: one_entity(book, company, own, day)
    return fen + _cost_with(book, deal, funds, group), fen + _cost_with(book, deal, funds, entity)


def _cost_with(book: Book, deal: Dated, funds: list[int], counts: Callable[[int], bool] | None) -> int:
    """Cost before the deal in the companies that count, None: in the deal's own."""
    own = deal.row.company
    return sum(
        [
            _held_before(book, deal, company, fund)
            for fund in funds
            for company in ([own] if counts is None else book.companies[fund])
            if (fund, company) in book.costs and (counts is None or counts(company))
        ]
    )


def _predecessors(book: Book, fund: int, day: dt.date) -> list[int]:
    """The vehicle and those it had succeeded by a day, where they have dealt."""
    heirs = book.succession.on(day)
    if fund not in heirs.values():
        return [fund] if fund in book.companies else []
    funds = {fund, *(p for p in heirs if book.holder(p, day) == fund)}
    return [p for p in book.companies if p in funds]


def _held_before(book: Book, deal: Dated, company: int, fund: int) -> int:
    """Cost in one company that the fund, or one it succeeded, held before the deal."""
    own = _own(book, deal, company) if fund == deal.row.investor else 0
    return book.costs[fund, company].cost(day_number(deal.day)) - own


def _own(book: Book, deal: Dated, company: int) -> int:
    """Money of this deal and of later deals of its day that is in the cost of the day already."""
    if company != deal.row.company:
        return 0
    later = [
        d
        for d in book.costs[deal.row.investor, company].deals
        if d.day == deal.day and (d.entry, d.row.id) >= (deal.entry, deal.row.id)
    ]
    return sum(book.paid_under(d, deal.day) or 0 for d in later)


def _related(book: Book, deal: Dated, stated: bool | None) -> bool | None:
    """As recorded; also True where the company is of one group with the fund's manager, partner or an investor, is an
    affiliate of theirs, or a declared share of any size ties it to one of them or their group."""
    fund, company, day = deal.row.investor, deal.row.company, deal.day
    if stated:
        return stated
    near = {book.by_code.get(str(book.facts.of(fund, name, day))) for name in ("manager", "gp")} - {None}
    belong, alone = groups(book, day), not declarations_of(book.view, company)
    if alone and belong.alone(company) and company not in near and (fund, company) not in book.committed:
        return stated  # nothing ties it to anybody
    near |= promised(book, fund, day).keys()
    if any(belong.affiliated(company, other) for other in near if other is not None):
        return True
    for (owner, owned, _), edge in shares_declared_of(book.view, company, day).items():
        other = owner if owned == company else owned
        if edge.row.share_nano and any(belong.same(other, n) for n in near if n is not None):
            return True
    return stated
