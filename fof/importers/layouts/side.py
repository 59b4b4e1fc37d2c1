"""Layouts of files that are read beside the book and not booked: an index."""

from __future__ import annotations

from fof.importers.columns import CellType, Column, Layout

INDEX = Layout(
    "index",
    "指数",
    "Index",
    0,
    (
        Column(
            "day",
            CellType.DATE,
            "日期",
            "day",
            ("交易日", "交易日期", "date", "trade date"),
            required=True,
            help_zh="点位所属的日期。",
            help_en="Day of the level.",
            example="2024-03-15",
        ),
        Column(
            "level",
            CellType.NUMBER,
            "点位",
            "level",
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
            help_zh="全收益指数的点位，大于零。",
            help_en="Level of the total-return index, above zero.",
            example="3,512.8",
        ),
    ),
)

SIDE = {INDEX.name: INDEX}
"""By name, as the layouts of what is booked are."""
