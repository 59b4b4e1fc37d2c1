"""Who stands for whom: which party succeeded which, on any day of a prefix."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import cached_property

from fof.book.reading import once_per_prefix
from fof.ledger import View, day_number, to_date
from fof.ledger.journal_columns import RowRecord


class Succession:
    """The statements of succession of a prefix; one answer for all days between which nothing was stated.

    days : day numbers of the statements, ascending
    """

    def __init__(self, view: View) -> None:
        self._codes = {code: party.id for code, party in view.by_code.items()}
        self._value = view.prefix.value
        stated = view.prefix.stated("successor_of")
        self._stated: dict[int, list[RowRecord]] = {
            party: stated["party", party] for party in view.parties if ("party", party) in stated
        }
        self.days = sorted(r.day for records in self._stated.values() for r in records)
        self._known: dict[int, dict[int, int]] = {}

    @property
    def holders(self) -> list[int]:
        """Parties that were ever stated to succeed another."""
        return list(self._stated)

    def on(self, day: dt.date | None) -> dict[int, int]:
        """Party -> the party that succeeded it up to the day (None: any day), where there is exactly one."""
        version = len(self.days) if day is None else bisect_right(self.days, day_number(day))
        heirs = self._known.get(version)
        if heirs is None:
            heirs = self._known[version] = self._upto(self.days[version - 1]) if version else {}
        return heirs

    @cached_property
    def succeeded(self) -> dict[int, set[int]]:
        """Party -> those that were ever stated to succeed it."""
        by_former: dict[int, set[int]] = {}
        for party, records in self._stated.items():
            for record in records:
                for code in self._value(record):  # type: ignore[union-attr]
                    by_former.setdefault(self._codes.get(code, party), set()).add(party)
        return by_former

    def since(self, former: int, heir: int) -> dt.date | None:
        """The day from which a party is first stated to succeed another; None where it never is."""
        for record in self._stated.get(heir, ()):
            if any(self._codes.get(code) == former for code in self._value(record)):  # type: ignore[union-attr]
                return to_date(record.day)
        return None

    def line(self, party: int) -> set[int]:
        """The party and everybody who ever succeeded it, directly or not."""
        line, queue = {party}, [party]
        while queue:
            new = self.succeeded.get(queue.pop(), set()) - line
            line |= new
            queue += new
        return line

    def _upto(self, day: int) -> dict[int, int]:
        after: dict[int, list[int]] = {}
        for party, records in self._stated.items():
            place = bisect_right(records, day, key=lambda r: r.day)
            for code in self._value(records[place - 1]) if place else ():  # type: ignore[union-attr]
                former = self._codes.get(code)
                if former is not None and former != party:
                    after.setdefault(former, []).append(party)
        return {former: heirs[0] for former, heirs in after.items() if len(heirs) == 1}

    def current(self, party: int, day: dt.date | None) -> int:
        """The party itself or the last of those that had succeeded it by a day."""
        after, seen = self.on(day), {party}
        while (heir := after.get(party)) is not None and heir not in seen:
            party = heir
            seen.add(party)
        return party


@once_per_prefix
def succession(view: View) -> Succession:
    """The successions of the view's prefix."""
    return Succession(view)


def successors(view: View) -> dict[int, int]:
    """Party -> the party that succeeded it, where there is exactly one."""
    return succession(view).on(view.as_of)


def current(view: View, party: int) -> int:
    """The party that stands in its place today: itself, or the last of its successors."""
    return succession(view).current(party, view.as_of)


def lineage(view: View, party: int) -> frozenset[int]:
    """The party and everything it succeeds, directly or not, as far as is known.

    Whatever the as-of day: asked for a day before a merger, the successor shows what its predecessor had.
    """
    return line_of(view.on(None), party)


def line_of(every_day: View, party: int) -> frozenset[int]:
    """The same, of the book on all days."""
    line, queue = {party}, [party]
    while queue:
        for code in every_day.fact(queue.pop(), "successor_of", ()):
            former = every_day.by_code.get(code)
            if former is not None and former.id not in line:
                line.add(former.id)
                queue.append(former.id)
    return frozenset(line)
