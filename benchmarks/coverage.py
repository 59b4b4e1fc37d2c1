"""Lifecycle coverage of a synthetic province: 50,000 companies × 15 years of figures, every instrument, one date.

The province is laid as the columns that the book makes of its facts (what indexing them takes is import and reading, not a
question asked on a date); money has one row for each company, instrument and payer, payments one for each.

history   : the stage of each company at every year-end, made once for a state of knowledge and asked by every date
one date  : labels by the stage table, the surface in all four dimensions with every margin, moves and their Kaplan–Meier
            curves (budget: at most 5x one pandas group-by over the same 750,000 rows)
change    : the surfaces of two days and who moved, against one date (budget: at most 2x)
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import harness
from fof.book.company_columns import MISSING, CompanyColumns, StatedColumn, Takeovers
from fof.book.company_money import INSTRUMENTS, CompanyMoney, CompanyPayments
from fof.figures.coverage.change import coverage_change
from fof.figures.coverage.continuity import continuity_of, moves_up
from fof.figures.coverage.labels import labelled, stages_by_year
from fof.figures.coverage.stage_arrays import YEARLY
from fof.figures.coverage.surface import DIMENSIONS, Coverage
from fof.rules import catalogue
from fof.rules.stage_definitions import HOUSE_DEFINITION, stage_definition
from models.kinds import City

COMPANIES, FIRST, LAST = 50_000, 2011, 2025
DAY, BEFORE = dt.date(2026, 9, 30), dt.date(2024, 9, 30)
TIMES_A_GROUP_BY, TIMES_ONE_DATE = 5.0, 2.0
MARGINS = (
    (),
    ("stage",),
    ("city",),
    ("industry",),
    ("instrument",),
    ("stage", "city"),
    ("stage", "instrument"),
    DIMENSIONS[:3],
    DIMENSIONS,
)
INDUSTRIES = tuple(f"C{n}10" for n in range(13, 43))


class Province:
    """The columns of a seeded province."""

    def __init__(self, size: int, seed: int = 11) -> None:
        self.dice = np.random.Generator(np.random.PCG64(seed))
        self.size, self.years = size, LAST - FIRST + 1
        self.settings = catalogue.default_settings()
        self.table = stage_definition(HOUSE_DEFINITION)
        self.companies = self._companies()
        self.standing = np.arange(size, dtype=np.int64)
        self.takeovers = Takeovers(np.full(size, -1, np.int64), np.full(size, MISSING, np.int64))
        self.money, self.payments = self._money()
        self.stages = self.history()

    def _column(self, place: Any, day: Any, value: Any, texts: tuple[str, ...] = ()) -> StatedColumn:
        order = np.lexsort((day, place))
        place, day, value = (np.asarray(c, np.int64)[order] for c in (place, day, value))
        key = (place << 33) + (day + 2**31)
        return StatedColumn(self.size, key, place, day, value, texts, len(np.unique(place)) == len(place))

    def _companies(self) -> CompanyColumns:
        dice, size, every = self.dice, self.size, np.arange(self.size)
        companies: CompanyColumns = object.__new__(CompanyColumns)
        companies.codes = tuple(f"C{n:06d}" for n in range(size))
        companies.party = every.astype(np.int32)
        companies.place_of, companies.known_from = every, np.zeros(size, np.int64)
        companies.__dict__["years"] = (FIRST, LAST)
        founded = dice.integers(11_000, 20_300, size)
        nothing = np.empty(0, np.int64)
        listed = dice.choice(size, size // 100, replace=False)
        closed = dice.choice(size, size // 20, replace=False)
        columns = {
            ("founded_on", None): self._column(every, founded, founded),
            ("listed_on", None): self._column(
                listed, np.full(len(listed), 18_000), np.full(len(listed), 18_000)
            ),
            ("closed_on", None): self._column(
                closed, np.full(len(closed), 19_500), np.full(len(closed), 19_500)
            ),
            ("resident", None): self._column(every, founded, np.ones(size)),
            ("audited_accounts", None): self._column(every, founded, np.ones(size)),
            ("pre_ipo", None): self._column(nothing, nothing, nothing),
            ("stage", HOUSE_DEFINITION): self._column(nothing, nothing, nothing),
            ("city", None): self._column(
                every, founded, dice.integers(0, len(City), size), tuple(c.value for c in City)
            ),
            ("industry", None): self._column(
                every, founded, dice.integers(0, len(INDUSTRIES), size), INDUSTRIES
            ),
        }
        staff = dice.integers(5, 400, (size, self.years))
        revenue = (
            dice.lognormal(21.0, 2.0, (size, 1)) * np.cumprod(dice.uniform(0.8, 1.5, (size, self.years)), 1)
        ).astype(np.int64)
        shares = {"rd_staff": 0.3, "degree_staff": 0.6, "technical_graduates": 0.7}
        figures = {
            "staff": staff,
            **{n: (staff * dice.uniform(0, own, staff.shape)).astype(np.int64) for n, own in shares.items()},
            "revenue": revenue,
            "costs": (revenue * dice.uniform(0.7, 1.3, revenue.shape)).astype(np.int64),
            "rd_expense": (revenue * dice.uniform(0.0, 0.4, revenue.shape)).astype(np.int64),
            "net_profit": (revenue * dice.uniform(-0.2, 0.2, revenue.shape)).astype(np.int64),
            "total_assets": (revenue * dice.uniform(0.5, 2.0, revenue.shape)).astype(np.int64),
            "net_assets": (revenue * dice.uniform(0.2, 1.0, revenue.shape)).astype(np.int64),
        }
        ends = (np.array([f"{y}-12-31" for y in range(FIRST, LAST + 1)], "datetime64[D]")).astype(np.int64)
        before = ends[None, :] < founded[:, None]
        for name in YEARLY:
            figures[name][before] = MISSING
        place, day = (c.ravel() for c in np.broadcast_arrays(every[:, None], ends[None, :]))
        for name in YEARLY:
            there = figures[name].ravel() != MISSING
            columns[name, None] = self._column(place[there], day[there], figures[name].ravel()[there])
        companies._columns = dict(columns)
        companies._years = {n: np.ascontiguousarray(f.T) for n, f in figures.items()}
        self.rows = self._frame(companies, revenue, before)
        return companies

    def _frame(self, companies: CompanyColumns, revenue: Any, before: Any) -> pd.DataFrame:
        """The rows of the yearly figures with what they are grouped by: what pandas is given."""
        size, years = self.size, self.years
        by_company = {n: companies.stated(n).value for n in ("city", "industry")}
        return pd.DataFrame(
            {
                "stage": np.digitize(revenue, [10**9, 10**10, 2 * 10**10]).ravel(),
                **{n: np.repeat(column, years) for n, column in by_company.items()},
                "instrument": self.dice.integers(0, len(INSTRUMENTS), size * years),
                "deployed": revenue.ravel(),
                "at_risk": np.where(before, 0, revenue).ravel(),
                "government": (revenue // 3).ravel(),
            }
        )

    def _money(self) -> tuple[CompanyMoney, CompanyPayments]:
        dice, number = self.dice, self.size * 3
        place = dice.integers(0, self.size, number)
        instrument = dice.integers(0, len(INSTRUMENTS), number)
        fen, part = dice.integers(10**7, 10**10, number), dice.choice([0.0, 0.3, 0.45, 1.0], number)
        currency, payer = np.zeros(number, np.int16), dice.integers(0, 300, number)
        money = CompanyMoney(place, instrument, payer, currency, fen, fen // 2, part)
        day = dice.integers(15_000, 20_700, number)
        entry = np.arange(number)
        return money, CompanyPayments(place, day, instrument, payer, fen, currency, entry, place)

    def surface(self, day: dt.date) -> Coverage:
        """Labels and money of a day, and every margin asked for."""
        labels = labelled(self.companies, self.standing, self.settings, day, self.table)
        surface = Coverage(self.companies, labels, self.money)
        for margin in MARGINS:
            surface.columns(margin)
        return surface

    def one_date(self) -> Coverage:
        """Everything that one date shows."""
        surface = self.surface(DAY)
        moves = moves_up(self.companies, self.stages, self.payments, DAY, self.takeovers)
        continuity_of(moves, DAY)
        return surface

    def history(self) -> Any:
        """The stage of every year-end: of a prefix and not of a date, asked once for all of them."""
        return stages_by_year(self.companies, self.settings, self.table)

    def change(self) -> Any:
        """Two days and who moved."""
        change = coverage_change(self.surface(BEFORE), self.surface(DAY))
        return change.places, change.stages

    def group_by(self) -> pd.DataFrame:
        """The yardstick: one group-by over the rows of the figures."""
        grouped = self.rows.groupby(list(DIMENSIONS), sort=False)
        return grouped[["deployed", "at_risk", "government"]].sum()


def main() -> None:
    province = Province(max(1_000, int(COMPANIES * harness.scale())))
    size = {
        "companies": province.size,
        "years": province.years,
        "rows": len(province.rows),
        "money": len(province.money),
    }
    timed = harness.run(
        "coverage",
        {
            "pandas: one group-by over the rows of the figures": province.group_by,
            "one date: labels, surface with all margins, moves and curves": province.one_date,
            "change between two dates": province.change,
            "the stages of all year-ends, once for a prefix": province.history,
        },
        size=size,
        unit="row",
        n=len(province.rows),
        vers=("pandas", "numpy"),
    )
    yardstick, one, change, _ = (row["seconds"] for row in timed.values())
    own_yardstick, own_one, own_change, _ = (row["processor_seconds"] for row in timed.values())
    harness.emit(
        workload="coverage_budget",
        peer="coverage",
        date_over_group_by=one / yardstick,
        budget_date=TIMES_A_GROUP_BY,
        change_over_date=change / one,
        budget_change=TIMES_ONE_DATE,
        date_over_group_by_processor=own_one / own_yardstick,
        change_over_date_processor=own_change / own_one,
    )


if __name__ == "__main__":
    main()
