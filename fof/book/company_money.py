"""Money that reached companies, by instrument: what was paid, what is still at risk, and whose money it is.

Equity is that of every fund and institution of the book that invests in a company: paid in cash since the first deal, at
risk the cost of what is still held. Staff money is what people and their vehicles paid to the company less what came back
from it. A loan or bond under an agreement is at risk as far as it is owed and guaranteed, and the government's part of it is
what governments bear of its loss (fof.book.lent_money). Vouchers and subsidies are paid and not at risk. Other government
money is looked through: the payer's part by fof.book.government, in the reading in force for state companies.
"""

from __future__ import annotations

import numpy as np

from fof.book.company_columns import CompanyColumns, company_columns
from fof.book.currencies import Numbers, numbers, of_postings
from fof.book.government import government_part
from fof.book.holding_columns import holding_columns
from fof.book.lent_money import lent_money, loan_columns, registered_events
from fof.book.reading import Bools, Floats, once_per_view
from fof.ledger import Postings, View
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.kinds import FundClass, PartyKind, Strategy, SupportKind
from models.posting_kinds import PostingKind

INSTRUMENTS = tuple(SupportKind)
"""SupportKind codes of the columns are places in here."""
_FUNDS = frozenset({PartyKind.SUB_FUND})
_BY_STRATEGY = {
    Strategy.ANGEL: SupportKind.ANGEL_FUND,
    Strategy.SEED: SupportKind.ANGEL_FUND,
    Strategy.VC: SupportKind.VC_FUND,
    Strategy.CONVERSION: SupportKind.VC_FUND,
    Strategy.GROWTH: SupportKind.VC_FUND,
    Strategy.INDUSTRIAL: SupportKind.INDUSTRIAL_FUND,
    Strategy.MERGER: SupportKind.INDUSTRIAL_FUND,
    Strategy.DIRECT: SupportKind.DIRECT,
}
_BY_CLASS = {FundClass.VENTURE: SupportKind.VC_FUND, FundClass.INDUSTRIAL: SupportKind.INDUSTRIAL_FUND}
_GRANTS = {PostingKind.VOUCHER: SupportKind.VOUCHER, PostingKind.SUBSIDY: SupportKind.SUBSIDY}
_PAID = {
    PostingKind.INVESTMENT: None,  # by the payer
    PostingKind.COINVEST_PAY_IN: SupportKind.STAFF,
    PostingKind.LOAN_DISBURSED: SupportKind.POOL_LOAN,
    **_GRANTS,
}
"""Kinds of cash that reach a company, and the instrument they are of."""


@frozen
class CompanyMoney:
    """What reached companies up to a day, a row for each company, instrument and payer, of loans for each; arrays of equal
    length.

    place      : of the company in fof.book.company_columns          instrument : place in INSTRUMENTS
    payer      : party id                 deployed, at_risk : int64 fen of `currency`
    government : the government's part (the payer's; of a loan what governments bear of it), nan where it is not known
    """

    place: Ints
    instrument: Ints
    payer: Ints
    currency: Numbers
    deployed: Ints
    at_risk: Ints
    government: Floats

    def __len__(self) -> int:
        return len(self.place)

    def where(self, chosen: Bools | Ints) -> CompanyMoney:
        """The rows picked by a mask, or by their numbers."""
        return CompanyMoney(*(getattr(self, name)[chosen] for name in self.__match_args__))


@frozen
class CompanyPayments:
    """Cash paid to companies up to a day, in the order of the journal; arrays of equal length, as in CompanyMoney.

    paid_to : place of the company that was paid; `place` is that of who stands in its stead on the day
    """

    place: Ints
    day: Ints
    instrument: Ints
    payer: Ints
    fen: Ints
    currency: Numbers
    entry: Ints
    paid_to: Ints


def instrument_of(view: View, payer: int) -> SupportKind:
    """What equity of an investor counts as: a sub-fund by its strategy, else its class; anybody else invests directly."""
    if view.parties[payer].kind not in _FUNDS:
        return SupportKind.DIRECT
    strategy, of_class = view.fact(payer, "strategy"), view.fact(payer, "fund_class")
    return _BY_STRATEGY.get(strategy) or _BY_CLASS.get(of_class) or SupportKind.OTHER_FUND


