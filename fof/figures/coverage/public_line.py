"""All public money at risk in one company, over all instruments, at each year-end and on the day."""

from __future__ import annotations

import datetime as dt

from fof.figures.coverage.company_line import company_line
from fof.figures.coverage.payers import PayerMoney, company_payers
from fof.figures.coverage.surface import coverage
from fof.ledger import View
from fof.rules.stage_definitions import HOUSE_DEFINITION


def public_money_line(
    view: View, company: int, definition: str = HOUSE_DEFINITION
) -> list[tuple[dt.date, PayerMoney]]:
    """(day, sum of a currency over all instruments) from the year-end before the first payment on; nothing before any money came."""
    paid = [event.day for event in company_line(view, company, definition) if event.fen is not None]
    if not paid:
        return []
    last = coverage(view, definition).day
    ends = [dt.date(year, 12, 31) for year in range(min(paid).year - 1, last.year)]
    return [
        (day, line)
        for day in [*ends, last]
        for line in company_payers(coverage(view.on(day), definition), company)
        if line.instrument is None
    ]
