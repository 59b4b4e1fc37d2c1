"""The parts of the page of scenarios: the questions asked first, a run with its progress, fans, tables, differences."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from fof import words
from fof.book.portfolios import Portfolio
from fof.errors import FofError
from fof.figures.projection_documents import DRIVERS
from fof.ledger import View
from fof.scenarios.path_summary import LEVELS
from fof.scenarios.projection import project_scenario
from fof.scenarios.scenario_builder import FirstQuestions, has_shocks, simple_scenario
from fof.scenarios.scenario_chunks import Cancelled, forget_old
from fof.scenarios.scenario_cluster import ClusterAddress
from fof.scenarios.scenario_document import (
    assumptions_document,
    checks_document,
    companies_document,
    forecast_document,
    groups_document,
    needs_document,
    pool_series_document,
    pools_document,
)
from fof.scenarios.scenario_drivers import drivers_document
from fof.scenarios.scenario_results import ScenarioResult
from fof.scenarios.scenario_spec import Scenario
from fof.scenarios.yearly_documents import leverage_document, parts_document, rules_document
from fof.ui import background, charts, cited, fan_charts, frame, say, table_rows, widgets
from fof.ui.labels import named, word
from fof.words import _
from models.text import Text, counted
from valuation.company_outcomes import COMPANY_SERIES, LIVE_SERIES
from valuation.scenario_paths import STEP_SERIES
from valuation.scenario_pools import POOL_SERIES

PATHS = ("1000", "5000", "20000")
YI = 10_000_000_000
"""Fen in 100 million yuan, the unit of the programme's slider."""


def builder(view: View, portfolio: Portfolio) -> Scenario:
    """The sliders; the scenario they mean."""
    first, second, third, fourth = st.columns(4)
    with first:
        horizon = st.slider(_("推演年限", "Years"), 3, 20, key=cited.whole("horizon", 12, 3, 20))
        paths = st.segmented_control(
            named("paths"), PATHS, key=cited.choice("scenario_paths", PATHS, "1000"), required=True
        )
    with second:
        growth = st.slider(
            _("增长率下调（百分点）", "Growth lower by (points)"), 0, 20, key=cited.whole("lower", 0, 0, 20)
        )
        volatility = st.slider(
            _("波动率（拟合值的 %）", "Volatility (% of the fitted)"),
            0,
            300,
            step=25,
            key=cited.whole("volatility", 100, 0, 300),
        )
    with third:
        freeze = st.slider(
            _("退出冻结（季度）", "Exit freeze (quarters)"), 0, 12, key=cited.whole("freeze", 0, 0, 12)
        )
        down = st.slider(_("立即减值（%）", "Mark-down now (%)"), 0, 80, key=cited.whole("down", 0, 0, 80))
    with fourth:
        yearly = st.slider(
            words.beside(
                _("每年新认缴", "New commitments a year"), words.unit_name("亿元", portfolio.currency)
            ),
            0,
            30,
            key=cited.whole("yearly", 0, 0, 30),
        )
        years = st.slider(
            _("新认缴年数", "Years of new commitments"), 0, 10, key=cited.whole("years", 0, 0, 10)
        )
    asked = FirstQuestions(
        horizon=int(horizon),
        paths=int(paths or PATHS[0]),
        growth_points=-int(growth),
        volatility=int(volatility),
        freeze_quarters=int(freeze),
        mark_down=int(down),
        programme=int(yearly) * YI,
        programme_years=int(years),
    )
    built = simple_scenario(view, portfolio, _("屏幕情景", "Screen scenario"), asked)
    if asked.programme and len(built.planned) < asked.programme_years:
        say.caption(
            Text(
                f"推演期内只有前 {len(built.planned)} 年的新认缴",
                f"the horizon holds the first {counted(len(built.planned), 'year')} of new commitments alone",
            )
        )
    return built


def results(view: View, scenario: Scenario) -> tuple[ScenarioResult, ScenarioResult | None]:
    """The scenario run beside the page, with its progress, and the same without its shocks where it has any; computed once
    for a book, a day and a scenario."""
    person, now, where = frame.actor(), dt.datetime.now(dt.UTC), _where()
    key = f"{view.prefix.digest.hex()} {view.as_of} {scenario.canonical()}"
    stand = _stands().setdefault(key, RunStand())

    def run(of: Scenario) -> ScenarioResult:
        return project_scenario(
            view, of, person, now, progress=stand.progress, cancelled=stand.unwanted.is_set, **where
        )

    def work() -> tuple[ScenarioResult, ScenarioResult | None]:
        return run(scenario), run(scenario.without_shocks()) if has_shocks(scenario) else None

    def doing() -> str:
        done, paths, left = stand.at
        if left != left:
            return _("正在推演，完成后自动显示", "Running the scenario; it appears by itself")
        return _(
            "已完成 {0}/{1} 条路径，约余 {2:.0f} 秒，完成后自动显示",
            "{0}/{3} done, about {2:.0f} s left; the result appears by itself",
        ).format(done, paths, left, counted(paths, "path"))

    try:
        answered = background.answer("scenario", key, work, doing, stand.unwanted.set)
    except FofError:
        _stands().pop(key, None)
        raise
    _stands().pop(key, None)
    return answered


