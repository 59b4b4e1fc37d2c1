"""Runs a scenario: chunks of paths on all cores, merged in their order, with the identities checked every time.

A chunk is always the same paths and its numbers hang on its address alone, so that a result is the same to the bit for any
number of workers. Finished chunks can be kept in a folder: a run that was stopped goes on from there.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

import valuation
from fof.errors import FofError, Problem, Refused
from fof.figures.register import members
from fof.scenarios.scenario_inputs import ScenarioInputs
from models.text import Text
from valuation.arguments import Floats
from valuation.quantile_sketch import BINS, QuantileSketch
from valuation.scenario_paths import (
    CHUNK,
    ChunkRows,
    ScenarioArrays,
    expected_path,
    simulate_chunk,
    without_noise,
)

MOST_BYTES = 2**30
"""What the values of all rows may take while they are held."""
GAP = 1e-9
"""Relative gap that an identity may show: what float64 leaves of a sum of many amounts."""
FEN = 0.01
RANK_ERROR = 0.001

Progress = Callable[[int, int, float], None]
"""Called with paths done, paths in all, and seconds that the rest will take (nan before anything is known)."""


class Cancelled(FofError):
    """A run was stopped by who started it; finished chunks stay where they were kept."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__(Text("推演已取消", "the projection was cancelled"))


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """All paths merged, the path without noise, and the checks."""

    inputs: ScenarioInputs
    sketch: QuantileSketch
    expected: Floats
    checks: tuple[IdentityCheck, ...]
    seconds: float


def run_scenario(
    inputs: ScenarioInputs,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    folder: Path | None = None,
) -> ScenarioRun:
    """Every path of a scenario.

    workers   : threads, None: one for each core      folder : where finished chunks are kept and looked for
    cancelled : asked between chunks; Cancelled is raised where it says so

    Refused where the rows asked for do not fit into memory, with the estimate.
    """
    scenario, arrays = inputs.scenario, inputs.arrays
    held = require_memory(inputs)
    sketch = QuantileSketch(arrays.row_count, held)
    gaps = np.zeros(3)
    started, done = time.monotonic(), 0
    made = _in_threads(inputs, workers, folder)
    for chunk in made:
        sketch.add(chunk.rows)
        gaps = np.maximum(gaps, chunk.gaps)
        done += chunk.rows.shape[1]
        if progress is not None:
            left = (time.monotonic() - started) * (scenario.paths - done) / done
            progress(done, scenario.paths, left)
        if cancelled is not None and cancelled():
            made.close()  # type: ignore[attr-defined]
            raise Cancelled
    expected, off = _without_noise(arrays)
    checks = (
        IdentityCheck("calls_within_unfunded", bool(gaps[1] <= GAP), float(gaps[1]), GAP),
        IdentityCheck("nav_roll_closes", bool(gaps[0] <= GAP), float(gaps[0]), GAP),
        IdentityCheck("cash_conserved", bool(gaps[2] <= GAP), float(gaps[2]), GAP),
        IdentityCheck("zero_shock_changes_nothing", inputs.zero_shock_changes_nothing, 0.0, 0.0),
        IdentityCheck("no_noise_is_expected_path", off <= FEN, off, FEN),
        IdentityCheck(
            "quantile_rank_error", sketch.rank_error() <= RANK_ERROR, sketch.rank_error(), RANK_ERROR
        ),
    )
    return ScenarioRun(inputs, sketch, expected, checks, time.monotonic() - started)


def require_memory(inputs: ScenarioInputs) -> int:
    """How many values of a row are held; Refused, with the estimate, where even the fewest would not fit."""
    rows, paths = inputs.arrays.row_count, inputs.scenario.paths
    wanted = min(paths, 16 * BINS)
    needed = rows * wanted * 8
    if needed <= MOST_BYTES:
        return wanted
    size, most = f"{needed / 2**30:.1f} GiB", f"{MOST_BYTES / 2**30:.0f} GiB"
    raise Refused(
        [
            Problem(
                "detail_beyond_memory",
                Text(
                    f"逐基金明细需内存 {size}，上限 {most}：请减少路径，或设 by_fund = false",
                    f"detail by fund needs {size} of memory, at most {most}: ask for fewer paths, or set by_fund = false",
                ),
            )
        ],
        Text("情景", "the scenario"),
    )


