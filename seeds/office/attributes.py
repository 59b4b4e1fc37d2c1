"""The sheet of attributes: what the other sheets have no column for, one value a row, with its document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from models.facts import FACTS, FactType

Row = dict[str, Any]


class Stated(NamedTuple):
    """One attribute of a party or a deal, from a day on. Amounts are whole yuan, shares texts with a percent sign.

    year : of the file it came in, where that is not the year of the day
    """

    day: dt.date
    subject: str
    name: str
    value: str | int | bool | dt.date
    document: str
    year: int | None = None


def rows_of(stated: Iterator[Stated]) -> Iterator[tuple[int, Row]]:
    """(year of the file, row of the attributes sheet)."""
    for one in stated:
        spec = FACTS[one.name]
        value = one.value
        if isinstance(value, bool):
            value = "是" if value else "否"
        row: Row = {
            "subject": one.subject,
            "attribute": spec.text.zh,
            "since": one.day,
            "value": str(value),
            "unit": "元" if spec.kind is FactType.FEN else None,
            "document": one.document,
        }
        yield one.year or one.day.year, row
