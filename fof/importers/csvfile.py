"""Reading csv: UTF-8 (with or without mark) or GB18030, strictly; every row as wide as its header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fof.errors import ImportRefused, Problem, Where
from fof.importers import limits
from fof.importers.sheets import RawRow, Sheet


def read_csv(data: bytes, name: str) -> Sheet:
    """The one sheet of a csv, without a name. ImportRefused where the bytes are not text in a known encoding.

    Rows are read while they are walked; malformed ones go to the sheet's problems.
    """
    if len(data) > limits.CSV_BYTES:
        raise _refused(
            name,
            "too_large",
            f"不超过 {limits.CSV_BYTES // limits.MEGABYTE} MB",
            f"at most {limits.CSV_BYTES // limits.MEGABYTE} MB",
        )
    problems: list[Problem] = []
    return Sheet("", _rows(_decoded(data, name), name, problems), problems=problems)


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise _refused(
            name,
            "wrong_encoding",
            "应为 UTF-8 或 GB18030 编码的文本（文件似为 UTF-16 或二进制）",
            "UTF-8 or GB18030 text (this looks like UTF-16 or binary)",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as utf8:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as gb:
            row = data.count(b"\n", 0, utf8.start) + 1
            raise _refused(
                name,
                "wrong_encoding",
                "应为 UTF-8 或 GB18030 编码",
                "UTF-8 or GB18030 text",
                f"UTF-8 在第 {utf8.start} 字节处无法解码（0x{data[utf8.start]:02x}），GB18030 在第 {gb.start} 字节处",
                row,
            ) from None


def _rows(text: str, name: str, problems: list[Problem]) -> Iterator[RawRow]:
    width = number = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)

    def wrong(code: str, zh: str, en: str, found: str | None, row: int) -> None:
        problems.append(Problem(code, zh, en, found, Where(name, None, row)))

    try:
        for number, cells in enumerate(reader, start=1):
            if not any(c and not c.isspace() for c in cells):
                continue
            width = width or len(cells)
            if number > limits.CSV_ROWS:
                return wrong(
                    "too_large",
                    f"不超过 {limits.CSV_ROWS} 行",
                    f"at most {limits.CSV_ROWS} rows",
                    None,
                    number,
                )
            if width > limits.COLUMNS:
                return wrong(
                    "too_large",
                    f"不超过 {limits.COLUMNS} 列",
                    f"at most {limits.COLUMNS} columns",
                    str(width),
                    number,
                )
            if len(cells) == width:
                yield number, ["s" + c if c and not c.isspace() else None for c in cells]
            elif len(problems) < limits.FLAWS:
                zh, en = f"每行须有 {width} 列，与表头相同", f"{width} columns in every row, as in the header"
                wrong("ragged_row", zh, en, str(len(cells)), number)
    except csv.Error as error:
        wrong("malformed_csv", "应为合规的 csv", "well-formed csv", str(error), number + 1)


def _refused(
    name: str, code: str, zh: str, en: str, found: str | None = None, row: int | None = None
) -> ImportRefused:
    return ImportRefused([Problem(code, zh, en, found, Where(name, None, row))], name)
