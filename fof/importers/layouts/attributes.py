"""Layout: any attribute of a party or a deal, one row each; for what the other sheets have no column for."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout
from models.text import Text

ATTRIBUTES = Layout(
    "attributes",
    Text("属性", "Attributes"),
    95,
    (
        Column(
            "subject",
            CellType.CODE,
            Text("主体或交易编号", "subject"),
            ("主体", "交易", "subject code"),
            required=True,
            meaning=Text(
                "属性所属的主体编号；交易的属性填交易编号。",
                "Code of the party, or of the deal for an attribute of deals.",
            ),
            example="HLJ-TS-01",
        ),
        Column(
            "attribute",
            CellType.TEXT,
            Text("属性名称", "attribute"),
            ("属性名", "attribute name"),
            required=True,
            meaning=Text("属性的中文名、英文名或标识。", "Name or identifier of the attribute."),
            example="返投基数",
        ),
        SINCE,
        Column(
            "value",
            CellType.TEXT,
            Text("内容", "value"),
            ("值", "属性值"),
            required=True,
            meaning=Text(
                "按属性的类型填写：日期、金额、百分比（带百分号）、是/否、选项或文字。",
                "As the attribute's type asks: date, amount, percentage with its sign, yes/no, word or text.",
            ),
            example="实缴",
        ),
        Column(
            "basis",
            CellType.TEXT,
            Text("认定口径", "basis"),
            ("口径", "definition"),
            meaning=Text("得出结论的口径编号。", "Id of the definition behind a label."),
            example="ST-01",
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("主体属性", "其他属性", "facts"),
    meaning=Text(
        "其他表没有对应列的属性，每个属性一行；金额须在“金额单位”列写明单位。",
        "Attributes that no other sheet has a column for, one row each; an amount needs the unit column.",
    ),
)
