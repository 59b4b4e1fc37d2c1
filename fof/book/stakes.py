"""Stakes: what every investor has in every fund on the day of a view, in columns.

Shared by the use cases. Sums are exact (int64 fen); nothing here loops over postings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from fof.book.currencies import Numbers, in_order, numbers, of_number, one
from fof.book.reading import Bools, as_of_day, distinct, is_in, kinds_with, once_per_prefix, once_per_view
from fof.ledger import View
from fof.ledger.balances import MEASURES, Movement, movements, pair_keys
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.posting_kinds import TREATMENTS


@frozen
class Stakes:
    """Balances of every (fund, investor) pair known on the day, sorted by fund, then investor; arrays of equal length.

    fund, investor : int32 party ids
    committed      : promised, after amendments and transfers
    due            : asked for by notice, less what was given back to be called again; goes along with paid-in capital that changes hands
    paid_in        : net of excess returned (ILPA denominator)       distributed : all distributions (ILPA numerator)
    unfunded       : still to be called, recallable distributions included
    recallable     : distributions that could be called again, gross; part of `distributed`
    All in int64 fen. noticed : False where money was paid in and no call notice is in the book: `due` says nothing.
    currency       : of the fund; a column is summed by `total`, which refuses to add two
    """

    fund: Ints32
    investor: Ints32
    committed: Ints
    due: Ints
    paid_in: Ints
    distributed: Ints
    unfunded: Ints
    recallable: Ints
    noticed: Bools
    currency: Numbers

    def __len__(self) -> int:
        return len(self.fund)

    def where(self, chosen: Bools) -> Stakes:
        """The stakes picked by a mask."""
        return Stakes(*(getattr(self, name)[chosen] for name in self.__match_args__))

    def of(self, investors: Collection[int] | None = None, funds: Collection[int] | None = None) -> Stakes:
        """The stakes of some investors in some funds; None: all."""
        if investors is None and funds is not None and len(funds) == 1:  # rows are in the order of funds
            start, end = np.searchsorted(self.fund, [only := next(iter(funds)), only + 1])
            return Stakes(*(getattr(self, name)[start:end] for name in self.__match_args__))
        return self.where(is_in(self.investor, investors) & is_in(self.fund, funds))

    @property
    def outside(self) -> Ints:
        """What of paid-in lies outside the commitment: what unfunded has not been lowered by."""
        return np.asarray(np.maximum(self.unfunded - self.committed + self.paid_in - self.recallable, 0))

    @property
    def inside(self) -> Ints:
        """What of paid-in lies inside the commitment."""
        return self.paid_in - self.outside

    @property
    def currencies(self) -> tuple[str, ...]:
        """Of the stakes, the yuan first."""
        return in_order(of_number(n) for n in set(self.currency.tolist()))

    def total(self, measure: str) -> int:
        """The sum of a measure. CurrenciesDiffer where the stakes are in several."""
        one(self.currencies)
        return int(getattr(self, measure).sum())


def by_investor(own: Stakes, measure: str, investors: Sequence[int]) -> Ints:
    """A measure of the stakes in one fund by investor, 0 for who has none."""
    amounts = dict(zip(own.investor.tolist(), getattr(own, measure).tolist(), strict=True))
    return np.array([amounts.get(who, 0) for who in investors], np.int64)


@once_per_view
def stakes(view: View) -> Stakes:
    """Every stake on the day of the view."""
    day, rare = as_of_day(view), _rare(view)
    parts = {name: _balances(view, name) for name in MEASURES}
    pairs = _pairs(view, tuple((fund, investor) for fund, investor, _ in parts.values()))
    columns = {}
    for (name, (*_, fen)), place in zip(parts.items(), pairs.places, strict=True):
        columns[name] = column = np.zeros(len(pairs.keys), np.int64)
        np.add.at(column, place, fen)
    columns["recallable"] = np.zeros(len(pairs.keys), np.int64)
    np.add.at(columns["recallable"], *_placed(pairs.keys, rare.recallable.until(day)))
    moved = pairs.promised_on <= day
    for column in columns.values():
        moved |= column != 0
    due, paid = columns["due"], columns["paid_in"]
    suspects = (due <= 0) & ((paid != 0) | (due < 0))
    noticed = ~(
        suspects & (pairs.paid_on <= day)
    )  # paid-in capital that came with a transfer needs no notice
    np.add.at(columns["due"], *_placed(pairs.keys, rare.moved_with_stakes.until(day)))
    every = Stakes(pairs.fund, pairs.investor, **columns, noticed=noticed, currency=numbers(view, pairs.fund))
    return every.where(moved)  # not what first moves on a later day


@frozen
class _Pairs:
    """The pairs that some balances are of, together with the rare ones of all days.

    of     : the columns (fund, investor) of the balances, held so that they are known again
    keys   : (k,) sorted                places : of each balance, the place of its pairs among them
    promised_on, paid_on : (k,) the first day of a promise, and of cash of their own; NEVER for none
    """

    of: tuple[tuple[Ints32, Ints32], ...]
    keys: Ints
    places: tuple[Ints, ...]
    fund: Ints32
    investor: Ints32
    promised_on: Ints
    paid_on: Ints


_NEVER = 2**31


def _pairs(view: View, of: tuple[tuple[Ints32, Ints32], ...]) -> _Pairs:
    """The same for all days on which the balances are of the same pairs: the journal hands out the same columns then."""
    last = _last_pairs(view)
    known = last.get("pairs")
    if known is not None and all(
        a is b for x, y in zip(known.of, of, strict=True) for a, b in zip(x, y, strict=True)
    ):
        return known
    rare, own = _rare(view), [pair_keys(*pair) for pair in of]
    keys = distinct(np.concatenate([*own, *(x.key for x in (rare.recallable, rare.moved_with_stakes))]))

    def first_day(of_pairs: _ByDay) -> Ints:
        days = np.full(len(keys), _NEVER, np.int64)
        place = np.minimum(np.searchsorted(keys, of_pairs.key), max(len(keys) - 1, 0))
        there = np.flatnonzero(keys[place] == of_pairs.key) if len(keys) else np.empty(0, np.int64)
        np.minimum.at(days, place[there], of_pairs.day[there].astype(np.int64))
        return days

    made = _Pairs(
        of,
        keys,
        tuple(np.searchsorted(keys, key) for key in own),
        (keys >> 32).astype(np.int32),
        (keys & 0xFFFFFFFF).astype(np.int32),
        first_day(rare.promised),
        first_day(rare.paying),
    )
    last["pairs"] = made
    return made


@once_per_prefix
def _last_pairs(_view: View) -> dict[str, _Pairs]:
    return {}


@frozen
class _ByDay:
    """Amounts of pairs in the order of their days."""

    key: Ints
    fen: Ints
    day: Ints32

    @classmethod
    def of(cls, key: Ints, fen: Ints, day: Ints32) -> _ByDay:
        order = np.argsort(day, kind="stable")
        return cls(key[order], fen[order], day[order])

    def until(self, day: int) -> tuple[Ints, Ints]:
        """(pair keys, fen) of what happened up to the day."""
        end = int(np.searchsorted(self.day, np.int32(day), side="right"))
        return self.key[:end], self.fen[:end]


@frozen
class _Rare:
    """What stakes need beside the running balances: the few postings that are none, of all days.

    promised          : every change of a commitment          recallable : distributions that may be called again
    moved_with_stakes : what was called goes along with the paid-in capital of a stake that changes hands
    paying            : pairs that paid cash of their own, and the first day they did
    """

    promised: _ByDay
    recallable: _ByDay
    moved_with_stakes: _ByDay
    paying: _ByDay


@once_per_prefix
def _rare(view: View) -> _Rare:
    postings = view.postings
    paying = kinds_with(lambda k: TREATMENTS[k].from_investor is True and TREATMENTS[k].paid_in == 1)
    rows = np.flatnonzero(paying[postings.kind])
    rows = rows[np.argsort(postings.day[rows], kind="stable")]
    payers, first = np.unique(pair_keys(postings.fund[rows], postings.from_party[rows]), return_index=True)
    return _Rare(
        _moves(movements(postings, "committed")),
        _moves(movements(postings, "recallable")),
        _moves(movements(postings, "due_moved")),
        _ByDay.of(payers, np.zeros(len(payers), np.int64), postings.day[rows[first]]),
    )


def _moves(moved: Movement) -> _ByDay:
    return _ByDay.of(pair_keys(moved.fund, moved.investor), moved.fen, moved.day)


def _placed(keys: Ints, moved: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    return np.searchsorted(keys, moved[0]), moved[1]


def _balances(view: View, measure: str) -> tuple[Ints32, Ints32, Ints]:
    """(fund, investor, fen); from the journal's running balances where the view stands at its head."""
    journal = view.journal
    if view.as_of is not None and view.known_at == journal.head:
        fund, investor, fen = journal.balances().at(measure, as_of_day(view))
        if view.known_at == journal.head:  # no entry arrived meanwhile
            return fund, investor, fen
    moved = movements(view.postings, measure)
    return moved.fund, moved.investor, moved.fen


