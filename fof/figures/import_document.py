"""What an import did or would do, as a document: problems of one kind together with their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fof.figures.answers import Answer
from fof.figures.journal_documents import IMPORT
from fof.intake import Preview
from fof.intake.grouped import Group, grouped

Row = dict[str, Any]


def problem_groups(read: Preview) -> Mapping[str, Sequence[Group]]:
    """What is wrong with a file, or worth saying, by severity."""
    levels = {
        "problem": read.problems,
        "duplicate": read.duplicates,
        "warning": [*read.late, *read.warnings],
        "already": read.repeated,
    }
    return {level: grouped(listed) for level, listed in levels.items()}


def import_document(read: Preview, booked: Sequence[int] | None, known_at: int) -> Answer:
    """What a file would do, or did where it was booked."""
    rows = [_row(level, group) for level, listed in problem_groups(read).items() for group in listed]
    rows += [
        {
            "level": "entries",
            "found": kind.value,
            "expected": kind.text,
            "count": number,
            "texts": {"found": kind.text, "expected": ""},
        }
        for kind, number in read.entries.items()
    ]
    head = {
        "file": read.file,
        "booked": booked is not None,
        "entries": 0 if not read.ok else len(read.drafts if booked is None else booked),
        "already": len(read.already),
        "problems": len(read.problems),
        "first_entry": booked[0] if booked else None,
        "last_entry": booked[-1] if booked else None,
    }
    return Answer(IMPORT, rows, None, known_at, "CNY", head)


def _row(level: str, group: Group) -> Row:
    p = group.first
    return {
        "level": level,
        "sheet": p.where.sheet,
        "row": p.where.row,
        "rows": group.rows or None,
        "field": p.where.field,
        "found": group.found,
        "expected": p.expected,
        "code": p.code,
        "count": group.number,
    }
