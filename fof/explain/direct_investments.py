"""Rows behind what a portfolio invested in companies itself."""

from __future__ import annotations

import numpy as np

from fof.book.cost_paths import DealMovement
from fof.book.flows import Flows, places_in
from fof.book.holdings import Holding, money_of
from fof.book.portfolios import Portfolio
from fof.explain.sources import SourceRow, mark_row, posting_rows
from fof.figures.performance import direct_holdings, handed_within
from fof.ledger import View, day_number
from models.posting_kinds import PostingKind


def _held(view: View, portfolio: Portfolio, currency: str | None) -> list[Holding]:
    return [h for h in direct_holdings(view, portfolio) if h.currency == currency]


def _moves(view: View, portfolio: Portfolio, currency: str | None) -> list[DealMovement]:
    return [m for h in _held(view, portfolio, currency) for m in money_of(view, h.fund, h.company)]


def left_out(view: View, portfolio: Portfolio, flows: Flows, currency: str | None) -> list[SourceRow]:
    """What stays within the group, taken out of what was paid in, and of what was distributed; see handed_within."""
    handed = handed_within(flows, _moves(view, portfolio, currency))
    place = places_in(view, np.array(list(handed), np.int64))
    return posting_rows(view, place, -np.array(list(handed.values()), np.int64))


def direct_rows(view: View, portfolio: Portfolio, figure: str, currency: str | None) -> list[SourceRow]:
    """figure: "paid_in" (money into companies), "distributed" (exits and dividends), or "flows" (both, signed)."""
    moves = _moves(view, portfolio, currency)
    if figure == "paid_in":
        return _rows(view, [m for m in moves if m.fen > 0], 1)
    if figure == "distributed":
        return _rows(view, [m for m in moves if m.fen < 0], -1)
    return _rows(view, moves, -1)


def _rows(view: View, moves: list[DealMovement], sign: int) -> list[SourceRow]:
    places = places_in(view, np.array([m.place for m in moves], np.int64))
    return posting_rows(view, places, np.array([sign * m.fen for m in moves], np.int64))


def direct_value_rows(
    view: View, portfolio: Portfolio, currency: str | None
) -> tuple[list[SourceRow], list[SourceRow]]:
    """(statements, money since) behind the value of the companies held directly."""
    stated: list[SourceRow] = []
    moved: list[SourceRow] = []
    for held in _held(view, portfolio, currency):
        value = held.value
        if value.fen is None or not value.marks or value.marked_on is None:
            continue
        stated += [mark_row(view, entry, line) for entry, line in value.marks]
        since = day_number(value.marked_on)
        later = [
            m
            for m in money_of(view, held.fund, held.company)
            if m.day > since and m.kind != PostingKind.DIVIDEND
        ]
        moved += _rows(view, later, 1)
    return stated, moved
