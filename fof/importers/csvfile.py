"""Reading csv: UTF-8 (with or without mark) or GB18030, strictly; every row as wide as its header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fof.errors import ImportRefused, Problem, Where
from fof.importers import limits
from fof.importers.sheets import RawRow, Sheet


def read_csv(data: bytes, name: str) -> Sheet:
    """The one sheet of a csv, named after nothing. ImportRefused where the bytes are not text in a known encoding.

    Malformed rows are refused while the rows are walked.
    """
    if len(data) > limits.CSV_BYTES:
        raise _refused(
            name,
            "too_large",
            f"不超过 {limits.CSV_BYTES // limits.MEGABYTE} MB",
            f"at most {limits.CSV_BYTES // limits.MEGABYTE} MB",
        )
    return Sheet("", _rows(_decoded(data, name), name))


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


def _rows(text: str, name: str) -> Iterator[RawRow]:
    width = 0
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(c and not c.isspace() for c in cells):
                continue
            if number > limits.CSV_ROWS:
                raise _refused(
                    name, "too_large", f"不超过 {limits.CSV_ROWS} 行", f"at most {limits.CSV_ROWS} rows"
                )
            width = width or len(cells)
            if width > limits.COLUMNS:
                raise _refused(
                    name,
                    "too_large",
                    f"不超过 {limits.COLUMNS} 列",
                    f"at most {limits.COLUMNS} columns",
                    str(width),
                )
            if len(cells) != width:
                raise _refused(
                    name,
                    "ragged_row",
                    f"每行须有 {width} 列，与第一行相同",
                    f"{width} columns in every row, as in the first",
                    f"{len(cells)}",
                    number,
                )
            yield number, ["s" + c if c and not c.isspace() else None for c in cells]
    except csv.Error as error:
        raise _refused(
            name, "malformed_csv", "应为合规的 csv", "well-formed csv", str(error), number + 1
        ) from None


def _refused(
    name: str, code: str, zh: str, en: str, found: str | None = None, row: int | None = None
) -> ImportRefused:
    return ImportRefused([Problem(code, zh, en, found, Where(name, None, row))], name)
