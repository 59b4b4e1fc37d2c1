"""Payments of a pool against its limits, by whoever they count: the pool, one bank, one guarantor, one institution (RC-22, RC-37)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from fof.book.pools import Pools
from fof.book.pools.claims import Claim, PoolPayment
from fof.errors import Problem
from fof.ledger import Draft
from models.money import yuan_text
from models.pools import LimitKind, PoolLeg
from models.text import Text


def above_limits(after: Pools, pool: int, fresh: Mapping[int, Draft]) -> Iterator[Problem]:
    """A problem for each limit that the pool's payments pass on a day from the first new one on.

    fresh : entries that are to be booked, with their drafts
    """
    paid = [p for p in after.payments_of[pool] if p.leg is PoolLeg.COMPENSATION and p.payer == pool]
    new = [(p.day, fresh[p.entry]) for p in paid if p.entry in fresh]
    if not new:
        return
    first = min(day for day, _ in new)
    days = sorted({p.day for p in paid if p.day >= first})
    for limit in after.limits_of(pool):
        for day in days:
            state = after.limit_state(limit, pool, day)
            if state is None or state.kind is LimitKind.ENROLMENT_STOP or state.allowed is None:
                continue
            if state.used > state.allowed:
                draft = [own for on, own in new if on <= day][-1]
                text = Text(
                    f"限额 {limit.code}（{state.kind.zh}）：已用 {yuan_text(state.used)} 元，上限 "
                    f"{yuan_text(state.allowed)} 元（RC-22）",
                    f"limit {limit.code} ({state.kind.en.lower()}): {yuan_text(state.used)} yuan used, "
                    f"{yuan_text(state.allowed)} allowed (RC-22)",
                )
                yield problem(draft, "amount", "above_limit", text, limit.code)
                break


def above_year(after: Pools, claim: Claim, cap: int, payment: PoolPayment, draft: Draft) -> Iterator[Problem]:
    """A problem where an institution would be paid more in a calendar year than its agreement allows, in fen."""
    year = payment.day.year
    paid = after.paid_in_year(claim, year, dt.date(year, 12, 31))
    if paid > cap:
        text = Text(
            f"该机构 {year} 年累计补偿 {yuan_text(paid)} 元，协议上限 {yuan_text(cap)} 元（RC-37）",
            f"{yuan_text(paid)} yuan to the institution in {year}, the agreement allows {yuan_text(cap)} (RC-37)",
        )
        yield problem(draft, "amount", "above_limit", text, claim.code)


def problem(draft: Draft, column: str, code: str, text: Text, quoted: str) -> Problem:
    """What is wrong with a draft, at the row and column that it was made of."""
    return Problem(code, text, quoted, draft.source.where(column))
