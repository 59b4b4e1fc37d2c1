"""The stage tables at each of their thresholds, asked of one company and of many; size classes against the published cases."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from fof.figures.coverage.stage_arrays import (
    MISSING,
    STAGES,
    UNKNOWN_STAGE,
    YEARLY,
    CompanyArrays,
    codes_of,
    stages_possible,
)
from fof.rules import catalogue
from fof.rules.facts_parties import CompanyFacts, YearFigures
from fof.rules.size_classes import NO_INDUSTRY, NOT_CLASSED, size_class, size_industry, size_limits
from fof.rules.stage_definitions import StageDefinition, stage_definition, stage_definitions
from fof.rules.stage_table import StageLimits, possible_stages, stage_limits
from models.kinds import Stage
from models.pools import SizeClass

DAY = dt.date(2026, 6, 30)  # eighteen months after the end of 2024
WAN = 1_000_000
YI = 10_000 * WAN
SEED, STARTUP, GROWTH, MATURE = Stage


def limits_on(day: dt.date) -> StageLimits:
    return stage_limits(catalogue.default_settings(), day)


def asked(companies: Sequence[CompanyFacts], definition: StageDefinition, day: dt.date) -> list[set[Stage]]:
    """What the arrays say of some companies: the stages each may have."""
    number = lambda d: MISSING if d is None else (d - dt.date(1970, 1, 1)).days  # noqa: E731
    flag = lambda b: MISSING if b is None else int(b)  # noqa: E731
    figures = []
    for c in companies:
        last = c.last_year
        if last is None or not definition.holds(last.year, day):
            last = YearFigures(day.year - 1)
        figures.append((last, c.year(last.year - 1) or YearFigures(0)))

    def column(values: list[int | None]) -> np.ndarray:
        return np.array([MISSING if v is None else v for v in values], np.int64)

    arrays = CompanyArrays(
        day,
        column([number(c.founded_on) for c in companies]),
        column([number(c.listed_on) for c in companies]),
        column([flag(c.resident) for c in companies]),
        column([flag(c.audited_accounts) for c in companies]),
        column([flag(c.pre_ipo) for c in companies]),
        {name: column([getattr(last, name) for last, _ in figures]) for name in YEARLY},
        column([before.revenue for _, before in figures]),
        column([before.net_profit for _, before in figures]),
    )
    bits = stages_possible(arrays, limits_on(day), definition)
    codes = codes_of(bits)
    sets = [{s for place, s in enumerate(STAGES) if b >> place & 1} for b in bits.tolist()]
    for own, code in zip(sets, codes.tolist(), strict=True):
        assert code == (STAGES.index(*own) if len(own) == 1 else UNKNOWN_STAGE)
    return sets


OLD = {"founded_on": dt.date(2010, 1, 1), "resident": True, "audited_accounts": True}
TAX = {  # passes SM-04, and SM-05 by none of its research tests
    "staff": 300,
    "degree_staff": 90,
    "technical_graduates": 0,
    "rd_staff": 0,
    "total_assets": 5000 * WAN,
    "net_assets": 5000 * WAN,
    "revenue": 5000 * WAN,
    "rd_expense": 1000 * WAN,
    "costs": 5000 * WAN,
    "net_profit": 0,
}
FIRM = {  # passes SM-05, and SM-04 by none of its size tests
    "staff": 300,
    "degree_staff": 0,
    "technical_graduates": 90,
    "rd_staff": 30,
    "total_assets": 9 * YI,
    "net_assets": 2000 * WAN,
    "revenue": 3000 * WAN,
    "rd_expense": 150 * WAN,
    "costs": 9 * YI,
    "net_profit": 0,
}
BIG = {**FIRM, "technical_graduates": 89, "revenue": 20_000 * WAN, "net_profit": 1}
FIVE = {**OLD, "founded_on": dt.date(2021, 6, 30)}  # 60 months old on the day
HOUSE, TAX_ALONE, FIRM_ALONE, AGE = "fof-2017", "tax-2018", "mof-2007", "csrc-2020"
ANY = (HOUSE, TAX_ALONE, FIRM_ALONE, AGE)
BEFORE = {
    "revenue": 16_666_666_667,
    "net_profit": 1,
}  # a year before from which 20,000 wan are 20 % more, less one fen


def case(
    definitions: Sequence[str],
    stages: set[Stage],
    last: dict[str, int | None] | None,
    before: dict[str, int] | None = None,
    *,
    year: int = 2025,
    **more: object,
) -> list[tuple[str, CompanyFacts, set[Stage]]]:
    years = () if last is None else (YearFigures(year, **last),)  # type: ignore[arg-type]
    if before is not None:
        years = (YearFigures(year - 1, **before), *years)
    facts = CompanyFacts("C", DAY, **{**OLD, **more}, years=years)  # type: ignore[arg-type]
    return [(own, facts, stages) for own in definitions]


BOUNDARIES = [
    *case(ANY, {MATURE}, None, listed_on=DAY),
    *case(ANY, {SEED, STARTUP, GROWTH, MATURE}, None, listed_on=DAY + dt.timedelta(days=1), founded_on=None),
    *case(ANY, {MATURE}, None, pre_ipo=True),
    *case(ANY, {SEED}, None, founded_on=dt.date(2024, 6, 30)),
    *case(ANY, {SEED}, {**FIRM, "revenue": 0}),
    *case((HOUSE, TAX_ALONE), {STARTUP}, TAX, **FIVE),
    *case((FIRM_ALONE,), {GROWTH}, {**TAX}, **FIVE),
    *case((HOUSE, FIRM_ALONE), {STARTUP}, FIRM, **FIVE),
    *case((TAX_ALONE,), {GROWTH}, FIRM, **FIVE),
    *case((HOUSE, TAX_ALONE, FIRM_ALONE), {GROWTH}, FIRM, **{**OLD, "founded_on": dt.date(2021, 6, 29)}),
    *case((AGE,), {GROWTH}, FIRM, **FIVE),  # below sixty months, not at most
    *case((AGE,), {STARTUP}, FIRM, **{**OLD, "founded_on": dt.date(2021, 7, 1)}),
    *case((AGE,), {STARTUP}, None, **{**OLD, "founded_on": dt.date(2021, 7, 1)})[:0],
    *(
        row
        for change in (
            {"staff": 301, "degree_staff": 91},
            {"degree_staff": 89},
            {"total_assets": 5000 * WAN + 1},
            {"revenue": 5000 * WAN + 1},
            {"rd_expense": 1000 * WAN - 1},
        )
        for row in case((TAX_ALONE,), {GROWTH}, {**TAX, **change}, **FIVE)
    ),
    *(
        row
        for change in (
            {"staff": 301, "technical_graduates": 91, "rd_staff": 31},
            {"technical_graduates": 89},
            {"rd_staff": 29},
            {"net_assets": 2000 * WAN + 1},
            {"revenue": 3000 * WAN + 1},
            {"rd_expense": 150 * WAN - 1},
        )
        for row in case((FIRM_ALONE,), {GROWTH}, {**FIRM, **change}, **FIVE)
    ),
    *case((TAX_ALONE,), {STARTUP, GROWTH}, {**TAX, "degree_staff": None}, **FIVE),
    *case((TAX_ALONE,), {GROWTH}, TAX, **{**FIVE, "resident": False}),
    *case(ANY, {GROWTH, MATURE}, BIG),  # whether it grew nobody can tell
    *case(ANY, {MATURE}, {**BIG, "revenue": 20_000 * WAN + 1}),
    *case(ANY, {GROWTH}, BIG, {**BEFORE, "revenue": 16_666_666_666}),
    *case(ANY, {MATURE}, BIG, BEFORE),
    *case(ANY, {GROWTH}, {**BIG, "net_profit": 0}, BEFORE),
    *case(ANY, {GROWTH}, BIG, {**BEFORE, "net_profit": 0}),
    *case(ANY, {GROWTH}, {**BIG, "net_profit": 0}, BEFORE, year=2024),  # the last day of eighteen months
]


@pytest.mark.parametrize(("definition", "facts", "stages"), BOUNDARIES)
def test_each_table_at_its_thresholds(definition: str, facts: CompanyFacts, stages: set[Stage]) -> None:
    table = stage_definition(definition)
    possible, lacking = possible_stages(facts, limits_on(DAY), table)
    assert set(possible) == stages
    assert bool(lacking) == (len(stages) > 1)
    assert asked([facts], table, DAY) == [stages]


@pytest.mark.parametrize("definition", ANY)
def test_figures_older_than_eighteen_months_tell_nothing(definition: str) -> None:
    table = stage_definition(definition)
    facts = CompanyFacts("C", DAY, **OLD, years=(YearFigures(2024, **{**BIG, "revenue": 30_000 * WAN}),))
    assert asked([facts], table, DAY) == [{MATURE}]
    after = CompanyFacts("C", DAY + dt.timedelta(days=1), **OLD, years=facts.years)
    assert set(possible_stages(after, limits_on(after.as_of), table)[0]) > {MATURE}
    assert len(asked([after], table, after.as_of)[0]) > 1
    assert table.oldest_year(DAY) == 2024
    assert table.oldest_year(after.as_of) == 2025


def test_many_companies_get_what_each_gets_alone() -> None:
    draw = random.Random(11)
    amounts = [None, 0, 1, 150 * WAN, 1000 * WAN, 2000 * WAN, 3000 * WAN, 5000 * WAN, 20_000 * WAN, 3 * YI]

    def figures(year: int) -> YearFigures:
        people = {n: draw.choice([None, 0, 29, 30, 89, 90, 300, 301]) for n in YEARLY[:4]}
        money = {n: draw.choice(amounts) for n in YEARLY[4:]}
        return YearFigures(year, **people, **money, ip_class_one=None)

    def company(day: dt.date) -> CompanyFacts:
        ages = [None, 0, 23, 24, 25, 59, 60, 61, 200]
        months = draw.choice(ages)
        shift = draw.choice([-1, 0, 1])
        founded = None if months is None else day - dt.timedelta(days=int(months * 30.4375) + shift)
        years = tuple(figures(y) for y in range(day.year - 4, day.year + 1) if draw.random() < 0.6)
        listed = draw.choice([None] * 6 + [day, day + dt.timedelta(days=1)])
        flags = {n: draw.choice([True, True, False, None]) for n in ("resident", "audited_accounts")}
        pre = draw.choice([None, None, False, True])
        return CompanyFacts("C", day, founded_on=founded, listed_on=listed, pre_ipo=pre, **flags, years=years)

    for day in (dt.date(2018, 12, 31), dt.date(2020, 2, 29), DAY, dt.date(2026, 7, 1)):
        companies = [company(day) for _ in range(400)]
        for table in stage_definitions().values():
            alone = [set(possible_stages(c, limits_on(day), table)[0]) for c in companies]
            assert asked(companies, table, day) == alone


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError, match="fof-1999"):
        stage_definition("fof-1999")


@pytest.mark.golden
def test_size_classes_are_the_published_ones(golden: Path) -> None:
    for own in json.loads((golden / "pools_sme" / "sme_size_cases.json").read_text("utf-8")):
        money = {n: None if n not in own else round(own[n] * WAN) for n in ("revenue", "assets")}
        size = size_class(own["industry"], own.get("staff"), money["revenue"], money["assets"])
        assert size == own["expected"], own
    with (golden / "pools_sme" / "sme_size_thresholds_2017.csv").open(encoding="utf-8") as table:
        published = {tuple(line.strip().split(",")) for line in list(table)[1:]}
    ours = set()
    for industry, limits in size_limits().items():
        for own in limits:
            unit = 1 if own.indicator == "staff" else WAN
            lower = tuple(
                str(own.lower[s] // unit) for s in (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)
            )
            indicator = "assets" if own.indicator == "total_assets" else own.indicator
            name = ("农、林、牧、渔业",) if industry.startswith("农") else (industry,)
            ours.add((*name, indicator, *lower))
    assert ours == published


@pytest.mark.parametrize(
    ("code", "industry"),
    [
        ("C3976", "工业"),
        ("B", "工业"),
        ("I65", "软件和信息技术服务业"),
        ("I", NO_INDUSTRY),
        (None, NO_INDUSTRY),
        ("K7010", "房地产开发经营"),
        ("K7030", "其他未列明行业"),
        ("G53", NOT_CLASSED),
        ("J66", NOT_CLASSED),
        ("Q85", "其他未列明行业"),
        ("Q84", NOT_CLASSED),
    ],
)
def test_an_industry_of_the_table_by_its_code(code: str | None, industry: object) -> None:
    assert size_industry(code) == industry


def test_a_size_that_a_missing_figure_decides_is_unknown() -> None:
    assert size_class("工业", 1000, None, None) is None
    assert size_class("工业", 19, None, None) is SizeClass.MICRO  # whatever its revenue is
    assert size_class("工业", None, 299 * WAN, None) is SizeClass.MICRO
    assert size_class("其他未列明行业", None, YI, YI) is None
    with pytest.raises(KeyError):
        size_class("渔", 1, 1, 1)
