"""A scenario from the few numbers that people ask first, and any scenario as the text of a file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from fof.book.portfolios import Portfolio
from fof.ledger import View
from fof.scenarios.fitted_terms import fitted_terms
from fof.scenarios.scenario_inputs import step_ends
from fof.scenarios.scenario_spec import (
    AMOUNTS,
    AppropriationCut,
    CashTerms,
    ExitFreeze,
    MarkDown,
    NoiseTerms,
    PacingTerms,
    PlannedFund,
    Scenario,
    Shock,
)
from models.frozen import frozen
from models.kinds import Strategy


@frozen
class FirstQuestions:
    """What the builder asks.

    growth_points     : added to the fitted growth, percentage points      volatility : of the fitted ones, per cent
    freeze_quarters   : exits stop for so many quarters from tomorrow; 0: not      mark_down : of all values, per cent, at once
    programme, programme_years : fen committed at the end of each of so many years to a new fund, up to the horizon
    reuse             : of distributions, per cent
    """

    horizon: int = 15
    paths: int = 5000
    growth_points: int = 0
    volatility: int = 100
    freeze_quarters: int = 0
    mark_down: int = 0
    programme: int = 0
    programme_years: int = 0
    reuse: int = 100


def simple_scenario(view: View, portfolio: Portfolio, name: str, asked: FirstQuestions) -> Scenario:
    """The scenario that these answers mean from the view's day on; what they leave as it is comes from the book's fit."""
    assert view.as_of is not None
    fitted = fitted_terms(view, portfolio)
    tomorrow = view.as_of + dt.timedelta(days=1)
    last = step_ends(view.as_of, asked.horizon, "quarter")[0][-1]
    shocks: list[Shock] = []
    if asked.freeze_quarters:
        shocks.append(ExitFreeze(kind="exit_freeze", since=tomorrow, quarters=asked.freeze_quarters))
    if asked.mark_down:
        shocks.append(MarkDown(kind="mark_down", on=tomorrow, share=asked.mark_down / 100))
    noise = NoiseTerms()

    def lowered(strategy: str | None) -> PacingTerms:
        growth = fitted.term("growth", strategy).value + asked.growth_points / 100
        return PacingTerms(
            growth=round(max(-0.99, min(1.0, growth)), 6), source=f"{asked.growth_points:+d} pp"
        )

    pacing, pacing_by_strategy = PacingTerms(), {}
    if asked.growth_points:
        pacing = lowered(None)
        pacing_by_strategy = {Strategy(own): lowered(own) for own in sorted(fitted.by_strategy)}
    if asked.volatility != 100:
        scaled = {
            name: round(min(2.0, value * asked.volatility / 100), 6)
            for name in ("market", "fund", "own", "pacing")
            if np.isfinite(value := fitted.value(name))
        }
        noise = NoiseTerms(**scaled, source=f"{asked.volatility} %")
    planned = tuple(
        PlannedFund.model_construct(
            code=f"NEW-{year}",
            commitment=asked.programme,
            signed_on=dt.date(year, 12, 31),
            strategy=None,
            city=None,
            government_share=None,
            manager=None,
            source="",
        )
        for year in range(view.as_of.year + 1, view.as_of.year + 1 + asked.programme_years)
        if asked.programme and dt.date(year, 12, 31) <= last
    )
    return Scenario(
        name=name,
        portfolio=portfolio.code,
        horizon=asked.horizon,
        paths=asked.paths,
        pacing=pacing,
        pacing_by_strategy=pacing_by_strategy,
        noise=noise,
        planned=planned,
        cash=CashTerms() if asked.reuse == 100 else CashTerms(reuse=asked.reuse / 100),
        shock=tuple(shocks),
    )


def has_shocks(scenario: Scenario) -> bool:
    """Whether anything bends the scenario, appropriation cuts included."""
    return any(not isinstance(s, AppropriationCut) or s.share or s.delay_quarters for s in scenario.shock)


def scenario_text(scenario: Scenario) -> str:
    """The scenario as a TOML file that `read_scenario` reads to the same; what it does not state is left out."""
    data = scenario.model_dump(mode="python", exclude_unset=True)
    return "\n".join(_table(data, "")) + "\n"


def _table(data: Mapping[str, Any], path: str) -> Iterator[str]:
    tables = {k: v for k, v in data.items() if isinstance(v, Mapping) and v}
    lists = {k: v for k, v in data.items() if isinstance(v, tuple | list) and v and isinstance(v[0], Mapping)}
    for key, value in data.items():
        if key in tables or key in lists or isinstance(value, Mapping):
            continue
        if value is not None and value != "" and value != ():
            yield f"{key} = {_value(key, value)}"
    for key, value in tables.items():
        name = f"{path}{_key(key)}"
        if not all(isinstance(own, Mapping) for own in value.values()):
            yield f"\n[{name}]"
        yield from _table(value, f"{name}.")
    for key, values in lists.items():
        for own in values:
            yield f"\n[[{path}{_key(key)}]]"
            yield from _table(own, f"{path}{_key(key)}.")


def _key(key: Any) -> str:
    text = str(getattr(key, "value", key))
    return text if text.replace("_", "").isalnum() and text.isascii() else json.dumps(text)


def _value(key: str, value: Any) -> str:
    if key in AMOUNTS:
        return f'"{value // 100}.{value % 100:02d}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value('', own) for own in value)}]"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(getattr(value, "value", value)), ensure_ascii=False)
