"""Sub-funds from 2018 on: the last years of the old guidance fund, then the parent fund and the new guidance fund."""

from __future__ import annotations

import datetime as dt

from office.funds import Fund, OddDeal, Planned
from office.parties import COUNTY, GUIDANCE_NEW, GUIDANCE_OLD, PARENT

_D = dt.date
_PAID = (("paid_in", 150), ("invested", 150), 0)
_PERSONS = tuple((f"PE-{n:02d}", 80 if n in (7, 31) else 100) for n in range(1, 49))

FUNDS = (
    Fund(
        "SF-2018-01", "示例兴凯石墨新材料产业基金", "industrial", _D(2018, 3, 20),
        ((GUIDANCE_OLD, 15000), ("GOV-230300", 8000), ("ST-01", 7000), ("SO-14", 12000), ("SO-12", 7000), ("GP-06", 1000)),
        "230300", 6, ("materials", "energy"), 9, 8, 5,
        big_ticket=26, custodian="BK-02",
    ),
    Fund(
        "SF-2018-02", "示例医药健康创业投资基金", "vc", _D(2018, 9, 18),
        (("NF-02", 9000), (GUIDANCE_OLD, 9000), ("GOV-230100", 6750), ("IN-01", 4500), ("SO-06", 9000), ("SO-02", 5850), ("GP-05", 900)),
        "230100", 5, ("bio",), 17, 8,
        excused="IN-01",
    ),
    Fund(
        "SF-2019-01", "示例油城数字创业投资基金", "vc", _D(2019, 4, 16),
        ((GUIDANCE_OLD, 12000), ("GOV-230600", 8000), ("ST-03", 6000), ("SO-01", 8000), ("SO-05", 5200), ("GP-10", 800)),
        "230600", 10, ("digital", "equipment"), 17, 8,
        overcharge=50, recallable=True,
    ),
    Fund(
        "SF-2019-02", "示例挹娄新材料成长创业投资基金", "growth", _D(2019, 8, 20),
        ((GUIDANCE_OLD, 7000), ("GOV-230500", 5000), ("SO-07", 4000), ("SO-12", 3800), ("GP-08", 200)),
        "230500", 8, ("materials", "green"), 6, 8,
        idle_days=430, custodian=None,
    ),
    Fund(
        "SF-2020-01", "示例桃山循环经济产业基金", "industrial", _D(2020, 3, 17),
        ((GUIDANCE_OLD, 9000), ("GOV-230900", 6000), ("SO-11", 7500), ("SO-07", 6900), ("GP-09", 600)),
        "230900", 9, ("green", "energy"), 8, 8, 5,
        late=("SO-07",), custodian="BK-03",
        odd_deals=(
            OddDeal(_D(2021, 6, 15), "H6110", 1800, city="230900"),
            OddDeal(_D(2022, 4, 19), "F5211", 1200, city="230900"),
            OddDeal(_D(2022, 11, 15), "K7010", 900, "不动产", city="230900"),
        ),
    ),
    Fund(
        "SF-2020-02", "示例北疆二手份额基金", "secondary", _D(2020, 9, 15),
        ((GUIDANCE_OLD, 10000), ("ST-01", 10000), ("SV-01", 5000), ("IN-01", 5000), ("SO-05", 10000), ("SO-10", 9000), ("GP-12", 1000)),
        "230100", 12, ("digital", "equipment", "bio", "materials", "energy"), 9, 7,
        borrowing_wan=3000,
    ),
    Fund(
        "SF-2021-01", "示例松雪天使创业投资基金", "angel", _D(2021, 3, 16),
        ((GUIDANCE_OLD, 7000), ("GOV-230100", 4000), ("SO-03", 4000), ("SO-09", 4400), ("GP-04", 600)),
        "230100", 4, ("digital", "bio", "aerospace", "materials"), 23, 10,
        fees=_PAID, concession=4000,
    ),
    Fund(
        "SF-2021-02", "示例林都森林食品成长创业投资基金", "growth", _D(2021, 9, 14),
        ((GUIDANCE_OLD, 4500), ("GOV-230700", 3000), ("SO-11", 3900), ("SO-13", 3450), ("GP-09", 150)),
        "230700", 9, ("food", "agriculture", "bio"), 6, 8,
        filing_workdays=None, mandate=("food",),
    ),
    Fund(
        "SF-2022-01", "示例银河产业并购基金", "merger", _D(2022, 3, 15),
        ((GUIDANCE_OLD, 20000), ("ST-01", 20000), ("ST-02", 15000), ("SO-01", 20000), ("SO-05", 15000), ("IN-01", 8000), ("GP-12", 2000)),
        "230100", 12, ("equipment", "bio", "digital", "energy"), 6, 8, 5,
        fees=_PAID,
        odd_deals=(OddDeal(_D(2026, 3, 17), "C3973", 2600, "二级市场股票", city="230100"),),
    ),
    Fund(
        "SF-2022-02", "示例边城跨境创业投资基金", "vc", _D(2022, 9, 20),
        ((GUIDANCE_OLD, 3600), ("GOV-231100", 2400), (COUNTY, 600), ("SO-15", 2800), ("SO-90", 2480), ("GP-11", 120)),
        "231100", 11, ("digital", "food", "green"), 8, 4, 3,
        province="广东省", sponsor_level="county", filing_workdays=38,
        odd_deals=(OddDeal(_D(2024, 5, 21), "I6513", 400, "委托贷款", city="231100"),),
    ),
    Fund(
        "SF-2023-01", "示例长风航空装备产业基金", "industrial", _D(2023, 10, 17),
        ((PARENT, 50000), ("GOV-230100", 25000), ("ST-02", 20000), ("NF-03", 15000), ("SO-12", 20000), ("SO-01", 17000), ("GP-14", 3000)),
        "230100", 14, ("aerospace", "equipment", "materials"), 12, 8, 5,
        fees=_PAID, mode="via_parent",
    ),
    Fund(
        "SF-2023-02", "示例龙江天使创业投资基金", "angel", _D(2023, 12, 19),
        ((PARENT, 12000), ("GOV-230100", 4500), ("SO-03", 6000), ("SO-09", 7050), ("GP-04", 450)),
        "230100", 4, ("digital", "bio", "aerospace", "materials", "energy"), 30, 10, 5,
        fees=_PAID, mode="via_parent", concession=4000,
    ),
    Fund(
        "SF-2024-01", "示例量子与新材料创业投资基金", "vc", _D(2024, 4, 16),
        ((PARENT, 48000), ("SO-12", 6000), ("SO-08", 5100), ("GP-13", 900)),
        "230100", 13, ("materials", "digital", "aerospace"), 18, 8,
        fees=_PAID, mode="via_parent", late=("SO-08",), extra={"fee_held_share": "20%"},
        second_close=(430, ((PARENT, 10000),)),
    ),
    Fund(
        "SF-2024-02", "示例鹤源石墨专项基金", "industrial", _D(2024, 6, 18),
        ((GUIDANCE_NEW, 40000),),
        "230400", 6, ("materials",), 8, 8, 5,
        fees=(("paid_in", 120), ("invested", 100), 0), carry=1000, hurdle=600,
        kind="special", mode="direct_sub_fund", form="contract", custodian="BK-02",
        mandate_doc="示例省政府专题会议纪要〔2024〕6号",
    ),
    Fund(
        "SF-2024-03", "示例北极村冷资源专项基金", "growth", _D(2024, 9, 17),
        ((GUIDANCE_NEW, 6000),),
        "232700", 9, ("food", "green", "bio"), 7, 8,
        fees=(("paid_in", 120), ("invested", 100), 0), carry=1000, hurdle=600,
        kind="special", mode="direct_sub_fund", form="contract",
    ),
    Fund(
        "SF-2025-01", "示例镜泊先进制造创业投资基金", "vc", _D(2025, 4, 15),
        ((PARENT, 15000), ("GOV-231000", 20000), ("ST-06", 5000), ("SO-06", 9250), ("GP-05", 750)),
        "231000", 5, ("equipment", "bio", "digital"), 12, 8,
        mode="via_parent", selected_days=285, approved_days=300,
    ),
    Fund(
        "SF-2025-02", "示例东极青年天使创业投资基金", "angel", _D(2025, 5, 20),
        ((PARENT, 2700), ("GOV-230800", 1350), *_PERSONS, ("GP-04", 150)),
        "230800", 4, ("digital", "agriculture", "bio"), 12, 11, 5,
        fees=_PAID, mode="via_parent", reinvest=(100, "paid_in"), first_call=4,
    ),
)  # fmt: skip
"""In the order of their first close."""

PLANNED = (
    Planned(
        "SF-2025-03", "示例鸡西康养产业基金", "industrial", "230300", 9, _D(2025, 3, 18), _D(2025, 2, 18), 20000,
        ((PARENT, 7000), ("GOV-230300", 3000), ("SO-14", 9800), ("GP-09", 200)),
    ),
    Planned("SF-2026-01", "示例鹤城智造创业投资基金", "vc", "230200", 2, _D(2026, 6, 16), _D(2026, 5, 19), 30000),
)  # fmt: skip
