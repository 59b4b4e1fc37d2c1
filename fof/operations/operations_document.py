"""The year's work as documents: what is not paid, fees beside their terms, carry owed back, clocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fof import words
from fof.book.currencies import currency_of
from fof.book.notices import Call, asked
from fof.book.portfolios import Portfolio
from fof.figures.answers import Answer, Document
from fof.figures.operations_documents import CHASE, CLAWBACK, CLOCKS, FEES
from fof.ledger import View
from fof.operations.clawbacks import ClawbackOwed, clawbacks
from fof.operations.clocks import Clock, clocks
from fof.operations.fees import FeeQuarter, fee_run, phase_text
from fof.operations.payments import open_calls, state_of

Row = dict[str, Any]


def operations_answer(
    view: View, of: Document, rows: Iterable[Row], head: Row | None = None, currency: str | None = "CNY"
) -> Answer:
    """Rows as a document of the view; money in the currency of the fund or portfolio it is about."""
    return Answer(of, list(rows), view.as_of, view.known_at, currency, head or {})


def chase_document(view: View, portfolio: Portfolio, *, every: bool = False) -> Answer:
    """Open notices with days overdue; `every`: those not due yet, too."""
    rows = (open_row(view, call) for call in open_calls(view, portfolio.funds, overdue_only=not every))
    head = {"noticed": bool(asked(view) & set(portfolio.funds))}
    return operations_answer(view, CHASE, rows, head, portfolio.currency)


def open_row(view: View, call: Call) -> Row:
    """What one investor has not paid of a notice."""
    return {
        **CHASE.fields(call),
        "investor": view.parties[call.investor].code,
        "name": view.name(call.investor),
        "fund": view.parties[call.fund].code,
        "days": call.days_late,
        "state": state_of(call),
        "currency": currency_of(view, call.fund),
        "record": call,
    }


def fees_document(view: View, fund: int) -> Answer:
    """A fund's fee by its terms beside what was charged, by quarter."""
    run = fee_run(view, fund)
    head = {
        "fund": view.parties[fund].code,
        "computed": run.computed,
        "charged": run.charged,
        "difference": run.difference,
        "missing": words.clauses(r.text for r in run.missing) or None,
    }
    return operations_answer(view, FEES, map(fee_row, run.quarters), head, currency_of(view, fund))


def fee_row(quarter: FeeQuarter) -> Row:
    """The fee of one quarter."""
    return {
        **FEES.fields(quarter),
        "phase": phase_text(quarter) or None,
        "reasons": {} if quarter.note is None else {"computed": quarter.note},
        "record": quarter,
    }


def clawback_document(view: View, funds: Iterable[int]) -> Answer:
    """Carry that managers owe back, fund by fund."""
    return operations_answer(view, CLAWBACK, (clawback_row(view, c) for c in clawbacks(view, tuple(funds))))


def clawback_row(view: View, owed: ClawbackOwed) -> Row:
    """What the manager of one fund owes back."""
    return {
        **CLAWBACK.fields(owed),
        "fund": view.parties[owed.fund].code,
        "name": view.name(owed.fund),
        "currency": currency_of(view, owed.fund),
        "reasons": {} if owed.note is None else {"owed" if owed.owed is None else "at_value": owed.note},
        "record": owed,
    }


def clocks_document(view: View, portfolio: Portfolio) -> Answer:
    """What must happen by when in every fund of the portfolio, and what is past."""
    return operations_answer(view, CLOCKS, (clock_row(view, clock) for clock in clocks(view, portfolio)))


def clock_row(view: View, clock: Clock) -> Row:
    """One clock of one fund."""
    return {
        **CLOCKS.fields(clock),
        "fund": view.parties[clock.fund].code,
        "name": view.name(clock.fund),
        "clock": clock.text,
        "follows": clock.follows.text,
        "record": clock,
    }
