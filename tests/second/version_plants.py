"""Planted in the random institutions: a plan that changes in mid-period, money paid straight into the company, and who was at the vote.

The version of the project's day judges: what a later version asks for is asked of later projects alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from second.further_plants import PLANTS, _none_of_a_kind, _projects, consequences
from second.institutions import PLANTED, Institution, Row, plant, plus

from models import coinvest as w

__all__ = ["PLANTS", "consequences"]

Says = Callable[[Institution, Row], None]


def _changes(name: str, kind: str, terms: dict[str, Any], says: Says) -> None:
    """A version that asks for more: from the day of a project on, which it breaks with all later ones, or from the day after the last
    project on, which breaks none."""

    def changed(own: Institution, *, breaks: bool) -> bool:
        if "version" in own.touched or not _none_of_a_kind(own, kind):
            return False
        own.touched.add("version")
        days = sorted(deal["day"] for deal in _projects(own))
        since = own.rng.choice(days) if breaks else plus(days[-1], 1)
        own.add("coinvest_plans", code="FA", institution="CT", since=since, **terms)
        for deal in _projects(own):
            if deal["day"] >= since:
                says(own, deal)
        return True

    for side, breaks in (("breach", True), ("near", False)):

        @plant(f"{name[:5]} {side}: {name[6:]}")
        def how(own: Institution, breaks: bool = breaks) -> bool:
            return changed(own, breaks=breaks)


def _published(own: Institution, deal: Row) -> None:
    own.say("CI-28", deal["code"], "breach", "published")


def _late(own: Institution, deal: Row) -> None:
    for stake in own.of_project(deal["code"]):
        own.say("CI-12", stake["code"], "breach", "late")


_changes("CI-28 a later version asks for six days", "CI-28", {"publicity_days_min": 6}, _published)
_changes("CI-12 a later version gives two days", "vehicle payment", {"payment_lag": 2}, _late)


def _ballot(name: str, verdict: str | None, limb: str = "", **cells: Any) -> None:
    @plant(name)
    def how(own: Institution) -> bool:
        deal = own.project("CI-28")
        if deal is None:
            return False
        row = own.find("ballots", code=f"B{deal['code'][1:]}")
        for cell, value in cells.items():
            if value is None:
                row.pop(cell, None)
            else:
                row[cell] = value
        if verdict is not None:
            own.say("CI-28", deal["code"], verdict, limb)
        return True


_ballot(
    "CI-28 blurred: whether a member was there who did not disclose",
    "unknown",
    "disclosed",
    attended=None,
    interest_disclosed=False,
)
_ballot("CI-28 near: whether a member was there who disclosed", None, attended=None)
_ballot("CI-28 breach: voted in writing", "breach", "vote", attended=False, recused=False, voted=True)


@plant("CI-13 near: paid straight into the company")
def _straight(own: Institution) -> bool:
    """Everybody of a project pays the company, no vehicle between: the same shares for the same money on the same day."""
    first = min(deal["day"] for deal in _projects(own))
    free = [
        deal
        for deal in _projects(own)
        if deal["day"] > first and not {f"vehicle payment{deal['code']}", f"exit{deal['code']}"} & own.touched
    ]
    if not free:
        return False
    deal = own.rng.choice(free)["code"]
    own.touched |= {f"vehicle payment{deal}", f"exit{deal}"}
    whole = own.find("coinvest_payments", deal=deal)
    own.rows["coinvest_payments"].remove(whole)
    price = whole["amount"].fen / whole["payment_shares"]
    for stake in own.of_project(deal):
        del stake["vehicle"]
        paid = own.find("coinvest_payments", staff_stake=stake["code"])
        paid.update(
            payment_leg=w.PaymentLeg.PERSON_TO_COMPANY,
            since=whole["since"],
            payment_shares=paid["amount"].fen / price,
            payment_fees=whole["payment_fees"],
            payment_share_class=whole["payment_share_class"],
        )
    return True


PLANTED["CI-13 near: paid straight into the company"] = "price"
