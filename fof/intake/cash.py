"""Booking plan of a fund's own receipts and payments."""

from __future__ import annotations

from fof.importers.layouts.fund_cash import CASH_KINDS, CashKind, Direction
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning, posting
from models.kinds import EntryKind
from models.text import Text


def plan_cash(planning: Planning, tables: list[Table]) -> None:
    """One entry for each row; the kind decides which way the money runs."""
    for table in tables:
        for row in table.rows:
            _plan(planning, table, row)


def _plan(planning: Planning, table: Table, row: TypedRow) -> None:
    fund, other = planning.fund(table, row), planning.party(table, row, "counterparty")
    day, fen = row.day("day"), row.fen("amount")
    kind: CashKind = row["kind"]
    if fund is None or other is None or day is None or fen is None:
        return
    planning.in_currency(table, row, "amount", fund)
    if fen == 0:
        planning.problem(
            table, row, "amount", "not_positive", Text("金额须大于零", "an amount above zero"), 0
        )
        return
    if fund == other:
        planning.problem(
            table,
            row,
            "counterparty",
            "same_party",
            Text("对方不得为基金本身", "another party than the fund"),
        )
        return
    posted, direction = CASH_KINDS[kind]
    payer, payee = (other, fund) if direction is Direction.IN else (fund, other)
    reference = row.text("reference")
    if reference is None:
        key, digest = planning.by_content(table, row, "fund_cash", row.stated())
    else:
        key = keys.key("fund_cash", row.text("fund"), reference, kind, row.text("counterparty"))
        digest = keys.content(row.stated())
    planning.add(
        table,
        row,
        EntryKind.FUND_CASH,
        day,
        key,
        digest,
        postings=[posting(posted, payer, payee, fen, fund)],
        note=" · ".join(part for part in (reference, row.text("document")) if part) or None,
        column="reference",
    )
