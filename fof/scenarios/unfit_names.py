"""What a scenario file names that the book does not have, and days in it that have passed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from fof.book.reading import Floats
from fof.errors import Problem, Where
from fof.scenarios.opening_position import OpeningPosition
from fof.scenarios.programme_terms import ProgrammeTerms
from fof.scenarios.scenario_spec import AppropriationCut, CreditShock, DatedMoney, Scenario
from models.money import yuan_text
from models.text import Text

PLAN = "plan"
"""The file's table of a programme to be found."""


def unfit_names(
    scenario: Scenario,
    opening: OpeningPosition,
    used: Collection[str],
    days: Sequence[dt.date],
    lengths: Floats,
) -> list[Problem]:
    """What the file says that the book or the horizon contradicts, each with its path; used: codes of all parties of the book; days,
    lengths: of the steps."""
    last = days[-1]
    own = [fund.code for fund in opening.funds]
    planned = [fund.code for fund in scenario.planned]
    managers = sorted(
        {m for m in (*(f.manager for f in opening.funds), *(p.manager for p in scenario.planned)) if m}
    )
    problems = []
    if not own and not planned:
        nothing = Text("没有可推演的基金或拟设基金", "no fund and no planned fund to project")
        problems.append(Problem("nothing_to_project", nothing))
    for code in scenario.pacing_by_fund:
        if code not in own and code not in planned:
            problems.append(
                _unknown(f'pacing_by_fund."{code}"', code, [*own, *planned], Text("基金", "fund"))
            )
    for n, fund in enumerate(scenario.planned, 1):
        if fund.code in own or fund.code in used:
            taken = Text("未在账中使用的编号", "a code that the book does not use")
            problems.append(Problem("code_taken", taken, fund.code, Where(field=f"planned[{n}].code")))
        if fund.size is not None and fund.size < fund.commitment:
            least = Text("不小于本组合认缴", "at least the portfolio's own commitment")
            stated = Where(field=f"planned[{n}].size")
            problems.append(Problem("out_of_range", least, yuan_text(fund.size), stated))
        problems += _untimely(f"planned[{n}].signed_on", fund.signed_on, opening.as_of, last)
    problems += _unfit_plan(scenario.plan, opening.as_of, scenario.horizon, math.floor(lengths.sum() + 1e-9))
    dated: tuple[tuple[str, tuple[DatedMoney, ...]], ...]
    dated = ("appropriation", scenario.appropriation), ("income", scenario.income)
    for table, lines in dated:
        for n, paid in enumerate(lines, 1):
            day = dt.date(paid.year, 3 * paid.quarter, 31 if paid.quarter in (1, 4) else 30)
            problems += _untimely(f"{table}[{n}].year", day, opening.as_of, last)
    strategies = {fund.strategy for fund in opening.funds} | {fund.strategy for fund in scenario.planned}
    for n, shock in enumerate(scenario.shock, 1):
        manager = getattr(shock, "manager", None)
        if manager is not None and manager not in managers:
            problems.append(_unknown(f"shock[{n}].manager", manager, managers, Text("管理人", "manager")))
        if isinstance(shock, CreditShock):
            problems += _unfit_credit(f"shock[{n}]", shock, [pool.code for pool in scenario.pool])
        met = scenario.plan is not None and scenario.plan.meet_gap  # refused where the plan is made
        if isinstance(shock, AppropriationCut) and not met:
            problems += _unfit_cut(f"shock[{n}]", shock, scenario.appropriation)
        strategy = getattr(shock, "strategy", None)
        if strategy is not None and strategy not in strategies:
            felt = sorted(own.value for own in strategies if own is not None)
            problems.append(
                _unknown(
                    f"shock[{n}].strategy", strategy.value, felt, Text("策略的基金", "strategy of a fund")
                )
            )
        since: dt.date | None = getattr(shock, "on", None) or getattr(shock, "since", None)
        if since is not None:
            place = f"shock[{n}].{'on' if hasattr(shock, 'on') else 'since'}"
            problems += _untimely(place, since, opening.as_of, last)
    return problems


