"""A year's notice on public holidays by file: days of one year that fit the week, with the number of the notice. What the program
holds already is pointed out: a published year is not replaced (fof.calendar)."""

from __future__ import annotations

import datetime as dt

from fof.calendar import published
from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from models.text import Text

_COLUMNS = ("public_holidays", "makeup_workdays")
_SATURDAY = 5


def check_holiday_notices(planning: Planning, tables: list[Table]) -> None:
    """A problem for each notice without its document, without a day off, and for each cell that holds something else than days of
    one year: weekdays that are off, Saturdays and Sundays that are worked."""
    for table in tables:
        for row in table.rows:
            off = _days(planning, table, row, "public_holidays")
            worked = _days(planning, table, row, "makeup_workdays")
            if off is None or worked is None:
                continue
            if not off:
                text = Text("须填写放假的工作日", "the weekdays that are off are needed")
                planning.problem(table, row, "public_holidays", "required", text)
            if row.text("document") is None:
                text = Text("须填写通知文号", "the number of the notice is needed")
                planning.problem(table, row, "document", "required", text)
            years = sorted({day.year for day in (*off, *worked)})
            if len(years) > 1:
                text = Text("一行一年的通知", "a row is the notice of one year")
                planning.problem(
                    table, row, "public_holidays", "several_years", text, f"{years[0]}, {years[-1]}"
                )
            elif years and years[0] in published().notices:
                text = Text(
                    f"{years[0]} 年通知已收录，登记的日期不改变工作日计算",
                    f"the notice of {years[0]} is published in the program: these days change no count",
                )
                planning.warn(table, row, "public_holidays", "year_published", text, str(years[0]))


def _days(planning: Planning, table: Table, row: TypedRow, column: str) -> list[dt.date] | None:
    """The days of a cell; None where one cannot be, which is told."""
    days: list[dt.date] = []
    wrong: list[str] = []
    for code in row[column] or ():
        day = dt.date.fromisoformat(code)
        if (day.weekday() < _SATURDAY) == (column == _COLUMNS[0]):
            days.append(day)
        else:
            wrong.append(str(code))
    if wrong:
        text = (
            Text(
                "放假的工作日，如 2027-01-01（周末本不上班，不必填）",
                "weekdays such as 2027-01-01; weekends are off anyway",
            )
            if column == _COLUMNS[0]
            else Text(
                "调休上班的周六或周日，如 2027-02-20",
                "Saturdays and Sundays that are worked, such as 2027-02-20",
            )
        )
        planning.problem(table, row, column, "not_such_days", text, ", ".join(wrong))
        return None
    return days
