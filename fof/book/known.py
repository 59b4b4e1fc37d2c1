"""When: what people call a state of knowledge, turned into the last entry that was known then.

A day is the office's own (Asia/Shanghai) to its end; a quarter that was closed is the prefix its reports were made from
("2026-Q2"); a report that was given a name ("年报2025") is the prefix it was made from; a number is an entry. Every figure is a function of that entry and the as-of day, whatever it was called.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from fof import words
from fof.book.reading import once_per_prefix
from fof.errors import BadEntry, Problem, Refused, Unknown
from fof.ledger import Dated, EntryRecord, Journal, View, former
from models.facts import REPORT
from models.frozen import frozen
from models.text import Text

# patterns are compiled when something is named: a command that takes what is latest does without
_QUARTER = r"(?:(?P<portfolio>.+)[:：])?(?P<year>[0-9]{4})-?[Qq](?P<quarter>[1-4])(?:/(?P<turn>[0-9]+))?"
_NAME = r"\w[\w .·\-]{0,58}\w|\w"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LAST = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


@frozen
class Close:
    """A quarter as it was closed: the prefix is entries 1 … `known_at`, `leaf` the hash of its last entry.

    party : whose portfolio it is; None for all funds of a currency
    """

    quarter_end: dt.date
    portfolio: str
    known_at: int
    leaf: str
    entry: int
    closed_by: str
    open_items: int
    reason: str
    party: int | None


@frozen
class Named:
    """A state of knowledge with a name: `name` is what `known_at` takes, `entry` the one that gave it.

    portfolio : code, of a closed quarter; "" of a report
    """

    name: str
    portfolio: str
    known_at: int
    entry: int


def closes(view: View) -> list[Close]:
    """Every close the view knows, by quarter, the latest close of a quarter last."""
    return [c for c in _every_close(view) if view.as_of is None or c.quarter_end <= view.as_of]


@once_per_prefix
def _every_close(view: View) -> list[Close]:
    heads = view.heads(c.entry for c in view.quarter_closes)
    return [_close(heads[close.entry], close) for close in view.quarter_closes]


def _close(head: EntryRecord, close: Dated) -> Close:
    row = close.row
    reason = row.reason or former.reason_in(head.note)
    return Close(
        close.day,
        row.portfolio,
        row.known_at,
        row.leaf,
        close.entry,
        head.recorded_by,
        row.open_items,
        reason,
        row.party,
    )


def names(journal: Journal, portfolio: str | None = None) -> list[Named]:
    """Every named state of knowledge: reports, the latest first, then quarters, the newest first: each quarter's last close by
    the quarter's name, closes before it with their number in order ("2026-Q2/1"). Quarters of one portfolio, or of all with
    the portfolio's code before the name."""
    return [*reversed(reports(journal.view())), *_quarters(journal, portfolio)]


def reports(view: View) -> list[Named]:
    """The reports that were given a name, in the order of the journal."""
    return [*_every_report(view)]


@once_per_prefix
def _every_report(view: View) -> tuple[Named, ...]:
    stated: list[tuple[int, Any]] = [(r.entry, r.row) for r in view.prefix.stating(REPORT)]
    return tuple(Named(str(row.basis), "", int(row.value), entry) for entry, row in stated)


def may_be_named(name: str) -> bool:
    """Whether a report may have a name: one that is no entry's number, day or quarter, with nothing a label would add."""
    return (
        not (name.isdigit() or re.fullmatch(_DAY, name) or re.fullmatch(_QUARTER, name))
        and re.fullmatch(_NAME, name) is not None
    )


def _quarters(journal: Journal, portfolio: str | None) -> list[Named]:
    by_quarter: dict[tuple[str, dt.date], list[Close]] = {}
    for close in closes(journal.view()):
        if portfolio is None or close.portfolio == portfolio:
            by_quarter.setdefault((close.portfolio, close.quarter_end), []).append(close)
    listed = []
    for (code, end), made in sorted(
        by_quarter.items(), key=lambda item: (item[0][1], item[0][0]), reverse=True
    ):
        name = quarter_name(end) if portfolio is not None else f"{code}:{quarter_name(end)}"
        listed.append(Named(name, code, made[-1].known_at, made[-1].entry))
        listed += [Named(f"{name}/{n}", code, c.known_at, c.entry) for n, c in enumerate(made[:-1], 1)]
    return listed


