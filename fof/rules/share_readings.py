"""What is known of who stands behind a fund's commitments, and the share it gives in the readings of state companies."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from fof.rules.facts import FundFacts
from fof.rules.registry import (
    Outcome,
    Reading,
    breach_unless,
    missing,
    not_applicable,
)
from fof.rules.wording import decimal_of, pct
from models.kinds import FundKind, PartyKind
from models.text import Text

COMMITMENTS_SEEN_THROUGH = Text("认缴及出资人穿透比例", "commitments and what stands behind the investors")


def capped(fund: FundFacts) -> Outcome | None:
    """Why the share caps do not bind a vehicle (GF-02) or cannot be judged, or None where they bind."""
    if fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("非子基金", "not a sub-fund"))
    if fund.fund_kind is None:
        return missing(Text("基金类型（专项/市场化）", "fund kind (special or market-based)"))
    if fund.fund_kind is FundKind.SPECIAL:
        return not_applicable(Text("专项子基金，不适用比例上限", "special fund: no cap"))
    return None


def excess(share: Decimal | Fraction, cap: Decimal, committed: int) -> int | None:
    """Fen of commitments above the cap, rounded up; None within it. Exact: look-through shares have long fractions."""
    over = (Fraction(share) - Fraction(cap)) * committed
    return math.ceil(over) if over > 0 else None


def guidance_ends(fund: FundFacts) -> tuple[Fraction, Fraction]:
    """The guidance funds' share at least and at most: equal where everything behind the investors is known."""
    if fund.guidance_share is not None:
        return fund.guidance_share, fund.guidance_share
    return fund.guidance_between or (Fraction(0), Fraction(1))


def public_fen(
    fund: FundFacts, *, with_state_companies: bool, unknown: Fraction | None = None
) -> Fraction | None:
    """Fen of commitments that are in-province government money, looked through; None where a part is unknown.

    unknown : the part to take instead where nobody recorded what stands behind an owner
    """
    rest = fund.undeclared
    shares: list[tuple[int | None, Fraction, Fraction | None, Fraction | None]] = [
        (stake.committed, rest, stake.government_part, stake.state_part) for stake in fund.stakes
    ]
    shares += [(fund.committed, o.share, o.government_part, o.state_part) for o in fund.owners]
    total = Fraction(0)
    for fen, share, government, state in shares:
        known = government is not None and (state is not None or not with_state_companies)
        part = (government or 0) + ((state or 0) if with_state_companies else 0) if known else unknown
        if not known and part is not None:
            part = max(
                part,
                government or Fraction(0),
                (state or Fraction(0)) if with_state_companies else Fraction(0),
            )
        if fen is None or part is None:
            return None
        total += fen * share * part
    return total


def two_readings(fund: FundFacts, cap: Decimal, soe_counts: bool) -> tuple[Reading, Reading] | None:
    """The share without and with state companies, each held against the cap; None where it cannot be told."""
    narrow, wide = (public_fen(fund, with_state_companies=wide) for wide in (False, True))
    if narrow is None or wide is None or not fund.committed:
        return None
    shares = decimal_of(narrow / fund.committed), decimal_of(wide / fund.committed)
    verdicts = tuple(breach_unless(public <= Fraction(cap) * fund.committed) for public in (narrow, wide))
    return (
        Reading(
            Text("国有企业不计入政府出资", "state companies not counted"),
            shares[0],
            verdicts[0],
            not soe_counts,
        ),
        Reading(
            Text("国有企业计入政府出资", "state companies counted as government"),
            shares[1],
            verdicts[1],
            soe_counts,
        ),
    )


def spelled(readings: tuple[Reading, Reading]) -> Text:
    shares = [r.measured for r in readings]
    assert all(isinstance(value, Decimal) for value in shares)
    return Text(
        "；".join(f"{r.text.zh}为 {pct(Decimal(str(r.measured)))}" for r in readings),
        "; ".join(f"{r.text.en}: {pct(Decimal(str(r.measured)))}" for r in readings),
    )
