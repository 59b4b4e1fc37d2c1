"""What members of staff do wrong in the demo office, nearly do wrong, and leave unsaid: CI-03, 05, 08, 09, 11, 13 … 15, 18, 25,
26, 29, 31, 32. Each project is otherwise sound; subjects are stakes unless a line names another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from models import coinvest as w
from models.kinds import EdgeBasis, PartyKind
from office.days import LAST
from office.staff_people import ANGEL, MEDICAL, OUTSIDER, employment, person_code
from office.staff_projects import StaffProject
from office.staff_register import StaffRow, day_after

_D = dt.date


def _angel(number: int) -> str:
    return person_code(ANGEL, number)


def _without(row: StaffRow, *names: str) -> None:
    for name in names:
        row.pop(name, None)


def money_of_their_own(own: StaffProject) -> None:
    """CI-14: people 4 to 7."""
    r, code = own.register, own.stake_code
    own.payment(_angel(4)).update(money_source=w.MoneySource.LOAN_OF_INSTITUTION, money_lender=ANGEL)
    r.breach("CI-14", "自有资金", code(_angel(4)), "本机构借款出资")
    own.payment(_angel(5))["money_source"] = w.MoneySource.SAVINGS
    r.near("CI-14", "自有资金", code(_angel(5)), "以自有储蓄出资并有证明")
    _without(own.payment(_angel(6)), "money_proof")
    r.unknown("CI-14", "自有资金", code(_angel(6)), "未提供资金证明")
    own.payment(_angel(7))["account_holder"] = _angel(6)
    r.breach("CI-14", "自有资金", code(_angel(7)), "由他人账户付款")


def declared_in_time(own: StaffProject) -> None:
    """CI-11: people 5 to 8."""
    r, code = own.register, own.stake_code
    own.declaration(_angel(5)).update(declared_on=own.met, since=own.met)
    r.breach("CI-11", "投决会前申报", code(_angel(5)), "投决会当日才申报")
    eve = day_after(own.met, -1)
    own.declaration(_angel(6)).update(declared_on=eve, since=eve, reviewed_on=eve)
    r.near("CI-11", "投决会前申报", code(_angel(6)), "投决会前一日申报")
    _without(own.declaration(_angel(7)), "review_outcome", "reviewed_on")
    r.unknown("CI-11", "审查结论允许", code(_angel(7)), "审查结论未登记")
    own.declaration(_angel(8))["review_outcome"] = w.ReviewOutcome.REJECTED
    r.breach("CI-11", "审查结论允许", code(_angel(8)), "审查不予同意仍跟投")


def held_for_another(own: StaffProject) -> None:
    """CI-15: people 6 to 9."""
    r, code = own.register, own.stake_code
    for number, until in ((6, None), (7, day_after(own.day, 400))):
        own.add(
            "nominees",
            code=f"DC-{own.code}-{number:02d}",
            staff_stake=code(_angel(number)),
            holder=_angel(number),
            beneficiary=OUTSIDER,
            since=own.day,
            nominee_from=own.day,
            nominee_until=until,
        )
    r.breach("CI-15", "代持", code(_angel(6)), "替他人代持，至今未清理")
    r.warn("CI-15", "曾有代持", code(_angel(7)), "代持已清理")
    _without(own.stake(_angel(8)), "no_nominee")
    r.unknown("CI-15", "确认无代持", code(_angel(8)), "是否代持未确认")
    asked(own, _angel(9), "no_nominee", w.RequestAnswer.PROVIDED)
    r.near("CI-15", "确认无代持", code(_angel(9)), "审计询问后已书面确认无代持")


def asked(own: StaffProject, person: str, item: str, answer: w.RequestAnswer) -> None:
    """A line of a request list about a stake, answered in June 2026."""
    own.add(
        "requests",
        code=f"XQ-{own.code}-{person[-2:]}-{item}",
        staff_stake=own.stake_code(person),
        institution=own.firm,
        since=_D(2026, 6, 8),
        request_item=item,
        request_due=_D(2026, 7, 8),
        answer=answer,
        answered_by="投资管理部",
        answered_on=_D(2026, 6, 8),
    )


def side_terms(own: StaffProject) -> None:
    """CI-13: people 7 to 9; the institution itself is protected against dilution."""
    r, code = own.register, own.stake_code
    own.terms["deal_side_terms"] = (w.SideTerm.ANTI_DILUTION,)
    own.stake(_angel(7)).update(stake_side_terms=(w.SideTerm.PUT,), no_side_terms=False)
    r.breach("CI-13", "没有机构所无的附加保护", code(_angel(7)), "跟投人员另有回售权")
    own.stake(_angel(8)).update(stake_side_terms=(w.SideTerm.ANTI_DILUTION,), no_side_terms=False)
    r.near("CI-13", "没有机构所无的附加保护", code(_angel(8)), "反稀释条款机构同样享有")
    _without(own.stake(_angel(9)), "no_side_terms")
    r.unknown("CI-13", "没有机构所无的附加保护", code(_angel(9)), "有无附加条款未确认")


def leaks(own: StaffProject) -> None:
    """CI-29: people 21 to 24, who have no other stake."""
    r, code = own.register, own.stake_code
    for number, leaked, cleared in ((21, -30, None), (22, -30, 0), (23, 1, 40), (24, None, None)):
        since = day_after(own.day, -30 if leaked is None else leaked)
        own.add(
            "incidents",
            code=f"XM-{own.code}-{number}",
            person=_angel(number),
            deal=own.code,
            since=since,
            leaked_on=None if leaked is None else since,
            incident_cleared_on=None if cleared is None else day_after(own.day, cleared),
        )
    r.breach("CI-29", "已处理完毕", code(_angel(21)), "泄密事件未了结即跟投")
    r.near("CI-29", "已处理完毕", code(_angel(22)), "投资当日处理完毕")
    r.near("CI-29", "已处理完毕", code(_angel(23)), "投资次日才发生")
    r.unknown("CI-29", "已处理完毕", code(_angel(24)), "泄密发生日未登记")


def contracts(own: StaffProject) -> None:
    """CI-05: people 25 to 30."""
    r, code, day = own.register, own.stake_code, own.day
    employment(r, _angel(25))["staff_contract"] = w.StaffContract.SERVICE
    r.breach("CI-05", "劳动合同", code(_angel(25)), "劳务派遣人员")
    employment(r, _angel(26))["insured_from"] = day_after(day, -20)
    r.breach("CI-05", "社会保险", code(_angel(26)), "社保缴纳不足一个月")
    employment(r, _angel(27)).update(insured_from=_month_before(day), insured_until=day)
    r.near("CI-05", "社会保险", code(_angel(27)), "社保至当日恰满一个月")
    retiree = employment(r, _angel(28))
    retiree["staff_contract"] = w.StaffContract.REHIRED_RETIREE
    _without(retiree, "insured_from")
    r.near("CI-05", "社会保险", code(_angel(28)), "退休返聘人员不要求社保")
    _without(employment(r, _angel(29)), "contract_from")
    r.unknown("CI-05", "合同当日有效", code(_angel(29)), "合同起始日未登记")
    employment(r, _angel(30))["contract_until"] = day_after(day, -1)
    r.breach("CI-05", "合同当日有效", code(_angel(30)), "劳动合同前一日到期未续签")


def _month_before(day: dt.date) -> dt.date:
    return day.replace(month=day.month - 1, day=min(day.day, 28))


def groups(own: StaffProject) -> None:
    """CI-03: people 31 and 32."""
    r, code, day = own.register, own.stake_code, own.day
    employment(r, _angel(31))["role_class"] = w.RoleClass.OTHER_STAFF
    r.breach("CI-03", "当日为", code(_angel(31)), "普通员工不在可跟投范围")
    employment(r, _angel(32))["role_class"] = w.RoleClass.OTHER_STAFF
    r.add(
        "employments",
        day.year,
        code=f"RZ-{_angel(32)[3:]}",
        person=_angel(32),
        employer=ANGEL,
        since=day,
        role_class=w.RoleClass.MID_LEVEL,
        document="任职文件",
    )
    r.near("CI-03", "当日为", code(_angel(32)), "投资当日起任中层")


def employed_on_the_day(own: StaffProject) -> None:
    """CI-03 and what follows from having left: people 33 to 35, through a vehicle of their own."""
    r, code, day = own.register, own.stake_code, own.day
    _without(employment(r, _angel(33)), "role_class")
    r.unknown("CI-03", "当日为", code(_angel(33)), "人员类别未登记")
    r.unknown("CI-10", "参与人员的岗位", own.code, "一名参与人员的类别未登记")
    leaves(own, _angel(34), day_after(day, -2))
    r.breach("CI-03", "当日在本机构任职", code(_angel(34)), "投资日前已离职")
    r.breach("CI-05", "当日在本机构任职", code(_angel(34)), "投资日前已离职")
    r.breach("CI-25", "内处置", code(_angel(34)), "离职后一直未处置")
    r.breach("CI-16", "合伙人均为本机构员工", str(own.vehicle), "一名合伙人入伙时已离职")
    leaves(own, _angel(35), day)
    transferred(own, _angel(35), _angel(5), day_after(day, 200))
    r.near("CI-03", "当日在本机构任职", code(_angel(35)), "离职日即投资日，当日仍在职")
    r.near("CI-25", "内处置", code(_angel(35)), "离职后七个月内按成本转让给同事")


def leaves(own: StaffProject, person: str, day: dt.date, kind: w.LeaverKind = w.LeaverKind.RESIGNED) -> None:
    """A person's employment ends, with the file about it."""
    employment(own.register, person).update(employed_until=day, leaver_kind=kind)
    if day <= LAST:
        own.more_evidence(person, w.EvidenceItem.LEAVER, max(day, own.day))


