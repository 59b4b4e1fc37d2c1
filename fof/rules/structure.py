"""How vehicles stand to each other: modes, kinds, layers, sponsors, place. GF-01…03, 19, 20, 35, 66, 69."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts, OfficeFacts, ReorganisationFacts
from fof.rules.facts_parties import StakeFacts, in_home_province
from fof.rules.mandate import in_field
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import agreed, all_of, same
from fof.rules.wording import decimal_of, listed, money_en, money_zh, pct
from models.kinds import FundKind, FundStatus, GovernmentLevel, InvestmentMode, PartyKind
from models.subjects import Subject, SubjectKind
from models.text import NO_TEXT, Text

_RANK = {
    GovernmentLevel.COUNTY: 0,
    GovernmentLevel.PREFECTURE: 1,
    GovernmentLevel.PROVINCE: 2,
    GovernmentLevel.NATIONAL: 3,
}
SPONSORED = (PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND)
GONE = (FundStatus.CLOSED, FundStatus.MERGED)


@rule(
    "GF-01",
    Level.PROV,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("省级基金的三种运作方式", "Provincial vehicle and its three operating modes"),
    sources=[docs.HLJ_10.at("第2、4条")],
)
def operating_mode(fund: FundFacts) -> Outcome:
    """The class is one of two, the mode one of three, and the mode fits the vehicles that stand above the fund. Of a
    parent fund only the class is asked: how money passes through it is the mode of the funds below."""
    others = {stake.investor.code for stake in fund.stakes if not _provincial(stake)}
    above = {stake.investor.kind for stake in fund.stakes if _provincial(stake)}
    above |= {parent.kind for parent in fund.parents if parent.code not in others}
    if fund.kind not in (PartyKind.SUB_FUND, PartyKind.PARENT_FUND) or not above:
        return not_applicable(Text("非省级资金参与的母基金或子基金", "not a fund with provincial money"))
    parent = fund.kind is PartyKind.PARENT_FUND
    fits = None if fund.investment_mode is None else _fits(fund.investment_mode, above)
    if (fund.fund_class is None and fits is not False) or (fits is None and not parent):
        return missing(Text("基金类别或出资方式", "fund class or investment mode"))
    if parent and fund.fund_class is not None:
        return Outcome(
            Verdict.PASS,
            Text(f"母基金，类别：{fund.fund_class.zh}", f"Parent fund, class: {fund.fund_class.en}"),
            inputs={"fund_class": str(fund.fund_class)},
        )
    mode = fund.investment_mode
    if mode is None or fits is None or parent:
        return missing(Text("基金类别或出资方式", "fund class or investment mode"))
    return Outcome(
        breach_unless(fits),
        Text(
            f"出资方式“{mode.zh}”与上层出资人{'相符' if fits else '不符'}",
            f"Mode '{mode.en}' {'fits' if fits else 'does not fit'} the vehicles above the fund",
        ),
        money=None if fits else sum(stake.committed or 0 for stake in fund.stakes if _provincial(stake)),
        inputs={"fund_class": None if fund.fund_class is None else str(fund.fund_class), "mode": str(mode)},
    )


def _fits(mode: InvestmentMode, above: Collection[PartyKind | None]) -> bool:
    """Whether a mode is that of the vehicles above a fund."""
    if mode is InvestmentMode.VIA_PARENT:
        return PartyKind.PARENT_FUND in above
    direct = mode is InvestmentMode.DIRECT_SUB_FUND
    return direct and any(kind in above for kind in (PartyKind.GUIDANCE_FUND, PartyKind.GOVERNMENT))


def _provincial(stake: StakeFacts) -> bool:
    """Whether a stake that is still held is the province's; a government or fund of unknown level is taken for it."""
    level = stake.investor.government_level
    return stake.is_public and stake.committed != 0 and level in (None, GovernmentLevel.PROVINCE)


