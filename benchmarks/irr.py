"""Rates of return in bulk.

xirr_bulk      10,000 irregular series of 12 to 80 flows (mean 46), as int32 days and float64 yuan.
irr_quarterly  10,000 simulated fund paths on one grid of 61 quarters.
irr_asof is in `benchmarks.pme`; the accuracy of the same code is scored in `benchmarks.irr_accuracy`.

Peers: pyxirr (numpy input; lists of dates), loops of scipy brentq and newton, numpy-financial
(companion-matrix roots, equal periods only), scipy newton on the whole matrix, and plain numpy Newton with
bisection on a padded matrix. Slow peers do the first series only. `check` is the number of rates given and
the largest difference to ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy_financial as npf
import pyxirr
from scipy import optimize

from benchmarks.harness import run, scale
from benchmarks.workloads import quarterly_series, xirr_series
from valuation import returns

PEERS = ("pyxirr", "scipy", "numpy-financial", "numpy", "numba")
Check = Callable[[str, Any], dict[str, Any]]


def padded(off: np.ndarray, days: np.ndarray, amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ragged to dense (years, amounts), filled up with zero flows, as a plain numpy user would."""
    k = np.diff(off)
    mask = np.arange(int(k.max()))[None, :] < k[:, None]
    t, a = np.zeros(mask.shape), np.zeros(mask.shape)
    t[mask] = (days - np.repeat(days[off[:-1]], k)) / 365.0
    a[mask] = amounts
    return t, a


def numpy_hybrid(t: np.ndarray, a: np.ndarray, lo: float = -0.999999, hi: float = 100.0) -> np.ndarray:
    """Newton in ln(1+r), bisection whenever it leaves the bracket; the whole matrix each step."""
    n = a.shape[0]
    low, high, s = np.full(n, np.log1p(lo)), np.full(n, np.log1p(hi)), np.full(n, np.log(1.1))
    f_low = (a * np.exp(-low[:, None] * t)).sum(1)
    live, out = np.arange(n), np.full(n, np.nan)
    for _ in range(200):
        tt, aa, ss = t[live], a[live], s[live]
        e = aa * np.exp(-ss[:, None] * tt)
        f, slope = e.sum(1), -(tt * e).sum(1)
        same = np.sign(f) == np.sign(f_low[live])
        low[live] = np.where(same, ss, low[live])
        high[live] = np.where(same, high[live], ss)
        new = ss - f / slope
        inside = (new >= low[live]) & (new <= high[live])
        new = np.where(inside, new, 0.5 * (low[live] + high[live]))
        done = (np.abs(new - ss) < 1e-12) | (f == 0)
        s[live] = new
        out[live[done]] = np.expm1(new[done])
        live = live[~done]
        if live.size == 0:
            break
    return out


def compared_to(ours: np.ndarray) -> Check:
    def check(_: str, result: Any) -> dict[str, Any]:
        rates = result[0] if isinstance(result, tuple) else result
        r = np.asarray([np.nan if x is None else x for x in rates], float)
        off = np.abs(r - ours[: r.size])
        found: dict[str, Any] = {"rates": int(np.isfinite(r).sum()), "of": int(r.size)}
        found["largest_difference"] = float(np.nanmax(off))
        if isinstance(result, tuple):
            found["several_roots"] = int((result[1] > 1).sum())
        return found

    return check


def npv(r: float, t: np.ndarray, a: np.ndarray) -> float:
    return (a * (1.0 + r) ** -t).sum()


def slope(r: float, t: np.ndarray, a: np.ndarray) -> float:
    return (-t * a * (1.0 + r) ** (-t - 1.0)).sum()


def by_brentq(t: np.ndarray, a: np.ndarray) -> float:
    try:
        return optimize.brentq(npv, -0.9999, 100.0, args=(t, a), xtol=1e-12, rtol=1e-12)
    except ValueError:
        return np.nan


def by_newton(t: np.ndarray, a: np.ndarray) -> float:
    try:
        return optimize.newton(npv, 0.1, fprime=slope, args=(t, a), tol=1e-12, maxiter=100)
    except (RuntimeError, FloatingPointError):
        return np.nan


def irregular(n: int) -> None:
    off, days, amounts = xirr_series(n)
    d64 = days.astype("datetime64[D]")
    parts: Sequence[slice] = [slice(off[i], off[i + 1]) for i in range(n)]
    epoch = date(1970, 1, 1)
    as_lists = [([epoch + timedelta(int(x)) for x in days[s]], amounts[s].tolist()) for s in parts]
    as_arrays = [(d64[s], amounts[s]) for s in parts]
    in_years = [((days[s] - days[s][0]) / 365.0, amounts[s]) for s in parts]
    t, a = padded(off, days, amounts)
    few = max(50, n // 10)
    ours, _ = returns.xirr_many(amounts, days, off)
    cases = {
        "pyxirr.xirr numpy datetime64": lambda: [pyxirr.xirr(d, x) for d, x in as_arrays],
        "ours xirr_many": lambda: returns.xirr_many(amounts, days, off),
        "pyxirr.xirr date lists": lambda: [pyxirr.xirr(d, x) for d, x in as_lists],
        "numpy padded newton+bisection": lambda: numpy_hybrid(t, a),
        "scipy brentq loop": (lambda: [by_brentq(y, x) for y, x in in_years[:few]], few),
        "scipy newton loop": (lambda: [by_newton(y, x) for y, x in in_years[:few]], few),
    }
    size = {"series": n, "flows": int(off[-1])}
    run("xirr_bulk", cases, size=size, unit="series", n=n, vers=PEERS, check=compared_to(ours))


def on_one_grid(n: int) -> None:
    q = quarterly_series(n)
    j = np.arange(q.shape[1], dtype=float)
    rows = list(q)
    few = max(20, n // 50)
    ours, _ = returns.irr_paths(q)

    def whole_matrix() -> np.ndarray:
        def f(r: np.ndarray) -> np.ndarray:
            return (q * (1.0 + r[:, None]) ** -j).sum(1)

        def df(r: np.ndarray) -> np.ndarray:
            return (-j * q * (1.0 + r[:, None]) ** (-j - 1)).sum(1)

        return optimize.newton(f, np.full(n, 0.02), fprime=df, tol=1e-12, maxiter=60)

    every = np.broadcast_to(j, q.shape)
    cases = {
        "pyxirr.irr numpy rows": lambda: [pyxirr.irr(r) for r in rows],
        "ours irr_paths": lambda: returns.irr_paths(q),
        "numpy newton+bisection": lambda: numpy_hybrid(every, q, lo=-0.95),
        "scipy newton on the matrix": whole_matrix,
        "numpy_financial.irr loop": (lambda: [npf.irr(r) for r in rows[:few]], few),
    }
    size = {"series": n, "periods": int(q.shape[1])}
    run("irr_quarterly", cases, size=size, unit="series", n=n, vers=PEERS, check=compared_to(ours))


def main() -> None:
    n = max(200, int(10_000 * scale()))
    with np.errstate(all="ignore"):
        irregular(n)
        on_one_grid(n)
