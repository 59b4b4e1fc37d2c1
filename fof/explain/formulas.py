"""Opens a figure: the formula in words, its terms, and every row that went into each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from fof.book.currencies import currency_of
from fof.book.flows import places_in
from fof.book.lines import StakeLine, fund_lines, stake_lines
from fof.book.notices import Call, unpaid
from fof.book.own_flows import own_flows
from fof.book.portfolios import Portfolio
from fof.book.reading import Reason, several
from fof.book.stakes import contributions
from fof.book.succession import current
from fof.book.unfunded import calls_ended, open_by_stake
from fof.book.values import Value, fund_values, stake_values
from fof.errors import Unknown
from fof.explain.direct_investments import direct_rows, direct_value_rows, left_out
from fof.explain.sources import (
    FigureTerm,
    SourceRow,
    in_currency,
    part,
    position_row,
    posting_rows,
    summed,
    value_rows,
    with_documents,
)
from fof.figures.commitments import overdue_of
from fof.figures.documents import OPENED
from fof.figures.performance import (
    GROUPINGS,
    Performance,
    combined,
    direct,
    group,
    portfolio_total,
    stake_performance,
)
from fof.figures.register import Kind
from fof.figures.register import figure as of
from fof.ledger import View
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.text import Text, counted

_TERMS: dict[str, tuple[str, ...]] = {
    "dpi": ("distributed", "paid_in"),
    "rvpi": ("nav", "paid_in"),
    "tvpi": ("distributed", "nav", "paid_in"),
    "paid_in_rate": ("registered_paid_in", "committed"),
}
FIGURES = tuple(name for name in OPENED if not name.startswith(("gov_", "leverage_")))
"""Figures of a group that `explain` can open; the others open by functions of their own."""


def declared(figure: str) -> tuple[Text, Text, Kind]:
    """The words and the formula of a figure, and how its value is held, as the register has them."""
    column = of(figure)
    if column.formula is None:
        raise KeyError(f"{figure}: no formula in the register")
    return column.text, column.formula, column.kind


@frozen
class Explanation:
    """A figure opened. value: fen, a multiple or a rate, by `kind`; None where it does not exist (`reason` says why).

    parts : the terms of the formula, in its order; of an amount one part for each source
    known : where a part of the group has no value: the figure of the rest, which is what the parts list
    missing : codes of what has no value
    currency : of an amount, None where the group is in several: then the parts of each stand one after another
    """

    figure: str
    by: str
    key: str
    label: str
    text: Text
    formula: Text
    kind: Kind
    value: int | float | None
    reason: Reason | None
    parts: tuple[FigureTerm, ...]
    as_of: dt.date | None
    known_at: int
    known: int | float | None = None
    missing: tuple[str, ...] = ()
    currency: str | None = None

    @property
    def equation(self) -> Text:
        """The figure and its formula."""
        return Text(f"{self.text.zh} = {self.formula.zh}", f"{self.text.en} = {self.formula.en}")


def explain(
    view: View,
    portfolio: Portfolio,
    figure: str,
    by: str = "portfolio",
    key: str | None = None,
    currency: str | None = None,
) -> Explanation:
    """Open a figure of the portfolio (by "portfolio": its stakes in funds; "direct"; "combined"), or of one group of it.

    by and key as in fof.figures.performance and fof.figures.commitments: any investor of the funds, and by "stake" with "fund|investor".
    currency : the subtotal of one currency, where the group is in several; without it there is no value, and the parts
               of each currency are given
    Unknown for no such figure, group or currency.
    """
    if figure not in FIGURES:
        raise Unknown(Text("指标", "figure"), figure)
    row = _row(view, portfolio, by, key)
    if row is None:
        raise Unknown(Text(f"分组 {by}", f"group by {by}"), key)
    if currency is not None:
        row = in_currency(row, currency)
    opened = [_open(view, portfolio, figure, own) for own in row.by_currency or (row,)]
    value = opened[0][0] if len(opened) == 1 else None
    parts = [p for _, own in opened for p in own]
    reason = row.irr.note if figure == "irr" else None
    reason = _reason(view, figure, row) if value is None else reason
    if len(opened) > 1:
        reason = several(r.currency for r in row.by_currency if r.currency is not None)
    known, missing = _known(figure, row) if value is None else (None, ())
    return Explanation(
        figure,
        by,
        row.key,
        row.label,
        *declared(figure),
        value,
        reason,
        with_documents(view, parts),
        view.as_of,
        view.known_at,
        known,
        missing,
        row.currency,
    )


def _reason(view: View, figure: str, row: Performance) -> Reason | None:
    return overdue_of(view, _lines(view, row))[1] if figure == "overdue" else row.reasons.get(figure)


def _known(figure: str, row: Performance) -> tuple[int | float | None, tuple[str, ...]]:
    """The figure of the part that has a value, and the codes of what has none."""
    if row.known is None or figure not in ("nav", "rvpi", "tvpi", "irr"):
        return None, ()
    return row.known.figures.value_of(figure), tuple(code for code, _ in row.known.missing)


def _row(view: View, portfolio: Portfolio, by: str, key: str | None) -> Performance | None:
    if by == "portfolio":
        return portfolio_total(view, portfolio)
    if by == "direct":
        return direct(view, portfolio)
    if by == "combined":
        return combined(view, portfolio)
    if by == "stake":
        fund, _, investor = (key or "").partition("|")
        return stake_performance(view, portfolio, investor, fund)
    row = group(view, portfolio, by, key or "") if by in GROUPINGS else None
    if row is None and by == "investor" and key:
        return stake_performance(view, portfolio, key)
    return row


def _open(
    view: View, portfolio: Portfolio, figure: str, row: Performance
) -> tuple[int | float | None, list[FigureTerm]]:
    if figure == "nav":
        return row.value_of(figure), _value_parts(view, portfolio, row)
    if figure == "overdue":
        return _overdue(view, row)
    if figure in ("unfunded_callable", "unfunded_lapsed"):
        return row.value_of(figure), _by_call(view, row, figure)
    if figure == "irr":
        return _rate(view, portfolio, row)
    if figure in _TERMS:
        parts = [p for term in _TERMS[figure] for p in _merged(view, portfolio, term, row)]
        return row.value_of(figure), parts
    return row.value_of(figure), [_amount(view, portfolio, figure, row)]


def _merged(view: View, portfolio: Portfolio, figure: str, row: Performance) -> list[FigureTerm]:
    """One part for a term of a ratio."""
    if figure != "nav":
        return [_amount(view, portfolio, figure, row)]
    rows = [r for p in _value_parts(view, portfolio, row) for r in p.rows]
    return [part("nav", of("nav").text, row.nav.fen, rows)]


_MEASURES = {"called": "due", "registered_paid_in": "paid_in", "registered_distributed": "distributed"}
_OWN = ("paid_in", "distributed")


def _amount(view: View, portfolio: Portfolio, figure: str, row: Performance) -> FigureTerm:
    fen = getattr(row, figure)
    booked, disclosed = _by_source(view, row)
    rows: list[SourceRow] = []
    if booked and figure in _OWN:
        own, _ = own_flows(view, [booked])
        rows = posting_rows(view, *_by_posting(view, own.place, getattr(own, figure)))
        if row.by == "combined":
            rows += left_out(view, portfolio, own, row.currency)
    elif booked:
        rows = posting_rows(view, *contributions(view, _MEASURES.get(figure, figure), booked))
    field = {
        "committed": "commitment",
        "called": "called",
        "paid_in": "called",
        "distributed": "distributed",
    }.get(figure.removeprefix("registered_"))
    if field is not None:
        rows += [position_row(view, fund, holder, field) for fund, holder in disclosed]
    if row.by in ("direct", "combined") and figure.removeprefix("registered_") in _OWN:
        rows += direct_rows(view, portfolio, figure.removeprefix("registered_"), row.currency)
    return part(figure, of(figure).text, fen, rows)


def _by_call(view: View, row: Performance, figure: str) -> list[FigureTerm]:
    """What is unfunded of funds that may still call, or may not, and what their open notices ask for."""
    booked, _ = _by_source(view, row)
    ended = [p for p in booked if calls_ended(view, p[0])]
    lapsed = figure == "unfunded_lapsed"
    chosen = ended if lapsed else [p for p in booked if p not in ended]
    rows = posting_rows(view, *contributions(view, "unfunded", chosen)) if chosen else []
    owed = [
        _notice(view, c, -c.open_inside if lapsed else c.open_inside)
        for pair in ended
        for c in open_by_stake(view).get(pair, ())
    ]
    return [
        summed("unfunded", of("unfunded").text, rows),
        summed("called", Text("已通知未缴", "Called and not paid"), owed),
    ]


def _notice(view: View, call: Call, fen: int) -> SourceRow:
    return SourceRow(
        "notice",
        call.entry,
        None,
        call.due_on,
        "open",
        Text(f"通知 {call.number} 未缴", f"Notice {call.number}, not paid"),
        call.investor,
        call.fund,
        call.fund,
        fen,
        currency=currency_of(view, call.fund),
    )


def _by_posting(view: View, place: Ints, fen: Ints) -> tuple[Ints, Ints]:
    """Positions in the view's postings and what each adds; what came and went on within the group cancels out."""
    places, which = np.unique(place, return_inverse=True)
    total = np.zeros(len(places), np.int64)
    np.add.at(total, which, fen)
    return places_in(view, places[total != 0]), total[total != 0]


