"""A specification and an opening position made into arrays, each assumption with where it came from.

What a file says goes before what the book says (a fund's term), that before the fit of the book's own funds, that before the
publication. Everything that does not fit the book is refused at once: unknown funds and managers, days that have passed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from fof.book.reading import Floats
from fof.ledger import View
from fof.rules.calendar_days import quarter_ends
from fof.scenarios.assumptions import Assumption, SourceKind, typed_or_default
from fof.scenarios.company_inputs import (
    CompanyInputs,
    CompanyPart,
    FundToCome,
    company_inputs,
)
from fof.scenarios.fitted_terms import PRIOR, PUBLISHED, PUBLISHED_RATES, RATE_YEARS, FittedTerms
from fof.scenarios.fund_rows import FundRow, fund_rows
from fof.scenarios.opening_position import OpeningPosition
from fof.scenarios.rules_over_time import RulesAsked, rules_asked
from fof.scenarios.scenario_shocks import (
    ScenarioSteps,
    appropriations,
    bends,
    credit_intensities,
    shocked,
    without_force,
)
from fof.scenarios.scenario_spec import PacingTerms, Scenario
from fof.scenarios.spec_problems import UnfitScenario
from fof.scenarios.unfit_spec import unfit_spec
from models.frozen import frozen
from models.money import yuan_text
from models.text import Text
from valuation.arguments import Integers
from valuation.pacing import PacingModel
from valuation.scenario_paths import ScenarioArrays, expected_path
from valuation.scenario_rates import scenario_rates


@frozen
class GroupKey:
    """A group of funds whose multiples are wanted: by fund, vintage or the portfolio; key and label."""

    by: Literal["fund", "vintage", "portfolio"]
    key: str
    label: str


@frozen
class ScenarioInputs:
    """Everything a run needs. codes: of the rows of the arrays, existing funds first, then planned ones; pools: codes; rules: what
    those asked over time need, None where none are; parts: cities and industries of companies."""

    scenario: Scenario
    opening: OpeningPosition
    arrays: ScenarioArrays
    codes: tuple[str, ...]
    managers: tuple[str | None, ...]
    days: tuple[dt.date, ...]
    groups: tuple[GroupKey, ...]
    assumptions: tuple[Assumption, ...]
    pools: tuple[str, ...]
    zero_shock_changes_nothing: bool
    rules: RulesAsked | None = None
    parts: tuple[CompanyPart, ...] = ()


def scenario_inputs(
    scenario: Scenario, opening: OpeningPosition, fitted: FittedTerms | None, view: View | None = None
) -> ScenarioInputs:
    """The arrays of a scenario. fitted None: nothing is taken from a fit, as with basis publication; view: where pools are
    looked up, needed where the scenario has any.

    Refused, with every problem, where the file names what the book does not have or days that have passed, or nothing is
    left to project.
    """
    days, lengths = step_ends(opening.as_of, scenario.horizon, scenario.step)
    problems, pools = unfit_spec(scenario, opening, view, days, lengths)
    if problems:
        raise UnfitScenario(problems, Text("情景", "the scenario"))
    rows = fund_rows(scenario, opening, days, lengths)
    assumed = _Assumptions(scenario, fitted)
    terms = [assumed.of_fund(row) for row in rows]
    model = PacingModel(
        _padded([t.rates for t in terms]),
        [t.life for t in terms],
        [t.bow for t in terms],
        [t.growth for t in terms],
        [t.yield_rate for t in terms],
    )
    rates, span = scenario_rates([row.age for row in rows], model, lengths)
    plain = np.ascontiguousarray(np.stack([rates.call, rates.distribution, rates.growth]))
    noise = assumed.noise()
    members, groups = _groups(scenario, opening, rows)
    arrays = ScenarioArrays(
        rates=plain,
        span=span,
        noise=np.repeat(np.array(noise)[:, None], len(rows), axis=1),
        lengths=lengths,
        streams=_streams([row.code for row in rows]),
        stocks=np.array([[row.nav for row in rows], [row.unfunded for row in rows]]),
        unsigned=_unsigned(scenario, days),
        opening=assumed.cash(opening),
        inflow=np.zeros(lengths.size),
        reuse=scenario.cash.reuse,
        paid_in=np.array([row.paid_in for row in rows]),
        distributed=np.array([row.distributed for row in rows]),
        members=members,
        history=tuple(row.history for row in rows) if scenario.rates_of_return else (),
        pools=pools.arrays,
        floor=scenario.cash.floor / 100,
    )
    steps = ScenarioSteps(
        opening.as_of, days, lengths, tuple(r.strategy for r in rows), tuple(r.manager for r in rows)
    )
    unshocked = shocked(arrays, scenario.without_shocks(), steps)
    zeroed = shocked(arrays, without_force(scenario), steps)
    final, companies = shocked(arrays, scenario, steps), CompanyInputs()
    if view is not None and scenario.companies is not None:
        to_come = _with_companies(scenario, view, rows, final, bends(scenario, steps))
        companies = company_inputs(view, scenario.companies, opening, to_come, lengths)
        final = replace(final, companies=companies.arrays)
    asked = None
    if view is not None and scenario.rules:
        own, typed = opening.portfolio.party, scenario.cash.opening is not None or opening.cash is None
        asked = rules_asked(view, own, pools.starts, typed, appropriations(scenario, steps))
    return ScenarioInputs(
        scenario,
        opening,
        final,
        tuple(row.code for row in rows),
        tuple(row.manager for row in rows),
        days,
        groups,
        (*assumed.listed(), *pools.assumptions, *companies.assumptions),
        pools.codes,
        _same(unshocked, zeroed)
        and bool((credit_intensities(without_force(scenario), opening.as_of, days, lengths) == 1).all()),
        asked if asked is not None and asked.questions else None,
        companies.parts,
    )


def _with_companies(
    scenario: Scenario,
    view: View,
    rows: Sequence[FundRow],
    arrays: ScenarioArrays,
    bent: tuple[Floats, Floats],
) -> list[FundToCome]:
    """What the companies of each fund need: what it will call on the path without noise, and what shocks do to it."""
    calls, planned = expected_path(arrays).calls, {p.code: p.commitment / 100 for p in scenario.planned}
    cities = {p.code: p.city.value for p in scenario.planned if p.city is not None}
    return [
        FundToCome(
            row.code,
            n,
            None if row.code in planned else view.party(row.code).id,
            planned.get(row.code, row.paid_in + row.unfunded),
            row.nav,
            row.history,
            calls[n],
            int(arrays.span[0, n]),
            int(arrays.span[1, n]),
            1.0 - bent[0][n],
            bent[1][n],
            cities.get(row.code, ""),
        )
        for n, row in enumerate(rows)
    ]


def step_ends(as_of: dt.date, horizon: int, step: str) -> tuple[tuple[dt.date, ...], Floats]:
    """The last day of each step and its length in years: quarters or years of the calendar, the first one what is left of
    it. A whole quarter is a quarter of a year, whatever its days."""
    last = dt.date(as_of.year + horizon + 1, 12, 31)
    whole = 0.25 if step == "quarter" else 1.0
    ends = [d for d in quarter_ends(as_of, last) if d > as_of and (whole < 1 or d.month == 12)]
    before = [d for d in quarter_ends(dt.date(as_of.year - 2, 1, 1), as_of) if whole < 1 or d.month == 12][-1]
    first = (ends[0] - as_of).days / (ends[0] - before).days * whole
    count = round(horizon / whole)
    return tuple(ends[:count]), np.array([first] + [whole] * (count - 1))


@frozen
class _Terms:
    rates: tuple[float, ...]
    life: float
    bow: float
    growth: float
    yield_rate: float


class _Assumptions:
    """Finds each number, the narrowest place first, and notes where it came from."""

    def __init__(self, scenario: Scenario, fitted: FittedTerms | None) -> None:
        self._scenario, self._fitted = scenario, fitted
        self._lines: list[Assumption] = []

    def listed(self) -> tuple[Assumption, ...]:
        """Every assumption; what several funds share stands once, without a scope or with their strategy's."""
        counted: dict[tuple[str, str, str, str], list[Assumption]] = {}
        for line in self._lines:
            counted.setdefault((line.name, line.value, line.source, line.detail), []).append(line)
        answer = []
        for lines in counted.values():
            general = lines[0].source in ("fit", "publication")
            scopes = {line.scope for line in lines}
            shared = lines[0].scope if len(scopes) == 1 else ""
            answer += [replace(lines[0], scope=shared)] if general else lines
        return tuple(answer)

    def of_fund(self, row: FundRow) -> _Terms:
        scenario = self._scenario
        places = [
            p
            for p in (
                scenario.pacing_by_fund.get(row.code),
                next((t for s, t in scenario.pacing_by_strategy.items() if s.value == row.strategy), None),
                scenario.pacing,
            )
            if p is not None
        ]
        numbers = {name: self._number(row, places, name) for name in ("bow", "growth", "yield_rate")}
        return _Terms(self._rates(row, places), self._life(row, places), **numbers)

    def _life(self, row: FundRow, places: Sequence[PacingTerms]) -> float:
        least = max(row.age, 0.0) + self._scenario.extension
        typed = next((p for p in places if p.life is not None), None)
        if typed is not None and typed.life is not None:
            life, source, detail = typed.life, "typed", typed.source
        elif row.term is not None and row.term > 0:
            life, source, detail = row.term, "book", "term_end"
        else:
            life, source, detail = PUBLISHED["life"], "publication", PRIOR
        if life < least and row.age > 0:
            life, source, detail = least, typed_or_default(self._scenario, "extension")[0], "extension"
        self._note(row.code, "life", life, source, detail)  # type: ignore[arg-type]
        return life

    def _rates(self, row: FundRow, places: Sequence[PacingTerms]) -> tuple[float, ...]:
        typed = next((p for p in places if p.rates is not None), None)
        if typed is not None and typed.rates is not None:
            self._note(row.code, "rates", typed.rates, "typed", typed.source)
            return typed.rates
        if self._fitted is None:
            self._note(row.code, "rates", PUBLISHED_RATES, "publication", PRIOR)
            return PUBLISHED_RATES
        named = [f"rates[{n + 1}]" for n in range(RATE_YEARS)]
        return tuple(self._fit(row.code, name, row.strategy) for name in named)

    def _number(self, row: FundRow, places: Sequence[PacingTerms], name: str) -> float:
        typed = next((p for p in places if getattr(p, name) is not None), None)
        if typed is not None:
            value = float(getattr(typed, name))
            self._note(row.code, name, value, "typed", typed.source)
            return value
        if self._fitted is not None and name != "yield_rate":
            return self._fit(row.code, name, row.strategy)
        self._note(row.code, name, PUBLISHED[name], "publication", PRIOR)
        return PUBLISHED[name]

    def _fit(self, code: str, name: str, strategy: str | None = None) -> float:
        assert self._fitted is not None
        term, pooled = self._fitted.term(name, strategy), self._fitted.term(name)
        known = np.isfinite(term.estimate.value)
        detail = PRIOR if not known or np.isfinite(term.prior) else ""
        self._note(
            code if term is pooled else str(strategy),
            name,
            term.value,
            "fit" if known else "publication",
            detail,
            term.estimate.error,
            term.estimate.fund_years,
        )
        return term.value

    def noise(self) -> tuple[float, float, float, float]:
        """Market, fund, own, pacing: typed, fitted, or 0 where nobody says anything."""
        values = []
        for name in ("market", "fund", "own", "pacing"):
            typed = getattr(self._scenario.noise, name)
            if typed is not None:
                self._note("", name, typed, "typed", self._scenario.noise.source)
                values.append(float(typed))
            elif self._fitted is not None and np.isfinite(self._fitted.value(name)):
                values.append(self._fit("", name))
            else:
                self._note("", name, 0.0, "none", "")
                values.append(0.0)
        return values[0], values[1], values[2], values[3]

    def cash(self, opening: OpeningPosition) -> float:
        """The portfolio's cash in yuan: typed, else the book's, else unknown."""
        typed = self._scenario.cash
        for name in ("reuse", "yearly_costs", "floor"):
            value = getattr(typed, name)
            text = f"{value:g}" if name == "reuse" else yuan_text(value)
            self._lines.append(Assumption("", name, text, *typed_or_default(typed, name)))
        if typed.opening is not None:
            self._lines.append(Assumption("", "opening", yuan_text(typed.opening), "typed", typed.source))
            return typed.opening / 100
        if opening.cash is None:
            self._lines.append(Assumption("", "opening", "", "none"))
            return float("nan")
        self._lines.append(Assumption("", "opening", yuan_text(opening.cash), "book", str(opening.as_of)))
        return opening.cash / 100

    def _note(
        self,
        code: str,
        name: str,
        value: float | tuple[float, ...],
        source: SourceKind,
        detail: str,
        error: float = float("nan"),
        fund_years: float = float("nan"),
    ) -> None:
        text = ", ".join(f"{v:.6g}" for v in value) if isinstance(value, tuple) else f"{value:.6g}"
        self._lines.append(Assumption(code, name, text, source, detail, error, fund_years))


