"""The small instruments in figures: by hand on a small office, the same on command, library and page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from instrument_office import booked, company, cost, office, subsidy, voucher
from pool_office import day, party, yuan
from screens import drawn, screens_over
from typer.testing import CliRunner

import fof
from fof import ledger
from fof.cli import app
from fof.db import Database
from fof.errors import WrongArgument
from fof.figures.instruments import INSTRUMENT_TABLES, instrument_document
from fof.importers.layouts.commitments import CommitmentChange
from models import instruments as w
from models.kinds import DealKind, FundClass, PartyKind, Strategy
from models.rule_kinds import NationalScheme

END = day("2025-12-31")
STEP = w.GrantStep


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The office of the tests with an industrial fund that national money joined, two companies in it, and a waiting voucher."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('figures') / 'book.sqlite'}")
    book.init()
    rows = office()
    rows["parties"] += [
        party("SO", PartyKind.SOCIAL_INVESTOR, ownership="private"),
    ]
    rows["parties"][0]["government_level"] = "province"
    rows["funds"] = [
        {
            "code": "IF",
            "kind": PartyKind.SUB_FUND,
            "name": "示例工业基金",
            "since": day("2020-01-01"),
            "fund_class": FundClass.INDUSTRIAL,
            "strategy": Strategy.INDUSTRIAL,
        },
        {"code": "NF", "kind": PartyKind.NATIONAL_FUND, "name": "示例国家基金", "since": day("2020-01-01")},
    ]
    rows["companies"].append(company("Q5"))
    rows["attributes"] = [
        {
            "subject": "NF",
            "attribute": "国家级资金类别",
            "since": day("2020-01-01"),
            "value": NationalScheme.SME_FUND.zh,
        },
        {
            "subject": "T1",
            "attribute": "金融资产",
            "since": day("2025-06-01"),
            "value": "5000000",
            "unit": "元",
        },
        {"subject": "T1", "attribute": "资产收入证明日期", "since": day("2025-06-01"), "value": "2025-06-01"},
    ]
    rows["commitments"] = [
        {
            "fund": "IF",
            "investor": who,
            "day": day("2020-02-01"),
            "change": CommitmentChange.NEW,
            "amount": yuan(amount),
        }
        for who, amount in (("NF", 10_000_000), ("GOV", 20_000_000), ("SO", 70_000_000))
    ]
    rows["deals"] = [
        {
            "code": f"IF-{code}",
            "fund": "IF",
            "company": code,
            "day": day(on),
            "kind": DealKind.INITIAL,
            "amount": yuan(amount),
        }
        for code, on, amount in (("Q1", "2024-02-01", 3_000_000), ("Q5", "2025-03-01", 1_000_000))
    ]
    rows["investor_services"][0]["holder"] = "IF"
    rows["voucher_claims"].append(voucher("V5", "2024-12-01", STEP.APPLIED, **cost(300_000)))
    rows["subsidy_claims"].append(subsidy("B8", "2025-12-31", STEP.APPLIED, "SP"))
    rows["company_years"] = [{"company": "Q1", "year": 2024, "staff": 40}]
    rows["residencies"].append(
        {"code": "R3", "incubator": "F", "tenant": "Q2", "since": day("2021-01-01"), "moved_out_on": END}
    )
    booked(book, rows)
    return book


def rows_of(desk: Database, table: str, on: str = "2025-12-31") -> list[dict[str, Any]]:
    return [dict(row) for row in instrument_document(ledger.read(desk).view(day(on)), table).rows]


def test_a_waiting_voucher_may_be_granted_what_the_year_leaves(desk: Database) -> None:
    own = {row["voucher"]: row for row in rows_of(desk, "vouchers", "2024-12-31")}
    assert [own["V1"][n] for n in ("voucher_allowed", "granted_before", "period_left", "grant_state")] == [
        5_000_000,
        0,
        5_000_000,
        "paid",
    ]
    waiting = own["V5"]  # half of 300,000 is 150,000, of the year 50,000 are left
    assert (waiting["voucher_allowed"], waiting["granted_before"], waiting["grant_state"]) == (
        5_000_000,
        5_000_000,
        "applied",
    )
    assert own["V2"]["refusals"] == "not_eligible, no_evidence"
    assert "申请人不属于支持对象" in own["V2"]["texts"]["refusals"]
    later = {row["voucher"]: row for row in rows_of(desk, "vouchers")}
    assert later["V5"]["voucher_allowed"] == 10_000_000  # decided in another year, the whole cap


def test_a_subsidy_stands_beside_its_cap(desk: Database) -> None:
    own = rows_of(desk, "subsidies")[0]
    assert (own["subsidy_cap"], own["subsidy_allowed"], own["grant_paid"]) == (
        50_000_000,
        32_000_000,
        32_000_000,
    )


def test_an_incubator_has_who_is_in_it(desk: Database) -> None:
    before = rows_of(desk, "incubators", "2025-12-30")[0]
    own, unrecognised = rows_of(desk, "incubators")
    assert (unrecognised["incubator"], unrecognised["incubator_kind"]) == ("SP", None)  # it applied alone
    assert (before["resident_firms"], own["resident_firms"], own["resident_angels"]) == (2, 1, 1)
    assert (own["angel_money"], own["subsidised"], own["firms_stated"]) == (100_000_000, 32_000_000, 20)


def test_an_angel_meets_the_proof_of_wealth_for_a_year(desk: Database) -> None:
    for on, state in (("2025-05-31", "unknown"), ("2025-06-01", "qualified"), ("2026-06-01", "qualified")):
        (own,) = rows_of(desk, "angels", on)
        assert own["angel_qualified"] == state, on
    (late,) = rows_of(desk, "angels", "2026-06-02")
    assert late["angel_qualified"] == "not_qualified"
    assert (late["incubators_of"], late["firms_invested"], late["angel_money"]) == ("F", 1, 100_000_000)


def test_a_result_is_open_after_a_calendar_year(desk: Database) -> None:
    states = {on: rows_of(desk, "results", on)[0]["result_state"] for on in ("2024-06-30", "2024-07-01")}
    assert states == {"2024-06-30": "running", "2024-07-01": "open"}


def test_a_deduction_is_carried_forward(desk: Database) -> None:
    (own,) = rows_of(desk, "deductions")
    assert (own["deductible"], own["deducted_so_far"], own["deductible_left"]) == (
        70_000_000,
        60_000_000,
        10_000_000,
    )
    assert own["deductible_from"] == day("2023-03-01")


def test_companies_of_an_industrial_fund_that_nobody_served_are_in_sight(desk: Database) -> None:
    own = {row["company"]: row for row in rows_of(desk, "services")}
    assert (own["Q1"]["services_rendered"], own["Q1"]["cost"]) == (1, 300_000_000)
    assert (own["Q5"]["services_rendered"], own["Q5"]["last_service"]) == (0, None)


def test_national_money_stands_beside_the_others(desk: Database) -> None:
    (own,) = rows_of(desk, "national")
    assert (own["national_money"], own["national_share"]) == ("sme_fund", 0.1)
    assert (own["paid_into_funds"], own["through_funds"]) == (0, 0)  # it invests by itself alone
    assert (own["others_committed"], own["companies_beside"], own["cost"]) == (9_000_000_000, 2, 400_000_000)


def test_each_multiple_says_of_what(desk: Database) -> None:
    own = {(row["instrument"], row["leverage_variant"]): row for row in rows_of(desk, "leverage")}
    funds = own["industrial_fund", "at_companies"]  # national and provincial money are 30 of 100
    assert (funds["public_money"], funds["private_money"]) == (120_000_000, 280_000_000)
    assert funds["fiscal_multiple"] == pytest.approx(7 / 3)
    assert own["voucher", "cost_on_voucher"]["fiscal_multiple"] == 1
    assert own["subsidy", "cost_on_subsidy"]["fiscal_multiple"] == 0.25


def test_the_sheet_by_city_adds_up(desk: Database) -> None:
    own = {(row["year"], row["city"]): row for row in rows_of(desk, "statistics")}
    city, whole = own["2024", "230100"], own["2024", None]
    assert {**city, "city": None, "record": None} == {**whole, "record": None}  # one city had all of it
    assert (city["companies_in_year"], city["first_rounds"], city["money_equity"]) == (1, 1, 300_000_000)
    assert (city["money_vouchers"], city["jobs"], city["jobs_stated"], city["classed"]) == (
        5_000_000,
        40,
        1,
        1,
    )
    assert own["2025", None]["jobs"] is None  # stated by nobody is not none


def test_a_cost_that_nobody_stated_has_no_multiple(desk: Database, sqlite_book: Database) -> None:
    rows = office()
    rows["subsidy_claims"] = [
        subsidy(
            "B1", "2024-04-01", STEP.DECIDED, grant_decision=w.GrantDecision.WHOLLY, granted_amount=yuan(10)
        ),
        subsidy("B1", "2024-05-01", STEP.PAID, amount=yuan(10)),
    ]
    booked(sqlite_book, rows)
    document = instrument_document(ledger.read(sqlite_book).view(END), "leverage").json()
    (own,) = [row for row in document["rows"] if row["leverage_variant"] == "cost_on_subsidy"]
    assert (own["private_money"], own["fiscal_multiple"]) == (None, None)
    assert own["fiscal_multiple_reason"]


@pytest.mark.parametrize("table", INSTRUMENT_TABLES)
def test_command_and_library_are_the_document(desk: Database, table: str) -> None:
    asked = ["instruments", "--table", table, "--as-of", str(END), "--json"]
    run = CliRunner().invoke(app, asked, env={"FOF_DATABASE_URL": str(desk.url), "FOF_LANG": "zh"})
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document == instrument_document(ledger.read(desk).view(END), table).json()
    with fof.open(str(desk.url)) as opened:
        assert len(opened.at(END).instruments(table).rows) == len(document["rows"])


def test_what_is_not_there_is_refused(desk: Database) -> None:
    with pytest.raises(WrongArgument):
        instrument_document(ledger.read(desk).view(END), "houses")


def test_the_page_draws_a_table_and_the_findings(desk: Database, tmp_path: Path) -> None:
    with screens_over(str(desk.url), tmp_path):
        page = drawn("instruments", as_of=str(END))
        first = page.subheader[0].value
        page.selectbox(key="instrument_choice").select("leverage").run()
    assert not page.exception
    assert (first, page.subheader[0].value) == ("创新券", "财政资金放大")
    assert len(page.dataframe[0].value) == 3  # of the fund, vouchers and subsidies
