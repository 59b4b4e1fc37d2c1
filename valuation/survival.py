"""How long it takes until something happens, when for some it has not happened yet: the product-limit curve."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation.arguments import Floats, array_of, check_shape, reals, refuse_where
from valuation.refusals import ValuationError

BAND = 0.95
_Z = NormalDist().inv_cdf(0.5 + BAND / 2)


class SurvivalCurve(NamedTuple):
    """The share for which it has not happened, after each time at which anything was seen.

    times        : (m,) distinct durations, ascending, of events and of ends of observation
    survival     : (m,) share that is left after them
    lower, upper : (m,) pointwise 95 % band; 1 before the first event, nan where nobody is left (survival 0)
    """

    times: Floats
    survival: Floats
    lower: Floats
    upper: Floats


def kaplan_meier(durations: ArrayLike, observed: ArrayLike, entry: ArrayLike | None = None) -> SurvivalCurve:
    """The Kaplan–Meier curve with Greenwood's variance and the band of the log-log transform.

    durations : (n,) time from the start to the event or to the end of observation, in any unit, at least 0
    observed  : (n,) whether the event was seen (booleans or 0, 1); else it was still open then
    entry     : (n,) time from which each was watched, 0 if left out; below its duration. Somebody counts as at risk
                after the entry, up to and with the duration
    At the same time events come before ends of observation. Without anybody the curve has no times.

    Source: E. Kaplan, P. Meier, J. Am. Stat. Assoc. 53 (1958) 457-481; J. Kalbfleisch, R. Prentice, The Statistical
    Analysis of Failure Time Data (1980), 1.3 (the band).
    """
    ends = reals("durations", durations, shape=(None,), low=0.0)
    seen = _flags(observed, ends.size)
    times = np.unique(ends)
    at_risk = ends.size - np.searchsorted(np.sort(ends), times, side="left")
    if entry is not None:
        begins = reals("entry", entry, shape=ends.shape, low=0.0)
        refuse_where(begins >= ends, "entry", "must be below the duration", begins)
        at_risk = at_risk - (ends.size - np.searchsorted(np.sort(begins), times, side="left"))
    happened = np.searchsorted(np.sort(ends[seen]), times, "right") - np.searchsorted(
        np.sort(ends[seen]), times, "left"
    )
    survival: Floats = np.cumprod((at_risk - happened) / at_risk, dtype=np.float64)
    lower, upper = _band(survival, happened, at_risk)
    return SurvivalCurve(times, survival, lower, upper)


def _band(survival: Floats, happened: NDArray[np.intp], at_risk: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """survival ** exp(± z · s), s the standard error of ln(-ln(survival))."""
    lower, upper = np.full(survival.size, math.nan), np.full(survival.size, math.nan)
    whole = survival == 1.0
    lower[whole] = upper[whole] = 1.0
    inner = ~whole & (survival > 0.0)
    last = int(inner.nonzero()[0].max(initial=-1)) + 1  # behind it somebody was the last one
    died, left = happened[:last], at_risk[:last]
    variance = np.zeros(survival.size)
    variance[:last] = np.cumsum(died / (left * (left - died)))
    log = np.log(survival[inner])
    width = _Z * np.sqrt(variance[inner]) / -log
    lower[inner] = np.exp(log * np.exp(width))
    upper[inner] = np.exp(log * np.exp(-width))
    return lower, upper


def _flags(observed: ArrayLike, size: int) -> NDArray[np.bool_]:
    array = array_of("observed", observed)
    check_shape("observed", array.shape, (size,))
    if array.size == 0:
        return np.zeros(0, np.bool_)
    if array.dtype.kind not in "biu":
        raise ValuationError("observed", "must be true or false, or 0 or 1", found=str(array.dtype))
    refuse_where((array != 0) & (array != 1), "observed", "must be true or false, or 0 or 1", array)
    return array.astype(np.bool_)
