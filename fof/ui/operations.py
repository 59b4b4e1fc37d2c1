"""Parts of the operations page: one function a tab. A plan follows the inputs at once; a button books it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from fof import words
from fof.errors import FofError, Problem
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, CAPITAL_CALLS
from fof.ledger import Booked, View
from fof.operations.calls import issue_call, plan_call
from fof.operations.distributions import issue_distribution, plan_distribution
from fof.operations.notices import Notice, notices
from fof.operations.papers import notices_pdf, notices_workbook
from fof.operations.payments import chase_list, mark_paid
from fof.operations.reorganisations import book_reorganisation, plan_reorganisation
from fof.ui import frame, widgets
from fof.ui.widgets import Column
from fof.words import _
from models.kinds import FUND_KINDS, NoticeKind
from models.money import fen_of


def fund_box(view: View, key: str, codes: Sequence[str], label: str | None = None) -> int:
    """Which fund; its id."""
    code = st.selectbox(
        label or _("基金"),
        codes,
        key=key,
        width=420,
        format_func=lambda c: f"{view.name(view.party(c).id)}（{c}）",
    )
    return view.party(str(code)).id


def _fen(label: str, key: str) -> int:
    """Fen of an amount typed in yuan; 0 while nothing, or nothing readable, is typed."""
    text = st.text_input(label, key=key, width=190, placeholder="0.00").strip().replace(",", "")
    if not text:
        return 0
    try:
        return fen_of(text)
    except ValueError:
        st.warning(_("金额须为数字，最多两位小数"))
        return 0


def _problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        st.warning(problem.text(words.language()), icon=":material/block:")


def _book(label: str, key: str, act: Callable[[], Booked], *, ready: bool) -> None:
    """The button that books; says which entries were written, or everything that is wrong."""
    if st.button(label, key=key, type="primary", disabled=not ready):
        try:
            booked = act()
        except FofError as error:
            st.error(str(error), icon=":material/warning:")
            return
        fresh, held = booked.entries, [a.entry for a in booked.already]
        said = f"{_('已登记分录')} {fresh}" if fresh else f"{_('账中已有')} {held}"
        st.success(said, icon=":material/check_circle:")


def _day(label: str, value: dt.date, key: str) -> dt.date:
    found = st.date_input(label, value=value, key=key, format="YYYY-MM-DD", width=170)
    return found if isinstance(found, dt.date) else value


def call(view: View, codes: Sequence[str]) -> None:
    """Plan a capital call, see its effect, issue it."""
    day = frame.choice().as_of
    fund = fund_box(view, "call_fund", codes)
    labels = {c.name: (c.zh if words.language() == "zh" else c.en) for c in CAPITAL_CALLS.columns}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.text_input(_("通知编号"), key="call_number", width=150, placeholder="2026-01")
        notice_on = _day(_("通知日"), day, "call_notice_on")
        due_on = _day(_("缴款截止日"), day + dt.timedelta(days=15), "call_due_on")
    named = st.multiselect(
        _("分项"),
        list(CALL_COMPONENTS),
        default=["investment"],
        format_func=labels.__getitem__,
        key="call_parts",
    )
    with st.container(horizontal=True):
        parts = {name: _fen(f"{labels[name]}（{_('元')}）", f"call_{name}") for name in named}
    investors = {
        line.investor: line.name for line in plan_call(view, fund, {"investment": 1}, notice_on, due_on).lines
    }
    with st.container(horizontal=True):
        excused = st.multiselect(
            _("豁免出资人"), list(investors), format_func=investors.__getitem__, key=f"excused_{fund}"
        )
        defaulting = st.multiselect(
            _("违约出资人"), list(investors), format_func=investors.__getitem__, key=f"defaulting_{fund}"
        )
        reason = st.text_input(_("原因"), key="call_reason")
    if not sum(parts.values()):
        st.caption(_("填写金额后显示各出资人应缴与对未缴额度的影响。"))
        return
    plan = plan_call(
        view,
        fund,
        parts,
        notice_on,
        due_on,
        excused=dict.fromkeys(excused, reason),
        defaulting=dict.fromkeys(defaulting, reason),
    )
    state = {"called": _("应缴"), "excused": _("豁免"), "defaulting": _("违约")}
    _problems(plan.problems)
    widgets.table(
        _("出资计划"),
        [
            {"name": x.name, "state": state[x.state], "commitment": x.commitment, "due": x.total, "before": x.unfunded_before, "after": x.unfunded_after}
            for x in plan.lines
        ],
        [
            Column("name", _("出资人"), width="medium", pinned=True), Column("state", _("状态")), Column("commitment", _("认缴"), "money"),
            Column("due", _("本次应缴"), "money"), Column("before", _("可通知额度（前）"), "money"), Column("after", _("可通知额度（后）"), "money"),
        ],
        "call_plan",
    )  # fmt: skip
    ready = not plan.problems and bool(number.strip())
    _book(
        _("发出通知并入账"),
        "call_book",
        lambda: issue_call(frame.database(), frame.actor(), plan, number),
        ready=ready,
    )


def chase(view: View, funds: Sequence[int]) -> None:
    """Who is overdue, and the payment that ends it."""
    late = [c for who in chase_list(view, funds) for c in who.calls]
    if not late:
        st.caption(_("没有逾期。"))
        return
    picked = widgets.table(
        _("催缴清单"),
        [
            {"name": view.name(c.investor), "fund": view.name(c.fund), "number": c.number, "due_on": c.due_on, "due": c.due, "paid": c.paid,
             "open": c.overdue, "days": c.days_late, "call": c}
            for c in late
        ],
        [
            Column("name", _("出资人"), width="medium", pinned=True), Column("fund", _("基金"), width="medium"), Column("number", _("通知编号")),
            Column("due_on", _("应缴日"), "day"), Column("due", _("应缴"), "money"), Column("paid", _("已缴"), "money"),
            Column("open", _("逾期未缴"), "money"), Column("days", _("逾期天数"), "int"),
        ],
        "chase_table",
        pick=True,
    )  # fmt: skip
    if picked is None:
        st.caption(_("选择一行登记到账。"))
        return
    found = picked["call"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paid_on = _day(_("实缴日"), frame.choice().as_of, "pay_on")
        fen = _fen(f"{_('投资款')}（{_('元')}）", "pay_fen")
    st.caption(_("留空为按通知分项缴清；由文件导入的通知没有分项，须填写金额，记为投资款。"))
    _book(
        _("登记到账"), "pay_book",
        lambda: mark_paid(
            frame.database(), frame.actor(), found.fund, found.investor, found.number, paid_on, parts={"investment": fen} if fen else None
        ),
        ready=True,
    )  # fmt: skip


def papers(view: View, codes: Sequence[str]) -> None:
    """The notices of a call or distribution as PDF and workbook."""
    fund = fund_box(view, "paper_fund", codes)
    known = {
        (n.row.kind, n.row.number): n.day
        for n in view.notices
        if n.row.fund == fund and (n.row.kind == NoticeKind.DISTRIBUTION or n.row.due_on is not None)
    }
    if not known:
        st.caption(_("该基金没有通知。"))
        return
    kind, number = st.selectbox(
        _("通知"), sorted(known, key=lambda k: known[k], reverse=True), key=f"paper_{fund}", width=420,
        format_func=lambda k: f"{words.word(NoticeKind(k[0]))} {k[1]} · {known[k]}",
    )  # fmt: skip
    found = notices(view, fund, NoticeKind(kind), number)
    widgets.table(
        _("通知"),
        [{"name": n.investor, "code": n.investor_code, "total": n.total, "day": n.notice_on, "due_on": n.due_on} for n in found],
        [
            Column("name", _("出资人"), width="medium", pinned=True), Column("code", _("编号")), Column("total", _("金额"), "money"),
            Column("day", _("通知日"), "day"), Column("due_on", _("应缴日"), "day"),
        ],
        "paper_table",
    )  # fmt: skip
    kinds: tuple[tuple[str, Callable[[Sequence[Notice]], bytes]], ...] = (
        ("pdf", notices_pdf),
        ("xlsx", notices_workbook),
    )
    with st.container(horizontal=True):
        for suffix, make in kinds:
            st.download_button(
                f"{_('下载通知书')} {suffix}", partial(make, found), file_name=f"{view.parties[fund].code}-{number}.{suffix}",
                key=f"paper_{suffix}", on_click="ignore",
            )  # fmt: skip


def distribution(view: View, codes: Sequence[str]) -> None:
    """Put cash through the fund's waterfall, see who gets what, issue it."""
    fund = fund_box(view, "out_fund", codes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.text_input(_("通知编号"), key="out_number", width=150, placeholder="FP-2026-01")
        pay_on = _day(_("分配日"), frame.choice().as_of, "out_day")
        cash = _fen(f"{_('可分配现金')}（{_('元')}）", "out_cash")
    if not cash:
        st.caption(_("填写金额后按基金条款计算各层级、各类别、各出资人所得。"))
        return
    plan = plan_distribution(view, fund, cash, pay_on)
    _problems(plan.problems)
    sides = {"government": _("政府"), "state": _("国有"), "social": _("社会"), "manager": _("管理人")}
    if plan.lines:
        unit = frame.choice().unit
        widgets.headline([(sides[s], words.amount(fen, unit), None) for s, fen in plan.by_class().items()])
        widgets.table(
            _("分配计划"),
            [{"name": x.name, "side": sides[x.side], "capital": x.capital, "gain": x.gain, "conceded": x.conceded, "total": x.total} for x in plan.lines],
            [
                Column("name", _("出资人"), width="medium", pinned=True), Column("side", _("类别")), Column("capital", _("返还本金"), "money"),
                Column("gain", _("收益"), "money"), Column("conceded", _("让利"), "money"), Column("total", _("合计"), "money"),
            ],
            "out_plan",
        )  # fmt: skip
        tiers = [{"tier": tier, "side": sides[side], "fen": fen} for tier, side, fen in plan.tiers]
        columns = [
            Column("tier", _("层级"), width="medium"),
            Column("side", _("类别")),
            Column("fen", _("金额"), "money"),
        ]
        widgets.table(_("按层级"), tiers, columns, "out_tiers")
        if plan.past:
            st.info(
                _("历次分配按条款重算与已登记的金额不一致：")
                + "；".join(f"{view.name(i)} {words.amount(gap, unit)}" for i, gap in plan.past.items())
            )
    ready = not plan.problems and bool(number.strip())
    _book(
        _("分配并入账"),
        "out_book",
        lambda: issue_distribution(frame.database(), frame.actor(), plan, number),
        ready=ready,
    )


def merger(view: View) -> None:
    """The reorganisation wizard: who into whom, the proof, the booking."""
    vehicles = [p.code for p in view.of_kind(*FUND_KINDS) if view.fact(p.id, "status") != "merged"]
    former = st.multiselect(
        _("并入的基金"),
        vehicles,
        key="merge_from",
        format_func=lambda c: f"{view.name(view.party(c).id)}（{c}）",
    )
    into = fund_box(view, "merge_into", vehicles, _("承继方"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        on = _day(_("重组日"), frame.choice().as_of, "merge_on")
        document = st.text_input(_("重组文件"), key="merge_document")
    if not former or not document.strip():
        st.caption(_("选择并入的基金、承继方并写明文件后，显示重组前后各项合计的证明。"))
        return
    plan = plan_reorganisation(view, [view.party(c).id for c in former], into, on, document)
    _problems(plan.problems)
    names = {
        "committed": _("认缴"),
        "paid_in": _("已实缴"),
        "distributed": _("已分配"),
        "recallable": _("其中可召回"),
        "unfunded": _("未实缴"),
    }
    if plan.proofs:
        rows: list[dict[str, Any]] = [
            {
                "fund": view.name(p.fund),
                "measure": names[p.measure],
                "before": p.before,
                "after": p.after,
                "gap": p.gap,
            }
            for p in plan.proofs
        ]
        widgets.table(
            _("重组前后合计"), rows,
            [
                Column("fund", _("基金"), width="medium", pinned=True), Column("measure", _("项目")), Column("before", _("重组前"), "money"),
                Column("after", _("重组后"), "money"), Column("gap", _("差额"), "money"),
            ],
            "merge_proof",
        )  # fmt: skip
    _book(
        _("重组入账"),
        "merge_book",
        lambda: book_reorganisation(frame.database(), frame.actor(), plan),
        ready=not plan.problems,
    )
