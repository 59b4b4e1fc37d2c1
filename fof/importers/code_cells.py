"""Cells of words: texts, codes, members of closed lists, yes or no, currencies, units, registered numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from fof.characters import CODE_CHARACTERS, is_path, look_alike
from fof.importers.cells import ColumnContext, Unreadable, number, trimmed
from fof.importers.columns import Column
from fof.importers.identifiers import is_industry, is_uscc
from fof.importers.units import AmountUnit, currency_of, plain, unit_of
from models.kinds import Currency, Word
from models.text import Text

_SEPARATORS = re.compile(r"[、，,；;\n]+")
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
_OTHER_CELL = re.compile(
    r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?|[+-]?[0-9]+(?:\.[0-9]+)?%|TRUE|FALSE"
)
"""How a spreadsheet writes a time of day, a share or a truth into a csv."""
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


def text_of(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    """A text as it stands; a number that a spreadsheet has spoilt is none."""
    if kind == "d" or kind == "t":
        return text
    if kind == "b":
        raise Unreadable("not_text", Text("应为文字", "text expected"))
    if kind == "p":
        value = number(kind, text, Text("文字", "text"))
        if abs(value) >= 10**13:
            raise Unreadable("too_large", Text("数字过大", "a smaller number"))
        return f"{trimmed(value * 100):f}%"
    if kind == "n":
        _whole_number(text, Text("文字", "text"))
    elif _SCIENTIFIC.fullmatch(plain(text)):
        raise _spoilt()
    return text.strip()


def code(kind: str, text: str, column: Column, _: ColumnContext) -> str:
    """A code as it was typed, or a whole number that a spreadsheet keeps exactly."""
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
    if _OTHER_CELL.fullmatch(code):
        raise Unreadable(
            "not_a_code",
            Text(
                "应为编号；这似是表格软件写出的时刻、百分数或真假值，请按原编号填写",
                "a code; this looks like a spreadsheet's time of day, percentage or truth: type the code as it was",
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
    number("n", text, expected)
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


def word(kind: str, text: str, column: Column, _: ColumnContext) -> Word:
    """A member of a closed list."""
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


def words(kind: str, text: str, column: Column, reading: ColumnContext) -> tuple[str, ...]:
    """Members of a closed list, separated."""
    return _unique(word(kind, part, column, reading) for part in parts(text))


def codes(kind: str, text: str, column: Column, reading: ColumnContext) -> tuple[str, ...]:
    """Codes, separated."""
    return _unique(code(kind, part, column, reading) for part in parts(text))


def parts(text: str) -> list[str]:
    """What a separator parts in a cell, blanks left out."""
    return [part for part in (p.strip() for p in _SEPARATORS.split(text)) if part]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def yes_or_no(kind: str, text: str, _: Column, __: ColumnContext) -> bool:
    """Yes or no, in words, signs or digits."""
    word = plain(text).casefold()
    if kind in "bns" and word in _YES | _NO:
        return word in _YES
    raise Unreadable("not_yes_or_no", Text("应为 是 或 否", "yes or no expected"))


def currency(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    """The code of a currency, from its code or name."""
    currency = currency_of(text) if kind == "s" else None
    listed = [code.value for code in Currency]
    if currency not in listed:
        sentence = Text(
            f"应为币种代码：{'、'.join(listed)}", f"a currency code expected: {', '.join(listed)}"
        )
        raise Unreadable("not_a_currency", sentence)
    return str(currency)


def unit(kind: str, text: str, _: Column, __: ColumnContext) -> AmountUnit:
    """A unit of amounts with its currency."""
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


def credit_code(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    """A unified social credit code whose check character is right."""
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


def industry(kind: str, text: str, _: Column, __: ColumnContext) -> str:
    """A class of GB/T 4754."""
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


def industries(kind: str, text: str, _: Column, __: ColumnContext) -> tuple[str, ...]:
    """Classes or sections of GB/T 4754, separated."""
    return _unique(_one_industry(kind, part, section_alone=True) for part in parts(text))
