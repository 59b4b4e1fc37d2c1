"""Money that lies unused: the idle ratio and the tranches behind it. GF-65, and the reckoning that AF-02 uses."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Flow
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Verdict,
    missing,
    not_applicable,
    rule,
)
from fof.rules.wording import money_en, money_zh, pct, ratio
from models.text import Text


class Tranche(NamedTuple):
    """Money that came in on one day, what is left of it, and the last day on which some of it went into a deal or a
    lower fund's call."""

    day: dt.date
    fen: int
    left: int
    last_used: dt.date | None

    def idle_days(self, as_of: dt.date) -> int:
        """Days since some of it was last put to work, or since it came in where none ever was."""
        return (as_of - (self.last_used or self.day)).days


def tranches(fund: FundFacts) -> list[Tranche]:
    """Each day's capital in, used first in first out by what the vehicle spent from that day on.

    Fees and expenses lower what is left, but only a deal or a call of a lower fund stops the clock: auditors count
    the time without one, and a quarterly fee would otherwise hide money that never went to work.
    """
    into: dict[dt.date, int] = {}
    for flow in fund.capital_in:
        into[flow.day] = into.get(flow.day, 0) + flow.fen
    came = [(day, fen) for day, fen in sorted(into.items()) if fen > 0]
    left = [fen for _, fen in came]
    used: list[dt.date | None] = [None] * len(came)
    at, deals = 0, Counter(fund.deployed)
    for use in sorted(fund.uses):
        spent, puts_to_work = use.fen, deals[use] > 0
        deals[use] -= 1
        while spent > 0 and at < len(came) and came[at][0] <= use.day:
            taken = min(spent, left[at])
            left[at] -= taken
            used[at] = use.day if puts_to_work else used[at]
            spent -= taken
            if left[at] == 0:
                at += 1
    return [Tranche(day, fen, left[i], used[i]) for i, (day, fen) in enumerate(came)]


def _returned(fund: FundFacts) -> list[Flow]:
    """Excess calls given back, as negative fen: no longer paid in (the cash side is among the uses)."""
    return [flow for stake in fund.stakes for flow in stake.paid if flow.fen < 0]


def above_since(fund: FundFacts, level: Decimal) -> dt.date | None:
    """Since which day cash / paid-in has been above `level` without a break; None if it is not above it today."""
    moved: dict[dt.date, list[int]] = {}  # a day is judged by its close: change of cash, change of paid-in
    for sign, paying, flows in (
        (1, 1, fund.capital_in),
        (1, 0, fund.other_in),
        (-1, 0, fund.uses),
        (-1, 0, fund.other_out),
        (0, 1, _returned(fund)),
    ):
        for flow in flows:
            own = moved.setdefault(flow.day, [0, 0])
            own[0] += sign * flow.fen
            own[1] += paying * flow.fen
    cash = paid = 0
    since: dt.date | None = None
    for day, (change, capital) in sorted(moved.items()):
        cash, paid = cash + change, paid + capital
        if paid > 0 and cash > level * paid:
            since = since or day
        else:
            since = None
    return since


@rule(
    "GF-65",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("资金闲置", "Idle-money warning"),
    sources=[docs.MOF_7.at("一、二")],
    params=["idle_warn", "idle_months"],
)
def idle_money(fund: FundFacts, *, idle_warn: Decimal, idle_months: int) -> Outcome:
    """Cash over paid-in above the level for more than a year is a warning."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    paid = sum(flow.fen for flow in (*fund.capital_in, *_returned(fund)))
    if paid <= 0:
        return not_applicable(Text("尚无实缴", "nothing paid in yet"))
    if not fund.cash_kept or fund.cash < 0:
        return missing(Text("完整的资金收支", "the vehicle's complete cash flows"))
    share, since = ratio(fund.cash, paid), above_since(fund, idle_warn)
    long = since is not None and fund.as_of > add_months(since, idle_months)
    return Outcome(
        Verdict.WARN if long else Verdict.PASS,
        Text(
            f"闲置资金 {money_zh(fund.cash)}，占实缴 {pct(share)}（提示线 {pct(idle_warn)}）"
            + (f"，自 {since} 起" if since else ""),
            f"Idle {money_en(fund.cash)}, {pct(share)} of paid-in (warned above {pct(idle_warn)})"
            + (f", since {since}" if since else ""),
        ),
        share,
        idle_warn,
        "share",
        fund.cash if long else None,
        {"cash": fund.cash, "paid_in": paid, "above_since": since},
        since=since if long else None,
    )
