"""One fund on a day: the terms in force and their documents, its cash and idle money, the documents behind it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from fof.book.currencies import currency_of, in_order, number_of, of_number, of_postings
from fof.book.filed_documents import FiledDocument, filed_documents
from fof.book.flows import sortable
from fof.book.reading import LAST_DAY, Reason, as_of_day, kinds_with, once_per_prefix, ratio, several
from fof.book.stakes import stakes
from fof.book.succession import lineage
from fof.ledger import View, to_date
from fof.ledger.journal_columns import Ints
from models.facts import FACTS, SUBJECT_FACTS, FactType, FactValue
from models.frozen import frozen
from models.kinds import Word
from models.money import yuan_text
from models.posting_kinds import TREATMENTS, PostingKind
from models.subjects import Subject, SubjectKind
from models.text import Text, yes_or_no

CASH_ELSEWHERE = Reason(
    "cash_elsewhere", Text("该基金的现金不在本账核算", "the fund's cash is not kept in this book")
)
NOTHING_PAID_IN = Reason("nothing_paid_in", Text("尚无实缴", "nothing was paid in"))
_MEMO = kinds_with(lambda k: TREATMENTS[k].memo)


@frozen
class Term:
    """An attribute in force: its value, from which day, by which entry, on what document."""

    name: str
    text: Text
    value: FactValue
    since: dt.date
    entry: int
    document: str | None
    basis: str | None

    def value_text(self, language: str | None = None) -> str:
        """The value as said: words in the language, money in yuan, shares in per cent, parties by their code."""
        return fact_text(self.name, self.value, language)


@frozen
class Cash:
    """The fund's cash in fen, None where it is not kept here or lies in several currencies; idle money (rulebook PI-03).

    idle_ratio     : cash / paid-in capital, nan where either does not exist
    first_paid_on, first_deal_on, last_deal_on : days of the first payment in, the first and the last investment
    balances       : (currency, fen) of its cash, the yuan first
    idle_days      : days since the last investment (or, before the first, since the first payment in)
    """

    fen: int | None
    idle_ratio: float
    first_paid_on: dt.date | None
    first_deal_on: dt.date | None
    last_deal_on: dt.date | None
    idle_days: int | None
    note: Reason | None = None
    balances: tuple[tuple[str, int], ...] = ()


@frozen
class FundDetail:
    """Everything about one fund but its figures."""

    fund: int
    predecessors: tuple[int, ...]
    terms: tuple[Term, ...]
    cash: Cash
    documents: tuple[FiledDocument, ...]


def fund_detail(view: View, fund: int) -> FundDetail:
    """The fund's terms, cash and documents on the as-of day."""
    filed = filed_documents(view, Subject(SubjectKind.PARTY, view.parties[fund].code))
    former = tuple(sorted(lineage(view, fund) - {fund}))
    return FundDetail(fund, former, terms(view, fund), cash(view, fund), filed)


def terms(view: View, party: int) -> tuple[Term, ...]:
    """The attributes of a party in force, in the order of models.facts."""
    known = view.facts_of(party)
    return tuple(
        Term(name, spec.text, f.value, f.since, f.entry, f.document, f.basis)
        for name, spec in FACTS.items()
        if (f := known.get(name)) is not None
    )


def fact_text(name: str, value: FactValue, language: str | None = None) -> str:
    """A value of an attribute in words, of a register (FACTS) or of subjects of any kind."""
    spec = FACTS.get(name) or SUBJECT_FACTS[name]
    if isinstance(value, bool):
        return yes_or_no(value).of(language)
    if isinstance(value, Word):
        return value.text.of(language)
    if isinstance(value, tuple):
        parts = [(v.text.of(language)) if isinstance(v, Word) else str(v) for v in value]
        return (Text("、", ", ").of(language)).join(parts)
    if spec.kind is FactType.FEN and isinstance(value, int):
        return yuan_text(value)
    if spec.kind is FactType.SHARE and isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%" if abs(value) <= 1 else f"{value:f}"
    return str(value)


class CashDays(NamedTuple):
    """Days on which a fund first received money, made its first and its last deal up to the as-of day; None where it has not."""

    first_paid_on: dt.date | None
    first_deal_on: dt.date | None
    last_deal_on: dt.date | None


def cash_days(view: View, fund: int) -> CashDays:
    """When the fund's money came and went into deals."""
    index, today = _cash_index(view), as_of_day(view)
    paid = index.first_paid.get(fund, LAST_DAY + 1)
    deals = index.deals.get(fund, [])
    done = bisect_right(deals, today)
    first, last = (to_date(deals[0]), to_date(deals[done - 1])) if done else (None, None)
    return CashDays(to_date(paid) if paid <= today else None, first, last)


