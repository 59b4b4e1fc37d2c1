"""What institutions do wrong about projects, plans and vehicles in the demo office, nearly do wrong, and leave unsaid: CI-01,
02, 04, 06, 07, 10, 12, 13, 16 … 24, 27, 28, 30."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import coinvest as w
from models.kinds import EdgeBasis
from office.days import workday
from office.rows import Deal
from office.staff_people import (
    ANGEL,
    GENERAL_PARTNER,
    MEDICAL,
    employment,
    partner,
    person_code,
    plan,
    vehicle,
)
from office.staff_plants_people import asked
from office.staff_projects import StaffProject, joins
from office.staff_register import StaffRegister, day_after
from office.staff_rounds import Rounds

_D = dt.date


def about_each(own: StaffProject, rule: str, limb: str, verdict: str, why: str) -> None:
    """A line about every stake of a project."""
    for person in own.stakes:
        say(own.register, verdict, rule, limb, own.stake_code(person), why)


def say(register: StaffRegister, verdict: str, rule: str, limb: str, subject: str, why: str) -> None:
    """A line by the name of its verdict; pass is a near miss."""
    lines = {
        "breach": register.breach,
        "unknown": register.unknown,
        "warn": register.warn,
        "pass": register.near,
    }
    lines[verdict](rule, limb, subject, why)


def _workdays_from(day: dt.date, count: int) -> tuple[dt.date, dt.date]:
    """A first day and the last of so many working days."""
    first = last = workday(day)
    for _ in range(count - 1):
        last = workday(day_after(last, 1))
    return first, last


def procedure(made: dict[str, StaffProject]) -> None:
    """CI-27, CI-28, CI-12, CI-17 on projects whose people are the matter elsewhere."""

    def of(code: str) -> StaffProject:
        return made[f"{code}-1"]

    own = of("SF-2021-01-X03")
    own.terms["publicity_from"], own.terms["publicity_until"] = _workdays_from(day_after(own.day, -20), 4)
    own.register.breach("CI-28", "公示不少于", own.code, "只公示四个工作日")
    own = of("SF-2021-01-X01")
    monday = day_after(own.day, -21 - own.day.weekday())
    own.terms.update(publicity_from=day_after(monday, 3), publicity_until=day_after(monday, 9))
    own.register.near("CI-28", "公示不少于", own.code, "跨周末恰五个工作日")
    own = of("SF-2017-02-X07")
    own.terms["appraisal_on"] = own.terms["signed_on"].replace(year=own.day.year - 1)
    own.register.near("CI-27", "评估基准日", own.code, "评估基准日至签约恰十二个月")
    own = of("SF-2017-02-X08")
    own.terms["appraisal_on"] = day_after(own.terms["signed_on"].replace(year=own.day.year - 1), -1)
    own.register.breach("CI-27", "评估基准日", own.code, "评估报告过期一日")
    own = of("SF-2017-02-X11")
    own.terms.pop("appraisal_on")
    own.register.unknown("CI-27", "评估基准日", own.code, "评估基准日未登记")
    own = of("SF-2017-02-X18")
    own.terms.pop("publicity_from")
    own.register.unknown("CI-28", "公示不少于", own.code, "公示起始日未登记")
    own = of("SF-2017-02-X16")
    own.register.find("ballots", code=f"BJ-{own.code}-04")["interest_disclosed"] = False
    own.register.breach("CI-28", "已披露利益", own.code, "持份额的委员未披露利益")
    own = of("SF-2017-02-X20")
    own.terms.pop("appraisal_filing_ref")
    asked(own, person_code(ANGEL, 36), "appraisal_filing_ref", w.RequestAnswer.DOES_NOT_EXIST)
    own.register.breach("CI-27", "评估已备案", own.code, "答复评估未备案")
    own = of("SF-2017-02-X21")
    own.register.find("ballots", code=f"BJ-{own.code}-07").update(recused=False, voted=False)
    own.register.near("CI-28", "回避", own.code, "持份额的委员出席而未表决")
    _pays(of("SF-2021-01-X08"), _D(2022, 8, 22), "breach", "按期付款", "逾一个月一日")
    _pays(of("SF-2021-01-X10"), _D(2022, 12, 25), "pass", "按期付款", "在一个月的最后一日付款")
    _pays(
        of("SF-2021-01-X11"),
        day_after(of("SF-2021-01-X11").day, -1),
        "breach",
        "不早于机构付款",
        "早机构一日付款",
    )
    own = of("SF-2021-01-X13")
    own.terms.pop("total_shares_after")
    own.register.unknown("CI-17", "跟投持股", own.code, "投后总股本未登记")
    about_each(own, "CI-18", "个人持股", "unknown", "投后总股本未登记")


def nearly(made: dict[str, StaffProject]) -> None:
    """What looks like more than it is, on projects whose matter is elsewhere."""
    own = made["SF-2021-01-X01-1"]
    about_each(own, "CI-04", "首次投资", "pass", "第二期付款属同一轮次")
    about_each(own, "CI-12", "按期付款", "pass", "分两期随机构按比例付款")
    own.register.near("CI-10", "关联人", own.code, "总经理在名单上而未参与", "not_applicable")
    own = made["SF-2021-01-X02-1"]
    own.terms["appraisal_on"] = own.terms["signed_on"]
    own.register.near("CI-27", "评估基准日", own.code, "评估基准日即签约日")
    own.register.find("ballots", code=f"BJ-{own.code}-08").update(
        attended=False, interest_disclosed=False, recused=False, voted=False
    )
    own.register.near("CI-28", "已披露利益", own.code, "持份额的委员缺席")
    managed = person_code(ANGEL, 13)
    own.declaration(managed).update(conflict_declared=True, review_outcome=w.ReviewOutcome.MANAGED)
    own.register.near("CI-11", "审查结论允许", own.stake_code(managed), "申报冲突，已采取回避措施")
    own = made["SF-2021-01-X04-1"]
    about_each(own, "CI-24", "与机构同比例", "pass", "随机构四次减持")
    own = made["SF-2021-01-X03-1"]
    about_each(own, "CI-24", "与机构同比例", "pass", "首次退出比例高出不足千分之一")
    own = made["SF-2018-02-X13-1"]
    own.register.near("CI-19", "自愿跟投", own.code, "方案为自愿跟投，无下限", "not_applicable")
    own = made["SF-2017-02-X16-1"]
    last = person_code(ANGEL, 32)
    employment(own.register, last)["contract_until"] = own.day
    own.register.near("CI-05", "合同当日有效", own.stake_code(last), "合同在投资当日期满")
    own = made["SF-2023-02-X03-1"]
    two_years = own.day.replace(year=own.day.year + 2)
    own.register.add(
        "edges", two_years.year, owner=ANGEL, owned=own.deal.company, since=day_after(two_years, 1), share=Decimal("0.6"),
        basis=EdgeBasis.EQUITY, document="股东名册",
    )  # fmt: skip
    own = made["SF-2021-01-X14-1"]
    risen = person_code(ANGEL, 19)
    own.register.add(
        "employments", 2024, code=f"RZ-{risen[3:]}", person=risen, employer=ANGEL, since=_D(2024, 5, 6),
        role_class=w.RoleClass.MID_LEVEL, document="任职文件",
    )  # fmt: skip
    own.register.near("CI-26", "内处置", own.stake_code(risen), "升任中层，试点豁免仍有效", "silent")
    own = made["SF-2019-01-X14-1"]
    about_each(own, "CI-14", "自有资金", "pass", "投决会前六周以自有资金缴入平台")


def _pays(own: StaffProject, day: dt.date, verdict: str, limb: str, why: str) -> None:
    """The vehicle's only payment into the company is moved."""
    (row,) = own.into_company
    row["since"] = day
    about_each(own, "CI-12", limb, verdict, why)


