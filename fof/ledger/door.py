"""What today's checks say of the whole book: which entries break a limit or invariant, and whether it was in force for them.

A booking is checked against the book as it then is. Here all live entries are one booking into an empty book: every check asks
about a state, and a state that was reached by bookings that passed is one that passes. So whatever is found came in past the
program, or before the check was there: the first is damage, the second a thing that the door would refuse today. One check
lets a state be that it would not let come about (a promise that is passed on takes open calls along): what is found is
therefore asked again of the booking that brought it, against the book as it was then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from fof.access import ENTRY_ACTIONS, folded, may, reversal_action
from fof.db import Database
from fof.errors import FofError, Problem
from fof.ledger import checks
from fof.ledger.checks.change import Change, facts_and_parties
from fof.ledger.doubts import time_of
from fof.ledger.draft import Draft, Source
from fof.ledger.journal import Journal
from fof.ledger.journal_columns import OPTIONAL, Columns, Postings, RowRecord
from fof.ledger.record import EntryHead
from fof.ledger.stored import Rows
from fof.ledger.users import UserFact, Users
from fof.words import OFFICE
from models.frozen import frozen
from models.journal import ROW_TABLES
from models.posting_kinds import PostingKind
from models.rows import Identity, Party, Posting, Row, SubjectFact
from models.subjects import SubjectKind
from models.text import Text

if TYPE_CHECKING:
    from models.kinds import EntryKind


_UNJUDGED = "cannot_be_judged"


class Refusal(NamedTuple):
    """An entry that the door would refuse today. damage: it would have been refused when it was booked, too."""

    entry: int
    code: str
    text: Text
    damage: bool


@frozen
class BookedEntry:
    """An entry without its postings, which are in the columns."""

    id: int
    recorded_at: str
    people: tuple[str, str | None]
    """Who recorded it, and who approved it."""
    draft: Draft


def booked_entry(head: EntryHead, rows: Rows) -> BookedEntry | None:
    """An entry as it was asked for once; None where a value is none of its column (other checks say so)."""
    made: list[Row] = []
    try:
        day = dt.date.fromisoformat(head.effective_on)
        for table, read in _READ.items():
            made.extend(read(row) for row in rows.get(table, ()))
    except (TypeError, ValueError):
        return None
    where = Source(row=head.id)  # a problem is put at the entry
    kind = cast("EntryKind", head.kind)  # as it is stored, be it listed or not
    draft = Draft(
        kind, day, head.key, head.request, rows=made, source=where, note=head.note, reverses=head.reverses
    )
    return BookedEntry(head.id, head.recorded_at, (head.recorded_by, head.approved_by), draft)


def _reader(table: Any, row: Any) -> Callable[[Sequence[Any]], Row]:
    days = [i for i, c in enumerate(list(table.columns)[2:]) if c.type.python_type is dt.date]

    def read(values: Sequence[Any]) -> Row:
        if days:
            values = [
                dt.date.fromisoformat(v) if i in days and isinstance(v, str) else v
                for i, v in enumerate(values)
            ]
        made: Row = row(*values)
        return made

    return read


_READ = {t.table.name: _reader(t.table, t.row) for t in ROW_TABLES if t.table.name != "posting"}


def refusals(
    database: Database, entries: Sequence[BookedEntry], columns: Columns, first_entry: dict[str, int]
) -> Iterator[Refusal]:
    """Everything in the book that the door would refuse today, by entry.

    first_entry : revision -> the first entry that was booked under it
    """
    yield from _by_whom(entries, first_entry.get("0007", 2**31))
    book = _Admission(database, entries, columns)
    for problem in book.problems(columns.head):
        entry = problem.where.row or 0
        if problem.code != _UNJUDGED and (refused := book.broken_by(problem)) is not None:
            entry, problem = refused
        elif problem.code != _UNJUDGED:
            continue
        taken_back = 0 < entry <= len(entries) and entries[entry - 1].draft.reverses is not None
        revision = checks.SINCE.get(problem.code, "")
        if taken_back:
            revision = checks.SINCE_TAKEN_BACK.get(problem.code, revision)
        since = first_entry.get(revision, 2**31)
        yield Refusal(entry, problem.code, _sentence(problem), entry >= since or problem.code == _UNJUDGED)


def _by_whom(entries: Sequence[BookedEntry], since: int) -> Iterator[Refusal]:
    """Entries that one person prepared and approved under two spellings; and, once the book had users, those of somebody whom
    the users before it did not let do that. since: the first entry for which the door asked either."""
    codes, facts, kinds = dict[int, str](), dict[int, list[UserFact]](), dict[int, str]()
    users, stale = Users({}, ()), False
    booking, waiting = "", list[BookedEntry]()
    for entry in entries:
        if entry.recorded_at != booking:  # what is booked together is judged by the users before it
            for own in waiting:
                stale = _learn(own, codes, facts) or stale
            booking, waiting = entry.recorded_at, []
            if stale:
                users, stale = (
                    Users(codes, [fact for own_facts in facts.values() for fact in own_facts]),
                    False,
                )
        waiting.append(entry)
        kinds[entry.id] = entry.draft.kind
        maker, approver = entry.people
        if approver is not None and folded(maker) == folded(approver):
            text = Text(f"经办与复核为同一人：{maker}", f"maker and approver are one person: {maker}")
            yield Refusal(entry.id, "four_eyes", text, entry.id >= since)
        if users and (lacking := _lacking(entry, users, kinds)) is not None:
            text = Text(f"{lacking[0]} 当时无权登记", f"{lacking[0]} had no right to book it")
            yield Refusal(entry.id, "not_allowed", text, entry.id >= since)


def _learn(entry: BookedEntry, codes: dict[int, str], facts: dict[int, list[UserFact]]) -> bool:
    """Take up what an entry says of users; whether it says anything."""
    draft = entry.draft
    if draft.reverses is not None:
        return bool(facts.pop(draft.reverses, ()))
    added = {r.id: r.code for r in draft.rows if isinstance(r, Identity) and r.kind == SubjectKind.USER}
    codes.update(added)
    stated = [
        fact
        for row in draft.rows
        if isinstance(row, SubjectFact) and (fact := UserFact.of(row, draft.effective_on)) is not None
    ]
    if stated:
        facts[entry.id] = stated
    return bool(added or stated)


def _lacking(entry: BookedEntry, users: Users, kinds: Mapping[int, str]) -> tuple[str, str] | None:
    """The person behind an entry who had no right to it on its day, and the right; a booking over midnight counts for both."""
    moment = time_of(entry.recorded_at)
    if moment is None:
        return None
    draft = entry.draft
    kind = draft.kind if draft.kind in ENTRY_ACTIONS else None
    needed = "book" if kind is None else ENTRY_ACTIONS[kind]
    if draft.reverses is not None:
        needed = reversal_action(kinds.get(draft.reverses, ""))
    maker, approver = entry.people
    asked = (
        [(maker, needed)]
        if approver is None
        else [(maker, "prepare"), (approver, needed), (approver, "approve")]
    )
    for name, action in asked:
        days = {(moment - dt.timedelta(minutes=m)).astimezone(OFFICE).date() for m in (0, 5)}
        if not any((u := users.coded(name, day)) is not None and may(u.roles, action) for day in days):
            return name, action
    return None


def _sentence(problem: Problem) -> Text:
    bare = replace(problem, where=type(problem.where)())
    return Text(bare.text("zh"), bare.text("en"))


class _Admission:
    """All entries, the problems of any prefix of them, and each booking asked again at the door."""

    def __init__(self, database: Database, entries: Sequence[BookedEntry], columns: Columns) -> None:
        self._entries, self._columns = entries, columns
        self._nothing = Journal(database).view()  # a journal that has read nothing: an empty book
        self._journal = Journal.of(database, columns, _rows(entries, columns))
        self._known: dict[int, list[Problem]] = {}
        self._asked: dict[int, list[Problem]] = {}
        last = {e.recorded_at: e.id for e in entries}
        self._bookings = sorted(last.values())
        """The last entry of each booking: what is booked together has one time."""

    def problems(self, upto: int) -> list[Problem]:
        """What is wrong with the book of the entries 1 … upto."""
        if upto not in self._known:
            change = self._change(upto)
            self._known[upto] = [*_judged(change), *checks.left_unvalued(change, *self._gone(upto))]
        return self._known[upto]

    def _gone(self, upto: int) -> tuple[Postings, Postings]:
        """What of reversals a state can show: payments in shares that were taken back and for whose deal none was booked since,
        each with the place of the entry that took it back; and the payments in shares that were booked since."""
        postings, by = self._columns.postings, self._columns.reversed_by
        end = int(np.searchsorted(postings.entry, np.int32(upto), side="right"))
        shares = (postings.kind[:end] == PostingKind.CONTRIBUTION_IN_KIND) & (postings.deal[:end] >= 0)
        own = postings.where(np.flatnonzero(shares))
        place = {entry.id: number for number, entry in enumerate(self._entries)}
        last = dict(zip(own.deal.tolist(), own.entry.tolist(), strict=True))  # in the journal's order
        taken, since = by[own.entry], np.array([last[deal] for deal in own.deal.tolist()], np.int64)
        back = (taken <= upto) & (since < taken) & np.isin(taken, list(place))
        gone = own.where(np.flatnonzero(back))
        first = min(by[gone.entry].tolist(), default=0)
        later = (own.entry > first) & (taken > upto) & ~np.isin(own.deal, gone.deal)
        numbers = np.array([place[entry] for entry in by[gone.entry].tolist()], np.int32)
        return replace(gone, entry=numbers), own.where(np.flatnonzero(later))

    def broken_by(self, problem: Problem) -> tuple[int, Problem] | None:
        """The entry that brought the problem, and the problem as the door would have told it; None where it would not have.

        Found among the bookings by halves, and from there on until one is refused: a state that a passed promise made may
        be worsened later.
        """
        first = self._first(problem)
        for place in range(first, len(self._bookings)):
            if place > first and not self._worse(problem, place):
                continue
            for refused in self._at_the_door(place):
                if _alike(refused) == _alike(problem):
                    return refused.where.row or self._bookings[place], refused
        return None

    def _first(self, problem: Problem) -> int:
        """Place of the booking after which the problem is there and before which it is not."""
        good, bad = -1, len(self._bookings) - 1
        while bad - good > 1:
            middle = (good + bad) // 2
            if self._holds(problem, self._bookings[middle]):
                bad = middle
            else:
                good = middle
        return bad

    def _holds(self, problem: Problem, upto: int) -> bool:
        return any(_alike(p) == _alike(problem) for p in self.problems(upto))

    def _worse(self, problem: Problem, place: int) -> bool:
        """Whether a booking changed what the problem says."""
        before, after = (
            {
                (p.found, p.expected.zh)
                for p in self.problems(self._bookings[n])
                if _alike(p) == _alike(problem)
            }
            for n in (place - 1, place)
        )
        return before != after

    def _at_the_door(self, place: int) -> list[Problem]:
        """What the checks say of one booking, against the book as it was."""
        if place not in self._asked:
            first = self._bookings[place - 1] if place else 0
            own = [e for e in self._entries if first < e.id <= self._bookings[place]]
            drafts = [replace(e.draft, postings=_Postings(self._columns, e.id)) for e in own]
            try:
                self._asked[place] = checks.problems(self._journal.view(None, first), drafts)[1]
            except (FofError, ValueError, KeyError, IndexError, OverflowError):
                self._asked[place] = self.problems(
                    self._bookings[place]
                )  # a row that cannot be read: as the state says
        return self._asked[place]

    def _change(self, upto: int) -> Change:
        live = self._columns.live(upto)
        drafts, number = list[Draft](), np.full(upto + 1, -1, np.int32)
        for entry in self._entries:
            if entry.id > upto:
                break
            draft = entry.draft
            if not live[entry.id] or draft.reverses is not None:  # an identity is never withdrawn
                identities: list[Row] = [r for r in draft.rows if isinstance(r, Party)]
                draft = replace(draft, rows=identities, postings=[], reverses=None)
            else:
                draft = replace(draft, postings=_Postings(self._columns, entry.id))
                number[entry.id] = len(drafts)
            drafts.append(draft)
        postings = self._columns.postings
        end = int(np.searchsorted(postings.entry, np.int32(upto), side="right"))
        own = postings.where(slice(0, end))
        own = replace(own, entry=number[own.entry])
        added = own.where(np.flatnonzero(own.entry >= 0))
        return Change(self._nothing, drafts, added, own.where(slice(0, 0)), {}, *facts_and_parties(drafts))


class _Postings(list[Posting]):
    """The postings of an entry, made from the columns when they are looked at: a million of them would take half a gigabyte."""

    def __init__(self, columns: Columns, entry: int) -> None:
        super().__init__()
        self._columns, self._entry = columns, entry

    def __len__(self) -> int:
        return len(self._columns.postings.of_entry(self._entry))

    def __iter__(self) -> Iterator[Posting]:
        rows = self._columns.postings.of_entry(self._entry)
        fields = [getattr(rows, name).tolist() for name in Posting._fields]
        for values in zip(*fields, strict=True):
            yield Posting._make(
                None if v == -1 and n in OPTIONAL else v for n, v in zip(Posting._fields, values, strict=True)
            )


def _rows(entries: Sequence[BookedEntry], columns: Columns) -> dict[str, list[RowRecord]]:
    """The rows of the small tables, as a journal holds them."""
    records: dict[str, list[RowRecord]] = {table: [] for table in _READ}
    tables = {t.row: t.table.name for t in ROW_TABLES}
    for entry in entries:
        lines: Counter[str] = Counter()
        for row in entry.draft.rows:
            table = tables[type(row)]
            lines[table] += 1
            records[table].append(RowRecord(entry.id, lines[table], int(columns.entry_day[entry.id]), row))
    return records


def _judged(change: Change) -> Iterable[Problem]:
    """Every check, whatever an earlier one found; what a broken row hides is said."""
    for check in (checks.storable_of, checks.references, *checks.states()):
        try:
            yield from check(change)
        except (FofError, ValueError, KeyError, IndexError, OverflowError) as error:
            yield Problem(
                _UNJUDGED,
                Text(
                    f"因有无法识别的行，{check.__name__} 未能检查（{type(error).__name__}）",
                    f"a row that cannot be read stands in the way of the check {check.__name__} ({type(error).__name__})",
                ),
            )


def _alike(problem: Problem) -> tuple[str, str]:
    """Code and whom it is about; days and amounts move as entries come."""
    return problem.code, problem.expected.zh.partition("：")[0].partition(" 的")[0].partition("在")[0]
