"""How concentrated an amount is, on the scale of the competition authorities."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from valuation.arguments import reals


def hhi(amounts: ArrayLike) -> float:
    """The Herfindahl–Hirschman index: the sum of squared shares in per cent, 0 … 10,000, not normalised.

    amounts : (n,) of any unit, none below 0: by company, city, industry
    -> 10,000 where one holds all, 10,000 / n where n hold alike; nan where there is nothing to share. (The `hhi` of
       `valuation.attribution.concentration` is the same on shares of one: a ten-thousandth of this.)

    Source: US Department of Justice and Federal Trade Commission, Merger Guidelines (2023), 2.1.
    """
    sizes = reals("amounts", amounts, shape=(None,), low=0.0)
    most = float(sizes.max()) if sizes.size else 0.0
    if most == 0.0:
        return math.nan
    scaled = np.ldexp(sizes, -math.frexp(most)[1])  # by a power of two: nothing is rounded, nothing overflows
    return 10_000.0 * math.fsum(scaled**2) / math.fsum(scaled) ** 2
