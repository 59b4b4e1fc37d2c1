"""Rates of return of many groups of flows at once. The value on the as-of day is the last flow of each group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fof.book.reading import Floats, Reason, yuan
from fof.ledger import day_number
from fof.ledger.journal_columns import Ints, Ints32
from models.frozen import frozen
from models.text import NO_TEXT, Text

if TYPE_CHECKING:
    from valuation.rates import Irr

NO_FLOWS = Reason("no_flows", Text("没有现金流", "no cash flows"))
NO_DATED_FLOWS = Reason(
    "no_dated_flows",
    Text("只有累计披露数，没有逐笔现金流", "only cumulative disclosures, no dated flows stand behind them"),
)
AS_REPORTED = Reason("as_reported", Text("机构披露的净内部收益率", "net IRR as the institution reports it"))


NEARLY_LOST = -0.99995
"""A rate from here down is printed as -100.00 %, which it is not."""
NEAR_MINUS_ONE = "rate_near_minus_one"
"""Code of what is said of such a rate."""
_STEP = 2.0**-53


@frozen
class Rate:
    """An internal rate of return, ACT/365, of flows netted by day.

    value   : nan unless exactly one rate exists (or one is reported), and is within float64
    status  : "one", "none", "several", "unproved" (how many there are could not be proved), "reported" (taken from
              a disclosure) or "unknown" (an input is missing)
    roots   : every rate at which the flows are worth nothing, ascending, as far as float64 holds it
    note    : why there is no value, or where it is from, or that it speaks of a year which has not passed
    reading : of several rates the one that multiple and holding time point to (`valuation.rates.Irr.reading`);
              it is shown under this name and never takes the place of the value
    period  : return over the life itself, where that is under a year
    """

    value: float
    status: str
    roots: tuple[float, ...] = ()
    note: Reason | None = None
    reading: float | None = None
    period: float | None = None


def unknown(note: Reason | None) -> Rate:
    """No rate, because an input is missing."""
    return Rate(float("nan"), "unknown", (), note)


@frozen
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
    moved = netted != 0  # history that was handed on leaves nothing behind
    netted, own = netted[moved], keys[starts][moved]
    offsets = np.searchsorted(own >> 32, np.arange(groups + 1))
    return Series(((own & 0xFFFFFFFF) - 2**31).astype(np.int32), netted, offsets.astype(np.int64))


def rates(series: Series, values: Sequence[int | None], as_of: dt.date) -> list[Rate]:
    """The rate of each group; values: what each is worth on the as-of day in fen, None where not known."""
    from valuation.returns import xirr_many

    last = day_number(as_of)
    days, amounts, offsets = _with_values(series, values, last)
    solved, counts = xirr_many(amounts, days, offsets)
    answer = []
    for i, value in enumerate(values):
        lo, hi = int(offsets[i]), int(offsets[i + 1])
        if value is None:
            answer.append(unknown(None))
        elif series.offsets[i] == series.offsets[i + 1]:
            answer.append(unknown(NO_FLOWS))
        elif counts[i] == 1 and solved[i] > NEARLY_LOST and _years(amounts[lo:hi], days[lo:hi]) >= 1.0:
            answer.append(Rate(float(solved[i]), "one", (float(solved[i]),)))
        else:
            answer.append(_rate(amounts[lo:hi], days[lo:hi]))
    return answer


def _years(amounts: Floats, days: Ints32) -> float:
    """From the first flow to the last, in years of 365 days."""
    moved = days[amounts != 0.0]
    return float(moved[-1] - moved[0]) / 365.0 if moved.size else 0.0


def _with_values(series: Series, values: Sequence[int | None], last: int) -> tuple[Ints32, Floats, Ints]:
    """The series with each group's value as a flow on the as-of day, in yuan."""
    n = len(values)
    ends = series.offsets[1:]
    final = yuan(np.array([v or 0 for v in values], np.int64))
    days = np.insert(series.day, ends, last).astype(np.int32)
    amounts = np.insert(yuan(series.fen), ends, final)
    return days, amounts, series.offsets + np.arange(n + 1)


def _rate(amounts: Floats, days: Ints32) -> Rate:
    """A rate that needs words: none, several, one of a life under a year, one beyond float64."""
    from valuation.returns import xirr

    solved = xirr(amounts, days)
    reading = solved.reading if solved.status == "several" else None
    return Rate(solved.rate, solved.status, solved.roots, _note(solved), reading, solved.period)


def _note(solved: Irr) -> Reason | None:
    text = _of_the_period(solved)
    match solved.status:
        case "one" if solved.rate != solved.rate:
            return Reason(
                "rate_beyond_numbers",
                Text(
                    f"内部收益率唯一，但大到无法表示{text.zh}",
                    f"there is one rate of return, too large to be shown{text.en}",
                ),
            )
        case "one" if solved.rate <= NEARLY_LOST:
            size = above_minus_one(solved.rate)
            return Reason(
                NEAR_MINUS_ONE,
                Text(
                    f"内部收益率唯一，略高于 -100%（1＋收益率{_least(size, '约', '小于')} {size:.3g}）{text.zh}",
                    f"there is one rate of return, just above -100 % (1 + rate is {_least(size, 'about', 'below')} {size:.3g}){text.en}",
                ),
            )
        case "one":
            return (
                Reason("under_a_year", Text(text.zh.lstrip("；"), text.en.lstrip("; "))) if text.zh else None
            )
        case "several":
            listed = [percent(r) for r in solved.roots]
            more = Text(
                f"，另有 {solved.left_out} 个超出可表示范围" if solved.left_out else "",
                f", and {solved.left_out} beyond what can be shown" if solved.left_out else "",
            )
            reading = Text("无（未定义或并列）", "none (undefined or tied)")
            if solved.reading is not None:
                reading = Text(percent(solved.reading), percent(solved.reading))
            return Reason(
                "several_rates",
                Text(
                    f"现金流有多个内部收益率：{'、'.join(listed)}{more.zh}，不择其一；投资读数 {reading.zh}{text.zh}",
                    f"the flows have several rates: {', '.join(listed)}{more.en}; none is chosen; investment reading {reading.en}{text.en}",
                ),
            )
        case "unproved":
            return Reason(
                "rates_unproved",
                Text("内部收益率的个数未能证明，不作结论", f"no rate of return is stated: {solved.reason}"),
            )
    return Reason(
        "no_rate", Text("现金流没有内部收益率", f"the flows have no rate of return: {solved.reason}")
    )


def above_minus_one(rate: float) -> float:
    """1 + rate of a rate close above -1; the step of float64 there for what is closer than that."""
    return max(1.0 + rate, _STEP)


def _least(size: float, about: str, below: str) -> str:
    return below if size <= _STEP else about


def percent(rate: float) -> str:
    """A rate in percent with two decimals; with as many as it takes where two would show -100 %, which no rate is."""
    for decimals in range(2, 15):
        text = f"{rate:.{decimals}%}"
        if rate > NEARLY_LOST or float(text[:-1]) > -100.0:
            return text
    return "-99.99999999999999%"


def _of_the_period(solved: Irr) -> Text:
    """What is said where the flows span less than a year; the return may be that of the reading."""
    if solved.period is None:
        return NO_TEXT
    return Text(
        f"；存续不足一年，期间回报 {solved.period:.2%}，年化数仅供对照",
        f"; the flows span less than a year: return of the period {solved.period:.2%}, the yearly rate is for comparison only",
    )
