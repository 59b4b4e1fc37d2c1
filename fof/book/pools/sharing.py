"""Who bears a loss under an agreement: shares in a fixed order, what is covered, each part exact to the fen (RC-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from fof.book.identities import Registered
from models.subjects import LinkRole as R
from valuation.pools import share_losses

SHARE_OF: Mapping[R, str] = {
    R.POOL: "share_pool",
    R.LENDER: "share_lender",
    R.GUARANTOR: "share_guarantor",
    R.INSURER: "share_insurer",
    R.REGUARANTOR: "share_reguarantor",
    R.NATIONAL_FUND: "share_national_fund",
    R.LOCAL_GOVERNMENT: "share_local_government",
    R.INVESTOR_ARM: "share_investor_arm",
}
"""Who bears → the attribute that states the share; of equal remainders the first named takes the fen."""


def shares_on(agreement: Registered, day: dt.date) -> dict[R, Decimal]:
    """The shares of an agreement that are in force on a day; empty where none is stated."""
    stated = agreement.stated(SHARE_OF.values(), day)
    return {role: stated[name] for role, name in SHARE_OF.items() if name in stated}


def sums_to_one(shares: Mapping[R, Decimal]) -> bool:
    """Whether the shares add to one, within 1e-9 for shares written with rounded decimals."""
    return abs(sum(map(Fraction, shares.values()), Fraction(0)) - 1) < Fraction(1, 10**9)


def covered(
    agreement: Registered, day: dt.date, principal: int, interest: int, deducted: int = 0
) -> int | None:
    """The loss that is shared, in fen: (principal, interest where it is covered, less what is deducted first) × coverage, down
    to the fen; None where the agreement does not say what it covers."""
    terms = agreement.stated(("covers_principal", "covers_interest", "coverage"), day)
    if "covers_principal" not in terms or (interest and "covers_interest" not in terms):
        return None
    whole = principal * bool(terms["covers_principal"]) + interest * bool(terms.get("covers_interest"))
    part = Fraction(terms.get("coverage", 1)) * max(whole - deducted, 0)
    return part.numerator // part.denominator


def parts_of(loss: int, shares: Mapping[R, Decimal]) -> dict[R, int]:
    """Each party's part of a loss in fen, adding to it; empty where the shares do not add to one."""
    if not shares or not sums_to_one(shares):
        return {}
    parts = share_losses([loss], list(shares.values()))[0].tolist()
    return dict(zip(shares, parts, strict=True))
