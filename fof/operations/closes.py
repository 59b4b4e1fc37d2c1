"""Quarter close: what is missing, and the entry that names the journal prefix a quarter's reports were made from.

A close freezes nothing: what becomes known later is booked as ever, and the quarter can be closed again on a later prefix.
"""

from __future__ import annotations

import datetime as dt

from fof import ledger
from fof.access import Actor
from fof.book.known import Close, closes
from fof.book.notices import calls
from fof.book.portfolios import Portfolio
from fof.book.succession import current
from fof.db import Database
from fof.errors import Problem, Refused
from fof.figures.overview import CLOSED_WITH_VALUE, STALE_AFTER_DAYS
from fof.figures.performance import performance
from fof.intake.closes import close_draft
from fof.intake.days import none_to_come
from fof.ledger import Booked, Ids, Plan, View
from fof.rules.calendar_days import quarter_end_before
from models.facts import FACTS
from models.frozen import frozen
from models.kinds import FundStatus
from models.text import Text, counted

__all__ = ["Close", "Missing", "checklist", "close_quarter", "closes"]

_SIGNED = ("filed_quarterly_statement", "signed_truth_commitment")
_NOT_RUNNING = frozenset({FundStatus.CLOSED, FundStatus.MERGED, FundStatus.APPROVED})


@frozen
class Missing:
    """One thing a quarter still lacks. code: nav_missing, nav_unknown, nav_stale, closed_with_value, call_open, or an attribute's name."""

    code: str
    fund: int
    investor: int | None
    text: Text
    fen: int | None = None


def checklist(view: View, portfolio: Portfolio, quarter_end: dt.date) -> list[Missing]:
    """What is missing on a quarter end, as the view knows it: statements, stale values, unpaid notices, signatures.

    Refused where the day is no quarter end.
    """
    _require_quarter_end(quarter_end)
    now = view.on(quarter_end)
    lacking = _values(now, portfolio, quarter_end)
    lacking += [
        Missing(
            "call_open",
            c.fund,
            c.investor,
            Text(
                f"通知 {c.number} 未缴清（{'逾期 ' + str(c.days_late) + ' 天' if c.overdue else '未写明截止日'}）",
                f"notice {c.number} not paid ({str(c.days_late) + ' days overdue' if c.overdue else 'no due day stated'})",
            ),
            c.open,
        )
        for c in calls(now, portfolio.funds)
        if c.overdue or (c.open and c.due_on is None)
    ]
    ever = view.on(None)  # signed after the quarter, of course
    for fund in portfolio.funds:
        if now.fact(fund, "status") in _NOT_RUNNING or now.fact(fund, "established_on") is None:
            continue
        for name in _SIGNED:
            recorded = [f.value for f in ever.history(fund, name)]
            if quarter_end not in recorded:
                lacking.append(
                    Missing(
                        name, fund, None, Text(f"缺{FACTS[name].text.zh}", f"{FACTS[name].text.en} missing")
                    )
                )
    return lacking


def _values(view: View, portfolio: Portfolio, quarter_end: dt.date) -> list[Missing]:
    lacking = []
    for row in performance(view, portfolio).rows:
        value, fund = row.nav, current(view, row.funds[0])
        if value.fen == 0 and (value.marked_on is None or view.fact(fund, "status") == FundStatus.CLOSED):
            continue
        if view.fact(fund, "status") == FundStatus.CLOSED:
            text = CLOSED_WITH_VALUE.text
            lacking.append(Missing("closed_with_value", fund, None, text, value.fen))
            continue
        if value.fen is None:
            why = value.note
            text = (
                Text("没有净值", "no value")
                if why is None
                else Text(f"没有净值：{why.text.zh}", f"no value: {why.text.en}")
            )
            lacking.append(Missing("nav_unknown", fund, None, text))
        elif value.marked_on != quarter_end:
            age = value.age_days or 0
            code = "nav_stale" if age > STALE_AFTER_DAYS else "nav_missing"
            lacking.append(
                Missing(
                    code,
                    fund,
                    None,
                    Text(
                        f"缺本季末净值报告，最近为 {value.marked_on}（{age} 天前）",
                        f"no statement of the quarter end; latest {value.marked_on} ({counted(age, 'day')} before)",
                    ),
                    value.fen,
                )
            )
    return lacking


def _require_quarter_end(day: dt.date) -> None:
    if quarter_end_before(day) != day:
        raise Refused(
            [Problem("not_a_quarter_end", Text("须为季度末日", "a quarter end expected"), str(day))],
            Text("季度结账", "quarter close"),
        )


def close_quarter(
    database: Database,
    actor: Actor,
    portfolio: Portfolio,
    quarter_end: dt.date,
    known_at: int,
    reason: str = "",
) -> Booked:
    """Book that the quarter's reports are made from the entries 1 … known_at. The same close again books nothing.

    reason : why it is closed although something is missing; needed then, and kept
    Refused where the prefix is not in the book, does not reach the quarter, or lacks something and no reason is given;
    NotAllowed without the role (close_period).
    """
    _require_quarter_end(quarter_end)
    code = portfolio.code

    def plan(view: View, _ids: Ids) -> Plan:
        if not 0 < known_at <= view.known_at:
            return Plan(
                problems=[
                    Problem(
                        "unknown_entry",
                        Text(f"须为 1 至 {view.known_at} 的分录编号", f"an entry from 1 to {view.known_at}"),
                        str(known_at),
                    )
                ]
            )
        prefix = view.journal.view(quarter_end, known_at)
        open_items = len(checklist(prefix, portfolio, quarter_end))
        if open_items and not reason.strip():
            return Plan(
                problems=[
                    Problem(
                        "items_missing",
                        Text(
                            f"仍有 {open_items} 项缺失，须写明仍予结账的理由",
                            f"{counted(open_items, 'item')} missing; give a reason to close",
                        ),
                    )
                ]
            )
        return Plan(
            [close_draft(view, portfolio.party, code, quarter_end, known_at, open_items, reason.strip())]
        )

    return ledger.book(database, actor, none_to_come(plan), action="close_period")
