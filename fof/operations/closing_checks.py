"""What stands in the way of a later closing: everything is said, nothing is booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from fof.book.stakes import Stakes, by_investor
from fof.errors import Problem
from fof.ledger import View
from fof.operations.closing_history import Called
from models.kinds import NoticeKind
from models.money import yuan_text
from models.text import Text


def joined(
    view: View, fund: int, joining: Mapping[int, int], after: Stakes, before: Stakes
) -> tuple[dict[int, int], list[Problem]]:
    """Commitments of the closing that are not in the book yet; one booked that day with another amount is a problem."""
    fresh: dict[int, int] = {}
    problems = []
    for who, fen in joining.items():
        name = view.name(who)
        if who == fund:
            problems.append(
                Problem("same_party", Text("出资人不得为基金本身", "another party than the fund"), name)
            )
        elif fen <= 0:
            problems.append(
                Problem(
                    "not_positive",
                    Text(f"{name}：新增认缴须大于零", f"{name}: a commitment above zero"),
                    yuan_text(fen),
                )
            )
        else:
            [now], [then] = (by_investor(s, "committed", [who]).tolist() for s in (after, before))
            if now == then:
                fresh[who] = fen
            elif now - then != fen:
                held = yuan_text(now - then)
                problems.append(
                    Problem(
                        "commitment_differs",
                        Text(
                            f"{name}：账中当日新增认缴为 {held}", f"{name}: the book holds {held} of that day"
                        ),
                        yuan_text(fen),
                    )
                )
    return fresh, problems


def when(view: View, fund: int, closing_on: dt.date, rate: Decimal, old: list[int]) -> list[Problem]:
    """A later closing comes after the first one and not after the final one; interest is not negative."""
    problems = []
    first, final = view.fact(fund, "first_close_on"), view.fact(fund, "final_close_on")
    stated = isinstance(first, dt.date) and closing_on <= first
    if stated or not any(old):
        text = Text("交割日须晚于首次交割", "a day after the first closing")
        since = f"{text.zh}（{first}）" if stated else f"{text.zh}（此前无人认缴）"
        problems.append(
            Problem(
                "before_first_close", Text(since, f"{text.en} ({first or 'nobody is in'})"), str(closing_on)
            )
        )
    if isinstance(final, dt.date) and closing_on > final:
        problems.append(
            Problem(
                "after_final_close",
                Text(f"交割日不得晚于最终交割（{final}）", f"not after the final closing ({final})"),
                str(closing_on),
            )
        )
    if rate < 0:
        problems.append(
            Problem("negative_rate", Text("补偿利率不得为负", "a rate of zero or more"), str(rate))
        )
    return problems


def unshared(
    view: View, history: Called, investors: list[int], old: list[int], new: list[int], paid: list[int]
) -> list[Problem]:
    problems = []
    if not any(a > b for b, a in zip(old, new, strict=True)):
        text = Text("交割日须有新增认缴", "a commitment taken on at the closing is needed")
        problems.append(Problem("nobody_new", text))
    for who, b, a in zip(investors, old, new, strict=True):
        if a < b:
            name = view.name(who)
            problems.append(
                Problem(
                    "commitment_fell",
                    Text(f"{name}：交割日认缴不得减少", f"{name}: the commitment falls"),
                    yuan_text(a - b),
                )
            )
    for call in history.open:
        name = view.name(call.investor)
        problems.append(
            Problem(
                "call_open",
                Text(f"{name} 的通知 {call.number} 须先缴清", f"{name} must pay notice {call.number} first"),
                yuan_text(call.open),
            )
        )
    if history.open:
        return problems  # what is not paid is not explained by notices either
    for who in sorted({*history.explained, *investors}):
        noticed, own = history.explained.get(who, 0), paid[investors.index(who)] if who in investors else 0
        if own != noticed:
            name = view.name(who)
            problems.append(
                Problem(
                    "paid_without_notice",
                    Text(
                        f"{name}：实缴须全部对应出资通知（通知已缴 {yuan_text(noticed)}）",
                        f"{name}: paid-in capital must come from notices ({yuan_text(noticed)})",
                    ),
                    yuan_text(own),
                )
            )
    return problems


def distributed(before: Stakes) -> list[Problem]:
    """What was distributed before went to the earlier investors alone; calls can be shared out again, that cannot."""
    out = int(before.distributed.sum())
    if not out:
        return []
    text = Text(
        "后续交割之前不得有分配：已分配的无法重新分摊",
        "nothing distributed before: that cannot be shared out again",
    )
    return [Problem("distributed_before", text, yuan_text(out))]


def called_since(view: View, fund: int, closing_on: dt.date) -> list[Problem]:
    """Who joins at a day in the past was not asked by the notices since: the closing must come after them."""
    ever = view.on(None)
    kind = NoticeKind.CAPITAL_CALL
    late = sorted(
        (n.day, n.row.number)
        for n in ever.notices
        if n.row.fund == fund and n.row.kind == kind and n.row.due_on is not None and n.day >= closing_on
    )
    text = Text("交割日须晚于已发出的出资通知", "a closing after the notices that are out")
    return [
        Problem(
            "called_since",
            Text(f"{text.zh} {number}（{day}）", f"{text.en}: {number} ({day})"),
            str(closing_on),
        )
        for day, number in late[-1:]
    ]
