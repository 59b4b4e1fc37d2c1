"""Operations: call, close later, chase, notices, distribute, check fees, close a quarter, merge vehicles, watch the clocks."""

from fof.ui import (
    cited,
    frame,
    operations,
    operations_calls,
    operations_payments,
    operations_review,
    panels,
    say,
    widgets,
)
from fof.ui.labels import named
from fof.words import _

MENU = (60, ("运营", "Operations"), ("运营", "Operations"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
if portfolio is None or not portfolio.funds:
    panels.no_funds()

codes = [view.parties[f].code for f in portfolio.funds]
running = [c for c in codes if view.fact(view.party(c).id, "status") not in ("closed", "merged")]
youngest_first = running[::-1]
clocks, chase, call, closing, papers, out, fees, back, quarter, merger = cited.tabs(
    "tab",
    {
        "clocks": _("期限", "Deadlines"),
        "chase": _("催缴", "Chase"),
        "call": _("出资", "Capital call"),
        "closing": _("后续交割", "Later closing"),
        "papers": _("通知书", "Notices"),
        "distribution": named("distributions"),
        "fees": _("管理费", "Management fee"),
        "clawback": _("回拨", "Clawback"),
        "quarter": _("季度结账", "Quarter close"),
        "merger": _("重组", "Reorganisation"),
    },
).values()
if clocks.open:
    with clocks:
        operations_review.clocks(view, portfolio)
if chase.open:
    with chase:
        operations_payments.chase(frame.attention(chosen), portfolio.funds)
for tab, draw, own in (
    (call, operations_calls.call, youngest_first),
    (closing, operations_calls.closing, youngest_first),
    (out, operations.distribution, running),
):
    if tab.open:
        with tab:
            if own:
                draw(view, own)
            else:
                say.caption(_("组合里没有存续的基金。", "No fund of the portfolio is running."))
if papers.open:
    with papers:
        operations_payments.papers(view, codes)
if fees.open:
    with fees:
        operations_review.fees(view, codes)
if back.open:
    with back:
        operations_review.clawback(view, portfolio.funds)
if quarter.open:
    with quarter:
        operations_review.quarter(view, portfolio)
if merger.open:
    with merger:
        operations.merger(view, portfolio)
