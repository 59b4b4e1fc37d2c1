"""One institution, recorded in several ways: at once, in two files, by the sheet of attributes, wrongly and taken back.

However it is recorded, the same must be said of it: labels never change here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from decimal import Decimal as D
from typing import Any, NamedTuple

from second.institutions import Institution, Row, plus

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from models import coinvest as w
from models.kinds import Word

_SPLIT = ("employments", "declarations", "staff_stakes", "eligibilities", "coinvest_plans")
"""Layouts of which some cells of a row may come in a second file."""


Rows = dict[str, list[Row]]
_BY_ATTRIBUTES = frozenset({"parties", "companies", "coinvest_deals"})
"""Layouts whose subject the sheet of attributes can name."""
_NEVER_PARTED = frozenset(
    {"deals", "edges", "attributes", "company_years", "committee_meetings", "coinvest_payments"}
)
"""Layouts of rows that come whole: money, shares, a meeting with its votes."""


WAYS = ("at once", "another file", "corrected", "taken back")
"""Of what was planted: and by the sheet of attributes, where it can name the subject."""


class Recorded(NamedTuple):
    """How an institution is brought into a book.

    rows : of the first file     untrue : what never was, booked next and taken back     later : of the last file
    corrected : payments (code, right row) that stand wrong in the first file, are taken back, and come right in the last
    ways : of the whole institution     by_rule : (rule, way) of what was planted
    """

    rows: Rows
    untrue: Rows
    later: Rows
    corrected: list[tuple[str, Row]]
    ways: list[str]
    by_rule: list[tuple[str, str]]


def book_somehow(database: Database, own: Institution) -> Recorded:
    """Books the institution in one of many ways, drawn from its own numbers."""
    how = recorded(own)
    _book(database, how.rows, "机构.xlsx")
    if how.untrue:
        for entry in reversed(_book(database, how.untrue, "误登.xlsx")):
            ledger.reverse(database, LOCAL, entry, "误登")
    for code, _right in how.corrected:
        ledger.reverse(database, LOCAL, _entry_of(database, code), "金额与日期有误")
    if how.later:
        _book(database, how.later, "补充.xlsx")
    return how


def recorded(own: Institution) -> Recorded:
    """The ways drawn for an institution."""
    rng, ways = own.rng, list[str]()
    copies = {id(row): dict(row) for many in own.rows.values() for row in many}
    rows = {name: [copies[id(row)] for row in many] for name, many in own.rows.items()}
    later: Rows = {}
    untrue: Rows = {}
    by_rule = list(_ways_of_what_was_planted(own, copies, rows, untrue, later))
    if rng.random() < 0.6:
        ways.append("two files")
        for name in _SPLIT:
            for row in rng.sample(rows.get(name, []), min(6, len(rows.get(name, [])))):
                _move_cell(own, name, row, later)
    if rng.random() < 0.6:
        ways.append("attributes sheet")
        for row in rows["coinvest_deals"]:
            names = [n for n, v in row.items() if n not in ("deal", "since") and isinstance(v, dt.date | str)]
            if names and rng.random() < 0.5:
                _to_attributes(row, rng.choice(names), later)
    corrected: list[tuple[str, Row]] = []
    if rng.random() < 0.6:
        ways.append("corrected")
        corrected = _wrong_payments(own, rows)
        for _code, right in corrected:
            later.setdefault("coinvest_payments", []).append(right)
    if rng.random() < 0.6:
        ways.append("reversed")
        for name, many in _untrue(own).items():
            untrue.setdefault(name, []).extend(many)
    return Recorded(rows, untrue, later, corrected, ways, by_rule)


def _ways_of_what_was_planted(
    own: Institution, copies: dict[int, Row], rows: Rows, untrue: Rows, later: Rows
) -> Iterator[tuple[str, str]]:
    """Of each row that was planted on: at once, a cell in another file or by the sheet of attributes, wrong first and corrected, or with
    something that was taken back. A row that several rules were planted on is theirs all."""
    planted: dict[int, tuple[str, set[str]]] = {}
    for rule, layout, row in own.changed:
        planted.setdefault(id(row), (layout, set()))[1].add(rule)
    for number, (layout, rules) in planted.items():
        row = copies.get(number)
        if row is None:  # taken out again by a later plant
            continue
        way = own.rng.choice([*WAYS, "attributes sheet"])
        if _comes_whole(own, layout, row):
            done = _record_whole(own, layout, rows, row, way, untrue, later)
        else:
            done = layout not in _NEVER_PARTED and _record(own, layout, row, way, untrue, later)
        for rule in sorted(rules):
            yield rule, way if done else "at once"


_BEHIND_A_STAKE = frozenset({w.PaymentLeg.TRANSFER, w.PaymentLeg.COMPANY_TO_VEHICLE})
_LEAVES = frozenset({"kinships", "nominees", "incidents", "evidence", "employments", "coinvest_plans"})


def _comes_whole(own: Institution, layout: str, row: Row) -> bool:
    """Whether nothing rests on the row, so that all of it may come later: a share, what was sold or handed over, a later version."""
    if layout == "edges":
        return True
    if layout == "coinvest_payments":
        return row["payment_leg"] in _BEHIND_A_STAKE
    if layout == "deals":
        return not own.of_project(row["code"]) and not own.all("coinvest_deals", deal=row["code"])
    first = (
        min(r["since"] for r in own.rows[layout] if r.get("code") == row.get("code"))
        if layout in _LEAVES
        else None
    )
    later_version = layout in ("employments", "coinvest_plans") and row["since"] != first
    return later_version or layout in _LEAVES - {"employments", "coinvest_plans"}


def _record_whole(
    own: Institution, layout: str, rows: Rows, row: Row, way: str, untrue: Rows, later: Rows
) -> bool:
    """The row in another file, after a wrong one that was taken back, or beside one."""
    if way not in ("another file", "corrected", "taken back"):
        return way == "at once"
    if way != "another file":
        wrong = {n: _wrong_money(v) if isinstance(v, Amount) else v for n, v in row.items()}
        if wrong == row:
            cells = [n for n, v in row.items() if isinstance(v, D | Word) and _wrong(own, v) is not None]
            if not cells:
                return False
            wrong[cells[-1]] = _wrong(own, row[cells[-1]])
        if layout not in ("edges", "employments", "coinvest_plans"):
            wrong["code"] = f"{row['code']}w"
        elif way == "taken back":  # two of a day cannot stand beside each other
            return False
        untrue.setdefault(layout, []).append(wrong)
    if way != "taken back":
        place = next(n for n, other in enumerate(rows[layout]) if other is row)
        later.setdefault(layout, []).append(rows[layout].pop(place))
    return True


def _wrong_money(amount: Amount) -> Amount:
    return Amount(amount.fen + 10_000, "CNY")


def _record(own: Institution, layout: str, row: Row, way: str, untrue: Rows, later: Rows) -> bool:
    """Changes the row of the first file to one way; whether it can be recorded so."""
    key = _key(layout, row)
    free = sorted(n for n in row if n not in key and n not in ("employed_from", "kind"))
    if way == "taken back":
        gone = [
            (n, other[n])
            for other in own.rows[layout]
            for n in sorted(other)
            if n not in row and n not in key and isinstance(other[n], bool | str | D) and n not in _OF_OTHERS
        ]
        if not gone:
            return False
        cell, value = own.rng.choice(gone)
        _put(untrue, layout, key, {cell: value})
        return True
    if len(free) < 2 or way == "at once":
        return way == "at once"
    if layout == "requests":  # asked, and answered in another file
        return "answer" in row and _answered_apart(own, row, way, key, untrue, later)
    cell = own.rng.choice(free)
    value = row[cell]
    if way == "attributes sheet":
        if layout not in _BY_ATTRIBUTES or not isinstance(value, dt.date | str):
            return False
        _to_attributes(row, cell, later, subject=str(row.get("code") or row["deal"]))
        return True
    wrong = _wrong(own, value)
    if way == "corrected":
        if wrong is None:
            return False
        _put(untrue, layout, key, {cell: wrong})
    _put(later, layout, key, {cell: row.pop(cell)})
    return True


def _answered_apart(own: Institution, row: Row, way: str, key: Row, untrue: Rows, later: Rows) -> bool:
    """The question first and its answer afterwards, at once or after another answer that was taken back."""
    answer = {
        name: row.pop(name) for name in ("answer", "answered_by", "answered_on", "document") if name in row
    }
    if way == "corrected":
        open_ones = {w.RequestAnswer.NOT_OURS, w.RequestAnswer.DOES_NOT_EXIST} - {answer["answer"]}
        _put(untrue, "requests", key, {**answer, "answer": min(open_ones)})
    _put(later, "requests", key, answer)
    return way in ("another file", "corrected")


def _put(rows: Rows, layout: str, key: Row, cells: Row) -> None:
    """A row of these cells; those of one key stand in one."""
    same = next((r for r in rows.get(layout, []) if all(r.get(n) == v for n, v in key.items())), None)
    if same is None:
        rows.setdefault(layout, []).append({**key, **cells})
    else:
        same.update(cells)


_OF_OTHERS = frozenset({"staff_stake", "person", "money_lender", "nominee_until"})
"""Cells that name what another row is about."""


def _key(layout: str, row: Row) -> Row:
    """The cells that say which row it is, and since when."""
    of = LAYOUTS[layout]
    names = {c.name for c in of.columns if c.required} | {c.name for c in of.links}
    names |= {"since", "deal", "code", "name", "kind", "request_item", "request_due"}
    return {n: v for n, v in row.items() if n in names}


def _wrong(own: Institution, value: Any) -> Any:
    """Another value of the kind; None where there is none that every rule of intake lets in."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Word):
        return own.rng.choice([v for v in type(value) if v is not value])
    if isinstance(value, dt.date):
        return plus(value, 1)
    if isinstance(value, D):
        return value / 2
    codes = {row["code"] for row in own.rows["parties"]}
    return f"{value}误" if isinstance(value, str) and value not in codes else None


