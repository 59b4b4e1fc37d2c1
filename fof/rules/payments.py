"""Whether each party paid what it owed, when it was due. AF-06."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from fof.rules import documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.registry import Confidence, Item, Level, Outcome, Scope, Verdict, missing, rule
from fof.rules.wording import money_en, money_zh, pct, ratio


class Settled(NamedTuple):
    """One amount due: what was paid by its day, when it was paid in full, what is still open."""

    due_on: dt.date
    fen: int
    notice: str
    in_time: int
    full_on: dt.date | None
    open_fen: int


def settle(stake: StakeFacts, as_of: dt.date) -> list[Settled]:
    """Payments put against the amounts due up to `as_of`, oldest first. Money returned later as excess had settled
    its due when it came, so only payments count."""
    payments = [[flow.day, flow.fen] for flow in sorted(stake.paid) if flow.fen > 0 and flow.day <= as_of]
    at = 0
    settled = []
    for due in sorted(d for d in stake.dues if d.due_on <= as_of):
        rest, in_time = due.fen, 0
        full_on: dt.date | None = None
        while rest > 0 and at < len(payments):
            day, left = payments[at]
            assert isinstance(day, dt.date)
            assert isinstance(left, int)
            taken = min(rest, left)
            rest -= taken
            in_time += taken if day <= due.due_on else 0
            full_on = day if rest == 0 else None
            payments[at][1] = left - taken
            at += taken == left
        settled.append(Settled(due.due_on, due.fen, due.notice, in_time, full_on, rest))
    return settled


@rule(
    "AF-06", Level.PRAC, Scope.STAKE, Confidence.SEEN_IN_PART,
    zh="各方实缴到位率", en="Paid-in rate by party", sources=[docs.practice("县级审计机关引导基金审计要点")],
)  # fmt: skip
def paid_in_rate(stake: StakeFacts, fund: FundFacts) -> Outcome | None:
    """Paid by the due day over what was due, per party and fund. Money still owed after its day is a breach, money
    that came late a warning; days and yuan for each notice."""
    if not fund.is_public:
        return None
    who = stake.investor.code
    settled = settle(stake, fund.as_of)
    if not settled:
        if stake.paid_in > 0 and not stake.dues:
            return missing((f"{who} 的应缴金额和日期", f"amounts due from {who}"))
        return None
    due, in_time = sum(s.fen for s in settled), sum(s.in_time for s in settled)
    overdue = [s for s in settled if s.open_fen and s.due_on < fund.as_of]
    late = [s for s in settled if s.full_on is not None and s.full_on > s.due_on]
    owed = sum(s.open_fen for s in overdue)
    verdict = Verdict.BREACH if owed else Verdict.WARN if late else Verdict.PASS
    not_yet = sum(s.fen - s.in_time for s in settled if s.due_on == fund.as_of)
    rate = ratio(in_time, due - not_yet) if due > not_yet else Decimal(1)
    days = max([(fund.as_of - s.due_on).days for s in overdue] + [_days_late(s) for s in late], default=0)
    zh = f"{who} 应缴 {money_zh(due - not_yet)}，按期到位 {pct(rate)}"
    en = f"{who}: due {money_en(due - not_yet)}, paid in time {pct(rate)}"
    if owed:
        zh, en = (
            zh + f"；欠缴 {money_zh(owed)}，最长逾期 {days} 天",
            en + f"; {money_en(owed)} owed, up to {days} day(s) late",
        )
    elif late:
        zh, en = (
            zh + f"；迟缴 {len(late)} 次，最长 {days} 天",
            en + f"; {len(late)} time(s) late, up to {days} day(s)",
        )
    return Outcome(
        verdict,
        zh,
        en,
        rate,
        Decimal(1),
        "share",
        owed or None,
        {"due": due - not_yet, "paid_in_time": in_time, "owed": owed, "days_late": days},
        items=tuple(_due_line(s, fund.as_of) for s in (*overdue, *late)),
        since=min((s.due_on for s in overdue), default=None),
    )


def _days_late(settled: Settled) -> int:
    return 0 if settled.full_on is None else max((settled.full_on - settled.due_on).days, 0)


def _due_line(settled: Settled, as_of: dt.date) -> Item:
    if settled.open_fen:
        days = (as_of - settled.due_on).days
        zh = f"应缴 {money_zh(settled.fen)}，欠缴 {money_zh(settled.open_fen)}，逾期 {days} 天"
        en = f"due {money_en(settled.fen)}, {money_en(settled.open_fen)} open, {days} day(s) late"
    else:
        days = _days_late(settled)
        zh = f"应缴 {money_zh(settled.fen)}，{settled.full_on} 缴清，迟 {days} 天"
        en = f"due {money_en(settled.fen)}, paid in full on {settled.full_on}, {days} day(s) late"
    late_fen = settled.open_fen or settled.fen - settled.in_time
    return Item(settled.notice or str(settled.due_on), zh, en, settled.due_on, late_fen)
