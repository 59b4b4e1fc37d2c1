"""Quarter closes and named reports: the entry of one, and those of an export, booked after everything else of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from fof.book.entries import CARRIED
from fof.book.known import closes, may_be_named, reports
from fof.errors import Problem
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.ledger import Already, Draft, Ids, Plan, Planner, Source, View, request_digest
from fof.rules.calendar_days import quarter_end_before
from fof.words import today
from models.facts import REPORT
from models.kinds import EntryKind
from models.rows import QuarterClose, SubjectFact
from models.text import Text

_EVERYTHING = "ALL-"


def close_draft(
    view: View,
    party: int | None,
    code: str,
    quarter_end: dt.date,
    known_at: int,
    open_items: int,
    reason: str,
) -> Draft:
    """The entry of a close: the quarter's reports of a portfolio are made from the entries 1 … known_at of the view."""
    row = QuarterClose(party, code, known_at, view.entry(known_at).leaf.hex(), open_items, reason or None)
    note = f"{code} {quarter_end} 结账，依据分录 1–{known_at}，缺 {open_items} 项" + (
        f"：{reason}" if reason else ""
    )
    digest = request_digest("period_close", code, quarter_end, known_at, reason)
    key = keys.key("period_close", code, quarter_end, known_at)
    return Draft(EntryKind.PERIOD_CLOSE, quarter_end, key, digest, rows=[row], note=note)


def report_draft(view: View, name: str, known_at: int, why: str, day: dt.date | None = None) -> Draft:
    """The entry of a report's name: it is made from the entries 1 … known_at of the view. day: it was named, today where None."""
    row = SubjectFact("office", *(None,) * 5, REPORT, str(known_at), None, name, why)
    key = keys.key("report", name)
    while view.booked(key) is not None:
        key += "+"  # named before, and taken back
    return Draft(
        EntryKind.TERMS, day or today(), key, request_digest("report", name, known_at, why), rows=[row]
    )


def close_problems(tables: Sequence[Table], codes: Collection[str]) -> list[Problem]:
    """What is wrong with the closes of a file; codes: parties of the book and the file."""
    problems = []
    for table in tables:
        for row in table.rows if table.layout.name == "reports" else ():
            if not may_be_named(name := str(row.text("name"))):
                text = Text("不得是数字、日期或季度", "a name that is no number, day or quarter")
                problems.append(Problem("bad_name", text, name, table.where(row.number, "name")))
        for row in table.rows if table.layout.name == "closes" else ():
            code, day = str(row.text("portfolio")), row.day("day")
            assert day is not None
            if not code.startswith(_EVERYTHING) and code not in codes:
                text = Text(
                    "账中及本文件中没有此组合", "no portfolio of this code in the book or in this file"
                )
                problems.append(Problem("unknown_party", text, code, table.where(row.number, "portfolio")))
            if quarter_end_before(day) != day:
                text = Text("须为季度末日", "a quarter end expected")
                problems.append(Problem("not_a_quarter_end", text, str(day), table.where(row.number, "day")))
    return problems


def closes_planner(tables: Sequence[Table]) -> Planner:
    """For the ledger, after the rest of the file is booked: one entry for each close and report, on all the book holds by then."""

    def plan(view: View, _ids: Ids) -> Plan:
        known = [((c.portfolio, c.quarter_end, c.open_items, c.reason), c.entry) for c in closes(view)]
        result, at = Plan(), view.known_at
        named = {r.name.casefold(): r.entry for r in reports(view)}
        for table in tables:
            for row in table.rows if table.layout.name == "reports" else ():
                name = str(row.text("name"))
                if name.casefold() in named:
                    result.already.append(Already(f"report/{name}", named[name.casefold()]))
                    continue
                report = report_draft(view, name, at, str(row.text("reason")), row.day("day"))
                report.source = _source(table, row)
                result.drafts.append(report)
            for row in table.rows if table.layout.name == "closes" else ():
                close = _close(row)
                held = next((one for one in known if one[0] == close), None)
                if held is not None:
                    known.remove(held)
                    result.already.append(Already(f"period_close/{close[0]}/{close[1]}", held[1]))
                    continue
                code, day, open_items, reason = close
                party = None if code.startswith(_EVERYTHING) else view.party(code).id
                draft = close_draft(view, party, code, day, at, open_items, reason)
                while any(d.key == draft.key for d in result.drafts) or view.booked(draft.key) is not None:
                    draft.key += "+"  # the same quarter closed twice on one state of knowledge
                draft.source = _source(table, row)
                result.drafts.append(draft)
        return result

    return plan


def _source(table: Table, row: TypedRow) -> Source:
    first = row.text("source")
    name = table.file if first is None else first + CARRIED
    return Source(table.digest, name, table.sheet or None, row.number)


def _close(row: TypedRow) -> tuple[str, dt.date, int, str]:
    day = row.day("day")
    assert day is not None
    return str(row.text("portfolio")), day, int(row["open_items"]), row.text("reason") or ""
