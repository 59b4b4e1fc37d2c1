"""Saved scenarios on the page: one taken in place of the settings, the present one saved, saved ones beside it."""

from __future__ import annotations

import streamlit as st

from fof import words
from fof.errors import FofError
from fof.ledger import View
from fof.scenarios.saved_scenarios import choices, save_scenario, saved_scenarios
from fof.scenarios.scenario_results import ScenarioResult, compared_inputs
from fof.scenarios.scenario_spec import Scenario
from fof.ui import booked, cited, frame, permitted, say, scenario_differences, scenario_view
from fof.words import _


def chosen(view: View) -> Scenario | None:
    """The saved scenario that is taken; None where the settings count, or nothing is saved."""
    saved = {own.code: own for own in saved_scenarios(view)}
    if not saved:
        return None
    names = choices(list(saved.values()))
    code = st.selectbox(
        _("取用保存的情景", "Take a saved scenario"),
        ["", *saved],
        key=cited.choice("saved", ["", *saved], ""),
        format_func=lambda c: names.get(str(c), _("不取用，按下面的设定", "None: the settings below")),
    )
    return saved[str(code)].scenario if code else None


def form(scenario: Scenario) -> None:
    """A name, and the button that saves the scenario under it."""
    with st.form("scenario_save", border=False):
        name = st.text_input(_("情景名称", "Name of the scenario"), scenario.name, key="scenario_name")
        if permitted.button(st.form_submit_button, _("保存情景", "Save the scenario"), "run_scenario"):
            named = scenario.model_copy(update={"name": (name or "").strip()[:80] or scenario.name})
            booked.book(lambda: save_scenario(frame.database(), frame.actor(), named, words.today()))


def beside(view: View, run: ScenarioResult) -> None:
    """The present result beside saved scenarios run on the same day, differences first, with author, digest and time of each."""
    saved = {own.code: own for own in saved_scenarios(view)}
    if not saved:
        return
    names = choices(list(saved.values()))
    codes = st.multiselect(
        _("与保存的情景比较", "Compare with saved scenarios"),
        list(saved),
        key=cited.several("compare", list(saved), []),
        format_func=lambda c: names[str(c)],
    )
    others = []
    for code in codes:
        try:
            others.append(scenario_view.results(view, saved[code].scenario)[0])
        except FofError as error:
            scenario_view.unfinished(error)
            return
    if not others:
        return
    for result in (run, *others):
        head = result.head
        say.caption(f"{head.name} · {head.digest} · {head.author} · {words.office_minute(head.made_at)}")
    for path, values in compared_inputs([run, *others]):
        say.caption(f"{path}: {' | '.join(values)}")
    scenario_differences.compared([run, *others], "scenario_compared")
