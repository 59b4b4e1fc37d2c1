"""Commands that look: fees beside the terms, what a quarter lacks and its close, clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from fof import words
from fof.cli.asked import Asked, asks, database
from fof.cli.operations_asked import Fund, Row, day, document, entries
from fof.cli.printed import print_sentence, printed
from fof.cli.usage import both, helped
from fof.figures.documents import AFTER, CLAWBACK, CLOCKS, FEES, QUARTER, QUARTER_ROLL
from models.text import Text

if TYPE_CHECKING:
    from fof.book.known import Close
    from fof.book.portfolios import Portfolio
    from fof.figures.answers import Answer
    from fof.ledger import View


@helped("管理费：按条款与已收。", "The fee by the terms beside what was charged, by quarter.")
@asks("as_of known_at unit lang json")
def fees(
    asked: Asked,
    fund: Fund,
) -> None:
    printed(fees_document(asked.view(), asked, fund), asked)


def fees_document(view: View, asked: Asked, fund: str) -> Answer:
    """A fund's fee by its terms beside what was charged, by quarter."""
    from fof.book.currencies import currency_of
    from fof.operations.fees import fee_run, phase_text

    own = view.party(fund).id
    run = fee_run(view, own)
    rows = [
        {
            "start": q.start,
            "end": q.end,
            "computed": q.computed,
            "charged": q.charged,
            "difference": q.difference,
            "phase": phase_text(q, asked.language) or None,
            "reasons": {} if q.note is None else {"computed": q.note},
            "record": q,
        }
        for q in run.quarters
    ]
    missing = words.clauses(r.text.of(asked.language) for r in run.missing) or None
    head = {
        "fund": fund,
        "computed": run.computed,
        "charged": run.charged,
        "difference": run.difference,
        "missing": missing,
    }
    return document(view, FEES, rows, head, currency_of(view, own))


@helped("回拨：管理人应退的业绩报酬。", "Carry that the manager owes back on the day, fund by fund.")
@asks("as_of known_at portfolio unit lang json")
def clawback(
    asked: Asked,
    fund: Annotated[
        str | None, typer.Option("--fund", metavar="CODE", help=both("只看一只基金", "one fund only"))
    ] = None,
) -> None:
    printed(clawback_document(asked.view(), asked, fund), asked)


def clawback_document(view: View, asked: Asked, fund: str | None = None) -> Answer:
    """Carry that managers owe back, of one fund or of every fund of the portfolio."""
    from fof.book.currencies import currency_of
    from fof.operations.clawbacks import clawbacks

    funds = asked.chosen(view).funds if fund is None else (view.party(fund).id,)
    rows = [
        {
            "fund": view.parties[c.fund].code,
            "name": view.name(c.fund),
            "currency": currency_of(view, c.fund),
            "carry_paid": c.carry_paid,
            "returned": c.returned,
            "profit": c.profit,
            "carry_due": c.carry_due,
            "shortfall": c.shortfall,
            "owed": c.owed,
            "at_value": c.at_value,
            "reasons": {} if c.note is None else {"owed" if c.owed is None else "at_value": c.note},
            "record": c,
        }
        for c in clawbacks(view, funds)
    ]
    return document(view, CLAWBACK, rows)


@helped("季度检查与结账。", "What a quarter lacks; --close books the close.")
@asks("known_at portfolio unit lang json")
def quarter(
    asked: Asked,
    end: Annotated[dt.date, day("--end", both("季度末日", "quarter end"))],
    close: Annotated[
        bool,
        typer.Option("--close", help=both("结账，记录所依据的分录", "close, naming the entries it rests on")),
    ] = False,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", help=both("有缺失仍结账的理由", "why it is closed although something is missing")
        ),
    ] = "",
    rolled: Annotated[
        bool,
        typer.Option("--roll-forward", help=both("改为列出净值滚动", "the values rolled forward instead")),
    ] = False,
    after: Annotated[
        bool,
        typer.Option(
            "--after-close",
            help=both(
                "改为列出结账后登记进本季度的分录及其影响",
                "what was booked into it after the close, and what it moved, instead",
            ),
        ),
    ] = False,
) -> None:
    from fof.access import LOCAL
    from fof.book.currencies import currency_of
    from fof.book.late import after as after_entries
    from fof.operations.closes import checklist, close_quarter, closes

    asked = replace(asked, as_of=end)
    view = asked.view()
    chosen = asked.chosen(view)
    rows = [
        {
            "what": m.code,
            "fund": view.parties[m.fund].code,
            "name": view.name(m.fund),
            "investor": None if m.investor is None else view.name(m.investor),
            "amount": m.fen,
            "note": m.text.of(asked.language),
            "currency": currency_of(view, m.fund),
        }
        for m in checklist(view, chosen, end)
    ]
    last = next(
        (c for c in reversed(closes(view)) if (c.portfolio, c.quarter_end) == (chosen.code, end)), None
    )
    if after:
        printed(_after(view, chosen, end, last, asked), asked)
    elif rolled:
        printed(document(view, QUARTER_ROLL, _rolled(view, chosen, end), currency=chosen.currency), asked)
    else:
        printed(document(view, QUARTER, rows, currency=chosen.currency), asked)
    if last is not None and not after and (late := after_entries(view, last)):
        print_sentence(
            Text(
                f"结账（分录 {last.entry}）后又有 {len(late)} 条分录的生效日在本季度末之前，见 --after-close",
                f"{len(late)} entries were booked into it after the close (entry {last.entry}), see --after-close",
            )
        )
    if close:
        booked = entries(close_quarter(database(), LOCAL, chosen, end, view.known_at, reason))
        print_sentence(Text(f"分录：{booked}", f"entries: {booked}"))


