"""Carry: only after principal and hurdle, only its part of the profit, given back where a fund ends short. GF-45."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from fof.rules import cited_documents as docs
from fof.rules.contract import ENDING
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import Flow
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Value,
    Verdict,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import among, any_of, at_most
from fof.rules.wording import money_en, money_zh, pct
from models.kinds import FundStatus, PartyKind
from models.text import Text


def hurdle_shortfall(
    paid: Iterable[Flow], received: Iterable[Flow], day: dt.date, rate: Decimal, *, compound: bool
) -> Decimal:
    """What contributors still lack of principal and hurdle on `day`, in fen; ACT/365, distributions repay principal first.

    Simple interest runs on principal outstanding, compound interest also on the hurdle accrued so far.
    """
    moved: dict[
        tuple[dt.date, bool], int
    ] = {}  # of one day together: what comes back first, then what is paid in
    for on, fen in [*((f.day, f.fen) for f in paid), *((f.day, -f.fen) for f in received)]:
        if on <= day:
            moved[on, fen > 0] = moved.get((on, fen > 0), 0) + fen
    principal = preferred = Decimal(0)
    last: dt.date | None = None
    for on, fen in [*((on, fen) for (on, _), fen in sorted(moved.items())), (day, 0)]:
        if last is not None:
            base = principal + preferred if compound else principal
            years = Decimal((on - last).days) / 365
            grown = ((1 + rate) ** years - 1) if compound else rate * years
            preferred += base * grown
        last = on
        principal += fen
        if principal < 0:
            preferred, principal = max(preferred + principal, Decimal(0)), Decimal(0)
    return principal + preferred


@rule(
    "GF-45",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("门槛收益与业绩报酬", "Hurdle and carry"),
    sources=[docs.practice("合伙协议（样本：南京江北新区 2025-05）")],
    params=["carry_rate_max", "hurdle_rate_default"],
)
def carry(fund: FundFacts, *, carry_rate_max: Decimal, hurdle_rate_default: Decimal) -> Outcome:
    """Carry at most its cap, paid only after contributors have principal and hurdle (whole fund), never more than its
    rate of the profit so far, and given back where a fund that is wound up ends short of the hurdle.

    While it is still being wound up, what would have to come back is a warning: more may be distributed.
    """
    if not fund.is_public or fund.kind not in (PartyKind.SUB_FUND, PartyKind.PARENT_FUND):
        return not_applicable(
            Text("非政府出资的子基金或母基金", "not a parent or sub-fund with government money")
        )
    rate = hurdle_rate_default if fund.hurdle_rate is None else fund.hurdle_rate
    compound = bool(fund.hurdle_compound)
    paid = [flow for stake in fund.stakes for flow in stake.paid]
    received = [flow for stake in fund.stakes for flow in stake.received]
    early = _early_carry(fund, paid, received, rate, compound)
    # a rate that is not recorded is above the cap, or carry that is beyond the cap's part is beyond its own
    beyond = _beyond_rate(
        fund, paid, received, carry_rate_max if fund.carry_rate is None else fund.carry_rate
    )
    net = sum(flow.fen for flow in fund.carry)
    back = -sum(flow.fen for flow in fund.carry if flow.fen < 0)
    too_early = max(sum(item.fen or 0 for item in early) - back, 0)
    too_much = max(sum(item.fen or 0 for item in beyond) - back, 0)
    at_stake, owed = max(too_early, too_much), 0
    ending = among(fund.status, ENDING)
    if net > 0 and ending is not False:
        owed = min(net, int(hurdle_shortfall(paid, received, fund.as_of, rate, compound=compound)))
    given_back = any_of(owed == 0, None if ending is None else fund.status is not FundStatus.CLOSED)
    limbs = [
        Limb(
            at_most(fund.carry_rate, carry_rate_max),
            Text("", ""),
            fund.carry_rate,
            carry_rate_max,
            "share",
            at_stake or None,
        ),
        Limb(too_early == 0, Text("", ""), too_early, 0, "fen", too_early, _first(early)),
        Limb(too_much == 0, Text("", ""), too_much, 0, "fen", too_much, _first(beyond)),
        Limb(given_back, Text("", ""), owed, 0, "fen", owed, _day_of(fund, FundStatus.CLOSED)),
    ]
    terms = checklist(limbs)
    if terms.verdict is Verdict.UNKNOWN:
        rate_known = fund.carry_rate is not None
        return missing(Text("基金状态", "status") if rate_known else Text("业绩报酬比例", "carry rate"))
    if terms.verdict is Verdict.PASS:
        measured: tuple[Value, Value, str] = (
            (owed, 0, "fen") if owed else (fund.carry_rate, carry_rate_max, "share")
        )
        terms = terms._replace(measured=measured[0], threshold=measured[1], unit=measured[2])
    silent = fund.hurdle_rate is None
    share = "–" if fund.carry_rate is None else pct(fund.carry_rate)
    return Outcome(
        Verdict.WARN if terms.verdict is Verdict.PASS and owed else terms.verdict,
        Text(
            f"业绩报酬 {share}（上限 {pct(carry_rate_max)}），门槛 {pct(rate)}{'复利' if compound else '单利'}"
            + (f"；门槛前支付 {len(early)} 笔" if early else "")
            + (f"；超过收益比例支付 {len(beyond)} 笔" if beyond else "")
            + (f"，未回拨 {money_zh(at_stake)}" if at_stake else "")
            + (f"；清算时未达门槛，应回拨 {money_zh(owed)}" if owed else ""),
            f"Carry {share} (cap {pct(carry_rate_max)}), hurdle {pct(rate)} {'compound' if compound else 'simple'}"
            + (f"; {len(early)} payment(s) before the hurdle" if early else "")
            + (f"; {len(beyond)} payment(s) beyond its part of the profit" if beyond else "")
            + (f", {money_en(at_stake)} not clawed back" if at_stake else "")
            + (f"; wound up short of the hurdle, {money_en(owed)} to come back" if owed else ""),
        ),
        terms.measured,
        terms.threshold,
        terms.unit,
        max(at_stake, owed) or None,
        {
            "hurdle": rate,
            "compound": compound,
            "carry": net,
            "clawed_back": back,
            "carry_rate": fund.carry_rate,
        },
        items=(*early, *beyond),
        notes=(Text("合同未载门槛收益率，按缺省值", "the contract names no hurdle: the default was used"),)
        if silent
        else (),
        since=terms.since,
    )


def _first(items: list[Item]) -> dt.date | None:
    return min((item.day for item in items if item.day is not None), default=None)


def _day_of(fund: FundFacts, wanted: FundStatus) -> dt.date | None:
    """The day a status began."""
    return next((day for day, status in fund.status_history if status is wanted), None)


def _early_carry(
    fund: FundFacts, paid: list[Flow], received: list[Flow], rate: Decimal, compound: bool
) -> list[Item]:
    """Carry paid on a day on which contributors still lacked a fen or more."""
    items = []
    for flow in fund.carry:
        then = fund.on(flow.day)  # the terms of the day it was paid
        agreed = rate if then.hurdle_rate is None else then.hurdle_rate
        compounds = compound if then.hurdle_compound is None else then.hurdle_compound
        lacking = hurdle_shortfall(paid, received, flow.day, agreed, compound=compounds)
        if flow.fen > 0 and lacking >= 1:
            short = int(lacking)
            items.append(
                Item(
                    str(flow.day),
                    Text(
                        f"支付业绩报酬时出资人尚差 {money_zh(short)}",
                        f"carry paid while contributors lacked {money_en(short)}",
                    ),
                    flow.day,
                    flow.fen,
                )
            )
    return items


def _beyond_rate(fund: FundFacts, paid: list[Flow], received: list[Flow], carry_rate: Decimal) -> list[Item]:
    """Carry payments that brought carry so far above its rate of the profit so far, with the fen above."""
    items, before = [], 0
    for flow in sorted(f for f in fund.carry if f.fen > 0):
        carried = sum(f.fen for f in fund.carry if f.day <= flow.day)
        profit = carried + sum(f.fen for f in received if f.day <= flow.day)
        profit -= sum(f.fen for f in paid if f.day <= flow.day)
        agreed = fund.on(flow.day).carry_rate  # of the day it was paid
        part = (carry_rate if agreed is None else agreed) * max(profit, 0)
        over = carried - int(part.to_integral_value(rounding=ROUND_CEILING))
        if over > before:
            items.append(
                Item(
                    str(flow.day),
                    Text(
                        f"累计业绩报酬 {money_zh(carried)}，累计收益 {money_zh(max(profit, 0))}",
                        f"carry so far {money_en(carried)} of a profit of {money_en(max(profit, 0))}",
                    ),
                    flow.day,
                    over - before,
                )
            )
            before = over
    return items
