"""Loans under agreements as money that reached companies: by hand, on both engines, and what governments bear of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pool_office as po
import pytest

from fof.book.company_columns import company_columns
from fof.book.lent_money import lent_money
from fof.db import Database
from fof.figures.coverage.surface import coverage
from fof.ledger import View
from models import pools as w
from models.kinds import SupportKind


def lent(view: View, on: str) -> dict[str, tuple[str, int, int, float]]:
    """Company -> instrument, yuan drawn, yuan at risk, the government's part."""
    money = lent_money(view.on(dt.date.fromisoformat(on)), company_columns(view))
    codes = company_columns(view).codes
    columns = (money.deployed, money.at_risk, money.government)
    return {
        codes[place]: (kind.value, drawn // 100, owed // 100, part)
        for place, kind, drawn, owed, part in zip(
            money.company.tolist(), money.instrument, *(c.tolist() for c in columns), strict=True
        )
    }


def test_a_loan_is_at_risk_until_it_is_repaid_or_its_claim_is_paid(database: Database) -> None:
    view = po.booked(database, po.office())
    kind = SupportKind.POOL_LOAN.value
    assert lent(view, "2021-02-28") == {}
    assert lent(view, "2021-03-01") == {
        "Q1": (kind, 3_000_000, 3_000_000, 0.5),
        "Q2": (kind, 2_000_000, 2_000_000, 0.5),
        "Q3": (kind, 1_000_000, 1_000_000, 0.5),
    }
    assert lent(view, "2022-02-28")["Q2"][2] == 2_000_000
    assert lent(view, "2022-03-01")["Q2"][1:3] == (2_000_000, 0)
    assert lent(view, "2022-07-09")["Q1"][2] == 3_000_000  # decided, not paid
    assert lent(view, "2022-07-10")["Q1"][1:3] == (3_000_000, 0)
    (whole,) = coverage(view.on(dt.date(2022, 7, 10))).cells(())
    assert (whole.supported, whole.held) == (3, 1)
    [money] = whole.amounts
    assert (money.deployed, money.at_risk) == (600_000_000, 100_000_000)
    assert (money.government_deployed, money.government_at_risk) == (300_000_000, 50_000_000)


def _agreement(rows: po.Rows, **cells: Any) -> None:
    rows["agreements"][0] = {**rows["agreements"][0], **cells}


def _half_private(rows: po.Rows) -> None:
    rows["pool_payments"][1]["payer"] = "B2"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda rows: _agreement(rows, share_pool=Decimal("0.8"), share_lender=Decimal("0.2")), 0.8),
        (lambda rows: _agreement(rows, coverage=Decimal("0.6")), 0.3),
        (lambda rows: _agreement(rows, covers_principal=False), 0.0),
        (lambda rows: _agreement(rows, covers_principal=None), float("nan")),
        (_half_private, 0.5 * 4 / 6),
    ],
)
def test_what_governments_bear_follows_coverage_shares_and_whose_the_pool_is(
    clerk: Any, change: Any, part: float
) -> None:
    rows = po.office()
    change(rows)
    view = po.booked(clerk.database, {**rows, "pool_payments": rows["pool_payments"][:2], "claims": []})
    assert lent(view, "2021-12-31")["Q1"][3] == pytest.approx(part, nan_ok=True)


def test_bonds_and_pledged_property_stand_apart(clerk: Any) -> None:
    rows = po.office()
    rows["loans"][1] |= {"loan_kind": w.LoanKind.BOND}
    rows["loans"][2] |= {"collateral": w.Collateral.IP}
    view = po.booked(clerk.database, rows)
    kinds = {code: own[0] for code, own in lent(view, "2021-12-31").items()}
    assert kinds == {"Q1": "pool_loan", "Q2": "bond_guarantee", "Q3": "ip_loan"}
    names = {
        c.instrument: c.supported for c in coverage(view.on(dt.date(2021, 12, 31))).cells(["instrument"])
    }
    assert names == dict.fromkeys(kinds.values(), 1)
