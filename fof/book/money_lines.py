"""Money of vehicles and stakes as the rules ask for it: lines and steps over all days of a prefix.

No second reading: payments, receipts and balances of stakes are the columns of fof.book.flows and of the journal's own
balances, prices and what changed hands those of fof.book.transfers; here they are cut by fund, investor and day. What is
read here alone is what only rules ask for: notices' due days, cash of vehicles by use, facilities, remittances.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from itertools import pairwise, repeat
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from fof.book.currencies import DEFAULT_CURRENCY, currency_of, numbers
from fof.book.flows import every_flow
from fof.book.timelines import Dates, Steps, Timeline, from_columns
from fof.book.transfers import every_handover
from fof.ledger import View
from fof.ledger.balances import coefficients, movements
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
Pair = tuple[int, int]
V = TypeVar("V")
Mask = npt.NDArray[np.bool_]


class MoneyLines:
    """Lines by fund or by (fund, investor), in ids; days after any as-of day included.

    balances   : of stakes by measure (committed, paid_in, distributed), what came or went with a stake included
    committed  : those of commitments              cuts : fund -> days on which promises were reduced
    reshaped   : days a stake changed; the other party of a transfer, or 0
    cost_calls : what was paid on calls for fees and expenses, by fund
    dues, paid : asked for, and paid in (taken back: negative fen); received: distributed (given back: negative fen)
    capital_in, other_in, uses, other_out : cash of a vehicle; deployed is the part of uses that was invested
    appropriated : fiscal money paid to a vehicle without a stake; facility: what it has borrowed from a bank
    foreign    : (name of such a line, vehicle) -> (day, currency) of what it holds in another currency than the vehicle's
    remitted, carry, fees : to the treasury; carry and fees, given back: negative fen
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.parties = view.parties
        self.deals = view.deal_by_id
        self.dates = Dates()
        p = view.postings
        self.foreign: dict[tuple[str, int], list[tuple[dt.date, str]]] = defaultdict(list)
        self._days = [self.dates[day] for day in p.day.tolist()]
        self._paid_and_received()
        self._asked()
        self._cash()
        self._promised()
        self.remitted = self._signed({_K.TREASURY_REMITTANCE: 1}, p.from_party)
        self.carry = self._signed({_K.CARRY: 1, _K.CLAWBACK: -1}, p.fund)
        self.fees = self._signed({_K.MANAGEMENT_FEE: 1, _K.FEE_REBATE: -1}, p.fund)
        borrowed = self._signed({_K.FACILITY_DRAWDOWN: 1, _K.FACILITY_REPAYMENT: -1}, p.fund)
        self.facility = {fund: Steps((f.day, f.fen) for f in line.values) for fund, line in borrowed.items()}

    def _lines(
        self, places: Ints, keys: npt.NDArray[Any], values: list[V]
    ) -> Iterable[tuple[int, Timeline[V]]]:
        """The values of some places, each with its key, as one line for each key; on a day in the journal's order."""
        order, runs = _runs(keys, self.view.postings.day[places])
        at = order.tolist()
        days, where = self._days, places.tolist()
        for key, run in runs:
            own = at[run]
            yield key, Timeline([days[where[i]] for i in own], [values[i] for i in own])

    def _by_pair(self, places: Ints, investor: npt.NDArray[Any], values: list[V]) -> dict[Pair, Timeline[V]]:
        keys = (self.view.postings.fund[places].astype(np.int64) << 32) | investor
        return {(key >> 32, key & 0xFFFFFFFF): line for key, line in self._lines(places, keys, values)}

    def _flows(self, places: Ints, signs: Ints | None = None) -> list[Flow]:
        """The money of some places, times a sign each."""
        fen = self.view.postings.fen[places]
        days = map(self._days.__getitem__, places.tolist())
        return from_columns(
            Flow, days, (fen if signs is None else fen * signs).tolist(), repeat("", len(fen))
        )

    def _signed(self, signs: dict[PostingKind, int], party: npt.NDArray[Any]) -> dict[int, Timeline[Flow]]:
        """Money of some kinds, added or taken off, by a party of the posting; without one it is left out."""
        p = self.view.postings
        sign = np.zeros(max(PostingKind) + 1, np.int64)
        sign[[int(kind) for kind in signs]] = list(signs.values())
        places = np.flatnonzero((sign[p.kind] != 0) & (party >= 0))
        return dict(self._lines(places, party[places], self._flows(places, sign[p.kind[places]])))

    def _paid_and_received(self) -> None:
        flows = every_flow(self.view)
        numbers_of = {
            n.entry: n.row.number for n in self.view.notices if n.row.kind == NoticeKind.CAPITAL_CALL
        }
        entry = self.view.postings.entry

        def lines(amounts: Ints, named: bool) -> tuple[Ints, list[Flow], dict[Pair, Timeline[Flow]]]:
            own = np.flatnonzero(amounts)
            places, fen = flows.place[own], amounts[own].tolist()
            names: Iterable[str] = repeat("", len(fen))
            if named:
                entries = entry[places].tolist()
                names = [numbers_of.get(e, "") if f > 0 else "" for e, f in zip(entries, fen, strict=True)]
            made = from_columns(Flow, map(self._days.__getitem__, places.tolist()), fen, names)
            return places, made, self._by_pair(places, flows.investor[own], made)

        places, paid, self.paid = lines(flows.paid_in, named=True)
        *_, self.received = lines(flows.distributed, named=False)
        costs = _of_kind(lambda k, _: k in _COST_CALLS)[self.view.postings.kind[places]]
        own = [flow for flow, cost in zip(paid, costs.tolist(), strict=True) if cost]
        self.cost_calls = dict(self._lines(places[costs], self.view.postings.fund[places[costs]], own))

    def _asked(self) -> None:
        p, notices = self.view.postings, {n.entry: n.row for n in self.view.notices}
        places = np.flatnonzero(_of_kind(lambda k, _: k in _DUES)[p.kind] & (p.fund >= 0))
        timely = {e: (n.due_on, n.number) for e, n in notices.items() if n.due_on is not None}
        places = places[[e in timely for e in p.entry[places].tolist()]] if len(places) else places
        asked = [timely[e] for e in p.entry[places].tolist()]
        days = map(self._days.__getitem__, places.tolist())
        columns = ([a[0] for a in asked], p.fen[places].tolist(), [a[1] for a in asked], days)
        self.dues = self._by_pair(places, p.from_party[places], from_columns(Due, *columns))

    def _cash(self) -> None:
        """Money into and out of vehicles: capital and other money, uses and other payments."""
        p = self.view.postings
        ours = np.zeros(max(self.parties, default=0) + 1, np.bool_)
        ours[[number for number, party in self.parties.items() if party.kind in VEHICLES]] = True
        cash = ~_of_kind(lambda _, how: how.memo)[p.kind]
        into, out = cash & ours[p.to_party], cash & ours[p.from_party]
        call = coefficients("paid_in")[p.kind] == 1
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

    def _promised(self) -> None:
        """Balances of stakes, and the days on which a stake took another shape."""
        p = self.view.postings
        self.balances = {name: self._steps(name) for name in ("committed", "paid_in", "distributed")}
        self.committed = self.balances["committed"]
        self.cuts: dict[int, set[dt.date]] = defaultdict(set)
        for i in np.flatnonzero(p.kind == _K.COMMITMENT_REDUCTION).tolist():
            self.cuts[int(p.fund[i])].add(self._days[i])
        self.reshaped: dict[Pair, Timeline[int]] = defaultdict(Timeline)
        for i in np.flatnonzero(p.kind == _K.COMMITMENT).tolist():
            self.reshaped[int(p.fund[i]), int(p.from_party[i])].add(self._days[i], 0)
        for moved in (h for own in every_handover(self.view).values() for h in own if h.committed.moved):
            self.reshaped[moved.fund, moved.seller].add(self.dates[moved.day], moved.buyer)
            self.reshaped[moved.fund, moved.buyer].add(self.dates[moved.day], moved.seller)

    def _steps(self, measure: str) -> dict[Pair, Steps]:
        moved = movements(self.view.postings, measure)
        order, runs = _runs((moved.fund.astype(np.int64) << 32) | moved.investor, moved.day)
        days, fen = [self.dates[day] for day in moved.day[order].tolist()], moved.fen[order]
        return defaultdict(
            Steps,
            {
                (key >> 32, key & 0xFFFFFFFF): Steps.of(days[own], fen[own].cumsum().tolist())
                for key, own in runs
            },
        )

    @cached_property
    def paid_total(self) -> dict[int, Steps]:
        """Capital paid into each fund by all its investors."""
        return self.paid_but_by(frozenset())

    def paid_but_by(self, apart: Collection[int]) -> dict[int, Steps]:
        """Capital paid into each fund by all but some, what came or went with a stake included."""
        changes: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
        for (fund, investor), steps in self.balances["paid_in"].items():
            if investor not in apart:
                changes[fund] += steps.changes()
        return defaultdict(Steps, {fund: Steps(own) for fund, own in changes.items()})


def _runs(keys: npt.NDArray[Any], day: npt.NDArray[Any]) -> tuple[Ints, list[tuple[int, slice]]]:
    """An order by key and day, on a day as they stood; and each key with its part of it."""
    order = np.lexsort((day, keys))
    ordered = keys[order]
    firsts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else order
    cuts = pairwise([*firsts.tolist(), len(order)])
    return order, [(key, slice(*cut)) for key, cut in zip(ordered[firsts].tolist(), cuts, strict=True)]


def _of_kind(wanted: Callable[[PostingKind, Treatment], bool]) -> Mask:
    """Posting kind (its number) -> whether it is wanted."""
    mask = np.zeros(max(PostingKind) + 1, np.bool_)
    for kind, how in TREATMENTS.items():
        mask[kind] = wanted(kind, how)
    return mask
