"""Companies one by one: stage, place, size, and all money that reached each, over all instruments. Public money per company."""

from __future__ import annotations

import numpy as np

from fof.book.company_money import INSTRUMENTS, CompanyMoney
from fof.book.currencies import of_number
from fof.figures.coverage.stage_arrays import MISSING, Bools
from fof.figures.coverage.surface import CellAmounts, Coverage
from fof.ledger import day_number
from fof.rules.size_classes import size_class, size_industry
from models.frozen import frozen
from models.pools import SizeClass
from models.text import Text


@frozen
class SupportedCompany:
    """A company of the surface.

    year, stated : year of the figures behind the stage (None: none count); the stage is a label of the book
    size         : by the classes of 2017, None where it cannot be told
    instruments  : through which money reached it          amounts : in each currency
    """

    party: int
    stage: str
    year: int | None
    stated: bool
    city: str
    industry: str
    size: SizeClass | None
    instruments: tuple[str, ...]
    amounts: tuple[CellAmounts, ...]


def companies_in(
    surface: Coverage,
    stage: str | None = None,
    city: str | None = None,
    industry: str | None = None,
    instrument: str | None = None,
) -> list[SupportedCompany]:
    """The known companies of a cell or margin ("" for what is not known, None for all), the most public money first."""
    chosen = surface.labels.known.copy()
    for dimension, wanted in (("stage", stage), ("city", city), ("industry", industry)):
        if wanted is not None:
            names = surface.names(dimension)
            chosen &= surface.codes(dimension) == (names.index(wanted) if wanted in names else -1)
    if instrument is not None:
        mask = np.zeros(len(chosen), bool)
        code = INSTRUMENTS.index(instrument)
        mask[surface.money.place[(surface.money.instrument == code) & (surface.money.deployed > 0)]] = True
        chosen &= mask
    return companies_at(surface, chosen)


def companies_at(surface: Coverage, chosen: Bools) -> list[SupportedCompany]:
    """Some companies by a mask over all."""
    places = np.flatnonzero(chosen)
    own = surface.money.where(chosen[surface.money.place])
    order = np.argsort(own.place, kind="stable")
    first = np.searchsorted(own.place[order], places, side="left").tolist()
    last = np.searchsorted(own.place[order], places, side="right").tolist()
    listed = [
        _company(surface, place, own.where(order[a:b]))
        for place, a, b in zip(places.tolist(), first, last, strict=True)
    ]
    return sorted(listed, key=lambda c: (-_public(c), surface.companies.place_of[c.party]))


def _public(company: SupportedCompany) -> int:
    return max((a.government_deployed or 0 for a in company.amounts), default=0)


def _company(surface: Coverage, place: int, money: CompanyMoney) -> SupportedCompany:
    labels, companies = surface.labels, surface.companies
    year, city = int(labels.year[place]), int(labels.city[place])
    column = companies.stated("industry")
    code = int(column.on(day_number(surface.day))[place])
    industry = "" if code == MISSING else column.texts[code]
    paid = {
        INSTRUMENTS[i].value
        for i, fen in zip(money.instrument.tolist(), money.deployed.tolist(), strict=True)
        if fen
    }
    return SupportedCompany(
        int(companies.party[place]),
        surface.names("stage")[int(labels.stage[place])],
        None if year == MISSING else year,
        bool(labels.stated[place]),
        surface.names("city")[city],
        industry,
        _size(surface, place, year, industry),
        tuple(i.value for i in INSTRUMENTS if i.value in paid),
        _by_currency(money),
    )


def _size(surface: Coverage, place: int, year: int, industry: str) -> SizeClass | None:
    of_table = size_industry(industry or None)
    if year == MISSING or isinstance(of_table, Text):
        return None
    figures = (
        surface.companies.in_year(name, year, surface.day)[place]
        for name in ("staff", "revenue", "total_assets")
    )
    return size_class(of_table, *(None if value == MISSING else int(value) for value in figures))


def _by_currency(money: CompanyMoney) -> tuple[CellAmounts, ...]:
    amounts = []
    for number in np.unique(money.currency).tolist():
        own = money.where(money.currency == number)
        parts = []
        for fen in (own.deployed, own.at_risk):
            moved = fen != 0
            unknown = bool(np.isnan(own.government[moved]).any())
            parts.append(None if unknown else int(np.rint(own.government[moved] * fen[moved]).sum()))
        amounts.append(
            CellAmounts(of_number(number), int(own.deployed.sum()), int(own.at_risk.sum()), *parts)
        )
    return tuple(amounts)
