"""Shares that a fund distributes in kind: the exit they come from, and what they are worth with who receives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from fof.book.cost_paths import SOLD, cost_paths
from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from fof.ledger import day_number
from models.journal import Deal, Mark, Posting
from models.kinds import ExitRoute, MarkMethod
from models.posting_kinds import PostingKind
from models.text import Text


def _deals(planning: Planning) -> Iterator[tuple[dt.date, Deal]]:
    """Every deal of the book and the plan, with its day."""
    yield from ((known.day, known.row) for known in planning.view.deals)
    yield from ((d.effective_on, row) for d in planning.drafts for row in d.rows if isinstance(row, Deal))


def exit_in_kind(planning: Planning, table: Table, row: TypedRow, fund: int) -> Deal | None:
    """The fund's exit that a row names; None, with the problem told, where the row does not fit one."""
    code = row.text("in_kind_deal")
    if code is None or not row.fen("in_kind"):
        column = "in_kind_deal" if code is None else "in_kind"
        text = Text("实物分配须同时填写作价与交易编号", "an amount in kind and the code of its deal, both")
        planning.problem(table, row, column, "required", text)
        return None
    day, deal = next(((day, d) for day, d in _deals(planning) if d.code == code), (None, None))
    if deal is None or deal.investor != fund or deal.kind not in SOLD:
        text = Text("应为该基金一笔退出交易的编号", "the code of an exit of this fund")
    elif deal.exit_route != ExitRoute.IN_KIND:
        text = Text("该退出的方式须为“实物分配”", "an exit whose route is in kind")
    elif day is not None and (paid_on := row.day("paid_on")) is not None and paid_on < day:
        text = Text(f"分配不得早于退出日 {day}", f"not before the exit on {day}")
    else:
        return deal
    planning.problem(table, row, "in_kind_deal", "not_an_exit_in_kind", text, code)
    return None


def first_values(
    planning: Planning, postings: Sequence[Posting], on: dt.date, document: str | None
) -> list[Mark]:
    """What the shares are worth with each investor who had none of the company: what they were handed over at. Who holds
    some already has a value that moves by as much."""
    if not any(p.kind == PostingKind.DISTRIBUTION_IN_KIND and p.deal is not None for p in postings):
        return []
    company = {deal.id: deal.company for _, deal in _deals(planning)}
    held = {(deal.investor, deal.company) for day, deal in _deals(planning) if day <= on}
    held |= {
        (p.to_party, company[p.deal])
        for draft in planning.drafts
        for p in draft.postings
        if draft.effective_on <= on and p.kind == PostingKind.DISTRIBUTION_IN_KIND and p.deal is not None
    }
    worth: dict[tuple[int, int], int] = {}
    for p in postings:
        if p.kind == PostingKind.DISTRIBUTION_IN_KIND and p.deal is not None:
            pair = (p.to_party, company[p.deal])
            worth[pair] = worth.get(pair, 0) + p.fen
    paths = cost_paths(planning.view)
    before = {
        pair for pair in worth if pair in paths and any(m.day <= day_number(on) for m in paths[pair].moves)
    }
    return [
        Mark(*pair, fen, MarkMethod.COST.value, None, document)
        for pair, fen in worth.items()
        if pair not in held | before
    ]
