"""What changes hands without money, at a stated value: shares that a fund distributes, with the exit they come from and what
they are worth with who receives them; and what an investor pays a call with, with the deal by which the fund has it.

Only shares of a company have a place among holdings; other things that are paid in are paid-in capital, and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from fof.book.cost_paths import BOUGHT, SOLD, cost_paths
from fof.importers.layouts.capital_calls import IN_KIND
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


def fits_in_kind(planning: Planning, table: Table, row: TypedRow, *, alone: bool) -> bool:
    """Whether a row of the payments sheet says what was handed over at which value and by which document; `alone`: nothing
    else is paid by the row."""
    before = planning.wrong_cells
    if not row.fen(IN_KIND):
        text = Text("非货币出资须写明大于零的作价", "the value of what is handed over, above zero")
        planning.problem(table, row, IN_KIND, "unvalued", text)
    if row.text("document") is None:
        text = Text(
            "非货币出资须写明评估或作价文件", "the document by which it was valued: an appraisal or agreement"
        )
        planning.problem(table, row, "document", "unvalued", text)
    if not alone:
        text = Text(
            "非货币出资须单独一行，同日的货币缴款另起一行",
            "a row of its own: what is paid in money on the same day is another",
        )
        planning.problem(table, row, IN_KIND, "not_alone", text)
    return planning.wrong_cells == before


def bought_in_kind(planning: Planning, table: Table, row: TypedRow, fund: int) -> Deal | None:
    """The deal by which the fund has the shares that a row hands over; None, with the problem told, where it does not fit."""
    code = row.text("in_kind_deal")
    named = next(((day, d) for day, d in _deals(planning) if d.code == code), None)
    day, deal = (dt.date.min, None) if named is None else named
    if deal is None or deal.investor != fund or deal.kind not in BOUGHT or _paid_for(planning, deal.id):
        text = Text(
            "应为该基金一笔出资人以其出资取得、未付现金的投资的交易编号",
            "the code of an investment of this fund that was contributed in kind and not paid for",
        )
    elif day != row.day("paid_on"):
        text = Text(f"须与取得股权同日（{day}）", f"the day on which the fund has the shares, {day}")
    elif (gone := _given_up(planning, row, deal, day)) is not None:
        text = gone
    else:
        return deal
    planning.problem(table, row, "in_kind_deal", "not_contributed", text, code)
    return None


def _paid_for(planning: Planning, deal: int) -> bool:
    """Whether money was paid for a deal, by the book or the plan."""
    booked, kind = planning.view.postings, PostingKind.INVESTMENT
    return bool(((booked.deal == deal) & (booked.kind == kind)).any()) or any(
        p.deal == deal and p.kind == kind for draft in planning.drafts for p in draft.postings
    )


def _given_up(planning: Planning, row: TypedRow, deal: Deal, day: dt.date) -> Text | None:
    """What is missing where the investor holds the company by the book: the deal by which it gives the shares up."""
    investor = planning.parties[str(row.text("investor"))][0]
    own = [(on, d) for on, d in _deals(planning) if (d.investor, d.company) == (investor, deal.company)]
    path = cost_paths(planning.view).get((investor, deal.company))
    held = any(d.kind in BOUGHT and on <= day for on, d in own) or (
        path is not None and path.held_from(day_number(day))
    )
    if not held or any(
        on == day and d.kind in SOLD and d.exit_route == ExitRoute.CONTRIBUTED for on, d in own
    ):
        return None
    return Text(
        "出资人在账中直接持有该企业：须同时登记其同日的退出（退出方式“作价出资”，不填金额）",
        "the investor holds the company by the book: state its exit of the same day, too (route: contributed, no amount)",
    )


def unvalued_deals(planning: Planning, tables: Sequence[Table]) -> None:
    """A problem for every deal of the file that is contributed in kind and named by no payment: nothing says what it is worth."""
    named = {
        p.deal
        for draft in planning.drafts
        for p in draft.postings
        if p.kind == PostingKind.CONTRIBUTION_IN_KIND
    }
    of_row = {
        (draft.source.sheet, draft.source.row): row
        for draft in planning.drafts
        for row in draft.rows
        if isinstance(row, Deal)
    }
    for table in tables:
        for row in table.rows:
            deal = of_row.get((table.sheet, row.number))
            if row["paid_in_kind"] and deal is not None and deal.id not in named:
                text = Text(
                    "须在“缴款到账”表中以非货币出资一行写明其作价，并填写本交易编号",
                    "a payment in kind that names this deal and says what it is worth, in the sheet of payments",
                )
                planning.problem(table, row, "code", "unvalued", text, deal.code)
