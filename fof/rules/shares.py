"""Who holds how much of a fund: government share, largest investor, manager's stake. GF-04…09; national funds' terms are in fof.rules.national."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Value,
    Verdict,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.share_readings import (
    COMMITMENTS_SEEN_THROUGH,
    capped,
    excess,
    guidance_ends,
    public_fen,
    spelled,
    two_readings,
)
from fof.rules.truth import agreed, surely_at_least, surely_at_most
from fof.rules.wording import decimal_of, money_en, money_zh, pct, ratio
from models.kinds import FundKind, PartyKind, Strategy
from models.text import Text


@rule(
    "GF-04",
    Level.PROV,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("引导基金在子基金中的穿透比例", "Look-through provincial share of a sub-fund"),
    sources=[docs.HLJ_NOTICE.at("二（三）")],
    on="last_committed_on",
    in_principle=True,
)
def lookthrough_share(fund: FundFacts, *, gov_share_cap_lookthrough: Decimal) -> Outcome:
    """Product of stakes along every path from the guidance fund, added up, at most the cap."""
    if (why := capped(fund)) is not None:
        return why
    cap = gov_share_cap_lookthrough
    return _guidance_within(
        fund,
        cap,
        lambda share: Text(
            f"引导基金穿透比例 {share}，原则上不超过 {pct(cap)}",
            f"Guidance fund's look-through share {share}, at most {pct(cap)} in principle",
        ),
    )


def _guidance_within(
    fund: FundFacts, cap: Decimal, text_of: Callable[[str], Text], inputs: dict[str, Value] | None = None
) -> Outcome:
    """The guidance fund's look-through share against a cap. inputs: beside what is committed, the share itself where there are none."""
    met = surely_at_most(*guidance_ends(fund), cap)
    if met is None or fund.committed is None:
        return missing(COMMITMENTS_SEEN_THROUGH)
    guidance = guidance_ends(fund)[0 if not met else 1]
    share = decimal_of(guidance)
    return Outcome(
        breach_unless(met),
        text_of(pct(share)),
        share,
        cap,
        "share",
        excess(guidance, cap, fund.committed),
        {"committed": fund.committed} | (inputs or {"guidance_share": share}),
        notes=_ends_note(fund),
    )


def _ends_note(fund: FundFacts) -> tuple[Text, ...]:
    """What is not known behind the investors and decides nothing."""
    low, high = (pct(decimal_of(end)) for end in guidance_ends(fund))
    if low == high:
        return ()
    return (
        Text(
            f"部分出资人穿透不清，比例在 {low} 与 {high} 之间",
            f"what stands behind some investors is not known: between {low} and {high}",
        ),
    )


@rule(
    "GF-05",
    Level.PROV,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("省内各级政府出资合计", "All in-province government money together"),
    sources=[docs.HLJ_NOTICE.at("二（三）")],
    on="last_committed_on",
    in_principle=True,
)
def all_levels_share(
    fund: FundFacts, *, gov_share_cap_all_levels: Decimal, soe_counts_as_government: bool
) -> Outcome:
    """Province, city and county together, direct and looked through; both readings of state companies shown."""
    if (why := capped(fund)) is not None:
        return why
    cap = gov_share_cap_all_levels
    readings = two_readings(fund, cap, soe_counts_as_government)
    if readings is None or fund.committed is None:
        return _by_its_ends(fund, cap, with_state_companies=soe_counts_as_government)
    used = readings[1] if soe_counts_as_government else readings[0]
    share = Decimal(str(used.measured))
    text = spelled(readings)
    return Outcome(
        used.verdict,
        Text(
            f"省内各级政府出资 {pct(share)}，原则上不超过 {pct(cap)}（口径：{used.text.zh}）。{text.zh}",
            f"In-province government money {pct(share)}, at most {pct(cap)} in principle (reading: {used.text.en}). {text.en}",
        ),
        share,
        cap,
        "share",
        excess(share, cap, fund.committed),
        {"committed": fund.committed, "soe_counts_as_government": soe_counts_as_government},
        readings,
    )


