"""The normal law to double precision, for scalars and arrays.

The distribution function comes from the C library's erfc; its inverse from M. Wichura, "Algorithm AS 241: The
Percentage Points of the Normal Distribution", Applied Statistics 37 (1988) 477-484 (routine PPND16, about 1 part
in 10^16), which is also what the standard library's `statistics.NormalDist` uses for one number at a time.
"""

from __future__ import annotations

import math

import numpy as np

from valuation.arguments import Floats

_SQRT_HALF = math.sqrt(0.5)

# Coefficients of AS 241, highest power first: numerator, denominator.
_CENTRE = (
    (
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.3871328727963666080,
    ),
    (
        5226.4952788528545610,
        28729.085735721942674,
        39307.895800092710610,
        21213.794301586595867,
        5394.1960214247511077,
        687.18700749205790830,
        42.313330701600911252,
        1.0,
    ),
)
_TAIL = (
    (
        7.7454501427834140764e-4,
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.76949722146069140550,
        4.63033784615654529590,
        1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9,
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.67638483018380384940,
        2.05319162663775882187,
        1.0,
    ),
)
_FAR_TAIL = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        0.00124266094738807843860,
        0.0265321895265761230930,
        0.296560571828504891230,
        1.78482653991729133580,
        5.46378491116411436990,
        6.65790464350110377720,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        0.0148753612908506148525,
        0.136929880922735805310,
        0.599832206555887937690,
        1.0,
    ),
)


def normal_cdf(x: Floats) -> Floats:
    """P(Z <= x) for each x, any shape; relative error about (1 + x²)·1e-16, far into the left tail."""
    flat = [0.5 * math.erfc(-v * _SQRT_HALF) for v in np.ravel(x).tolist()]
    return np.array(flat).reshape(np.shape(x))


def normal_quantile(p: Floats) -> Floats:
    """The z with P(Z <= z) = p for each p in [0, 1], any shape; -inf at 0 and inf at 1. The caller checks p."""
    p = np.asarray(p, dtype=np.float64)
    flat = p.ravel()
    q = flat - 0.5
    z = np.empty(flat.size)
    central = np.abs(q) <= 0.425
    middle = q[central]
    z[central] = middle * _ratio(_CENTRE, 0.180625 - middle * middle)
    outside = flat[~central]
    with np.errstate(divide="ignore"):
        r = np.sqrt(-np.log(np.minimum(outside, 1.0 - outside)))
    outer = np.full(r.size, np.inf)  # at 0 and 1
    near, far = r <= 5.0, (r > 5.0) & np.isfinite(r)
    outer[near] = _ratio(_TAIL, r[near] - 1.6)
    outer[far] = _ratio(_FAR_TAIL, r[far] - 5.0)
    z[~central] = np.copysign(outer, q[~central])
    return z.reshape(p.shape)


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], r: Floats) -> Floats:
    above, below = coefficients
    ratio: Floats = np.polyval(above, r) / np.polyval(below, r)
    return ratio
