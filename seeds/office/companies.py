"""The companies behind the positions: who they are, their yearly figures, and the stage these figures give."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from office.days import LAST
from office.funds import Fund
from office.names import CITIES, INDUSTRIES, brands, codes_of, credit_code
from office.positions import WAN, Position
from office.stream import Stream

STAGE_RULE = "fof-2017"
"""Definition id of every stage label here: the stage table of this product (rule ST-01)."""


@dataclass(frozen=True, slots=True)
class Year:
    """Figures at the end of a calendar year; money in fen."""

    year: int
    staff: int
    rd_staff: int
    revenue: int
    rd_expense: int
    net_profit: int
    total_assets: int
    net_assets: int


@dataclass(slots=True)
class Company:
    code: str
    name: str
    uscc: str
    industry: str
    city: str
    founded_on: dt.date
    works_in: str  # city where the money works; differs for some
    listed_on: dt.date | None = None
    closed_on: dt.date | None = None
    high_tech_until: dt.date | None = None
    st_sme: bool = False
    years: list[Year] = field(default_factory=list)
    holders: list[Position] = field(default_factory=list)

    @property
    def sei_group(self) -> str | None:
        """Strategic emerging industry of its class, None outside."""
        return INDUSTRIES[self.industry][2]

    @property
    def sei_stated(self) -> str:
        """The same as a register says it: what is in none of the groups is said to be."""
        return self.sei_group or "不属于九类"

    def stage_on(self, day: dt.date) -> str:
        """The stage on a day, from the figures of the last year closed before it."""
        known = [year for year in self.years if dt.date(year.year, 12, 31) < day]
        return stage_of(self.founded_on, self.listed_on, known, day)


_WANTED = {
    "seed": (("seed", 62), ("startup", 34), ("growth", 4)),
    "angel": (("seed", 45), ("startup", 42), ("growth", 13)),
    "vc": (("startup", 52), ("growth", 48)),
    "conversion": (("seed", 25), ("startup", 45), ("growth", 30)),
    "growth": (("startup", 12), ("growth", 64), ("mature", 24)),
    "industrial": (("growth", 58), ("mature", 42)),
    "merger": (("growth", 25), ("mature", 75)),
    "secondary": (("growth", 60), ("mature", 40)),
    "direct": (("growth", 60), ("mature", 40)),
    "late_angel": (("seed", 16), ("startup", 16), ("growth", 68)),
}


def stage_of(founded: dt.date, listed: dt.date | None, years: list[Year], day: dt.date) -> str:
    """Lifecycle stage by the product's own table, in its order.

    listed: mature. Up to 24 months old or no revenue: seed. Size and research tests of SM-04 or SM-05: startup.
    Revenue above 200 million: mature. Revenue up 20 %: growth. Profitable two years running: mature. Else growth.
    """
    months = (day.year - founded.year) * 12 + day.month - founded.month - (day.day <= founded.day)
    last = years[-1] if years else None
    if listed is not None and listed <= day:
        return "mature"
    if months < 24 or last is None or last.revenue == 0:
        return "seed"
    if months < 60 and _starts_up(last):
        return "startup"
    if last.revenue > 20_000 * WAN:
        return "mature"
    if len(years) > 1 and 0 < years[-2].revenue * 12 <= last.revenue * 10:
        return "growth"
    return "mature" if len(years) > 1 and years[-1].net_profit > 0 and years[-2].net_profit > 0 else "growth"


def _starts_up(year: Year) -> bool:
    """The size and research tests of SM-05, or of SM-04; degrees are taken for granted."""
    if year.staff > 300:
        return False
    small = year.revenue <= 3_000 * WAN and year.net_assets <= 2_000 * WAN
    if small and year.rd_expense * 20 >= year.revenue and year.rd_staff * 10 >= year.staff:
        return True
    costs = year.revenue - year.net_profit
    return max(year.total_assets, year.revenue) <= 5_000 * WAN and year.rd_expense * 5 >= costs


class Founder:
    """Hands out companies: mostly new ones, now and then one that another fund holds already."""

    def __init__(self) -> None:
        self.companies: list[Company] = []
        self._brands = brands(Stream("brands"))

    def place(self, position: Position, fund: Fund) -> None:
        """Give a position its company."""
        stream = Stream(f"company {position.label}")
        shared = self._shared(position, fund, stream)
        company = shared or self._new(position, fund, stream)
        company.holders.append(position)
        position.company = company.code

    def _shared(self, position: Position, fund: Fund, stream: Stream) -> Company | None:
        """A later fund joins a company that does well: the same company by two paths."""
        if (
            position.one_off
            or fund.strategy in ("angel", "seed")
            or not stream.chance(45)
            or position.best < 10_000
        ):
            return None
        families = set(codes_of(*fund.families))
        known = [
            c
            for c in self.companies
            if c.industry in families
            and len(c.holders) == 1
            and c.holders[0].fund != fund.code
            and c.holders[0].best >= 11_000
            and (position.entry - c.holders[0].entry).days > 300
            and c.holders[0].ripe > position.entry + dt.timedelta(days=150)
            and c.stage_on(position.entry) in fund.stages
            and (c.listed_on is None or c.listed_on > position.ripe)
        ]
        return stream.pick(known) if known else None

    def _new(self, position: Position, fund: Fund, stream: Stream) -> Company:
        one_off = position.one_off
        industry = one_off.industry if one_off else stream.pick(codes_of(*fund.families))
        city = (one_off.city if one_off else None) or _city(fund, stream)
        works_in = city
        if fund.reinvest and fund.reinvest[0] >= 200 and stream.chance(55):
            works_in = "out"
        number = len(self.companies) + 1
        word, brand = INDUSTRIES[industry][0], self._brands[number - 1]
        wanted = stream.pick_by(_WANTED["late_angel" if fund.late_stage else fund.strategy])
        months = {"seed": (4, 20), "startup": (27, 54), "growth": (64, 130), "mature": (96, 260)}[wanted]
        founded = position.entry - dt.timedelta(days=30 * stream.between(*months))
        form = "股份有限公司" if wanted == "mature" and stream.chance(40) else "有限公司"
        company = Company(
            f"QY-{number:04d}",
            f"示例{CITIES[city][1]}{brand}{word}{form}",
            credit_code(number, city),
            industry,
            city,
            founded,
            works_in,
        )
        company.years = _figures(company, position, wanted, stream)
        company.high_tech_until = (
            dt.date(position.entry.year + stream.between(0, 3), 11, 30) if stream.chance(45) else None
        )
        company.st_sme = wanted in ("startup", "growth") and stream.chance(55)
        _fate(company, position)
        self.companies.append(company)
        return company


def _city(fund: Fund, stream: Stream) -> str:
    if stream.chance(58):
        return fund.city
    return stream.pick_by([(code, weight) for code, (_, _, weight) in CITIES.items()])


def _fate(company: Company, position: Position) -> None:
    if position.written_off and position.realised:
        company.closed_on = position.ripe
    elif position.best >= 50_000 and position.exits and position.exits[0][0] <= LAST:
        company.listed_on = position.exits[0][0] - dt.timedelta(days=190)


_START = {
    # stage: revenue in ten thousands of yuan, staff, growth in per cent a year before the entry
    "seed": ((0, 0), (6, 24), 0),
    "startup": ((300, 1900), (18, 90), 40),
    "growth": ((3200, 12500), (70, 260), 32),
    "mature": ((21500, 76000), (260, 1400), 12),
}


def _figures(company: Company, position: Position, wanted: str, stream: Stream) -> list[Year]:
    """Year ends from two years before the entry (or the foundation) to the end of the holding, 2025 at the latest."""
    (low, high), staff_range, before = _START[wanted]
    entry_year = position.entry.year
    revenue = stream.between(low, high)
    staff = stream.between(*staff_range)
    first = max(company.founded_on.year, entry_year - 2)
    last = min(position.ripe.year - (1 if position.best == 0 else 0), 2025)
    for _ in range(entry_year - 1 - first):
        revenue = revenue * 100 // (100 + before)
    rows = []
    for year in range(first, max(last, entry_year - 1) + 1):
        rows.append(_year(company, position, year, revenue, staff, wanted, stream))
        revenue, staff = _next(revenue, staff, year, position, wanted, before, stream)
    return rows


def _next(
    revenue: int, staff: int, year: int, position: Position, wanted: str, before: int, stream: Stream
) -> tuple[int, int]:
    """Revenue (ten thousands of yuan) and staff of the next year."""
    if year + 1 < position.entry.year:
        return revenue * (100 + before) // 100, staff
    if revenue == 0:
        started = year + 1 - position.entry.year >= (1 if position.best >= 10_000 else 2)
        return (stream.between(60, 420), staff + 6) if started else (0, staff + stream.between(0, 5))
    if position.best >= 50_000:
        growth = stream.between(42, 85)
    elif position.best >= 10_000:
        growth = stream.between(12, 45)
    elif position.best > 0:
        growth = stream.between(-18, 22)
    else:
        growth = stream.between(-45, 8)
    if wanted == "mature":
        growth = growth * 2 // 5
    return revenue * (100 + growth) // 100, max(4, staff * (100 + growth // 2) // 100)


def _year(
    company: Company, position: Position, year: int, revenue: int, staff: int, wanted: str, stream: Stream
) -> Year:
    early = wanted in ("seed", "startup")
    research = max(
        revenue * stream.between(*((14, 30) if early else (4, 9))) // 100, staff * (6 if early else 2)
    )
    after_entry = year - position.entry.year
    if wanted == "mature":
        profit = revenue * stream.between(-3 if position.best < 10_000 else 3, 11) // 100
    elif position.best >= 15_000 and after_entry >= 3:
        profit = revenue * stream.between(6, 18) // 100
    else:
        profit = -max(revenue * stream.between(4, 28) // 100, staff * stream.between(4, 11))
    raised = position.first // WAN * (2 if after_entry >= 0 else 0)
    assets = (
        revenue * stream.between(70, 130) // 100 + staff * 8 + (raised if after_entry <= 3 else raised // 2)
    )
    net = assets * stream.between(38, 66) // 100 + (profit if profit < 0 else 0)
    return Year(
        year,
        staff,
        max(staff * stream.between(*((28, 60) if early else (11, 26))) // 100, 2),
        revenue * WAN,
        research * WAN,
        profit * WAN,
        assets * WAN,
        net * WAN,
    )
