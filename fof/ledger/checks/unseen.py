"""What is written into the book can be seen: no text holds a character that is invisible, looks blank or turns text round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fof.characters import unseen, visible
from fof.errors import Problem
from fof.ledger.checks.change import Change, problem
from fof.ledger.draft import Draft
from models.rows import ColumnMapping, Row
from models.text import Text

_ONE_LINE = frozenset({"code", "number"})
"""Columns whose text is one line; others may have several, as reasons have."""


def unseen_text(change: Change) -> Iterator[Problem]:
    """Texts that people typed or sent, in notes and rows: two that look alike would be two things, and a blank a reason."""
    yield from _unseen(change.drafts)


def _unseen(drafts: Sequence[Draft]) -> Iterator[Problem]:
    for draft in drafts:
        if draft.note is not None and (strange := _strange(draft.note, breaks=True)) is not None:
            yield _refusal(draft, draft.note, strange)
        for row in draft.rows:
            for name, value in zip(row._fields, row, strict=True):
                if isinstance(value, str) and not _foreign(row, name):
                    strange = _strange(value, breaks=name not in _ONE_LINE)
                    if strange is not None:
                        yield _refusal(draft, value, strange)


def _foreign(row: Row, name: str) -> bool:
    """A mapping repeats the headers of a foreign table as they stand there."""
    return isinstance(row, ColumnMapping) and name == "content"


def _strange(text: str, *, breaks: bool) -> str | None:
    if text.isascii() and text.isprintable():
        return None
    sign = unseen(text, breaks=breaks)
    return None if sign is None else sign[0]


def _refusal(draft: Draft, text: str, sign: str) -> Problem:
    sentence = Text(
        f"不得含看不见的字符或换行（U+{ord(sign):04X}），请重新键入",
        f"no invisible characters or line breaks (U+{ord(sign):04X}); type the text again",
    )
    return problem(draft, "control_character", sentence, visible(text)[:80])