def _by_its_ends(fund: FundFacts, cap: Decimal, *, with_state_companies: bool) -> Outcome:
    """GF-05 where it is not known what stands behind some investors: they may be all government, or none."""
    ends = [
        public_fen(fund, with_state_companies=with_state_companies, unknown=part)
        for part in (Fraction(0), Fraction(1))
    ]
    if ends[0] is None or ends[1] is None or not fund.committed:
        return missing(COMMITMENTS_SEEN_THROUGH)
    low, high = ends[0] / fund.committed, ends[1] / fund.committed
    met = surely_at_most(low, high, cap)
    if met is None:
        return missing(COMMITMENTS_SEEN_THROUGH)
    share = decimal_of(high if met else low)
    between = pct(decimal_of(low)), pct(decimal_of(high))
    return Outcome(
        breach_unless(met),
        Text(
            f"省内各级政府出资在 {between[0]} 与 {between[1]} 之间（部分出资人穿透不清），原则上不超过 {pct(cap)}",
            f"In-province government money between {between[0]} and {between[1]} (not all investors are seen through), at most "
            f"{pct(cap)} in principle",
        ),
        share,
        cap,
        "share",
        excess(low, cap, fund.committed),
        {"committed": fund.committed, "soe_counts_as_government": with_state_companies},
    )


@rule(
    "GF-06",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("按策略区分的政府出资上限", "Range of government-share caps elsewhere"),
    sources=[docs.MOF_128.at("第14条"), docs.MOF_176.at("第9条")],
    on="last_committed_on",
)
def share_by_strategy(
    fund: FundFacts,
    *,
    gov_share_cap_angel: Decimal,
    gov_share_cap_vc: Decimal,
    gov_share_cap_growth: Decimal,
) -> Outcome:
    """The guidance fund's look-through share against the cap of the fund's strategy."""
    if (why := capped(fund)) is not None:
        return why
    if fund.strategy is None:
        return missing(Text("策略", "strategy"))
    cap = {
        Strategy.ANGEL: gov_share_cap_angel,
        Strategy.SEED: gov_share_cap_angel,
        Strategy.VC: gov_share_cap_vc,
        Strategy.GROWTH: gov_share_cap_growth,
    }.get(fund.strategy)
    if cap is None:
        return not_applicable(
            Text(f"“{fund.strategy.zh}”策略未设上限", f"no cap for strategy {fund.strategy.en}")
        )
    strategy = fund.strategy
    return _guidance_within(
        fund,
        cap,
        lambda share: Text(
            f"“{strategy.zh}”基金中引导基金占 {share}，上限 {pct(cap)}",
            f"{strategy.en} fund: guidance share {share}, cap {pct(cap)}",
        ),
        {"strategy": str(strategy)},
    )


@rule(
    "GF-07",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("引导基金不得为第一大出资人", "Guidance fund not the largest holder"),
    sources=[docs.MOF_128.at("第14条"), docs.MOF_176.at("第9条")],
    on="last_committed_on",
)
def not_the_largest(fund: FundFacts, *, forbid_largest_lp: bool, forbid_largest_lp_angel: bool) -> Outcome:
    """Another investor commits more; equal largest commitments are a warning. Off for special and, unless the fund's
    own terms say otherwise, angel funds."""
    if (why := capped(fund)) is not None:
        return why
    if fund.strategy is None and forbid_largest_lp is not forbid_largest_lp_angel:
        return missing(Text("策略", "strategy"))
    angel = fund.strategy in (Strategy.ANGEL, Strategy.SEED)
    if not (forbid_largest_lp_angel if angel else forbid_largest_lp):
        return not_applicable(Text("本基金不适用", "off for this fund"))
    guidance = [stake for stake in fund.stakes if stake.investor.kind is PartyKind.GUIDANCE_FUND]
    owned = [owner for owner in fund.owners if owner.kind is PartyKind.GUIDANCE_FUND]
    if not owned and not any(stake.committed != 0 for stake in guidance):
        return not_applicable(Text("引导基金未直接出资", "no direct guidance stake"))
    if fund.committed is None:
        return missing(Text("认缴", "commitments"))
    rest = fund.undeclared
    held = [(int((s.committed or 0) * rest), s.investor.kind) for s in fund.stakes]
    held += [(int(o.share * fund.committed), o.kind) for o in fund.owners]
    ours = max(fen for fen, kind in held if kind is PartyKind.GUIDANCE_FUND)
    others = max((fen for fen, kind in held if kind is not PartyKind.GUIDANCE_FUND), default=0)
    verdict = Verdict.BREACH if ours > others else Verdict.WARN if ours == others else Verdict.PASS
    return Outcome(
        verdict,
        Text(
            f"引导基金认缴 {money_zh(ours)}，其他最大出资人 {money_zh(others)}",
            f"Guidance fund {money_en(ours)}, largest other investor {money_en(others)}",
        ),
        ours,
        others,
        "fen",
        ours - others if ours > others else None,
        {"guidance": ours, "largest_other": others},
    )


