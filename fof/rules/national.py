"""What national funds ask of the funds they join: share, ticket, in and out with local money. GF-67."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.mandate import EARLY, split_cost
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Verdict,
    checklist,
    missing,
    rule,
)
from fof.rules.share_readings import excess
from fof.rules.truth import any_of, at_least, at_most
from fof.rules.wording import listed, money_en, money_zh, pct, ratio
from models.kinds import PartyKind
from models.rule_kinds import NationalScheme
from models.text import Text


@rule(
    "GF-67",
    Level.MIN,
    Scope.STAKE,
    Confidence.SEEN,
    text=Text("国家级资金参股条款", "National funds joining"),
    sources=[docs.MOF_668.at(None)],
    on="last_committed_on",
    later=["stakes", "deals"],  # in and out together, and what the cap is relaxed for
)
def national_terms(
    stake: StakeFacts,
    fund: FundFacts,
    *,
    emerging_share_max: Decimal,
    emerging_relax_early_share: Decimal,
    sme_fund_share_max: Decimal,
    sme_fund_ticket_min: int,
) -> Outcome | None:
    """The national investor's own share cap and ticket; in the 2011 scheme also in and out with local money.

    The cap of the 2011 scheme falls away where more than its part of the cost is in early companies; deals without a
    stage make it UNKNOWN where they decide. Terms about stages, size and rank: GF-07, 25, 26.
    """
    scheme = stake.investor.national_scheme
    if scheme is None and stake.investor.kind is PartyKind.NATIONAL_FUND and stake.committed != 0:
        return missing(Text("国家级资金类别", "which national scheme it is of"), money=stake.committed)
    if scheme not in (NationalScheme.EMERGING_2011, NationalScheme.SME_FUND) or stake.committed == 0:
        return None
    known = None if stake.committed is None or not fund.committed else (stake.committed, fund.committed)
    share = None if known is None else ratio(*known)
    if stake.declared is not None:
        share = ratio(stake.declared.numerator, stake.declared.denominator)
    notes: tuple[Text, ...] = ()
    relaxed: bool | None = False
    if scheme is NationalScheme.SME_FUND:
        cap, together = sme_fund_share_max, []
        notes = (Text("依据：国家中小企业发展基金第三批公告", "source: third call of the national SME fund"),)
        ticket = at_least(stake.committed, sme_fund_ticket_min)
    else:
        ours, fund_now, ticket = stake.now, fund.now, True
        cap, together = (
            emerging_share_max,
            [*_enter_together(ours, fund_now), *_exit_together(ours, fund_now)],
        )
        relaxed = _mostly_early(fund_now, emerging_relax_early_share)
    unsaid = []
    if stake.declared is not None and scheme is NationalScheme.EMERGING_2011:
        together, unsaid = [], [Text("与地方政府资金同时出资、退出", "in and out with local money")]
    within = any_of(relaxed, at_most(share, cap))
    over = None if share is None or known is None else excess(share, cap, known[1])
    terms = checklist(
        [
            Limb(within, Text(f"占比超过 {pct(cap)}", f"share above {pct(cap)}"), share, cap, "share", over),
            Limb(
                ticket,
                Text(
                    f"出资低于 {money_zh(sme_fund_ticket_min)}",
                    f"ticket below {money_en(sme_fund_ticket_min)}",
                ),
                stake.committed,
                sme_fund_ticket_min,
                "fen",
                stake.committed,
            ),
            *(Limb(False, text, money=stake.committed) for text in together),
            *(Limb(None, text) for text in unsaid),
        ]
    )
    if terms.verdict is Verdict.UNKNOWN:
        lacking = (
            Text("认缴", "commitments")
            if share is None or stake.declared is not None
            else Text("部分项目的阶段", "stage of some deals")
        )
        return missing(lacking, money=over)
    faults = [] if within is not False else [Text(f"占比超过 {pct(cap)}", f"share above {pct(cap)}")]
    if ticket is False:
        faults.append(
            Text(f"出资低于 {money_zh(sme_fund_ticket_min)}", f"ticket below {money_en(sme_fund_ticket_min)}")
        )
    faults += together
    cap = Decimal(1) if relaxed else cap
    percentage = "–" if share is None else pct(share)
    by_share = terms.verdict is Verdict.PASS or terms.unit in ("share", "count")
    return Outcome(
        terms.verdict,
        Text(
            f"{scheme.zh}占 {percentage}" + "".join(f"；{fault.zh}" for fault in faults),
            f"{scheme.en}: {percentage}" + "".join(f"; {fault.en}" for fault in faults),
        ),
        share if by_share and not (together and within) else terms.measured,
        cap if by_share and not (together and within) else terms.threshold,
        "share" if by_share and not (together and within) else terms.unit,
        terms.money,
        {"committed": stake.committed, "share": share},
        notes=notes,
    )


def _mostly_early(fund: FundFacts, above: Decimal) -> bool | None:
    """Whether more than so much of the cost is in seed and start-up companies; None where unlabelled deals decide."""
    deals = fund.purchases
    split = split_cost(deals, [None if d.stage is None else d.stage in EARLY for d in deals])
    if split is None:
        return None
    sure, maybe, total, _ = split
    if total and ratio(sure, total) > above:
        return True
    return None if total and ratio(sure + maybe, total) > above else False


def _alone(ours: set[dt.date], local: set[dt.date], text: Text) -> list[Text]:
    days = listed(str(day) for day in sorted(ours ^ local))
    return [Text(f"{text.zh}：{days}", f"{text.en}: {days}")] if ours != local else []


def _enter_together(stake: StakeFacts, fund: FundFacts) -> list[Text]:
    """Days, once both are in, on which only one of national and local public money was called."""
    others = fund.public_stakes
    joined = [s.first_committed_on for s in (stake, *others)]
    if not others or None in joined:
        return []
    both = max(joined[0] or dt.date.min, min(day for day in joined[1:] if day is not None))
    ours = {due.due_on for due in stake.dues if (due.asked_on or due.due_on) > both}
    local = {due.due_on for other in others for due in other.dues if (due.asked_on or due.due_on) > both}
    return _alone(ours, local, Text("与地方政府资金未同时缴款", "not called together with local money"))


def _exit_together(stake: StakeFacts, fund: FundFacts) -> list[Text]:
    """Days on which only one of national and local public money was paid out."""
    if not fund.public_stakes:
        return []
    ours = {flow.day for flow in stake.received}
    local = {flow.day for other in fund.public_stakes for flow in other.received}
    return _alone(ours, local, Text("与地方政府资金未同时退出", "not paid out together with local money"))
