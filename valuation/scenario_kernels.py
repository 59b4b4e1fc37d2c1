"""The compiled loops of `valuation.scenario_paths`; the model and the shapes of the public arrays are there.

Noise is float32, money float64. Random words are those of `valuation.streams`; they become normals by Box and Muller
(two of a pair of words) with logarithm, sine, cosine and exponential of our own, in IEEE arithmetic without contraction:
the same bits on every machine, whatever its C library. Paths go TILE side by side through one fund at a time, so that the
state of a fund never leaves the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.arguments import Floats, Integers
from valuation.compiled import njit
from valuation.streams import philox

Words32 = NDArray[np.uint32]
Singles = NDArray[np.float32]

TILE = 64
"""Paths side by side."""

MARKET = 16
"""Stream of the common factor of a path; beside the purposes of `valuation.streams`."""

FIRST_FUND = 2**31
"""Streams of funds lie from here on."""

PERSISTENT = 2**31
"""Draw that holds a fund's own factor, apart from those of its steps."""


@njit("void(u8, u8, u8, u8, u4[:, ::1])")
def tile_words(seed: Any, stream: Any, draw: Any, first: Any, out: Words32) -> None:
    """Four words of each path first, first+1, … of a tile: out (4, TILE)."""
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    k0, k1 = seed & low, seed >> half
    for k in range(out.shape[1]):
        path = first + np.uint64(k)
        w0, w1, w2, w3 = philox(draw, stream, path & low, path >> half, k0, k1)
        out[0, k] = np.uint32(w0)
        out[1, k] = np.uint32(w1)
        out[2, k] = np.uint32(w2)
        out[3, k] = np.uint32(w3)


@njit("void(u4[::1], u4[::1], f4[::1], f4[::1], u4[::1])")
def normal_pairs(radius: Words32, turn: Words32, one: Singles, two: Singles, bits: Words32) -> None:
    """Two independent standard normals from two words, for each path of a tile; bits (TILE,) is scratch.

    r = √(−2 ln u), u = (word + ½)/2³²; the angle lies in the right half plane and the last bit of the word turns it round.
    ln by its series in (m − 1)/(m + 1), sine and cosine by Taylor's series on ±π/2: errors below 2e-7.
    """
    u = bits.view(np.float32)
    for k in range(bits.size):
        u[k] = np.float32(radius[k]) * np.float32(2.3283064365386963e-10) + np.float32(1.1641532182693481e-10)
    for k in range(bits.size):
        own = bits[k]
        e = np.float32(np.int32(own >> np.uint32(23)) - np.int32(127))
        bits[k] = (own & np.uint32(0x007FFFFF)) | np.uint32(0x3F800000)
        one[k] = e
    for k in range(bits.size):
        m, e = u[k], one[k]
        large = m > np.float32(1.4142135)
        m = m * np.float32(0.5) if large else m
        e = e + np.float32(1.0) if large else e
        s = (m - np.float32(1.0)) / (m + np.float32(1.0))
        q = s * s
        tail = np.float32(1 / 9)
        tail = tail * q + np.float32(1 / 7)
        tail = tail * q + np.float32(1 / 5)
        tail = tail * q + np.float32(1 / 3)
        log = e * np.float32(0.6931471805599453) + (s + s) * (np.float32(1.0) + q * tail)
        r = np.sqrt(np.float32(-2.0) * (log if log < np.float32(0.0) else np.float32(0.0)))
        word = turn[k]
        a = np.float32(np.int32(word)) * np.float32(7.314590396335798e-10)  # π/2³², so within ±π/2
        r = -r if (word & np.uint32(1)) != np.uint32(0) else r
        x = a * a
        sine = np.float32(-2.5052108e-8)
        sine = sine * x + np.float32(2.7557319e-6)
        sine = sine * x + np.float32(-1.9841270e-4)
        sine = sine * x + np.float32(8.3333333e-3)
        sine = sine * x + np.float32(-0.16666667)
        sine = (sine * x + np.float32(1.0)) * a
        cosine = np.float32(2.0876757e-9)
        cosine = cosine * x + np.float32(-2.7557319e-7)
        cosine = cosine * x + np.float32(2.4801587e-5)
        cosine = cosine * x + np.float32(-1.3888889e-3)
        cosine = cosine * x + np.float32(4.1666667e-2)
        cosine = cosine * x + np.float32(-0.5)
        cosine = cosine * x + np.float32(1.0)
        one[k] = r * cosine
        two[k] = r * sine


