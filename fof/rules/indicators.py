"""Indicators: computed where every input is there, UNKNOWN where one is missing. PI-01…06, 09 (PI-07, 08: evaluation).

PASS means "computed"; only PI-02 has a floor, and only in a fund with the national VC guidance fund. Each figure
stands in `inputs` under its own name; `measured` is the first of them.
"""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from fof.grouping import by_key
from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_years
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.mandate import EARLY, early_definitions, in_field, split_cost
from fof.rules.registry import (
    Confidence,
    Item,
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
from fof.rules.reinvestment import count
from fof.rules.wording import money_en, money_zh, pct, ratio, times
from models.kinds import PartyKind
from models.rule_kinds import NationalScheme, SeiGroup
from models.text import Text, counted

_FUNDS = (PartyKind.PARENT_FUND, PartyKind.SUB_FUND)


@rule(
    "PI-01",
    Level.PRAC,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("放大倍数", "Leverage multiple (放大倍数)"),
    sources=[docs.practice("各地引导基金公开数据的三种口径")],
)
def leverage(fund: FundFacts, *, soe_counts_as_government: bool) -> Outcome:
    """A total commitments, B non-government, C the whole rounds (co-investors included), each over the
    guidance money: what guidance and parent funds committed to this fund. A multiple is never shown without its variant.

    Money of other governments gathered beside it counts in A and not in B; it is in no denominator. fof.figures.leverage
    divides by the commitments of one portfolio instead: the same A and B where that portfolio is all of the guidance
    money, and a C of what the book itself saw paid by the investors in it.
    """
    guidance = sum(stake.committed or 0 for stake in guidance_stakes(fund))
    if fund.kind not in _FUNDS or not guidance_stakes(fund):
        return not_applicable(Text("无引导资金", "no guidance money"))
    others = non_government(fund, with_state_companies=soe_counts_as_government)
    if fund.committed is None or guidance == 0 or others is None:
        return missing(Text("认缴或出资人穿透比例", "commitments, or what stands behind the investors"))
    a = ratio(fund.committed, guidance)
    b = ratio(sum(others.values()), guidance)
    c = _reached(fund, guidance)
    lower = bool(fund.held_funds)
    why = (
        Text("经下层基金到达企业，见各子基金", "through lower funds: see those")
        if lower
        else Text("本轮融资额不全", "rounds missing")
    )
    sentence = Text(
        f"C（登记整轮）无法计算（{why[0]}）" if c is None else f"C（登记整轮）{times(c)}",
        f"C (whole rounds) cannot be computed ({why[1]})" if c is None else f"C (whole rounds) {times(c)}",
    )
    return Outcome(
        Verdict.PASS,
        Text(
            f"放大倍数：A（认缴总额）{times(a)}，B（非政府）{times(b)}，{sentence.zh}；分母：引导基金、母基金认缴 {money_zh(guidance)}",
            f"Leverage: A (commitments) {times(a)}, B (non-government) {times(b)}, {sentence.en}; over {money_en(guidance)} "
            "committed by guidance and parent funds",
        ),
        a,
        None,
        "multiple",
        inputs={
            "variant_a": a,
            "variant_b": b,
            "variant_c": c,
            "guidance": guidance,
            "soe_counts_as_government": soe_counts_as_government,
        },
    )


def guidance_stakes(fund: FundFacts) -> list[StakeFacts]:
    """The stakes that are guidance money: those of guidance and parent funds."""
    return [s for s in fund.stakes if s.investor.kind in (PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND)]


def non_government(fund: FundFacts, *, with_state_companies: bool) -> dict[str, int] | None:
    """Investor -> whole fen of its commitment that are no government's, of whatever level or place; None where unknown.

    with_state_companies : state companies count as government
    """
    by_investor: dict[str, int] = {}
    for stake in fund.stakes:
        if stake.committed is None or stake.government_anywhere is None or stake.state_anywhere is None:
            return None
        public = stake.government_anywhere + (stake.state_anywhere if with_state_companies else 0)
        by_investor[stake.investor.code] = round(stake.committed * (1 - public))
    return by_investor


def money_by_round(fund: FundFacts) -> list[tuple[DealFacts, int | None]]:
    """(first deal, money that reached the company) of each round the fund paid into; None where it is not known.

    Several payments into one named round count once: the round's total, or what the fund paid where that is more.
    """
    rounds = by_key(fund.purchases, lambda deal: (deal.company, deal.round or deal.code))
    by_round: list[tuple[DealFacts, int | None]] = []
    for deals in rounds.values():
        own, totals = (
            [deal.fen for deal in deals],
            [d.round_total for d in deals if d.round_total is not None],
        )
        known = totals and None not in own
        by_round.append((deals[0], max(max(totals), sum(fen or 0 for fen in own)) if known else None))
    return by_round


def _reached(fund: FundFacts, guidance: int) -> Decimal | None:
    """Money that reached companies over guidance money; None where a round is not known, or lower funds carry it."""
    amounts = [fen for _, fen in money_by_round(fund)]
    if None in amounts or fund.held_funds:
        return None
    return ratio(sum(fen or 0 for fen in amounts), guidance)


@rule(
    "PI-02",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("投早、投小、投长期、投硬科技占比", "Early / small / long-term / hard-tech shares"),
    sources=[docs.GUOBAN_1.at(None), docs.NDRC_BRIEFING.at(None)],
)
def early_small_long(
    fund: FundFacts,
    *,
    vc_guidance_early_share_min: Decimal,
    small_ticket_max: int,
    small_valuation_below: int,
    long_term_years: int,
) -> Outcome:
    """Early share of cost with its stage definitions; small tickets or valuations; life of ten years; list fields."""
    deals = fund.purchases
    if fund.kind is not PartyKind.SUB_FUND or not deals:
        return not_applicable(Text("无投资", "nothing invested"))
    split = split_cost(deals, [None if d.stage is None else d.stage in EARLY for d in deals])
    if split is None or split[1] or not split[2]:
        return missing(
            Text("部分项目的阶段或金额", "stage or amount of some deals"), money=split[1] if split else None
        )
    total = split[2]
    early = ratio(split[0], total)
    tests = [
        True
        if (d.fen or 0) <= small_ticket_max
        else None
        if d.post_money is None
        else d.post_money < small_valuation_below
        for d in deals
    ]
    small = (
        None
        if None in tests
        else ratio(sum(d.fen or 0 for d, t in zip(deals, tests, strict=True) if t), total)
    )
    life = None
    if fund.established_on and fund.term_end:
        life = fund.term_end >= add_years(fund.established_on, long_term_years)
    lists = [d.fund.field_lists[-1].codes if d.fund.field_lists else None for d in deals]
    known = all(codes is not None and d.industry is not None for d, codes in zip(deals, lists, strict=True))
    tech = None
    if known:
        inside = sum(
            d.fen or 0
            for d, codes in zip(deals, lists, strict=True)
            if in_field(d.industry or "", codes or ())
        )
        tech = ratio(inside, total)
    bound = any(s.investor.national_scheme is NationalScheme.VC_GUIDANCE for s in fund.stakes)
    met = not bound or early >= vc_guidance_early_share_min
    return Outcome(
        breach_unless(met, Verdict.WARN),
        Text(
            f"投早 {pct(early)}，投小 {'–' if small is None else pct(small)}，重点领域 {'–' if tech is None else pct(tech)}"
            + (f"；要求投早不低于 {pct(vc_guidance_early_share_min)}" if bound else ""),
            f"Early {pct(early)}, small {'–' if small is None else pct(small)}, priority fields {'–' if tech is None else pct(tech)}"
            + (f"; early at least {pct(vc_guidance_early_share_min)} required" if bound else ""),
        ),
        early,
        vc_guidance_early_share_min if bound else None,
        "share",
        inputs={"early": early, "small": small, "long_term": life, "priority_fields": tech},
        notes=(early_definitions(deals),),
    )


@rule(
    "PI-03",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("出资、投放与闲置", "Deployment and idleness"),
    sources=[docs.MOF_7.at("一、二")],
)
def deployment(fund: FundFacts) -> Outcome:
    """Paid-in over commitments, invested over paid-in, cash over paid-in, days from the first money to the first deal."""
    if fund.kind is not PartyKind.SUB_FUND or not fund.stakes:
        return not_applicable(Text("非子基金或无出资人", "not a sub-fund, or no investors"))
    if not fund.committed or any(d.fen is None or d.day is None for d in fund.purchases):
        return missing(Text("认缴或投资金额", "commitments or amounts of deals"))
    called = ratio(fund.paid_in, fund.committed)
    first = min((flow.day for stake in fund.stakes for flow in stake.paid), default=None)
    deal = min((d.day for d in fund.purchases if d.day), default=None)
    invested = ratio(sum(d.fen or 0 for d in fund.purchases), fund.paid_in) if fund.paid_in > 0 else None
    idle = ratio(fund.cash, fund.paid_in) if fund.paid_in > 0 and fund.cash_kept and fund.cash >= 0 else None
    wait = (deal - first).days if deal and first else None
    inputs: dict[str, Value] = {
        "called": called,
        "invested": invested,
        "idle": idle,
        "days_to_first_deal": wait,
    }
    ratios = Text(
        "、".join(
            f"{name} {'–' if share is None else pct(share)}"
            for name, share in (("投资率", invested), ("闲置率", idle))
        ),
        ", ".join(
            f"{name} {'–' if share is None else pct(share)}"
            for name, share in (("invested", invested), ("idle", idle))
        ),
    )
    return Outcome(
        Verdict.PASS,
        Text(
            f"实缴率 {pct(called)}，{ratios.zh}，首笔投资历时 {'–' if wait is None else wait} 天",
            f"Called {pct(called)}, {ratios.en}, {'– days' if wait is None else counted(wait, 'day')} to the first deal",
        ),
        called,
        None,
        "share",
        inputs=inputs,
    )


@rule(
    "PI-04",
    Level.PRAC,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("收益指标", "Return set"),
    sources=[docs.practice("行业标准：DPI、RVPI、TVPI、IRR")],
)
def returns(fund: FundFacts) -> Outcome:
    """DPI, RVPI, TVPI (= DPI + RVPI), the IRR as computed by the kernels, and how much principal government has back.

    A vehicle that succeeds another is measured with the other's history, in the multiples as in the IRR.
    """
    if fund.kind not in _FUNDS or fund.paid_in <= 0:
        return not_applicable(Text("尚无实缴", "nothing paid in yet"))
    if fund.nav is None:
        return missing(Text("净值", "net asset value"))
    paid, received = fund.nav_paid_in, fund.nav_distributed
    if paid is None or received is None:
        paid, received = fund.paid_in, sum(flow.fen for stake in fund.stakes for flow in stake.received)
    dpi, rvpi, tvpi = ratio(received, paid), ratio(fund.nav, paid), ratio(received + fund.nav, paid)
    ours = sum(stake.paid_in for stake in fund.public_stakes)
    back = sum(flow.fen for stake in fund.public_stakes for flow in stake.received)
    recovered = ratio(back, ours) if ours > 0 else None
    irr = None if fund.nav_irr is None else Decimal(str(fund.nav_irr))
    irr_text = "–" if irr is None else pct(irr)
    return Outcome(
        Verdict.PASS,
        Text(
            f"DPI {times(dpi)}，RVPI {times(rvpi)}，TVPI {times(tvpi)}，IRR {irr_text}，"
            f"政府本金收回 {'–' if recovered is None else pct(recovered)}",
            f"DPI {times(dpi)}, RVPI {times(rvpi)}, TVPI {times(tvpi)}, IRR {irr_text}, "
            f"government principal back {'–' if recovered is None else pct(recovered)}",
        ),
        tvpi,
        None,
        "multiple",
        inputs={"dpi": dpi, "rvpi": rvpi, "tvpi": tvpi, "irr": irr, "principal_recovery": recovered},
    )


@rule(
    "PI-05",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("本地带动效应", "Local effect"),
    sources=[docs.practice("浙江省级基金公开的指标口径")],
)
def local_effect(fund: FundFacts, *, reinvest_factor_max: Decimal) -> Outcome:
    """Recognised reinvestment (counted as GF-37 counts it), local and relocated companies, jobs since entry, taxes of
    the last year."""
    if fund.kind is not PartyKind.SUB_FUND or not fund.holdings:
        return not_applicable(Text("无投资", "nothing invested"))
    investors = {claim.investor for claim in fund.claims}
    claims = [count(fund.claims, investor, fund.as_of, reinvest_factor_max) for investor in investors]
    if any(c.open for c in claims) or any(h.local is None for h in fund.holdings):
        return missing(Text("返投认定要素或企业所在地", "elements of a claim, or where a company is"))
    reinvested = int(sum((c.fen for c in claims), Decimal(0)))
    local = sum(1 for h in fund.holdings if h.local)
    moved = sum(1 for h in fund.holdings if h.relocated)
    staffed = [h for h in fund.holdings if h.staff_at_entry is not None and h.staff_now is not None]
    jobs = sum((h.staff_now or 0) - (h.staff_at_entry or 0) for h in staffed)
    taxed = [h.tax_paid for h in fund.holdings if h.tax_paid is not None]
    unseen, added = len(fund.holdings) - len(staffed), str(jobs) if staffed else "–"
    return Outcome(
        Verdict.PASS,
        Text(
            f"认定返投 {money_zh(reinvested)}，本地企业 {local} 家，迁入 {moved} 家，新增就业 {added} 人（{unseen} 家无数据）",
            f"Reinvestment {money_en(reinvested)}, {counted(local, 'local company')}, {moved} moved in, {counted(added, 'job')} added "
            f"({counted(unseen, 'company')} without figures)",
        ),
        reinvested,
        None,
        "fen",
        inputs={
            "reinvested": reinvested,
            "local_companies": local,
            "relocated": moved,
            "jobs": jobs if staffed else None,
            "tax_paid": sum(taxed) if taxed else None,
        },
    )


@rule(
    "PI-06",
    Level.PRAC,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("退出情况", "Exits"),
    sources=[docs.practice("行业惯例：退出统计")],
)
def exits(fund: FundFacts) -> Outcome:
    """Count, cost, proceeds over cost, routes, median years of holding of what was left in full."""
    gone = [h for h in fund.holdings if h.closed_on is not None]
    if not gone:
        return not_applicable(Text("尚无退出", "no exit yet"))
    if any(h.first_on is None or h.route is None for h in gone):
        return missing(Text("投资日或退出方式", "day of entry or route of exit"))
    cost, proceeds = sum(h.cost for h in gone), sum(h.proceeds for h in gone)
    if cost <= 0:
        return missing(Text("退出项目的成本", "cost of the exits"))
    years = median((h.closed_on - h.first_on).days / 365 for h in gone if h.closed_on and h.first_on)
    routes: dict[str, int] = {}
    for h in gone:
        if h.route is not None:
            routes[h.route.value] = routes.get(h.route.value, 0) + 1
    multiple, held = ratio(proceeds, cost), Decimal(str(round(years, 2)))
    return Outcome(
        Verdict.PASS,
        Text(
            f"退出 {len(gone)} 项，成本 {money_zh(cost)}，收回 {money_zh(proceeds)}（{times(multiple)} 倍），中位持有 {held} 年",
            f"{counted(len(gone), 'exit')}, cost {money_en(cost)}, proceeds {money_en(proceeds)} ({times(multiple)}x), held {counted(held, 'year')} "
            "(median)",
        ),
        multiple,
        None,
        "multiple",
        inputs={"count": len(gone), "cost": cost, "proceeds": proceeds, "median_years": held, **routes},
    )


@rule(
    "PI-09",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("战略性新兴产业占比", "Strategic-industry share"),
    sources=[docs.POLICY_2017.at("二（三）")],
)
def strategic_share(fund: FundFacts) -> Outcome:
    """Cost in strategic emerging industries over all cost, by group."""
    deals = fund.purchases
    if fund.kind is not PartyKind.SUB_FUND or not deals:
        return not_applicable(Text("无投资", "nothing invested"))
    split = split_cost(deals, [d.sei_group is not None if d.sei_known else None for d in deals])
    if split is None or split[1] or not split[2]:
        return missing(
            Text("部分企业的产业归类或金额", "group or amount of some deals"),
            money=split[1] if split else None,
        )
    share = ratio(split[0], split[2])
    groups = {g: sum(d.fen or 0 for d in deals if d.sei_group is g) for g in SeiGroup}
    return Outcome(
        Verdict.PASS,
        Text(f"战略性新兴产业投资占 {pct(share)}", f"Strategic emerging industries: {pct(share)} of cost"),
        share,
        None,
        "share",
        inputs={"cost": split[2], "in_groups": split[0]},
        items=tuple(Item(g.value, g.text, None, fen) for g, fen in groups.items() if fen),
    )
