"""Parts of pages that stand for one result: a statement, a list of duties, terms, documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np
import streamlit as st

from fof import words
from fof.book.contents import fields
from fof.book.entries import Detail
from fof.book.funds import FundDetail
from fof.book.portfolios import Portfolio
from fof.book.stakes import stakes
from fof.book.written import document_text, note_text
from fof.figures.fund_document import filed_row, term_row
from fof.figures.journal_document import recorded_approved
from fof.figures.leverage_document import leverage_document
from fof.figures.statement_items import Statement
from fof.ledger import View
from fof.ui import charts, cited, data, foreign, frame, say, table_rows, widgets
from fof.ui.labels import named
from fof.ui.table_columns import Columns
from fof.words import _


def investors(view: View, fund: int) -> list[int]:
    """Who has, or had, a stake in a fund, largest commitment first."""
    own = stakes(view).of(None, {fund})
    return [int(i) for i in own.investor[np.argsort(-own.committed, kind="stable")]]


def statement(account: Statement, chosen: frame.Choice, *, chart: bool, key: str, view: View) -> None:
    """A capital account or value bridge: the lines, how they close, and the chart."""
    note = data.reason_text(account.note)
    if not account.items:
        say.info(
            note
            or _(
                "期初或期末没有净值，报表无法编制。",
                "One end of the period has no value; there is no statement.",
            ),
            icon=":material/description:",
        )
        say.caption(
            f"{named('opening')} {data.value_note(account.opening)}　{named('closing')} {data.value_note(account.closing)}"
        )
        return
    unit = words.unit_name(chosen.unit, account.currency)
    if chart:
        charts.draw(
            charts.bridge(
                [(str(i.text), words.in_unit(i.fen, chosen.unit), i.kind) for i in account.items],
                unit,
            ),
            360,
            _("净值桥", "NAV bridge"),
            unit,
        )
    lines = [
        {
            "line": str(i.text),
            "fen": i.fen,
            "count": len(i.places) or None,
            "item": i,
            "currency": account.currency,
        }
        for i in account.items
    ]
    widgets.table(
        f"{view.name(account.fund)} · {account.start} – {account.end}",
        lines,
        "line=item fen=amount count=postings",
        key,
        whole=True,
    )
    for sale in account.sales:
        parts = words.clauses(f"{text!s} {words.amount(fen, chosen.unit)}" for _name, text, fen in sale.lines)
        say.caption(_("{} → {}：{}", "{} → {}: {}").format(sale.day, view.name(sale.buyer), parts))
    closes = (
        _("期初加各项等于期末，分毫不差", "Opening plus every line is closing, to the fen")
        if not account.residual
        else _(
            "报告期末值与逐项合计的差额单列为差异",
            "What the lines do not explain of the reported closing value stands as a residual",
        )
    )
    say.caption(
        words.clauses(
            p for p in (closes, note, f"{named('closing')} {data.value_note(account.closing)}") if p
        )
    )


def no_funds() -> NoReturn:
    """A page of a portfolio ends here where it has no fund yet: where they come from is said."""
    widgets.to_import(
        _(
            "这里还没有基金。先导入“主体”“基金”“认缴”三张表。",
            "No fund here yet. Import the sheets Parties, Funds and Commitments first.",
        )
    )
    cited.finish()


def entry_link(entry: int) -> None:
    """A link to an entry of the journal."""
    frame.link("journal", f"{named('entry')} {entry}", entry=entry)


def record_table(
    title: str,
    records: Sequence[dict[str, Any]],
    columns: Columns,
    key: str,
    nothing: str,
    *,
    explain: Callable[[Any, str, str], None] | None = None,
    cite: widgets.Cited | None = None,
) -> None:
    """A table, or one line that says there is nothing. explain, cite: as in widgets.table."""
    widgets.section(title)
    if records:
        widgets.table(title, records, columns, key, explain=explain, cite=cite)
    else:
        say.caption(nothing)


def terms(view: View, detail: FundDetail) -> None:
    """Terms in force with the day they hold from, the entry and the document; and the fund's cash."""
    term_rows = [
        {
            **row,
            "label": str(row["label"]),
            "value": str(row["texts"]["value"]),
            "document": _filed(row["document"], row["entry"]),
        }
        for row in (term_row(view, t) for t in detail.terms)
    ]
    cash, chosen = detail.cash, frame.choice()
    balances = " · ".join(
        f"{words.amount(fen, chosen.unit)} {words.unit_name(chosen.unit, code)}"
        for code, fen in cash.balances
    )
    widgets.headline(
        [
            (
                named("cash_kept"),
                words.amount(cash.fen, chosen.unit),
                words.clauses(t for t in (data.reason_text(cash.note), balances) if t) or None,
            ),
            *data.headline_of(cash, "idle_ratio", chosen.unit),
            (
                named("idle_days"),
                words.DASH if cash.idle_days is None else str(cash.idle_days),
                data.reason_text(cash.note),
            ),
        ]
    )
    widgets.table(
        f"{view.name(detail.fund)} · {_('条款', 'Terms')}",
        term_rows,
        "label=term_name value=content day=effective_on document entry",
        "fund_terms",
    )


def _filed(document: str | None, entry: int) -> tuple[str, int] | None:
    """A document as a link to the entry that cites it."""
    return None if not document else (document, entry)


def documents(view: View, detail: FundDetail) -> None:
    """The documents a fund's entries were read from."""
    document_rows = [
        {
            **row,
            "document": _filed(row["label"], row["entry"]),
            "kinds": words.listed(words.word(k) for k in row["record"].kinds),
            "first": row["record"].first_on,
            "entries": len(row["record"].entries),
            "digest": (row["name"] or words.DASH)[:16],
        }
        for row in map(filed_row, detail.documents)
    ]
    widgets.table(
        f"{view.name(detail.fund)} · {_('文件', 'Documents')}",
        document_rows,
        "document kinds=content first=first_day day=last_day entries digest=file_digest",
        "fund_documents",
    )


