"""Layout: rounds, follow-ons, exits and write-offs."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import day, fund_code, group
from models import kinds
from models.text import Text

DEALS = Layout(
    "deals",
    Text("投资与退出", "Deals"),
    90,
    (
        Column(
            "code",
            CellType.CODE,
            Text("交易编号", "code"),
            ("项目编号", "编号", "deal code"),
            meaning=Text(
                "全账不重复；留空则由基金、企业、日期和类型编成。",
                "Unique; blank: made of fund, company, day and kind.",
            ),
            example="XM-2024-008",
        ),
        fund_code(
            meaning=Text(
                "基金的编号；国有创投机构自己直接投资的，为该机构的编号。",
                "Code of the fund; of a state venture institution's own direct investment that of the institution.",
            )
        ),
        Column(
            "company",
            CellType.CODE,
            Text("企业编号", "company"),
            ("企业代码", "企业", "被投企业", "company code"),
            required=True,
            meaning=Text("企业的编号。", "Code of the company."),
            example="QY-001",
        ),
        day(
            "day",
            Text("交易日", "day"),
            "日期",
            "付款日",
            "交割日",
            "date",
            required=True,
            meaning=Text(
                "付款或收款的日期；核销为认定日。", "Day of payment; for a write-off the day it was decided."
            ),
        ),
        Column(
            "kind",
            CellType.WORD,
            Text("交易类型", "kind"),
            ("类型", "type"),
            required=True,
            words=kinds.DealKind,
            meaning=Text(
                "首次投资、后续投资、转股、部分退出、退出或核销。",
                "Initial, follow-on, conversion, partial exit, exit or write-off.",
            ),
            example="首次投资",
        ),
        amount(
            "amount",
            Text("交易金额", "amount"),
            "金额",
            "投资金额",
            "退出金额",
            meaning=Text(
                "投资付出或退出收到的金额；核销、转股、实物分配与作价出资留空。",
                "Paid for an investment or received for an exit; blank for a write-off, a conversion or shares in kind.",
            ),
            example="15000000",
        ),
        Column(
            "paid_in_kind",
            CellType.BOOL,
            Text("出资人以其出资", "contributed in kind"),
            ("作价出资取得",),
            meaning=Text(
                "是：基金取得的股权由出资人作价出资，不付现金；作价与文件填在“缴款到账”表的非货币出资中。",
                "Yes: an investor hands the shares over instead of money and no cash is paid; value and document stand in the sheet of payments, "
                "contribution in kind.",
            ),
            example="否",
        ),
        Column(
            "round",
            CellType.TEXT,
            Text("轮次", "round"),
            ("融资轮次",),
            meaning=Text("天使轮、A轮等。", "Angel, A, B …"),
            example="A轮",
        ),
        Column(
            "instrument",
            CellType.WORD,
            Text("投资工具", "instrument"),
            ("工具",),
            words=kinds.Instrument,
            meaning=Text("股权、可转债等。", "Equity, convertible …"),
            example="股权",
        ),
        Column(
            "share",
            CellType.SHARE,
            Text("股权比例", "share"),
            ("持股比例", "比例"),
            meaning=Text(
                "本次买入、转得或卖出的企业股权比例，写明百分号或在表头注明（%）。",
                "Share of the company bought, converted into or sold, with a percent sign or (%) in the header.",
            ),
            example="6.5%",
        ),
        amount(
            "post_money",
            Text("投后估值", "post-money"),
            "投后",
            meaning=Text("本轮投后估值。", "Post-money value of the round."),
            example="230000000",
        ),
        Column(
            "stage",
            CellType.WORD,
            Text("企业阶段", "stage"),
            ("阶段", "投资阶段"),
            words=kinds.Stage,
            meaning=Text("交易当时的生命周期阶段。", "Lifecycle stage at the deal."),
            example="初创期",
        ),
        Column(
            "stage_definition",
            CellType.CODE,
            Text("阶段认定口径", "stage definition"),
            ("阶段口径", "认定口径"),
            meaning=Text(
                "得出阶段结论的口径编号；填写阶段时必填。",
                "Id of the definition that gave the label; required with a stage.",
            ),
            example="ST-01",
        ),
        Column(
            "exit_route",
            CellType.WORD,
            Text("退出方式", "exit route"),
            ("退出路径",),
            words=kinds.ExitRoute,
            meaning=Text("退出类交易填写。", "For exits."),
            example="回购",
        ),
        Column(
            "buyer",
            CellType.CODE,
            Text("受让方编号", "buyer"),
            ("受让方", "买方"),
            meaning=Text(
                "退出价款的付款方；留空为企业本身。", "Who pays for an exit; blank: the company itself."
            ),
        ),
        group(
            required=False,
            text=Text("所属分录组", "entry group"),
            meaning=Text(
                "仅导出填写：与“其他分录”中同组的收付同为一条分录，金额写在那里。",
                "Filled by an export alone: one entry with the postings of this group in “Other entries”, where the amounts stand.",
            ),
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("项目投资", "投资项目", "投资", "交易", "investments"),
    meaning=Text(
        "每一轮投资、追加、退出、核销一行。", "One row for each round, follow-on, exit and write-off."
    ),
)
