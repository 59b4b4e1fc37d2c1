"""Attributes of the table that puts classes of GB/T 4754 into strategic emerging industries: the office's, by group (SEI-01)."""

from __future__ import annotations

from models.fact_specs import FactType as T
from models.fact_specs import subject_fact
from models.rule_kinds import SeiGroup
from models.subjects import SubjectKind as S
from models.text import Text

STRATEGIC = "strategic_codes"
PARTLY = "*"
"""Follows a code of which only a part belongs to the group, as in the classification itself."""


def strategic_name(group: SeiGroup) -> str:
    """The attribute that holds the codes of a group."""
    return f"{STRATEGIC}.{group.value}"


for _group in SeiGroup:
    subject_fact(
        strategic_name(_group),
        T.CODES,
        Text(f"战新产业对照：{_group.zh}", f"Industries of the group: {_group.en}"),
        {S.OFFICE},
    )
