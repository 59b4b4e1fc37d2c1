"""Layouts of what the office decides by itself, and of entries that no other sheet has columns for; an export fills them.

`group` is what is one entry: rows with the same group are booked together, under that text as their key.
"""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import day, group
from models.kinds import DispositionAction, EntryKind
from models.subjects import REGISTERED, SubjectKind
from models.text import Text


def _code(name: str, text: Text, meaning: Text, *, required: bool = False) -> Column:
    return Column(name, CellType.CODE, text, (), required, meaning=meaning, example="HLJ-TS-01")


_SUBJECT = _code(
    "subject",
    Text("主体编号", "subject"),
    Text("所属主体；整个办公室的留空。", "Party it is of; blank for the whole office."),
)
UNTIL = Column(
    "until",
    CellType.DATE,
    Text("截止日", "until"),
    ("至",),
    meaning=Text("最后一日；留空为长期。", "Last day; blank: no end."),
    example="2026-12-31",
)
_PART = Column(
    "part",
    CellType.INT,
    Text("段", "part"),
    meaning=Text(
        "内容过长时分段，从 1 起；同一参数各段相连。",
        "Of a long value, the number of the piece, from 1; the pieces of a setting are joined.",
    ),
    example="1",
)


def _text(name: str, text: Text, meaning: Text, example: str, *, required: bool = False) -> Column:
    return Column(name, CellType.TEXT, text, (), required, meaning=meaning, example=example)


SETTINGS = Layout(
    "settings",
    Text("参数设定", "Settings"),
    140,
    (
        group(required=False),
        _SUBJECT,
        _text(
            "name",
            Text("参数", "name"),
            Text(
                "规则参数、评价项目或列映射的标识。",
                "Id of a rule parameter, an evaluation item or a mapping.",
            ),
            "reinvest_ratio",
            required=True,
        ),
        day(
            "day",
            Text("设定日", "day"),
            "生效日",
            required=True,
            meaning=Text("自哪一日起。", "From which day."),
        ),
        _text(
            "value",
            Text("内容", "value"),
            Text("参数值，按参数的单位。", "The value, in the parameter's unit."),
            "0.35",
            required=True,
        ),
        _PART,
        UNTIL,
        DOCUMENT,
        SOURCE,
    ),
    meaning=Text(
        "办公室自设的规则参数、评价设定与列映射，每项一行。",
        "Rule parameters, evaluation settings and mappings of the office, one a row.",
    ),
)

_ADDRESS = (
    Column(
        "kind",
        CellType.WORD,
        Text("对象类型", "kind"),
        (),
        words=SubjectKind,
        only=tuple(
            k for k in SubjectKind if k not in (SubjectKind.OFFICE, SubjectKind.PARTY, SubjectKind.DEAL)
        ),
        meaning=Text(
            "对通知、权属关系、贷款、方案等的处置填写其类型。",
            "What it is, for a decision about a notice, an edge, a loan, a plan …",
        ),
        example="通知",
    ),
    _code(
        "code",
        Text("对象编号", "code"),
        Text(
            "对象的编号；份额与通知填基金，权属关系填持有人。",
            "Its code; of a stake or a notice the fund's, of an edge the owner's.",
        ),
    ),
    _code(
        "second",
        Text("第二编号", "second code"),
        Text(
            "份额填出资人，通知填通知编号，权属关系填被持有人。",
            "Of a stake the investor, of a notice its number, of an edge the party that is owned.",
        ),
    ),
)

DISPOSITIONS = Layout(
    "dispositions",
    Text("处置", "Dispositions"),
    150,
    (
        group(required=True),
        day(
            "day",
            Text("处置日", "day"),
            required=True,
            meaning=Text("作出处置的日期。", "Day of the decision."),
        ),
        _text("rule", Text("规则", "rule"), Text("规则编号。", "Id of the rule."), "GF-11", required=True),
        _SUBJECT,
        _code(
            "deal",
            Text("交易编号", "deal"),
            Text("对交易的处置填写。", "Code of the deal, for a decision about one."),
        ),
        *_ADDRESS,
        Column(
            "action",
            CellType.WORD,
            Text("处置方式", "action"),
            (),
            required=True,
            words=DispositionAction,
            meaning=Text("接受、整改或驳回。", "Accept, rectify or dismiss."),
            example="整改",
        ),
        _text(
            "reference",
            Text("依据文号", "reference"),
            Text("处置所依据的文号。", "Number of what it rests on."),
            "整改通知 2024-3",
            required=True,
        ),
        UNTIL,
        _text("reason", Text("理由", "reason"), Text("驳回的原因。", "Why it is dismissed."), "已补件"),
        SOURCE,
    ),
    meaning=Text("对审计发现的处置，每条一行。", "Decisions about findings, one a row."),
)


_BY_OTHER_MEANS = frozenset(
    {
        EntryKind.REVERSAL,
        EntryKind.PERIOD_CLOSE,
        EntryKind.PERSONAL,
        EntryKind.UNMASKING,
        EntryKind.ERASURE,
    }
)
"""Kinds of entries that no row of a file makes."""


