"""The documents of the commands; docs/schemas is generated from here (a test holds the two equal)."""

from __future__ import annotations

from dataclasses import replace

from fof.cli.fields import Field, Kind, Spec
from models.perspective import BASES, WHOSE

F = Field


def _money(name: str, zh: str, en: str, *, reason: bool = True, shown: bool = True, spare: int = 0) -> Field:
    return Field(name, "money", zh, en, shown, reason, spare=spare)


def _number(name: str, kind: Kind, zh: str, en: str, *, shown: bool = True) -> Field:
    return Field(name, kind, zh, en, shown, True)


Words = dict[str, tuple[str, str]]
"""Code -> (Chinese, English)."""
_BASES: Words = {"commitment": ("认缴", "commitment"), "paid_in": ("实缴", "paid-in")}
GROUPS: Words = {
    "fund": ("基金", "fund"), "vintage": ("成立年份", "vintage"), "strategy": ("策略", "strategy"), "city": ("市（地）", "city"),
    "manager": ("管理人", "manager"), "class": ("类别", "class"), "kind": ("类型", "kind"), "status": ("状态", "status"),
    "investor": ("出资人", "investor"), "portfolio": ("组合（所投基金）", "portfolio (stakes in funds)"),
    "direct": ("直接投资", "direct investments"), "combined": ("组合（含直接投资）", "portfolio with direct investments"),
    "statement": ("报表", "statement"), "lookthrough": ("穿透", "look-through"), "stake": ("份额", "stake"),
}  # fmt: skip


_STAKE = (
    _money("committed", "认缴", "Committed"),
    _money("called", "已通知", "Called", spare=4),
    _money("paid_in", "已实缴", "Paid in"),
    _money("distributed", "已分配", "Distributed"),
    _money("unfunded", "未实缴", "Unfunded", shown=False),
    _money("unfunded_callable", "可通知未实缴", "Callable unfunded"),
    _money("unfunded_lapsed", "失效未实缴", "Lapsed unfunded", spare=2),
    _money("recallable", "其中可召回", "Recallable", shown=False),
)
_REGISTERED = (
    F(
        "registered_paid_in",
        "money",
        "登记实缴",
        "Registered paid-in",
        False,
        help="as the funds' registers hold it today: without prices of stakes; paid_in_rate is of this",
    ),
    F(
        "registered_distributed",
        "money",
        "登记分配",
        "Registered distributions",
        False,
        help="as the funds' registers hold it today",
    ),
)
_NAV = (
    _money("nav", "净值", "NAV"),
    F(
        "nav_on",
        "day",
        "报告日",
        "Stated on",
        help="day of the statement of value, the oldest of several",
        spare=3,
    ),
    F("nav_age_days", "int", "距今天数", "Age, days", spare=6),
    F("nav_rolled", "flag", "滚动", "Rolled", help="money moved after the statement and is in nav", spare=5),
    F("nav_note", "text", "净值说明", "NAV note", shown=False),
)
_RETURNS = (
    _number("paid_in_rate", "percent", "实缴率", "Paid-in %"),
    _number("dpi", "multiple", "DPI", "DPI"),
    _number("rvpi", "multiple", "RVPI", "RVPI"),
    _number("tvpi", "multiple", "TVPI", "TVPI"),
    _number("irr", "percent", "IRR", "IRR"),
    F(
        "irr_status",
        "text",
        "IRR 状态",
        "IRR status",
        False,
        help="one, none, several, unproved, reported or unknown",
    ),
    F(
        "irr_roots",
        "text",
        "IRR 各解",
        "IRR roots",
        False,
        help="every rate that a number can hold, separated by semicolons",
    ),
    F(
        "irr_reading",
        "percent",
        "IRR 读数",
        "IRR reading",
        help="of several rates the one nearest to what TVPI and mean holding time say; never the IRR",
    ),
    F(
        "irr_period",
        "percent",
        "期间回报",
        "Period return",
        help="return over the life of the flows, where that is under a year",
    ),
    _number("ks_pme", "multiple", "KS-PME", "KS-PME"),
    _number("direct_alpha", "percent", "直接阿尔法", "Direct alpha"),
)
_KNOWN = (
    F("known_nav", "money", "已知部分净值", "NAV of the known part", False, help="where nav is null: of the stakes that have a value, never the whole"),
    F("known_paid_in", "money", "已知部分实缴", "Paid into the known part", False), F("known_dpi", "multiple", "已知部分DPI", "DPI of the known part", False),
    F("known_rvpi", "multiple", "已知部分RVPI", "RVPI of the known part", False), F("known_tvpi", "multiple", "已知部分TVPI", "TVPI of the known part", False),
    F("known_irr", "percent", "已知部分IRR", "IRR of the known part", False), F("known_ks_pme", "multiple", "已知部分KS-PME", "KS-PME of the known part", False),
    F("missing", "text", "无净值", "Without a value", False, help="codes of what has no value, separated by semicolons; null where nothing is missing"),
    F("missing_count", "int", "无净值数", "Number without a value", False), F("missing_paid_in", "money", "无净值部分实缴", "Paid into the missing part", False),
    F("missing_share", "percent", "无净值部分占实缴", "Missing part of paid-in", False),
)  # fmt: skip
_WHO = (
    F("by", "text", "分组", "By", False),
    F("key", "text", "编号", "Code"),
    F("label", "text", "名称", "Name"),
)

