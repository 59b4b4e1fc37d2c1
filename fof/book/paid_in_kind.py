"""Who paid a call with something other than money, as far as the document of the payment says so.

The book has no kind of payment for it: what is paid counts as money at the amount stated. Where the thing is a share of a company,
the deal of the same day and amount by which the fund has it takes that money out again, and paid-in capital, cost, cash and
look-through are right; other things have no place in the book.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fof.book.reading import kinds_with, once_per_prefix
from fof.ledger import View, to_date
from models.posting_kinds import TREATMENTS

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
    """(fund, investor) -> the first day on which a payment's document says that it was no money."""
    import sqlalchemy as sa

    from models.journal import entry

    p = view.postings
    paid = np.flatnonzero(kinds_with(lambda kind: TREATMENTS[kind].paid_in == 1)[p.kind])
    if not len(paid):
        return {}
    note = sa.func.lower(entry.c.note)
    named = sa.or_(*(note.like(f"%{word}%") for word in WORDS))
    with view.journal.database.read() as connection:
        numbers = connection.execute(
            sa.select(entry.c.id).where(entry.c.id <= view.known_at, named)
        ).scalars()
        entries = np.array(list(numbers), np.int64)
    first: dict[tuple[int, int], dt.date] = {}
    for place in paid[np.isin(p.entry[paid], entries)].tolist():
        pair, day = (int(p.fund[place]), int(p.from_party[place])), to_date(int(p.day[place]))
        first[pair] = min(day, first.get(pair, day))
    return first
