"""Documents of a result by year: leverage, companies by city and industry, rules."""

from __future__ import annotations

import math

from fof.figures.answers import Answer
from fof.figures.projection_documents import COVERAGE_OVER_TIME, LEVERAGE_OVER_TIME, RULES_OVER_TIME
from fof.scenarios.leverage_over_time import LEVERAGE_MEASURES, LEVERAGE_MULTIPLES
from fof.scenarios.result_answers import Row, fen, result_answer
from fof.scenarios.rules_over_time import PARTLY_MOVED, RULES_ASKED, VERDICTS, rules_not_asked
from fof.scenarios.scenario_results import ScenarioResult
from models.text import Text

NOT_MOVED = Text(
    "未推演：拟设基金以外新投企业的城市、新投企业的行业（投向由基金日后决定）；贷款按阶段、城市与行业的分布（资金池推演的是同质贷款，新增借款人是谁、处于什么阶段无从得知，按今日比例外推不增加任何信息；各池余额与在保余额见资金池）；债券与创新券（情景不发放也不收回，期限多在一年以内，以后各年由当年预算决定）",
    "not moved: the city of companies to come of funds other than planned ones and the industry of companies to come (their funds choose them later); loans by stage, city and industry (a pool is projected as loans that are alike: who will borrow, and in which stage, nobody knows, and today's parts carried on would say nothing new; money and outstanding principal of each pool are among the pools); bonds and vouchers (a scenario grants and takes back none; most last a year at most, and later years are for the budgets of these years)",
)
"""Of the surface of coverage, what a projection says nothing of."""


def parts_document(result: ScenarioResult, *, yearly: bool = False) -> Answer:
    """Companies of the funds by city and by industry: number and cost; yearly: at the ends of years and of the horizon alone."""
    days = [d for d in result.days if not yearly or d.month == 12 or d == result.days[-1]]
    rows = []
    for key in dict.fromkeys(name.key for name in result.values if name.part == "coverage"):
        by, _, code = key.partition(":")
        for day in days:
            number, cost = (
                {s: result.value("coverage", m, s, key=key, day=day) for s in ("mean", "p05", "p50", "p95")}
                for m in ("live", "at_risk")
            )
            row: Row = {
                "part_by": by,
                "coverage_city": code if by == "city" else None,
                "industry_code": code if by == "industry" else None,
                "step_end": day,
                "companies_mean": number["mean"],
                "companies_low": number["p05"],
                "companies_high": number["p95"],
            }
            rows.append(row | {name: fen(value) for name, value in cost.items()})
    return result_answer(result, COVERAGE_OVER_TIME, rows, notes=(NOT_MOVED,) if rows else ())


def leverage_document(result: ScenarioResult) -> Answer:
    """What one yuan of the portfolio's commitments gathers at the end of each year, in three variants."""
    rows = []
    for day in dict.fromkeys(name.day for name in result.values if name.part == "leverage"):
        values = {m: result.value("leverage", m, "expected", day=day) for m in LEVERAGE_MEASURES}
        amounts = {name: fen(v) for name, v in values.items() if name not in LEVERAGE_MULTIPLES}
        multiples = {name: None if math.isnan(values[name]) else values[name] for name in LEVERAGE_MULTIPLES}
        rows.append({"step_end": day, **amounts, **multiples})
    return result_answer(result, LEVERAGE_OVER_TIME, rows)


def rules_document(result: ScenarioResult) -> Answer:
    """How likely each rule asked over time is broken, warns, or cannot be told at the end of each year; those not asked in a note."""
    rows = []
    for key in result.rules:
        rule, _, code = key.partition(":")
        for day in dict.fromkeys(n.day for n in result.values if n.part == "rule" and n.key == key):
            shares = {
                f"{verdict.value}_probability": result.value(
                    "rule", verdict.value, "probability", key=key, day=day
                )
                for verdict in VERDICTS
            }
            rows.append({"projected_rule": rule, "rule_subject": code, "step_end": day, **shares})
    missing = rules_not_asked()
    listed = ", ".join(missing)
    note = Text(
        f"逐年判断 {len(RULES_ASKED)} 条规则；其余 {len(missing)} 条推演中未判断：{listed.replace(', ', '、')}",
        f"{len(RULES_ASKED)} rules are asked year by year; the other {len(missing)} are not asked in a projection: {listed}",
    )
    zh = "；".join(f"{rule} {why.zh}" for rule, why in PARTLY_MOVED.items())
    en = "; ".join(f"{rule}: {why.en}" for rule, why in PARTLY_MOVED.items())
    partly = Text(
        f"其中部分输入已推演、仍缺其余输入的：{zh}",
        f"of these, some ask for what is moved and for more: {en}",
    )
    return result_answer(result, RULES_OVER_TIME, rows, notes=(note, partly) if rows else ())
