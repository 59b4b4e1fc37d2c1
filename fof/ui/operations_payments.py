"""Tabs of the operations page about notices that are out: what is not paid yet, the payment, the papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from fof import words
from fof.book.notices import Call, asked
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, CAPITAL_CALLS
from fof.intake.components import components_of
from fof.ledger import View
from fof.operations.notices import InvestorNotice, notices
from fof.operations.operations_document import open_row
from fof.operations.papers import notices_pdf, notices_workbook
from fof.operations.payments import mark_paid, open_amounts, open_calls
from fof.ui import cited, frame, say, widgets
from fof.ui import operations_inputs as inputs
from fof.ui.labels import named
from fof.ui.table_columns import TableColumn
from fof.ui.typed_amounts import TypedAmounts
from fof.words import _
from models.kinds import NoticeKind


def chase(view: View, funds: Sequence[int]) -> None:
    """Who has not paid, how long it is overdue, and the payment that ends it."""
    open_now = open_calls(view, funds)
    if not open_now:
        known = asked(view) & set(funds)
        say.caption(
            _("所有通知都已缴清。", "Every notice is paid in full.")
            if known
            else _(
                "账中没有出资通知，应缴与逾期未知。",
                "The book holds no call notices: what is due or overdue is not known.",
            )
        )
        return
    late = [c for c in open_now if c.overdue]
    chosen = frame.choice()
    if view.as_of != chosen.as_of:
        say.caption(_("待办按此日计 {}（今天）", "Duties counted on {} (today)").format(view.as_of))
    for code, (overdue, not_due) in open_amounts(view, open_now).items():
        mark = "" if chosen.currency else words.bracketed(words.unit_name(chosen.unit, code))
        widgets.headline(
            [
                (
                    named("overdue") + mark,
                    words.amount(overdue, chosen.unit),
                    None,
                ),
                (
                    named("not_due") + mark,
                    words.amount(not_due, chosen.unit),
                    None,
                ),
            ]
        )
    widgets.headline(
        [
            (named("investors_overdue"), str(len({c.investor for c in late})), None),
            (named("longest_overdue"), str(max((c.days_late for c in late), default=0)), None),
        ]
    )
    picked = widgets.table(
        _("催缴清单", "Chase list"),
        [open_row(view, c) | {"fund": view.name(c.fund)} for c in open_now],
        "name=investor state=payment_state days=days_late open fund number due_on due paid",
        inputs.fresh(
            "chase_table"
        ),  # a new table after a booking: the row that was chosen may be another one now
        pick=True,
        cite=widgets.Cited(
            "notice",
            lambda r: f"{view.parties[r['record'].fund].code}:{r['number']}:{r['investor']}",
        ),
    )
    if picked is None:
        say.caption(_("选择一行登记到账。", "Choose a row to mark it paid."))
        return
    _payment(view, picked["record"])


def _payment(view: View, call: Call) -> None:
    """The payment of one notice: in full, short, with interest for being late."""
    unit = inputs.main_unit(view, call.fund)
    parts = components_of(view, call.fund, call.number).get(call.investor, {})
    widgets.section(
        _("登记到账：{} · {}", "Mark paid: {} · {}").format(view.name(call.investor), call.number)
    )
    labels = {c.name: (str(c.text)) for c in CAPITAL_CALLS.columns}
    asked = words.clauses(
        f"{labels[n]} {words.amount(parts[n], inputs.EXACT)}" for n in CALL_COMPONENTS if n in parts
    )
    say.caption(
        f"{named('open')} {words.amount(call.open, inputs.EXACT)} {unit}"
        + (_(" · 通知分项：{}", " · Asked for: {}").format(asked) if asked else "")
    )
    part, amounts = None, TypedAmounts()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paid_on = inputs.day_box(_("实缴日", "Day of payment"), frame.choice().as_of, "pay_on")
        if not parts:
            part = st.selectbox(
                _("分项", "Component"),
                list(CALL_COMPONENTS),
                format_func=labels.__getitem__,
                key=cited.in_new_words("pay_part"),
                width=210,
            )
        fen = amounts.box(
            inputs.exact(_("实缴金额", "Amount paid"), view, call.fund), inputs.fresh("pay_fen")
        )
        late = amounts.box(
            inputs.exact(_("逾期利息", "Late interest"), view, call.fund), inputs.fresh("pay_late")
        )
        reference = st.text_input(
            _("银行流水号", "Bank reference"), key=inputs.fresh("pay_reference"), width=210
        ).strip()
        document = st.text_input(named("document"), key=inputs.fresh("pay_document"), width=210).strip()
    in_kind = st.checkbox(
        _("非货币出资", "Contribution in kind"),
        key=inputs.fresh("pay_in_kind"),
        help=_(
            "以货币以外的财产出资：金额为作价，文件为评估或作价文件，两者都须填写；企业股权请用文件导入，连同其交易。",
            "Paid with something other than money: the amount is its value and the document that of its valuation, both needed. Shares of a company come by "
            "file, with their deal.",
        ),
    )
    say.caption(
        _(
            "金额留空为缴清；不足额的按尚未缴清的各分项比例拆分。逾期利息不计入实缴。",
            "Leave the amount blank to pay all that is open; a part payment is split in proportion to the open components. Late interest is not paid-in capital.",
        )
        if parts
        else _(
            "该通知登记时没有保存分项：须选择分项并填写金额。",
            "This notice was booked without its components: choose one and give the amount.",
        )
    )
    why = inputs.late_reason(view, paid_on, [call.fund], "pay_why")
    inputs.book_button(
        _("登记到账", "Mark paid"),
        "pay_book",
        why=why,
        act=lambda why: mark_paid(
            frame.database(),
            frame.actor(),
            call.fund,
            call.investor,
            call.number,
            paid_on,
            fen,
            parts={part: fen or 0} if part else None,
            late_interest=late or 0,
            reference=reference or None,
            in_kind=in_kind,
            document=document or None,
            why=why,
        ),
        ready=not amounts.unread and ((bool(parts) and not in_kind) or bool(fen)),
    )


def papers(view: View, codes: Sequence[str]) -> None:
    """The notices of a call or distribution as PDF and workbook."""
    fund = inputs.fund_box(view, "paper_fund", codes)
    known = {
        (n.row.kind, n.row.number): n.day
        for n in view.notices
        if n.row.fund == fund and (n.row.kind == NoticeKind.DISTRIBUTION or n.row.due_on is not None)
    }
    if not known:
        say.caption(_("该基金没有通知。", "The fund has no notices."))
        return
    kind, number = st.selectbox(
        _("通知", "Notice"),
        sorted(known, key=lambda k: known[k], reverse=True),
        key=cited.in_new_words(f"paper_{fund}"),
        width=420,
        format_func=lambda k: f"{words.word(NoticeKind(k[0]))} {k[1]} · {known[k]}",
    )
    made_out = notices(view, fund, NoticeKind(kind), number)
    labels = dict.fromkeys(str(name) for n in made_out for name, _fen in n.components)
    rows = [
        {
            "name": n.investor,
            "code": n.investor_code,
            "total": n.total,
            "day": n.notice_on,
            "due_on": n.due_on,
            "currency": n.currency,
        }
        | {str(name): fen for name, fen in n.components}
        for n in made_out
    ]
    for row in rows:
        row.update({name: row.get(name) for name in labels})
    widgets.table(
        _("通知", "Notice"),
        rows,
        [
            "name=investor",
            "code=key",
            "total=amount",
            *(TableColumn(name, name, "money") for name in labels),
            "day=notice_on",
            "due_on",
        ],
        "paper_table",
        unit=inputs.EXACT,
    )
    say.caption(
        _(
            "通知书为中文（英文界面下各项附英文），字段按 ILPA 出资与分配通知：本次分项、出资账户本次前后。",
            "The papers are in Chinese, with English beside each label where they are made in English; they have the fields of the ILPA call and distribution notice: components, and the account before and after.",
        )
    )
    kinds: tuple[tuple[str, Callable[[Sequence[InvestorNotice]], bytes]], ...] = (
        ("pdf", notices_pdf),
        ("xlsx", notices_workbook),
    )
    with st.container(horizontal=True):
        for suffix, make in kinds:
            st.download_button(
                f"{_('下载通知书', 'Download notices')} {suffix}",
                partial(make, made_out),
                file_name=f"{view.parties[fund].code}-{number}.{suffix}",
                key=f"paper_{suffix}",
                on_click="ignore",
            )
