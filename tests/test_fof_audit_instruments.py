"""The audit of the small instruments: what the rules judge, gathered from a book; findings by command and library alike."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from instrument_office import booked, company, cost, granted, office, subsidy, voucher
from pool_office import day, party, yuan
from typer.testing import CliRunner

import fof
from fof import audit, ledger
from fof.audit.findings_document import compared_texts
from fof.audit.instruments import InstrumentReadings
from fof.audit.parties import company_on
from fof.book.grants import grants_of
from fof.book.index import book_of
from fof.cli import app
from fof.db import Database
from fof.figures.instruments import instrument_document
from fof.rules.engine import ask
from fof.rules.facts_instruments import GrantFacts
from fof.rules.registry import Verdict
from models import instruments as w
from models.kinds import DealKind, PartyKind

END = day("2025-12-31")
STEP = w.GrantStep


@pytest.fixture(scope="module")
def judged_office(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The office of the tests with a second voucher of the firm, a provider that is its owner, and a rewarded investment."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('instruments') / 'book.sqlite'}")
    book.init()
    rows = office()
    rows["parties"] += [party("CT", PartyKind.SOE_VC)]
    rows["companies"].append(company("Q4", st_sme=True))
    rows["edges"] = [
        {"owner": "SP", "owned": "Q1", "since": day("2023-01-01"), "share": Decimal("0.2"), "basis": "equity"}
    ]
    rows["deals"] = [
        {
            "code": "X1",
            "fund": "CT",
            "company": "Q4",
            "day": day("2023-06-01"),
            "kind": DealKind.INITIAL,
            "amount": yuan(5_000_000),
        }
    ]
    rows["voucher_claims"] += [
        voucher("V3", "2024-12-01", STEP.APPLIED, **cost(120_000)),
        voucher("V3", "2024-12-20", STEP.DECIDED, **granted(60_000)),
        voucher("V4", "2025-01-02", STEP.APPLIED, **cost(120_000)),
        voucher("V4", "2025-01-20", STEP.DECIDED, **granted(60_000)),
    ]
    rows["subsidy_claims"] += [
        subsidy("B2", "2025-03-01", STEP.APPLIED, "CT", deal="X1") | {"subsidy_kind": w.SubsidyKind.REWARD},
        subsidy("B2", "2025-03-10", STEP.DECIDED, "CT", **granted(50_000))
        | {"subsidy_kind": w.SubsidyKind.REWARD},
    ]
    rows["tax_deductions"] += [
        {"code": code, "holder": who, "company": "Q4", "since": day("2024-01-01"), "deal": "X1"}
        | {"deduction_form": w.DeductionForm.ANGEL}
        for code, who in (("D2", "CT"), ("D3", "T1"))
    ]
    booked(book, rows)
    return book


def readings(book: Database) -> InstrumentReadings:
    return InstrumentReadings(book_of(ledger.read(book).view(END)), END)


def grant(book: Database, code: str) -> GrantFacts:
    own = readings(book)
    (found,) = [g for g in grants_of(own.book.view).values() if g.code == code]
    return own.voucher(found) if code.startswith("V") else own.subsidy(found)


def test_the_cap_counts_what_was_granted_before_in_the_same_year(judged_office: Database) -> None:
    sums = {code: grant(judged_office, code).granted_in_year for code in ("V1", "V3", "V4")}
    assert sums == {
        "V1": 0,
        "V3": 5_000_000,
        "V4": 0,
    }  # the later of two bears the excess; a new year begins anew
    assert grant(judged_office, "V4").granted_ever == 11_000_000


def test_an_owner_of_a_fifth_is_a_related_provider(judged_office: Database) -> None:
    assert grant(judged_office, "V1").affiliated
    assert not grant(judged_office, "V3").affiliated  # it names no provider


def test_a_reward_rests_on_the_deal_of_the_book(judged_office: Database) -> None:
    own = grant(judged_office, "B2")
    assert (own.invested, own.invested_on, own.st_sme_then) == (500_000_000, day("2023-06-01"), True)


@pytest.mark.parametrize(("code", "fen"), [("D1", 100_000_000), ("D2", 500_000_000), ("D3", None)])
def test_a_deduction_rests_on_what_its_holder_invested(
    judged_office: Database, code: str, fen: int | None
) -> None:
    """As stated, else what was paid under the deal where the holder made it: what a partnership paid is no partner's investment.
    The rule, the table of deductions and an angel's money have one figure."""
    own = readings(judged_office)
    judged = next(own.deduction(d) for d in own.deductions if d.code == code)
    assert judged.invested == fen
    assert judged.day == day("2021-03-01" if code == "D1" else "2023-06-01")
    view = ledger.read(judged_office).view(END)
    listed = {row["deduction"]: row for row in instrument_document(view, "deductions").rows}
    assert listed[code]["deduction_invested"] == fen
    (angel,) = instrument_document(view, "angels").rows
    assert angel["angel_money"] is None  # of T1's two, one is not known


def test_the_terms_of_a_subsidy_are_the_issuers_of_that_day(judged_office: Database) -> None:
    own = grant(judged_office, "B1")
    assert (own.cap, own.own_share_min) == (50_000_000, Decimal("0.3"))


