"""Limits of a scenario's pools as arrays: as agreed in the book or typed, each with its window at every step."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import numpy as np

from fof.book.identities import Registered
from fof.book.pools.rates import Tally, window
from fof.errors import Problem, Where
from fof.scenarios.pool_loan_parts import Ends
from fof.scenarios.pool_terms import PoolLimitTerms, PoolTerms
from models.money import yuan_text
from models.pools import Denominator, Grossness, LimitKind, LimitPeriod
from models.subjects import LinkRole
from models.text import Text
from valuation.scenario_pools import PoolLimit


def ends_of(limit: Registered) -> Ends:
    """Of whom a limit is."""
    return limit.linked(LinkRole.LENDER), limit.linked(LinkRole.GUARANTOR)


def limit_as_agreed(limit: Registered, kind: LimitKind, day: dt.date) -> PoolLimitTerms:
    """A limit of the book as a scenario states one."""
    amount, rate = limit.on("limit_amount", day), limit.on("limit_rate", day)
    of = limit.on("limit_denominator", day)
    period: LimitPeriod = limit.on("limit_period", day) or LimitPeriod.YEAR
    stated = {
        "kind": kind.value,
        "amount": None if amount is None else yuan_text(int(amount)),
        "rate": None if rate is None or of is None else float(rate),
        "denominator": None if rate is None or of is None else of.value,
        "period": period.value,
        "net": limit.on("limit_grossness", day) is Grossness.NET,
    }
    return PoolLimitTerms.model_validate(stated)


def limit_in_windows(
    limit: PoolLimitTerms, tally: Tally | None, as_of: dt.date, days: Sequence[dt.date]
) -> PoolLimit:
    """The limit with its window at each step, and what the book holds of windows that began before today."""
    start, used, of = np.zeros(len(days), np.int64), np.zeros(len(days)), np.zeros(len(days))
    for n, day in enumerate(days):
        span = window(LimitPeriod(limit.period), day)
        if span.after >= as_of:
            start[n] = sum(end <= span.after for end in days)
        elif tally is not None:
            before = span._replace(until=as_of)
            fen = tally.paid.over(before) - (tally.recovered.over(before) if limit.net else 0)
            used[n] = fen / 100
            if limit.denominator is not None and limit.denominator != "outstanding":
                of[n] = tally.denominator(Denominator(limit.denominator), before) / 100
    by_rate = limit.rate is not None and limit.denominator is not None
    return PoolLimit(
        limit.kind,
        limit.denominator if by_rate and limit.denominator is not None else "amount",
        float(limit.rate) if by_rate and limit.rate is not None else math.inf,
        math.inf if limit.amount is None else limit.amount / 100,
        limit.net,
        start,
        used,
        of,
    )


def unfit_limits(pools: Sequence[PoolTerms]) -> list[Problem]:
    """Limits that limit nothing: neither an amount nor a rate of something."""
    text = Text("amount，或 rate 与 denominator", "amount, or rate with denominator")
    return [
        Problem("no_limit", text, None, Where(field=f"pool[{n}].limit[{m}]"))
        for n, pool in enumerate(pools, 1)
        for m, limit in enumerate(pool.limit or (), 1)
        if (limit.amount is None and limit.rate is None)
        or (limit.rate is None) != (limit.denominator is None)
    ]
