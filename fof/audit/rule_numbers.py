"""How an own number of a fund (or of the whole office) is written; read it is by fof.book.settings."""

from __future__ import annotations

import datetime as dt

from fof import ledger
from fof.access import Actor
from fof.audit.field_problems import field_problem
from fof.book import late
from fof.book.index import VEHICLES
from fof.db import Database
from fof.errors import Problem
from fof.ledger import Booked, Draft, Ids, Plan, Planner, View
from fof.rules import catalogue
from fof.rules.parameters import INTEGER_UNITS, Parameter
from models import rows as tables
from models.kinds import EntryKind
from models.text import Text


def set_parameter(
    database: Database,
    actor: Actor,
    fund: str | None,
    name: str,
    value: str,
    day: dt.date,
    until: dt.date | None,
    document: str,
    why: str | None = None,
) -> Booked:
    """A fund's own value of a parameter (the office's where fund is None) from a day on, until a last day if given.

    value : as the parameter's unit is read: 0.35, 90, yes, "3000万元"
    why   : reason for what is dated into a closed quarter; needed there alone (fof.book.late)
    BookingRefused lists everything wrong: an unknown fund or parameter, one fixed by its source, a bad value, an end
    before the start, no document. NotAllowed without the role.
    """
    planner = parameter_planner(fund, name, value, day, until, document)
    return ledger.book(database, actor, late.reasoned(planner, why), action="set_parameter")


def parameter_planner(
    fund: str | None, name: str, value: str, day: dt.date, until: dt.date | None, document: str
) -> Planner:
    """What `set_parameter` books, as a planner."""
    problems = _problems(name, value, day, until, document)
    key = f"setting/{fund or 'office'}/{name}/{day}"
    digest = ledger.request_digest("setting", fund, name, value, day, until, document)

    def plan(view: View, _ids: Ids) -> Plan:
        wrong = list(problems)
        party = None
        if fund is not None:
            record = view.by_code.get(fund)
            if record is None or record.kind not in VEHICLES:
                wrong.append(
                    field_problem(
                        "unknown_fund", Text("账中的基金编号", "code of a fund in the book"), fund, "fund"
                    )
                )
            else:
                party = record.id
        row = tables.Setting(party, name, value.strip(), until, document.strip())
        revision = _revision(view, key, digest)
        draft = Draft(EntryKind.SETTING, day, f"{key}/{revision}" if revision else key, digest, rows=[row])
        return Plan([draft] if not wrong else [], wrong)

    return plan


def _revision(view: View, key: str, digest: bytes) -> int:
    """0 for the first value of a day; the next number where that day has another value already."""
    number = 0
    while True:
        booked = view.booked(f"{key}/{number}" if number else key)
        if booked is None or (booked.request == digest and booked.reversed_by is None):
            return number
        number += 1


_EXPECTED = {
    "share": "0 至 1 之间的比例（0.4 即 40%）",
    "fen": "带单位的金额（如 3000万元），不小于 0",
    "flag": "yes 或 no",
    "steps": "“比例:分值”的序列",
}


def _expected(parameter: Parameter) -> str:
    """What a value of a parameter must be, in Chinese."""
    if parameter.choices:
        return f"{'、'.join(parameter.choices)} 之一"
    whole = "不小于 0 的整数" if parameter.unit in INTEGER_UNITS else "不小于 0 的数"
    return _EXPECTED.get(parameter.unit, whole)


def _problems(name: str, value: str, day: dt.date, until: dt.date | None, document: str) -> list[Problem]:
    problems = []
    parameter = catalogue.parameters().get(name)
    if parameter is None:
        problems.append(
            field_problem(
                "unknown_parameter", Text("规则参数名", "name of a rule parameter"), name, "parameter"
            )
        )
    else:
        if not parameter.settable:
            problems.append(
                field_problem(
                    "fixed_parameter",
                    Text("该参数由文件规定，不得自设", "fixed by its source; not settable"),
                    name,
                    "parameter",
                )
            )
        try:
            parameter.typed(value)
        except ValueError as error:
            problems.append(
                field_problem(
                    "bad_value",
                    Text(_expected(parameter), f"a value in {parameter.unit}: {error}"),
                    value,
                    "setting_value",
                )
            )
    if until is not None and until < day:
        problems.append(
            field_problem(
                "ends_before_start", Text(f"不早于 {day}", f"not before {day}"), str(until), "until"
            )
        )
    if not document.strip():
        problems.append(
            field_problem(
                "document_missing", Text("必须注明依据文件", "a document it rests on"), None, "evidence"
            )
        )
    return problems
