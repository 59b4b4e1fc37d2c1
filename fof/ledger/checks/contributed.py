"""The two deals of shares that are paid in: the fund's, by which it has them, and the investor's, by which it gave them up.

Both are worth what the payment says they are, so that they stand and fall with it: a purchase that nobody paid for would be a
share at no cost, and an exit that brought nothing a loss of all that was held.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import Change, gather, problem, records_of
from fof.ledger.draft import Draft
from fof.ledger.journal_columns import Postings, day_number, joined
from fof.ledger.prefix import Dated
from fof.ledger.view import View
from models import rows as tables
from models.kinds import ExitRoute
from models.posting_kinds import PostingKind
from models.text import Text


def contributions(change: Change) -> Iterator[Problem]:
    """Deals that would be left without the payment that says what they are worth; exits that are taken back before it."""
    for deal, number in _left(change):
        code, entry = deal.row.code, deal.entry
        text = Text(
            f"交易 {code} 的作价出自本分录，须与登记该交易的分录 {entry} 一并冲销",
            f"this entry says what deal {code} is worth: entry {entry}, which brought the deal, is reversed with it",
        )
        yield problem(change.drafts[number], "deal_unvalued", text, code)
    gone: list[tuple[int, int, tables.Deal]] = [
        (r.entry, r.day, r.row)  # type: ignore[misc]
        for r in records_of(change.view, "deal", list(change.targets))
        if r.row[-1] == ExitRoute.CONTRIBUTED
    ]
    if not gone:
        return
    still = _given_up(change, joined([change.booked(), change.added]))
    for entry, day, row in gone:
        if (row.investor, row.company, day) in still:
            text = Text(
                "该股权仍记作出资人的非货币出资，请冲销其缴款分录（本交易随之冲销）",
                "the shares still stand as paid in by the investor: reverse the entry of that payment, and this deal goes with it",
            )
            yield problem(change.drafts[change.targets[entry]], "deal_in_use", text, row.code)


def deals_along(view: View, draft: Draft) -> list[int]:
    """Entries of the deals that would have no value any more without the entry that a draft takes back, in their order."""
    change, problems = gather(view, [draft])
    return [] if problems else sorted({deal.entry for deal, _ in _left(change)})


def _left(change: Change) -> Iterator[tuple[Dated, int]]:
    """Deals that stay while all that said what they are worth goes, each with the number of the draft that takes it back."""
    gone = _of_shares(change.removed)
    if not len(gone):
        return
    stays = joined([change.booked(), change.added])
    named = set(_of_shares(stays).deal.tolist())
    bought = dict(zip(gone.deal.tolist(), gone.entry.tolist(), strict=True))
    before = _given_up(change, gone)
    still = _given_up(change, stays)
    for deal in change.view.deals:
        if deal.entry in change.targets:
            continue
        row = deal.row
        given = row.investor, row.company, day_number(deal.day)
        if row.id in bought and row.id not in named:
            yield deal, bought[row.id]
        elif row.exit_route == ExitRoute.CONTRIBUTED and given in before and given not in still:
            yield deal, before[given]


def _of_shares(postings: Postings) -> Postings:
    chosen = (postings.kind == PostingKind.CONTRIBUTION_IN_KIND) & (postings.deal >= 0)
    return postings.where(np.flatnonzero(chosen))


def _given_up(change: Change, postings: Postings) -> dict[tuple[int, int, int], int]:
    """(investor, company, day) of the shares that payments hand over -> the payment's entry, or the number of its draft."""
    company = {d.row.id: d.row.company for d in change.view.deals}
    company |= {
        row.id: row.company for draft in change.drafts for row in draft.rows if isinstance(row, tables.Deal)
    }
    rows = _of_shares(postings)
    columns = (rows.from_party, rows.deal, rows.day, rows.entry)
    return {
        (investor, company[deal], day): entry
        for investor, deal, day, entry in zip(*(c.tolist() for c in columns), strict=True)
        if deal in company
    }
