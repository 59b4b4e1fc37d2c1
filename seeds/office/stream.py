"""Random numbers that never change: SplitMix64 in whole numbers, one stream per label.

Python's own generator promises the same `random()` but not the same `shuffle` or `gauss` in every release, and
the C library's `exp` differs in the last digit between machines. A workbook reviewed like code may depend on
neither, so every draw here is integer arithmetic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Stream:
    """A stream of draws named by a label; equal labels give equal draws, other labels independent ones."""

    def __init__(self, label: str) -> None:
        self._state = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")

    def bits(self) -> int:
        """64 random bits (SplitMix64: Steele, Lea, Flood 2014)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.bits() % (high - low + 1)

    def around(self, mean: int, spread: int) -> int:
        """A bell-shaped whole number: mean plus or minus at most `spread` (mean of four uniforms)."""
        return mean + sum(self.between(-spread, spread) for _ in range(4)) // 4

    def chance(self, per_cent: int) -> bool:
        return self.between(1, 100) <= per_cent

    def pick(self, items: Sequence[T]) -> T:
        return items[self.between(0, len(items) - 1)]

    def pick_by(self, weights: Sequence[tuple[T, int]]) -> T:
        """One item by whole-number weight."""
        ticket = self.between(1, sum(weight for _, weight in weights))
        for item, weight in weights:
            ticket -= weight
            if ticket <= 0:
                return item
        raise AssertionError("a ticket is never above the sum of the weights")

    def shuffled(self, items: Sequence[T]) -> list[T]:
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.between(0, i)
            out[i], out[j] = out[j], out[i]
        return out


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share a whole amount (of either sign) by weight, largest remainder, first weight wins a tie."""
    whole = sum(weights)
    if total < 0:
        return [-part for part in split(-total, weights)]
    parts = [divmod(total * weight, whole) for weight in weights]
    rest = total - sum(quotient for quotient, _ in parts)
    first = sorted(range(len(parts)), key=lambda i: -parts[i][1])[:rest]
    return [quotient + (i in set(first)) for i, (quotient, _) in enumerate(parts)]
