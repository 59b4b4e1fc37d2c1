"""The sheet of PI-12 by city and year: companies supported, first rounds, money by instrument, jobs, patents, exits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from fof.book.company_columns import company_columns
from fof.book.company_money import INSTRUMENTS, company_payments
from fof.book.cost_paths import SOLD
from fof.book.currencies import DEFAULT_CURRENCY, of_number
from fof.figures.answers import Answer, declared
from fof.figures.instruments.instrument_desk import InstrumentDesk, Row
from fof.ledger import View, to_date
from fof.rules.new_economy import known_class
from models.kinds import DealKind, SupportKind
from models.text import Text

INSTRUMENT_STATISTICS = declared(
    "instrument_statistics",
    Text("三新、双创统计", "New economy and entrepreneurship"),
    "PI-12 by year and city of the company at the year's end (of the running year: on the day), with a row for all cities (city null): companies that got money, first rounds, money by instrument, staff and patents as stated for the year with the number of companies that stated them, companies left by a sale, and those classed in the new economy. Companies of unknown city stand under the empty text.",
    rows="""
        year city companies_in_year first_rounds money_equity money_loans money_staff money_vouchers
        money_subsidies jobs jobs_stated patents patents_stated exits_made classed
    """,
    meaning="year=statistics_year city=coverage_city",
)
_COLUMN = {
    **dict.fromkeys(
        (
            SupportKind.ANGEL_FUND,
            SupportKind.VC_FUND,
            SupportKind.INDUSTRIAL_FUND,
            SupportKind.OTHER_FUND,
            SupportKind.DIRECT,
        ),
        "money_equity",
    ),
    **dict.fromkeys((SupportKind.POOL_LOAN, SupportKind.BOND_GUARANTEE, SupportKind.IP_LOAN), "money_loans"),
    SupportKind.STAFF: "money_staff",
    SupportKind.VOUCHER: "money_vouchers",
    SupportKind.SUBSIDY: "money_subsidies",
}
_FOREIGN = Text("非人民币资金未计入金额", "money of other currencies is not in the amounts")


@dataclass
class _Cell:
    """One city in one year."""

    supported: set[int] = field(default_factory=set)
    first: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    money: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COLUMN.values(), 0))


def statistics_document(view: View) -> Answer:
    """A row for each year and city, the cities of a year before its sum."""
    desk = InstrumentDesk(view)
    cells, foreign = _cells(desk)
    rows = []
    for year in sorted({y for y, _ in cells}):
        cities = sorted(city for y, city in cells if y == year)
        own = [cells[year, city] for city in cities]
        rows += [_row(desk, year, city, cell) for city, cell in zip(cities, own, strict=True)]
        rows.append(_row(desk, year, None, _together(own)))
    return desk.answer(INSTRUMENT_STATISTICS, rows, *([_FOREIGN] if foreign else []))


def _cells(desk: InstrumentDesk) -> tuple[dict[tuple[int, str], _Cell], bool]:
    """(year, city) → what happened there; and whether money of other currencies was left out of the amounts."""
    view = desk.view
    cells: dict[tuple[int, str], _Cell] = defaultdict(_Cell)
    paid, companies = company_payments(view), company_columns(view)
    foreign = False
    rows = zip(
        companies.party[paid.place].tolist() if len(paid.place) else (),
        paid.day.tolist(),
        paid.instrument.tolist(),
        paid.fen.tolist(),
        np.asarray(paid.currency).tolist(),
        strict=True,
    )
    for company, number, instrument, fen, currency in rows:
        year = to_date(number).year
        cell = cells[year, _city(desk, company, year)]
        cell.supported.add(company)
        if of_number(int(currency)) == DEFAULT_CURRENCY:
            cell.money[_COLUMN[INSTRUMENTS[instrument]]] += fen
        else:
            foreign = True
    for deal in desk.book.view.deals:
        if deal.day > desk.day:
            continue
        cell = cells[deal.day.year, _city(desk, deal.row.company, deal.day.year)]
        if deal.row.kind == DealKind.INITIAL:
            cell.first.add(deal.row.company)
        elif deal.row.kind in SOLD:
            cell.left.add(deal.row.company)
    return dict(cells), foreign


def _city(desk: InstrumentDesk, company: int, year: int) -> str:
    """Where a company was at the end of a year, or on the day in the running one; empty where nobody said."""
    city = desk.book.facts.of(company, "city", min(dt.date(year, 12, 31), desk.day))
    return "" if city is None else str(city.value)


def _together(cells: list[_Cell]) -> _Cell:
    whole = _Cell()
    for cell in cells:
        whole.supported |= cell.supported
        whole.first |= cell.first
        whole.left |= cell.left
        for name, fen in cell.money.items():
            whole.money[name] += fen
    return whole


def _row(desk: InstrumentDesk, year: int, city: str | None, cell: _Cell) -> Row:
    in_year = desk.book.facts.in_year
    stated = {
        name: [v for company in cell.supported if (v := in_year(company, name, year, desk.day)) is not None]
        for name in ("staff", "patents_granted", "new_economy_class")
    }
    return {
        "year": str(year),
        "city": city,
        "companies_in_year": len(cell.supported),
        "first_rounds": len(cell.first),
        **cell.money,
        "jobs": sum(stated["staff"]) if stated["staff"] else None,
        "jobs_stated": len(stated["staff"]),
        "patents": sum(stated["patents_granted"]) if stated["patents_granted"] else None,
        "patents_stated": len(stated["patents_granted"]),
        "exits_made": len(cell.left),
        "classed": sum(known_class(code) for code in stated["new_economy_class"]),
    }