def exits_late(own: StaffProject, days: int) -> None:
    """CI-24."""
    about_each(own, "CI-24", "与机构同日", "breach", f"晚机构 {days} 日退出，方案容许 5 日")


def exits_near(own: StaffProject) -> None:
    """CI-24."""
    about_each(own, "CI-24", "与机构同日", "pass", "晚机构 5 日退出，在方案容许天数内")


def exits_better(own: StaffProject) -> None:
    """CI-24."""
    about_each(own, "CI-24", "与机构同价", "breach", "退出价高于机构")


def exits_never(own: StaffProject, sold: list[Deal]) -> None:
    """CI-24: staff keep what the institution sold; nothing was received."""
    assert sold
    for person in own.stakes:
        own.more_evidence(person, w.EvidenceItem.EXITS, sold[0].day)
    about_each(own, "CI-24", "跟投同步退出", "breach", "机构全部退出而跟投未退")


def exits_more(own: StaffProject, later: list[Deal]) -> None:
    """CI-24: a fifth more than the institution at its first exit; at the last one all are out."""
    own.sells(later)
    about_each(own, "CI-24", "与机构同比例", "breach", "首次退出比例高于机构五分之一")


def exits_untold(own: StaffProject) -> None:
    """CI-24."""
    for row in own.exits:
        row.pop("payment_shares")
    about_each(own, "CI-24", "与机构同", "unknown", "退出股份数未登记")


