"""What needs attention: calls of our own and of others, old values, closed funds with a value left, terms about to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fof import words
from fof.book.currencies import by_currency, currency_of
from fof.book.notices import Call
from fof.figures.overview import Overview
from fof.figures.overview_document import overview_document
from fof.ledger import View
from fof.ui import cited, data, frame, say, table_rows
from fof.ui.panels import record_table
from fof.words import _


def _money(view: View, calls: Sequence[Call], of: Callable[[Call], int], chosen: frame.Choice) -> str:
    """What some calls come to, each currency by itself."""
    sums = by_currency(calls, lambda c: currency_of(view, c.fund))
    totals = []
    for code, own in sums.items():
        unit = "" if code == chosen.currency else f" {words.unit_name(chosen.unit, code)}"
        totals.append(f"{words.amount(sum(map(of, own)), chosen.unit)}{unit}")
    return " + ".join(totals)


def _calls(view: View, due: Overview, chosen: frame.Choice) -> list[str]:
    """Our own calls, then the arrears of others; that nothing is known is said, and is not nought."""
    if not due.noticed:
        return [
            _("应缴与逾期：账中没有出资通知，未知", "Due and overdue: no call notices in the book, not known")
        ]
    groups = [
        (_("本组合逾期", "Our own, overdue"), [c for c in due.overdue if due.own(c)], lambda c: c.overdue),
        (
            _("本组合 90 天内应缴", "Our own, due in 90 days"),
            [c for c in due.due if due.own(c)],
            lambda c: c.open,
        ),
        (
            _("其他出资人逾期", "Other investors, overdue"),
            [c for c in due.overdue if not due.own(c)],
            lambda c: c.overdue,
        ),
        (
            _("其他出资人 90 天内应缴", "Other investors, due in 90 days"),
            [c for c in due.due if not due.own(c)],
            lambda c: c.open,
        ),
    ]
    if due.portfolio.holders is None:
        groups = groups[2:]
    return [
        f"{name} {len(own)}" + (f" · {_money(view, own, of, chosen)}" if own else "")
        for name, own, of in groups
    ]


def duties(view: View, due: Overview, chosen: frame.Choice) -> None:
    """What needs attention on the overview's own day: calls, our own and others' apart, old values, terms about to end."""
    others = (
        (_("净值过期", "Stale values"), due.stale),
        (_("已清算而仍有净值", "Closed with a value left"), due.closed),
        (_("期限将至", "Terms about to end"), due.ending),
    )
    labels = [*_calls(view, due, chosen), *(f"{name} {len(due_rows)}" for name, due_rows in others)]
    say.caption(
        f"{_('待办按此日计', 'Duties counted on')} {due.as_of}"
        + (words.bracketed(_("今天", "today")) if due.as_of != chosen.as_of else "")
    )
    box = cited.box("duties", "　".join(labels), ":material/notifications:")
    if not box.open:
        return
    with box:
        call_columns = "label=fund investor number day=due_on due paid overdue days_late"
        rows = table_rows.listed(overview_document(view, due))
        unknown = _(
            "账中没有出资通知，应缴与逾期未知。",
            "The book holds no call notices: what is due or overdue is not known.",
        )
        for title, what, whose, key, nothing in (
            (
                _("本组合逾期", "Our own, overdue"),
                "overdue",
                "own",
                "duties_own_late",
                _("没有逾期。", "Nothing is overdue."),
            ),
            (
                _("本组合 90 天内应缴", "Our own, due in 90 days"),
                "due",
                "own",
                "duties_own_due",
                _("没有即将到期的出资通知。", "No call is coming up."),
            ),
            (
                _("其他出资人逾期", "Other investors, overdue"),
                "overdue",
                "others",
                "duties_late",
                _("没有逾期。", "Nothing is overdue."),
            ),
            (
                _("其他出资人 90 天内应缴", "Other investors, due in 90 days"),
                "due",
                "others",
                "duties_due",
                _("没有即将到期的出资通知。", "No call is coming up."),
            ),
        ):
            if due.portfolio.holders is not None or whose != "own":
                calls = [row for row in rows if (row["what"], row["whose"]) == (what, whose)]
                record_table(title, calls, call_columns, key, nothing if due.noticed else unknown)
        if due.noticed and due.unnoticed:
            say.caption(
                f"{_('有实缴而账中没有出资通知的基金，应缴与逾期未知：', 'Funds with money in them and no call notice in the book, due and overdue not known: ')}{len(due.unnoticed)}"
            )
        if due.undated:
            say.caption(
                f"{_('投资期与存续期都未登记的基金，期限未知：', 'Funds whose investment period and term are not recorded, ends not known: ')}{len(due.undated)}"
            )
        stale = [
            {"fund": view.name(s.fund), "age": s.age_days, "note": data.value_note(s.value)}
            for s in due.stale
        ]
        stale_columns = "fund age=nav_age_days note"
        record_table(
            _("净值过期", "Stale values"),
            stale,
            stale_columns,
            "duties_stale",
            _("各基金净值都在两个季度以内。", "All values are younger than two quarters."),
        )
        record_table(
            _("已清算而仍有净值", "Closed with a value left"),
            [row for row in rows if row["what"] == "closed"],
            "label=fund amount=nav days=nav_age_days note",
            "duties_closed",
            _("已清算的基金都没有余值。", "No closed fund has a value left."),
        )
        record_table(
            _("期限将至", "Terms about to end"),
            [row for row in rows if row["what"] == "ending"],
            "label=fund number=term_name day days=days_left",
            "duties_ending",
            _("没有即将届满的期限。", "No term is about to end."),
        )
