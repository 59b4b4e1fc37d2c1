"""A view: the journal as it was known at an entry and true on a day. Every figure is a function of a view.

Row records (deals, marks …) carry the row's own fields, the entry that brought them and their day; all of them are
live and dated on or before the as-of day, ordered by (day, entry, line).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fof.errors import Unknown
from fof.ledger.journal_columns import Postings, RowRecord, day_number, to_date
from fof.ledger.prefix import Attributes, Dated, PartyRecord, Prefix
from fof.pausing import may_pause
from models.frozen import frozen
from models.text import Text

if TYPE_CHECKING:
    from fof.ledger.journal import BookedKey, Journal
    from fof.ledger.registered_ids import IdentityRows, SubjectIds
    from models import rows as tables
    from models.facts import FactValue
    from models.kinds import PartyKind
    from models.subjects import Bearer, Subject


class EntryRecord(NamedTuple):
    """The head of an entry."""

    id: int
    kind: str
    effective_on: dt.date
    recorded_at: str
    recorded_by: str
    approved_by: str | None
    key: str
    source_digest: str | None
    source_name: str | None
    source_sheet: str | None
    source_row: int | None
    note: str | None
    reverses: int | None
    posting_count: int
    leaf: bytes
    reversed_by: int | None


@frozen
class FactInForce:
    """A dated attribute: typed value, from which day, by which entry, on what document; `basis`: the definition used."""

    name: str
    value: FactValue
    since: dt.date
    entry: int
    basis: str | None
    document: str | None


class View:
    """See the module. Lazy: a view costs what is asked of it, and keeps the answers."""

    def __init__(self, journal: Journal, as_of: dt.date | None, prefix: Prefix) -> None:
        self.journal = journal
        self.as_of = as_of
        self.prefix = prefix
        self.known_at = prefix.known_at
        self._day = None if as_of is None else day_number(as_of)
        self.columns = prefix.columns  # a snapshot: the journal moves on to other columns
        self._live = prefix.live
        self.answers: dict[Any, Any] = {}
        """What was made of the view and holds as long as it lives (fof.book.stakes)."""

    def on(self, day: dt.date | None) -> View:
        """The same book, as known at the same entry, on another day; None: on all days."""
        return self if self.as_of == day else self.journal.view(day, self.known_at)

    # -- money ----------------------------------------------------------------------------------------------------

    @cached_property
    def postings(self) -> Postings:
        """Live postings dated on or before the as-of day, in journal order."""
        everything = self.columns.postings
        if self.known_at == self.columns.head and self._day is None and bool(self._live.all()):
            return everything
        end = int(np.searchsorted(everything.entry, np.int32(self.known_at), side="right"))
        chosen = self._live[everything.entry[:end]]
        if self._day is not None:
            chosen &= everything.day[:end] <= self._day
        return everything.where(np.flatnonzero(chosen))

    # -- rows -----------------------------------------------------------------------------------------------------

    def dated(self, table: str) -> list[Dated]:
        """The rows of a table, by its name; what older entries keep in another form among them."""
        return self.prefix.dated(table, self._day)

    @property
    def parties(self) -> dict[int, PartyRecord]:
        """Every registered party by id; an identity is known from its entry on and is never withdrawn."""
        return self.prefix.parties

    @property
    def by_code(self) -> dict[str, PartyRecord]:
        """Parties by code."""
        return self.prefix.by_code

    def party(self, code: str) -> PartyRecord:
        """The party of a code; Unknown if there is none."""
        if code not in self.by_code:
            raise Unknown(Text("主体", "party"), code)
        return self.by_code[code]

    def of_kind(self, *wanted: PartyKind) -> list[PartyRecord]:
        """Parties of the given kinds, by code."""
        return sorted((p for p in self.parties.values() if p.kind in wanted), key=lambda p: p.code)

    @cached_property
    def deals(self) -> list[Dated]:
        """Deals (models.rows.Deal)."""
        return self.dated("deal")

    @cached_property
    def deal_by_id(self) -> dict[int, Dated]:
        """Deals by id."""
        return {d.row.id: d for d in self.deals}

    @cached_property
    def marks(self) -> list[Dated]:
        """Stated values (models.rows.Mark)."""
        return self.dated("mark")

    @cached_property
    def edges(self) -> list[Dated]:
        """Declared ownership shares (models.rows.Edge) whose end has not come on the as-of day."""
        return [
            e
            for e in self.dated("edge")
            if e.row.until is None or self.as_of is None or e.row.until > self.as_of
        ]

    @cached_property
    def notices(self) -> list[Dated]:
        """Call and distribution notices (models.rows.Notice)."""
        return self.dated("notice")

    @cached_property
    def positions(self) -> list[Dated]:
        """Disclosed cumulative positions (models.rows.Position)."""
        return self.dated("position")

    @cached_property
    def settings(self) -> list[Dated]:
        """Numbers of the rules (models.rows.Setting)."""
        return self.dated("setting")

    @cached_property
    def notice_lines(self) -> list[Dated]:
        """What call notices ask, component by component (models.rows.NoticeLine)."""
        return self.dated("notice_line")

    @cached_property
    def column_mappings(self) -> list[Dated]:
        """How foreign tables are read (models.rows.ColumnMapping)."""
        return self.dated("column_mapping")

    @cached_property
    def quarter_closes(self) -> list[Dated]:
        """Closed quarters (models.rows.QuarterClose)."""
        return self.dated("quarter_close")

    @cached_property
    def subject_facts(self) -> list[Dated]:
        """Attributes of subjects of any kind as stated (models.rows.SubjectFact); `attribute` gives what is in force."""
        return self.dated("subject_fact")

    # -- subjects -------------------------------------------------------------------------------------------------

    @property
    def subjects(self) -> IdentityRows:
        """Every registered subject (models.rows.Identity) by id; an identity is never withdrawn."""
        return self.prefix.subjects

    @property
    def subject_ids(self) -> SubjectIds:
        """(kind, code) → id of the registered subjects."""
        return self.prefix.subject_ids

    @cached_property
    def deal_codes(self) -> dict[str, int]:
        """Code → id of the live deals; of a code that an old book has twice, the later one's."""
        return {d.row.code: d.row.id for d in self.deals}

    def bearer(self, subject: Subject) -> Bearer:
        """The subject of an address as rows name it, of a deal's code the live deal; Unknown for a code that the book has not."""
        from models.subjects import columns_of

        components: list[str | int] = []
        for name, code in zip(columns_of(subject.kind), subject.codes, strict=False):
            number: str | int | None
            if name == "number":
                number = code
            elif name == "deal":
                number = self.deal_codes.get(code)
            elif name == "subject":
                number = self.subject_ids.get((subject.kind.value, code))
            else:
                number = self.party(code).id
            if number is None:
                raise Unknown(subject.kind.text, code)
            components.append(number)
        return (subject.kind.value, *components)

    def subject(self, bearer: Bearer) -> Subject:
        """The address of what a row names."""
        from models.subjects import Subject, SubjectKind, columns_of

        kind = SubjectKind(str(bearer[0]))
        codes: list[str] = []
        for name, number in zip(columns_of(kind), bearer[1:], strict=True):
            if name == "number":
                codes.append(str(number))
            elif name == "deal":
                codes.append(self._deal_code(int(number)))
            elif name == "subject":
                codes.append(self.subjects[int(number)].code)
            else:
                codes.append(self.parties[int(number)].code)
        first, second = (*codes, "", "")[:2]
        return Subject(kind, first, second)

    def _deal_code(self, number: int) -> str:
        """Of a deal of the prefix, be its entry reversed or not: what names it keeps its id."""
        live = self.deal_by_id.get(number)
        if live is not None:
            return str(live.row.code)
        return next(str(r.row[1]) for r in self.journal.rows("deal") if r.row[0] == number)

    def links_ever(self, subject: int) -> list[Dated]:
        """What a registered subject ever named in a role up to the as-of day, whether it has ended or not."""
        return [
            Dated(r.entry, r.line, to_date(r.day), r.row)
            for r in self.prefix.of_subject("subject_link", subject)
            if self._day is None or r.day <= self._day
        ]

    def links(self, subject: int) -> list[Dated]:
        """What a registered subject names in a role (models.rows.SubjectLink) on the as-of day, by (day, entry, line)."""
        return [
            link
            for link in self.links_ever(subject)
            if link.row.until is None or self.as_of is None or self.as_of <= link.row.until
        ]

    @cached_property
    def decisions(self) -> list[Dated]:
        """Decisions about findings (models.rows.Decision)."""
        return self.dated("decision")

    # -- attributes -----------------------------------------------------------------------------------------------

    def _until(self, records: list[RowRecord], day: int | None) -> int:
        """How many of the rows, ordered by day, are dated on or before the day."""
        if day is None or not records or records[-1].day <= day:
            return len(records)
        return bisect_right(records, day, key=lambda r: r.day)

    def _stated(self, bearer: Bearer, name: str) -> list[RowRecord]:
        """The rows of an attribute, in whichever of the two tables it lives."""
        records = self.prefix.stated(name).get(bearer)  # type: ignore[arg-type]
        if records or self.prefix.of_facts_alone(name):
            return records or []
        return self.prefix.subject_facts.get(bearer, {}).get(name, [])

    def _records(self, bearer: Bearer, name: str) -> list[RowRecord]:
        records = self._stated(bearer, name)
        return records[: self._until(records, self._day)]

    def _latest(self, bearer: Bearer, name: str, day: int | None) -> RowRecord | None:
        """The latest row that starts on or before the day and has not ended by then."""
        records = self._stated(bearer, name)
        for place in range(self._until(records, day), 0, -1):
            record = records[place - 1]
            ends = getattr(record.row, "until", None)
            if ends is None or day is None or day <= day_number(ends):
                return record
        return None

    def fact_records(self, party: int, name: str) -> list[RowRecord]:
        """The rows behind a party's attribute up to the as-of day, by day and entry; as stored."""
        return self._records(("party", party), name)

    def fact(self, party: int, name: str, default: Any = None) -> Any:
        """The value of a party's attribute in force on the as-of day, or `default` where none is known."""
        may_pause()  # whoever asks for figures of a whole office looks up some thousand attributes
        bearer = ("party", party)
        records = self.prefix.stated(name).get(bearer)
        if records:
            last, day = records[-1], self._day
            if day is None or last.day <= day:  # what stands in this table has no end
                return self.prefix.value(last)
        return self.attribute(bearer, name, default)

    def facts_each(self, parties: Iterable[int], name: str) -> list[Any]:
        """The same attribute of many parties, None where none is known: what `fact` answers for each."""
        stated, day, value = self.prefix.stated(name), self._day, self.prefix.value
        answer = []
        for party in parties:
            records = stated.get(("party", party))
            if records and (day is None or records[-1].day <= day):  # of this table nothing ends
                answer.append(value(records[-1]))
            else:
                answer.append(self.fact(party, name))
        return answer

    def attribute(self, bearer: Bearer, name: str, default: Any = None) -> Any:
        """The value of any subject's attribute in force on the as-of day, or `default`."""
        record = self._latest(bearer, name, self._day)
        return default if record is None else self.prefix.value(record)

    def in_force(self, party: int, name: str) -> FactInForce | None:
        """The attribute in force on the as-of day with its day, entry, basis and document; None where none is known."""
        return self.stated(("party", party), name)

    def stated(self, bearer: Bearer, name: str) -> FactInForce | None:
        """Any subject's attribute in force on the as-of day with its day, entry, basis and document; None where none is known."""
        record = self._latest(bearer, name, self._day)
        return None if record is None else self._in_force(record)

    def fact_on(self, party: int, name: str, day: dt.date) -> FactInForce | None:
        """The attribute as it was in force on an earlier day."""
        wanted = day_number(day) if self._day is None else min(day_number(day), self._day)
        record = self._latest(("party", party), name, wanted)
        return None if record is None else self._in_force(record)

    def history(self, party: int, name: str) -> list[FactInForce]:
        """Every value the attribute has had up to the as-of day, oldest first."""
        return self.statements(("party", party), name)

    def statements(self, bearer: Bearer, name: str) -> list[FactInForce]:
        """Every statement of any subject's attribute up to the as-of day, oldest first."""
        return [self._in_force(r) for r in self._records(bearer, name)]

    def facts_of(self, party: int) -> dict[str, FactInForce]:
        """All attributes of the register (models.facts.FACTS) of a party in force on the as-of day."""
        return self._in_force_of(("party", party), self.prefix.facts)

    def attributes(self, bearer: Bearer) -> dict[str, FactInForce]:
        """What has an end or is of no register (models.facts.SUBJECT_FACTS), of any subject, in force on the as-of day."""
        return self._in_force_of(bearer, self.prefix.subject_facts)

    def _in_force_of(self, bearer: Bearer, stated: dict[Any, Attributes]) -> dict[str, FactInForce]:
        latest = {name: self._latest(bearer, name, self._day) for name in stated.get(bearer, {})}
        return {name: self._in_force(record) for name, record in latest.items() if record is not None}

    def _in_force(self, record: RowRecord) -> FactInForce:
        row: tables.Fact | tables.SubjectFact = record.row  # type: ignore[assignment]
        value = self.prefix.value(record)
        return FactInForce(row.name, value, to_date(record.day), record.entry, row.basis, row.document)

    def name(self, party: int) -> str:
        """The party's name in force, its code where no name is known."""
        return str(self.fact(party, "name") or self.parties[party].code)

    # -- entries --------------------------------------------------------------------------------------------------

    def booked(self, key: str) -> BookedKey | None:
        """What an idempotency key was used for; looks at the whole journal, whatever the as-of day."""
        return self.journal.booked(key)

    def entry(self, entry_id: int) -> EntryRecord:
        """The head of one entry; Unknown outside the prefix."""
        heads = self.heads([entry_id])
        if not heads:
            raise Unknown(Text("分录", "entry"), entry_id)
        return heads[entry_id]

    def heads(self, ids: Iterable[int]) -> dict[int, EntryRecord]:
        """The heads of some entries of the prefix by id, as they were known: a later reversal is none."""
        return self.journal.heads(ids, self.known_at)