def transferred(
    own: StaffProject, person: str, to: str, day: dt.date, price: int | None = None, *, counted: bool = True
) -> None:
    """A stake is handed over whole; price: fen a share, the cost if None."""
    shares = Decimal(own.money[person]) / own.price
    own.add(
        "coinvest_payments",
        code=f"SF-{own.stake_code(person)[3:]}-Z",
        staff_stake=own.stake_code(person),
        holder=to,
        since=day,
        payment_leg=w.PaymentLeg.TRANSFER,
        amount=own.money[person] if price is None else int(shares * price),
        payment_shares=shares if counted else None,
        payment_fees=0,
        document="份额转让协议",
    )
    own.more_evidence(person, w.EvidenceItem.EXITS, day)


def appointed(own: StaffProject) -> None:
    """CI-09: people 36 to 38."""
    r, code = own.register, own.stake_code
    employment(r, _angel(36))["appointed_by"] = w.AppointedBy.GOVERNMENT
    r.breach("CI-09", "非组织任命", code(_angel(36)), "政府任命的人员，方案没有国资委同意")
    employment(r, _angel(37))["appointed_by"] = w.AppointedBy.BOARD
    r.near("CI-09", "非组织任命", code(_angel(37)), "董事会聘任，不属组织任命")
    _without(employment(r, _angel(38)), "appointed_by")
    r.unknown("CI-09", "非组织任命", code(_angel(38)), "任命机关未登记")


