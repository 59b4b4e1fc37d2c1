"""The terms of angel-investment agreements: as an agreement states them, else the numbers of RC-37 in force on the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.book.pools.claims import Claim
from fof.book.settings import rule_numbers
from fof.ledger import View
from fof.rules.angel_terms import AngelTerms
from models.pools import Programme


def angel_terms(view: View, claim: Claim, day: dt.date) -> AngelTerms | None:
    """The terms that govern a claim for the loss of an investment; None of other programmes, or where a number is missing."""
    own, on = claim.agreement, claim.terms_day(day)
    if own is None or own.on("programme", on) is not Programme.ANGEL_INVESTMENT:
        return None
    numbers = []
    for stated, general in (
        ("compensation_rate", "angel_rate_seed"),
        ("startup_compensation_rate", "angel_rate_startup"),
        ("project_cap", "angel_project_cap"),
        ("yearly_cap", "angel_yearly_cap"),
    ):
        number = own.on(stated, on)
        if number is None:
            dated = rule_numbers(view).settings.on(general, on)
            if dated is None:
                return None
            number = dated.value
        numbers.append(Decimal(str(number)))
    seed, startup, project, year = numbers
    return AngelTerms(seed, startup, int(project), int(year))
