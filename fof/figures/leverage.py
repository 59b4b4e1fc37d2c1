"""Leverage (放大倍数), never without its variant (rulebook PI-01).

Each variant divides by the portfolio's own commitments: what one yuan of this portfolio gathers. Finding PI-01 (in the
audit, the scorecard and the register) divides by all guidance money in the fund, that is by what guidance and parent
funds committed to it; where the portfolio is all of that, A and B are the same there and here.
A  all commitments of the funds it is in
B  the part of them that is not government money, under the reading in force for state companies
C  money that reached companies: what the funds and the funds below them invested, and what others in the book invested
   beside them in the same named round of the same company: "C in the book". PI-01 takes the whole round as recorded on the
   fund's own deals: "C of whole rounds", another figure under another name
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field

import numpy as np

from fof.book.cost_paths import BOUGHT
from fof.book.currencies import by_currency, currency_of, numbers, of_number, of_postings
from fof.book.government import GovernmentShare, government_shares
from fof.book.holding_columns import holding_columns
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, is_among, is_in, once_per_view, ratio, several
from fof.book.stakes import stakes
from fof.ledger import View
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.money import known_sum
from models.posting_kinds import PostingKind
from models.text import Text

NO_PORTFOLIO = Reason(
    "no_portfolio", Text("须先选定投资组合", "leverage is of one portfolio's money; choose one")
)
NOTHING_COMMITTED = Reason(
    "nothing_committed", Text("本组合没有认缴", "the portfolio has no commitment here")
)

NO_SHARE = Reason("no_government_share", Text("政府出资比例未知", "the government's share is not known"))
VARIANTS = ("a", "b", "c")


A_ROUND = dt.timedelta(days=365)
"""How far apart the closings of one round may lie."""


@frozen
class Leverage:
    """Leverage of one fund, or of all together ("total"); amounts in fen, multiples nan where they do not exist.

    guidance       : the portfolio's commitments        total : all commitments to the fund
    non_government : total less the government's part (None where unknown)
    to_companies   : money that reached companies, co-investors in the book included; None where a part of it is in
                     another currency
    currency       : of the amounts; None where the funds are in several: then there is no multiple (`by_currency` has those)
    """

    key: str
    label: str
    guidance: int | None
    total: int | None
    non_government: int | None
    to_companies: int | None
    a: float
    b: float
    c: float
    soe_counts: bool
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    currency: str | None = None
    by_currency: tuple[Leverage, ...] = ()

    @property
    def each(self) -> tuple[Leverage, ...]:
        """Itself, then the subtotals of its currencies where it has several."""
        return (self, *self.by_currency)


@frozen
class Leverages:
    """Leverage by fund, and of the portfolio."""

    as_of: dt.date | None
    known_at: int
    portfolio: Portfolio
    rows: tuple[Leverage, ...]
    total: Leverage


def leverage(view: View, portfolio: Portfolio) -> Leverages:
    """The three multiples of a portfolio and of each of its funds; over several currencies of each currency."""
    every = stakes(view)
    shares = government_shares(view, portfolio.funds)
    rows = []
    for fund, share in zip(portfolio.funds, shares, strict=True):
        own = every.of(portfolio.holders, {fund})
        guidance = 0 if portfolio.holders is None else own.total("committed")
        total = every.of(None, {fund}).total("committed")
        label = (view.parties[fund].code, view.name(fund))
        reached = to_companies(view, {fund})
        currency = currency_of(view, fund)
        rows.append(
            _leverage(
                label, guidance, total, not_government(share), reached, share.soe_counts, portfolio, currency
            )
        )
    label = (portfolio.code, portfolio.name)
    counts = any(s.soe_counts for s in shares)
    parts = [
        _together(view, label, portfolio, code, own, counts)
        for code, own in by_currency(rows, lambda r: str(r.currency)).items()
    ]
    if len(parts) == 1:
        return Leverages(view.as_of, view.known_at, portfolio, tuple(rows), parts[0])
    if not parts:
        empty = _together(view, label, portfolio, portfolio.currencies[0], [], counts)
        return Leverages(view.as_of, view.known_at, portfolio, (), empty)
    why, nan = several(str(p.currency) for p in parts), float("nan")
    total_row = Leverage(
        *label,
        None,
        None,
        None,
        None,
        nan,
        nan,
        nan,
        counts,
        dict.fromkeys((*VARIANTS, "guidance", "total", "non_government", "to_companies"), why),
        None,
        tuple(parts),
    )
    return Leverages(view.as_of, view.known_at, portfolio, tuple(rows), total_row)


def _together(
    view: View,
    label: tuple[str, str],
    portfolio: Portfolio,
    currency: str,
    rows: Sequence[Leverage],
    counts: bool,
) -> Leverage:
    """The funds of one currency together."""
    funds = {view.by_code[row.key].id for row in rows}
    rest = [row.non_government for row in rows if row.total]
    return _leverage(
        label,
        sum(r.guidance or 0 for r in rows),
        sum(r.total or 0 for r in rows),
        known_sum(rest),
        to_companies(view, funds),
        counts,
        portfolio,
        currency,
    )


def not_government(share: GovernmentShare) -> int | None:
    """The part of the commitments to a fund that is not the government's, in fen; None where that is not known."""
    if share.total == 0:
        return 0
    return None if share.counted != share.counted else share.total - round(share.total * share.counted)


