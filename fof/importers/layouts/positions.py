"""Layout: cumulative positions as institutions disclose them."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import RESTATED, fund_code
from models import kinds
from models.text import Text

POSITIONS = Layout(
    "positions",
    Text("持仓披露", "Positions"),
    120,
    (
        Column(
            "holder",
            CellType.CODE,
            Text("机构编号", "holder"),
            ("机构", "持有人", "institution", "institution code"),
            required=True,
            meaning=Text("披露机构的主体编号。", "Code of the disclosing institution."),
            example="Oregon",
        ),
        fund_code(),
        Column(
            "day",
            CellType.DATE,
            Text("披露日", "day"),
            ("截止日", "截至日", "日期", "as of", "as_of", "date"),
            required=True,
            meaning=Text("累计数字截至的日期。", "Day up to which the figures are cumulative."),
            example="2025-09-30",
        ),
        amount(
            "commitment",
            Text("认缴", "commitment"),
            "认缴金额",
            "committed",
            signed=True,
            meaning=Text("累计认缴。", "Commitment."),
            example="100000000",
        ),
        amount(
            "called",
            Text("已缴", "called"),
            "实缴",
            "累计实缴",
            "contributed",
            "paid in",
            signed=True,
            meaning=Text("累计缴款。", "Called, cumulative."),
            example="85000000",
        ),
        amount(
            "distributed",
            Text("已分配", "distributed"),
            "累计分配",
            signed=True,
            meaning=Text("累计分配。", "Distributed, cumulative."),
            example="40000000",
        ),
        amount(
            "remaining",
            Text("剩余价值", "remaining"),
            "净值",
            "期末价值",
            "nav",
            "fair value",
            "remaining value",
            signed=True,
            meaning=Text(
                "期末价值；未披露留空，不写 0。", "Remaining value; blank if not disclosed, never 0."
            ),
            example="90000000",
        ),
        Column(
            "stated_irr",
            CellType.SHARE,
            Text("披露内部收益率", "stated irr"),
            ("净内部收益率", "IRR", "net irr"),
            signed=True,
            meaning=Text(
                "机构披露的净 IRR，写明百分号或在表头注明（%）。",
                "Net IRR as disclosed, with a percent sign or (%) in the header.",
            ),
            example="12.3%",
        ),
        Column(
            "stated_multiple",
            CellType.NUMBER,
            Text("披露倍数", "stated multiple"),
            ("净倍数", "TVPI", "net multiple"),
            signed=True,
            meaning=Text(
                "机构披露的净倍数，按原小数位。", "Net multiple as disclosed, with its own decimals."
            ),
            example="1.53",
        ),
        Column(
            "multiple_basis",
            CellType.WORD,
            Text("倍数口径", "multiple basis"),
            ("倍数来源",),
            words=kinds.MultipleBasis,
            meaning=Text(
                "倍数由谁计算；填写倍数时必填。", "Who computed the multiple; required with a multiple."
            ),
            example="机构披露",
        ),
        RESTATED,
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("持仓", "机构披露", "position statements"),
    one_of=(("commitment", "called", "distributed", "remaining"),),
    meaning=Text(
        "没有逐笔现金流时，按机构披露的累计数字，每个机构、基金、日期一行。",
        "Cumulative figures as institutions disclose them; one row for each holder, fund and day.",
    ),
)