def consent_and_pay(own: StaffProject) -> None:
    """CI-09 under a plan with consent, CI-18 under a ceiling in years of pay: people 39 to 42."""
    r, code = own.register, own.stake_code
    employment(r, _angel(39))["appointed_by"] = w.AppointedBy.SASAC
    r.near("CI-09", "非组织任命", code(_angel(39)), "国资委任命，方案附有国资委书面同意")
    paid = own.money[_angel(41)]
    employment(r, _angel(41))["annual_pay"] = paid * 20
    r.near("CI-18", "年薪", code(_angel(41)), "出资恰为年薪的二十分之一")
    employment(r, _angel(42))["annual_pay"] = paid * 20 - 100
    r.breach("CI-18", "年薪", code(_angel(42)), "出资高于年薪的二十分之一，差五分")
    _without(employment(r, _angel(40)), "annual_pay")
    r.unknown("CI-18", "年薪", code(_angel(40)), "年薪未登记")


def trail(own: StaffProject) -> None:
    """CI-31: people 13 to 17."""
    r, code = own.register, own.stake_code
    r.remove(own.evidence(_angel(14), w.EvidenceItem.STAFF_TERMS))
    r.warn("CI-31", "跟投协议", code(_angel(14)), "缺跟投协议")
    r.remove(own.evidence(_angel(15), w.EvidenceItem.MONEY_PROOF))
    asked(own, _angel(15), w.EvidenceItem.MONEY_PROOF.value, w.RequestAnswer.DOES_NOT_EXIST)
    r.breach("CI-31", "自有资金证明", code(_angel(15)), "答复资金证明不存在")
    own.evidence(_angel(16), w.EvidenceItem.ROLE)["since"] = LAST
    r.near("CI-31", "证据齐备", code(_angel(16)), "最后一项证据在截止日补齐")
    r.near("CI-31", "证据齐备", code(_angel(17)), "没有退出，不要求退出文件")
    _without(own.evidence(_angel(13), w.EvidenceItem.DECLARATION), "evidence_on")
    r.unknown("CI-31", "投资申报与审查", code(_angel(13)), "申报未写明日期，是否在投决会前无法判断")


