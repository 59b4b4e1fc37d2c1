"""A row of an entry as an officer reads it: parties by name, words for codes, money and shares in their own forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fof.cli.asked import named

if TYPE_CHECKING:
    from fof.ledger import View

_NAMES: dict[str, tuple[str, str]] = {
    "action": ("处置", "action"), "basis": ("口径", "basis"), "called": ("已缴", "called"), "code": ("编号", "code"), "commitment": ("认缴", "commitment"),
    "company": ("企业", "company"), "deal": ("交易", "deal"), "distributed": ("已分配", "distributed"), "document": ("文件", "document"),
    "due_on": ("缴款截止日", "due on"), "exit_route": ("退出方式", "exit route"), "fund": ("基金", "fund"), "holder": ("持有人", "holder"),
    "holding": ("标的", "holding"), "instrument": ("工具", "instrument"), "investor": ("投资方", "investor"), "kind": ("类型", "kind"), "method": ("方法", "method"),
    "multiple_basis": ("倍数口径", "basis of the multiple"), "name": ("名称", "name"), "number": ("编号", "number"), "owned": ("被持有", "owned"),
    "owner": ("持有人", "owner"), "party": ("主体", "party"), "post_money": ("投后估值", "post-money"), "reason": ("理由", "reason"), "reference": ("依据", "reference"),
    "remaining": ("剩余价值", "remaining"), "round": ("轮次", "round"), "rule": ("规则", "rule"), "share_nano": ("份额", "share"), "stage": ("阶段", "stage"),
    "stage_definition": ("阶段口径", "definition of the stage"), "stated_by": ("出具人", "stated by"), "stated_irr": ("披露IRR", "stated IRR"),
    "stated_multiple": ("披露倍数", "stated multiple"), "until": ("截止", "until"), "value": ("内容", "value"),
}  # fmt: skip
_PARTIES = ("party", "holder", "holding", "owner", "owned", "fund", "investor", "company")
_MONEY = ("commitment", "called", "distributed", "remaining", "post_money")
_LEFT_OUT = ("id", "fen")
"""fen stands in a column of its own; an id says nothing to a person."""


def content_text(view: View, table: str, row: Any, language: str) -> str:
    """The row in one line."""
    if table == "fact":
        try:
            return _fact_text(view, row, language)
        except (KeyError, ValueError):  # written past this program: shown as it is stored
            return f"{row.name} = {row.value}"
    if table == "setting":
        from fof.intake.components import components_text

        if (told := components_text(row, language)) is not None:
            return "：".join(told) if language == "zh" else ": ".join(told)
    which = 0 if language == "zh" else 1
    parts = [
        f"{_NAMES[name][which]} {_value(view, table, name, value, language)}"
        for name, value in row._asdict().items()
        if value is not None and name not in _LEFT_OUT
    ]
    return ("；" if language == "zh" else "; ").join(parts)


def _value(view: View, table: str, name: str, value: Any, language: str) -> str:
    from models import kinds
    from models.money import yuan_text

    if name in _PARTIES:
        return named(view, value)
    if name in _MONEY:
        return yuan_text(value)
    if name == "share_nano":
        return f"{value / 1e7:.4f}%"
    lists: dict[tuple[str, str], type[kinds.Word]] = {
        ("party", "kind"): kinds.PartyKind, ("deal", "kind"): kinds.DealKind, ("notice", "kind"): kinds.NoticeKind,
        ("mark", "method"): kinds.MarkMethod, ("edge", "basis"): kinds.EdgeBasis, ("deal", "stage"): kinds.Stage,
        ("deal", "exit_route"): kinds.ExitRoute, ("deal", "instrument"): kinds.Instrument, ("position", "multiple_basis"): kinds.MultipleBasis,
    }  # fmt: skip
    known = lists.get((table, name))
    word = None if known is None else known.read(str(value))
    if word is None:
        return str(value)
    return word.zh if language == "zh" else word.en


def _fact_text(view: View, row: Any, language: str) -> str:
    """An attribute: whose, what, its value, on what document."""
    from fof.funds import fact_text
    from models.facts import FACTS

    spec, chinese = FACTS[row.name], language == "zh"
    if row.party is not None:
        subject = named(view, row.party)
    else:
        found = view.deal_by_id.get(row.deal)
        subject = "" if found is None else found.row.code
    value = fact_text(row.name, spec.parse(row.value), language)
    document = "" if not row.document else f"（{row.document}）" if chinese else f" ({row.document})"
    return f"{subject} · {spec.zh if chinese else spec.en} = {value}{document}"
