"""Whether each party paid what it owed, when it was due. AF-06."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from fof.rules import documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Due, Flow, LeftOut, StakeFacts
from fof.rules.registry import Confidence, Item, Level, Outcome, Scope, Verdict, missing, rule
from fof.rules.wording import listed, money_en, money_zh, pct, ratio
from models.text import Text


class Settled(NamedTuple):
    """One amount due: what was paid by its day, when it was paid in full, what is still open."""

    due_on: dt.date
    fen: int
    notice: str
    in_time: int
    full_on: dt.date | None
    open_fen: int


@dataclass(slots=True)
class _Open:
    """A due while payments are set against it."""

    due: Due
    in_time: int = 0
    rest: int = 0
    last_paid: dt.date | None = None

    def take(self, day: dt.date, fen: int) -> int:
        """Accept up to what is open; returns what is left of the payment."""
        used = min(fen, self.rest)
        if used:
            self.rest -= used
            self.in_time += used if day <= self.due.due_on else 0
            self.last_paid = day if self.last_paid is None else max(self.last_paid, day)
        return fen - used


def settle(stake: StakeFacts, as_of: dt.date) -> list[Settled]:
    """What became of each amount due by `as_of`; the reading is that of fof.book.notices.

    A payment counts for the notice it names; what names none, or is more than that notice asked, pays the oldest open
    due. Payments from before the first notice pay none. Money returned as excess takes away what was paid beyond the
    dues, so that it settles no later notice; it never reopens a due that had been paid.
    """
    known = sorted(stake.dues, key=lambda d: (d.due_on, d.asked_on or d.due_on, d.notice))
    dues = [_Open(due, rest=due.fen) for due in known]
    named: dict[str, list[_Open]] = {}
    for due in dues:
        named.setdefault(due.due.notice, []).append(due)
    first = min((due.asked_on for due in known if due.asked_on is not None), default=dt.date.min)
    unnamed: list[Flow] = []
    for flow in sorted(stake.paid):
        if flow.day > as_of or flow.day < first:
            continue
        left = flow.fen
        if flow.fen > 0 and flow.notice:
            for due in named.get(flow.notice, ()):
                left = due.take(flow.day, left)
        if left:
            unnamed.append(Flow(flow.day, left))
    surplus: list[Flow] = []
    for day, fen, _ in sorted(unnamed, key=lambda f: (f.day, f.fen < 0)):
        left = fen
        if left > 0:
            for due in dues:
                if (due.due.asked_on or due.due.due_on) <= day:
                    left = due.take(day, left)
            surplus += [Flow(day, left)] if left else []
        while left < 0 and surplus:
            last = surplus.pop()
            left += last.fen
            surplus += [Flow(last.day, left)] if left > 0 else []
    for day, fen, _ in surplus:
        left = fen
        for due in dues:
            left = due.take(day, left)
    return [
        Settled(d.due.due_on, d.due.fen, d.due.notice, d.in_time, None if d.rest else d.last_paid, d.rest)
        for d in dues
        if d.due.due_on <= as_of
    ]


@rule(
    "AF-06",
    Level.PRAC,
    Scope.STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("各方实缴到位率", "Paid-in rate by party"),
    sources=[docs.practice("县级审计机关引导基金审计要点")],
)
def paid_in_rate(stake: StakeFacts, fund: FundFacts) -> Outcome | None:
    """Paid by the due day over what was due, per party and fund. Money still owed after its day is a breach, money
    that came late a warning; days and yuan for each notice. A call asks who is in default as well: its part by commitment
    is owed although no notice was made out to it."""
    if not fund.is_public:
        return None
    who = stake.investor.code
    calls = fund.left_out.get(who, ())
    defaulted = tuple(Due(c.due_on, c.fen, c.notice, c.asked_on) for c in calls if c.why == "default")
    settled = settle(replace(stake, dues=(*stake.dues, *defaulted)) if defaulted else stake, fund.as_of)
    unsaid = [c for c in calls if c.why is None and c.due_on < fund.as_of]
    if not settled:
        if unsaid:
            return _unsaid(who, unsaid)
        if stake.paid_in > 0 and not stake.dues:
            return missing(Text(f"{who} 的应缴金额和日期", f"amounts due from {who}"))
        return None
    due, in_time = sum(s.fen for s in settled), sum(s.in_time for s in settled)
    overdue = [s for s in settled if s.open_fen and s.due_on < fund.as_of]
    late = [s for s in settled if s.full_on is not None and s.full_on > s.due_on]
    owed = sum(s.open_fen for s in overdue)
    if unsaid and not owed:
        return _unsaid(who, unsaid)
    verdict = Verdict.BREACH if owed else Verdict.WARN if late else Verdict.PASS
    not_yet = sum(s.fen - s.in_time for s in settled if s.due_on == fund.as_of)
    rate = ratio(in_time, due - not_yet) if due > not_yet else Decimal(1)
    days = max([(fund.as_of - s.due_on).days for s in overdue] + [_days_late(s) for s in late], default=0)
    text = Text(
        f"{who} 应缴 {money_zh(due - not_yet)}，按期到位 {pct(rate)}",
        f"{who}: due {money_en(due - not_yet)}, paid in time {pct(rate)}",
    )
    if owed:
        text = Text(
            text.zh + f"；欠缴 {money_zh(owed)}，最长逾期 {days} 天",
            text.en + f"; {money_en(owed)} owed, up to {days} day(s) late",
        )
    elif late:
        text = Text(
            text.zh + f"；迟缴 {len(late)} 次，最长 {days} 天",
            text.en + f"; {len(late)} time(s) late, up to {days} day(s)",
        )
    return Outcome(
        verdict,
        text,
        rate,
        Decimal(1),
        "share",
        owed or None,
        {"due": due - not_yet, "paid_in_time": in_time, "owed": owed, "days_late": days},
        items=tuple(_due_line(s, fund.as_of) for s in (*overdue, *late)),
        since=min((s.due_on + dt.timedelta(days=1) for s in overdue), default=None),
    )


def _unsaid(who: str, calls: Sequence[LeftOut]) -> Outcome:
    """A call asked the others and not this party, and nobody recorded whether it was excused or in default."""
    codes = listed(call.notice or str(call.due_on) for call in calls)
    return missing(
        Text(
            f"{who} 未列入出资通知 {codes} 的原因（豁免或违约）",
            f"why {who} was left out of {codes} (excused or in default)",
        ),
        money=sum(call.fen for call in calls),
    )


def _days_late(settled: Settled) -> int:
    return 0 if settled.full_on is None else max((settled.full_on - settled.due_on).days, 0)


def _due_line(settled: Settled, as_of: dt.date) -> Item:
    if settled.open_fen:
        days = (as_of - settled.due_on).days
        text = Text(
            f"应缴 {money_zh(settled.fen)}，欠缴 {money_zh(settled.open_fen)}，逾期 {days} 天",
            f"due {money_en(settled.fen)}, {money_en(settled.open_fen)} open, {days} day(s) late",
        )
    else:
        days = _days_late(settled)
        text = Text(
            f"应缴 {money_zh(settled.fen)}，{settled.full_on} 缴清，迟 {days} 天",
            f"due {money_en(settled.fen)}, paid in full on {settled.full_on}, {days} day(s) late",
        )
    late_fen = settled.open_fen or settled.fen - settled.in_time
    return Item(settled.notice or str(settled.due_on), text, settled.due_on, late_fen)
