"""The law of first digits (Benford), tested on amounts. A result that does not stand out clears nobody."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import Floats, array_of
from valuation.exact import Ints, rate


class DigitTest(NamedTuple):
    """How often each first digit 1 … 9 stands, and would stand by the law.

    counts     : (9,) amounts that begin with 1 … 9
    expected   : (9,) the same by the law: their number · log10(1 + 1/d)
    chi_square : Pearson's statistic with 8 degrees of freedom, no correction; nan without any amount
    p_value    : probability of so large a one under the law; nan likewise
    """

    counts: Ints
    expected: Floats
    chi_square: float
    p_value: float


def first_digit_test(amounts: ArrayLike) -> DigitTest:
    """First digits of amounts against the law of F. Benford, Proc. Am. Phil. Soc. 78 (1938) 551-572.

    amounts : numbers of any unit, one dimension; the sign does not count, 0 has no first digit and is left out. A float
              stands for its shortest decimal text. nan is refused.
    """
    array = array_of("amounts", amounts)
    listed = array.reshape(-1).tolist() if array.dtype.kind in "iuf" else list(array.reshape(-1))
    counts = np.zeros(9, np.int64)
    for i, amount in enumerate(listed):
        if (digit := _first_digit(f"amounts[{i}]", amount)) is not None:
            counts[digit - 1] += 1
    total = int(counts.sum())
    expected = total * np.log10(1.0 + 1.0 / np.arange(1.0, 10.0))
    if total == 0:
        return DigitTest(counts, expected, math.nan, math.nan)
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    return DigitTest(counts, expected, chi_square, _above_chi_square_8(chi_square))


def _first_digit(argument: str, amount: object) -> int | None:
    exact = abs(rate(argument, amount, low=None))  # type: ignore[arg-type]  # refused there
    if exact == 0:
        return None
    whole, below = exact.numerator, exact.denominator
    digits = len(str(whole)) - len(str(below))
    scaled = whole * 10 ** max(0, -digits) // (below * 10 ** max(0, digits))
    if scaled == 0:
        scaled = whole * 10 ** max(0, 1 - digits) // (below * 10 ** max(0, digits - 1))
    return int(str(scaled)[0])


def _above_chi_square_8(x: float) -> float:
    """P(chi-square with 8 degrees of freedom > x): a Poisson sum of four terms."""
    y = x / 2
    return math.exp(-y) * (1 + y + y**2 / 2 + y**3 / 6) if y < 700 else 0.0
