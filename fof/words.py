"""What the office reads: texts in two languages, and amounts, rates and days in its own forms.

A text stands where it is used, in both languages: `_("总览", "Overview")`. A figure that does not exist is a dash, never 0.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from models import kinds
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import LANGUAGES, Text, language, use

__all__ = ["LANGUAGES", "Text", "language", "use"]
UNITS = {"元": (2, 2), "万元": (6, 2), "亿元": (10, 4)}
"""Units on screen: power of ten from the unit to fen, and decimals shown."""
UNIT_NAMES_EN = {"元": "yuan", "万元": "10k yuan", "亿元": "100m yuan"}
CURRENCY_WORDS = {
    "CNY": Text("元", "yuan"),
    "USD": Text("美元", "US dollars"),
    "EUR": Text("欧元", "euros"),
    "HKD": Text("港元", "HK dollars"),
}
"""Main unit of a currency; others say theirs as the closed list does, in English by their code."""
DASH = "—"
_NEAREST = Context(prec=60, rounding=ROUND_HALF_UP)
OFFICE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""The office's clock. Instants are kept in UTC; a day that people name is a day on this clock."""


def today() -> dt.date:
    """The office's day."""
    return dt.datetime.now(OFFICE).date()


def _(zh: str, en: str) -> str:
    """One of two texts, in the language of this run. A text whose place is no screen is a `Text`."""
    return str(Text(zh, en))


def word(member: kinds.Word | None) -> str:
    """A member of a closed list as it is said in this language; a dash for none."""
    if member is None:
        return DASH
    return str(member.text)


def posting_kind(kind: int) -> str:
    """The name of a posting kind."""
    treatment = TREATMENTS[PostingKind(kind)]
    return treatment.text.zh if language() == "zh" else treatment.text.en


def amount(fen: float | None, unit: str = "万元") -> str:
    """An amount in the unit, with thousands separators; a dash for None or nan.

    >>> amount(123456789), amount(1250_00)
    ('123.46', '0.13')
    """
    if fen is None or (isinstance(fen, float) and math.isnan(fen)):
        return DASH
    power, decimals = UNITS[unit]
    if isinstance(fen, float):
        return f"{rounded(Decimal(fen).scaleb(-power, _NEAREST), decimals):z,.{decimals}f}"
    steps = (abs(int(fen)) * 2 * 10**decimals + 10**power) // (2 * 10**power)
    whole, rest = divmod(steps, 10**decimals)
    return f"{'-' if fen < 0 < steps else ''}{whole:,}.{rest:0{decimals}d}"


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """A number to this many decimals, a half away from zero as spreadsheets show it; a float is taken as it is written.

    >>> rounded(0.625, 2), rounded(1.005, 2)
    (Decimal('0.63'), Decimal('1.01'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), context=_NEAREST)


def in_unit(fen: float | None, unit: str) -> float:
    """The amount as a number in the unit, for a table or a chart; nan for None."""
    return math.nan if fen is None else fen / 10 ** UNITS[unit][0]


def currency_name(currency: str | None) -> str:
    """A currency as it is said; a dash for several together."""
    if currency is None:
        return DASH
    known = kinds.Currency.read(currency)
    return currency if known is None else str(Text(known.zh, currency))


def unit_name(unit: str, currency: str | None = "CNY") -> str:
    """The unit with its currency: 万元, 10k yuan, 万美元, 10k US dollars; None, each row in its own: 万原币."""
    return str(unit_text(unit, currency))


def unit_text(unit: str, currency: str | None = "CNY") -> Text:
    """The same in both languages."""
    known = None if currency is None else kinds.Currency.read(currency)
    own = Text("原币", "own currency") if currency is None else Text(currency, currency)
    currency_text = CURRENCY_WORDS.get(currency or "", own if known is None else Text(known.zh, own.en))
    return Text(unit.replace("元", currency_text.zh), UNIT_NAMES_EN[unit].replace("yuan", currency_text.en))


def readable(fen: int, currency: str | None = "CNY") -> Text:
    """An amount in a sentence, in the unit that its size asks for, in both languages.

    >>> readable(68_801_234_00).zh, readable(68_801_234_00).en
    ('6,880.12 万元', '68.80 million yuan')
    """
    unit = "亿元" if abs(fen) >= 10 ** UNITS["亿元"][0] else "万元"
    known = None if currency is None else kinds.Currency.read(currency)
    own = Text("原币", "in own currency") if currency is None else Text(currency, currency)
    name = CURRENCY_WORDS.get(currency or "", own if known is None else Text(known.zh, own.en))
    million = rounded(Decimal(fen).scaleb(-8), 2)
    return Text(f"{amount(fen, unit)} {unit.replace('元', name.zh)}", f"{million:,.2f} million {name.en}")


def official(text: Text) -> str:
    """A label of an official Chinese form; in an English run its English stands beside it."""
    return str(Text(text.zh, text.zh if text.zh == text.en else f"{text.zh} {text.en}"))


def listed(items: Iterable[object]) -> str:
    """Words one after another: 甲、乙 or A, B."""
    return str(Text("、", ", ")).join(map(str, items))


def clauses(items: Iterable[object]) -> str:
    """Parts of a sentence one after another: 甲；乙 or A; B."""
    return str(Text("；", "; ")).join(map(str, items))


def labelled(name: object, value: object) -> str:
    """A name and what it has: 名称：值 or Name: value."""
    return f"{name}{Text('：', ': ')}{value}"


def bracketed(text: object) -> str:
    """What stands behind a word in brackets: （说明） or  (said), with its blank."""
    return str(Text(f"（{text}）", f" ({text})"))


def beside(text: object, more: object) -> str:
    """A word, and in brackets what belongs to it: 甲（乙） or A (B)."""
    return f"{text}{bracketed(more)}"


def probability(p: float) -> str:
    """A p-value behind its letter: = 0.0312, or < 0.0001 where four decimals would say nothing."""
    return f"= {p:.4f}" if p >= 0.0001 else p_value(p)


def p_value(p: float) -> str:
    """A p-value by itself: 0.0312, or < 0.0001."""
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}"


PRICE_DECIMALS = 4


def price(yuan: Decimal | float | None) -> str:
    """A price of one share with four decimals, as values of a share are published; a dash for None or nan."""
    return DASH if yuan is None or math.isnan(yuan) else f"{yuan:,.{PRICE_DECIMALS}f}"


def percent(share: float | None) -> str:
    """A share or rate as per cent with two decimals; a dash for None or nan."""
    return DASH if share is None or math.isnan(share) else f"{_at_two(100 * float(share))}%"


def multiple(value: float | None) -> str:
    """A multiple with two decimals and x; a dash for None or nan."""
    return DASH if value is None or math.isnan(value) else f"{_at_two(value)}x"


def _at_two(value: float) -> str:
    whole = abs(value) >= 2**53  # beyond that a float has no decimals
    return f"{value if whole else rounded(value, 2):z.2f}"


def day(value: dt.date | None) -> str:
    """An ISO date; a dash for None."""
    return DASH if value is None else value.isoformat()


def office_time(recorded_at: str) -> dt.datetime:
    """An instant of the journal (UTC, ISO 8601) on the office's clock."""
    return dt.datetime.fromisoformat(recorded_at).astimezone(OFFICE)


def office_minute(recorded_at: str) -> str:
    """The same to the second, for a table: 2026-06-30 08:00:00."""
    try:
        return f"{office_time(recorded_at):%Y-%m-%d %H:%M:%S}"
    except ValueError:  # an entry of an old book that was written past this program
        return recorded_at