@njit("void(f4[::1], u4[::1])")
def exponential(x: Singles, bits: Words32) -> None:
    """x becomes e**x, x within ±80 (beyond is cut); bits (TILE,) is scratch. Relative error below 2e-7; e**0 is 1 itself."""
    scale = bits.view(np.float32)
    for k in range(x.size):
        v = x[k]
        v = np.float32(80.0) if v > np.float32(80.0) else v
        v = np.float32(-80.0) if v < np.float32(-80.0) else v
        n = (v * np.float32(1.4426950408889634) + np.float32(12582912.0)) - np.float32(12582912.0)
        r = (v - n * np.float32(0.693359375)) + n * np.float32(2.12194440e-4)
        p = np.float32(1 / 720)
        p = p * r + np.float32(1 / 120)
        p = p * r + np.float32(1 / 24)
        p = p * r + np.float32(1 / 6)
        p = p * r + np.float32(0.5)
        p = p * r + np.float32(1.0)
        x[k] = p * r + np.float32(1.0)
        bits[k] = np.uint32(np.int32(n) + np.int32(127)) << np.uint32(23)
    for k in range(x.size):
        x[k] = x[k] * scale[k]


@njit("void(u8, u8, f4[:, ::1])")
def market_factor(seed: Any, first: Any, out: Singles) -> None:
    """The common factor of a tile: out (steps, TILE), standard normals."""
    stream_factor(seed, np.uint64(MARKET), first, out)


