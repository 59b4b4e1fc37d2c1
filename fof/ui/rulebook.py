"""The rulebook on the compliance page: every rule with its numbers and sources, and a number set for the office or a fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from fof import audit, words
from fof.audit.rules_document import rule_row
from fof.ledger import View
from fof.rules import catalogue
from fof.rules.registry import RULES, Rule
from fof.ui import (
    booked,
    cited,
    frame,
    labels,
    panels,
    permitted,
    say,
    widgets,
)
from fof.ui.compliance import one_day
from fof.ui.labels import named
from fof.words import _
from models.kinds import FUND_KINDS
from models.text import Text


def rulebook(view: View, chosen: frame.Choice) -> None:
    """What each rule says, its source, numbers and who set them, and what is not coded."""
    families = sorted({rule.family for rule in RULES.values()})
    family = st.segmented_control(
        named("family"),
        families,
        key=cited.choice("family", families, families[0], what=Text("系列", "family")),
        required=True,
    )
    rows = [_rule_row(rule, chosen.as_of) for rule in RULES.values() if rule.family == family]
    picked = widgets.table(
        _("规则库", "Rulebook"),
        sorted(rows, key=lambda r: str(r["rule"])),
        """
        rule title level scope source since=in_force_from until=in_force_until confidence in_principle
        """,
        "rules_table",
        pick=True,
        cite=widgets.Cited("rule", lambda r: str(r["rule"])),
    )
    if picked:
        _rule_opened(picked["record"], view)
    stats = catalogue.stats()
    say.caption(
        f"{_('已编码', 'Coded')} {len(stats.coded)} · {_('无法核查', 'Not checkable')} {len(stats.not_checkable)} · {_('以后再做', 'Later')} {len(stats.later)}"
    )
    with st.expander(_("无法核查的规则及原因", "Rules that data cannot decide, and why")):
        for id_, why in stats.not_checkable.items():
            say.strong(id_, str(why))


def _rule_row(rule: Rule, day: dt.date) -> dict[str, Any]:
    row = rule_row(rule, day)
    lapsed = "" if row["in_force"] else words.bracketed(_("尚未施行或已失效", "not in force"))
    return row | {
        "level": words.word(rule.level),
        "source": f"{row['source']}{lapsed}",
        "confidence": words.word(rule.confidence),
        "in_principle": "✓" if rule.in_principle else "",
    }


def _rule_opened(rule: Rule, view: View) -> None:
    widgets.section(labels.rule_name(rule.id))
    for source in rule.sources:
        until = source.until or _("至今", "today")
        say.caption(
            f"{source.cite} · {source.since} – {until}" + (f" · {source.note}" if source.note else "")
        )
    known = catalogue.parameters()
    rows = [
        {
            "name": labels.number_name(name),
            "since": d.since,
            "until": d.until or words.DASH,
            "value": str(d.value),
            "source": str(d.source),
            "who": _("规则库", "Rulebook"),
        }
        for name in rule.params
        for d in known[name].values
    ]
    rows += [
        {
            "name": labels.number_name(s.row.name),
            "since": s.day,
            "until": s.row.until or words.DASH,
            "value": s.row.value,
            "source": s.row.document,
            "who": f"{view.name(s.row.party) if s.row.party else _('全部基金', 'All funds')} · {view.entry(s.entry).recorded_by}",
        }
        for s in view.journal.view(
            None, view.known_at
        ).settings  # whatever the day: each states from when it holds
        if s.row.name in rule.params
    ]
    columns = "name=parameter since until value=setting_value source who=set_by"
    panels.record_table(
        _("参数与依据", "Numbers and where they come from"),
        rows,
        columns,
        "rule_numbers_table",
        _("此规则没有参数。", "This rule has no numbers."),
    )
    settable = [name for name in rule.params if known[name].settable]
    if settable:
        _setting(settable, view)


def _setting(names: Sequence[str], view: View) -> None:
    funds = [p.code for p in view.of_kind(*FUND_KINDS)]
    with st.popover(_("设定参数", "Set a number"), icon=":material/edit:"), st.form("setting", border=False):
        name = st.selectbox(
            named("parameter"), names, format_func=labels.number_name, key=cited.in_new_words("set_name")
        )
        fund = st.selectbox(
            named("fund"),
            ["", *funds],
            key=cited.in_new_words("set_fund"),
            format_func=lambda c: view.name(view.by_code[c].id) if c else _("全部基金", "All funds"),
        )
        value = st.text_input(
            named("setting_value"), key="set_value", placeholder="0.35 / 90 / yes / 3000万元"
        )
        since = st.date_input(
            named("since"), key="set_since", value=frame.choice().as_of, format="YYYY-MM-DD"
        )
        until = st.date_input(named("until"), key="set_until", value=None, format="YYYY-MM-DD")
        document = st.text_input(named("evidence"), key="set_document")
        why = st.text_input(
            _("补记理由", "Reason for booking it late"),
            key="set_why",
            help=_("起始日在已结账的季度之内时必填", "Needed where the first day lies in a closed quarter"),
        )
        if permitted.button(st.form_submit_button, _("登记", "Record"), "set_parameter"):
            day = one_day(since) or frame.choice().as_of
            booked.book(
                lambda: audit.set_parameter(
                    frame.database(),
                    frame.actor(),
                    fund or None,
                    str(name),
                    value or "",
                    day,
                    one_day(until),
                    document or "",
                    why,
                )
            )