@rule(
    "GF-08",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text(
        "政府出资产业投资基金的最低政府出资",
        "Minimum government share to qualify as a government-funded industry fund",
    ),
    sources=[docs.NDRC_1638.at(None)],
)
def gov_industry_fund(
    fund: FundFacts, *, gov_industry_fund_floor: Decimal, gov_industry_fund_floor_centre: Decimal
) -> Outcome:
    """A classification: PASS means that the fund counts, NOT_APPLICABLE that it does not. Never a breach.

    Government money of any level and province counts (the rule is national), and what stands behind other investors.
    What part of a national fund is fiscal is not in the book: UNKNOWN where that decides.
    """
    if not fund.committed:
        return missing(COMMITMENTS_SEEN_THROUGH)
    low, high, national = _government_ends(fund)
    floors = sorted((gov_industry_fund_floor_centre, gov_industry_fund_floor))
    if fund.approved_by_centre is not None:
        floors = [gov_industry_fund_floor_centre if fund.approved_by_centre else gov_industry_fund_floor]
    counts = agreed(surely_at_least(low, high, Fraction(floor) * fund.committed) for floor in floors)
    share = decimal_of(low / fund.committed)
    inputs: dict[str, Value] = {"committed": fund.committed, "share": share, "national_funds": national}
    if counts is None:
        if low + national < high:
            return missing(COMMITMENTS_SEEN_THROUGH, inputs=inputs)
        if national and any(low < Fraction(floor) * fund.committed <= high for floor in floors):
            return missing(
                Text("国家级基金中的财政资金比例", "the fiscal part of the national funds"), inputs=inputs
            )
        return missing(Text("是否经党中央、国务院批准", "whether the centre approved it"), inputs=inputs)
    floor = floors[-1] if counts else floors[0]
    return Outcome(
        Verdict.PASS if counts else Verdict.NOT_APPLICABLE,
        Text(
            f"政府认缴占 {pct(share)}，{'达到' if counts else '未达到'} {pct(floor)}，{'属于' if counts else '不属于'}政府出资产业投资基金",
            f"Government commitments {pct(share)}: {'counts' if counts else 'does not count'} "
            f"as a government-funded industry fund (floor {pct(floor)})",
        ),
        share,
        floor,
        "share",
        inputs=inputs,
    )


def _government_ends(fund: FundFacts) -> tuple[Fraction, Fraction, int]:
    """Fen of commitments that are government money of whatever level and province, at least and at most, and the fen of
    national funds in between: what part of them is fiscal is not in the book, nor what nobody recorded behind an owner."""
    rest = fund.undeclared
    owned = [(rest * (s.committed or 0), s.investor.kind, s.government_anywhere) for s in fund.stakes]
    owned += [(o.share * (fund.committed or 0), o.kind, o.government_anywhere) for o in fund.owners]
    low = high = Fraction(0)
    national = 0
    for fen, kind, part in owned:
        if kind in (PartyKind.GOVERNMENT, PartyKind.GUIDANCE_FUND):
            part = Fraction(1)
        elif kind is PartyKind.NATIONAL_FUND:
            national += int(fen)
            part = Fraction(0)
            high += fen
        low += fen * (part or 0)
        high += fen * (1 if part is None else part)
    return low, high, national


@rule(
    "GF-09",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("管理人自有资金出资", "Manager's own stake"),
    sources=[docs.practice("合伙协议、遴选公告（样本：南京江北新区 2025-05）")],
    on="last_committed_on",
)
def gp_stake(fund: FundFacts, *, gp_min_share: Decimal) -> Outcome:
    """The general partner commits at least its share, or owns it by declaration. A special fund is guidance money alone (GF-02)."""
    if fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("非子基金", "not a sub-fund"))
    if fund.fund_kind is FundKind.SPECIAL:
        return not_applicable(Text("专项子基金，资金全部来自引导基金", "special fund: guidance money alone"))
    if fund.fund_kind is None:
        return missing(Text("基金类型（专项/市场化）", "fund kind (special or market-based)"))
    total = fund.committed
    if fund.gp_code is None or not total:
        return missing(Text("普通合伙人或认缴", "general partner or commitments"))
    promised = sum(stake.committed or 0 for stake in fund.stakes if stake.is_gp)
    owned = sum((o.share for o in fund.owners if o.code == fund.gp_code), Fraction(0))
    own = int(fund.undeclared * promised + owned * total)
    share = ratio(own, total)
    met = share >= gp_min_share
    lacking = math.ceil(gp_min_share * total) - own
    return Outcome(
        breach_unless(met),
        Text(
            f"普通合伙人认缴占 {pct(share)}，不低于 {pct(gp_min_share)}",
            f"GP commitment {pct(share)}, at least {pct(gp_min_share)}",
        ),
        share,
        gp_min_share,
        "share",
        None if met else lacking,
        {"committed": fund.committed, "gp": fund.gp_code, "gp_committed": own},
    )
