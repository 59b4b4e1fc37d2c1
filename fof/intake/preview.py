"""Preview a file, book it: the same plan both times, everything or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fof.access import ENTRY_ACTIONS, Actor
from fof.book import late
from fof.db import Database
from fof.errors import (
    BookingRefused,
    Busy,
    ImportRefused,
    NotAllowed,
    Problem,
    Unavailable,
    Unknown,
    Where,
)
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import Mapping
from fof.importers.reader import read_file
from fof.importers.tables import Table
from fof.intake.attributes import plan_attributes, settle
from fof.intake.calls import Calls
from fof.intake.cash import plan_cash
from fof.intake.closes import close_problems, closes_planner
from fof.intake.coinvestment import plan_coinvestment
from fof.intake.commitments import plan_commitments
from fof.intake.coverage_targets import plan_targets
from fof.intake.created import plan_created
from fof.intake.days import future_days
from fof.intake.deals import plan_deals
from fof.intake.distributions import look_at_distributions, plan_distributions
from fof.intake.files import FileReading, read_tables
from fof.intake.holiday_notices import check_holiday_notices
from fof.intake.in_kind import unvalued_deals
from fof.intake.instruments import check_instruments, plan_instruments
from fof.intake.lookalikes import look_alikes
from fof.intake.mappings import mapping_named, save_mapping
from fof.intake.movements import movement_rows
from fof.intake.office import decision_rows, settings_rows
from fof.intake.parts import Parts, plan_parts
from fof.intake.personal_sheets import PersonalDesk
from fof.intake.planning import Planning
from fof.intake.plausible import implausible
from fof.intake.pool_checks import check_pools
from fof.intake.pools import plan_pools
from fof.intake.registers import plan_company_years, plan_edges, plan_parties, plan_stated
from fof.intake.spans import check_spans
from fof.intake.statements import plan_positions, plan_valuations
from fof.intake.strategic_industries import plan_strategic_industries
from fof.intake.subjects import subject_rows
from fof.ledger import Already, Booked, Draft, Ids, Plan, Planner, View, read
from fof.ledger import book as book_plan
from fof.ledger import check as check_plan
from fof.words import today as office_today
from models.frozen import frozen
from models.journal import Fact
from models.kinds import EntryKind
from models.subjects import SubjectKind
from models.text import NO_TEXT, Text, counted

_RIGHTS = {
    "settings": "set_parameter",
    "dispositions": "dispose",
    "closes": "close_period",
    "audit_cases": "review",
    "requests": "request",
}
"""Layout → the right that its rows need; the others need that of booking, or of the kind of entry that a row states."""


def _actions(tables: Sequence[Table]) -> list[str]:
    """What it takes to book these tables."""
    needed: dict[str, None] = {}
    for table in tables:
        stated = (
            [row["entry"] for row in table.rows]
            if any(c.name == "entry" for c in table.layout.columns)
            else []
        )
        if table.layout.name == "evidence" and all(row["request"] is not None for row in table.rows):
            needed["request"] = None  # documents that answer an auditor's requests
        elif table.layout.name in _RIGHTS or not stated:
            needed[_RIGHTS.get(table.layout.name, "book")] = None
        needed.update(dict.fromkeys(ENTRY_ACTIONS[kind] for kind in stated))
    return [*needed] or ["book"]


@frozen
class Total:
    """Sum of an amount column: its header, the unit the file states, currency, whole fen."""

    header: str
    unit: str | None
    currency: str
    fen: int


@frozen
class SheetPreview:
    """One sheet: its layout, rows read, rows the mapping leaves out, totals to compare with a control total."""

    sheet: str
    layout: str
    rows: int
    skipped: int
    totals: tuple[Total, ...]


@dataclass(slots=True)
class Preview:
    """What booking the file would do. Nothing is written by a preview.

    drafts      entries that would be written, in order
    already     what the file states and the book holds
    repeated    the rows that state it, each with the entry that holds it: they are not booked again
    duplicates  rows that look like something booked under another reference, or like a correction of it
    problems    everything that is wrong; while there is one, nothing can be booked
    passed_by   sheets that were not read: empty, explanation, or not asked for
    late        what is dated into closed quarters, which booking asks a reason for: one problem, or none
    """

    file: str
    digest: str
    sheets: list[SheetPreview] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    already: list[Already] = field(default_factory=list)
    repeated: list[Problem] = field(default_factory=list)
    duplicates: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)
    late: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the file can be booked as it is."""
        return not self.problems

    @property
    def entries(self) -> dict[EntryKind, int]:
        """How many entries of each kind would be written."""
        return dict(Counter(draft.kind for draft in self.drafts))


