"""Whether each party paid what it owed, when it was due. AF-06."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules import settlement
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Due, LeftOut, StakeFacts
from fof.rules.registry import Confidence, Item, Level, Outcome, Scope, Verdict, missing, rule
from fof.rules.settlement import Settled
from fof.rules.wording import listed, money_en, money_zh, pct, ratio
from models.text import Text, counted


def settle(stake: StakeFacts, as_of: dt.date, further: Sequence[Due] = ()) -> list[Settled[dt.date]]:
    """What became of each notice due by `as_of` (and of `further` amounts due), in the reading of fof.rules.settlement: one line for each, whatever of it
    is in- and outside the commitment."""
    asked: dict[tuple[str, dt.date, dt.date | None], int] = {}
    for due_on, fen, notice, asked_on in (*stake.dues, *further):
        key = (notice, due_on, asked_on)
        asked[key] = asked.get(key, 0) + fen
    dues = [Settled(notice, day, due, fen) for (notice, due, day), fen in asked.items()]
    paid = [flow for flow in stake.paid if flow.day <= as_of]
    return [s for s in settlement.settle(dues, paid) if s.due_on is not None and s.due_on <= as_of]


def _day(day: dt.date | None) -> dt.date:
    assert day is not None, "every due of a stake's facts has its day"
    return day


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
    settled = settle(stake, fund.as_of, defaulted)
    unsaid = [c for c in calls if c.why is None and c.due_on < fund.as_of]
    if not settled:
        if unsaid:
            return _unsaid(who, unsaid)
        if stake.paid_in > 0 and not stake.dues:
            return missing(Text(f"{who} 的应缴金额和日期", f"amounts due from {who}"))
        return None
    due, in_time = sum(s.fen for s in settled), sum(s.in_time for s in settled)
    today = fund.as_of
    overdue = [s for s in settled if s.open and s.due_on != today]  # none is due later
    late = [s for s in settled if _days_late(s)]
    owed = sum(s.open for s in overdue)
    if unsaid and not owed:
        return _unsaid(who, unsaid)
    verdict = Verdict.BREACH if owed else Verdict.WARN if late else Verdict.PASS
    not_yet = sum(s.fen - s.in_time for s in settled if s.due_on == today)
    rate = ratio(in_time, due - not_yet) if due > not_yet else Decimal(1)
    days = max(
        [(fund.as_of - _day(s.due_on)).days for s in overdue] + [_days_late(s) for s in late], default=0
    )
    text = Text(
        f"{who} 应缴 {money_zh(due - not_yet)}，按期到位 {pct(rate)}",
        f"{who}: due {money_en(due - not_yet)}, paid in time {pct(rate)}",
    )
    if owed:
        text = Text(
            text.zh + f"；欠缴 {money_zh(owed)}，最长逾期 {days} 天",
            text.en + f"; {money_en(owed)} owed, up to {counted(days, 'day')} late",
        )
    elif late:
        text = Text(
            text.zh + f"；迟缴 {len(late)} 次，最长 {days} 天",
            text.en + f"; {counted(len(late), 'time')} late, up to {counted(days, 'day')}",
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
        since=min((_day(s.due_on) + dt.timedelta(days=1) for s in overdue), default=None),
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


def _days_late(settled: Settled[dt.date]) -> int:
    """Of a notice that was paid in full."""
    if settled.full_on is None or settled.due_on is None:
        return 0
    return max((settled.full_on - settled.due_on).days, 0)


def _due_line(settled: Settled[dt.date], as_of: dt.date) -> Item:
    due_on = _day(settled.due_on)
    if settled.open:
        days = (as_of - due_on).days
        text = Text(
            f"应缴 {money_zh(settled.fen)}，欠缴 {money_zh(settled.open)}，逾期 {days} 天",
            f"due {money_en(settled.fen)}, {money_en(settled.open)} open, {counted(days, 'day')} late",
        )
    else:
        days = _days_late(settled)
        paid_on = _day(settled.full_on)
        text = Text(
            f"应缴 {money_zh(settled.fen)}，{paid_on} 缴清，迟 {days} 天",
            f"due {money_en(settled.fen)}, paid in full on {paid_on}, {counted(days, 'day')} late",
        )
    late_fen = settled.open or settled.fen - settled.in_time
    return Item(settled.notice or str(due_on), text, due_on, late_fen)
