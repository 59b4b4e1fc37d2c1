"""What the rules of staff co-investment share: what was provided, the terms of the plan over the rulebook's defaults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from fof.rules.calendar_days import add_months
from fof.rules.facts_coinvest import Denied, PlanFacts, SpellFacts, StaffStakeFacts
from fof.rules.registry import Limb, Outcome, Test, checklist, missing
from fof.rules.truth import agreed
from models.coinvest import LagUnit, RoleClass
from models.text import Text

POLICY_GROUPS = (RoleClass.EXECUTIVE, RoleClass.MID_LEVEL, RoleClass.MANAGEMENT_TEAM)
"""Who may co-invest in Heilongjiang (2017 policy 三(四)) where no plan widens it."""

OWN_TERMS: Mapping[str, tuple[str, ...]] = {
    "coinvest_lag_days": ("payment_lag", "payment_lag_unit"),
    "coinvest_total_cap": ("total_cap",),
    "coinvest_equity_cap": ("equity_cap",),
    "coinvest_person_cap": ("person_cap",),
    "coinvest_floor": ("deal_team_floor",),
    "coinvest_exit_tolerance": ("exit_tolerance",),
    "coinvest_exit_days": ("exit_tolerance_days",),
    "coinvest_leaver_months": ("leaver_months",),
    "coinvest_promotion_months": ("promotion_months",),
    "publicity_days_default": ("publicity_days_min",),
}
"""Numbers of the rulebook that a plan may state its own of -> what it states them as, the number first."""


def provided(value: object, name: str, denied: Denied) -> bool | None:
    """Whether what a limb needs is there: recorded; answered that it does not exist; or nobody said so far."""
    return True if value not in (None, "", ()) else False if name in denied else None


def required(value: object) -> bool:
    """A basis, consent or exemption that is not recorded is missing from the start."""
    return value not in (None, "", ())


def unless_denied(met: bool | None, denied: Denied, *names: str) -> bool | None:
    """A limb that cannot be told is not kept where what it needs was answered not to exist."""
    return False if met is None and any(name in denied for name in names) else met


def missing_unless_denied(what: Text, denied: Denied, *names: str, money: int | None = None) -> Outcome:
    """What a rule says that cannot go on without something: unknown, a breach where it was answered not to exist."""
    if any(name in denied for name in names):
        return checklist([(False, what)], money=money)
    return missing(what, money=money)


def denied_of_plan(stake: StaffStakeFacts) -> Denied:
    """What was answered not to exist in the stake's plan."""
    return frozenset() if stake.plan is None else stake.plan.denied


def document(value: object, name: str, denied: Denied, text: Text, money: int | None = None) -> Test:
    """The limb that a document is there."""
    return Limb(provided(value, name, denied), text, money=money)


def own_or(stated: Decimal | int | None, default: Decimal | int) -> Decimal:
    """A number of the plan, else the rulebook's."""
    return Decimal(default if stated is None else stated)


def due_on(day: dt.date, plan: PlanFacts | None, default_days: int) -> tuple[dt.date, ...]:
    """The last day on which a payment is in time, as the plan states the lag; both readings where it states no unit.

    A plan in calendar months means the same day of the later month, or that month's last day.
    """
    lag = None if plan is None else plan.payment_lag
    if plan is None or lag is None:
        return (day + dt.timedelta(days=default_days),)
    ways = {LagUnit.DAYS: day + dt.timedelta(days=lag), LagUnit.MONTHS: add_months(day, lag)}
    return tuple(ways.values()) if plan.payment_lag_unit is None else (ways[plan.payment_lag_unit],)


def in_time(paid: dt.date, due: tuple[dt.date, ...]) -> bool | None:
    """Whether a payment was in time; None where it hangs on how the plan is read."""
    return agreed(paid <= day for day in due)


def share_of(part: Fraction | int | None, whole: Decimal | int | None) -> Decimal | None:
    """part ÷ whole to 28 digits; None where either is missing or the whole is nothing."""
    if part is None or whole is None or whole <= 0:
        return None
    exact = Fraction(part) / Fraction(whole)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def beyond(fen: int, measured: Decimal | None, cap: Decimal) -> int:
    """The part of some money by which what it bought passes a ceiling; all of it where that cannot be told."""
    if measured is None or measured <= cap:
        return fen
    return int(fen * (1 - Fraction(cap) / Fraction(measured)))


def employment_of(stake: StaffStakeFacts) -> tuple[SpellFacts | None, bool | None]:
    """The employment on the day, and whether there was one (None: no employment is recorded at all, nor was
    it answered that there is none)."""
    if stake.spell is not None:
        return stake.spell, True
    return None, False if stake.spells_known or "employment" in stake.denied else None
