"""Capital calls: a plan by commitment, its effect on what is unfunded, and the notice that comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import field

import numpy as np

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.currencies import currency_of
from fof.book.stakes import stakes
from fof.book.unfunded import open_by_stake
from fof.db import Database
from fof.errors import Problem, Refused, Unknown
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, CAPITAL_CALLS
from fof.intake.calls import Calls
from fof.intake.planning import Planning
from fof.ledger import Booked, View
from fof.operations import planned_sheets
from models.frozen import frozen
from models.kinds import FUND_KINDS
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.text import Text
from valuation.split import split


@frozen
class CallLine:
    """One investor's part of a planned call, in fen.

    due       : component → fen; empty for who is left out      reason : why they are left out
    pending   : asked for inside the commitment by earlier notices and not paid yet
    unfunded_before : still to be called before this notice, earlier unpaid notices taken off; unfunded_after: after it
    """

    investor: int
    name: str
    commitment: int
    state: str  # called | excused | defaulting
    reason: str
    due: Mapping[str, int]
    pending: int
    unfunded_before: int
    unfunded_after: int

    @property
    def total(self) -> int:
        """All that is asked of the investor."""
        return sum(self.due.values())


@frozen
class CallPlan:
    """A call before it is issued. `problems`: everything that stands in its way; only a plan without any is issued."""

    fund: int
    notice_on: dt.date
    due_on: dt.date
    components: Mapping[str, int]
    lines: tuple[CallLine, ...]
    excused: Mapping[int, str] = field(default_factory=dict)
    defaulting: Mapping[int, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def total(self) -> int:
        """Fen asked for in all."""
        return sum(self.components.values())


def plan_call(
    view: View,
    fund: int,
    components: Mapping[str, int],
    notice_on: dt.date,
    due_on: dt.date,
    *,
    excused: Mapping[int, str] | None = None,
    defaulting: Mapping[int, str] | None = None,
) -> CallPlan:
    """Allocate a call over the investors by the commitments in force at the close of the notice day.

    components : names of fof.importers.layouts.capital_calls.CALL_COMPONENTS → fen asked for in all
    excused    : investor → why this call does not reach them (an excuse right); their part falls to the others
    defaulting : investor → why nothing is asked of them (in default); likewise, and what they owe stays on the chase list

    Each component is split by largest remainder, investors in the order of their codes, so the parts add up to the fen.
    Unknown for a party that is no fund. What is asked inside the commitment may not exceed what is unfunded and not
    yet called, unless the fund's attribute call_over_unfunded says so.
    """
    if fund not in view.parties or view.parties[fund].kind not in FUND_KINDS:
        raise Unknown(Text("基金", "fund"), fund)
    now = view.on(notice_on)
    left_out = {**(excused or {}), **(defaulting or {})}
    wrong = _asked_for(components)
    problems = planned_sheets.running(now, fund) + wrong + _days(notice_on, due_on)
    own = stakes(now).of(None, {fund})
    own = own.where(own.committed > 0)
    order = sorted(range(len(own)), key=lambda i: now.parties[int(own.investor[i])].code)
    investors = [int(own.investor[i]) for i in order]
    problems += _left_out(now, investors, excused or {}, defaulting or {})
    weights = np.array(
        [0 if who in left_out else int(own.committed[i]) for who, i in zip(investors, order, strict=True)]
    )
    if not weights.any():
        problems.append(
            Problem(
                "nobody_to_call",
                Text("须至少有一名出资人可出资", "at least one investor must be left to call"),
            )
        )
    parts: dict[int, dict[str, int]] = {who: {} for who in investors}
    if not wrong and weights.any():
        for name, fen in components.items():
            for who, part in zip(investors, split(fen, weights).tolist(), strict=True):
                if part:
                    parts[who][name] = part
    pending = _pending(now, fund)
    lines = []
    for who, i in zip(investors, order, strict=True):
        before = int(own.unfunded[i]) - pending.get(who, 0)
        state = "excused" if who in (excused or {}) else "defaulting" if who in left_out else "called"
        lines.append(
            CallLine(
                who,
                now.name(who),
                int(own.committed[i]),
                state,
                left_out.get(who, ""),
                parts[who],
                pending.get(who, 0),
                before,
                before - _inside(parts[who]),
            )
        )
    if not now.fact(fund, "call_over_unfunded", False):
        problems += [_above_unfunded(line) for line in lines if line.unfunded_after < 0 and line.due]
    return CallPlan(
        fund,
        notice_on,
        due_on,
        {n: f for n, f in components.items() if f},
        tuple(lines),
        dict(excused or {}),
        dict(defaulting or {}),
        tuple(problems),
    )


def _asked_for(components: Mapping[str, int]) -> list[Problem]:
    problems = []
    for name, fen in components.items():
        if name not in CALL_COMPONENTS:
            listed = ", ".join(CALL_COMPONENTS)
            problems.append(
                Problem("unknown_component", Text(f"分项须为：{listed}", f"one of {listed}"), name)
            )
        if fen < 0:
            problems.append(
                Problem("not_positive", Text("分项金额不得为负", "no amount below zero"), yuan_text(fen))
            )
    if sum(components.values()) <= 0:
        problems.append(Problem("not_positive", Text("出资总额须大于零", "a total above zero")))
    return problems


def _days(notice_on: dt.date, due_on: dt.date) -> list[Problem]:
    if due_on >= notice_on:
        return []
    text = Text("缴款截止日不得早于通知日", "a due day on or after the notice day")
    return [Problem("due_before_notice", text, str(due_on))]


def _left_out(
    view: View, investors: Collection[int], excused: Mapping[int, str], defaulting: Mapping[int, str]
) -> list[Problem]:
    problems = []
    for who, reason in (*excused.items(), *defaulting.items()):
        name = view.name(who) if who in view.parties else str(who)
        if who not in investors:
            problems.append(
                Problem(
                    "not_an_investor", Text("须为本基金有认缴的出资人", "an investor with a commitment"), name
                )
            )
        if not reason.strip():
            problems.append(
                Problem("reason_missing", Text(f"{name}：须写明原因", f"{name}: a reason is needed"))
            )
        if who in excused and who in defaulting:
            problems.append(
                Problem(
                    "left_out_twice", Text("不得同时为豁免和违约", "excused or defaulting, not both"), name
                )
            )
    return problems


def _inside(due: Mapping[str, int]) -> int:
    return sum(fen for name, fen in due.items() if CALL_COMPONENTS[name][1] == PostingKind.CALL_DUE)


def _pending(view: View, fund: int) -> dict[int, int]:
    """What earlier notices still ask inside the commitment, by investor."""
    pending: dict[int, int] = {}
    for call in open_by_stake(view).get((fund, -1), ()):
        pending[call.investor] = pending.get(call.investor, 0) + call.open_inside
    return pending


def _above_unfunded(line: CallLine) -> Problem:
    most = yuan_text(max(line.unfunded_before, 0))
    return Problem(
        "call_over_unfunded",
        Text(
            f"{line.name}：不得超过可通知的未缴额度 {most}", f"{line.name}: at most the {most} not called yet"
        ),
        yuan_text(_inside(line.due)),
    )


def replanned(view: View, plan: CallPlan) -> CallPlan:
    """The plan made once more from another look at the book."""
    return plan_call(
        view,
        plan.fund,
        plan.components,
        plan.notice_on,
        plan.due_on,
        excused=plan.excused,
        defaulting=plan.defaulting,
    )


def issue_call(
    database: Database,
    actor: Actor,
    plan: CallPlan,
    number: str,
    *,
    prepared_by: str | None = None,
    why: str | None = None,
) -> Booked:
    """Book a planned call as one notice; the same plan under the same number again books nothing.

    Refused with every problem of the plan, and where the book has moved on since it was made; NotAllowed without the
    role. prepared_by: another person's plan, which the actor approves.
    why : reason for what is dated into a closed quarter; needed there alone (fof.book.late)
    """
    if plan.problems:
        raise Refused(plan.problems, Text("出资通知", "call notice"))
    if not number.strip():
        raise Refused(
            [Problem("number_missing", Text("须填写通知编号", "the notice needs a number"))],
            Text("出资通知", "call notice"),
        )
    number = planned_sheets.typed_code(number)
    view = ledger.read(database).view()
    fund, currency = view.parties[plan.fund].code, currency_of(view, plan.fund)
    called = [line for line in plan.lines if line.due]
    codes = {line.investor: view.parties[line.investor].code for line in called}
    reasons = _reasons(plan)
    table = planned_sheets.sheet(
        f"出资计划 {fund} {number}",
        CAPITAL_CALLS,
        [
            {
                "fund": fund,
                "number": number,
                "investor": codes[line.investor],
                "notice_on": plan.notice_on,
                "due_on": plan.due_on,
                "document": reasons,
                **planned_sheets.amounts(line.due, currency),
            }
            for line in called
        ],
    )

    def notices(planning: Planning) -> None:
        Calls(planning).plan_notices([table])

    def moved_on(now: View) -> list[Problem]:
        fresh = replanned(now, plan)
        same = [(x.investor, x.due) for x in fresh.lines] == [(x.investor, x.due) for x in plan.lines]
        if fresh.problems or same:
            return list(fresh.problems)
        return [
            Problem(
                "plan_outdated",
                Text("计划之后认缴已变动，请重新计划", "commitments changed since the plan; plan anew"),
            )
        ]

    planner = planned_sheets.planner([table], notices, moved_on)
    return ledger.book(database, actor, late.reasoned(planner, why), action="book", prepared_by=prepared_by)


def _reasons(plan: CallPlan) -> str | None:
    """Who is left out and why, for the entry's note; None where everybody is called."""
    words = {"excused": "豁免", "defaulting": "违约"}
    reasons = [f"{words[x.state]} {x.name}：{x.reason.strip()}" for x in plan.lines if x.state in words]
    return "；".join(reasons) or None
