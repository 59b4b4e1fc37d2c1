"""Companies of a scenario as the kernels take them, and the law of what becomes of one: see `valuation.company_paths`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from valuation.arguments import Floats, Integers
from valuation.normal import normal_cdf, normal_quantile

STAGES = ("seed", "startup", "growth", "mature", "unknown")
LIVE_SERIES = tuple(f"live_{stage}" for stage in STAGES)
COMPANY_SERIES = (
    "gross_proceeds",
    "fees",
    "carry",
    "conceded",
    "staff_in",
    "staff_out",
    *LIVE_SERIES,
    *(f"at_risk_{stage}" for stage in STAGES),
)
"""Rows of each step over all companies; live: their number, at_risk: their cost (value today of those held today)."""

LIVE, AT_RISK, UNKNOWN = 6, 11, 4
"""Where the rows by stage begin; the stage of a company of which none is stated, which never moves."""

PART_SERIES = ("live", "at_risk")
"""Rows of each step of a part of the companies (those of a city, of an industry): number and cost, after COMPANY_SERIES."""

FIRST_COMPANY = 2**29
"""Streams of companies lie from here up to those of pools."""
GRID = 4097
"""Places of the outcome table, evenly over ±REACH of a standard normal."""
REACH = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class CompanyPathArrays:
    """Companies as the kernels take them; nothing in it names anybody.

    funds   : (n,) rows of the funds that have companies          first : (n + 1,) where each fund's companies begin
    entry   : (companies,) step in which it enters, −1: held today
    share   : (companies,) of what enters in its step; of one held today its value, yuan
    stage   : (companies,) place in STAGES at entry               streams : (companies,) numbers in [0, 2²⁹)
    outcome : (GRID,) multiple by place of z                      link : ρ in [−1, 1]
    exits   : λ a year       moves : (3,) μ a year out of seed, startup, growth
    fees    : (n, steps) yuan taken of calls                      staff : part of each cost that staff put in
    hurdle  : (n, steps) preferred return of a step               terms : (4, n) carry, catch-up, concession, 0
    opening : (4, n) capital not returned, preferred return due, profit above capital so far, carry paid so far; yuan
    delay   : (n, steps) an exit waits where its unit exponential lies below it; 0: none waits
    marks   : (n, steps + 1) product so far of the factors by which shocks mark values
    parts   : (kinds, companies) in which part each company is, of each kind of parts; −1: in none      part_count: parts of all kinds
    """

    funds: Integers
    first: Integers
    entry: Integers
    share: Floats
    stage: Integers
    streams: Integers
    outcome: Floats
    link: float
    exits: float
    moves: Floats
    fees: Floats
    staff: float
    hurdle: Floats
    terms: Floats
    opening: Floats
    delay: Floats
    marks: Floats
    parts: Integers = field(default_factory=lambda: np.empty((0, 0), np.int64))
    part_count: int = 0

    @property
    def row_count(self) -> int:
        """Rows of each step."""
        return len(COMPANY_SERIES) + len(PART_SERIES) * self.part_count


def outcome_table(bounds: Floats, shares: Floats, tail: float) -> Floats:
    """The quantile function of multiples at even places of z: (GRID,).

    bounds : (k,) ascending lower ends of the brackets, the first 0; shares : (k,) of the companies in each, adding up to 1
    tail   : Pareto index above the last bound, > 1

    Within a bracket multiples are even (the first one) or even in their logarithm. What lies beyond the highest place, one
    company in a thousand million, is cut to it.
    """
    z = np.linspace(-REACH, REACH, GRID)
    edges = np.concatenate([[0.0], np.cumsum(shares)])
    ends = np.asarray(normal_quantile(np.clip(edges[1:-1], 1e-300, 1 - 1e-16)))
    u = np.asarray(normal_cdf(z))
    place = np.searchsorted(ends, z, side="right")
    low = bounds[place]
    part = np.clip((u - edges[place]) / shares[place], 0.0, 1.0)
    high = np.append(bounds[1:], np.inf)[place]
    table = np.empty(GRID)
    first, last = place == 0, place == bounds.size - 1
    table[first] = high[first] * part[first]
    middle = ~first & ~last
    table[middle] = low[middle] * (high[middle] / low[middle]) ** part[middle]
    beyond = np.asarray(normal_cdf(-z[last])) / shares[-1]
    table[last] = low[last] * np.minimum(beyond, 1.0) ** (-1.0 / tail)
    return table
