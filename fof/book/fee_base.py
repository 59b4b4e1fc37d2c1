"""The base of a fund's management fee day by day, read once for the fee run and for the rules (GF-41 … GF-43).

Commitments or paid-in capital of all investors but those that bear no fee, as the register has them; of the cost of what
is held, or of the stated value of the fund, the part that belongs to the others by capital paid in, rounded down to the fen.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from fof.book.index import Book
from fof.book.marks import marks
from fof.book.timelines import Steps
from models.kinds import FeeBasis


def fee_base(book: Book, fund: int, basis: FeeBasis, free: Collection[int] = ()) -> Steps:
    """The base of a fund on all days of the prefix; free: investors that bear no fee."""
    key = ("fee base", fund, basis, frozenset(free))
    base: Steps | None = book.remembered.get(key)
    if base is None:
        base = book.remembered[key] = _fee_base(book, fund, basis, free)
    return base


def _fee_base(book: Book, fund: int, basis: FeeBasis, free: Collection[int]) -> Steps:
    if basis is FeeBasis.COMMITMENT:
        own = [(fund, who) for who in book.investors.get(fund, ()) if who not in free]
        return Steps(
            change for pair in own if pair in book.committed for change in book.committed[pair].changes()
        )
    if basis is FeeBasis.PAID_IN:
        return book.paid_but_by(free)[fund] if free else book.paid_total[fund]
    whole = _stated(book, fund) if basis is FeeBasis.NAV else book.invested(fund)
    return _part(book, fund, whole, free) if free else whole


def _stated(book: Book, fund: int) -> Steps:
    """The fund's own statements of what it is worth in all."""
    columns = marks(book.view)
    own = columns.where((columns.holder == fund) & (columns.holding == fund))
    stated = dict(zip((book.dates[day] for day in own.day.tolist()), own.fen.tolist(), strict=True))
    return Steps(zip(stated, (now - was for was, now in pairwise([0, *stated.values()])), strict=True))


def _part(book: Book, fund: int, whole: Steps, free: Collection[int]) -> Steps:
    everybody, others = book.paid_total[fund], book.paid_but_by(free)[fund]
    first = min(whole.changed(), default=None)
    before, changes = 0, []
    for day in sorted({day for steps in (whole, everybody, others) for day in steps.changed()}):
        if first is None or day < first:
            continue
        fen = whole.at(day)
        part = fen * others.at(day) // everybody.at(day) if everybody.at(day) else fen
        changes.append((day, part - before))
        before = part
    return Steps(changes)