def _groups(
    scenario: Scenario, opening: OpeningPosition, rows: Sequence[FundRow]
) -> tuple[tuple[tuple[int, ...], ...], tuple[GroupKey, ...]]:
    members: list[tuple[int, ...]] = [tuple(range(len(rows)))]
    groups = [GroupKey("portfolio", opening.portfolio.code, opening.portfolio.name)]
    vintages: dict[str, list[int]] = {}
    for n, row in enumerate(rows):
        if row.vintage is not None:
            vintages.setdefault(row.vintage, []).append(n)
    for vintage, own in sorted(vintages.items()):
        members.append(tuple(own))
        groups.append(GroupKey("vintage", vintage, vintage))
    if scenario.by_fund:
        for n, row in enumerate(rows):
            members.append((n,))
            groups.append(GroupKey("fund", row.code, row.label))
    return tuple(members), tuple(groups)


def _unsigned(scenario: Scenario, days: Sequence[dt.date]) -> Floats:
    """Commitments of planned funds not yet signed at the end of each step."""
    return np.array(
        [sum(f.commitment for f in scenario.planned if f.signed_on > day) / 100 for day in days], np.float64
    )


def _streams(codes: Sequence[str]) -> Integers:
    """A number in [0, 2³¹) for each code, from the code alone: another fund beside it moves nobody's draws (but where two
    codes fall on one number, 1 in 2 billion for a pair: the later code in the alphabet takes the next free one)."""
    taken: dict[str, int] = {}
    used: set[int] = set()
    for code in sorted(codes):
        number = int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big") >> 1
        while number in used:
            number = (number + 1) % 2**31
        used.add(number)
        taken[code] = number
    return np.array([taken[code] for code in codes], np.int64)


def _padded(tables: Sequence[tuple[float, ...]]) -> Floats:
    width = max(map(len, tables))
    return np.array([[*t, *[t[-1]] * (width - len(t))] for t in tables])


def _same(one: ScenarioArrays, other: ScenarioArrays) -> bool:
    """Whether two scenarios are the same to the bit, spans aside (a freeze without force gives late exits room that nobody uses)."""
    return (
        one.rates.tobytes() == other.rates.tobytes()
        and one.inflow.tobytes() == other.inflow.tobytes()
        and one.stocks.tobytes() == other.stocks.tobytes()
    )
