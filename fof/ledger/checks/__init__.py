"""What must hold in the book after a booking, whatever screen or file it came from.

One module for each noun: references and text that can be kept, dates, currency, money, ownership, succession, closing. Every check is a
function of the change (the book, and what the drafts add to it and take away) and yields problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fof.errors import Problem
from fof.ledger.checks.administered import administered
from fof.ledger.checks.change import Change, gather
from fof.ledger.checks.closing import closed_funds
from fof.ledger.checks.contributed import contributions, deals_along, left_unvalued
from fof.ledger.checks.currency import currencies
from fof.ledger.checks.ended import ended_funds
from fof.ledger.checks.established import inception
from fof.ledger.checks.most_specific import most_specific
from fof.ledger.checks.nonnegative import calls_within_unfunded, cash_above_zero, pairs_above_zero
from fof.ledger.checks.ownership import ownership
from fof.ledger.checks.personal_rows import personal_rows
from fof.ledger.checks.procedure import procedure, second_person
from fof.ledger.checks.references import references
from fof.ledger.checks.storable import storable
from fof.ledger.checks.succession import successions
from fof.ledger.checks.unseen import unseen_text
from fof.ledger.draft import Draft
from fof.ledger.view import View

__all__ = [
    "SINCE",
    "Change",
    "deals_along",
    "left_unvalued",
    "problems",
    "references",
    "second_person",
    "states",
    "storable_of",
]


def states() -> tuple[Callable[[Change], Iterator[Problem]], ...]:
    """Checks of money, shares, succession and texts: they need every reference to be known."""
    return (
        inception,
        currencies,
        pairs_above_zero,
        calls_within_unfunded,
        cash_above_zero,
        ownership,
        contributions,
        successions,
        closed_funds,
        ended_funds,
        most_specific,
        administered,
        procedure,
        personal_rows,
        unseen_text,
    )


SINCE: dict[str, str] = {
    **dict.fromkeys(
        (
            "duplicate_code",
            "not_whole",
            "unknown_entry",
            "reversed_already",
            "reversal_of_reversal",
            "not_storable",
            "unknown_reference",
            "same_party",
            "amount_too_large",
            "unknown_kind",
            "fund_side",
            "unknown_fact",
            "fact_unreadable",
            "deal_in_use",
            "book_too_large",
            "notice_in_use",
            "before_inception",
            "currency",
            "committed_below_zero",
            "unfunded_below_zero",
            "paid_in_below_zero",
            "distributed_below_zero",
            "call_over_unfunded",
            "cash_below_zero",
            "ownership_cycle",
            "shares_above_one",
        ),
        "0001",
    ),
    **dict.fromkeys(("unknown_subject", "wrong_end"), "0006"),
    **dict.fromkeys(("less_specific", "no_money_of_it", "not_of_users", "no_admin", "login_taken"), "0007"),
    **dict.fromkeys(
        ("not_of_cases", "case_order", "case_incomplete", "second_person", "no_deal_named"), "0011"
    ),
    **dict.fromkeys(
        (
            "unknown_currency",
            "day_out_of_range",
            "two_successors",
            "succession_cycle",
            "fund_closed",
            "called_after_closing",
        ),
        "0003",
    ),
    **dict.fromkeys(("not_contributed", "fund_absorbed", "promised_after_closing"), "0019"),
    "deal_unvalued": "0022",
    "control_character": "0022",
    **dict.fromkeys(("not_personal", "no_commitment", "identity_number"), "0011"),
}
"""Code of a problem -> the schema revision under which the check was there first. An entry that was booked earlier is not
damaged by it; `verify` lists it as what today's door would refuse. A test finds a code that is missing here. What no
revision up to today's was the first to ask stands under the next one: entries of today's books need not pass it either."""

SINCE_TAKEN_BACK = dict.fromkeys(("ownership_cycle", "shares_above_one"), "0022")
"""The same for checks that long looked at what is booked alone, where it was a reversal that made the circle or the sum anew."""


def problems(view: View, drafts: Sequence[Draft]) -> tuple[Change, list[Problem]]:
    """The change that the drafts make to the book at its head, and everything that would be wrong with it."""
    change, wrong = gather(view, drafts)
    wrong += storable(drafts)
    if not wrong:  # the checks below read numbers and text that must be good
        wrong += references(change)
    if not wrong:
        for check in states():
            wrong += check(change)
    return change, wrong


def storable_of(change: Change) -> Iterator[Problem]:
    """The rows of a change as the database could keep them."""
    yield from storable(change.drafts)
