"""Distributions: the fund's own terms put to its whole history, the result by tier, class and investor, and the booking."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field, replace

import numpy as np

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.currencies import currency_of
from fof.book.fee_terms import manager_free
from fof.book.funds import cash_balance
from fof.book.stakes import by_investor, stakes
from fof.db import Database
from fof.errors import Problem, Refused
from fof.importers.layouts.distributions import DISTRIBUTIONS
from fof.importers.layouts.fund_cash import FUND_CASH, CashKind
from fof.intake.cash import plan_cash
from fof.intake.distributions import look_at_distributions, plan_distributions
from fof.intake.planning import Planning
from fof.ledger import Booked, View, day_number
from fof.operations import planned_sheets
from fof.operations.distribution_history import PaymentHistory, history_of
from fof.operations.terms import Agreed, agreed, class_of, concessions
from models.facts import FACTS
from models.frozen import frozen
from models.money import yuan_text
from models.text import Text
from valuation.refusals import ValuationError
from valuation.split import split
from valuation.waterfall import Partners, Waterfall, whole_fund

_TIERS = {
    "return of capital": "返还本金",
    "preferred return": "门槛收益",
    "catch-up": "追补",
    "profit split": "超额收益分成",
    "free of carry": "免业绩报酬出资的收益",
}


def tier_text(name: str) -> Text:
    """A tier of the waterfall in words; the kernel names it in English, with a number where there are several."""
    known = next((tier for tier in _TIERS if name.startswith(tier)), None)
    return Text(name, name) if known is None else Text(name.replace(known, _TIERS[known]), name)


@frozen
class DistributionLine:
    """One investor's part, in fen: total == capital + gain + conceded.

    side       : class of partner (government, state, social)
    conceded   : > 0 received from, < 0 given to other investors under the concession (让利)
    recallable : part of the capital that may be called again; it raises unfunded
    """

    investor: int
    name: str
    side: str
    capital: int
    gain: int
    conceded: int
    distributed_before: int
    unfunded_before: int
    recallable: int = 0

    @property
    def unfunded_after(self) -> int:
        """What can be called after this distribution."""
        return self.unfunded_before + self.recallable

    @property
    def total(self) -> int:
        """Cash to the investor."""
        return self.capital + self.gain + self.conceded


@frozen
class DistributionPlan:
    """A distribution before it is booked: sum of lines + carry == cash.

    tiers    : (tier, class or "manager", fen) of this distribution, in the order of payment
    past     : investor → what the terms give of all earlier distributions, less what was booked; 0s left out
    """

    fund: int
    pay_on: dt.date
    cash: int
    agreed: Agreed | None
    lines: tuple[DistributionLine, ...] = ()
    tiers: tuple[tuple[str, str, int], ...] = ()
    carry: int = 0
    manager: int | None = None
    past: Mapping[int, int] = field(default_factory=dict)
    recallable: int = 0
    problems: tuple[Problem, ...] = ()

    def by_class(self) -> dict[str, int]:
        """Cash by class of partner, the concession included, and the manager's."""
        totals: dict[str, int] = defaultdict(int)
        for line in self.lines:
            totals[line.side] += line.total
        return dict(totals) | {"manager": self.carry}


