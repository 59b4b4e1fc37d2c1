"""What a cell is read into, and what all readers of cells share: numbers, refusals, how a cell is quoted."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from fof.characters import visible
from fof.importers.columns import Column
from fof.importers.units import AmountUnit, plain, unit_of
from models.frozen import frozen
from models.kinds import Word
from models.text import Text

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?")
_UNIT_BESIDE = re.compile(r"[0-9][0-9,.]*[ ]*([^0-9,. ].*)")
BETWEEN = "\x1f"


class Amount(NamedTuple):
    """Whole minor units (fen) of a currency."""

    fen: int
    currency: str


Value = str | dt.date | int | bool | Decimal | Amount | AmountUnit | Word | tuple[str, ...]


class Unreadable(ValueError):
    """A cell that cannot be read: stable code, and what is expected instead."""

    def __init__(self, code: str, expected: Text) -> None:
        super().__init__(code)
        self.code, self.expected = code, expected


@frozen
class ColumnContext:
    """What the sheet says about a column beside its cells: unit of amounts, unit of shares, the file's epoch.

    fraction   True: shares are fractions (0.2), False: per cent (20), None: each cell says so by a percent sign
    epoch_1904 days of bare numbers count from 1904
    """

    unit: AmountUnit | None = None
    fraction: bool | None = None
    epoch_1904: bool = False


def to_places(cell: str, places: int) -> str | None:
    """The cell with its number rounded (half up) to so many decimals; None where it holds no number or none is changed."""
    if cell[0] not in "sn":
        return None
    try:
        value = number(cell[0], cell[1:], Text("", ""))
        near = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except (Unreadable, InvalidOperation):
        return None
    return None if near == value else f"{cell[0]}{near:f}"


def quoted(cell: str) -> str:
    """The cell as a problem quotes it: shares as they are displayed, what cannot be seen by its number."""
    text = cell[1:]
    if cell[0] == "p" and math.isfinite(float(text)):
        text = f"{Decimal(text) * 100:f}%"
    if cell[0] == "u":
        before, number, after = text.split(BETWEEN)
        text = f"{before}{number}{after} ({number})"
    text = visible(text)
    return text if len(text) <= 60 else f"{text[:57]}…"


def number(kind: str, text: str, what: Text) -> Decimal:
    """The number of a cell with its sign; brackets are negative."""
    if kind in "np":
        value = Decimal(text)
        if not value.is_finite():
            raise Unreadable("not_a_number", Text(f"应为{what.zh}", f"{what.en} expected"))
        return value
    digits = plain(text)
    sign = 1
    if digits.startswith("(") and digits.endswith(")"):
        sign, digits = -1, digits[1:-1].strip()
    elif digits[:1] in ("-", "−", "+"):
        sign, digits = (1 if digits[0] == "+" else -1), digits[1:].strip()
    if kind != "s" or len(digits) > 26 or _GROUPED.fullmatch(digits) is None:
        if kind == "s" and (unit := _UNIT_BESIDE.fullmatch(digits)) and unit_of(unit[1]) is not None:
            sentence = Text(
                f"{what.zh}只写数字，单位“{unit[1]}”写在表头或“金额单位”列",
                f"{what.en} in digits only; the unit {unit[1]!r} belongs in the header or the unit column",
            )
            raise Unreadable("unit_in_cell", sentence)
        raise Unreadable("not_a_number", Text(f"应为{what.zh}", f"{what.en} expected"))
    return sign * Decimal(digits.replace(",", ""))


def signed(value: Decimal, column: Column) -> None:
    """Refuse a number below zero in a column that takes none."""
    if value < 0 and not column.signed:
        raise Unreadable("negative", Text("不得为负", "zero or more expected"))


def trimmed(value: Decimal) -> Decimal:
    """The same value without zeros behind it."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
