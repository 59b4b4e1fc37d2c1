"""What a reader of cell values does not tell: formulas, errors, struck-out text, hidden rows, merges, formats, cell places."""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from fof.importers import file_limits
from fof.importers.container import Rejected, parse_part
from fof.importers.formats import Format, format_of
from models.frozen import frozen
from models.text import Text

_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_AREA = re.compile(rf"{_REF.pattern}(?::{_REF.pattern})?")
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MERGES = 100_000
_CONDITIONAL = 100
"""Ranges of one conditional format that are looked at."""
_PRINTED = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_PRINTED_AT_MOST = 1_000


@dataclass(slots=True)
class SheetScan:
    """One sheet as its XML describes it. Rows and columns count from 1.

    flaws    (code, row, column) of cells that cannot be booked: formula, error, struck out, shown otherwise than stored
    styled   packed (row, column, index of a format) of cells with a value whose format is not plain, in their order
    rounded  (row, column, as shown) of numbers that are shown with fewer decimals than are stored
    zeros    whether zeros are shown
    hidden_rows, hidden_columns   numbers of hidden rows; ranges of hidden columns
    merges   (first row, first column, last row, last column)
    spills   ranges whose values one formula gives, likewise
    printed  what stands at the head and foot of its pages when it is printed, with the codes of fonts and places; notes on its
             cells and text boxes over it
    """

    name: str
    part: str
    hidden: bool
    flaws: list[tuple[str, int, int]] = field(default_factory=list)
    styled: array[int] = field(default_factory=lambda: array("q"))
    rounded: list[tuple[int, int, str]] = field(default_factory=list)
    zeros: bool = True
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    spills: list[tuple[int, int, int, int]] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


@frozen
class Formats:
    """What the cell formats of a workbook do, by their index.

    numbers      the number format; an index beyond them is plain
    struck       indices whose font is struck out
    flawed_text  index of a shared text of which a part is struck out or raised -> what is wrong with it
    sometimes    indices of conditional formats that show a number as another one, or with words
    """

    numbers: tuple[Format, ...] = ()
    struck: frozenset[int] = frozenset()
    flawed_text: Mapping[int, str] = field(default_factory=dict)
    sometimes: frozenset[int] = frozenset()


def packed(row: int, column: int, style: int) -> int:
    """A cell and the index of its format as one number, ordered by row and column."""
    return (row << 40) | (column << 24) | style


def place(ref: str) -> tuple[int, int]:
    """Row and column of a cell reference such as AB12, counted from 1. Rejected where it is none."""
    match = _REF.fullmatch(ref)
    if match is None:
        raise Rejected(
            "bad_cell_reference", Text("单元格引用不合规", "a cell reference such as B3"), ref[:40]
        )
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def letters(column: int) -> str:
    """Column letters of a column counted from 1: 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def sheets_of(archive: zipfile.ZipFile) -> tuple[list[SheetScan], bool]:
    """The worksheets in workbook order, and whether days count from 1904."""
    parts: list[tuple[str, str, bool]] = []
    epoch_1904 = False

    def on_workbook(tag: str, a: dict[str, str]) -> None:
        nonlocal epoch_1904
        if tag == "workbookPr":
            epoch_1904 = a.get("date1904", "0") in ("1", "true", "on")
        elif tag == "sheet":
            rid = a.get(f"{_RELATIONSHIPS} id") or a.get(f"{_STRICT_RELATIONSHIPS} id") or ""
            parts.append((a.get("name", ""), rid, a.get("state", "visible") != "visible"))

    root = targets(archive, "_rels/.rels", "") if "_rels/.rels" in archive.namelist() else {}
    books = [path for kind, path in root.values() if kind == "officeDocument"]
    if len(books) != 1 or books[0].endswith(".bin"):
        expected = Text(
            "文件不是 .xlsx 工作簿；.ods、.xlsb 等请另存为 .xlsx",
            "an .xlsx workbook; save an .ods or .xlsb as .xlsx",
        )
        raise Rejected("not_a_workbook", expected)
    parse_part(archive, books[0], on_workbook)
    folder, _, base = books[0].rpartition("/")
    related = targets(archive, f"{folder}/_rels/{base}.rels", folder)
    sheets: list[SheetScan] = []
    for name, rid, hidden in parts:
        kind, path = related.get(rid, ("", ""))
        if kind == "worksheet":
            sheets.append(SheetScan(name, path, hidden))
    folded = [s.name.casefold() for s in sheets]
    if len(set(folded)) != len(folded) or len({s.part.casefold() for s in sheets}) != len(sheets):
        raise Rejected("duplicate_part", Text("工作表名不得重复", "sheets of different names"))
    return sheets, epoch_1904


def targets(archive: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, path inside the container)."""
    listed: dict[str, tuple[str, str]] = {}

    def on_relationship(tag: str, a: dict[str, str]) -> None:
        if tag == "Relationship" and a.get("TargetMode", "Internal") == "Internal":
            target = a.get("Target", "")
            path = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            listed[a.get("Id", "")] = (a.get("Type", "").rpartition("/")[2], path)

    parse_part(archive, part, on_relationship)
    return listed


