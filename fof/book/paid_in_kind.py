"""Who paid a call with something other than money: by what the book says of the payment, or by the document of a payment that was
booked as money, as all were before the book had contributions in kind.

What is booked as money counts as money at the amount stated, whatever its document says; findings alone see the document.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fof.book.reading import kinds_with, once_per_prefix
from fof.ledger import View, to_date
from models.posting_kinds import TREATMENTS, PostingKind

WORDS = (
    "实物",
    "非货币",
    "作价",
    "以股权",
    "以知识产权",
    "以专利",
    "以技术",
    "以土地",
    "以房产",
    "以设备",
    "in kind",
    "in-kind",
    "non-cash",
)
"""A document that says one of these names a payment in kind."""


def names_a_thing(text: str | None) -> bool:
    """Whether a document speaks of a payment in something other than money."""
    return text is not None and any(word in text.casefold() for word in WORDS)


@once_per_prefix
def paid_in_kind(view: View) -> dict[tuple[int, int], dt.date]:
    """(fund, investor) -> the first day on which a payment was no money, or its document says so."""
    import sqlalchemy as sa

    from models.journal import entry

    p = view.postings
    paid = np.flatnonzero(kinds_with(lambda kind: TREATMENTS[kind].paid_in == 1)[p.kind])
    if not len(paid):
        return {}
    known, note = entry.c.id <= view.known_at, sa.func.lower(entry.c.note)
    with view.journal.database.read() as connection:
        # most books name nothing of the kind: all notes in one text are looked through far sooner than one by one
        text = connection.execute(
            sa.select(sa.func.aggregate_strings(entry.c.note, "\n")).where(known)
        ).scalar()
        notes = "" if text is None else text.lower()  # once, and not for every word
        words = [word for word in WORDS if word in notes]
        named = [note.like(f"%{word}%") for word in words]
        numbers: list[int] = []
        if named:
            numbers = list(connection.execute(sa.select(entry.c.id).where(known, sa.or_(*named))).scalars())
    entries = np.array(numbers, np.int64)
    first: dict[tuple[int, int], dt.date] = {}
    things = np.isin(p.entry[paid], entries) | (p.kind[paid] == PostingKind.CONTRIBUTION_IN_KIND)
    for place in paid[things].tolist():
        pair, day = (int(p.fund[place]), int(p.from_party[place])), to_date(int(p.day[place]))
        first[pair] = min(day, first.get(pair, day))
    return first