def _leverage(
    label: tuple[str, str],
    guidance: int,
    total: int,
    others: int | None,
    reached: Mapping[str, int],
    soe_counts: bool,
    portfolio: Portfolio,
    currency: str,
) -> Leverage:
    """reached: money that reached companies, by currency."""
    reasons: dict[str, Reason] = {}
    mixed = set(reached) - {currency}
    into = None if mixed else reached.get(currency, 0)
    if mixed:
        reasons |= dict.fromkeys(("c", "to_companies"), several({currency, *reached}))
    if others is None:
        reasons |= dict.fromkeys(("b", "non_government"), NO_SHARE)
    if guidance <= 0:
        why = NO_PORTFOLIO if portfolio.holders is None else NOTHING_COMMITTED
        reasons |= dict.fromkeys(VARIANTS, why)
    return Leverage(
        *label,
        guidance,
        total,
        others,
        into,
        ratio(total, guidance),
        ratio(others, guidance),
        ratio(into, guidance),
        soe_counts,
        reasons,
        currency,
    )


def to_companies(view: View, funds: Collection[int]) -> dict[str, int]:
    """Fen that reached companies through the funds and beside them by currency; each payment once."""
    every = with_funds_below(view, funds)
    held, p = holding_columns(view), view.postings
    own = is_in(held.fund, every) & (held.paid != 0)
    others = p.where(paid_beside(view, every))
    number = np.concatenate([numbers(view, held.fund[own]), of_postings(view, others)])
    currencies, place = np.unique(number, return_inverse=True)
    fen = np.zeros(len(currencies), np.int64)
    np.add.at(fen, place, np.concatenate([held.paid[own], others.fen]))
    return {of_number(code): amount for code, amount in zip(currencies.tolist(), fen.tolist(), strict=True)}


def with_funds_below(view: View, funds: Collection[int]) -> set[int]:
    """The funds and every fund they, or funds below them, have a commitment to."""
    held = stakes(view)
    held = held.where(held.committed > 0)
    reached, queue = set(funds), list(funds)
    while queue:
        for fund in held.fund[held.investor == queue.pop()].tolist():
            if fund not in reached:
                reached.add(fund)
                queue.append(fund)
    return reached


def paid_beside(view: View, funds: Collection[int]) -> Ints:
    """Where the money that others paid beside some funds stands among the view's postings; see `_beside`."""
    p = view.postings
    return np.flatnonzero((p.kind == PostingKind.INVESTMENT) & is_among(p.deal, _beside(view, funds)))


def _beside(view: View, funds: Collection[int]) -> list[int]:
    """Deals of other investors of the book in the same company and the same named round as one of the funds.

    Closings of one round lie within a year of each other: a round of the same name years later is another round.
    """
    outside = []
    for closings in _rounds(view):
        own = [day for _, investor, day in closings if investor in funds]
        outside += [
            deal
            for deal, investor, day in closings
            if investor not in funds and any(abs(day - closing) <= A_ROUND for closing in own)
        ]
    return sorted(outside)


@once_per_view
def _rounds(view: View) -> tuple[tuple[tuple[int, int, dt.date], ...], ...]:
    """The closings (deal, investor, day) of each named round of a company in which several took part."""
    rounds: dict[tuple[int, str], list[tuple[int, int, dt.date]]] = defaultdict(list)
    for d in view.deals:
        row = d.row
        if row.round is not None and row.kind in BOUGHT:
            rounds[row.company, row.round].append((row.id, row.investor, d.day))
    return tuple(tuple(own) for own in rounds.values() if len(own) > 1)
