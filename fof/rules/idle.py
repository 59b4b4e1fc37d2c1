"""Money that lies unused: the idle ratio, the tranches behind it, where it lies. GF-65, GF-27B, and what AF-02 measures by."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.array_forms import idle_form
from fof.rules.calendar_days import add_months
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Flow
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Verdict,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.wording import money_en, money_zh, pct, ratio
from models.kinds import FundStatus
from models.rule_kinds import CashProduct
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
    came: dict[dt.date, int] = {}  # a day is judged by its close: change of cash, change of paid-in
    joined: dict[dt.date, int] = {}
    for sign, flows in ((1, fund.capital_in), (1, fund.other_in), (-1, fund.uses), (-1, fund.other_out)):
        for day, fen, _ in flows:
            came[day] = came.get(day, 0) + sign * fen
    for day, fen, _ in (*fund.capital_in, *_returned(fund)):
        joined[day] = joined.get(day, 0) + fen
    cash = paid = 0
    since: dt.date | None = None
    part, whole = level.as_integer_ratio()
    for day in sorted(came.keys() | joined):
        cash, paid = cash + came.get(day, 0), paid + joined.get(day, 0)
        if paid > 0 and cash * whole > part * paid:
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
)
def idle_money(fund: FundFacts, *, idle_warn: Decimal, idle_months: int) -> Outcome:
    """Cash over paid-in above the level for more than a year is a warning."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    paid = sum(flow.fen for flow in (*fund.capital_in, *_returned(fund)))
    if paid <= 0:  # decided before the cash is asked for, which may be in a currency of its own
        return not_applicable(Text("尚无实缴", "nothing paid in yet"))
    since = above_since(fund, idle_warn) if fund.cash_kept else None
    long = since is not None and fund.as_of > add_months(since, idle_months)
    verdict = idle_form(fund.cash, bool(fund.cash_kept), paid, since is not None, long).of_one()
    if verdict is Verdict.UNKNOWN:
        return missing(Text("完整的资金收支", "the vehicle's complete cash flows"))
    share = ratio(fund.cash, paid)
    return Outcome(
        verdict,
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


BANNED_CASH = frozenset(
    {CashProduct.WEALTH_PRODUCT, CashProduct.TRUST, CashProduct.STOCKS, CashProduct.FUND_UNITS}
)
"""Of the products of 财预〔2015〕210号 第12条（二）: shares, securities funds, trust and non-guaranteed wealth products."""


@rule(
    "GF-27B",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("禁止业务清单（财政）：闲置资金", "Forbidden business list (fiscal rule): idle cash"),
    sources=[docs.MOF_210.at("第12条")],
)
def fiscal_bans_on_cash(fund: FundFacts) -> Outcome:
    """Idle cash lies in no product of the list: what deals buy is judged by GF-27, what cash is parked in stands in no deal."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    if fund.status in (FundStatus.CLOSED, FundStatus.MERGED):
        return not_applicable(Text("已清算或并入，无闲置资金", "closed or merged: no cash is left"))
    if fund.cash_products is None:
        return missing(Text("闲置资金存放", "where idle cash lies"))
    banned = [product for product in fund.cash_products if product in BANNED_CASH]
    return Outcome(
        breach_unless(not banned),
        Text(
            f"闲置资金存放于 {'、'.join(p.zh for p in banned)}：属于禁止业务"
            if banned
            else "闲置资金未存放于禁止的产品",
            f"Idle cash in {', '.join(p.en for p in banned)}: forbidden"
            if banned
            else "No idle cash in a forbidden product",
        ),
        len(banned),
        0,
        "count",
        fund.cash if banned and fund.cash_kept and fund.cash > 0 else None,
    )
