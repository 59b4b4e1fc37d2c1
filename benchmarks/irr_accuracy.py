"""XIRR accuracy on 606 hard series, against every real root found at 50 digits.

Families (seeded; 30 series each, 6 of the long one): plain fund series; the same in tiny and huge units; very
high and very low rates; near-total loss; two roots, three roots, no root, a double root; unsorted dates; two
flows on one day; spans of days; 1,500 flows; the borrower's sign; a sum of exactly zero; leading zero flows;
alternating signs; every flow on one day; one sign.

`score(solver)` counts, for each family:
  ok        finite and within 1e-9*(1+|r|) of a true root
  loose     within 1e-6*(1+|r|) but not 1e-9
  wrong     finite, and no true root that near: a wrong number shown to a user
  missed    no answer although a root exists
  invented  a finite answer although no root exists
  none_ok   no answer, rightly
  raised    an exception
  not_nearest  of the ok ones: another true root lies nearer to zero (convention, not an error)

Our own solver is scored by three questions: the root it would name (the one nearest to zero where there are
several, which the product itself never chooses silently), the whole list of its roots, and `irr_many` on all
606 series in one call, which is the very code that `benchmarks.irr` times.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import mpmath as mp
import numpy as np
import numpy_financial as npf
import pyxirr
from scipy import optimize

from benchmarks.harness import emit, versions
from benchmarks.workloads import DAY0
from valuation import returns

SERIES = 30
Flows = tuple[np.ndarray, np.ndarray]
Solver = Callable[[np.ndarray, np.ndarray], float | None]
Counts = dict[str, float]


def fund(g: np.random.Generator, k: int | None = None, span: int | None = None) -> Flows:
    k = k or int(g.integers(12, 60))
    span = span or int(g.integers(1500, 5000))
    d = np.sort(g.choice(span, k, replace=False))
    d -= d[0]
    call = (d / d[-1]) < 0.4
    w = g.exponential(1, k) + 0.05
    back = w / w[~call].sum() * g.uniform(0.6, 3.0)
    a = np.where(call, -w / w[call].sum(), back) * 10 ** g.uniform(6, 9)
    return d, np.round(a, 2)


def from_roots(*rates: float) -> Flows:
    """Yearly flows whose rates are these but for rounding: a polynomial in x = 1/(1+r)."""
    c = np.poly1d([1e6])
    for x in [1 / (1 + r) for r in rates]:
        c = c * np.poly1d([-1.0 / x, 1.0])
    flows = -c.coeffs[::-1]
    return np.arange(flows.size) * 365, flows


def families() -> dict[str, list[Flows]]:
    g = np.random.Generator(np.random.PCG64(1003))
    u = g.uniform
    base = [fund(g) for _ in range(SERIES)]
    every = range(SERIES)
    out: dict[str, list[Flows]] = {"plain": base}
    out["tiny_units_1e-12"] = [(d, a * 1e-12) for d, a in base]
    out["huge_units_1e+7"] = [(d, a * 1e7) for d, a in base]
    out["rate_above_1000pct"] = [
        (
            np.array([0, 20, 60, int(g.integers(90, 200))]),
            np.array([-100.0, -20.0, 5.0, float(10 ** u(3.0, 5))]),
        )
        for _ in every
    ]
    out["near_total_loss"] = [
        (np.arange(12) * 365, np.r_[-np.ones(4) * 1e6, np.zeros(7), 10 ** u(-2, 3)]) for _ in every
    ]
    out["loss_within_a_year"] = [
        (np.array([0, 60, 200, 300]), np.array([-1e6, -1e5, 10.0, float(10 ** u(2, 5))])) for _ in every
    ]
    out["two_roots"] = [from_roots(u(-0.3, 0.1), u(0.2, 0.9)) for _ in every]
    out["three_roots"] = [from_roots(u(-0.3, 0), u(0.05, 0.3), u(0.5, 2)) for _ in every]
    out["clawback_at_end"] = [_clawed_back(g, *fund(g)) for _ in every]
    out["no_root"] = [
        (np.array([0, 365, 730]), np.array([-100.0, 150.0, -60.0]) * 10 ** u(0, 6)) for _ in every
    ]
    out["double_root"] = [from_roots(r, r) for r in u(-0.2, 0.5, SERIES)]
    out["unsorted_dates"] = [(d[p], a[p]) for d, a in base for p in [g.permutation(d.size)]]
    out["same_day_in_and_out"] = [
        (np.r_[d, d], np.r_[a, np.where(np.arange(d.size) % 3 == 0, -a * 0.5, 0.0)]) for d, a in base
    ]
    out["span_of_days"] = [
        (np.array([0, 1, int(g.integers(2, 20))]), np.array([-1e6, -5e5, 1.5e6 * u(0.9, 1.12)]))
        for _ in every
    ]
    out["1500_daily_flows"] = [fund(g, 1500, 4000) for _ in range(6)]
    out["borrower"] = [(d, -a) for d, a in base]
    out["sum_exactly_zero"] = [(d, _summing_to_zero(a)) for d, a in base]
    out["leading_zero_flows"] = [(np.r_[-400, -300, -200, d], np.r_[0.0, 0.0, 0.0, a]) for d, a in base]
    swing = np.where(np.arange(24) % 2, 1, -1)
    out["alternating_signs"] = [
        (np.arange(24) * 91, np.round(g.normal(0, 1e6, 24), 2) * swing) for _ in every
    ]
    out["all_on_one_day"] = [
        (np.zeros(2 + i % 3, np.int64), np.r_[-1e6, 1.2e6, 5e5, -1e5][: 2 + i % 3]) for i in every
    ]
    out["one_sign"] = [(d, np.abs(a)) for d, a in base]
    return out


def _clawed_back(g: np.random.Generator, d: np.ndarray, a: np.ndarray) -> Flows:
    a[-1] = -abs(a[a > 0].sum()) * g.uniform(0.05, 0.25)
    return d, a


def _summing_to_zero(a: np.ndarray) -> np.ndarray:
    a = np.round(a, 0)
    a[-1] -= a.sum()
    if a[-1] <= 0:
        a[-1] += 1e9
        a[0] -= 1e9
    return a


def true_roots(d: np.ndarray, a: np.ndarray) -> list[float]:
    """All r > -1 with present value 0: sign changes (and near-tangencies) in s = ln(1+r), at 50 digits."""
    days = np.unique(d)
    net = [mp.fsum(mp.mpf(float(x)) for x in np.asarray(a, float)[d == day]) for day in days]
    kept = [(mp.mpf(int(day - days[0])) / 365, x) for day, x in zip(days, net, strict=True) if x != 0]
    if not (any(x > 0 for _, x in kept) and any(x < 0 for _, x in kept)):
        return []
    t, x = [k - kept[0][0] for k, _ in kept], [x for _, x in kept]

    def value(s: mp.mpf) -> mp.mpf:
        return mp.fsum(b * mp.e ** (-s * y) for b, y in zip(x, t, strict=True))

    def slope(s: mp.mpf) -> mp.mpf:
        return mp.fsum(-y * b * mp.e ** (-s * y) for b, y in zip(x, t, strict=True))

    tf, xf = np.array([float(y) for y in t]), np.array([float(b) for b in x])
    limit = max(12.0, 60.0 / tf[-1])
    sizes = np.abs(xf)  # |s| beyond which the first or the last flow outweighs all others
    far = max(np.log(sizes.sum() / sizes[0]) / tf[1], np.log(sizes.sum() / sizes[-1]) / (tf[-1] - tf[-2]))
    beyond = np.geomspace(limit, max(far, 2.0 * limit), 1001)
    inner = np.r_[np.linspace(-limit, limit, 2001), np.linspace(-1.2, 1.2, 2401)]
    grid = np.unique(np.r_[-beyond, inner, beyond])
    exponents = -grid[:, None] * tf[None, :]
    scaled = xf * np.exp(exponents - exponents.max(1, keepdims=True))
    f = scaled.sum(1)
    for i in np.nonzero(np.abs(f) < 1e-12 * np.abs(scaled).sum(1))[0]:
        f[i] = float(mp.sign(value(mp.mpf(float(grid[i])))))
    roots = [mp.mpf(float(s)) for s in grid[f == 0]]
    for i in np.nonzero(f[:-1] * f[1:] < 0)[0]:
        roots.append(_refine(value, slope, mp.mpf(float(grid[i])), mp.mpf(float(grid[i + 1]))))
    size = np.abs(f)
    for i in range(1, grid.size - 1):  # minima of |f| small enough to hide a double root
        lowest = size[i] <= min(size[i - 1], size[i + 1]) and size[i] < 1e-5 * np.abs(xf).max()
        if lowest and f[i - 1] * f[i + 1] > 0 and f[i] * f[i + 1] > 0:
            lo, hi = mp.mpf(float(grid[i - 1])), mp.mpf(float(grid[i + 1]))
            if slope(lo) * slope(hi) < 0:
                s = mp.findroot(slope, (lo, hi), solver="anderson", tol=1e-30, verify=False)
                gross = mp.fsum(abs(b) * mp.e ** (-s * y) for b, y in zip(x, t, strict=True))
                if abs(value(s)) < gross * mp.mpf("1e-14"):
                    roots.append(s)
    return sorted({float(mp.expm1(s)) for s in roots})


def _refine(f: Callable[[mp.mpf], mp.mpf], df: Callable[[mp.mpf], mp.mpf], lo: mp.mpf, hi: mp.mpf) -> mp.mpf:
    """Halving, then Newton kept in the bracket."""
    f_lo = f(lo)
    for _ in range(22):
        middle = (lo + hi) / 2
        if (f(middle) > 0) == (f_lo > 0):
            lo = middle
        else:
            hi = middle
    s = (lo + hi) / 2
    for _ in range(6):
        d = df(s)
        better = s - f(s) / d if d else s
        s = better if lo <= better <= hi else (lo + hi) / 2
    return s


_known: list[tuple[str, list[tuple[np.ndarray, np.ndarray, list[float]]]]] = []


def cases() -> list[tuple[str, list[tuple[np.ndarray, np.ndarray, list[float]]]]]:
    """(family, [(days, amounts, true rates)]), computed once (about a minute)."""
    if not _known:
        mp.mp.dps = 50
        for name, flows in families().items():
            known = [(d + DAY0, np.asarray(a, float), true_roots(d, np.asarray(a, float))) for d, a in flows]
            _known.append((name, known))
    return _known


def score(solver: Solver) -> Iterator[tuple[str, Counts]]:
    """Counts of each family for solver(days int64[k], amounts float64[k]) -> rate, None or nan."""
    keys = ("ok", "loose", "wrong", "missed", "invented", "none_ok", "raised", "not_nearest", "worst_ok")
    for name, known in cases():
        counts: Counts = dict.fromkeys(keys, 0)
        for d, a, roots in known:
            try:
                found = solver(d, a)
            except pyxirr.InvalidPaymentsError:  # the peer's own word for series of one sign
                found = None
            except Exception:
                counts["raised"] += 1
                continue
            _count(counts, found, roots)
        yield name, counts


def _count(counts: Counts, found: float | None, roots: list[float]) -> None:
    if found is None or not np.isfinite(found) or found <= -1:
        counts["missed" if roots else "none_ok"] += 1
    elif not roots:
        counts["invented"] += 1
    else:
        errors = [abs(found - x) / (1 + abs(x)) for x in roots]
        j = int(np.argmin(errors))
        if errors[j] <= 1e-9:
            counts["ok"] += 1
            counts["worst_ok"] = max(counts["worst_ok"], errors[j])
            counts["not_nearest"] += abs(roots[j]) > min(map(abs, roots)) + 1e-9
        else:
            counts["loose" if errors[j] <= 1e-6 else "wrong"] += 1


def npv(r: float, t: np.ndarray, a: np.ndarray) -> float:
    return float((a * (1.0 + r) ** -t).sum())


def by_brentq(d: np.ndarray, a: np.ndarray) -> float | None:
    try:
        return optimize.brentq(npv, -0.9999, 100.0, args=((d - d.min()) / 365.0, a), xtol=1e-14, rtol=1e-14)
    except ValueError:
        return None


def by_newton(d: np.ndarray, a: np.ndarray) -> float | None:
    def slope(r: float, t: np.ndarray, a: np.ndarray) -> float:
        return float((-t * a * (1 + r) ** (-t - 1)).sum())

    try:
        t = (d - d.min()) / 365.0
        return optimize.newton(npv, 0.1, args=(t, a), tol=1e-12, maxiter=200, fprime=slope)
    except RuntimeError:
        return None


def by_numpy_financial(d: np.ndarray, a: np.ndarray) -> float | None:
    """It has no dates: only series on whole years are given to it (others count as missed)."""
    d = d - d.min()
    if (d % 365).any():
        return None
    flows = np.zeros(d.max() // 365 + 1)
    np.add.at(flows, d // 365, a)
    return float(npf.irr(flows))


def nearest_to_zero(d: np.ndarray, a: np.ndarray) -> float | None:
    """Ours, one series: the only root, or of several the one nearest to zero."""
    roots = returns.xirr(a, d).roots
    return min(roots, key=abs) if roots else None


def scaled(factor: float) -> Solver:
    """Ours on amounts times a factor: the answer must not move."""
    return lambda d, a: nearest_to_zero(d, a * factor)


def every_root() -> Counts:
    """Our list of roots against the true list, both as far as float64 holds them: series where both lists agree to 1e-6, and where not."""
    counts: Counts = {"series": 0, "same_list": 0, "root_missing": 0, "root_invented": 0}
    for _name, known in cases():
        for d, a, roots in known:
            found = returns.xirr(a, d).roots
            roots = [r for r in roots if -1.0 < r < np.inf]  # what float64 holds
            missing = any(min((abs(r - x) for x in found), default=9.0) > 1e-6 * (1 + abs(r)) for r in roots)
            extra = any(min((abs(r - x) for x in roots), default=9.0) > 1e-6 * (1 + abs(r)) for r in found)
            counts["series"] += 1
            counts["root_missing"] += missing
            counts["root_invented"] += extra
            counts["same_list"] += not missing and not extra and len(found) == len(roots)
    return counts


def in_bulk() -> Counts:
    """irr_many on all series in one call: the rate where one root exists, nan and the count where not."""
    known = [case for _name, family in cases() for case in family]
    offsets = np.cumsum([0] + [d.size for d, _, _ in known])
    days = np.concatenate([d for d, _, _ in known])
    amounts = np.concatenate([a for _, a, _ in known])
    rates, found = returns.xirr_many(amounts, days, offsets)
    counts: Counts = dict.fromkeys(
        ("ok", "loose", "wrong", "missed", "invented", "none_ok", "not_nearest", "worst_ok"), 0
    )
    counts["several_said"] = 0
    for (_, _, roots), rate, k in zip(known, rates, found, strict=True):
        if k > 1 and len(roots) > 1:
            counts["several_said"] += 1
        else:
            _count(counts, rate, roots)
    return counts


def main() -> None:
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    used = versions(("pyxirr", "scipy", "numpy-financial", "mpmath", "numba"))
    total = sum(len(family) for _, family in cases())
    solvers: dict[str, Solver] = {
        "pyxirr.xirr": lambda d, a: pyxirr.xirr(d.astype("datetime64[D]"), a),
        "scipy brentq(-0.9999,100)": by_brentq,
        "scipy newton(0.1)": by_newton,
        "numpy_financial.irr": by_numpy_financial,
        "ours": nearest_to_zero,
        "ours, amounts x 1e-12": scaled(1e-12),
        "ours, amounts x 1e+12": scaled(1e12),
    }
    size = {"families": len(cases()), "series": total}
    for peer, solver in solvers.items():
        summed: Counts = {}
        for _name, counts in score(solver):
            for key, x in counts.items():
                old = summed.get(key, 0)
                summed[key] = max(old, x) if key == "worst_ok" else old + x
        emit(workload="xirr_accuracy", peer=peer, size=size, **summed, versions=used)
    emit(workload="xirr_accuracy", peer="ours in bulk", size=size, **in_bulk(), versions=used)
    emit(workload="xirr_all_roots", peer="ours", size=size, **every_root(), versions=used)
