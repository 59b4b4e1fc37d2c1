"""A later closing: what new investors pay, and earlier ones get back, so that all stand as if they had come together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

import numpy as np

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.currencies import currency_of
from fof.book.stakes import by_investor, stakes
from fof.db import Database
from fof.errors import Problem, Refused, Unknown
from fof.importers.layouts.capital_calls import CAPITAL_CALLS, PAYMENTS
from fof.importers.layouts.commitments import COMMITMENTS, CommitmentChange
from fof.importers.layouts.distributions import DISTRIBUTIONS
from fof.importers.tables import Table
from fof.intake.calls import Calls
from fof.intake.commitments import plan_commitments
from fof.intake.distributions import look_at_distributions, plan_distributions
from fof.intake.planning import Planning
from fof.ledger import Booked, View, day_number
from fof.operations import planned_sheets
from fof.operations.closing_checks import called_since, distributed, joined, unshared, when
from fof.operations.closing_history import Called, called_before
from models.frozen import frozen
from models.kinds import FUND_KINDS
from models.text import Text
from valuation.equalisation import equalise


@frozen
class ClosingLine:
    """One investor at the closing, in fen: > 0 pays, < 0 receives.

    before, after : commitment the day before the closing, and on it
    capital       : change of paid-in capital          interest : beside it, not capital
    unfunded_before, unfunded_after : the day before the closing, and after what moves at it
    """

    investor: int
    name: str
    before: int
    after: int
    paid_before: int
    capital: int
    interest: int
    unfunded_before: int
    unfunded_after: int

    @property
    def net(self) -> int:
        """Cash of the closing: > 0 to the fund."""
        return self.capital + self.interest


@frozen
class ClosingPlan:
    """An equalisation before it is booked; capital and interest each add up to 0.

    joining : investor → fen taken on at this closing as asked for        fresh : those the book does not hold yet
    outside : fen asked outside the commitment before: fees are no capital, they are not shared out again
    """

    fund: int
    closing_on: dt.date
    rate: Decimal
    lines: tuple[ClosingLine, ...]
    problems: tuple[Problem, ...] = ()
    joining: Mapping[int, int] = field(default_factory=dict)
    fresh: Mapping[int, int] = field(default_factory=dict)
    outside: int = 0

    @property
    def moved(self) -> int:
        """Capital that changes hands."""
        return sum(max(line.capital, 0) for line in self.lines)

    @property
    def interest(self) -> int:
        """Interest that changes hands."""
        return sum(max(line.interest, 0) for line in self.lines)


def plan_closing(
    view: View, fund: int, closing_on: dt.date, rate: Decimal, joining: Mapping[int, int] | None = None
) -> ClosingPlan:
    """Share out all earlier calls again by the commitments of the closing day (valuation.equalisation).

    rate    : simple interest a year (ACT/365F), counted from each earlier call's due day to the closing
    joining : investor → fen taken on at this closing; what the book holds already under that day is not taken twice

    Commitments of the closing day that are in the book count as well. Unknown for a party that is no fund. Everything in
    the way is a problem of the plan: nobody is new, there was no first closing, the final one is past, a commitment fell,
    an earlier call is not paid up, something was distributed, or paid-in capital that no notice explains (money without
    a notice, a stake bought), for then the calls cannot be shared out again.
    """
    if fund not in view.parties or view.parties[fund].kind not in FUND_KINDS:
        raise Unknown(Text("基金", "fund"), fund)
    asked = dict(joining or {})
    today, yesterday = (
        view.on(closing_on),
        view.on(closing_on - dt.timedelta(days=1)),
    )
    after, before = stakes(today).of(None, {fund}), stakes(yesterday).of(None, {fund})
    fresh, problems = joined(today, fund, asked, after, before)
    members = {int(i) for i in after.investor[after.committed > 0]} | set(fresh)
    investors = sorted(members, key=lambda i: today.parties[i].code)
    old, paid, room = (
        by_investor(before, m, investors).tolist() for m in ("committed", "paid_in", "unfunded")
    )
    new = [
        n + fresh.get(i, 0)
        for i, n in zip(investors, by_investor(after, "committed", investors).tolist(), strict=True)
    ]
    history = called_before(yesterday, fund, investors)
    problems += planned_sheets.running(today, fund) + when(today, fund, closing_on, rate, old)
    problems += unshared(today, history, investors, old, new, paid)
    problems += distributed(before) + (called_since(view, fund, closing_on) if fresh else [])
    capital, interest = [0] * len(investors), [0] * len(investors)
    if investors and not problems:
        capital, interest = _equalised(history, old, new, closing_on, rate)
    lines = (
        ClosingLine(who, today.name(who), o, n, p, c, i, r, r + n - o - c)
        for who, o, n, p, c, i, r in zip(investors, old, new, paid, capital, interest, room, strict=True)
    )
    return ClosingPlan(fund, closing_on, rate, tuple(lines), tuple(problems), asked, fresh, history.outside)


def _equalised(
    history: Called, old: list[int], new: list[int], closing_on: dt.date, rate: Decimal
) -> tuple[list[int], list[int]]:
    """Capital and interest by investor. Calls from which the same investors were left out are shared out together."""
    capital, interest = np.zeros(len(old), np.int64), np.zeros(len(old), np.int64)
    for left_out in np.unique(history.left_out, axis=0):
        calls = np.flatnonzero((history.left_out == left_out).all(axis=1))
        before, after = np.where(left_out, 0, old), np.where(left_out, 0, new)
        days = [day_number(min(history.days[call], closing_on)) for call in calls]
        moved = equalise(before, after, days, history.matrix[calls], day_number(closing_on), rate)
        capital += moved.capital.sum(axis=0)
        interest += moved.interest
    return capital.tolist(), interest.tolist()


def book_closing(
    database: Database,
    actor: Actor,
    plan: ClosingPlan,
    number: str,
    paid_on: dt.date,
    document: str = "",
    why: str | None = None,
) -> Booked:
    """Book the closing as settled on one day: new commitments, notice and payment of who pays, return to who receives.

    paid_on  : day on which the money came and went; the notice is due on it, too
    document : what the new commitments rest on
    why      : reason for what is dated into a closed quarter; needed there alone (fof.book.late)
    All or nothing. Refused with everything in the way, and where the book no longer gives this plan. The same again
    books nothing.
    """
    number, problems = planned_sheets.typed_code(number), [*plan.problems]
    if not number:
        problems.append(Problem("number_missing", Text("须填写交割编号", "the closing needs a number")))
    if paid_on < plan.closing_on:
        problems.append(
            Problem("before_closing", Text("收付日不得早于交割日", "not before the closing"), str(paid_on))
        )
    if problems:
        raise Refused(problems, Text("后续交割", "later closing"))
    view = ledger.read(database).view()
    tables = _sheets(view, plan, number, paid_on, document)
    commitments, asked, paid, returned = tables

    def everything(planning: Planning) -> None:
        plan_commitments(planning, [commitments])
        booking = Calls(planning)
        booking.plan_notices([asked])
        booking.plan_payments([paid])
        look_at_distributions(planning, plan_distributions(planning, [returned]))

    def moved_on(now: View) -> list[Problem]:
        fresh = plan_closing(now, plan.fund, plan.closing_on, plan.rate, plan.joining)
        if fresh == plan:
            return []
        text = Text("计划之后账已变动，请重新计划", "the book changed since the plan; plan anew")
        return list(fresh.problems) or [Problem("plan_outdated", text)]

    return ledger.book(
        database,
        actor,
        late.reasoned(planned_sheets.planner(tables, everything, moved_on), why),
        action="book",
    )


def _sheets(view: View, plan: ClosingPlan, number: str, paid_on: dt.date, document: str) -> list[Table]:
    """The closing as the sheets a file would hold: commitments, the notice, its payments, and what goes back.

    What goes back is returned capital, which may be called again, and the interest on it.
    """
    fund, currency = view.parties[plan.fund].code, currency_of(view, plan.fund)
    name, common = f"后续交割 {fund} {number}", {"fund": fund, "number": number}
    before = {line.investor: line.before for line in plan.lines}
    code = {line.investor: view.parties[line.investor].code for line in plan.lines}
    joined: list[planned_sheets.Line] = [
        {
            **common,
            "investor": code[who],
            "day": plan.closing_on,
            "document": document.strip() or None,
            "change": CommitmentChange.INCREASE if before[who] else CommitmentChange.NEW,
            **planned_sheets.amounts({"amount": fen}, currency),
        }
        for who, fen in plan.fresh.items()
    ]
    asked: list[planned_sheets.Line] = [
        {
            **common,
            "investor": code[x.investor],
            "notice_on": plan.closing_on,
            "due_on": paid_on,
            **planned_sheets.amounts({"investment": x.capital}, currency),
        }
        for x in plan.lines
        if x.capital > 0
    ]
    paid: list[planned_sheets.Line] = [
        {
            **common,
            "investor": code[x.investor],
            "paid_on": paid_on,
            **planned_sheets.amounts(
                {"investment": max(x.capital, 0), "equalisation": max(x.interest, 0)}, currency
            ),
        }
        for x in plan.lines
        if x.capital > 0 or x.interest > 0
    ]
    returned: list[planned_sheets.Line] = [
        {
            **common,
            "investor": code[x.investor],
            "paid_on": paid_on,
            "document": f"后续交割 {number}",
            **planned_sheets.amounts(
                {"excess_returned": max(-x.capital, 0), "equalisation_received": max(-x.interest, 0)},
                currency,
            ),
        }
        for x in plan.lines
        if x.capital < 0 or x.interest < 0
    ]
    layouts = ((COMMITMENTS, joined), (CAPITAL_CALLS, asked), (PAYMENTS, paid), (DISTRIBUTIONS, returned))
    return [planned_sheets.sheet(name, layout, lines) for layout, lines in layouts]
