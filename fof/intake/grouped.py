"""Problems of one kind in one column, told once with their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fof.errors import Problem
from fof.table_workbook import table_workbook
from models.text import Text

ALONE_AT_MOST = 10
"""Problems of one kind that differ in what they expect are told one by one up to this number, then as one."""
_VALUES_AT_MOST = 3


class Group(NamedTuple):
    """Problems of one kind: the first of them, how many, their rows as ranges (“2, 4–6”), what was found."""

    first: Problem
    number: int
    rows: str
    found: str | None


_HEAD = (
    Text("工作表", "Sheet"),
    Text("行", "Row"),
    Text("列", "Field"),
    Text("实际", "Found"),
    Text("应为", "Expected"),
    Text("问题代码", "Code"),
)


def grouped(problems: Iterable[Problem]) -> list[Group]:
    """Problems by code, sheet, field and what is expected, in the order of their first rows."""
    listed = list(problems)
    expected: dict[tuple[str | Text | None, ...], set[Text]] = {}
    for p in listed:
        expected.setdefault(_kind(p), set()).add(p.expected)
    alike: dict[tuple[str | Text | None, ...], list[Problem]] = {}
    for p in listed:
        key = _kind(p)
        alike.setdefault(key if len(expected[key]) > ALONE_AT_MOST else (*key, p.expected), []).append(p)
    return [_group(same) for same in alike.values()]


def _kind(p: Problem) -> tuple[str | Text | None, ...]:
    return p.code, p.where.sheet, p.where.field


def _group(same: Sequence[Problem]) -> Group:
    rows = sorted({p.where.row for p in same if p.where.row is not None})
    values = list(dict.fromkeys(p.found for p in same if p.found is not None))
    more = f" … ({len(values)})" if len(values) > _VALUES_AT_MOST else ""
    return Group(
        same[0], len(same), ranges(rows), ", ".join(values[:_VALUES_AT_MOST]) + more if values else None
    )


def ranges(rows: Sequence[int]) -> str:
    """Ascending numbers as ranges: 2, 4–6."""
    parts: list[str] = []
    start = last = None
    for row in [*rows, None]:
        if last is not None and row == last + 1:
            last = row
            continue
        if start is not None:
            parts.append(str(start) if start == last else f"{start}–{last}")
        start = last = row
    return ", ".join(parts)


def problem_list(file: str, problems: Sequence[Problem], language: str) -> bytes:
    """Every problem of a file as a workbook, one a row."""
    head = tuple(title.of(language) for title in _HEAD)
    lines = [
        (
            p.where.sheet,
            p.where.row,
            p.where.named(language),
            p.found,
            p.expected.of(language),
            p.code,
        )
        for p in problems
    ]
    title = Text("问题", "Problems").of(language)
    return table_workbook(title, file, head, lines)