def entry_columns(*, example: str) -> tuple[Column, ...]:
    """Which entry a row belongs to, where a row is a part of one: its group, its kind and its day."""
    kind = Column(
        "entry",
        CellType.WORD,
        Text("分录类别", "entry kind"),
        (),
        required=True,
        words=EntryKind,
        only=tuple(k for k in EntryKind if k not in _BY_OTHER_MEANS),
        meaning=Text("分录的类别。", "Kind of the entry."),
        example=example,
    )
    true_for = day("day", Text("日期", "day"), required=True, meaning=Text("生效日。", "Day it is true for."))
    return group(required=True), kind, true_for


MOVEMENTS = Layout(
    "movements",
    Text("其他分录", "Other entries"),
    130,
    (
        *entry_columns(example="重组并入"),
        _text(
            "kind",
            Text("收付类别", "posting kind"),
            Text(
                "收付的标识或中文名；不填则本行为通知，或通知所要求的一个组成部分。",
                "Identifier or name of the posting kind; blank: a notice, or a component of what it asks.",
            ),
            "PAID_IN_TRANSFER",
        ),
        _code(
            "payer",
            Text("付方编号", "payer"),
            Text("付出或转出的主体。", "Party it goes from."),
        ),
        _code("payee", Text("收方编号", "payee"), Text("收到或转入的主体。", "Party it goes to.")),
        _code("fund", Text("基金编号", "fund"), Text("所属基金。", "Fund it belongs to.")),
        _code("deal", Text("交易编号", "deal"), Text("所属交易。", "Deal it belongs to.")),
        Column(
            "subject_kind",
            CellType.WORD,
            Text("对象类型", "subject kind"),
            (),
            words=SubjectKind,
            only=tuple(sorted(REGISTERED)),
            meaning=Text("款项所关的对象是什么。", "What the money is about."),
            example="入池贷款",
        ),
        _code(
            "subject",
            Text("对象编号", "subject"),
            Text("款项所关的对象。", "Code of what the money is about."),
        ),
        amount(
            "amount",
            Text("金额", "amount"),
            meaning=Text("大于零。", "Above zero."),
            example="100000000",
        ),
        _text(
            "number",
            Text("通知编号", "notice number"),
            Text("分录所含通知的编号。", "Number of a notice in the entry."),
            "2024-01",
        ),
        _text(
            "component",
            Text("组成部分", "component"),
            Text(
                "通知要求付方缴付的部分；不动用款项，收付类别留空。",
                "Component of what the notice asks of the payer; moves nothing, the posting kind is blank.",
            ),
            "investment",
        ),
        day(
            "due_on",
            Text("缴款截止日", "due day"),
            required=False,
            meaning=Text("通知的缴款截止日。", "Due day of the notice."),
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    meaning=Text(
        "没有专用表格的分录（重组等），每笔收付一行；由导出填写。",
        "Entries that have no sheet of their own (a reorganisation), one posting a row; filled by an export.",
    ),
)

CLOSES = Layout(
    "closes",
    Text("季度结账", "Quarter closes"),
    160,
    (
        _text(
            "portfolio",
            Text("组合", "portfolio"),
            Text("投资组合的编号，或 ALL- 加币种。", "Code of the portfolio, or ALL- and a currency."),
            "HLJ-MF",
            required=True,
        ),
        day(
            "day",
            Text("季度末", "day"),
            "quarter end",
            required=True,
            meaning=Text("所结季度的最后一日。", "Last day of the quarter."),
        ),
        Column(
            "open_items",
            CellType.INT,
            Text("缺项", "open items"),
            (),
            required=True,
            meaning=Text("结账时所缺的项数。", "How many items were missing at the close."),
            example="0",
        ),
        _text(
            "reason",
            Text("理由", "reason"),
            Text("仍有缺项而结账的理由。", "Why it was closed all the same."),
            "管理人迟报",
        ),
        SOURCE,
    ),
    meaning=Text(
        "季度结账，最后登记：依据其时账中的全部分录。",
        "Quarter closes, booked last: on all entries the book has by then.",
    ),
)

REPORTS = Layout(
    "reports",
    Text("报告", "Reports"),
    170,
    (
        _text(
            "name",
            Text("报告名称", "report name"),
            Text("“已知至”可用的名称。", "The name that “known at” takes."),
            "年报2025",
            required=True,
        ),
        day("day", Text("命名日", "day"), required=True, meaning=Text("命名的日期。", "Day it was named.")),
        _text(
            "reason",
            Text("说明", "why"),
            Text("是什么报告、交给了谁。", "What the report is, who was given it."),
            "报省财政厅",
            required=True,
        ),
        SOURCE,
    ),
    meaning=Text(
        "有名称的报告，最后登记：依据其时账中的全部分录。",
        "Named reports, booked last: on all entries the book has by then.",
    ),
)