def formats_of(archive: zipfile.ZipFile) -> Formats:
    """What the workbook's cell formats do to numbers and texts."""
    names = {name.casefold(): name for name in archive.namelist()}
    texts = names.get("xl/sharedstrings.xml")
    flawed_text = {} if texts is None else _flawed_texts(archive, texts)
    if (styles := names.get("xl/styles.xml")) is None:
        return Formats(flawed_text=flawed_text)
    read = _Styles()
    parse_part(archive, styles, read.start)
    numbers = tuple(format_of(int(n) if n.isdigit() else 0, read.codes.get(n)) for n, _ in read.used)
    struck = frozenset(i for i, (_, font) in enumerate(read.used) if font in read.struck)
    sometimes = frozenset(i for i, code in read.conditional.items() if _says_more(format_of(0, code)))
    return Formats(numbers, struck, flawed_text, sometimes)


def _says_more(number_format: Format) -> bool:
    look = number_format.of_number(12_345_678.0)
    return look.flaw is not None or bool(look.before or look.after) or look.kind not in "ng"


class _Styles:
    """Follows the elements of the styles part: format codes, fonts that are struck out, and which cells use which."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.used: list[tuple[str, int]] = []
        self.struck: set[int] = set()
        self.conditional: dict[int, str] = {}
        self._inside = ""
        self._font = self._dxf = -1

    def start(self, tag: str, a: dict[str, str]) -> None:
        if tag == "dxf":
            self._dxf += 1
        elif tag == "numFmt" and self._inside == "dxfs":
            self.conditional[self._dxf] = a.get("formatCode", "")
        elif tag == "numFmt":
            self.codes.setdefault(a.get("numFmtId", ""), a.get("formatCode", ""))
        elif tag in ("fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            self._inside = tag
        elif tag == "font" and self._inside == "fonts":
            self._font += 1
        elif tag == "strike" and self._inside == "fonts" and _on(a):
            self.struck.add(self._font)
        elif tag == "xf" and self._inside == "cellXfs":
            font = a.get("fontId", "0")
            self.used.append((a.get("numFmtId", "0"), int(font) if font.isdigit() else 0))


def _on(a: dict[str, str]) -> bool:
    return a.get("val", "1") not in ("0", "false", "off")


def _run_flaw(tag: str, a: dict[str, str]) -> str | None:
    """What is wrong with a part of a text that has this property: a line through it, or digits raised as a footnote's are."""
    if tag == "strike" and _on(a):
        return "struck_out"
    if tag == "vertAlign" and a.get("val") in ("superscript", "subscript"):
        return "raised_text"
    return None


def _flawed_texts(archive: zipfile.ZipFile, part: str) -> dict[int, str]:
    """Index of each shared text with a flawed run -> the first flaw."""
    flawed: dict[int, str] = {}
    number = -1

    def on_text(tag: str, a: dict[str, str]) -> None:
        nonlocal number
        if tag == "si":
            number += 1
        elif (flaw := _run_flaw(tag, a)) is not None:
            flawed.setdefault(number, flaw)

    parse_part(archive, part, on_text)
    return flawed


