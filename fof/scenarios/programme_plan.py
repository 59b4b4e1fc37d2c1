"""The commitment programme that holds a target: found by linear programming (HiGHS), then run through Monte Carlo.

On the path without noise everything is linear in the commitments: a yuan promised to a strategy at the end of a year has calls,
distributions and a value of its own in every step (the pacing model's), and they are added to what the portfolio does anyhow. Sought
are c ≥ 0, for each year and strategy, with

    cash_t  = base_t + Σ c · (reuse · distributions − calls so far)  ≥ floor                   in every step
    Σ of a year ≤ most_a_year          Σ of a strategy ≥ least · Σ of all
    value_t − share · (value_t + cash_t) = above_t − below_t                                    from share_from on

and Σ (above + below) the least; without a share, Σ c the most. Amounts are rounded down to 10,000 yuan. What binds is a condition
that holds with equality and whose shadow price is not 0: what a yuan more of it would add to the objective.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from fof.book.reading import Bools, Floats
from fof.errors import Problem, Refused, Where
from fof.ledger import View
from fof.scenarios.programme_terms import ProgrammeTerms
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_spec import PlannedFund, Scenario
from models.kinds import Strategy
from models.text import Text
from valuation.scenario_paths import CHUNK, STEP_SERIES, expected_path, simulate_chunk

UNIT = 1e6
"""Yuan of a unit of the program: amounts near 1 keep the solver's tolerances meaningful."""
ROUND = 1_000_000
"""Fen to which commitments are rounded down."""
PATHS = 4096
"""Of the probabilities: their error is below 0.8 %."""
Target = Literal["floor", "nav_share", "most_a_year", "least"]


@dataclass(frozen=True, slots=True)
class PlannedCommitment:
    """A commitment of the programme: fen."""

    code: str
    strategy: Strategy
    signed_on: dt.date
    commitment: int


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A condition of the programme.

    wanted, expected : yuan of cash and of a year's commitments, else a share; expected: on the path without noise
    binds  : held with equality by the optimum            price : its shadow price, in yuan of the objective a yuan (or a share of 1)
    missed : part of the paths that miss it; nan for what is decided with the programme
    """

    target: Target
    scope: str
    day: dt.date | None
    wanted: float
    expected: float
    binds: bool
    price: float
    missed: float


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """The programme, its conditions, how far the value's share is off on average, and the scenario with the programme in it."""

    scenario: Scenario
    commitments: tuple[PlannedCommitment, ...]
    targets: tuple[PlannedTarget, ...]
    deviation: float
    paths: int


