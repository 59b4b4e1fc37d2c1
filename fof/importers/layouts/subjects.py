"""Layout: what is no party and no deal (plans, loans, vouchers …): registration, attributes and links, one of them a row."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, CellType, Column, Layout
from fof.importers.layouts.office import UNTIL, entry_columns
from models.subjects import LinkRole, SubjectKind
from models.text import Text

SUBJECTS = Layout(
    "subjects",
    Text("对象", "Subjects"),
    125,
    (
        *entry_columns(example="风险补偿"),
        Column(
            "kind",
            CellType.WORD,
            Text("对象类型", "kind"),
            (),
            required=True,
            words=SubjectKind,
            meaning=Text("对象的类型。", "What the subject is."),
            example="入池贷款",
        ),
        Column(
            "code",
            CellType.CODE,
            Text("对象编号", "code"),
            (),
            meaning=Text(
                "对象的编号；份额与通知填基金，权属关系填持有人。账中没有的即登记。",
                "Its code; of a stake or a notice the fund's, of an edge the owner's. What the book has not is registered.",
            ),
            example="DK-2026-001",
        ),
        Column(
            "second",
            CellType.CODE,
            Text("第二编号", "second code"),
            (),
            meaning=Text(
                "份额填出资人，通知填通知编号，权属关系填被持有人。",
                "Of a stake the investor, of a notice its number, of an edge the party that is owned.",
            ),
            example="HLJ-TS-01",
        ),
        Column(
            "attribute",
            CellType.TEXT,
            Text("属性名称", "attribute"),
            (),
            meaning=Text("属性的标识。", "Identifier of the attribute."),
            example="title",
        ),
        Column(
            "role",
            CellType.WORD,
            Text("关系", "role"),
            (),
            words=LinkRole,
            meaning=Text(
                "内容所指的主体、交易或对象与本对象的关系。",
                "What the party, deal or subject named by the value is to it.",
            ),
            example="借款人",
        ),
        Column(
            "value",
            CellType.TEXT,
            Text("内容", "value"),
            (),
            meaning=Text("属性的值，或所指的编号。", "The attribute's value, or the code that is named."),
            example="示例贷款",
        ),
        UNTIL,
        Column(
            "basis",
            CellType.TEXT,
            Text("认定口径", "basis"),
            (),
            meaning=Text("得出结论的口径编号。", "Id of the definition behind a label."),
            example="ST-01",
        ),
        DOCUMENT,
        SOURCE,
    ),
    meaning=Text(
        "方案、贷款、创新券等对象的登记、属性与关系，每项一行。",
        "Plans, loans, vouchers …: registration, attributes and links, one a row.",
    ),
)
