"""What a fund may put its money into, and how much of it. GF-24, 34, 36, 64."""

from __future__ import annotations

import math
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts_deals import DealFacts
from fof.rules.mandate import EARLY
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
    rule,
)
from fof.rules.truth import above, all_of, any_of, at_least, at_most, below
from fof.rules.wording import actual, money_en, money_zh, pct, ratio
from models.kinds import City, InvestmentMode, PartyKind, SupportMode
from models.rule_kinds import CashProduct
from models.text import Text

SAFE_CASH = frozenset({CashProduct.DEPOSIT, CashProduct.TREASURY_BOND, CashProduct.FIXED_INCOME})


@rule(
    "GF-24",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("单个企业投资上限", "Single-company concentration"),
    sources=[docs.ORDER_39.at("第16条"), docs.NDRC_2800.at("第26条")],
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


@rule(
    "GF-34",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("引导基金跟进投资", "Follow-on investment by a guidance fund"),
    sources=[
        docs.MOF_128.at("第四章")
    ],  # the limits are its own; 国办发〔2008〕116号 states the principle alone
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