def _after(view: View, portfolio: Portfolio, end: dt.date, close: Close | None, asked: Asked) -> Answer:
    """What stands after the last close of a quarter; Unknown where it was not closed."""
    from fof.changes import after_close
    from fof.errors import Unknown
    from fof.words import office_minute
    from models.kinds import EntryKind

    if close is None:
        raise Unknown(Text("已结账的季度", "closed quarter"), f"{portfolio.code} {end}")
    booked_since = after_close(view, close)
    moved = booked_since.changes
    rows: list[Row] = []
    for what, listed in (
        ("after", booked_since.entries),
        ("reversed", moved.reversed),
        ("superseded", moved.superseded),
    ):
        for h in listed:
            kind = EntryKind(h.kind)
            rows += [
                {
                    "what": what,
                    "entry": h.id,
                    "kind": kind.text.of(asked.language),
                    "day": h.effective_on,
                    "recorded_at": h.recorded_at,
                    "recorded_by": h.recorded_by,
                    "note": h.note,
                    **own,
                    "texts": {"recorded_at": office_minute(h.recorded_at)},
                }
                for own in moved.of_entry(h.id)
            ]
    rows += [{"what": "other", "currency": m.currency, **m.other} for m in moved.moved if m.other]
    rows += [{"what": "total", **own} for own in moved.sums()]
    head = {"portfolio": portfolio.code, "closed_at": close.known_at, "close_entry": close.entry}
    return document(view, AFTER, rows, head, portfolio.currency)


def _rolled(view: View, portfolio: Portfolio, end: dt.date) -> list[Row]:
    from fof.book.currencies import currency_of
    from fof.operations.roll_forward import roll_forward

    rows: list[Row] = []
    for r in roll_forward(view, portfolio, end):
        note = r.note
        why = {} if note is None or r.result is not None else dict.fromkeys(("result", "closing"), note)
        rows.append(
            {
                "fund": view.parties[r.fund].code,
                "name": view.name(r.fund),
                "currency": currency_of(view, r.fund),
                "opening": r.opening.fen,
                "paid_in": r.paid_in,
                "distributed": r.distributed,
                "transferred": r.transferred,
                "result": r.result,
                "closing": r.closing.fen,
                "stated_on": r.closing.marked_on,
                "rolled": None if r.closing.fen is None else not r.stated,
                "note": None if note is None or why else str(note.text),
                "reasons": why,
            }
        )
    return rows


@helped("各基金期限：设立、首投、投资期、存续期、延长期。", "What must happen by when, and what is past.")
@asks("as_of known_at portfolio lang json")
def clocks(
    asked: Asked,
) -> None:
    printed(clocks_document(asked.view(), asked), asked)


def clocks_document(view: View, asked: Asked) -> Answer:
    """What must happen by when in every fund of the portfolio, and what is past."""
    from fof.operations.clocks import clocks as use_case

    rows = [
        {
            "fund": view.parties[c.fund].code,
            "name": view.name(c.fund),
            "clock": c.text.of(asked.language),
            "started_on": c.started_on,
            "due_on": c.due_on,
            "days_left": c.days_left,
            "reached": c.reached,
            "follows": c.follows.text.of(asked.language),
            "basis": c.basis,
            "record": c,
        }
        for c in use_case(view, asked.chosen(view))
    ]
    return document(view, CLOCKS, rows)
