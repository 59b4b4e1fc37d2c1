"""One cell, read by its column: text as it stands in the file becomes a typed value, exactly or not at all.

A cell arrives as its kind letter and its text (fof.importers.workbook); a cell of a csv is of kind s, or f where it begins
as a formula does.
Nothing is guessed: what can be read in two ways is refused with the reason.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from fof.importers import file_limits
from fof.importers.characters import CODE_CHARACTERS, is_path, look_alike, unseen, visible
from fof.importers.columns import CellType, Column
from fof.importers.identifiers import is_industry, is_uscc
from fof.importers.units import AmountUnit, agrees, currency_of, plain, unit_of
from models.kinds import Currency, Word
from models.money import fen_of
from models.text import Text

FIRST_DAY, LAST_DAY = dt.date(1900, 3, 1), dt.date(2199, 12, 31)
"""Days before March 1900 are refused: there Excel's own calendar is wrong."""

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?")
_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))(?: 00:00(?::00(?:\.0+)?)?)?"
)
_UNIT_BESIDE = re.compile(r"[0-9][0-9,.]*[ ]*([^0-9,. ].*)")
_MOMENT = re.compile(r"[0-9]{4}[-/.年].*[0-9]{1,2}:[0-9]{2}.*")
_SERIALS = range(10_000, 109_574)  # bare numbers that may be days: 1927 to 2199
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), 1_462
_SERIAL = re.compile(r"[0-9]{5,6}")
_SEPARATORS = re.compile(r"[、，,；;\n]+")
_SEPARATED = frozenset({CellType.WORDS, CellType.CODES, CellType.INDUSTRIES})
"""Cells that hold several values, which a line break may part."""
_ERRORS = frozenset(
    {
        "#n/a",
        "#na",
        "#ref!",
        "#value!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
        "#spill!",
        "#calc!",
        "#getting_data",
        "#field!",
        "#blocked!",
        "#unknown!",
        "#connect!",
        "#busy!",
        "#####",
    }
)
_BETWEEN = "\x1f"
_TIMES = frozenset({"x", "倍", "×"})
_COUNTED = frozenset({"年", "月", "日", "天", "人", "名", "家", "个", "户", "项", "股", "笔", "次"})
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+[eE][+-]?|[eE]\+)[0-9]{1,3}")
_DAY_LIKE = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}"
    r"|[0-9]{2,4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{1,2}月[0-9]{1,2}日"
    r"|[0-9]{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-[0-9]{2,4})?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2,4}",
)
"""How spreadsheets write a day that they have made of a code such as 3-5 or 1/2."""
_ENDS_IN_ZEROS = re.compile(r"[1-9][0-9]{14}0{3,}")
"""A number of 18 digits or more whose last ones a spreadsheet has made zeros."""
_NO_CODE = frozenset(
    {
        "n/a",
        "null",
        "none",
        "nan",
        "nil",
        "tbd",
        "无",
        "暂无",
        "没有",
        "不详",
        "未知",
        "待定",
        "待补",
        "待查",
        "不适用",
        "空",
    }
)
"""What is written where there is no code."""
_YES = frozenset({"是", "yes", "y", "true", "1", "√"})
_NO = frozenset({"否", "no", "n", "false", "0", "×"})


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


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What the sheet says about a column beside its cells: unit of amounts, unit of shares, the file's epoch.

    fraction   True: shares are fractions (0.2), False: per cent (20), None: each cell says so by a percent sign
    epoch_1904 days of bare numbers count from 1904
    """

    unit: AmountUnit | None = None
    fraction: bool | None = None
    epoch_1904: bool = False


def read(cell: str, column: Column, reading: ColumnContext) -> Value:
    """The typed value of a cell that is not blank. Unreadable says what is expected."""
    if len(cell) > file_limits.CELL_CHARACTERS + 1:
        raise Unreadable(
            "too_long",
            Text(
                f"不超过 {file_limits.CELL_CHARACTERS} 个字",
                f"at most {file_limits.CELL_CHARACTERS} characters",
            ),
        )
    kind, text = cell[0], cell[1:]
    if kind != "u":
        _seen(text, column)
    if kind == "f":
        raise Unreadable("formula_cell", Text("不得为公式，请填写数值或文字", "a value, not a formula"))
    if kind == "s" and ("#" in text or "＃" in text) and plain(text).casefold() in _ERRORS:
        raise Unreadable("error_cell", Text("单元格为错误值", "a value, not an error"))
    if kind == "u":
        kind, text = _beside(text, column, reading)
    return _READERS[column.cell](kind, text, column, reading)


def _seen(text: str, column: Column) -> None:
    """Refuse what cannot be seen, and line breaks inside a code or text."""
    breaks = column.cell in _SEPARATED
    if (strange := unseen(text if breaks else text.strip(), breaks=breaks)) is None:
        return
    sign, place = f"U+{ord(strange[0]):04X}", strange.start() + 1
    sentence = Text(
        f"不得含看不见的字符或换行（第 {place} 个字符 {sign}），请重新键入",
        f"no invisible characters or line breaks (character {place} is {sign}); type the text again",
    )
    raise Unreadable("control_character", sentence)


def _beside(text: str, column: Column, reading: ColumnContext) -> tuple[str, str]:
    """Kind and text of a number that is shown with words; refused where they say another thing than the column does."""
    before, number, after = text.split(_BETWEEN)
    words = [word for word in (before, after) if word]
    if column.cell is CellType.AMOUNT:
        if reading.unit is None or all(agrees(word, reading.unit) for word in words):
            return "n", number
    elif column.cell is CellType.SHARE:
        if words == ["%"] and after and not reading.fraction:
            return "s", f"{number}%"
    else:
        counted = column.cell in (CellType.INT, CellType.YEAR) and after in _COUNTED
        times = column.cell is CellType.NUMBER and after.casefold() in _TIMES
        if (counted or times) and not before:
            return "n", number
    raise Unreadable(
        "shown_otherwise",
        Text(
            "所见与所存须一致：单元格的数字格式显示了别的内容；请改为普通格式，单位写在表头",
            "what is shown must be what is stored: the number format shows something else; use a plain format, the unit in the header",
        ),
    )


def to_places(cell: str, places: int) -> str | None:
    """The cell with its number rounded (half up) to so many decimals; None where it holds no number or none is changed."""
    if cell[0] not in "sn":
        return None
    try:
        value = _number(cell[0], cell[1:], Text("", ""))
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
        before, number, after = text.split(_BETWEEN)
        text = f"{before}{number}{after} ({number})"
    text = visible(text)
    return text if len(text) <= 60 else f"{text[:57]}…"


# -- numbers ------------------------------------------------------------------------------------------------------


def _number(kind: str, text: str, what: Text) -> Decimal:
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


def _signed(value: Decimal, column: Column) -> None:
    if value < 0 and not column.signed:
        raise Unreadable("negative", Text("不得为负", "zero or more expected"))


def _amount(kind: str, text: str, column: Column, reading: ColumnContext) -> Amount:
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
    value = _number(kind, text, Text("金额", "an amount"))
    _signed(value, column)
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


def _share(kind: str, text: str, column: Column, reading: ColumnContext) -> Decimal:
    percent = kind == "p"
    bare = plain(text)
    if kind == "s" and bare.endswith(("%", "‰")):
        percent = True
        if bare.endswith("‰"):
            raise Unreadable("not_a_number", Text("应为百分比", "a percentage expected"))
        bare = bare[:-1].strip()
    value = _number(kind, bare if kind == "s" else text, Text("比例", "a share"))
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
    _signed(result, column)
    if result > 1 and not column.signed:
        raise Unreadable("over_one", Text("不得超过 100%", "at most 100 %"))
    return _trimmed(result)


def _trimmed(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _decimal(kind: str, text: str, column: Column, _: ColumnContext) -> Decimal:
    value = _number(kind, text.rstrip("xX倍") if kind == "s" else text, Text("数字", "a number"))
    _signed(value, column)
    if abs(value) >= 10**13:
        raise Unreadable("too_large", Text("数字过大", "a smaller number"))
    return value


def _int(kind: str, text: str, column: Column, _: ColumnContext) -> int:
    value = _number(kind, text, Text("整数", "a whole number"))
    _signed(value, column)
    if value != value.to_integral_value() or abs(value) >= 10**13:
        raise Unreadable("not_whole", Text("应为整数", "a whole number expected"))
    return int(value)


def _year(kind: str, text: str, column: Column, reading: ColumnContext) -> int:
    value = _int(kind, plain(text).removesuffix("年") if kind == "s" else text, column, reading)
    if not 1900 <= value <= 2199:
        raise Unreadable("not_a_year", Text("应为四位年份", "a year of four digits expected"))
    return value


# -- days ---------------------------------------------------------------------------------------------------------


def _day(kind: str, text: str, _: Column, reading: ColumnContext) -> dt.date:
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


# -- words --------------------------------------------------------------------------------------------------------


def _text(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    if kind == "d" or kind == "t":
        return text
    if kind == "b":
        raise Unreadable("not_text", Text("应为文字", "text expected"))
    if kind == "p":
        value = _number(kind, text, Text("文字", "text"))
        if abs(value) >= 10**13:
            raise Unreadable("too_large", Text("数字过大", "a smaller number"))
        return f"{_trimmed(value * 100):f}%"
    if kind == "n":
        _whole_number(text, Text("文字", "text"))
    elif _SCIENTIFIC.fullmatch(plain(text)):
        raise _spoilt()
    return text.strip()


def _code(kind: str, text: str, column: Column, _: ColumnContext) -> str:
    if kind in "dt":
        raise Unreadable(
            "code_became_date",
            Text(
                "编号被 Excel 改成了日期，请将该列设为文本后重填",
                "a code; Excel turned it into a date, format the column as text and type it again",
            ),
        )
    if kind == "n" and text.isdigit():
        _whole_number(text, Text("编号", "a code"))
        return text
    if kind != "s":
        raise Unreadable("not_a_code", Text("应为编号", "a code expected"))
    if column.fact is None:  # an attribute may be stated to be none
        _some_code(plain(text))
    return _checked(plain(text))


def _some_code(code: str) -> None:
    """Refuse what is written where there is no code: taken for one, it would make different records one."""
    if code.casefold() in _NO_CODE or not any(c.isalnum() for c in code):
        raise Unreadable(
            "not_a_code",
            Text(
                "应为编号；没有编号时请留空，“无”“-”一类的字会使不同的记录成为同一条",
                "a code; leave the cell blank where there is none: a word or dash in its place would make different records one",
            ),
        )


def _checked(code: str) -> str:
    """A code typed as text, refused where a spreadsheet has spoilt it or two that look alike would differ."""
    if _SCIENTIFIC.fullmatch(code):
        raise _spoilt()
    if _DAY_LIKE.fullmatch(code):
        raise Unreadable(
            "code_became_date",
            Text(
                "编号像是被表格软件改成的日期；请按原编号填写，纯日期的编号请加字母或写成 20240315",
                "a code; this looks like a date a spreadsheet made of it: type the code as it was, or write a day as 20240315",
            ),
        )
    if _ENDS_IN_ZEROS.fullmatch(code):
        raise Unreadable(
            "number_too_long",
            Text(
                "超过 15 位的编号末尾已变成零，请将该列设为文本后按原编号重填",
                "a code; a spreadsheet has made zeros of its last digits, format the column as text and type it again",
            ),
        )
    if code.startswith(("=", "'")):
        raise Unreadable("not_a_code", Text("应为编号，不带等号或撇号", "a code without = or ' before it"))
    if (sign := look_alike(code)) is not None:
        text = Text(
            f"编号中的“{sign}”（U+{ord(sign):04X}）须写成普通的数字或字母",
            f"plain digits and letters: {sign!r} (U+{ord(sign):04X}) is neither",
        )
        raise Unreadable("look_alike", text)
    if len(code) > CODE_CHARACTERS:
        text = Text(f"编号不超过 {CODE_CHARACTERS} 个字", f"a code of at most {CODE_CHARACTERS} characters")
        raise Unreadable("too_long", text)
    if is_path(code):
        raise Unreadable("not_a_code", Text("编号不得是文件路径", "a code, not the path of a file"))
    return code


def _whole_number(text: str, expected: Text) -> None:
    """Refuse a stored number that has more digits than a spreadsheet keeps, or is none."""
    _number("n", text, expected)
    if len(text.strip("-").replace(".", "")) > 15 and "." not in text:
        raise Unreadable(
            "number_too_long",
            Text(
                "超过 15 位的编号在 Excel 中会失真，请将该列设为文本后重填",
                "a number of more than 15 digits loses its end in Excel; format the column as text and type it again",
            ),
        )


def _spoilt() -> Unreadable:
    return Unreadable(
        "code_became_number",
        Text(
            "编号已被表格软件改成科学计数，末位丢失；请将该列设为文本后按原编号重填",
            "a code; a spreadsheet has made a number like 6.2E+18 of it and lost its end, format the column as text and type it again",
        ),
    )


def _word(kind: str, text: str, column: Column, _: ColumnContext) -> Word:
    assert column.words is not None
    word = _listed(column.words, plain(text) if kind == "s" else text)
    if word is None or word not in column.allowed:
        listed = "、".join(w.zh for w in column.allowed)
        raise Unreadable(
            "not_listed", Text(f"应为：{listed}", f"one of: {', '.join(w.value for w in column.allowed)}")
        )
    return word


@lru_cache(4096)
def _listed(words: type[Word], text: str) -> Word | None:
    """The member that a text means; the same few stand in every row."""
    return words.read(text)


def _words(kind: str, text: str, column: Column, reading: ColumnContext) -> tuple[str, ...]:
    return _unique(_word(kind, part, column, reading) for part in _parts(text))


def _codes(kind: str, text: str, column: Column, reading: ColumnContext) -> tuple[str, ...]:
    return _unique(_code(kind, part, column, reading) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return [part for part in (p.strip() for p in _SEPARATORS.split(text)) if part]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _bool(kind: str, text: str, _: Column, __: ColumnContext) -> bool:
    word = plain(text).casefold()
    if kind in "bns" and word in _YES | _NO:
        return word in _YES
    raise Unreadable("not_yes_or_no", Text("应为 是 或 否", "yes or no expected"))


def _currency(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    currency = currency_of(text) if kind == "s" else None
    listed = [code.value for code in Currency]
    if currency not in listed:
        sentence = Text(
            f"应为币种代码：{'、'.join(listed)}", f"a currency code expected: {', '.join(listed)}"
        )
        raise Unreadable("not_a_currency", sentence)
    return str(currency)


def _unit(kind: str, text: str, _: Column, __: ColumnContext) -> AmountUnit:
    unit = unit_of(text) if kind == "s" else None
    if unit is None:
        raise Unreadable(
            "unknown_unit",
            Text(
                "应为：元、千元、万元、百万元、亿元、美元、百万美元等",
                "a unit such as yuan or USD million expected",
            ),
        )
    return unit


def _uscc(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    code = plain(text).upper()
    if kind != "s" or not is_uscc(code):
        raise Unreadable(
            "bad_credit_code",
            Text(
                "应为 18 位统一社会信用代码，且校验位正确",
                "an 18-character unified social credit code with the right check character",
            ),
        )
    return code


def _industry(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    return _one_industry(kind, text, section_alone=False)


def _one_industry(kind: str, text: str, *, section_alone: bool) -> str:
    code = plain(text).upper()
    if kind != "s" or not is_industry(code, section_alone=section_alone):
        raise Unreadable(
            "bad_industry",
            Text(
                "应为门类字母加 2 至 4 位数字，如 C3976（GB/T 4754-2017）",
                "section letter and 2 to 4 digits such as C3976 (GB/T 4754-2017)",
            ),
        )
    return code


def _industries(kind: str, text: str, _: Column, __: ColumnContext) -> tuple[str, ...]:
    return _unique(_one_industry(kind, part, section_alone=True) for part in _parts(text))


_READERS: dict[CellType, Callable[[str, str, Column, ColumnContext], Value]] = {
    CellType.CODE: _code,
    CellType.TEXT: _text,
    CellType.DATE: _day,
    CellType.YEAR: _year,
    CellType.INT: _int,
    CellType.BOOL: _bool,
    CellType.AMOUNT: _amount,
    CellType.SHARE: _share,
    CellType.NUMBER: _decimal,
    CellType.WORD: _word,
    CellType.WORDS: _words,
    CellType.CODES: _codes,
    CellType.CURRENCY: _currency,
    CellType.USCC: _uscc,
    CellType.INDUSTRY: _industry,
    CellType.INDUSTRIES: _industries,
    CellType.UNIT: _unit,
}