def leverage_and_government(view: View, portfolio: Portfolio) -> None:
    """Government's share fund by fund in both readings, and the leverage multiples, each with its variant."""
    rows = table_rows.listed(leverage_document(view, portfolio))
    widgets.section(
        _("放大倍数", "Leverage multiple"),
        _(
            "甲：子基金认缴总额；乙：其中非政府出资；丙：账内到达企业的资金；均除以本组合认缴",
            "A: all commitments of the sub-funds; B: those not the government's; C: money that reached companies, as this book saw it; each over the portfolio's commitments",
        ),
    )
    leverage_headlines(rows)
    own = [row for row in rows if row["by"] == "fund"]
    if not own:
        return
    widgets.section(
        _("政府出资占比", "Government share"),
        _(
            "占认缴的比例；直接为政府本身，穿透为经各层持有；两种口径并列",
            "Share of commitments; direct is the government and its vehicles, looked-through is what governments hold through every layer; both readings side by side",
        ),
    )
    say.caption(words.labelled(_("现行口径", "Reading in force"), soe_reading(own[0])))
    widgets.table(
        _("政府出资占比", "Government share"),
        own,
        """
        label=fund all_committed gov_direct gov_looked_through gov_with_soe gov_national gov_province
        gov_prefecture gov_county gov_unstated leverage_a leverage_b leverage_c
        """,
        "government_table",
    )


def leverage_headlines(rows: Sequence[dict[str, Any]]) -> None:
    """The three multiples of a portfolio, of each currency where it has several. rows: of the document of leverage."""
    for total in widgets.each_currency([row for row in rows if row["by"] == "portfolio"]):
        widgets.subtotal(total)
        widgets.headline(data.headline_of(total, "leverage_a leverage_b leverage_c", frame.choice().unit))


def soe_reading(row: dict[str, Any]) -> str:
    """Whether state companies count as the government's in a row."""
    if row["soe_counts_as_government"]:
        return _("国有企业计入政府", "state companies count as government")
    return _("国有企业不计入政府", "state companies do not count as government")


def entry(view: View, one: Detail, chosen: frame.Choice) -> None:
    """One entry: its head with the way to its file and its counterparts, its postings, its other rows in words."""
    head = one.head
    source = " · ".join(
        p
        for p in (
            document_text(" · ".join(p for p in (head.source_name, head.source_sheet) if p)),
            None if head.source_row is None else f"{_('第', 'row')} {head.source_row} {_('行', 'rows')}",
        )
        if p
    )
    facts = [
        (named("effective_on"), head.effective_on.isoformat()),
        (named("recorded_at"), words.office_minute(head.recorded_at)),
        (named("recorded_utc"), head.recorded_at[:19].replace("T", " ")),
        (named("recorded_approved"), recorded_approved(head)),
        (_("来源", "Source"), source or words.DASH),
        (named("file_digest"), head.source_digest or words.DASH),
        (named("entry_key"), head.key),
        (_("叶哈希", "Leaf hash"), head.leaf.hex()),
        (_("备注", "Note"), note_text(head.note, head.source_name) or words.DASH),
    ]
    _fields_table(facts, f"{named('entry')} {head.id}")
    with st.container(horizontal=True, gap="small", key="entry_links"):
        for number, label in (
            (head.reversed_by, _("已被冲销", "Reversed by")),
            (head.reverses, _("冲销", "Reverse")),
        ):
            if number is not None:
                known = None if number > chosen.known_at else chosen.known or None
                frame.link("journal", f"{label} {named('entry')} {number}", known_at=known, entry=number)
        if head.source_name:
            frame.link(
                "journal",
                words.labelled(
                    _("同一文件的全部分录", "All entries of the same file"),
                    foreign.plain(head.source_name, 60),
                ),
                q=head.source_name,
            )
    if one.postings:
        _postings(view, one)
    for table in dict.fromkeys(name for name, _line, _row in one.rows):
        for place, (_name, line, row) in enumerate(r for r in one.rows if r[0] == table):
            if place == 0:
                say.caption(data.table_name(table))
            if place >= ROWS_IN_WORDS:
                say.caption(
                    f"{_('未列出', 'not listed')} {sum(r[0] == table for r in one.rows) - place} {_('行', 'rows')}"
                )
                break
            _fields_table(
                list(fields(view, table, row, words.language()).items()), f"{data.table_name(table)} {line}"
            )


ROWS_IN_WORDS = 40
"""Rows of one table of an entry that are told field by field."""


def _fields_table(pairs: list[tuple[str, str]], alt: str) -> None:
    st.dataframe(
        {
            _("字段", "Field"): [name for name, _value in pairs],
            named("content"): [foreign.plain(value) for _name, value in pairs],
        },
        hide_index=True,
        width="stretch",
        alt=alt,
    )


def _postings(view: View, one: Detail) -> None:
    deals = view.deal_by_id
    posting_rows = [
        {
            "line": p.line,
            "kind": words.posting_kind(p.kind),
            "from": view.name(p.from_party),
            "to": view.name(p.to_party),
            "fund": words.DASH if p.fund is None else view.name(p.fund),
            "deal": words.DASH
            if p.deal is None
            else deals[p.deal].row.code
            if p.deal in deals
            else str(p.deal),
            "amount": p.fen,
            "currency": p.currency,
        }
        for p in one.postings
    ]
    columns = "line kind from to fund deal amount"
    widgets.table(
        f"{named('entry')} {one.head.id} · {_('金额行', 'Postings')}",
        posting_rows,
        columns,
        "entry_postings",
    )
