"""Sub-funds of the first years: the old guidance fund takes part under the rules of 2008 to 2017."""

from __future__ import annotations

import datetime as dt

from office.funds import Fund, Sale
from office.parties import COUNTY, GUIDANCE_OLD

_D = dt.date
_DIRECT = "direct_sub_fund"

FUNDS = (
    Fund(
        "SF-2011-01", "示例龙科创业投资基金", "vc", _D(2011, 9, 20),
        ((GUIDANCE_OLD, 7500), ("GOV-230100", 5000), ("ST-01", 2500), ("SO-01", 5000), ("SO-03", 4500), ("GP-01", 500)),
        "230100", 1, ("digital", "equipment", "bio"), 14, 7,
        extended=2, extensions=2, closes=True,
        sales=(Sale(_D(2015, 4, 15), GUIDANCE_OLD, "SO-01", 20, 100),),
    ),
    Fund(
        "SF-2012-01", "示例鹤城成长创业投资基金", "growth", _D(2012, 5, 15),
        ((GUIDANCE_OLD, 6000), ("GOV-230200", 4000), ("ST-05", 3000), ("SO-02", 6600), ("GP-02", 400)),
        "230200", 2, ("equipment", "materials", "food"), 9, 7,
        extended=1, extensions=1, closes=True, custodian="BK-02",
    ),
    Fund(
        "SF-2012-02", "示例油城新能源产业投资基金", "industrial", _D(2012, 10, 18),
        ((GUIDANCE_OLD, 15000), ("GOV-230600", 12000), ("ST-03", 15000), ("SO-04", 17000), ("GP-03", 1000)),
        "230600", 3, ("energy", "green", "materials"), 12, 10, 5,
        fees=(("commitment", 200), ("invested", 200), 0),
        extended=3, extensions=3, extension_level="prefecture", fee_after_term=True,
        sales=(Sale(_D(2020, 11, 16), "SO-04", "SF-2020-02", 100, 88),),
    ),
    Fund(
        "SF-2013-01", "示例冰城天使创业投资基金", "angel", _D(2013, 4, 16),
        ((GUIDANCE_OLD, 4000), ("GOV-230100", 2500), ("SO-03", 3000), ("GP-04", 500)),
        "230100", 4, ("digital", "bio", "equipment", "materials"), 25, 8,
        extended=1, extensions=1, closes=True, custodian="BK-02", concession=3000,
    ),
    Fund(
        "SF-2014-01", "示例镜泊生物医药创业投资基金", "vc", _D(2014, 3, 18),
        ((GUIDANCE_OLD, 9000), ("GOV-231000", 6000), ("ST-06", 3000), ("SO-06", 7000), ("SO-02", 4400), ("GP-05", 600)),
        "231000", 5, ("bio",), 15, 8,
        extended=2, extensions=2, closes=True,
        sales=(Sale(_D(2016, 6, 15), GUIDANCE_OLD, "SO-06", 15, 100),),
    ),
    Fund(
        "SF-2015-01", "示例东极农机装备产业基金", "industrial", _D(2015, 6, 16),
        ((GUIDANCE_OLD, 12500), ("GOV-230800", 10000), ("ST-04", 12500), ("SO-16", 14000), ("GP-06", 1000)),
        "230800", 6, ("agriculture", "equipment"), 10, 8, 5,
        extended=2, extensions=2, custodian="BK-03",
    ),
    Fund(
        "SF-2015-02", "示例北斗种子创业投资基金", "seed", _D(2015, 9, 22),
        ((GUIDANCE_OLD, 2000), ("GOV-230100", 1000), ("SO-08", 500), ("SO-09", 1250), ("GP-07", 250)),
        "230100", 7, ("digital", "bio", "materials", "aerospace"), 24, 8,
        extended=2, extensions=2, closes=True, concession=5000,
    ),
    Fund(
        "SF-2016-01", "示例科技成果转化创业投资基金", "conversion", _D(2016, 4, 19),
        (("NF-01", 10000), (GUIDANCE_OLD, 8000), ("GOV-230100", 4000), ("ST-01", 4000), ("SO-01", 8000), ("SO-05", 5200), ("GP-01", 800)),
        "230100", 1, ("digital", "equipment", "materials", "bio"), 18, 10, 5,
        extended=1, extensions=1,
    ),
    Fund(
        "SF-2016-02", "示例黑土食品成长创业投资基金", "growth", _D(2016, 11, 15),
        ((GUIDANCE_OLD, 9000), ("GOV-231200", 6000), ("SO-13", 9000), ("ST-04", 5400), ("GP-08", 600)),
        "231200", 8, ("food", "agriculture"), 10, 8,
        extended=2, extensions=2, early_carry=120, custodian="BK-03",
    ),
    Fund(
        "SF-2017-02", "示例双创天使创业投资基金", "angel", _D(2017, 5, 16),
        ((GUIDANCE_OLD, 4500), ("GOV-230100", 3000), ("SO-03", 3600), ("SO-10", 3800), ("GP-04", 100)),
        "230100", 4, ("digital", "bio", "energy"), 21, 9,
        late_stage=True, reinvest=(300, "paid_in"),
    ),
    Fund(
        "SF-2017-01", "示例冰城产业发展基金", "industrial", _D(2017, 12, 19),
        (("GOV-230100", 20000), ("ST-01", 25000), ("SO-04", 14400), ("GP-03", 600)),
        "230100", 3, ("equipment", "aerospace", "digital"), 9, 10, 5,
        second_close=(195, ((GUIDANCE_OLD, 10000),)), sponsor_level="prefecture",
        reinvest=(100, "paid_in"),
    ),
)  # fmt: skip
"""In the order of their first close. SF-2017-01 is the shape of GF-68: 75 % public money if state firms count."""

assert all(COUNTY not in dict(fund.investors) for fund in FUNDS), "counties may not sponsor before 2018"
