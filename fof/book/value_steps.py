"""What changes hands in funds, step by step: stakes and parts of stakes between investors, and whole funds into successors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fof.book.absorbed import absorptions
from fof.book.flows import flows_by_stake
from fof.book.reading import once_per_view
from fof.book.stakes import stakes
from fof.book.transfers import Share, handovers
from fof.ledger import View


class ValueStep(NamedTuple):
    """A stake, or a part of it, that passes from one account to another at the close of a day.

    seller, buyer : (fund, investor)       place : of the transfer in the postings of all days, -1 for an absorption
    whole         : nothing was left       buyer_paid_before : the buyer's account had money in it already
    returns       : the seller bought again later: money of its own after the day stays its own
    """

    day: int
    order: tuple[int, int]
    seller: tuple[int, int]
    buyer: tuple[int, int]
    part: Share
    whole: bool
    buyer_paid_before: bool
    place: int
    returns: bool = False


@once_per_view
def absorbed_stakes(view: View) -> tuple[dict[int, list[ValueStep]], dict[tuple[int, int], tuple[int, int]]]:
    """Former fund -> the steps of its investors into the successor; and who has no stake there: that pair -> the former."""
    if not absorptions(view):
        return {}, {}
    held = stakes(view)
    pairs = set(zip(held.fund.tolist(), held.investor.tolist(), strict=True))
    first = _first_paid(view)
    steps: dict[int, list[ValueStep]] = {}
    staying = {}
    for one in absorptions(view):
        own = steps.setdefault(one.former, [])
        for investor in held.of(None, {one.former}).investor.tolist():
            seller, buyer = (one.former, investor), (one.successor, investor)
            if buyer not in pairs:
                staying[buyer] = seller
                continue
            paid = first.get(buyer, one.day) < one.day
            own.append(ValueStep(one.day, (1, one.entry), seller, buyer, Share(1, 1), True, paid, -1))
    return steps, staying


def _first_paid(view: View) -> dict[tuple[int, int], int]:
    """The first day of money of each stake."""
    index = flows_by_stake(view)
    some = np.flatnonzero(index.end > index.first)
    days = index.flows.day[index.order[index.first[some]]]
    return {
        (key >> 32, key & 0xFFFFFFFF): day
        for key, day in zip(index.keys[some].tolist(), days.tolist(), strict=True)
    }


def steps_of(view: View, funds: set[int], before: tuple[int, int] | None = None) -> list[ValueStep]:
    """Everything that changed hands in some funds, and in those they absorbed, in the order in which it happened.

    before : only what was absorbed before another absorption (day, entry)
    """
    absorbed, handed = absorbed_stakes(view)[0], handovers(view)
    every = set(funds)
    while more := {one.former for one in absorptions(view) if one.successor in every} - every:
        every |= more
    steps = [step for fund in every & absorbed.keys() for step in absorbed[fund]]
    steps = [step for step in steps if before is None or (step.day, step.order[1]) < before]
    for fund in every & handed.keys():
        steps += [
            ValueStep(
                h.day,
                (0, h.place),
                (fund, h.seller),
                (fund, h.buyer),
                h.part,
                h.whole,
                h.buyer_paid_before,
                h.place,
            )
            for h in handed[fund]
        ]
    steps.sort(key=lambda s: (s.day, s.order, s.seller))
    last = {step.buyer: n for n, step in enumerate(steps)}
    return [step._replace(returns=last.get(step.seller, -1) > n) for n, step in enumerate(steps)]
