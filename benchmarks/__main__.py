"""Run the benchmarks of this folder: `python -m benchmarks [name ...] [--json OUT] [--scale 0.1] [--rounds 5]`.

A benchmark is any module of this folder with a function `main() -> None` that reports through
`benchmarks.harness`. JSON lines go to stdout (and to OUT), progress and the table to stderr.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
import time
import traceback
from pathlib import Path

from benchmarks import harness

NOT_BENCHMARKS = {"coinvest_pages", "harness", "institution", "large_office", "workloads", "__main__"}


def names() -> list[str]:
    """The benchmarks found beside this file."""
    here = str(Path(__file__).resolve().parent)
    return sorted(m.name for m in pkgutil.iter_modules([here]) if m.name not in NOT_BENCHMARKS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="benchmarks to run; all by default")
    parser.add_argument("--json", metavar="OUT", help="also write the lines to this file")
    parser.add_argument("--scale", type=float, help="factor on the published sizes")
    parser.add_argument("--rounds", type=int, help="timed rounds of each case")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    chosen = parser.parse_args()
    if chosen.list:
        print("\n".join(names()))
        return 0
    unknown = sorted(set(chosen.names) - set(names()))
    if unknown:
        parser.error(f"no benchmark called {', '.join(unknown)}; there are {', '.join(names())}")
    if chosen.scale is not None:
        os.environ["BENCH_SCALE"] = str(chosen.scale)
    if chosen.rounds is not None:
        os.environ["BENCH_REPS"] = str(chosen.rounds)
    broken = [name for name in chosen.names or names() if not _run(name)]
    if chosen.json:
        lines = (json.dumps(row, ensure_ascii=False, default=float) for row in harness.ROWS)
        Path(chosen.json).write_text("\n".join(lines) + "\n", encoding="utf-8")
    harness.note(f"{time.strftime('%Y-%m-%d')}, {harness.machine()}")
    harness.note(harness.table(harness.ROWS))
    if broken:
        harness.note(f"\ndid not finish: {', '.join(broken)}")
    return 1 if broken else 0


def _run(name: str) -> bool:
    start = time.perf_counter()
    try:
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            module.main()
    except Exception:
        harness.note(f"{name}: did not finish\n{traceback.format_exc()}")
        return False
    harness.note(f"{name}: {time.perf_counter() - start:.0f} s")
    return True


if __name__ == "__main__":
    sys.exit(main())