def _where() -> dict[str, Any]:
    """Where a run goes: to the cluster that FOF_SCHEDULER names, else here; its finished chunks lie beside the book until it is whole,
    and one that was cancelled goes on from them."""
    own = frame.settings()
    where: dict[str, Any] = {}
    with suppress(OSError):  # a place that cannot be written keeps nothing
        folder = own.data_dir / "unfinished"
        folder.mkdir(parents=True, exist_ok=True)
        forget_old(folder)
        where = {"folder": folder, "forget": True}
    if own.scheduler:
        where["cluster"] = ClusterAddress(own.scheduler, own.certificates)
    return where


@dataclass(slots=True)
class RunStand:
    """How far a run is (paths done, paths in all, seconds left; nan before anything is known), and whether it is still wanted."""

    at: tuple[int, int, float] = (0, 0, float("nan"))
    unwanted: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, paths: int, left: float) -> None:
        """Called by the run."""
        self.at = (done, paths, left)


@st.cache_resource(show_spinner=False)
def _stands() -> dict[str, RunStand]:
    """The runs that are under way."""
    return {}


def unfinished(error: FofError) -> None:
    """What a run ended with; one that was cancelled can go on."""
    if not isinstance(error, Cancelled):
        say.error(error)
        return
    say.info(error, icon=":material/cancel:")
    st.button(_("继续推演", "Go on with it"), key="scenario_on", icon=":material/play_arrow:")


def headline(run: ScenarioResult, chosen: frame.Choice) -> None:
    """Gap, appropriation needed, multiples."""
    head, groups = forecast_document(run, yearly=True).head, groups_document(run).rows
    needs = {row["need_confidence"]: row["need"] for row in needs_document(run).rows}
    unit = words.unit_name(chosen.unit, run.head.currency)
    total = groups[0]
    listed: list[tuple[str, str, str | None]] = [
        (named("tvpi_median"), words.multiple(total["tvpi_p50"]), None)
    ]
    if 0.9 in needs:
        listed = [
            (named("gap_probability"), words.percent(head["gap_probability"]), None),
            (named("gap_high"), words.amount(head["gap_p95"], chosen.unit), unit),
            (
                named("need"),
                words.amount(needs[0.9], chosen.unit),
                _("90% 置信；{}", "at 90 % confidence; {}").format(unit),
            ),
            *listed,
        ]
    listed.append((named("irr_median"), words.percent(total["irr_p50"]), None))
    widgets.headline(listed)
    broken = [check for check in run.checks if not check.holds]
    for check in broken:
        say.error(check.text)


def fans(run: ScenarioResult, chosen: frame.Choice) -> None:
    """A fan chart of one series, and the probability that cash is below 0; the table beneath."""
    document = forecast_document(run, yearly=True)
    known = [s for s in STEP_SERIES if any(row["forecast_series"] == s for row in document.rows)]
    series = st.segmented_control(
        named("forecast_series"),
        known,
        key=cited.choice("series", known, known[-1], what=Text("系列", "series")),
        format_func=lambda code: word("forecast_series", code),
        required=True,
    )
    rows = [r for r in forecast_document(run).rows if r["forecast_series"] == series]
    days = [str(r["step_end"]) for r in rows]
    unit = words.unit_name(chosen.unit, run.head.currency)
    edges = {
        f"p{round(100 * level):02d}": [
            words.in_unit(r[f"p{round(100 * level):02d}"], chosen.unit) for r in rows
        ]
        for level in LEVELS
    }
    expected = [words.in_unit(r["projected"], chosen.unit) for r in rows]
    title = word("forecast_series", series)
    charts.draw(fan_charts.fan(days, edges, expected, unit), 360, title, unit)
    if series == "cash":
        below = [float(r["probability_below_zero"]) for r in rows]
        say.caption(named("probability_below_zero"))
        charts.draw(fan_charts.probability(days, below), 180, named("probability_below_zero"), "%")
    widgets.table(
        title,
        [row for row in table_rows.listed(document) if row["forecast_series"] == series],
        "step_end projected mean p05=quantile_five p25=quantile_quarter p50=quantile_middle p75=quantile_three_quarters p95=quantile_ninety_five",
        "scenario_forecast",
    )
    needs = needs_document(run)
    if needs.rows:
        widgets.section(str(needs.document.text))
        widgets.table(
            str(needs.document.text), table_rows.listed(needs), "need_confidence need", "scenario_needs"
        )
    for note in document.notes:
        say.caption(note)


