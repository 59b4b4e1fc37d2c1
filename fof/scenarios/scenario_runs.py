"""Runs a scenario: chunks of paths, merged in their order, with the identities checked every time.

The result is the same to the bit for any number of workers, in this process or on a cluster. Finished chunks can be kept in a
folder: a run that was stopped goes on from there.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import field
from pathlib import Path

import numpy as np

from fof.errors import Problem
from fof.figures.register import members
from fof.scenarios.path_summary import ChunkTurn, PathSummary, path_summary
from fof.scenarios.path_verdicts import VerdictTally
from fof.scenarios.scenario_chunks import (
    Cancelled,
    ChunkFolder,
    ChunkMaker,
    MadeChunk,
    ThreadMaker,
    chunks_in_order,
    spans_of,
)
from fof.scenarios.scenario_cluster import ClusterAddress, ClusterMaker
from fof.scenarios.scenario_inputs import ScenarioInputs
from fof.scenarios.spec_problems import UnfitScenario
from models.frozen import frozen
from models.text import Text
from valuation.arguments import Floats
from valuation.scenario_paths import (
    CHUNK,
    ScenarioArrays,
    expected_path,
    simulate_chunk,
    without_noise,
)

MOST_CHUNK_BYTES = 2**28
"""What the rows of one chunk may take; some are made at once."""
GAP = 1e-9
"""Relative gap that an identity may show: what float64 leaves of a sum of many amounts."""
FEN = 0.01
RANK_ERROR = 0.001

Progress = Callable[[int, int, float], None]
"""Called with paths done, paths in all, and seconds that the rest will take (nan before anything is known)."""


@frozen
class IdentityCheck:
    """An identity that every run is held against: what was measured and what it may be."""

    name: str
    holds: bool
    measured: float
    limit: float

    @property
    def text(self) -> Text:
        """The identity in words."""
        return members("identities")[self.name]


@frozen
class ScenarioRun:
    """All paths merged, the path without noise, the checks; verdicts of the rules asked over time, None where none are; seconds
    in all, and of stages that the run has beside the paths themselves."""

    inputs: ScenarioInputs
    summary: PathSummary
    expected: Floats
    checks: tuple[IdentityCheck, ...]
    seconds: float
    verdicts: VerdictTally | None = None
    stages: Mapping[str, float] = field(default_factory=dict)


def run_scenario(
    inputs: ScenarioInputs,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    folder: Path | None = None,
    forget: bool = False,
    cluster: ClusterAddress | None = None,
) -> ScenarioRun:
    """Every path of a scenario.

    workers   : threads of this process, None: one for each core      cluster : whose workers take their place
    folder    : where finished chunks are kept and looked for         forget : remove them once the run is whole
    cancelled : asked between chunks and while one is waited for; Cancelled is raised where it says so
    progress  : where paths are made several times (fof.scenarios.path_summary), paths done are the part of the work that is

    Refused where the rows asked for do not fit into memory, with the estimate. ClusterUnavailable where a cluster cannot be
    had, or is lost; what is kept in the folder stays.
    """
    scenario, arrays = inputs.scenario, inputs.arrays
    require_memory(inputs)
    gaps = np.zeros(6)
    verdicts = None if inputs.rules is None else VerdictTally(inputs.rules, arrays, inputs.days)
    stages: dict[str, float] = {} if verdicts is None else {"rules": 0.0}
    store = None if folder is None else ChunkFolder(folder, inputs)
    started, done, fresh = time.monotonic(), 0, 0
    maker: ChunkMaker = ThreadMaker(inputs, workers) if cluster is None else ClusterMaker(inputs, cluster)

    def made(turn: ChunkTurn) -> Iterator[MadeChunk]:
        nonlocal gaps, done, fresh
        left = turn.left + sum(count for _, count in turn.spans)
        with closing(chunks_in_order(turn.spans, maker, store, cancelled)) as chunks:
            for chunk, anew in chunks:
                yield MadeChunk(chunk, anew)
                if verdicts is not None and turn.first:
                    begun = time.monotonic()
                    verdicts.add(chunk.rows, chunk.states)
                    stages["rules"] += time.monotonic() - begun
                gaps = np.maximum(gaps, chunk.gaps)
                count = chunk.rows.shape[1]
                done, left, fresh = done + count, left - count, fresh + (count if anew else 0)
                if progress is not None:
                    took = time.monotonic() - started
                    part = scenario.paths * done // (done + left)
                    progress(part, scenario.paths, took * left / fresh if fresh else math.nan)
                if cancelled is not None and cancelled():
                    raise Cancelled

    with closing(maker):
        summary = path_summary(arrays.row_count, spans_of(scenario.paths), made)
    expected, off = _without_noise(arrays)
    checks: tuple[IdentityCheck, ...] = (
        IdentityCheck("calls_within_unfunded", bool(gaps[1] <= GAP), float(gaps[1]), GAP),
        IdentityCheck("nav_roll_closes", bool(gaps[0] <= GAP), float(gaps[0]), GAP),
        IdentityCheck("cash_conserved", bool(gaps[2] <= GAP), float(gaps[2]), GAP),
        *_stage_checks(inputs, gaps),
        IdentityCheck("zero_shock_changes_nothing", inputs.zero_shock_changes_nothing, 0.0, 0.0),
        IdentityCheck("no_noise_is_expected_path", off <= FEN, off, FEN),
        IdentityCheck(
            "quantile_rank_error", summary.rank_error <= RANK_ERROR, summary.rank_error, RANK_ERROR
        ),
    )
    if store is not None and forget:
        store.forget()
    if verdicts is not None:
        whole = bool((verdicts.counts.sum(axis=2) == scenario.paths).all())
        checks += (IdentityCheck("every_path_has_one_verdict", whole, 0.0 if whole else 1.0, 0.0),)
    return ScenarioRun(inputs, summary, expected, checks, time.monotonic() - started, verdicts, stages)


def _stage_checks(inputs: ScenarioInputs, gaps: Floats) -> tuple[IdentityCheck, ...]:
    """Of pools, where there are any: what they hold is what came and went, and never less than nothing. Of companies: a fund's value
    is what came, was gained and went; who entered has left or is there."""
    lost, money, number = (float(gap) for gap in gaps[3:6])
    checks = [IdentityCheck("pool_money_conserved", lost <= GAP, lost, GAP)] if inputs.pools else []
    if inputs.arrays.companies is not None:
        checks.append(IdentityCheck("company_money_conserved", money <= GAP, money, GAP))
        checks.append(IdentityCheck("companies_entered_left_or_live", number == 0, number, 0.0))
    return tuple(checks)


def require_memory(inputs: ScenarioInputs) -> None:
    """Refused, with the estimate, where a chunk of all rows would be too large: quantiles ask for no more, see
    fof.scenarios.path_summary."""
    needed = inputs.arrays.row_count * CHUNK * 8
    if needed <= MOST_CHUNK_BYTES:
        return
    size, most = f"{needed / 2**30:.2f} GiB", f"{MOST_CHUNK_BYTES / 2**30:.2f} GiB"
    raise UnfitScenario(
        [
            Problem(
                "detail_beyond_memory",
                Text(
                    f"一块 {CHUNK} 条路径的明细需内存 {size}，上限 {most}：请设 by_fund = false、按年推演或减少企业",
                    f"the detail of {CHUNK} paths, made at once, needs {size} of memory, at most {most}: set by_fund = false, project by years, or take fewer companies",
                ),
            )
        ],
        Text("情景", "the scenario"),
    )


def _without_noise(arrays: ScenarioArrays) -> tuple[Floats, float]:
    """The expected path as the rows of a chunk (nan for companies, of which there is none), and by how many yuan a quarter of any
    series is off the pacing model's own."""
    chunk = simulate_chunk(without_noise(arrays), 0, 0, 1)
    path, steps = expected_path(arrays), arrays.steps
    calls, paid, nav = chunk.rows[: 3 * steps, 0].reshape(3, steps)
    off = 0.0
    for ours, theirs in ((calls, path.calls), (paid, path.distributions), (nav, path.nav)):
        off = max(off, float(np.abs(ours - np.add.accumulate(theirs, axis=0)[-1]).max(initial=0.0)))
    return np.append(chunk.rows[:, 0], np.full(arrays.row_count - chunk.rows.shape[0], np.nan)), off