def plan_distribution(
    view: View, fund: int, cash: int, pay_on: dt.date, recallable: int = 0
) -> DistributionPlan:
    """Put cash through the whole-fund waterfall by the terms in force on the pay day (valuation.waterfall).

    cash       : fen to distribute, fees and expenses already taken; above 0
    recallable : fen of the returned capital that may be called again, shared out as the capital is; needs the fund's
                 recycling clause

    The waterfall runs over all calls and distributions since inception, so what was paid before counts; its answer for
    the new cash is the plan. A missing term is a problem that names it; so is a stake that changed hands in part, whose
    history the book does not divide. Return of capital is booked as such, everything else as gain.
    """
    now = view.on(pay_on)
    terms, problems = agreed(now, fund)
    problems += planned_sheets.running(now, fund)
    if cash <= 0:
        problems.append(
            Problem("not_positive", Text("分配金额须大于零", "an amount above zero"), yuan_text(cash))
        )
    problems += _above_cash(now, fund, cash) + _not_recallable(now, fund, recallable)
    manager = now.by_code.get(str(now.fact(fund, "manager", "")))
    history, doubts = history_of(now, fund)
    problems += doubts
    if terms is None or problems:
        return DistributionPlan(fund, pay_on, cash, terms, recallable=recallable, problems=tuple(problems))
    codes = tuple(now.parties[i].code for i in history.investors)
    sides = tuple(class_of(now, i) for i in history.investors)
    day, free = day_number(pay_on), manager_free(now, fund, "carry")
    try:
        result = whole_fund(
            terms.waterfall(),
            Partners(codes, sides),
            history.call_days,
            history.matrix(),
            [*history.cash_days, day],
            [*history.cash, cash],
            free=[now.parties[i].code for i in history.investors if i in free],
        )
        given = concessions(now, fund, terms, history.investors, history.call_days, history.matrix(), result)
    except ValuationError as error:
        problem = Problem(
            "terms_refused", Text("分配条款无法执行", "the waterfall cannot be run"), str(error)
        )
        return DistributionPlan(fund, pay_on, cash, terms, recallable=recallable, problems=(problem,))
    carry = result.payments[-1].manager
    if carry and manager is None:
        problems.append(
            Problem(
                "manager_missing",
                Text("须登记管理人，业绩报酬才有收款方", "the carry needs a manager to go to"),
            )
        )
    lines, more = _recalled(_lines(now, fund, history, sides, result, given), recallable)
    problems += more
    problems += [
        Problem(
            "concession_above_part",
            Text(f"{x.name}：让利不得超过本次所得收益", f"{x.name}: concedes more than its gain"),
        )
        for x in lines
        if x.gain + x.conceded < 0
    ]
    return DistributionPlan(
        fund,
        pay_on,
        cash,
        terms,
        tuple(lines),
        tuple(_tiers(result, sides)),
        carry,
        None if manager is None else manager.id,
        _past(history, result),
        recallable,
        tuple(problems),
    )


def _not_recallable(view: View, fund: int, recallable: int) -> list[Problem]:
    if recallable < 0:
        return [
            Problem(
                "not_positive",
                Text("可召回金额不得为负", "no recallable amount below zero"),
                yuan_text(recallable),
            )
        ]
    if recallable and not str(view.fact(fund, "recycle_clause", "")).strip():
        text = FACTS["recycle_clause"].text
        expected = Text(f"须登记“{text.zh}”，才有可召回的分配", f"{text.en} must be stated first")
        return [Problem("term_missing", expected)]
    return []


def _recalled(lines: list[DistributionLine], recallable: int) -> tuple[list[DistributionLine], list[Problem]]:
    """The part of the capital that may be called again, shared out by largest remainder; it is never more than that."""
    capital = [line.capital for line in lines]
    if not 0 < recallable <= sum(capital):
        most = yuan_text(sum(capital))
        text = Text(f"可召回金额不得超过本次返还本金 {most}", f"at most the capital returned, {most}")
        return lines, [Problem("above_capital", text, yuan_text(recallable))] if recallable > 0 else []
    shares = split(recallable, np.array(capital, np.int64)).tolist()
    return [replace(line, recallable=fen) for line, fen in zip(lines, shares, strict=True)], []


def _above_cash(view: View, fund: int, cash: int) -> list[Problem]:
    """A fund whose cash is kept in this book pays out no more than it has on the pay day."""
    if not view.fact(fund, "cash_kept", False):
        return []
    held = cash_balance(view, fund)
    if cash <= held:
        return []
    text = Text(
        f"不得超过分配日账面现金 {yuan_text(held)}", f"at most the {yuan_text(held)} of cash on the pay day"
    )
    return [Problem("above_cash", text, yuan_text(cash))]