def _rescaled(own: StaffProject, money: dict[str, int]) -> None:
    """Other amounts for some people, through every row that states them."""
    for person, fen in money.items():
        own.money[person] = fen
        own.payment(person)["amount"] = fen
        own.evidence(person, w.EvidenceItem.MONEY_PROOF)["evidence_amount"] = fen
    for row in own.into_company:
        own.register.remove(row)
    own.into_company.clear()
    own.pays_in()


def ceiling(own: StaffProject, more: int) -> None:
    """CI-17: all staff money at the plan's 8 per cent of ticket and staff, to the share; `more` shares above."""
    step = own.price
    most = own.ticket * 8 // 92 // step * step + more * step
    each = most // len(own.money) // step * step
    first, *rest = own.money
    _rescaled(own, {first: most - each * len(rest), **dict.fromkeys(rest, each)})
    if more:
        own.register.breach("CI-17", "跟投总额不超过", own.code, "比上限多一股")
    else:
        own.register.near("CI-17", "跟投总额不超过", own.code, "恰在上限以内一股")


def one_per_cent(own: StaffProject) -> None:
    """CI-18: one member of the team at one per cent of the company, the other a share above."""
    total = int(own.terms["total_shares_after"])
    first, second, *_ = own.money
    whole = total // 100 * own.price
    _rescaled(own, {first: whole, second: whole + own.price})
    own.register.near("CI-18", "个人持股不超过", own.stake_code(first), "恰持有企业 1%")
    own.register.breach("CI-18", "个人持股不超过", own.stake_code(second), "多一股")


