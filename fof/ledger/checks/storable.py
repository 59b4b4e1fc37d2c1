"""Every value can be kept by both engines exactly as it is, so that what is read back hashes to the same leaf."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

from fof.errors import Problem
from fof.ledger.checks.change import problem
from fof.ledger.draft import Draft
from models.journal import ROW_TABLES
from models.text import Text

_COLUMNS = {
    t.row: [(c.name, c.type.python_type, bool(c.nullable)) for c in list(t.table.columns)[2:]]
    for t in ROW_TABLES
}
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Of what an entry says; the database refuses others as well (migration 0003)."""
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


_OWN: tuple[tuple[str, Callable[[Draft], object], type, bool], ...] = (
    ("key", attrgetter("key"), str, False),
    ("note", attrgetter("note"), str, True),
    ("source_digest", attrgetter("source.digest"), str, True),
    ("source_name", attrgetter("source.name"), str, True),
    ("source_sheet", attrgetter("source.sheet"), str, True),
    ("request", attrgetter("request"), bytes, False),
    ("effective_on", attrgetter("effective_on"), dt.date, False),
)


def storable(drafts: Sequence[Draft]) -> Iterator[Problem]:
    """Wrong types, missing values, text that a database refuses."""
    for name, get, kind, optional in _OWN:
        wrong = {value for value in set(map(get, drafts)) if _wrong(value, kind, optional)}
        for draft in drafts if wrong else ():
            if reason := _wrong(get(draft), kind, optional):
                yield _problem(draft, name, get(draft), reason)
    for draft in drafts:
        if isinstance(draft.effective_on, dt.date) and not FIRST_DAY <= draft.effective_on <= LAST_DAY:
            text = Text(
                f"生效日应在 {FIRST_DAY} 至 {LAST_DAY} 之间", f"effective from {FIRST_DAY} to {LAST_DAY}"
            )
            yield problem(draft, "day_out_of_range", text, draft.effective_on.isoformat())
        row_number = draft.source.row
        if row_number is not None and (reason := _wrong(row_number, int, True)):
            yield _problem(draft, "source_row", row_number, reason)
        for row in draft.rows:
            for (name, kind, optional), value in zip(_COLUMNS[type(row)], row, strict=True):
                if value is None and optional:
                    continue  # as most columns of most rows are
                if reason := _wrong(value, kind, optional):
                    yield _problem(draft, name, value, reason)


def _problem(draft: Draft, name: str, value: object, reason: Text) -> Problem:
    return problem(
        draft, "not_storable", Text(f"{name}：{reason[0]}", f"{name}: {reason[1]}"), ascii(value)[:80]
    )


def _wrong(value: object, kind: type, optional: bool) -> Text | None:
    if value is None:
        return None if optional else Text("不得为空", "must be given")
    if type(value) is not kind and (not isinstance(value, kind) or isinstance(value, bool | dt.datetime)):
        return Text(f"应为 {kind.__name__}", f"{kind.__name__} expected")
    if isinstance(value, str):
        if "\x00" in value:
            return Text("不得含空字符", "must not hold a NUL character")
        try:
            value.encode()
        except UnicodeEncodeError:
            return Text("不是有效的 Unicode 文本", "is not valid Unicode text")
    elif isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
        return Text("数字过大", "is too large")
    return None
