"""Books of revision 0005, two random offices and the pension portfolios: they open, verify and answer as when they were made.

Written by the program before the book had one reading; what answers otherwise on purpose stands in
tests/kept/0005/moved with its reason, as for the kept book of revision 0001 (tests/kept/README.md).
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from kept import answers as kept

from fof.cli import main
from fof.db import Database
from fof.ledger.verify import verify

BOOKS = Path(__file__).parent / "kept" / "0005"


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """Book -> command -> the document it printed."""
    read: dict[str, dict[str, Any]] = json.loads(gzip.decompress((BOOKS / "answers.json.gz").read_bytes()))
    return read


def moved(name: str) -> set[kept.Difference]:
    """The differences that are permitted for a book."""
    lines = set()
    for path in sorted((BOOKS / "moved").glob("*.csv")):
        why, *rows = path.read_text(encoding="utf-8").splitlines()
        assert why.startswith("# "), f"{path.name}: the first line says why, after '# '"
        lines |= {kept.Difference(*row[1:]) for row in csv.reader(rows) if row[0] == name}
    return lines


@pytest.mark.parametrize("name", ["office-31", "office-34", "pensions"])
def test_a_stored_book_answers_as_it_did(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "book.sqlite"
    book.write_bytes(gzip.decompress((BOOKS / f"{name}.sqlite.gz").read_bytes()))
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{book}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOF_LANG", "zh")
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["init"]) == 0
    today = {}
    for question in recorded()[name]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = main([*question.split(), "--json"])
        today[question] = json.loads(out.getvalue()) if code == 0 else {"exit": code}
    differences = set(kept.differences(recorded()[name], today))
    listed = moved(name)
    unexplained = "\n".join(" · ".join(d) for d in sorted(differences - listed)[:40])
    assert not unexplained, f"answers of the stored book {name} moved:\n{unexplained}"
    assert sorted(listed - differences) == [], "listed as moved, but it is not so"
    database = Database(f"sqlite:///{book}")
    assert [c.name for c in verify(database).problems if c.name != "durability"] == []
    database.close()
