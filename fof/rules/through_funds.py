"""How much of a regional fund's money goes into funds below it. GF-26, second limb."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Verdict,
    breach_unless,
    missing,
    rule,
)
from fof.rules.truth import above, among, any_of
from fof.rules.wording import pct, ratio
from models.kinds import FundStatus, Instrument, PartyKind
from models.rule_kinds import NationalScheme
from models.text import Text

_REGIONAL = (PartyKind.PARENT_FUND, PartyKind.GUIDANCE_FUND)
_ENDED = (FundStatus.LIQUIDATING, FundStatus.CLOSED)


@rule(
    "GF-26B",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text(
        "国家创投引导基金的区域基金以子基金方式投资的比例",
        "Small-ticket / small-company test of the national VC guidance fund: part that a regional fund places through sub-funds",
    ),
    sources=[docs.NDRC_BRIEFING.at(None)],
)
def placed_through_funds(fund: FundFacts, *, through_funds_share_min: Decimal) -> Outcome | None:
    """Of what a fund of funds with money of the national VC guidance fund placed, the part paid into funds below it.

    Paid into funds ÷ (paid into funds + paid into companies) >= the least share, in its own currency. Short before the
    investment period ends is a warning, after it a breach. Nothing is said of other funds. Source: rulebook GF-26.
    """
    joined = [
        s.investor.national_scheme for s in fund.stakes if s.committed != 0 and _is_national(s.investor.kind)
    ]
    if fund.kind not in _REGIONAL or not joined:
        return None
    if NationalScheme.VC_GUIDANCE not in joined and None not in joined:
        return None
    below = fund.paid_into_funds
    direct = [d for d in fund.purchases if d.instrument is not Instrument.FUND_STAKE]
    by_deal = [d for d in fund.purchases if d.instrument is Instrument.FUND_STAKE]
    if below is None or any(d.fen is None for d in fund.purchases):
        return missing(Text("投入子基金或企业的金额", "what was paid into funds or companies"))
    through = below + sum(d.fen or 0 for d in by_deal)
    whole = through + sum(d.fen or 0 for d in direct)
    if not whole:
        return None
    share = ratio(through, whole)
    met = share >= through_funds_share_min
    if not met and NationalScheme.VC_GUIDANCE not in joined:
        return missing(Text("国家级资金类别", "which national scheme an investor is of"))
    over = any_of(above(fund.as_of, fund.investment_period_end), among(fund.status, _ENDED))
    if not met and over is None:
        return missing(Text("投资期届满日或基金状态", "end of the investment period, or status"))
    return Outcome(
        breach_unless(met, Verdict.BREACH if over else Verdict.WARN),
        Text(
            f"以子基金方式投资 {pct(share)}，要求不低于 {pct(through_funds_share_min)}",
            f"{pct(share)} placed through sub-funds, at least {pct(through_funds_share_min)} required",
        ),
        share,
        through_funds_share_min,
        "share",
        None if met else ceil(through_funds_share_min * whole) - through,
        {"through": through, "placed": whole},
    )


def _is_national(kind: PartyKind | None) -> bool:
    return kind is PartyKind.NATIONAL_FUND
