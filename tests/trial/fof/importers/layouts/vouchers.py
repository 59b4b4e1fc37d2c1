"""Layout: innovation vouchers given to a company and used by it, both since the first."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, fact
from models.text import Text

VOUCHERS = Layout(
    "vouchers",
    Text("创新券", "Vouchers"),
    45,
    (
        Column(
            "company",
            CellType.CODE,
            Text("企业编号", "company"),
            ("企业",),
            required=True,
            meaning=Text("领取创新券的企业。", "The company that was given vouchers."),
            example="C-0001",
        ),
        SINCE,
        fact("voucher_issued", meaning=Text("累计发放。", "Given, cumulative."), example="200000"),
        fact("voucher_redeemed", meaning=Text("累计兑付。", "Used, cumulative."), example="150000"),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    subject="company",
    meaning=Text("每家企业每个日期一行。", "One row for each company and day."),
)
