"""Deals, positions, claims and sales of public stakes as the rules see them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from fof.audit.groups import groups
from fof.audit.parties import YEARLY, company_facts, plain_names, year_figures
from fof.book.holdings import value_of_holding
from fof.book.index import Book
from fof.book.money_lines import PostingRow
from fof.ledger import Dated, day_number
from fof.rules.calendar_days import add_months
from fof.rules.facts_deals import (
    DealFacts,
    FieldList,
    FundThen,
    HoldingFacts,
    ReinvestClaim,
    TransferFacts,
)
from fof.rules.facts_parties import PUBLIC_VEHICLES, Flow, in_home_province
from models import kinds
from models.kinds import DealKind, PartyKind, ReinvestKind
from models.posting_kinds import PostingKind

_THEN = plain_names(FundThen, "currency")
_LATER = frozenset({"decision_ref", "disclosed_on"})  # asked for as of the as-of day, not of the deal's
_COMPANY_LATER = frozenset({"listed_on", "high_tech_until"})
_YEARLY = frozenset(YEARLY)
_OF_DEAL = plain_names(DealFacts, "listed_at_entry", "related_party", *_LATER, of="deal")
_OF_COMPANY = frozenset({"money_place", "registered_place", "staff", "tax_paid"})
_EXITS = (DealKind.PARTIAL_EXIT, DealKind.EXIT)


def field_lists(book: Book, day: dt.date) -> tuple[FieldList, ...]:
    """Every version of the province's priority fields up to a day, oldest first; lists of cities are not the province's."""
    found = [
        FieldList(on, codes)
        for party in book.facts.holders("priority_fields")
        for on, codes in book.facts.dated(party, "priority_fields", day)
        if book.facts.of(party, "government_level", on) in (None, kinds.GovernmentLevel.PROVINCE)
    ]
    return tuple(sorted(found))


def fund_then(book: Book, fund: int, day: dt.date, lists: tuple[FieldList, ...]) -> FundThen:
    """A fund's terms on the day of a deal."""
    key = ("then", fund, day, lists)
    found: FundThen | None = book.remembered.get(key)
    if found is None:
        kind = book.parties[fund].kind
        own = {i: fen for i in book.investors.get(fund, ()) if (fen := book.committed[fund, i].at(day)) > 0}
        schemes = {book.facts.of(investor, "national_scheme", day) for investor in own}
        found = book.remembered[key] = FundThen(
            code=book.code(fund),
            kind=kind,
            currency=book.currency(fund),
            **book.facts.among(fund, _THEN, day),
            government_money=kind in PUBLIC_VEHICLES
            or any(book.parties[i].kind in PUBLIC_VEHICLES for i in own),
            committed=sum(own.values()) if own else None,
            paid_in=book.paid_total[fund].at(day) if own else None,
            schemes=frozenset(s for s in schemes if s is not None),
            field_lists=lists,
        )
    return found


Days = Iterable[Iterable[dt.date]]


def _version(book: Book, what: str, key: object, day: dt.date, rests_on: Callable[[], Days]) -> int:
    """How many of the days on which something that a fact rests on changes lie up to a day: the number of its version.

    what, key : the fact; rests_on: the days of everything it is made of, asked for once
    """
    days: list[dt.date] | None = book.remembered.get(("changes", what, key))
    if days is None:
        days = book.remembered["changes", what, key] = sorted({d for own in rests_on() for d in own})
    return bisect_right(days, day)


def deal_facts(book: Book, deal: Dated, as_of: dt.date, lists: tuple[FieldList, ...]) -> DealFacts:
    """A deal as of its own day; what became known later is what the rules ask for later: decision, disclosure, a listing,
    the company's figures up to the year after the deal's. The same object for all days between which nothing changes."""
    row, until = deal.row, _figures_until(deal)

    def rests_on() -> Days:
        by_name, own = book.facts.names(row.company), book.facts.names_of_deal(row.id)
        yield [_two_years(deal) + dt.timedelta(days=1)]
        for name in by_name.keys() & _COMPANY_LATER:
            yield by_name[name].days
        for name in by_name.keys() & _YEARLY:
            yield by_name[name].days[: by_name[name].count(until)]
        for name in own.keys() & _LATER:
            yield own[name].days
        if row.id in book.of_deal:
            yield book.of_deal[row.id].days

    key = ("deal", row.id, _version(book, "deal", row.id, as_of, rests_on), lists)
    found: DealFacts | None = book.remembered.get(key)
    if found is None:
        found = book.remembered[key] = _deal_facts(book, deal, as_of, lists)
    return found


def _two_years(deal: Dated) -> dt.date:
    """Last day on which a listing comes too early for a start-up (SM-04)."""
    return add_months(deal.day, 24)


