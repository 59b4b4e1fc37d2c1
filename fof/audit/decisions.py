"""Dispositions of findings as they stand in the book: which rule, which subject, what was decided, until when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fof.book.index import Book
from fof.rules.facts_deals import TransferFacts
from fof.rules.registry import RULES, Scope, Waiver


@dataclass(frozen=True, slots=True)
class Decision:
    """An officer's decision about a finding.

    action : accept (on the reference of a waiver, until a day), rectify (by a day) or dismiss (with a reason)
    codes  : of the parties it names: none (the office), one, or fund and investor
    deal   : code of the deal it names
    """

    rule: str
    codes: tuple[str, ...]
    deal: str | None
    action: str
    reference: str
    day: dt.date
    until: dt.date | None
    reason: str | None
    entry: int

    @property
    def subject(self) -> str:
        """As findings name it; a sale of a stake is named by fund and seller."""
        return self.deal or "/".join(self.codes) or "office"


def decisions(book: Book, day: dt.date) -> list[Decision]:
    """All decisions up to a day, oldest first."""
    by_entry: dict[int, list[int]] = defaultdict(list)
    rows = [d for d in book.view.dispositions if d.day <= day]
    for place, row in enumerate(rows):
        by_entry[row.entry].append(place)
    found = []
    for entry, places in by_entry.items():
        first = rows[places[0]]
        codes = tuple(book.code(rows[p].row.party) for p in places if rows[p].row.party is not None)
        deal = None if first.row.deal is None else book.deals[first.row.deal].row.code
        found.append(
            Decision(
                rule=first.row.rule,
                codes=codes,
                deal=deal,
                action=first.row.action,
                reference=first.row.reference,
                day=first.day,
                until=first.row.until,
                reason=first.row.reason,
                entry=entry,
            )
        )
    return sorted(found, key=lambda d: (d.day, d.entry))


def latest_decisions(book: Book, day: dt.date) -> dict[tuple[str, str], Decision]:
    """(rule, subject) -> the decision that counts on a day: the last one made."""
    return {(d.rule, d.subject): d for d in decisions(book, day)}


def later_decisions(book: Book, day: dt.date) -> dict[tuple[str, str], Decision]:
    """(rule, subject) -> the last decision made after a day, as far as the book knows."""
    return {(d.rule, d.subject): d for d in decisions(book, dt.date.max) if d.day > day}


def waivers(book: Book, day: dt.date, sales: Callable[[], Sequence[TransferFacts]]) -> tuple[Waiver, ...]:
    """Accepted findings, where nothing else was decided since; one of a sale counts for that seller's sales before it."""
    found = []
    for decision in latest_decisions(book, day).values():
        if decision.action != "accept" or decision.until is None:
            continue
        subjects = [decision.subject]
        rule = RULES.get(decision.rule)
        if rule is not None and rule.scope is Scope.TRANSFER:
            subjects += [
                s.code for s in sales() if pair_of(s) == decision.subject and (s.day or day) <= decision.day
            ]
        found += [
            Waiver(decision.rule, s, decision.reference, decision.day, decision.until) for s in subjects
        ]
    return tuple(found)


def pair_of(sale: TransferFacts) -> str:
    """Fund and seller: how a disposition names a sale that has no deal of its own."""
    return f"{sale.fund}/{sale.seller}"
