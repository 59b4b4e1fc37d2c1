"""Subjects that the journal registers (plans, stakes, loans, claims …): what each is linked to, and its attributes on any day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from fof.ledger import day_number, to_date
from fof.ledger.journal_columns import RowRecord
from fof.ledger.prefix import Attributes, Prefix
from models.subjects import LinkRole

_day = itemgetter(2)
"""The day number of a row's record."""


class Registered:
    """A registered subject: its code, what it is linked to, and its attributes on any day."""

    __slots__ = ("_prefix", "_rows", "code", "first_day", "kind", "links", "number")

    def __init__(
        self,
        number: int,
        kind: str,
        code: str,
        links: Mapping[str, int],
        rows: Attributes,
        first_day: dt.date,
        prefix: Prefix,
    ) -> None:
        self.number, self.kind, self.code, self.links = number, kind, code, links
        self._rows, self.first_day, self._prefix = rows, first_day, prefix

    def on(self, name: str, day: dt.date) -> Any:
        """An attribute in force on a day, None before it was stated."""
        rows = self._rows.get(name)
        if rows is None:
            return None
        number = day_number(day)
        if len(rows) == 1:  # as nearly all are; a line of each would be as large as the journal
            return self._prefix.value(rows[0]) if rows[0].day <= number else None
        at = bisect_right(rows, number, key=_day)
        return self._prefix.value(rows[at - 1]) if at else None

    def ever(self, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value of an attribute up to a day."""
        number, prefix = day_number(day), self._prefix
        return [(to_date(r.day), prefix.value(r)) for r in self._rows.get(name, ()) if r.day <= number]

    def rows(self, name: str) -> list[RowRecord]:
        """Every row that states an attribute, by day."""
        return self._rows.get(name, [])

    def version(self, day: dt.date) -> int:
        """How many of its attributes' values were stated by a day: the number of its version."""
        number = day_number(day)
        return sum([r.day <= number for rows in self._rows.values() for r in rows])

    def stated(self, names: Iterable[str], day: dt.date) -> dict[str, Any]:
        """The attributes of these names that are in force on a day, by name."""
        rows, on = self._rows, self.on
        return {name: value for name in names if name in rows and (value := on(name, day)) is not None}

    def linked(self, role: LinkRole) -> int | None:
        """The id of what stands in a role."""
        return self.links.get(role)


def registered_subjects(prefix: Prefix) -> dict[str, dict[int, Registered]]:
    """Kind → id → subject, of every day; made once for a prefix."""
    known: dict[str, dict[int, Registered]] | None = prefix.answers.get(Registered)
    if known is not None:
        return known
    by_kind: dict[str, dict[int, Registered]] = defaultdict(dict)
    for number, identity in prefix.subjects.items():
        rows = prefix.subject_facts.get((identity.kind, number), {})
        records = prefix.links.get(number, [])
        links = {}
        for record in records:
            _, role, party, deal, other = record.row[:5]
            links[role] = party if party is not None else deal if deal is not None else other
        days = [r.day for own in rows.values() for r in own[:1]] + [r.day for r in records[:1]]
        if days:  # one whose entry was reversed has neither links nor attributes
            by_kind[identity.kind][number] = Registered(
                number, identity.kind, identity.code, links, rows, to_date(min(days)), prefix
            )
    prefix.answers[Registered] = by_kind
    return by_kind