def programme_plan(view: View, scenario: Scenario) -> ProgrammePlan:
    """The programme that `scenario.plan` asks for. Refused where nothing is asked, cash is not known, or no programme holds the floor."""
    terms = scenario.plan
    if terms is None:
        raise _refused("plan", Text("写入 [plan]：要达到的目标", "write [plan]: the target to hold"))
    candidates = _candidates(view, terms)
    inputs, _ = inputs_of(view, _with(scenario, candidates))
    if np.isnan(inputs.arrays.opening):
        raise _refused(
            "cash.opening",
            Text("组合现金不在本账，须填写", "the portfolio's cash is not in the book: it must be given"),
        )
    program = _Program(inputs, candidates, scenario, terms)
    solution = program.solved()
    chosen = [
        own.model_copy(update={"commitment": int(value * UNIT * 100) // ROUND * ROUND})
        for own, value in zip(candidates, solution.amounts.tolist(), strict=True)
    ]
    final = _with(scenario, [own for own in chosen if own.commitment > 0])
    made, _ = inputs_of(view, final)
    targets, deviation = program.targets(solution, [own.commitment / 100 for own in chosen], made)
    listed = tuple(
        PlannedCommitment(own.code, own.strategy or Strategy.OTHER, own.signed_on, own.commitment)
        for own in chosen
        if own.commitment > 0
    )
    whole = scenario.model_copy(update={"planned": final.planned, "plan": None})
    return ProgrammePlan(whole, listed, targets, deviation, min(PATHS, scenario.paths))


def _with(scenario: Scenario, planned: Sequence[PlannedFund]) -> Scenario:
    """The scenario with these funds beside its own; what a plan does not look at is left out."""
    return scenario.model_copy(
        update={
            "planned": (*scenario.planned, *planned),
            "by_fund": False,
            "rates_of_return": False,
            "rules": False,
        }
    )


def _candidates(view: View, terms: ProgrammeTerms) -> list[PlannedFund]:
    assert view.as_of is not None
    first = view.as_of.year if view.as_of < dt.date(view.as_of.year, 12, 31) else view.as_of.year + 1
    return [
        PlannedFund(
            code=f"PLAN-{year}-{strategy.value}",
            commitment=round(UNIT),  # read as yuan
            signed_on=dt.date(year, 12, 31),
            strategy=strategy,
            source=terms.source,
        )
        for year in range(first, first + terms.years)
        for strategy in terms.strategies
    ]


@dataclass(frozen=True, slots=True)
class _Solution:
    """amounts, in UNIT; slack and price of each row of the program."""

    amounts: Floats
    tight: Bools
    price: Floats


class _Program:
    """The linear program: rows of the matrix, and what each of them says."""

    def __init__(
        self,
        inputs: ScenarioInputs,
        candidates: Sequence[PlannedFund],
        scenario: Scenario,
        terms: ProgrammeTerms,
    ) -> None:
        arrays, path = inputs.arrays, expected_path(inputs.arrays)
        self._terms, self._candidates, self._days = terms, candidates, inputs.days
        self._floor, self._steps = scenario.cash.floor / 100, arrays.steps
        own = np.array([inputs.codes.index(c.code) for c in candidates])
        rest = np.setdiff1d(np.arange(len(inputs.codes)), own)
        money = arrays.reuse * path.distributions - path.calls
        self._cash = arrays.opening + np.cumsum(money[rest].sum(axis=0) + arrays.inflow)
        self._nav = path.nav[rest].sum(axis=0)
        self._cash_of, self._nav_of = np.cumsum(money[own], axis=1) / UNIT, path.nav[own] / UNIT
        whole = np.cumsum(arrays.lengths)
        self._shared = (
            []
            if terms.nav_share is None
            else [t for t in range(self._steps) if whole[t] >= terms.share_from - 1e-9]
        )

    def solved(self) -> _Solution:
        """The optimum. Refused where there is none."""
        import highspy
        from highspy._core import (
            _Highs,
        )  # Highs itself writes a banner to standard output, where a command's document stands

        terms, count = self._terms, len(self._candidates)
        slack = 2 * len(self._shared)
        rows: list[Floats] = []
        low: list[float] = []
        high: list[float] = []

        def row(values: Floats, least: float, most: float, more: Sequence[tuple[int, float]] = ()) -> None:
            line = np.zeros(count + slack)
            line[:count] = values
            for place, value in more:
                line[count + place] = value
            rows.append(line)
            low.append(least)
            high.append(most)

        for t in range(self._steps):
            row(self._cash_of[:, t], (self._floor - self._cash[t]) / UNIT, np.inf)
        years = [c.signed_on for c in self._candidates]
        if terms.most_a_year is not None:
            for day in dict.fromkeys(years):
                row(np.array([float(d == day) for d in years]), -np.inf, terms.most_a_year / 100 / UNIT)
        for strategy, least in terms.least.items():
            row(np.array([float(c.strategy is strategy) - least for c in self._candidates]), 0.0, np.inf)
        share = terms.nav_share or 0.0
        for n, t in enumerate(self._shared):
            values = (1 - share) * self._nav_of[:, t] - share * self._cash_of[:, t]
            base = (1 - share) * self._nav[t] - share * self._cash[t]
            row(values, -base / UNIT, -base / UNIT, ((2 * n, -1.0), (2 * n + 1, 1.0)))
        # with a share: the least deviation, and of programmes alike in that the smaller one
        cost = np.concatenate([np.full(count, 1e-6 if self._shared else -1.0), np.ones(slack)])
        matrix = np.array(rows)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = cost.size, len(rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(cost.size), np.full(cost.size, np.inf)
        lp.row_lower_, lp.row_upper_ = np.array(low), np.array(high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        where = [np.flatnonzero(line) for line in matrix]
        lp.a_matrix_.start_ = np.cumsum([0, *(w.size for w in where)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate(where).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([line[w] for line, w in zip(matrix, where, strict=True)])
        solver: Any = _Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(lp)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise self._short()
        if status != highspy.HighsModelStatus.kOptimal:
            without = Text(
                "目标不限制规模：填写 most_a_year 或 nav_share",
                "nothing bounds the programme: give most_a_year or nav_share",
            )
            raise _refused("plan.most_a_year", without)
        optimum = solver.getSolution()
        amounts, value = np.array(optimum.col_value)[:count], np.array(optimum.row_value)
        gap = np.minimum(np.abs(value - np.array(low)), np.abs(np.array(high) - value))
        return _Solution(
            np.maximum(amounts, 0.0), gap <= 1e-6 * (1 + np.abs(value)), np.abs(np.array(optimum.row_dual))
        )

    def _short(self) -> Refused:
        """No programme holds the floor: by how much cash falls short without any new commitment, and when."""
        at = int(self._cash.argmin())
        lacking = self._floor - self._cash[at]
        return _refused(
            "cash.floor",
            Text(
                f"即使不再新认缴，{self._days[at]} 的现金仍比最低现金少 {lacking:,.2f} 元",
                f"without any new commitment cash on {self._days[at]} is {lacking:,.2f} yuan below its floor",
            ),
        )

    def targets(
        self, solution: _Solution, amounts: Sequence[float], made: ScenarioInputs
    ) -> tuple[tuple[PlannedTarget, ...], float]:
        """Every condition with what the rounded programme makes of it, and how likely it is missed."""
        terms, given = self._terms, np.array(amounts) / UNIT
        cash = self._cash + UNIT * given @ self._cash_of
        nav = self._nav + UNIT * given @ self._nav_of
        below, off = self._missed(made)
        listed, at = [], 0
        ends = [t for t, day in enumerate(self._days) if day.month == 12 or t + 1 == self._steps]
        for t, day in enumerate(self._days):
            tight = bool(solution.tight[at + t] and solution.price[at + t] > 1e-9)
            if t in ends or tight:
                listed.append(
                    PlannedTarget(
                        "floor",
                        "",
                        day,
                        self._floor,
                        float(cash[t]),
                        tight,
                        float(solution.price[at + t]),
                        float(below[t]),
                    )
                )
        at += self._steps
        years = [c.signed_on for c in self._candidates]
        if terms.most_a_year is not None:
            for day in dict.fromkeys(years):
                total = sum(amount for amount, own in zip(amounts, years, strict=True) if own == day)
                tight = bool(solution.tight[at] and solution.price[at] > 1e-9)
                price = float(solution.price[at])
                listed.append(
                    PlannedTarget(
                        "most_a_year", "", day, terms.most_a_year / 100, total, tight, price, np.nan
                    )
                )
                at += 1
        for strategy, least in terms.least.items():
            own = sum(a for a, c in zip(amounts, self._candidates, strict=True) if c.strategy is strategy)
            part = own / sum(amounts) if sum(amounts) else float("nan")
            tight = bool(solution.tight[at] and solution.price[at] > 1e-9)
            listed.append(
                PlannedTarget(
                    "least", strategy.value, None, least, part, tight, float(solution.price[at]), np.nan
                )
            )
            at += 1
        deviation = float("nan")
        if self._shared and terms.nav_share is not None:
            shares = nav / (nav + cash)
            deviation = float(np.abs(shares[self._shared] - terms.nav_share).mean())
            for n, t in enumerate(self._shared):
                if t in ends:
                    price = float(solution.price[at + n])
                    on = bool(abs(shares[t] - terms.nav_share) <= 1e-4)
                    listed.append(
                        PlannedTarget(
                            "nav_share",
                            "",
                            self._days[t],
                            terms.nav_share,
                            float(shares[t]),
                            on,
                            price,
                            float(off[t]),
                        )
                    )
        return tuple(listed), deviation

    def _missed(self, made: ScenarioInputs) -> tuple[Floats, Floats]:
        """By step the part of the paths whose cash is below its floor, and whose share is off by more than the tolerance."""
        scenario, steps, terms = made.scenario, self._steps, self._terms
        paths = min(PATHS, scenario.paths)
        below, off = np.zeros(steps), np.zeros(steps)
        for first in range(0, paths, CHUNK):
            count = min(CHUNK, paths - first)
            rows = simulate_chunk(made.arrays, scenario.seed, first, count).rows
            series = rows[: len(STEP_SERIES) * steps].reshape(len(STEP_SERIES), steps, count)
            cash, nav = series[STEP_SERIES.index("cash")], series[STEP_SERIES.index("nav")]
            below += (cash < self._floor).sum(axis=1)
            if terms.nav_share is not None:
                with np.errstate(divide="ignore", invalid="ignore"):
                    share = nav / (nav + cash)
                off += (~(np.abs(share - terms.nav_share) <= terms.tolerance)).sum(axis=1)
        return below / paths, off / paths


def _refused(path: str, text: Text) -> Refused:
    return Refused([Problem("no_plan", text, None, Where(field=path))], Text("情景", "the scenario"))
