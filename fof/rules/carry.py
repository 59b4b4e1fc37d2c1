"""Carry: only after principal and hurdle, only its part of the profit, given back where a fund ends short. GF-45."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

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
from models.text import Text, counted


class HurdleAccount:
    """What contributors still lack of principal and hurdle, in fen, day after day; ACT/365, distributions repay principal first.

    Simple interest runs on principal outstanding, compound interest also on the hurdle accrued so far.
    """

    def __init__(self, paid: Iterable[Flow], received: Iterable[Flow], rate: Decimal, compound: bool) -> None:
        moved: dict[
            tuple[dt.date, bool], int
        ] = {}  # of one day together: first what comes back, then what is paid in
        for sign, flows in ((1, paid), (-1, received)):
            for on, fen, _ in flows:
                key = on, sign * fen > 0
                moved[key] = moved.get(key, 0) + sign * fen
        self._moves = sorted(moved.items())
        self._rate, self._compound = rate, compound
        self._at, self._state = 0, _Hurdle(Decimal(0), Decimal(0), None)

    def shortfall(self, day: dt.date) -> Decimal:
        """On a day; days are asked for in order."""
        while self._at < len(self._moves) and (move := self._moves[self._at])[0][0] <= day:
            self._state = self._then(move[0][0], move[1])
            self._at += 1
        principal, preferred, _ = self._then(day, 0)
        return principal + preferred

    def _then(self, on: dt.date, fen: int) -> _Hurdle:
        """The state once some fen have moved on a day."""
        principal, preferred, last = self._state
        if last is not None:
            base = principal + preferred if self._compound else principal
            preferred += base * _grown(self._rate, (on - last).days, self._compound)
        principal += fen
        if principal < 0:
            preferred, principal = max(preferred + principal, Decimal(0)), Decimal(0)
        return _Hurdle(principal, preferred, on)


class _Hurdle(NamedTuple):
    principal: Decimal
    preferred: Decimal
    last: dt.date | None


def hurdle_shortfall(
    paid: Iterable[Flow], received: Iterable[Flow], day: dt.date, rate: Decimal, *, compound: bool
) -> Decimal:
    """What contributors still lack on `day`, in fen; see HurdleAccount."""
    return HurdleAccount(paid, received, rate, compound).shortfall(day)


@lru_cache(4096)
def _grown(rate: Decimal, days: int, compound: bool) -> Decimal:
    """What a hurdle adds to one fen in so many days. Calls come at the same few intervals in fund after fund."""
    years = Decimal(days) / 365
    return (1 + rate) ** years - 1 if compound else rate * years


@rule(
    "GF-45",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("门槛收益与业绩报酬", "Hurdle and carry"),
    sources=[docs.practice("合伙协议（样本：南京江北新区 2025-05）")],
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
            + (f"; {counted(len(early), 'payment')} before the hurdle" if early else "")
            + (f"; {counted(len(beyond), 'payment')} beyond its part of the profit" if beyond else "")
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
    accounts: dict[tuple[Decimal, bool], HurdleAccount] = {}
    for flow in sorted(fund.carry, key=attrgetter("day")):
        then = fund.on(flow.day)  # the terms of the day it was paid
        agreed = rate if then.hurdle_rate is None else then.hurdle_rate
        compounds = compound if then.hurdle_compound is None else then.hurdle_compound
        terms = agreed, compounds
        account = accounts[terms] = accounts.get(terms) or HurdleAccount(paid, received, *terms)
        lacking = account.shortfall(flow.day)
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
