"""A figure opened: its formula, its terms, and every row and document behind each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from fof import words
from fof.book.portfolios import Portfolio
from fof.errors import FofError
from fof.explain import FIGURES, Explanation, explain, explain_pool_figure
from fof.explain.coverage_figures import coverage_key, explain_coverage
from fof.explain.explanation_document import read_from, term_rows, value_text
from fof.figures.performance import Performance
from fof.ledger import View
from fof.ui import cited, data, frame, say, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text

Opener = Callable[[Any, str, str], None]
"""Opens the figure of a row: record, figure, and the key of its table, which sets it apart from what else is open on the page."""

_REGISTERED = {"paid_in": "registered_paid_in", "distributed": "registered_distributed"}
"""Figures of commitments that are the fund's register -> what explains them."""


def performance(view: View, portfolio: Portfolio) -> Opener:
    """Opens a figure of a row of return figures (the row carries its record)."""

    def show_own(row: dict[str, Any], figure: str, table: str) -> None:
        record: Performance = row["record"]
        _open(view, portfolio, figure, table, record.by, record.key, record.currency)

    return show_own


def stakes(view: View, portfolio: Portfolio, by: str) -> Opener:
    """Opens a figure of a row of commitments listed by fund or by investor: the fund's register."""

    def show_stake(row: Any, figure: str, table: str) -> None:
        _open(view, portfolio, _REGISTERED.get(figure, figure), table, by, row.key, row.currency)

    return show_stake


def coverage(view: View, definition: str, since: str | None = None) -> Opener:
    """Opens a figure of a row of lifecycle coverage; a row names its cell by the codes of its record (`cell`)."""

    def show_cell(row: dict[str, Any], figure: str, table: str) -> None:
        key = coverage_key(**row["cell"], definition=definition, since=since)
        try:
            explanation = explain_coverage(view, figure, key, row.get("currency_of_cell"))
        except FofError as error:
            say.info(error)
            return
        show(view, explanation, table)

    return show_cell


def pools(view: View, of: str, owner: str | None = None) -> Opener:
    """Opens a figure of a row of a table of pools: `of` and `owner` name the columns that say whose it is."""

    def show_one(row: dict[str, Any], figure: str, table: str) -> None:
        try:
            explanation = explain_pool_figure(
                view, figure, str(row[of]), None if owner is None else str(row[owner])
            )
        except FofError as error:
            say.info(error)
            return
        show(view, explanation, table)

    return show_one


def headline(view: View, portfolio: Portfolio) -> None:
    """Opens a headline figure of the whole portfolio, chosen from a list."""
    box = cited.box("explain", _("数字从何而来", "What a figure is made of"), ":material/search:")
    if not box.open:
        return
    with box:
        key = cited.choice("figure", FIGURES, FIGURES[0], what=Text("数字", "figure"))
        figure = st.selectbox(named("figure"), FIGURES, key=key, format_func=named, width=220)
        _open(view, portfolio, str(figure), "headline", "portfolio", None)


def _open(
    view: View,
    portfolio: Portfolio,
    figure: str,
    beside: str,
    by: str,
    key: str | None,
    currency: str | None = None,
) -> None:
    try:
        explanation = explain(view, portfolio, figure, by, key, currency)
    except FofError as error:
        say.info(error)
        return
    show(view, explanation, beside)


def show(view: View, explanation: Explanation, beside: str) -> None:
    """The explanation as a panel; `beside`, where it is opened, sets it apart from others that may be open on the page."""
    chosen = frame.choice()
    with st.container(border=True, key=f"explanation_{beside}"):
        say.strong(f"{explanation.text} = {_value(explanation, chosen)}")
        st.text(f"{explanation.label} · {explanation.equation}")
        reason = data.reason_text(explanation.reason)
        if reason:
            say.info(reason)
        for number, part in enumerate(explanation.parts):
            unit = words.unit_name(chosen.unit, part.currency or explanation.currency)
            amount = f"{words.amount(part.fen, chosen.unit)} {unit}"
            if part.share is not None:
                amount = words.percent(part.share)
            elif part.fen is None and all(r.fen is None for r in part.rows):
                amount = f"{len(part.rows) + part.left_out:,}"
            left = (
                f" · {_('未列出', 'not listed')} {part.left_out} {_('行', 'rows')} {words.amount(part.left_out_fen, chosen.unit)}"
                if part.left_out
                else ""
            )
            say.caption(_("{!s}：{}{}", "{!s}: {}{}").format(part.text, amount, left))
            if part.rows:
                widgets.table(
                    f"{explanation.label} · {part.text!s}",
                    [_row(row, explanation.currency) for row in term_rows(view, part)],
                    [
                        "day",
                        "kind_label=kind",
                        "from",
                        "to",
                        "amount",
                        *(["share"] if any(r.share is not None for r in part.rows) else []),
                        "entry",
                        "source=document",
                    ],
                    f"explained_{beside}_{explanation.figure}_{part.name}_{number}",
                    height=260,
                )
        if (read := read_from(view, explanation.parts)) is not None:
            say.caption(read)


def _row(row: dict[str, Any], currency: str | None) -> dict[str, Any]:
    """A row of a term with the way to its document."""
    document = None if row["document"] is None else (row["document"], row["entry"])
    return {"currency": currency, **row, "texts": {}, "source": document}


def _value(explanation: Explanation, chosen: frame.Choice) -> str:
    if explanation.value is None or explanation.value != explanation.value:
        return words.DASH
    if explanation.kind == "money":
        return f"{words.amount(explanation.value, chosen.unit)} {words.unit_name(chosen.unit, explanation.currency)}"
    if explanation.kind in ("int", "number"):
        return value_text(explanation.kind, explanation.value)
    return words.percent(explanation.value) if explanation.kind == "percent" else f"{explanation.value:.4f}x"
