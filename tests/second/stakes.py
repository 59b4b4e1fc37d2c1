"""Every stake of a book on a day, walked through event by event; from the definitions in docs/api.md.

Two perspectives. The fund's register: history moves with a stake that changes hands, no price. The investor's own: a
price is a distribution to the seller and paid-in capital of the buyer; without one history moves here, too.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from second.rows import Book, Row, by_entry, once

COMMITTED, REDUCED, MOVED, PAID_MOVED, DISTRIBUTED_MOVED, DUE, DUE_OUTSIDE, RECALLABLE_MOVED = range(1, 9)
OUTSIDE_MOVED = 9
CONTRIBUTED = 22
"""Something else than money paid in at a stated value: paid in at it, no cash."""
INSIDE = {10, 11, 12, 14, 16, 17, 18, CONTRIBUTED}
OUTSIDE = {13, 15}
INTEREST_PAID, LATE_INTEREST = 19, 20
IN_KIND = 43
"""Shares handed over at a stated value: distributed at it, no cash."""
PERMANENT, RECALLABLE = {*range(30, 36), IN_KIND}, {36, 37, 38, 39}
EXCESS = {40, 41}
INTEREST_RECEIVED = 42
RETURNED = 21
"""A distribution given back to the fund."""
PRICE = 70
MONEY = (
    INSIDE
    | OUTSIDE
    | {INTEREST_PAID, LATE_INTEREST, INTEREST_RECEIVED, RETURNED}
    | PERMANENT
    | RECALLABLE
    | EXCESS
)
"""Kinds of postings by what the ILPA performance template (2025) and docs/api.md make of them."""


class Item(NamedTuple):
    """Dated money of an investor's own: amount as in a rate of return (to the investor above zero), in fen.

    other : with whom, for the price of a stake; None for money with the fund
    """

    day: dt.date
    amount: Fraction
    paid: Fraction
    distributed: Fraction
    other: str | None = None

    def times(self, part: Fraction) -> Item:
        return Item(self.day, self.amount * part, self.paid * part, self.distributed * part, self.other)


@dataclass
class Stake:
    """What one investor has in one fund, in fen.

    register : committed, due, refunded, paid_in, outside (of paid_in: not of the commitment), distributed, recallable
    own      : items of its own performance that belong to what it holds; sold: those of what it sold, with the prices
    value    : None where it is not known; stated_on: day of the statement; touched: money moved since
    """

    fund: str
    investor: str
    committed: int = 0
    due: int = 0
    refunded: int = 0
    paid_in: int = 0
    outside: int = 0
    distributed: int = 0
    recallable: int = 0
    own: list[Item] = field(default_factory=list)
    sold: list[Item] = field(default_factory=list)
    value: int | None = None
    stated_on: dt.date | None = None
    touched: bool = False
    carried: list[tuple[dt.date, int | None]] = field(default_factory=list)
    """Value that came or went with a stake, by day; None where it had none."""
    ever: bool = False
    """Money was ever paid into it."""
    cash: bool = False
    """By the investor itself."""

    @property
    def unfunded(self) -> int:
        """Committed less paid in inside the commitment, plus what may be called again."""
        return self.committed - (self.paid_in - self.outside) + self.recallable

    @property
    def nav(self) -> int | None:
        """The value: 0 of a stake nothing was ever paid into; unknown where more was distributed than stated."""
        if self.value is None:
            return None if self.ever else 0
        return None if self.value < 0 else self.value


Stakes = dict[tuple[str, str], Stake]


@once
def stakes(book: Book) -> Stakes:
    """(fund, investor) -> stake, on the book's day."""
    found: Stakes = {}
    events: list[tuple[dt.date, int, int, Any]] = []
    for entry, postings in by_entry(book.posting).items():
        passed_on = any(p["kind"] == MOVED for p in postings)  # at the close of the day, after its cash
        events.append((postings[0]["day"], 1 if passed_on else 0, entry, postings))
    for former, heir, day, entry in absorptions(book):
        events.append((day, 2, entry, (former, heir)))
    for mark in book.mark:
        events.append((mark["day"], 3, mark["entry"], mark))
    gone: dict[str, str] = {}
    for day, *_, what in sorted(events, key=lambda e: e[:3]):
        if isinstance(what, list):
            _postings(book, found, what)
        elif isinstance(what, tuple):
            gone[what[0]] = what[1]
            _absorb(found, *what, day)
        else:
            _mark(book, found, gone, what)
    return found


