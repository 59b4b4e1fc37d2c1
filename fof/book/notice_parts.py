"""What the book holds under the number of a call notice: asked for and paid by the entries that name it, investor by
investor, entry by entry, component by component. What is open on the notice is fof.book.notices': money that names none, or
was more than its notice asked, pays here, too. A predecessor's part is its successor's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fof.book.succession import current
from fof.ledger import View
from models.kinds import NoticeKind
from models.posting_kinds import TREATMENTS, PostingKind


@dataclass(slots=True)
class Part:
    """What the book holds of an investor's part of a notice, in fen; `new`: what a plan adds to it.

    by_kind  paid by posting kind, for all entries together
    beside   entry → all that it moved of this investor, interest beside the capital included
    """

    due: int = 0
    paid: int = 0
    new: int = 0
    entries: set[int] = field(default_factory=set)
    by_kind: dict[PostingKind, int] = field(default_factory=dict)
    beside: dict[int, int] = field(default_factory=dict)


class NoticeParts:
    """The parts of a view's call notices, by fund; looked up when first asked for."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._parts: dict[tuple[int, str, int], Part] = {}
        self._looked: set[int] = set()
        self._numbers: dict[int, dict[int, str]] = {}
        for notice in view.notices:
            if notice.row.kind == NoticeKind.CAPITAL_CALL:
                self._numbers.setdefault(notice.row.fund, {})[notice.entry] = notice.row.number

    def of(self, fund: int, number: str, investor: int) -> Part:
        """The part of one investor in one notice."""
        if fund not in self._looked:
            self._looked.add(fund)
            self._look(fund, self._numbers.get(fund, {}))
        return self._parts.setdefault((fund, number, current(self._view, investor)), Part())

    def _look(self, fund: int, numbers: dict[int, str]) -> None:
        every = self._view.postings
        rows = every.where(np.flatnonzero((every.fund == fund) & np.isin(every.entry, list(numbers))))
        columns = (rows.entry, rows.from_party, rows.kind, rows.fen)
        for entry, payer, kind, fen in zip(*(c.tolist() for c in columns), strict=True):
            treatment = TREATMENTS[PostingKind(kind)]
            part = self._parts.setdefault((fund, numbers[entry], current(self._view, payer)), Part())
            part.due += treatment.due * fen
            if not treatment.due:
                part.beside[entry] = part.beside.get(entry, 0) + fen
            if treatment.from_investor and treatment.paid_in == 1:
                part.paid += fen
                part.entries.add(entry)
                part.by_kind[PostingKind(kind)] = part.by_kind.get(PostingKind(kind), 0) + fen
