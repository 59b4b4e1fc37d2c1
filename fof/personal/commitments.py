"""What the journal says of personal data: commitments by person and field, what was erased, who opened what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from fof.ledger import View, to_date
from models.facts import COMMITMENT_OF, ERASED, FILE_ERASED, FILE_STORED
from models.kinds import PersonalField
from models.rows import SubjectFact


class PersonalCommitment(NamedTuple):
    """A commitment of the journal.

    person    : code
    day       : from which the value holds
    live      : whether its entry was not reversed
    erased_by : the entry that says the value was erased; None where none does
    """

    commitment: str
    person: str
    field: PersonalField
    day: dt.date
    entry: int
    live: bool
    erased_by: int | None

    @property
    def standing(self) -> bool:
        """Whether the value is to be in the store and counts."""
        return self.live and self.erased_by is None


def commitments(view: View) -> list[PersonalCommitment]:
    """Every commitment up to the view's last entry, whatever the day, in the order of the journal."""
    erasures: dict[int, list[int]] = {}
    for entry, _day, row in _rows(view, ERASED):  # a reversal brings nothing back: what is erased is gone
        erasures.setdefault(int(row.party or 0), []).append(entry)
    live = view.prefix.live
    made = []
    for field in PersonalField:
        for entry, day, row in _rows(view, f"{COMMITMENT_OF}{field.value}"):
            person = view.parties[int(row.party or 0)].code
            erased = next((e for e in erasures.get(int(row.party or 0), ()) if e > entry), None)
            made.append(PersonalCommitment(row.value, person, field, day, entry, bool(live[entry]), erased))
    return sorted(made, key=lambda c: c.entry)


def current(view: View) -> dict[tuple[str, PersonalField], PersonalCommitment]:
    """(person, field) -> the commitment that counts: of those that stand the one from the latest day."""
    latest: dict[tuple[str, PersonalField], PersonalCommitment] = {}
    for one in commitments(view):
        before = latest.get((one.person, one.field))
        if one.standing and (before is None or one.day >= before.day):
            latest[one.person, one.field] = one
    return latest


class StoredFile(NamedTuple):
    """A file of evidence that an entry says was put into the encrypted store.

    document  : code of the document whose file it is
    live      : whether its entry was not reversed
    erased_by : the entry that says it was erased; None where none does
    """

    digest: str
    document: str
    entry: int
    live: bool
    erased_by: int | None

    @property
    def standing(self) -> bool:
        """Whether the file is to be in the store and counts."""
        return self.live and self.erased_by is None


def stored_files(view: View) -> list[StoredFile]:
    """Every file up to the view's last entry, whatever the day, in the order of the journal."""
    erasures: dict[tuple[int, str], list[int]] = {}
    for entry, _day, row in _rows(view, FILE_ERASED):
        erasures.setdefault((int(row.subject or 0), row.value), []).append(entry)
    live, made = view.prefix.live, []
    for entry, _day, row in _rows(view, FILE_STORED):
        number = int(row.subject or 0)
        erased = next((e for e in erasures.get((number, row.value), ()) if e > entry), None)
        code = view.prefix.subjects[number].code
        made.append(StoredFile(row.value, code, entry, bool(live[entry]), erased))
    return sorted(made, key=lambda one: one.entry)


def files_in_store(view: View) -> dict[str, StoredFile]:
    """Code of a document → its file that counts, the one stored last."""
    return {one.document: one for one in stored_files(view) if one.standing}


def _rows(view: View, name: str) -> Iterator[tuple[int, dt.date, SubjectFact]]:
    for record in view.journal.rows_of_attribute("subject_fact", name):
        if record.entry <= view.known_at:
            assert isinstance(record.row, SubjectFact)
            yield record.entry, to_date(record.day), record.row
