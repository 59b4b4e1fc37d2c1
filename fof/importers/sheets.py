"""A file as read, before any layout is known: its digest, and its sheets with rows of raw cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fof.errors import Problem

RawRow = tuple[int, list[str | None]]
"""Row as the user counts it (from 1), and its cells: kind letter and text, None where blank."""


@dataclass(slots=True)
class Sheet:
    """One sheet. Rows that are blank throughout are left out; `rows` can be walked once.

    flaws           (code, row, column) of cells that cannot be booked, such as formula_cell, struck_out, shown_otherwise
    rounded         (row, column, as shown) of numbers that are shown with fewer decimals than are stored
    problems        what was wrong with rows as such, known once they have been walked
    printed         what stands at the head and foot of printed pages, with its codes; notes on cells, text boxes
    hidden_columns  ranges of columns; merges, spills: (first row, first column, last row, last column)
    """

    name: str
    rows: Iterable[RawRow]
    hidden: bool = False
    epoch_1904: bool = False
    flaws: list[tuple[str, int, int]] = field(default_factory=list)
    rounded: list[tuple[int, int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    spills: list[tuple[int, int, int, int]] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """A file: its name, the SHA-256 of its bytes, its sheets. is_csv: the one sheet has no title of its own."""

    name: str
    digest: str
    sheets: list[Sheet]
    is_csv: bool = False
