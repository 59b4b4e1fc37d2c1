"""A prefix of the journal indexed once for all days: attributes, money of every vehicle and stake, deals.

Nothing here depends on the as-of day: whoever asks about many days (an audit, its look back, a report over quarters) asks
the same book. Stakes of a party and of what it succeeds are kept apart here; who stands for whom is asked on the day.
"""

from __future__ import annotations

import datetime as dt
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any
from weakref import ReferenceType, ref

from fof.book.attributes import Attributes
from fof.book.cost_paths import DealMovement, companies_of, cost_paths
from fof.book.money_lines import VEHICLES, MoneyLines, Pair
from fof.book.reading import every_day
from fof.book.succession import succession
from fof.book.timelines import Steps, Timeline
from fof.grouping import by_key
from fof.ledger import Dated, View, day_number
from fof.ledger.prefix import Prefix

__all__ = ["VEHICLES", "Attributes", "Book", "Pair", "book_of"]


DaysOfChange = Iterable[Iterable[dt.date]]


class Book(MoneyLines):
    """See the module. Party and deal ids throughout; codes only in the facts that leave this package."""

    def __init__(self, view: View) -> None:
        """`view`: of every day of the prefix."""
        super().__init__(view)
        self.facts = Attributes(view.prefix, self.dates)
        self.costs = cost_paths(view)
        self.companies = companies_of(view)
        self.succession = succession(view)
        self.remembered: dict[Any, Any] = {}
        """Facts that hold for several days, kept under a key that says what they depend on."""

    def on(self, day: dt.date) -> View:
        """The prefix on a day, for what is asked of a view."""
        return self.view.on(day)

    def version(self, what: str, key: object, day: dt.date, rests_on: Callable[[], DaysOfChange]) -> int:
        """How many of the days on which something that a fact rests on changes lie up to a day: the number of its version.

        what, key : the fact; rests_on: the days of everything it is made of, asked for once
        """
        days: list[dt.date] | None = self.remembered.get(("changes", what, key))
        if days is None:
            days = self.remembered["changes", what, key] = sorted({d for own in rests_on() for d in own})
        return bisect_right(days, day)

    def code(self, party: int) -> str:
        """A party's code."""
        return self.parties[party].code

    def holder(self, party: int, day: dt.date) -> int:
        """The party itself or the last of those that had succeeded it by a day."""
        return self.succession.current(party, day)

    @cached_property
    def by_code(self) -> dict[str, int]:
        """Party ids by code."""
        return {p.code: p.id for p in self.parties.values()}

    @cached_property
    def investors(self) -> dict[int, list[int]]:
        """Fund -> everybody who ever promised, owed, paid or received anything, by code."""
        by_fund: dict[int, set[int]] = defaultdict(set)
        for fund, investor in (*self.committed, *self.dues, *self.paid, *self.received):
            by_fund[fund].add(investor)
        return {fund: sorted(own, key=self.code) for fund, own in by_fund.items()}

    @cached_property
    def deals_of(self) -> dict[int, Timeline[Dated]]:
        """Fund -> its deals by day."""
        by_investor: dict[int, Timeline[Dated]] = defaultdict(Timeline)
        for deal in self.view.deals:
            by_investor[deal.row.investor].add(deal.day, deal)
        return by_investor

    @cached_property
    def notices_of(self) -> dict[int, list[Dated]]:
        """Fund -> its notices."""
        return by_key(self.view.notices, lambda notice: notice.row.fund)

    def noted(self, fund: int, numbers: Collection[str]) -> str:
        """What the entries of some notices of a fund note."""
        wanted = [n.entry for n in self.notices_of.get(fund, ()) if n.row.number in numbers]
        return "；".join(head.note for head in self.view.heads(wanted).values() if head.note)

    def of_deal(self, deal: Dated, day: dt.date = dt.date.max) -> list[DealMovement]:
        """The money with a company that names a deal, up to a day."""
        path, until = self.costs[deal.row.investor, deal.row.company], day_number(day)
        return [m for m in path.moves if m.deal == deal.row.id and m.day <= until]

    def paid_under(self, deal: Dated, day: dt.date = dt.date.max) -> int | None:
        """What was paid into a company under a deal by a day, in fen; None where nothing was."""
        return sum(m.fen for m in self.of_deal(deal, day) if m.fen > 0) or None

    def invested(self, fund: int) -> Steps:
        """Cost of what a fund still holds, over time."""
        return self.invested_by_fund[fund]

    @cached_property
    def invested_by_fund(self) -> dict[int, Steps]:
        """Fund -> cost still held."""
        steps: dict[int, Steps] = defaultdict(Steps)
        for (fund, _), path in self.costs.items():
            for day, change in path.changes:
                steps[fund].add(self.dates[day], change)
        return steps


_recent: list[ReferenceType[Prefix]] = []
_BOOKS_AT_MOST = 2
_moving = threading.Lock()


def book_of(view: View) -> Book:
    """The book of a view's prefix. Those of the prefixes last asked for are kept, with what was gathered from them."""
    prefix = view.prefix
    book: Book | None = prefix.answers.get(Book)
    if book is None:
        book = prefix.answers.setdefault(Book, Book(every_day(view)))
    with _moving:
        recent = [r for r in _recent if r() not in (None, prefix)]
        for old in recent[: -(_BOOKS_AT_MOST - 1)]:
            if (gone := old()) is not None:
                gone.answers.pop(Book, None)
        _recent[:] = [*recent[-(_BOOKS_AT_MOST - 1) :], ref(prefix)]
    return book
