"""What a share of a company was known to be worth on a day: the latest round price or stated value, with its document."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

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


class SharePrices:
    """Prices of companies' shares, of the rounds and the statements of value that the book holds.

    A round prices a share where its deal states shares and fees; a statement of value where the shares its holder had on
    the day follow from its deals. Both are true from their day on, whenever they were entered.
    """

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day, self.own = book, day, coinvestment_of(book)

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
        fitting = [
            price
            for of_class, price in self._of.get(company, ())
            if price.day <= day and (share_class is None or of_class is None or of_class == share_class)
        ]
        return max(fitting, key=lambda p: (p.day, p.entry or 0), default=None)

    @cached_property
    def _of(self) -> dict[int, list[tuple[str | None, SharePrice]]]:
        by_company: dict[int, list[tuple[str | None, SharePrice]]] = defaultdict(list)
        for deal in self.own.deals.values():
            price = self.of_deal(deal) if deal.row.kind in BOUGHT and deal.day <= self.day else None
            if price is not None:
                by_company[deal.row.company].append((self._stated(deal, "deal_share_class"), price))
        rows = marks(self.book.view)
        columns = (rows.day, rows.holder, rows.holding, rows.fen, rows.entry)
        for when, holder, holding, fen, entry in zip(*(c.tolist() for c in columns), strict=True):
            day = to_date(when)
            shares = self._held(holder, holding, day) if holding in self._priced else None
            if shares:
                code = self.book.code(holder)
                source = Text(f"{code} 估值", f"value stated by {code}")
                by_company[holding].append((None, SharePrice(Fraction(fen) / shares, day, source, entry)))
        return by_company

    @cached_property
    def _priced(self) -> set[int]:
        """Companies some deal in which states shares."""
        stated = (d for d in self.own.deals.values() if self._stated(d, "deal_shares") is not None)
        return {deal.row.company for deal in stated}

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
