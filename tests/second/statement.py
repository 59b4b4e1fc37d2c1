"""Capital accounts and NAV bridges, from the fund's register: history moves with a stake, at carrying value, no price."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from second.holdings import holdings
from second.rows import Rows
from second.stakes import EXCESS, INSIDE, OUTSIDE, PERMANENT, RECALLABLE, RETURNED, Stake, absorptions, stakes

LINES = {
    "management_fee": ({69}, {64}),
    "expenses": (set(), {65, 68, 52}),
    "carry": ({67}, {66}),
    "interest": ({63, 20, 19}, {42}),
    "dividends": ({62}, set()),
    "treasury": ({72}, {71}),
}
"""Lines of a fund's result: kinds of postings that raise its value, kinds that lower it."""


@dataclass
class Statement:
    """In fen; None without a value at both ends. transfers: None where what changed hands had no value;
    rest: closing less opening, money and transfers."""

    opening: int | None
    closing: int | None
    money: int = 0
    transfers: int | None = 0
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def rest(self) -> int | None:
        if self.opening is None or self.closing is None or self.transfers is None:
            return None
        return self.closing - self.opening - self.money - self.transfers


def statement(
    rows: Rows, fund: str, investor: str | None, start: dt.date, end: dt.date, known_at: int | None
) -> Statement:
    before, after = rows.book(start, known_at), rows.book(end, known_at)
    if investor is None:
        found = Statement(_whole(rows, fund, start, known_at), _whole(rows, fund, end, known_at))
    else:
        then, now = (stakes(b).get((fund, investor), Stake(fund, investor)) for b in (before, after))
        found = Statement(then.nav, now.nav)
        moved = [fen for day, fen in now.carried if start < day <= end]
        found.transfers = None if None in moved else sum(fen for fen in moved if fen is not None)
    lines: dict[str, int] = defaultdict(int)
    for p in after.posting:
        if p["day"] <= start or p["fund"] is None or after.code[p["fund"]] != fund:
            continue
        for name, (up, down) in LINES.items():
            if p["kind"] in up | down:
                lines[name] += p["fen"] if p["kind"] in up else -p["fen"]
        if investor is not None and investor not in (
            after.code[p["from_party"]],
            after.code[p["to_party"]],
        ):
            continue
        if p["kind"] in INSIDE | OUTSIDE | {RETURNED}:
            found.money += p["fen"]
        elif p["kind"] in EXCESS | PERMANENT | RECALLABLE:
            found.money -= p["fen"]
    if investor is None:
        was, is_now = holdings(before), holdings(after)
        for name, part in (
            ("realised", lambda h: h.realised),
            ("unrealised", lambda h: (h.value or 0) - h.cost),
        ):
            change = sum(part(h) for (f, _), h in is_now.items() if f == fund)
            lines[name] = change - sum(part(h) for (f, _), h in was.items() if f == fund)
        found.lines = {name: fen for name, fen in lines.items() if fen}
    return found


def _whole(rows: Rows, fund: str, day: dt.date, known_at: int | None) -> int | None:
    """A fund as it was stated as a whole, with the money since, unless every account was stated later: then their sum.

    A fund that was absorbed is worth nothing of its own; its successor took over everything, accounts of investors who have
    no stake in it included, and is worth that much more until stated anew.
    """
    book = rows.book(day, known_at)
    every = stakes(book)
    gone = {former: (heir, on) for former, heir, on, _ in absorptions(book)}
    if fund in gone:
        return 0
    stated = [m for m in book.mark if book.code[m["holder"]] == book.code[m["holding"]] == fund]
    there = {i for f, i in every if f == fund}
    accounts = [
        s
        for (f, i), s in every.items()
        if f == fund or (gone.get(f, ("", day))[0] == fund and i not in there)
    ]
    days = [s.stated_on for s in accounts if s.stated_on is not None and (s.committed or s.paid_in)]
    values = [s.nav for s in accounts]
    total = None if any(v is None for v in values) else sum(v or 0 for v in values)
    if not stated or (total is not None and days and min(days) > stated[-1]["day"]):
        return total
    value, since = int(stated[-1]["fen"]), stated[-1]["day"]
    for p in book.posting:
        if p["fund"] is not None and book.code[p["fund"]] == fund and p["day"] > since:
            value += p["fen"] if p["kind"] in INSIDE | OUTSIDE | {RETURNED} else 0
            value -= p["fen"] if p["kind"] in EXCESS | PERMANENT | RECALLABLE else 0
    for former, (heir, on) in gone.items():
        if heir == fund and since <= on:
            before = _whole(rows, former, on - dt.timedelta(days=1), known_at)
            if before is None:
                return None
            value += before
    return None if value < 0 else value
