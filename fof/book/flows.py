"""The dated money between investors and funds, and its index by stake and by fund: the fund's register.

Shared by the use cases. Sums are exact (int64 fen); nothing here loops over postings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from fof.book.reading import Bools, as_of_day, is_in, once_per_prefix, once_per_view
from fof.ledger import Postings, View
from fof.ledger.balances import investor_side, pair_keys
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.posting_kinds import TREATMENTS

_HIGHEST_KIND = max(TREATMENTS)


@frozen
class Flows:
    """Cash between investors and funds, in journal order; with prices of stakes and inherited history in fof.book.own_flows.

    place : position in the postings of the view they were asked of          fund, investor, day : int32          kind : int16
    fen   : int64, > 0 to the investor, < 0 from the investor (sign of an IRR flow)
    paid_in, distributed : int64 effect on the two measures (0 for interest between investors)
    since : int32 day from which the flow is the investor's: its own day, or that on which the history came with a stake
    """

    place: Ints
    fund: Ints32
    investor: Ints32
    day: Ints32
    kind: npt.NDArray[np.int16]
    fen: Ints
    paid_in: Ints
    distributed: Ints
    since: Ints32

    def __len__(self) -> int:
        return len(self.place)

    @classmethod
    def joined(cls, parts: Sequence[Flows]) -> Flows:
        """Several one after another."""
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__match_args__))

    def where(self, chosen: Bools | Ints) -> Flows:
        """The flows picked by a mask or by positions."""
        return Flows(*(getattr(self, name)[chosen] for name in self.__match_args__))

    def of(self, investors: Collection[int] | None = None, funds: Collection[int] | None = None) -> Flows:
        """The flows of some investors with some funds."""
        return self.where(is_in(self.investor, investors) & is_in(self.fund, funds))


@once_per_view
def flows(view: View) -> Flows:
    """Every dated flow between investors and funds up to the as-of day: the register's, without prices of stakes.

    In a large book this touches every posting: whoever needs the flows of some stakes or funds asks the index below.
    """
    return _flows(view.postings)


@once_per_prefix
def every_flow(view: View) -> Flows:
    """The same of every day of the prefix."""
    return _flows(view.postings)


def _flows(postings: Postings) -> Flows:
    side = np.zeros(
        (4, _HIGHEST_KIND + 1), np.int64
    )  # irr sign, paid-in, distributed, investor is from_party
    for kind, t in TREATMENTS.items():
        if t.irr:
            side[:, kind] = (-1 if t.from_investor else 1, t.paid_in, t.distributed, bool(t.from_investor))
    place = np.flatnonzero(side[0][postings.kind])
    own = postings.where(place)
    sign, paid_in, distributed, _ = (row[own.kind] for row in side)
    return Flows(
        place,
        own.fund,
        investor_side(own),
        own.day,
        own.kind,
        own.fen * sign,
        own.fen * paid_in,
        own.fen * distributed,
        own.day,
    )


@frozen
class FlowIndex:
    """Flows sorted by (key, day), so that those of one stake or fund are found without looking at the others.

    flows: of all days, their places those of a view of every day
    keys : (k,) sorted, each once          order: positions in the flows
    first, end : (k,) the flows of keys[i] up to the as-of day are order[first[i]:end[i]]
    at   : (flows,) sortable (number of the key, day), ascending
    running : (flows+1,) paid in less distributed up to there       moves : (flows+1,) how many of them were not 0
    """

    flows: Flows
    keys: Ints
    first: Ints
    end: Ints
    order: Ints
    at: Ints
    running: Ints
    moves: Ints

    def until(self, day: int) -> FlowIndex:
        """The same up to a day."""
        end = np.searchsorted(self.at, sortable(np.arange(len(self.keys)), np.int64(day)), side="right")
        return replace(self, end=end)

    def numbers(self, wanted: Ints) -> Ints:
        """The place of each wanted key in `keys`, -1 where it has no flows."""
        if not len(self.keys):
            return np.full(len(wanted), -1, np.int64)
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[place] == wanted, place, -1)

    def picked(self, wanted: Ints) -> tuple[Flows, Ints]:
        """The flows of the wanted keys, and which of the keys each belongs to; key by key and by day."""
        number = self.numbers(wanted)
        start = (
            np.where(number >= 0, self.first[number], 0)
            if len(self.keys)
            else np.zeros(len(wanted), np.int64)
        )
        count = np.where(number >= 0, self.end[number] - start, 0) if len(self.keys) else start
        which = np.repeat(np.arange(len(wanted)), count)
        offset = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        return self.flows.where(self.order[np.repeat(start, count) + offset]), which


def sortable(number: npt.NDArray[np.integer], day: npt.NDArray[np.integer] | np.int64) -> Ints:
    """One number that sorts by (number, day)."""
    return np.asarray((np.asarray(number, np.int64) << 33) + (np.asarray(day, np.int64) + 2**31))


def _index(keys: Ints, own: Flows) -> FlowIndex:
    order = np.lexsort((own.day, keys))
    ordered = keys[order]
    starts = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    )
    bounds = np.r_[starts, len(ordered)].astype(np.int64)
    number = np.repeat(np.arange(len(starts)), np.diff(bounds))
    paid_in, distributed = own.paid_in[order], own.distributed[order]
    return FlowIndex(
        own,
        ordered[starts],
        bounds[:-1],
        bounds[1:],
        order,
        sortable(number, own.day[order]),
        _running(paid_in - distributed),
        _running(((paid_in != 0) | (distributed != 0)).astype(np.int64)),
    )


def _running(values: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])


@once_per_prefix
def _every_stake(view: View) -> FlowIndex:
    own = every_flow(view)
    return _index(pair_keys(own.fund, own.investor), own)


@once_per_prefix
def _every_fund(view: View) -> FlowIndex:
    own = every_flow(view)
    return _index(own.fund.astype(np.int64), own)


@once_per_view
def flows_by_stake(view: View) -> FlowIndex:
    """The flows up to the as-of day by (fund, investor)."""
    return _every_stake(view).until(as_of_day(view))


@once_per_view
def flows_by_fund(view: View) -> FlowIndex:
    """The flows up to the as-of day by fund."""
    return _every_fund(view).until(as_of_day(view))


def flows_with(view: View, funds: Collection[int], investors: Collection[int] | None = None) -> Flows:
    """The flows of some funds with some investors (None: all) up to the as-of day, by fund and day.

    `place` counts the postings of all days (`places_in` tells the view's own).
    """
    own, _ = flows_by_fund(view).picked(np.array(sorted(set(funds)), np.int64))
    return own.of(investors)


def flows_here(view: View, funds: Collection[int], investors: Collection[int] | None = None) -> Flows:
    """The same in journal order, `place` counting the view's own postings."""
    own = flows_with(view, funds, investors)
    own = own.where(np.argsort(own.place, kind="stable"))
    return replace(own, place=places_in(view, own.place))


def places_in(view: View, places: Ints) -> Ints:
    """Positions in the postings of all days as positions in the view's own; of postings up to its as-of day."""
    every_day = View(view.journal, None, view.prefix).postings.day
    return np.asarray((np.cumsum(every_day <= as_of_day(view)) - 1)[places])
