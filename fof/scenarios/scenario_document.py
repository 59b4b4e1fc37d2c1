"""A result as documents: what a command prints, a page lists and a workbook holds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from fof.figures.answers import Answer, plain
from fof.figures.projection_documents import (
    ASSUMPTIONS,
    BACKTEST,
    CHECKS,
    COMPANY_FORECAST,
    COMPARISON,
    FORECAST,
    GROUPS,
    NEEDS,
    POOL_FORECAST,
    POOLS,
)
from fof.scenarios.assumption_words import detail_in_words, scope_in_words, value_in_words
from fof.scenarios.backtest import FEWEST_FOR_A_TEST, MEASURES, ForecastRecord
from fof.scenarios.path_summary import CONFIDENCES
from fof.scenarios.result_answers import fen, result_answer
from fof.scenarios.scenario_results import (
    STATISTICS,
    ScenarioDifference,
    ScenarioResult,
    ValueName,
    compared,
    group_name,
    is_money,
)
from fof.scenarios.scenario_spec import NoiseTerms
from fof.scenarios.yearly_documents import leverage_document, parts_document, rules_document
from models.text import Text, yes_or_no
from valuation.company_outcomes import COMPANY_SERIES, LIVE_SERIES
from valuation.scenario_paths import STEP_SERIES
from valuation.scenario_pools import POOL_FIGURES, POOL_SERIES

Row = dict[str, Any]


def forecast_document(result: ScenarioResult, *, yearly: bool = False) -> Answer:
    """Every series at the end of every step; yearly: at the ends of years and of the horizon alone."""
    days = [d for d in result.days if not yearly or d.month == 12 or d == result.days[-1]]
    rows = [_forecast_row(result, series, day) for series in STEP_SERIES for day in days]
    rows = [row for row in rows if row["p50"] is not None]
    return result_answer(result, FORECAST, rows, _head(result), _notes(result))


def _forecast_row(result: ScenarioResult, series: str, day: dt.date) -> Row:
    amounts = {s: fen(result.value("forecast", series, s, day=day)) for s in STATISTICS}
    return {
        "forecast_series": series,
        "step_end": day,
        "projected": amounts.pop("expected"),
        **amounts,
        "probability_below_zero": result.value("forecast", series, "below_zero", day=day),
    }


def _head(result: ScenarioResult) -> Row:
    head = result.head
    step = result.value("cash", "gap_step", "p50")
    return {
        "scenario": head.name,
        "scenario_digest": head.digest,
        "scenario_portfolio": head.portfolio,
        "scenario_paths": head.paths,
        "scenario_seed": str(head.seed),
        "code_version": head.code,
        "journal_prefix": head.prefix,
        "scenario_author": f"{head.author} {head.made_at}",
        "gap_probability": result.value("cash", "gap", "probability"),
        "gap_p50": fen(result.value("cash", "gap", "p50")),
        "gap_p95": fen(result.value("cash", "gap", "p95")),
        "gap_quarter": None if math.isnan(step) else result.days[round(step)],
    }


def _notes(result: ScenarioResult) -> list[Text]:
    notes = []
    if math.isnan(result.value("cash", "gap", "p50")):
        notes.append(
            Text(
                "组合现金不在本账核算也未填写：没有现金与缺口（cash.opening）",
                "the portfolio's cash is neither in the book nor typed: no cash and no gap (cash.opening)",
            )
        )
    none = [a.name for a in result.assumptions if a.source == "none"]
    silent = [name for name in none if name in NoiseTerms.model_fields]
    if any(name in ("company_carry", "company_hurdle", "company_fee_rate") for name in none):
        notes.append(
            Text(
                "部分基金未记录管理费率、门槛或业绩报酬，按无此条款推演（见假设）",
                "fee, hurdle or carry of some funds are not stated: projected without (see the assumptions)",
            )
        )
    if silent:
        zh, en = "、".join(silent), ", ".join(silent)
        notes.append(
            Text(
                f"未填写也无法拟合、按 0 计的波动率：{zh}",
                f"volatilities neither typed nor fitted, taken as 0: {en}",
            )
        )
    if math.isnan(result.head.smoothing) and not silent:
        notes.append(
            Text(
                "波动率未经去平滑，按报告净值估计会偏低",
                "volatilities are not de-smoothed: reported values understate them",
            )
        )
    for stake in result.left_out:
        notes.append(
            Text(f"未推演 {stake['code']}：{stake['zh']}", f"not projected, {stake['code']}: {stake['en']}")
        )
    return notes


def groups_document(result: ScenarioResult) -> Answer:
    """Multiples and rates of return by portfolio, vintage and fund."""
    rows = []
    for group in result.groups:
        name = group_name(group)
        row: Row = {"group_by": group.by, "key": group.key, "label": group.label}
        for measure in ("dpi", "tvpi", "irr"):
            for level in ("p05", "p50", "p95"):
                row[f"{measure}_{level}"] = result.value("group", measure, level, key=name)
        row["irr_known"] = result.value("group", "irr", "known", key=name)
        rows.append(row)
    return result_answer(result, GROUPS, rows)


def needs_document(result: ScenarioResult) -> Answer:
    """Money needed from outside at each confidence."""
    rows = [
        {
            "need_confidence": confidence,
            "need": fen(result.value("cash", "need", f"c{round(100 * confidence):02d}")),
        }
        for confidence in CONFIDENCES
    ]
    return result_answer(result, NEEDS, [row for row in rows if row["need"] is not None])


def pools_document(result: ScenarioResult) -> Answer:
    """Of each pool: whether its money runs out, enrolment stops, a limit cuts, and when."""
    rows = []
    for code in _pools(result):
        row: Row = {"pool_code": code}
        for name, measure in zip(("exhaustion", "stop", "cut"), POOL_FIGURES, strict=True):
            row[f"{name}_probability"] = result.value("pool", measure, "probability", key=code)
            row[f"{name}_months"] = _months(result, result.value("pool", measure, "p50", key=code))
        rows.append(row)
    return result_answer(result, POOLS, rows)


def _months(result: ScenarioResult, step: float) -> int | None:
    """Whole months from the as-of day to the end of a step; None where there is none."""
    if math.isnan(step):
        return None
    end = result.days[round(step)]
    return (end.year - result.head.as_of.year) * 12 + end.month - result.head.as_of.month


def _pools(result: ScenarioResult) -> list[str]:
    return [pool.code for pool in result.scenario.pool]


def pool_series_document(result: ScenarioResult, *, yearly: bool = False) -> Answer:
    """The series of every pool; yearly as `forecast_document`."""
    days = [d for d in result.days if not yearly or d.month == 12 or d == result.days[-1]]
    rows = []
    for code in _pools(result):
        for series in POOL_SERIES:
            for day in days:
                row: Row = {"pool_code": code, "pool_series": series, "step_end": day}
                values = {s: result.value("pool", series, s, key=code, day=day) for s in STATISTICS}
                if series == "pool_stopped":
                    rows.append(row | {"stopped_share": values["mean"]})
                    continue
                amounts = {s: fen(value) for s, value in values.items() if s not in ("p10", "p90")}
                rows.append(row | {"projected": amounts.pop("expected"), **amounts})
    return result_answer(result, POOL_FORECAST, rows)


def companies_document(result: ScenarioResult, *, yearly: bool = False) -> Answer:
    """Money and number of companies, by stage too; yearly as `forecast_document`."""
    days = [d for d in result.days if not yearly or d.month == 12 or d == result.days[-1]]
    rows = []
    for series in COMPANY_SERIES:
        for day in days:
            own = {
                s: result.value("company", series, s, day=day)
                for s in STATISTICS
                if s not in ("expected", "p10", "p90")
            }
            if math.isnan(own["mean"]):
                continue
            row: Row = {"company_series": series, "step_end": day}
            if series in LIVE_SERIES:
                rows.append(
                    row
                    | {
                        "companies_mean": own["mean"],
                        "companies_low": own["p05"],
                        "companies_high": own["p95"],
                    }
                )
            else:
                rows.append(row | {name: fen(value) for name, value in own.items()})
    return result_answer(result, COMPANY_FORECAST, rows)


def checks_document(result: ScenarioResult) -> Answer:
    """The identities and what was measured."""
    rows = [
        {
            "projection_identity": check.name,
            "holds": check.holds,
            "identity_measured": check.measured,
            "identity_limit": check.limit,
        }
        for check in result.checks
    ]
    return result_answer(result, CHECKS, rows)


def assumptions_document(result: ScenarioResult) -> Answer:
    """Every assumption with where it came from."""
    rows = [
        {
            "assumption_scope": scope_in_words(line) or None,
            "assumption": line.name,
            "assumed": value_in_words(line),
            "assumption_source": line.source,
            "assumption_detail": detail_in_words(line) or None,
            "standard_error": line.error,
            "fund_years": line.fund_years,
        }
        for line in result.assumptions
    ]
    return result_answer(result, ASSUMPTIONS, rows)


def result_documents(result: ScenarioResult, *, yearly: bool = False) -> tuple[Answer, ...]:
    """All of them, the forecast first."""
    return (
        forecast_document(result, yearly=yearly),
        groups_document(result),
        needs_document(result),
        *((pools_document(result), pool_series_document(result, yearly=yearly)) if _pools(result) else ()),
        *((companies_document(result, yearly=yearly),) if result.scenario.companies else ()),
        *((parts_document(result, yearly=yearly),) if result.scenario.companies else ()),
        leverage_document(result),
        *((rules_document(result),) if result.rules else ()),
        checks_document(result),
        assumptions_document(result),
    )


def beside(result: ScenarioResult, language: str) -> dict[str, Any]:
    """What the JSON document of a result has beside its rows."""
    named: Mapping[str, Answer] = {
        "groups": groups_document(result),
        "needs": needs_document(result),
        "pools": pools_document(result),
        "pool_series": pool_series_document(result),
        "companies": companies_document(result),
        "coverage": parts_document(result),
        "leverage": leverage_document(result),
        "rules": rules_document(result),
        "checks": checks_document(result),
        "assumptions": assumptions_document(result),
    }
    return {name: answer.json(language)["rows"] for name, answer in named.items()}


def comparison_document(results: Sequence[ScenarioResult], statistics: Sequence[str]) -> Answer:
    """Scenarios beside the first one."""
    rows = [_difference_row(row) for row in compared(results, statistics)]
    return result_answer(results[0], COMPARISON, rows)


def _difference_row(row: ScenarioDifference) -> Row:
    own: Row = {
        "scenario": row.scenario,
        "scenario_digest": row.digest,
        "result_part": row.name.part,
        "group_code": _whose(row.name) or None,
        "measure_name": row.name.measure,
        "step_end": row.name.day,
        "statistic": row.name.statistic,
    }
    values = (row.first, row.other, row.difference)
    if is_money(row.name):
        names = ("first_amount", "other_amount", "amount_difference")
        return own | dict(zip(names, map(fen, values), strict=True))
    rounded = (float(f"{value:.6g}") for value in values)
    return own | dict(zip(("first_number", "other_number", "number_difference"), rounded, strict=True))


def _whose(name: ValueName) -> str:
    """Whose a value is: a group, pool, city or industry by its code, a rule with its subject."""
    before, _, after = name.key.partition(":")
    return f"{before} {after}" if name.part == "rule" else after or before


def backtest_document(record: ForecastRecord, currency: str | None) -> Answer:
    """Every origin and measure; coverage and skill in the notes."""
    rows = [
        {
            "origin_on": case.origin,
            "origin_known_at": case.known_at,
            "forecast_series": case.measure,
            "observed": fen(case.observed),
            "forecast_low": fen(case.low),
            "forecast_median": fen(case.median),
            "forecast_high": fen(case.high),
            "inside_interval": case.inside,
            "forecast_pit": case.pit,
            "forecast_crps": fen(case.crps),
            "naive_error": fen(case.naive),
        }
        for case in sorted(record.cases, key=lambda c: (MEASURES.index(c.measure), c.origin))
    ]
    dates = len({case.origin for case in record.cases})
    head = {"scenario_portfolio": record.portfolio, "origins": dates}
    notes = [_measure_note(record, measure, dates) for measure in MEASURES]
    notes += [
        Text(f"未比较 {day}：{why.zh}", f"not compared, {day}: {why.en}") for day, why in record.left_out
    ]
    return Answer(BACKTEST, rows, record.last, record.known_at, currency, head, notes)


def _measure_note(record: ForecastRecord, measure: str, dates: int) -> Text:
    """Coverage with its p-value where there are dates enough, and the score against the naive forecast's."""
    own = [case for case in record.cases if case.measure == measure]
    test, word = record.coverage(measure), BACKTEST.figure("forecast_series").word(measure)
    assert test is not None
    assert word is not None
    crps, naive = sum(c.crps for c in own), sum(c.naive for c in own)
    skill = Text(f"{1 - crps / naive:.0%}", f"{1 - crps / naive:.0%}") if naive > 0 else Text("—", "—")
    enough = dates >= FEWEST_FOR_A_TEST
    few = Text("起点少于 10 个，不给 p 值", "fewer than ten origins, no p-value")
    p_value = Text(f"Kupiec p = {test.p_value:.3f}", f"Kupiec p = {test.p_value:.3f}") if enough else few
    return Text(
        f"{word.zh}：80% 区间命中 {test.hits}/{test.cases}，{p_value.zh}；CRPS 较朴素预测低 {skill.zh}",
        f"{word.en}: the 80 % interval held {test.hits} of {test.cases}, {p_value.en}; CRPS below the naive forecast's by {skill.en}",
    )


def plain_cell(answer: Answer, name: str, row: Row) -> Any:
    """A cell as a workbook takes it: amounts in yuan, words in the language of the run, days as days."""
    figure, value = answer.document.figure(name), row.get(name)
    if value is None or figure.kind in ("day", "int", "multiple", "percent", "number"):
        return value
    if figure.kind == "money":
        return value / 100
    if figure.kind == "flag":
        return str(yes_or_no(value))
    if isinstance(value, Text):
        return str(value)
    word = figure.word(value)
    return str(word) if word is not None else str(plain(figure, value))
