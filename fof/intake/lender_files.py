"""A lender's monthly file of loans against the register, before it is booked: strangers, missing loans, balances, days overdue."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from fof.book.pools import pools_of
from fof.book.pools.loans import Loan
from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from models.money import yuan_text
from models.subjects import SubjectKind
from models.text import Text, counted

OVERDUE_DAYS_APART = 3
"""Days overdue that a lender counts otherwise (due day counted or not, a weekend) and that contradict nothing."""


def compare_lender_file(planning: Planning, table: Table) -> bool:
    """Whether every loan of the file is in the register. A problem for each row of a loan that is not; a warning for each that the register contradicts, and for each
    loan of the same lender that is outstanding and not in the file."""
    pools, before = pools_of(planning.view), planning.wrong_cells
    listed: dict[dt.date, set[int]] = defaultdict(set)
    lenders: dict[dt.date, set[int | None]] = defaultdict(set)
    first: dict[dt.date, TypedRow] = {}
    for row in table.rows:
        code, day = str(row.text("code")), row.day("since")
        number = planning.view.subject_ids.get((SubjectKind.LOAN.value, code))
        loan = None if number is None else pools.loans.get(number)
        if loan is None and (SubjectKind.LOAN.value, code) in planning.subjects:
            continue  # enrolled by this very file: there is nothing yet to compare it with
        if loan is None:
            text = Text(
                "台账中没有此笔贷款（RC-21）；先登记入池再报月报",
                "no loan of this code in the register (RC-21): enrol it before the lender's file",
            )
            planning.problem(table, row, "code", "stranger_in_file", text, code)
            continue
        if day is None:
            continue
        listed[day].add(loan.subject.number)
        lenders[day].add(loan.lender)
        first.setdefault(day, row)
        _compared(planning, table, row, loan, day)
    for day, numbers in listed.items():
        absent = [
            loan
            for loan in pools.loans.values()
            if loan.lender in lenders[day] and loan.subject.number not in numbers and loan.balance(day) > 0
        ]
        for loan in sorted(absent, key=lambda own: own.code):
            text = Text(
                f"月报漏报：台账余额 {yuan_text(loan.balance(day))} 元（RC-21）",
                f"not in the file: {yuan_text(loan.balance(day))} yuan outstanding in the register (RC-21)",
            )
            planning.warn(table, first[day], "code", "missing_in_file", text, loan.code)
    return planning.wrong_cells == before


def _compared(planning: Planning, table: Table, row: TypedRow, loan: Loan, day: dt.date) -> None:
    stated, ours = row.fen("stated_balance"), loan.balance(day)
    if stated is not None and stated != ours:
        text = Text(
            f"余额与台账不符：台账 {yuan_text(ours)} 元，相差 {yuan_text(stated - ours)} 元（RC-21）",
            f"the register has {yuan_text(ours)} yuan outstanding, {yuan_text(stated - ours)} apart (RC-21)",
        )
        planning.warn(table, row, "stated_balance", "balance_apart", text, yuan_text(stated))
    days = row["stated_overdue_days"]
    if days is not None and abs(int(days) - loan.overdue_days(day)) > OVERDUE_DAYS_APART:
        text = Text(
            f"逾期天数与台账不符：台账 {loan.overdue_days(day)} 天（RC-21）",
            f"the register has {counted(loan.overdue_days(day), 'day')} overdue (RC-21)",
        )
        planning.warn(table, row, "stated_overdue_days", "overdue_apart", text, days)
