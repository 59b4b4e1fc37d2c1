"""Scenarios: built from the questions asked first or a file, run from the book, results as fans, held against no shock."""

import streamlit as st

from fof import words
from fof.errors import FofError
from fof.scenarios.scenario_builder import scenario_text
from fof.scenarios.scenario_files import scenario_file
from fof.scenarios.scenario_results import write_result
from fof.scenarios.scenario_workbook import scenario_workbook
from fof.ui import (
    cited,
    frame,
    j_curves,
    programme_view,
    say,
    scenario_differences,
    scenario_saving,
    scenario_view,
    widgets,
)
from fof.words import _

MENU = (55, ("组合", "Portfolio"), ("情景", "Scenarios"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
if portfolio is None or not portfolio.funds or portfolio.currency is None:
    widgets.to_import(
        _(
            "选择一个单一币种、持有基金份额的组合；没有份额时请先导入。",
            "Choose a portfolio of one currency that holds fund stakes; import them first where there are none.",
        )
    )
    cited.finish()

scenario = scenario_saving.chosen(view) or scenario_view.builder(view, portfolio)
with st.expander(_("情景文件", "Scenario file"), icon=":material/description:"):
    given = st.file_uploader(
        _("用情景文件代替上面的设定（TOML）", "Take a scenario file instead of the settings above (TOML)"),
        type=["toml"],
        key="scenario_file",
    )
    if given is not None:
        try:
            scenario = scenario_file(given.getvalue(), given.name, lambda: view).scenario
        except FofError as error:
            say.error(error)
            cited.finish()
    st.code(scenario_text(scenario), language=None)  # colours of a language are too pale to read
    st.download_button(
        _("下载情景文件", "Download the scenario file"),
        scenario_text(scenario),
        file_name=f"scenario-{scenario.digest()}.toml",
        key="scenario_toml",
        on_click="ignore",
    )
    scenario_saving.form(scenario)

try:
    result, calm = scenario_view.results(view, scenario)
except FofError as error:
    scenario_view.unfinished(error)
    cited.finish()
scenario_view.headline(result, chosen)
fans, curve, groups, companies, pools, rules, inputs, drivers, shocks, plan = cited.tabs(
    "tab",
    {
        "fans": _("预测", "Forecast"),
        "curve": _("曲线", "J-curve"),
        "groups": _("业绩分布", "Multiples"),
        "companies": _("企业", "Companies"),
        "pools": _("资金池", "Pools"),
        "rules": _("规则逐年", "Rules over time"),
        "inputs": _("假设与检查", "Assumptions and checks"),
        "drivers": scenario_view.drivers_title(),
        "shocks": _("与无冲击比较", "Against no shock"),
        "plan": _("认缴计划", "Planner"),
    },
).values()
if fans.open:
    with fans:
        scenario_view.fans(result, chosen)
if curve.open:
    with curve:
        unit = words.unit_name(chosen.unit, portfolio.currency)
        j_curves.show(view, portfolio, portfolio.funds, chosen, unit, scenario=scenario)
if groups.open:
    with groups:
        scenario_view.groups(result)
if companies.open:
    with companies:
        scenario_view.companies(result, chosen)
if pools.open:
    with pools:
        scenario_view.pools(result, chosen)
if rules.open:
    with rules:
        scenario_view.rules(result)
if inputs.open:
    with inputs:
        scenario_view.inputs(result)
if drivers.open:
    with drivers:
        scenario_view.drivers(view, scenario)
if shocks.open:
    with shocks:
        scenario_differences.against_no_shock(result, calm)
        scenario_saving.beside(view, result)
if plan.open:
    with plan:
        programme_view.planner(view, portfolio, scenario)
with st.container(horizontal=True):
    st.download_button(
        _("导出结果 xlsx", "Export the result, xlsx"),
        lambda: scenario_workbook(result),
        file_name=f"projection-{result.head.digest}.xlsx",
        key="scenario_xlsx",
        on_click="ignore",
    )
    st.download_button(
        _("导出结果 Parquet", "Export the result, Parquet"),
        lambda: write_result(result),
        file_name=f"projection-{result.head.digest}.parquet",
        key="scenario_parquet",
        on_click="ignore",
    )
