"""Who takes part in the demo office's three pools, what was agreed, the limits, and the published rates.

Rates are the one-year LPR as the National Interbank Funding Center published them and the one-year benchmark of
2015-10-24; everything else is invented.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models import pools as w
from office.names import CITIES, credit_code
from office.parties import PROVINCE
from office.pool_register import WAN, PoolRegister, day_after
from office.stream import Stream

TECH, GUARANTEED, INSURED = "ZJC-01", "ZJC-02", "ZJC-03"
"""The pools: loans shared with banks and angel investment; guaranteed loans; insured loans."""
HARBIN, DAQING = "GOV-230100", "GOV-230600"
BANKS = ("BK-11", "BK-12", "BK-13", "BK-14", "BK-15", "BK-16")
STOPPED_BANK = "BK-13"
GOOD, BROKEN, SILENT, LARGE, CITY_GUARANTOR = "DB-01", "DB-02", "DB-03", "DB-04", "DB-05"
REGUARANTOR, NATIONAL = "ZDB-01", "GDB-01"
INSURER, SECOND_INSURER = "IN-11", "IN-12"
START = dt.date(2018, 7, 2)
_D = dt.date
P = w.Programme
_PUBLISHED = [
    "2019-08-20",
    "4.25",
    "2019-09-20",
    "4.20",
    "2019-11-20",
    "4.15",
    "2020-02-20",
    "4.05",
    "2020-04-20",
    "3.85",
    "2021-12-20",
    "3.80",
    "2022-01-20",
    "3.70",
    "2022-08-22",
    "3.65",
    "2023-06-20",
    "3.55",
    "2023-08-21",
    "3.45",
    "2024-07-22",
    "3.35",
    "2024-10-21",
    "3.10",
    "2025-05-20",
    "3.00",
]
LPR = [
    (dt.date.fromisoformat(day), Decimal(rate) / 100)
    for day, rate in zip(_PUBLISHED[::2], _PUBLISHED[1::2], strict=True)
]
"""Days of publication and one-year rates; days on which it stayed as it was are left out."""
BENCHMARK = Decimal("0.0435")
_NAMES = {
    TECH: ("资金池", "示例科技信贷风险补偿资金池"),
    GUARANTEED: ("资金池", "示例融资担保代偿补偿资金池"),
    INSURED: ("资金池", "示例政银保风险补偿资金池"),
    "BK-11": ("银行", "示例江北商业银行"),
    "BK-12": ("银行", "示例雪城银行"),
    "BK-13": ("银行", "示例稻乡农村商业银行"),
    "BK-14": ("银行", "示例界江银行"),
    "BK-15": ("银行", "示例科创支行联合体"),
    "BK-16": ("银行", "示例林区信用社"),
    GOOD: ("担保机构", "示例龙江科技融资担保公司"),
    BROKEN: ("担保机构", "示例远山融资担保公司"),
    SILENT: ("担保机构", "示例沃野融资担保公司"),
    LARGE: ("担保机构", "示例省级融资担保公司"),
    CITY_GUARANTOR: ("担保机构", "示例油城融资担保公司"),
    REGUARANTOR: ("担保机构", "示例省融资再担保公司"),
    NATIONAL: ("担保机构", "示例国家融资担保基金"),
    INSURER: ("保险机构", "示例信用保证保险公司"),
    SECOND_INSURER: ("保险机构", "示例互助财产保险公司"),
}
_TRADES = (
    "机电设备",
    "食品加工",
    "包装材料",
    "仪器仪表",
    "建材科技",
    "纺织",
    "检测技术",
    "电气",
    "饲料",
    "模具",
)
FIRMS = 130


def parties(register: PoolRegister) -> None:
    """Pools, banks, guarantors, insurers, and the firms that no fund holds."""
    for n, (code, (kind, name)) in enumerate(_NAMES.items(), start=9501):
        register.add(
            "parties",
            code=code,
            kind=kind,
            name=name,
            since=START,
            uscc=None if kind == "资金池" else credit_code(n, "230100"),
            province="黑龙江省",
        )
    stream = Stream("pool firms")
    words = [a + b for a in "瑞祥鸿盛金永恒立信华" for b in "泰丰顺通达利康源昌兴"]
    for n, word in enumerate(stream.shuffled(words * 2)[:FIRMS], start=1):
        city = stream.pick_by([(code, weight) for code, (_, _, weight) in CITIES.items()])
        founded = _D(stream.between(2003, 2016), stream.between(1, 12), 15)
        register.add(
            "companies",
            code=firm(n),
            since=founded,
            founded_on=founded,
            province="黑龙江省",
            city=city,
            name=f"示例{CITIES[city][1]}{word}{_TRADES[n % len(_TRADES)]}有限公司",
            uscc=credit_code(2000 + n, city),
            industry=stream.pick(("C1392", "C2927", "C3311", "C4012", "C3599", "M7452")),
            ownership="民营",
        )
        if n <= 70:  # figures by which the coverage surface tells a stage; of the others nobody collected any
            _figures(register, n, stream)


def firm(number: int) -> str:
    """Code of a firm that borrows and that no fund holds."""
    return f"QY-{2000 + number}"


def _figures(register: PoolRegister, n: int, stream: Stream) -> None:
    revenue = stream.between(600, 9_000)
    row = {
        "company": firm(n),
        "year": 2025,
        "staff": stream.between(15, 180),
        "revenue": revenue * WAN,
        "rd_expense": revenue * WAN // 50,
        "net_profit": revenue * WAN // 25,
        "total_assets": revenue * WAN * 6 // 5,
        "net_assets": revenue * WAN // 2,
        "document": "2025 年度财务报表",
    }
    register.rows.append(("company_years", row, 2026))


def rates(register: PoolRegister) -> None:
    """Published reference rates, stated of the province."""
    benchmark = {"benchmark_rate": BENCHMARK, "document": "存贷款基准利率公告"}
    register.add("reference_rates", party=PROVINCE, since=_D(2015, 10, 24), **benchmark)
    for day, rate in LPR:
        document = f"{day} 贷款市场报价利率公告"
        register.add("reference_rates", party=PROVINCE, since=day, lpr_1y=rate, document=document)


def rate_on(day: dt.date) -> Decimal:
    """What a loan's rate starts from: the one-year LPR since it is published in its present form, before that the benchmark."""
    return next((rate for on, rate in reversed(LPR) if on <= day), BENCHMARK)


