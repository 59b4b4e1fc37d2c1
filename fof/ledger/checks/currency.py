"""One currency per portfolio and fund; two are never added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import PROBLEMS_AT_MOST, Change, problem
from fof.ledger.journal_columns import Ints32, Postings, joined
from fof.ledger.postings import distinct
from models import journal as tables
from models.kinds import FUND_KINDS, Currency
from models.money import DEFAULT_CURRENCY
from models.text import Text

"""Of a fund for which none is stated; other parties without a currency deal in any."""


class PartyCurrencies:
    """Currencies of parties, looked up once each; arrays hold a number for each currency, 0 where none is stated."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._known: dict[int, str | None] = {}
        self._words: list[str | None] = [None]

    def of(self, party: int) -> str | None:
        if party not in self._known:
            self._known[party] = self._change.fact(party, "currency")
        return self._known[party]

    def numbers(self, parties: Ints32, default: str | None = None) -> Ints32:
        codes, place = distinct(parties)
        numbers = [self._number(self.of(p) or default) if p >= 0 else 0 for p in codes.tolist()]
        return np.asarray(np.array(numbers, np.int32)[place])

    def of_postings(self, rows: Postings) -> Ints32:
        """The currency of each posting: its fund's; without a fund what payer or payee states, else the yuan."""
        currency = self.numbers(rows.fund, DEFAULT_CURRENCY)
        for column in (rows.from_party, rows.to_party):
            currency = np.where(currency > 0, currency, self.numbers(column))
        return np.where(currency > 0, currency, self._number(DEFAULT_CURRENCY)).astype(np.int32)

    def _number(self, word: str | None) -> int:
        if word not in self._words:
            self._words.append(word)
        return self._words.index(word)


def currencies(change: Change) -> Iterator[Problem]:
    """A currency is one of the closed list. Money of a fund is in the fund's currency, whoever pays or receives it: an
    investor may be in funds of several. A fund's currency does not change under its money. Where there is no fund, and in
    deals, all parties that state a currency state the same; so do holder and holding of a value that is no stake in a fund.
    """
    yield from _unknown(change)
    known = PartyCurrencies(change)
    rows = change.added
    moved = change.restated("currency")
    if moved:
        yield from _under_money(change, known, moved)
        rows = joined([rows, _of_parties(change, moved)])
    if len(rows):
        yield from _in_postings(change, known, rows)
    for draft in change.drafts:
        for row in draft.rows:
            if isinstance(row, tables.Mark) and change.kind(row.holding) not in FUND_KINDS:
                holder, held = known.of(row.holder), known.of(row.holding)
                if holder is not None and held is not None and holder != held:
                    yield problem(draft, "currency", Text(f"须为 {holder}", f"{holder} required"), held)


def _under_money(change: Change, known: PartyCurrencies, moved: dict[int, int]) -> Iterator[Problem]:
    """Funds with money in the book whose currency the drafts would change: every amount would mean another one."""
    booked = change.booked()
    for party, number in moved.items():
        before = str(change.view.fact(party, "currency") or DEFAULT_CURRENCY)
        after = known.of(party) or DEFAULT_CURRENCY
        if change.kind(party) in FUND_KINDS and before != after and bool((booked.fund == party).any()):
            who = change.name(party)
            text = Text(
                f"{who} 已有以 {before} 登记的金额，币种不得更改；须先冲销这些金额",
                f"{who} has amounts booked in {before}: its currency cannot change under them; reverse them first",
            )
            yield problem(change.drafts[number], "currency", text, after)


def _unknown(change: Change) -> Iterator[Problem]:
    listed = [code.value for code in Currency]
    for draft in change.drafts:
        for row in draft.rows:
            if isinstance(row, tables.Fact) and row.name == "currency" and row.value not in listed:
                text = Text(f"币种须为 {'、'.join(listed)} 之一", f"a currency is one of {', '.join(listed)}")
                yield problem(draft, "unknown_currency", text, row.value)


def _of_parties(change: Change, moved: dict[int, int]) -> Postings:
    """Postings in the book that name a party whose currency the drafts restate, numbered by such a draft."""
    booked, listed = change.booked(), np.array(list(moved))
    number = np.full(len(booked), -1, np.int32)
    for column in (booked.fund, booked.from_party, booked.to_party):
        hit = np.flatnonzero(np.isin(column, listed))
        number[hit] = [moved[p] for p in column[hit].tolist()]
    chosen = np.flatnonzero(number >= 0)
    return replace(booked.where(chosen), entry=number[chosen])


def _in_postings(change: Change, known: PartyCurrencies, rows: Postings) -> Iterator[Problem]:
    rows = rows.where(np.flatnonzero((rows.fund < 0) | (rows.deal >= 0)))
    fund = known.numbers(rows.fund, DEFAULT_CURRENCY)
    payer, payee = known.numbers(rows.from_party), known.numbers(rows.to_party)
    wrong = np.zeros(len(rows), bool)
    for a, b in ((fund, payer), (fund, payee), (payer, payee)):
        wrong |= (a > 0) & (b > 0) & (a != b)
    places = np.flatnonzero(wrong)
    if not len(places):
        return
    triples = np.stack([rows.entry, rows.fund, rows.from_party, rows.to_party])[:, places]
    _, first = np.unique(triples, axis=1, return_index=True)
    for place in places[first][:PROBLEMS_AT_MOST].tolist():
        own = int(rows.fund[place])
        wanted = (known.of(own) if own >= 0 else None) or DEFAULT_CURRENCY
        stated = {wanted} if own >= 0 else set()
        stated |= {c for p in (rows.from_party[place], rows.to_party[place]) if (c := known.of(int(p)))}
        text = Text(f"须为 {wanted}，币种不能混用", f"{wanted} required; currencies are never mixed")
        yield problem(change.drafts[int(rows.entry[place])], "currency", text, " / ".join(sorted(stated)))
