"""How likely the conditions of a programme are missed: the share of paths, step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fof.book.reading import Floats
from fof.scenarios.programme_terms import CoverTerms, ProgrammeTerms
from fof.scenarios.scenario_inputs import ScenarioInputs
from models.kinds import Strategy
from valuation.scenario_paths import CHUNK, STEP_SERIES, ScenarioArrays, simulate_chunk

PATHS = 4096
"""Of the probabilities: their error is below 0.8 %."""


def paths_of(made: ScenarioInputs) -> int:
    """Paths that are counted."""
    return min(PATHS, made.scenario.paths)


def missed(made: ScenarioInputs, terms: ProgrammeTerms) -> tuple[Floats, Floats]:
    """By step the part of the paths whose cash is below its floor (by more than a hundredth of a yuan: a floor that binds is held), and
    whose share is off by more than the tolerance."""
    below, off = np.zeros(made.arrays.steps), np.zeros(made.arrays.steps)
    floor = made.scenario.cash.floor / 100
    for series in _chunks(made.arrays, made.scenario.seed, paths_of(made)):
        cash, nav = series[STEP_SERIES.index("cash")], series[STEP_SERIES.index("nav")]
        below += (cash < floor - 0.01).sum(axis=1)
        if terms.nav_share is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                share = nav / (nav + cash)
            off += (~(np.abs(share - terms.nav_share) <= terms.tolerance)).sum(axis=1)
    return below / paths_of(made), off / paths_of(made)


def _chunks(arrays: ScenarioArrays, seed: int, paths: int) -> list[Floats]:
    """(STEP_SERIES, steps, paths) of each chunk."""
    shape = (len(STEP_SERIES), arrays.steps, -1)
    return [
        simulate_chunk(arrays, seed, first, min(CHUNK, paths - first))
        .rows[: shape[0] * shape[1]]
        .reshape(shape)
        for first in range(0, paths, CHUNK)
    ]


def uncovered(made: ScenarioInputs, cover: CoverTerms) -> Floats:
    """By step the part of the paths on which the funds of a strategy can call less than the coverage asks for: those funds by
    themselves, on their own draws."""
    arrays, paths = made.arrays, paths_of(made)
    own = np.array([s is cover.strategy for s in strategies_of(made)], bool)
    if not own.any():
        return np.full(arrays.steps, float(cover.amount > 0))
    planned = [f for f in made.scenario.planned if f.strategy is cover.strategy]
    only = replace(
        arrays,
        rates=np.ascontiguousarray(arrays.rates[:, own]),
        span=np.ascontiguousarray(arrays.span[:, own]),
        noise=np.ascontiguousarray(arrays.noise[:, own]),
        streams=arrays.streams[own],
        stocks=np.ascontiguousarray(arrays.stocks[:, own]),
        unsigned=np.array([sum(f.commitment for f in planned if f.signed_on > d) / 100 for d in made.days]),
        paid_in=arrays.paid_in[own],
        distributed=arrays.distributed[own],
        members=(),
        history=(),
        pools=(),
        companies=None,
    )
    fewer = np.zeros(arrays.steps)
    for series in _chunks(only, made.scenario.seed, paths):
        fewer += (series[STEP_SERIES.index("unfunded")] < cover.amount / 100 - 0.01).sum(axis=1)
    return fewer / paths


def strategies_of(inputs: ScenarioInputs) -> list[Strategy | None]:
    """Of each row of the arrays."""
    return [*(f.strategy for f in inputs.opening.funds), *(p.strategy for p in inputs.scenario.planned)]