def groups(run: ScenarioResult) -> None:
    """Multiples and rates of return by portfolio, vintage and fund."""
    document = groups_document(run)
    widgets.table(
        str(document.document.text),
        table_rows.listed(document),
        """
        group_by key label dpi_p05=dpi_low dpi_p50=dpi_median dpi_p95=dpi_high tvpi_p05=tvpi_low tvpi_p50=tvpi_median
        tvpi_p95=tvpi_high irr_p05=irr_low irr_p50=irr_median irr_p95=irr_high irr_known
        """,
        "scenario_groups",
        height=520,
    )
    ahead = leverage_document(run)
    if ahead.rows:
        widgets.section(str(ahead.document.text))
        widgets.table(
            str(ahead.document.text),
            table_rows.listed(ahead),
            "step_end own_committed all_committed non_government to_companies leverage_a leverage_b leverage_c",
            "scenario_leverage",
        )


def pools(run: ScenarioResult, chosen: frame.Choice) -> None:
    """How likely each pool is to run dry, to stop, to cut; one series of one pool as a fan."""
    listed, document = pools_document(run), pool_series_document(run)
    if not listed.rows:
        widgets.empty(
            _(
                "该情景没有资金池。在情景文件中写入 [[pool]] 后，这里列出余额、补偿与限额。",
                "This scenario has no pool. Write [[pool]] into its file to see balances, compensation and limits here.",
            )
        )
        return
    widgets.table(
        str(listed.document.text),
        table_rows.listed(listed),
        "pool_code exhaustion_probability exhaustion_months stop_probability stop_months cut_probability cut_months",
        "scenario_pools",
    )
    codes = [row["pool_code"] for row in listed.rows]
    code = st.segmented_control(
        named("pool_code"), codes, key=cited.choice("pool_code", codes, codes[0]), required=True
    )
    series = st.segmented_control(
        named("pool_series"),
        POOL_SERIES,
        key=cited.choice("pool_series", POOL_SERIES, POOL_SERIES[0]),
        format_func=lambda name: word("pool_series", name),
        required=True,
    )
    rows = [r for r in document.rows if r["pool_code"] == code and r["pool_series"] == series]
    days, unit = [str(r["step_end"]) for r in rows], words.unit_name(chosen.unit, run.head.currency)
    title = f"{code} {word('pool_series', str(series))}"
    if series == "pool_stopped":
        charts.draw(fan_charts.probability(days, [float(r["stopped_share"]) for r in rows]), 240, title, "%")
        return
    edges = {
        name: [words.in_unit(r[name], chosen.unit) for r in rows]
        for name in ("p05", "p25", "p50", "p75", "p95")
    }
    expected = [words.in_unit(r["projected"], chosen.unit) for r in rows]
    charts.draw(fan_charts.fan(days, edges, expected, unit), 360, title, unit)


def companies(run: ScenarioResult, chosen: frame.Choice) -> None:
    """One series of the companies by year, as a fan where it is money; the table beneath."""
    document = companies_document(run)
    if not document.rows:
        widgets.empty(
            _(
                "该情景按基金推演。在情景文件中写入 [companies] 后，这里列出企业退出、业绩报酬、让利、跟投与阶段覆盖。",
                "This scenario projects funds. Write [companies] into its file to see exits, carry, concession, staff's part and coverage by stage here.",
            )
        )
        return
    series = st.selectbox(
        named("company_series"),
        COMPANY_SERIES,
        key=cited.choice("company_series", COMPANY_SERIES, COMPANY_SERIES[0]),
        format_func=lambda code: word("company_series", code),
    )
    rows = [r for r in document.rows if r["company_series"] == series]
    unit = words.unit_name(chosen.unit, run.head.currency)
    if series not in LIVE_SERIES:
        edges = {
            name: [words.in_unit(r[name], chosen.unit) for r in rows]
            for name in ("p05", "p25", "p50", "p75", "p95")
        }
        mean = [words.in_unit(r["mean"], chosen.unit) for r in rows]
        days = [str(r["step_end"]) for r in rows]
        charts.draw(fan_charts.fan(days, edges, mean, unit), 360, word("company_series", str(series)), unit)
    yearly = [
        _numbered(r)
        for r in table_rows.listed(companies_document(run, yearly=True))
        if r["company_series"] == series
    ]
    columns = (
        "step_end companies_mean companies_low companies_high"
        if series in LIVE_SERIES
        else "step_end mean p05=quantile_five p25=quantile_quarter p50=quantile_middle p75=quantile_three_quarters p95=quantile_ninety_five"
    )
    widgets.table(word("company_series", str(series)), yearly, columns, "scenario_companies")
    _parts(run)


