"""Layout: which classes of GB/T 4754 belong to which strategic emerging industry, by a document of the office's choice."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, CellType, Column, Layout
from models.rule_kinds import SeiGroup
from models.text import Text

STRATEGIC_INDUSTRIES = Layout(
    "strategic_industries",
    Text("战新产业对照", "Strategic industries"),
    165,
    (
        Column(
            "sei_group",
            CellType.WORD,
            Text("战略性新兴产业", "group"),
            ("战新产业",),
            words=SeiGroup,
            required=True,
            meaning=Text("产业类别。", "The strategic emerging industry."),
            example="新材料",
        ),
        Column(
            "industries",
            CellType.INDUSTRIES,
            Text("行业代码", "industries"),
            ("国标行业代码",),
            meaning=Text(
                "整类归入的国标行业代码，用顿号分隔。",
                "GB/T 4754 codes that belong to it as a whole, separated.",
            ),
            example="C3985",
        ),
        Column(
            "partly",
            CellType.INDUSTRIES,
            Text("部分归入的行业代码", "partly"),
            ("部分归入",),
            meaning=Text(
                "分类表中带星号、仅部分归入的代码；这些企业须逐户认定。",
                "Codes marked by a star, of which a part belongs to it: their companies are stated one by one.",
            ),
            example="C2641",
        ),
        SINCE,
        Column(
            "document",
            CellType.TEXT,
            DOCUMENT.text,
            DOCUMENT.aliases,
            required=True,
            meaning=DOCUMENT.meaning,
            example="国家统计局令第23号",
        ),
        SOURCE,
    ),
    meaning=Text(
        "每类产业每个版本（生效日）一行，写全该类的代码。企业自身登记的归类优先；没有登记的，按对照表归类，无从判断的仍为未知。",
        "One row for each group and version (day), with all its codes. What is stated of a company goes first; where nothing is, "
        "the table tells, and what it cannot tell stays unknown.",
    ),
)