@rule(
    "GF-02",
    Level.PROV,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("专项子基金与市场化子基金", "Special vs market-based sub-fund"),
    sources=[docs.HLJ_32_KINDS.at("第3、4条")],
)
def special_fund(fund: FundFacts, *, special_public_share: Decimal) -> Outcome:
    """A special fund rests on a mandate document and on provincial money alone: the guidance fund's, seen through, and
    the province's own; a city's money is not provincial."""
    if fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("非子基金", "not a sub-fund"))
    if fund.fund_kind is None:
        return missing(Text("基金类型（专项/市场化）", "fund kind (special or market-based)"))
    if fund.fund_kind is FundKind.MARKET:
        return Outcome(
            Verdict.PASS, Text("市场化子基金，适用政府出资比例上限", "Market-based: the share caps apply")
        )
    possible = _provincial_shares(fund)
    all_ours = agreed(share == Fraction(special_public_share) for share in possible)
    if len(possible) != 1 or fund.committed is None:
        if fund.mandate_doc is None or all_ours is False:  # broken whatever the shares are
            without = (
                Text("无专项委托文件；", "no mandate document; ") if fund.mandate_doc is None else NO_TEXT
            )
            return Outcome(
                Verdict.BREACH,
                Text(
                    f"专项子基金：{without.zh}"
                    + ("非全部为省级出资" if all_ours is False else "省级出资比例无法判断"),
                    f"Special fund: {without.en}"
                    + (
                        "not all of it is provincial money"
                        if all_ours is False
                        else "the provincial share cannot be told"
                    ),
                ),
                money=fund.committed,
                inputs={"mandate_doc": fund.mandate_doc, "committed": fund.committed},
            )
        return missing(
            Text(
                "认缴、出资人穿透比例或政府层级",
                "commitments, what stands behind them, or a government's level",
            )
        )
    (provincial,) = possible
    share = decimal_of(provincial)
    terms = checklist(
        [
            Limb(
                all_ours,
                Text("", ""),
                share,
                special_public_share,
                "share",
                round((1 - provincial) * fund.committed),
            ),
            Limb(bool(fund.mandate_doc), Text("", ""), 0, 1, "count", fund.committed),
        ]
    )
    met = terms.verdict is Verdict.PASS
    return Outcome(
        terms.verdict,
        Text(
            f"专项子基金：{'有' if fund.mandate_doc else '无'}专项委托文件，省级出资 {pct(share)}",
            f"Special fund: {'with' if fund.mandate_doc else 'no'} mandate document, provincial money {pct(share)}",
        ),
        share if met else terms.measured,
        special_public_share if met else terms.threshold,
        "share" if met else terms.unit,
        terms.money,
        {"mandate_doc": fund.mandate_doc, "committed": fund.committed, "provincial_share": share},
    )


def _provincial_shares(fund: FundFacts) -> set[Fraction]:
    """What part of a fund may be provincial money: the guidance fund's, seen through, and the province's own, with and
    without each government of no recorded level. Empty where the guidance fund's part or the total is not known."""
    if not fund.committed or fund.guidance_share is None:
        return set()
    shares = {fund.guidance_share}
    own = [
        (fund.undeclared * Fraction(s.committed or 0, fund.committed), s.investor.government_level)
        for s in fund.stakes
        if s.investor.kind is PartyKind.GOVERNMENT
    ]
    own += [(o.share, o.government_level) for o in fund.owners if o.kind is PartyKind.GOVERNMENT]
    for part, level in own:
        more = {share + part for share in shares}
        shares = more if level is GovernmentLevel.PROVINCE else shares | more if level is None else shares
    return shares


@rule(
    "GF-03",
    Level.PROV,
    Scope.REORGANISATION,
    Confidence.SEEN,
    text=Text("并入母基金前后零差额", "Historic parent fund of the 2017 policy"),
    sources=[docs.POLICY_2017.at("三（三）、三（六）")],
    on="day",
)
def zero_sum(merger: ReorganisationFacts) -> Outcome:
    """Every total of the predecessors stands at the successor, to the fen."""
    names = [*merger.before, *(name for name in merger.after if name not in merger.before)]
    pairs = {n: (merger.before.get(n), merger.after.get(n)) for n in names}
    gaps = {
        n: after - before for n, (before, after) in pairs.items() if before is not None and after is not None
    }
    if not names or (len(gaps) < len(names) and not any(gaps.values())):
        return missing(Text("重组前后的合计数", "totals before and after"))
    moved = {name: gap for name, gap in gaps.items() if gap}
    largest = max(abs(gap) for gap in gaps.values())
    return Outcome(
        breach_unless(not moved),
        Text(
            f"{listed(merger.predecessors)} 并入 {merger.successor}："
            + ("各项合计前后一致" if not moved else f"不一致：{listed(moved)}，最大差额 {money_zh(largest)}"),
            f"{listed(merger.predecessors)} into {merger.successor}: "
            + (
                "all totals equal"
                if not moved
                else f"totals differ: {listed(moved)}, by up to {money_en(largest)}"
            ),
        ),
        largest,
        0,
        "fen",
        largest or None,
        dict(gaps),
    )


