"""A later closing: what new investors pay, and earlier ones get back, so that all stand as if they had come together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from fof import ledger
from fof.access import Actor
from fof.db import Database
from fof.errors import Problem, Refused
from fof.importers.layouts.capital_calls import CAPITAL_CALLS, PAYMENTS
from fof.intake import keys
from fof.intake.calls import Calls
from fof.intake.planning import Planning, posting
from fof.ledger import Booked, Draft, View, day_number, request_digest
from fof.notices import Call, calls
from fof.operations import sheets
from fof.portfolios import currency_of
from fof.stakes import Stakes, stakes
from models.journal import Notice
from models.kinds import EntryKind, NoticeKind
from models.money import yuan_text
from models.posting_kinds import PostingKind
from valuation.equalisation import equalise


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """One investor at the closing, in fen: > 0 pays, < 0 receives.

    before, after : commitment the day before the closing, and on it
    capital       : change of paid-in capital          interest : beside it, not capital
    """

    investor: int
    name: str
    before: int
    after: int
    paid_before: int
    capital: int
    interest: int


@dataclass(frozen=True, slots=True)
class ClosingPlan:
    """An equalisation before it is booked; capital and interest each add up to 0."""

    fund: int
    closing_on: dt.date
    rate: Decimal
    lines: tuple[ClosingLine, ...]
    problems: tuple[Problem, ...] = ()


def plan_closing(view: View, fund: int, closing_on: dt.date, rate: Decimal) -> ClosingPlan:
    """Share out all earlier calls again by the commitments of the closing day (valuation.equalisation).

    rate : simple interest a year (ACT/365F), counted from each earlier call's due day to the closing

    The new commitments are in the book already, dated on the closing day. Refused (as problems): nobody is new, an
    earlier call is not paid up, a commitment fell, or paid-in capital that no notice explains (money without a notice,
    a stake bought), for then the calls cannot be shared out again.
    """
    today, yesterday = sheets.on_day(view, closing_on), sheets.on_day(view, closing_on - dt.timedelta(days=1))
    after, before = stakes(today).of(None, {fund}), stakes(yesterday).of(None, {fund})
    investors = sorted(
        {int(i) for i in after.investor[after.committed > 0]}, key=lambda i: today.parties[i].code
    )
    new, old = (_by_investor(s, "committed", investors) for s in (after, before))
    paid = _by_investor(before, "paid_in", investors)
    found = calls(yesterday, {fund})
    problems = _problems(today, found, investors, old, new, paid)
    if not investors or problems:
        lines = [
            ClosingLine(i, today.name(i), o, n, p, 0, 0)
            for i, o, n, p in zip(investors, old, new, paid, strict=True)
        ]
        return ClosingPlan(fund, closing_on, rate, tuple(lines), tuple(problems))
    entries = sorted({(c.due_on or c.notice_on, c.entry) for c in found})
    place = {entry: i for i, (_, entry) in enumerate(entries)}
    matrix = np.zeros((len(entries), len(investors)), np.int64)
    for call in found:
        matrix[place[call.entry], investors.index(call.investor)] += call.paid
    moved = equalise(
        old,
        new,
        [day_number(min(day, closing_on)) for day, _ in entries],
        matrix,
        day_number(closing_on),
        rate,
    )
    capital = moved.capital.sum(axis=0).tolist()
    return ClosingPlan(
        fund, closing_on, rate,
        tuple(
            ClosingLine(who, today.name(who), o, n, p, c, i)
            for who, o, n, p, c, i in zip(investors, old, new, paid, capital, moved.interest.tolist(), strict=True)
        ),
    )  # fmt: skip


def _by_investor(own: Stakes, measure: str, investors: list[int]) -> list[int]:
    found = dict(zip(own.investor.tolist(), getattr(own, measure).tolist(), strict=True))
    return [int(found.get(i, 0)) for i in investors]


def _problems(
    view: View, found: list[Call], investors: list[int], old: list[int], new: list[int], paid: list[int]
) -> list[Problem]:
    problems = []
    if not any(a > b for b, a in zip(old, new, strict=True)):
        problems.append(
            Problem(
                "nobody_new",
                "交割日须有新增认缴（先登记认缴）",
                "a commitment dated on the closing day is needed first",
            )
        )
    for who, b, a in zip(investors, old, new, strict=True):
        if a < b:
            problems.append(
                Problem(
                    "commitment_fell",
                    f"{view.name(who)}：交割日认缴不得减少",
                    f"{view.name(who)}: the commitment falls",
                    yuan_text(a - b),
                )
            )
    for call in found:
        if call.open:
            name = view.name(call.investor)
            problems.append(
                Problem(
                    "call_open", f"{name} 的通知 {call.number} 须先缴清", f"{name} must pay notice {call.number} first",
                    yuan_text(call.open),
                )
            )  # fmt: skip
    explained: dict[int, int] = {}
    for call in found:
        explained[call.investor] = explained.get(call.investor, 0) + call.paid
    for who in sorted({*explained, *investors}):
        own = paid[investors.index(who)] if who in investors else 0
        if own != explained.get(who, 0):
            name = view.name(who)
            problems.append(
                Problem(
                    "paid_without_notice", f"{name}：实缴须全部对应出资通知（通知已缴 {yuan_text(explained.get(who, 0))}）",
                    f"{name}: paid-in capital must come from notices", yuan_text(own),
                )
            )  # fmt: skip
    return problems


def book_closing(
    database: Database, actor: Actor, plan: ClosingPlan, number: str, paid_on: dt.date
) -> Booked:
    """Book the equalisation as settled on one day: notice and payment of who pays, return to who receives.

    paid_on : day on which the money came and went; the notice is due on it, too
    Refused with the plan's problems, or where the book no longer gives this plan. The same again books nothing.
    """
    if plan.problems:
        raise Refused(plan.problems, "后续交割")
    if paid_on < plan.closing_on:
        raise Refused(
            [Problem("before_closing", "收付日不得早于交割日", "not before the closing", str(paid_on))],
            "后续交割",
        )
    view = ledger.read(database).view()
    fund, currency = view.parties[plan.fund].code, currency_of(view, plan.fund)
    payers = [line for line in plan.lines if line.capital > 0 or line.interest > 0]
    common = {"fund": fund, "number": number}
    name = f"后续交割 {fund} {number}"
    asked = sheets.sheet(
        name, CAPITAL_CALLS,
        [
            {**common, "investor": view.parties[x.investor].code, "notice_on": plan.closing_on, "due_on": paid_on,
             **sheets.amounts({"investment": x.capital}, currency)}
            for x in payers
            if x.capital > 0
        ],
    )  # fmt: skip
    paid = sheets.sheet(
        name, PAYMENTS,
        [
            {**common, "investor": view.parties[x.investor].code, "paid_on": paid_on,
             **sheets.amounts({"investment": max(x.capital, 0), "equalisation": max(x.interest, 0)}, currency)}
            for x in payers
        ],
    )  # fmt: skip

    def both(planning: Planning) -> None:
        booking = Calls(planning)
        booking.plan_notices([asked])
        booking.plan_payments([paid])
        if (draft := _returned(planning.view, plan, number, paid_on)) is not None:
            planning.drafts.append(draft)

    def moved_on(now: View) -> list[Problem]:
        if plan_closing(now, plan.fund, plan.closing_on, plan.rate) == plan:
            return []
        return [
            Problem(
                "plan_outdated", "计划之后账已变动，请重新计划", "the book changed since the plan; plan anew"
            )
        ]

    return ledger.book(database, actor, sheets.planner([asked, paid], both, moved_on))


def _returned(view: View, plan: ClosingPlan, number: str, day: dt.date) -> Draft | None:
    """What goes back to earlier investors: capital, which may be called again, and the interest on it."""
    fund = plan.fund
    lines = [x for x in plan.lines if x.capital < 0 or x.interest < 0]
    postings = []
    for line in lines:
        for kind, fen in (
            (PostingKind.EXCESS_CALL_RETURNED, -line.capital),
            (PostingKind.EQUALISATION_RECEIVED, -line.interest),
        ):
            if fen > 0:
                postings.append(posting(kind, fund, line.investor, fen, fund))
    if not postings:
        return None
    content = [f"{view.parties[p.to_party].code}={p.kind}={p.fen}" for p in postings]
    return Draft(
        EntryKind.DISTRIBUTION, day, keys.key("equalisation", view.parties[fund].code, number),
        request_digest(day.isoformat(), *content), postings,
        [Notice(fund, NoticeKind.DISTRIBUTION.value, number, None)], note=f"后续交割 {number}",
    )  # fmt: skip
