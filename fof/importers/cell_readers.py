"""One cell, read by its column: text as it stands in the file becomes a typed value, exactly or not at all.

A cell arrives as its kind letter and its text (fof.importers.workbook); a cell of a csv is of kind s, or f where it begins
as a formula does.
Nothing is guessed: what can be read in two ways is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable

from fof.characters import unseen
from fof.importers import code_cells, file_limits, number_cells
from fof.importers.cells import BETWEEN, ColumnContext, Unreadable, Value
from fof.importers.columns import CellType, Column
from fof.importers.units import agrees, plain
from models.text import Text

_SEPARATED = frozenset({CellType.WORDS, CellType.CODES, CellType.DAYS, CellType.INDUSTRIES})
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
_TIMES = frozenset({"x", "倍", "×"})
_COUNTED = frozenset({"年", "月", "日", "天", "人", "名", "家", "个", "户", "项", "股", "笔", "次"})


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
    before, number, after = text.split(BETWEEN)
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


def _days(kind: str, text: str, column: Column, reading: ColumnContext) -> tuple[str, ...]:
    """Days as they are stored in a list of codes: 2024-03-15."""
    parts = code_cells.parts(text) if kind == "s" else [text]
    return tuple(dict.fromkeys(number_cells.day(kind, part, column, reading).isoformat() for part in parts))


_READERS: dict[CellType, Callable[[str, str, Column, ColumnContext], Value]] = {
    CellType.CODE: code_cells.code,
    CellType.TEXT: code_cells.text_of,
    CellType.DATE: number_cells.day,
    CellType.YEAR: number_cells.year,
    CellType.INT: number_cells.whole,
    CellType.BOOL: code_cells.yes_or_no,
    CellType.AMOUNT: number_cells.amount,
    CellType.SHARE: number_cells.share,
    CellType.NUMBER: number_cells.decimal,
    CellType.WORD: code_cells.word,
    CellType.WORDS: code_cells.words,
    CellType.CODES: code_cells.codes,
    CellType.DAYS: _days,
    CellType.CURRENCY: code_cells.currency,
    CellType.USCC: code_cells.credit_code,
    CellType.INDUSTRY: code_cells.industry,
    CellType.INDUSTRIES: code_cells.industries,
    CellType.UNIT: code_cells.unit,
}