# -- the postings behind ------------------------------------------------------------------------------------------

Pairs = Collection[tuple[int, int]]
"""(fund, investor) stakes; investor -1: a fund with all its investors."""
_PARTS = {"due": ("due", "due_moved")}


def contributions(view: View, measure: str, pairs: Pairs) -> tuple[Ints, Ints]:
    """(positions, fen) of the postings that make up a measure of some stakes; transfers within them cancel out.

    measure : a column of Stakes; the fen add up to it
    """
    p = view.postings
    placed = replace(p, entry=np.arange(len(p), dtype=np.int32))  # so that each effect says where it is from
    total = np.zeros(len(p), np.int64)
    for name in _PARTS.get(measure, (measure,)):
        moved = movements(placed, name)
        own = member(pairs, moved.fund, moved.investor)
        np.add.at(total, moved.entry[own], moved.fen[own])
    places = np.flatnonzero(total)
    return places, total[places]


def member(pairs: Pairs, fund: Ints32, investor: Ints32) -> Bools:
    """True where (fund, investor) is one of the stakes."""
    whole = [f for f, i in pairs if i < 0]
    keys = np.array([(f << 32) | i for f, i in pairs if i >= 0], np.int64)
    inside = np.isin(pair_keys(fund, investor), keys) & (investor >= 0)
    return np.asarray(inside | np.isin(fund, whole))