@njit("void(u8, u8, u8, f4[:, ::1])")
def stream_factor(seed: Any, stream: Any, first: Any, out: Singles) -> None:
    """A factor of a stream of its own, as `market_factor`: out (steps, TILE)."""
    words, bits = np.empty((4, out.shape[1]), np.uint32), np.empty(out.shape[1], np.uint32)
    unused = np.empty(out.shape[1], np.float32)
    for step in range(0, out.shape[0], 4):
        tile_words(seed, stream, np.uint64(step // 4), first, words)
        for pair in range(2):
            one, two = step + 2 * pair, step + 2 * pair + 1
            if one < out.shape[0]:
                second = out[two] if two < out.shape[0] else unused
                normal_pairs(words[2 * pair], words[2 * pair + 1], out[one], second, bits)


@njit(
    "void(u8[::1], u8, u8[::1], f8[:, :, ::1], i8[:, ::1], f4[:, ::1], f4[::1], f8[:, ::1], f8[:, :, ::1], f8[:, :, ::1],"
    " f8[:, :, ::1], f8[::1])"
)
def project_tile(
    seeds: Any,
    first: Any,
    streams: Any,
    rates: Floats,
    span: Integers,
    noise: Singles,
    lengths: Singles,
    stocks: Floats,
    totals: Floats,
    ends: Floats,
    flows: Floats,
    worst: Floats,
) -> None:
    """Every fund through the paths first … first + TILE − 1.

    seeds (3,): of the common factor, of growth beside it, of pacing; one and the same but where a driver is held fast
    streams (funds,); rates (3, funds, steps): call, distribution, growth; span (2, funds): first live step, end
    noise (4, funds): market, own factor, own noise, pacing; lengths (steps,) years; stocks (2, funds): nav, unfunded
    totals (4, steps, TILE): calls, distributions, nav, unfunded, added to
    ends (3, funds, TILE): called, distributed, closing nav
    flows (funds or 0, steps, TILE): distributions − calls
    worst (2,): largest relative gap of the nav roll, of unfunded = opening − called; raised where larger
    """
    steps, funds = rates.shape[2], rates.shape[1]
    market = np.empty((steps, TILE), np.float32)
    market_factor(seeds[0], first, market)
    seed, apart = seeds[1], seeds[2] != seeds[1]
    words, bits = np.empty((4, TILE), np.uint32), np.empty(TILE, np.uint32)
    own, pace = np.empty((2, TILE), np.float32), np.empty((2, TILE), np.float32)
    factor, shock = np.empty(TILE, np.float32), np.empty(TILE, np.float32)
    unused = np.empty(TILE, np.float32)
    quick, slow, net = np.empty(TILE, np.float32), np.empty(TILE, np.float32), np.empty(TILE)
    nav, left = np.empty(TILE), np.empty(TILE)
    called, paid, gained = np.empty(TILE), np.empty(TILE), np.empty(TILE)
    with_flows = flows.shape[0] > 0
    for i in range(funds):
        beta, phi, sigma, pacing = noise[0, i], noise[1, i], noise[2, i], noise[3, i]
        nav[:], left[:] = stocks[0, i], stocks[1, i]
        called[:], paid[:], gained[:] = 0.0, 0.0, 0.0
        factor[:] = np.float32(0.0)
        begin, end = span[0, i], span[1, i]
        if phi != np.float32(0.0):
            tile_words(seed, streams[i], np.uint64(PERSISTENT), first, words)
            normal_pairs(words[0], words[1], factor, shock, bits)
        for t in range(begin):
            for k in range(TILE):
                totals[2, t, k] += nav[k]
                totals[3, t, k] += left[k]
        fresh = -1
        for t in range(begin, end):
            if t // 2 != fresh:
                fresh = t // 2
                tile_words(seed, streams[i], np.uint64(fresh), first, words)
                normal_pairs(words[0], words[1], own[0], pace[0], bits)
                normal_pairs(words[2], words[3], own[1], pace[1], bits)
                if apart:
                    tile_words(seeds[2], streams[i], np.uint64(fresh), first, words)
                    normal_pairs(words[0], words[1], unused, pace[0], bits)
                    normal_pairs(words[2], words[3], unused, pace[1], bits)
            length = lengths[t]
            root = np.sqrt(length)
            b, p, s = beta * root, phi * length, sigma * root
            drift = np.float32(-0.5) * (b * b + p * p + s * s)
            half = np.float32(-0.5) * pacing * pacing
            z, w, m = own[t & 1], pace[t & 1], market[t]
            for k in range(TILE):
                shock[k] = drift + b * m[k] + p * factor[k] + s * z[k]
                quick[k] = half + pacing * w[k]
                slow[k] = half - pacing * w[k]
            exponential(shock, bits)
            exponential(quick, bits)
            exponential(slow, bits)
            call_rate, paid_rate, growth = rates[0, i, t], rates[1, i, t], rates[2, i, t]
            if paid_rate >= 1.0:
                slow[:] = np.float32(1.0)
            for k in range(TILE):
                rate = call_rate * np.float64(quick[k])
                rate = 1.0 if rate > 1.0 else rate
                part = paid_rate * np.float64(slow[k])
                part = 1.0 if part > 1.0 else part
                call = left[k] * rate
                grown = nav[k] * (growth * np.float64(shock[k]))
                out = grown * part
                gained[k] += grown - nav[k]
                nav[k] = grown - out + call
                left[k] -= call
                called[k] += call
                paid[k] += out
                totals[0, t, k] += call
                totals[1, t, k] += out
                totals[2, t, k] += nav[k]
                totals[3, t, k] += left[k]
                net[k] = out - call
            if with_flows:
                flows[i, t, :] = net
        for t in range(end, steps):
            for k in range(TILE):
                totals[2, t, k] += nav[k]
        size = stocks[0, i] + stocks[1, i] + 1.0
        for k in range(TILE):
            ends[0, i, k], ends[1, i, k], ends[2, i, k] = called[k], paid[k], nav[k]
            gap = abs(nav[k] - (stocks[0, i] + gained[k] + called[k] - paid[k])) / (
                size + abs(gained[k]) + paid[k]
            )
            worst[0] = gap if gap > worst[0] else worst[0]
            gap = abs(stocks[1, i] - called[k] - left[k]) / size
            gap = 1.0 if left[k] < 0.0 else gap
            worst[1] = gap if gap > worst[1] else worst[1]
