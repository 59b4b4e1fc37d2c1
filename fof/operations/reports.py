"""Reports by name: which state of knowledge a report that was given out was made from, so that it can be printed again."""

from __future__ import annotations

from fof import ledger
from fof.access import Actor
from fof.book.known import may_be_named, reports
from fof.db import Database
from fof.errors import Problem, Where
from fof.intake.closes import report_draft
from fof.intake.days import none_to_come
from fof.ledger import Already, Booked, Ids, Plan, View
from models.text import Text


def name_report(database: Database, actor: Actor, name: str, known_at: int, why: str) -> Booked:
    """Book that a report of this name is made from the entries 1 … known_at. The same name for the same state again books nothing.

    why : what the report is, who was given it; needed, and kept
    BookingRefused where the name is an entry's number, a day, a quarter or another report's, where no reason is given, or
    the entry is not in the book; NotAllowed without the right to book.
    """
    stated, reason = name.strip(), why.strip()

    def plan(view: View, _ids: Ids) -> Plan:
        wrong = []
        if not may_be_named(stated):
            text = Text(
                "不超过 60 个字的名称，不得是数字、日期或季度，只含文字、数字、空格、点与连字符",
                "a name of at most 60 letters, digits, blanks, dots and hyphens that is no number, day or quarter",
            )
            wrong.append(Problem("bad_name", text, stated, Where(field=Text("报告名称", "report name"))))
        if not reason:
            text = Text("须写明是什么报告", "what the report is")
            wrong.append(
                Problem(
                    "reason_missing",
                    text,
                    None,
                    Where(field=Text("是什么报告、交给了谁", "what it is, who was given it")),
                )
            )
        if not 0 < known_at <= view.known_at:
            text = Text(f"须为 1 至 {view.known_at} 的分录编号", f"an entry from 1 to {view.known_at}")
            wrong.append(Problem("unknown_entry", text, str(known_at)))
        named = next((r for r in reports(view) if r.name.casefold() == stated.casefold()), None)
        if named is not None and named.known_at == known_at:
            return Plan([], wrong, [Already(f"report/{stated}", named.entry)])
        if named is not None:
            text = Text(
                f"该名称已指至分录 {named.known_at}（分录 {named.entry}）；请另取名称",
                f"another name: this one means the state of entry {named.known_at} (by entry {named.entry})",
            )
            wrong.append(Problem("name_taken", text, stated, Where(field=Text("报告名称", "report name"))))
        return Plan([] if wrong else [report_draft(view, stated, known_at, reason)], wrong)

    return ledger.book(database, actor, none_to_come(plan), action="book")
