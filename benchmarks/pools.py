"""A guarantee pool of 10,000 loans with a cap for each of 20 banks: paths of its yearly payout.

The peers are the usual numpy ways (scipy for the normal law): latent variables, and a uniform number for every loan
against its conditional default probability; their matrix products use every core that BLAS finds. Ours is one
thread. Beside the times: the law (two-sample Kolmogorov–Smirnov against the conditional way) and how much quieter
the mean becomes by slicing the factor.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks import harness, workloads
from valuation.creditrisk import creditrisk_plus
from valuation.pools import simulate_pool

LOANS = 10_000
BANKS = 20


def main() -> None:
    pool = workloads.loan_pool(LOANS)
    paths = max(200, int(2_000 * harness.scale()))
    speed(pool, paths)
    law(pool, paths)
    variance(pool, paths)
    closed_form(pool)


def payouts(pool: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """What the pool pays for each loan in default, and the cap of each bank, in fen."""
    caps = np.bincount(pool["bank"], pool["ead"].astype(float), BANKS) * pool["share"] * pool["breaker"]
    return pool["ead"] * pool["lgd"] * pool["share"], caps


def ours(pool: dict[str, Any], paths: int, seed: int, stratified: bool = True) -> np.ndarray:
    loss, caps = payouts(pool)
    return simulate_pool(
        pool["pd"], loss, pool["rho"], paths, seed, group=pool["bank"], cap=caps, stratified=stratified
    ).paid


def latent(pool: dict[str, Any], paths: int, seed: int, dtype: Any = np.float64) -> np.ndarray:
    from scipy.special import ndtri

    g = np.random.Generator(np.random.SFC64(seed))
    by_bank, caps = one_hot(pool, dtype)
    threshold = ndtri(pool["pd"]).astype(dtype)
    common, own = dtype(math.sqrt(pool["rho"])), dtype(math.sqrt(1 - pool["rho"]))
    out = np.empty(paths)
    for i in range(0, paths, 100):
        k = min(100, paths - i)
        y = common * g.standard_normal((k, 1), dtype=dtype) + own * g.standard_normal((k, LOANS), dtype=dtype)
        out[i : i + k] = np.minimum((y < threshold).astype(dtype) @ by_bank, caps).sum(1)
    return out


def conditional(pool: dict[str, Any], paths: int, seed: int, dtype: Any = np.float64) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    g = np.random.Generator(np.random.SFC64(seed))
    by_bank, caps = one_hot(pool, dtype)
    threshold = ndtri(pool["pd_grade"])
    out = np.empty(paths)
    for i in range(0, paths, 100):
        k = min(100, paths - i)
        z = g.standard_normal((k, 1))
        rate = ndtr((threshold - math.sqrt(pool["rho"]) * z) / math.sqrt(1 - pool["rho"]))
        lost = g.random((k, LOANS), dtype=dtype) < rate.astype(dtype)[:, pool["grade"]]
        out[i : i + k] = np.minimum(lost.astype(dtype) @ by_bank, caps).sum(1)
    return out


def one_hot(pool: dict[str, Any], dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    loss, caps = payouts(pool)
    by_bank = np.zeros((LOANS, BANKS), dtype)
    by_bank[np.arange(LOANS), pool["bank"]] = loss
    return by_bank, caps


def speed(pool: dict[str, Any], paths: int) -> None:
    few = paths // 5
    harness.run(
        "pool",
        {
            "numpy conditional float32": lambda: conditional(pool, paths, 1, np.float32),
            "numpy conditional float64": (lambda: conditional(pool, few, 1), few * LOANS),
            "numpy latent normals float64": (lambda: latent(pool, few, 1), few * LOANS),
            "fof simulate_pool": lambda: ours(pool, paths, 1),
            "fof simulate_pool, 10,000 paths": (lambda: ours(pool, 10_000, 1), 10_000 * LOANS),
        },
        size={"loans": LOANS, "paths": paths},
        unit="loan-path",
        n=LOANS * paths,
        vers=("numpy", "numba", "scipy"),
        check=lambda _, paid: {"mean": float(paid.mean()), "q99": float(np.quantile(paid, 0.99))},
    )


def law(pool: dict[str, Any], paths: int) -> None:
    """Are both ways draws from one law? The distance at its 1 % point is 1.63."""
    theirs, free = conditional(pool, 2 * paths, 101), ours(pool, 2 * paths, 102, stratified=False)
    harness.emit(
        workload="pool_law",
        peer="free paths against numpy conditional float64",
        size={"loans": LOANS, "paths": 2 * paths},
        ks_distance=round(ks(theirs, free), 3),
        one_percent_point=1.63,
    )


def ks(a: np.ndarray, b: np.ndarray) -> float:
    both = np.sort(np.concatenate([a, b]))
    below = [np.searchsorted(np.sort(x), both, "right") / x.size for x in (a, b)]
    return float(np.abs(below[0] - below[1]).max() * math.sqrt(a.size * b.size / (a.size + b.size)))


def variance(pool: dict[str, Any], paths: int) -> None:
    """Forty runs each: the mean and the 99 % quantile with a sliced factor against a free one."""
    runs = {flag: [ours(pool, paths, seed, flag) for seed in range(40)] for flag in (True, False)}
    figures = {"mean": np.mean, "q99": lambda x: np.quantile(x, 0.99)}
    spread = {
        k: {f: float(np.var([of(r) for r in runs[f]], ddof=1)) for f in runs} for k, of in figures.items()
    }
    harness.emit(
        workload="pool_variance",
        peer="sliced factor against free",
        size={"loans": LOANS, "paths": paths, "runs": 40},
        **{f"variance_of_{k}_smaller_by": round(v[False] / v[True], 1) for k, v in spread.items()},
    )


def closed_form(pool: dict[str, Any]) -> None:
    """CreditRisk+ of the same loans, as a yardstick of its own: the whole distribution without a path."""
    loss, _ = payouts(pool)
    weights, unit = np.eye(BANKS)[pool["bank"]], loss.max() / 20
    harness.run(
        "creditrisk_plus",
        {
            "fof, one sector": lambda: creditrisk_plus(loss, pool["pd"], pool["pd"], np.ones(LOANS), unit),
            "fof, 20 sectors": lambda: creditrisk_plus(loss, pool["pd"], pool["pd"], weights, unit),
        },
        size={"loans": LOANS},
        unit="distribution",
        n=1,
        vers=("numpy",),
        check=lambda _, d: {"mean": d.mean, "q99": d.quantile(0.99), "points": d.probabilities.size},
    )


if __name__ == "__main__":
    main()
