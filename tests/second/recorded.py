"""One institution, recorded in several ways: at once, in two files, by the sheet of attributes, wrongly and taken back.

However it is recorded, the same must be said of it: labels never change here.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from second.institutions import Institution, Row, plus

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from models import coinvest as w

_SPLIT = ("employments", "declarations", "staff_stakes", "eligibilities", "coinvest_plans")
"""Layouts of which some cells of a row may come in a second file."""


def book_somehow(database: Database, own: Institution) -> list[str]:
    """Books the institution in one of many ways, drawn from its own numbers; which were used."""
    rng, ways = own.rng, list[str]()
    rows = {name: [dict(row) for row in many] for name, many in own.rows.items()}
    later: dict[str, list[Row]] = {}
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
    _book(database, rows, "机构.xlsx")
    if rng.random() < 0.6:
        ways.append("reversed")
        for entry in _book(database, _untrue(own), "误登.xlsx"):
            ledger.reverse(database, LOCAL, entry, "误登")
    for code, right in corrected:
        ledger.reverse(database, LOCAL, _entry_of(database, code), "金额与日期有误")
        later.setdefault("coinvest_payments", []).append(right)
    if later:
        _book(database, later, "补充.xlsx")
    return ways


def _move_cell(own: Institution, name: str, row: Row, later: dict[str, list[Row]]) -> None:
    layout = LAYOUTS[name]
    kept = {c.name for c in layout.columns if c.required} | {c.name for c in layout.links} | {"since"}
    free = sorted(n for n in row if n not in kept and n != "employed_from")
    if len(free) > 1:
        cell = own.rng.choice(free)
        key = {n: v for n, v in row.items() if n in kept}
        later.setdefault(name, []).append({**key, cell: row.pop(cell)})


def _to_attributes(row: Row, name: str, later: dict[str, list[Row]]) -> None:
    value = row.pop(name)
    later.setdefault("attributes", []).append(
        {"subject": row["deal"], "attribute": name, "since": row["since"], "value": str(value)}
    )


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
