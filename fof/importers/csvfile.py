"""Reading csv: UTF-8 (with or without mark) or GB18030, strictly; every row as wide as its header."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from fof.errors import ImportRefused, Problem, Where
from fof.importers import file_limits
from fof.importers.sheets import RawRow, Sheet
from models.text import Text, counted

_MARK = b"\xef\xbb\xbf"
_OTHERS = {"\t": "TAB", ";": ";", "|": "|", "，": "，"}
_LOOKED_AT = 20
"""Rows in which the width of the table is looked for: a title above it may be narrower."""


def read_csv(data: bytes, name: str) -> Sheet:
    """The one sheet of a csv, without a name. ImportRefused where the bytes are not text in a known encoding.

    Rows are read while they are walked; malformed ones go to the sheet's problems.
    """
    if len(data) > file_limits.CSV_BYTES:
        raise _refused(
            name,
            "too_large",
            Text(
                f"不超过 {file_limits.CSV_BYTES // file_limits.MEGABYTE} MB",
                f"at most {file_limits.CSV_BYTES // file_limits.MEGABYTE} MB",
            ),
        )
    problems: list[Problem] = []
    return Sheet("", _rows(decoded(data, name), name, problems), problems=problems)


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8 or GB18030. ImportRefused where it is neither."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise _refused(
            name,
            "wrong_encoding",
            Text(
                "应为 UTF-8 或 GB18030 编码的文本（文件似为 UTF-16 或二进制）",
                "UTF-8 or GB18030 text (this looks like UTF-16 or binary)",
            ),
        )
    try:
        read = data.decode("utf-8-sig")
        return _as_gb18030(data, read) or read
    except UnicodeDecodeError as utf8:
        row = data.count(b"\n", 0, utf8.start) + 1
        at = f"UTF-8 @ {utf8.start} (0x{data[utf8.start]:02x})"
        if _is_damaged_utf8(data):
            text = Text(
                "文件为 UTF-8，但已损坏，请重新导出", "UTF-8 text without damage; export the file again"
            )
            raise _refused(name, "wrong_encoding", text, at, row) from None
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as gb:
            text = Text("应为 UTF-8 或 GB18030 编码", "UTF-8 or GB18030 text")
            position = f"{at}, GB18030 @ {gb.start}"
            raise _refused(name, "wrong_encoding", text, position, row) from None


def _as_gb18030(data: bytes, text: str) -> str | None:
    """The text in GB18030 of bytes that happen to be UTF-8, too; None where they are not meant so.

    A few Chinese characters of two bytes are letters in UTF-8: 元 (D4 AA) would be a letter of Komi. Where every foreign letter lies
    among scripts that no table here is written in (between Latin with its accents, Greek and Russian on one side and what takes
    three bytes on the other) and all are Chinese in GB18030, the file is GB18030.
    """
    foreign = {c for c in text if c > "\x7f"}
    if not foreign or data.startswith(_MARK) or not all("\u0500" <= c <= "\u07ff" for c in foreign):
        return None
    try:
        other = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return other if all("\u3400" <= c <= "\u9fff" for c in other if c > "\x7f") else None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 were meant to be: GB18030 would read some of them as other characters.

    A mark at the beginning says so; else more multi-byte characters can be read than not. GB18030 read as UTF-8 gives
    hardly any.
    """
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return data.startswith(_MARK) or sum(c > "\x7f" for c in text) - wrong > wrong


def _rows(text: str, name: str, problems: list[Problem]) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0

    def wrong(code: str, text: Text, found: str | None, row: int) -> None:
        problems.append(Problem(code, text, found, Where(name, None, row)))

    def records() -> Iterator[tuple[int, list[str]]]:
        nonlocal number
        try:
            for number, cells in enumerate(reader, start=1):
                if any(c and not c.isspace() for c in cells):
                    yield number, cells
        except csv.Error as error:
            wrong("malformed_csv", Text("应为合规的 csv", "well-formed csv"), str(error), number + 1)

    rows = records()
    first = list(islice(rows, _LOOKED_AT))
    width, narrow = _width([cells for _, cells in first]), True
    if width > file_limits.COLUMNS:
        most = file_limits.COLUMNS
        return wrong(
            "too_large",
            Text(f"不超过 {most} 列", f"at most {counted(most, 'column')}"),
            str(width),
            first[0][0],
        )
    if width == 1 and first and (sign := _other_delimiter(first[0][1][0])) is not None:
        sentence = Text("各列应以逗号分隔", "columns parted by commas")
        return wrong("wrong_delimiter", sentence, sign, first[0][0])
    for row, cells in chain(first, rows):
        if row > file_limits.CSV_ROWS:
            most = file_limits.CSV_ROWS
            return wrong("too_large", Text(f"不超过 {most} 行", f"at most {counted(most, 'row')}"), None, row)
        narrow = narrow and len(cells) < width  # lines above the header may be
        if narrow or (len(cells) >= width and not any(c.strip() for c in cells[width:])):
            yield row, [_cell(c) for c in cells[:width]]
        elif len(problems) < file_limits.FLAWS:
            sentence = Text(
                f"每行须有 {width} 列，与表头相同",
                f"{counted(width, 'column')} in every row, as in the header",
            )
            wrong("ragged_row", sentence, str(len(cells)), row)


def _cell(text: str) -> str | None:
    """A cell as it travels; what begins as a formula does is one, as it would be in a workbook."""
    if not text or text.isspace():
        return None
    return ("f" if text.startswith("=") and len(text) > 1 else "s") + text


def _width(rows: list[list[str]]) -> int:
    """How many columns most rows have; of equally frequent numbers the largest, 0 for no rows."""
    counts = Counter(map(len, rows))
    return max(counts, key=lambda n: (counts[n], n), default=0)


def _other_delimiter(header: str) -> str | None:
    """What parts the columns of a header that holds no comma, None where it is one column indeed."""
    return next((word for sign, word in _OTHERS.items() if header.count(sign) >= 2), None)


def _refused(
    name: str, code: str, text: Text, found: str | None = None, row: int | None = None
) -> ImportRefused:
    return ImportRefused([Problem(code, text, found, Where(name, None, row))], name)