class _Request:
    """A file read once, planned as often as the ledger asks."""

    def __init__(
        self,
        source: Path | bytes,
        name: str | None,
        layout: str | None,
        mapping: Mapping | None,
        sheets: Collection[str] | None,
        today: dt.date | None,
        database: Database,
    ) -> None:
        self.today = today or office_today()
        if layout is not None and layout not in LAYOUTS:
            raise Unknown(Text("版式", "layout"), layout)
        chosen = None if layout is None else LAYOUTS[layout]
        self.file = read_file(source, name)
        self.reading: FileReading = read_tables(self.file, chosen, mapping, sheets)
        for sheet in self.file.sheets:
            sheet.rows = []  # read: of a large file the cells would lie beside its rows to the end
        self.desk = PersonalDesk(database, self.reading.tables)
        self.problems = [*self.reading.problems, *(p for t in self.reading.tables for p in t.problems)]
        self.planning: Planning | None = None

    def planner(self) -> Planner:
        """For the ledger: the plan against the book as it stands."""

        def plan(view: View, ids: Ids) -> Plan:
            self.planning = planned(view, ids, self.reading.tables, self.today)
            self.desk.plan(self.planning)
            result = self.planning.plan()
            if self.planning.untold:
                result.problems.append(self._untold(self.planning.untold))
            result.problems = [*self.problems, *result.problems]
            if self.reading.problems:
                result.certain = frozenset()  # a sheet is missing as a whole
            return result

        return plan

    def _untold(self, number: int) -> Problem:
        text = Text(f"另有 {number} 处问题未列出", f"not listed: {counted(number, 'more problem')}")
        return Problem("too_many_problems", text, None, Where(self.file.name))

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems as they stand in the file: of the file first, then sheet by sheet and row by row."""
        sheets = {sheet.name: number for number, sheet in enumerate(self.file.sheets)}

        def place(problem: Problem) -> tuple[bool, int, int]:
            where = problem.where
            return problem.code == "too_many_problems", sheets.get(where.sheet or "", -1), where.row or 0

        return sorted(problems, key=place)


def planned(view: View, ids: Ids, tables: list[Table], today: dt.date) -> Planning:
    """The plan of a file's tables, what others refer to first; nothing that has happened is after today."""
    planning = Planning(view, ids, tables)
    future_days(planning, tables, today)
    of = {name: [t for t in tables if t.layout.name == name] for name in LAYOUTS}
    for table in tables:
        plan_created(planning, table)
    plan_parties(planning, of["parties"] + of["funds"] + of["companies"])
    plan_company_years(planning, of["company_years"])
    check_holiday_notices(planning, of["holiday_notices"])
    plan_stated(planning, [t for t in tables if t.layout.subject and t.layout.of is SubjectKind.PARTY])
    plan_edges(planning, of["edges"])
    plan_commitments(planning, of["commitments"])
    calls = Calls(planning)
    calls.plan_notices(of["capital_calls"])
    calls.know_notices(of["movements"])
    calls.plan_payments(of["payments"])
    distributed = plan_distributions(planning, of["distributions"], in_kind=False)
    parts = Parts()
    plan_deals(planning, of["deals"], parts)
    calls.plan_in_kind()
    unvalued_deals(planning, of["deals"])
    distributed += plan_distributions(planning, of["distributions"], in_kind=True)
    plan_stated(planning, [t for t in tables if t.layout.subject and t.layout.of is SubjectKind.DEAL])
    plan_attributes(planning, of["attributes"])
    plan_cash(planning, of["fund_cash"])
    plan_valuations(planning, of["valuations"])
    plan_positions(planning, of["positions"])
    plan_coinvestment(planning, tables)
    plan_pools(planning, tables)
    plan_instruments(planning, tables)
    plan_targets(planning, of["coverage_targets"])
    plan_strategic_industries(planning, of["strategic_industries"])
    subject_rows(planning, of["subjects"], parts)
    movement_rows(planning, of["movements"], parts)
    settings_rows(planning, of["settings"], parts)
    decision_rows(planning, of["dispositions"], parts)
    plan_parts(planning, parts)
    check_spans(planning)
    planning.problems += close_problems(of["closes"] + of["reports"], planning.parties.keys())
    look_at_distributions(planning, distributed)
    settle(planning)
    check_pools(planning)
    check_instruments(planning)
    for table in tables:
        planning.look_at_failed(table)
    planning.drafts.sort(key=_order)
    return planning


def _order(draft: Draft) -> tuple[int, dt.date]:
    """Parties first, then their attributes, then everything by its day."""
    first = {EntryKind.PARTIES: 0, EntryKind.TERMS: 1, EntryKind.OWNERSHIP: 1}.get(draft.kind, 2)
    if draft.kind == EntryKind.TERMS and not any(isinstance(row, Fact) for row in draft.rows):
        first = 2  # what an evaluation rests on is no attribute of the register
    return first, draft.effective_on


