"""Staff co-investment: what an owner's auditor finds about plans, projects, stakes, vehicles, institutions and people."""

import streamlit as st

from fof import audit, users, words
from fof.audit.coinvestment.indicators import institutions_document
from fof.audit.coinvestment.register import institutions
from fof.personal.keyring import without_key
from fof.ui import background, cited, compliance, counterfactual, frame, panels, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (75, ("合规", "Compliance"), ("跟投", "Co-investment"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
seen = users.seen_institutions(view)
firms = institutions(view)
if not firms and seen is not None:
    widgets.to_import(
        _(
            "您没有可查看的机构：请管理员用 fof users institutions 授权，或选择较晚的日期。",
            "There is no institution that you may see: ask an administrator (fof users institutions), or choose a later day.",
        )
    )
    cited.finish()
if not firms:
    widgets.to_import(
        _(
            "账中还没有跟投登记：请导入跟投方案、任职、名单、份额与收付等表。",
            "No co-investment is registered yet: import plans, employments, rosters, stakes and payments.",
        )
    )
    cited.finish()

ALL = "all"
institution = st.selectbox(
    named("institution"),
    [ALL, *firms],
    key=cited.choice("institution", [ALL, *firms], ALL, what=Text("机构", "institution")),
    format_func=lambda code: (
        _("全部机构", "All institutions") if code == ALL else view.name(view.by_code[code].id)
    ),
    width=320,
)
one = None if institution == ALL else institution
judged = background.answer(
    "coinvest", (view.prefix.digest, chosen.as_of, one, seen), lambda: audit.coinvestment(view, one)
)
compliance.headline(judged, chosen, of_funds=False)
if (sentence := without_key()) is not None:
    say.caption(sentence)
if one is None:
    answer = background.answer(
        "coinvest_institutions",
        (view.prefix.digest, chosen.as_of, seen),
        lambda: institutions_document(view, judged),
    )
    listed = table_rows.listed(answer)
    panels.record_table(
        _("各机构：检查结论、出资与全生命周期", "Institutions: findings, money, whole life"),
        listed,
        """
        name=institution year=coinvest_year breach unknown warn joined=projects_joined open=projects_open
        staff_paid institution_paid staff_ratio loss_ratio net_multiple
        """,
        "coinvest_institutions",
        _("还没有跟投项目。", "No project was joined yet."),
    )
    panels.record_table(
        _("各机构：跟投指标", "Institutions: indicators of co-investment"),
        listed,
        """
        name=institution year=coinvest_year rate_executive rate_mid_level rate_management_team largest_person
        price_apart lag_longest exits_apart leavers_overdue evidence_share
        """,
        "coinvest_indicators",
        _("还没有跟投项目。", "No project was joined yet."),
    )
    say.caption(
        _(
            "年度为空的一行是该机构合计；缺数据的指标为“—”（PI-11）。亏损率与净倍数为其全部基金成立以来（GF-70），亏损本身不是问题。",
            "The row without a year is the institution in all; an indicator that an input leaves open is a dash (PI-11). Loss ratio and net multiple are of all its funds since inception (GF-70); a loss is no finding.",
        )
    )
verdicts, only_open = compliance.listed(["breach", "unknown", "warn"])
compliance.queue(view, judged, verdicts, only_open, chosen, look_back=False)
counterfactual.gains_panel(view, one, chosen, seen)
say.caption(words.labelled(named("confidence"), words.listed(words.word(c) for c in compliance.MARKS)))
