"""Reading a file from outside: a csv here, a workbook in a child process with its memory and time limited."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from fof.errors import ImportRefused, Problem, Where
from fof.importers import file_limits
from fof.importers.csvfile import read_csv
from fof.importers.sheets import File, Sheet
from models.text import Text

_ROOT = Path(__file__).resolve().parents[2]
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read_file(source: Path | bytes, name: str | None = None) -> File:
    """The sheets of a workbook (.xlsx) or csv. ImportRefused where the file is refused as a whole.

    source : a path, or the bytes with the name they came under
    """
    if isinstance(source, Path):
        name = name or source.name
        limit = file_limits.CSV_BYTES if source.suffix.lower() == ".csv" else file_limits.WORKBOOK_BYTES
        if not source.is_file():
            raise _refused(name, "no_such_file", Text("文件不存在", "a file that exists"), str(source))
        with source.open("rb") as stream:
            data = stream.read(limit + 1)
    else:
        data = source
    name = name or "upload"
    digest = hashlib.sha256(data).hexdigest()
    if data[:4] == _OLD_WORKBOOK:
        raise _refused(
            name,
            "old_workbook",
            Text(
                "旧版 .xls 或加密的工作簿不能读取，请另存为不加密的 .xlsx",
                "an .xlsx without a password; old .xls and encrypted workbooks cannot be read",
            ),
        )
    if data[:2] == b"PK":
        return File(name, digest, _workbook(data, name))
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise _refused(
            name,
            "damaged_file",
            Text(
                "文件不是工作簿：可能已损坏，或是改了扩展名的网页或文本；请在 Excel 或 WPS 中打开后另存为 .xlsx",
                "a workbook; this is a damaged one, or a web page or text under its name: open it and save it as .xlsx",
            ),
        )
    return File(name, digest, [read_csv(data, name)], is_csv=True)


def _workbook(data: bytes, name: str) -> list[Sheet]:
    if len(data) > file_limits.WORKBOOK_BYTES:
        most = file_limits.WORKBOOK_BYTES // file_limits.MEGABYTE
        raise _refused(name, "too_large", Text(f"工作簿不超过 {most} MB", f"a workbook of at most {most} MB"))
    answer = _in_child(data, name)
    if rejected := answer.get("rejected"):
        code, expected, quoted = rejected
        raise _refused(name, code, Text(*expected), quoted)
    return [
        Sheet(
            s["name"],
            [(number, cells) for number, cells in s["rows"]],
            hidden=s["hidden"],
            epoch_1904=answer["epoch_1904"],
            flaws=[(code, row, column) for code, row, column in s["flaws"]],
            rounded=[(row, column, near) for row, column, near in s["rounded"]],
            hidden_rows=s["hidden_rows"],
            hidden_columns=[(first, last) for first, last in s["hidden_columns"]],
            merges=[(a, b, c, d) for a, b, c, d in s["merges"]],
            spills=[(a, b, c, d) for a, b, c, d in s["spills"]],
            printed=[str(text) for text in s["printed"]],
        )
        for s in answer["sheets"]
    ]


def _in_child(data: bytes, name: str) -> Any:
    inherited = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TEMP")
    environment = {k: v for k, v in os.environ.items() if k in inherited}
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", "fof.importers.workbook"],
            input=data,
            capture_output=True,
            timeout=file_limits.READER_WALL_SECONDS,
            cwd=_ROOT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise _refused(
            name,
            "unreadable_within_limits",
            Text(
                "工作簿无法在内存与时间限制内读取；请删去多余的格式与空白行列后重试",
                "a workbook that can be read within the limits of memory and time; remove stray formats and cells",
            ),
            None if done is None else f"code {done.returncode}",
        )
    return json.loads(done.stdout)


def _refused(name: str, code: str, text: Text, found: str | None = None) -> ImportRefused:
    return ImportRefused([Problem(code, text, found, Where(name))], name)
