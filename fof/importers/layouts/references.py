"""Columns that several layouts share: who, which fund, which notice, which day."""

from __future__ import annotations

from fof.importers.columns import CellType, Column, fact
from models.kinds import PartyKind

CODE = Column(
    "code",
    CellType.CODE,
    "编号",
    "code",
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
    help_zh="本账内唯一、不再改变的编号，其他表用它指代本主体；不分类别，全账不得重复。",
    help_en="The unique, permanent code by which all other sheets name this party.",
    example="HLJ-TS-01",
)


def name(*aliases: str) -> Column:
    return fact(
        "name",
        *aliases,
        help_zh="全称；新登记时必填。",
        help_en="Full name; required when the code is new.",
        example="示例天使投资基金",
    )


def party_kind(only: tuple[PartyKind, ...], *aliases: str) -> Column:
    return Column(
        "kind",
        CellType.WORD,
        "主体类别",
        "kind",
        ("类别", "party kind", *aliases),
        required=True,
        words=PartyKind,
        only=only,
        help_zh="主体是什么；登记后不变。",
        help_en="What the party is; it does not change once registered.",
        example=only[0].zh,
    )


_USCC = fact(
    "uscc",
    "信用代码",
    "社会信用代码",
    cell=CellType.USCC,
    help_zh="18 位，校验位按 GB 32100-2015 核对。",
    help_en="18 characters; the check character is verified (GB 32100-2015).",
    example="91230100MA1EXAMPL5",
)
_PLACES = (
    fact("province", "省", help_zh="所在省份。", help_en="Province."),
    fact(
        "city",
        "城市",
        "市（地）",
        "地市",
        help_zh="全省 13 个市（地）之一；省外留空。",
        help_en="One of the 13 prefecture-level units; blank outside.",
    ),
    fact("registered_place", help_zh="工商注册地。", help_en="Place of registration."),
    fact("business_place", "办公地", help_zh="实际经营地。", help_en="Place of business."),
    fact(
        "money_place",
        help_zh="资金实际使用地；返投认定用。",
        help_en="Where the money is used; decides reinvestment.",
    ),
)
LEGAL = (
    _USCC,
    fact(
        "currency",
        "货币",
        cell=CellType.CURRENCY,
        help_zh="CNY、USD 等；不填视为 CNY。",
        help_en="ISO code; blank is CNY.",
        example="CNY",
    ),
    *_PLACES,
)
CONTROL = (
    fact("government_level", help_zh="政府主体的层级。", help_en="Level of a government."),
    fact("ownership", "所有制性质", help_zh="由谁控制。", help_en="Who controls it."),
    fact("owner_government", help_zh="所属政府的主体编号。", help_en="Code of the government it belongs to."),
    fact(
        "successor_of",
        help_zh="更名、合并前主体的编号，多个用顿号或逗号分隔。",
        help_en="Codes of the parties it succeeds, separated by commas.",
    ),
    fact(
        "portfolio",
        help_zh="是：作为一个投资组合单独列示（机构、引导基金、母基金）。",
        help_en="Yes: shown as a portfolio of its own.",
    ),
    fact(
        "cash_kept",
        help_zh="是：该主体的现金在本账核算，余额不得为负。",
        help_en="Yes: its cash is kept in this book and cannot go below zero.",
    ),
)

PERCENT_ZH = "写明百分号，或在表头注明（%）。"
PERCENT_EN = "With a percent sign, or with (%) in the header."

STAGE_DEFINITION = Column(
    "stage_definition",
    CellType.CODE,
    "阶段认定口径",
    "stage definition",
    ("阶段口径", "认定口径"),
    help_zh="得出阶段结论的口径编号；填写阶段时必填。",
    help_en="Id of the definition that gave the label; required with a stage.",
    example="ST-01",
)
STAGE = fact(
    "stage", "企业阶段", "阶段", help_zh="生命周期阶段。", help_en="Lifecycle stage.", example="初创期"
)


def fund_code(required: bool = True) -> Column:
    return Column(
        "fund",
        CellType.CODE,
        "基金编号",
        "fund",
        ("基金代码", "基金", "基金名称", "fund code", "fund name"),
        required=required,
        help_zh="基金的编号。",
        help_en="Code of the fund.",
        example="HLJ-TS-01",
    )


def investor_code(zh_help: str, en_help: str) -> Column:
    return Column(
        "investor",
        CellType.CODE,
        "出资人编号",
        "investor",
        ("投资人编号", "出资人", "投资人", "合伙人编号", "LP", "investor code"),
        required=True,
        help_zh=zh_help,
        help_en=en_help,
        example="HLJ-MF",
    )


def number(
    zh: str, en: str, *aliases: str, required: bool, example: str, zh_help: str, en_help: str
) -> Column:
    return Column(
        "number", CellType.CODE, zh, en, aliases, required, help_zh=zh_help, help_en=en_help, example=example
    )


def day(name: str, zh: str, en: str, *aliases: str, required: bool, zh_help: str, en_help: str) -> Column:
    return Column(
        name, CellType.DATE, zh, en, aliases, required, help_zh=zh_help, help_en=en_help, example="2024-03-15"
    )


INVESTOR = investor_code("出资人的主体编号。", "Code of the investor.")

RESTATED = Column(
    "restated",
    CellType.BOOL,
    "更正",
    "restated",
    ("是否更正", "重述"),
    help_zh="是：同一日此前已报的数字由本行更正，原数字仍可按当时所知查看。",
    help_en="Yes: this row restates a figure stated before for the same day; the old one stays visible as then known.",
    example="否",
)
