"""Parts of the compliance page that try things out: a deal or commitment before booking, two rule worlds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from fof import audit, words
from fof.audit.findings_document import compared_texts
from fof.book.portfolios import Portfolio
from fof.errors import FofError
from fof.ledger import View
from fof.rules.registry import Verdict
from fof.ui import cited, compliance, frame, labels, panels, say, widgets
from fof.ui.labels import named
from fof.ui.table_columns import TableColumn
from fof.ui.typed_amounts import TypedAmounts
from fof.words import _
from models.facts import FACTS
from models.kinds import Instrument, PartyKind, Stage

_VEHICLES = (PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.SUB_FUND)
_INVESTORS = (
    PartyKind.SOCIAL_INVESTOR,
    PartyKind.STATE_INVESTOR,
    PartyKind.GOVERNMENT,
    PartyKind.PERSON,
    PartyKind.INSURER,
    PartyKind.BANK,
    PartyKind.NATIONAL_FUND,
    PartyKind.SOE_VC,
    PartyKind.MANAGER,
)


def dry_run(view: View, portfolio: Portfolio | None, chosen: frame.Choice) -> None:
    """A form for a deal and one for a commitment; the answer lists only what would change."""
    say.caption(_("按截至日试算，不写入任何内容。", "Tried on the as-of day; nothing is written."))
    own = None if portfolio is None else {*portfolio.funds, *(portfolio.holders or ())}
    funds = [p.code for p in view.of_kind(*_VEHICLES) if own is None or p.id in own]
    if not funds:
        say.info(_("账中还没有基金。", "There are no funds in the book yet."))
        return
    what = st.segmented_control(
        _("试算", "Dry run"),
        ["deal", "commitment"],
        key=cited.choice("trial", ["deal", "commitment"], "deal"),
        required=True,
        format_func={
            "deal": _("拟议投资", "Proposed deal"),
            "commitment": _("拟议认缴", "Proposed commitment"),
        }.__getitem__,
    )
    proposed = _deal_form(view, funds) if what == "deal" else _commitment_form(view, funds)
    if proposed is None:
        return
    try:
        with st.spinner(_("正在试算", "Trying it out")):
            if isinstance(proposed, audit.ProposedDeal):
                changes = audit.would(view, deal=proposed)
            else:
                changes = audit.would(view, commitment=proposed)
    except FofError as error:
        say.error(error)
        return
    _changes(changes, chosen)


def _name(view: View, code: str) -> str:
    party = view.by_code.get(code)
    return code if party is None else words.beside(view.name(party.id), code)


def _amount_label() -> str:
    """An amount in the main unit of the fund's currency."""
    return words.beside(named("amount"), words.unit_name("元", frame.choice().currency))


def _fund_choice(view: View, funds: Sequence[str]) -> str:
    return st.selectbox(
        named("fund"),
        funds,
        key=cited.in_new_words("trial_fund"),
        format_func=lambda c: _name(view, c),
        width=320,
    )


