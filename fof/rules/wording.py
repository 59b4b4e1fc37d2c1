"""Numbers inside the sentences of findings. Exact: nothing is rounded away silently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from models.kinds import FeeBasis, GovernmentLevel, Stage
from models.rule_kinds import SeiGroup
from models.text import NO_TEXT, Text

_CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)


def ratio(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """part / whole to 28 digits: exact for comparing whole fen. whole must not be 0."""
    return _CONTEXT.divide(part, whole)


def decimal_of(share: Fraction) -> Decimal:
    """A look-through share (a product of fractions) as a decimal of 28 digits."""
    return ratio(share.numerator, share.denominator)


def _trim(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(8192)
def pct(share: Decimal) -> str:
    """A share as per cent, up to 4 decimals: 0.4 is '40%'; '≈' where digits were cut."""
    exact = share * 100
    rounded = exact.quantize(Decimal("0.0001"))
    return f"{'' if rounded == exact else '≈'}{_trim(rounded)}%"


def times(multiple: Decimal) -> str:
    """A multiple with up to 4 decimals, '≈' where digits were cut."""
    rounded = multiple.quantize(Decimal("0.0001"))
    return f"{'' if rounded == multiple else '≈'}{_trim(rounded)}"


YUAN = "CNY"
_spoken_of: ContextVar[str] = ContextVar("currency", default=YUAN)
_UNITS_ZH = {YUAN: "元", "USD": "美元", "EUR": "欧元", "HKD": "港元"}
_SIGNS_EN = {YUAN: "RMB"}


class Yuan(int):
    """Fen of yuan, said as yuan also where the money spoken of is in another currency: a number of the rulebook."""


@contextmanager
def in_currency(code: str) -> Iterator[None]:
    """Amounts in sentences are said in this currency."""
    token = _spoken_of.set(code)
    try:
        yield
    finally:
        _spoken_of.reset(token)


def _currency(fen: int) -> str:
    return YUAN if isinstance(fen, Yuan) else _spoken_of.get()


def money_zh(fen: int) -> str:
    """亿元, 万元 or 元, exact: 25_000_000_000 fen is '2.5亿元'; of dollars 万美元."""
    return _money_zh(int(fen), _currency(fen))


@lru_cache(8192)
def _money_zh(fen: int, code: str) -> str:
    unit = _UNITS_ZH.get(code, code)
    for power, many in ((10, "亿"), (6, "万")):
        if abs(fen) >= 10**power:
            return f"{_trim(Decimal(fen).scaleb(-power))}{many}{unit}"
    return f"{_trim(Decimal(fen).scaleb(-2))}{unit}"


def money_en(fen: int) -> str:
    """RMB (or the code of another currency) with m for millions, exact: 25_000_000_000 fen is 'RMB 250m'."""
    return _money_en(int(fen), _currency(fen))


@lru_cache(8192)
def _money_en(fen: int, code: str) -> str:
    sign = _SIGNS_EN.get(code, code)
    if abs(fen) >= 10**8:
        return f"{sign} {_trim(Decimal(fen).scaleb(-8))}m"
    return f"{sign} {format(Decimal(fen).scaleb(-2), ',.2f').removesuffix('.00')}"


def actual(value: int | Decimal | None, *, fen: bool = False) -> Text:
    """What was found, in brackets behind a condition (Chinese, English); nothing where it is missing."""
    if value is None:
        return NO_TEXT
    if isinstance(value, Decimal):
        return Text(f"（实际 {pct(value)}）", f" (found {pct(value)})")
    if fen:
        return Text(f"（实际 {money_zh(value)}）", f" (found {money_en(value)})")
    return Text(f"（实际 {value}）", f" (found {value})")


def listed(codes: Iterable[str], at_most: int = 5) -> str:
    """Codes in a row, the first few and how many more."""
    codes = list(codes)
    more = len(codes) - at_most
    return ", ".join(codes[:at_most]) + (f" … (+{more})" if more > 0 else "")


_YUAN_ZH = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(亿|万)?元")
_YUAN_EN = re.compile(r"RMB (-?[0-9][0-9,]*(?:\.[0-9]+)?)(m\b)?")
_POWERS = {"亿": 10, "万": 6, None: 2, "m": 8}


def in_unit(sentence: str, power: int, unit: str) -> str:
    """A sentence with its amounts of yuan in one unit of 10**power fen, exact; amounts of other currencies stay as they are.

    >>> in_unit("应缴 1.5亿元，欠缴 0.01元", 6, "万元")
    '应缴 15000万元，欠缴 0.000001万元'
    """

    def converted(match: re.Match[str]) -> str:
        fen = Decimal(match[1].replace(",", "")).scaleb(_POWERS[match[2]])
        return f"{_trim(fen.scaleb(-power))}{'' if unit.endswith('元') else ' '}{unit}"

    return _YUAN_EN.sub(converted, _YUAN_ZH.sub(converted, sentence))


def word_of(code: str) -> Text:
    """Codes of the closed lists in words, Chinese and English: several parted by " / "; what is none stays as it is."""
    parts = [_WORDS.get(part, Text(part, part)) for part in code.split(" / ")]
    return Text(" / ".join(part.zh for part in parts), " / ".join(part.en for part in parts))


MEASURE_UNITS = {
    "days": Text("天", "days"),
    "months": Text("个月", "months"),
    "years": Text("年", "years"),
    "multiple": Text("倍", "×"),
}


def measured(value: object, unit: str) -> str:
    """A number that a rule measured, with its unit (of those that are neither money nor a share); a text as it is."""
    if isinstance(value, str):
        return value
    text = _trim(round(value, 4)) if isinstance(value, Decimal) else str(value)
    return f"{text} {MEASURE_UNITS[unit]!s}" if unit in MEASURE_UNITS else text


_WORDS = {
    str(member): member.text for words in (FeeBasis, GovernmentLevel, Stage, SeiGroup) for member in words
}
"""What findings measure in words (unit "word")."""
