"""Parts of the operations page that look: fees beside the terms, what a quarter lacks, clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from fof import words
from fof.book.currencies import currency_of
from fof.book.known import Close, closes
from fof.book.portfolios import Portfolio
from fof.changes import AMOUNTS, after_close
from fof.ledger import View
from fof.operations.clocks import Clock
from fof.operations.closes import close_quarter
from fof.operations.fees import fee_run
from fof.operations.operations_document import clawback_document, clocks_document, fees_document
from fof.operations.quarter_document import after_document, quarter_document, quarter_roll_document
from fof.rules.calendar_days import add_years, quarter_ends
from fof.ui import cited, data, frame, say, table_rows, widgets
from fof.ui import operations_inputs as inputs
from fof.ui.labels import named
from fof.words import _
from models.text import Text

_SOON = 90
"""Days before a clock strikes from which it is named as near."""


def fees(view: View, codes: Sequence[str]) -> None:
    """The fee by the terms beside what was charged."""
    fund = inputs.fund_box(view, "fee_fund", codes)
    run, currency = fee_run(view, fund), currency_of(view, fund)
    unit = frame.choice().unit
    if currency != frame.choice().currency:
        say.caption(f"{named('unit')} {words.unit_name(unit, currency)}")
    for missing in run.missing:
        say.warning(data.reason_text(missing), icon=":material/block:")
    widgets.headline(
        [
            *data.headline_of(run, "computed charged", unit),
            (
                named("above_terms"),
                words.amount(run.difference, unit),
                _(
                    "按季后付时差额会跨季，以合计为准",
                    "Fees paid in arrears shift between quarters; the total tells",
                ),
            ),
        ]
    )
    if run.quarters:
        widgets.table(
            _("管理费核对", "Fee run"),
            table_rows.listed(fees_document(view, fund))[::-1],
            "start=period_from end=period_to phase computed charged difference=above_terms note",
            "fee_table",
        )


def clawback(view: View, funds: Sequence[int]) -> None:
    """Carry that managers owe back on the as-of day."""
    rows = table_rows.listed(clawback_document(view, funds))
    if not rows:
        say.caption(_("没有基金支付过业绩报酬。", "No fund has paid carry."))
        return
    say.caption(
        _(
            "应回拨：此后不再有回收时管理人应退的业绩报酬；按净值应回拨：把截至日净值视同已分配。均为整只基金。",
            "Owed: the carry the manager would return if nothing further came back. Owed at value: the value on the as-of day counts as paid out. Both of the whole fund.",
        )
    )
    widgets.table(
        _("回拨", "Clawback"),
        rows,
        """
        name=fund owed=clawback_owed at_value carry_paid returned=clawback_returned profit carry_due
        shortfall=investors_lack note
        """,
        "clawback_table",
    )


def quarter(view: View, portfolio: Portfolio) -> None:
    """What a quarter lacks; closing it."""
    chosen = frame.choice()
    say.caption(
        _(
            "先看缺什么，再看净值滚动，然后结账。结账不冻结任何内容，只记下本季度报表所依据的分录。",
            "First what is missing, then the values rolled forward, then the close. A close freezes nothing; it names the entries the quarter's reports rest on.",
        )
    )
    ends = quarter_ends(add_years(chosen.as_of, -2), chosen.as_of)[::-1]
    days = [e.isoformat() for e in ends]
    key = cited.choice(
        "quarter_end", days, days[0], what=Text("近两年的季度末", "quarter end of the last two years")
    )
    end = dt.date.fromisoformat(str(st.selectbox(named("quarter_end"), days, key=key, width=180)))
    lacking = table_rows.listed(quarter_document(view, portfolio, end))
    if lacking:
        widgets.table(
            _("季度检查", "Quarter check"),
            lacking,
            "name=fund note=missing_names investor amount",
            "quarter_table",
        )
    else:
        say.success(
            _("本季度没有缺失。", "Nothing is missing in this quarter."), icon=":material/check_circle:"
        )
    _rolled(view, portfolio, end)
    widgets.section(_("结账", "Close"))
    say.caption(
        f"{_('本季度报表依据分录 1 至', 'The reports of this quarter rest on entries 1 to')} {chosen.known_at}"
    )
    reason = (
        st.text_input(
            words.beside(_("有缺失仍结账的理由", "Reason to close with items missing"), len(lacking)),
            key=inputs.fresh("close_reason"),
        )
        if lacking
        else ""
    )
    inputs.book_button(
        _("结账", "Close"),
        "close_book",
        lambda _why: close_quarter(frame.database(), frame.actor(), portfolio, end, chosen.known_at, reason),
        action="close_period",
        ready=not lacking or bool(reason.strip()),
        needs=_("有缺失时须写明理由。", "Something is missing: a reason is needed."),
    )
    past = [c for c in closes(view.on(None)) if c.portfolio == portfolio.code]
    if of_quarter := [c for c in past if c.quarter_end == end]:
        _after_close(view, portfolio, of_quarter[-1])
    if past:
        widgets.table(
            _("已结账", "Closed quarters"),
            [
                {
                    "end": c.quarter_end,
                    "known_at": c.known_at,
                    "by": c.closed_by,
                    "open": c.open_items,
                    "reason": c.reason,
                    "entry": c.entry,
                }
                for c in past
            ],
            "end=quarter_end known_at by=recorded_approved open=items_missing reason entry",
            "closes_table",
        )


def _after_close(view: View, portfolio: Portfolio, close: Close) -> None:
    """What was booked into the quarter after it was closed, by whom and why, and what each entry moved."""
    since = after_close(view, close, frame.actor())
    widgets.section(
        f"{_('结账后登记', 'Booked after the close')} {close.quarter_end}",
        _(
            "生效日在季度末之前、结账所据分录之后登记的分录；金额为各分录对季末数字的影响，合计即与结账时之差。",
            "Entries dated on or before the quarter end and recorded after those the close rests on; the amounts are what each does to the figures of the quarter end, their sum is the difference to the close.",
        ),
    )
    if not since.entries and not any(m.parts for m in since.changes.moved):
        say.caption(
            _("结账后没有登记进本季度的分录。", "Nothing was booked into this quarter after it was closed.")
        )
        return
    widgets.table(
        f"{_('结账后登记', 'Booked after the close')} {close.quarter_end}",
        table_rows.listed(after_document(view, portfolio, since)),
        [
            "entry",
            "what=after_kind",
            "day=effective_on",
            "recorded_at",
            "recorded_approved",
            *(f"{name}=part_{name}" for name in AMOUNTS),
            "note=reason",
        ],
        "after_close_table",
    )


def _rolled(view: View, portfolio: Portfolio, end: dt.date) -> None:
    """Values at both ends and what moved between."""
    rows = table_rows.listed(quarter_roll_document(view, portfolio, end))
    if not rows:
        return
    widgets.section(
        _("净值滚动", "Values rolled forward"),
        _(
            "期末净值 = 期初净值 + 实缴 − 分配 + 份额转让 + 损益；没有季末报告的期末净值由收付滚动得出，损益未知。",
            "Closing = opening + paid in − distributed + stakes transferred + result. Without a statement of the quarter end the closing value is rolled with the payments and the result is not known.",
        ),
    )
    widgets.table(
        _("净值滚动", "Values rolled forward"),
        rows,
        """
        name=fund opening=opening_nav paid_in=quarter_paid_in distributed=quarter_distributed transferred
        result closing=closing_nav stated_on note
        """,
        "roll_table",
    )


def clocks(view: View, portfolio: Portfolio) -> None:
    """What must have happened by when."""
    rows = table_rows.listed(clocks_document(view, portfolio))
    if not rows:
        say.caption(_("没有运行中的期限。", "No clock is running."))
        return
    struck = sum(row["reached"] for row in rows)
    soon = sum(row["days_left"] is not None and 0 <= row["days_left"] <= _SOON for row in rows)
    widgets.headline([(named("reached"), str(struck), None), (named("due_soon"), str(soon), None)])
    widgets.table(
        _("期限", "Deadlines"),
        [{**row, "state": _clock_state(row["record"])} for row in rows],
        "name=fund clock state due_on=expires_on days_left started_on follows basis=source",
        "clock_table",
    )
    say.caption(
        _(
            "剩余天数为负表示已过期。投向偏离、违反合同等没有期限的退出情形见“合规”页规则 GF-52。",
            "Negative days left: the day is past. Exit rights without a day (money off the policy aim, breach of contract) are rule GF-52 on the compliance page.",
        )
    )


def _clock_state(clock: Clock) -> str:
    if clock.days_left is None:
        return _("进行中", "Running")
    if clock.reached:
        return named("reached")
    return _("即将到期", "Soon") if clock.days_left <= _SOON else _("未到期", "Not yet")
