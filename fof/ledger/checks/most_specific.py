"""Money names the most specific of the subjects that it is about: the claim rather than its loan, the loan rather than its agreement.

What an entry is about is what its rows and postings name. Where one of these belongs to another (a claim names its loan in a
link, the loan its agreement) and comes before it in models.subjects.MONEY_ORDER, a posting of the entry names the former.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import Change, problem
from models import rows as tables
from models.subjects import MONEY_ORDER, SubjectKind
from models.text import Text

_RANK = {kind.value: number for number, kind in enumerate(MONEY_ORDER)}


def most_specific(change: Change) -> Iterator[Problem]:
    """Postings that name a subject no money is of, or a less specific one than their entry is about; the first of each entry."""
    named = _named(change)
    if not named:
        return
    stated = _stated(change)
    for number, subjects in named.items():
        draft = change.drafts[number]
        about = subjects | {n for row in draft.rows if (n := _about(row)) is not None}
        for subject in sorted(subjects):
            kind, code = change.subjects[subject]
            if kind not in _RANK:
                text = Text(
                    f"款项不能记在{SubjectKind(kind).zh}名下",
                    f"no money is of a subject of this kind: {SubjectKind(kind).en.lower()}",
                )
                yield problem(draft, "no_money_of_it", text, code)
                continue
            better = [
                one
                for one in about
                if _before(change, one, kind) and subject in _reached(change, stated, one)
            ]
            if better:
                first = min(better, key=lambda one: (_RANK[change.subjects[one][0]], one))
                more = SubjectKind(change.subjects[first][0])
                text = Text(
                    f"本分录关乎{more.zh} {change.subjects[first][1]}，款项须记在其名下",
                    f"the entry is about the {more.en.lower()} {change.subjects[first][1]}, which the money must name",
                )
                yield problem(draft, "less_specific", text, f"{kind} {code}")


def _named(change: Change) -> dict[int, set[int]]:
    """Draft -> the subjects that its postings name."""
    named: dict[int, set[int]] = defaultdict(set)
    places = np.flatnonzero(change.added.loan >= 0)
    for draft, subject in zip(
        change.added.entry[places].tolist(), change.added.loan[places].tolist(), strict=True
    ):
        if subject in change.subjects:  # what is not there is told by the check of references
            named[draft].add(subject)
    return dict(named)


def _about(row: tables.Row) -> int | None:
    if isinstance(row, tables.Identity):
        return row.id
    return row.subject if isinstance(row, tables.SubjectFact | tables.SubjectLink) else None


def _stated(change: Change) -> dict[int, set[int]]:
    """Subject -> the subjects it names in any role in the drafts."""
    stated: dict[int, set[int]] = defaultdict(set)
    for draft in change.drafts:
        for row in draft.rows:
            if isinstance(row, tables.SubjectLink) and row.other is not None:
                stated[row.subject].add(row.other)
    return stated


def _reached(change: Change, stated: dict[int, set[int]], subject: int) -> set[int]:
    """Everything that a subject names in the book or the drafts, and what that names in turn."""
    reached: set[int] = set()
    waiting = [subject]
    while waiting:
        one = waiting.pop()
        booked = {d.row.other for d in change.view.links_ever(one) if d.row.other is not None}
        fresh = (booked | stated.get(one, set())) - reached
        reached |= fresh
        waiting += fresh
    return reached


def _before(change: Change, subject: int, kind: str) -> bool:
    own = change.subjects.get(subject)
    return own is not None and own[0] in _RANK and _RANK[own[0]] < _RANK[kind]
