"""Entries whose postings, notices and what these ask are given row by row: what no other sheet has a column for."""

from __future__ import annotations

from collections.abc import Sequence

from fof.importers.tables import Table, TypedRow
from fof.intake.parts import Parts
from fof.intake.planning import Planning, posting
from models.journal import Notice, Posting
from models.journal import Row as JournalRow
from models.kinds import EntryKind, NoticeKind
from models.posting_kinds import TREATMENTS
from models.rows import NoticeLine
from models.text import Text

_KINDS = {
    name.casefold(): kind for kind, t in TREATMENTS.items() for name in (kind.name, t.text.zh, t.text.en)
}


def movement_rows(planning: Planning, tables: Sequence[Table], parts: Parts) -> None:
    """A posting for each row; for one with a component instead of a kind what a notice asks; the notice alone for one with
    neither. The notice that a row names comes with it."""
    for table in tables:
        for row in table.rows:
            group = str(row.text("group"))
            fund = planning.party(table, row, "fund")
            moved: Posting | None = None
            if row.text("kind") is not None:
                if (moved := _movement(planning, table, row, fund)) is None:
                    parts.put(group, table, row, None)
                    continue
            elif not _of_notice(planning, table, row, fund):
                parts.put(group, table, row, None)
                continue
            parts.put(
                group,
                table,
                row,
                tuple(_notice(planning, table, row, fund)),
                () if moved is None else (moved,),
            )


def _notice(planning: Planning, table: Table, row: TypedRow, fund: int | None) -> list[JournalRow]:
    number = row.text("number")
    if number is None or fund is None:
        return []
    component, investor = row.text("component"), planning.party(table, row, "payer")
    if component is not None and investor is not None and row.text("kind") is None:
        return [NoticeLine(fund, number, investor, component, row.fen("amount") or 0)]
    paid_out = row["entry"] is EntryKind.DISTRIBUTION
    kind = NoticeKind.DISTRIBUTION if paid_out else NoticeKind.CAPITAL_CALL
    return [Notice(fund, kind.value, number, row.day("due_on"))]


def _of_notice(planning: Planning, table: Table, row: TypedRow, fund: int | None) -> bool:
    """Whether a row that moves nothing says what it is: a notice of a fund, or what one asks of an investor."""
    asks = row.text("component") is not None
    if asks and planning.party(table, row, "payer") is None and row.text("payer") is not None:
        return False
    if fund is not None and row.text("number") is not None and not (asks and row.text("payer") is None):
        return True
    if row.text("fund") is None or fund is not None:
        text = Text(
            "须写明收付类别；否则须写明基金与通知编号，按组成部分时还须写明付方",
            "a posting kind; else the fund and the number of a notice, and the payer of a component",
        )
        planning.problem(table, row, "kind", "required", text)
    return False


def _movement(planning: Planning, table: Table, row: TypedRow, fund: int | None) -> Posting | None:
    """The posting of a row; None (and a problem) where it is wrong."""
    kind = _KINDS.get(str(row.text("kind")).casefold())
    payer, payee = (planning.party(table, row, c) for c in ("payer", "payee"))
    deal = None if (code := row.text("deal")) is None else planning.deals.get(code)
    fen, named = row.fen("amount"), (str(row["subject_kind"]), row.text("subject") or "")
    about = None if row["subject_kind"] is None else planning.subjects.get(named)
    blank = next((c for c in ("payer", "payee", "amount") if row[c] is None), None)
    if kind is None:
        text = Text("没有这一收付类别", "no such posting kind")
        planning.problem(table, row, "kind", "unknown_kind", text, row.text("kind"))
    elif blank is not None:
        planning.problem(table, row, blank, "required", Text("收付须填写", "needed to move money"))
    elif code is not None and deal is None:
        text = Text("账中及本文件中没有此交易编号", "no deal of this code in the book or in this file")
        planning.problem(table, row, "deal", "unknown_deal", text, code)
    elif about is None and (row["subject_kind"] is not None or row.text("subject") is not None):
        text = Text(
            "账中及本文件中没有此对象", "no subject of this kind and code in the book or in this file"
        )
        planning.problem(table, row, "subject", "unknown_subject", text, named[1])
    elif not fen:
        planning.problem(
            table, row, "amount", "not_positive", Text("金额须大于零", "an amount above zero"), 0
        )
    elif payer is not None and payee is not None and (fund is not None) == (row.text("fund") is not None):
        if fund is not None:
            planning.in_currency(table, row, "amount", fund)
        return posting(kind, payer, payee, fen, fund, deal)._replace(loan=about)
    return None
