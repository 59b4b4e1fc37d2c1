"""A later closing: what new investors pay, and earlier ones get back, so that all stand as if they had come together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from fof import ledger
from fof.access import Actor
from fof.db import Database
from fof.errors import Problem, Refused, Unknown
from fof.importers.layouts.capital_calls import CAPITAL_CALLS, PAYMENTS
from fof.importers.layouts.commitments import COMMITMENTS, CommitmentChange
from fof.importers.layouts.distributions import DISTRIBUTIONS
from fof.intake.calls import Calls
from fof.intake.commitments import plan_commitments
from fof.intake.distributions import plan_distributions
from fof.intake.planning import Planning
from fof.ledger import Booked, View, day_number
from fof.operations import sheets
from fof.operations.closing_history import Called, called_before
from fof.portfolios import currency_of
from fof.stakes import Stakes, stakes
from models.kinds import FUND_KINDS
from models.money import yuan_text
from valuation.equalisation import equalise


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
        raise Unknown("基金", fund)
    asked = dict(joining or {})
    today, yesterday = sheets.on_day(view, closing_on), sheets.on_day(view, closing_on - dt.timedelta(days=1))
    after, before = stakes(today).of(None, {fund}), stakes(yesterday).of(None, {fund})
    fresh, problems = _joined(today, fund, asked, after, before)
    members = {int(i) for i in after.investor[after.committed > 0]} | set(fresh)
    investors = sorted(members, key=lambda i: today.parties[i].code)
    old, paid, room = (_by_investor(before, m, investors) for m in ("committed", "paid_in", "unfunded"))
    new = [
        n + fresh.get(i, 0)
        for i, n in zip(investors, _by_investor(after, "committed", investors), strict=True)
    ]
    history = called_before(yesterday, fund, investors)
    problems += sheets.running(today, fund) + _when(today, fund, closing_on, rate, old)
    problems += _problems(today, history, investors, old, new, paid)
    problems += _distributed(today, before)
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


def _by_investor(own: Stakes, measure: str, investors: list[int]) -> list[int]:
    found = dict(zip(own.investor.tolist(), getattr(own, measure).tolist(), strict=True))
    return [int(found.get(i, 0)) for i in investors]


def _joined(
    view: View, fund: int, joining: Mapping[int, int], after: Stakes, before: Stakes
) -> tuple[dict[int, int], list[Problem]]:
    """Commitments of the closing that are not in the book yet; one booked that day with another amount is a problem."""
    fresh: dict[int, int] = {}
    problems = []
    for who, fen in joining.items():
        name = view.name(who)
        if who == fund:
            problems.append(
                Problem("same_party", "出资人不得为基金本身", "another party than the fund", name)
            )
        elif fen <= 0:
            problems.append(
                Problem(
                    "not_positive",
                    f"{name}：新增认缴须大于零",
                    f"{name}: a commitment above zero",
                    yuan_text(fen),
                )
            )
        else:
            [now], [then] = (_by_investor(s, "committed", [who]) for s in (after, before))
            if now == then:
                fresh[who] = fen
            elif now - then != fen:
                held = yuan_text(now - then)
                problems.append(
                    Problem(
                        "commitment_differs", f"{name}：账中当日新增认缴为 {held}", f"{name}: the book holds {held} of that day",
                        yuan_text(fen),
                    )
                )  # fmt: skip
    return fresh, problems


def _when(view: View, fund: int, closing_on: dt.date, rate: Decimal, old: list[int]) -> list[Problem]:
    """A later closing comes after the first one and not after the final one; interest is not negative."""
    problems = []
    first, final = view.fact(fund, "first_close_on"), view.fact(fund, "final_close_on")
    stated = isinstance(first, dt.date) and closing_on <= first
    if stated or not any(old):
        zh, en = "交割日须晚于首次交割", "a day after the first closing"
        since = f"{zh}（{first}）" if stated else f"{zh}（此前无人认缴）"
        problems.append(
            Problem("before_first_close", since, f"{en} ({first or 'nobody is in'})", str(closing_on))
        )
    if isinstance(final, dt.date) and closing_on > final:
        problems.append(
            Problem("after_final_close", f"交割日不得晚于最终交割（{final}）", f"not after the final closing ({final})", str(closing_on))
        )  # fmt: skip
    if rate < 0:
        problems.append(Problem("negative_rate", "补偿利率不得为负", "a rate of zero or more", str(rate)))
    return problems


def _problems(
    view: View, history: Called, investors: list[int], old: list[int], new: list[int], paid: list[int]
) -> list[Problem]:
    problems = []
    if not any(a > b for b, a in zip(old, new, strict=True)):
        zh, en = "交割日须有新增认缴", "a commitment taken on at the closing is needed"
        problems.append(Problem("nobody_new", zh, en))
    for who, b, a in zip(investors, old, new, strict=True):
        if a < b:
            name = view.name(who)
            problems.append(
                Problem("commitment_fell", f"{name}：交割日认缴不得减少", f"{name}: the commitment falls", yuan_text(a - b))
            )  # fmt: skip
    for call in history.open:
        name = view.name(call.investor)
        problems.append(
            Problem(
                "call_open", f"{name} 的通知 {call.number} 须先缴清", f"{name} must pay notice {call.number} first",
                yuan_text(call.open),
            )
        )  # fmt: skip
    if history.open:
        return problems  # what is not paid is not explained by notices either
    for who in sorted({*history.explained, *investors}):
        told, own = history.explained.get(who, 0), paid[investors.index(who)] if who in investors else 0
        if own != told:
            name = view.name(who)
            problems.append(
                Problem(
                    "paid_without_notice", f"{name}：实缴须全部对应出资通知（通知已缴 {yuan_text(told)}）",
                    f"{name}: paid-in capital must come from notices ({yuan_text(told)})", yuan_text(own),
                )
            )  # fmt: skip
    return problems


def _distributed(view: View, before: Stakes) -> list[Problem]:
    """What was distributed before went to the earlier investors alone; calls can be shared out again, that cannot."""
    out = [(int(i), int(fen)) for i, fen in zip(before.investor, before.distributed, strict=True) if fen]
    return [
        Problem(
            "distributed_before", f"{view.name(who)}：后续交割之前不得有分配", f"{view.name(who)}: nothing distributed before the closing",
            yuan_text(fen),
        )
        for who, fen in out
    ]  # fmt: skip


def book_closing(
    database: Database, actor: Actor, plan: ClosingPlan, number: str, paid_on: dt.date, document: str = ""
) -> Booked:
    """Book the closing as settled on one day: new commitments, notice and payment of who pays, return to who receives.

    paid_on  : day on which the money came and went; the notice is due on it, too
    document : what the new commitments rest on
    All or nothing. Refused with everything in the way, and where the book no longer gives this plan. The same again
    books nothing.
    """
    number, problems = number.strip(), [*plan.problems]
    if not number:
        problems.append(Problem("number_missing", "须填写交割编号", "the closing needs a number"))
    if paid_on < plan.closing_on:
        problems.append(
            Problem("before_closing", "收付日不得早于交割日", "not before the closing", str(paid_on))
        )
    if problems:
        raise Refused(problems, "后续交割")
    view = ledger.read(database).view()
    tables = _sheets(view, plan, number, paid_on, document)
    joined, asked, paid, returned = tables

    def everything(planning: Planning) -> None:
        plan_commitments(planning, [joined])
        booking = Calls(planning)
        booking.plan_notices([asked])
        booking.plan_payments([paid])
        plan_distributions(planning, [returned])

    def moved_on(now: View) -> list[Problem]:
        fresh = plan_closing(now, plan.fund, plan.closing_on, plan.rate, plan.joining)
        if fresh == plan:
            return []
        zh, en = "计划之后账已变动，请重新计划", "the book changed since the plan; plan anew"
        return list(fresh.problems) or [Problem("plan_outdated", zh, en)]

    return ledger.book(database, actor, sheets.planner(tables, everything, moved_on))


def _sheets(
    view: View, plan: ClosingPlan, number: str, paid_on: dt.date, document: str
) -> Sequence[sheets.Table]:
    """The closing as the sheets a file would hold: commitments, the notice, its payments, and what goes back.

    What goes back is returned capital, which may be called again, and the interest on it.
    """
    fund, currency = view.parties[plan.fund].code, currency_of(view, plan.fund)
    name, common = f"后续交割 {fund} {number}", {"fund": fund, "number": number}
    before = {line.investor: line.before for line in plan.lines}
    code = {line.investor: view.parties[line.investor].code for line in plan.lines}
    joined: list[sheets.Line] = [
        {**common, "investor": code[who], "day": plan.closing_on, "document": document.strip() or None,
         "change": CommitmentChange.INCREASE if before[who] else CommitmentChange.NEW, **sheets.amounts({"amount": fen}, currency)}
        for who, fen in plan.fresh.items()
    ]  # fmt: skip
    asked: list[sheets.Line] = [
        {**common, "investor": code[x.investor], "notice_on": plan.closing_on, "due_on": paid_on,
         **sheets.amounts({"investment": x.capital}, currency)}
        for x in plan.lines
        if x.capital > 0
    ]  # fmt: skip
    paid: list[sheets.Line] = [
        {**common, "investor": code[x.investor], "paid_on": paid_on,
         **sheets.amounts({"investment": max(x.capital, 0), "equalisation": max(x.interest, 0)}, currency)}
        for x in plan.lines
        if x.capital > 0 or x.interest > 0
    ]  # fmt: skip
    returned: list[sheets.Line] = [
        {**common, "investor": code[x.investor], "paid_on": paid_on, "document": f"后续交割 {number}",
         **sheets.amounts({"excess_returned": max(-x.capital, 0), "equalisation_received": max(-x.interest, 0)}, currency)}
        for x in plan.lines
        if x.capital < 0 or x.interest < 0
    ]  # fmt: skip
    layouts = ((COMMITMENTS, joined), (CAPITAL_CALLS, asked), (PAYMENTS, paid), (DISTRIBUTIONS, returned))
    return [sheets.sheet(name, layout, lines) for layout, lines in layouts]
