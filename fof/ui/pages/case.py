"""One finding of any rule as an auditor's file: what it rests on, the working, the article, its history."""

import datetime as dt

import streamlit as st

from fof.errors import FofError
from fof.rules import catalogue  # noqa: F401 - importing the catalogue fills RULES
from fof.rules.registry import RULES
from fof.ui import audit_cases, case_file, cited, frame, say, widgets
from fof.ui.labels import named
from fof.words import _
from models.subjects import Subject, SubjectKind
from models.text import Text

MENU = (76, ("合规", "Compliance"), ("案卷", "Case files"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
kinds = [kind.value for kind in SubjectKind]
with st.container(horizontal=True, vertical_alignment="bottom"):
    rule = st.selectbox(
        named("rule"),
        ["", *sorted(RULES)],
        key=cited.choice("rule", ["", *sorted(RULES)], "", what=Text("规则", "rule")),
        format_func=lambda code: f"{code} {RULES[code].text!s}" if code else _("选择规则", "Choose a rule"),
        width=320,
    )
    kind = st.selectbox(
        _("对象类型", "Kind of subject"),
        kinds,
        key=cited.choice("kind", kinds, SubjectKind.PARTY.value, what=Text("对象类型", "kind of subject")),
        format_func=lambda value: str(SubjectKind(value).text),
        width=180,
    )
    code = st.text_input(named("key"), key=cited.text("code"), width=180)
    second = st.text_input(_("第二编号", "Second code"), key=cited.text("second"), width=160)
on = cited.day("on", None)
day: dt.date | None = st.session_state.get(on)

if not rule or (not code and kind != SubjectKind.OFFICE.value):
    say.info(
        _(
            "从合规或跟投页的例外清单打开一条结论，或在上面写明规则与对象。",
            "Open a finding from the list of exceptions on the pages of compliance or co-investment, or name rule and subject above.",
        )
    )
    picked = audit_cases.listing(view)
    if picked is not None:
        audit_cases.follow(picked)
    cited.finish()
about = Subject(SubjectKind(kind), code, second, day)
try:
    opened = case_file.opened(view, str(rule), about, chosen)
except FofError as error:
    say.error(error)
    cited.finish()
audit_cases.procedure(view, str(rule), about, None if opened.finding is None else opened.finding.verdict)