def _move_cell(own: Institution, name: str, row: Row, later: dict[str, list[Row]]) -> None:
    layout = LAYOUTS[name]
    kept = {c.name for c in layout.columns if c.required} | {c.name for c in layout.links} | {"since"}
    free = sorted(n for n in row if n not in kept and n != "employed_from")
    if len(free) > 1:
        cell = own.rng.choice(free)
        key = {n: v for n, v in row.items() if n in kept}
        _put(later, name, key, {cell: row.pop(cell)})


def _to_attributes(row: Row, name: str, later: Rows, *, subject: str = "") -> None:
    value = row.pop(name)
    at = {"subject": subject or row["deal"], "attribute": name, "since": row["since"]}
    later.setdefault("attributes", []).append({**at, "value": str(value)})


def _wrong_payments(own: Institution, rows: dict[str, list[Row]]) -> list[tuple[str, Row]]:
    """Two payments are booked with another day and other money; the right ones come later under codes of their own."""
    payments = [r for r in rows["coinvest_payments"] if r["payment_leg"] is w.PaymentLeg.PERSON_TO_VEHICLE]
    corrected = []
    for row in own.rng.sample(payments, min(2, len(payments))):
        corrected.append((row["code"], {**row, "code": f"{row['code']}r"}))
        row.update(
            since=plus(row["since"], -60), amount=type(row["amount"])(row["amount"].fen + 10_000, "CNY")
        )
    return corrected


