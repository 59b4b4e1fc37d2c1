"""Opens one line of a capital account or NAV bridge."""

from __future__ import annotations

import numpy as np

from fof.explain.rows import Part, Row, part, posting_rows, value_rows, with_documents
from fof.holdings import Holding, holdings
from fof.ledger import View
from fof.statements import Item, Statement
from fof.values import Value, fund_values, stake_values
from models.money import yuan_text


def explain_item(view: View, statement: Statement, item: Item) -> Part:
    """The rows behind a line of a statement made from this view. A line worked out from the others has none."""
    if item.kind in ("opening", "closing"):
        then = view if item.kind == "closing" else view.journal.view(statement.start, view.known_at)
        stated, moved = value_rows(then, statement.fund, _investor(statement), _value(then, statement))
        rows = stated + moved
    elif item.whole is not None:
        rows = [_share_row(statement, item)]
    elif item.name in ("realised", "unrealised"):
        rows = _holding_rows(view, statement, item.name)
    else:
        rows = posting_rows(view, *_signed(view, item))
    return with_documents(view, [part(item.name, item.zh, item.en, item.fen, rows)])[0]


def _share_row(statement: Statement, item: Item) -> Row:
    """A line of the fund that was shared out: the fund's amount, and the investor's part of it."""
    whole = item.whole or 0
    return Row(
        "share", None, None, statement.end, item.name, f"基金该项 {yuan_text(whole)} 元，按实缴比例分摊",
        f"the fund's {yuan_text(whole)}, shared by paid-in capital", statement.fund, statement.investor, statement.fund,
        item.fen, share=item.fen / whole if whole else None,
    )  # fmt: skip


def _investor(statement: Statement) -> int:
    return -1 if statement.investor is None else statement.investor


def _value(view: View, statement: Statement) -> Value:
    if statement.investor is None:
        return fund_values(view, [statement.fund])[0]
    return stake_values(view, [(statement.fund, statement.investor)])[0]


def _signed(view: View, item: Item) -> tuple[np.ndarray, np.ndarray]:
    """Positions and signed fen of a flow or cash line: + into the fund's account."""
    places = np.array(item.places, np.int64)
    p = view.postings
    sign = np.where(p.to_party[places] == p.fund[places], 1, -1)
    if item.name == "transfer":
        return places, np.full(len(places), item.fen, np.int64)
    return places, sign * p.fen[places]


def _holding_rows(view: View, statement: Statement, name: str) -> list[Row]:
    """One row for each company: what it added to the realised or unrealised result of the period."""
    before = {
        h.company: h for h in holdings(view.journal.view(statement.start, view.known_at), statement.fund)
    }
    rows = []
    for now in holdings(view, statement.fund):
        fen = _result(now, name) - _result(before.get(now.company), name)
        if fen:
            entry, line = now.value.marks[-1] if now.value.marks else (None, None)
            rows.append(
                Row(
                    "holding", entry, line, now.value.marked_on, name, view.name(now.company), view.name(now.company),
                    now.fund, now.company, now.fund, fen,
                )
            )  # fmt: skip
    return rows


def _result(held: Holding | None, name: str) -> int:
    if held is None:
        return 0
    return held.realised if name == "realised" else (held.value.fen or 0) - held.cost
