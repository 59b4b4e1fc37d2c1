"""The book written back into our own layouts: a workbook that, imported into an empty book, gives the same book.

Every live row is carried, with its source as text: postings, values, attributes, shares, positions, deals, notices,
settings, mappings, dispositions; quarter closes come last. Reversed pairs are counted, not carried; who recorded an entry
and when is what a backup keeps. What a notice asks comes back by component, as its payments do; a notice booked before
components were kept comes back as what it asks inside and outside the commitment. What no sheet can carry is counted in a
sheet of its own, never dropped unsaid.
"""

from __future__ import annotations

from collections.abc import Collection

from fof.errors import Problem, Refused
from fof.importers import file_limits
from fof.importers.columns import CellType
from fof.importers.layouts import LAYOUTS
from fof.importers.template import LEFT_OUT, filled
from fof.intake.export_money import MoneySheets, money_rows
from fof.intake.export_office import office_rows, other_rows
from fof.intake.export_registers import register_rows
from fof.intake.export_rows import Heads, Row, Sheets
from fof.intake.export_statements import statement_rows
from fof.intake.subjects import export_subjects
from fof.ledger import View
from models.kinds import EntryKind
from models.subjects import Subject, SubjectKind
from models.text import Text

_ORDER = {
    "edges": ("since",),
    "commitments": ("day",),
    "capital_calls": ("notice_on", "fund", "number", "investor"),
    "payments": ("paid_on", "reference"),
    "distributions": ("paid_on", "fund", "number", "investor"),
    "deals": ("day",),
    "fund_cash": ("day",),
    "valuations": ("day", "fund", "investor", "company"),
    "positions": ("day", "holder", "fund"),
    "movements": ("day",),
    "subjects": ("day",),
}
"""Layout → columns its rows are sorted by, those that are equal in the order of the journal: the order in which an import books
them, so that the export of what was imported is the export that was imported."""


def reversed_pairs(view: View) -> int:
    """Entries that were reversed by the view's last entry: neither they nor their reversals are carried."""
    return sum(head.reverses is not None for head in view.journal.entries(1, view.known_at))


def export_workbook(view: View, unseen: Collection[Subject] = (), judged: Collection[str] = ()) -> bytes:
    """The sheets of an export as a workbook."""
    sheets, left_out = export_sheets(view, unseen, judged)
    return filled([(LAYOUTS[name], rows) for name, rows in sheets.items()], left_out)


def export_sheets(
    view: View, unseen: Collection[Subject] = (), judged: Collection[str] = ()
) -> tuple[Sheets, dict[str, list[list[str]]]]:
    """The rows of each sheet as the view shows the book, and what no sheet carries. Refused where one would hold more rows than
    an import accepts.

    unseen : records that who asks does not see (fof.audit.hidden_entries): left out, and counted among what is
    judged : codes of which decisions under rules of co-investment are left out as well
    """
    heads = Heads(view)
    sheets: Sheets = {name: [] for name in LAYOUTS}
    register_rows(view, heads, sheets)
    money = MoneySheets(view, heads, sheets)
    written = money_rows(money)
    other_rows(money, written)
    statement_rows(view, heads, sheets, {e for e in written if e in money.marks})
    office_rows(view, heads, sheets)
    export_subjects(view, heads, sheets)
    cut = _cut(sheets, frozenset(unseen), frozenset(judged)) if unseen or judged else 0
    for name, columns in _ORDER.items():
        sheets[name].sort(key=lambda row, by=columns: tuple(str(row.get(c) or "") for c in by))  # type: ignore[misc]
    if problems := [
        Problem(
            "too_large",
            Text(f"“{LAYOUTS[name].text.zh}”超过 {file_limits.ROWS} 行", f"at most {file_limits.ROWS} rows"),
            str(len(rows)),
        )
        for name, rows in sheets.items()
        if len(rows) > file_limits.ROWS
    ]:
        raise Refused(problems, "export")
    left = heads.left()
    extra = {}
    if left:
        lines = [["未导出的分录（没有对应版式）", "笔数"]]
        extra[LEFT_OUT] = lines + [[EntryKind(kind).zh, str(count)] for kind, count in sorted(left.items())]
    if cut:
        extra.setdefault(LEFT_OUT, [["未导出的分录（没有对应版式）", "笔数"]]).append(
            ["无权查看的记录行", str(cut)]
        )
    return {name: rows for name, rows in sheets.items() if rows}, extra


_NAMES_PARTIES = {
    "parties": ("code",),
    "attributes": ("subject",),
    "edges": ("owner", "owned"),
    "movements": ("payer", "payee"),
    "subjects": ("code", "second"),
}
"""Sheets that are nobody's in particular -> the columns by which a row speaks of a party."""


def _cut(sheets: Sheets, unseen: frozenset[Subject], judged: frozenset[str]) -> int:
    """Take the rows of some records out of every sheet; how many."""
    cut = 0
    parties = {s.code for s in unseen if s.kind is SubjectKind.PARTY}
    for name, rows in sheets.items():
        kind, own = LAYOUTS[name].registers, _NAMES_PARTIES.get(name, ())
        left = [
            row
            for row in rows
            if _address(kind, row) not in unseen
            and not any(row.get(column) in parties for column in own)
            and not (name == "dispositions" and _of_staff(row, parties | judged))
        ]
        cut += len(rows) - len(left)
        for column in (c.name for c in LAYOUTS[name].columns if c.cell is CellType.CODES):
            left = [_without(row, column, parties) for row in left]
        sheets[name] = left
    return cut


def _without(row: Row, column: str, parties: set[str]) -> Row:
    """A row whose list of people names those alone that one may see."""
    listed = row.get(column)
    if not isinstance(listed, tuple) or parties.isdisjoint(listed):
        return row
    return {**row, column: tuple(code for code in listed if code not in parties) or None}


def _of_staff(row: Row, codes: frozenset[str] | set[str]) -> bool:
    """Whether a decision is about a finding of co-investment of one of these."""
    staff = str(row.get("rule", "")).partition("-")[0] in ("CI", "PI")
    return staff and any(row.get(column) in codes for column in ("subject", "deal", "code"))


def _address(kind: SubjectKind | None, row: Row) -> Subject | None:
    """The record that a row is about, of a sheet that registers one or says its kind."""
    own, code = kind or row.get("kind"), row.get("code")
    if isinstance(row.get("subject_kind"), SubjectKind):  # money that names a record
        own, code = row["subject_kind"], row.get("subject")
    return Subject(own, str(code)) if isinstance(own, SubjectKind) and code is not None else None
