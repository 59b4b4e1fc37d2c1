"""What a scenario costs as a whole, each budget a workload of its own: `python -m benchmarks.scenario_budgets [name ...]`.

overhead    spec to summary of the demo office with 200 planned funds, one thread, beside the bare kernel on the same arrays
memory      the largest resident size of a process that runs the demo office on ever more paths, and on many with companies over 15 years
paths       arrays to quantiles of 200 funds: the cost of a live fund-quarter from 1,000 to 1,000,000 paths
funds       the same from 20 to 2,000 funds; what a value of the summary costs without any fund is measured by itself and taken off
companies   the cost of a live company-quarter; what a fund costs without any company is measured by itself and taken off
loans       the cost of a pool-quarter over ten times the paths; that of a loan-quarter over ten times the loans, what a pool costs
            without any loan drawn by itself taken off
judged      the cost of a judged state over ten times the paths and ten times the pools
rated       the cost of a rate of return of a group on a path over ten times the paths and ten times the groups
page        the page's default scenario, all its tables included, beside one audit date of a journal just read
cluster     the same run by threads and on a scheduler with two workers on this machine, sized to take a minute by threads

Every workload prints a line of JSON with its ratio and budget. Times are processor time but for the cluster.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import harness, workloads
from benchmarks.scenarios import (
    QUARTERS,
    arrays,
    bare,
    company_years,
    judgement,
    pool,
    pool_years,
    product,
    series_of,
    with_companies,
)
from fof import audit, ledger, seeding
from fof.access import LOCAL
from fof.book.portfolios import portfolio
from fof.db import Database
from fof.ledger import Journal
from fof.scenarios.projection import inputs_of, project_scenario
from fof.scenarios.scenario_builder import FirstQuestions, simple_scenario
from fof.scenarios.scenario_cluster import ClusterAddress
from fof.scenarios.scenario_document import result_documents
from fof.scenarios.scenario_runs import run_scenario
from fof.scenarios.scenario_spec import Scenario, scenario_of
from valuation.company_outcomes import LIVE, STAGES
from valuation.scenario_paths import CHUNK, simulate_chunk

DAY = dt.date(2026, 9, 30)
NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
FLAT = 1.2
MINUTE = 60.0


@cache
def demo() -> Database:
    """The demo office in a file of its own, for as long as the process lives."""
    folder = tempfile.mkdtemp()
    book = Database(f"sqlite:///{Path(folder) / 'demo.sqlite'}")
    book.init()
    seeding.seed_demo(book, LOCAL)
    return book


def spec(paths: int, planned: int = 200, *, companies: bool = False) -> Scenario:
    """A fund-level scenario: no companies unless asked for, pools, rules, coverage, multiples of single funds."""
    programme = [
        {"code": f"N-{n}", "commitment": "100000000", "signed_on": dt.date(2026, 12, 31), "strategy": "vc"}
        for n in range(planned)
    ]
    return scenario_of(
        {"name": "bench", "paths": paths, "planned": programme, "by_fund": False}
        | {"rates_of_return": False, "rules": False}
        | ({"companies": {}} if companies else {})
    )


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of processor time."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def overhead() -> None:
    paths = max(CHUNK, int(10_000 * harness.scale()))
    view, scenario = ledger.read(demo()).view(DAY), spec(paths)
    model = inputs_of(view, scenario)[0].arrays

    def whole() -> object:
        return project_scenario(view, scenario, LOCAL, NOW, workers=1)

    bare(model, CHUNK)
    run_scenario(inputs_of(view, spec(CHUNK))[0], workers=1)
    kernel, ours = [], []
    for _ in range(harness.rounds_wanted()):
        kernel.append(cpu(lambda: bare(model, paths)))
        ours.append(cpu(whole))
    harness.emit(
        workload="scenario_overhead",
        peer="spec to summary over the bare kernel",
        size={"funds": model.stocks.shape[1], "quarters": model.steps, "paths": paths},
        kernel_seconds=round(statistics.median(kernel), 4),
        seconds=round(statistics.median(ours), 4),
        ratio=round(statistics.median(b / a for a, b in zip(kernel, ours, strict=True)), 3),
        budget=1.5,
    )


_MEMORY = """
import resource
from benchmarks.scenario_budgets import DAY, LOCAL, NOW, spec
from fof import ledger
from fof.db import Database
from fof.scenarios.projection import project_scenario
project_scenario(ledger.read(Database({address!r})).view(DAY), spec({paths}, 0, companies={companies}), LOCAL, NOW)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory() -> None:
    for paths, companies in ((10_000, False), (100_000, False), (1_000_000, False), (100_000, True)):
        count = max(CHUNK, int(paths * harness.scale()))
        script = _MEMORY.format(address=str(demo().address), paths=count, companies=companies)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        mib = int(done.stdout.split()[-1]) / 1024
        harness.emit(
            workload="scenario_memory",
            peer=f"{count} paths" + (" with companies" if companies else ""),
            size={"paths": count},
            mebibytes=round(mib),
            ratio=round(mib / 1024, 3),
            budget=1.0,
        )