def absorptions(book: Book) -> list[tuple[str, str, dt.date, int]]:
    """(former fund, successor, day, entry) of funds that went into another fund."""
    return [
        (former, book.code[row["party"]], row["day"], row["entry"])
        for row in book.fact
        if row["name"] == "successor_of" and row["party"] is not None
        for former in row["value"].split(",")
        if book.kind.get(former) == "sub_fund"
    ]


def _absorb(found: Stakes, former: str, heir: str, day: dt.date) -> None:
    """Values go along; what was paid and distributed stays where it was paid."""
    for (fund, investor), stake in list(found.items()):
        there = found.get((heir, investor))
        if fund != former or there is None:
            continue
        value, stake.value = stake.nav, 0
        stake.carried.append((day, None if value is None else -value))
        there.carried.append((day, value))
        if there.value is None and not there.ever:
            there.value = value
        else:
            there.value = None if value is None or there.value is None else there.value + value
        there.ever |= stake.ever
        there.stated_on = there.stated_on or stake.stated_on


def _at(found: Stakes, fund: str, investor: str) -> Stake:
    return found.setdefault((fund, investor), Stake(fund, investor))


def _mark(book: Book, found: Stakes, gone: dict[str, str], mark: Row) -> None:
    """A statement of an account; of a fund worth nothing, one of every account."""
    fund, holder = book.code[mark["holding"]], book.code[mark["holder"]]
    if fund == holder:
        chosen = [s for (f, _), s in found.items() if f == fund and mark["fen"] == 0]
    elif (fund, holder) in found:
        chosen = [found[fund, holder]]
    else:  # a successor's statement to somebody who came with the fund that it absorbed
        chosen = [s for (f, i), s in found.items() if i == holder and gone.get(f) == fund]
    for stake in chosen:
        stake.value, stake.stated_on, stake.touched = mark["fen"], mark["day"], False


def _postings(book: Book, found: Stakes, postings: list[Row]) -> None:
    for p in postings:
        kind, fen, day = p["kind"], p["fen"], p["day"]
        if p["fund"] is None or kind not in (COMMITTED, REDUCED, DUE, DUE_OUTSIDE, *MONEY):
            continue
        fund = book.code[p["fund"]]
        one, other = book.code[p["from_party"]], book.code[p["to_party"]]
        stake = _at(found, fund, other if one == fund else one)
        if kind in (COMMITTED, REDUCED):
            stake.committed += fen if kind == COMMITTED else -fen
        elif kind in (DUE, DUE_OUTSIDE):
            stake.due += fen
        else:
            _money(stake, kind, fen, day)
    for p in postings:
        if p["kind"] == MOVED:
            _handed_over(book, found, p, postings)


def _money(stake: Stake, kind: int, fen: int, day: dt.date) -> None:
    paid = fen if kind in INSIDE | OUTSIDE else -fen if kind in EXCESS else 0
    distributed = fen if kind in PERMANENT | RECALLABLE else -fen if kind == RETURNED else 0
    stake.paid_in += paid
    stake.outside += fen if kind in OUTSIDE else 0
    stake.refunded += fen if kind in EXCESS else 0
    stake.distributed += distributed
    stake.recallable += fen if kind in RECALLABLE else 0
    if paid > 0:
        stake.ever = stake.cash = True
    if stake.value is not None and (paid or distributed):
        stake.value += paid - distributed
        stake.touched = True
    sign = -1 if kind in INSIDE | OUTSIDE | {INTEREST_PAID, LATE_INTEREST, RETURNED} else 1
    stake.own.append(Item(day, Fraction(sign * fen), Fraction(paid), Fraction(distributed)))


