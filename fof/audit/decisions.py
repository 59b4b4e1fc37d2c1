"""Dispositions of findings as they stand in the book: which rule, which subject, what was decided, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from fof.book.index import Book
from fof.rules.facts_deals import TransferFacts
from fof.rules.registry import RULES, Scope, Waiver
from models.frozen import frozen
from models.rows import Decision
from models.subjects import Subject, SubjectKind, bearer_of


@frozen
class Decided:
    """An officer's decision about a finding.

    action  : accept (on the reference of a waiver, until a day), rectify (by a day) or dismiss (with a reason)
    subject : the address of what was found of; a sale of a stake is named by fund and seller
    """

    rule: str
    subject: Subject
    action: str
    reference: str
    day: dt.date
    until: dt.date | None
    reason: str | None
    entry: int


def decisions(book: Book, day: dt.date) -> list[Decided]:
    """All decisions up to a day, oldest first; without those about a deal that was taken back, whose code may be another's now."""
    return [
        Decided(
            d.row.rule,
            book.view.subject(bearer_of(d.row)),
            d.row.action,
            d.row.reference,
            d.day,
            d.row.until,
            d.row.reason,
            d.entry,
        )
        for d in book.view.decisions
        if d.day <= day and _stands(book, d.row)
    ]


def _stands(book: Book, row: Decision) -> bool:
    return row.deal is None or book.view.deal_codes.get(book.view.subject(bearer_of(row)).code) == row.deal


def latest_decisions(book: Book, day: dt.date) -> dict[tuple[str, Subject], Decided]:
    """(rule, subject) -> the decision that counts on a day: the last one made."""
    return {(d.rule, d.subject): d for d in decisions(book, day)}


def later_decisions(book: Book, day: dt.date) -> dict[tuple[str, Subject], Decided]:
    """(rule, subject) -> the last decision made after a day, as far as the book knows."""
    return {(d.rule, d.subject): d for d in decisions(book, dt.date.max) if d.day > day}


def waivers(book: Book, day: dt.date, sales: Callable[[], Sequence[TransferFacts]]) -> tuple[Waiver, ...]:
    """Accepted findings, where nothing else was decided since; one of a sale counts for that seller's sales before it."""
    granted = []
    for decision in latest_decisions(book, day).values():
        if decision.action != "accept" or decision.until is None:
            continue
        subjects = [decision.subject]
        rule = RULES.get(decision.rule)
        if rule is not None and rule.scope is Scope.TRANSFER:
            subjects += [
                s.subject
                for s in sales()
                if stake_of(s) == decision.subject and (s.day or day) <= decision.day
            ]
        granted += [
            Waiver(decision.rule, s, decision.reference, decision.day, decision.until) for s in subjects
        ]
    return tuple(granted)


def stake_of(sale: TransferFacts) -> Subject:
    """Fund and seller: how a disposition names a sale that has no deal of its own."""
    return Subject(SubjectKind.STAKE, sale.fund, sale.seller)
