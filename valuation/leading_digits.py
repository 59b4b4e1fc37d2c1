"""What digits say of amounts: the law of first digits (Benford), and amounts that come again. Neither clears anybody."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, NamedTuple

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
    counts = np.zeros(9, np.int64)
    for i, amount in enumerate(_listed(amounts)):
        if (digit := _first_digit(f"amounts[{i}]", amount)) is not None:
            counts[digit - 1] += 1
    total = int(counts.sum())
    expected = total * np.log10(1.0 + 1.0 / np.arange(1.0, 10.0))
    if total == 0:
        return DigitTest(counts, expected, math.nan, math.nan)
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    return DigitTest(counts, expected, chi_square, _above_chi_square_8(chi_square))


def _listed(amounts: ArrayLike) -> list[Any]:
    array = array_of("amounts", amounts)
    flat = array.reshape(-1)
    return flat.tolist() if array.dtype.kind in "iuf" else list(flat)


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


class RepeatedValues(NamedTuple):
    """How often the same amount comes again.

    distinct          : how many different amounts there are
    average_frequency : how often, on average over the amounts, an amount stands among them: 1 where none comes twice
    entropy           : of the distinct amounts' frequencies, natural logarithm; both nan without any amount
    """

    distinct: int
    average_frequency: float
    entropy: float


def repeated_values(amounts: ArrayLike) -> RepeatedValues:
    """Whether amounts bunch: sum of squared frequencies over their sum, and entropy.

    amounts : as `first_digit_test`; 0 counts, and so does the sign

    Source: U. Simonsohn, Data Colada 77 (2019), number-bunching.
    """
    listed = _listed(amounts)
    values, n = (
        Counter(rate(f"amounts[{i}]", amount, low=None) for i, amount in enumerate(listed)),
        len(listed),
    )
    if n == 0:
        return RepeatedValues(0, math.nan, math.nan)
    entropy = -math.fsum(f / n * math.log(f / n) for f in values.values())
    return RepeatedValues(len(values), sum(f * f for f in values.values()) / n, entropy)
