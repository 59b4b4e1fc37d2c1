"""What a use case asks the journal to write: drafts, and the plan that holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from fof.errors import Problem, Where
from fof.ledger.view import View

if TYPE_CHECKING:
    from models.kinds import EntryKind
    from models.rows import Posting, Row


class Source(NamedTuple):
    """The document behind an entry: SHA-256 digest, name, sheet and row."""

    digest: str | None = None
    name: str | None = None
    sheet: str | None = None
    row: int | None = None

    def where(self, column: str | None = None) -> Where:
        """The place of a problem in this document."""
        return Where(self.name, self.sheet, self.row, column)


@dataclass(slots=True)
class Draft:
    """An entry to be: `key` makes a second booking of the same thing a no-op, `request` tells it from another thing."""

    kind: EntryKind
    effective_on: dt.date
    key: str
    request: bytes
    postings: list[Posting] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    source: Source = field(default_factory=Source)
    note: str | None = None
    reverses: int | None = None


class Already(NamedTuple):
    """Something asked for that the journal holds already; `reversed_by` names the entry that took it back since."""

    key: str
    entry: int
    reversed_by: int | None = None


@dataclass(slots=True)
class Plan:
    """Drafts in the order they shall have in the journal, what is wrong with the request, what was booked before.

    certain : codes of what the ledger may find in the drafts and that is to be told beside `problems`, because no draft that
              is missing could have prevented it; by default a request with problems is not looked at further
    """

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    already: list[Already] = field(default_factory=list)
    certain: frozenset[str] = frozenset()


class Ids:
    """Hands out ids for parties, deals and subjects that a plan creates."""

    def __init__(self, view: View) -> None:
        self._party = max((r.row[0] for r in view.journal.rows("party")), default=0)
        self._deal = max((r.row[0] for r in view.journal.rows("deal")), default=0)
        self._subject = view.journal.view().subjects.highest()

    def party(self) -> int:
        """The next party id."""
        self._party += 1
        return self._party

    def deal(self) -> int:
        """The next deal id."""
        self._deal += 1
        return self._deal

    def subject(self) -> int:
        """The next id of a registered subject."""
        self._subject += 1
        return self._subject


Planner = Callable[[View, Ids], Plan]
"""Makes the plan from the book as it stands under the writer's lock; it is called again whenever the book moved on."""


def together(planners: Sequence[Planner]) -> Planner:
    """One planner of several, in their order: all or none, in one transaction. Each is given the book as it is without the
    drafts of the others."""

    def plan(view: View, ids: Ids) -> Plan:
        plans = [planner(view, ids) for planner in planners]
        return Plan(
            [draft for p in plans for draft in p.drafts],
            [problem for p in plans for problem in p.problems],
            [known for p in plans for known in p.already],
            frozenset[str]().union(*(p.certain for p in plans)),
        )

    return plan


class Booked(NamedTuple):
    """What a booking did: ids of the new entries, and what was there already."""

    entries: list[int]
    already: list[Already]
