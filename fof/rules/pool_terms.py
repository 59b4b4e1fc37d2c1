"""What the rules of risk-compensation pools share: to which programmes one speaks, a limb with its figures, certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from fof.rules.facts_pools import AgreementFacts, BorrowerFacts, LoanFacts
from fof.rules.registry import Limb, Outcome, missing, not_applicable
from fof.rules.truth import any_of, at_least, at_most
from fof.rules.wording import decimal_of, money_en, money_zh, pct
from models.pools import Programme
from models.text import Text, counted

GUARANTEED = frozenset(
    {
        Programme.TECH_PLAN_2024,
        Programme.SPLIT_4321,
        Programme.SPLIT_4222,
        Programme.HLJ_HIGH_TECH,
        Programme.DOUBLE_STABILITY,
    }
)
"""Programmes of the government-guarantee system."""
LOAN_POOLS = frozenset({Programme.TECH_LOAN_POOL, Programme.PROVINCE_CITY_LOAN, Programme.IP_PLEDGE})
"""Programmes in which a pool shares the loss with the bank directly."""
EXACT = Decimal("0.000000001")


def outside(agreement: AgreementFacts | None, programmes: Iterable[Programme]) -> Outcome | None:
    """Why a rule of some programmes does not speak about an agreement, or cannot tell; None where it does."""
    if agreement is None or agreement.programme is None:
        return missing(Text("所属方案", "the programme"))
    if agreement.programme in frozenset(programmes):
        return None
    return not_applicable(
        Text(f"方案为{agreement.programme.zh}", f"the programme is {agreement.programme.en.lower()}")
    )


def for_loan(loan: LoanFacts, programmes: Iterable[Programme]) -> Outcome | None:
    """The same of a loan."""
    return outside(loan.agreement, programmes)


def of_programmes(*programmes: Programme) -> Callable[[LoanFacts], bool]:
    """Whether a rule of some programmes speaks about a loan: it is under one of them, or nobody knows under which."""
    wanted = frozenset(programmes)

    def concerned(loan: LoanFacts) -> bool:
        own = loan.agreement
        return own is None or own.programme is None or own.programme in wanted

    return concerned


def amount_at_most(value: int | None, most: int | None, what: Text, money: int | None = None) -> Limb:
    """An amount within a ceiling."""
    limit = Text("—", "—") if most is None else Text(money_zh(most), money_en(most))
    text = Text(f"{what.zh}不超过{limit.zh}", f"{what.en} at most {limit.en}")
    return Limb(at_most(value, most), text, value, most, "fen", value if money is None else money)


def amount_at_least(value: int | None, least: int, what: Text) -> Limb:
    """An amount of at least a floor."""
    text = Text(f"{what.zh}不低于{money_zh(least)}", f"{what.en} at least {money_en(least)}")
    return Limb(at_least(value, least), text, value, least, "fen", value)


def share_at_most(
    value: Decimal | Fraction | None, most: Decimal | None, what: Text, money: int | None
) -> Limb:
    """A rate or share within a ceiling."""
    own = decimal_of(value) if isinstance(value, Fraction) else value
    limit = "—" if most is None else pct(most)
    text = Text(f"{what.zh}不超过 {limit}", f"{what.en} at most {limit}")
    return Limb(at_most(own, most), text, own, most, "share", money)


def share_at_least(
    value: Decimal | Fraction | None, least: Decimal, what: Text, money: int | None = None
) -> Limb:
    """A rate or share of at least a floor."""
    own = decimal_of(value) if isinstance(value, Fraction) else value
    text = Text(f"{what.zh}不低于 {pct(least)}", f"{what.en} at least {pct(least)}")
    return Limb(at_least(own, least), text, own, least, "share", money)


def share_is(value: Decimal | None, wanted: Decimal, what: Text) -> Limb:
    """A share equal to what a scheme sets."""
    met = None if value is None else abs(value - wanted) <= EXACT
    return Limb(
        met, Text(f"{what.zh}为 {pct(wanted)}", f"{what.en} is {pct(wanted)}"), value, wanted, "share"
    )


def months_at_most(value: int | None, most: int | None, money: int | None = None) -> Limb:
    """A term within a ceiling."""
    text = Text(f"期限不超过 {most} 个月", f"a term of at most {counted(most, 'month')}")
    return Limb(at_most(value, most), text, value, most, "months", money)


def holds(until: dt.date | None, day: dt.date | None) -> bool | None:
    """Whether a certificate was valid on a day; what is not recorded may exist."""
    return None if until is None or day is None else day <= until


def certified(borrower: BorrowerFacts | None, day: dt.date | None, *names: str) -> bool | None:
    """Whether one of some certificates of a firm was valid on a day."""
    return any_of(*(None if borrower is None else holds(getattr(borrower, name), day) for name in names))
