"""The coverage surface: stage × city × industry × instrument, with whole money and the government's part of it.

A company has one stage, one city and one industry on a day, so that it counts once in every margin and margins add up; it
may have several instruments. Supported: money reached it up to the day. Money stands in the company's cell of today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np

from fof.book.company_columns import CompanyColumns, company_columns
from fof.book.company_money import INSTRUMENTS, CompanyMoney, company_money
from fof.book.currencies import DEFAULT_CURRENCY, in_order, number_of, of_number
from fof.book.reading import Bools, Floats, Reason, every_day, once_per_question, several
from fof.book.settings import rule_numbers
from fof.errors import Unknown
from fof.figures.coverage.labels import CITIES, LabelledCompanies, labelled
from fof.figures.coverage.stage_arrays import STAGES, Ints
from fof.ledger import View, to_date
from fof.rules.stage_definitions import HOUSE_DEFINITION, StageDefinition, stage_definitions
from models.frozen import frozen
from models.text import Text

DIMENSIONS = ("stage", "city", "industry", "instrument")
NO_GOVERNMENT_PART = Reason(
    "no_government_part",
    Text("有资金的政府出资比例未知", "of some of the money the government's part is not known"),
)


@frozen
class CellAmounts:
    """Money of a cell in one currency, fen. government_… : the looked-through part, None where that of some money is not known."""

    currency: str
    deployed: int
    at_risk: int
    government_deployed: int | None
    government_at_risk: int | None


@frozen
class CoverageCell:
    """A cell, or a margin of the surface.

    stage … instrument : codes; "" for what is not known, None for all of them
    companies : known on the day         supported : of them those that money reached         held : with money at risk
    """

    stage: str | None
    city: str | None
    industry: str | None
    instrument: str | None
    companies: int
    supported: int
    held: int
    amounts: tuple[CellAmounts, ...] = ()

    @property
    def reach(self) -> float:
        """supported / companies; nan where there are none, or their stage is not known."""
        return float("nan") if self.stage == "" else reach_of(self.supported, self.companies)


def reach_of(supported: int, companies: int) -> float:
    """supported / companies; nan where there are none."""
    return supported / companies if companies else float("nan")


@dataclass(frozen=True)
class Coverage:
    """The surface of a day: companies with their labels, and what reached them."""

    companies: CompanyColumns
    labels: LabelledCompanies
    money: CompanyMoney
    _made: dict[tuple[str, ...], CellColumns] = field(default_factory=dict)

    @property
    def day(self) -> dt.date:
        """Its as-of day."""
        return self.labels.day

    @cached_property
    def supported(self) -> Bools:
        """Known companies that money reached."""
        return self._with(self.money.deployed > 0)

    @cached_property
    def held(self) -> Bools:
        """Known companies with money at risk."""
        return self._with(self.money.at_risk > 0)

    @cached_property
    def public_unknown(self) -> Bools:
        """Known companies with money at risk of which the government's part is not known."""
        return self._with((self.money.at_risk > 0) & np.isnan(self.money.government))

    def _with(self, rows: Bools) -> Bools:
        mask = np.zeros(len(self.companies), bool)
        mask[self.money.place[rows]] = True
        return mask & self.labels.known

    def codes(self, dimension: str) -> Ints:
        """The code of each company in a dimension that every company has one of."""
        return {"stage": self.labels.stage, "city": self.labels.city, "industry": self.labels.industry}[
            dimension
        ]

    def names(self, dimension: str) -> tuple[str, ...]:
        """What the codes of a dimension stand for, "" for what is not known."""
        return {
            "stage": (*(s.value for s in STAGES), ""),
            "city": (*(c.value for c in CITIES), ""),
            "industry": self.labels.industries,
            "instrument": tuple(i.value for i in INSTRUMENTS),
        }[dimension]

    def cells(self, dimensions: Sequence[str]) -> tuple[CoverageCell, ...]:
        """The cells of some dimensions in their order, those without a company left out; of none the total."""
        columns = self.columns(dimensions)
        return tuple(columns.rows(range(len(columns))))

    def columns(self, dimensions: Sequence[str]) -> CellColumns:
        """The same in columns."""
        key = tuple(d for d in DIMENSIONS if d in dimensions)
        if key not in self._made:
            self._made[key] = self._columns(key)
        return self._made[key]

    @cached_property
    def _reached(self) -> tuple[_MoneyRows, Ints, Ints]:
        """Money of known companies; (company, instrument) pairs with money, and with money at risk, each once."""
        rows = _MoneyRows(self.money.where(self.labels.known[self.money.place]))
        pair = rows.place * len(INSTRUMENTS) + rows.instrument
        size = len(self.companies) * len(INSTRUMENTS)
        there = (np.bincount(pair[fen > 0], minlength=size) for fen in (rows.deployed, rows.at_risk))
        deployed, at_risk = (np.flatnonzero(count) for count in there)
        return rows, deployed, at_risk

    def _columns(self, dimensions: tuple[str, ...]) -> CellColumns:
        own = [d for d in dimensions if d != "instrument"]
        count = reduce(lambda a, d: a * len(self.names(d)), own, 1)
        of_company = _joined(
            [self.codes(d) for d in own], [len(self.names(d)) for d in own], len(self.companies)
        )
        rows, deployed, at_risk = self._reached
        cell = of_company[rows.place]
        companies, supported, held = (
            np.bincount(of_company[mask], minlength=count)
            for mask in (self.labels.known, self.supported, self.held)
        )
        if "instrument" in dimensions:
            kinds = len(INSTRUMENTS)
            cell, count = cell * kinds + rows.instrument, count * kinds
            companies = np.repeat(companies, kinds)
            supported, held = (
                np.bincount(of_company[pairs // kinds] * kinds + pairs % kinds, minlength=count)
                for pairs in (deployed, at_risk)
            )
        there = np.flatnonzero(supported if "instrument" in dimensions else companies)
        if not dimensions:
            there = np.zeros(1, np.int64)
        return CellColumns(
            dimensions,
            tuple(self.names(d) for d in dimensions),
            there,
            companies[there],
            supported[there],
            held[there],
            rows.sums(cell, count, there),
        )


class _MoneyRows:
    """Rows of money with the government's part of each, worked out once."""

    def __init__(self, money: CompanyMoney) -> None:
        self.place, self.instrument, self.currency = money.place, money.instrument, money.currency
        self.deployed, self.at_risk = money.deployed, money.at_risk
        unknown = np.isnan(money.government)
        part: Floats = np.where(unknown, 0.0, money.government)
        self._measures = [
            (fen, np.rint(part * fen).astype(np.int64), unknown & (fen > 0))
            for fen in (money.deployed, money.at_risk)
        ]
        self.currencies = in_order(of_number(n) for n in np.unique(money.currency).tolist())

    def sums(self, cell: Ints, count: int, there: Ints) -> tuple[_CurrencyColumns, ...]:
        """Money by cell in each currency, of the cells that are there."""
        columns = []
        for code in self.currencies:
            own = (
                np.flatnonzero(self.currency == number_of(code)) if len(self.currencies) > 1 else slice(None)
            )
            at = cell[own]
            some = np.bincount(at, minlength=count)[there] > 0
            parts = []
            for fen, government, unknown in self._measures:
                for amounts in (fen, government):
                    total = np.zeros(count, np.int64)
                    np.add.at(total, at, amounts[own])
                    parts.append(total[there])
                lacking = unknown[own]
                parts.append(
                    np.bincount(at[lacking], minlength=count)[there]
                    if lacking.any()
                    else np.zeros(len(there), np.int64)
                )
            deployed, part_deployed, open_deployed, at_risk, part_at_risk, open_at_risk = parts
            columns.append(
                _CurrencyColumns(
                    code,
                    some,
                    deployed,
                    at_risk,
                    part_deployed,
                    part_at_risk,
                    open_deployed > 0,
                    open_at_risk > 0,
                )
            )
        return tuple(columns)


@frozen
class _CurrencyColumns:
    """Money of cells in one currency; `some`: there is any; `open_…`: of some of it the government's part is not known."""

    code: str
    some: Bools
    deployed: Ints
    at_risk: Ints
    government_deployed: Ints
    government_at_risk: Ints
    open_deployed: Bools
    open_at_risk: Bools

    def at(self, places: Ints) -> Iterator[CellAmounts | None]:
        """The money of some cells, None where there is none."""
        columns = (
            c[places].tolist()
            for c in (
                self.some,
                self.deployed,
                self.at_risk,
                self.government_deployed,
                self.government_at_risk,
                self.open_deployed,
                self.open_at_risk,
            )
        )
        for some, deployed, at_risk, part, part_at_risk, lacks, lacks_at_risk in zip(*columns, strict=True):
            yield (
                CellAmounts(
                    self.code,
                    deployed,
                    at_risk,
                    None if lacks else part,
                    None if lacks_at_risk else part_at_risk,
                )
                if some
                else None
            )


@frozen
class CellColumns:
    """Cells of some dimensions in columns of equal length, in their order; those without a company left out.

    names : of each dimension what its codes stand for          number : of a cell, made of its codes
    """

    dimensions: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    number: Ints
    companies: Ints
    supported: Ints
    held: Ints
    money: tuple[_CurrencyColumns, ...]

    def __len__(self) -> int:
        return len(self.number)

    def rows(self, places: Sequence[int]) -> list[CoverageCell]:
        """Some of the cells."""
        chosen = np.array(places, np.int64)
        amounts = [own.at(chosen) for own in self.money]
        named = _named(self.number[chosen], self.names, self.dimensions)
        counts = (c[chosen].tolist() for c in (self.companies, self.supported, self.held))
        return [
            CoverageCell(*place, n, reached, held, tuple(a for a in own if a is not None))
            for place, (n, reached, held), own in zip(
                named,
                zip(*counts, strict=True),
                zip(*amounts, strict=True) if amounts else [()] * len(chosen),
                strict=True,
            )
        ]


def _joined(codes: Sequence[Ints], sizes: Sequence[int], length: int) -> Ints:
    """One number for the codes of several dimensions."""
    number = np.zeros(length, np.int64)
    for code, size in zip(codes, sizes, strict=True):
        number = number * size + code
    return number


def _named(
    numbers: Ints, names: Sequence[tuple[str, ...]], dimensions: Sequence[str]
) -> list[tuple[str | None, str | None, str | None, str | None]]:
    """What each number stands for in the four dimensions."""
    parts: dict[str, list[str]] = {}
    rest = numbers.copy()
    for dimension, own in zip(reversed(dimensions), reversed(names), strict=True):
        parts[dimension] = [own[code] for code in (rest % len(own)).tolist()]
        rest = rest // len(own)
    columns = [parts.get(d, [None] * len(numbers)) for d in DIMENSIONS]
    return list(zip(*columns, strict=True))


def day_of_coverage(view: View) -> dt.date:
    """The view's as-of day; of a view of all days the last on which money moved."""
    if view.as_of is not None:
        return view.as_of
    days = every_day(view).postings.day
    return to_date(int(days.max())) if len(days) else dt.date(1970, 1, 1)


def definition_of(id_: str) -> StageDefinition:
    """The stage table of an id. Raises Unknown for one that there is none of."""
    if id_ not in stage_definitions():
        raise Unknown(Text("阶段口径", "stage definition"), id_)
    return stage_definitions()[id_]


@once_per_question
def coverage(view: View, definition: str = HOUSE_DEFINITION) -> Coverage:
    """The surface on the view's day by a stage definition. Raises Unknown for a definition that there is none of."""
    companies = company_columns(view)
    settings, table = rule_numbers(view).settings, definition_of(definition)
    labels = labelled(companies, companies.standing(view), settings, day_of_coverage(view), table)
    return Coverage(companies, labels, company_money(view))


def one_amount(cell: CoverageCell) -> tuple[CellAmounts | None, dict[str, Reason]]:
    """The money of a cell where it is in one currency (nothing is 0 yuan); else None, and why."""
    if len(cell.amounts) > 1:
        names = ("deployed", "at_risk", "government_deployed", "government_at_risk")
        return None, dict.fromkeys(names, several(a.currency for a in cell.amounts))
    own = cell.amounts[0] if cell.amounts else CellAmounts(DEFAULT_CURRENCY, 0, 0, 0, 0)
    missing = {
        name: NO_GOVERNMENT_PART
        for name in ("government_deployed", "government_at_risk")
        if getattr(own, name) is None
    }
    return own, missing
