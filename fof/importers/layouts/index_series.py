"""Layouts of files that are read beside the book and not booked: an index."""

from __future__ import annotations

from fof.importers.columns import CellType, Column, Layout
from models.text import Text

INDEX = Layout(
    "index",
    Text("指数", "Index"),
    0,
    (
        Column(
            "day",
            CellType.DATE,
            Text("日期", "day"),
            ("交易日", "交易日期", "date", "trade date"),
            required=True,
            meaning=Text("点位所属的日期。", "Day of the level."),
            example="2024-03-15",
        ),
        Column(
            "level",
            CellType.NUMBER,
            Text("点位", "level"),
            (
                "收盘",
                "收盘价",
                "收盘点位",
                "收盘指数",
                "指数",
                "close",
                "closing level",
                "value",
                "total return",
            ),
            required=True,
            meaning=Text("全收益指数的点位，大于零。", "Level of the total-return index, above zero."),
            example="3,512.8",
        ),
    ),
)

SIDE = {INDEX.name: INDEX}
"""By name, as the layouts of what is booked are."""
