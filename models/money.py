"""Money: an exact number of fen of one currency. Text is read exactly; floats are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

_AMOUNT = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,13})(?:\.(?P<part>[0-9]+))?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,30})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．＋－", "0123456789.+-")

DEFAULT_CURRENCY = "CNY"
"""Of money of which nothing else is stated."""
WHOLE = 1_000_000_000
"""A share of one in the unit in which shares are stored."""
UNITS = {"元": 2, "万元": 6, "百万元": 8, "亿元": 10, "fen": 0, "分": 0}
"""Power of ten from a unit to fen."""


def fen_of(text: str, unit: str = "元") -> int:
    """Whole fen of an amount written in `unit`.

    text : plain digits with an optional leading minus and decimals ("1000000.01"); no thousands separators
    ValueError where the text is not an amount or holds a fraction of a fen; TypeError for a float.

    >>> fen_of("12.5", "万元")
    12500000
    """
    if not isinstance(text, str):
        raise TypeError(f"an amount is read from text, not from {text!r}")
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"not an amount: {text!r}")
    power = UNITS[unit]
    part = (match["part"] or "").rstrip("0")
    if len(part) > power:
        raise ValueError(f"a fraction of a fen: {text!r} {unit}")
    fen = int(match["whole"] + part.ljust(power, "0"))
    return -fen if match["sign"] else fen


def decimal_of(text: str) -> Decimal:
    """A number as a person writes it: ASCII or full-width digits, a sign, a point. ValueError for an exponent, a word, digits
    that are none of ours (٨, 1_0): Decimal would read them.

    >>> decimal_of(" 0.08 ")
    Decimal('0.08')
    """
    digits = text.translate(_FULL_WIDTH).strip()
    if _DECIMAL.fullmatch(digits) is None:
        raise ValueError(f"not a number in plain digits: {text!r}")
    return Decimal(digits)


def yuan_text(fen: int) -> str:
    """The amount in yuan with two decimals, the form used in JSON and csv: fen_of(yuan_text(x)) == x."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"


def known_sum(amounts: Iterable[int | None]) -> int | None:
    """A sum of amounts; None where one of them is not known."""
    total = 0
    for fen in amounts:
        if fen is None:
            return None
        total += fen
    return total


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact number of fen."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"money is whole fen, got {self.fen!r}")

    @classmethod
    def yuan(cls, text: str) -> Money:
        """From a text in yuan."""
        return cls(fen_of(text))

    @classmethod
    def wan(cls, text: str) -> Money:
        """From a text in ten thousand yuan."""
        return cls(fen_of(text, "万元"))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __str__(self) -> str:
        return yuan_text(self.fen)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Share out by weight; the parts always add up to the whole.

        Largest remainder, the first weight wins a tie. ValueError if a weight is negative or none is positive.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError(f"weights must be >= 0 with a positive sum, got {list(weights)!r}")
        parts = [divmod(self.fen * w, total) for w in weights]
        rest = self.fen - sum(q for q, _ in parts)
        first = sorted(range(len(parts)), key=lambda i: -parts[i][1])[:rest]
        return [Money(q + (i in first)) for i, (q, _) in enumerate(parts)]
