"""What a fund may put its money into, and how much of it. GF-24, 27…29, 32, 34, 36, 64."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.mandate import EARLY
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import above, all_of, any_of, at_least, at_most, below
from fof.rules.wording import actual, money_en, money_zh, pct, ratio
from models.kinds import CashProduct, City, Instrument, InvestmentMode, PartyKind, SupportMode
from models.text import NO_TEXT, Text

SAFE_CASH = frozenset({CashProduct.DEPOSIT, CashProduct.TREASURY_BOND, CashProduct.FIXED_INCOME})


@rule(
    "GF-24",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("单个企业投资上限", "Single-company concentration"),
    sources=[docs.ORDER_39.at("第16条"), docs.NDRC_2800.at("第26条")],
    params=["single_company_cap", "concentration_base"],
    on="day",
)
def single_company(
    deal: DealFacts, *, single_company_cap: Decimal, concentration_base: str
) -> Outcome | None:
    """Cost still held in the company and its group, this deal included, over the stated base of the deal's day. Binds
    funds with government money and filed VC enterprises (Order 39)."""
    bound = any_of(deal.fund.government_money, deal.fund.vc_enterprise)
    if not deal.is_purchase or bound is False:
        return None
    if bound is None:
        return missing(Text("是否有政府出资或按39号令备案", "government money, or filing under Order 39"))
    base = {
        "commitments": deal.fund.committed,
        "paid_in": deal.fund.paid_in,
        "total_assets": deal.fund.total_assets,
    }.get(concentration_base)
    if not base or deal.group_cost is None:
        return missing(
            Text(
                f"集中度基数（{concentration_base}）或累计投资额",
                f"base ({concentration_base}) or cost so far",
            )
        )
    share, cap = ratio(deal.group_cost, base), single_company_cap
    over = math.ceil(deal.group_cost - cap * base)
    return Outcome(
        breach_unless(share <= cap),
        Text(
            f"对 {deal.company} 及其关联企业在持成本（含本次）{money_zh(deal.group_cost)}，占{_BASES[concentration_base]} {pct(share)}，"
            f"上限 {pct(cap)}",
            f"Cost held in {deal.company} and its group, this deal included, {money_en(deal.group_cost)}: {pct(share)} of "
            f"{concentration_base.replace('_', ' ')}, cap {pct(cap)}",
        ),
        share,
        cap,
        "share",
        over if share > cap else None,
        {"group_cost": deal.group_cost, "base": base, "base_name": concentration_base},
    )


_BASES = {"commitments": "认缴总额", "paid_in": "实缴总额", "total_assets": "资产总额"}


def _banned(deal: DealFacts, *, bond_floor: str | None) -> tuple[bool | None, Text]:
    """(banned or not, None where the carve-out cannot be told; why, in Chinese and English)."""
    match deal.instrument:
        case Instrument.GUARANTEE:
            banned = None if deal.financing_guarantee is None else not deal.financing_guarantee
            return banned, Text("融资担保以外的担保", "a guarantee other than a financing guarantee")
        case Instrument.BOND if bond_floor is not None:
            rating = deal.bond_rating
            return (
                None if rating is None else rating.strip().upper() != bond_floor,
                Text("AAA 以下债券", "a bond below AAA"),
            )
        case Instrument.DONATION if bond_floor is not None:
            banned = None if deal.approved_charity is None else not deal.approved_charity
            return banned, Text("未经批准的赞助捐赠", "a donation without approval")
        case Instrument.LOAN:
            return True, Text("借款", "a loan")
        case Instrument.ENTRUSTED_LOAN:
            return True, Text("委托贷款", "an entrusted loan")
        case Instrument.LISTED_SHARES:
            return True, Text("二级市场股票", "listed shares")
        case Instrument.DERIVATIVE:
            return True, Text("衍生品", "a derivative")
        case Instrument.PROPERTY if bond_floor is not None:
            return True, Text("房地产", "property")
        case Instrument.EQUITY if deal.listed_then:  # bought on the market, or newly issued to it
            return None, Text("二级市场股票（企业已上市）", "listed shares bought on the market")
        case _:
            return False, NO_TEXT


def _not_on_list(deal: DealFacts, bond_floor: str | None) -> Outcome | None:
    if not deal.is_purchase or deal.fund.government_money is False:
        return None
    if deal.instrument is None:
        return missing(Text("投资工具", "instrument"))
    banned, text = _banned(deal, bond_floor=bond_floor)
    if banned is None:
        return missing(
            Text(f"例外依据（是否属于{text.zh}）", f"evidence whether it is {text.en}"), money=deal.fen
        )
    tool = deal.instrument
    return Outcome(
        breach_unless(not banned),
        Text(
            f"{tool.zh}：属于禁止业务（{text.zh}）" if banned else f"{tool.zh}：不在禁止之列",
            f"{tool.en}: forbidden ({text.en})" if banned else f"{tool.en}: not on the list of bans",
        ),
        money=deal.fen if banned else None,
        inputs={
            "instrument": str(tool),
            "financing_guarantee": deal.financing_guarantee,
            "bond_rating": deal.bond_rating,
            "approved_charity": deal.approved_charity,
        },
    )


@rule(
    "GF-27",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text("禁止业务清单（财政）", "Forbidden business list (fiscal rule)"),
    sources=[docs.MOF_210.at("第12条")],
    params=["bond_rating_floor"],
    on="day",
)
def fiscal_bans(deal: DealFacts, *, bond_rating_floor: str) -> Outcome | None:
    """No deal of the forbidden kinds, with three carve-outs: financing guarantee, AAA bonds, approved charity."""
    return _not_on_list(deal, bond_rating_floor)


@rule(
    "GF-28",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("禁止业务清单（发改）", "Forbidden business list (NDRC rule, 2026)"),
    sources=[docs.NDRC_2800.at("第26条", until=dt.date(2026, 1, 11)), docs.NDRC_1752.at("第6条")],
    on="day",
)
def ndrc_bans(deal: DealFacts) -> Outcome | None:
    """The shorter list: disguised debt, secondary-market trading, derivatives, guarantees."""
    return _not_on_list(deal, None)


@rule(
    "GF-29",
    Level.LAW,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text(
        "私募基金财产不得用于借贷", "Fund money not for lending; no repurchase promise by local government"
    ),
    sources=[docs.ORDER_762.at("第24、51条")],
    on="day",
)
def no_lending(deal: DealFacts) -> Outcome | None:
    """No loan or entrusted loan; a bridge loan to an investee is a warning. (Repurchase promises: GF-30.)"""
    if not deal.is_purchase:
        return None
    tool, bridge = deal.instrument, deal.bridge_loan
    if tool is None and bridge:  # a warning whatever the paper is called
        return Outcome(
            Verdict.WARN,
            Text("过桥借款：可能构成借贷", "A bridge loan: may be lending"),
            money=deal.fen,
            inputs={"instrument": None, "bridge_loan": bridge},
        )
    if tool is None:
        return missing(Text("投资工具", "instrument"))
    if tool is Instrument.CONVERTIBLE and bridge is None:
        return missing(Text("是否为过桥借款", "whether it is a bridge loan"), money=deal.fen)
    lending = tool in (Instrument.LOAN, Instrument.ENTRUSTED_LOAN)
    verdict = Verdict.WARN if bridge else Verdict.BREACH if lending else Verdict.PASS
    met = verdict is Verdict.PASS
    return Outcome(
        verdict,
        Text(
            f"{tool.zh}{'（过桥）' if bridge else ''}：{'非借贷' if met else '属于借贷或可能构成借贷'}",
            f"{tool.en}{' (bridge)' if bridge else ''}: {'no lending' if met else 'lending, or may be'}",
        ),
        money=None if met else deal.fen,
        inputs={"instrument": str(tool), "bridge_loan": bridge},
    )


@rule(
    "GF-32",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("创业投资企业不得担保和从事房地产", "Guarantee and property ban for VC enterprises"),
    sources=[docs.ORDER_39.at("第13—14条")],
)
def vc_enterprise_bans(fund: FundFacts) -> Outcome:
    """No guarantee, no property but its own premises; idle cash only in banks, treasury bonds, fixed income."""
    if fund.vc_enterprise is False:
        return not_applicable(Text("未按39号令备案", "not filed under Order 39"))
    if fund.vc_enterprise is None:
        return missing(Text("是否按39号令备案", "filing under Order 39"))
    allowed = [_of_a_vc_enterprise(deal) for deal in fund.purchases]
    bad = [deal for deal, may in zip(fund.purchases, allowed, strict=True) if may is False]
    products = fund.cash_products
    unsafe = [product for product in products or () if product not in SAFE_CASH]
    tests: list[Test] = [
        (all_of(*allowed), Text("未提供担保、未从事房地产", "no guarantee, no property")),
        (
            None if products is None else not unsafe,
            Text(
                "闲置资金存放合规" + (f"（{'、'.join(p.zh for p in unsafe)}）" if unsafe else ""),
                "idle cash in allowed products" + (f" ({', '.join(p.en for p in unsafe)})" if unsafe else ""),
            ),
        ),
    ]
    outcome = checklist(tests, money=sum(deal.fen or 0 for deal in bad) or None)
    items = tuple(
        Item(
            d.code,
            Text(d.instrument.zh if d.instrument else "", d.instrument.en if d.instrument else ""),
            d.day,
            d.fen,
        )
        for d in bad
    )
    return outcome._replace(items=items)


def _of_a_vc_enterprise(deal: DealFacts) -> bool | None:
    """Whether a VC enterprise may do a deal: no guarantee, no property but its own premises."""
    if deal.instrument is None:
        return None
    if deal.instrument is Instrument.PROPERTY:
        return deal.own_premises
    return deal.instrument is not Instrument.GUARANTEE


@rule(
    "GF-34",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("引导基金跟进投资", "Follow-on investment by a guidance fund"),
    sources=[
        docs.MOF_128.at("第四章")
    ],  # the limits are its own; 国办发〔2008〕116号 states the principle alone
    params=["follow_on_ratio_max", "follow_on_amount_max"],
    on="day",
)
def follow_on(deal: DealFacts, *, follow_on_ratio_max: Decimal, follow_on_amount_max: int) -> Outcome | None:
    """Beside a VC in the same round, in an early or priority company, at most half its ticket, and in one company at
    most an amount: what the fund holds there already counts with the deal."""
    if not deal.is_purchase:
        return None
    fund = deal.fund
    if deal.support_mode is None and fund.investment_mode is None and fund.kind is PartyKind.GUIDANCE_FUND:
        return missing(
            Text("支持方式（是否为跟进投资）", "support mode (a follow-on investment or not)"), money=deal.fen
        )
    if deal.support_mode is not SupportMode.FOLLOW_ON:
        return None
    ticket, lead, held = deal.fen, deal.lead_ticket, deal.company_cost
    early = None if deal.stage is None else deal.stage in EARLY
    eligible = any_of(early, deal.priority_company)
    share = ratio(ticket, lead) if lead and ticket is not None else None
    above_ratio = (
        None
        if share is None or ticket is None or lead is None
        else ticket - math.floor(follow_on_ratio_max * lead)
    )
    amount = actual(held, fen=True)
    return checklist(
        [
            Limb(
                above(lead, 0),
                Text("同轮有创投机构投资", "a VC invests in the same round"),
                lead,
                0,
                "fen",
                ticket,
            ),
            Limb(
                eligible,
                Text("企业处于早期或属重点高新技术企业", "early-stage or priority company"),
                money=ticket,
            ),
            Limb(
                False if lead == 0 else at_most(share, follow_on_ratio_max),
                Text(
                    f"不超过领投额的 {pct(follow_on_ratio_max)}"
                    + (f"（{pct(share)}）" if share is not None else ""),
                    f"at most {pct(follow_on_ratio_max)} of the VC's ticket"
                    + (f" ({pct(share)})" if share is not None else ""),
                ),
                share,
                follow_on_ratio_max,
                "share",
                above_ratio,
            ),
            Limb(
                at_most(held, follow_on_amount_max),
                Text(
                    f"单个企业不超过 {money_zh(follow_on_amount_max)}{amount[0]}",
                    f"in one company at most {money_en(follow_on_amount_max)}{amount[1]}",
                ),
                held,
                follow_on_amount_max,
                "fen",
                None if held is None else held - follow_on_amount_max,
            ),
        ],
        money=ticket,
        inputs={"amount": deal.fen, "in_company": held, "lead_ticket": deal.lead_ticket},
    )


@rule(
    "GF-36",
    Level.LOCAL,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text("市级直投限制（哈尔滨）", "City-level direct investment limits (example)"),
    sources=[docs.HARBIN_2019.at("第4、6条")],
    params=[
        "harbin_stake_max",
        "harbin_years_min",
        "harbin_years_max",
        "harbin_fixed_assets_min",
        "harbin_owner_equity_min",
    ],
    on="day",
)
def harbin_direct(
    deal: DealFacts,
    *,
    harbin_stake_max: Decimal,
    harbin_years_min: int,
    harbin_years_max: int,
    harbin_fixed_assets_min: int,
    harbin_owner_equity_min: Decimal,
) -> Outcome | None:
    """A direct stake with Harbin: at most a fifth of the project (earlier tickets in it included), 3 to 5 years, size
    and own-equity tests."""
    fund = deal.fund
    direct = fund.investment_mode is InvestmentMode.DIRECT_PROJECT
    if not deal.is_purchase or fund.municipality is not City.HARBIN:
        return None
    if fund.investment_mode is None and fund.kind is PartyKind.GUIDANCE_FUND:
        return missing(
            Text("出资方式（是否直投项目）", "investment mode (a direct project or not)"), money=deal.fen
        )
    if not direct:
        return None
    total, equity, fixed = deal.project_investment, deal.project_owner_equity, deal.project_fixed_assets
    stake = None if deal.company_cost is None or not total else ratio(deal.company_cost, total)
    owner = None if equity is None or not total else ratio(equity, total)
    years = deal.planned_years
    above_cap = (
        None
        if stake is None or not total
        else (deal.company_cost or 0) - math.floor(harbin_stake_max * total)
    )
    return checklist(
        [
            Limb(
                at_most(stake, harbin_stake_max),
                Text(
                    f"出资不超过项目总投资的 {pct(harbin_stake_max)}{actual(stake)[0]}",
                    f"stake at most {pct(harbin_stake_max)} of the project{actual(stake)[1]}",
                ),
                stake,
                harbin_stake_max,
                "share",
                above_cap,
            ),
            Limb(
                all_of(at_least(years, harbin_years_min), at_most(years, harbin_years_max)),
                Text(
                    f"持有 {harbin_years_min}—{harbin_years_max} 年{actual(years)[0]}",
                    f"held {harbin_years_min} to {harbin_years_max} years{actual(years)[1]}",
                ),
                years,
                harbin_years_min if below(years, harbin_years_min) else harbin_years_max,
                "years",
                deal.fen,
            ),
            Limb(
                at_least(fixed, harbin_fixed_assets_min),
                Text(
                    f"固定资产投资不低于 {money_zh(harbin_fixed_assets_min)}{actual(fixed, fen=True)[0]}",
                    f"fixed assets at least {money_en(harbin_fixed_assets_min)}{actual(fixed, fen=True)[1]}",
                ),
                fixed,
                harbin_fixed_assets_min,
                "fen",
                deal.fen,
            ),
            Limb(
                at_least(owner, harbin_owner_equity_min),
                Text(
                    f"自有资金不低于 {pct(harbin_owner_equity_min)}{actual(owner)[0]}",
                    f"owner's equity at least {pct(harbin_owner_equity_min)}{actual(owner)[1]}",
                ),
                owner,
                harbin_owner_equity_min,
                "share",
                deal.fen,
            ),
        ],
        money=deal.fen,
        inputs={
            "in_company": deal.company_cost,
            "stake": stake,
            "owner_equity": owner,
            "years": years,
            "fixed_assets": fixed,
        },
    )


@rule(
    "GF-64",
    Level.LAW,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text("关联交易", "Related-party deals"),
    sources=[docs.ORDER_762.at("第28、54条")],
    on="day",
    later=["decision_ref", "disclosed_on"],  # what it makes due
)
def related_party(deal: DealFacts) -> Outcome | None:
    """A related-party deal needs the contract's decision and disclosure to investors and custodian."""
    if deal.related_party is False:
        return Outcome(Verdict.PASS, Text("非关联交易", "Not a related-party deal"))
    met = bool(deal.decision_ref) and deal.disclosed_on is not None
    if deal.related_party is None and not met:  # decided and disclosed, it is in order either way
        return missing(Text("是否为关联交易", "whether it is a related-party deal"))
    return Outcome(
        breach_unless(met),
        Text(
            f"关联交易：决策文件 {deal.decision_ref or '无'}，披露日 {deal.disclosed_on or '无'}",
            f"Related-party deal: decision {deal.decision_ref or 'none'}, disclosed {deal.disclosed_on or 'never'}",
        ),
        money=None if met else deal.fen,
        inputs={"decision_ref": deal.decision_ref, "disclosed_on": deal.disclosed_on},
    )