def test_the_statistics_are_of_the_last_closed_year(judged_office: Database) -> None:
    made = InstrumentReadings(readings(judged_office).book, day("2025-06-30")).statistics()
    assert (made.code, made.supported) == ("2024", 1)
    assert made.without_class == ()
    assert made.without_staff == ("Q1",)
    sheet = instrument_document(ledger.read(judged_office).view(day("2025-06-30")), "statistics").rows
    (whole,) = [row for row in sheet if row["year"] == made.code and row["city"] is None]
    stated = whole["companies_in_year"] - whole["jobs_stated"], whole["classed"] + len(made.foreign_class)
    assert (whole["companies_in_year"], *stated) == (made.supported, len(made.without_staff), 1)


@pytest.mark.parametrize(
    ("on", "verdict"), [("2020-12-31", "unknown"), ("2024-06-30", "pass"), ("2024-07-01", "warn")]
)
def test_a_company_rests_on_the_results_of_the_register(
    judged_office: Database, on: str, verdict: str
) -> None:
    """Of Q1 nobody stated whether it is built on public money; a result of it is registered since 2021."""
    book = book_of(ledger.read(judged_office).view(day(on)))
    made = ask("TC-01", company_on(book, book.by_code["Q1"], day(on)), day=day(on))
    assert made.verdict.value == verdict  # type: ignore[union-attr]


def test_findings_have_their_verdicts(judged_office: Database) -> None:
    judged = audit.instruments(ledger.read(judged_office).view(END))
    found = {(f.finding.rule, str(f.finding.subject)): f.finding.verdict.value for f in judged.findings}
    assert found["IV-01", "V3"] == "breach"
    assert found["IV-01", "V4"] == "pass"
    assert found["IV-02", "V1"] == "breach"
    assert found["IN-01", "B2"] == "pass"
    owner = next(f.owner for f in judged.findings if str(f.finding.subject) == "V3")
    assert owner == "示例Q1"


def test_command_and_library_say_the_same(judged_office: Database) -> None:
    words = ["audit", "instruments", "--as-of", str(END), "--verdict", "all"]
    env = {"FOF_DATABASE_URL": str(judged_office.url)}
    made = CliRunner().invoke(app, [*words, "--json"], env=env)
    assert made.exit_code == 0, made.output
    document = json.loads(made.stdout)
    with fof.open(str(judged_office.url)) as opened:
        rows = opened.at(END).instruments_audit(verdict="all").rows
    assert [(r.rule, str(r.subject)) for r in rows] == [(r["rule"], r["subject"]) for r in document["rows"]]
    assert CliRunner().invoke(app, [*words, "--strict"], env=env).exit_code == 1


def test_a_finding_has_its_case_file(judged_office: Database) -> None:
    env = {"FOF_DATABASE_URL": str(judged_office.url)}
    made = CliRunner().invoke(app, ["audit", "case", "IV-01", "V3", "--as-of", str(END), "--json"], env=env)
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["verdict"] == "breach"


def test_a_fen_beyond_a_limit_is_seen_in_any_unit(demo: Database) -> None:
    """IV-01 of CXQ-0003: 30,000.01 against 30,000.00 yuan, both 3.00 in ten thousands."""
    judged = audit.instruments(ledger.read(demo).view(day("2026-09-30")))
    close = [
        f.finding for f in judged.findings if f.finding.verdict is Verdict.BREACH and f.finding.unit == "fen"
    ]
    seen = {(f.rule, str(f.subject)): compared_texts(f, "万元") for f in close}
    assert all(measured != threshold for measured, threshold in seen.values()), seen
    assert any("元" in str(measured) for measured, _ in seen.values())
    plain = [f for f in close if abs(f.measured - f.threshold) >= 10_000]
    assert all("元" not in str(text) for f in plain for text in compared_texts(f, "万元"))


def test_what_the_books_deals_sold_is_asked_of_a_deduction(judged_office: Database, tmp_path: Path) -> None:
    """D2 states no day of sale; CT, whose deal it names, sells a part in month 12 and the rest in month 23."""
    book = Database(f"sqlite:///{shutil.copy(Path(judged_office.url.database or ''), tmp_path)}")
    assert days_of_sale(book) == (None, None)
    for code, kind, on in (("X2", DealKind.PARTIAL_EXIT, "2024-06-01"), ("X3", DealKind.EXIT, "2025-05-01")):
        sold = {"code": code, "fund": "CT", "company": "Q4", "day": day(on), "kind": kind, "amount": yuan(9)}
        booked(book, {"deals": [sold]})
    assert days_of_sale(book) == (day("2025-05-01"), day("2024-06-01"))
    reward = grant(book, "B2")
    assert (reward.sold_on, reward.part_sold_on) == days_of_sale(book)
    book.close()


def days_of_sale(book: Database) -> tuple[dt.date | None, dt.date | None]:
    own = readings(book)
    judged = next(own.deduction(d) for d in own.deductions if d.code == "D2")
    return judged.left_on, judged.part_left_on