@rule(
    "GF-19",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("基金层级", "Layering"),
    sources=[docs.ORDER_762.at("第25条"), docs.GUOBAN_1.at(None)],
    in_principle=True,
)
def layering(fund: FundFacts, *, max_fund_layers: int) -> Outcome:
    """Few fund layers below the guidance fund; a sub-fund invests in projects, not in further funds."""
    if fund.kind is PartyKind.GUIDANCE_FUND or not fund.is_public:
        return not_applicable(
            Text("引导基金本身或无政府出资", "the guidance fund itself, or no government money")
        )
    if fund.layers is None:
        return missing(Text("引导基金以下的层级数", "layers below the guidance fund"))
    deep = fund.layers > max_fund_layers
    nested = fund.kind is PartyKind.SUB_FUND and bool(fund.held_funds)
    verdict = Verdict.BREACH if deep else Verdict.WARN if nested else Verdict.PASS
    return Outcome(
        verdict,
        Text(
            f"位于第 {fund.layers} 层（不超过 {max_fund_layers} 层）"
            + (f"；又投基金 {listed(fund.held_funds)}" if nested else ""),
            f"Layer {fund.layers} (at most {max_fund_layers})"
            + (f"; holds funds {listed(fund.held_funds)}" if nested else ""),
        ),
        fund.layers,
        max_fund_layers,
        "count",
    )


@rule(
    "GF-20",
    Level.MIN,
    Scope.OFFICE,
    Confidence.SEEN,
    text=Text("不重复设立、县级从严", "No duplicate funds, tight control below prefecture"),
    sources=[docs.GUOBAN_1.at(None)],
)
def duplicates(office: OfficeFacts) -> list[Outcome]:
    """No two funds of one government in one field; a county's fund is approved one level up."""
    sponsored = [fund for fund in office.funds if fund.kind in SPONSORED and fund.status not in GONE]
    outcomes = []
    for fund in sponsored:
        outcome, county = _overlap(fund, sponsored), _county(fund)
        if county.verdict is not Verdict.PASS:  # a county's fund is judged by its approval first
            if fund.sponsor_level is None:
                outcome = missing(Text("发起政府层级", "sponsor level"))
            elif fund.sponsor_level is GovernmentLevel.COUNTY:
                outcome = county
        outcomes.append(outcome._replace(subject=Subject(SubjectKind.PARTY, fund.code)))
    return outcomes


def _county(fund: FundFacts) -> Outcome:
    if fund.approval_level is None:
        return missing(Text("设立批准层级", "approval level"))
    met = _RANK[fund.approval_level] > _RANK[GovernmentLevel.COUNTY]
    level = fund.approval_level
    return Outcome(
        breach_unless(met),
        Text(f"县级设立，批准层级：{level.zh}", f"County fund, approved at level: {level.en}"),
        inputs={"approval_level": str(level)},
    )