def _by_source(view: View, row: Performance) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The group's stakes with flows in the book, and those known by disclosure only."""
    disclosed = {
        (x.fund, x.investor) for x in stake_lines(view, None, set(row.funds)) if x.statement is not None
    }
    if row.source == "book":
        return list(row.pairs), []
    return [p for p in row.pairs if p not in disclosed], [p for p in row.pairs if p in disclosed]


def _subjects(view: View, portfolio: Portfolio, row: Performance) -> list[tuple[int, int, Value, int]]:
    """(fund, investor, value, sign) whose values add up to the group's; see fof.figures.performance for all funds together."""
    if portfolio.holders is None and row.by == "portfolio":
        inside = set(portfolio.funds)
        whole = [(x.fund, -1, x.value, 1) for x in fund_lines(view, portfolio.funds)]
        between = [x for x in stake_lines(view, None, portfolio.funds) if x.investor in inside]
        return whole + [(x.fund, x.investor, x.value, -1) for x in between]
    booked, _ = _by_source(view, row)
    funds = [f for f, i in booked if i < 0]
    pairs = [p for p in booked if p[1] >= 0]
    values = [(f, -1, v, 1) for f, v in zip(funds, fund_values(view, funds), strict=True)]
    return values + [(f, i, v, 1) for (f, i), v in zip(pairs, stake_values(view, pairs), strict=True)]


