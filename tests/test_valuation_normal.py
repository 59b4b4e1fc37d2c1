"""The normal law against the standard library and high precision."""

from __future__ import annotations

import statistics

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.normal import normal_cdf, normal_quantile

STANDARD = statistics.NormalDist()


@given(st.floats(1e-300, 1 - 2**-53))
def test_the_inverse_is_the_standard_library_s(p: float) -> None:
    z = float(normal_quantile(np.array(p)))
    assert z == pytest.approx(STANDARD.inv_cdf(p), rel=2e-15, abs=1e-300)


@given(st.floats(1e-300, 0.5), st.floats(-37, 8))
def test_both_are_right_to_double_precision(p: float, x: float) -> None:
    with mpmath.workdps(40):
        z = float(normal_quantile(np.array(p)))
        back = mpmath.ncdf(z) / mpmath.mpf(p) - 1  # one part of z is about z² parts of the probability
        assert abs(back) < 1e-15 * (1 + z * z)
        truth = mpmath.ncdf(mpmath.mpf(x))
        assert abs(float(normal_cdf(np.array(x))) / truth - 1) < 1e-15 * (1 + x * x)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_arrays_are_their_numbers_one_by_one(p: list[float]) -> None:
    together = normal_quantile(np.array(p))
    alone = [float(normal_quantile(np.array(x))) for x in p]
    np.testing.assert_array_equal(together, alone)


def test_the_ends() -> None:
    np.testing.assert_array_equal(normal_quantile(np.array([0.0, 0.5, 1.0])), [-np.inf, 0.0, np.inf])
    np.testing.assert_array_equal(normal_cdf(np.array([[-np.inf, 0.0, np.inf]])), [[0.0, 0.5, 1.0]])
