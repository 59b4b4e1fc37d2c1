"""Since when: the first day of the run of days on which a rule said the same of a subject."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from fof.audit.auditor import auditor_of
from fof.audit.collector import collector_waits
from fof.audit.findings import NEEDS_SOMEBODY, Audit
from fof.ledger import View, to_date
from fof.rules.calendar_days import quarter_end_before
from fof.rules.registry import Verdict
from models.subjects import Subject


@collector_waits()
def with_since(view: View, audit: Audit, first: dt.date | None = None) -> Audit:
    """The audit with `since` filled in where a breach, warning or unknown does not tell it: the first day of the run of days
    on which the rule gave the same verdict about the same subject, up to the audit's day.

    Looks back quarter by quarter (to `first` at the earliest), each time only at the rules and subjects still open, then
    halves the quarter in which each run began. A verdict that came, went and came again between two quarter-ends is dated
    to one of the days on which it came.
    """
    open_ones = {(f.rule, f.subject): f.verdict for f in audit.of(*NEEDS_SOMEBODY) if f.since is None}
    began = dict.fromkeys(open_ones, audit.as_of)
    turned: dict[
        dt.date, dict[_Pair, Verdict]
    ] = {}  # quarter-end without it -> runs that began in the next quarter
    look = _LookBack(view, audit)
    day = quarter_end_before(audit.as_of - dt.timedelta(days=1))
    days = look.auditor.book.view.postings.day
    earliest = first or (to_date(int(days.min())) if len(days) else audit.as_of)
    while open_ones and day >= earliest:
        still = look.still(open_ones, day)
        turned[day] = {pair: verdict for pair, verdict in open_ones.items() if pair not in still}
        open_ones = still
        began.update(dict.fromkeys(open_ones, day))
        day = quarter_end_before(day - dt.timedelta(days=1))
    for before, runs in turned.items():
        began.update(look.halve(runs, before, began))
    dated = [
        f._replace(since=began.get((f.rule, f.subject)))
        if f.since is None and f.verdict in NEEDS_SOMEBODY
        else f
        for f in audit.findings
    ]
    return replace(audit, findings=tuple(dated))


_Pair = tuple[str, Subject]


class _LookBack:
    """What the rules said about some subjects on earlier days."""

    def __init__(self, view: View, audit: Audit) -> None:
        self.auditor, self._view, self._rules_as_of = auditor_of(view), view, audit.rules_as_of

    def still(self, pairs: Mapping[_Pair, Verdict], day: dt.date) -> dict[_Pair, Verdict]:
        """Those of the pairs (rule, subject) that had the same verdict on a day."""
        about: dict[str, set[Subject]] = defaultdict(set)
        for rule, subject in pairs:
            about[rule].add(subject)
        office = self.auditor.office(self._view.on(day))
        standing = {
            (f.rule, f.subject, f.verdict) for f in self.auditor.judge(office, self._rules_as_of, about)
        }
        return {pair: verdict for pair, verdict in pairs.items() if (*pair, verdict) in standing}

    def halve(
        self, pairs: Mapping[_Pair, Verdict], before: dt.date, began: Mapping[_Pair, dt.date]
    ) -> dict[_Pair, dt.date]:
        """The first day of each run between a day without it and the day on which it was seen; all that began in one half
        are looked at together."""
        first_days: dict[_Pair, dt.date] = {}
        waiting = [(before, after, runs) for after, runs in _by_day(pairs, began).items()]
        while waiting:
            low, high, runs = waiting.pop()
            if (high - low).days <= 1:
                first_days.update(dict.fromkeys(runs, high))
                continue
            middle = low + (high - low) // 2
            there = self.still(runs, middle)
            later = {pair: verdict for pair, verdict in runs.items() if pair not in there}
            waiting += [(a, b, own) for a, b, own in ((low, middle, there), (middle, high, later)) if own]
        return first_days


def _by_day(
    pairs: Mapping[_Pair, Verdict], began: Mapping[_Pair, dt.date]
) -> dict[dt.date, dict[_Pair, Verdict]]:
    by_day: dict[dt.date, dict[_Pair, Verdict]] = defaultdict(dict)
    for pair, verdict in pairs.items():
        by_day[began[pair]][pair] = verdict
    return by_day
