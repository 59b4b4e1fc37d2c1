"""Things that happened on days, kept so that "up to a day" is a binary search and a slice."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import partial
from itertools import accumulate
from operator import itemgetter, sub
from typing import Any, Generic, TypeVar

from fof.ledger import to_date

T = TypeVar("T")
N = TypeVar("N", bound=tuple[Any, ...])


def from_columns(kind: type[N], *columns: Iterable[Any]) -> list[N]:
    """Named tuples of columns of equal length, all fields given, made without a call for each."""
    return list(map(partial(tuple.__new__, kind), zip(*columns, strict=True)))


class Dates(dict[int, dt.date]):
    """Day number -> date; each date is made once."""

    def __missing__(self, number: int) -> dt.date:
        made = self[number] = to_date(number)
        return made


class Timeline(Generic[T]):
    """Values by day, oldest first. Of two on one day the one added later comes later."""

    __slots__ = ("days", "values")

    def __init__(self, days: list[dt.date] | None = None, values: list[T] | None = None) -> None:
        """Empty, or of days in order and their values."""
        self.days: list[dt.date] = [] if days is None else days
        self.values: list[T] = [] if values is None else values

    def add(self, day: dt.date, value: T) -> None:
        """Add in any order of days; on one day in the order of the journal."""
        if not self.days or self.days[-1] <= day:
            self.days.append(day)
            self.values.append(value)
            return
        at = bisect_right(self.days, day)
        self.days.insert(at, day)
        self.values.insert(at, value)

    def count(self, day: dt.date) -> int:
        """How many there are up to and including a day."""
        return bisect_right(self.days, day)

    def last(self, day: dt.date) -> T | None:
        """The latest up to a day, None before the first."""
        at = bisect_right(self.days, day)
        return self.values[at - 1] if at else None

    def upto(self, day: dt.date) -> list[T]:
        """All up to and including a day."""
        return self.values[: bisect_right(self.days, day)]

    def dated(self, day: dt.date) -> list[tuple[dt.date, T]]:
        """All up to and including a day, with their days."""
        at = bisect_right(self.days, day)
        return list(zip(self.days[:at], self.values[:at], strict=True))


class Steps:
    """A whole-number balance that changes on days; the balance of a day is that at its close."""

    __slots__ = ("_held",)

    def __init__(self, changes: Iterable[tuple[dt.date, int]] = ()) -> None:
        self._held: tuple[list[dt.date], list[int], list[tuple[dt.date, int]]] = [], [], list(changes)

    @classmethod
    def of(cls, days: list[dt.date], balances: list[int]) -> Steps:
        """Balances after each change, by day."""
        made = cls()
        made._held = days, balances, []
        return made

    def add(self, day: dt.date, change: int) -> None:
        """A change on a day."""
        self._held[2].append((day, change))

    def _settled(self) -> tuple[list[dt.date], list[int]]:
        """Days and balances. A day with several changes stands several times; its last balance is that at its close."""
        days, balances, new = self._held
        if new:
            changes = sorted(self.changes(), key=itemgetter(0))
            days = [day for day, _ in changes]
            balances = list(accumulate(change for _, change in changes))
            self._held = days, balances, []  # at once: two threads may both make it
        return days, balances

    def changes(self) -> list[tuple[dt.date, int]]:
        """The changes it is made of, each with its day."""
        days, balances, new = self._held
        return [*zip(days, map(sub, balances, [0, *balances]), strict=False), *new]

    def closings(self) -> dict[dt.date, int]:
        """The balance at the close of each day on which it changes, by day."""
        return dict(zip(*self._settled(), strict=True))

    def changed(self) -> list[dt.date]:
        """Days on which it changes."""
        return self._settled()[0]

    def at(self, day: dt.date) -> int:
        """The balance at the close of a day."""
        days, balances = self._settled()
        at = bisect_right(days, day)
        return balances[at - 1] if at else 0

    def before(self, day: dt.date) -> int:
        """The balance before the first change of a day."""
        days, balances = self._settled()
        at = bisect_left(days, day)
        return balances[at - 1] if at else 0

    def average(self, start: dt.date, end: dt.date) -> int:
        """Mean of the closing balances of the days start … end, in whole units (half up)."""
        changed, balances = self._settled()
        total, day = 0, start
        at = bisect_right(changed, start)
        while day <= end:
            until = min(changed[at] - dt.timedelta(days=1), end) if at < len(changed) else end
            total += (balances[at - 1] if at else 0) * ((until - day).days + 1)
            day, at = until + dt.timedelta(days=1), at + 1
        days = (end - start).days + 1
        return (2 * total + days) // (2 * days)
