"""Publicly funded results with who may be licensed, and investments of which a part may be deducted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.book.grants import Deduction, deductions_of
from fof.book.identities import Registered
from fof.figures.answers import Answer, declared
from fof.figures.instruments.instrument_desk import InstrumentDesk, Row, word_of
from fof.ledger import View
from fof.rules.calendar_days import add_months
from fof.rules.conversion import open_to_others_from
from fof.rules.tax_deduction import deduction_allowed
from models.instruments import ResultException
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

INSTRUMENT_RESULTS = declared(
    "instrument_results",
    Text("财政资金成果", "Publicly funded results"),
    "Results of public money by the day: conversion agreed by and the first day on which others may be licensed (a calendar year later), exception, the team's priority, the licence granted.",
    rows="""
        funded_result company name result_field funder fiscal_money result_state result_due open_from
        converted_day result_exception priority_offered_on priority_answer licensed_on licensee licence_fee
    """,
)
INSTRUMENT_DEDUCTIONS = declared(
    "instrument_deductions",
    Text("投资抵扣", "Tax deductions"),
    "Investments of which a part may be deducted from taxable income (TX-01): from which year on, how much in all, what was deducted and what is carried forward. Whether the conditions are met says the finding.",
    rows="""
        deduction investor name company deduction_form deduction_invested deduction_day deductible_from
        deductible deducted_so_far deductible_left
    """,
)


def results_document(view: View) -> Answer:
    """A row for each result, by code."""
    desk = InstrumentDesk(view)
    return desk.answer(INSTRUMENT_RESULTS, (_result(desk, own) for own in desk.known(S.RESULT)))


def deductions_document(view: View) -> Answer:
    """A row for each investment that is deducted, by code."""
    desk = InstrumentDesk(view)
    own = (d for d in deductions_of(view).values() if d.subject.first_day <= desk.day)
    return desk.answer(INSTRUMENT_DEDUCTIONS, (_deduction(desk, d) for d in own))


def _result(desk: InstrumentDesk, own: Registered) -> Row:
    day = desk.day
    stated = {
        name: own.on(name, day)
        for name in ("fiscal_money", "result_due", "priority_offered_on", "licensed_on", "licence_fee")
    }
    due, converted = stated["result_due"], own.on("result_converted_on", day)
    years = desk.numbers("TC-01B", day).get("conversion_grace_years")
    opened = open_to_others_from(due, years) if due is not None and isinstance(years, int) else None
    exception: ResultException | None = own.on("result_exception", day)
    return stated | {
        "funded_result": own.code,
        "company": desk.linked(own, R.COMPANY),
        "name": desk.name(own.linked(R.COMPANY)),
        "result_field": word_of(own.on("result_field", day)),
        "funder": desk.linked(own, R.FUNDER),
        "result_state": _state(day, converted, stated["licensed_on"], exception, opened),
        "open_from": opened,
        "converted_day": converted,
        "result_exception": word_of(exception),
        "priority_answer": word_of(own.on("priority_answer", day)),
        "licensee": desk.linked(own, R.LICENSEE),
    }


def _state(
    day: dt.date,
    converted: dt.date | None,
    licensed: dt.date | None,
    exception: ResultException | None,
    opened: dt.date | None,
) -> str:
    if licensed is not None and licensed <= day:
        return "licensed"
    if converted is not None and converted <= day:
        return "converted"
    if exception is not None and exception is not ResultException.NONE:
        return "excepted"
    if opened is None:
        return "unknown"
    if day < opened:
        return "running"
    return "open" if exception is ResultException.NONE else "unknown"


def _deduction(desk: InstrumentDesk, deduction: Deduction) -> Row:
    day, own = desk.day, deduction.subject
    _deal, on, invested = desk.investment(own)
    numbers = {} if on is None else desk.numbers("TX-01", on)
    rate, months = numbers.get("deduction_rate"), numbers.get("deduction_months")
    allowed = (
        deduction_allowed(invested, rate) if invested is not None and isinstance(rate, Decimal) else None
    )
    taken = deduction.deducted(day)
    return {
        "deduction": own.code,
        "investor": desk.linked(own, R.HOLDER),
        "name": desk.name(own.linked(R.HOLDER)),
        "company": desk.linked(own, R.COMPANY),
        "deduction_form": word_of(own.on("deduction_form", day)),
        "deduction_invested": invested,
        "deduction_day": on,
        "deductible_from": add_months(on, months) if on is not None and isinstance(months, int) else None,
        "deductible": allowed,
        "deducted_so_far": taken,
        "deductible_left": None if allowed is None else max(allowed - taken, 0),
    }