def cash(view: View, fund: int) -> Cash:
    """The fund's cash balance and how long its money has lain idle."""
    days = first_paid, _, last = cash_days(view, fund)
    since = last or first_paid
    idle = None if since is None or view.as_of is None else (view.as_of - since).days
    if not view.fact(fund, "cash_kept", False):
        return Cash(None, float("nan"), *days, idle, CASH_ELSEWHERE)
    balances = cash_balances(view, fund)
    paid_in = stakes(view).of(None, {fund}).total("paid_in")
    if set(balances) - {currency_of(view, fund)}:
        why = several(balances)
        return Cash(None, float("nan"), *days, idle, why, tuple(balances.items()))
    balance = balances.get(currency_of(view, fund), 0)
    note = NOTHING_PAID_IN if paid_in <= 0 else None
    return Cash(balance, ratio(balance, paid_in), *days, idle, note, tuple(balances.items()))


def cash_balances(view: View, party: int) -> dict[str, int]:
    """All cash a party received less all it paid, in fen by currency, the yuan first; what never moved is left out."""
    index = _cash_index(view)
    codes = in_order(of_number(n) for n in index.currencies.get(party, ()))
    return {code: _balance(view, index, party, number_of(code)) for code in codes}


def cash_moves(view: View, party: int) -> tuple[Ints, Ints]:
    """(positions in the view's postings, fen with its sign) of all cash a party received or paid: its balance, row by row."""
    p = view.postings
    sign = (p.to_party == party).astype(np.int64) - (p.from_party == party)
    places = np.flatnonzero(~_MEMO[p.kind] & (sign != 0))
    return places, sign[places] * p.fen[places]


def cash_balance(view: View, party: int) -> int:
    """A party's cash in its own currency, in fen."""
    return _balance(view, _cash_index(view), party, number_of(currency_of(view, party)))


def _balance(view: View, index: _CashIndex, party: int, currency: int) -> int:
    key = np.array(party * _CURRENCIES + currency, np.int64)
    start, end = np.searchsorted(
        index.at, [sortable(key, np.int64(-(2**31))), sortable(key, np.int64(as_of_day(view) + 1))]
    )
    return int(index.running[end] - index.running[start])


_CURRENCIES = 256
"""More than there are: a party's number times this, plus a currency's, numbers its cash of the currency."""


@frozen
class _CashIndex:
    """The cash of everybody on all days, found without looking at every posting.

    at : (moves,) sortable (party and currency, day), ascending      running : (moves+1,) received less paid before each
    currencies : party -> numbers of the currencies its cash ever moved in
    first_paid : fund -> day number of the first cash it received as a fund       deals : fund -> days of its investments, sorted
    """

    at: Ints
    running: Ints
    currencies: dict[int, set[int]]
    first_paid: dict[int, int]
    deals: dict[int, list[int]]


@once_per_prefix
def _cash_index(view: View) -> _CashIndex:
    p = view.postings
    rows = np.flatnonzero(~_MEMO[p.kind])
    currency = of_postings(view, p.where(rows)).astype(np.int64)
    accounts = [
        column[rows].astype(np.int64) * _CURRENCIES + currency for column in (p.to_party, p.from_party)
    ]
    at = np.concatenate([sortable(own, p.day[rows]) for own in accounts])
    currencies: dict[int, set[int]] = defaultdict(set)
    for account in np.unique(np.concatenate(accounts)).tolist():
        currencies[account // _CURRENCIES].add(account % _CURRENCIES)
    order = np.argsort(at, kind="stable")
    fen = np.concatenate([p.fen[rows], -p.fen[rows]])[order]
    own = rows[(p.fund[rows] == p.to_party[rows])]
    first = np.full(int(p.fund.max(initial=0)) + 1, 2**31, np.int64)
    np.minimum.at(first, p.fund[own], p.day[own].astype(np.int64))
    deals: dict[int, list[int]] = defaultdict(list)
    invested = np.flatnonzero((p.kind == PostingKind.INVESTMENT) & (p.fund >= 0))
    for fund, day in zip(p.fund[invested].tolist(), p.day[invested].tolist(), strict=True):
        deals[fund].append(day)
    return _CashIndex(
        at[order],
        np.concatenate([np.zeros(1, np.int64), np.cumsum(fen)]),
        dict(currencies),
        {int(f): int(first[f]) for f in np.flatnonzero(first < 2**31)},
        {fund: sorted(days) for fund, days in deals.items()},
    )
