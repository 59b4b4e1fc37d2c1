"""Agreements of the demo office's pools: those of its business, and for each programme one beyond its bounds and one that says
too little. What an auditor must say of them is written beside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import pools as w
from office.pool_parties import DAQING, GUARANTEED, HARBIN, INSURED, NATIONAL, REGUARANTOR, START, TECH
from office.pool_register import WAN, PoolRegister

_D = dt.date
P = w.Programme
_POOL = {"01": TECH, "02": GUARANTEED, "03": INSURED}
_ROLES = [
    "pool",
    "lender",
    "guarantor",
    "insurer",
    "reguarantor",
    "national_fund",
    "local_government",
    "investor_arm",
]


def _shares(text: str) -> dict[str, Decimal]:
    """Shares in the order of the roles, in tenths of a per cent; a dash where a party bears nothing."""
    parts = zip(_ROLES, text.split(), strict=False)
    return {f"share_{role}": Decimal(part) / 1000 for role, part in parts if part != "-"}


def agreement(
    register: PoolRegister, code: str, programme: w.Programme, since: dt.date, shares: str, **own: Any
) -> None:
    """One version of an agreement; principal alone is covered unless it says otherwise."""
    covered = {"covers_principal": True, "covers_interest": False}
    parties = {
        "reguarantor": REGUARANTOR if shares.split()[4:5] not in ([], ["-"]) else None,
        "national_fund": NATIONAL if shares.split()[5:6] not in ([], ["-"]) else None,
        "local_government": DAQING if shares.split()[6:7] not in ([], ["-"]) else None,
    }
    register.add(
        "agreements",
        code=code,
        pool=_POOL[code[3:5]],
        since=since,
        programme=programme,
        document=f"{code} 合作协议",
        **(covered | parties | _shares(shares) | own),
    )


def agreements(register: PoolRegister) -> None:
    """Every agreement, pool by pool."""
    _tech(register)
    _guaranteed(register)
    _insured(register)


def _tech(register: PoolRegister) -> None:
    def add(number: int, programme: w.Programme, since: dt.date, shares: str, **own: Any) -> str:
        code = f"XY-01-{number:02d}"
        agreement(register, code, programme, since, shares, **own)
        return code

    terms: dict[str, Any] = {
        "leverage_max": Decimal(10),
        "claim_wait_days": 60,
        "review_days": 5,
        "decision_days": 25,
        "remit_days": 30,
        "topup_floor": Decimal("0.4"),
        "contribution_basis": w.ContributionBasis.PAID_IN,
        "loan_rate_base": w.RateBase.BENCHMARK,
        "loan_rate_margin": Decimal("0.01"),
    }
    add(1, P.TECH_LOAN_POOL, START, "500 500", **terms)
    own = {"loan_rate_base": w.RateBase.LPR_1Y, "loan_rate_margin": Decimal("0.01")}
    register.add(
        "agreements",
        code="XY-01-01",
        since=_D(2019, 9, 1),
        programme=P.TECH_LOAN_POOL,
        document="补充协议一",
        **own,
    )
    high = add(2, P.TECH_LOAN_POOL, _D(2021, 1, 4), "850 150")
    register.warn("RC-19", "资金池分担", high, "资金池分担 85%，高于八成")
    bare = add(3, P.TECH_LOAN_POOL, _D(2021, 1, 4), "", covers_principal=None, covers_interest=None)
    for rule, limb in (("RC-01", "各方分担比例"), ("RC-19", "资金池分担")):
        register.unknown(rule, limb, bare, "协议没有写各方分担比例")
    add(4, P.IP_PLEDGE, _D(2021, 1, 4), "600 400", leverage_max=Decimal(10), claim_wait_days=60)
    register.near("RC-01", "合计为 100%", "XY-01-04", "两方六四分担，合计恰为 100%")
    add(5, P.KNOWLEDGE_VALUE, _D(2025, 6, 16), "500 500")
    add(6, P.CONVERSION_LOAN, _D(2023, 3, 1), "500 500", agreement_until=_D(2026, 2, 28))
    register.near(
        "RC-19",
        "资金池分担",
        add(7, P.PROVINCE_CITY_LOAN, _D(2020, 1, 2), "700 - - - - - 300"),
        "省七成、地方三成",
    )
    register.near("RC-17", "利息由银行承担", "XY-01-07", "本金由省市分担，利息归银行")
    both = add(8, P.PROVINCE_CITY_LOAN, _D(2020, 1, 2), "700 - - - - - 300", covers_interest=True)
    register.breach("RC-17", "利息由银行承担", both, "协议连利息一并补偿")
    silent = add(9, P.PROVINCE_CITY_LOAN, _D(2020, 1, 2), "700 - - - - - 300", covers_interest=None)
    register.unknown("RC-17", "利息由银行承担", silent, "协议未写是否补偿利息")
    register.unknown("RC-01", "写明是否补偿本金和利息", silent, "协议未写是否补偿利息")
    for number, source in ((10, w.MoneySourceOfArm.OWN), (11, w.MoneySourceOfArm.OTHER), (12, None)):
        add(
            number,
            P.INVESTMENT_LOAN,
            _D(2021, 6, 1),
            "- 500 - - - - - 500",
            equity_money_source=source,
            loan_on_balance_sheet=True,
            investor_arm="SO-03",
        )
    register.near("RC-34", "自有资金", "XY-01-10", "投资子公司只用自有资金，借款人为初创期企业")
    register.breach("RC-34", "自有资金", "XY-01-11", "投资子公司用了募集资金")
    register.unknown("RC-34", "自有资金", "XY-01-12", "投资子公司资金来源未登记")
    add(
        13,
        P.ANGEL_INVESTMENT,
        _D(2020, 1, 2),
        "",
        covers_principal=None,
        covers_interest=None,
        compensation_rate=Decimal("0.6"),
        startup_compensation_rate=Decimal("0.3"),
        project_cap=300 * WAN,
        yearly_cap=600 * WAN,
    )
    add(
        14,  # no single project is compensated; what is lost is tolerated over all of them
        P.ANGEL_INVESTMENT,
        _D(2024, 9, 3),
        "",
        covers_principal=None,
        covers_interest=None,
        compensation_rate=Decimal(0),
        startup_compensation_rate=Decimal(0),
        portfolio_loss_max=Decimal("0.4"),
    )


def _guaranteed(register: PoolRegister) -> None:
    def add(number: int, programme: w.Programme, since: dt.date, shares: str, **own: Any) -> str:
        code = f"XY-02-{number:02d}"
        agreement(register, code, programme, since, shares, **own)
        return code

    fees = {
        "reguarantee_fee_rate": Decimal("0.003"),
        "average_fee_rate": Decimal("0.0095"),
        "fee_cap": Decimal("0.01"),
        "claim_wait_days": 60,
    }
    plan = _D(2024, 8, 1)
    add(1, P.TECH_PLAN_2024, plan, "- 200 200 - 200 400", leverage_max=Decimal(8), **fees)
    register.near("RC-02", "银行分担", "XY-02-01", "银行恰担两成，担保体系恰八成")
    register.near("RC-04", "省级再担保分担", "XY-02-01", "省级再担保恰担两成")
    low = add(2, P.TECH_PLAN_2024, plan, "- 100 400 - 100 400", **fees)
    register.breach("RC-02", "银行分担", low, "银行只担一成")
    register.breach("RC-04", "省级再担保分担", low, "省级再担保只担一成")
    bare = add(3, P.TECH_PLAN_2024, plan, "", **fees)
    for rule in ("RC-01", "RC-02", "RC-04"):
        register.unknown(rule, "分担比例", bare, "协议没有写各方分担比例")
    add(
        4,
        P.SPLIT_4321,
        START,
        "- 200 400 - 300 - 100",
        claim_wait_days=60,
        topup_floor=Decimal("0.8"),
        topup_days=60,
        contribution_basis=w.ContributionBasis.AGREED_SHARE,
        empty_part=w.EmptyPart.OTHERS_BEAR,
    )
    register.near("RC-09", "担保机构分担", "XY-02-04", "恰为四三二一")
    other = add(5, P.SPLIT_4321, START, "- 200 500 - 200 - 100")
    register.breach("RC-09", "担保机构分担", other, "担保机构五成、再担保两成")
    bare = add(6, P.SPLIT_4321, START, "")
    for rule, limb in (("RC-01", "分担比例"), ("RC-02", "分担比例"), ("RC-09", "担保机构分担")):
        register.unknown(rule, limb, bare, "协议没有写各方分担比例")
    add(7, P.SPLIT_4222, _D(2021, 1, 4), "- 200 400 - 200 200", **fees)
    register.near("RC-10", "国家融资担保基金分担", "XY-02-07", "四二二二")
    three = add(8, P.SPLIT_4222, _D(2021, 1, 4), "- 200 600 - 200", **fees)
    register.breach("RC-10", "国家融资担保基金分担", three, "没有约定国家融资担保基金的分担")
    bare = add(9, P.SPLIT_4222, _D(2021, 1, 4), "", **fees)
    for rule in ("RC-01", "RC-02", "RC-10"):
        register.unknown(rule, "分担比例", bare, "协议没有写各方分担比例")
    add(10, P.HLJ_HIGH_TECH, _D(2024, 1, 2), "300 200 500", **(fees | {"reguarantee_fee_rate": None}))
    add(11, P.DOUBLE_STABILITY, _D(2020, 2, 17), "400 200 400", claim_wait_days=60)
    add(12, P.AID_GUARANTEE, START, "500 500")
    add(13, P.BOND_GUARANTEE, _D(2023, 1, 4), "- - 1000")


def _insured(register: PoolRegister) -> None:
    def add(number: int, programme: w.Programme, since: dt.date, shares: str, **own: Any) -> str:
        code = f"XY-03-{number:02d}"
        agreement(register, code, programme, since, shares, **own)
        return code

    first, premium = _D(2020, 1, 2), {"premium_rate": Decimal("0.02"), "premium_refund": Decimal("0.5")}
    add(1, P.PERFORMANCE_INSURANCE, first, "250 300 - 450", **premium)
    register.near("RC-14", "保费", "XY-03-01", "两五、四五、三零，保费按本息百分之二")
    other = add(2, P.PERFORMANCE_INSURANCE, first, "200 300 - 500", **premium)
    register.breach("RC-14", "资金池分担", other, "资金池两成、保险人五成")
    add(3, P.PERFORMANCE_INSURANCE, first, "250 300 - 450", **premium)
    register.unknown("RC-14", "保费", "XY-03-03", "贷款没有登记保险费")
    add(
        4,
        P.INSURED_LOAN,
        _D(2019, 6, 3),
        "200 200 - 600",
        claim_wait_days=60,
        leverage_max=Decimal(20),
        contribution_basis=w.ContributionBasis.LAYER,
    )
    little = add(5, P.INSURED_LOAN, first, "500 200 - 300")
    register.breach("RC-15", "保险人分担", little, "保险人只担三成")
    bare = add(6, P.INSURED_LOAN, first, "")
    for rule, limb in (("RC-01", "分担比例"), ("RC-15", "保险人分担")):
        register.unknown(rule, limb, bare, "协议没有写各方分担比例")
    add(7, P.INSURED_LOAN, first, "- 200 - 800", stop_loss=Decimal("1.3"))
    register.near("RC-15", "止损", "XY-03-07", "保险人赔付恰为保费的一点三倍")
    add(8, P.SMALL_INSURED_LOAN, first, "200 300 - 500")


__all__ = ["HARBIN", "agreement", "agreements"]