def _overlap(fund: FundFacts, sponsored: list[FundFacts]) -> Outcome:
    if fund.owner_government is None or not fund.mandate_fields:
        return missing(Text("所属政府或投资领域", "owner government or mandate fields"))
    fields, above = fund.mandate_fields, {parent.code for parent in fund.parents}
    others = [
        other
        for other in sponsored
        if other is not fund
        and other.code not in above
        and fund.code not in {parent.code for parent in other.parents}
    ]
    same_field = {
        other.code: None
        if not other.mandate_fields
        else any(in_field(a, [b]) or in_field(b, [a]) for a in fields for b in other.mandate_fields)
        for other in others
    }
    twin = {
        o.code: all_of(same(o.owner_government, fund.owner_government), same_field[o.code]) for o in others
    }
    twins, unclear = ([code for code, is_one in twin.items() if is_one is answer] for answer in (True, None))
    if unclear and not twins:
        codes = listed(unclear)
        return missing(
            Text(f"{codes} 的所属政府或投资领域", f"owner government or mandate fields of {codes}")
        )
    return Outcome(
        breach_unless(not twins, Verdict.WARN),
        Text(
            f"同一政府在相同领域的其他基金：{listed(twins)}" if twins else "同一政府在相同领域无其他基金",
            f"Other funds of this government in the same field: {listed(twins)}"
            if twins
            else "No other fund in the field",
        ),
        inputs={"same_field": listed(twins)},
    )


@rule(
    "GF-35",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("引导基金的设立层级", "Who may create a VC guidance fund"),
    sources=[docs.GUOBAN_116.at(None)],
    on="established_on",
)
def sponsor_level(fund: FundFacts) -> Outcome:
    """Prefecture level and above."""
    if fund.kind is not PartyKind.GUIDANCE_FUND:
        return not_applicable(Text("非引导基金", "not a guidance fund"))
    if fund.sponsor_level is None:
        return missing(Text("发起政府层级", "sponsor level"))
    level = fund.sponsor_level
    met = _RANK[level] >= _RANK[GovernmentLevel.PREFECTURE]
    return Outcome(
        breach_unless(met),
        Text(
            f"发起政府层级：{level.zh}（须为地市级以上）", f"Sponsor level {level.en} (prefecture or above)"
        ),
        inputs={"sponsor_level": str(level)},
    )


@rule(
    "GF-66",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("注册地", "Place of registration"),
    sources=[docs.HLJ_NOTICE.at("二（一）")],
)
def registered_in_province(fund: FundFacts) -> Outcome:
    """The parent fund must, its sub-funds should, be registered in the province: a breach, which no waiver lifts, or a
    warning, which the officer's disposition answers with the reference of the exception."""
    if fund.kind not in (PartyKind.PARENT_FUND, PartyKind.SUB_FUND) or not fund.is_public:
        return not_applicable(Text("不适用于此类主体", "not a parent fund or public sub-fund"))
    home = in_home_province(fund.province)
    if home is None:
        return missing(Text("注册省份", "province of registration"))
    must = fund.kind is PartyKind.PARENT_FUND
    return Outcome(
        breach_unless(home, Verdict.BREACH if must else Verdict.WARN),
        Text(
            f"注册于{fund.province}（{'须' if must else '原则上应'}在黑龙江省）",
            f"Registered in {fund.province} ({'must' if must else 'should'} be in Heilongjiang)",
        ),
        inputs={"province": fund.province},
        notes=()
        if home
        else (
            Text(
                "国办发〔2025〕1号 鼓励取消注册地限制",
                "国办发〔2025〕1号 encourages dropping limits on registration",
            ),
        ),
    )


@rule(
    "GF-69",
    Level.PROV,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("科技创业投资引导基金的三种支持方式", "Support modes of the 2017 policy's guidance fund"),
    sources=[docs.ST_GUIDANCE.at("第2—7条")],
)
def support_mode(fund: FundFacts) -> Outcome:
    """Each recipient of that guidance fund has one of three support modes and is registered in the province; also after
    that guidance fund went into a successor."""
    supported = [stake for stake in fund.promises if stake.investor.st_guidance_fund]
    if not supported and not any(owner.st_guidance_fund for owner in fund.owners):
        return not_applicable(Text("未获该引导基金支持", "not supported by that guidance fund"))
    home, mode = in_home_province(fund.province), fund.support_mode
    if home is None or (home and mode is None):
        return missing(Text("支持方式或注册省份", "support mode or province"))
    return Outcome(
        breach_unless(home),
        Text(
            f"支持方式：{mode.zh if mode else '未登记'}；注册于{fund.province}（须在省内）",
            f"Support mode: {mode.en if mode else 'not recorded'}; registered in {fund.province} (must be in the province)",
        ),
        money=None if home else sum(s.ticket or 0 for s in supported) or None,
        inputs={"support_mode": None if mode is None else str(mode), "province": fund.province},
    )
