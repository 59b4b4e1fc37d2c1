"""Working days between two days as a rule counts them: by the one calendar of published notices (fof.calendar), a range where a
notice is missing. What the range leaves open is neither kept nor broken."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from fof.calendar import Deadline, WorkingCalendar
from models.text import Text


class WorkedDays(NamedTuple):
    """Working days after a day up to and with another: at least, at most; equal where every notice is there.

    last   : the day on which the days allowed are used up; past the last notice "not before" a day
    allowed: how many there are
    """

    least: int
    most: int
    last: Deadline
    allowed: int
    late_since: dt.date | None

    @property
    def in_time(self) -> bool | None:
        """Whether no more than the days allowed were used; None where a missing notice decides it."""
        if self.most <= self.allowed:
            return True
        return False if self.least > self.allowed else None

    @property
    def text(self) -> Text:
        """The number as far as it is known, and the last day of the time allowed."""
        zh, en = (
            (f"{self.least} 个工作日", f"{self.least} working days")
            if self.least == self.most
            else (f"{self.least} 至 {self.most} 个工作日", f"{self.least} to {self.most} working days")
        )
        last = self.last.text
        return Text(
            f"{zh}（不超过 {self.allowed}，期限 {last.zh}）", f"{en} (at most {self.allowed}, due {last.en})"
        )

    @property
    def notes(self) -> tuple[Text, ...]:
        """Which notice would settle what is open."""
        if self.in_time is not None or self.last.missing is None:
            return ()
        year = self.last.missing
        return (
            Text(
                f"缺 {year} 年放假通知，登记后方可判断",
                f"the notice on public holidays of {year} is missing: it decides this",
            ),
        )


def worked(calendar: WorkingCalendar, first: dt.date, last: dt.date, allowed: int) -> WorkedDays:
    """Working days in (first, last] against a number allowed after `first`."""
    least, most = calendar.working_day_range(first, last)
    after = calendar.deadline(first, allowed + 1)
    since = after.day if after.missing is None else None
    return WorkedDays(least, most, calendar.deadline(first, allowed), allowed, since)