def guarantors(register: PoolRegister) -> None:
    """What each guarantor states of itself: one in order, one beyond every bound, one that told next to nothing."""
    own: dict[str, Any] = {
        "since": START,
        "on_abnormal_list": False,
        "registered_capital": 50_000 * WAN,
        "cash_capital": 50_000 * WAN,
        "document": "年度审计报告",
    }
    level = w.GuarantorLevel
    for code, more in {
        GOOD: {
            "guarantor_level": level.PROVINCE,
            "government_guarantor": True,
            "guarantor_rating": "AA",
            "on_provincial_list": True,
            "net_assets": 60_000 * WAN,
            "fee_income": 400 * WAN,
            "unearned_fee_reserve": 200 * WAN,
            "loss_reserve": 900 * WAN,
            "loss_provision": 900 * WAN,
            "mainly_small_or_farm": True,
            "controlling_holder": "ST-01",
            "actual_controller": PROVINCE,
            "related_parties": ("ST-04", firm(128)),
        },
        LARGE: {
            "guarantor_level": level.PROVINCE,
            "government_guarantor": True,
            "guarantor_rating": "AA+",
            "on_provincial_list": True,
            "net_assets": 70_000 * WAN,
            "fee_income": 900 * WAN,
            "unearned_fee_reserve": 460 * WAN,
            "loss_reserve": 1_200 * WAN,
            "loss_provision": 1_200 * WAN,
            "mainly_small_or_farm": True,
            "controlling_holder": "ST-01",
            "actual_controller": PROVINCE,
            "related_parties": ("ST-04",),
        },
        CITY_GUARANTOR: {
            "guarantor_level": level.CITY,
            "government_guarantor": True,
            "guarantor_rating": "BBB",
            "on_provincial_list": False,
            "net_assets": 30_000 * WAN,
            "fee_income": 200 * WAN,
            "unearned_fee_reserve": 100 * WAN,
            "loss_reserve": 500 * WAN,
            "loss_provision": 500 * WAN,
            "mainly_small_or_farm": True,
            "controlling_holder": "ST-03",
            "actual_controller": DAQING,
            "related_parties": ("ST-03",),
        },
        BROKEN: {
            "guarantor_level": level.COUNTY,
            "government_guarantor": True,
            "guarantor_rating": "B",
            "on_provincial_list": False,
            "net_assets": 110 * WAN,
            "fee_income": 100 * WAN,
            "registered_capital": 1_900 * WAN,
            "cash_capital": 1_900 * WAN,
            "unearned_fee_reserve": 40 * WAN,
            "loss_reserve": 10 * WAN,
            "loss_provision": 10 * WAN,
            "mainly_small_or_farm": False,
            "controlling_holder": firm(129),
            "actual_controller": "SO-03",
            "related_parties": (firm(129),),
        },
        SILENT: {"registered_capital": None, "cash_capital": None, "document": "尚未报送年度资料"},
    }.items():
        register.add("guarantors", party=code, **(own | more))


_FUNDING = (
    (TECH, PROVINCE, 4_200, None, None),
    (TECH, HARBIN, 2_800, None, None),
    (GUARANTEED, PROVINCE, 1_400, "0.7", None),
    (GUARANTEED, DAQING, 600, "0.3", None),
    (INSURED, HARBIN, 500, None, 1),
    (INSURED, PROVINCE, 1_500, None, 2),
)


