"""Vouchers, post-subsidies and rewards of the demo office, and what an auditor must say of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import instruments as w
from office.instrument_register import LAB, TESTER, InstrumentRegister, firm
from office.parties import PROVINCE
from office.positions import WAN

_D = dt.date
_OTHER_ISSUER = "GOV-230600"
STEP, NO = w.GrantStep, w.GrantDecision.REFUSED


# -- vouchers -----------------------------------------------------------------------------------------------------------


def _voucher(
    register: InstrumentRegister,
    number: int,
    of: int,
    decided: dt.date | None,
    cost: int | None,
    granted: int | None,
    *,
    paid: bool = False,
    decision: w.GrantDecision = w.GrantDecision.WHOLLY,
    reasons: tuple[w.RefusalReason, ...] = (),
    **own: Any,
) -> str:
    """An application of a firm (from 1) for a service of March 2024, decided on a day; its code."""
    code = f"CXQ-{number:04d}"
    asked = {
        "cost_invoiced": cost,
        "cost_paid": cost,
        "cost_evidence": f"{code} 发票与付款回单",
        "other_grants": 0,
        "provider": LAB,
        "service_content": "检验检测",
        "service_contract_on": _D(2024, 3, 1),
        "service_accepted_on": _D(2024, 9, 2),
        "provider_independent": True,
    } | own
    ends = {"code": code, "claimant": firm(of), "issuer": PROVINCE}
    applied = _D(2024, 9, 10) if decided is None else decided - dt.timedelta(days=20)
    register.add(
        "voucher_claims", **ends, since=applied, grant_step=STEP.APPLIED, eligible_cost=cost, **asked
    )
    if decided is not None:
        register.add(
            "voucher_claims",
            **ends,
            since=decided,
            grant_step=STEP.DECIDED,
            grant_decision=decision,
            granted_amount=granted,
            refusal_reasons=reasons or None,
        )
    if paid:
        on = (decided or applied) + dt.timedelta(days=15)
        register.add("voucher_claims", **ends, since=on, grant_step=STEP.PAID, amount=granted)
    return code


def vouchers(register: InstrumentRegister) -> None:
    r, on = register, _D(2024, 10, 21)
    clean = _voucher(r, 1, 1, on, 8 * WAN, 4 * WAN, paid=True)
    r.near("IV-01", "实际费用比例", clean, "费用八万元，补助四万元")
    full = _voucher(
        r, 2, 2, on, 20 * WAN, 10 * WAN, paid=True, other_grants=10 * WAN, service_accepted_on=_D(2025, 3, 1)
    )
    r.near("IV-01", "自然年度内该企业合计", full, "恰为每年上限")
    r.near("IV-02", "各项补助合计", full, "各项补助合计恰等于费用，恰在有效期最后一日验收")
    half = _voucher(r, 3, 3, on, 6 * WAN, 3 * WAN + 1)
    r.breach("IV-01", "审定金额（按实际费用比例）", half, "比一半多一分")
    over = _voucher(r, 4, 1, _D(2024, 12, 2), 14 * WAN, 7 * WAN)
    r.breach("IV-01", "自然年度内该企业合计", over, "同年已有四万元，再七万元超过十万元")
    anew = _voucher(r, 5, 1, _D(2025, 1, 6), 14 * WAN, 7 * WAN)
    r.near("IV-01", "自然年度内该企业合计", anew, "次年重新计算")
    costless = _voucher(r, 6, 5, on, None, 1 * WAN, cost_invoiced=2 * WAN, cost_paid=2 * WAN)
    r.unknown("IV-01", "审定金额（按实际费用比例）", costless, "实际费用未登记")
    r.unknown("IV-02", "实际发生费用", costless, "实际费用未登记")
    expired = _voucher(r, 7, 4, on, 6 * WAN, 3 * WAN)
    r.breach("IV-02", "签约日为科技型中小企业", expired, "入库资格在签约前一日到期")
    r.add(
        "edges",
        owner=TESTER,
        owned=firm(6),
        since=_D(2023, 1, 5),
        share=Decimal("0.20"),
        basis="股权",
        document="示例公司章程",
    )
    related = _voucher(r, 8, 6, on, 6 * WAN, 3 * WAN, provider=TESTER)
    r.breach("IV-02", "服务机构不是关联方", related, "服务机构持有企业两成股权")
    unpaid = _voucher(r, 9, 2, _D(2025, 2, 10), 6 * WAN, 3 * WAN, cost_paid=5 * WAN)
    r.breach("IV-02", "已付款", unpaid, "尚欠一万元服务费")
    twice = _voucher(r, 10, 3, _D(2025, 2, 10), 6 * WAN, 3 * WAN, other_grants=3 * WAN + 1)
    r.breach("IV-02", "各项补助合计", twice, "各项补助合计比费用多一分")
    late = _voucher(r, 11, 5, _D(2025, 4, 10), 6 * WAN, 3 * WAN, service_accepted_on=_D(2025, 3, 2))
    r.breach("IV-02", "在有效期内使用", late, "有效期满次日验收")
    silent = _voucher(r, 12, 3, _D(2026, 2, 10), 6 * WAN, 3 * WAN, provider_independent=None)
    r.unknown("IV-02", "服务机构不是关联方", silent, "没有声明")
    _voucher(
        r,
        13,
        4,
        _D(2025, 2, 10),
        6 * WAN,
        None,
        decision=NO,
        reasons=(w.RefusalReason.NOT_ELIGIBLE, w.RefusalReason.NO_EVIDENCE),
    )
    waiting = _voucher(r, 14, 2, None, 9 * WAN, None)
    r.near("IV-02", "各项补助合计", waiting, "尚未审定，条件已具备")


# -- post-subsidies and rewards -----------------------------------------------------------------------------------------


def _subsidy(
    register: InstrumentRegister,
    number: int,
    of: str,
    decided: dt.date,
    granted: int | None,
    *,
    kind: w.SubsidyKind = w.SubsidyKind.INCUBATION,
    paid: bool = False,
    decision: w.GrantDecision = w.GrantDecision.WHOLLY,
    reasons: tuple[w.RefusalReason, ...] = (),
    issuer: str = PROVINCE,
    **own: Any,
) -> str:
    """An application decided on a day: cost of a million, score 80, own funds of 500,000; its code."""
    code = f"HBZ-{number:04d}"
    asked = own
    if kind is not w.SubsidyKind.REWARD:
        asked = {
            "eligible_cost": 100 * WAN,
            "cost_invoiced": 100 * WAN,
            "cost_paid": 100 * WAN,
            "cost_evidence": f"{code} 发票与付款回单",
            "other_grants": 0,
            "service_score": Decimal(80),
            "score_evidence": f"{code} 绩效评价报告",
            "own_funds": 50 * WAN,
        } | own
    ends = {"code": code, "claimant": of, "issuer": issuer, "subsidy_kind": kind}
    applied = decided - dt.timedelta(days=45)
    register.add("subsidy_claims", **ends, since=applied, grant_step=STEP.APPLIED, **asked)
    register.add(
        "subsidy_claims",
        **ends,
        since=decided,
        grant_step=STEP.DECIDED,
        grant_decision=decision,
        granted_amount=granted,
        refusal_reasons=reasons or None,
    )
    if paid:
        on = decided + dt.timedelta(days=30)
        register.add("subsidy_claims", **ends, since=on, grant_step=STEP.PAID, amount=granted)
    return code


def subsidies(register: InstrumentRegister) -> None:
    r, on = register, _D(2024, 6, 17)
    exact = _subsidy(r, 1, "FH-01", on, 80 * WAN, paid=True)
    r.near("IN-02", "补助（得分 × 费用）", exact, "恰为得分乘费用")
    capped = _subsidy(
        r,
        2,
        "FH-01",
        _D(2025, 6, 16),
        200 * WAN,
        paid=True,
        eligible_cost=400 * WAN,
        cost_invoiced=400 * WAN,
        cost_paid=400 * WAN,
        own_funds=120 * WAN,
    )
    r.near("IN-02", "自筹资金达到比例", capped, "恰为上限，自筹恰为三成")
    above = _subsidy(r, 3, "FH-02", on, 80 * WAN + 1)
    r.breach("IN-02", "补助（得分 × 费用）", above, "比得分乘费用多一分")
    past_cap = _subsidy(
        r,
        4,
        "FH-03",
        on,
        200 * WAN + 1,
        eligible_cost=400 * WAN,
        cost_invoiced=400 * WAN,
        cost_paid=400 * WAN,
        own_funds=120 * WAN,
    )
    r.breach("IN-02", "补助（上限）", past_cap, "比上限多一分")
    other = _subsidy(r, 5, "FH-02", _D(2025, 6, 16), 60 * WAN, other_grants=10 * WAN)
    r.breach("IN-02", "同一费用没有其他补助", other, "同一费用另有市级补助")
    poor = _subsidy(r, 6, "FH-03", _D(2025, 6, 16), 60 * WAN, own_funds=30 * WAN - 1)
    r.breach("IN-02", "自筹资金达到比例", poor, "自筹差一分")
    unsaid = _subsidy(r, 7, "FH-04", _D(2025, 6, 16), 40 * WAN, score_evidence=None)
    r.unknown("IN-02", "评价得分及依据", unsaid, "没有评价依据")
    r.near(
        "IN-02",
        "自筹资金达到比例",
        _subsidy(r, 8, firm(1), _D(2025, 9, 15), 80 * WAN, kind=w.SubsidyKind.RESEARCH, paid=True),
        "企业研发后补助，自筹恰为五成",
    )
    elsewhere = _subsidy(
        r, 9, firm(2), _D(2025, 9, 15), 30 * WAN, kind=w.SubsidyKind.RESEARCH, issuer=_OTHER_ISSUER
    )
    r.unknown("IN-02", "补助（上限）", elsewhere, "支付方没有登记上限与自筹比例")
    _subsidy(r, 10, "FH-04", _D(2024, 7, 1), None, decision=NO, reasons=(w.RefusalReason.LOW_SCORE,))


def rewards(register: InstrumentRegister) -> None:
    """Rewards for investments in S&T-SMEs that funds of the office made."""
    r, kind = register, w.SubsidyKind.REWARD
    good = _subsidy(r, 21, "MG-05", _D(2025, 7, 7), 114_000_00, kind=kind, paid=True, deal="SF-2018-02-X15-1")
    r.near("IN-01", "奖励（按实缴投资比例）", good, "恰为实缴投资的百分之一")
    much = _subsidy(r, 22, "MG-09", _D(2025, 7, 7), 93_500_01, kind=kind, deal="SF-2020-01-X03-1")
    r.breach("IN-01", "奖励（按实缴投资比例）", much, "比百分之一多一分")
    invested = {"reward_invested": 6_000 * WAN, "deal": "SF-2018-02-X16-1"}
    early = _subsidy(
        r,
        23,
        "SO-10",
        _D(2025, 7, 7),
        10 * WAN,
        kind=kind,
        reward_invested=1_000 * WAN,
        reward_invested_on=_D(2024, 7, 7),
        deal="SF-2018-02-X16-1",
    )
    r.breach("IN-01", "投资满 1 年且未退出", early, "审定日恰满一年，尚未超过")
    _subsidy(
        r,
        24,
        "SO-09",
        _D(2025, 7, 7),
        150 * WAN,
        kind=kind,
        reward_invested=15_000 * WAN,
        deal="SF-2018-02-X16-1",
    )
    second = _subsidy(r, 25, "SO-09", _D(2026, 7, 6), 60 * WAN, kind=kind, **invested)
    r.breach("IN-01", "该机构奖励合计", second, "两次合计超过二百万元")
    nameless = _subsidy(
        r,
        26,
        "SO-11",
        _D(2025, 7, 7),
        5 * WAN,
        kind=kind,
        reward_invested=500 * WAN,
        reward_invested_on=_D(2023, 1, 9),
    )
    r.unknown("IN-01", "投资时为科技型中小企业", nameless, "没有写明投资了哪家企业")
