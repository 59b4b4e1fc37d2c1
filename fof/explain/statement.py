"""Opens one line of a capital account or NAV bridge."""

from __future__ import annotations

import numpy as np

from fof.book.flows import places_in
from fof.book.holdings import Holding, holdings, money_of
from fof.book.value_steps import ValueStep
from fof.book.values import Value, fund_values, stake_values
from fof.explain.sources import FigureTerm, SourceRow, part, posting_rows, value_rows, with_documents
from fof.figures.statement_items import AccountLine, Sale, Statement
from fof.ledger import View, day_number, to_date
from models.kinds import DealKind
from models.money import yuan_text
from models.text import NO_TEXT, Text


def explain_item(view: View, statement: Statement, item: AccountLine) -> FigureTerm:
    """The rows behind a line of a statement made from this view. A line worked out from the others has none."""
    if item.kind in ("opening", "closing"):
        then = view if item.kind == "closing" else view.on(statement.start)
        stated, moved = value_rows(then, statement.fund, _investor(statement), _value(then, statement))
        rows = stated + moved
    elif item.whole is not None:
        rows = [_share_row(statement, item)]
    elif item.name in ("realised", "unrealised"):
        rows = _holding_rows(view, statement, item.name)
    elif item.step is not None:
        rows = [_absorbed_row(statement, item, item.step)]
    else:
        rows = posting_rows(view, np.array(item.places, np.int64), np.array(item.parts, np.int64))
    return with_documents(view, [part(item.name, item.text, item.fen, rows)])[0]


def sale_parts(view: View, sale: Sale, name: str) -> list[FigureTerm]:
    """The rows behind what a seller was paid: its price, and the value that went along at its carrying value."""
    words = {line: (text, fen) for line, text, fen in sale.lines}
    paid = posting_rows(view, np.array(sale.places, np.int64), view.postings.fen[list(sale.places)])
    gone = posting_rows(view, np.array(sale.moved, np.int64), np.array([-(sale.carrying or 0)], np.int64))
    parts = []
    for line, rows in (("sale_price", paid), ("sale_carrying", gone)):
        text, fen = words[line]
        if name in (line, "realised_by_sale"):
            parts.append(part(line, text, fen, [] if fen is None else rows))
    return list(with_documents(view, parts))


def _absorbed_row(statement: Statement, item: AccountLine, step: ValueStep) -> SourceRow:
    """What came with an absorbed fund, or went with this one: the entry that stated the succession."""
    return SourceRow(
        "fact",
        step.order[1],
        None,
        to_date(step.day),
        "absorbed",
        item.text,
        step.seller[0],
        step.buyer[0],
        statement.fund,
        item.fen,
    )


def _share_row(statement: Statement, item: AccountLine) -> SourceRow:
    """A line of the fund that was shared out: the fund's amount, and the investor's part of it."""
    whole = item.whole or 0
    return SourceRow(
        "share",
        None,
        None,
        statement.end,
        item.name,
        Text(
            f"基金该项 {yuan_text(whole)}，按实缴比例分摊",
            f"the fund's {yuan_text(whole)}, shared by paid-in capital",
        ),
        statement.fund,
        statement.investor,
        statement.fund,
        item.fen,
        share=item.fen / whole if whole else None,
        currency=statement.currency,
    )


def _investor(statement: Statement) -> int:
    return -1 if statement.investor is None else statement.investor


def _value(view: View, statement: Statement) -> Value:
    if statement.investor is None:
        return fund_values(view, [statement.fund])[0]
    return stake_values(view, [(statement.fund, statement.investor)])[0]


def _holding_rows(view: View, statement: Statement, name: str) -> list[SourceRow]:
    """What each company added to the realised or unrealised result of the period.

    realised   : money of exits, less the cost of what was sold
    unrealised : value at the end, less value at the beginning, less money put in, plus the cost of what was sold
    """
    before = {h.company: h for h in holdings(view.on(statement.start), statement.fund)}
    rows: list[SourceRow] = []
    for now in holdings(view, statement.fund):
        then = before.get(now.company)
        if getattr(now, name) == getattr(then, name, 0):
            continue
        if name == "unrealised":
            rows += [_value_row(now, 1), *([] if then is None else [_value_row(then, -1)])]
        rows += _money_rows(view, statement, now, name)
        released = now.released - (0 if then is None else then.released)
        if released:
            rows.append(_released(view, statement, now, released if name == "unrealised" else -released))
    return [r for r in rows if r.fen]


def _value_row(held: Holding, sign: int) -> SourceRow:
    """The value of a company at one end of the period, with its statement; + at the end, - at the beginning."""
    entry, line = held.value.marks[-1] if held.value.marks else (None, None)
    end = Text("期末", "End") if sign > 0 else Text("期初", "Beginning")
    rolled = Text("（含报告后收付）", ", rolled") if held.value.rolled else NO_TEXT
    return SourceRow(
        "holding",
        entry,
        line,
        held.value.marked_on,
        "value",
        Text(f"{end.zh}估值{rolled.zh}", f"{end.en} value{rolled.en}"),
        held.fund,
        held.company,
        held.fund,
        sign * (held.value.fen or 0),
        currency=held.currency,
    )


def _money_rows(view: View, statement: Statement, held: Holding, name: str) -> list[SourceRow]:
    """Exits of the period as they came in; or what was put in, as it raises cost."""
    exits = name == "realised"
    moves = [
        m
        for m in money_of(view, held.fund, held.company)
        if m.day > day_number(statement.start) and (m.is_proceeds if exits else m.fen > 0)
    ]
    places = places_in(view, np.array([m.place for m in moves], np.int64))
    return posting_rows(view, places, np.array([-m.fen for m in moves], np.int64))


def _released(view: View, statement: Statement, held: Holding, fen: int) -> SourceRow:
    """The cost of what was sold or written off in the period, with the last deal that did it."""
    done = [
        d
        for d in map(view.deal_by_id.__getitem__, held.deals)
        if d.row.kind in _ENDING and d.day > statement.start
    ]
    last = max(done, key=lambda d: (d.day, d.entry), default=None)
    return SourceRow(
        "holding",
        None if last is None else last.entry,
        None if last is None else last.line,
        None if last is None else last.day,
        "cost_released",
        Text("转出成本", "Cost released"),
        held.fund,
        held.company,
        held.fund,
        fen,
        currency=held.currency,
    )


_ENDING = (DealKind.EXIT, DealKind.PARTIAL_EXIT, DealKind.WRITE_OFF)
