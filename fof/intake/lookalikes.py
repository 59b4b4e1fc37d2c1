"""What looks like something booked already under another reference: pointed out before booking, never refused.

Two equal payments on one day do happen, and so do two different ones; a person has to say which it is.
"""

from __future__ import annotations

import numpy as np

from fof.errors import Problem
from fof.intake.planning import Planning
from fof.ledger import Draft, day_number, to_date
from models.kinds import EntryKind
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.text import Text


def look_alikes(planning: Planning) -> list[Problem]:
    """Drafts that look like something in the book or earlier in the plan, in the order of the plan.

    likely_duplicate   same fund, day, parties and amount
    likely_correction  a row without a reference: same fund, day, parties and kind, another amount
    second_commitment  a first commitment of an investor who has one in the fund already
    """
    near = _Near(planning)
    warnings: list[Problem] = []
    for draft in planning.drafts:
        likeness = near.same(draft) or near.corrected(draft) or near.second(draft)
        if likeness is not None:
            code, text, amount = likeness
            warnings.append(Problem(code, text, amount, draft.source.where()))
        near.remember(draft)
    return warnings


Likeness = tuple[str, Text, str]
"""Code, what to look at in Chinese and English, amount."""


class _Near:
    """Postings of the book on the funds of the plan, and of the drafts that came before.

    A place is negative for a row of the file and an entry id for the book.
    """

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self._same: dict[tuple[int, ...], int] = {}
        self._kinds: dict[tuple[int, ...], tuple[int, int]] = {}
        self._promised: dict[tuple[int, int], tuple[int, int, int]] = {}
        repeated = {held.entry for held in planning.already}
        touched = {p.fund for d in planning.drafts for p in d.postings if p.fund is not None}
        days = {day_number(d.effective_on) for d in planning.drafts if d.postings}
        book = planning.view.postings
        of_fund = np.isin(book.fund, list(touched))
        wanted = of_fund & (np.isin(book.day, list(days)) | (book.kind == PostingKind.COMMITMENT))
        rows = book.where(np.flatnonzero(wanted))
        columns = (rows.fund, rows.day, rows.from_party, rows.to_party, rows.kind, rows.fen, rows.entry)
        for fund, day, payer, payee, kind, fen, entry in zip(*(c.tolist() for c in columns), strict=True):
            self._same[fund, day, payer, payee, _family(kind), fen] = entry
            if entry not in repeated:
                self._kinds[fund, day, payer, payee, kind] = (entry, fen)
            if kind == PostingKind.COMMITMENT:
                self._promised.setdefault((fund, payer), (entry, day, fen))

    def same(self, draft: Draft) -> Likeness | None:
        """Something of the same fund, day, parties and amount."""
        hits = sorted({self._same[s] for s in _signatures(draft) if s in self._same})
        if not hits:
            return None
        text = _place(hits[0])
        return (
            "likely_duplicate",
            Text(
                f"与{text.zh}的基金、日期、双方和金额相同，请确认不是同一笔",
                f"same fund, day, parties and amount as {text.en}",
            ),
            yuan_text(max(p.fen for p in draft.postings)),
        )

    def corrected(self, draft: Draft) -> Likeness | None:
        """Another amount in the book of the same fund, day, parties and kind, which this file does not repeat."""
        if draft.key not in self._planning.unreferenced:
            return None
        day = day_number(draft.effective_on)
        for p in draft.postings:
            if (known := self._kinds.get((p.fund or -1, day, p.from_party, p.to_party, p.kind))) is not None:
                entry, fen = known
                return (
                    "likely_correction",
                    Text(
                        f"分录 {entry} 在同一天同双方登记了 {yuan_text(fen)}；若本行是更正，请先冲销该分录，否则两笔都计入",
                        f"entry {entry} has {yuan_text(fen)} on that day between the same parties; reverse it first if this row "
                        "corrects it, else both count",
                    ),
                    yuan_text(p.fen),
                )
        return None

    def second(self, draft: Draft) -> Likeness | None:
        """An investor's second first commitment to a fund."""
        if draft.kind is not EntryKind.COMMITMENT:
            return None
        for p in draft.postings:
            if (known := self._promised.get((p.fund or -1, p.from_party))) is not None:
                place, day, fen = known
                text = _place(place)
                return (
                    "second_commitment",
                    Text(
                        f"该出资人对该基金已有认缴（{text.zh}，{to_date(day)}，{yuan_text(fen)}）；增加请用“增加认缴”，更正请先冲销",
                        f"this investor has a commitment to the fund ({text.en}, {to_date(day)}, {yuan_text(fen)}); use 'increase' "
                        "for more, reverse it first to correct it",
                    ),
                    yuan_text(p.fen),
                )
        return None

    def remember(self, draft: Draft) -> None:
        """Hold later drafts against this one too."""
        row = -(draft.source.row or 0)
        for signature in _signatures(draft):
            self._same.setdefault(signature, row)
        for p in draft.postings:
            if p.kind == PostingKind.COMMITMENT and draft.kind is EntryKind.COMMITMENT:
                place = (row, day_number(draft.effective_on), p.fen)
                self._promised.setdefault((p.fund or -1, p.from_party), place)


def _signatures(draft: Draft) -> set[tuple[int, ...]]:
    day = day_number(draft.effective_on)
    return {(p.fund or -1, day, p.from_party, p.to_party, _family(p.kind), p.fen) for p in draft.postings}


def _place(place: int) -> Text:
    """Where the other one stands."""
    return (
        Text(f"分录 {place}", f"entry {place}")
        if place > 0
        else Text(f"本文件第 {-place} 行", f"row {-place}")
    )


def _family(kind: int) -> int:
    """Kinds that may stand for the same thing: promises apart from dues apart from cash."""
    if kind in (PostingKind.CALL_DUE, PostingKind.CALL_DUE_OUTSIDE):
        return 1
    return 0 if kind < PostingKind.CALL_INVESTMENT else 2
