"""The book written back into our own layouts: a workbook that, imported into an empty book, gives the same book.

Same postings, values, attributes, shares, positions and deals. Entries that no layout carries (a reorganisation, a
parameter) are counted in a sheet of their own, never dropped unsaid. What a notice asks comes back by component, as its
payments do; a notice booked before components were kept comes back as what it asks inside and outside the commitment.
"""

from __future__ import annotations

from collections import Counter

from fof.errors import Problem, Refused
from fof.importers import limits
from fof.importers.layouts import LAYOUTS
from fof.importers.template import LEFT_OUT, filled
from fof.intake.export_money import money_rows
from fof.intake.export_registers import register_rows
from fof.intake.export_rows import Heads, Sheets
from fof.intake.export_statements import statement_rows
from fof.ledger import View
from models.kinds import EntryKind


def export_workbook(view: View) -> bytes:
    """The book as the view shows it. Refused where a sheet would hold more rows than an import accepts."""
    heads = Heads(view)
    sheets: Sheets = {name: [] for name in LAYOUTS}
    carried = register_rows(view, heads, sheets)
    carried |= money_rows(view, heads, sheets)
    carried |= statement_rows(view, heads, sheets)
    if problems := [
        Problem(
            "too_large",
            f"“{LAYOUTS[name].zh}”超过 {limits.ROWS} 行",
            f"at most {limits.ROWS} rows",
            str(len(rows)),
        )
        for name, rows in sheets.items()
        if len(rows) > limits.ROWS
    ]:
        raise Refused(problems, "export")
    left = Counter(head.kind for number, head in heads.live.items() if number not in carried)
    extra = {}
    if left:
        lines = [["未导出的分录（没有对应版式）", "笔数"]]
        extra[LEFT_OUT] = lines + [[EntryKind(kind).zh, str(count)] for kind, count in sorted(left.items())]
    return filled([(LAYOUTS[name], rows) for name, rows in sheets.items() if rows], extra)
