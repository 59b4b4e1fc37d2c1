"""Layout: targets of lifecycle coverage, the office's own, by stage, city or both."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, amount
from models.kinds import City, Stage
from models.text import Text

COVERAGE_TARGETS = Layout(
    "coverage_targets",
    Text("覆盖目标", "Coverage targets"),
    164,
    (
        Column(
            "stage",
            CellType.WORD,
            Text("生命周期阶段", "stage"),
            ("阶段",),
            words=Stage,
            meaning=Text("目标所属阶段；留空为全部阶段。", "Stage of the target; blank is all of them."),
            example="种子期",
        ),
        Column(
            "city",
            CellType.WORD,
            Text("市（地）", "city"),
            ("城市", "地市"),
            words=City,
            meaning=Text(
                "目标所属市（地）；留空为全省。", "City of the target; blank is the whole province."
            ),
            example="哈尔滨",
        ),
        SINCE,
        amount(
            "target",
            Text("目标金额", "target"),
            "在投目标",
            required=True,
            meaning=Text(
                "在投金额（股权成本与贷款余额）的目标，人民币。",
                "Target for money at risk (equity at cost, loans outstanding), in yuan.",
            ),
            example="200000000",
        ),
        UNIT,
        Column(
            "document",
            CellType.TEXT,
            DOCUMENT.text,
            DOCUMENT.aliases,
            required=True,
            meaning=DOCUMENT.meaning,
            example="2026 年度投资计划第3条",
        ),
        SOURCE,
    ),
    meaning=Text(
        "每个阶段、市（地）或二者组合每个生效日一行；目标是本办公室的设定，须写明依据文件。",
        "One row for each stage, city or both and day; a target is the office's own and rests on a document.",
    ),
)
