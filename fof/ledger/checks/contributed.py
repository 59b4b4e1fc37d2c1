"""The two deals of shares that are paid in: the fund's, by which it has them, and the investor's, by which it gave them up.

Both are worth what the payment says they are, so that they stand and fall with it: a purchase that nobody paid for would be a
share at no cost, and an exit that brought nothing a loss of all that was held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import Change, gather, problem, records_of
from fof.ledger.draft import Draft
from fof.ledger.journal_columns import Postings, day_number, joined
from fof.ledger.view import View
from models import rows as tables
from models.kinds import ExitRoute
from models.posting_kinds import PostingKind
from models.text import Text


def contributions(change: Change) -> Iterator[Problem]:
    """Deals that would be left without the payment that says what they are worth; exits that are taken back before it."""
    yield from left_unvalued(change, change.removed, change.added)
    gone: list[tuple[int, int, tables.Deal]] = [
        (r.entry, r.day, r.row)  # type: ignore[misc]
        for r in records_of(change.view, "deal", list(change.targets))
        if r.row[-1] == ExitRoute.CONTRIBUTED
    ]
    if not gone:
        return
    still = _given_up(_deals(change), joined([change.booked(), change.added]))
    for entry, day, row in gone:
        if (row.investor, row.company, day) in still:
            text = Text(
                "该股权仍记作出资人的非货币出资，请冲销其缴款分录（本交易随之冲销）",
                "the shares still stand as paid in by the investor: reverse the entry of that payment, and this deal goes with it",
            )
            yield problem(change.drafts[change.targets[entry]], "deal_in_use", text, row.code)


def left_unvalued(change: Change, removed: Postings, added: Postings) -> Iterator[Problem]:
    """Deals that stay although a payment that says what they are worth goes: one of several leaves the share of all of them.

    removed : postings that go; entry holds the number of the draft that takes them away
    added   : postings that come in their place
    """
    gone = _of_shares(removed)
    if not len(gone):
        return
    deals = _deals(change)
    bought = dict(zip(gone.deal.tolist(), gone.entry.tolist(), strict=True))
    given = _given_up(deals, gone)
    fresh = _of_shares(added)
    anew, given_anew = set(fresh.deal.tolist()), _given_up(deals, fresh)
    for entry, day, row in deals.values():
        if entry in change.targets:
            continue
        number = None if row.id in anew else bought.get(row.id)
        up = row.investor, row.company, day
        if row.exit_route == ExitRoute.CONTRIBUTED and up not in given_anew:
            number = given.get(up) if number is None else number
        if number is None:
            continue
        code = row.code
        text = Text(
            f"交易 {code} 的作价出自本分录，须与登记该交易的分录 {entry} 一并冲销",
            f"this entry says what deal {code} is worth: entry {entry}, which brought the deal, is reversed with it",
        )
        yield problem(change.drafts[number], "deal_unvalued", text, code)


def deals_along(view: View, draft: Draft) -> list[int]:
    """Entries that an entry takes along where a draft takes it back, in their order: deals that have their value from it, and
    the payments that share such a deal, whose part of its share nobody stated."""
    along: list[int] = []
    while True:
        change, problems = gather(view, [draft, *(replace(draft, reverses=entry) for entry in along)])
        more = set() if problems else _resting(change)
        if not more:
            return along
        along = sorted({*along, *more})


def _resting(change: Change) -> set[int]:
    """Entries that stay and cannot without those that go: deals, and other payments for them."""
    deals = _deals(change)
    gone, stays = _of_shares(change.removed), _of_shares(change.booked())
    bought, given = set(gone.deal.tolist()), _given_up(deals, gone)
    more = {
        entry
        for entry, day, row in deals.values()
        if row.id in bought
        or (row.exit_route == ExitRoute.CONTRIBUTED and (row.investor, row.company, day) in given)
    }
    exits = {
        (row.investor, row.company, day)
        for entry, day, row in deals.values()
        if row.exit_route == ExitRoute.CONTRIBUTED and (entry in more or entry in change.targets)
    }
    for who, deal, day, entry in _rows_of(stays):
        if deal in bought or (deal in deals and (who, deals[deal][2].company, day) in exits & given.keys()):
            more.add(entry)
    return more - change.targets.keys()


def _deals(change: Change) -> dict[int, tuple[int, int, tables.Deal]]:
    """Id → (entry, day, deal) of the book's deals and of those that the drafts bring, whose entry is 0."""
    own = {d.row.id: (d.entry, day_number(d.day), d.row) for d in change.view.deals}
    for draft in change.drafts:
        day = day_number(draft.effective_on)
        own |= {row.id: (0, day, row) for row in draft.rows if isinstance(row, tables.Deal)}
    return own


def _of_shares(postings: Postings) -> Postings:
    chosen = (postings.kind == PostingKind.CONTRIBUTION_IN_KIND) & (postings.deal >= 0)
    return postings.where(np.flatnonzero(chosen))


def _rows_of(shares: Postings) -> Iterator[tuple[int, int, int, int]]:
    """(investor, deal, day, entry) of each payment in shares."""
    columns = (shares.from_party, shares.deal, shares.day, shares.entry)
    return zip(*(c.tolist() for c in columns), strict=True)


def _given_up(
    deals: Mapping[int, tuple[int, int, tables.Deal]], postings: Postings
) -> dict[tuple[int, int, int], int]:
    """(investor, company, day) of the shares that payments hand over -> the payment's entry, or the number of its draft."""
    return {
        (investor, deals[deal][2].company, day): entry
        for investor, deal, day, entry in _rows_of(_of_shares(postings))
        if deal in deals
    }