def _value_parts(view: View, portfolio: Portfolio, row: Performance) -> list[FigureTerm]:
    stated: list[SourceRow] = []
    moved: list[SourceRow] = []
    for fund, investor, value, sign in _subjects(view, portfolio, row):
        own_stated, own_moved = value_rows(view, fund, investor, value, sign)
        stated += own_stated
        moved += own_moved
    _, disclosed = _by_source(view, row)
    stated += [position_row(view, fund, holder, "remaining") for fund, holder in disclosed]
    if row.by in ("direct", "combined"):
        own_stated, own_moved = direct_value_rows(view, portfolio, row.currency)
        stated, moved = stated + own_stated, moved + own_moved
    return [
        summed("stated", Text("净值报告", "Statements of value"), stated),
        summed("since", Text("报告日后的收付", "Money since the statements"), moved),
    ]


def _lines(view: View, row: Performance) -> list[StakeLine]:
    """Every stake of the group, a fund's with all its investors one by one."""
    wanted = set(row.pairs)
    every = stake_lines(view, None, set(row.funds))
    return [x for x in every if (x.fund, x.investor) in wanted or (x.fund, -1) in wanted]


def _overdue(view: View, row: Performance) -> tuple[int | None, list[FigureTerm]]:
    wanted = {(f, i if i < 0 else current(view, i)) for f, i in row.pairs}
    late = [c for c in unpaid(view) if c.overdue and _asked(wanted, c.fund, c.investor)]
    rows = [
        SourceRow(
            "notice",
            c.entry,
            None,
            c.due_on,
            "overdue",
            Text(
                f"通知 {c.number} 逾期 {c.days_late} 天",
                f"Notice {c.number}, {counted(c.days_late, 'day')} late",
            ),
            c.investor,
            c.fund,
            c.fund,
            c.overdue,
            currency=currency_of(view, c.fund),
        )
        for c in late
    ]
    fen, _ = overdue_of(view, _lines(view, row))
    return fen, [part("overdue", of("overdue").text, fen, rows)]


def _asked(wanted: set[tuple[int, int]], fund: int, investor: int) -> bool:
    return (fund, investor) in wanted or (fund, -1) in wanted


def _rate(view: View, portfolio: Portfolio, row: Performance) -> tuple[float | None, list[FigureTerm]]:
    value = row.value_of("irr")
    booked, disclosed = _by_source(view, row)
    if disclosed:
        disclosed_rows = [replace(position_row(view, f, h, "called"), fen=None) for f, h in disclosed]
        return value, [part("reported", Text("披露的内部收益率", "Rate as reported"), None, disclosed_rows)]
    own, _ = own_flows(view, [booked])
    rows = posting_rows(view, *_by_posting(view, own.place, own.fen))
    if row.by in ("direct", "combined"):
        rows += direct_rows(view, portfolio, "flows", row.currency)
    values = [r for p in _value_parts(view, portfolio, row) for r in p.rows]
    return value, [
        summed("flows", Text("现金流（出资为负）", "Flows, paid in negative"), rows),
        part("nav", Text("截至日净值", "Value on the as-of day"), row.nav.fen, values),
    ]
