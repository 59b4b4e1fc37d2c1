"""Layout: ownership that no commitment or deal of this book shows."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, CellType, Column, Layout
from fof.importers.layouts.shared_columns import PERCENT_EN, PERCENT_ZH
from models import kinds
from models.text import Text

EDGES = Layout(
    "edges",
    Text("权属关系", "Ownership"),
    40,
    (
        Column(
            "owner",
            CellType.CODE,
            Text("持有人编号", "owner"),
            ("持有人", "股东编号", "股东"),
            required=True,
            meaning=Text("持有人的主体编号。", "Code of the owner."),
            example="HLJ-GQ-01",
        ),
        Column(
            "owned",
            CellType.CODE,
            Text("被持有编号", "owned"),
            ("被持有", "标的编号", "标的"),
            required=True,
            meaning=Text("被持有的主体编号。", "Code of what is owned."),
            example="HLJ-GL-02",
        ),
        Column(
            "since",
            CellType.DATE,
            Text("起始日", "since"),
            ("自", "开始日期", "生效日", "from"),
            required=True,
            meaning=Text("自哪一天起。", "From which day."),
            example="2020-01-01",
        ),
        Column(
            "until",
            CellType.DATE,
            Text("截止日", "until"),
            ("止", "结束日期", "to"),
            meaning=Text("自哪一天起不再持有；长期留空。", "The first day it no longer holds; blank: open."),
            example="2024-12-31",
        ),
        Column(
            "share",
            CellType.SHARE,
            Text("比例", "share"),
            ("持股比例", "份额比例", "ownership share"),
            required=True,
            meaning=Text(f"持有比例。{PERCENT_ZH}", f"Share held. {PERCENT_EN}"),
            example="35%",
        ),
        Column(
            "basis",
            CellType.WORD,
            Text("比例口径", "basis"),
            ("口径",),
            required=True,
            words=kinds.EdgeBasis,
            meaning=Text("比例是什么的比例。", "What it is a share of."),
            example="股权",
        ),
        DOCUMENT,
        SOURCE,
    ),
    aliases=("股权关系", "持股关系", "ownership edges"),
    meaning=Text(
        "本账的认缴与投资未能反映的持股。变更时另起一行。",
        "Stakes that no commitment or deal of this book shows. A change is a new row.",
    ),
)
