"""What is planted among the loans: for each rule one that is beyond its bound, one that says too little, and near misses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import pools as w
from models.kinds import Stage
from office.pool_parties import (
    BROKEN,
    CITY_GUARANTOR,
    GOOD,
    GUARANTEED,
    INSURED,
    SECOND_INSURER,
    SILENT,
    TECH,
    firm,
    rate_on,
)
from office.pool_register import WAN, PoolLoan, PoolRegister, day_after

_D = dt.date
_BANK = "BK-11"
_SMALL, _MEDIUM = w.SizeClass.SMALL, w.SizeClass.MEDIUM
_POOL = {"01": TECH, "02": GUARANTEED, "03": INSURED}
_CERTIFICATES = (
    "high_tech_until",
    "st_sme_until",
    "little_giant_until",
    "specialised_until",
    "state_project_until",
    "innovation_scored_until",
    "innovative_sme_until",
)


class Plants:
    """Loans that are planted, each with what follows from it."""

    def __init__(self, register: PoolRegister) -> None:
        self.register = register

    def loan(
        self, agreement: str, number: int, wan: int, on: dt.date, months: int = 12, **own: Any
    ) -> PoolLoan:
        """A loan of a firm that borrows nothing else, by a bank at a usual rate unless it says otherwise."""
        cells = {"loan_rate": rate_on(on) + Decimal("0.006"), "borrower_size": _SMALL} | own
        pool = _POOL[agreement[3:5]]
        return self.register.loan(pool, agreement, firm(number), _BANK, wan * WAN, on, months, **cells)

    def borrowers(self) -> None:
        """Certificates and capital of the firms that borrow."""
        add, since = self.register.add, _D(2018, 1, 2)
        expired = dict.fromkeys(_CERTIFICATES, _D(2020, 12, 31))
        add("borrower_certificates", party=firm(121), since=since, document="资质查询", **expired)
        capital = {
            "paid_in_capital": 100 * WAN,
            "high_tech_until": _D(2027, 12, 31),
            "document": "营业执照与证书",
        }
        for number in (123, 124, 125, 126):
            add("borrower_certificates", party=firm(number), since=since, **capital)

    # -- loans shared with a bank -------------------------------------------------------------------------------------

    def tech(self) -> None:
        """Pledges, scores, results, linkage, rates."""
        say, on = self.register, _D(2025, 9, 1)
        ip: dict[str, Any] = {"collateral": w.Collateral.IP, "ip_registration": "示例质押登记"}
        good = self.loan("XY-01-04", 121, 1_000, on, **ip)
        say.near("RC-31", "单笔", good.code, "恰为一千万元")
        house = self.loan("XY-01-04", 122, 300, on, **(ip | {"collateral": w.Collateral.PROPERTY}))
        say.breach("RC-31", "知识产权质押", house.code, "押品是不动产")
        bare = self.loan("XY-01-04", 123, 300, on, **(ip | {"ip_registration": None}))
        say.unknown("RC-31", "质押登记", bare.code, "没有质押登记编号")
        credit = {
            "loan_channel": w.Channel.CREDIT,
            "collateral": w.Collateral.NONE,
            "knowledge_score": Decimal(82),
        }
        good = self.loan("XY-01-05", 124, 200, on, 36, **credit)
        say.near("RC-32", "期限", good.code, "恰为三十六个月")
        long = self.loan("XY-01-05", 125, 200, on, 48, **credit)
        say.breach("RC-32", "期限", long.code, "期限四十八个月")
        bare = self.loan("XY-01-05", 126, 200, on, 36, **(credit | {"knowledge_score": None}))
        say.unknown("RC-32", "评分", bare.code, "没有知识价值评分")
        listed = {"conversion_listed": True, "borrower_revenue": 30_000 * WAN}
        good = self.loan("XY-01-06", 124, 400, on, 12, **listed)
        say.near("RC-33", "营业收入", good.code, "营业收入恰三亿元，期限恰一年，协议恰三年")
        short = self.loan("XY-01-06", 125, 400, on, 11, **listed)
        say.breach("RC-33", "期限", short.code, "期限十一个月")
        bare = self.loan("XY-01-06", 126, 400, on, 12, **(listed | {"borrower_revenue": None}))
        say.unknown("RC-33", "营业收入", bare.code, "营业收入未登记")
        for agreement in ("XY-01-10", "XY-01-11", "XY-01-12"):
            linked = {"borrower_stage": Stage.STARTUP, "warrant_terms": "示例认股权：下一轮八折认购五十万元"}
            self.loan(agreement, 127, 200, on, **linked)
        good = self.loan("XY-01-01", 124, 300, on, loan_rate=rate_on(on) + Decimal("0.01"))
        say.near("RC-35", "利率", good.code, "利率恰为一年期LPR加一百个基点")
        dear = self.loan("XY-01-01", 125, 300, on, loan_rate=rate_on(on) + Decimal("0.0101"))
        say.breach("RC-35", "利率", dear.code, "利率比上限高一个基点")
        bare = self.loan("XY-01-01", 126, 300, on, loan_rate=None)
        say.unknown("RC-35", "利率", bare.code, "贷款利率未登记")

    # -- guaranteed loans ---------------------------------------------------------------------------------------------

    def guaranteed(self) -> None:
        """Tiers, fees, ceilings, tickets, collateral."""
        say, on = self.register, _D(2025, 10, 9)
        plan: dict[str, Any] = {"guarantor": GOOD, "other_fees": 0, "guarantee_fee_rate": Decimal("0.01")}
        certified = self.loan("XY-02-01", 1, 500, on, **plan)
        say.near("RC-03", "国家基金分担", certified.code, "小巨人企业，国家基金恰担四成")
        none = self.loan("XY-02-01", 121, 300, on, **plan)
        say.breach("RC-03", "国家基金分担", none.code, "证书全部过期，国家基金仍担四成")
        bare = self.loan("XY-02-01", 122, 300, on, **plan)
        say.unknown("RC-03", "国家基金分担", bare.code, "企业资质未登记")
        say.near("RC-05", "再担保费率", certified.code, "五百万元恰按千分之三，担保费恰为百分之一")
        more = self.loan("XY-02-07", 125, 200, on, **(plan | {"other_fees": 1_000_00}))
        say.breach("RC-05", "其他费用", more.code, "另收咨询费一千元")
        bare = self.loan("XY-02-07", 126, 200, on, **(plan | {"other_fees": None}))
        say.unknown("RC-05", "其他费用", bare.code, "是否另有收费未登记")
        for wan in (500, 500):
            last = self.loan("XY-02-07", 123, wan, on, **plan)
        say.near("RC-06", "在保余额", last.code, "两笔合计恰一千万元")
        for wan in (500, 501):
            last = self.loan("XY-02-07", 124, wan, on, **(plan | {"guarantee_fee_rate": Decimal("0.008")}))
            say.breach("RC-06", "在保余额", last.code, "两笔合计一千零一万元")
        self._stability()
        self._aid()

    def _stability(self) -> None:
        say, on = self.register, _D(2021, 3, 1)
        terms: dict[str, Any] = {
            "guarantor": GOOD,
            "guarantee_fee_rate": Decimal("0.005"),
            "list_managed": True,
            "working_capital": True,
            "counter_guarantee_pledged": False,
        }
        good = self.loan("XY-02-11", 127, 500, on, **terms)
        say.near("RC-12", "单笔金额", good.code, "小型企业恰五百万元，恰十二个月")
        long = self.loan("XY-02-11", 126, 300, on, 13, **terms)
        say.breach("RC-12", "期限", long.code, "期限十三个月")
        bare = self.loan("XY-02-11", 125, 300, on, **(terms | {"list_managed": None}))
        say.unknown("RC-12", "名单", bare.code, "是否在名单内未登记")
        for loan in (good, long, bare):
            say.repaid(loan, loan.due)

    def _aid(self) -> None:
        say, on = self.register, _D(2019, 5, 6)
        for number, value, verdict, why in (
            (124, 500 * WAN, say.near, "押品恰为贷款的一半"),
            (125, 499 * WAN, say.breach, "押品不到贷款的一半"),
            (126, None, say.unknown, "押品价值未登记"),
        ):
            loan = self.loan("XY-02-12", number, 1_000, on, 36, collateral_value=value)
            verdict("RC-13", "押品价值", loan.code, why)
            say.repaid(loan, loan.due)

    def guarantors(self) -> None:
        """Loans and bonds of the guarantor beyond every bound, and of the one that told nothing."""
        say, on = self.register, _D(2025, 11, 3)
        fees: dict[str, Any] = {"other_fees": 0, "guarantee_fee_rate": Decimal("0.008")}
        for number in (127, 128, 129):
            medium = {"guarantor": BROKEN, "borrower_size": _MEDIUM}
            self.loan("XY-02-08", number, 490, on, **fees, **medium)
        why = {
            "RC-07": ("小微与三农占比", "全部在保为中型企业"),
            "RC-25": ("责任余额不超过净资产", "责任余额超过净资产十倍，不以小微为主"),
            "RC-26": ("单户占净资产", "单户为净资产三倍有余"),
            "RC-27": ("控股股东", "为控股股东担保"),
            "RC-30": ("准备金", "两项准备金都不足"),
        }
        for rule, (limb, text) in why.items():
            say.breach(rule, limb, BROKEN, text)
        bond = {"loan_kind": w.LoanKind.BOND, "guarantee_fee_rate": Decimal("0.008")}
        self.loan("XY-02-13", 127, 600, on, 36, guarantor=GOOD, issuer_rating="AA+", **bond)
        self.loan("XY-02-13", 128, 600, on, 36, guarantor=SILENT, **bond)
        for rule, limb in (
            ("RC-07", "政府性融资担保机构"),
            ("RC-25", "净资产"),
            ("RC-26", "净资产"),
            ("RC-27", "控股股东"),
            ("RC-28", "加权责任余额"),
            ("RC-29", "债券评级"),
            ("RC-30", "准备金"),
        ):
            say.unknown(rule, limb, SILENT, "担保机构未报送资料，债券没有评级")
        related = {"related_reported_on": day_after(on, 30), "no_better_terms": True, "guarantor": GOOD}
        self.loan("XY-02-07", 128, 200, on, **fees, **related)
        say.near("RC-27", "按时报告", GOOD, "关联担保恰在第三十天报告，条件不优于他人")
        say.near("RC-28", "责任余额", GOOD, "债券计入责任余额")
        say.near("RC-30", "未到期责任准备金", GOOD, "未到期责任准备金恰为担保费收入的一半")
        say.near("RC-26", "净资产", CITY_GUARANTOR, "单户远低于净资产一成")

    # -- insured loans ------------------------------------------------------------------------------------------------

    def insured(self) -> None:
        """Premiums, stop loss, sizes."""
        say, on = self.register, _D(2024, 11, 4)
        rate = Decimal("0.0435")
        whole = 300 * WAN * (1 + rate)
        for agreement, premium in (("XY-03-01", int(whole * 2 / 100)), ("XY-03-03", None)):
            terms = {"insurer": SECOND_INSURER, "loan_rate": rate, "loan_premium": premium}
            loan = self.loan(agreement, 124, 300, on, **terms)
            say.repaid(loan, loan.due)
        for number, wan, revenue, verdict, limb, why in (
            (124, 500, 10_000 * WAN, say.near, "单笔", "单笔恰五百万元，营业收入恰一亿元"),
            (125, 501, 9_000 * WAN, say.breach, "单笔", "单笔五百零一万元"),
            (126, 300, None, say.unknown, "营业收入", "营业收入未登记"),
        ):
            loan = self.loan("XY-03-08", number, wan, on, insurer=SECOND_INSURER, borrower_revenue=revenue)
            verdict("RC-16", limb, loan.code, why)
            say.repaid(loan, loan.due)
        stopped = self.loan("XY-03-07", 127, 195, _D(2023, 5, 8), insurer=SECOND_INSURER)
        bears = stopped.amount * 4 // 5
        policy = {"loan": stopped.code}
        say.pay(
            _D(2023, 5, 9), w.PoolLeg.PREMIUM, stopped.borrower, SECOND_INSURER, bears * 10 // 13, **policy
        )
        due = _D(2024, 5, 8)
        say.step(stopped, due, w.LoanStep.OVERDUE, step_amount=stopped.amount)
        claim = say.claim(stopped, due, _D(2024, 7, 15))
        say.reviewed(claim, _D(2024, 7, 17))
        say.pay(_D(2024, 8, 15), w.PoolLeg.GUARANTOR_PAID, SECOND_INSURER, _BANK, bears, claim=claim)
        say.decided(claim, _D(2024, 8, 6), stopped.amount * 4 // 5)