def _deal_form(view: View, funds: Sequence[str]) -> audit.ProposedDeal | None:
    companies = [p.code for p in view.of_kind(PartyKind.COMPANY)]
    amounts = TypedAmounts()
    with st.form("trial_deal"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            fund = _fund_choice(view, funds)
            company = st.selectbox(
                named("company"),
                companies,
                key=cited.in_new_words("trial_company"),
                format_func=lambda c: _name(view, c),
                width=320,
                accept_new_options=True,
                index=None,
                placeholder=_("选择或输入新企业编号", "Choose, or type a new company's code"),
            )
            amount = amounts.box(_amount_label(), "trial_amount", 180)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            instrument = st.selectbox(
                _("投资工具", "Instrument"),
                [i.value for i in Instrument],
                key=cited.in_new_words("trial_instrument"),
                width=180,
                format_func=lambda i: words.word(Instrument(i)),
            )
            stage = st.selectbox(
                named("stage"),
                ["", *(s.value for s in Stage)],
                key=cited.in_new_words("trial_stage"),
                width=160,
                format_func=lambda s: words.word(Stage(s)) if s else words.DASH,
            )
            industry = st.text_input(
                str(FACTS["industry"].text), key="trial_industry", placeholder="C3962", width=140
            )
        if not st.form_submit_button(_("试算", "Dry run"), type="primary") or amounts.unread:
            return None
    attributes = {"industry": industry.strip()} if industry and industry.strip() else {}
    return audit.ProposedDeal(
        str(fund),
        str(company or ""),
        amount or 0,
        instrument=str(instrument),
        stage=stage or None,
        attributes=attributes,
    )


def _commitment_form(view: View, funds: Sequence[str]) -> audit.ProposedCommitment | None:
    investors = sorted(p.code for p in view.of_kind(*_INVESTORS, *_VEHICLES))
    amounts = TypedAmounts()
    with st.form("trial_commitment"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            fund = _fund_choice(view, funds)
            investor = st.selectbox(
                named("investor"),
                investors,
                key=cited.in_new_words("trial_investor"),
                format_func=lambda c: _name(view, c),
                width=320,
                accept_new_options=True,
                index=None,
                placeholder=_("选择或输入新出资人编号", "Choose, or type a new investor's code"),
            )
            kind = st.selectbox(
                _("新出资人的类别", "Kind of a new investor"),
                [k.value for k in _INVESTORS],
                key=cited.in_new_words("trial_kind"),
                width=180,
                format_func=lambda k: words.word(PartyKind(k)),
            )
            amount = amounts.box(_amount_label(), "trial_promise", 180)
        if not st.form_submit_button(_("试算", "Dry run"), type="primary") or amounts.unread:
            return None
    return audit.ProposedCommitment(str(fund), str(investor or ""), amount or 0, PartyKind(kind))


def _cell(finding: audit.AuditFinding | None, chosen: frame.Choice) -> str:
    if finding is None:
        return words.DASH
    f = finding.finding
    measured = "" if f.measured is None else f" {compared_texts(f, chosen.unit, chosen.currency)[0]}"
    return f"{words.word(f.verdict)}{measured}"


def _changes(changes: Sequence[audit.FindingChange], chosen: frame.Choice) -> None:
    worse = [c for c in changes if c.worse]
    broken = [c for c in worse if c.after is not None and c.after.verdict is Verdict.BREACH]
    if broken:
        say.error(f"{_('将新增违反', 'Newly broken rules')} {len(broken)}")
    else:
        say.success(_("不会新增违反。", "No rule would be newly broken."))
    panels.record_table(
        _("将变差的结论", "Findings that would get worse"),
        [_change(c, chosen) for c in worse],
        _change_columns(),
        "trial_worse",
        _("没有。", "None."),
    )
    others = [c for c in changes if not c.worse]
    panels.record_table(
        _("其他变化", "Other changes"),
        [_change(c, chosen) for c in others],
        _change_columns(),
        "trial_others",
        _("没有。", "None."),
    )


def _change(change: audit.FindingChange, chosen: frame.Choice) -> dict[str, Any]:
    finding = change.after or change.before
    assert finding is not None
    return _pair(finding, change.before, change.after, chosen)


def _pair(
    finding: audit.AuditFinding,
    before: audit.AuditFinding | None,
    after: audit.AuditFinding | None,
    chosen: frame.Choice,
) -> dict[str, Any]:
    return {
        "rule": labels.rule_name(finding.rule),
        "name": finding.name,
        "before": _cell(before, chosen),
        "after": _cell(after, chosen),
        "money": finding.money_at_stake,
        "currency": finding.currency,
        "source": finding.source or words.DASH,
        "confidence": words.word(finding.finding.confidence),
        "says": compliance.says(finding.finding, chosen),
    }


def _change_columns(before: str | None = None, after: str | None = None) -> list[str | TableColumn]:
    return [
        "rule",
        "name=subject",
        "before" if before is None else TableColumn("before", before, width="medium"),
        "after" if after is None else TableColumn("after", after, width="medium"),
        "money=money_at_stake",
        "source",
        "confidence",
        "says",
    ]


def _matters(difference: audit.Difference) -> bool:
    """Whether a rule is broken or warns in either world."""
    bad = (Verdict.BREACH, Verdict.WARN)
    return any(f is not None and f.verdict in bad for f in (difference.before, difference.after))


def worlds(view: View, portfolio: Portfolio | None, chosen: frame.Choice) -> None:
    """The same book on the same day under the rules of two days: what changed, first the rules, then the findings."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input(
            _("较早的规定", "Earlier rules"),
            key=cited.day("world_a", dt.date(2017, 12, 31)),
            format="YYYY-MM-DD",
            width=170,
        )
        second = st.date_input(
            _("较新的规定", "Later rules"),
            key=cited.day("world_b", chosen.as_of),
            format="YYYY-MM-DD",
            width=170,
        )
    a, b = compliance.one_day(first), compliance.one_day(second)
    if a is None or b is None:
        say.info(_("请填写两个日期。", "Give both days."))
        return
    compared = audit.compare_worlds(view, a, b)
    if portfolio is not None:
        fits = audit.concerning(view, compared.after, portfolio)
        differences = tuple(d for d in compared.differences if fits(d.finding))
        was, now = (audit.of_portfolio(view, w, portfolio) for w in (compared.before, compared.after))
        compared = audit.Worlds(was, now, differences, compared.rules)
    before, after = (len(w.breaches) for w in (compared.before, compared.after))
    widgets.headline(
        [
            (f"{named('breach')} · {a}", str(before), None),
            (f"{named('breach')} · {b}", str(after), None),
            (named("judged_differently"), str(len(compared.differences)), None),
            (
                named("rules_changed"),
                str(len(compared.rules)),
                None,
            ),
        ]
    )
    everything = st.toggle(
        _("也列出不涉及违反或提示的差别", "Also list differences without a breach or warning"),
        key=cited.flag("world_all"),
    )
    visible = [d for d in compared.differences if everything or _matters(d)]
    rows = [_pair(d.finding, d.before, d.after, chosen) for d in visible]
    panels.record_table(
        named("judged_differently"),
        rows,
        _change_columns(f"{_('按', 'By')} {a}", f"{_('按', 'By')} {b}"),
        "worlds_table",
        _("两套规定下结论相同。", "Both sets of rules give the same findings."),
    )
    changed = [
        {
            "rule": labels.rule_name(c.rule.id),
            "before": words.DASH if c.before is None else c.before.cite,
            "after": words.DASH if c.after is None else c.after.cite,
            "numbers": words.clauses(
                f"{labels.number_name(n)} {old} → {new}" for n, (old, new) in c.numbers.items()
            ),
        }
        for c in compared.rules
    ]
    columns: list[str | TableColumn] = [
        "rule",
        TableColumn("before", str(a), width="large"),
        TableColumn("after", str(b), width="large"),
        "numbers=numbers_changed",
    ]
    panels.record_table(
        named("rules_changed"),
        changed,
        columns,
        "world_rules",
        _("没有。", "None."),
    )
