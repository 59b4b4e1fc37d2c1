"""The planner on the page of scenarios: what is to be held, the programme that holds it, what binds, how likely it is missed."""

from __future__ import annotations

import streamlit as st

from fof import words
from fof.book.portfolios import Portfolio
from fof.errors import FofError
from fof.ledger import View
from fof.scenarios.programme_document import plan_document, plan_targets_document
from fof.scenarios.programme_plan import programme_plan
from fof.scenarios.programme_terms import ProgrammeTerms
from fof.scenarios.scenario_builder import scenario_text
from fof.scenarios.scenario_spec import Scenario
from fof.scenarios.spec_problems import UnfitScenario
from fof.ui import background, cited, say, table_rows, widgets
from fof.words import _
from models.kinds import Strategy
from models.text import Text, counted

YI = 10_000_000_000
"""Fen in 100 million yuan, the unit of the sliders."""


def planner(view: View, portfolio: Portfolio, scenario: Scenario) -> None:
    """Three sliders (or the file's own [plan]), the programme and its conditions."""
    if scenario.plan is None:
        scenario = scenario.model_copy(update=_asked(scenario, portfolio))
    key = (view.prefix.digest, view.as_of, scenario.canonical())
    try:
        solved = background.answer(
            "scenario_plan",
            key,
            lambda: programme_plan(view, scenario),
            lambda: _("正在求解，完成后自动显示", "Finding the programme; it appears by itself"),
        )
    except UnfitScenario as error:  # nothing is wrong with what was typed: it cannot be held
        say.warning("\n".join(problem.text() for problem in error.problems))
        return
    except FofError as error:
        say.error(error)
        return
    programme = plan_document(view, solved, portfolio.code, portfolio.currency)
    targets = plan_targets_document(view, solved, portfolio.currency)
    widgets.table(
        str(programme.document.text),
        table_rows.listed(programme),
        "planned_code planned_strategy planned_on planned_commitment",
        "scenario_plan",
    )
    for note in programme.notes:
        say.caption(note)
    widgets.section(str(targets.document.text))
    widgets.table(
        str(targets.document.text),
        [
            row | {"shadow_price": float(words.rounded(row["shadow_price"], 4))}
            for row in table_rows.listed(targets)
        ],
        """
        plan_target step_end missed_probability wanted_amount expected_amount wanted_share expected_share binds shadow_price
        planned_strategy
        """,
        "scenario_plan_targets",
        height=420,
    )
    st.download_button(
        _("下载含该计划的情景文件", "Download the scenario with the programme"),
        scenario_text(solved.scenario),
        file_name=f"programme-{solved.scenario.digest()}.toml",
        key="scenario_plan_toml",
        on_click="ignore",
    )


def _asked(scenario: Scenario, portfolio: Portfolio) -> dict[str, object]:
    """What the sliders say: the plan, the floor, and opening cash where the book has none."""
    unit = words.unit_name("亿元", portfolio.currency)
    first, second, third, fourth = st.columns(4)
    with first:
        share = st.slider(
            _("净值占比目标（%）", "Share of the value (%)"),
            10,
            100,
            step=5,
            key=cited.whole("plan_share", 60, 10, 100),
        )
    with second:
        years = st.slider(_("计划年数", "Years planned"), 1, 15, key=cited.whole("plan_years", 5, 1, 15))
    with third:
        most = st.slider(
            words.beside(_("每年认缴上限", "Most a year"), unit),
            1,
            50,
            key=cited.whole("plan_most", 10, 1, 50),
        )
    with fourth:
        floor = st.slider(
            words.beside(_("最低现金", "Floor of cash"), unit), 0, 50, key=cited.whole("plan_floor", 0, 0, 50)
        )
    if int(years) > scenario.horizon:
        say.caption(
            Text(
                f"推演期只有 {scenario.horizon} 年，计划至此为止",
                f"the horizon is {counted(scenario.horizon, 'year')}, and so long is the programme",
            )
        )
    meet = st.toggle(
        _(
            "不新认缴也会出现的现金缺口按季拨款补足",
            "Appropriations meet what cash lacks without any new commitment",
        ),
        key=cited.flag("plan_meet_gap", True),
    )
    plan = ProgrammeTerms.model_construct(
        years=min(int(years), scenario.horizon),
        strategies=(Strategy.VC,),
        most_a_year=int(most) * YI,
        nav_share=int(share) / 100,
        share_from=min(5, scenario.horizon),
        tolerance=0.1,
        least={},
        cover=(),
        meet_gap=bool(meet),
        source="",
    )
    return {"plan": plan, "cash": scenario.cash.model_copy(update={"floor": int(floor) * YI})}
