"""Portfolios: whose stakes are looked at together, and in which currency. Two currencies are never added.

A portfolio is a party with the attribute portfolio=yes (a guidance or parent fund, an institution), together with the
parties it succeeds: after a reorganisation the successor's figures since inception are the predecessor's. Where a book
names no portfolio, all funds of one currency are looked at, each with all its investors. A portfolio may hold funds of
several currencies: it then has a subtotal of each and no total.
"""

from __future__ import annotations

from collections.abc import Iterable

from fof.book.currencies import DEFAULT_CURRENCY, currency_of, held_in, in_order, stated_currency
from fof.book.parties import NEAR_AT_MOST, named, near
from fof.book.reading import is_in, once_per_prefix, once_per_question, once_per_view
from fof.book.stakes import stakes
from fof.book.succession import current, lineage
from fof.errors import Unknown
from fof.ledger import View
from models.frozen import frozen
from models.kinds import FUND_KINDS, FundStatus, PartyKind
from models.text import Text


@frozen
class Portfolio:
    """Whose stakes are looked at together.

    code, name : of the party; "ALL-CNY" and the like where all funds of a currency are meant
    currencies : of its money, the yuan first
    party      : its id, None for all funds of a currency
    holders    : the party and all it succeeds, directly or not; None: every investor
    funds      : ids of the funds it has, or ever had, a stake in, by code; companies held directly are not among them
    """

    code: str
    name: str
    currencies: tuple[str, ...]
    party: int | None
    holders: frozenset[int] | None
    funds: tuple[int, ...]

    @property
    def currency(self) -> str | None:
        """The one currency of its money, None where there are several."""
        return self.currencies[0] if len(self.currencies) == 1 else None


@once_per_prefix
def _ever_marked(view: View) -> tuple[int, ...]:
    """The parties that were ever stated to be a portfolio, in their order: a handful of thousands."""
    stated = view.prefix.stated("portfolio")
    return tuple(party for party in view.parties if ("party", party) in stated)


def by_code(view: View, parties: Iterable[int]) -> tuple[int, ...]:
    """Party ids in the order of their codes."""
    return tuple(sorted(parties, key=lambda p: view.parties[p].code))


@once_per_question
def of_party(view: View, party: int) -> Portfolio:
    """The portfolio of one holder, whether or not it is marked as one."""
    holders = lineage(view, party)
    own = set(stakes(view).of(holders, None).fund.tolist())
    disclosed = [(p.row.fund, p.row.holder) for p in view.positions if p.row.holder in holders]
    funds = (own | {fund for fund, _ in disclosed}) - holders
    record = view.parties[party]
    return Portfolio(
        record.code,
        view.name(party),
        _currencies(view, holders, funds, own, disclosed),
        party,
        holders,
        by_code(view, funds),
    )


def _currencies(
    view: View, holders: Iterable[int], funds: set[int], booked: set[int], disclosed: list[tuple[int, int]]
) -> tuple[str, ...]:
    """The currencies of its stakes, its disclosed positions and the companies it holds itself; else what it states."""
    codes = {currency_of(view, fund) for fund in funds & booked}
    codes |= {held_in(view, fund, holder) for fund, holder in disclosed if fund in funds - booked}
    investing = {d.row.investor for d in view.deals}
    codes |= {currency_of(view, h) for h in holders if h in investing}
    stated = {code for h in holders if (code := stated_currency(view, h)) is not None}
    return in_order(codes or stated or {DEFAULT_CURRENCY})


def whole_book(view: View, currency: str) -> Portfolio:
    """All funds of one currency, each with all its investors."""
    funds = [p.id for p in view.of_kind(*FUND_KINDS) if currency_of(view, p.id) == currency]
    held = stakes(view)
    alive = set(held.fund[is_in(held.fund, funds)].tolist()) if funds else set()
    alive |= {p.row.fund for p in view.positions if held_in(view, p.row.fund, p.row.holder) == currency}
    return Portfolio(
        f"ALL-{currency}", f"全部基金（{currency}）", (currency,), None, None, by_code(view, alive)
    )


@once_per_view
def portfolios(view: View) -> tuple[Portfolio, ...]:
    """Every portfolio of the book: parties marked as one, CNY and parent funds first; else all funds by currency.

    A party that was merged into another is shown under its successor.
    """
    marked = [
        p
        for p in _ever_marked(view)
        if view.fact(p, "portfolio", False) and view.fact(p, "status") != FundStatus.MERGED
    ]
    inherited = {former for p in marked for former in lineage(view, p) - {p}}
    chosen = [of_party(view, p) for p in marked if p not in inherited]
    if not chosen:
        chosen = [whole_book(view, c) for c in _of_funds(view)]
    return tuple(sorted(chosen, key=lambda p: (DEFAULT_CURRENCY not in p.currencies, _rank(view, p), p.code)))


def _of_funds(view: View) -> tuple[str, ...]:
    """The currencies of all funds and of what is disclosed of them."""
    codes = {currency_of(view, p.id) for p in view.of_kind(*FUND_KINDS)}
    return in_order(codes | {held_in(view, p.row.fund, p.row.holder) for p in view.positions})


_RANK = {PartyKind.PARENT_FUND: 0, PartyKind.GUIDANCE_FUND: 1, PartyKind.INSTITUTION: 3}


def _rank(view: View, portfolio: Portfolio) -> int:
    """The parent fund first, then guidance funds, institutions last."""
    return 0 if portfolio.party is None else _RANK.get(view.parties[portfolio.party].kind, 2)


def portfolio(view: View, code: str | None = None) -> Portfolio:
    """The portfolio of that code (a predecessor's code finds its successor); None: the first one. Unknown otherwise, with
    those that are near, or all where there are few."""
    listed = portfolios(view)
    if code is None:
        if not listed:
            none = Text("按此已知时点尚未登记任何组合", "none was registered by then")
            raise Unknown(Text("投资组合", "portfolio"), none)
        return listed[0]
    for own in listed:
        if own.code == code:
            return own
    party = view.by_code.get(code)
    if party is None:
        currency = code.removeprefix("ALL-")
        known = _of_funds(view)
        if code.startswith("ALL-") and currency in known:
            return whole_book(view, currency)
        books = code.startswith("ALL-")
        own_parties = [p.party for p in listed if p.party is not None and not books]
        candidates = near(view, code, own_parties) or [named(view, p) for p in own_parties[:NEAR_AT_MOST]]
        raise Unknown(Text("投资组合", "portfolio"), code, candidates or [f"ALL-{c}" for c in known])
    return of_party(view, current(view, party.id))