def deductions(own: StaffProject, fund: str) -> None:
    """CI-32: people 15 to 18."""
    r, code, company = own.register, own.stake_code, own.deal.company
    held_by(own, fund, Decimal(own.deal.share_nano or 0) / 10**9)
    r.add(
        "companies",
        own.day.year,
        code=company,
        since=own.day,
        founders=(OUTSIDER, _angel(15)),
        document="公司章程",
    )
    for number in (15, 16, 18):
        own.stake(_angel(number))["stake_tax_deduction"] = True
    r.breach("CI-32", "不是创始人", code(_angel(15)), "本人为被投企业创始人")
    r.near("CI-32", "创始人", code(_angel(16)), "享受抵扣且无关联")
    _without(own.stake(_angel(17)), "stake_tax_deduction")
    r.unknown("CI-32", "是否享受抵扣", code(_angel(17)), "是否享受抵扣未登记")
    r.add("parties", own.day.year, code="QS-01", kind=PartyKind.PERSON, name="示例近亲属QS-01", since=own.day)
    own.add(
        "employments",
        code="RZ-QS-01",
        person="QS-01",
        employer=company,
        since=day_after(own.day, -90),
        employed_from=day_after(own.day, -90),
        document="企业劳动合同",
    )
    kinship(own, "QG-01", _angel(18), "QS-01", w.KinshipKind.CHILD)
    r.breach("CI-32", "近亲属", code(_angel(18)), "子女在被投企业任职")


def kinship(own: StaffProject, code: str, person: str, relative: str, kind: w.KinshipKind) -> None:
    """Two people are related, as of the project's day."""
    own.add(
        "kinships", code=code, person=person, relative=relative, since=day_after(own.day, -200), kinship=kind
    )


def held_by(own: StaffProject, owner: str, share: Decimal, later: int = 0) -> None:
    """A declared share of the investee, from so many days after the project's day on."""
    own.add(
        "edges",
        owner=owner,
        owned=own.deal.company,
        since=day_after(own.day, later),
        share=share,
        basis=EdgeBasis.EQUITY,
        document="股东名册",
    )


def half_of_it(own: StaffProject, share: str, verdict: str) -> None:
    """CI-32: what the institution and its fund hold together; person 16 claims the deduction."""
    r, stake = own.register, own.stake_code(_angel(16))
    r.add(
        "companies",
        own.day.year,
        code=own.deal.company,
        since=own.day,
        founders=(OUTSIDER,),
        document="公司章程",
    )
    if share:
        held_by(own, own.deal.fund, Decimal(own.deal.share_nano or 0) / 10**9)
        held_by(own, ANGEL, Decimal(share) - Decimal(own.deal.share_nano or 0) / 10**9, 100)
    own.stake(_angel(16))["stake_tax_deduction"] = True
    if verdict == "breach":
        r.breach("CI-32", "机构及关联方合计", stake, "机构与其基金合计恰占一半")
    elif verdict == "unknown":
        r.unknown("CI-32", "机构及关联方合计", stake, "机构及关联方持股未登记")
    else:
        r.near("CI-32", "机构及关联方合计", stake, "机构与其基金合计 49.99%")


def technical(own: StaffProject) -> None:
    """CI-08: people 43 to 45."""
    r, code = own.register, own.stake_code
    for number, approval in ((43, None), (44, "示例黑国资技〔2022〕3号"), (45, "示例黑国资技〔2022〕4号")):
        row = employment(r, _angel(number))
        row["technical_staff"] = True
        if approval is not None:
            row["technical_approval_ref"] = approval
    r.add(
        "companies", own.day.year, code=own.deal.company, since=own.day,
        state_representatives=(_angel(2), _angel(45)), document="国有股东代表委派文件",
    )  # fmt: skip
    r.breach("CI-08", "国资委批准", code(_angel(43)), "科技人员例外未经批准")
    r.near("CI-08", "国有股东代表", code(_angel(44)), "经批准且不任国有股东代表")
    r.breach("CI-08", "国有股东代表", code(_angel(45)), "本人任国有股东代表")