def _unlisted(listed_on: dt.date | None, deal: Dated, as_of: dt.date) -> bool | None:
    if listed_on is not None and listed_on <= _two_years(deal):
        return False
    return True if as_of > _two_years(deal) else None


def _figures_until(deal: Dated) -> dt.date:
    """Rules about a deal look at no later fiscal year of the company than the one after the deal's (SM-04)."""
    return dt.date(deal.day.year + 1, 12, 31)


def _deal_facts(book: Book, deal: Dated, as_of: dt.date, lists: tuple[FieldList, ...]) -> DealFacts:
    row, facts = deal.row, book.facts
    paid = book.of_deal[row.id].upto(as_of) if row.id in book.of_deal else []
    wanted = PostingKind.EXIT_PROCEEDS if row.kind in _EXITS else PostingKind.INVESTMENT
    amounts = [p.fen for p in paid if p.kind == wanted]
    years = year_figures(book, row.company, min(as_of, _figures_until(deal)))
    company = company_facts(book, row.company, deal.day, years)
    fen = sum(amounts) if amounts else (0 if row.kind == DealKind.WRITE_OFF else None)
    listed_on = facts.of(row.company, "listed_on", as_of)
    listed = facts.of_deal(row.id, "listed_at_entry", deal.day)
    return DealFacts(
        code=row.code,
        fund=fund_then(book, row.investor, deal.day, lists),
        company=book.code(row.company),
        kind=DealKind(row.kind),
        instrument=_word(kinds.Instrument, row.instrument),
        day=deal.day,
        fen=fen,
        share=None if row.share_nano is None else Decimal(row.share_nano).scaleb(-9),
        post_money=row.post_money,
        stage=_word(kinds.Stage, row.stage),
        stage_definition=row.stage_definition,
        round=row.round,
        route=_word(kinds.ExitRoute, row.exit_route),
        industry=company.industry,
        sei_known=company.sei_known,
        sei_group=company.sei_group,
        company_then=company,
        group_cost=_group_cost(book, deal, fen),
        company_cost=None if fen is None else _held_before(book, deal, deal.row.company) + fen,
        unlisted_two_years=_unlisted(listed_on, deal, as_of),
        certified_until=facts.of(row.company, "high_tech_until", as_of),
        listed_at_entry=listed if listed is not None else listed_on is not None and listed_on <= deal.day,
        related_party=_related(book, deal),
        decision_ref=facts.of_deal(row.id, "decision_ref", as_of),
        disclosed_on=facts.of_deal(row.id, "disclosed_on", as_of),
        support_mode=facts.of_deal(row.id, "deal_support_mode", deal.day),
        **facts.among_deal(row.id, _OF_DEAL, deal.day),
    )


def _word(of: type[Any], text: str | None) -> Any:
    return None if text is None else of(text)


def _group_cost(book: Book, deal: Dated, fen: int | None) -> int | None:
    """Cost in the company and its affiliates before the deal, what the fund took over included, and the deal."""
    if fen is None:
        return None
    belong = groups(book, deal.day)
    before = sum(
        _held_before(book, deal, company, fund)
        for fund in _predecessors(book, deal.row.investor, deal.day)
        for company in book.companies.get(fund, ())
        if belong.affiliated(company, deal.row.company)
    )
    return before + fen


def _predecessors(book: Book, fund: int, day: dt.date) -> list[int]:
    """The vehicle and those it had succeeded by a day."""
    if fund not in book.succession.on(day).values():
        return [fund] if fund in book.companies else []
    return [p for p in book.companies if p == fund or book.holder(p, day) == fund]


def _held_before(book: Book, deal: Dated, company: int, fund: int | None = None) -> int:
    """Cost in one company that the fund (or another) held before the deal."""
    holds = deal.row.investor if fund is None else fund
    own = _own(book, deal, company) if holds == deal.row.investor else 0
    return book.costs[holds, company].cost(day_number(deal.day)) - own


def _own(book: Book, deal: Dated, company: int) -> int:
    """Money of this deal and of later deals of its day that is in the cost of the day already."""
    if company != deal.row.company:
        return 0
    later = [
        d.row.id
        for d in book.costs[deal.row.investor, company].deals
        if d.day == deal.day and (d.entry, d.row.id) >= (deal.entry, deal.row.id)
    ]
    return sum(
        p.fen
        for i in later
        if i in book.of_deal
        for p in book.of_deal[i].upto(deal.day)
        if p.kind == PostingKind.INVESTMENT
    )


