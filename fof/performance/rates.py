"""Rates of return of many groups of flows at once. The value on the as-of day is the last flow of each group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fof.ledger import day_number
from fof.ledger.columns import Ints, Ints32
from fof.stakes import Floats, Reason, yuan

NO_FLOWS = Reason("no_flows", "没有现金流", "no cash flows")
NO_DATED_FLOWS = Reason(
    "no_dated_flows",
    "只有累计披露数，没有逐笔现金流",
    "only cumulative disclosures, no dated flows stand behind them",
)
AS_REPORTED = Reason("as_reported", "机构披露的净内部收益率", "net IRR as the institution reports it")


@dataclass(frozen=True, slots=True)
class Rate:
    """An internal rate of return, ACT/365.

    value  : nan unless exactly one rate exists (or one is reported)
    status : "one", "none", "several", "reported" (taken from a disclosure) or "unknown" (an input is missing)
    roots  : every rate at which the flows are worth nothing, ascending
    note   : why there is no value, or where it is from
    """

    value: float
    status: str
    roots: tuple[float, ...] = ()
    note: Reason | None = None


def unknown(note: Reason | None) -> Rate:
    """No rate, because an input is missing."""
    return Rate(float("nan"), "unknown", (), note)


@dataclass(frozen=True, slots=True)
class Series:
    """Flows of several groups one after another, netted by day, in day order; group i is [offsets[i]:offsets[i+1]].

    day : int32; fen : int64, paid in negative
    """

    day: Ints32
    fen: Ints
    offsets: Ints

    def group(self, i: int) -> tuple[Ints32, Ints]:
        """Days and fen of one group."""
        part = slice(int(self.offsets[i]), int(self.offsets[i + 1]))
        return self.day[part], self.fen[part]


def by_group(group: Ints, day: Ints32, fen: Ints, groups: int) -> Series:
    """Sort flows by group and day and net those of one day; `group` numbers each flow from 0 to groups - 1."""
    if not len(group):
        return Series(np.empty(0, np.int32), np.empty(0, np.int64), np.zeros(groups + 1, np.int64))
    keys = (group.astype(np.int64) << 32) + (day.astype(np.int64) + 2**31)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    netted = np.add.reduceat(fen[order], starts)
    own = keys[starts]
    offsets = np.searchsorted(own >> 32, np.arange(groups + 1))
    return Series(((own & 0xFFFFFFFF) - 2**31).astype(np.int32), netted, offsets.astype(np.int64))


def rates(series: Series, values: Sequence[int | None], as_of: dt.date) -> list[Rate]:
    """The rate of each group; values: what each is worth on the as-of day in fen, None where not known."""
    from valuation.returns import xirr_many

    last = day_number(as_of)
    days, amounts, offsets = _with_values(series, values, last)
    found, counts = xirr_many(amounts, days, offsets)
    answer = []
    for i, value in enumerate(values):
        lo, hi = int(offsets[i]), int(offsets[i + 1])
        if value is None:
            answer.append(unknown(None))
        elif series.offsets[i] == series.offsets[i + 1]:
            answer.append(unknown(NO_FLOWS))
        elif counts[i] == 1:
            answer.append(Rate(float(found[i]), "one", (float(found[i]),)))
        else:
            answer.append(_not_one(amounts[lo:hi], days[lo:hi]))
    return answer


def _with_values(series: Series, values: Sequence[int | None], last: int) -> tuple[Ints32, Floats, Ints]:
    """The series with each group's value as a flow on the as-of day, in yuan."""
    n = len(values)
    ends = series.offsets[1:]
    final = yuan(np.array([v or 0 for v in values], np.int64))
    days = np.insert(series.day, ends, last).astype(np.int32)
    amounts = np.insert(yuan(series.fen), ends, final)
    return days, amounts, series.offsets + np.arange(n + 1)


def _not_one(amounts: Floats, days: Ints32) -> Rate:
    from valuation.returns import xirr

    found = xirr(amounts, days)
    if found.status == "several":
        listed = "、".join(f"{r:.2%}" for r in found.roots)
        note = Reason(
            "several_rates",
            f"现金流有多个内部收益率：{listed}，不择其一",
            f"the flows have several rates: {', '.join(f'{r:.2%}' for r in found.roots)}; none is chosen",
        )
    else:
        note = Reason("no_rate", "现金流没有内部收益率", f"the flows have no rate of return: {found.reason}")
    return Rate(found.rate, found.status, found.roots, note)