def quarter_name(end: dt.date) -> str:
    """2026-Q2 for the quarter that ends on 2026-06-30."""
    return f"{end.year}-Q{(end.month + 2) // 3}"


def known_at(journal: Journal, text: str | None, today: dt.date, portfolio: str | None = None) -> int:
    """The last entry known at what the text names: an entry's number, a day (ISO), a closed quarter, a report; the head where None.

    today     : the office's day, for a day that is still to come is refused
    portfolio : code; whose close a quarter's name means where several portfolios were closed
    A day before the first entry is 0: an empty book. Unknown for an entry or close that is not in the book, Refused for a
    day to come, a name that fits the closes of several portfolios, and what is none of these.
    """
    wanted = (text or "").strip()
    if not wanted:
        return journal.head
    if wanted.isascii() and wanted.isdigit():
        if int(wanted) > journal.head:
            raise Unknown(Text("分录（已知时点）", "entry"), wanted, [f"0 – {journal.head}"])
        return int(wanted)
    if re.fullmatch(_DAY, wanted):
        return known_on(journal, _day(wanted), today)
    for report in reports(journal.view()):
        if report.name.casefold() == wanted.casefold():
            return report.known_at
    if quarter := re.fullmatch(_QUARTER, wanted):
        return _closed(journal, quarter, wanted, portfolio)
    raise _refused(
        "not_a_moment",
        Text(
            "分录编号、日期（2026-06-30）、已结账的季度（2026-Q2）或报告的名称",
            "an entry's number, a day (2026-06-30), a closed quarter (2026-Q2) or the name of a report",
        ),
        wanted,
    )


def _refused(code: str, text: Text, found: str) -> Refused:
    return Refused([Problem(code, text, found)], Text("已知至（--known-at）", "known at (--known-at)"))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise _refused("no_such_day", Text("日历上有的日期", "a day of the calendar"), text) from None


def known_on(journal: Journal, day: dt.date, today: dt.date) -> int:
    """The last entry recorded by the end of the office's day; 0 before the first one. Refused for a day to come."""
    if day > today:
        text = Text(
            f"不晚于今天（{today}）的日期：其后会知道什么，现在还没有", f"a day not after today ({today})"
        )
        raise _refused("day_to_come", text, day.isoformat())
    known, unknown = 0, journal.head + 1  # entries are recorded in the order of their numbers
    while unknown - known > 1:
        middle = (known + unknown) // 2
        [head] = journal.entries(middle, middle)
        try:
            recorded = words.office_time(head.recorded_at).date()
        except ValueError as error:
            raise BadEntry(middle, "entry", 1) from error
        if recorded <= day:
            known = middle
        else:
            unknown = middle
    return known


def _closed(journal: Journal, quarter: re.Match[str], wanted: str, portfolio: str | None) -> int:
    code = quarter["portfolio"]
    end = dt.date(int(quarter["year"]), *_LAST[int(quarter["quarter"])])
    every = _quarters(journal, None)
    fits = [
        n
        for n in every
        if n.name == f"{n.portfolio}:{quarter_name(end)}" + (f"/{quarter['turn']}" if quarter["turn"] else "")
    ]
    own = [n for n in fits if n.portfolio == (code or portfolio)]
    if own or (code is None and len({n.known_at for n in fits}) == 1):
        return (own or fits)[0].known_at
    if fits and code is None:
        listed = ", ".join(n.name for n in fits)
        raise _refused(
            "several_closes",
            Text(f"几个组合都结过这个季度，写明是哪一个：{listed}", f"one of {listed}"),
            wanted,
        )
    raise Unknown(Text("已结账的季度", "closed quarter"), wanted, [n.name for n in every[:6]])
