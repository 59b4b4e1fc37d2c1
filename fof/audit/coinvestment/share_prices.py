"""What a share of a company was known to be worth on a day: the latest round price or stated value, with its document."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from fof.book.coinvestment import coinvestment_of
from fof.book.cost_paths import BOUGHT, SOLD
from fof.book.index import Book
from fof.book.marks import marks
from fof.ledger import Dated, to_date
from models.text import Text


class SharePrice(NamedTuple):
    """The price of one share, in fen, and where it was taken from."""

    price: Fraction
    day: dt.date
    source: Text
    entry: int | None = None


Priced = tuple[str | None, SharePrice]
"""A price and the class of the shares, None where no class is stated."""


class SharePrices:
    """Prices of companies' shares, of the rounds and the statements of value that the book holds.

    A round prices a share where its deal states shares and fees; a statement of value where the shares its holder had on
    the day follow from its deals. Both are true from their day on, whenever they were entered.
    """

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day, self.own = book, day, coinvestment_of(book)
        self._of: dict[int, list[Priced]] = {}
        """Company → its prices, as far as somebody asked."""

    def of_deal(self, deal: Dated) -> SharePrice | None:
        """The price a deal was made at, fees apart; None where shares or fees are not stated."""
        shares, fees = self._stated(deal, "deal_shares"), self._stated(deal, "deal_fees")
        if not shares or fees is None:
            return None
        fen = self.own.fen_of_deal.get(deal.row.id, 0) - fees
        code = deal.row.code
        source = Text(f"交易 {code}", f"deal {code}")
        return SharePrice(Fraction(fen) / Fraction(shares), deal.day, source, deal.entry)

    def known(self, company: int, day: dt.date, share_class: str | None) -> SharePrice | None:
        """The latest price known on a day; of rounds in another stated class of shares none is taken."""
        priced = self._of.get(company)
        if priced is None:
            priced = self._of[company] = [*self._of_rounds(company), *self._of_values(company)]
        fitting = [
            price
            for of_class, price in priced
            if price.day <= day and (share_class is None or of_class is None or of_class == share_class)
        ]
        return max(fitting, key=lambda p: (p.day, p.entry or 0), default=None)

    def _of_rounds(self, company: int) -> Iterator[Priced]:
        for deal in self._by_company.get(company, ()):
            price = self.of_deal(deal) if deal.row.kind in BOUGHT and deal.day <= self.day else None
            if price is not None:
                yield self._stated(deal, "deal_share_class"), price

    def _of_values(self, company: int) -> Iterator[Priced]:
        """What holders stated, of companies some deal in which states shares."""
        if all(self._stated(deal, "deal_shares") is None for deal in self._by_company.get(company, ())):
            return
        rows = marks(self.book.view)
        for place in np.flatnonzero(rows.holding == company).tolist():
            holder, when = int(rows.holder[place]), to_date(int(rows.day[place]))
            shares = self._held(holder, company, when)
            if shares:
                code = self.book.code(holder)
                source = Text(f"{code} 估值", f"value stated by {code}")
                price = Fraction(int(rows.fen[place])) / shares
                yield None, SharePrice(price, when, source, int(rows.entry[place]))

    @cached_property
    def _by_company(self) -> dict[int, list[Dated]]:
        by_company: dict[int, list[Dated]] = defaultdict(list)
        for deal in self.own.deals.values():
            by_company[deal.row.company].append(deal)
        return by_company

    @cached_property
    def _deals_of(self) -> dict[tuple[int, int], list[Dated]]:
        """(investor, company) → deals by which shares came or went."""
        by_pair: dict[tuple[int, int], list[Dated]] = defaultdict(list)
        for deal in self.own.deals.values():
            if deal.row.kind in BOUGHT or deal.row.kind in SOLD:
                by_pair[deal.row.investor, deal.row.company].append(deal)
        return by_pair

    def _held(self, holder: int, company: int, day: dt.date) -> Fraction | None:
        """The shares that a holder has by its deals up to a day; None where one of them does not say."""
        held = Fraction(0)
        for deal in self._deals_of.get((holder, company), ()):
            if deal.day > day:
                continue
            shares = self._stated(deal, "deal_shares")
            if shares is None:
                return None
            held += Fraction(shares) if deal.row.kind in BOUGHT else -Fraction(shares)
        return held if held > 0 else None

    def _stated(self, deal: Dated, name: str) -> Any:
        line = self.book.facts.names_of_deal(deal.row.id).get(name)
        return None if line is None else line.last(self.day)
