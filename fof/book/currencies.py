"""Which currency money is in. Amounts of two are never added: what sums money asks `one` first, which refuses.

Money of a fund (commitments, calls, values, deals, cash booked for it) is in the fund's currency, whoever pays or
receives it; other money is in the currency that one of its two parties states. A fund has one currency: what was stated
last counts for all its days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from fof.ledger import Postings, View
from fof.ledger.journal_columns import Ints32
from fof.ledger.prefix import Prefix
from models.facts import FACTS, FactType
from models.kinds import FUND_KINDS
from models.money import DEFAULT_CURRENCY
from models.rows import Deal, Fact, Mark, Position

__all__ = [
    "DEFAULT_CURRENCY",
    "CurrenciesDiffer",
    "Numbers",
    "by_currency",
    "currency_of",
    "held_in",
    "in_order",
    "number_of",
    "numbers",
    "of_number",
    "of_postings",
    "of_row",
    "one",
    "stated_currency",
]

T = TypeVar("T")
Numbers = npt.NDArray[np.int16]
"""Currencies in a column: places in a list that only grows while the program runs (`of_number`)."""

_CODES = [DEFAULT_CURRENCY]


class CurrenciesDiffer(TypeError):
    """Money of several currencies was about to be added: whoever adds splits it first."""


def of_number(number: int) -> str:
    """The code of a number of a column."""
    return _CODES[number]


def number_of(code: str) -> int:
    """The number of a code."""
    if code not in _CODES:
        _CODES.append(code)
    return _CODES.index(code)


class _StatedCurrencies:
    """What the parties of a prefix state: number by party id, -1 where nothing is stated."""

    def __init__(self, prefix: Prefix) -> None:
        column = np.full(max(prefix.parties, default=0) + 2, -1, np.int16)
        stated = prefix.stated("currency")
        for party in prefix.parties:
            records = stated.get(("party", party))
            if records:
                column[party] = number_of(str(prefix.value(records[-1])))
        self.column = column


_by_prefix: WeakKeyDictionary[Prefix, _StatedCurrencies] = WeakKeyDictionary()


def _stated(view: View) -> Numbers:
    stated = _by_prefix.get(view.prefix)
    if stated is None:
        stated = _by_prefix[view.prefix] = _StatedCurrencies(view.prefix)
    return stated.column


def stated_currency(view: View, party: int) -> str | None:
    """The currency a party states, None where it states none: it deals in any."""
    number = int(_stated(view)[party])
    return None if number < 0 else of_number(number)


def currency_of(view: View, party: int) -> str:
    """The party's currency; CNY where none is stated."""
    return stated_currency(view, party) or DEFAULT_CURRENCY


def held_in(view: View, fund: int, holder: int) -> str:
    """The currency of what a holder discloses of a fund: the fund's, else the holder's."""
    return stated_currency(view, fund) or currency_of(view, holder)


def numbers(view: View, funds: Ints32) -> Numbers:
    """The currency of each fund of a column."""
    return np.asarray(np.maximum(_stated(view)[funds], 0))


def of_postings(view: View, postings: Postings) -> Numbers:
    """The currency of each posting: its fund's; without a fund what payer or payee states."""
    stated = _stated(view)
    own = np.where(postings.fund >= 0, numbers(view, postings.fund), np.int16(-1))
    for column in (postings.from_party, postings.to_party):
        own = np.where(own < 0, stated[column], own)
    return np.maximum(own, 0)


def of_row(view: View, row: Any) -> str | None:
    """The currency of the amounts in a row of a small table, None where it can hold none."""
    if isinstance(row, Mark):
        of_fund = view.parties[row.holding].kind in FUND_KINDS
        return currency_of(view, row.holding if of_fund else row.holder)
    if isinstance(row, Position):
        return held_in(view, row.fund, row.holder)
    if isinstance(row, Deal):
        return currency_of(view, row.investor)
    if isinstance(row, Fact) and row.name in FACTS and FACTS[row.name].kind is FactType.FEN:
        deal = None if row.deal is None else View(view.journal, None, view.prefix).deal_by_id.get(row.deal)
        party = row.party if deal is None else deal.row.investor
        return None if party is None else currency_of(view, party)
    return None


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Each code once, the yuan first."""
    return tuple(sorted(set(codes), key=lambda code: (code != DEFAULT_CURRENCY, code)))


def one(codes: Iterable[str]) -> str:
    """The one currency of what is about to be added; CNY for nothing at all. CurrenciesDiffer for several."""
    listed = in_order(codes)
    if len(listed) > 1:
        raise CurrenciesDiffer(", ".join(listed))
    return listed[0] if listed else DEFAULT_CURRENCY


def by_currency(records: Sequence[T], of: Callable[[T], str]) -> dict[str, list[T]]:
    """The records by their currency, the yuan first."""
    groups: dict[str, list[T]] = {code: [] for code in in_order(map(of, records))}
    for record in records:
        groups[of(record)].append(record)
    return groups
