"""What is planted among the claims: clocks, steps, recoveries, losses paid twice, refunds to guarantors, losses of angel investors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models import pools as w
from models.kinds import Stage
from office.economy import Office
from office.pool_parties import CITY_GUARANTOR, GOOD, GUARANTEED, INSURED, TECH
from office.pool_plants import Plants
from office.pool_register import WAN, PoolLoan, day_after
from office.stream import split

_D = dt.date
_DUE, _DECIDED = _D(2025, 3, 3), _D(2025, 5, 28)
ANGEL = "MG-04"


class ClaimPlants(Plants):
    """Claims that are planted; all on loans that fell due on one day."""

    def _claimed(self, agreement: str, number: int, wan: int, **own: Any) -> tuple[PoolLoan, str]:
        """A loan that fell due and was claimed sixty-three days later; the overdue day may be left out."""
        asked = {"overdue_since": _DUE} | {
            k: own.pop(k) for k in tuple(own) if k in ("overdue_since", "other_compensation")
        }
        loan = self.loan(agreement, number, wan, _D(2024, 3, 4), 12, **own)
        self.register.step(loan, _DUE, w.LoanStep.OVERDUE, step_amount=loan.amount)
        overdue = asked.pop("overdue_since")
        code = self.register.claim(loan, overdue, day_after(_DUE, 63), **asked)
        return loan, code

    def _paid(self, loan: PoolLoan, claim: str, fen: int, decided: dt.date = _DECIDED) -> None:
        say = self.register
        say.reviewed(claim, _D(2025, 5, 7))
        say.decided(claim, decided, fen)
        say.pay(
            day_after(decided, 9),
            w.PoolLeg.COMPENSATION,
            loan.pool,
            loan.guarantor or loan.lender,
            fen,
            claim=claim,
        )

    def claims(self) -> None:
        """Claims on loans shared with a bank."""
        say = self.register
        loan, code = self._claimed("XY-01-01", 124, 100)
        self._paid(loan, code, 50 * WAN, _D(2025, 6, 12))
        say.near("RC-20", "审定", code, "审定恰用二十五个工作日")
        loan, code = self._claimed("XY-01-01", 125, 110)
        self._paid(loan, code, 55 * WAN, _D(2025, 6, 13))
        say.breach("RC-20", "审定", code, "审定用了二十六个工作日")
        _, code = self._claimed("XY-01-01", 126, 120, overdue_since=None)
        say.reviewed(code, _D(2025, 5, 7))
        say.decided(code, _D(2025, 5, 28), 0, w.ClaimDecision.REFUSED, refusal_reason="未提供催收记录")
        say.unknown("RC-20", "逾期", code, "逾期起始日未登记")
        say.unknown("RC-21", "逾期前入池", code, "逾期起始日未登记")
        _, code = self._claimed("XY-01-01", 127, 130)
        say.reviewed(code, _D(2025, 5, 7))
        say.decided(code, _D(2025, 5, 28), 0, w.ClaimDecision.REFUSED)
        say.breach("RC-21", "理由", code, "不予补偿而没有写理由")
        _, code = self._claimed("XY-01-01", 128, 140)
        for on, step in (
            (6, w.ClaimStep.RETURNED),
            (27, w.ClaimStep.RESUBMITTED),
            (30, w.ClaimStep.REVIEWED),
        ):
            say.reviewed(code, _D(2025, 5, on), step)
        say.decided(
            code, _D(2025, 6, 20), 60 * WAN, w.ClaimDecision.PARTLY, refusal_reason="押品处置所得应先扣除"
        )
        say.pay(_D(2025, 6, 27), w.PoolLeg.COMPENSATION, TECH, "BK-11", 60 * WAN, claim=code)
        say.near("RC-20", "初审", code, "退回补正二十一天不计，初审在五个工作日内")
        say.near("RC-21", "理由", code, "部分同意，写明理由")
        self._recoveries()

    def _recoveries(self) -> None:
        say = self.register
        for number, wan, days, stated, verdict, why in (
            (124, 150, 30, True, say.near, "恰在第三十天上缴"),
            (125, 160, 31, True, say.breach, "第三十一天才上缴"),
            (126, 170, -5, False, say.unknown, "先上缴后到账，到账日未登记"),
        ):
            loan, code = self._claimed("XY-01-01", number, wan)
            self._paid(loan, code, loan.amount // 2)
            on, back = _D(2025, 9, 10), 20 * WAN
            say.pay(on, w.PoolLeg.RECOVERY, loan.borrower, loan.lender, back, claim=code)
            loan.moved.append((on, -back))
            own = {"recovery_received_on": on if stated else None, "claim": code}
            shared = day_after(on, days)
            half = split(back, [loan.amount // 2, loan.amount - loan.amount // 2])[0]
            say.pay(shared, w.PoolLeg.RECOVERY_SHARED, loan.lender, TECH, half, **own)
            verdict("RC-24", "天内上缴", code, why)
            if verdict == say.near:
                say.near("RC-36", "补偿净额与留存追偿", loan.code, "追偿款已按承担比例分给资金池")
        loan, code = self._claimed("XY-01-01", 127, 180)
        self._paid(loan, code, loan.amount // 2)
        on, back = _D(2025, 10, 15), loan.amount * 6 // 10
        say.pay(on, w.PoolLeg.RECOVERY, loan.borrower, loan.lender, back, claim=code)
        loan.moved.append((on, -back))
        say.breach("RC-36", "补偿净额与留存追偿", loan.code, "银行留下六成追偿款，又得了一半补偿")
        say.breach("RC-24", "天内上缴", code, "追偿款从未上缴")
        loan, code = self._claimed("XY-01-03", 128, 90)
        say.reviewed(code, _D(2025, 5, 7))
        why = "协议没有写补偿范围，先按三分之一审定"
        say.decided(code, _D(2025, 5, 28), 30 * WAN, w.ClaimDecision.PARTLY, refusal_reason=why)
        say.unknown("RC-36", "损失", loan.code, "协议没有写补偿范围")

    def refunds(self) -> None:
        """Refunds of what guarantors lost on certified firms."""
        say = self.register
        for number, guarantor, other, verdict, limb, why in (
            (124, GOOD, 0, say.near, "补偿额", "恰按实际代偿的三成"),
            (125, CITY_GUARANTOR, 0, say.breach, "省级担保机构", "市级担保机构，不在名单内"),
            (126, GOOD, None, say.unknown, "补偿额", "是否另获补偿未登记"),
        ):
            fees = {"guarantor": guarantor, "guarantee_fee_rate": "0.01"}
            loan, code = self._claimed("XY-02-10", number, 100, other_compensation=other, **fees)
            advanced = loan.amount * 8 // 10
            say.pay(_D(2025, 5, 12), w.PoolLeg.GUARANTOR_PAID, guarantor, loan.lender, advanced, claim=code)
            self._paid(loan, code, advanced * 3 // 10)
            verdict("RC-11", limb, code, why)

    def angels(self, office: Office) -> None:
        """Losses of an institution on three investments that were written off."""
        say = self.register
        lost = [
            d.code
            for purse in office.vehicles
            for d in purse.book.deals
            if d.kind == "核销" and d.day.year < 2025
        ]
        for deal, stage, fen, verdict, why in (
            (lost[0], Stage.SEED, 60 * WAN, say.near, "种子期，恰按损失的六成"),
            (lost[1], Stage.STARTUP, 31 * WAN, say.breach, "初创期损失一百万元，补偿了三十一万元"),
            (lost[2], None, 30 * WAN, say.unknown, "投资时阶段未登记"),
        ):
            code = say.number("SQ-2025")
            own = {"agreement": "XY-01-13", "deal": deal, "claimant": ANGEL}
            loss = {"loss_invested": 200 * WAN, "loss_recovered": 100 * WAN, "stage_invested": stage}
            step = w.ClaimStep
            say.add("claims", code=code, since=_D(2025, 4, 1), claim_step=step.SUBMITTED, **own, **loss)
            say.reviewed(code, _D(2025, 4, 3))
            say.decided(code, _D(2025, 4, 22), fen)
            say.pay(_D(2025, 5, 6), w.PoolLeg.COMPENSATION, TECH, ANGEL, fen, claim=code)
            verdict("RC-37", "投资额" if stage is None else "补偿额", code, why)
        reason = "协议不补偿单个项目，只看全部项目合计"
        for deal, invested, recovered in ((lost[3], 300, 100), (lost[4], 200, 200)):
            code = say.number("SQ-2025")
            own = {"agreement": "XY-01-14", "deal": deal, "claimant": ANGEL, "stage_invested": Stage.SEED}
            sums = {"loss_invested": invested * WAN, "loss_recovered": recovered * WAN}
            say.add(
                "claims", code=code, since=_D(2025, 4, 8), claim_step=w.ClaimStep.SUBMITTED, **own, **sums
            )
            say.reviewed(code, _D(2025, 4, 10))
            say.decided(code, _D(2025, 4, 24), 0, w.ClaimDecision.REFUSED, refusal_reason=reason)
            say.near("RC-37", "全部项目合计亏损", code, "两个项目合计亏损恰为投资额的四成")

    def pools(self) -> None:
        """What must be said of the pools themselves."""
        say = self.register
        say.near("RC-08", "低于预警线", TECH, "代偿率一直低于预警线")
        say.breach("RC-08", "暂停后仍有新增", GUARANTEED, "一家银行触及上限后仍新增入池")
        say.unknown("RC-08", "暂停新增的代偿率上限", INSURED, "没有约定暂停新增的上限")
        say.near("RC-18", "放大", TECH, "放大倍数在十倍以内")
        say.breach("RC-18", "放大", GUARANTEED, "赔付之后放大倍数过高")
        say.near("RC-22", "余额", TECH, "触及封顶即止，从未超付")
        say.unknown("RC-22", "补偿封顶", INSURED, "封顶限额尚未核定")
        say.near("RC-23", "补足线", TECH, "余额高于补足线")
        say.breach("RC-23", "补足期限", GUARANTEED, "低于补足线，逾期没有补足")
