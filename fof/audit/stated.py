"""What funds and governments stated in lists and codes, read for the rules: filings, evaluations, schedules, weights; and which
attributes of a registered subject its facts take as they are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any

from fof.book.index import Book
from fof.rules.facts import Evaluation, Filing, FilingKind
from models.facts import SUBJECT_FACTS
from models.rule_kinds import DirectionTopic
from models.subjects import SubjectKind

_SCORES = ("policy", "compliance", "results", "bonus")


def own_attributes(kind: SubjectKind, facts: type) -> tuple[str, ...]:
    """The attributes of a kind of registered subjects that its facts have a field for."""
    names = {f.name for f in fields(facts)}
    return tuple(s.name for s in SUBJECT_FACTS.values() if kind in s.subjects and s.name in names)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def filings(book: Book, fund: int, day: dt.date) -> tuple[Filing, ...]:
    """Every report handed in up to the day, by the day it was handed in."""
    rows = [
        Filing(kind, period, on)
        for kind in FilingKind
        for on, period in book.facts.dated(fund, kind.value, day)
    ]
    return tuple(sorted(rows, key=lambda f: (f.filed_on, f.kind, f.period_end)))


def evaluations(book: Book, fund: int, day: dt.date) -> tuple[Evaluation, ...]:
    """The yearly evaluations up to the day, oldest first."""
    by_day: dict[dt.date, dict[str, Any]] = defaultdict(dict)
    for name in ("grade", *_SCORES):
        for on, value in book.facts.dated(fund, f"evaluation_{name}", day):
            by_day[on][name] = value
    return tuple(Evaluation(on, **values) for on, values in sorted(by_day.items()))


def milestones(codes: tuple[str, ...] | None) -> tuple[tuple[dt.date, Decimal], ...] | None:
    """Codes "date:share"; one that cannot be read makes the schedule unreadable, which is missing."""
    parts = []
    for code in codes or ():
        day, _, share = code.partition(":")
        on, part = _date(day), _decimal(share)
        if on is None or part is None:
            return None
        parts.append((on, part))
    return tuple(sorted(parts))


def numbers(codes: tuple[str, ...] | None) -> tuple[int, ...] | None:
    """Whole numbers; a code that is none is left out."""
    return None if codes is None else tuple(int(code) for code in codes if code.strip().isdigit())


def weights(codes: tuple[str, ...] | None) -> tuple[Decimal, ...] | None:
    """Decimals; one that cannot be read makes all of them unreadable, which is missing."""
    if codes is None:
        return None
    read = [_decimal(code) for code in codes]
    return None if None in read else tuple(w for w in read if w is not None)


def topics(stated: list[tuple[DirectionTopic, ...]]) -> tuple[DirectionTopic, ...] | None:
    """All topics of several statements, None where there is none."""
    return tuple(t for t in DirectionTopic if any(t in topics for topics in stated)) if stated else None


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
