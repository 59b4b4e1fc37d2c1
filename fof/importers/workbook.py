"""The child process that opens a workbook: bounded scan, then values by calamine, then one JSON document.

The only module that imports the reading library. It runs as `python -m fof.importers.workbook` with its
memory and CPU limited, reads the file from stdin and can write nothing but its pipe; fof.importers.reader
starts it. A file that makes the library abort ends this process, not ours.

A cell travels as its kind letter and its text: s text, n number (shortest decimal), p number shown as per
cent, d day, t moment, b 0 or 1; null where it is empty.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineError, SheetTypeEnum, load_workbook

from fof.importers import limits
from fof.importers.container import Rejected, scan
from fof.importers.sheet_scan import SheetScan, formats_of, sheets_of, walk


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
        (resource.RLIMIT_AS, used + limits.READER_MEMORY),
        (resource.RLIMIT_CPU, limits.READER_CPU_SECONDS),
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
    try:
        book = load_workbook(BytesIO(data))
        listed = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        if listed != [s.name for s in sheets]:
            raise Rejected("damaged_file", "工作表清单前后不一致", "one list of sheets", str(listed)[:100])
        return {"epoch_1904": epoch_1904, "sheets": [_sheet(book, s) for s in sheets]}
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Rejected(
            "damaged_file", "工作簿无法读取", "a workbook that can be read", str(error)[:100]
        ) from None


def _sheet(book: object, scanned: SheetScan) -> dict[str, object]:
    values = book.get_sheet_by_name(scanned.name).to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    rows: list[tuple[int, list[str | None]]] = []
    for number, cells in enumerate(values, start=1):
        texts = [
            _text(value, (number, i) in scanned.percent, scanned.padded.get((number, i), 0))
            for i, value in enumerate(cells, start=1)
        ]
        while texts and texts[-1] is None:
            texts.pop()
        if texts:
            rows.append((number, texts))
    return {
        "name": scanned.name,
        "hidden": scanned.hidden,
        "rows": rows,
        "flaws": scanned.flaws,
        "hidden_rows": sorted({number for number, _ in rows} & set(scanned.hidden_rows)),
        "hidden_columns": [pair for pair in scanned.hidden_columns if pair[0] <= limits.COLUMNS],
        "merges": scanned.merges,
        "spills": scanned.spills,
    }


def _text(value: object, percent: bool, padded: int) -> str | None:
    if isinstance(value, str):
        return f"s{value[: limits.CELL_CHARACTERS + 1]}" if value.strip() else None
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, (int, float)):
        return f"{'p' if percent else 'n'}{_shortest(value).zfill(padded)}"
    if isinstance(value, dt.datetime):
        return f"d{value.date()}" if value.time() == dt.time() else f"t{value.isoformat(sep=' ')}"
    if isinstance(value, dt.date):
        return f"d{value}"
    return f"t{value}"


def _shortest(value: int | float) -> str:
    """The shortest decimal text that reads back to the same number, without an exponent."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def main() -> None:
    """Read stdin, write the JSON document to stdout."""
    limit_self()
    data = sys.stdin.buffer.read(limits.WORKBOOK_BYTES + 1)
    try:
        answer = read(data)
    except Rejected as refused:
        answer = {"rejected": [refused.code, refused.zh, refused.en, refused.found]}
    except MemoryError:
        answer = {"rejected": ["too_large_unpacked", "工作簿过大，无法读取", "a smaller workbook", None]}
    json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