def live_of(funds: int) -> int:
    """Live fund-quarters of a path."""
    return int(workloads.projection_params(funds, QUARTERS)["live"].sum())


def emitted(workload: str, cost: dict[tuple[int, int], float]) -> None:
    """Nanoseconds of a live fund-quarter at each (funds, paths); how far they lie apart."""
    for (funds, paths), own in cost.items():
        harness.emit(
            workload=workload,
            peer=f"{funds} funds, {paths} paths",
            unit="live fund-quarter",
            size={"funds": funds, "paths": paths, "quarters": QUARTERS},
            nanoseconds=round(own, 2),
        )
    ratio = max(cost.values()) / min(cost.values())
    harness.emit(workload=workload, peer="dearest over cheapest", ratio=round(ratio, 3), budget=FLAT)


def paths() -> None:
    model, cost = arrays(200), {}
    product(model, CHUNK)
    few = max(CHUNK, int(4_000 * harness.scale()))
    alone = statistics.median(cpu(lambda: bare(model, few)) for _ in range(harness.rounds_wanted()))
    harness.emit(
        workload="scenario_paths",
        peer="bare kernel",
        unit="live fund-quarter",
        nanoseconds=round(1e9 * alone / live_of(200) / few, 2),
    )
    for wanted in (1_000, 10_000, 100_000, 1_000_000):
        count = max(CHUNK, int(wanted * harness.scale()))
        rounds = 1 if wanted > 100_000 else harness.rounds_wanted()
        own = statistics.median(cpu(lambda count=count: product(model, count)) for _ in range(rounds))
        cost[200, count] = 1e9 * own / live_of(200) / count
    emitted("scenario_paths", cost)


def funds() -> None:
    """What a value of the summary costs (a row of a path: counted, summed, ordered) does not hang on the number of funds; it is
    measured without any live fund and taken off."""
    count = max(CHUNK, int(2_000 * harness.scale()))
    models = {n: arrays(n) for n in (20, 200, 2_000)}
    none = replace(models[20], span=np.full_like(models[20].span, QUARTERS))
    for model in (none, *models.values()):
        product(model, CHUNK)
    fixed: list[float] = []
    taken: dict[int, list[float]] = {n: [] for n in models}
    for _ in range(harness.rounds_wanted()):
        alone = cpu(lambda: product(none, count))
        fixed.append(1e9 * alone / none.row_count / count)
        for n, model in models.items():
            own = cpu(lambda model=model: product(model, count)) - alone
            taken[n].append(1e9 * own / live_of(n) / count)
    harness.emit(
        workload="scenario_funds",
        peer="summary alone",
        unit="value of a row",
        nanoseconds=round(statistics.median(fixed), 1),
    )
    emitted("scenario_funds", {(n, count): statistics.median(own) for n, own in taken.items()})


def companies() -> None:
    base = max(CHUNK, int(1_000 * harness.scale()))
    cases = [(5, base), (5, 10 * base), (50, base)]
    models = {each: with_companies(each) for each in (0, 5, 50)}
    live = {
        each: series_of(m, simulate_chunk(m, 7, 0, CHUNK).rows)[LIVE : LIVE + len(STAGES)].sum() / CHUNK
        for each, m in models.items()
    }
    fixed: list[float] = []
    taken: dict[tuple[int, int], list[float]] = {case: [] for case in cases}
    for _ in range(harness.rounds_wanted()):
        alone = cpu(lambda: company_years(models[0], 10 * base)) / (10 * base)
        fixed.append(1e9 * alone / live_of(20))
        for each, count in cases:
            own = cpu(lambda each=each, count=count: company_years(models[each], count)) / count
            taken[each, count].append(1e9 * (own - alone) / float(live[each]))
    cost = {case: statistics.median(own) for case, own in taken.items()}
    harness.emit(
        workload="scenario_companies",
        peer="a fund without companies",
        unit="live fund-quarter",
        nanoseconds=round(statistics.median(fixed), 1),
    )
    for (each, count), own in cost.items():
        harness.emit(
            workload="scenario_companies",
            peer=f"{20 * each} companies today, {count} paths",
            unit="live company-quarter",
            nanoseconds=round(own, 1),
        )
    ratio = max(cost.values()) / min(cost.values())
    harness.emit(
        workload="scenario_companies", peer="dearest over cheapest", ratio=round(ratio, 3), budget=FLAT
    )


def loans() -> None:
    base = max(CHUNK, int(4_000 * harness.scale()))
    models = {number: pool(number) for number in (0, 5_000, 50_000)}
    for model in models.values():
        pool_years(model, CHUNK)
    taken: dict[tuple[int, int], list[float]] = {}
    for _ in range(harness.rounds_wanted()):
        alone = cpu(lambda: pool_years(models[0], base))
        for number, count in ((5_000, base), (5_000, 10 * base), (50_000, base)):
            whole = cpu(lambda number=number, count=count: pool_years(models[number], count))
            own = 1e9 * (whole - alone * count / base) / QUARTERS / count / number
            taken.setdefault((number, count), []).append(own)
    flat("scenario_loans", "loan-quarter", {f"{n} loans, {c} paths": v for (n, c), v in taken.items()})


