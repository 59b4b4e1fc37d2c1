"""Cells of figures and days: amounts, shares, numbers, years, dates; exactly or not at all."""

from __future__ import annotations

import datetime as dt
import math
import re
from contextlib import suppress
from decimal import Decimal

from fof.importers.cells import Amount, ColumnContext, Unreadable, number, signed, trimmed
from fof.importers.columns import Column
from fof.importers.units import plain
from models.money import fen_of
from models.text import Text

FIRST_DAY, LAST_DAY = dt.date(1900, 3, 1), dt.date(2199, 12, 31)
"""Days before March 1900 are refused: there Excel's own calendar is wrong."""

_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))(?: 00:00(?::00(?:\.0+)?)?)?"
)
_MOMENT = re.compile(r"[0-9]{4}[-/.年].*[0-9]{1,2}:[0-9]{2}.*")
_SERIALS = range(10_000, 109_574)  # bare numbers that may be days: 1927 to 2199
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), 1_462
_SERIAL = re.compile(r"[0-9]{5,6}")


def amount(kind: str, text: str, column: Column, reading: ColumnContext) -> Amount:
    """An amount in the unit of its column, to the fen."""
    unit = reading.unit
    if unit is None:
        raise Unreadable(
            "unit_missing",
            Text(
                "表头须注明单位，如“（万元）”，或在“金额单位”列填写",
                "the header must state the unit, as in “(yuan)”, or the unit column must",
            ),
        )
    if kind == "p":
        raise Unreadable("not_a_number", Text("应为金额，不是百分数", "an amount expected, not a percentage"))
    value = number(kind, text, Text("金额", "an amount"))
    signed(value, column)
    if abs(value) >= 10**16:
        raise Unreadable("too_large", Text("金额须小于 10 万亿元", "an amount below 10 to the 13 yuan"))
    fen = value.scaleb(unit.power)
    nearest = fen.to_integral_value()
    noise = Decimal(_noise(text, unit.power)) if kind == "n" else Decimal(0)
    if abs(fen - nearest) > noise:
        raise Unreadable("fraction_of_a_fen", Text("金额须精确到分", "an amount in whole fen"))
    try:
        return Amount(fen_of(format(nearest.scaleb(-2), "f")), unit.currency)
    except ValueError:
        raise Unreadable(
            "too_large", Text("金额须小于 10 万亿元", "an amount below 10 to the 13 yuan")
        ) from None


def _noise(text: str, power: int) -> float:
    """How far from a whole fen a stored number may be: 1e-9 yuan, or its own last binary digits up to 0.001 fen."""
    return max(1e-7, min(2 * math.ulp(float(text)) * 10.0**power, 1e-3))


def share(kind: str, text: str, column: Column, reading: ColumnContext) -> Decimal:
    """A share: a percentage, or a fraction where the header says so."""
    percent = kind == "p"
    bare = plain(text)
    if kind == "s" and bare.endswith(("%", "‰")):
        percent = True
        if bare.endswith("‰"):
            raise Unreadable("not_a_number", Text("应为百分比", "a percentage expected"))
        bare = bare[:-1].strip()
    value = number(kind, bare if kind == "s" else text, Text("比例", "a share"))
    if abs(value) >= 10**13:
        raise Unreadable("too_large", Text("数字过大", "a smaller number"))
    if kind == "p":
        result = value
    elif percent or reading.fraction is False:
        result = value / 100
    elif reading.fraction:
        result = value
    else:
        raise Unreadable(
            "share_unit_missing",
            Text("须写明百分号，或在表头注明（%）", "a percent sign, or (%) in the header"),
        )
    if kind in "np" and abs(result - round(result, 12)) < Decimal("1e-14"):
        result = round(result, 12)
    signed(result, column)
    if result > 1 and not column.signed:
        raise Unreadable("over_one", Text("不得超过 100%", "at most 100 %"))
    return trimmed(result)


def decimal(kind: str, text: str, column: Column, _: ColumnContext) -> Decimal:
    """A number; 2x and 2倍 are numbers too."""
    value = number(kind, text.rstrip("xX倍") if kind == "s" else text, Text("数字", "a number"))
    signed(value, column)
    if abs(value) >= 10**13:
        raise Unreadable("too_large", Text("数字过大", "a smaller number"))
    return value


def whole(kind: str, text: str, column: Column, _: ColumnContext) -> int:
    """A whole number."""
    value = number(kind, text, Text("整数", "a whole number"))
    signed(value, column)
    if value != value.to_integral_value() or abs(value) >= 10**13:
        raise Unreadable("not_whole", Text("应为整数", "a whole number expected"))
    return int(value)


def year(kind: str, text: str, column: Column, reading: ColumnContext) -> int:
    """A year of four digits."""
    value = whole(kind, plain(text).removesuffix("年") if kind == "s" else text, column, reading)
    if not 1900 <= value <= 2199:
        raise Unreadable("not_a_year", Text("应为四位年份", "a year of four digits expected"))
    return value


def day(kind: str, text: str, _: Column, reading: ColumnContext) -> dt.date:
    """A day. A bare number of a workbook is a serial day, for the workbook says from when it counts (and the reader says so);
    as text, and so in every csv, it could be two days four years apart."""
    day = None
    if kind == "d":
        day = dt.date.fromisoformat(text)
    elif kind == "n" and text.isdigit() and int(text) in _SERIALS:
        serial = int(text) + (_EPOCH_1904 if reading.epoch_1904 else 0)
        day = _EPOCH + dt.timedelta(days=serial)
    elif kind in "ns" and (match := _DAY.fullmatch(plain(text))):
        year, *parts = (int(g) for g in match.groups() if g is not None)
        with suppress(ValueError):
            day = dt.date(year, *parts)
    if day is None and (kind == "t" or _MOMENT.fullmatch(plain(text))):
        raise Unreadable(
            "time_of_day",
            Text("应为日期，不含时刻，如 2024-03-15", "a date without a time of day, such as 2024-03-15"),
        )
    if day is None and kind == "s" and _SERIAL.fullmatch(plain(text)) and int(text) in _SERIALS:
        first, other = (_EPOCH + dt.timedelta(days=int(text) + more) for more in (0, _EPOCH_1904))
        raise Unreadable(
            "not_a_date",
            Text(
                f"应为日期，如 2024-03-15；这似是表格软件的日期序号，文字不说明从何年数起（{first} 或 {other}）",
                f"a date such as 2024-03-15 expected; this looks like a spreadsheet's number of a day, and text does not say from which year it counts ({first} or {other})",
            ),
        )
    if day is None:
        raise Unreadable("not_a_date", Text("应为日期，如 2024-03-15", "a date such as 2024-03-15 expected"))
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(
            "date_out_of_range",
            Text(f"日期须在 {FIRST_DAY} 至 {LAST_DAY} 之间", f"a day from {FIRST_DAY} to {LAST_DAY}"),
        )
    return day
