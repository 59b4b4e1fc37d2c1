"""Layout: net asset values and valuations as stated."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import RESTATED, fund_code
from models import kinds
from models.text import Text

VALUATIONS = Layout(
    "valuations",
    Text("估值", "Valuations"),
    110,
    (
        fund_code(
            required=False,
            meaning=Text(
                "基金的编号；出资人不经基金直接持有企业的，此列留空，填出资人与企业。",
                "Code of the fund; blank for what an investor holds by no fund: state investor and company.",
            ),
        ),
        Column(
            "day",
            CellType.DATE,
            Text("估值日", "day"),
            ("估值日期", "基准日", "报告日", "日期", "as of", "as_of", "date"),
            required=True,
            meaning=Text("净值或估值对应的日期。", "Day the value is of."),
            example="2024-12-31",
        ),
        Column(
            "investor",
            CellType.CODE,
            Text("出资人编号", "investor"),
            ("投资人编号", "出资人", "投资人", "investor code"),
            meaning=Text(
                "该出资人的资本账户净值；与企业编号同时留空为全基金净值。",
                "Capital account of that investor; with the company blank too: the whole fund's NAV.",
            ),
            example="HLJ-MF",
        ),
        Column(
            "company",
            CellType.CODE,
            Text("企业编号", "company"),
            ("企业代码", "企业", "持仓", "company code"),
            meaning=Text(
                "基金对该企业（或下层基金）持仓的估值。",
                "Value of the fund's holding of that company or fund.",
            ),
            example="QY-001",
        ),
        amount(
            "amount",
            Text("净值", "amount"),
            "估值",
            "金额",
            "估值金额",
            "nav",
            required=True,
            signed=True,
            meaning=Text(
                "零表示价值为零；不知道就不要填这一行。",
                "Zero means worth nothing; leave the row out if unknown.",
            ),
            example="61200000",
        ),
        Column(
            "method",
            CellType.WORD,
            Text("估值方法", "method"),
            ("方法",),
            required=True,
            words=kinds.MarkMethod,
            meaning=Text("报告净值或估值技术。", "Reported NAV, or the valuation technique."),
            example="报告净值",
        ),
        Column(
            "stated_by",
            CellType.TEXT,
            Text("出具方", "stated by"),
            ("报告人", "出具机构"),
            meaning=Text("谁给出的数字。", "Who stated it."),
            example="示例管理人",
        ),
        Column(
            "received_on",
            CellType.DATE,
            Text("收到日", "received on"),
            ("收到日期",),
            meaning=Text("何时收到报告；记入附注。", "When the statement arrived; kept as a note."),
            example="2025-02-10",
        ),
        RESTATED,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("净值", "净值报告", "资产估值", "nav statements"),
    meaning=Text(
        "季度、年度净值与持仓估值，每个数字一行。",
        "Quarterly and yearly NAVs and valuations of holdings, one row for each figure.",
    ),
)
