"""Random numbers by address: every (seed, path, purpose) has a stream of its own, whoever draws it and when.

The generator is Philox4x32-10 (J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as
1, 2, 3", SC 2011): a keyed function from a counter to four 32-bit words. The key is the seed, the counter is
(draw, purpose, path), so results do not depend on threads, on chunks, or on which other paths are drawn, and
two streams never overlap. Only whole-number operations and IEEE arithmetic without contraction are used:
a stream is the same on every machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.arguments import Floats, count
from valuation.compiled import njit

Words = NDArray[np.uint64]

FACTOR, GAPS, THINNING, PERMUTATION, SELECTION = 0, 1, 2, 3, 4
"""Purposes: the market factor of a path, the gaps between defaults, the thinning of candidates, who changes places in a
permutation test, what an audit sample takes."""

BATCH = 64
"""Exponentials are drawn this many at a time: two of a Philox block, so 32 blocks side by side."""

_M0, _M1 = 0xD2511F53, 0xCD9E8D57
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = 0xFFFFFFFF
_ONE = 0x3FF0000000000000  # the bits of 1.0
_MANTISSA = 0x000FFFFFFFFFFFFF
_WHOLE = 0x4330000000000000  # the bits of 2**52: with a small whole number put in, the float 2**52 + it
_WHOLE_BIAS = 2.0**52 + 1023.0
_HALF_STEP = 2.0**-53
_LN2 = 0.6931471805599453
_SQRT2 = 1.4142135623730951


def seed_word(seed: int) -> int:
    """A seed that the kernels take: a whole number in [0, 2**63)."""
    return count("seed", seed, high=2**63 - 1)


@njit("UniTuple(u8, 4)(u8, u8, u8, u8, u8, u8)", inline="always")
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Ten rounds of Philox4x32: counter words c0..c3 and key words k0, k1, all 32 bits held in uint64.

    Between rounds the upper halves may hold rubbish, which the next product ignores: cheaper than clearing it.
    """
    low, half = np.uint64(_LOW), np.uint64(32)
    for _ in range(10):
        p0, p1 = np.uint64(_M0) * (c0 & low), np.uint64(_M1) * (c2 & low)
        c0, c2 = (p1 >> half) ^ c1 ^ k0, (p0 >> half) ^ c3 ^ k1
        c1, c3 = p1, p0
        k0, k1 = k0 + np.uint64(_W0), k1 + np.uint64(_W1)
    return c0 & low, c1 & low, c2 & low, c3 & low


@njit("f8(u8, u8)")
def unit_open(low_word: Any, high_word: Any) -> float:
    """A uniform number in (0, 1) from two words: the odd multiples of 2**-53, so neither 0 nor 1."""
    whole = ((high_word << np.uint64(32)) | low_word) >> np.uint64(12)
    return float(whole) * 2.0 * _HALF_STEP + _HALF_STEP


@njit("void(u8, u8, u8, f8[::1])")
def uniforms(seed: Any, purpose: Any, first: Any, out: Floats) -> None:
    """One uniform number in (0, 1) for each of the paths first, first+1, …"""
    low, half = np.uint64(_LOW), np.uint64(32)
    for i in range(out.size):
        path = first + np.uint64(i)
        w = philox(np.uint64(0), purpose, path & low, path >> half, seed & low, seed >> half)
        out[i] = unit_open(w[0], w[1])


@njit("void(u8, u8, u8, u8[:, ::1])")
def words(seed: Any, purpose: Any, first: Any, out: Words) -> None:
    """Raw words of 64 bits: row i of `out` is the stream of path first + i, two words a block."""
    low, half = np.uint64(_LOW), np.uint64(32)
    for i in range(out.shape[0]):
        path = first + np.uint64(i)
        for j in range(0, out.shape[1], 2):
            w = philox(np.uint64(j // 2), purpose, path & low, path >> half, seed & low, seed >> half)
            out[i, j] = (w[1] << half) | w[0]
            if j + 1 < out.shape[1]:
                out[i, j + 1] = (w[3] << half) | w[2]


@njit("f8(u8, u8, u8, u8)")
def uniform(seed: Any, purpose: Any, path: Any, draw: Any) -> float:
    """The uniform number in (0, 1) at one address; `draw` below 2**32."""
    low, half = np.uint64(_LOW), np.uint64(32)
    w = philox(draw, purpose, path & low, path >> half, seed & low, seed >> half)
    return unit_open(w[0], w[1])


@njit("void(u8, u8, u8, u8, u8[::1], u8[::1], f8[::1])")
def exponentials(
    seed: Any, purpose: Any, path: Any, batch: Any, bits: Words, whole: Words, out: Floats
) -> None:
    """Fill out (BATCH,) with unit exponentials -ln(u), u uniform as in `unit_open`; bits, whole (BATCH,) are scratch.

    The logarithm is taken here, in straight-line arithmetic that the compiler puts side by side: u = m·2^e with
    m in [0.707, 1.414), ln m = 2·artanh((m − 1)/(m + 1)) by its series; error below 3e-16 relative.
    """
    low, half = np.uint64(_LOW), np.uint64(32)
    u, exponent = bits.view(np.float64), whole.view(np.float64)
    for i in range(BATCH // 2):
        draw = batch * np.uint64(BATCH // 2) + np.uint64(i)
        w0, w1, w2, w3 = philox(draw, purpose, path & low, path >> half, seed & low, seed >> half)
        bits[2 * i] = (((w1 << half) | w0) >> np.uint64(12)) | np.uint64(_ONE)
        bits[2 * i + 1] = (((w3 << half) | w2) >> np.uint64(12)) | np.uint64(_ONE)
    for i in range(BATCH):
        u[i] = u[i] - 1.0 + _HALF_STEP
    for i in range(BATCH):
        own = bits[i]
        whole[i] = (own >> np.uint64(52)) | np.uint64(_WHOLE)
        bits[i] = (own & np.uint64(_MANTISSA)) | np.uint64(_ONE)
    for i in range(BATCH):
        m, e = u[i], exponent[i] - _WHOLE_BIAS
        if m > _SQRT2:
            m, e = 0.5 * m, e + 1.0
        s = (m - 1.0) / (m + 1.0)
        q = s * s
        tail = 1 / 19
        tail = tail * q + 1 / 17
        tail = tail * q + 1 / 15
        tail = tail * q + 1 / 13
        tail = tail * q + 1 / 11
        tail = tail * q + 1 / 9
        tail = tail * q + 1 / 7
        tail = tail * q + 1 / 5
        tail = tail * q + 1 / 3
        out[i] = -(e * _LN2 + (2.0 * s + 2.0 * s * q * tail))
