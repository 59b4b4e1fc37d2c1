"""What must hold in the book after a booking, whatever screen or file it came from.

One module for each noun: references and text that can be kept, dates, currency, money, ownership, succession, closing. Every check is a
function of the change (the book, and what the drafts add to it and take away) and yields problems.
"""

from __future__ import annotations

from collections.abc import Sequence

from fof.errors import Problem
from fof.ledger.checks.change import Change, gather
from fof.ledger.checks.closing import closed_funds
from fof.ledger.checks.currency import DEFAULT_CURRENCY, currencies
from fof.ledger.checks.dates import inception
from fof.ledger.checks.money import calls_within_unfunded, cash_above_zero, pairs_above_zero
from fof.ledger.checks.ownership import ownership
from fof.ledger.checks.references import references
from fof.ledger.checks.storable import storable
from fof.ledger.checks.succession import successions
from fof.ledger.draft import Draft
from fof.ledger.view import View

__all__ = ["DEFAULT_CURRENCY", "Change", "problems"]


def problems(view: View, drafts: Sequence[Draft]) -> tuple[Change, list[Problem]]:
    """The change that the drafts make to the book at its head, and everything that would be wrong with it."""
    change, found = gather(view, drafts)
    found += storable(drafts)
    if not found:  # the checks below read numbers and text that must be good
        found += references(change)
    if not found:  # and the money checks need every reference to be known
        for check in (
            inception,
            currencies,
            pairs_above_zero,
            calls_within_unfunded,
            cash_above_zero,
            ownership,
            successions,
            closed_funds,
        ):
            found += check(change)
    return change, found
