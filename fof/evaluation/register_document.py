"""The national register as documents and as the files that are handed in: rows a fund and a field, JSON, workbook.

Page, command, library and files list the same fields of `fof.evaluation.national_register`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fof.book.currencies import DEFAULT_CURRENCY, in_order
from fof.errors import Unknown
from fof.evaluation.national_register import MISSING, Field, FundRegister, Register, register
from fof.figures.answers import Answer
from fof.figures.operations_documents import REGISTER, REGISTER_FIELDS
from fof.figures.register import members
from fof.ledger import View
from fof.table_workbook import Cell, table_workbook
from fof.words import official, unit_text
from models.text import Text

Row = dict[str, Any]


def register_document(view: View, filed: Register) -> Answer:
    """A row for each fund: whether it can be signed, what was handed in, what is missing."""
    head = {
        "year": filed.year,
        "period_end": filed.period_end,
        "due_on": filed.due_on,
        "days_left": filed.days_left,
        "can_sign": filed.can_sign,
    }
    rows = [fund_row(fund) for fund in filed.funds]
    return Answer(REGISTER, rows, view.as_of, view.known_at, None, head)


def fund_row(fund: FundRegister) -> Row:
    """A fund of the register."""
    return {
        "fund": fund.fund,
        "name": fund.name,
        "state": "ready" if fund.can_sign else "lacking",
        "filing": "late" if fund.late else None,
        "handed_in_on": fund.handed_in_on,
        "truth_on": fund.truth_on,
        "count": len(fund.missing),
        "missing": ", ".join(field.name for field in fund.missing) or None,
        "texts": {"missing": _listed(fund)},
        "record": fund,
    }


def _listed(fund: FundRegister) -> Text:
    texts = [field.text for field in fund.missing]
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))


def fields_document(view: View, filed: Register, code: str) -> Answer:
    """Every field of one fund, what is missing first. Unknown for a fund that the year's register has not."""
    fund = next((f for f in filed.funds if f.fund == code), None)
    if fund is None:
        raise Unknown(Text("登记信息中的基金", "fund in the register"), code)
    head = {"year": filed.year, "fund": fund.fund, "texts": {"fund": f"{fund.fund} {fund.name}"}}
    return Answer(REGISTER_FIELDS, field_rows(fund), view.as_of, view.known_at, fund.currency, head)


def field_rows(fund: FundRegister) -> list[Row]:
    """The fields of a fund, what is missing first."""
    return [field_row(f, fund.currency) for f in sorted(fund.fields, key=lambda f: f.state != MISSING)]


def field_row(field: Field, currency: str) -> Row:
    """A field: its value with where it comes from, or why it has none."""
    document = field.document or field.source
    return {
        "name": field.name,
        "title": field.text,
        "state": field.state,
        "value": field.value,
        "unit": _unit(field, currency),
        "why": field.note if field.value is None else document or None,
        "entry": field.entry,
        "record": field,
    }


def _unit(field: Field, currency: str) -> Text | None:
    """In what a value is: the currency's main unit where it is an amount."""
    return unit_text("元", currency) if field.unit == "fen" else _UNITS.get(field.unit)


_UNITS = {
    "share": Text("比例", "share"),
    "multiple": Text("倍", "x"),
    "days": Text("天", "days"),
    "years": Text("年", "years"),
    "count": Text("个", "count"),
}


def register_for(view: View, year: int | None = None, fund: str | None = None) -> Answer:
    """The register of a year (the one before the view's day where left out), or every field of one fund in it."""
    filed = register(view, year)
    return register_document(view, filed) if fund is None else fields_document(view, filed, fund)


# -- files --------------------------------------------------------------------------------------------------------


def register_json(filed: Register) -> str:
    """The export as one JSON document: per fund the fields with value, source and state, and the missing ones."""
    return json.dumps(register_export(filed), ensure_ascii=False, indent=1) + "\n"


def register_export(filed: Register) -> dict[str, Any]:
    """The export as plain JSON values."""
    codes = in_order(f.currency for f in filed.funds) or (DEFAULT_CURRENCY,)
    return {
        "year": filed.year,
        "as_of": filed.as_of.isoformat(),
        "known_at": filed.known_at,
        "currency": codes[0] if len(codes) == 1 else None,
        "period_end": filed.period_end.isoformat(),
        "due_on": None if filed.due_on is None else filed.due_on.isoformat(),
        "can_sign": filed.can_sign,
        "funds": [
            {
                "fund": f.fund,
                "name": f.name,
                "currency": f.currency,
                "can_sign": f.can_sign,
                "handed_in_on": None if f.handed_in_on is None else f.handed_in_on.isoformat(),
                "truth_commitment_on": None if f.truth_on is None else f.truth_on.isoformat(),
                "late": f.late,
                "missing": [field.name for field in f.missing],
                "fields": [_plain(field, f.currency) for field in f.fields],
            }
            for f in filed.funds
        ],
    }


def _plain(field: Field, currency: str) -> dict[str, str | int | None]:
    money = "yuan" if currency == DEFAULT_CURRENCY else currency
    return {
        "name": field.name,
        "zh": field.text.zh,
        "en": field.text.en,
        "unit": money if field.unit == "fen" else field.unit or None,
        "state": field.state,
        "value": field.value,
        "entry": field.entry,
        "document": field.document,
        "source": field.source or None,
        "note_zh": field.note.zh or None,
        "note_en": field.note.en or None,
    }


def _official_unit(field: Field, currency: str) -> str:
    unit = _unit(field, currency)
    return "" if unit is None else official(unit)


HEADER = (
    Text("基金编号", "Fund"),
    Text("基金名称", "Name"),
    Text("字段", "Code"),
    Text("字段名", "Field"),
    Text("单位", "Unit"),
    Text("状态", "State"),
    Text("值", "Value"),
    Text("来源", "Source"),
    Text("分录", "Entry"),
    Text("依据文件", "Document"),
    Text("说明", "Note"),
)


def register_workbook(filed: Register) -> bytes:
    """The export as a workbook, one line per field; values are text, as in the JSON document.

    The form is Chinese; in an English run each of its words has its English beside it.
    """
    rows: list[Sequence[Cell]] = [
        (
            fund.fund,
            fund.name,
            f.name,
            official(f.text),
            _official_unit(f, fund.currency),
            official(members("field_states")[f.state]),
            f.value,
            f.source,
            f.entry,
            f.document,
            official(f.note) if f.note else "",
        )
        for fund in filed.funds
        for f in fund.fields
    ]
    state = Text("可签署", "can be signed") if filed.can_sign else Text("尚不可签署", "not yet to be signed")
    parts = [
        f"{official(Text('截至', 'as of'))} {filed.period_end}",
        f"{official(Text('已知至分录', 'known at entry'))} {filed.known_at}",
        *([] if filed.due_on is None else [f"{official(Text('期限', 'due'))} {filed.due_on}"]),
        official(state),
    ]
    title = official(Text("政府投资基金登记", "Register of government investment funds"))
    return table_workbook(f"{title} {filed.year}", " · ".join(parts), [official(h) for h in HEADER], rows)