def _handed_over(book: Book, found: Stakes, moved: Row, postings: list[Row]) -> None:
    """A stake, or a part of it, changes hands; everything of one entry, fund and pair of parties belongs together."""
    fund = book.code[moved["fund"]]
    a, b = book.code[moved["from_party"]], book.code[moved["to_party"]]
    seller, buyer = _at(found, fund, a), _at(found, fund, b)
    part = Fraction(moved["fen"], seller.committed)
    whole = part == 1

    def sum_of(kind: int, frm: str, to: str) -> int:
        same = [p for p in postings if p["kind"] == kind and p["fund"] == moved["fund"]]
        return sum(
            p["fen"] for p in same if (book.code[p["from_party"]], book.code[p["to_party"]]) == (frm, to)
        )

    outside, distributed = sum_of(OUTSIDE_MOVED, a, b), sum_of(DISTRIBUTED_MOVED, a, b)
    paid = sum_of(PAID_MOVED, a, b) + outside
    recallable, price = sum_of(RECALLABLE_MOVED, a, b), sum_of(PRICE, b, a)
    before = seller.paid_in, seller.distributed
    for stake, sign in ((seller, -1), (buyer, 1)):
        stake.outside += sign * outside
        stake.committed += sign * moved["fen"]
        stake.paid_in += sign * paid
        stake.due += sign * paid
        stake.distributed += sign * distributed
        stake.recallable += sign * recallable
    _carry_value(seller, buyer, Fraction(paid, before[0]) if before[0] and not whole else part, moved["day"])
    shares = [
        Fraction(1) if whole else Fraction(m, n) if n else part
        for m, n in zip((paid, distributed), before, strict=True)
    ]
    held, gone = [], []
    for item in seller.own:
        share = shares[1] if item.distributed else shares[0]
        gone.append(item.times(share))
        held.append(item.times(1 - share))
    seller.own = [i for i in held if i.amount]
    if price and moved["entry_kind"] != "reorganisation":
        price_in, price_out = Fraction(price), Fraction(-price)
        seller.sold += [*gone, Item(moved["day"], price_in, Fraction(0), price_in, b)]
        buyer.own.append(Item(moved["day"], price_out, price_in, Fraction(0), a))
        return
    buyer.own += [i for i in gone if i.amount]
    buyer.cash |= seller.cash
    if moved["entry_kind"] == "reorganisation":  # the successor has all of its predecessor's history
        buyer.sold += seller.sold
        seller.sold = []


def _carry_value(seller: Stake, buyer: Stake, part: Fraction, day: dt.date) -> None:
    """The statement moves it out at carrying value, by its part of what was paid in (where nothing was: of the commitment)."""
    fresh = buyer.value is None and not buyer.ever
    value = None if seller.nav is None else math.floor(seller.nav * part)
    buyer.ever |= seller.ever
    seller.carried.append((day, None if value is None else -value))
    buyer.carried.append((day, value))
    if fresh:
        buyer.value, buyer.stated_on, buyer.touched = value, seller.stated_on, seller.touched
    elif value is None or buyer.nav is None:
        buyer.value = None
    else:
        days = [d for d in (buyer.stated_on, seller.stated_on) if d]
        buyer.value = (buyer.value or 0) + value
        buyer.stated_on = min(days, default=None)
    if part == 1:  # whatever was stated of it says nothing of what is bought later
        seller.value, seller.stated_on = 0, None
    elif seller.value is not None and value is not None:
        seller.value -= value


# -- who stands behind whom ---------------------------------------------------------------------------------------


def successors(facts: list[Row], code: dict[int, str]) -> dict[str, str]:
    """Party -> the one that succeeds it."""
    found: dict[str, str] = {}
    latest: dict[str, str] = {}
    for row in facts:
        if row["name"] == "successor_of" and row["party"] is not None:
            latest[code[row["party"]]] = row["value"]
    for heir, before in latest.items():
        found |= {c: heir for c in before.split(",") if c}
    return found


@once
def heirs_now(book: Book) -> dict[str, str]:
    return successors(book.fact, book.code)


def current(book: Book, code: str) -> str:
    """Under whose name a party goes on the book's day."""
    heirs = heirs_now(book)
    while code in heirs:
        code = heirs[code]
    return code


def holders(book: Book, portfolio: str) -> set[str]:
    """A portfolio is a party with all it succeeds, on every day; of one that was merged away, its successor."""
    heirs = successors(book.later_fact, book.code)
    found = {current(book, portfolio)}
    while more := {c for c, heir in heirs.items() if heir in found} - found:
        found |= more
    return found