def _related(book: Book, deal: Dated) -> bool | None:
    """As recorded; also True where the company is of one group with the fund's manager, partner or an investor, is an
    affiliate of theirs, or a declared share of any size ties it to one of them or their group."""
    stated: bool | None = book.facts.of_deal(deal.row.id, "related_party", deal.day)
    fund, company, day = deal.row.investor, deal.row.company, deal.day
    if stated:
        return stated
    near = {book.by_code.get(str(book.facts.of(fund, name, day))) for name in ("manager", "gp")} - {None}
    near |= {i for i in book.investors.get(fund, ()) if book.committed[fund, i].at(day) > 0}
    belong = groups(book, day)
    if any(belong.affiliated(company, other) for other in near if other is not None):
        return True
    for since, until, owner, owned, nano, _ in book.edges_of.get(company, ()):
        in_force = nano > 0 and since <= day and (until is None or until > day)
        other = owner if owned == company else owned if owner == company else None
        if in_force and other is not None and any(belong.same(other, n) for n in near if n is not None):
            return True
    return stated


def holding_facts(book: Book, fund: int, company: int, day: dt.date) -> HoldingFacts | None:
    """A position on a day, open or closed; None before its first day."""
    path = book.costs[fund, company]

    def rests_on() -> Days:
        yield (book.dates[m.day] for m in path.moves)
        yield (d.day for d in path.deals)
        for holder in book.succession.line(fund):  # a fund's successor may state its values
            if (holder, company) in book.marks:
                yield book.marks[holder, company].days
            if holder != fund:
                yield (book.dates[day] for day in book.succession.days)
        by_name = book.facts.names(company)
        for name in by_name.keys() & _OF_COMPANY:
            yield by_name[name].days
        for deal in path.deals:
            stated = book.facts.names_of_deal(deal.row.id)
            for name in stated.keys() & {"reinvest_kind", "due_diligence_doc"}:
                yield stated[name].days

    key = ("holding", fund, company, _version(book, "holding", (fund, company), day, rests_on))
    if key not in book.remembered:
        book.remembered[key] = _holding_facts(book, fund, company, day)
    return book.remembered[key]  # type: ignore[no-any-return]


def _holding_facts(book: Book, fund: int, company: int, day: dt.date) -> HoldingFacts | None:
    path, facts, at = book.costs[fund, company], book.facts, day_number(day)
    deals = path.deals_upto(at)
    cost = path.invested(at)
    if not deals and not cost:
        return None
    closed = path.closed_on(at)
    left = (*_EXITS, DealKind.WRITE_OFF)  # what is written off leaves by a route too
    exits = [d for d in deals if d.row.kind in left]
    first = deals[0] if deals else None
    place = facts.of(company, "money_place", day) or facts.of(company, "registered_place", day)
    kinds_of = [facts.of_deal(d.row.id, "reinvest_kind", day) for d in deals]
    entry = first.day if first is not None else None
    return HoldingFacts(
        company=book.code(company),
        cost=cost,
        value=value_of_holding(book.on(day), fund, company).fen,
        proceeds=path.proceeds(at) + path.dividends(at),
        exited_cost=cost - path.cost(at),
        first_on=entry,
        closed_on=None if closed is None else book.dates[closed],
        route=_word(kinds.ExitRoute, exits[-1].row.exit_route) if exits else None,
        stage=_word(kinds.Stage, first.row.stage) if first is not None else None,
        local=_local(place),
        relocated=(ReinvestKind.RELOCATED in kinds_of) if any(kinds_of) else None,
        staff_at_entry=None if entry is None else facts.of(company, "staff", entry),
        staff_now=facts.of(company, "staff", day),
        tax_paid=facts.of(company, "tax_paid", day),
        due_diligence=any(facts.of_deal(d.row.id, "due_diligence_doc", day) for d in deals),
    )


_PLACES = tuple(name for city in kinds.City for name in (city.zh, city.value, *city.aliases))


def _local(place: str | None) -> bool | None:
    """A place is local where it names the province or one of its cities."""
    if place is None:
        return None
    text = place.strip()
    return bool(in_home_province(text)) or text.startswith("黑龙江") or any(name in text for name in _PLACES)


def claims(book: Book, fund: int, deals: list[Dated], day: dt.date) -> tuple[ReinvestClaim, ...]:
    """Deals claimed as local reinvestment for an investor."""
    found, facts = [], book.facts
    for deal in deals:
        investor = facts.of_deal(deal.row.id, "reinvest_lp", day)
        if investor is not None:
            own = {
                short: facts.of_deal(deal.row.id, f"reinvest_{short}", day)
                for short in ("kind", "amount", "factor", "evidence")
            }
            found.append(ReinvestClaim(deal.row.code, investor, book.code(deal.row.company), deal.day, **own))
    return tuple(found)


