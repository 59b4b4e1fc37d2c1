"""One company on one time line: stage by year, what was paid to it by which path, what it paid back, and what happened to it.

What loans, vouchers and subsidies paid stands beside equity and staff money: whatever posting reaches the company is on its line.
Money of a company that went into another is on the lines of both.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fof.book.company_money import INSTRUMENTS, company_payments
from fof.book.cost_paths import cost_paths
from fof.book.currencies import currency_of, of_number
from fof.book.succession import current
from fof.figures.coverage.continuity import stage_history
from fof.figures.coverage.stage_arrays import STAGES, UNKNOWN_STAGE
from fof.figures.coverage.surface import coverage
from fof.ledger import View, day_number, to_date
from fof.rules.stage_definitions import HOUSE_DEFINITION
from models.facts import FACTS
from models.frozen import frozen
from models.text import Text

EVENTS = ("founded_on", "quoted_on", "listed_on", "merged_on", "refinanced_on", "bond_issued_on", "closed_on")
"""Attributes of a company that say on which day something happened to it."""


@frozen
class CompanyEvent:
    """What happened on a day.

    what  : a payment to the company or back from it, its stage by a year's figures, or an event
    payer : party id of who paid, or was paid back; None where it is no payment
    fen   : paid to the company, below 0 what came back; None where it is no payment
    """

    day: dt.date
    what: Text
    payer: int | None = None
    fen: int | None = None
    currency: str | None = None
    entry: int | None = None


def company_line(view: View, company: int, definition: str = HOUSE_DEFINITION) -> list[CompanyEvent]:
    """Everything the book knows of a company up to the view's day, by day."""
    events = [*_stages(view, company, definition), *_payments(view, company), *_returned(view, company)]
    for name in EVENTS:
        for stated in view.history(company, name):
            if isinstance(stated.value, dt.date) and (view.as_of is None or stated.value <= view.as_of):
                events.append(CompanyEvent(stated.value, FACTS[name].text, entry=stated.entry))
    unique = {
        (e.day, tuple(e.what), e.payer, e.fen, e.entry if e.fen is not None else None): e for e in events
    }
    return sorted(unique.values(), key=lambda e: (e.day, e.entry or 0))


def _stages(view: View, company: int, definition: str) -> list[CompanyEvent]:
    surface = coverage(view, definition)
    companies = surface.companies
    stages = stage_history(view, definition)
    place, (first, _last) = int(companies.place_of[company]), companies.years
    events, before = [], UNKNOWN_STAGE
    for number, code in enumerate(stages[place].tolist() if place >= 0 else ()):
        end = dt.date(first + number, 12, 31)
        if code not in (UNKNOWN_STAGE, before) and end <= surface.day:
            stage = STAGES[code]
            events.append(CompanyEvent(end, Text(f"阶段：{stage.zh}", f"stage: {stage.en}")))
            before = code
    return events


def _payments(view: View, company: int) -> list[CompanyEvent]:
    paid = company_payments(view)
    place = int(coverage(view).companies.place_of[company])
    rows = np.flatnonzero((paid.place == place) | (paid.paid_to == place))
    columns = (paid.day, paid.instrument, paid.payer, paid.fen, paid.currency, paid.entry)
    return [
        CompanyEvent(to_date(day), INSTRUMENTS[kind].text, payer, fen, of_number(currency), entry)
        for day, kind, payer, fen, currency, entry in zip(*(c[rows].tolist() for c in columns), strict=True)
    ]


def _returned(view: View, company: int) -> list[CompanyEvent]:
    """What came back from holdings: proceeds and dividends of each investor."""
    until = None if view.as_of is None else day_number(view.as_of)
    events = []
    for (fund, of_company), path in cost_paths(view).items():
        if company not in (of_company, current(view, of_company)):
            continue
        for move in path.moves:
            if move.fen and move.is_proceeds and (until is None or move.day <= until):
                what = Text("收回", "money back")
                events.append(
                    CompanyEvent(to_date(move.day), what, fund, -abs(move.fen), currency_of(view, fund))
                )
    return events
