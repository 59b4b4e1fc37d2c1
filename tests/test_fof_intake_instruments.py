"""The small instruments by file: what is registered and paid, what comes back from an export, what is refused with its row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from instrument_office import applied, booked, cost, granted, office, subsidy, voucher, workbook
from pool_office import Rows, day, yuan

from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.book.company_money import INSTRUMENTS, company_money
from fof.book.grants import grants_of
from fof.db import Database
from fof.errors import ImportRefused
from fof.importers.layouts import LAYOUTS
from fof.ledger import View
from fof.ledger.verify import verify
from models import instruments as w
from models.kinds import SupportKind

END = day("2025-12-31")
STEP = w.GrantStep


def paid(view: View) -> dict[str, tuple[int | None, int]]:
    return {g.code: (g.granted(END), g.paid(END)) for g in grants_of(view).values()}


def verdicts(book: Database) -> dict[tuple[str, str], str]:
    judged = audit.instruments(ledger.read(book).view(END))
    return {(f.finding.rule, str(f.finding.subject)): f.finding.verdict.value for f in judged.findings}


FOUND = {
    ("IV-01", "V1"): "pass",
    ("IV-02", "V1"): "pass",
    ("IV-01", "V2"): "not_applicable",
    ("IV-02", "V2"): "not_applicable",
    ("IN-01", "B1"): "not_applicable",
    ("IN-02", "B1"): "pass",
    ("TC-01B", "C1"): "warn",
    ("TX-01", "D1"): "unknown",
    ("PI-12", "2025"): "not_applicable",
}


def test_everything_is_registered_and_paid(database: Database) -> None:
    view = booked(database, office())
    assert verify(database).ok
    assert paid(view) == {"V1": (5_000_000, 5_000_000), "V2": (None, 0), "B1": (32_000_000, 32_000_000)}
    assert verdicts(database).items() >= {k: v for k, v in FOUND.items() if k[0] != "IN-01"}.items()
    money = company_money(view.journal.view(END, None))
    vouchers = money.where(money.instrument == INSTRUMENTS.index(SupportKind.VOUCHER))
    assert vouchers.deployed.tolist() == [5_000_000]  # one surface with every other instrument
    assert vouchers.at_risk.tolist() == [0]


def test_a_book_comes_back_from_its_export(database: Database, tmp_path: Path) -> None:
    view = booked(database, office())
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    intake.book(other, LOCAL, intake.export_workbook(view), "导出.xlsx")
    assert paid(ledger.read(other).view()) == paid(view)
    assert verdicts(other) == verdicts(database)
    again = intake.preview(database, workbook(office()), "再次.xlsx")
    assert (again.problems, again.drafts) == ([], [])
    other.close()


def with_voucher(*rows: dict[str, object]) -> Rows:
    return {"voucher_claims": [{"code": "V9", **row} for row in rows]}


ASKED = voucher("V9", "2025-01-10", STEP.APPLIED, **applied(100_000))
REFUSED: dict[str, tuple[Rows, str, str]] = {
    "unknown firm": (with_voucher({**ASKED, "claimant": "Q9"}), "unknown_party", "创新券申请"),
    "applicant is no firm": (with_voucher({**ASKED, "claimant": "F"}), "other_kind", "创新券申请"),
    "issuer is no government": (with_voucher({**ASKED, "issuer": "SP"}), "other_kind", "创新券申请"),
    "a voucher over cost": (
        with_voucher(ASKED, voucher("V9", "2025-01-20", STEP.DECIDED, **granted(100_000.01))),
        "granted_above_cost",
        "创新券申请",
    ),
    "decided without a decision": (
        with_voucher(ASKED, voucher("V9", "2025-01-20", STEP.DECIDED)),
        "required",
        "创新券申请",
    ),
    "granted nothing": (
        with_voucher(ASKED, voucher("V9", "2025-01-20", STEP.DECIDED, grant_decision=w.GrantDecision.WHOLLY)),
        "required",
        "创新券申请",
    ),
    "refused without a reason": (
        with_voucher(
            ASKED, voucher("V9", "2025-01-20", STEP.DECIDED, grant_decision=w.GrantDecision.REFUSED)
        ),
        "required",
        "创新券申请",
    ),
    "refused and granted": (
        with_voucher(
            ASKED,
            voucher(
                "V9",
                "2025-01-20",
                STEP.DECIDED,
                refusal_reasons=(w.RefusalReason.OTHER,),
                **granted(1, w.GrantDecision.REFUSED),
            ),
        ),
        "granted_though_refused",
        "创新券申请",
    ),
    "paid before it is decided": (
        with_voucher(ASKED, voucher("V9", "2025-01-20", STEP.PAID, amount=yuan(1))),
        "not_granted",
        "创新券申请",
    ),
    "paid a fen too much": (
        with_voucher(voucher("V1", "2025-01-20", STEP.PAID, amount=yuan(0.01)) | {"code": "V1"}),
        "paid_above_granted",
        "创新券申请",
    ),
    "paid nothing": (
        with_voucher(ASKED, voucher("V9", "2025-01-20", STEP.PAID)),
        "not_positive",
        "创新券申请",
    ),
    "an amount where nothing is paid": (
        with_voucher({**ASKED, "amount": yuan(1)}),
        "no_money_moves",
        "创新券申请",
    ),
    "another applicant": (
        with_voucher({**voucher("V1", "2025-01-20", STEP.WITHDRAWN, "Q2"), "code": "V1"}),
        "linked_otherwise",
        "创新券申请",
    ),
    "a subsidy over cost": (
        {
            "subsidy_claims": [
                subsidy("B9", "2025-01-10", STEP.APPLIED, **cost(10)),
                subsidy("B9", "2025-01-20", STEP.DECIDED, **granted(10.01)),
            ]
        },
        "granted_above_cost",
        "后补助申请",
    ),
    "deducted above the investment": (
        {
            "tax_deductions": [
                {
                    "code": "D1",
                    "holder": "T1",
                    "company": "Q1",
                    "since": day("2024-12-31"),
                    "taxable_income": yuan(900_000),
                    "deducted": yuan(400_000.01),
                }
            ]
        },
        "deducted_above_invested",
        "投资抵扣",
    ),
    "licensed to nobody": (
        {
            "funded_results": [
                {"code": "C1", "funder": "GOV", "since": day("2025-01-01"), "licensed_on": day("2025-01-01")}
            ]
        },
        "required",
        "财政资金成果",
    ),
    "a resident of itself": (
        {"residencies": [{"code": "R9", "incubator": "F", "tenant": "F", "since": day("2025-01-01")}]},
        "same_party",
        "孵化载体入驻",
    ),
    "served no company": (
        {
            "investor_services": [
                {
                    "code": "S9",
                    "holder": "GOV",
                    "company": "SP",
                    "since": day("2025-01-01"),
                    "service_kind": w.ServiceKind.TALENT,
                }
            ]
        },
        "other_kind",
        "投后服务",
    ),
}


NO_RULE = {
    *("unknown_party", "other_kind", "required", "not_positive", "no_money_moves", "linked_otherwise"),
    *("granted_though_refused", "same_party"),
}
"""Rows that do not fit together by themselves: of everything else the rule is named."""
RULES = re.compile("（(?:IV|IN|TX)-[0-9]+")


@pytest.fixture(scope="module")
def one_office(tmp_path_factory: pytest.TempPathFactory) -> Database:
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('instruments') / 'book.sqlite'}")
    book.init()
    booked(book, office())
    return book


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_with_its_row(one_office: Database, what: str) -> None:
    rows, code, sheet = REFUSED[what]
    made = intake.preview(one_office, workbook(rows), "错.xlsx")
    assert [p.code for p in made.problems] == [code], made.problems
    (problem,) = made.problems
    assert problem.where.sheet == sheet
    assert problem.where.row is not None
    assert problem.where.field is not None
    titles = tuple(column.text.zh for own in LAYOUTS.values() for column in own.columns)
    assert str(problem.where.field).startswith(titles)
    if code not in NO_RULE:
        assert all("(" + named[1:] in problem.expected.en for named in RULES.findall(problem.expected.zh))
        assert RULES.search(problem.expected.zh), problem.expected
    with pytest.raises(ImportRefused):
        intake.book(one_office, LOCAL, workbook(rows), "错.xlsx")


def test_every_problem_of_a_file_is_told(one_office: Database) -> None:
    rows: Rows = {}
    for what in ("unknown firm", "licensed to nobody", "a resident of itself"):
        rows |= REFUSED[what][0]
    made = intake.preview(one_office, workbook(rows), "错.xlsx")
    assert sorted(p.code for p in made.problems) == ["required", "same_party", "unknown_party"]
