"""The commitment programme that holds a target: found by linear programming (HiGHS), then run through Monte Carlo.

On the path without noise everything is linear in the commitments: a yuan promised to a strategy at the end of a year has calls,
distributions and a value of its own in every step (the pacing model's), and they are added to what the portfolio does anyhow. Sought
are c ≥ 0, for each year and strategy, with

    cash_t  = base_t + Σ c · (reuse · distributions − calls so far)  ≥ floor                   in every step
    Σ of a year ≤ most_a_year          Σ of a strategy ≥ least · Σ of all
    what funds of a strategy can still call ≥ cover                                            at the ends of years
    value_t − share · (value_t + cash_t) = above_t − below_t                                    from share_from on

and Σ (above + below) the least; without a share, Σ c the most. What binds is a condition that holds with equality and whose shadow
price is not 0: what a yuan more of it would add to the objective. Commitments are whole units of 10,000 yuan that hold all conditions
(fof.scenarios.programme_rounding). Where no programme holds all of them, fof.scenarios.programme_conflicts says which cannot be held together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from fof.errors import Problem
from fof.ledger import View
from fof.scenarios.linear_program import Optimum
from fof.scenarios.programme_conflicts import conflicts, no_plan
from fof.scenarios.programme_odds import missed as missed_targets
from fof.scenarios.programme_odds import paths_of, uncovered
from fof.scenarios.programme_parts import PlannedCommitment, PlannedTarget, ProgrammePlan
from fof.scenarios.programme_rounding import rounded
from fof.scenarios.programme_rows import UNIT, ProgrammeRow, ProgrammeRows
from fof.scenarios.programme_terms import ProgrammeTerms
from fof.scenarios.projection import inputs_of
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.scenario_spec import AppropriationCut, PlannedFund, Scenario
from fof.scenarios.spec_problems import UnfitScenario
from models.kinds import Strategy
from models.text import Text


def programme_plan(view: View, scenario: Scenario) -> ProgrammePlan:
    """The programme that `scenario.plan` asks for. Refused where nothing is asked, cash is not known, or no programme holds the
    targets: with every smallest set of them that cannot be held together, the days, and by how little each must give way."""
    terms = scenario.plan
    if terms is None:
        raise _refused(
            [no_plan("plan", Text("写入 [plan]：要达到的目标", "write [plan]: the target to hold"))]
        )
    candidates = _candidates(view, terms)
    inputs, _ = inputs_of(view, _with(scenario, candidates))
    if wrong := _not_answered(scenario, terms, bool(np.isnan(inputs.arrays.opening))):
        raise _refused(wrong)
    rows = ProgrammeRows(inputs, candidates, terms)
    gap, met = rows.gap(), rows.meet_gap() if terms.meet_gap else ()
    scenario = scenario.model_copy(update={"appropriation": (*scenario.appropriation, *met)})
    listed = rows.listed()
    solution = _solved(rows, listed)
    commitments, missed = rounded(solution.amounts[: len(candidates)], listed)
    chosen = [
        own.model_copy(update={"commitment": fen}) for own, fen in zip(candidates, commitments, strict=True)
    ]
    final = _with(scenario, [own for own in chosen if own.commitment > 0])
    made, _ = inputs_of(view, final)
    outcome = _Outcome(rows, made, [own.commitment / 100 for own in chosen])
    planned = tuple(
        PlannedCommitment(own.code, own.strategy or Strategy.OTHER, own.signed_on, own.commitment)
        for own in chosen
        if own.commitment > 0
    )
    whole = scenario.model_copy(update={"planned": final.planned, "plan": None})
    targets = tuple(outcome.targets(solution, listed))
    return ProgrammePlan(whole, planned, targets, outcome.deviation, paths_of(made), gap, missed)


def _not_answered(scenario: Scenario, terms: ProgrammeTerms, cash_unknown: bool) -> list[Problem]:
    """What a plan needs and the scenario does not say, or says beside what it excludes."""
    problems = []
    if terms.meet_gap and any(isinstance(shock, AppropriationCut) for shock in scenario.shock):
        both = Text(
            "不与 appropriation_cut 同用：补足的拨款不会被削减",
            "does not go with appropriation_cut: what meets a gap is not cut",
        )
        problems.append(no_plan("plan.meet_gap", both))
    if cash_unknown:
        unknown = Text(
            "组合现金不在本账，须填写", "the portfolio's cash is not in the book: it must be given"
        )
        problems.append(no_plan("cash.opening", unknown))
    return problems


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


def _solved(rows: ProgrammeRows, listed: Sequence[ProgrammeRow]) -> Optimum:
    """The optimum. Refused where there is none."""
    soft = 2 * sum(row.soft for row in listed)
    # with a share: the least deviation, and of programmes alike in that the smaller one
    cost = np.concatenate([np.full(len(rows.candidates), 1e-6 if soft else -1.0), np.ones(soft)])
    answer = rows.program(listed, soft).optimum(cost)
    if isinstance(answer, Optimum):
        return answer
    if answer == "infeasible":
        raise _refused(conflicts(rows))
    without = Text(
        "目标不限制规模：填写 most_a_year 或 nav_share",
        "nothing bounds the programme: give most_a_year or nav_share",
    )
    raise _refused([no_plan("plan.most_a_year", without)])


class _Outcome:
    """What the rounded programme makes of the conditions; amounts: yuan of each candidate."""

    def __init__(self, rows: ProgrammeRows, made: ScenarioInputs, amounts: Sequence[float]) -> None:
        self._rows, self._made = rows, made
        self._given = np.array(amounts) / UNIT
        self._cash = rows.cash + UNIT * self._given @ rows.cash_of
        nav = rows.nav + UNIT * self._given @ rows.nav_of
        self._shares = nav / (nav + self._cash)

    @property
    def deviation(self) -> float:
        """How far the value's share is off on average; nan where none is asked for."""
        share, steps = self._rows.terms.nav_share, self._rows.shared
        return float(np.abs(self._shares[steps] - share).mean()) if steps and share is not None else np.nan

    def targets(self, solution: Optimum, listed: Sequence[ProgrammeRow]) -> list[PlannedTarget]:
        """Every condition with what becomes of it, and how likely it is missed; of those by step the ends of years, and where the
        floor binds."""
        rows = self._rows
        below, off = missed_targets(self._made, rows.terms)
        unreached = {f"plan.cover[{n}]": uncovered(self._made, c) for n, c in enumerate(rows.terms.cover, 1)}
        answer = [PlannedTarget("appropriated", "", d, np.nan, y, False, 0.0, np.nan) for d, y in rows.met]
        for n, row in enumerate(listed):
            own, binds, missed = row.condition, solution.binds(n), np.nan
            if own.step is not None and own.step not in rows.ends and not (binds and own.target == "floor"):
                continue
            expected = self._expected(row)
            if own.step is not None:
                if own.target == "nav_share":
                    missed, binds = off[own.step], bool(abs(expected - own.wanted) <= 1e-4)
                else:
                    missed = (below if own.target == "floor" else unreached[own.place])[own.step]
            price = float(solution.price[n])
            answer.append(
                PlannedTarget(
                    own.target, own.scope, own.day, own.wanted, expected, binds, price, float(missed)
                )
            )
        return answer

    def _expected(self, row: ProgrammeRow) -> float:
        """On the path without noise."""
        rows, own, total = self._rows, row.condition, float(self._given.sum())
        if own.target == "most_a_year":
            return UNIT * float(self._given @ row.values)
        if own.target == "least":
            return float(self._given @ rows.is_of(own.scope)) / total if total else np.nan
        assert own.step is not None
        if own.target == "cover":
            reached = float(self._given @ row.values)
            return float(rows.covered[Strategy(own.scope)][own.step]) + UNIT * reached
        return float((self._cash if own.target == "floor" else self._shares)[own.step])


def _refused(problems: Sequence[Problem]) -> UnfitScenario:
    return UnfitScenario(problems, Text("情景", "the scenario"))