_WHOSE = F(
    "whose",
    "text",
    "口径",
    "Whose",
    False,
    help="own: the portfolio's stakes; investor: that investor's; whole_fund: all investors; direct; combined",
)
_BASIS = F(
    "basis",
    "text",
    "净额或毛额",
    "Net or gross",
    False,
    help="net: after the funds' fees and carried interest; gross: before them; mixed: stakes net, direct investments gross",
)
_BEHIND = F(
    "with_predecessors",
    "text",
    "含前身",
    "With predecessors",
    False,
    help="codes of funds and investors that others stand for today and whose history is in the row, separated by semicolons",
)
PERFORMANCE = Spec(
    "performance", "业绩", "Performance",
    (*_WHO, F("source", "text", "来源", "Source", False, help="book, statement, direct or mixed"), _WHOSE, _BASIS, _BEHIND, *_STAKE, *_REGISTERED, *_NAV, *_RETURNS, *_KNOWN),
    (F("portfolio", "text", "组合", "Portfolio"), F("index", "text", "指数", "Index")),
    "Return figures by group, the investor's own: who sold a stake keeps its history and received the price, who bought one paid it; committed, called, unfunded and the registered amounts are the funds' registers. Then by=portfolio (all stakes in funds), by=direct and by=combined where there are direct investments. Where a part of a group has no value, nav, rvpi, tvpi and irr are null and the known_ figures are of the rest.",
)  # fmt: skip
COMMITMENTS = Spec(
    "commitments", "认缴与缴款", "Commitments",
    (
        *_WHO, _WHOSE, _BEHIND, *_STAKE, _money("overdue", "逾期未缴", "Overdue"), _number("paid_in_rate", "percent", "实缴率", "Paid-in %"),
        _number("gov_direct", "percent", "政府名义", "Gov. registered"),
        _number("gov_looked_through", "percent", "政府穿透", "Gov. looked through"),
        _number("gov_with_soe", "percent", "含国企", "Gov. with SOE"),
        F("gov_national", "percent", "国家级", "National", False), F("gov_province", "percent", "省级", "Province", False),
        F("gov_prefecture", "percent", "市级", "Prefecture", False), F("gov_county", "percent", "县级", "County", False),
        F("soe_counts_as_government", "flag", "国企计入", "SOE counted", False),
        _number("leverage_a", "multiple", "放大A", "Leverage A"), _number("leverage_b", "multiple", "放大B", "Leverage B"),
        F("leverage_c", "multiple", "放大C（账内）", "Leverage C, in the book", True, True, help="over the portfolio's commitments, of what the book saw reach companies; PI-01 has C of whole rounds over all guidance money"),
    ),
    (F("portfolio", "text", "组合", "Portfolio"), F("side", "text", "范围", "Side", help="portfolio: its own stakes; fund: all investors", words={"portfolio": ("本组合出资", "the portfolio's own stakes"), "fund": ("所投基金的全部出资人", "all investors of its funds")})),
    "Commitments by fund or investor; government shares and leverage on fund rows and the total (by=portfolio).",
)  # fmt: skip
EXPOSURE = Spec(
    "lookthrough", "穿透持有", "Look-through",
    (
        F("kind", "text", "类别", "Kind", help="fund or company", words={"fund": ("基金", "Funds"), "company": ("企业", "Companies")}), F("key", "text", "编号", "Code"), F("label", "text", "名称", "Name"),
        _number("share", "percent", "穿透份额", "Share"), F("direct", "percent", "直接份额", "Direct"),
        F("paths", "int", "路径数", "Paths"), _money("cost", "成本", "Cost"), _money("value", "价值", "Value"),
    ),
    (F("owner", "text", "持有人", "Owner"), F("base", "text", "口径", "Base", help="commitment or paid_in", words=_BASES)),
    "What an owner holds of every fund and company below it, through all paths.",
    "kind",
)  # fmt: skip
REACH = Spec(
    "paths", "穿透路径", "Paths",
    (
        F("owner", "text", "持有人", "Owner"), F("owner_label", "text", "名称", "Name"), F("share", "percent", "份额", "Share"),
        F("path", "text", "路径", "Path", help="codes from the owner down, separated by ' > '"),
        F("path_share", "percent", "路径份额", "Share of path"), F("steps", "text", "各段份额", "Steps", False),
    ),
    (F("target", "text", "对象", "Target"), F("base", "text", "口径", "Base", words=_BASES)),
    "Every owner behind a company or fund, one row for each path.",
)  # fmt: skip
EXPLANATION = Spec(
    "explain", "数字来源", "Explanation",
    (
        F("part", "text", "项", "Part"), F("part_amount", "money", "项合计", "Part total", False),
        F("table", "text", "记录", "Record", False), F("entry", "int", "分录", "Entry"), F("line", "int", "行", "Line", False),
        F("day", "day", "日期", "Day"), F("kind", "text", "类型", "Kind", False), F("kind_label", "text", "类型", "Kind"),
        F("from", "text", "付方", "From"), F("to", "text", "收方", "To"), F("fund", "text", "基金", "Fund", False),
        F("amount", "money", "金额", "Amount"), F("share", "percent", "份额", "Share"), F("document", "text", "文件", "Document"),
        F("source", "text", "来源位置", "Where it was read", help="file, sheet and row the entry was read from"),
    ),
    (
        F("figure", "text", "数字", "Figure"), F("by", "text", "分组", "By", words=GROUPS), F("key", "text", "编号", "Code"),
        F("label", "text", "名称", "Name"), F("formula", "text", "公式", "Formula"),
        F("value", "number", "值", "Value", help="a multiple, rate or share; null for amounts"),
        F("amount", "money", "金额", "Amount", help="for amounts"), F("currency", "text", "币种", "Currency", help="of amount; null: over several there is none"),
        F("reason", "text", "原因", "Reason"), replace(_WHOSE, shown=True, words=WHOSE), replace(_BASIS, shown=True, words=BASES),
        F("left_out", "int", "未列出", "Left out", help="rows summed in the parts and not listed"),
        F("known_value", "number", "已知部分", "Of the known part", help="where value is null: of the stakes that have a value, never the whole"),
        F("known_amount", "money", "已知部分", "Of the known part", help="where amount is null: of the stakes that have a value, never the whole"),
        F("missing", "text", "无净值", "Without a value", help="codes of what has no value, separated by semicolons"),
    ),
    "A figure opened: every row that went into each term of its formula.",
    "part",
)  # fmt: skip
STATEMENT = Spec(
    "statement", "资本账户与净值桥", "Statement",
    (
        F("name", "text", "项目代码", "Line id", False), F("label", "text", "项目", "Line"),
        F("kind", "text", "类别", "Kind", False, help="opening, flow, result, residual or closing; sale: beside the account, what a stake was sold for"),
        _money("amount", "金额", "Amount"), F("postings", "int", "笔数", "Postings"),
    ),
    (
        F("fund", "text", "基金", "Fund"), F("investor", "text", "出资人", "Investor", help="null: the whole fund"), replace(_WHOSE, shown=True, words=WHOSE), replace(_BASIS, shown=True, words=BASES),
        F("start", "day", "期初", "Start"), F("opening_on", "day", "期初净值日", "Opening NAV day"),
        F("closing_on", "day", "期末净值日", "Closing NAV day"), F("residual", "money", "差异", "Residual"),
        F("itemised", "flag", "逐项", "Itemised"), F("reason", "text", "原因", "Reason"),
    ),
    "A capital account, or a fund's NAV bridge, as the fund's register has it: opening + flows + results + residual = closing, to the cent. What a seller of a stake was paid, and realised above its carrying value, stands after it (kind sale).",
)  # fmt: skip
_MULTIPLES: Words = {
    "disclosed": ("机构披露", "disclosed"), "computed_by_collector": ("整理者计算", "computed by the collector"),
    "reported": ("管理人报告", "reported by the manager"),
}  # fmt: skip
POSITIONS = Spec(
    "positions", "披露持仓", "Positions",
    (
        F("holder", "text", "机构", "Holder"), F("fund", "text", "编号", "Code", False), F("label", "text", "基金", "Fund"),
        F("day", "day", "披露日", "Day"), F("committed", "money", "认缴", "Committed"), F("called", "money", "已缴", "Called"),
        F("distributed", "money", "已分配", "Distributed"), F("remaining", "money", "剩余价值", "Remaining"),
        _number("dpi", "multiple", "DPI", "DPI", shown=False), _number("rvpi", "multiple", "RVPI", "RVPI", shown=False),
        _number("tvpi", "multiple", "TVPI", "TVPI"),
        F("stated_multiple", "multiple", "披露倍数", "Stated"), F("basis", "text", "口径", "Basis", words=_MULTIPLES, spare=1),
        F("tolerance", "number", "容差", "Tolerance", spare=2), F("difference", "number", "差异", "Difference"),
        F("agrees", "flag", "一致", "Agrees"), F("stated_irr", "percent", "披露IRR", "Stated IRR"),
        F("note", "text", "说明", "Note", False), F("document", "text", "文件", "Document", False), F("entry", "int", "分录", "Entry", False),
    ),
    (
        F("positions", "int", "持仓数", "Positions"), F("compared", "int", "可比", "Compared"),
        F("agreeing", "int", "一致", "Agreeing"), F("exceptions", "int", "例外", "Exceptions"),
    ),
    "Disclosed positions: the stated multiple beside ours.",
)  # fmt: skip
ROLL = Spec(
    "roll", "滚动核对", "Roll-forward",
    (
        F("fund", "text", "编号", "Code", False), F("label", "text", "基金", "Fund"), F("opening", "money", "期初", "Opening"),
        F("calls", "money", "缴款", "Calls"), F("distributions", "money", "分配", "Distributions"), F("gain", "money", "增值", "Gain"),
        F("closing", "money", "期末", "Closing"), F("restated", "text", "重述", "Restated", help="cumulative figures that fell"),
        F("note", "text", "说明", "Note"),
    ),
    (F("holder", "text", "机构", "Holder"), F("start", "day", "期初", "Start"), F("end", "day", "期末", "End"), F("restatements", "int", "重述数", "Restatements")),
    "Positions from one disclosure to a later one: opening + calls - distributions + gain = closing; last row the total.",
)  # fmt: skip
OVERVIEW = Spec(
    "overview", "待办与提醒", "What needs attention",
    (
        F("what", "text", "事项", "What", help="due, overdue, stale, closed or ending", words={
            "overdue": ("逾期未缴", "Overdue calls"), "due": ("即将到期的出资", "Calls falling due"), "stale": ("净值过期或缺失", "Old or missing values"),
            "closed": ("已清算而仍有净值", "Closed with a value left"), "ending": ("条款到期", "Terms ending"),
        }),
        F("fund", "text", "编号", "Code"), F("label", "text", "基金", "Fund"),
        F("whose", "text", "谁的出资", "Whose call", help="of a call: own, asked of the portfolio, or others, asked of other investors of its funds", words={
            "own": ("本组合", "own"), "others": ("其他出资人", "others"),
        }),
        F("investor", "text", "出资人", "Investor"), F("number", "text", "通知/条款", "Notice or term"), F("day", "day", "日期", "Day"),
        F("days", "int", "天数", "Days", help="days late, of age, or left"), F("amount", "money", "金额", "Amount"), F("note", "text", "说明", "Note"),
    ),
    (
        F("portfolio", "text", "组合", "Portfolio"),
        F("noticed", "flag", "账中有出资通知", "Call notices in the book", help="false: what is due or overdue is not known, no rows of either do not mean none"),
        F("unnoticed", "int", "没有出资通知的基金", "Funds without notices", help="funds with money in them of which the book holds no call notice"),
        F("undated", "int", "没有期限的基金", "Funds without terms", help="running funds whose investment period and term have no known end"),
    ),
    "Open and overdue calls, old values, closed funds with a value left, terms about to end.",
    "what",
)  # fmt: skip
_STATES: Words = {
    "held": ("持有", "held"), "part_sold": ("部分退出", "partly sold"), "sold": ("已退出", "sold"), "written_off": ("已核销", "written off"),
    "paid": ("已缴清", "paid"), "late": ("逾期后缴清", "paid late"), "open": ("未缴清", "open"), "overdue": ("逾期", "overdue"),
}  # fmt: skip
FUND = Spec(
    "fund", "基金", "Fund",
    (
        F("part", "text", "部分", "Part", help="term, cash, holding, call, reported or document", words={
            "term": ("现行条款", "Terms in force"), "cash": ("现金", "Cash"), "holding": ("被投企业", "Holdings"), "call": ("出资通知", "Call notices"),
            "reported": ("管理人报告与本账", "Reported beside the book's"), "document": ("文件", "Documents"),
        }),
        F("name", "text", "代码", "Id", False), F("label", "text", "项目", "Item"),
        F("value", "text", "内容", "Content", words=_STATES), F("day", "day", "日期", "Day"), F("amount", "money", "金额", "Amount"),
        F("open", "money", "未缴", "Open", help="of a call: what is not paid yet"), F("idle_ratio", "percent", "现金占实缴", "Cash of paid-in"), F("cost", "money", "成本", "Cost"), F("multiple", "multiple", "倍数", "Multiple"),
        F("stated", "number", "管理人报告", "Reported", help="of a manager's report"), F("ours", "number", "本账计算", "Book's"), F("difference", "number", "差额", "Difference"),
        F("entry", "int", "分录", "Entry"), F("document", "text", "文件", "Document"),
    ),
    (F("fund", "text", "编号", "Code"), F("label", "text", "名称", "Name"), F("predecessors", "text", "承继自", "Successor of")),
    "One fund: terms in force, cash, holdings, call notices, what its manager reports beside the book, documents.",
    "part",
)  # fmt: skip
JOURNAL = Spec(
    "journal", "日记账", "Journal",
    (
        F("entry", "int", "分录", "Entry"), F("kind", "text", "类型", "Kind", False), F("kind_label", "text", "类型", "Kind"), F("effective_on", "day", "生效日", "Effective"),
        F("recorded_at", "text", "登记时间（北京）", "Recorded (Beijing)", help="UTC; the table for people shows the office's clock"), F("recorded_by", "text", "经办", "By"), F("approved_by", "text", "复核", "Approved by", False),
        F("postings", "int", "笔数", "Postings"), F("reverses", "int", "冲销", "Reverses"), F("reversed_by", "int", "被冲销", "Reversed by"),
        F("note", "text", "附注", "Note"), F("document", "text", "文件", "Document"), F("key", "text", "编号", "Key", False),
    ),
    (F("count", "int", "合计", "Count", help="entries that fit, of which the rows are one page"),),
    "Entries, newest first.",
)  # fmt: skip
_TABLES: Words = {
    "posting": ("收付", "posting"), "mark": ("估值", "value"), "fact": ("属性", "attribute"), "party": ("主体", "party"), "edge": ("权属", "edge"),
    "deal": ("投资", "deal"), "notice": ("通知", "notice"), "position": ("持仓", "position"), "setting": ("设定", "setting"),
    "disposition": ("处置", "disposition"),
}  # fmt: skip
ENTRY = Spec(
    "entry", "分录", "Entry",
    (
        F("table", "text", "表", "Table", words=_TABLES), F("line", "int", "行", "Line"), F("kind", "text", "类型", "Kind"), F("from", "text", "自", "From"), F("to", "text", "至", "To"),
        F("fund", "text", "基金", "Fund"), F("amount", "money", "金额", "Amount"), F("content", "text", "内容", "Content"),
    ),
    tuple(replace(f, zh="类型", en="Kind") if f.name == "kind" else f for f in JOURNAL.fields if f.name != "kind_label"),
    "One entry with every row it brought.",
)  # fmt: skip
_PARTS = tuple(
    F(name, "money", zh, en, help=f"of an entry: its part in the change of {name}; of `total`: their sum, which is the change")
    for name, zh, en in (
        ("committed", "认缴", "Committed"), ("called", "已通知", "Called"), ("paid_in", "已实缴", "Paid in"),
        ("distributed", "已分配", "Distributed"), ("unfunded", "未实缴", "Unfunded"), ("nav", "净值", "NAV"),
    )
)  # fmt: skip
CHANGES = Spec(
    "changes", "两个时点之间的变化", "Changes",
    (
        F("what", "text", "事项", "What", help="figure, reversed, superseded, added, other or total", words={
            "figure": ("主要数字", "Headline figures"), "reversed": ("被冲销的分录", "Entries taken back"),
            "superseded": ("影响有变的较早分录", "Earlier entries whose part changed"), "added": ("新登记的分录", "New entries"),
            "other": ("未能归于分录的部分", "What no entry accounts for"), "total": ("各分录合计，即变化", "Sum of the entries: the change"),
        }), F("name", "text", "名称", "Name"), F("entry", "int", "分录", "Entry"),
        F("day", "day", "生效日", "Effective"), F("recorded_at", "text", "登记时间（北京）", "Recorded (Beijing; UTC in JSON)"),
        F("before", "number", "此前", "Before", help="multiples and rates"), F("after", "number", "此后", "After"),
        F("before_amount", "money", "此前金额", "Amount before", False), F("after_amount", "money", "此后金额", "Amount after", False),
        F("change_amount", "money", "变化", "Change", help="of a figure that is an amount"), *_PARTS, F("note", "text", "说明", "Note"),
    ),
    (F("earlier", "int", "较早时点", "Earlier"), F("portfolio", "text", "组合", "Portfolio")),
    "Effect on the headline figures, then every entry with its part in each amount: new ones, those taken back, those whose part changed. The parts of an amount add up to its change.",
    "what",
)  # fmt: skip
IMPORT = Spec(
    "import", "导入", "Import",
    (
        F("level", "text", "级别", "Level", help="problem, duplicate, warning, entries or already", words={
            "problem": ("问题", "Problems"), "duplicate": ("可能重复", "Likely duplicates"), "warning": ("提示", "Warnings"), "entries": ("分录", "Entries"), "already": ("账中已有，不再登记", "Booked already"),
        }), F("sheet", "text", "工作表", "Sheet"), F("row", "int", "行", "Row", shown=False, help="first row of the kind"),
        F("rows", "text", "行", "Rows", help="all rows of the kind, as ranges"),
        F("field", "text", "列", "Field"), F("found", "text", "实际", "Found"), F("expected", "text", "应为", "Expected"),
        F("code", "text", "代码", "Code"), F("count", "int", "数量", "Count", help="how many of the kind; of entries, how many"),
    ),
    (
        F("file", "text", "文件", "File"), F("booked", "flag", "已入账", "Booked"), F("entries", "int", "新增分录", "Entries"),
        F("already", "int", "账中已有", "Already booked"), F("problems", "int", "问题", "Problems"), F("first_entry", "int", "首条", "First entry"), F("last_entry", "int", "末条", "Last entry"),
    ),
    "What an import did, or with --dry-run would do; or every problem of a refused file.",
    "level",
)  # fmt: skip
_CHECKS: Words = {
    "entry_ids": ("分录编号", "entry ids"), "leaves": ("叶哈希", "leaf hashes"), "postings": ("收付行数", "posting counts"), "lines": ("行号", "line numbers"),
    "reversals": ("冲销", "reversals"), "orphans": ("无主行", "orphan rows"), "succession": ("承继", "succession"), "balances": ("余额", "balances"), "derived_copy": ("派生副本", "derived copy"),
    "times": ("登记时间", "recording times"), "identities": ("推导的编号", "derived identities"), "limits": ("限额与约束", "limits and invariants"),
    "constraints": ("封闭列表", "closed lists"), "book": ("账本标识", "the book's identity"), "values": ("值", "values"), "door": ("今日规则", "today's door"),
    "references": ("引用", "references"), "guards": ("防改", "guards"), "engine": ("数据库自检", "engine's own check"), "durability": ("持久性设置", "durability settings"),
}  # fmt: skip
VERIFICATION = Spec(
    "verify", "核验", "Verification",
    (
        F("check", "text", "检查", "Check", words=_CHECKS,
          help="door: an entry that would be refused today and was not when it was booked; no damage"),
        F("ok", "flag", "通过", "OK"), F("entry", "int", "分录", "Entry", help="of a door row alone"),
        F("code", "text", "代码", "Code", help="of a door row alone", shown=False), F("detail", "text", "说明", "Detail"),
    ),
    (
        F("ok", "flag", "全部通过", "OK"), F("root", "text", "根", "Root"), F("entries", "int", "分录数", "Entries"),
        F("postings", "int", "笔数", "Postings"), F("first_bad", "int", "首个不符的分录", "First entry that does not fit"),
        F("wrong", "text", "不符之处", "What is wrong with it"),
    ),
    "Leaves, root, limits, balances and the engine's own check recomputed; what today's door would refuse, entry by entry.",
)  # fmt: skip
BACKUP = Spec(
    "backup", "备份", "Backup",
    (
        F("file", "text", "文件", "File"), F("identity", "text", "账本标识", "Identity", help="of the book; a backup has its book's"),
        F("entries", "int", "分录数", "Entries"), F("postings", "int", "笔数", "Postings"),
    ),
    (F("ok", "flag", "核验通过", "Verified"), F("root", "text", "根", "Root")),
    "What a backup holds, or what a restored book holds, verified after it was written.",
)  # fmt: skip
BOOKING = Spec(
    "booking", "入账结果", "Booking",
    (F("entry", "int", "分录", "Entry"), F("state", "text", "结果", "State", help="booked or already", words={"booked": ("已入账", "booked"), "already": ("此前已入账", "already booked")})),
    (),
    "Entries a command wrote, or found written.",
)  # fmt: skip

SPECS = (
    PERFORMANCE, COMMITMENTS, EXPOSURE, REACH, EXPLANATION, STATEMENT, POSITIONS, ROLL, OVERVIEW, FUND, JOURNAL, ENTRY,
    CHANGES, IMPORT, VERIFICATION, BACKUP, BOOKING,
)  # fmt: skip
