"""One fund as a document: terms, cash, holdings, notices, the manager's report beside the book, documents."""

from __future__ import annotations

from typing import Any

from fof.book.currencies import currency_of
from fof.book.filed_documents import FiledDocument
from fof.book.funds import Cash, Term, fund_detail
from fof.book.holdings import Holding, holdings
from fof.book.notices import Call, calls
from fof.book.parties import named
from fof.book.portfolios import Portfolio
from fof.figures.answers import Answer
from fof.figures.documents import FUND
from fof.figures.reported import Reported, reported
from fof.ledger import View
from models.facts import FACTS, FactType
from models.kinds import Stage
from models.text import Text, counted

Row = dict[str, Any]


def fund_document(view: View, chosen: Portfolio, number: int, *, every: bool = True) -> Answer:
    """Terms in force, cash, holdings, notices, what the manager reports beside the book's own, documents.

    every : also notices that are paid in full, and older reports that agree
    """
    detail = fund_detail(view, number)
    rows = [term_row(view, t) for t in detail.terms]
    rows.append(
        {
            "part": "cash",
            "whose": "whole_fund",
            "name": "cash",
            "label": Text("现金余额", "Cash"),
            "value": None if detail.cash.note is None else detail.cash.note.text,
            "amount": detail.cash.fen,
            "day": detail.cash.last_deal_on,
            "idle_ratio": detail.cash.idle_ratio,
            "texts": {
                "value": ""
                if detail.cash.fen is not None or detail.cash.note is None
                else detail.cash.note.text,
                "day": _last_deal(detail.cash),
            },
            "record": detail.cash,
        }
    )
    rows += [holding_row(view, h) for h in holdings(view, number)]
    notices = calls(view, {number})
    rows += [notice_row(view, c) for c in notices if c.open or every]
    rows += _reported(view, number, every)
    rows += [filed_row(d) for d in detail.documents]
    notes = []
    if (paid := sum(not c.open for c in notices)) and not every:
        notes = [
            Text(
                f"（已缴清的通知 {paid} 份未列出；--all 全部列出）",
                f"({counted(paid, 'notice')} paid in full left out; --all lists all)",
            )
        ]
    head = {
        "fund": view.parties[number].code,
        "label": view.name(number),
        "predecessors": ",".join(view.parties[p].code for p in detail.predecessors) or None,
    }
    currency = currency_of(view, number)
    return Answer(FUND, rows, view.as_of, view.known_at, currency, head, notes)


_AGREEMENT = {
    True: Text("一致", "agrees"),
    False: Text("不一致", "differs"),
    None: Text("无法核对", "cannot be compared"),
}


def _reported(view: View, fund: int, every: bool) -> list[Row]:
    """The newest report and every figure that differs from the book's; all reports where all are asked for."""
    reports = reported(view, [fund])
    newest = reports[0].day if reports else None
    return [reported_row(r) for r in reports if every or r.day == newest or r.agrees is False]


def reported_row(report: Reported) -> Row:
    """A figure that the manager reports beside the book's."""
    stated = float(report.stated)
    return {
        "part": "reported",
        "whose": "whole_fund",
        "basis": "net",
        "name": report.figure,
        "label": report.figure.upper(),
        "value": _AGREEMENT[report.agrees],
        "day": report.day,
        "stated": stated,
        "ours": None if report.ours != report.ours else report.ours,
        "difference": report.difference,
        "entry": report.entry,
        "document": report.document,
        "texts": {
            "stated": report.text_of(stated),
            "ours": report.text_of(report.ours),
            "difference": report.text_of(report.difference),
        },
        "reasons": {} if report.note is None else {"ours": report.note},
        "record": report,
    }


def term_row(view: View, term: Term) -> Row:
    """A term in force; for people a party by its name."""
    return {
        "part": "term",
        "name": term.name,
        "label": term.text,
        "value": _value_text(term),
        "day": term.since,
        "entry": term.entry,
        "document": term.document,
        "texts": {"value": _with_names(view, term)},
        "record": term,
    }


def filed_row(document: FiledDocument) -> Row:
    """A document that entries of the fund were read from."""
    entries = len(document.entries)
    return {
        "part": "document",
        "name": document.digest,
        "label": document.name,
        "value": f"{entries}",
        "day": document.last_on,
        "entry": document.entries[-1],
        "document": document.name,
        "texts": {"value": Text(f"{entries} 条分录", counted(entries, "entry")), "document": ""},
        "record": document,
    }


def _with_names(view: View, term: Term) -> Text | str:
    """The value of a term, a party's code with its name."""
    text = _value_text(term)
    party = view.by_code.get(text.zh) if FACTS[term.name].kind == FactType.PARTY else None
    return text if party is None else named(view, party.id)


def _value_text(term: Term) -> Text:
    return Text(term.value_text("zh"), term.value_text("en"))


def _last_deal(cash: Cash) -> Text:
    if cash.last_deal_on is None:
        return Text("尚未投资", "nothing invested yet")
    return Text(f"最近投资 {cash.last_deal_on}", f"last deal {cash.last_deal_on}")


def notice_row(view: View, call: Call) -> Row:
    """One investor's part of a call notice."""
    return {
        "part": "call",
        "whose": "investor",
        "name": call.number,
        "label": view.name(call.investor),
        "currency": currency_of(view, call.fund),
        "value": call.state,
        "notice_on": call.notice_on,
        "day": call.due_on,
        "amount": call.due,
        "due": call.due,
        "paid": call.paid,
        "paid_on": call.paid_on,
        "open": call.open,
        "overdue": call.overdue,
        "days_late": call.days_late or None,
        "entry": call.entry,
        "record": call,
    }


def holding_row(view: View, holding: Holding) -> Row:
    """One company held by a fund."""
    return {
        "part": "holding",
        "whose": "whole_fund",
        "basis": "gross",
        "name": view.parties[holding.company].code,
        "label": view.name(holding.company),
        "currency": holding.currency,
        "value": holding.state,
        "stage": Stage(holding.stage).text if holding.stage else None,
        "day": holding.first_on,
        "share": holding.share,
        "invested": holding.invested,
        "cost": holding.cost,
        "proceeds": holding.received,
        "amount": holding.value.fen,
        "multiple": holding.multiple,
        "entry": holding.value.marks[-1][0] if holding.value.marks else None,
        "record": holding,
    }
