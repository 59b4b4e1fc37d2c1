"""What a call notice asks of each investor, component by component: rows of the notice's own entry.

The dues of the journal know in- and outside the commitment only. What the notice says beyond that stands beside them, whether
the notice came by file or was issued here.
"""

from __future__ import annotations

from collections.abc import Mapping

from fof.book.reading import once_per_prefix
from fof.grouping import by_key
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, IN_KIND
from fof.ledger import Dated, View
from models.posting_kinds import PostingKind
from models.rows import NoticeLine

Asked = dict[int, dict[str, int]]
"""Investor → component → fen."""


def notice_lines(fund: int, number: str, asked: Mapping[int, Mapping[str, int]]) -> list[NoticeLine]:
    """The rows that keep what a notice says, in the order given."""
    return [
        NoticeLine(fund, number, investor, component, fen)
        for investor, parts in asked.items()
        for component, fen in parts.items()
    ]


def still_asked(due: Mapping[str, int], paid: Mapping[str, int]) -> dict[str, int]:
    """What is open, component by component, in fen > 0. What was paid in kind counts against what lies inside the commitment,
    in the order of the sheet: investments first.

    due, paid : fen by component; paid may have contributions in kind (IN_KIND) beside them
    """
    left = {name: fen - paid.get(name, 0) for name, fen in due.items()}
    things = paid.get(IN_KIND, 0)
    for name, (_, asked) in CALL_COMPONENTS.items():
        if asked == PostingKind.CALL_DUE and left.get(name, 0) > 0:
            taken = min(things, left[name])
            left[name] -= taken
            things -= taken
    return {name: fen for name, fen in left.items() if fen > 0}


def components_of(view: View, fund: int, number: str) -> Asked:
    """What a notice asks; empty where it was booked before components were kept. Of a number that was used twice the later."""
    lines = [
        line for line in _lines(view).get((fund, number), ()) if view.as_of is None or line.day <= view.as_of
    ]
    asked: Asked = {}
    for line in sorted(lines, key=lambda line: str(line.row.component)):  # a payment is split in this order
        if line.entry == lines[-1].entry:
            asked.setdefault(line.row.investor, {})[line.row.component] = line.row.fen
    return asked


@once_per_prefix
def _lines(view: View) -> dict[tuple[int, str], list[Dated]]:
    return by_key(view.notice_lines, lambda line: (line.row.fund, line.row.number))
