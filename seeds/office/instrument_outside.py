"""Firms that no instrument of the demo office reached, with yearly figures, so that reach is well below one; and the office's
targets for money at work, two of them reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.kinds import City, Stage
from office.instrument_register import FIRMS, InstrumentRegister
from office.positions import WAN

_D = dt.date
_PLAN = "示例母基金2026年度投资计划第3条"
_SEED, _STARTUP, _GROWTH, _MATURE, _SILENT = 20, 16, 16, 8, 3
"""How many of each stage by the house table, and how many whose last figures are too old to tell."""
OUTSIDE = _SEED + _STARTUP + _GROWTH + _MATURE + _SILENT


def outside_firms(register: InstrumentRegister) -> None:
    """The firms after those that apply, a stage after the other."""
    number = FIRMS
    for count, founded, years in (
        (_SEED, 2025, {2025: 40}),
        (_STARTUP, 2022, {2024: 700, 2025: 900}),
        (_GROWTH, 2016, {2024: 3_000, 2025: 4_000}),
        (_MATURE, 2010, {2024: 21_000, 2025: 23_000}),
        (_SILENT, 2014, {2023: 2_000}),
    ):
        for place in range(count):
            number += 1
            _firm(register, number, _D(founded, 1 + place % 12, 8), years)


def _firm(register: InstrumentRegister, number: int, founded: dt.date, years: dict[int, int]) -> None:
    """A firm with its revenue by year, in ten thousand yuan; all else in proportion to it."""
    code = register.registered(number, founded, (5, 7), True)
    for year, revenue in years.items():
        staff = 12 + revenue // 60
        figures: dict[str, Any] = {
            "staff": staff,
            "rd_staff": staff // 3,
            "degree_staff": staff // 2,
            "revenue": (revenue + number) * WAN,
            "costs": (revenue * 9 // 10) * WAN,
            "rd_expense": (revenue * 3 // 10) * WAN,
            "net_profit": (revenue // 20) * WAN,
            "total_assets": (revenue + 500) * WAN,
            "net_assets": (revenue // 2 + 300) * WAN,
        }
        register.figures(code, year, **figures)


def targets(register: InstrumentRegister) -> None:
    """What the office means to have at work: by stage, by city, and of a stage in a city."""
    wanted: dict[tuple[Stage | None, City | None], int] = {
        (Stage.SEED, None): 30_000,
        (Stage.STARTUP, None): 40_000,
        (Stage.GROWTH, None): 220_000,
        (Stage.MATURE, None): 80_000,
        (None, City.HEIHE): 25_000,
        (None, City.HEGANG): 20_000,
        (None, City.HARBIN): 180_000,
        (Stage.SEED, City.HARBIN): 12_000,
        (Stage.STARTUP, City.DAQING): 8_000,
    }
    for (stage, city), wan in wanted.items():
        register.add(
            "coverage_targets",
            stage=stage,
            city=city,
            since=_D(2026, 1, 15),
            target=wan * WAN,
            document=_PLAN,
        )
