"""The seeded workloads: the same arrays for every library that is timed.

Money is int64 fen (1/100 yuan) where exactness is part of the work and float64 yuan elsewhere.
Days are int32 day numbers since 1970-01-01. A published speed belongs to one of these functions with its
default seed; changing a draw makes it another workload.
"""

from __future__ import annotations

from typing import Any

import numpy as np

DAY0 = 14610
"""2010-01-01 as days since 1970-01-01."""


def xirr_series(n: int = 10_000, seed: int = 1001) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n fund-like series in ragged form: offsets int64[n+1], days int32[m], amounts float64[m].

    Each series has 12 to 80 flows (mean 46) on distinct random days over 4 to 14 years, sorted: calls
    (negative) mostly in the first 5 years, distributions (positive) later, the last flow the closing value.
    Commitments are log-uniform 1e6..1e9 yuan, amounts rounded to the fen, the total multiple log-normal
    (median 1.5, sigma 0.6), so annual rates run about -30 % to +70 %.
    """
    g = np.random.Generator(np.random.PCG64(seed))
    k = g.integers(12, 81, n)
    offsets = np.zeros(n + 1, np.int64)
    np.cumsum(k, out=offsets[1:])
    days = np.empty(offsets[-1], np.int32)
    amounts = np.empty(offsets[-1], np.float64)
    for i in range(n):
        ki = int(k[i])
        span = int(g.integers(4 * 365, 14 * 365))
        start = DAY0 + int(g.integers(0, 2000))
        d = np.sort(g.choice(span, ki, replace=False)).astype(np.int32)
        d += start - d[0]
        t = (d - d[0]) / 365.0
        commitment = 10 ** g.uniform(6, 9)
        p_call = np.clip(1.4 - t / 5.0, 0.05, 1.0)  # only calls in the first two years
        call = g.random(ki) < p_call
        call[0] = True
        call[-1] = False
        w = g.exponential(1.0, ki) + 0.05
        a = np.empty(ki)
        a[call] = -w[call] / w[call].sum() * commitment
        multiple = 1.5 * np.exp(0.6 * g.standard_normal())
        back = w[~call]
        back[-1] += 0.3 * back.sum()  # closing value
        a[~call] = back / back.sum() * commitment * multiple
        a = np.round(a, 2)
        a[a == 0] = 0.01
        days[offsets[i] : offsets[i + 1]] = d
        amounts[offsets[i] : offsets[i + 1]] = a
    return offsets, days, amounts


def quarterly_series(n: int = 10_000, q: int = 61, seed: int = 1002) -> np.ndarray:
    """n simulated fund paths on one quarterly grid: float64[n, q] net cash flows in yuan.

    Calls over 20 quarters, bow-shaped distributions, log-normal growth; the last column holds the closing
    value.
    """
    g = np.random.Generator(np.random.SFC64(seed))
    calls = np.zeros((n, q))
    back = np.zeros((n, q))
    nav = np.zeros(n)
    unfunded = np.ones(n)
    for j in range(q):
        rate = 0.09 if j < 20 else 0.0
        c = unfunded * rate * np.exp(0.4 * g.standard_normal(n) - 0.08)
        c = np.minimum(c, unfunded)
        unfunded = unfunded - c
        nav = nav * np.exp(0.03 + 0.10 * g.standard_normal(n))
        share = min(1.0, (j / (q - 1)) ** 2.5)
        d = nav * share if j < q - 1 else nav
        nav = nav - d + c
        calls[:, j] = c
        back[:, j] = d
    out = (back - calls) * 1e8
    out[:, -1] += nav * 1e8
    return np.round(out, 2)


def projection_params(funds: int = 200, quarters: int = 60, seed: int = 2001) -> dict[str, np.ndarray]:
    """A Takahashi-Alexander book with stochastic growth and pacing.

    Per fund: commitment, opening unfunded, opening value, age at the start in quarters (negative: a future
    commitment), life L in quarters, bow B, quarterly yield Y, call rates by age (three steps), drift and
    volatility of quarterly log growth, market beta, volatility of pacing.

    One fund-quarter with age a = age0 + t (t from 0), draws z (growth), w (pacing) and the market draw m:
        if a < 0 or a > L: nothing happens (after L the value is 0 because the rate at L is 1)
        g    = exp(mu + beta*m + sig*z)
        call = min(unfunded, unfunded * rc[a] * exp(sp*w - sp*sp/2)) for a < L, else 0
        rd   = 1 if a == L else min(1, max(Y, (a/L)**B) * exp(-(sp*w) - sp*sp/2))   # slow calls, slow exits
        pre  = nav*g ; dist = pre*rd ; nav = pre - dist + call ; unfunded -= call
    Wanted: per path and quarter the portfolio totals of call, dist, nav, unfunded, and per path and fund
    total called, total distributed, closing value.
    """
    g = np.random.Generator(np.random.PCG64(seed))
    p = {
        "commitment": np.round(10 ** g.uniform(7, 9, funds), 2),
        "age0": g.integers(-12, 40, funds).astype(np.int32),
        "life": g.integers(40, 60, funds).astype(np.int32),
        "bow": g.uniform(1.2, 3.5, funds),
        "yld": np.where(g.random(funds) < 0.3, 0.01, 0.0),
        "mu": g.uniform(0.015, 0.04, funds),
        "sig": g.uniform(0.06, 0.16, funds),
        "beta": g.uniform(0.05, 0.12, funds),
        "sp": g.uniform(0.2, 0.5, funds),
        "rc1": g.uniform(0.04, 0.10, funds),
        "rc2": g.uniform(0.06, 0.14, funds),
        "rc3": g.uniform(0.02, 0.08, funds),
    }
    left = np.clip(1 - np.clip(p["age0"], 0, None) / 20.0, 0.05, 1.0)
    p["unfunded0"] = p["commitment"] * np.where(p["age0"] < 0, 1.0, left)
    p["nav0"] = np.where(p["age0"] < 0, 0.0, (p["commitment"] - p["unfunded0"]) * 1.2)
    age = p["age0"][:, None] + np.arange(quarters)[None, :]
    life = p["life"][:, None]
    rc = np.where(age < 4, p["rc1"][:, None], np.where(age < 12, p["rc2"][:, None], p["rc3"][:, None]))
    p["rc"] = np.where((age >= 0) & (age < life), rc, 0.0)  # [funds, quarters]
    rd = np.maximum(p["yld"][:, None], (np.clip(age, 0, None) / life) ** p["bow"][:, None])
    p["rd"] = np.where(age < 0, 0.0, np.where(age >= life, 1.0, np.minimum(rd, 1.0)))
    p["live"] = (age >= 0) & (age <= life)
    return p


def company_params(
    funds: int = 200, companies: int = 25, quarters: int = 60, seed: int = 2003
) -> dict[str, np.ndarray]:
    """Companies seen through the projection: `companies` in each of `funds` funds.

    Per path and company: an exit quarter from one of 8 timing tables (1,024 equally likely entries); failure
    with probability pfail (then a multiple uniform in 0..0.2), else multiple = exp(mu + sig*z + beta*M[exit])
    with M the path's market level (running sum of standard normals over sqrt(quarters)); proceeds =
    cost*multiple at the exit quarter. Wanted: proceeds per path and quarter, and per path and fund.
    """
    g = np.random.Generator(np.random.PCG64(seed))
    n = funds * companies
    tables = np.empty((8, 1024), np.uint8)
    for c in range(8):
        pr = np.exp(-0.5 * ((np.arange(quarters) - (10 + 4 * c)) / 8.0) ** 2) + 0.002
        cdf = np.cumsum(pr / pr.sum())
        tables[c] = np.searchsorted(cdf, (np.arange(1024) + 0.5) / 1024).clip(0, quarters - 1)
    return {
        "cls": g.integers(0, 8, n).astype(np.int32),
        "cost": 10 ** g.uniform(6, 8, n),
        "pfail": g.uniform(0.3, 0.6, n),
        "mu": g.uniform(0.3, 0.9, n),
        "sig": g.uniform(0.6, 1.2, n),
        "beta": g.uniform(0.3, 0.8, n),
        "fund": np.repeat(np.arange(funds), companies),
        "tab": tables,
    }


def fund_book(funds: int = 2_000, asofs: int = 60, seed: int = 3001) -> dict[str, Any]:
    """Flows of `funds` funds (ragged: off, days, fen int64, negative = paid in), quarterly value marks
    nav int64[funds, asofs], a daily index from day index_day0, and `asofs` quarter ends asof int32[asofs]."""
    g = np.random.Generator(np.random.PCG64(seed))
    off, days, amounts = xirr_series(funds, seed=seed + 1)
    fen = np.round(amounts * 100).astype(np.int64)
    q = np.array([DAY0 + round(91.3125 * (i + 1)) for i in range(asofs)], np.int32)
    nd = int(q[-1]) - DAY0 + 6000
    index = 1000.0 * np.exp(np.cumsum(g.normal(0.08 / 365, 0.01, nd)))
    nav = np.empty((funds, asofs), np.int64)
    for f in range(funds):
        own = fen[off[f] : off[f + 1]]
        k = np.searchsorted(days[off[f] : off[f + 1]], q, side="right")
        called = np.cumsum(np.where(own < 0, -own, 0))
        base = np.where(k > 0, called[np.maximum(k - 1, 0)], 0)
        nav[f] = (base * np.clip(1.1 - 0.01 * np.arange(asofs), 0.2, 2)).astype(np.int64)
    return {"off": off, "days": days, "fen": fen, "asof": q, "nav": nav, "index": index, "index_day0": DAY0}


def transactions(
    n: int = 1_000_000, funds: int = 200, lps: int = 50, days: int = 5475, seed: int = 4001
) -> dict[str, np.ndarray]:
    """n capital-account postings: id, day, fund, lp, kind (0 contribution, 1 distribution, 2 fee, 3 gain),
    fen (int64, signed). Days increase with id as in a real journal (ties allowed)."""
    g = np.random.Generator(np.random.PCG64(seed))
    day = np.sort(g.integers(0, days, n)).astype(np.int32) + DAY0
    fund = g.integers(0, funds, n).astype(np.int32)
    lp = g.integers(0, lps, n).astype(np.int32)
    kind = g.choice(4, n, p=[0.45, 0.35, 0.10, 0.10]).astype(np.int32)
    size = np.round(10 ** g.uniform(4, 9, n)).astype(np.int64)
    sign = np.where(kind == 1, -1, np.where(kind == 2, -1, 1))
    sign = np.where((kind == 3) & (g.random(n) < 0.4), -1, sign)
    ids = np.arange(1, n + 1, dtype=np.int64)
    return {"id": ids, "day": day, "fund": fund, "lp": lp, "kind": kind, "fen": size * sign}


def loan_pool(loans: int = 10_000, seed: int = 5001) -> dict[str, Any]:
    """Guaranteed small-enterprise loans: ead (fen), one-year pd (0.3 % to 6 %, 40 grades), lgd, bank (of 20).

    rho is one number. The pool pays share*loss of each bank until the payout reaches breaker (3 %) of that
    bank's guaranteed book."""
    g = np.random.Generator(np.random.PCG64(seed))
    grade = np.sort(g.integers(0, 40, loans)).astype(np.int32)
    pd_grade = np.exp(np.linspace(np.log(0.003), np.log(0.06), 40))
    ead = np.round(10 ** g.uniform(7, 9.3, loans)).astype(np.int64)
    lgd = np.round(g.uniform(0.2, 0.7, loans), 4)
    bank = g.integers(0, 20, loans).astype(np.int32)
    return {
        "grade": grade,
        "pd": pd_grade[grade],
        "pd_grade": pd_grade,
        "ead": ead,
        "lgd": lgd,
        "bank": bank,
        "rho": 0.12,
        "share": 0.4,
        "breaker": 0.03,
    }


def waterfall_book(lps: int = 5_000, events: int = 100, seed: int = 6001) -> dict[str, np.ndarray]:
    """Commitments of `lps` partners (commit, fen) and `events` amounts to distribute (cash, fen; day), in order.

    Exact work of an event: return of capital pro rata to unreturned contributions, preferred return 8 % a
    year simple on unreturned capital (act/365, accrued per partner, floor to the fen), full catch-up to 20 %
    carry, then 80/20; every split among partners by largest remainder, so parts sum to the total to the fen.
    """
    g = np.random.Generator(np.random.PCG64(seed))
    commit = np.round(10 ** g.uniform(8, 11, lps)).astype(np.int64)
    total = int(commit.sum())
    cash = np.round(g.uniform(0.002, 0.03, events) * total).astype(np.int64)
    day = DAY0 + np.sort(g.choice(3650, events, replace=False)).astype(np.int64)
    return {"commit": commit, "cash": cash, "day": day}