def _untrue(own: Institution) -> dict[str, list[Row]]:
    """What never happened: a nominee, a leak, a gift."""
    paid = {p.get("staff_stake") for p in own.rows["coinvest_payments"]}
    stake = own.rng.choice([s for s in own.stakes if s["code"] in paid])
    day = own.find("deals", code=stake["deal"])["day"]
    return {
        "nominees": [
            {
                "code": "N-X",
                "staff_stake": stake["code"],
                "holder": stake["person"],
                "beneficiary": "PX",
                "since": day,
                "nominee_from": day,
            }
        ],
        "incidents": [
            {"code": "XM-X", "person": stake["person"], "since": plus(day, -9), "leaked_on": plus(day, -9)}
        ],
        "coinvest_payments": [
            {
                "code": "Z-X",
                "staff_stake": stake["code"],
                "payment_leg": w.PaymentLeg.PERSON_TO_VEHICLE
                if "vehicle" in stake
                else w.PaymentLeg.PERSON_TO_COMPANY,
                "amount": own.find("coinvest_payments", staff_stake=stake["code"])["amount"],
                "since": day,
                "money_source": w.MoneySource.GIFT,
                "payment_shares": Decimal(1),
            }
        ],
    }


def _book(database: Database, rows: dict[str, list[Row]], name: str) -> list[int]:
    book: Any = filled([(LAYOUTS[layout], many) for layout, many in rows.items() if many])
    return list(intake.book(database, LOCAL, book, name).entries)


def _entry_of(database: Database, code: str) -> int:
    view = ledger.read(database).view()
    number = next(s.id for s in view.subjects.values() if s.kind == "coinvest_payment" and s.code == code)
    return max(link.entry for link in view.links_ever(number))
