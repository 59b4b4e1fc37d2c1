"""Money of vehicles and stakes over time: the postings of a prefix by what they mean to the rules, as lines and steps.

What there is much of (payments, notices, cash) is sorted and cut in columns; the rest is taken posting by posting.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from fof.book.currencies import DEFAULT_CURRENCY, currency_of, numbers
from fof.book.timelines import Dates, Steps, Timeline
from fof.ledger import View
from fof.ledger.postings import Ints
from fof.rules.facts_parties import Due, Flow
from models.kinds import NoticeKind, PartyKind
from models.posting_kinds import TREATMENTS, PostingKind, Treatment

_K = PostingKind
VEHICLES = frozenset({PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.SUB_FUND})
"""Parties that the rules call a fund; national funds appear as investors only."""
_USES = frozenset(
    {
        _K.INVESTMENT,
        _K.MANAGEMENT_FEE,
        _K.FUND_EXPENSE,
        _K.TAX,
        _K.EXCESS_CALL_RETURNED,
        _K.EXCESS_CALL_RETURNED_FEES,
    }
)
_COST_CALLS = frozenset(
    {
        _K.CALL_FEES_AND_EXPENSES,
        _K.CALL_FEE_INSIDE,
        _K.CALL_FEE_OUTSIDE,
        _K.CALL_EXPENSE,
        _K.CALL_PLACEMENT_FEE,
        _K.CALL_FACILITY_COST,
    }
)
_DUES = frozenset({_K.CALL_DUE, _K.CALL_DUE_OUTSIDE})
_FEES = (_K.MANAGEMENT_FEE, _K.FEE_REBATE)
_CARRY = (_K.CARRY, _K.CLAWBACK)
_WITH_COMPANIES = (_K.INVESTMENT, _K.EXIT_PROCEEDS, _K.DIVIDEND)
_FACILITY = (_K.FACILITY_DRAWDOWN, _K.FACILITY_REPAYMENT)
_APART = frozenset(
    {*_FACILITY, _K.TREASURY_REMITTANCE, _K.SECONDARY_PURCHASE, *_FEES, *_CARRY, *_WITH_COMPANIES}
)
Pair = tuple[int, int]
V = TypeVar("V")
Mask = npt.NDArray[np.bool_]


class MoneyRow(NamedTuple):
    """A posting with its day; fund and deal None where it names none."""

    day: dt.date
    entry: int
    kind: int
    frm: int
    to: int
    fund: int | None
    deal: int | None
    fen: int


class MoneyLines:
    """Lines by fund or by (fund, investor), in ids; days after any as-of day included.

    committed  : promised, a balance                 cuts : fund -> days on which promises were reduced
    reshaped   : days a stake changed; the other party of a transfer, or 0
    cost_calls : what was paid on calls for fees and expenses, by fund
    dues, paid : asked for, and paid in (taken back: negative fen); received: distributed; paid_total: of all investors
    capital_in, other_in, uses, other_out : cash of a vehicle; deployed is the part of uses that was invested
    appropriated : fiscal money paid to a vehicle without a stake; facility: what it has borrowed from a bank
    foreign    : (name of such a line, vehicle) -> (day, currency) of what it holds in another currency than the vehicle's
    remitted, carry, fees : to the treasury; carry and fees, given back: negative fen
    sales, transfers, moved : stakes sold; memoranda of stakes; (entry, seller, kind) -> fen that changed hands
    of_deal    : money with companies by deal
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.parties = view.parties
        self.deals = view.deal_by_id
        self.dates = Dates()
        p = view.postings
        self.foreign: dict[tuple[str, int], list[tuple[dt.date, str]]] = defaultdict(list)
        self._days = [self.dates[day] for day in p.day.tolist()]
        self._fen: list[int] = p.fen.tolist()
        self._stakes()
        self._cash()
        self._promised(_of_kind(lambda k, how: how.memo and k not in _DUES)[p.kind] & (p.fund >= 0))
        self._one_by_one(_of_kind(lambda k, _: k in _APART)[p.kind])

    def _lines(
        self, places: Ints, keys: npt.NDArray[Any], values: list[V]
    ) -> Iterable[tuple[int, Timeline[V]]]:
        """The values of some places, each with its key, as one line for each key; on a day in the journal's order."""
        if not len(places):
            return
        order = np.lexsort((self.view.postings.day[places], keys))
        ordered = keys[order]
        cuts = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
        at = order.tolist()
        days, where = self._days, places.tolist()
        for first, end in pairwise(cuts):
            own = at[first:end]
            yield int(ordered[first]), Timeline([days[where[i]] for i in own], [values[i] for i in own])

    def _by_pair(self, places: Ints, investor: npt.NDArray[Any], values: list[V]) -> dict[Pair, Timeline[V]]:
        keys = (self.view.postings.fund[places].astype(np.int64) << 32) | investor
        return {(key >> 32, key & 0xFFFFFFFF): line for key, line in self._lines(places, keys, values)}

    def _flows(self, places: Ints) -> list[Flow]:
        days, fen = self._days, self._fen
        return [Flow(days[i], fen[i]) for i in places.tolist()]

    def _stakes(self) -> None:
        p, notices = self.view.postings, {n.entry: n.row for n in self.view.notices}
        days, fen, entry = self._days, self._fen, p.entry.tolist()
        sign = _signs("paid_in")[p.kind]
        places = np.flatnonzero((sign != 0) & (p.fund >= 0))
        named = {e: n.number for e, n in notices.items() if n.kind == NoticeKind.CAPITAL_CALL}
        paid = [
            Flow(days[i], fen[i], named.get(entry[i], "")) if s > 0 else Flow(days[i], -fen[i])
            for i, s in zip(places.tolist(), sign[places].tolist(), strict=True)
        ]
        investor = np.where(sign > 0, p.from_party, p.to_party)[places]
        self.paid = self._by_pair(places, investor, paid)
        costs = _of_kind(lambda k, _: k in _COST_CALLS)[p.kind[places]]
        own = [flow for flow, cost in zip(paid, costs.tolist(), strict=True) if cost]
        self.cost_calls = dict(self._lines(places[costs], p.fund[places[costs]], own))
        self.paid_total: dict[int, Steps] = defaultdict(Steps)
        for fund, line in self._lines(places, p.fund[places], paid):
            self.paid_total[fund] = Steps((flow.day, flow.fen) for flow in line.values)
        places = np.flatnonzero((_signs("distributed")[p.kind] != 0) & (p.fund >= 0))
        self.received = self._by_pair(places, p.to_party[places], self._flows(places))
        places = np.flatnonzero(_of_kind(lambda k, _: k in _DUES)[p.kind] & (p.fund >= 0))
        timely = {e: n.due_on for e, n in notices.items() if n.due_on is not None}
        places = places[[e in timely for e in p.entry[places].tolist()]] if len(places) else places
        dues = [
            Due(timely[e], fen[i], notices[e].number, days[i]) for i in places.tolist() for e in (entry[i],)
        ]
        self.dues = self._by_pair(places, p.from_party[places], dues)

    def _cash(self) -> None:
        """Money into and out of vehicles: capital and other money, uses and other payments."""
        p = self.view.postings
        ours = np.zeros(max(self.parties, default=0) + 1, np.bool_)
        ours[[number for number, party in self.parties.items() if party.kind in VEHICLES]] = True
        cash = ~_of_kind(lambda _, how: how.memo)[p.kind]
        into, out = cash & ours[p.to_party], cash & ours[p.from_party]
        call = _signs("paid_in")[p.kind] == 1
        own = call | (p.kind == _K.FISCAL_APPROPRIATION)
        used = call | _of_kind(lambda k, _: k in _USES)[p.kind]
        self.capital_in = self._of_vehicles("capital_in", into & own, p.to_party)
        self.other_in = self._of_vehicles("other_in", into & ~own, p.to_party)
        appropriated = into & (p.kind == _K.FISCAL_APPROPRIATION)
        self.appropriated = self._of_vehicles("appropriated", appropriated, p.to_party)
        self.uses = self._of_vehicles("uses", out & used, p.from_party)
        self.other_out = self._of_vehicles("other_out", out & ~used, p.from_party)
        deployed = call | (p.kind == _K.INVESTMENT)
        self.deployed = self._of_vehicles("deployed", out & deployed, p.from_party)

    def _of_vehicles(self, name: str, chosen: Mask, party: npt.NDArray[Any]) -> dict[int, Timeline[Flow]]:
        places = np.flatnonzero(chosen)
        funds, own = self.view.postings.fund[places], party[places]
        mixed = np.flatnonzero((funds >= 0) & (numbers(self.view, funds) != numbers(self.view, own)))
        for place, vehicle, fund in zip(
            places[mixed].tolist(), own[mixed].tolist(), funds[mixed].tolist(), strict=True
        ):
            self.foreign[name, vehicle].append((self._days[place], self.currency(fund)))
        return dict(self._lines(places, party[places], self._flows(places)))

    def currency(self, party: int | None) -> str:
        """The currency a party states last, whatever the day; CNY where it states none."""
        return DEFAULT_CURRENCY if party is None else currency_of(self.view, party)

    def _rows(self, places: Ints) -> list[MoneyRow]:
        """The postings at some places, as rows."""
        p, date = self.view.postings, self.dates
        columns = (p.day, p.entry, p.kind, p.from_party, p.to_party, p.fund, p.deal, p.fen)
        return [
            MoneyRow(date[d], e, k, f, t, None if fund < 0 else fund, None if deal < 0 else deal, fen)
            for d, e, k, f, t, fund, deal, fen in zip(*(c[places].tolist() for c in columns), strict=True)
        ]

    def _promised(self, chosen: Mask) -> None:
        """Promises and restatements, notices apart."""
        self.committed: dict[Pair, Steps] = defaultdict(Steps)
        self.reshaped: dict[Pair, Timeline[int]] = defaultdict(Timeline)
        self.cuts: dict[int, set[dt.date]] = defaultdict(set)
        self.transfers: list[MoneyRow] = []
        self.moved: dict[tuple[int, int, int], int] = defaultdict(int)
        for p in self._rows(np.flatnonzero(chosen)):
            assert p.fund is not None
            if p.kind == _K.COMMITMENT:
                self.committed[p.fund, p.frm].add(p.day, p.fen)
                self.reshaped[p.fund, p.frm].add(p.day, 0)
                continue
            if p.kind == _K.COMMITMENT_REDUCTION:
                self.committed[p.fund, p.to].add(p.day, -p.fen)
                self.cuts[p.fund].add(p.day)
                continue
            if p.kind == _K.COMMITMENT_TRANSFER:
                self.committed[p.fund, p.frm].add(p.day, -p.fen)
                self.committed[p.fund, p.to].add(p.day, p.fen)
                self.reshaped[p.fund, p.frm].add(p.day, p.to)
                self.reshaped[p.fund, p.to].add(p.day, p.frm)
            self.moved[p.entry, p.frm, p.kind] += p.fen
            self.transfers.append(p)

    def _one_by_one(self, chosen: Mask) -> None:
        """Fees, carry, remittances, sales of stakes, money with companies."""
        self.remitted: dict[int, Timeline[Flow]] = defaultdict(Timeline)
        self.carry: dict[int, Timeline[Flow]] = defaultdict(Timeline)
        self.fees: dict[int, Timeline[Flow]] = defaultdict(Timeline)
        self.facility: dict[int, Steps] = defaultdict(Steps)
        self.sales: list[MoneyRow] = []
        self.of_deal: dict[int, Timeline[MoneyRow]] = defaultdict(Timeline)
        for p in self._rows(np.flatnonzero(chosen)):
            if p.kind == _K.TREASURY_REMITTANCE:
                self.remitted[p.frm].add(p.day, Flow(p.day, p.fen))
            elif p.fund is None:
                continue
            elif p.kind in _CARRY:
                self.carry[p.fund].add(p.day, Flow(p.day, p.fen if p.kind == _K.CARRY else -p.fen))
            elif p.kind in _FEES:
                self.fees[p.fund].add(p.day, Flow(p.day, p.fen if p.kind == _K.MANAGEMENT_FEE else -p.fen))
            elif p.kind in _FACILITY:
                self.facility[p.fund].add(p.day, p.fen if p.kind == _K.FACILITY_DRAWDOWN else -p.fen)
            elif p.kind == _K.SECONDARY_PURCHASE:
                self.sales.append(p)
            elif p.deal is not None:
                self.of_deal[p.deal].add(p.day, p)


def _of_kind(wanted: Callable[[PostingKind, Treatment], bool]) -> Mask:
    """Posting kind (its number) -> whether it is wanted."""
    mask = np.zeros(max(PostingKind) + 1, np.bool_)
    for kind, how in TREATMENTS.items():
        mask[kind] = wanted(kind, how)
    return mask


def _signs(effect: str) -> npt.NDArray[np.int8]:
    """Posting kind (its number) -> how it enters a figure; memoranda enter none."""
    signs = np.zeros(max(PostingKind) + 1, np.int8)
    for kind, how in TREATMENTS.items():
        signs[kind] = 0 if how.memo else getattr(how, effect)
    return signs
