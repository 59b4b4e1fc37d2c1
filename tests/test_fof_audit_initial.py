"""What an institution's first money in a company is (CI-04): that of any vehicle it manages, lent against shares or paid for them."""

from __future__ import annotations

import pytest
from second.institutions import Institution, Row, plus, yuan
from test_second_institutions import audited

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from models.kinds import DealKind, Instrument


@pytest.mark.parametrize(("days", "verdict"), [(-1, "breach"), (0, "pass"), (1, "pass")])
def test_a_convertible_loan_of_another_managed_fund_is_first_money(
    sqlite_book: Database, days: int, verdict: str
) -> None:
    own = Institution(5)
    deal: Row = own.rows["deals"][-1]
    own.add(
        "deals",
        code="LOAN",
        fund="F2" if deal["fund"] == "F1" else "F1",
        company=deal["company"],
        day=plus(deal["day"], days),
        kind=DealKind.INITIAL,
        instrument=Instrument.CONVERTIBLE,
        amount=yuan(100),
        round="可转债",
    )
    book = filled([(LAYOUTS[layout], rows) for layout, rows in own.rows.items() if rows])
    intake.book(sqlite_book, LOCAL, book, "机构.xlsx")
    said = {
        f.verdict.value
        for f in audited(ledger.read(sqlite_book).view())
        if f.rule == "CI-04" and f.subject.code.startswith(f"S{deal['code'][1:]}-")
    }
    assert said == {verdict}