def representative_untold(own: StaffProject) -> None:
    """CI-08: person 46, in a company whose representatives nobody named."""
    employment(own.register, _angel(46)).update(
        technical_staff=True, technical_approval_ref="示例黑国资技〔2023〕1号"
    )
    own.register.unknown("CI-08", "国有股东代表", own.stake_code(_angel(46)), "国有股东代表未登记")


def couple(first: StaffProject, second: StaffProject) -> None:
    """CI-09: 47 and 48 are married and hold under one plan; 49's brother holds under another."""
    r = first.register
    kinship(first, "QG-02", _angel(47), _angel(48), w.KinshipKind.SPOUSE)
    for own, number in ((first, 47), (second, 48)):
        r.breach("CI-09", "近亲属未在同一方案持有", own.stake_code(_angel(number)), "夫妻在同一方案持有")
    kinship(first, "QG-03", _angel(49), _angel(39), w.KinshipKind.SIBLING)
    r.near("CI-09", "近亲属未在同一方案持有", second.stake_code(_angel(49)), "兄弟在另一方案持有")


def _medical(number: int) -> str:
    return person_code(MEDICAL, number)


def leavers(own: StaffProject) -> None:
    """CI-25: people 9 to 14 of the second institution, in a company whose audited net assets are known."""
    r, code = own.register, own.stake_code
    left, worth = _D(2023, 3, 31), Decimal(own.price) / 100
    r.add("companies", 2023, code=own.deal.company, since=_D(2023, 4, 20), audited_net_assets_per_share=worth,
          document="2022 年度审计报告")  # fmt: skip
    for number in (9, 10, 11, 12):
        leaves(own, _medical(number), left)
    transferred(own, _medical(9), _medical(2), _D(2024, 3, 31))
    r.near("CI-25", "内处置", code(_medical(9)), "在最后一日转让")
    transferred(own, _medical(10), _medical(2), _D(2024, 4, 1))
    r.breach("CI-25", "内处置", code(_medical(10)), "晚一日转让")
    transferred(own, _medical(11), MEDICAL, _D(2023, 9, 28), own.price)
    r.near("CI-25", "经审计每股净资产", code(_medical(11)), "机构按经审计每股净资产受让")
    transferred(own, _medical(12), MEDICAL, _D(2023, 9, 28), own.price + 1)
    r.breach("CI-25", "经审计每股净资产", code(_medical(12)), "机构受让价每股高出一分")
    leaves(own, _medical(13), _D(2024, 6, 28))
    r.breach("CI-25", "内处置", code(_medical(13)), "离职后一直未处置")
    leaves(own, _medical(14), _D(2025, 9, 30))
    r.near("CI-25", "内处置", code(_medical(14)), "离职恰满一年，尚在期限内")


def leaver_to_the_firm(own: StaffProject) -> None:
    """CI-25: person 15 hands over to the institution; audited net assets were never stated."""
    leaves(own, _medical(15), _D(2023, 3, 31))
    transferred(own, _medical(15), MEDICAL, _D(2023, 9, 28))
    own.register.unknown(
        "CI-25", "经审计每股净资产", own.stake_code(_medical(15)), "受让时没有经审计每股净资产"
    )


def moves(own: StaffProject) -> None:
    """CI-26: people 16, 7 and 8 of the second institution move to posts that may not hold."""
    r, code = own.register, own.stake_code
    for number, day in ((16, _D(2026, 3, 29)), (7, _D(2026, 3, 30)), (8, _D(2025, 5, 6))):
        r.add(
            "employments",
            day.year,
            code=f"RZ-{_medical(number)[3:]}",
            person=_medical(number),
            employer=MEDICAL,
            since=day,
            role_class=w.RoleClass.OTHER_STAFF,
            document="任职文件",
        )
    r.breach("CI-26", "内处置", code(_medical(16)), "转任不得持有的岗位逾六个月未处置")
    r.near("CI-26", "内处置", code(_medical(7)), "转岗至截止日恰满六个月")
    transferred(own, _medical(8), _medical(3), _D(2025, 8, 1), counted=False)
    r.unknown("CI-26", "持有股份数", code(_medical(8)), "转让的股份数未登记")
