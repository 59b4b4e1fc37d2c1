"""The child process that opens a workbook: bounded scan, then values by calamine, then one JSON document.

The only module that imports the reading library. It runs as `python -m fof.importers.workbook` with its
memory and CPU limited, reads the file from stdin and can write nothing but its pipe; fof.importers.reader
starts it. A file that makes the library abort ends this process, not ours.

A cell travels as its kind letter and its text: s text, n number (shortest decimal), p number shown as per
cent, u number shown with words (before, number and after, parted by unit separators), d day, t moment, b 0
or 1; null where it is empty.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import sys
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineError, SheetTypeEnum, load_workbook

from fof.importers import file_limits
from fof.importers.attached_texts import attached_texts
from fof.importers.container import Rejected, scan
from fof.importers.formats import RESPELT, Format, rounded
from fof.importers.sheet_scan import Formats, SheetScan, formats_of, packed, sheets_of, walk
from models.text import Text

BETWEEN = "\x1f"
"""Parts the literals of a cell of kind u from its number."""

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - days of a sheet have no zone


def limit_self() -> None:
    """Cap address space, CPU, open files and file size of this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = 0
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, used + file_limits.READER_MEMORY),
        (resource.RLIMIT_CPU, file_limits.READER_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(what, (most, hard))
        except (ValueError, OSError):  # a system without this limit; the wall clock of the parent remains
            continue


def read(data: bytes) -> dict[str, object]:
    """Every worksheet of the file with its rows and flaws. Rejected where the file is refused as a whole."""
    archive = scan(data)
    sheets, epoch_1904 = sheets_of(archive)
    formats = formats_of(archive)
    for sheet in sheets:
        walk(archive, sheet, formats)
        sheet.printed += attached_texts(archive, sheet.part)
    try:
        book = load_workbook(BytesIO(data))
        listed = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        if listed != [s.name for s in sheets]:
            raise Rejected(
                "damaged_file", Text("工作表清单前后不一致", "one list of sheets"), str(listed)[:100]
            )
        return {"epoch_1904": epoch_1904, "sheets": [_sheet(book, s, formats, epoch_1904) for s in sheets]}
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Rejected(
            "damaged_file", Text("工作簿无法读取", "a workbook that can be read"), str(error)[:100]
        ) from None


def _sheet(book: object, scanned: SheetScan, formats: Formats, epoch_1904: bool) -> dict[str, object]:
    values = book.get_sheet_by_name(scanned.name).to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    cells = _Cells(scanned, formats, epoch_1904)
    rows: list[tuple[int, list[str | None]]] = []
    for number, row in enumerate(values, start=1):
        texts = [cells.text(number, i, value) for i, value in enumerate(row, start=1)]
        while texts and texts[-1] is None:
            texts.pop()
        if texts:
            rows.append((number, texts))
    return {
        "name": scanned.name,
        "hidden": scanned.hidden,
        "rows": rows,
        "flaws": scanned.flaws,
        "rounded": scanned.rounded,
        "hidden_rows": sorted({number for number, _ in rows} & set(scanned.hidden_rows)),
        "hidden_columns": [pair for pair in scanned.hidden_columns if pair[0] <= file_limits.COLUMNS],
        "merges": scanned.merges,
        "spills": scanned.spills,
        "printed": scanned.printed,
    }


class _Cells:
    """The values of one sheet as they travel, each looked at through its format."""

    def __init__(self, scanned: SheetScan, formats: Formats, epoch_1904: bool) -> None:
        self._scanned, self._formats, self._epoch_1904 = scanned, formats, epoch_1904
        self._next = 0
        self._flaws: dict[tuple[str, int], int] = {}

    def text(self, row: int, column: int, value: object) -> str | None:
        """A cell as it travels; what is wrong with how it is shown goes to the flaws."""
        number_format = self._format(row, column)
        if isinstance(value, str):
            if not value.strip():
                return None
            if number_format is not None and (flaw := number_format.of_text()) is not None:
                self._flaw(flaw, row, column)
            return f"s{value[: file_limits.CELL_CHARACTERS + 1]}"
        if isinstance(value, bool):
            return f"b{int(value)}"
        if isinstance(value, (int, float)):
            return self._number(row, column, value, number_format)
        if isinstance(value, (dt.datetime, dt.date)):
            if number_format is not None and (flaw := number_format.of_day().flaw) is not None:
                self._flaw(flaw, row, column)
            return _day(value)
        return f"t{value}"

    def _format(self, row: int, column: int) -> Format | None:
        """The format of a cell that is not plain; cells are asked for in their order."""
        styled, here = self._scanned.styled, packed(row, column, 0)
        while self._next < len(styled) and styled[self._next] < here:
            self._next += 1
        if self._next < len(styled) and styled[self._next] >> 24 == here >> 24:
            return self._formats.numbers[styled[self._next] & 0xFFFFFF]
        return None

    def _number(self, row: int, column: int, value: int | float, number_format: Format | None) -> str | None:
        if not self._scanned.zeros and value == 0:
            return None
        if number_format is None or not math.isfinite(value):
            return f"n{_shortest(value)}"
        look = number_format.of_number(value)
        if look.kind == "z":
            return None
        if look.flaw is not None:
            self._flaw(look.flaw, row, column)
        if look.kind == "d":
            return self._serial(value)
        text = _shortest(value).zfill(look.padded)
        if look.flaw is None and (near := rounded(text, look)) is not None:
            self._round(row, column, near)
        if look.respelt is not None and abs(value) >= look.respelt and self._count(RESPELT, column):
            self._scanned.flaws.append((RESPELT, row, column))
        if look.before or look.after:
            return f"u{look.before}{BETWEEN}{text}{BETWEEN}{look.after}"
        return f"{'p' if look.kind == 'p' else 'n'}{text}"

    def _serial(self, value: int | float) -> str:
        """A number that its format shows as a day, though the reader of values did not see it."""
        try:
            moment = _EPOCH + dt.timedelta(days=value + (1462 if self._epoch_1904 else 0))
        except OverflowError:
            return f"n{_shortest(value)}"
        return _day(moment)

    def _round(self, row: int, column: int, near: str) -> None:
        if self._count("rounded", column):
            self._scanned.rounded.append((row, column, near))

    def _flaw(self, code: str, row: int, column: int) -> None:
        if column <= file_limits.COLUMNS and self._count("flaw", column):
            self._scanned.flaws.append((code, row, column))

    def _count(self, what: str, column: int) -> bool:
        """Told of each column so often: one that is not read must not hide one that is."""
        flaws = self._flaws[what, column] = self._flaws.get((what, column), 0) + 1
        return flaws <= file_limits.FLAWS


def _day(value: dt.date) -> str:
    if not isinstance(value, dt.datetime):
        return f"d{value}"
    return f"d{value.date()}" if value.time() == dt.time() else f"t{value.isoformat(sep=' ')}"


def _shortest(value: int | float) -> str:
    """The shortest decimal text that reads back to the same number, without an exponent; nan, inf or -inf for those."""
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def document(data: bytes) -> str:
    """The JSON document about a file: what `read` has of it, or why it is refused."""
    try:
        answer = read(data)
    except Rejected as refused:
        answer = {"rejected": [refused.code, refused.expected, refused.found]}
    except MemoryError:
        answer = {
            "rejected": ["too_large_unpacked", Text("工作簿过大，无法读取", "a smaller workbook"), None]
        }
    return json.dumps(answer, ensure_ascii=True, separators=(",", ":"))


def main() -> None:
    """Read stdin, write the JSON document to stdout."""
    limit_self()
    sys.stdout.write(document(sys.stdin.buffer.read(file_limits.WORKBOOK_BYTES + 1)))


if __name__ == "__main__":
    main()
