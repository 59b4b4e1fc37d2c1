"""The conditions of a commitment programme as rows of a linear program: what each says, and how much a yuan of each commitment adds.

Sought are c ≥ 0 in millions of yuan, for each year and strategy; see fof.scenarios.programme_plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from fof.book.reading import Bools, Floats
from fof.scenarios.linear_program import LinearProgram
from fof.scenarios.programme_odds import strategies_of
from fof.scenarios.programme_parts import CashGap, Target
from fof.scenarios.programme_terms import CoverTerms, ProgrammeTerms
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_spec import BudgetAppropriation, PlannedFund
from models.frozen import frozen
from valuation.scenario_paths import expected_path

UNIT = 1e6
"""Yuan of a unit of the program: amounts near 1 keep the solver's tolerances meaningful."""
ROUND = 1_000_000
"""Fen to which commitments are rounded."""
CENT = 0.01
"""Yuan by which a condition may be off and still holds: the smallest amount there is."""


@frozen
class Condition:
    """What a row says: wanted in yuan or as a share; step: at whose end; place: in the file, the same for all rows of a target."""

    target: Target
    scope: str
    step: int | None
    day: dt.date | None
    wanted: float
    place: str


@frozen
class ProgrammeRow:
    """low ≤ values · c ≤ high, in millions of yuan; soft: the program only comes as near as it can (the share of the value)."""

    condition: Condition
    values: Floats
    low: float
    high: float
    soft: bool = False

    def short(self, amounts: Floats) -> float:
        """Yuan by which amounts miss the row; 0 where they hold it."""
        reached = float(self.values @ amounts)
        return max(self.low - reached, reached - self.high, 0.0) * UNIT


