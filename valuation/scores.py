"""How good a forecast was: scores of ensembles and intervals against what came, and tests of coverage.

CRPS of an ensemble x_1 … x_m and the observation y is mean |x − y| − ½ · mean |x − x'|, the second mean over m² pairs, or over
the m(m − 1) pairs of different members in its fair form, which does not reward small ensembles (T. Gneiting, A. Raftery,
"Strictly Proper Scoring Rules, Prediction, and Estimation", JASA 102, 2007; C. Ferro, "Fair scores for ensemble forecasts",
Quarterly Journal of the Royal Meteorological Society 140, 2014). Lower is better; of a single number it is the absolute error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import array_of, count, real, reals, refuse_where, within_float64
from valuation.refusals import ValuationError


def _ensemble(members: ArrayLike, observed: ArrayLike) -> tuple[Any, Any]:
    values, seen = reals("members", members), reals("observed", observed)
    if values.ndim not in (1, 2) or values.shape[-1] == 0 or seen.shape != values.shape[:-1]:
        raise ValuationError(
            "members",
            "shape must be (members,) or (cases, members) with observed for each case",
            found=values.shape,
        )
    return values, seen


def crps_ensemble(members: ArrayLike, observed: ArrayLike, fair: bool = True) -> Any:
    """CRPS of each ensemble.

    members  : (members,) or (cases, members)      observed : a number, or (cases,)
    fair     : pairs of different members alone; needs two members
    -> float, or (cases,). ValuationError: nan, shapes that differ, one member in the fair form.
    """
    values, seen = _ensemble(members, observed)
    size = values.shape[-1]
    if not isinstance(fair, bool | np.bool_):
        raise ValuationError("fair", "must be true or false", found=type(fair).__name__)
    if fair and size < 2:
        raise ValuationError("members", "the fair form needs two members", found=size)
    ordered = np.sort(values, axis=-1)
    rank = 2.0 * np.arange(1, size + 1) - size - 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        spread = (ordered * rank).sum(axis=-1) / (size * (size - 1) if fair else size * size)
        score = np.abs(values - seen[..., None]).mean(axis=-1) - spread
    within_float64("members", np.asarray(score))
    return float(score) if score.ndim == 0 else score


def interval_score(lower: ArrayLike, upper: ArrayLike, observed: ArrayLike, alpha: float) -> Any:
    """Score of a central interval of level 1 − alpha: its width, and 2/alpha of what lies outside it.

    Arguments of one shape -> float or an array of it. ValuationError: an upper end below the lower, alpha outside (0, 1).
    """
    low, high, seen = reals("lower", lower), reals("upper", upper), reals("observed", observed)
    outside = real("alpha", alpha, above=0.0, below=1.0)
    low, high, seen = np.broadcast_arrays(low, high, seen)
    refuse_where(high < low, "upper", "lies below the lower end", high)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        outlying = np.maximum(low - seen, 0.0) + np.maximum(seen - high, 0.0)
        score = (high - low) + 2.0 / np.float64(outside) * outlying
    within_float64("observed", np.asarray(score))
    return float(score) if score.ndim == 0 else score


def pit(members: ArrayLike, observed: ArrayLike) -> Any:
    """Where each observation falls in its ensemble, in [0, 1]: the share of members below it, half of those equal to it.

    Shapes as in `crps_ensemble`. Of good forecasts these are uniform; a heap in the middle says the ensembles are too wide.
    """
    values, seen = _ensemble(members, observed)
    below = (values < seen[..., None]).mean(axis=-1) + 0.5 * (values == seen[..., None]).mean(axis=-1)
    return float(below) if below.ndim == 0 else below


@dataclass(frozen=True, slots=True)
class CoverageTest:
    """Kupiec's test of unconditional coverage: hits of cases, the likelihood ratio (χ² with one degree), its p-value."""

    hits: int
    cases: int
    ratio: float
    p_value: float


def coverage_test(hits: ArrayLike, level: float) -> CoverageTest:
    """Whether intervals of a level held what they should.

    hits  : (cases,) whether each interval held its observation; or (hits, cases) as two whole numbers
    level : in (0, 1), the share that should be held
    Source: P. Kupiec, "Techniques for Verifying the Accuracy of Risk Measurement Models", Journal of Derivatives 3, 1995.
    ValuationError: no cases, a level outside (0, 1).
    """
    share = real("level", level, above=0.0, below=1.0)
    if isinstance(hits, tuple) and len(hits) == 2:
        held, cases = count("hits", hits[0]), count("cases", hits[1], low=1)
        if held > cases:
            raise ValuationError("hits", "more than the cases", found=held)
    else:
        flags = array_of("hits", hits)
        if (
            flags.ndim != 1
            or flags.size == 0
            or flags.dtype.kind not in "biuf"
            or not np.isin(flags, (0, 1)).all()
        ):
            raise ValuationError(
                "hits", "must be true or false for each case, one case at least", found=flags.shape
            )
        held, cases = int(flags.sum()), int(flags.size)
    missed = cases - held

    def log_likelihood(of: float) -> float:
        return (missed * math.log(1.0 - of) if missed else 0.0) + (held * math.log(of) if held else 0.0)

    ratio = max(0.0, 2.0 * (log_likelihood(held / cases) - log_likelihood(share)))
    return CoverageTest(held, cases, ratio, math.erfc(math.sqrt(0.5 * ratio)))
