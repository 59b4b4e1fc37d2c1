"""Booking plan of investments, exits and write-offs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.book.cost_paths import cost_paths
from fof.importers.cells import Value
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.parts import Parts
from fof.intake.planning import Planning, posting
from models.journal import Deal, Mark
from models.journal import Row as JournalRow
from models.kinds import (
    DEAL_INVESTORS,
    FUND_KINDS,
    DealKind,
    EntryKind,
    ExitRoute,
    Instrument,
    MarkMethod,
    PartyKind,
)
from models.money import WHOLE
from models.posting_kinds import PostingKind
from models.text import Text

_ENTRIES_IN = frozenset({DealKind.INITIAL, DealKind.FOLLOW_ON})
_EXITS = frozenset({DealKind.PARTIAL_EXIT, DealKind.EXIT})
_BUYS = _ENTRIES_IN | {DealKind.CONVERSION}


def plan_deals(planning: Planning, tables: list[Table], parts: Parts) -> None:
    """One entry for each row: the deal, its payment, and for a write-off the value of zero. A row with a group is the deal
    alone, and a part of that entry."""
    codes = _codes(planning, [row for table in tables for row in table.rows])
    left: list[tuple[Table, TypedRow, Deal]] = []
    for table in tables:
        for row in table.rows:
            if (group := row.text("group")) is not None:
                own = _of_group(planning, table, row)
                parts.put(group, table, row, None if own is None else (own,))
                continue
            deal = _plan(planning, table, row, codes)
            if deal is not None and deal.kind not in _ENTRIES_IN:
                left.append((table, row, deal))
    if left:
        _held_enough(planning, left)


def _held_enough(planning: Planning, left: list[tuple[Table, TypedRow, Deal]]) -> None:
    """Warn where a fund leaves a company it never put money into by then, or sells more than it bought."""
    every = [(record.day, record.row) for record in planning.view.deals]
    every += [(d.effective_on, row) for d in planning.drafts for row in d.rows if isinstance(row, Deal)]
    of: dict[tuple[int, int], list[tuple[dt.date, Deal]]] = {}
    for day, deal in every:
        of.setdefault((deal.investor, deal.company), []).append((day, deal))
    for table, row, deal in left:
        left_on = row.day("day")
        known = [o for d, o in of[deal.investor, deal.company] if left_on is not None and d <= left_on]
        if deal.kind == DealKind.CONVERSION:
            if not any(o.kind in _ENTRIES_IN and o.instrument == Instrument.CONVERTIBLE for o in known):
                text = Text(
                    "该基金此前没有以可转债投资该企业的记录",
                    "the fund has no convertible of this company before that day",
                )
                planning.warn(table, row, "company", "nothing_to_convert", text, row.text("company"))
            continue
        converted = any(o.kind == DealKind.CONVERSION for o in known)
        bought = [
            o.share_nano
            for o in known
            if o.kind in _BUYS
            and not (converted and o.kind in _ENTRIES_IN and o.instrument == Instrument.CONVERTIBLE)
        ]
        if _received(planning, deal):
            continue
        sold = sum(o.share_nano or 0 for o in known if o.kind in _EXITS)
        if not bought:
            text = Text(
                "该基金此前没有投资该企业的记录，请核对企业编号与日期",
                "the fund has no investment in this company before that day; are code and day right",
            )
            planning.warn(table, row, "company", "never_held", text, row.text("company"))
        elif None not in bought and deal.share_nano and sold > (whole := sum(n or 0 for n in bought)):
            text = Text(
                f"累计卖出比例超过累计买入 {whole / 1e7:.7g}%",
                f"more is sold in all than the {whole / 1e7:.7g}% bought",
            )
            planning.warn(table, row, "share", "sold_over_bought", text, f"{sold / 1e7:.7g}%")


def _received(planning: Planning, deal: Deal) -> bool:
    """Whether the holder has shares of the company that a fund distributed in kind."""
    path = cost_paths(planning.view).get((deal.investor, deal.company))
    handed = (p for d in planning.drafts for p in d.postings if p.kind == PostingKind.DISTRIBUTION_IN_KIND)
    return any(p.to_party == deal.investor for p in handed) or (
        path is not None and any(m.is_received for m in path.moves)
    )


def _codes(planning: Planning, rows: list[TypedRow]) -> dict[int, str]:
    """Codes for the rows that state none, by the row's identity: fund, company, day and kind, numbered where they repeat.

    A row keeps the code under which the book holds the very same content, so that the order of rows does not matter.
    """
    alike: dict[str, list[TypedRow]] = {}
    for row in rows:
        if row.text("code") is None and row.text("group") is None:
            day = row.day("day")
            assert day is not None
            stem = f"{row.text('fund')}-{row.text('company')}-{day:%Y%m%d}-{row['kind']}"
            alike.setdefault(stem, []).append(row)
    codes: dict[int, str] = {}
    for stem, same in alike.items():
        free = [stem, *(f"{stem}-{n}" for n in range(2, len(same) + 1))]
        left = []
        for row in same:
            held = next((code for code in free if _is_booked(planning, row, code)), None)
            if held is None:
                left.append(row)
            else:
                free.remove(held)
                codes[id(row)] = held
        codes.update(zip(map(id, left), free, strict=True))
    return codes


def _is_booked(planning: Planning, row: TypedRow, code: str) -> bool:
    """Whether the book holds exactly this row under the code."""
    booked = planning.live(keys.key("deal", code))
    return booked is not None and booked.request == keys.content(_stated(row, code))


def _stated(row: TypedRow, code: str) -> dict[str, Value]:
    """What a row says, under its code; one that was paid for in money says so by saying nothing."""
    stated = {**row.stated(), "code": code}
    if not row["paid_in_kind"]:
        stated.pop("paid_in_kind", None)
    return stated


def _plan(planning: Planning, table: Table, row: TypedRow, codes: dict[int, str]) -> Deal | None:
    """The deal, where it is new to the book."""
    kind: DealKind = row["kind"]
    fund = planning.fund(table, row, kinds=DEAL_INVESTORS)
    company = planning.party(table, row, "company")
    buyer, day, amount = planning.party(table, row, "buyer"), row.day("day"), row.fen("amount")
    good = _fits(planning, table, row, kind)
    if fund is None or company is None or day is None or (row.text("buyer") is not None and buyer is None):
        return None
    planning.in_currency(table, row, "amount", fund)
    if fund in (company, buyer):
        planning.problem(
            table,
            row,
            "company",
            "same_party",
            Text("企业与受让方不得为基金本身", "other parties than the fund"),
        )
        good = False
    if planning.kind(company) not in FUND_KINDS | {PartyKind.COMPANY}:
        planning.problem(
            table,
            row,
            "company",
            "not_a_company",
            Text("应为企业或基金的编号", "the code of a company or fund"),
            planning.kind(company).value,
        )
        good = False
    nano = _nano(planning, table, row)
    if not good or nano == -1:
        return None
    code = row.text("code") or codes[id(row)]
    deal = _deal(planning, row, code, fund, company, nano)
    number = deal.id
    rows: list[JournalRow] = [deal]
    postings = []
    if _without_cash(row, kind):
        pass
    elif kind is DealKind.WRITE_OFF:
        rows.append(Mark(fund, company, 0, MarkMethod.WRITTEN_OFF.value, None, row.text("document")))
    elif kind in _EXITS:
        postings.append(posting(PostingKind.EXIT_PROCEEDS, buyer or company, fund, amount or 0, fund, number))
    else:
        postings.append(posting(PostingKind.INVESTMENT, fund, company, amount or 0, fund, number))
    stated = _stated(row, code)
    fresh = planning.add(
        table,
        row,
        EntryKind.DEAL if kind in (*_ENTRIES_IN, DealKind.CONVERSION) else EntryKind.EXIT,
        day,
        keys.key("deal", code),
        keys.content(stated),
        postings=postings,
        rows=rows,
        note=row.text("document"),
        column="code",
    )
    return deal if fresh else None


def _deal(planning: Planning, row: TypedRow, code: str, fund: int, company: int, nano: int | None) -> Deal:
    """The row of a deal, under the number that its code has."""
    number = planning.deals.get(code) or planning.ids.deal()
    planning.deals.setdefault(code, number)
    return Deal(
        number,
        code,
        fund,
        company,
        row["kind"].value,
        row.text("round"),
        row["instrument"] and row["instrument"].value,
        nano,
        row.fen("post_money"),
        row["stage"] and row["stage"].value,
        row.text("stage_definition"),
        row["exit_route"] and row["exit_route"].value,
    )


def _of_group(planning: Planning, table: Table, row: TypedRow) -> Deal | None:
    """The deal of a row whose money stands in another sheet; any party may hold it. None (and a problem) where it is wrong."""
    fund, company = planning.party(table, row, "fund"), planning.party(table, row, "company")
    nano, code = _nano(planning, table, row), row.text("code")
    wanted = Text("成组的交易须填写", "needed for a deal of a group")
    unwanted = Text(
        "成组的交易此处留空：金额写在“其他分录”",
        "blank for a deal of a group: its money is in “Other entries”",
    )
    if code is None:
        planning.problem(table, row, "code", "required", wanted)
    filled = next((c for c in ("amount", "buyer") if row[c] is not None), None)
    if filled is not None:
        planning.problem(table, row, filled, "not_for_group", unwanted)
    if fund is None or company is None or code is None or filled is not None or nano == -1:
        return None
    return _deal(planning, row, code, fund, company, nano)


def _fits(planning: Planning, table: Table, row: TypedRow, kind: DealKind) -> bool:
    """What each kind needs and must leave blank."""
    problems: list[tuple[str, str, Text]] = []
    if kind is DealKind.WRITE_OFF:
        if row.fen("amount"):
            problems.append(
                ("amount", "not_for_write_off", Text("核销不填金额", "no amount for a write-off"))
            )
    elif _without_cash(row, kind):
        if row.fen("amount"):
            text = Text(
                "转股、实物分配与作价出资没有现金，不填金额；作价填在分配通知或缴款到账中",
                "no cash moves in a conversion or where something is handed over in kind: no amount; its value stands in the distribution notice or the payment",
            )
            problems.append(("amount", "without_cash", text))
        if row.share("share") is None and kind is not DealKind.EXIT:
            text = Text("须填写所涉及的股权比例", "the share of the company that it concerns")
            problems.append(("share", "required", text))
        if kind is DealKind.CONVERSION and row.text("round") is not None:
            text = Text("转股不是新的一轮", "a conversion is no new round")
            problems.append(("round", "no_round", text))
    elif not row.fen("amount"):
        problems.append(("amount", "required", Text("投资与退出须填写大于零的金额", "an amount above zero")))
    if row["paid_in_kind"] and kind not in _ENTRIES_IN:
        text = Text(
            "仅首次投资与后续投资可由出资人以其出资",
            "only an initial or a follow-on investment is contributed in kind",
        )
        problems.append(("paid_in_kind", "investment_only", text))
    if (kind not in _EXITS or _without_cash(row, kind)) and row.text("buyer") is not None:
        problems.append(("buyer", "exit_only", Text("仅退出时填写", "for exits only")))
    if kind not in _EXITS | {DealKind.WRITE_OFF} and row["exit_route"] is not None:
        problems.append(("exit_route", "exit_only", Text("仅退出时填写", "for exits only")))
    if row["stage"] is not None and row.text("stage_definition") is None:
        problems.append(
            (
                "stage_definition",
                "required",
                Text("填写阶段时须填写认定口径", "a stage needs the definition that gave it"),
            )
        )
    if row.fen("post_money") == 0:
        problems.append(("post_money", "not_positive", Text("投后估值须大于零", "a value above zero")))
    for column, code, text in problems:
        planning.problem(table, row, column, code, text)
    return not problems


def _without_cash(row: TypedRow, kind: DealKind) -> bool:
    """A conversion; an exit whose shares go to the fund's investors, or to a fund for a promise; a deal by what an investor
    hands over instead of money."""
    if kind in _EXITS:
        return row["exit_route"] in (ExitRoute.IN_KIND, ExitRoute.CONTRIBUTED)
    return kind is DealKind.CONVERSION or (kind in _ENTRIES_IN and bool(row["paid_in_kind"]))


def _nano(planning: Planning, table: Table, row: TypedRow) -> int | None:
    """The share in 1e-9; None where none is stated, -1 (and a problem) where it is finer than that."""
    share: Decimal | None = row.share("share")
    if share is None:
        return None
    nano = share * WHOLE
    if nano != nano.to_integral_value():
        planning.problem(
            table, row, "share", "too_precise", Text("比例最多九位小数", "at most nine decimals"), share
        )
        return -1
    return int(nano)
