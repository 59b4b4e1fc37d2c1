"""Multiples, Kaplan-Schoar ratio and rate of 2,000 funds at 60 quarter ends.

fund_metrics  TVPI, DPI, RVPI and KS-PME together, for every (fund, as-of) pair with at least one flow. The
              first peer does the KS-PME alone, on arrays cut and joined beforehand; the others the multiples
alone. irr_asof      the rate with the value as last flow, for every pair. The first peer gets ready arrays.

One unit is one (fund, as-of) pair. Slow peers do the first pairs only. `check` is the largest difference to
the first peer on the pairs both did, and for rates how many were given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyxirr

from benchmarks.harness import run, scale
from benchmarks.workloads import fund_book
from valuation import sweep

PEERS = ("pyxirr", "pandas", "polars", "duckdb", "numpy", "numba")
FEW = 3_000
Book = dict[str, Any]
Pairs = list[tuple[int, int]]


def counts(book: Book) -> np.ndarray:
    """Flows of each fund up to each date."""
    off, days, asof = book["off"], book["days"], book["asof"]
    return np.array(
        [np.searchsorted(days[off[f] : off[f + 1]], asof, side="right") for f in range(off.size - 1)]
    )


def group_bys(book: Book) -> dict[str, Callable[[], int]]:
    """Multiples of the whole book at all dates, the ways a table library offers."""
    off, days, fen, asof, nav = (book[k] for k in ("off", "days", "fen", "asof", "nav"))
    fund = np.repeat(np.arange(off.size - 1, dtype=np.int32), np.diff(off))
    frame = pd.DataFrame({"fund": fund, "day": days, "fen": fen})
    polar = pl.DataFrame({"fund": fund, "day": days, "fen": fen})
    duck = duckdb.connect()
    duck.register("frame", frame)
    duck.execute("create table flow as select * from frame")
    duck.register("dates", pd.DataFrame({"day": asof}))
    duck.execute("create table asof_date as select * from dates")

    def pandas_loop() -> int:
        done = 0
        for j, day in enumerate(asof):
            known = frame[frame.day <= day]
            sums = (
                known.assign(paid=-known.fen.clip(upper=0), back=known.fen.clip(lower=0))
                .groupby("fund")[["paid", "back"]]
                .sum()
            )
            v, p, b = nav[sums.index, j], sums.paid.to_numpy(), sums.back.to_numpy()
            _ = (b + v) / p, b / p, v / p
            done += len(sums)
        return done

    def polars_loop() -> int:
        done = 0
        for j, day in enumerate(asof):
            paid, back = -pl.col("fen").clip(upper_bound=0).sum(), pl.col("fen").clip(lower_bound=0).sum()
            lazy = polar.lazy().filter(pl.col("day") <= int(day))
            sums = lazy.group_by("fund").agg(paid=paid, back=back).collect()
            v, p, b = nav[sums["fund"].to_numpy(), j], sums["paid"].to_numpy(), sums["back"].to_numpy()
            _ = (b + v) / p, b / p, v / p
            done += sums.height
        return done

    def duck_join() -> int:
        sums = duck.execute(
            """select a.day, f.fund, sum(case when f.fen < 0 then -f.fen else 0 end) paid,
               sum(case when f.fen > 0 then f.fen else 0 end) back
               from asof_date a join flow f on f.day <= a.day group by 1, 2"""
        ).fetchnumpy()
        return len(sums["fund"])

    return {
        "pandas group-by per date (multiples)": pandas_loop,
        "polars group-by per date (multiples)": polars_loop,
        "duckdb one join (sums)": duck_join,
    }


def metrics(book: Book, cnt: np.ndarray, pairs: Pairs) -> None:
    off, days, fen, asof, nav = (book[k] for k in ("off", "days", "fen", "asof", "nav"))
    index, day0 = book["index"], book["index_day0"]
    index_days = np.arange(day0, day0 + index.size, dtype=np.int32)
    amounts, few = fen / 100.0, pairs[:FEW]
    ready = []
    for f, j in few:
        s = slice(off[f], off[f] + cnt[f, j])
        levels = np.r_[index[days[s] - day0], index[asof[j] - day0]]
        ready.append((np.r_[amounts[s], 0.0], levels, nav[f, j] / 100))

    def numpy_sums() -> np.ndarray:
        out = []
        for f, j in pairs:
            s = slice(off[f], off[f] + cnt[f, j])
            a = amounts[s] / index[days[s] - day0]
            now = index[asof[j] - day0]
            out.append((a[a > 0].sum() * now + nav[f, j] / 100) / (-a[a < 0].sum() * now))
        return np.array(out)

    def numpy_cumulative() -> int:
        for f in range(off.size - 1):
            x = fen[off[f] : off[f + 1]]
            paid = np.r_[0, np.cumsum(np.where(x < 0, -x, 0))][cnt[f]]
            back = np.r_[0, np.cumsum(np.where(x > 0, x, 0))][cnt[f]]
            some = cnt[f] > 0
            p, b, v = paid[some], back[some], nav[f][some]
            _ = (b + v) / p, b / p, v / p
        return len(pairs)

    def ours() -> sweep.Multiples:
        return sweep.multiples_as_of(fen, days, off, nav, asof, index, index_days)

    rows, columns = np.array(pairs).T
    reference = np.array([pyxirr.pe.ks_pme(*x) for x in ready])

    def check(name: str, result: Any) -> Any:
        if isinstance(result, sweep.Multiples):
            result = result.ks_pme[rows, columns]
        if isinstance(result, list | np.ndarray):
            return {"largest_difference": float(np.abs(np.asarray(result)[: len(few)] - reference).max())}
        return {"pairs": result}

    def pyxirr_multiples() -> int:
        for a, _, v in ready:
            pyxirr.pe.tvpi(a, v)
            pyxirr.pe.dpi(a)
            pyxirr.pe.rvpi(a, v)
        return len(few)

    cases: dict[str, Any] = {
        "pyxirr.pe.ks_pme, arrays ready": (lambda: [pyxirr.pe.ks_pme(*x) for x in ready], len(few)),
        "ours multiples_as_of (all four)": ours,
        "pyxirr.pe tvpi, dpi, rvpi": (pyxirr_multiples, len(few)),
        "numpy per pair (KS-PME)": numpy_sums,
        "numpy cumsum per fund (multiples)": numpy_cumulative,
        **group_bys(book),
    }
    size = {"funds": off.size - 1, "asofs": asof.size, "pairs": len(pairs)}
    run("fund_metrics", cases, size=size, unit="pair", n=len(pairs), vers=PEERS, check=check)


def rates(book: Book, cnt: np.ndarray, pairs: Pairs) -> None:
    off, days, fen, asof, nav = (book[k] for k in ("off", "days", "fen", "asof", "nav"))
    amounts = fen / 100.0
    d64, a64 = days.astype("datetime64[D]"), asof.astype("datetime64[D]")

    def built(pair: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        f, j = pair
        s = slice(off[f], off[f] + cnt[f, j])
        return np.r_[d64[s], a64[j]], np.r_[amounts[s], nav[f, j] / 100]

    def one(d: np.ndarray, a: np.ndarray) -> float:
        try:
            rate = pyxirr.xirr(d, a)
        except pyxirr.InvalidPaymentsError:
            return np.nan
        return np.nan if rate is None else rate

    ready = [built(p) for p in pairs]
    rows, columns = np.array(pairs).T
    reference = np.array([one(*x) for x in ready])

    def check(_: str, result: Any) -> dict[str, Any]:
        found = result[0][rows, columns] if isinstance(result, tuple) else np.array(result)
        both = reference[: found.size]
        with np.errstate(invalid="ignore"):  # a rate above 1e308 is inf for the peer
            off_by = np.abs(found - both) / (1.0 + np.abs(both))
        return {"rates": int(np.isfinite(found).sum()), "largest_difference": float(np.nanmax(off_by))}

    cases: dict[str, Any] = {
        "pyxirr.xirr, arrays ready": lambda: [one(*x) for x in ready],
        "ours xirr_as_of": lambda: sweep.xirr_as_of(fen, days, off, nav, asof),
        "pyxirr.xirr, arrays built": (lambda: [one(*built(p)) for p in pairs[:FEW]], min(FEW, len(pairs))),
    }
    size = {"funds": off.size - 1, "asofs": asof.size, "pairs": len(pairs)}
    run("irr_asof", cases, size=size, unit="pair", n=len(pairs), vers=PEERS, check=check)


def main() -> None:
    book = fund_book(max(100, int(2_000 * scale())))
    cnt = counts(book)
    pairs = [(f, j) for f in range(cnt.shape[0]) for j in range(cnt.shape[1]) if cnt[f, j] > 0]
    metrics(book, cnt, pairs)
    rates(book, cnt, pairs)