class ProgrammeRows:
    """The conditions of a programme of these candidates on the path without noise.

    cash, nav         : (steps,) yuan of the portfolio without any of them
    cash_of, nav_of, callable_of : (candidates, steps) of a yuan of each
    covered           : by strategy, (steps,) yuan that its other funds can still call
    shared, ends      : steps with a share of the value, ends of years
    met               : appropriations that are assumed: day and yuan
    """

    def __init__(
        self, inputs: ScenarioInputs, candidates: Sequence[PlannedFund], terms: ProgrammeTerms
    ) -> None:
        arrays, path = inputs.arrays, expected_path(inputs.arrays)
        self.terms, self.candidates, self.days = terms, candidates, inputs.days
        self.currency = inputs.opening.portfolio.currency
        self.floor, self.steps = inputs.scenario.cash.floor / 100, arrays.steps
        own = np.array([inputs.codes.index(c.code) for c in candidates])
        rest = np.setdiff1d(np.arange(len(inputs.codes)), own)
        money = arrays.reuse * path.distributions - path.calls
        self.cash = arrays.opening + np.cumsum(money[rest].sum(axis=0) + arrays.inflow)
        self.nav = path.nav[rest].sum(axis=0)
        self.cash_of, self.nav_of = np.cumsum(money[own], axis=1) / UNIT, path.nav[own] / UNIT
        callable_ = _callable(inputs, arrays.stocks[1][:, None] - np.cumsum(path.calls, axis=1))
        self.callable_of = callable_[own] / UNIT
        strategies = strategies_of(inputs)
        self.covered = {
            cover.strategy: callable_[[n for n in rest if strategies[n] is cover.strategy]].sum(axis=0)
            for cover in terms.cover
        }
        self._whole = np.cumsum(arrays.lengths)
        self.shared: list[int] = []
        if terms.nav_share is not None:
            self.shared = [t for t in range(self.steps) if self._whole[t] >= terms.share_from - 1e-9]
        self.ends = [t for t, day in enumerate(self.days) if day.month == 12 or t + 1 == self.steps]
        self.met: list[tuple[dt.date, float]] = []

    # -- the cash there is anyhow ---------------------------------------------------------------------------------

    def gap(self) -> CashGap | None:
        """What cash lacks without any new commitment; an hundredth of a yuan is nothing."""
        short = np.flatnonzero(self.cash < self.floor - CENT)
        if not short.size:
            return None
        at, days = int(self.cash.argmin()), self.days
        return CashGap(days[short[0]], days[short[-1]], days[at], self.floor - float(self.cash[at]))

    def meet_gap(self) -> tuple[BudgetAppropriation, ...]:
        """Appropriations that hold the floor without any new commitment, each in the step in which cash would lack it, rounded up
        to 10,000 yuan; from here on they are part of the cash there is."""
        made, given = [], 0
        for t, day in enumerate(self.days):
            lacking = (self.floor - float(self.cash[t])) * 100 - given
            if lacking <= 1:
                continue
            more = -int(-lacking // ROUND) * ROUND
            given += more
            self.met.append((day, more / 100))
            made.append(
                BudgetAppropriation.model_construct(
                    year=day.year, quarter=(day.month + 2) // 3, amount=more, payer="", source="plan.meet_gap"
                )
            )
        for day, amount in self.met:
            self.cash[[n for n, end in enumerate(self.days) if end >= day]] += amount
        return tuple(made)

    # -- the rows -------------------------------------------------------------------------------------------------

    def listed(self) -> list[ProgrammeRow]:
        """Every condition, those of a target one after another."""
        return [*self._floors(), *self._yearly(), *self._least(), *self._covers(), *self._shares()]

    def _floors(self) -> list[ProgrammeRow]:
        return [
            ProgrammeRow(
                Condition("floor", "", t, day, self.floor, "cash.floor"),
                self.cash_of[:, t],
                (self.floor - self.cash[t]) / UNIT,
                np.inf,
            )
            for t, day in enumerate(self.days)
        ]

    def _yearly(self) -> list[ProgrammeRow]:
        if self.terms.most_a_year is None:
            return []
        most, years = self.terms.most_a_year / 100, [c.signed_on for c in self.candidates]
        return [
            ProgrammeRow(
                Condition("most_a_year", "", None, day, most, "plan.most_a_year"),
                np.array([float(d == day) for d in years]),
                -np.inf,
                most / UNIT,
            )
            for day in dict.fromkeys(years)
        ]

    def _least(self) -> list[ProgrammeRow]:
        return [
            ProgrammeRow(
                Condition("least", strategy.value, None, None, part, f"plan.least.{strategy.value}"),
                self.is_of(strategy) - part,
                0.0,
                np.inf,
            )
            for strategy, part in self.terms.least.items()
        ]

    def _covers(self) -> list[ProgrammeRow]:
        return [
            ProgrammeRow(
                Condition(
                    "cover",
                    cover.strategy.value,
                    t,
                    self.days[t],
                    cover.amount / 100,
                    f"plan.cover[{n}]",
                ),
                self.is_of(cover.strategy) * self.callable_of[:, t],
                (cover.amount / 100 - self.covered[cover.strategy][t]) / UNIT,
                np.inf,
            )
            for n, cover in enumerate(self.terms.cover, 1)
            for t in self.cover_steps(cover)
        ]

    def _shares(self) -> list[ProgrammeRow]:
        share = self.terms.nav_share or 0.0
        rows = []
        for t in self.shared:
            base = -((1 - share) * self.nav[t] - share * self.cash[t]) / UNIT
            own = Condition("nav_share", "", t, self.days[t], share, "plan.nav_share")
            values = (1 - share) * self.nav_of[:, t] - share * self.cash_of[:, t]
            rows.append(ProgrammeRow(own, values, base, base, soft=True))
        return rows

    def is_of(self, strategy: str) -> Floats:
        """1 for the candidates of a strategy, 0 for the others."""
        return np.array([float(c.strategy == strategy) for c in self.candidates])

    def cover_steps(self, cover: CoverTerms) -> list[int]:
        """Ends of years at which a coverage is asked for."""
        last = self.candidates[-1].signed_on
        return [t for t in self.ends if self._whole[t] >= cover.since - 1e-9 and self.days[t] <= last]

    def program(
        self,
        rows: Sequence[ProgrammeRow],
        slack: int = 0,
        giving: Collection[str] = (),
        most: Mapping[int, float] | None = None,
    ) -> LinearProgram:
        """The rows as a program, a column a candidate. slack: so many columns more, two for each soft row in turn by which it is off;
        giving: the rows of these places give way by one column more; most: upper bounds of columns."""
        count = len(self.candidates)
        program = LinearProgram(count + slack + (1 if giving else 0), dict(most or {}))
        soft = 0
        for row in rows:
            more = []
            if row.soft and slack:
                more = [(count + soft, -1.0), (count + soft + 1, 1.0)]
                soft += 2
            if row.condition.place in giving:
                more.append((count + slack, 1.0 if np.isfinite(row.low) else -1.0))
            program.add(row.values, row.low, row.high, more)
        return program


def _callable(inputs: ScenarioInputs, left: Floats) -> Floats:
    """(funds, steps) what each fund can still call: nothing before it is signed, nothing after its end."""
    signed: Bools = np.ones(left.shape, bool)
    first = len(inputs.opening.funds)
    for n, fund in enumerate(inputs.scenario.planned):
        signed[first + n] = [fund.signed_on <= day for day in inputs.days]
    live = np.arange(left.shape[1])[None, :] < inputs.arrays.span[1][:, None]
    return np.where(signed & live, left, 0.0)
