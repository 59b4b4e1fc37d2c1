"""Old funds under new caps: what a rule says of the day of commitment and of today. GF-68."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Verdict,
    missing,
    not_applicable,
    rule,
)
from fof.rules.share_readings import (
    COMMITMENTS_SEEN_THROUGH,
    capped,
    public_fen,
    spelled,
    two_readings,
)
from fof.rules.truth import agreed, surely_at_most
from fof.rules.wording import pct
from models.text import Text


@rule(
    "GF-68",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("新旧规定衔接", "Grandfathering"),
    sources=[docs.practice("以认缴日有效的规定为准，并列示现行结果", since=docs.HLJ_NOTICE.since)],
    facts_on="last_committed_on",
)
def grandfathered(
    fund: FundFacts, *, gov_share_cap_all_levels: Decimal, soe_counts_as_government: bool
) -> Outcome:
    """What the 60 % test of GF-05 says of the fund then and now, and whether the reading of state companies decides."""
    if (why := capped(fund)) is not None:
        return why
    readings = two_readings(fund, gov_share_cap_all_levels, soe_counts_as_government)
    if fund.last_committed_on is None:
        return missing(COMMITMENTS_SEEN_THROUGH)
    if readings is None:
        return _grandfathered_by_ends(fund, gov_share_cap_all_levels, soe_counts_as_government)
    rule_day: dt.date = docs.HLJ_NOTICE.since
    before = fund.last_committed_on < rule_day
    used = next(reading for reading in readings if reading.used)
    fails_now = used.verdict is Verdict.BREACH
    narrow, wide = (reading.verdict is Verdict.PASS for reading in readings)
    verdict = _then_and_now(before, narrow, wide, fails_now)
    if verdict is Verdict.NOT_APPLICABLE:
        return _UNDER_THE_CAP
    text = spelled(readings)
    then = Text(
        f"认缴于 {fund.last_committed_on}，早于 {rule_day}，当时无此上限" if before else "认缴时已有此上限",
        "before the cap existed" if before else "when the cap was in force",
    )
    return Outcome(
        verdict,
        Text(
            f"{then.zh}；按现行上限{'不符合' if fails_now else '符合'}（{used.text.zh}）。{text.zh}",
            f"Committed on {fund.last_committed_on}, {then.en}; today's cap is {'not kept' if fails_now else 'kept'} "
            f"({used.text.en}). {text.en}",
        ),
        used.measured,
        gov_share_cap_all_levels,
        "share",
        inputs={"committed_on": fund.last_committed_on, "cap_since": rule_day},
        readings=readings,
    )


_UNDER_THE_CAP = not_applicable(
    Text("认缴时已有此上限，由 GF-05 判断", "committed under the cap: GF-05 judges it")
)


def _then_and_now(before: bool, narrow: bool, wide: bool, fails_now: bool) -> Verdict:
    """Whether a fund deserves a look: state companies decide, or it was committed before a cap that it would fail."""
    open_question = narrow is not wide
    if fails_now and not before and not open_question:
        return Verdict.NOT_APPLICABLE
    return Verdict.WARN if open_question or (before and fails_now) else Verdict.PASS


def _grandfathered_by_ends(fund: FundFacts, cap: Decimal, soe_counts: bool) -> Outcome:
    """GF-68 where it is not known what stands behind some investors: what every share that they may be gives."""
    within: list[list[bool]] = []
    for wide in (False, True):
        ends = [
            public_fen(fund, with_state_companies=wide, unknown=part) for part in (Fraction(0), Fraction(1))
        ]
        if ends[0] is None or ends[1] is None or not fund.committed:
            return missing(COMMITMENTS_SEEN_THROUGH)
        met = surely_at_most(ends[0] / fund.committed, ends[1] / fund.committed, cap)
        within.append([True, False] if met is None else [met])
    before = fund.last_committed_on is not None and fund.last_committed_on < docs.HLJ_NOTICE.since
    verdict = agreed(
        _then_and_now(before, narrow, wide, not (wide if soe_counts else narrow))
        for narrow in within[0]
        for wide in within[1]
        if narrow or not wide  # state companies only add to the share
    )
    if verdict is None:
        return missing(COMMITMENTS_SEEN_THROUGH)
    if verdict is Verdict.NOT_APPLICABLE:
        return _UNDER_THE_CAP
    return Outcome(
        verdict,
        Text(
            f"认缴于 {fund.last_committed_on}；部分出资人穿透不清，不影响按 {pct(cap)} 上限的判断",
            f"Committed on {fund.last_committed_on}; not all investors are seen through, which does not change the "
            f"verdict under the cap of {pct(cap)}",
        ),
        None,
        cap,
        "share",
        inputs={"committed_on": fund.last_committed_on, "cap_since": docs.HLJ_NOTICE.since},
    )
