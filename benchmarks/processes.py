"""A command of ours as a whole process, from its start to its end, beside a process that imports numpy and typer.

The demo office lies in a file with its derived copy, as after any first command; the modules of both sides lie there
compiled, as in any installation that was used once (a variable that keeps Python from doing so is not handed on).
Rounds are interleaved: one process of each command. `ratio` is the median over the rounds of the elapsed times of one
round, `ratio_cpu` the same of processor time, user and system, which other jobs of a shared machine move less.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import harness
from fof import ledger, seeding
from fof.access import LOCAL
from fof.db import Database

DAY = "2026-09-30"
YARDSTICK = "import numpy, typer"
COMMANDS = {
    "fof --help": ("--help",),
    "fof commitments": ("commitments", "--as-of", DAY),
    "fof commitments --json": ("commitments", "--as-of", DAY, "--json"),
    "fof performance": ("performance", "--as-of", DAY),
    "fof overview": ("overview", "--as-of", DAY),
}
BUDGETS = {"fof commitments": 2.5}
_RUN = "import sys; from fof.cli import main; sys.exit(main())"


def seconds(arguments: Sequence[str], surroundings: dict[str, str]) -> tuple[float, float]:
    """Elapsed time and processor time of one process that must end well."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(arguments, env=surroundings, stdout=subprocess.DEVNULL, check=True)
    elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Database(f"sqlite:///{Path(folder) / 'demo.sqlite'}")
        book.init()
        seeding.seed_demo(book, LOCAL)
        head = ledger.read(book).head
        book.close()
        surroundings = os.environ | {"FOF_DATABASE_URL": book.address, "FOF_DATA_DIR": folder}
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
        processes = {YARDSTICK: [sys.executable, "-c", YARDSTICK]}
        processes |= {name: [sys.executable, "-c", _RUN, *given] for name, given in COMMANDS.items()}
        for arguments in processes.values():  # untimed: compiles modules, makes the derived copy
            seconds(arguments, surroundings)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in processes}
        for _ in range(harness.rounds_wanted()):
            for name, arguments in processes.items():
                taken[name].append(seconds(arguments, surroundings))
    for name, own in taken.items():
        elapsed, cpu = zip(*own, strict=True)
        ratios = [
            statistics.median(a[which] / b[which] for a, b in zip(own, taken[YARDSTICK], strict=True))
            for which in (0, 1)
        ]
        harness.emit(
            workload="process",
            peer=name,
            size={"entries": head},
            seconds=round(statistics.median(elapsed), 4),
            cpu_seconds=round(statistics.median(cpu), 4),
            ratio=round(ratios[0], 2),
            ratio_cpu=round(ratios[1], 2),
            **({"budget": BUDGETS[name]} if name in BUDGETS else {}),
            versions=harness.versions(("numpy", "typer")),
        )


if __name__ == "__main__":
    main()
