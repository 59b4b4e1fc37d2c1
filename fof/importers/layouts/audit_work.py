"""Layout of the owner's audit: cases, a row for each step."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, fact, link
from models.facts import SUBJECT_FACTS
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

AUDIT_CASES = Layout(
    "audit_cases",
    Text("审计事项", "Audit cases"),
    191,
    (
        Column(
            "code",
            CellType.CODE,
            Text("审计事项编号", "code"),
            ("编号",),
            required=True,
            meaning=Text("审计事项的编号；账中没有的即立项。", "Its code; what the book has not is begun."),
            example="SJ-0001",
        ),
        link(R.INSTITUTION, required=False, example="HLJ-CT-01"),
        SINCE,
        *(
            fact(spec.name, required=spec.name == "case_step")
            for spec in SUBJECT_FACTS.values()
            if spec.subjects == {S.AUDIT_CASE}
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    meaning=Text(
        "每个步骤一行，按程序先后：立项、取证单、征求意见、反馈意见、复核、出具、整改、复查、结案或移送。",
        "One row a step, in the order of the procedure: draft, evidence sheet, sent, replied, reviewed, issued, rectified, re-tested, closed or referred.",
    ),
    registers=S.AUDIT_CASE,
)