def transfers(book: Book, day: dt.date) -> tuple[TransferFacts, ...]:
    """Sales of stakes of governments and their vehicles up to a day, with what was known on the day of the sale. A stake
    that went to the seller's successor is no sale; that the two were merged later makes none of it undone."""
    found = [
        _sale(book, sale)
        for sale in book.sales
        if sale.day <= day
        and book.parties[sale.to].kind in PUBLIC_VEHICLES
        and book.holder(sale.to, sale.day) != book.holder(sale.frm, sale.day)
    ]
    found += [
        _without_price(book, moved)
        for moved in book.transfers
        if moved.kind == PostingKind.COMMITMENT_TRANSFER
        and moved.day <= day
        and (moved.entry, moved.frm) not in book.priced
        and book.parties[moved.frm].kind in PUBLIC_VEHICLES
        and book.holder(moved.frm, moved.day) != book.holder(moved.to, moved.day)
    ]
    for fund, deals in book.deals_of.items():
        if book.parties[fund].kind is PartyKind.GUIDANCE_FUND:
            found += [_direct_sale(book, d, day) for d in deals.upto(day) if d.row.kind in _EXITS]
    return tuple(sorted(found, key=lambda t: (t.day or day, t.code)))


def _sale(book: Book, sale: PostingRow) -> TransferFacts:
    assert sale.fund is not None
    gone = (sale.entry, sale.to, PostingKind.PAID_IN_TRANSFER)
    paid = _paid_by(book, sale.fund, sale.to, sale.day)
    return TransferFacts(
        code=_sale_code(book, sale),
        fund=book.code(sale.fund),
        seller=book.code(sale.to),
        day=sale.day,
        price=sale.fen,
        cost=book.moved.get(gone),
        entered_on=min((f.day for f in paid if f.fen > 0), default=None),
        currency=book.currency(sale.fund),
        **_basis_of_price(book, sale.deal, sale.day),
    )


def _without_price(book: Book, moved: PostingRow) -> TransferFacts:
    """A stake that a public vehicle gave away to somebody who is not its successor: a sale whose price nobody recorded."""
    assert moved.fund is not None
    paid = _paid_by(book, moved.fund, moved.frm, moved.day)
    return TransferFacts(
        code=f"{book.code(moved.fund)}/{book.code(moved.frm)}/{moved.day}",
        fund=book.code(moved.fund),
        seller=book.code(moved.frm),
        day=moved.day,
        cost=book.moved.get((moved.entry, moved.frm, PostingKind.PAID_IN_TRANSFER)),
        entered_on=min((f.day for f in paid if f.fen > 0), default=None),
        **_basis_of_price(book, moved.deal, moved.day),
    )


def _paid_by(book: Book, fund: int, party: int, day: dt.date) -> list[Flow]:
    """What a party, and whom it had succeeded, paid into a fund up to a day."""
    now = book.holder(party, day)
    own = [p for p in book.investors.get(fund, ()) if book.holder(p, day) == now]
    return [f for p in own if (fund, p) in book.paid for f in book.paid[fund, p].upto(day)]


def _sale_code(book: Book, sale: PostingRow) -> str:
    """The deal's code, else fund, seller and day."""
    if sale.deal is not None and sale.deal in book.deals:
        return str(book.deals[sale.deal].row.code)
    return f"{book.code(sale.fund or 0)}/{book.code(sale.to)}/{sale.day}"


def _direct_sale(book: Book, deal: Dated, day: dt.date) -> TransferFacts:
    """What was paid for it up to `day` is its price, whenever it came in."""
    path = book.costs[deal.row.investor, deal.row.company]
    amounts = [p.fen for p in book.of_deal[deal.row.id].upto(day)] if deal.row.id in book.of_deal else []
    released = -sum(change for on, change in path.changes if on == day_number(deal.day) and change < 0)
    first = min((m.day for m in path.moves if m.fen > 0), default=None)
    fund = book.code(deal.row.investor)
    return TransferFacts(
        code=deal.row.code,
        fund=fund,
        seller=fund,
        day=deal.day,
        price=sum(amounts) if amounts else None,
        cost=released or None,
        entered_on=None if first is None else book.dates[first],
        currency=book.currency(deal.row.investor),
        route=_word(kinds.ExitRoute, deal.row.exit_route),
        **_basis_of_price(book, deal.row.id, deal.day),
    )


def _basis_of_price(book: Book, deal: int | None, day: dt.date) -> dict[str, Any]:
    names = ("price_basis", "appraisal_ref", "appraisal_on")
    return {name: None if deal is None else book.facts.of_deal(deal, name, day) for name in names}
