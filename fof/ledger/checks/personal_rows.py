"""Of people the journal holds codes and commitments: no identity number in any text, and what is stated of personal data (its
commitments, who opened it, that it was erased; of files of evidence too) stands in entries of its own kinds, which hold nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fof.errors import Problem
from fof.identity_numbers import holds_identity_number
from fof.ledger.checks.change import Change, problem
from fof.ledger.draft import Draft
from models import rows as tables
from models.facts import COMMITMENT_OF, ERASED, FILE_ERASED, FILE_OPENED, FILE_STORED, UNMASKED
from models.kinds import EntryKind
from models.text import Text

_COMMITMENT = re.compile("[0-9a-f]{64}")


def personal_rows(change: Change) -> Iterator[Problem]:
    """An identity number in a text; a row about personal data in an entry of another kind, or another row in one of theirs;
    a commitment that is none. What was found is never repeated."""
    for draft in change.drafts:
        for name, text in _texts(draft):
            if holds_identity_number(text):
                sentence = Text(
                    f"{name}：含公民身份号码；证件号码只能由“个人信息”表导入，不得写入账本",
                    f"{name}: holds an identity number; such numbers come in by the sheet of personal data and never enter the book",
                )
                yield problem(draft, "identity_number", sentence)
        yield from _kinds_fit(draft)


def _texts(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every text of an entry and its rows that could hold eighteen characters of somebody's."""
    own = (
        ("note", draft.note),
        ("key", draft.key),
        ("source", draft.source.name),
        ("sheet", draft.source.sheet),
    )
    for name, text in own:
        if text is not None and len(text) >= 18:
            yield name, text
    for row in draft.rows:
        for place, value in enumerate(row):
            if type(value) is str and len(value) >= 18:
                yield type(row)._fields[place], value


def _kind_of(row: tables.Row) -> EntryKind | None:
    """The kind of entry that a row about personal data belongs to; None for every other row."""
    if not isinstance(row, tables.SubjectFact):
        return None
    if row.name.startswith(COMMITMENT_OF):
        return EntryKind.PERSONAL
    return _KIND_OF.get(row.name)


_KIND_OF = {
    FILE_STORED: EntryKind.PERSONAL,
    UNMASKED: EntryKind.UNMASKING,
    FILE_OPENED: EntryKind.UNMASKING,
    ERASED: EntryKind.ERASURE,
    FILE_ERASED: EntryKind.ERASURE,
}
_KINDS = frozenset({EntryKind.PERSONAL, EntryKind.UNMASKING, EntryKind.ERASURE})


def _kinds_fit(draft: Draft) -> Iterator[Problem]:
    own = EntryKind(draft.kind) if draft.kind in _KINDS else None  # of a booked entry it is text
    if any(_kind_of(row) is not own for row in draft.rows) or (own is not None and draft.postings):
        text = Text(
            "个人信息的承诺、查看与清除须单独成分录",
            "commitments, unmaskings and erasures are entries of their own kinds",
        )
        yield problem(draft, "not_personal", text, str(draft.kind))
    for row in draft.rows:
        if (
            own is EntryKind.PERSONAL
            and isinstance(row, tables.SubjectFact)
            and _COMMITMENT.fullmatch(row.value) is None
        ):
            yield problem(draft, "no_commitment", Text("应为承诺值", "a commitment expected"))