def judged() -> None:
    base = max(CHUNK, int(2_000 * harness.scale()))
    taken: dict[str, list[float]] = {}
    for _ in range(harness.rounds_wanted()):
        for pools_of, count in ((1, base), (1, 10 * base), (10, base)):
            work, states = judgement(pools_of, count)
            taken.setdefault(f"{pools_of} pools, {count} paths", []).append(1e9 * cpu(work) / states)
    flat("scenario_judged", "judged state", taken)


def rated() -> None:
    """Multiples without rates of return are measured by themselves and taken off."""
    base = max(CHUNK, int(1_000 * harness.scale()))
    taken: dict[str, list[float]] = {}
    for groups, count in ((20, base), (20, 10 * base), (200, base)):
        members = tuple((n,) for n in range(groups))
        plain, model = arrays(200, members=members), arrays(200, members=members, rated=True)
        product(model, CHUNK)
        for _ in range(harness.rounds_wanted()):
            own = cpu(lambda m=model, c=count: product(m, c)) - cpu(lambda m=plain, c=count: product(m, c))
            taken.setdefault(f"{groups} groups, {count} paths", []).append(1e9 * own / groups / count)
    flat("scenario_rated", "rate of return", taken)


def flat(workload: str, unit: str, taken: Mapping[str, Sequence[float]]) -> None:
    """Nanoseconds of a unit in each case, the smallest first; the dearest at ten times the size over that. What does not grow with the
    size is shared by more units there, which makes them cheaper: no miss."""
    cost = {case: statistics.median(own) for case, own in taken.items()}
    for case, own in cost.items():
        harness.emit(workload=workload, peer=case, unit=unit, nanoseconds=round(own, 3))
    first, *larger = cost.values()
    ratio = max(larger) / first
    harness.emit(workload=workload, peer="at ten times over at one", ratio=round(ratio, 3), budget=FLAT)


def page() -> None:
    book = demo()

    def audited() -> object:
        return audit.guidance(Journal(book).refresh().view(DAY))

    def scenario() -> object:
        view = Journal(book).refresh().view(DAY)
        chosen = portfolio(view, None)
        asked = simple_scenario(view, chosen, "page", FirstQuestions(horizon=12, paths=1000))
        result = project_scenario(view, asked, LOCAL, NOW)
        return [answer.rows for answer in result_documents(result, yearly=True)]

    audited()
    scenario()
    one, ours = [], []
    for _ in range(harness.rounds_wanted()):
        one.append(cpu(audited))
        ours.append(cpu(scenario))
    harness.emit(
        workload="scenario_page",
        peer="default scenario over one audit date",
        size={"paths": 1000, "years": 12},
        audit_seconds=round(statistics.median(one), 4),
        seconds=round(statistics.median(ours), 4),
        ratio=round(statistics.median(b / a for a, b in zip(one, ours, strict=True)), 3),
        budget=50.0,
    )


@contextmanager
def two_workers() -> Iterator[ClusterAddress]:
    """A scheduler and two workers of one thread each on 127.0.0.1."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "scheduler.json"

        def start(kind: str, *more: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *more, "--no-dashboard"]
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        begun = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(listed))]
        try:
            while not listed.exists():
                time.sleep(0.1)
            address = json.loads(listed.read_text("utf-8"))["address"]
            local = ("--nthreads", "1", "--no-nanny", "--local-directory", folder)
            begun += [start("worker", address, *local) for _ in range(2)]
            yield ClusterAddress(address)
        finally:
            for process in reversed(begun):
                process.kill()
                process.wait()


def cluster() -> None:
    view = ledger.read(demo()).view(DAY)
    few = inputs_of(view, spec(8 * CHUNK))[0]

    def seconds(**more: Any) -> float:
        begun = time.perf_counter()
        run_scenario(**more)
        return time.perf_counter() - begun

    seconds(inputs=few, workers=2)
    small = seconds(inputs=few, workers=2)
    wanted = max(8, int(1.5 * MINUTE * harness.scale() / small * 8)) * CHUNK
    inputs = inputs_of(view, spec(wanted))[0]
    with two_workers() as address:
        seconds(inputs=few, cluster=address)  # kernels of the workers are loaded
        by_threads = seconds(inputs=inputs, workers=2)
        on_cluster = seconds(inputs=inputs, cluster=address)
    harness.emit(
        workload="scenario_cluster",
        peer="two workers over two threads",
        size={"paths": wanted, "funds": inputs.arrays.stocks.shape[1], "quarters": inputs.arrays.steps},
        thread_seconds=round(by_threads, 2),
        seconds=round(on_cluster, 2),
        ratio=round(on_cluster / by_threads, 3),
        budget=1.3,
    )


WORKLOADS = {
    work.__name__: work
    for work in (overhead, memory, paths, funds, companies, loans, judged, rated, page, cluster)
}


def main(*names: str) -> None:
    for name in names or WORKLOADS:
        begun = time.perf_counter()
        WORKLOADS[name]()
        harness.note(f"{name}: {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
