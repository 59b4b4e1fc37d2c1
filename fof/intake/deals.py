"""Booking plan of investments, exits and write-offs."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from fof.importers.tables import Row, Table
from fof.intake import keys
from fof.intake.planning import Planning, posting
from models.journal import Deal, Mark
from models.journal import Row as JournalRow
from models.kinds import FUND_KINDS, DealKind, EntryKind, MarkMethod, PartyKind
from models.posting_kinds import PostingKind

_NANO = 1_000_000_000
_EXITS = frozenset({DealKind.PARTIAL_EXIT, DealKind.EXIT})


def plan_deals(planning: Planning, tables: list[Table]) -> None:
    """One entry for each row: the deal, its payment, and for a write-off the value of zero."""
    made: Counter[str] = Counter()
    for table in tables:
        for row in table.rows:
            _plan(planning, table, row, made)


def _plan(planning: Planning, table: Table, row: Row, made: Counter[str]) -> None:
    kind: DealKind = row["kind"]
    fund, company = planning.fund(table, row), planning.party(table, row, "company")
    buyer, day, amount = planning.party(table, row, "buyer"), row.day("day"), row.fen("amount")
    good = _fits(planning, table, row, kind)
    if fund is None or company is None or day is None or (row.text("buyer") is not None and buyer is None):
        return
    planning.in_currency(table, row, "amount", fund)
    if fund in (company, buyer):
        planning.problem(
            table, row, "company", "same_party", "企业与受让方不得为基金本身", "other parties than the fund"
        )
        good = False
    if planning.kind(company) not in FUND_KINDS | {PartyKind.COMPANY}:
        planning.problem(
            table,
            row,
            "company",
            "not_a_company",
            "应为企业或基金的编号",
            "the code of a company or fund",
            planning.kind(company).zh,
        )
        good = False
    nano = _nano(planning, table, row)
    if not good or nano == -1:
        return
    code = row.text("code")
    if code is None:
        stem = f"{row.text('fund')}-{row.text('company')}-{day:%Y%m%d}-{kind}"
        made[stem] += 1
        code = stem if made[stem] == 1 else f"{stem}-{made[stem]}"
    number = planning.deals.get(code) or planning.ids.deal()
    planning.deals.setdefault(code, number)
    rows: list[JournalRow] = [
        Deal(
            number,
            code,
            fund,
            company,
            kind.value,
            row.text("round"),
            row["instrument"] and row["instrument"].value,
            nano,
            row.fen("post_money"),
            row["stage"] and row["stage"].value,
            row.text("stage_definition"),
            row["exit_route"] and row["exit_route"].value,
        )
    ]
    postings = []
    if kind is DealKind.WRITE_OFF:
        rows.append(Mark(fund, company, 0, MarkMethod.WRITTEN_OFF.value, None, row.text("document")))
    elif kind in _EXITS:
        postings.append(posting(PostingKind.EXIT_PROCEEDS, buyer or company, fund, amount or 0, fund, number))
    else:
        postings.append(posting(PostingKind.INVESTMENT, fund, company, amount or 0, fund, number))
    stated = {**row.stated(), "code": code}
    planning.add(
        table,
        row,
        EntryKind.DEAL if kind in (DealKind.INITIAL, DealKind.FOLLOW_ON) else EntryKind.EXIT,
        day,
        keys.key("deal", code),
        keys.content(stated),
        postings=postings,
        rows=rows,
        note=row.text("document"),
        column="code",
    )


def _fits(planning: Planning, table: Table, row: Row, kind: DealKind) -> bool:
    """What each kind needs and must leave blank."""
    found: list[tuple[str, str, str, str]] = []
    if kind is DealKind.WRITE_OFF:
        if row.fen("amount"):
            found.append(("amount", "not_for_write_off", "核销不填金额", "no amount for a write-off"))
    elif not row.fen("amount"):
        found.append(("amount", "required", "投资与退出须填写大于零的金额", "an amount above zero"))
    if kind not in _EXITS and row.text("buyer") is not None:
        found.append(("buyer", "exit_only", "仅退出时填写", "for exits only"))
    if kind not in _EXITS | {DealKind.WRITE_OFF} and row["exit_route"] is not None:
        found.append(("exit_route", "exit_only", "仅退出时填写", "for exits only"))
    if row["stage"] is not None and row.text("stage_definition") is None:
        found.append(
            (
                "stage_definition",
                "required",
                "填写阶段时须填写认定口径",
                "a stage needs the definition that gave it",
            )
        )
    if row.fen("post_money") == 0:
        found.append(("post_money", "not_positive", "投后估值须大于零", "a value above zero"))
    for column, code, zh, en in found:
        planning.problem(table, row, column, code, zh, en)
    return not found


def _nano(planning: Planning, table: Table, row: Row) -> int | None:
    """The share in 1e-9; None where none is stated, -1 (and a problem) where it is finer than that."""
    share: Decimal | None = row.share("share")
    if share is None:
        return None
    nano = share * _NANO
    if nano != nano.to_integral_value():
        planning.problem(
            table, row, "share", "too_precise", "比例最多九位小数", "at most nine decimals", share
        )
        return -1
    return int(nano)
