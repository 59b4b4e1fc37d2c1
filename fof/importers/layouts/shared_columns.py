"""What several layouts share: columns (who, which fund, which notice, which day), the layout that registers subjects, and the
one whose rows state attributes of a party."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, fact
from models.facts import SUBJECT_FACTS
from models.kinds import PartyKind
from models.subjects import SubjectKind as S
from models.text import Text

CODE = Column(
    "code",
    CellType.CODE,
    Text("编号", "code"),
    (
        "代码",
        "主体编号",
        "主体代码",
        "基金编号",
        "基金代码",
        "企业编号",
        "企业代码",
        "party code",
        "fund code",
        "company code",
    ),
    required=True,
    meaning=Text(
        "本账内唯一、不再改变的编号，其他表用它指代本主体；不分类别，全账不得重复。",
        "The unique, permanent code by which all other sheets name this party.",
    ),
    example="HLJ-TS-01",
)


def name(*aliases: str) -> Column:
    return fact(
        "name",
        *aliases,
        meaning=Text("全称；新登记时必填。", "Full name; required when the code is new."),
        example="示例天使投资基金",
    )


def party_kind(only: tuple[PartyKind, ...], *aliases: str) -> Column:
    return Column(
        "kind",
        CellType.WORD,
        Text("主体类别", "kind"),
        ("类别", "party kind", *aliases),
        required=True,
        words=PartyKind,
        only=only,
        meaning=Text("主体是什么；登记后不变。", "What the party is; it does not change once registered."),
        example=only[0].zh,
    )


_USCC = fact(
    "uscc",
    "信用代码",
    "社会信用代码",
    cell=CellType.USCC,
    meaning=Text(
        "18 位，校验位按 GB 32100-2015 核对。",
        "18 characters; the check character is verified (GB 32100-2015).",
    ),
    example="91230100MA1EXAMPL5",
)
_PLACES = (
    fact("province", "省", meaning=Text("所在省份。", "Province.")),
    fact(
        "city",
        "城市",
        "市（地）",
        "地市",
        meaning=Text(
            "全省 13 个市（地）之一；省外留空。", "One of the 13 prefecture-level units; blank outside."
        ),
    ),
    fact("registered_place", meaning=Text("工商注册地。", "Place of registration.")),
    fact("business_place", "办公地", meaning=Text("实际经营地。", "Place of business.")),
    fact(
        "money_place",
        meaning=Text("资金实际使用地；返投认定用。", "Where the money is used; decides reinvestment."),
    ),
)
LEGAL = (
    _USCC,
    fact(
        "currency",
        "货币",
        cell=CellType.CURRENCY,
        meaning=Text("CNY、USD 等；不填视为 CNY。", "ISO code; blank is CNY."),
        example="CNY",
    ),
    *_PLACES,
)
CONTROL = (
    fact("government_level", meaning=Text("政府主体的层级。", "Level of a government.")),
    fact("ownership", "所有制性质", meaning=Text("由谁控制。", "Who controls it.")),
    fact("owner_government", meaning=Text("所属政府的主体编号。", "Code of the government it belongs to.")),
    fact(
        "successor_of",
        meaning=Text(
            "更名、合并前主体的编号，多个用顿号或逗号分隔。",
            "Codes of the parties it succeeds, separated by commas.",
        ),
    ),
    fact(
        "portfolio",
        meaning=Text(
            "是：作为一个投资组合单独列示（机构、引导基金、母基金）。",
            "Yes: shown as a portfolio of its own.",
        ),
    ),
    fact(
        "cash_kept",
        meaning=Text(
            "是：该主体的现金在本账核算，余额不得为负。",
            "Yes: its cash is kept in this book and cannot go below zero.",
        ),
    ),
)

PERCENT_ZH = "写明百分号，或在表头注明（%）。"
PERCENT_EN = "With a percent sign, or with (%) in the header."

STAGE_DEFINITION = Column(
    "stage_definition",
    CellType.CODE,
    Text("阶段认定口径", "stage definition"),
    ("阶段口径", "认定口径"),
    meaning=Text(
        "得出阶段结论的口径编号；填写阶段时必填。",
        "Id of the definition that gave the label; required with a stage.",
    ),
    example="ST-01",
)
STAGE = fact(
    "stage", "企业阶段", "阶段", meaning=Text("生命周期阶段。", "Lifecycle stage."), example="初创期"
)


def fund_code(required: bool = True, meaning: Text | None = None) -> Column:
    return Column(
        "fund",
        CellType.CODE,
        Text("基金编号", "fund"),
        ("基金代码", "基金", "基金名称", "fund code", "fund name"),
        required=required,
        meaning=meaning or Text("基金的编号。", "Code of the fund."),
        example="HLJ-TS-01",
    )


def investor_code(meaning: Text) -> Column:
    return Column(
        "investor",
        CellType.CODE,
        Text("出资人编号", "investor"),
        ("投资人编号", "出资人", "投资人", "合伙人编号", "LP", "investor code"),
        required=True,
        meaning=meaning,
        example="HLJ-MF",
    )


def number(text: Text, *aliases: str, required: bool, example: str, meaning: Text) -> Column:
    return Column("number", CellType.CODE, text, aliases, required, meaning=meaning, example=example)


def day(name: str, text: Text, *aliases: str, required: bool, meaning: Text) -> Column:
    return Column(name, CellType.DATE, text, aliases, required, meaning=meaning, example="2024-03-15")


REFERENCE = Column(
    "reference",
    CellType.CODE,
    Text("流水号", "reference"),
    ("凭证号", "银行流水号", "voucher"),
    meaning=Text(
        "银行流水或凭证号；有则用作防重依据。",
        "Bank or voucher reference; where given it is what tells a repeated row.",
    ),
)

INVESTOR = investor_code(Text("出资人的主体编号。", "Code of the investor."))

RESTATED = Column(
    "restated",
    CellType.BOOL,
    Text("更正", "restated"),
    ("是否更正", "重述"),
    meaning=Text(
        "是：同一日此前已报的数字由本行更正，原数字仍可按当时所知查看。",
        "Yes: this row restates a figure stated before for the same day; the old one stays visible as then known.",
    ),
    example="否",
)


def group(*, required: bool, text: Text | None = None, meaning: Text | None = None) -> Column:
    """What is one entry."""
    own = Text(
        "同组的各行登记为一条分录；导出文件中为原分录的键。",
        "Rows of one group are one entry; in an export, the key of the entry they were.",
    )
    return Column(
        "group",
        CellType.TEXT,
        text or Text("组", "group"),
        () if text else ("分录键", "entry key"),
        required=required,
        meaning=meaning or own,
        example="evaluation/2024",
    )


def own_code(kind: S, example: str) -> Column:
    return Column(
        "code",
        CellType.CODE,
        Text(f"{kind.zh}编号", "code"),
        ("编号",),
        required=True,
        meaning=Text(
            f"{kind.zh}的编号，在同类中唯一；账中没有的即登记。",
            "Its code, unique among its kind; what the book has not is registered.",
        ),
        example=example,
    )


def registering(
    name: str,
    title: Text,
    order: int,
    kind: S,
    example: str,
    links: tuple[Column, ...],
    meaning: Text,
    *more: Column,
    required: frozenset[str] = frozenset(),
    without: tuple[str, ...] = (),
) -> Layout:
    """A layout that registers subjects of a kind, with every attribute the kind has but those that other sheets state."""
    stated = [
        fact(spec.name, required=spec.name in required)
        for spec in SUBJECT_FACTS.values()
        if spec.subjects == {kind} and spec.name not in without
    ]
    unit = (UNIT,) if any(spec.cell is CellType.AMOUNT for spec in (*stated, *more)) else ()
    columns = (own_code(kind, example), *links, SINCE, *more, *stated, *unit, DOCUMENT, SOURCE)
    return Layout(name, title, order, columns, meaning=meaning, registers=kind)


def stating(
    name: str,
    title: Text,
    order: int,
    party: Text,
    example: str,
    names: tuple[str | Column, ...],
    meaning: Text,
) -> Layout:
    """A layout whose rows state attributes of a party from a day on; a name stands for its attribute's usual column."""
    columns = (
        Column(
            "party",
            CellType.CODE,
            party,
            ("编号",),
            required=True,
            meaning=Text("账中已有的主体编号。", "Code of a party of the book."),
            example=example,
        ),
        SINCE,
        *(fact(own) if isinstance(own, str) else own for own in names),
    )
    unit = (UNIT,) if any(c.cell is CellType.AMOUNT for c in columns) else ()
    own = (*columns, *unit, DOCUMENT, SOURCE)
    return Layout(name, title, order, own, meaning=meaning, subject="party", register=True)