def _unfit_cut(path: str, shock: AppropriationCut, appropriated: Sequence[DatedMoney]) -> list[Problem]:
    """A cut of what nobody appropriates."""
    years = sorted({own.year for own in appropriated})
    if shock.year in years or (shock.year is None and years):
        return []
    if not years:
        none = Text("情景中没有拨款", "the scenario has no appropriation")
        return [Problem("nothing_to_project", none, None, Where(field=path))]
    listed = ", ".join(map(str, years))
    among = Text(f"有拨款的年份：{listed.replace(', ', '、')}", f"a year with an appropriation: {listed}")
    return [Problem("out_of_range", among, str(shock.year), Where(field=f"{path}.year"))]


def _unfit_plan(terms: ProgrammeTerms | None, as_of: dt.date, horizon: int, projected: int) -> list[Problem]:
    """Parts of a programme for strategies that it does not choose among, parts that are more than the whole, and years in which
    nothing is planned or projected any more."""
    if terms is None:
        return []
    zh, en = "、".join(terms.strategies), ", ".join(terms.strategies)
    among = Text(f"须在 plan.strategies 之中：{zh}", f"one of plan.strategies: {en}")
    problems = [
        Problem("unknown_code", among, strategy.value, Where(field=f"{PLAN}.least.{strategy.value}"))
        for strategy in terms.least
        if strategy not in terms.strategies
    ]
    if len(set(terms.strategies)) < len(terms.strategies):
        once = Text("每个策略一次", "each strategy once")
        problems.append(Problem("plan_twice", once, en, Where(field=f"{PLAN}.strategies")))
    spans = {"years": (terms.years, horizon)}
    if terms.nav_share is not None:
        spans["share_from"] = terms.share_from, projected
    planned = terms.years - (as_of < dt.date(as_of.year, 12, 31))  # whole years up to the last commitment
    spans |= {f"cover[{n}].since": (own.since, planned) for n, own in enumerate(terms.cover, 1)}
    for name, (asked, longest) in spans.items():
        if asked > longest:
            within = Text(f"不大于 {longest} 的整数", f"a whole number of at most {longest}")
            problems.append(Problem("out_of_range", within, str(asked), Where(field=f"{PLAN}.{name}")))
    whole = sum(terms.least.values())
    if whole > 1 + 1e-9:
        most = Text("各策略最低占比合计不大于 1", "parts that add up to 1 at most")
        problems.append(Problem("out_of_range", most, f"{whole:g}", Where(field=f"{PLAN}.least")))
    return problems


def _unfit_credit(path: str, shock: CreditShock, pools: Sequence[str]) -> list[Problem]:
    """A shock to loans of no pool, or of interest whose effect nobody states."""
    problems = []
    if not pools:
        none = Text("情景中没有资金池", "the scenario has no pool")
        problems.append(Problem("nothing_to_project", none, None, Where(field=path)))
    elif shock.pool is not None and shock.pool not in pools:
        problems.append(_unknown(f"{path}.pool", shock.pool, pools, Text("资金池", "pool")))
    if shock.interest_rise and shock.sensitivity is None:
        stated = Text("利率变动时须填写", "needed where interest moves")
        problems.append(Problem("missing_name", stated, None, Where(field=f"{path}.sensitivity")))
    return problems


def _unknown(path: str, code: str, known: Sequence[str], kind: Text) -> Problem:
    near = get_close_matches(code, known, 3) or list(known[:3])
    text = Text(
        f"起点没有这个{kind.zh}，相近：{'、'.join(near)}",
        f"there is no such {kind.en} at the start; near: {', '.join(near)}",
    )
    return Problem("unknown_code", text, code, Where(field=path))


def _untimely(path: str, day: dt.date, as_of: dt.date, last: dt.date) -> list[Problem]:
    """A day that is over, or comes after everything that is projected."""
    if as_of < day <= last:
        return []
    code = "day_passed" if day <= as_of else "beyond_horizon"
    text = Text(
        f"晚于截至日 {as_of}，不晚于推演期末 {last}",
        f"after the as-of day {as_of}, not after the end of the horizon {last}",
    )
    return [Problem(code, text, str(day), Where(field=path))]
