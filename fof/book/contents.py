"""Rows of an entry as an officer reads them: parties by name, words for codes, money with its unit, shares in per cent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fof import words
from fof.book.parties import named
from models.kinds import CallComponent
from models.money import yuan_text
from models.rows import PARTY_FIELDS, SUBJECT_FIELDS, SubjectFact
from models.subjects import LinkRole, SubjectKind
from models.text import Text

if TYPE_CHECKING:
    from fof.ledger import View
    from models.facts import FactSpec

_NAMES: dict[str, Text] = {
    "action": Text("处置", "action"),
    "attribute": Text("属性", "attribute"),
    "basis": Text("口径", "basis"),
    "called": Text("已缴", "called"),
    "code": Text("编号", "code"),
    "commitment": Text("认缴", "commitment"),
    "company": Text("企业", "company"),
    "components": Text("内容", "value"),
    "component": Text("分项", "component"),
    "content": Text("内容", "content"),
    "counterparty": Text("另一方", "counterparty"),
    "deal": Text("交易", "deal"),
    "distributed": Text("已分配", "distributed"),
    "document": Text("文件", "document"),
    "due_on": Text("缴款截止日", "due on"),
    "exit_route": Text("退出方式", "exit route"),
    "fen": Text("金额", "amount"),
    "fund": Text("基金", "fund"),
    "holder": Text("持有人", "holder"),
    "holding": Text("标的", "holding"),
    "instrument": Text("工具", "instrument"),
    "investor": Text("投资方", "investor"),
    "kind": Text("类型", "kind"),
    "known_at": Text("依据分录至", "known at entry"),
    "leaf": Text("叶哈希", "leaf hash"),
    "method": Text("方法", "method"),
    "multiple_basis": Text("倍数口径", "basis of the multiple"),
    "name": Text("名称", "name"),
    "notice": Text("名称", "name"),
    "number": Text("编号", "number"),
    "open_items": Text("缺少的陈述", "items missing"),
    "other": Text("对象", "subject"),
    "owned": Text("被持有", "owned"),
    "owner": Text("持有人", "owner"),
    "party": Text("主体", "party"),
    "portfolio": Text("组合", "portfolio"),
    "post_money": Text("投后估值", "post-money"),
    "reason": Text("理由", "reason"),
    "reference": Text("依据", "reference"),
    "remaining": Text("剩余价值", "remaining"),
    "role": Text("关系", "role"),
    "round": Text("轮次", "round"),
    "rule": Text("规则", "rule"),
    "share_nano": Text("份额", "share"),
    "source": Text("来源", "source"),
    "stage": Text("阶段", "stage"),
    "stage_definition": Text("阶段口径", "definition of the stage"),
    "stated_by": Text("出具人", "stated by"),
    "stated_irr": Text("披露IRR", "stated IRR"),
    "stated_multiple": Text("披露倍数", "stated multiple"),
    "subject": Text("对象", "subject"),
    "until": Text("截止", "until"),
    "value": Text("内容", "value"),
}
_MONEY = ("commitment", "called", "distributed", "remaining", "post_money", "fen")
_FACTS = ("fact", "subject_fact")
_LEFT_OUT = ("id",)
"""An id says nothing to a person."""


def fields(view: View, table: str, row: Any, language: str) -> dict[str, str]:
    """Heading → content of a row of a small table, what is missing left out; both in the language."""
    return {_NAMES[name].of(language): text for name, text in _cells(view, table, row, language).items()}


def content_text(view: View, table: str, row: Any, language: str) -> str:
    """The same in one line; its amount stands in a column of its own."""
    cells = _cells(view, table, row, language)
    if "attribute" in cells:
        document = cells.get("document")
        rests = "" if not document else Text(f"（{document}）", f" ({document})").of(language)
        return f"{next(iter(cells.values()))} · {cells['attribute']} = {cells['value']}{rests}"
    if table in _FACTS:
        return f"{cells['name']} = {cells['value']}"
    if "components" in cells:
        return Text("：", ": ").of(language).join((cells["notice"], cells["components"]))
    parts = [f"{_NAMES[name].of(language)} {text}" for name, text in cells.items() if name != "fen"]
    return Text("；", "; ").of(language).join(parts)


def _cells(view: View, table: str, row: Any, language: str) -> dict[str, str]:
    """Field → content, in the order of the row: the one reading of a row for people."""
    if table in _FACTS:
        try:
            return _fact(view, row, language)
        except (KeyError, ValueError):  # written past this program: shown as it is stored
            return {"name": row.name, "value": row.value}
    if table == "setting" and (components := _components(view, row, language)) is not None:
        return components
    return {
        name: _value(view, table, name, value, row, language)
        for name, value in row._asdict().items()
        if value is not None and name not in _LEFT_OUT
    }


def _value(view: View, table: str, name: str, value: Any, row: Any, language: str) -> str:
    from models import kinds

    if name in PARTY_FIELDS:
        return named(view, value)
    if name in SUBJECT_FIELDS:
        return view.subjects[value].code
    if name in _MONEY:
        return _money(view, row, value, language)
    if name == "share_nano":
        return f"{value / 1e7:.4f}%"
    if name == "deal":
        deal = view.deal_by_id.get(value)
        return str(value) if deal is None else str(deal.row.code)
    if (
        table in ("disposition", "decision")
        and (sentence := _of_rules(name, str(value), language)) is not None
    ):
        return sentence
    if table == "setting" and name == "name":
        return _parameter(str(value), language)
    lists: dict[tuple[str, str], type[kinds.Word]] = {
        ("disposition", "action"): kinds.DispositionAction,
        ("party", "kind"): kinds.PartyKind,
        ("deal", "kind"): kinds.DealKind,
        ("notice", "kind"): kinds.NoticeKind,
        ("mark", "method"): kinds.MarkMethod,
        ("edge", "basis"): kinds.EdgeBasis,
        ("deal", "stage"): kinds.Stage,
        ("deal", "exit_route"): kinds.ExitRoute,
        ("deal", "instrument"): kinds.Instrument,
        ("position", "multiple_basis"): kinds.MultipleBasis,
        ("subject", "kind"): SubjectKind,
        ("subject_fact", "kind"): SubjectKind,
        ("decision", "kind"): SubjectKind,
        ("decision", "action"): kinds.DispositionAction,
        ("subject_link", "role"): LinkRole,
        ("notice_line", "component"): kinds.CallComponent,
    }
    known = lists.get((table, name))
    word = None if known is None else known.read(str(value))
    if word is None:
        return str(value)
    return word.text.of(language)


def _money(view: View, row: Any, fen: int, language: str) -> str:
    """An amount in the main unit of its currency, with the unit."""
    from fof.book.currencies import DEFAULT_CURRENCY, of_row

    currency = of_row(view, row) or DEFAULT_CURRENCY
    unit = words.CURRENCY_WORDS.get(currency, Text(currency, currency)).of(language)
    return f"{words.amount(fen, '元')} {unit}"


def _of_rules(name: str, value: str, language: str) -> str | None:
    """A rule with its title; None for other fields."""
    from fof.rules.registry import RULES

    if name == "rule" and value in RULES:
        return f"{value} {RULES[value].text.of(language)}"
    return None


def _parameter(name: str, language: str) -> str:
    """A parameter of the rules by its title; what is none of them as it stands."""
    from fof.rules import catalogue

    if name == "period_close":  # of an old book
        return Text("季度结账", "close of a quarter").of(language)
    parameter = catalogue.parameters().get(name)
    return name if parameter is None else parameter.text.of(language)


def _components(view: View, row: Any, language: str) -> dict[str, str] | None:
    """A setting of an old book that says what a notice asks; None for any other setting, and for one that cannot be read."""
    from fof.errors import BadEntry
    from fof.ledger import former
    from models.rows import NoticeLine

    try:
        lines = [line for line in former.today(row, view.journal.rows) if isinstance(line, NoticeLine)]
    except BadEntry:  # written past this program: shown as it is stored
        return None
    if not lines:
        return None
    comma, clause = Text("、", ", ").of(language), Text("；", "; ").of(language)
    asked: dict[int, list[str]] = {}
    for line in sorted(lines, key=lambda line: list(CallComponent).index(CallComponent(line.component))):
        word = CallComponent(line.component)
        asked.setdefault(line.investor, []).append(f"{word.text.of(language)} {yuan_text(line.fen)}")
    investors = [f"{view.parties[who].code} {comma.join(parts)}" for who, parts in asked.items()]
    number = lines[0].number
    return ({} if row.party is None else {"party": named(view, row.party)}) | {
        "notice": Text(f"出资通知 {number} 的分项", f"Components of notice {number}").of(language),
        "components": clause.join(investors),
    }


def _subject(view: View, row: Any) -> tuple[str, str]:
    """Whose attribute it is: the field that says so, and whom it names; a party by code and name, all others by code."""
    from models.subjects import bearer_of

    if isinstance(row, SubjectFact) and row.kind != SubjectKind.PARTY:
        return "subject", str(view.subject(bearer_of(row)))
    if row.party is not None:
        return "party", named(view, row.party)
    deal = view.deal_by_id.get(row.deal)
    return "deal", "" if deal is None else str(deal.row.code)


def _spec(row: Any) -> FactSpec:
    from models.facts import FACTS, SUBJECT_FACTS

    return (SUBJECT_FACTS if isinstance(row, SubjectFact) else FACTS)[row.name]


def _fact_value(row: Any, language: str) -> str:
    from fof.book.funds import fact_text
    from models.facts import FactType

    spec = _spec(row)
    if isinstance(row, SubjectFact):
        return spec.write(spec.parse(row.value))
    text = fact_text(row.name, spec.parse(row.value), language)
    return f"{text} {Text('元', 'yuan').of(language)}" if spec.kind is FactType.FEN else text


def _fact(view: View, row: Any, language: str) -> dict[str, str]:
    """An attribute: whose, what, its value, on what definition and document."""
    field, subject = _subject(view, row)
    more = {"basis": row.basis, "document": row.document}
    return {
        field: subject,
        "attribute": _spec(row).text.of(language),
        "value": _fact_value(row, language),
        **{name: str(value) for name, value in more.items() if value is not None},
    }
