"""Deterministic pacing of many funds, 60 quarters: a Python loop fund by fund, numpy quarter by quarter, ours.

Two workloads. `pacing_given_rates` rolls stocks forward by call and distribution rates that are ready (the same
recursion for everybody). `pacing_from_actual` starts from value, unfunded, age and the model's parameters, so the
yearly rates have to be spread over the quarters as well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks import harness, workloads
from valuation.pacing import PacingModel, StepRates, project, roll

QUARTERS = 60
LOOPED = 500
"""Funds that the Python loops do; their speed is per fund."""


def main() -> None:
    for funds in (200, max(200, int(5_000 * harness.scale()))):
        given_rates(funds)
        from_actual(funds)


def given_rates(funds: int) -> None:
    p = workloads.projection_params(funds, QUARTERS, seed=2002)
    growth = np.exp(p["mu"])
    rates = StepRates(
        p["rc"], p["rd"], np.repeat(growth[:, None], QUARTERS, axis=1), np.arange(1.0, QUARTERS + 1) / 4
    )
    few = min(LOOPED, funds)
    harness.run(
        "pacing_given_rates",
        {
            "Python loop over arrays": (lambda: loop_over_arrays(p, growth, few), few),
            "Python loop over lists": (lambda: loop_over_lists(p, growth, few), few),
            "numpy, all funds a quarter": lambda: by_quarter(p, growth),
            "fof roll": lambda: roll(p["nav0"], p["unfunded0"], rates),
        },
        size={"funds": funds, "quarters": QUARTERS},
        unit="fund",
        n=funds,
        vers=("numpy", "numba"),
        check=lambda _, result: total(result, few),
    )


def from_actual(funds: int) -> None:
    p = workloads.projection_params(funds, QUARTERS, seed=2002)
    table = np.stack([p["rc1"], p["rc2"], p["rc3"]], axis=1) * 4
    model = PacingModel(table, p["life"] / 4, p["bow"], np.exp(4 * p["mu"]) - 1, p["yld"])
    age = p["age0"] / 4
    few = min(LOOPED, funds)
    harness.run(
        "pacing_from_actual",
        {
            "Python loop over arrays": (lambda: loop_from_actual(p, age, table, model, few, False), few),
            "Python loop over lists": (lambda: loop_from_actual(p, age, table, model, few, True), few),
            "fof project": lambda: project(p["nav0"], p["unfunded0"], age, model, steps=QUARTERS, per_year=4),
        },
        size={"funds": funds, "quarters": QUARTERS},
        unit="fund",
        n=funds,
        vers=("numpy", "numba"),
        check=lambda _, result: total(result, few),
    )


def loop_over_arrays(
    p: dict[str, np.ndarray], growth: np.ndarray, funds: int
) -> list[list[tuple[float, ...]]]:
    """Fund by fund, quarter by quarter, indexing the arrays as scripts do."""
    rc, rd, live = p["rc"], p["rd"], p["live"]
    out = []
    for i in range(funds):
        unfunded, nav = float(p["unfunded0"][i]), float(p["nav0"][i])
        rows = []
        for t in range(QUARTERS):
            if live[i, t]:
                call = unfunded * rc[i, t]
                grown = nav * growth[i]
                paid = grown * rd[i, t]
                nav = grown - paid + call
                unfunded -= call
                rows.append((t, call, paid, nav, unfunded))
        out.append(rows)
    return out


def loop_over_lists(
    p: dict[str, np.ndarray], growth: np.ndarray, funds: int
) -> list[list[tuple[float, ...]]]:
    """The same loop on Python floats, which is the fastest it gets."""
    few = {k: p[k][:funds].tolist() for k in ("rc", "rd", "live", "unfunded0", "nav0")}
    factors = growth[:funds].tolist()
    out = []
    for rc, rd, live, unfunded, nav, factor in zip(*few.values(), factors, strict=True):
        rows = []
        for t in range(QUARTERS):
            if live[t]:
                call = unfunded * rc[t]
                grown = nav * factor
                paid = grown * rd[t]
                nav = grown - paid + call
                unfunded -= call
                rows.append((t, call, paid, nav, unfunded))
        out.append(rows)
    return out


def by_quarter(p: dict[str, np.ndarray], growth: np.ndarray) -> np.ndarray:
    unfunded, nav = p["unfunded0"].copy(), p["nav0"].copy()
    out = np.empty((4, QUARTERS, nav.size))
    for t in range(QUARTERS):
        call = unfunded * p["rc"][:, t]
        grown = np.where(p["live"][:, t], nav * growth, nav)
        paid = grown * p["rd"][:, t]
        nav = grown - paid + call
        unfunded = unfunded - call
        out[0, t], out[1, t], out[2, t], out[3, t] = call, paid, nav, unfunded
    return out


def loop_from_actual(
    p: dict[str, np.ndarray], age: np.ndarray, table: np.ndarray, model: PacingModel, funds: int, lists: bool
) -> list[list[tuple[float, ...]]]:
    """Yearly rates spread over quarters, fund by fund; every quarter lies within one fund year here."""
    columns = (age, model.life, model.bow, model.growth, model.yield_rate, table, p["nav0"], p["unfunded0"])
    out = []
    ready = [np.asarray(c)[:funds].tolist() if lists else np.asarray(c)[:funds] for c in columns]
    for begun, life, bow, growth, floor, rates, nav, unfunded in zip(*ready, strict=True):
        rows = []
        factor, last = (1 + growth) ** 0.25, math.ceil(life) - 1
        for t in range(QUARTERS):
            here = begun + t / 4
            year = math.floor(here)
            if year < 0 or year >= max(life, last):
                continue
            gone = here - year
            rc = rates[min(year, 2)] if year < last else 0.0
            rd = 1.0 if year + 1 >= life else min(1.0, max(floor, ((year + 1) / life) ** bow))
            call = unfunded * rc * 0.25 / (1 - rc * gone)
            grown = nav * factor
            paid = grown * rd * 0.25 / (1 - rd * gone)
            nav = grown - paid + call
            unfunded -= call
            rows.append((t, call, paid, nav, unfunded))
        out.append(rows)
    return out


def total(result: Any, funds: int) -> dict[str, float]:
    """Calls and distributions of the funds that everybody did: the same numbers, or it is not the same work."""
    if isinstance(result, list):
        calls, paid = (sum(row[k] for rows in result[:funds] for row in rows) for k in (1, 2))
    elif isinstance(result, np.ndarray):
        calls, paid = result[0, :, :funds].sum(), result[1, :, :funds].sum()
    else:
        calls, paid = result.calls[:funds].sum(), result.distributions[:funds].sum()
    return {"calls": float(calls), "distributions": float(paid)}


if __name__ == "__main__":
    main()
