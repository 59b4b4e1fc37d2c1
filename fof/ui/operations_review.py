"""Parts of the operations page that look: fees beside the terms, what a quarter lacks, clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from fof import words
from fof.book.currencies import currency_of
from fof.book.known import Close, closes
from fof.book.portfolios import Portfolio
from fof.book.reading import quarter_ends
from fof.changes import AMOUNTS, Changes, after_close
from fof.ledger import EntryRecord, View
from fof.operations.clawbacks import clawbacks
from fof.operations.clocks import Clock
from fof.operations.clocks import clocks as clocks_of
from fof.operations.closes import checklist, close_quarter
from fof.operations.fees import fee_run, phase_text
from fof.operations.roll_forward import roll_forward
from fof.ui import cited, data, frame, say, widgets
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
            (named("computed"), words.amount(run.computed, unit), None),
            (named("charged"), words.amount(run.charged, unit), None),
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
            [
                {
                    "start": q.start,
                    "end": q.end,
                    "phase": phase_text(q, words.language()),
                    "computed": q.computed,
                    "charged": q.charged,
                    "difference": q.difference,
                    "note": data.reason_text(q.note) or "",
                    "currency": currency,
                }
                for q in reversed(run.quarters)
            ],
            "start=period_from end=period_to phase computed charged difference=above_terms note",
            "fee_table",
        )


def clawback(view: View, funds: Sequence[int]) -> None:
    """Carry that managers owe back on the as-of day."""
    rows = clawbacks(view, funds)
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
        [
            {
                "fund": view.name(c.fund),
                "currency": currency_of(view, c.fund),
                "paid": c.carry_paid,
                "returned": c.returned,
                "profit": c.profit,
                "due": c.carry_due,
                "lack": c.shortfall,
                "owed": c.owed,
                "value": c.at_value,
                "note": data.reason_text(c.note) or "",
            }
            for c in rows
        ],
        """
        fund owed=clawback_owed value=at_value paid=carry_paid returned=clawback_returned profit
        due=carry_due lack=investors_lack note
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
    ends = quarter_ends(chosen.as_of.replace(year=chosen.as_of.year - 2), chosen.as_of)[::-1]
    days = [e.isoformat() for e in ends]
    key = cited.choice(
        "quarter_end", days, days[0], what=Text("近两年的季度末", "quarter end of the last two years")
    )
    end = dt.date.fromisoformat(str(st.selectbox(named("quarter_end"), days, key=key, width=180)))
    lacking = checklist(view, portfolio, end)
    if lacking:
        widgets.table(
            _("季度检查", "Quarter check"),
            [
                {
                    "fund": view.name(m.fund),
                    "note": str(m.text),
                    "investor": view.name(m.investor) if m.investor else words.DASH,
                    "fen": m.fen,
                    "currency": currency_of(view, m.fund),
                }
                for m in lacking
            ],
            "fund note=missing_names investor fen=amount",
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
        ready=not lacking or bool(reason.strip()),
        needs=_("有缺失时须写明理由。", "Something is missing: a reason is needed."),
    )
    past = [c for c in closes(view.journal.view(None, view.known_at)) if c.portfolio == portfolio.code]
    if of_quarter := [c for c in past if c.quarter_end == end]:
        _after_close(view, of_quarter[-1])
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


def _after_close(view: View, close: Close) -> None:
    """What was booked into the quarter after it was closed, by whom and why, and what each entry moved."""
    booked_since = after_close(view, close)
    moved = booked_since.changes
    widgets.section(
        f"{_('结账后登记', 'Booked after the close')} {close.quarter_end}",
        _(
            "生效日在季度末之前、结账所据分录之后登记的分录；金额为各分录对季末数字的影响，合计即与结账时之差。",
            "Entries dated on or before the quarter end and recorded after those the close rests on; the amounts are what each does to the figures of the quarter end, their sum is the difference to the close.",
        ),
    )
    if not booked_since.entries and not any(m.parts for m in moved.moved):
        say.caption(
            _("结账后没有登记进本季度的分录。", "Nothing was booked into this quarter after it was closed.")
        )
        return
    rows = [
        r for h in booked_since.entries for r in _moved(h, moved, _("结账后登记", "Booked after the close"))
    ]
    for h in (*moved.reversed, *moved.superseded):
        rows += _moved(h, moved, _("影响有变的较早分录", "Earlier entry whose part changed"))
    nothing = dict.fromkeys(("id", "day", "recorded", "by", "note", *AMOUNTS))
    rows += [{**nothing, "what": named("total"), **own} for own in moved.sums()]
    widgets.table(
        f"{_('结账后登记', 'Booked after the close')} {close.quarter_end}",
        rows,
        [
            "id=entry",
            "what=after_kind",
            "day=effective_on",
            "recorded=recorded_at",
            "by=recorded_approved",
            *(f"{name}=part_{name}" for name in AMOUNTS),
            "note=reason",
        ],
        "after_close_table",
    )


def _moved(head: EntryRecord, moved: Changes, what: str) -> list[dict[str, Any]]:
    """An entry with what it moved, a row for each currency."""
    common = {
        "id": head.id,
        "what": what,
        "day": head.effective_on,
        "recorded": words.office_minute(head.recorded_at),
        "by": head.recorded_by + (f" / {head.approved_by}" if head.approved_by else ""),
        "note": head.note or "",
        **dict.fromkeys(AMOUNTS),
    }
    return [{**common, **own} for own in moved.of_entry(head.id)]


def _rolled(view: View, portfolio: Portfolio, end: dt.date) -> None:
    """Values at both ends and what moved between."""
    rows = roll_forward(view, portfolio, end)
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
        [
            {
                "fund": view.name(r.fund),
                "currency": currency_of(view, r.fund),
                "opening": r.opening.fen,
                "paid_in": r.paid_in,
                "distributed": r.distributed,
                "transferred": r.transferred,
                "result": r.result,
                "closing": r.closing.fen,
                "stated": r.closing.marked_on or words.DASH,
                "note": "" if r.note is None else str(r.note.text),
            }
            for r in rows
        ],
        """
        fund opening=opening_nav paid_in=quarter_paid_in distributed=quarter_distributed transferred result
        closing=closing_nav stated=stated_on note
        """,
        "roll_table",
    )


def clocks(view: View, portfolio: Portfolio) -> None:
    """What must have happened by when."""
    rows = clocks_of(view, portfolio)
    if not rows:
        say.caption(_("没有运行中的期限。", "No clock is running."))
        return
    struck = sum(c.reached for c in rows)
    soon = sum(c.days_left is not None and 0 <= c.days_left <= _SOON for c in rows)
    widgets.headline(
        [(named("reached"), str(struck), None), (_("90 天内到期", "Within 90 days"), str(soon), None)]
    )
    widgets.table(
        _("期限", "Term"),
        [
            {
                "fund": view.name(c.fund),
                "clock": str(c.text),
                "started": c.started_on or words.DASH,
                "due": c.due_on or words.DASH,
                "left": c.days_left,
                "state": _clock_state(c),
                "follows": str(c.follows.text),
                "basis": c.basis,
            }
            for c in rows
        ],
        "fund clock state due=expires_on left=days_left started=started_on follows basis=source",
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
