"""What a company may use of its vouchers. TV-01."""

from __future__ import annotations

import datetime as dt

from fof.rules.facts_parties import CompanyFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    RuleSource,
    Scope,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from models.text import Text

_NOTICE = RuleSource("试行〔2020〕1号", "第3条", dt.date(2020, 1, 1))


@rule(
    "TV-01",
    Level.PROV,
    Scope.COMPANY,
    Confidence.RECALLED,
    text=Text("创新券兑付不超过发放", "No more vouchers are used than were given"),
    sources=[_NOTICE],
)
def used_within_given(company: CompanyFacts) -> Outcome:
    """Used, cumulative, up to what was given."""
    issued, redeemed = company.voucher_issued, company.voucher_redeemed
    if issued is None and redeemed is None:
        return not_applicable(Text("没有创新券", "no vouchers"))
    if issued is None or redeemed is None:
        return missing(Text("创新券发放额与兑付额", "vouchers given and used"))
    return Outcome(
        breach_unless(redeemed <= issued),
        Text("创新券累计兑付与累计发放", "vouchers used and given"),
        redeemed,
        issued,
        "fen",
        max(0, redeemed - issued),
    )