def _numbered(row: table_rows.Row) -> table_rows.Row:
    """Numbers of companies with one decimal each."""
    names = [n for n in ("companies_mean", "companies_low", "companies_high") if row.get(n) is not None]
    return row | {name: float(words.rounded(row[name], 1)) for name in names}


def _parts(run: ScenarioResult) -> None:
    """Companies by city or by industry at the end of each year, and what of coverage is not moved."""
    document = parts_document(run, yearly=True)
    widgets.section(str(document.document.text))
    kinds = ("city", "industry")
    by = st.segmented_control(
        named("part_by"),
        kinds,
        key=cited.choice("companies_by", kinds, "city"),
        format_func=lambda code: word("part_by", code),
        required=True,
    )
    place = "coverage_city" if by == "city" else "industry_code"
    widgets.table(
        str(document.document.text),
        [_numbered(row) for row in table_rows.listed(document) if row["part_by"] == by],
        f"{place} step_end companies_mean companies_low companies_high mean p05=quantile_five p50=quantile_middle p95=quantile_ninety_five",
        "scenario_parts",
        height=420,
    )
    for note in document.notes:
        say.caption(note)


def rules(run: ScenarioResult) -> None:
    """How likely each rule whose inputs the projection moves is broken, by year; what is not asked beneath."""
    document = rules_document(run)
    if not document.rows:
        widgets.empty(
            _(
                "该情景没有可逐年判断的规则：组合没有自己的主体，情景中也没有资金池。",
                "No rule is asked year by year: the portfolio has no vehicle of its own and the scenario no pool.",
            )
        )
        return
    widgets.table(
        str(document.document.text),
        table_rows.listed(document),
        """
        projected_rule rule_subject step_end breach_probability warn_probability unknown_probability pass_probability
        not_applicable_probability
        """,
        "scenario_rules",
        height=420,
    )
    for note in document.notes:
        say.caption(note)


def inputs(run: ScenarioResult) -> None:
    """Every assumption with its source; the identities."""
    checks, listed = checks_document(run), assumptions_document(run)
    widgets.table(
        str(checks.document.text),
        [_six(row, "identity_measured", "identity_limit") for row in table_rows.listed(checks)],
        "projection_identity holds identity_measured identity_limit",
        "scenario_checks",
    )
    widgets.section(str(listed.document.text))
    widgets.table(
        str(listed.document.text),
        [_six(row, "standard_error", "fund_years") for row in table_rows.listed(listed)],
        "assumption_scope assumption assumed assumption_source assumption_detail standard_error fund_years",
        "scenario_assumptions",
        height=420,
    )
    head = run.head
    say.caption(
        _("种子 {0}，路径 {1}，程序 {2}，用时 {3:.1f} 秒", "seed {0}, {4}, kernels {2}, {3:.1f} s").format(
            head.seed, head.paths, head.code, head.seconds, counted(head.paths, "path")
        )
    )


def _six(row: table_rows.Row, *names: str) -> table_rows.Row:
    """Six figures of each number, as in print; what is not known is left empty."""
    return row | {n: f"{row[n]:.6g}" if row[n] is not None and row[n] == row[n] else None for n in names}


def drivers_title() -> str:
    """The name of the tab of drivers."""
    return str(DRIVERS.text)


def drivers(view: View, scenario: Scenario) -> None:
    """Which driver explains how much of the variance of each main result."""
    key = (view.prefix.digest, view.as_of, scenario.canonical())
    document = background.answer(
        "scenario_drivers",
        key,
        lambda: drivers_document(view, scenario),
        lambda: _("正在推演，完成后自动显示", "Running the scenario; it appears by itself"),
    )
    widgets.table(
        drivers_title(),
        table_rows.listed(document),
        "measure_name step_end share_market share_growth share_pacing share_together",
        "scenario_drivers",
    )