def spans_of(paths: int) -> list[tuple[int, int]]:
    """First path and number of paths of every chunk."""
    return [(first, min(CHUNK, paths - first)) for first in range(0, paths, CHUNK)]


def _in_threads(inputs: ScenarioInputs, workers: int | None, folder: Path | None) -> Iterator[ChunkRows]:
    """Chunks in order, a few ahead of the one that is merged."""
    threads = workers or os.cpu_count() or 1
    store = None if folder is None else _Store(folder, inputs)
    spans = spans_of(inputs.scenario.paths)

    def make(first: int, count: int) -> ChunkRows:
        known = None if store is None else store.read(first)
        if known is not None:
            return known
        chunk = simulate_chunk(inputs.arrays, inputs.scenario.seed, first, count)
        if store is not None:
            store.write(first, chunk)
        return chunk

    with ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[ChunkRows]] = []
        try:
            for span in spans:
                waiting.append(pool.submit(make, *span))
                if len(waiting) > 2 * threads:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()


class _Store:
    """Finished chunks of one run in a folder, under a name that changes with anything that goes into them."""

    def __init__(self, folder: Path, inputs: ScenarioInputs) -> None:
        self._folder = folder / run_key(inputs)
        self._folder.mkdir(parents=True, exist_ok=True)

    def read(self, first: int) -> ChunkRows | None:
        """The chunk that begins at a path; None where it is not there, or was not written to its end."""
        with (
            suppress(OSError, ValueError, KeyError, EOFError, BadZipFile),
            np.load(self._path(first)) as saved,
        ):
            low, middle, high = saved["gaps"].tolist()
            return ChunkRows(saved["rows"], (low, middle, high))
        return None

    def write(self, first: int, chunk: ChunkRows) -> None:
        """Whole or not at all."""
        path = self._path(first)
        beside = path.with_suffix(".tmp.npz")
        np.savez(beside, rows=chunk.rows, gaps=np.array(chunk.gaps))
        beside.replace(path)

    def _path(self, first: int) -> Path:
        return self._folder / f"{first:010d}.npz"


def run_key(inputs: ScenarioInputs) -> str:
    """Changes with every array, the seed, and the program that computes."""
    parts = hashlib.sha256(f"{inputs.scenario.seed} {code_version()}".encode())
    for name in inputs.arrays.__dataclass_fields__:
        value = getattr(inputs.arrays, name)
        parts.update(repr(value).encode() if not isinstance(value, np.ndarray) else value.tobytes())
        if name == "history":
            parts.update(b"".join(a.tobytes() for pair in value for a in pair))
    return parts.hexdigest()[:16]


@cache
def code_version() -> str:
    """Twelve hexadecimal digits that change with any line of the kernels."""
    digest = hashlib.sha256()
    for path in sorted(Path(valuation.__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _without_noise(arrays: ScenarioArrays) -> tuple[Floats, float]:
    """The expected path as the rows of a chunk, and by how many yuan a quarter of any series is off the pacing model's own."""
    chunk = simulate_chunk(without_noise(arrays), 0, 0, 1)
    path, steps = expected_path(arrays), arrays.steps
    calls, paid, nav = chunk.rows[: 3 * steps, 0].reshape(3, steps)
    off = 0.0
    for ours, theirs in ((calls, path.calls), (paid, path.distributions), (nav, path.nav)):
        off = max(off, float(np.abs(ours - np.add.accumulate(theirs, axis=0)[-1]).max(initial=0.0)))
    return chunk.rows[:, 0], off


def deterministic(inputs: ScenarioInputs) -> ScenarioInputs:
    """The same scenario on its one path without noise."""
    scenario = inputs.scenario.model_copy(update={"paths": 1})
    return replace(inputs, scenario=scenario, arrays=without_noise(inputs.arrays))
