"""The commitment programme that holds a target: found by linear programming (HiGHS), then run through Monte Carlo.

On the path without noise everything is linear in the commitments: a yuan promised to a strategy at the end of a year has calls,
distributions and a value of its own in every step (the pacing model's), and they are added to what the portfolio does anyhow. Sought
are c ≥ 0, for each year and strategy, with

    cash_t  = base_t + Σ c · (reuse · distributions − calls so far)  ≥ floor                   in every step
    Σ of a year ≤ most_a_year          Σ of a strategy ≥ least · Σ of all
    what funds of a strategy can still call ≥ cover                                            at the ends of years
    value_t − share · (value_t + cash_t) = above_t − below_t                                    from share_from on

and Σ (above + below) the least; without a share, Σ c the most. Amounts are rounded down to 10,000 yuan. What binds is a condition
that holds with equality and whose shadow price is not 0: what a yuan more of it would add to the objective.

Where no programme holds all of them, a second program finds by how little they must give way: first the coverage, then the floor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from fof import words
from fof.book.reading import Bools, Floats
from fof.errors import Problem, Where
from fof.ledger import View
from fof.scenarios.linear_program import LinearProgram, Optimum
from fof.scenarios.programme_odds import missed as missed_targets
from fof.scenarios.programme_odds import paths_of, strategies_of, uncovered
from fof.scenarios.programme_parts import CashGap, PlannedCommitment, PlannedTarget, ProgrammePlan, Target
from fof.scenarios.programme_terms import CoverTerms, ProgrammeTerms
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_spec import AppropriationCut, BudgetAppropriation, PlannedFund, Scenario
from fof.scenarios.spec_problems import UnfitScenario
from models.frozen import frozen
from models.kinds import Strategy
from models.text import Text
from valuation.scenario_paths import expected_path

UNIT = 1e6
"""Yuan of a unit of the program: amounts near 1 keep the solver's tolerances meaningful."""
ROUND = 1_000_000
"""Fen to which commitments are rounded down."""
SMALLEST = 1e-3
"""Part of the largest commitment below which one is left out: it is what rounding left. None of a strategy to be covered is."""


