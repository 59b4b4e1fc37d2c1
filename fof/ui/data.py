"""Reads for the pages. Everything here is a function of (journal head, choice): pages keep no state of their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from fof import portfolios as portfolios_of
from fof import words
from fof.ledger import Journal, View, to_date
from fof.words import _


def portfolios(book: Journal) -> tuple[portfolios_of.Portfolio, ...]:
    """Every portfolio the header can show, the office's own (CNY) first."""
    return portfolios_of.portfolios(book.view())


def default_day(book: Journal, today: dt.date) -> dt.date:
    """The last day on which values were stated, where the book has any; else today."""
    marks = [r.day for r in book.rows("mark")]
    if not marks:
        return today
    return min(to_date(int(np.max(marks))), today)


def portfolio(view: View, chosen_party: int | None) -> portfolios_of.Portfolio | None:
    """The portfolio of the header's party, or the first of the book; None in an empty book."""
    if chosen_party is not None:
        return portfolios_of.of_party(view, portfolios_of.current(view, chosen_party))
    known = portfolios_of.portfolios(view)
    return known[0] if known else None


def reason(record: Any, figure: str) -> str | None:
    """Why a figure of a record does not exist, in the language of this run; None where it does."""
    found = getattr(record, "reasons", {}).get(figure)
    return None if found is None else (found.zh if words.language() == "zh" else found.en)


def said(reason_of: Any) -> str | None:
    """The words of a Reason."""
    return None if reason_of is None else (reason_of.zh if words.language() == "zh" else reason_of.en)


def value_note(value: Any) -> str:
    """How a value was come by: statement day, age, rolled or not; or why there is none."""
    parts = []
    if value.marked_on is not None:
        parts.append(f"{_('报告日')} {value.marked_on}（{value.age_days} {_('天前')}）")
    if value.rolled:
        parts.append(_("按报告日后的收付滚动"))
    note = said(value.note)
    if note:
        parts.append(note)
    return "；".join(parts)


def rate_text(rate: Any) -> str:
    """A rate for a headline: per cent, or what stands in its way."""
    if rate.status in ("one", "reported"):
        return words.percent(rate.value)
    return {"none": _("无解"), "several": _("多解")}.get(rate.status, words.DASH)


def rate_note(rate: Any) -> str | None:
    """The reason of a rate that is not one, with its roots."""
    note = said(rate.note)
    if rate.status == "several":
        roots = "、".join(words.percent(r, 2) for r in rate.roots)
        note = f"{note or ''} {roots}".strip()
    return note
