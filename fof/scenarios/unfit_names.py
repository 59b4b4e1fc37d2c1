"""What a scenario file names that the book does not have, and days in it that have passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from fof.errors import Problem, Where
from fof.scenarios.opening_position import OpeningPosition
from fof.scenarios.programme_terms import ProgrammeTerms
from fof.scenarios.scenario_spec import CreditShock, DatedMoney, Scenario
from models.money import yuan_text
from models.text import Text

PLAN = "plan"
"""The file's table of a programme to be found."""


def unfit_names(scenario: Scenario, opening: OpeningPosition, used: Collection[str]) -> list[Problem]:
    """What the file says that the book contradicts, each with its path; used: codes of all parties of the book."""
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
        if fund.signed_on <= opening.as_of:
            problems.append(_passed(f"planned[{n}].signed_on", fund.signed_on, opening.as_of))
    problems += _unfit_plan(scenario.plan)
    dated: tuple[tuple[str, tuple[DatedMoney, ...]], ...]
    dated = ("appropriation", scenario.appropriation), ("income", scenario.income)
    for table, lines in dated:
        for n, paid in enumerate(lines, 1):
            day = dt.date(paid.year, 3 * paid.quarter, 31 if paid.quarter in (1, 4) else 30)
            if day <= opening.as_of:
                problems.append(_passed(f"{table}[{n}].year", day, opening.as_of))
    for n, shock in enumerate(scenario.shock, 1):
        manager = getattr(shock, "manager", None)
        if manager is not None and manager not in managers:
            problems.append(_unknown(f"shock[{n}].manager", manager, managers, Text("管理人", "manager")))
        if isinstance(shock, CreditShock):
            problems += _unfit_credit(f"shock[{n}]", shock, [pool.code for pool in scenario.pool])
        since: dt.date | None = getattr(shock, "on", None) or getattr(shock, "since", None)
        if since is not None and since <= opening.as_of:
            problems.append(
                _passed(f"shock[{n}].{'on' if hasattr(shock, 'on') else 'since'}", since, opening.as_of)
            )
    return problems


def _unfit_plan(terms: ProgrammeTerms | None) -> list[Problem]:
    """Parts of a programme for strategies that it does not choose among, and parts that are more than the whole."""
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


def _passed(path: str, day: dt.date, as_of: dt.date) -> Problem:
    return Problem(
        "day_passed", Text(f"晚于截至日 {as_of}", f"after the as-of day {as_of}"), str(day), Where(field=path)
    )
