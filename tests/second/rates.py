"""Internal rate of return by plain search: every root of the net present value, ACT/365 from the first day."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict

_REACH, _STEPS = 12.0, 6000


def roots(flows: list[tuple[dt.date, float]]) -> list[float]:
    """Every rate at which the flows are worth nothing, within |ln(1 + rate)| <= 12; flows of one day are one flow."""
    by_day: dict[dt.date, float] = defaultdict(float)
    for day, amount in flows:
        by_day[day] += amount
    days = sorted(day for day, amount in by_day.items() if abs(amount) > 1e-9)
    if not days:
        return []
    terms = [((day - days[0]).days / 365.0, by_day[day]) for day in days]
    if all(a > 0 for _, a in terms) or all(a < 0 for _, a in terms):
        return []

    def worth(x: float) -> float:
        top = max(-x * t for t, _ in terms)  # a common factor changes no root and avoids overflow
        return math.fsum(a * math.exp(-x * t - top) for t, a in terms)

    found = []
    grid = [-_REACH + 2 * _REACH * n / _STEPS for n in range(_STEPS + 1)]
    values = [worth(x) for x in grid]
    for left, right, a, b in zip(grid, grid[1:], values, values[1:], strict=False):
        if a == 0.0:
            found.append(math.expm1(left))
        elif a * b < 0:
            for _ in range(200):
                middle = (left + right) / 2
                m = worth(middle)
                if a * m <= 0:
                    right = middle
                else:
                    left, a = middle, m
            found.append(math.expm1((left + right) / 2))
    return found
