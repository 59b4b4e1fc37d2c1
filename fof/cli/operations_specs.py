"""The documents of the operations commands."""

from __future__ import annotations

from typing import Any

from fof.cli.fields import Field, Spec, schema

F = Field

CALL = Spec(
    "call_plan",
    "出资计划",
    "Capital call plan",
    (
        F("investor", "text", "出资人", "Investor"),
        F("name", "text", "名称", "Name"),
        F("state", "text", "状态", "State", help="called, excused or defaulting"),
        F("commitment", "money", "认缴", "Commitment"),
        F("due", "money", "本次应缴", "Due"),
        F("unfunded_before", "money", "可通知额度（前）", "Not called before"),
        F("unfunded_after", "money", "可通知额度（后）", "Not called after"),
        F("note", "text", "原因", "Reason"),
    ),
    (
        F("fund", "text", "基金", "Fund"),
        F("total", "money", "总额", "Total"),
        F("entries", "text", "已登记分录", "Entries"),
    ),
    "One row an investor; entries is empty for a preview.",
)
CHASE = Spec(
    "chase",
    "催缴清单",
    "Chase list",
    (
        F("investor", "text", "出资人", "Investor"),
        F("name", "text", "名称", "Name"),
        F("fund", "text", "基金", "Fund"),
        F("number", "text", "通知", "Notice"),
        F("due_on", "day", "截止日", "Due on"),
        F("due", "money", "应缴", "Due"),
        F("paid", "money", "已缴", "Paid"),
        F("open", "money", "未缴", "Open"),
        F("days", "int", "逾期天数", "Days overdue"),
        F("state", "text", "状态", "State", help="unpaid, short, not_due or no_due_day"),
    ),
    (
        F(
            "noticed",
            "flag",
            "账中有出资通知",
            "Call notices in the book",
            help="false: who is late is not known, no rows do not mean none",
        ),
    ),
)
CLOSING = Spec(
    "closing_plan",
    "后续交割",
    "Later closing",
    (
        F("investor", "text", "出资人", "Investor"),
        F("name", "text", "名称", "Name"),
        F("commitment_before", "money", "认缴（前）", "Commitment before"),
        F("commitment_after", "money", "认缴（后）", "Commitment after"),
        F("paid_before", "money", "实缴（前）", "Paid in before"),
        F("capital", "money", "补缴", "Catch-up", help="capital that changes hands: > 0 pays, < 0 gets back"),
        F(
            "interest",
            "money",
            "补偿利息",
            "Equalisation interest",
            help="> 0 pays, < 0 receives; no capital",
        ),
        F("net", "money", "收付合计", "Cash", help="capital and interest: > 0 to the fund, < 0 from it"),
        F("unfunded_before", "money", "未实缴（前）", "Unfunded before"),
        F("unfunded_after", "money", "未实缴（后）", "Unfunded after"),
    ),
    (
        F("fund", "text", "基金", "Fund"),
        F("rate", "percent", "补偿利率", "Rate"),
        F("moved", "money", "补缴合计", "Capital moved"),
        F("interest", "money", "补偿利息合计", "Interest moved"),
        F("outside", "money", "认缴外款项（不参与）", "Outside the commitment, left alone"),
        F("entries", "text", "已登记分录", "Entries"),
    ),
    "One row an investor; capital and interest each add up to 0. entries is empty for a preview.",
)
DISTRIBUTION = Spec(
    "distribution_plan",
    "分配计划",
    "Distribution plan",
    (
        F("investor", "text", "出资人", "Investor"),
        F("name", "text", "名称", "Name"),
        F("side", "text", "类别", "Class", help="government, state or social"),
        F("capital", "money", "返还本金", "Return of capital"),
        F("gain", "money", "收益", "Gain"),
        F("conceded", "money", "让利", "Conceded"),
        F("total", "money", "合计", "Total"),
        F(
            "recallable",
            "money",
            "其中可召回",
            "Recallable",
            help="part of the capital that may be called again",
        ),
        F("unfunded_before", "money", "未实缴（前）", "Unfunded before"),
        F("unfunded_after", "money", "未实缴（后）", "Unfunded after"),
    ),
    (
        F("fund", "text", "基金", "Fund"),
        F("cash", "money", "可分配现金", "Cash"),
        F("carry", "money", "业绩报酬", "Carry"),
        F("tiers", "text", "层级", "Tiers"),
        F("entries", "text", "已登记分录", "Entries"),
    ),
)
FEES = Spec(
    "fee_run",
    "管理费核对",
    "Fee run",
    (
        F("start", "day", "起", "From"),
        F("end", "day", "止", "To"),
        F("phase", "text", "阶段与基数", "Phase and base"),
        F("computed", "money", "按条款", "By terms", reason=True),
        F("charged", "money", "已收", "Charged"),
        F("difference", "money", "差额", "Difference"),
    ),
    (
        F("fund", "text", "基金", "Fund"),
        F("computed", "money", "按条款合计", "By terms"),
        F("charged", "money", "已收合计", "Charged"),
        F("difference", "money", "多收", "Above terms"),
        F("missing", "text", "缺", "Missing"),
    ),
)
CLAWBACK = Spec(
    "clawback",
    "回拨",
    "Clawback owed",
    (
        F("fund", "text", "基金", "Fund"),
        F("name", "text", "名称", "Name"),
        F("carry_paid", "money", "已付业绩报酬", "Carry paid"),
        F("returned", "money", "已回拨", "Returned"),
        F(
            "profit",
            "money",
            "整体盈亏（现金）",
            "Profit, by cash",
            help="distributions and carry kept less what was paid in; below 0 for a loss",
        ),
        F("carry_due", "money", "应得业绩报酬", "Carry due", help="the manager's share of that profit"),
        F(
            "shortfall",
            "money",
            "出资人缺额",
            "Investors lack",
            help="of their capital and hurdle return, by cash alone",
        ),
        F("owed", "money", "应回拨", "Owed", reason=True, help="if nothing further came back"),
        F(
            "at_value",
            "money",
            "按净值应回拨",
            "Owed at value",
            reason=True,
            help="if the fund's value on the day were paid out",
        ),
    ),
    what="One row for each fund that has paid carry, of the whole fund, all its investors together.",
)
QUARTER = Spec(
    "quarter",
    "季度检查",
    "Quarter check",
    (
        F("what", "text", "事项", "Item"),
        F("fund", "text", "基金", "Fund"),
        F("name", "text", "名称", "Name"),
        F("investor", "text", "出资人", "Investor"),
        F("amount", "money", "金额", "Amount"),
        F("note", "text", "说明", "Note"),
    ),
)
ROLL = Spec(
    "quarter_roll",
    "季度滚动",
    "Quarter rolled forward",
    (
        F("fund", "text", "基金", "Fund"),
        F("name", "text", "名称", "Name"),
        F("opening", "money", "期初净值", "Opening NAV"),
        F("paid_in", "money", "本季实缴", "Paid in"),
        F("distributed", "money", "本季分配", "Distributed"),
        F(
            "transferred",
            "money",
            "份额转让",
            "Transferred",
            help="carrying value of what came from other holders less what went to them",
        ),
        F("result", "money", "本季损益", "Result", reason=True),
        F("closing", "money", "期末净值", "Closing NAV", reason=True),
        F("stated_on", "day", "报告日", "Stated on"),
        F("rolled", "flag", "滚动", "Rolled", help="the closing value is no statement of the quarter end"),
        F("note", "text", "说明", "Note"),
    ),
    what="closing = opening + paid_in - distributed + transferred + result; the result is null where the closing value is rolled forward.",
)
_PARTS = tuple(
    F(name, "money", zh, en, help=f"part in the change of {name} on the quarter end since the close")
    for name, zh, en in (
        ("committed", "认缴", "Committed"),
        ("called", "已通知", "Called"),
        ("paid_in", "已实缴", "Paid in"),
        ("distributed", "已分配", "Distributed"),
        ("unfunded", "未实缴", "Unfunded"),
        ("nav", "净值", "NAV"),
    )
)
AFTER = Spec(
    "quarter_after",
    "结账后",
    "After the close",
    (
        F(
            "what",
            "text",
            "事项",
            "Item",
            help="after, reversed, superseded, other or total",
            words={
                "after": ("结账后登记", "Booked after the close"),
                "reversed": ("被冲销的分录", "Entries taken back"),
                "superseded": ("影响有变的较早分录", "Earlier entries whose part changed"),
                "other": ("未能归于分录的部分", "What no entry accounts for"),
                "total": ("合计，即与结账时之差", "Sum: the difference to the close"),
            },
        ),
        F("entry", "int", "分录", "Entry"),
        F("kind", "text", "类型", "Kind"),
        F("day", "day", "生效日", "Effective"),
        F("recorded_at", "text", "登记时间（北京）", "Recorded (Beijing; UTC in JSON)"),
        F("recorded_by", "text", "经办", "By"),
        *_PARTS,
        F("note", "text", "理由", "Reason"),
    ),
    (
        F("portfolio", "text", "组合", "Portfolio"),
        F("closed_at", "int", "结账所据分录", "Closed on entries up to"),
        F("close_entry", "int", "结账分录", "Entry of the close"),
    ),
    "Entries dated on or before the quarter end and recorded after the entries its reports were made from, with what each moved.",
    "what",
)
CLOCKS = Spec(
    "clocks",
    "期限",
    "Clocks",
    (
        F("fund", "text", "基金", "Fund"),
        F("name", "text", "名称", "Name"),
        F("clock", "text", "期限", "Clock"),
        F("started_on", "day", "起算日", "From"),
        F("due_on", "day", "到期日", "Due on"),
        F("days_left", "int", "剩余天数", "Days left"),
        F("reached", "flag", "已触发", "Reached"),
        F("follows", "text", "届满后果", "What follows"),
        F("basis", "text", "依据", "Basis"),
    ),
)
MERGER = Spec(
    "merger_plan",
    "重组并入",
    "Reorganisation",
    (
        F("fund", "text", "基金", "Fund"),
        F("measure", "text", "项目", "Total"),
        F("before", "money", "重组前", "Before"),
        F("after", "money", "重组后", "After"),
        F("gap", "money", "差额", "Gap"),
    ),
    (F("successor", "text", "承继方", "Successor"), F("entries", "text", "已登记分录", "Entries")),
    "Totals of predecessors and successor together before, of the successor alone after.",
)
SPECS = (CALL, CHASE, CLOSING, DISTRIBUTION, FEES, CLAWBACK, QUARTER, AFTER, ROLL, CLOCKS, MERGER)


def operations_schemas() -> dict[str, dict[str, Any]]:
    """Name -> JSON Schema."""
    return {spec.name: schema(spec) for spec in SPECS}
