"""Numbers inside the sentences of findings. Exact: nothing is rounded away silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

_CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)


def ratio(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """part / whole to 28 digits: exact for comparing whole fen. whole must not be 0."""
    return _CONTEXT.divide(Decimal(part), Decimal(whole))


def decimal_of(share: Fraction) -> Decimal:
    """A look-through share (a product of fractions) as a decimal of 28 digits."""
    return ratio(share.numerator, share.denominator)


def _trim(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def pct(share: Decimal) -> str:
    """A share as per cent, up to 4 decimals: 0.4 is '40%'; '≈' where digits were cut."""
    exact = share * 100
    shown = exact.quantize(Decimal("0.0001"))
    return f"{'' if shown == exact else '≈'}{_trim(shown)}%"


def times(multiple: Decimal) -> str:
    """A multiple with up to 4 decimals, '≈' where digits were cut."""
    shown = multiple.quantize(Decimal("0.0001"))
    return f"{'' if shown == multiple else '≈'}{_trim(shown)}"


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
    code = _currency(fen)
    unit = _UNITS_ZH.get(code, code)
    for power, many in ((10, "亿"), (6, "万")):
        if abs(fen) >= 10**power:
            return f"{_trim(Decimal(fen).scaleb(-power))}{many}{unit}"
    return f"{_trim(Decimal(fen).scaleb(-2))}{unit}"


def money_en(fen: int) -> str:
    """RMB (or the code of another currency) with m for millions, exact: 25_000_000_000 fen is 'RMB 250m'."""
    code = _currency(fen)
    sign = _SIGNS_EN.get(code, code)
    if abs(fen) >= 10**8:
        return f"{sign} {_trim(Decimal(fen).scaleb(-8))}m"
    return f"{sign} {format(Decimal(fen).scaleb(-2), ',.2f').removesuffix('.00')}"


def actual(value: int | Decimal | None, *, fen: bool = False) -> tuple[str, str]:
    """What was found, in brackets behind a condition (Chinese, English); nothing where it is missing."""
    if value is None:
        return "", ""
    if isinstance(value, Decimal):
        return f"（实际 {pct(value)}）", f" (found {pct(value)})"
    if fen:
        return f"（实际 {money_zh(value)}）", f" (found {money_en(value)})"
    return f"（实际 {value}）", f" (found {value})"


def listed(codes: Iterable[str], at_most: int = 5) -> str:
    """Codes in a row, the first few and how many more."""
    codes = list(codes)
    more = len(codes) - at_most
    return ", ".join(codes[:at_most]) + (f" … (+{more})" if more > 0 else "")