def _lines(
    view: View,
    fund: int,
    history: PaymentHistory,
    sides: tuple[str, ...],
    result: Waterfall,
    given: Mapping[int, int],
) -> list[DistributionLine]:
    last = result.payments[-1]
    capital = np.zeros(len(history.investors), np.int64)
    for tier in last.tiers:
        if tier.tier.startswith("return of capital"):
            capital += tier.partners
    gain = last.partners - capital
    room = by_investor(stakes(view).of(None, {fund}), "unfunded", history.investors).tolist()
    return [
        DistributionLine(
            who,
            view.name(who),
            sides[i],
            int(capital[i]),
            int(gain[i]),
            given.get(who, 0),
            history.booked.get(who, 0),
            room[i],
        )
        for i, who in enumerate(history.investors)
    ]


def _tiers(result: Waterfall, sides: tuple[str, ...]) -> list[tuple[str, str, int]]:
    tiers = []
    for tier in result.payments[-1].tiers:
        by_side: dict[str, int] = defaultdict(int)
        for side, fen in zip(sides, tier.partners.tolist(), strict=True):
            by_side[side] += fen
        tiers += [(tier.tier, side, fen) for side, fen in sorted(by_side.items()) if fen]
        if tier.manager:
            tiers.append((tier.tier, "manager", tier.manager))
    return tiers


def _past(history: PaymentHistory, result: Waterfall) -> dict[int, int]:
    due = result.to_partners - result.payments[-1].partners
    gaps = {who: int(due[i]) - history.booked.get(who, 0) for i, who in enumerate(history.investors)}
    return {who: gap for who, gap in gaps.items() if gap}


def issue_distribution(
    database: Database,
    actor: Actor,
    plan: DistributionPlan,
    number: str,
    *,
    prepared_by: str | None = None,
    why: str | None = None,
) -> Booked:
    """Book a planned distribution with its notice, and the carry to the manager beside it, in one transaction.

    Refused with the plan's problems, and where the book has moved on; the same plan under the same number again books
    nothing.
    why : reason for what is dated into a closed quarter; needed there alone (fof.book.late)
    """
    if plan.problems or not number.strip():
        missing = (
            []
            if number.strip()
            else [Problem("number_missing", Text("须填写通知编号", "the notice needs a number"))]
        )
        raise Refused([*plan.problems, *missing], Text("分配通知", "distribution notice"))
    number = planned_sheets.typed_code(number)
    view = ledger.read(database).view()
    fund, currency = view.parties[plan.fund].code, currency_of(view, plan.fund)
    name = f"分配计划 {fund} {number}"
    paid = planned_sheets.sheet(
        name,
        DISTRIBUTIONS,
        [
            {
                "fund": fund,
                "number": number,
                "paid_on": plan.pay_on,
                "investor": view.parties[x.investor].code,
                **planned_sheets.amounts(_booked_as(x), currency),
            }
            for x in plan.lines
            if x.total
        ],
    )
    carry = planned_sheets.sheet(
        name,
        FUND_CASH,
        [
            {
                "fund": fund,
                "day": plan.pay_on,
                "kind": CashKind.CARRY,
                "counterparty": view.parties[plan.manager].code,
                "reference": number,
                **planned_sheets.amounts({"amount": plan.carry}, currency),
            }
        ]
        if plan.carry and plan.manager is not None
        else [],
    )

    def both(planning: Planning) -> None:
        look_at_distributions(planning, plan_distributions(planning, [paid]))
        plan_cash(planning, [carry])

    def moved_on(now: View) -> list[Problem]:
        fresh = plan_distribution(now, plan.fund, plan.cash, plan.pay_on, plan.recallable)
        if fresh == plan:
            return []
        text = Text("计划之后账已变动，请重新计划", "the book changed since the plan; plan anew")
        return list(fresh.problems) or [Problem("plan_outdated", text)]

    planner = planned_sheets.planner([paid, carry], both, moved_on)
    return ledger.book(database, actor, late.reasoned(planner, why), action="book", prepared_by=prepared_by)


def _booked_as(line: DistributionLine) -> dict[str, int]:
    """What a concession takes comes off the gain first: it is excess return that is given up, never capital."""
    return {
        "return_of_capital": line.capital - line.recallable,
        "gain": line.gain + line.conceded,
        "recallable_capital": line.recallable,
    }


__all__ = ["DistributionLine", "DistributionPlan", "issue_distribution", "plan_distribution", "tier_text"]
