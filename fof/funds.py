"""One fund on a day: the terms in force and their documents, its cash and idle money, the documents behind it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from fof.entries import heads
from fof.ledger import View, to_date
from fof.portfolios import Portfolio, lineage
from fof.stakes import Reason, kinds_with, ratio, stakes
from models.facts import FACTS, FactType, FactValue
from models.kinds import EntryKind, Word
from models.money import yuan_text
from models.posting_kinds import TREATMENTS, PostingKind

CASH_ELSEWHERE = Reason(
    "cash_elsewhere", "该基金的现金不在本账核算", "the fund's cash is not kept in this book"
)
NOTHING_PAID_IN = Reason("nothing_paid_in", "尚无实缴", "nothing was paid in")
_MEMO = kinds_with(lambda k: TREATMENTS[k].memo)


@dataclass(frozen=True, slots=True)
class Term:
    """An attribute in force: its value, from which day, by which entry, on what document."""

    name: str
    zh: str
    en: str
    value: FactValue
    since: dt.date
    entry: int
    document: str | None
    basis: str | None

    def text(self, language: str = "zh") -> str:
        """The value as said: words in the language, money in yuan, shares in per cent, parties by their code."""
        return fact_text(self.name, self.value, language)


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the entries that rest on it."""

    name: str
    digest: str | None
    entries: tuple[int, ...]
    kinds: tuple[EntryKind, ...]
    first_on: dt.date
    last_on: dt.date


@dataclass(frozen=True, slots=True)
class Cash:
    """The fund's cash in fen, None where it is not kept here; idle money (rulebook PI-03).

    idle_ratio     : cash / paid-in capital, nan where either does not exist
    first_paid_on, first_deal_on, last_deal_on : days of the first payment in, the first and the last investment
    idle_days      : days since the last investment (or, before the first, since the first payment in)
    """

    fen: int | None
    idle_ratio: float
    first_paid_on: dt.date | None
    first_deal_on: dt.date | None
    last_deal_on: dt.date | None
    idle_days: int | None
    note: Reason | None = None


@dataclass(frozen=True, slots=True)
class FundDetail:
    """Everything about one fund but its figures."""

    fund: int
    predecessors: tuple[int, ...]
    terms: tuple[Term, ...]
    cash: Cash
    documents: tuple[Document, ...]


def fund_detail(view: View, portfolio: Portfolio, fund: int) -> FundDetail:
    """The fund's terms, cash and documents on the as-of day."""
    former = tuple(sorted(lineage(view, fund) - {fund}))
    return FundDetail(fund, former, terms(view, fund), cash(view, fund), documents(view, fund))


def terms(view: View, party: int) -> tuple[Term, ...]:
    """The attributes of a party in force, in the order of models.facts."""
    known = view.facts_of(party)
    return tuple(
        Term(name, spec.zh, spec.en, f.value, f.since, f.entry, f.document, f.basis)
        for name, spec in FACTS.items()
        if (f := known.get(name)) is not None
    )


def fact_text(name: str, value: FactValue, language: str = "zh") -> str:
    """A value of an attribute in words."""
    spec = FACTS[name]
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if isinstance(value, Word):
        return value.zh if language == "zh" else value.en
    if isinstance(value, tuple):
        parts = [(v.zh if language == "zh" else v.en) if isinstance(v, Word) else str(v) for v in value]
        return ("、" if language == "zh" else ", ").join(parts)
    if spec.kind is FactType.FEN and isinstance(value, int):
        return yuan_text(value)
    if spec.kind is FactType.SHARE and isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%" if abs(value) <= 1 else f"{value:f}"
    return str(value)


def cash(view: View, fund: int) -> Cash:
    """The fund's cash balance and how long its money has lain idle."""
    p = view.postings
    paid = np.flatnonzero((p.fund == fund) & (p.to_party == fund) & ~_MEMO[p.kind])
    deals = np.flatnonzero((p.fund == fund) & (p.kind == PostingKind.INVESTMENT))
    first_paid = to_date(int(p.day[paid].min())) if len(paid) else None
    first = to_date(int(p.day[deals].min())) if len(deals) else None
    last = to_date(int(p.day[deals].max())) if len(deals) else None
    since = last or first_paid
    idle = None if since is None or view.as_of is None else (view.as_of - since).days
    if not view.fact(fund, "cash_kept", False):
        return Cash(None, float("nan"), first_paid, first, last, idle, CASH_ELSEWHERE)
    balance = cash_balance(view, fund)
    paid_in = int(stakes(view).of(None, {fund}).paid_in.sum())
    share = ratio(balance, paid_in)
    return Cash(balance, share, first_paid, first, last, idle, NOTHING_PAID_IN if paid_in <= 0 else None)


def cash_balance(view: View, party: int) -> int:
    """All cash a party received less all it paid, in fen."""
    p = view.postings
    moved = ~_MEMO[p.kind]
    received = int(p.fen[moved & (p.to_party == party)].sum())
    return received - int(p.fen[moved & (p.from_party == party)].sum())


def documents(view: View, fund: int) -> tuple[Document, ...]:
    """The documents whose entries concern the fund, the latest first."""
    known = heads(view, set(_entries_of(view, fund)))
    groups: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number, head in known.items():
        if head.source_name is not None and head.reversed_by is None:
            groups[head.source_name, head.source_digest].append(number)
    found = []
    for (name, digest), entries in groups.items():
        days = [known[e].effective_on for e in entries]
        kinds = tuple(sorted({EntryKind(known[e].kind) for e in entries}))
        found.append(Document(name, digest, tuple(sorted(entries)), kinds, min(days), max(days)))
    return tuple(sorted(found, key=lambda d: (d.last_on, d.name), reverse=True))


def _entries_of(view: View, fund: int) -> Iterator[int]:
    p = view.postings
    yield from np.unique(p.entry[p.fund == fund]).tolist()
    for mark in view.marks:
        if fund in (mark.row.holder, mark.row.holding):
            yield mark.entry
    for found in (view.notices, view.positions):
        yield from (r.entry for r in found if r.row.fund == fund)
    for fact in view.facts_of(fund).values():
        yield fact.entry
    yield from (d.entry for d in view.deals if d.row.investor == fund)
