"""The words for whose a figure is, and whether it is net or gross; fof.book.perspective says which a figure has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from models.text import Text

Whose = Literal["own", "investor", "whole_fund", "direct", "combined"]
Basis = Literal["net", "gross", "mixed"]

WHOSE: Mapping[str, Text] = {
    "own": Text("本组合的份额", "the portfolio's own stakes"),
    "investor": Text("该出资人的份额", "that investor's stake"),
    "whole_fund": Text("整只基金（全体出资人）", "the whole fund, all its investors"),
    "direct": Text("本组合的直接投资", "the portfolio's direct investments"),
    "combined": Text("本组合的份额与直接投资", "the portfolio's stakes and direct investments"),
}
BASES: Mapping[str, Text] = {
    "net": Text("净额（已扣基金的费用与收益分成）", "net of the funds' fees and carried interest"),
    "gross": Text("毛额（未扣基金的费用与收益分成）", "gross, before the funds' fees and carried interest"),
    "mixed": Text("基金份额净额、直接投资毛额", "stakes net, direct investments gross"),
}