def programme_plan(view: View, scenario: Scenario) -> ProgrammePlan:
    """The programme that `scenario.plan` asks for. Refused where nothing is asked, cash is not known, or no programme holds the
    floor and the coverage: with the days, what lacks, and the floor that a programme would hold."""
    terms = scenario.plan
    if terms is None:
        raise _refused("plan", Text("写入 [plan]：要达到的目标", "write [plan]: the target to hold"))
    if terms.meet_gap and any(isinstance(shock, AppropriationCut) for shock in scenario.shock):
        both = Text(
            "不与 appropriation_cut 同用：补足的拨款不会被削减",
            "does not go with appropriation_cut: what meets a gap is not cut",
        )
        raise _refused("plan.meet_gap", both)
    candidates = _candidates(view, terms)
    inputs, _ = inputs_of(view, _with(scenario, candidates))
    if np.isnan(inputs.arrays.opening):
        raise _refused(
            "cash.opening",
            Text("组合现金不在本账，须填写", "the portfolio's cash is not in the book: it must be given"),
        )
    program = _Program(inputs, candidates, scenario, terms)
    gap, met = program.gap(), program.meet_gap() if terms.meet_gap else ()
    scenario = scenario.model_copy(update={"appropriation": (*scenario.appropriation, *met)})
    solution = program.solved()
    values = solution.amounts[: len(candidates)]
    to_cover = {cover.strategy for cover in terms.cover}
    covering = np.array([own.strategy in to_cover for own in candidates])
    values = np.where((values < SMALLEST * values.max(initial=0.0)) & ~covering, 0.0, values)
    chosen = [
        own.model_copy(update={"commitment": int(value * UNIT * 100) // ROUND * ROUND})
        for own, value in zip(candidates, values.tolist(), strict=True)
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
    return ProgrammePlan(whole, listed, targets, deviation, paths_of(made), gap)


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


@frozen
class _Condition:
    """What a row of the program says: wanted in yuan or as a share; step: at whose end."""

    target: Target
    scope: str
    step: int | None
    day: dt.date | None
    wanted: float


class _Program:
    """The linear program: its rows, and what each of them says."""

    def __init__(
        self,
        inputs: ScenarioInputs,
        candidates: Sequence[PlannedFund],
        scenario: Scenario,
        terms: ProgrammeTerms,
    ) -> None:
        arrays, path = inputs.arrays, expected_path(inputs.arrays)
        self._terms, self._candidates, self._days = terms, candidates, inputs.days
        self._currency = inputs.opening.portfolio.currency
        self._floor, self._steps = scenario.cash.floor / 100, arrays.steps
        own = np.array([inputs.codes.index(c.code) for c in candidates])
        rest = np.setdiff1d(np.arange(len(inputs.codes)), own)
        money = arrays.reuse * path.distributions - path.calls
        self._cash = arrays.opening + np.cumsum(money[rest].sum(axis=0) + arrays.inflow)
        self._nav = path.nav[rest].sum(axis=0)
        self._cash_of, self._nav_of = np.cumsum(money[own], axis=1) / UNIT, path.nav[own] / UNIT
        callable_ = _callable(inputs, arrays.stocks[1][:, None] - np.cumsum(path.calls, axis=1))
        self._callable_of = callable_[own] / UNIT
        self._covered = {
            cover.strategy: callable_[[n for n in rest if strategies_of(inputs)[n] is cover.strategy]].sum(
                axis=0
            )
            for cover in terms.cover
        }
        self._whole = np.cumsum(arrays.lengths)
        self._shared: list[int] = []
        if terms.nav_share is not None:
            self._shared = [t for t in range(self._steps) if self._whole[t] >= terms.share_from - 1e-9]
        self._ends = [t for t, day in enumerate(self._days) if day.month == 12 or t + 1 == self._steps]
        self._met: list[tuple[dt.date, float]] = []
        self._conditions: list[_Condition] = []

    # -- the cash there is anyhow ---------------------------------------------------------------------------------

    def gap(self) -> CashGap | None:
        """What cash lacks without any new commitment; an hundredth of a yuan is nothing."""
        short = np.flatnonzero(self._cash < self._floor - 0.01)
        if not short.size:
            return None
        at = int(self._cash.argmin())
        days = self._days
        return CashGap(days[short[0]], days[short[-1]], days[at], self._floor - float(self._cash[at]))

    def meet_gap(self) -> tuple[BudgetAppropriation, ...]:
        """Appropriations that hold the floor without any new commitment, each in the step in which cash would lack it, rounded up
        to 10,000 yuan; from here on they are part of the cash there is."""
        made, given = [], 0
        for t, day in enumerate(self._days):
            lacking = (self._floor - float(self._cash[t])) * 100 - given
            if lacking <= 1:
                continue
            more = -int(-lacking // ROUND) * ROUND
            given += more
            self._met.append((day, more / 100))
            made.append(
                BudgetAppropriation.model_construct(
                    year=day.year, quarter=(day.month + 2) // 3, amount=more, payer="", source="plan.meet_gap"
                )
            )
        for day, amount in self._met:
            self._cash[[n for n, end in enumerate(self._days) if end >= day]] += amount
        return tuple(made)

    # -- the program ----------------------------------------------------------------------------------------------

    def solved(self) -> Optimum:
        """The optimum. Refused where there is none."""
        slack = 2 * len(self._shared)
        cost = np.concatenate([np.full(self._count, 1e-6 if self._shared else -1.0), np.ones(slack)])
        # with a share: the least deviation, and of programmes alike in that the smaller one
        answer = self._rows(slack, rounded=True).optimum(cost)
        if answer == "infeasible":  # what rounding takes is not to be had: a coverage may then lack so much
            answer = self._rows(slack).optimum(cost)
        if isinstance(answer, Optimum):
            return answer
        if answer == "infeasible":
            raise self._short()
        without = Text(
            "目标不限制规模：填写 most_a_year 或 nav_share",
            "nothing bounds the programme: give most_a_year or nav_share",
        )
        raise _refused("plan.most_a_year", without)

    @property
    def _count(self) -> int:
        return len(self._candidates)

    def _rows(self, slack: int, giving: bool = False, rounded: bool = False) -> LinearProgram:
        """All conditions, in the order of self._conditions. giving: two more columns by which the coverage and the floor give way;
        rounded: a coverage that new commitments must reach asks for what rounding each of them down may take as well."""
        terms, count = self._terms, self._count
        program = LinearProgram(count + slack + (2 if giving else 0))
        cover_gives = [(count + slack, 1.0)] if giving else []
        floor_gives = [(count + slack + 1, 1.0)] if giving else []
        self._conditions = []

        def add(
            condition: _Condition,
            values: Floats,
            low: float,
            high: float,
            more: Sequence[tuple[int, float]] = (),
        ) -> None:
            self._conditions.append(condition)
            program.add(values, low, high, more)

        for t, day in enumerate(self._days):
            least = (self._floor - self._cash[t]) / UNIT
            add(_Condition("floor", "", t, day, self._floor), self._cash_of[:, t], least, np.inf, floor_gives)
        years = [c.signed_on for c in self._candidates]
        if terms.most_a_year is not None:
            most = terms.most_a_year / 100
            for day in dict.fromkeys(years):
                own = np.array([float(d == day) for d in years])
                add(_Condition("most_a_year", "", None, day, most), own, -np.inf, most / UNIT)
        for strategy, part in terms.least.items():
            own = np.array([float(c.strategy is strategy) - part for c in self._candidates])
            add(_Condition("least", strategy.value, None, None, part), own, 0.0, np.inf)
        for cover in terms.cover:
            for t in self._cover_steps(cover):
                wanted = cover.amount / 100
                is_own = np.array([float(c.strategy is cover.strategy) for c in self._candidates])
                least = (wanted - self._covered[cover.strategy][t]) / UNIT
                condition = _Condition("cover", cover.strategy.value, t, self._days[t], wanted)
                reach = is_own * self._callable_of[:, t]
                if rounded and least > 0:
                    least += ROUND / 100 / UNIT * float(reach.sum())
                add(condition, reach, least, np.inf, cover_gives)
        share = terms.nav_share or 0.0
        for n, t in enumerate(self._shared):
            values = (1 - share) * self._nav_of[:, t] - share * self._cash_of[:, t]
            base = -((1 - share) * self._nav[t] - share * self._cash[t]) / UNIT
            off = () if giving else ((count + 2 * n, -1.0), (count + 2 * n + 1, 1.0))
            low, high = (-np.inf, np.inf) if giving else (base, base)
            add(_Condition("nav_share", "", t, self._days[t], share), values, low, high, off)
        return program

    def _cover_steps(self, cover: CoverTerms) -> list[int]:
        last = self._candidates[-1].signed_on
        return [t for t in self._ends if self._whole[t] >= cover.since - 1e-9 and self._days[t] <= last]

    def _short(self) -> UnfitScenario:
        """By how little the conditions must give way for a programme: the coverage first, then the floor."""
        count, gap = self._count, self.gap()
        program = self._rows(0, giving=True)
        free = np.zeros(count + 2)
        free[count] = 1.0
        first = program.optimum(free)
        assert isinstance(first, Optimum)
        lacking = float(first.amounts[count])
        if lacking > 1e-6:
            at = [c for n, c in enumerate(self._conditions) if c.target == "cover" and first.binds(n)] or [
                c for c in self._conditions if c.target == "cover"
            ]
            zh = f"每年上限与占比之内达不到：{at[0].day} {Strategy(at[0].scope).zh} 至少差 {{}}"
            en = f"cannot be reached within most_a_year and least: {at[0].scope} on {at[0].day} lacks {{}} at least"
            return _refused("plan.cover", self._with_amount(Text(zh, en), lacking * UNIT))
        free[count], free[count + 1] = 1e6, 1.0
        second = program.optimum(free)
        assert isinstance(second, Optimum)
        holds = self._floor - float(second.amounts[count + 1]) * UNIT
        at = [c for n, c in enumerate(self._conditions) if c.target == "floor" and second.binds(n)]
        day = at[0].day if at else self._days[int(self._cash.argmin())]
        floor = self._with_amount(
            Text("守得住的最低现金是 {}", "the floor that a programme holds is {}"), holds
        )
        if holds < 0:
            zh = "任何不低于 0 的最低现金都守不住，须另有 {} 进入"
            en = "no floor of 0 or more is held without {} from outside"
            if gap is not None:
                zh, en = (
                    f"{zh}（meet_gap = true 按季补足）",
                    f"{en} (meet_gap = true appropriates it by quarter)",
                )
            floor = self._with_amount(Text(zh, en), self._floor - holds)
        if gap is None:
            zh = f"覆盖目标要求的认缴使 {day} 的现金比最低现金少 {{}}"
            en = f"the commitments that the coverage asks for leave cash on {day} {{}} below its floor"
            shortfall = self._with_amount(Text(zh, en), self._floor - holds)
        else:
            zh = f"即使不再新认缴，{gap.first} 至 {gap.last} 的现金低于最低现金，最多少 {{}}（{gap.lowest}）"
            en = f"without any new commitment cash is below its floor from {gap.first} to {gap.last}, by {{}} at most ({gap.lowest})"
            shortfall = self._with_amount(Text(zh, en), gap.lacking)
        return _refused("cash.floor", Text(f"{shortfall.zh}；{floor.zh}", f"{shortfall.en}; {floor.en}"))

    def _with_amount(self, sentence: Text, yuan: float) -> Text:
        amount = words.readable(round(100 * yuan), self._currency)
        return Text(sentence.zh.format(amount.zh), sentence.en.format(amount.en))

    # -- what the rounded programme makes of it -------------------------------------------------------------------

    def targets(
        self, solution: Optimum, amounts: Sequence[float], made: ScenarioInputs
    ) -> tuple[tuple[PlannedTarget, ...], float]:
        """Every condition with what the rounded programme makes of it, and how likely it is missed."""
        given, terms = np.array(amounts) / UNIT, self._terms
        cash = self._cash + UNIT * given @ self._cash_of
        nav = self._nav + UNIT * given @ self._nav_of
        shares = nav / (nav + cash)
        below, off = missed_targets(made, terms)
        unreached = [uncovered(made, cover) for cover in terms.cover]
        total = sum(amounts)
        listed = [PlannedTarget("appropriated", "", d, np.nan, y, False, 0.0, np.nan) for d, y in self._met]
        for n, own in enumerate(self._conditions):
            binds, missed = solution.binds(n), np.nan
            if own.step is not None and own.step not in self._ends and not (binds and own.target == "floor"):
                continue
            t = -1 if own.step is None else own.step
            if own.target == "floor":
                expected, missed = cash[t], below[t]
            elif own.target == "most_a_year":
                expected = sum(
                    a for a, c in zip(amounts, self._candidates, strict=True) if c.signed_on == own.day
                )
            elif own.target == "least":
                part = sum(
                    a for a, c in zip(amounts, self._candidates, strict=True) if c.strategy == own.scope
                )
                expected = part / total if total else np.nan
            elif own.target == "cover":
                strategy = Strategy(own.scope)
                is_own = np.array([float(c.strategy is strategy) for c in self._candidates])
                expected = self._covered[strategy][t] + UNIT * (given * is_own) @ self._callable_of[:, t]
                place = next(
                    k
                    for k, cover in enumerate(terms.cover)
                    if cover.strategy is strategy and cover.amount / 100 == own.wanted
                )
                missed = unreached[place][t]
            else:
                expected, missed = shares[t], off[t]
                binds = bool(abs(shares[t] - own.wanted) <= 1e-4)
            listed.append(
                PlannedTarget(
                    own.target,
                    own.scope,
                    own.day,
                    own.wanted,
                    float(expected),
                    binds,
                    float(solution.price[n]),
                    float(missed),
                )
            )
        deviation = float("nan")
        if self._shared and terms.nav_share is not None:
            deviation = float(np.abs(shares[self._shared] - terms.nav_share).mean())
        return tuple(listed), deviation


def _callable(inputs: ScenarioInputs, left: Floats) -> Floats:
    """(funds, steps) what each fund can still call: nothing before it is signed, nothing after its end."""
    signed: Bools = np.ones(left.shape, bool)
    first = len(inputs.opening.funds)
    for n, fund in enumerate(inputs.scenario.planned):
        signed[first + n] = [fund.signed_on <= day for day in inputs.days]
    live = np.arange(left.shape[1])[None, :] < inputs.arrays.span[1][:, None]
    return np.where(signed & live, left, 0.0)


def _refused(path: str, text: Text) -> UnfitScenario:
    return UnfitScenario([Problem("no_plan", text, None, Where(field=path))], Text("情景", "the scenario"))
