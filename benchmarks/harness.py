"""How everything here is timed.

* The cases of one workload are timed round-robin in one process (A B C A B C ...), after two untimed
  calls each, and the median of the rounds is reported with min and max: on a shared machine only the
  ratios between cases of one run mean something, never the seconds of two runs.
* A call shorter than SHORTEST is repeated within its turn, so that no case is a matter of one interrupt.
* `speed_vs_first` is the median over the rounds of the per-unit speed relative to the first case of the
  same round. Put the yardstick (the peer) first and our own code after it.
* Every case prints one line of JSON on stdout; nothing else goes to stdout.

BENCH_SCALE (1 = published sizes; 0.1 for a smoke run) and BENCH_REPS (5 rounds) are read from the
environment; `python -m benchmarks` sets them from its options.
"""

from __future__ import annotations

import gc
import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from typing import Any

Case = Callable[[], Any]
Row = dict[str, Any]

SHORTEST = 0.05
"""Seconds a case is given in each round at least."""

ROWS: list[Row] = []
"""Every line printed by this process, in order: what the table at the end is made of."""


def scale() -> float:
    """Factor on the published sizes."""
    return float(os.environ.get("BENCH_SCALE", "1"))


def rounds_wanted() -> int:
    return int(os.environ.get("BENCH_REPS", "5"))


def versions(names: Sequence[str]) -> dict[str, str | None]:
    """Installed version of each distribution, None where it is absent."""
    out: dict[str, str | None] = {"python": platform.python_version()}
    for name in names:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = None
    return out


def machine() -> str:
    """The processor, as the kernel names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "")
    except OSError:
        model = ""
    return f"{model or platform.processor() or platform.machine()}, {os.cpu_count()} threads"


def emit(**row: Any) -> Row:
    """Print one line of JSON and remember it for the table."""
    ROWS.append(row)
    print(json.dumps(row, ensure_ascii=False, default=float), flush=True)
    return row


def run(
    workload: str,
    cases: Mapping[str, Case | tuple[Case, int]],
    *,
    size: Mapping[str, Any],
    unit: str,
    n: int,
    rounds: int | None = None,
    vers: Sequence[str] = (),
    check: Callable[[str, Any], Any] | None = None,
) -> dict[str, Row]:
    """Time all cases round-robin and emit one line each.

    cases  : name -> callable, or (callable, own n) for a case that does only the first units of the same
             work; its rate is still per unit
    unit,n : what one unit is, and how many a full case does
    check  : (name, result of the untimed call) -> anything JSON can hold, put beside the timing so that a
             speed is never quoted apart from the answer it gave
    -> name -> the emitted line. A case that raises is reported with `error` and not timed.
    """
    wanted = rounds or rounds_wanted()
    norm = {k: (v if isinstance(v, tuple) else (v, n)) for k, v in cases.items()}
    results: dict[str, Any] = {}
    failed: dict[str, str] = {}
    repeats: dict[str, int] = {}
    for name, (call, _) in norm.items():
        try:
            results[name] = call()
            start = time.perf_counter()
            call()
            repeats[name] = min(1000, math.ceil(SHORTEST / max(time.perf_counter() - start, 1e-9)))
        except Exception as problem:  # a peer that cannot do the work is a result too
            failed[name] = f"{type(problem).__name__}: {problem}"[:300]
    live = {k: v for k, v in norm.items() if k not in failed}
    wall, processor = _timed(live, repeats, wanted)
    first = next(iter(live), None)
    rows = {}
    for name, (_, units) in norm.items():
        row: Row = {"workload": workload, "peer": name, "size": dict(size), "unit": unit, "n": units}
        if name in failed:
            row["error"] = failed[name]
        else:
            assert first is not None
            row.update(_statistics(wall[name], units, wall[first], norm[first][1]))
            row["processor_seconds"] = min(processor[name])
            if check is not None:
                row["check"] = check(name, results[name])
        row["versions"] = versions(vers)
        rows[name] = emit(**row)
    return rows


def _timed(
    cases: Mapping[str, tuple[Case, int]], repeats: Mapping[str, int], rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of one call of each case in each round, elapsed and of the processor: beside other work only the latter mean something."""
    wall: dict[str, list[float]] = {k: [] for k in cases}
    processor: dict[str, list[float]] = {k: [] for k in cases}
    for _ in range(rounds):
        for name, (call, _) in cases.items():
            gc.collect()
            start, worked = time.perf_counter(), time.process_time()
            for _ in range(repeats[name]):
                call()
            wall[name].append((time.perf_counter() - start) / repeats[name])
            processor[name].append((time.process_time() - worked) / repeats[name])
    return wall, processor


def _statistics(mine: list[float], units: int, first: list[float], first_units: int) -> Row:
    median = statistics.median(mine)
    ratios = [(a / first_units) / (b / units) for a, b in zip(first, mine, strict=True)]
    return {
        "seconds": round(median, 6),
        "min": round(min(mine), 6),
        "max": round(max(mine), 6),
        "rounds": len(mine),
        "ns_per_unit": round(median / units * 1e9, 2),
        "speed_vs_first": round(statistics.median(ratios), 3),
    }


def table(rows: Sequence[Row]) -> str:
    """The timed and scored lines as text for people, one block a workload."""
    out: list[str] = []
    last = None
    for row in rows:
        if row.get("workload") != last:
            last = row.get("workload")
            size = ", ".join(f"{k} {v}" for k, v in dict(row.get("size", {})).items())
            out.append(f"\n{last}  ({size})" if size else f"\n{last}")
        out.append("  " + _line(row))
    return "\n".join(out)


def _line(row: Row) -> str:
    name = f"{row.get('peer', '?'):44}"
    if "error" in row:
        return f"{name} {row['error']}"
    if "ns_per_unit" in row:
        what = f"{_time(row['ns_per_unit']):>10} / {row['unit']:<18} {row.get('speed_vs_first', float('nan')):>10.2f}x"
        return f"{name} {what}  {_short(row['check'])}" if "check" in row else f"{name} {what}"
    skip = {"workload", "peer", "size", "versions"}
    return f"{name} " + "  ".join(f"{k} {_short(v)}" for k, v in row.items() if k not in skip)


def _time(ns: float) -> str:
    for limit, unit in ((1e3, "ns"), (1e6, "us"), (1e9, "ms")):
        if ns < limit:
            return f"{ns / limit * 1e3:.3g} {unit}"
    return f"{ns / 1e9:.3g} s"


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_short(v)}" for k, v in value.items())
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def note(text: str) -> None:
    """A word to the person waiting, on stderr."""
    print(text, file=sys.stderr, flush=True)