class _SheetWalk:
    """Follows the elements of one sheet; cells must come in order, each once, inside the limits."""

    def __init__(self, sheet: SheetScan, formats: Formats) -> None:
        self.sheet, self.formats = sheet, formats
        self.row = self.column = 0
        self.error = self.shared = False
        self.style = 0
        self.flaws: Counter[int] = Counter()
        self.ranges: list[str] = []
        self.plain = frozenset(i for i, f in enumerate(formats.numbers) if f.plain)
        self.most = len(formats.numbers)

    def start(self, tag: str, a: dict[str, str]) -> None:
        if tag == "c":
            self._cell(a)
        elif tag == "v" or tag == "is":
            self._value()
        elif tag in ("strike", "vertAlign"):
            if (flaw := _run_flaw(tag, a)) is not None:
                self.flaw(flaw)
        elif tag == "f":
            self._formula(a)
        elif tag == "row":
            self._row(a)
        elif tag == "mergeCell":
            self.sheet.merges.append(_range(a.get("ref", "")))
            if len(self.sheet.merges) > _MERGES:
                raise Rejected(
                    "sheet_too_large",
                    Text("合并单元格过多", f"at most {_MERGES} merged cells"),
                    self.sheet.name,
                )
        elif tag == "col" and (a.get("hidden") in ("1", "true") or _nothing(a.get("width"))):
            self.sheet.hidden_columns.append((int(a.get("min", "1")), int(a.get("max", "1"))))
        elif tag in _PRINTED:
            self.sheet.printed.append("")
        elif tag == "conditionalFormatting":
            self.ranges = a.get("sqref", "").split()[:_CONDITIONAL]
        elif tag == "cfRule" and a.get("dxfId", "").isdigit() and int(a["dxfId"]) in self.formats.sometimes:
            self._conditional()
        elif tag == "sheetView" and a.get("showZeros") in ("0", "false"):
            self.sheet.zeros = False

    def _conditional(self) -> None:
        """Cells that may show another thing than they hold, named by the last of each column."""
        for one in self.ranges:
            if _AREA.fullmatch(one) is None:
                continue
            _, left, bottom, right = _range(one)
            for column in range(left, min(right, file_limits.COLUMNS) + 1):
                if self.flaws[column] < file_limits.FLAWS:
                    self.flaws[column] += 1
                    self.sheet.flaws.append(("shown_otherwise", min(bottom, self.row), column))

    def text(self, content: str) -> None:
        """What stands between the elements: the number of a shared text, where some of those are flawed."""
        if (
            self.shared
            and content.isascii()
            and content.isdigit()
            and (flaw := self.formats.flawed_text.get(int(content))) is not None
        ):
            self.flaw(flaw)
            self.shared = False

    def head_or_foot(self, content: str) -> None:
        """What stands at the head or foot of a printed page."""
        if self.sheet.printed:
            self.sheet.printed[-1] = (self.sheet.printed[-1] + content)[:_PRINTED_AT_MOST]

    def _row(self, a: dict[str, str]) -> None:
        row = int(a["r"]) if a.get("r", "").isascii() and a.get("r", "").isdigit() else self.row + 1
        if row <= self.row:
            raise Rejected(
                "rows_out_of_order",
                Text("工作表各行须依次且不重复", "rows in order, each once"),
                f"{self.sheet.name}:{row}",
            )
        self.row, self.column = row, 0
        if a.get("hidden") in ("1", "true") or _nothing(a.get("ht")):
            self.sheet.hidden_rows.append(row)

    def _cell(self, a: dict[str, str]) -> None:
        row, column = place(a["r"]) if "r" in a else (self.row, self.column + 1)
        if row != self.row or column <= self.column:
            raise Rejected(
                "cells_out_of_order",
                Text("单元格须依次且不重复", "cells in order, each once"),
                f"{self.sheet.name}!{letters(column)}{row}",
            )
        self.column = column
        kind = a.get("t")
        self.error, self.shared = kind == "e", kind == "s"
        style = a.get("s", "0")
        self.style = int(style) if style.isascii() and style.isdigit() else 0

    def _value(self) -> None:
        if self.row > file_limits.ROWS or self.column > file_limits.COLUMNS:
            raise Rejected(
                "sheet_too_large",
                Text(
                    f"工作表不超过 {file_limits.ROWS} 行、{file_limits.COLUMNS} 列",
                    f"at most {file_limits.ROWS} rows and {file_limits.COLUMNS} columns",
                ),
                f"{self.sheet.name}!{letters(self.column)}{self.row}",
            )
        if self.error:
            self.flaw("error_cell")
        if self.style in self.formats.struck:
            self.flaw("struck_out")
        if self.style < self.most and self.style not in self.plain:
            self.sheet.styled.append(packed(self.row, self.column, self.style))

    def _formula(self, a: dict[str, str]) -> None:
        """A formula; the other cells of an array formula hold nothing but their values."""
        self.flaw("formula_cell")
        if ":" in a.get("ref", "") and a.get("t") in ("array", "dataTable"):
            self.sheet.spills.append(_range(a["ref"]))

    def flaw(self, code: str) -> None:
        """Told of each column so often: flaws of a column that is not read must not hide those of one that is."""
        if self.column <= file_limits.COLUMNS and self.flaws[self.column] < file_limits.FLAWS:
            self.flaws[self.column] += 1
            self.sheet.flaws.append((code, self.row, self.column))


def _nothing(size: str | None) -> bool:
    """Whether a height or width is stated and is none."""
    return size is not None and not size.strip("0.")


def _range(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    return (*place(first), *place(last or first))


def walk(archive: zipfile.ZipFile, sheet: SheetScan, formats: Formats) -> None:
    """Fill in what the sheet's XML says. Rejected where cells or rows are out of order or outside the limits."""
    follow = _SheetWalk(sheet, formats)
    try:
        text = follow.text if formats.flawed_text else None
        parse_part(archive, sheet.part, follow.start, text, ("headerFooter", follow.head_or_foot))
    except ValueError as error:
        raise Rejected(
            "damaged_file", Text("工作表内容不合规", "a well-formed sheet"), str(error)[:100]
        ) from None
