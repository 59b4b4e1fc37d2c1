"""The live rows of a table by the registered subject that they name: of millions those of a few are read without a look at the others."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fof.ledger.journal_columns import Ints32
from fof.ledger.postings import Ints
from fof.ledger.prefix import Prefix
from fof.ledger.row_columns import Coded, Field

FIELDS = {
    "subject_fact": ("subject", "name", "value"),
    "subject_link": ("subject", "role", "party", "deal", "other"),
}
"""Table → what is read of it."""


class RowsOfSubjects(NamedTuple):
    """Rows of a table in columns, and in which order they stand by subject and day, those of a day as in the journal.

    entry, fields : of each row, as Prefix.arrays_of has them
    order         : rows by subject
    subject, day  : of the rows in that order
    """

    entry: Ints32
    fields: list[Field]
    order: Ints32
    subject: Ints32
    day: Ints32

    def of(self, numbers: Ints) -> tuple[Ints, Ints]:
        """The places in `order` of the rows of some subjects, by subject; and the subject of each. The numbers rise."""
        return places_of(self.subject, numbers)

    def coded(self, field: int, rows: NDArray[np.signedinteger[Any]]) -> Coded:
        """A field of some rows with its values."""
        return self.fields[field].picked(rows).as_coded()


def places_of(column: NDArray[np.signedinteger[Any]], numbers: Ints) -> tuple[Ints, Ints]:
    """Where some rising numbers stand in a rising column, however often each does; and the number at each of these places."""
    asked = numbers.astype(column.dtype)  # else the column is copied to the type of the numbers
    first = np.searchsorted(column, asked)
    count = np.searchsorted(column, asked, side="right") - first
    ends = np.cumsum(count)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - count, count)
    return np.repeat(first, count) + within, np.repeat(numbers, count)


def rows_of_subjects(prefix: Prefix, table: str) -> RowsOfSubjects:
    """The rows of one of the two tables of subjects; put in order once for a prefix."""
    key = RowsOfSubjects, table
    known: RowsOfSubjects | None = prefix.answers.get(key)
    if known is None:
        entry, fields = prefix.arrays_of(table, *FIELDS[table])
        for field in fields:
            if isinstance(field, Coded):
                len(field.values)  # read once, here: else for each of those who pick some rows
        subject, day = fields[0].ints.astype(np.int32), prefix.columns.entry_day[entry]
        order = np.lexsort((day, subject)).astype(np.int32)
        known = prefix.answers[key] = RowsOfSubjects(entry, fields, order, subject[order], day[order])
    return known
