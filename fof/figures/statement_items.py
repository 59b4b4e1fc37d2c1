"""What a statement holds: the lines between its two values, and the sales that stand after them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.reading import Reason
from fof.book.value_steps import ValueStep
from fof.book.values import Value
from models.frozen import frozen
from models.text import Text


@frozen
class AccountLine:
    """One line: a stable name, the words, fen (+ raises the account), and the postings behind it.

    kind   : "opening", "flow", "result", "residual" or "closing"
    places : positions in the closing view's postings      parts : what each of them adds
    whole  : of a line of the fund that was shared out, the fund's amount
    step   : of a value that came or went with another fund, what moved it
    """

    name: str
    text: Text
    fen: int
    kind: Literal["opening", "flow", "result", "residual", "closing"]
    places: tuple[int, ...] = ()
    whole: int | None = None
    parts: tuple[int, ...] = ()
    step: ValueStep | None = None


@frozen
class Sale:
    """A stake, or part of one, that the investor sold in the period, in fen; outside the account, which knows no prices.

    carrying : what went along with it at its value in the book, None where that is not known
    realised : price less carrying
    places   : of the price, moved: of the transfer, in the closing view's postings
    """

    day: dt.date
    buyer: int
    price: int
    carrying: int | None
    places: tuple[int, ...]
    moved: tuple[int, ...]

    @property
    def realised(self) -> int | None:
        """Realised by sale; None where the carrying value is not known."""
        return None if self.carrying is None else self.price - self.carrying

    @property
    def lines(self) -> tuple[tuple[str, Text, int | None], ...]:
        """Name, words and fen of what stands beside the account; None where the carrying value is not known."""
        carrying = None if self.carrying is None else -self.carrying
        return (
            ("sale_price", Text("转让价款（账户外）", "Price received (outside the account)"), self.price),
            ("sale_carrying", Text("转出份额的账面净值", "Carrying value of what was sold"), carrying),
            ("realised_by_sale", Text("转让已实现损益", "Realised by sale"), self.realised),
        )


@frozen
class Statement:
    """A capital account (investor set) or a whole fund (investor None) over a period.

    opening, closing : values at both ends, with their age and label
    items            : opening, flows, results, residual if there is one, closing; empty where an end has no value
    residual         : reported closing less everything itemised; 0 where it agrees; None without both ends
    itemised         : the result is itemised from the fund's books rather than worked out backwards
    note             : why there is no statement, or what to know about it
    sales            : what the investor sold for a price in the period
    """

    fund: int
    investor: int | None
    start: dt.date
    end: dt.date
    opening: Value
    closing: Value
    items: tuple[AccountLine, ...]
    residual: int | None
    itemised: bool
    note: Reason | None = None
    sales: tuple[Sale, ...] = ()

    @property
    def currency(self) -> str:
        """Of every amount: the fund's."""
        return self.closing.currency or self.opening.currency or DEFAULT_CURRENCY

    @property
    def contributions(self) -> int:
        """Paid in during the period, in fen."""
        return sum(i.fen for i in self.items if i.kind == "flow" and i.fen > 0 and i.name.startswith("call"))

    @property
    def gain(self) -> int:
        """Result of the period, residual included, in fen."""
        return sum(i.fen for i in self.items if i.kind in ("result", "residual"))