class _Payers:
    """SupportKind and government part of each payer, asked once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._parts: dict[int, float] = {}
        self._instruments: dict[int, int] = {}

    def government(self, payer: int) -> float:
        if payer not in self._parts:
            self._parts[payer] = government_part(self._view, payer)
        return self._parts[payer]

    def instrument(self, payer: int) -> int:
        if payer not in self._instruments:
            self._instruments[payer] = INSTRUMENTS.index(instrument_of(self._view, payer))
        return self._instruments[payer]


@once_per_view
def company_money(view: View) -> CompanyMoney:
    """Everything that reached companies up to the view's day."""
    companies = company_columns(view)
    standing, payers = companies.standing(view), _Payers(view)
    parts = [_equity(view, companies, payers), *_others(view, companies)]
    lent = lent_money(view, companies)
    kind = np.array([INSTRUMENTS.index(k) for k in lent.instrument], np.int64)
    parts.append((lent.company, kind, lent.payer, lent.currency, lent.deployed, lent.at_risk))
    place, instrument, payer, currency, deployed, at_risk = (
        np.concatenate([np.asarray(p[n]) for p in parts]) for n in range(6)
    )
    unlent = payer[: len(payer) - len(kind)]
    share = {p: payers.government(p) for p in np.unique(unlent).tolist()}
    loan = instrument[: len(unlent)] == INSTRUMENTS.index(SupportKind.POOL_LOAN)
    own = np.array([share[p] for p in unlent.tolist()], np.float64)
    return CompanyMoney(
        standing[place] if len(place) else place.astype(np.int64),
        instrument,
        payer,
        currency.astype(np.int16),
        deployed,
        at_risk,
        # of a loan under no agreement nobody knows who bears it
        np.concatenate([np.where(loan, np.nan, own), lent.government]),
    )


_Part = tuple[Ints, Ints, Ints, Numbers, Ints, Ints]


def _equity(view: View, companies: CompanyColumns, payers: _Payers) -> _Part:
    held = holding_columns(view)
    place = companies.place_of[held.company]
    own = np.flatnonzero((place >= 0) & ((held.invested != 0) | held.deals))
    payer = held.fund[own].astype(np.int64)
    instrument = np.array([payers.instrument(p) for p in payer.tolist()], np.int64)
    return place[own], instrument, payer, numbers(view, held.fund[own]), held.paid[own], held.cost[own]


def _others(view: View, companies: CompanyColumns) -> list[_Part]:
    """Staff money, loans under no agreement, vouchers and subsidies: by company and payer from the postings themselves."""
    p = view.postings
    p = p.where(np.flatnonzero(~registered_events(view, p.loan)))
    parts = []
    for paid, back, instrument in (
        (PostingKind.COINVEST_PAY_IN, PostingKind.COINVEST_PAY_OUT, SupportKind.STAFF),
        (PostingKind.LOAN_DISBURSED, PostingKind.LOAN_REPAID, SupportKind.POOL_LOAN),
        (PostingKind.VOUCHER, None, SupportKind.VOUCHER),
        (PostingKind.SUBSIDY, None, SupportKind.SUBSIDY),
    ):
        there = p.where(np.flatnonzero(p.kind == paid))
        returned = p.where(np.flatnonzero(p.kind == (-1 if back is None else back)))
        parts.append(_balances(view, companies, there, returned, instrument))
    return parts


def _balances(
    view: View, companies: CompanyColumns, paid: Postings, back: Postings, instrument: SupportKind
) -> _Part:
    place = np.concatenate([companies.place_of[paid.to_party], companies.place_of[back.from_party]])
    payer = np.concatenate([paid.from_party, back.to_party]).astype(np.int64)
    currency = np.concatenate([of_postings(view, paid), of_postings(view, back)])
    fen = np.concatenate([paid.fen, -back.fen])
    own = place >= 0
    place, payer, currency, fen = place[own], payer[own], currency[own], fen[own]
    key = (place << 40) + (payer << 8) + currency
    unique, first, number = np.unique(key, return_index=True, return_inverse=True)
    deployed, at_risk = np.zeros(len(unique), np.int64), np.zeros(len(unique), np.int64)
    np.add.at(deployed, number, np.maximum(fen, 0))
    if instrument not in (SupportKind.VOUCHER, SupportKind.SUBSIDY):
        np.add.at(at_risk, number, fen)
    code = np.full(len(unique), INSTRUMENTS.index(instrument), np.int64)
    return place[first], code, payer[first], currency[first], deployed, np.maximum(at_risk, 0)


@once_per_view
def company_payments(view: View) -> CompanyPayments:
    """Every payment of cash to a company up to the view's day; shares bought of others are none."""
    companies, p, payers = company_columns(view), view.postings, _Payers(view)
    place = companies.place_of[p.to_party]
    rows = np.flatnonzero((place >= 0) & np.isin(p.kind, [int(k) for k in _PAID]))
    chosen = p.where(rows)
    of_kind, loans = {int(k): i for k, i in _PAID.items()}, loan_columns(view)
    kinds = {event: INSTRUMENTS.index(loans.instrument[place]) for event, place in loans.events.items()}
    instrument = [
        payers.instrument(payer)
        if (own := of_kind[kind]) is None
        else kinds.get(loan, INSTRUMENTS.index(own))
        for kind, payer, loan in zip(
            chosen.kind.tolist(), chosen.from_party.tolist(), chosen.loan.tolist(), strict=True
        )
    ]
    return CompanyPayments(
        companies.standing(view)[place[rows]],
        chosen.day.astype(np.int64),
        np.array(instrument, np.int64),
        chosen.from_party.astype(np.int64),
        chosen.fen,
        of_postings(view, chosen),
        chosen.entry.astype(np.int64),
        place[rows],
    )
