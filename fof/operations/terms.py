"""The distribution terms of a fund as the book states them, and what is conceded under them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from fof.book.stakes import stakes
from fof.errors import Problem
from fof.ledger import View, day_number
from fof.ledger.journal_columns import Ints
from models.facts import FACTS
from models.frozen import frozen
from models.kinds import PartyKind
from models.text import Text
from valuation.concession import Concession, Milestone, concede
from valuation.waterfall import Accrual, Hurdle, Terms, Waterfall, standard_terms

NEEDED = ("hurdle_rate", "hurdle_compound", "carry_rate", "catch_up_rate")
"""Terms without which no distribution is computed; a catch-up of 0 must be stated, too."""
CONCESSION_NEEDS = ("concession_approval", "concession_conditions_met")
_GOVERNMENT = frozenset(
    {PartyKind.GOVERNMENT, PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.NATIONAL_FUND}
)
_CONCEDES = frozenset({PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND})
_STATE = frozenset({PartyKind.STATE_INVESTOR, PartyKind.SOE_VC})


@frozen
class Agreed:
    """Terms in force. concession: share of the excess return, 0 where none is agreed or its conditions are not met."""

    hurdle_rate: Decimal
    hurdle_compound: bool
    carry_rate: Decimal
    catch_up_rate: Decimal
    concession: Decimal
    approval: str
    met_on: dt.date | None

    @property
    def hurdle(self) -> Hurdle:
        """The return partners get before the manager takes part."""
        return Hurdle(self.hurdle_rate, Accrual.COMPOUND if self.hurdle_compound else Accrual.SIMPLE)

    def waterfall(self) -> Terms:
        """Capital, preferred return, catch-up, carry: all partners side by side."""
        hurdle = self.hurdle if self.hurdle_rate else None
        return standard_terms(carry=self.carry_rate, hurdle=hurdle, catch_up=self.catch_up_rate)


def agreed(view: View, fund: int) -> tuple[Agreed | None, list[Problem]]:
    """The terms in force on the view's day, or every term that is missing, by name.

    No concession_rate means that none is agreed; where one is, its approval and whether its conditions are met must be
    stated before anything is given up.
    """
    wanted = list(NEEDED)
    rate = view.fact(fund, "concession_rate") or Decimal(0)
    if rate:
        wanted += CONCESSION_NEEDS
    problems = [
        Problem(
            "term_missing", Text(f"须登记“{FACTS[n].text.zh}”", f"{FACTS[n].text.en} must be stated"), None
        )
        for n in wanted
        if view.fact(fund, n) is None
    ]
    if problems:
        return None, problems
    met = bool(rate) and bool(view.fact(fund, "concession_conditions_met"))
    since = view.facts_of(fund)["concession_conditions_met"].since if met else None
    return Agreed(
        view.fact(fund, "hurdle_rate"),
        view.fact(fund, "hurdle_compound"),
        view.fact(fund, "carry_rate"),
        view.fact(fund, "catch_up_rate"),
        rate if met else Decimal(0),
        str(view.fact(fund, "concession_approval", "")),
        since,
    ), []


def class_of(view: View, investor: int) -> str:
    """government, state or social: by the kind of the party."""
    kind = view.parties[investor].kind
    return "government" if kind in _GOVERNMENT else "state" if kind in _STATE else "social"


def concessions(
    view: View,
    fund: int,
    terms: Agreed,
    investors: Sequence[int],
    call_days: Sequence[int],
    calls: Ints,
    result: Waterfall,
) -> dict[int, int]:
    """Investor → fen of the newest distribution given up (< 0) or received (> 0); adds up to 0. GF-46.

    Guidance and parent funds concede out of what they received above their own capital and the hurdle; the other
    investors that are no government share it by commitment. Nobody to receive it: nothing is conceded.
    """
    own = stakes(view).of(None, {fund})
    committed = dict(zip(own.investor.tolist(), own.committed.tolist(), strict=True))
    takers = [i for i in investors if class_of(view, i) != "government" and committed.get(i, 0) > 0]
    if not terms.concession or not takers or terms.met_on is None:
        return {}
    clause = Concession(
        (Milestone("agreed", terms.concession),),
        tuple((view.parties[i].code, committed[i]) for i in takers),
        terms.approval,
        terms.hurdle if terms.hurdle_rate else None,
    )
    days = [payment.day for payment in result.payments]
    totals: dict[int, int] = dict.fromkeys(takers, 0)
    for place, who in enumerate(investors):
        if view.parties[who].kind not in _CONCEDES:
            continue
        called = np.maximum(calls[:, place], 0)
        received = [int(payment.partners[place]) for payment in result.payments]
        last = concede(clause, call_days, called, days, received, {"agreed": day_number(terms.met_on)}).steps[
            -1
        ]
        totals[who] = -last.amount
        for taker, fen in zip(takers, last.beneficiaries.tolist(), strict=True):
            totals[taker] += fen
    return totals