def contributors(register: PoolRegister) -> None:
    """Who pays into which pool, and what was paid; the third pool is paid in months after its first loans, of no agreed amount."""
    for n, (pool, party, wan, share, layer) in enumerate(_FUNDING, start=1):
        late = pool == INSURED
        register.add(
            "pool_shares",
            code=f"CZ-{n:02d}",
            pool=pool,
            contributor=party,
            since=_D(2019, 6, 3) if late else START,
            agreed_amount=None if late else wan * WAN,
            agreed_share=None if share is None else Decimal(share),
            layer=layer,
            document="出资协议",
        )
        register.pay(_D(2019, 10, 15) if late else _D(2018, 8, 15), w.PoolLeg.FUNDING, party, pool, wan * WAN)


CAPS = {
    TECH: [(START, 800 * WAN)],
    GUARANTEED: [(START, 1_000 * WAN), (_D(2022, 12, 30), 300 * WAN)],
}
"""What a pool pays in a year at most, from a day on. The second is lowered when more has been paid already."""


EXCESS_RATE = Decimal("0.002")
"""Of what has matured: what the third pool has paid beyond it is no longer borne."""


def cap_on(pool: str, day: dt.date) -> int:
    """The cap on a year's payments in force on a day; beyond any payment where there is none."""
    return next((fen for since, fen in reversed(CAPS.get(pool, [])) if since <= day), 10**15)


def limits(register: PoolRegister) -> None:
    """The three limits, each where the bad year meets it; a stop resumed with its document, one never resumed, one untold."""
    kind, of = w.LimitKind, w.Denominator
    rolling = {"limit_period": w.LimitPeriod.ROLLING, "limit_denominator": of.RELEASED}

    def limit(code: str, since: dt.date, what: w.LimitKind, document: str, **own: Any) -> None:
        pool = f"ZJC-{code[3:5]}"
        cells = {"limit_period": w.LimitPeriod.YEAR} | own
        register.add(
            "pool_limits", code=code, pool=pool, since=since, limit_kind=what, document=document, **cells
        )

    for pool, dated in CAPS.items():
        for since, fen in dated:
            limit(f"XE-{pool[4:]}-1", since, kind.PAYMENT_CAP, f"{since} 限额核定", limit_amount=fen)
    limit("XE-01-2", START, kind.ENROLMENT_STOP, "合作协议附件", limit_rate=Decimal("0.05"), **rolling)
    stop = {"guarantor": LARGE, "limit_rate": Decimal("0.05")}
    limit("XE-02-2", START, kind.ENROLMENT_STOP, "担保业务合作协议", **stop, **rolling)
    resumed = _D(2024, 3, 1)
    limit(
        "XE-02-2", resumed, kind.ENROLMENT_STOP, "示例恢复业务通知〔2024〕3号", resumed_on=resumed, **rolling
    )
    stop = {"lender": STOPPED_BANK, "limit_rate": Decimal("0.04")}
    limit("XE-02-3", START, kind.ENROLMENT_STOP, "担保业务合作协议", **stop, **rolling)
    excess = {
        "limit_period": w.LimitPeriod.CUMULATIVE,
        "limit_denominator": of.MATURED,
        "limit_rate": EXCESS_RATE,
    }
    limit("XE-03-1", _D(2019, 6, 3), kind.EXCESS, "政银保协议", **excess)
    limit("XE-03-2", _D(2025, 1, 2), kind.PAYMENT_CAP, "限额另行核定，尚未核定")


def statements(register: PoolRegister, last: dt.date) -> None:
    """Interest and costs of each year, and what the bank says is in the account: agreed, apart, and not handed in."""
    for pool in (TECH, GUARANTEED, INSURED):
        for year in range(2019, last.year + 1):
            day = _D(year, 6, 21)
            held = register.money(pool, day)
            if held > 0:
                register.pay(day, w.PoolLeg.INTEREST, BANKS[0], pool, held * 15 // 1_000 // 100 * 100)
                register.pay(day_after(day, 30), w.PoolLeg.COST, pool, "OT-AUDIT", 60_000_00)
    for month in range(21):
        day = _D(2025 + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)
        register.add(
            "pool_statements",
            party=TECH,
            since=day,
            account_balance=register.money(TECH, day),
            document="专户对账单",
        )
    for day, apart in ((_D(2025, 12, 31), 0), (last, 500_000)):
        register.add(
            "pool_statements",
            party=GUARANTEED,
            since=day,
            account_balance=register.money(GUARANTEED, day) + apart,
            document="专户对账单",
        )
    register.warn("PI-10", "对账单与账面一致", GUARANTEED, "专户对账单比账面多五千元，差额未查明")
    register.unknown("PI-10", "对账单", INSURED, "专户从未报送对账单")
    register.near("PI-10", "对账单与账面一致", TECH, "每月末对账单与账面分毫不差")