def preview(
    database: Database,
    source: Path | bytes,
    name: str | None = None,
    *,
    layout: str | None = None,
    mapping: Mapping | None = None,
    sheets: Collection[str] | None = None,
    today: dt.date | None = None,
) -> Preview:
    """What booking the file would do; every problem of the file is in the answer, none is raised.

    source : path, or bytes with the name they came under
    layout : name of the layout of all its sheets, where titles and headers do not say
    sheets : titles of the sheets to read; None for all
    today  : the last day on which something can have happened; the office's day where it is left out
    """
    try:
        request = _Request(source, name, layout, mapping, sheets, today, database)
    except ImportRefused as refused:
        return Preview(str(refused.what), "", problems=list(refused.problems))
    answer = Preview(request.file.name, request.file.digest, passed_by=request.reading.passed_by)
    answer.sheets = [_sheet(table) for table in request.reading.tables]
    plan, answer.drafts = check_plan(database, request.planner())
    assert request.planning is not None
    answer.already, answer.problems = plan.already, request.in_order(plan.problems)
    warnings = [w for t in request.reading.tables for w in t.warnings] + request.planning.warnings
    answer.warnings = request.in_order([*warnings, *implausible(request.planning)])
    answer.repeated = request.in_order(_repeated(request.planning))
    answer.duplicates = request.in_order(look_alikes(request.planning))
    if affected := late.late(request.planning.view, answer.drafts):
        answer.late = [late.problem([c for _draft, closed in affected for c in closed], len(affected))]
    return answer


def _repeated(planning: Planning) -> list[Problem]:
    """The rows of what the book holds already, with the entry and where that came from."""
    problems = []
    for table, row, entry in planning.repeated:
        head = planning.view.entry(entry)
        where = Where(head.source_name, head.source_sheet, head.source_row)
        source = NO_TEXT
        if where.text():
            source = Text(f"（{where.text('zh')}）", f" ({where.text('en')})")
        text = Text(
            f"已登记为分录 {entry}{source.zh}，本行不再登记；若为另一笔，请填写编号以示区别",
            f"booked as entry {entry}{source.en}, this row is not booked again; if it is another one, give it a reference",
        )
        problems.append(Problem("already_booked", text, str(entry), table.where(row.number)))
    return problems


def _sheet(table: Table) -> SheetPreview:
    totals = tuple(
        Total(table.headers[column], table.units.get(column), currency, fen)
        for (column, currency), fen in table.totals.items()
    )
    return SheetPreview(
        table.sheet, table.layout.name, len(table.rows) + len(table.failed), table.skipped, totals
    )


def book(
    database: Database,
    actor: Actor,
    source: Path | bytes,
    name: str | None = None,
    *,
    layout: str | None = None,
    mapping: Mapping | None = None,
    sheets: Collection[str] | None = None,
    digest: str | None = None,
    prepared_by: str | None = None,
    why: str | None = None,
    today: dt.date | None = None,
) -> Booked:
    """Book the file in one transaction, or raise ImportRefused with every problem and write nothing. Quarter closes of an
    export follow in a transaction of their own: each stands on all the entries before it.

    digest : of the file that was previewed; another file is refused
    why    : reason for what the file dates into closed quarters, once for the file; needed there alone (fof.book.late)
    """
    request = _Request(source, name, layout, mapping, sheets, today, database)
    closing = [t for t in request.reading.tables if t.layout.name in ("closes", "reports")]
    actions = _actions(request.reading.tables)
    if digest is not None and digest != request.file.digest:
        problem = Problem(
            "file_changed",
            Text("文件在预览之后已改变，请重新预览", "the file that was previewed; preview it again"),
            request.file.digest[:12],
            Where(request.file.name),
        )
        raise ImportRefused([problem], request.file.name)
    try:
        planner = request.desk.storing(late.reasoned(request.planner(), why))
        booked = book_plan(database, actor, planner, action=actions, prepared_by=prepared_by)
        if closing:
            actions = _actions(closing)
            last = book_plan(
                database, actor, closes_planner(closing), action=actions, prepared_by=prepared_by
            )
            booked = Booked([*booked.entries, *last.entries], [*booked.already, *last.already])
        return booked
    except BookingRefused as refused:
        request.desk.take_back()
        raise ImportRefused(request.in_order(refused.problems), request.file.name) from None
    except (NotAllowed, Busy, Unavailable):  # nothing was booked; of a lost answer nobody knows
        request.desk.take_back()
        raise


def import_with_mapping(
    database: Database,
    actor: Actor,
    source: Path | bytes,
    mapping: Mapping | str,
    day: dt.date,
    *,
    why: str | None = None,
    digest: str | None = None,
) -> Booked:
    """Book a foreign table with a mapping, and keep the mapping in the book from `day` on so that it can be used again.

    mapping : the mapping, or the name of one the book keeps. Unknown for no such name; ImportRefused as in book.
    digest  : of the file that was previewed, as in book; without one it is previewed here, so that a file that is refused
              leaves no mapping in the book
    """
    keep = None if isinstance(mapping, str) else mapping
    if isinstance(mapping, str):
        mapping = mapping_named(read(database).view(), mapping)
    elif digest is None:
        previewed = preview(database, source, mapping=mapping)
        missing = [] if (why or "").strip() else previewed.late
        if previewed.problems or missing:
            raise ImportRefused([*previewed.problems, *missing], previewed.file)
        digest = previewed.digest
    if keep is not None:
        save_mapping(database, actor, keep, day)
    return book(database, actor, source, None, mapping=mapping, digest=digest, why=why)
