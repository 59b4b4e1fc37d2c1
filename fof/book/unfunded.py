"""What is unfunded and can no longer be called: of funds that are wound up, and past an investment period after which the
agreement allows no call. What a notice asked for before that inside the commitment and nobody paid is still owed, and
counts as callable; what it asked for outside the commitment is no part of what is unfunded.
"""

from __future__ import annotations

from collections import defaultdict

from fof.book.notices import Call, unpaid
from fof.book.reading import once_per_view
from fof.book.succession import current
from fof.ledger import View
from models.kinds import FundStatus


def calls_ended(view: View, fund: int) -> bool:
    """Whether nothing new may be called for the fund on the view's day. Of one that was absorbed its successor calls: with
    that wound up nobody does."""
    if FundStatus.CLOSED in (view.fact(fund, "status"), view.fact(current(view, fund), "status")):
        return True
    end = view.fact(fund, "investment_period_end")
    over = end is not None and view.as_of is not None and end < view.as_of
    return over and view.fact(fund, "calls_after_investment_period") is False


@once_per_view
def open_by_stake(view: View) -> dict[tuple[int, int], list[Call]]:
    """(fund, investor) -> its calls that are not paid in full; investor -1: of all investors of the fund."""
    by_stake: dict[tuple[int, int], list[Call]] = defaultdict(list)
    for call in unpaid(view):
        by_stake[call.fund, call.investor].append(call)
        by_stake[call.fund, -1].append(call)
    return dict(by_stake)


def owed_inside(view: View, fund: int, investor: int) -> int:
    """What notices asked a stake for inside its commitment and was not paid, in fen; investor -1: a whole fund's stakes."""
    return sum(c.open_inside for c in open_by_stake(view).get((fund, investor), ()))


def lapsed(view: View, fund: int, investor: int, unfunded: int) -> int:
    """The part of a stake's unfunded commitment (investor -1: of a whole fund's) that can no longer be called, in fen."""
    if not calls_ended(view, fund):
        return 0
    owner = investor if investor < 0 else current(view, investor)
    return max(0, unfunded - (owed_inside(view, fund, investor) if owner == investor else 0))
