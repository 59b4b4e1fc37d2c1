"""The clocks of a claim: working days used for review and decision, days of correction not counted, and the last day allowed."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from fof.book.pools.claims import Claim
from fof.calendar import Deadline, NoticeMissing, WorkingCalendar
from models.pools import ClaimStep


class ClaimClock(NamedTuple):
    """Working days from a step to the first of its ends.

    used    : None where a notice of public holidays is missing
    stopped : whether the end has come      waiting : whether it stands still for a correction
    running : since when it runs on; None where it does not
    before  : working days used before that
    """

    used: int | None
    stopped: bool
    waiting: bool = False
    running: dt.date | None = None
    before: int | None = None

    def last_day(self, calendar: WorkingCalendar, allowed: int) -> Deadline | None:
        """The last working day on which it is still in time; past the last notice "not before" a day. None where it stands."""
        if self.running is None or self.before is None:
            return None
        return calendar.deadline(self.running, max(allowed - self.before, 0))


def clock(
    claim: Claim, start: ClaimStep, ends: tuple[ClaimStep, ...], day: dt.date, calendar: WorkingCalendar
) -> ClaimClock:
    """A claim's clock at the close of a day."""
    steps = claim.steps(day)
    begun = [at for at, (_, step) in enumerate(steps) if step is start]
    if not begun:
        return ClaimClock(0, stopped=False)
    running: dt.date | None = steps[begun[-1]][0]
    spans: list[tuple[dt.date, dt.date]] = []
    for on, step in steps[begun[-1] + 1 :]:
        if step is ClaimStep.RETURNED and running is not None:
            spans.append((running, on))
            running = None
        elif step is ClaimStep.RESUBMITTED:
            running = on
        elif step in ends or step is ClaimStep.WITHDRAWN:
            if running is not None:
                spans.append((running, on))
            return ClaimClock(_worked(spans, calendar), stopped=True)
    if running is None:
        return ClaimClock(_worked(spans, calendar), stopped=False, waiting=True)
    used = _worked([*spans, (running, day)], calendar)
    return ClaimClock(used, stopped=False, running=running, before=_worked(spans, calendar))


def _worked(spans: list[tuple[dt.date, dt.date]], calendar: WorkingCalendar) -> int | None:
    try:
        return sum(calendar.working_days(first, last) for first, last in spans)
    except NoticeMissing:
        return None