def team_at_floor(own: StaffProject, thousandths: int) -> StaffProject:
    """CI-19: the team's two members with so many thousandths of the ticket each, of ten that are asked of both."""
    first, second, *_ = own.money
    _rescaled(own, dict.fromkeys((first, second), own.ticket * thousandths // 1000))
    if thousandths < 5:
        own.register.breach("CI-19", "项目组合计", own.code, "项目组合计只有千分之八")
    else:
        own.register.near("CI-19", "项目组合计", own.code, "项目组合计恰百分之一")
    return own


def partners(own: StaffProject, count: int) -> None:
    """CI-16: so many members of staff, and the general partner."""
    assert own.vehicle is not None
    day = day_after(own.day, -1)
    staff = [n for n in range(1, 54) if n not in (34, 35)][:count]  # those two had left by then
    for number in staff:
        partner(own.register, person_code(own.firm, number), own.vehicle, day, own.day.year, "0.015")
    partner(own.register, GENERAL_PARTNER, own.vehicle, day, own.day.year, "0.01")
    if count >= 50:
        own.register.breach("CI-16", "合伙人不超过", own.vehicle, "合伙人五十一人")
    else:
        own.register.near("CI-16", "合伙人不超过", own.vehicle, "合伙人恰五十人")


def skipped(own: StaffProject, named: int, excused: int) -> None:
    """CI-19, CI-20: one who was named did not join, another was excused."""
    r, who, free = own.register, person_code(own.firm, named), person_code(own.firm, excused)
    own.roster(who)["team_role"] = w.TeamRole.NAMED
    r.breach("CI-20", "已参与", who, "应跟未跟")
    r.breach("CI-19", "已跟投", own.code, "强制跟投人员未跟投")
    own.roster(free).update(team_role=w.TeamRole.NAMED, participation_waiver_ref="示例董办〔2025〕2号")
    r.near("CI-20", "已参与", free, "经批准免予跟投")


def roles_untold(own: StaffProject, number: int) -> None:
    """CI-19: the team falls short unless somebody of no recorded place belongs to it."""
    first, second, *_ = own.money
    _rescaled(own, dict.fromkeys((first, second), own.ticket * 4 // 1000 // own.price * own.price))
    own.roster(person_code(own.firm, number)).pop("team_role")
    own.register.unknown("CI-19", "项目组合计", own.code, "一人是否属项目组未登记")


def exemption(own: StaffProject, verdict: str, why: str) -> None:
    """CI-06."""
    about_each(own, "CI-06", "豁免", verdict, why)


def without_basis(register: StaffRegister, rounds: Rounds) -> None:
    """CI-01, and CI-06 of an exemption that ran out on the eve."""
    day = rounds.instalments("SF-2023-02-X14")[0].day
    code = plan(
        register, "GT-MG-04-05", ANGEL, since=_D(2026, 2, 2), basis_doc=None, pilot_exemption_until=day_after(day, -1)
    )  # fmt: skip
    register.breach("CI-01", "政策依据", code, "方案未写明政策依据")
    register.near("CI-01", "政策依据", "GT-MG-04", "第二、三版未重述依据，沿用第一版")
    exemption(rounds.take(ANGEL, "SF-2023-02-X14", [2, 5], [8], plan=code), "breach", "豁免在投资前一日到期")


def filed_later(register: StaffRegister, rounds: Rounds) -> None:
    """CI-02 of a plan that was filed the day after; CI-30 of one that was approved after the first payment."""
    day = rounds.instalments("SF-2023-02-X15")[0].day
    code = plan(register, "GT-MG-04-06", ANGEL, since=_D(2026, 4, 1), plan_filed_on=day_after(day, 1),
                board_approved_on=day_after(day, -1))  # fmt: skip
    own = rounds.take(
        ANGEL, "SF-2023-02-X15", [3, 6], [9], plan=code, vehicle=vehicle(register, "PT-MG-04-06", ANGEL)
    )
    register.breach("CI-02", "国资委备案", own.code, "投资次日才备案")
    register.near("CI-30", "已批准的方案", "PT-MG-04-06", "首笔缴款当日获董事会批准")


def approval_untold(register: StaffRegister, rounds: Rounds) -> None:
    """CI-02, CI-30: the party committee's day is not recorded."""
    code = plan(register, "GT-MG-04-07", ANGEL, since=_D(2026, 6, 1), party_committee_approved_on=None)
    place = vehicle(register, "PT-MG-04-07", ANGEL)
    own = rounds.take(ANGEL, "SF-2023-02-X16", [4, 7], [10], plan=code, vehicle=place)
    register.unknown("CI-02", "党委会批准", own.code, "党委会批准日未登记")
    register.unknown("CI-30", "已批准的方案", place, "党委会批准日未登记")


def later_round(own: StaffProject, *, allowed: bool) -> None:
    """CI-04."""
    if allowed:
        about_each(own, "CI-04", "后续轮次", "pass", "后续轮次，方案允许")
    else:
        about_each(own, "CI-04", "首次投资", "breach", "在机构的后续轮次跟投")


def rescued(rounds: Rounds) -> None:
    """CI-10: the general manager joins, once without the owner's consent and once with it."""
    for position, consent in (("SF-2021-01-X16", None), ("SF-2021-01-X18", "示例黑国资函〔2024〕6号")):
        own = rounds.take(ANGEL, position, [15, 16], [1])
        own.register.find("ballots", code=f"BJ-{own.code}-01").update(
            interest_disclosed=True, recused=True, voted=False
        )
        if consent is None:
            own.register.breach("CI-10", "国资监管机构同意", own.code, "高管参与，未取得国资监管机构同意")
        else:
            own.terms["deal_consent_ref"] = consent
            own.register.near("CI-10", "国资监管机构同意", own.code, "高管参与，已取得同意")


# -- the second institution -------------------------------------------------------------------------------------------


def chosen_in_time(own: StaffProject) -> None:
    """CI-20 of those who may join; CI-10 of a resolution from which the insider stayed away."""
    r = own.register
    own.terms["board_resolution_ref"] = "示例董决〔2018〕15号"
    r.find("ballots", code=f"BJ-{own.code}-01").update(interest_disclosed=True, recused=True, voted=False)
    r.near("CI-10", "关联人回避表决", own.code, "高管参与，董事会决议且回避")
    late, eve, untold = (person_code(MEDICAL, n) for n in (4, 5, 6))
    own.roster(late)["chosen_on"] = own.met
    r.breach("CI-20", "投决会前选择", late, "投决会当日才选择")
    own.roster(eve)["chosen_on"] = day_after(own.met, -1)
    r.near("CI-20", "投决会前选择", eve, "投决会前一日选择")
    own.roster(untold).pop("chosen_on")
    r.unknown("CI-20", "投决会前选择", untold, "选择日未登记")


def insider_voted(own: StaffProject) -> None:
    """CI-10, CI-28."""
    own.terms["board_resolution_ref"] = "示例董决〔2019〕7号"
    own.register.find("ballots", code=f"BJ-{own.code}-01").update(
        interest_disclosed=True, recused=False, voted=True
    )
    own.register.breach("CI-10", "关联人回避表决", own.code, "高管参与并表决")
    own.register.breach("CI-28", "回避表决", own.code, "参与跟投的高管参加表决")


def cheaper(own: StaffProject) -> None:
    """CI-13."""
    for row in own.into_company:
        row["payment_shares"] = row["payment_shares"] * 11 // 10
    about_each(own, "CI-13", "每股价格与机构相同", "breach", "同样的钱多得一成股份")


def other_class(own: StaffProject) -> None:
    """CI-13."""
    for row in own.into_company:
        row["payment_share_class"] = "优先股"
    about_each(own, "CI-13", "股份类别相同", "breach", "平台认购优先股，机构为普通股")


def fees_untold(own: StaffProject) -> None:
    """CI-13."""
    for row in own.into_company:
        row.pop("payment_fees")
    about_each(own, "CI-13", "每股价格与机构相同", "unknown", "价款中的费用未登记")


def rounded(own: StaffProject, more: int, why: str) -> None:
    """CI-13: so many fen more than the shares cost, less than rounding may make."""
    own.into_company[0]["amount"] += more
    about_each(own, "CI-13", "每股价格与机构相同", "pass", why)


def supplier(own: StaffProject) -> None:
    """CI-07: the investee supplies the institution."""
    _tie(own, w.TieKind.VENDOR, None)
    about_each(own, "CI-07", "业务往来", "breach", "被投企业是机构的供应商")


def former_customer(own: StaffProject) -> None:
    """CI-07: the investee was a customer until the eve; what it earns there this year is not known as a part."""
    _tie(own, w.TieKind.CUSTOMER, day_after(own.day, -1))
    about_each(own, "CI-07", "业务往来", "pass", "往来在投资前一日终止")


def _tie(own: StaffProject, kind: w.TieKind, until: dt.date | None, **more: Any) -> None:
    own.add(
        "business_ties",
        code=f"WL-{own.code}",
        institution=own.firm,
        company=own.deal.company,
        since=_D(2018, 1, 1),
        tie=kind,
        tie_from=_D(2018, 1, 1),
        tie_until=until,
        **more,
    )


def depends(own: StaffProject, revenue: int | None, verdict: str, why: str, *, parts: int = 3) -> None:
    """CI-07: a tie that ended before; of the year before a part of the company's revenue, of this year where that is not known."""
    _tie(own, w.TieKind.CUSTOMER, day_after(own.day, -1))
    own.add(
        "business_ties",
        code=f"WL-{own.code}",
        institution=own.firm,
        company=own.deal.company,
        since=_D(2026, 6, 30) if revenue is None else _D(own.day.year - 1, 12, 31),
        related_revenue=50_000_00 if revenue is None else revenue // parts,
    )
    about_each(own, "CI-07", "关联收入占比", verdict, why)


# -- paid on the last day of January ----------------------------------------------------------------------------------


def january_to_march(own: StaffProject) -> None:
    """CI-12: the institution paid on 31 January 2024; five more people join under plans of their own, each through a
    vehicle of its own. Thirty days end on 1 March of that leap year, a month on 29 February."""
    month, first = {"payment_lag": 1, "payment_lag_unit": w.LagUnit.MONTHS}, _D(2024, 3, 1)
    cases = (
        (40, {}, first, "pass", "1 月 31 日至 3 月 1 日为三十日（闰年）"),
        (41, month, first, "breach", "一个月止于 2 月 29 日"),
        (42, month, _D(2024, 2, 29), "pass", "在 2 月末日付款，期限为一个月"),
        (50, {"payment_lag": 1, "payment_lag_unit": None}, _D(2024, 2, 29), "unknown", "期限为一，未写单位"),
        (51, {"late_effect": w.LateEffect.WAIVED}, _D(2024, 3, 2), "warn", "逾期一日，方案视为放弃"),
        (52, {}, _D(2024, 3, 2), "breach", "3 月 2 日在闰年为第三十一日"),
    )  # fmt: skip
    for number, terms, paid, verdict, why in cases:
        person, code = person_code(own.firm, number), f"{own.firm}-1{number}"
        plan(own.register, f"GT-{code}", own.firm, since=_D(2023, 12, 4), **terms)
        alone = StaffProject(
            own.register, own.firm, own.deals, f"GT-{code}", vehicle(own.register, f"PT-{code}", own.firm), own.price,
            suffix=f"{number}",
        )  # fmt: skip
        joins(alone, person, team=False)
        alone.pays_in()
        alone.into_company[0]["since"] = paid
        say(
            own.register, verdict, "CI-12", "视为放弃" if verdict == "warn" else "按期付款",
            alone.stake_code(person), why,
        )  # fmt: skip
