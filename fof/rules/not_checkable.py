"""Rules of the coded families that data cannot decide, each with the reason."""

from __future__ import annotations

from models.text import Text

NOT_CHECKABLE: dict[str, Text] = {
    "GF-57": Text(
        "规范评价方式本身：由本系统保证（GF-56 只看整体组合，任何规则都不因单个项目提出问责），不是对数据的判断",
        "about how results are judged: kept by construction (GF-56 looks at the whole portfolio, no rule calls for "
        "accountability over one deal), not something that data can break",
    ),
}
"""Rule id -> reason in Chinese and English."""

LATER: tuple[str, ...] = ()
"""Single rules of coded families that follow in later work."""

LATER_FAMILIES: dict[str, int] = {}
"""Families of the rulebook that follow in later work, with the number of their rules."""

CODED_FAMILIES = ("CI", "GF", "AF", "QI", "IV", "SM", "ST", "SEI", "TX", "TC", "IN", "PI", "RC")
"""Families of which every rule is coded, in NOT_CHECKABLE or in LATER."""
