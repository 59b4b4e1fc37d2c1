"""The chunks of a run: always the same paths, made by whoever is there, handed on in their order, kept in a folder if wished.

A chunk's numbers hang on its address alone, so that a result is the same to the bit for any number of workers, here or on a
cluster. What is kept is found under a name that changes with anything that goes into it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol
from zipfile import BadZipFile

import numpy as np

import valuation
from fof.errors import FofError
from fof.scenarios.scenario_inputs import ScenarioInputs
from models.text import Text
from valuation.scenario_paths import CHUNK, ChunkRows, simulate_chunk

LOOK_SECONDS = 0.25
"""How often somebody who waits for a chunk asks whether the run is still wanted."""
AHEAD_BYTES = 2**27
"""What chunks that are made ahead may take, beyond one of each thread."""

WAITING_DAYS = 7.0
"""How long the finished chunks of a run that was stopped on a page wait for somebody who goes on with it."""

Span = tuple[int, int]
"""First path and number of paths."""


class Cancelled(FofError):
    """A run was stopped by who started it; finished chunks stay where they were kept."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__(Text("推演已取消", "the projection was cancelled"))


class ChunkToCome(Protocol):
    """A chunk that is being made; TimeoutError where it is not there after so many seconds."""

    def result(self, timeout: float | None = None) -> ChunkRows: ...

    def cancel(self) -> object: ...


class ChunkMaker(Protocol):
    """Who makes chunks. ahead: how many are worth asking for before the first is there; still_there: raises where nobody
    makes them any more."""

    @property
    def ahead(self) -> int: ...

    def submit(self, span: Span) -> ChunkToCome: ...

    def still_there(self) -> None: ...

    def close(self) -> None: ...


class MadeChunk(NamedTuple):
    """A chunk and whether it was made now, not read from what was kept."""

    rows: ChunkRows
    fresh: bool


class ThreadMaker:
    """Makes chunks in this process, all cores at once: the kernels hold no lock."""

    def __init__(self, inputs: ScenarioInputs, workers: int | None) -> None:
        self._inputs, self._threads = inputs, workers or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads)

    @property
    def ahead(self) -> int:
        chunk = 8 * CHUNK * self._inputs.arrays.row_count
        return max(self._threads, min(2 * self._threads, AHEAD_BYTES // chunk))

    def submit(self, span: Span) -> Future[ChunkRows]:
        return self._pool.submit(simulate_chunk, self._inputs.arrays, self._inputs.scenario.seed, *span)

    def still_there(self) -> None:
        """Threads are."""

    def close(self) -> None:
        self._pool.shutdown()


class ChunkFolder:
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
            return ChunkRows(saved["rows"], tuple(saved["gaps"].tolist()), saved["states"])
        return None

    def write(self, first: int, chunk: ChunkRows) -> None:
        """Whole or not at all."""
        path = self._path(first)
        beside = path.with_suffix(f".{uuid.uuid4().hex}.tmp.npz")  # another run may be at the same chunk
        np.savez(beside, rows=chunk.rows, gaps=np.array(chunk.gaps), states=chunk.states)
        beside.replace(path)

    def forget(self) -> None:
        """Remove what is kept of this run."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, first: int) -> Path:
        return self._folder / f"{first:010d}.npz"


def forget_old(folder: Path, days: float = WAITING_DAYS) -> None:
    """Remove what is kept of runs that nobody went on with for so many days."""
    for own in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            if own.is_dir() and own.stat().st_mtime < time.time() - 86_400 * days:
                shutil.rmtree(own, ignore_errors=True)


def spans_of(paths: int) -> list[Span]:
    """First path and number of paths of every chunk."""
    return [(first, min(CHUNK, paths - first)) for first in range(0, paths, CHUNK)]


def chunks_in_order(
    spans: Sequence[Span],
    maker: ChunkMaker,
    folder: ChunkFolder | None,
    cancelled: Callable[[], bool] | None,
) -> Generator[MadeChunk, None, None]:
    """Every chunk in order, a few being made ahead of the one that is handed on; what is kept is not made again.

    cancelled is asked while a chunk is waited for; Cancelled is raised where it says so.
    """
    waiting: deque[tuple[int, ChunkToCome | None, ChunkRows | None]] = deque()
    left = deque(spans)
    try:
        while left or waiting:
            while left and len(waiting) <= maker.ahead:
                span = left.popleft()
                known = None if folder is None else folder.read(span[0])
                waiting.append((span[0], maker.submit(span) if known is None else None, known))
            first, coming, known = waiting[0]
            chunk = known
            if coming is not None:
                chunk = _awaited(coming, maker, cancelled)
                if folder is not None:
                    folder.write(first, chunk)
            waiting.popleft()
            assert chunk is not None
            yield MadeChunk(chunk, known is None)
    finally:
        for _, coming, _ in waiting:
            if coming is not None:
                coming.cancel()


def _awaited(coming: ChunkToCome, maker: ChunkMaker, cancelled: Callable[[], bool] | None) -> ChunkRows:
    while True:
        try:
            return coming.result(timeout=LOOK_SECONDS)
        except TimeoutError:
            if cancelled is not None and cancelled():
                raise Cancelled from None
            maker.still_there()


def run_key(inputs: ScenarioInputs) -> str:
    """Changes with every array, the seed, and the program that computes."""
    parts = hashlib.sha256(f"{inputs.scenario.seed} {code_version()}".encode())
    for name in inputs.arrays.__dataclass_fields__:
        value = getattr(inputs.arrays, name)
        parts.update(repr(value).encode() if not isinstance(value, np.ndarray) else value.tobytes())
        if name == "history":
            parts.update(b"".join(a.tobytes() for pair in value for a in pair))
        if name == "companies" and value is not None:
            parts.update(
                b"".join(np.asarray(getattr(value, own)).tobytes() for own in value.__dataclass_fields__)
            )
    return parts.hexdigest()[:16]


@cache
def code_version() -> str:
    """Twelve hexadecimal digits that change with any line of the kernels."""
    digest = hashlib.sha256()
    for path in sorted(Path(valuation.__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
