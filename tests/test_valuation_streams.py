"""Addressed random numbers: the authors' vectors, the law, and nothing in common between addresses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation import streams
from valuation.refusals import ValuationError


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_its_authors_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]
) -> None:
    """The three vectors published with Random123 (kat_vectors, philox4x32 with 10 rounds)."""
    assert tuple(int(w) for w in streams.philox(*(np.uint64(x) for x in counter + key))) == words


def drawn(seed: int, purpose: int, path: int, batch: int) -> np.ndarray:
    bits, scratch = np.empty((2, streams.BATCH), np.uint64)
    out = np.empty(streams.BATCH)
    streams.exponentials(
        np.uint64(seed), np.uint64(purpose), np.uint64(path), np.uint64(batch), bits, scratch, out
    )
    return out


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**40), st.integers(0, 1000))
def test_exponentials_are_minus_the_logarithm_of_their_uniforms(seed: int, path: int, batch: int) -> None:
    out = drawn(seed, 1, path, batch)
    for i in range(0, streams.BATCH, 2):
        draw = np.uint64(batch * streams.BATCH // 2 + i // 2)
        u = streams.uniform(np.uint64(seed), np.uint64(1), np.uint64(path), draw)
        assert 0 < u < 1
        assert out[i] == pytest.approx(-math.log(u), rel=1e-15)


def test_streams_of_different_addresses_are_unrelated_and_uniform() -> None:
    """200,000 exponentials: moments, and the Kolmogorov distance, as those of the law; neighbours uncorrelated."""
    sample = np.concatenate([drawn(11, 1, path, 0) for path in range(3125)])
    n = sample.size
    assert abs(sample.mean() - 1) < 4 / math.sqrt(n)
    assert abs(sample.var() - 1) < 4 * math.sqrt(8 / n)
    ranked = np.sort(1 - np.exp(-sample))
    distance = np.abs(ranked - (np.arange(n) + 0.5) / n).max() * math.sqrt(n)
    assert distance < 1.63
    paths = sample.reshape(3125, -1)
    assert abs(np.corrcoef(paths[:-1].ravel(), paths[1:].ravel())[0, 1]) < 4 / math.sqrt(n)
    assert abs(np.corrcoef(sample[:-1], sample[1:])[0, 1]) < 4 / math.sqrt(n)
    other = np.concatenate([drawn(12, 1, path, 0) for path in range(3125)])
    assert abs(np.corrcoef(sample, other)[0, 1]) < 4 / math.sqrt(n)


def test_a_seed_is_a_whole_number() -> None:
    assert streams.seed_word(2**63 - 1) == 2**63 - 1
    for seed in (-1, 2**63, 1.0, True, None):
        with pytest.raises(ValuationError, match="seed"):
            streams.seed_word(seed)  # type: ignore[arg-type]
