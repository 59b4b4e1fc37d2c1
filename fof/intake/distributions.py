"""Booking plan of distribution notices."""

from __future__ import annotations

from fof.importers.layouts.distributions import DISTRIBUTION_COMPONENTS
from fof.importers.tables import Row, Table
from fof.intake import keys
from fof.intake.planning import Planning, posting
from fof.ledger import request_digest
from models.journal import Notice
from models.kinds import EntryKind, NoticeKind


def plan_distributions(planning: Planning, tables: list[Table]) -> None:
    """One entry for each (fund, number), paid on one day."""
    groups: dict[tuple[int, str], list[tuple[Table, Row, int]]] = {}
    for table in tables:
        for row in table.rows:
            fund, investor = planning.fund(table, row), planning.party(table, row, "investor")
            number = row.text("number")
            assert number is not None
            if fund is None or investor is None:
                continue
            for name in DISTRIBUTION_COMPONENTS:
                planning.in_currency(table, row, name, fund)
            if investor == fund:
                planning.problem(
                    table,
                    row,
                    "investor",
                    "same_party",
                    "出资人不得为基金本身",
                    "another party than the fund",
                )
            elif not any(row.fen(name) for name in DISTRIBUTION_COMPONENTS):
                planning.problem(
                    table, row, "unspecified", "not_positive", "分配金额须大于零", "an amount above zero"
                )
            else:
                groups.setdefault((fund, number), []).append((table, row, investor))
    for (fund, number), lines in groups.items():
        _plan(planning, fund, number, lines)


def _plan(planning: Planning, fund: int, number: str, lines: list[tuple[Table, Row, int]]) -> None:
    table, first, _ = lines[0]
    paid_on = first.day("paid_on")
    assert paid_on is not None
    if not _consistent(planning, lines):
        return
    lines = sorted(lines, key=lambda line: str(line[1].text("investor")))
    note = keys.documents(row.text("document") for _, row, _ in lines)
    content, postings = [], []
    for _, row, investor in lines:
        content.append(str(row.text("investor")))
        for name, kind in DISTRIBUTION_COMPONENTS.items():
            if fen := row.fen(name):
                content.append(f"{name}={fen}")
                postings.append(posting(kind, fund, investor, fen, fund))
    planning.add(
        table,
        first,
        EntryKind.DISTRIBUTION,
        paid_on,
        keys.key("distribution", first.text("fund"), number),
        request_digest(paid_on.isoformat(), note or "", *content),
        postings=postings,
        rows=[Notice(fund, NoticeKind.DISTRIBUTION.value, number, None)],
        note=note,
        column="number",
    )


def _consistent(planning: Planning, lines: list[tuple[Table, Row, int]]) -> bool:
    """One day for a number, each investor once."""
    good = True
    first = lines[0][1]
    seen: dict[int, Row] = {}
    for table, row, investor in lines:
        if row.day("paid_on") != first.day("paid_on"):
            planning.problem(
                table,
                row,
                "paid_on",
                "differs_within_notice",
                f"同一编号的分配日须相同（第 {first.number} 行为 {first.day('paid_on')}）",
                f"the same day in all rows of the number, {first.day('paid_on')} in row {first.number}",
                row.day("paid_on"),
            )
            good = False
        if (other := seen.setdefault(investor, row)) is not row:
            planning.problem(
                table,
                row,
                "investor",
                "repeated",
                f"该出资人在本次分配中已有第 {other.number} 行",
                f"this investor has row {other.number} of this distribution",
                row.text("investor"),
            )
            good = False
    return good
