"""Quarter closes: the entry of one, and the closes of an export, booked after everything else of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from fof.book.entries import CARRIED
from fof.book.known import closes
from fof.errors import Problem
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.ledger import Already, Draft, Ids, Plan, Planner, Source, View, request_digest
from models.kinds import EntryKind
from models.rows import QuarterClose
from models.text import Text

_QUARTER_ENDS = frozenset({(3, 31), (6, 30), (9, 30), (12, 31)})
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


def close_problems(tables: Sequence[Table], codes: Collection[str]) -> list[Problem]:
    """What is wrong with the closes of a file; codes: parties of the book and the file."""
    problems = []
    for table in tables:
        for row in table.rows:
            code, day = str(row.text("portfolio")), row.day("day")
            assert day is not None
            if not code.startswith(_EVERYTHING) and code not in codes:
                text = Text(
                    "账中及本文件中没有此组合", "no portfolio of this code in the book or in this file"
                )
                problems.append(Problem("unknown_party", text, code, table.where(row.number, "portfolio")))
            if (day.month, day.day) not in _QUARTER_ENDS:
                text = Text("须为季度末日", "a quarter end expected")
                problems.append(Problem("not_a_quarter_end", text, str(day), table.where(row.number, "day")))
    return problems


def closes_planner(tables: Sequence[Table]) -> Planner:
    """For the ledger, after the rest of the file is booked: one entry for each close, on all the book holds by then."""

    def plan(view: View, _ids: Ids) -> Plan:
        known = [((c.portfolio, c.quarter_end, c.open_items, c.reason), c.entry) for c in closes(view)]
        result, at = Plan(), view.known_at
        for table in tables:
            for row in table.rows:
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
                first = row.text("source")
                name = table.file if first is None else first + CARRIED
                draft.source = Source(table.digest, name, table.sheet or None, row.number)
                result.drafts.append(draft)
        return result

    return plan


def _close(row: TypedRow) -> tuple[str, dt.date, int, str]:
    day = row.day("day")
    assert day is not None
    return str(row.text("portfolio")), day, int(row["open_items"]), row.text("reason") or ""
