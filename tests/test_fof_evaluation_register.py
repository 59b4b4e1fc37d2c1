"""The register's export: every field has a value with its source or is missing; who can sign, and by when."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from fof import ledger
from fof.cli.evaluation import app
from fof.evaluation import evaluated_funds, register, register_json, register_workbook
from fof.evaluation.national_register import IDENTITY
from models.kinds import EntryKind
from models.posting_kinds import PostingKind
from models.text import use


@pytest.fixture
def office(clerk):
    """A guidance fund with 60 of a sub-fund of 100 yuan; 50 invested, worth 70 at the end of 2025."""
    clerk.party("GOV", "government", province="230000")
    clerk.party("GF", "guidance_fund", portfolio="yes", established_on="2020-01-01")
    clerk.pay(PostingKind.COMMITMENT, "GOV", "GF", 60, "2020-01-02", fund="GF", entry=EntryKind.COMMITMENT)
    clerk.party("LP", ownership="private")
    clerk.party("SF", "sub_fund", strategy="seed", established_on="2020-03-01", term_end="2032-03-01")
    clerk.party("C1", "company")
    clerk.party("C2", "company")
    for investor, yuan in (("GF", 60), ("LP", 40)):
        clerk.pay(PostingKind.COMMITMENT, investor, "SF", yuan, "2020-03-01", entry=EntryKind.COMMITMENT)
        clerk.pay(
            PostingKind.CALL_INVESTMENT, investor, "SF", yuan, "2020-04-01", entry=EntryKind.CALL_PAYMENT
        )
    clerk.deal("SF", "C1", "initial", 50, "2020-06-01", share=0.1, stage="seed", stage_definition="S")
    clerk.fact("SF", "2020-03-01", "custodian", "示例银行", "托管协议 1号")
    return clerk


def fields_of(found, fund="SF"):
    (one,) = [f for f in found.funds if f.fund == fund]
    return one, {f.name: f for f in one.fields}


def test_a_field_has_its_value_with_its_source_or_is_missing(office):
    found = register(office.view("2026-03-31"))
    assert (found.year, found.period_end) == (2025, dt.date(2025, 12, 31))
    fund, fields = fields_of(found)
    assert fields["custodian"].value == "示例银行"
    assert fields["custodian"].document == "托管协议 1号"
    assert fields["established_on"].entry is not None
    assert (fields["committed"].value, fields["paid_in"].value) == ("100.00", "100.00")
    assert (fields["PI-03.called"].value, fields["PI-03.invested"].value) == ("1", "0.5")
    assert fields["PI-03.called"].source.startswith("PI-03 @ 2025-12-31")
    assert fields["amac_id"].state == "missing"
    assert fields["PI-04.tvpi"].state == "missing"  # no net asset value
    assert fields["PI-06.count"].state == "not_applicable"  # no exit yet
    for field in fund.fields:
        assert (field.value is None) == (field.state != "given")
        assert field.state == "given" or (field.note.zh and field.note.en)
    assert not fund.can_sign
    assert not found.can_sign


def test_what_is_learnt_after_the_year_end_is_not_the_year_s(office):
    office.mark("GF", "SF", 70, "2026-01-31")
    office.fact("SF", "2026-01-31", "amac_id", "SXX001")
    _, fields = fields_of(register(office.view("2026-03-31")))
    assert fields["amac_id"].state == "missing"
    _, fields = fields_of(register(office.view("2027-03-31"), 2026))
    assert fields["amac_id"].value == "SXX001"


def test_a_fund_that_is_not_set_up_is_not_asked(office):
    """Approved only: neither registered nor evaluated. With money in it, it is, and its day is missing."""
    office.party("NEW", "sub_fund", approved_on="2025-03-01")
    office.pay(PostingKind.COMMITMENT, "GF", "NEW", 10, "2025-04-01", entry=EntryKind.COMMITMENT)
    assert "NEW" not in {f.fund for f in register(office.view("2026-03-31")).funds}
    assert "NEW" not in evaluated_funds(office.view("2026-03-31"))
    office.pay(PostingKind.CALL_INVESTMENT, "GF", "NEW", 5, "2025-05-01", entry=EntryKind.CALL_PAYMENT)
    _fund, fields = fields_of(register(office.view("2026-03-31")), "NEW")
    assert fields["established_on"].state == "missing"
    office.party("LATER", "sub_fund", established_on="2026-01-10")
    office.pay(PostingKind.COMMITMENT, "GF", "LATER", 10, "2026-02-01", entry=EntryKind.COMMITMENT)
    assert "LATER" not in {f.fund for f in register(office.view("2026-03-31")).funds}  # of 2025
    assert "LATER" in evaluated_funds(office.view("2026-03-31"))


def test_a_rule_that_did_not_hold_yet_asks_for_nothing(office):
    """PI-08 is of 2026: the update for 2025 cannot lack it, that for 2026 does."""
    before = fields_of(register(office.view("2026-03-31"), 2025))[1]["PI-08"]
    assert (before.state, before.note.zh) == ("not_applicable", "PI-08 当日尚未施行")
    after = fields_of(register(office.view("2027-03-31"), 2026))[1]["PI-08"]
    assert after.state == "missing"


def test_a_position_written_off_leaves_by_its_own_route(office):
    """Written off by liquidation in 2025: an exit with its cost and nothing back; without a route it cannot be told."""
    office.deal("SF", "C1", "write_off", 0, "2025-06-01", exit_route="liquidation")
    fields = fields_of(register(office.view("2026-03-31")))[1]
    shown = [fields[f"PI-06.{name}"].value for name in ("count", "cost", "proceeds", "median_years")]
    assert shown == ["1", "50.00", "0.00", "5"]
    office.deal("SF", "C2", "initial", 10, "2020-06-01", share=0.1)
    office.deal("SF", "C2", "write_off", 0, "2025-07-01")
    assert fields_of(register(office.view("2026-03-31")))[1]["PI-06.count"].state == "missing"


def test_filling_the_last_missing_field_makes_a_fund_signable(office):
    """Every identity field is stated; what is left are the indicators that the book cannot work out."""
    fund, _ = fields_of(register(office.view("2026-03-31")))
    before = {f.name for f in fund.missing}
    office.fact("SF", "2025-06-30", "amac_id", "SXX001")
    fund, _ = fields_of(register(office.view("2026-03-31")))
    assert {f.name for f in fund.missing} == before - {"amac_id"}


@pytest.mark.parametrize(
    ("day", "left", "late"), [("2026-06-29", 1, False), ("2026-06-30", 0, False), ("2026-07-01", -1, True)]
)
def test_the_update_is_due_on_30_june(office, day, left, late):
    found = register(office.view(day))
    assert (found.due_on, found.days_left) == (dt.date(2026, 6, 30), left)
    assert {f.late for f in found.funds} == {late}


def test_handed_in_with_its_truth_commitment_in_time_is_not_late(office):
    office.fact("SF", "2026-06-30", "filed_register_update", "2025-12-31")
    assert fields_of(register(office.view("2026-08-01")))[0].late  # the commitment is not signed
    office.fact("SF", "2026-06-30", "signed_truth_commitment", "2025-12-31")
    fund, _ = fields_of(register(office.view("2026-08-01")))
    assert (fund.handed_in_on, fund.truth_on, fund.late) == (
        dt.date(2026, 6, 30),
        dt.date(2026, 6, 30),
        False,
    )


def test_before_the_duty_was_in_force_there_is_no_deadline(office):
    found = register(office.view("2026-01-11"))
    assert (found.due_on, found.days_left) == (None, None)
    assert not any(f.late for f in found.funds)


def test_a_fund_closed_before_the_year_is_left_out(office):
    office.fact("SF", "2024-06-30", "status", "closed")
    assert "SF" in {f.fund for f in register(office.view("2026-03-31"), 2024).funds}
    assert "SF" not in {f.fund for f in register(office.view("2026-03-31"), 2025).funds}


def test_an_empty_book_cannot_be_signed(clerk):
    found = register(clerk.view("2026-03-31"))
    assert found.funds == ()
    assert not found.can_sign


def test_json_and_workbook_say_the_same(office):
    found = register(office.view("2026-03-31"))
    document = json.loads(register_json(found))
    assert document["can_sign"] is False
    flat = [(f["fund"], field["name"], field["value"]) for f in document["funds"] for field in f["fields"]]
    sheet = pd.read_excel(io.BytesIO(register_workbook(found)), header=3, dtype=str, engine="calamine")
    seen = [
        tuple(None if pd.isna(x) else x for x in row)
        for row in sheet[["基金编号", "字段", "值"]].itertuples(index=False)
    ]
    assert seen == flat
    by_name = {f["name"]: f for f in document["funds"][-1]["fields"]}
    assert by_name["committed"]["unit"] == "yuan"
    assert set(document["funds"][-1]["missing"]) == {n for n, f in by_name.items() if f["state"] == "missing"}


def test_the_demo_office_shows_what_is_missing_fund_by_fund(demo):
    found = register(ledger.read(demo).view(dt.date(2026, 6, 30)))
    assert found.year == 2025
    assert len(found.funds) > 10
    for fund in found.funds:
        names = [f.name for f in fund.fields]
        assert len(names) == len(set(names))
        assert set(IDENTITY) < set(names)
        assert {n.partition(".")[0] for n in names} >= {f"PI-0{i}" for i in range(1, 10)}
        assert fund.can_sign == (not fund.missing)
    missing = {fund.fund: {f.name for f in fund.missing} for fund in found.funds}
    assert not missing["PF-2023"]
    assert not missing["SF-2023-01"]
    assert "custodian" in missing["SF-2019-02"]
    assert {"PI-01.variant_c", "PI-05.tax_paid"} <= missing["SF-2022-02"]


def test_commands_print_documents_that_fit_the_demo_office(demo_file, monkeypatch):
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    run = CliRunner().invoke
    scores = json.loads(run(app, ["score", "--as-of", "2026-06-30", "--json"]).stdout)
    assert all((row["score"] is not None) == row["final"] == (row["missing"] == 0) for row in scores["rows"])
    assert {row["final"] for row in scores["rows"]} == {True, False}
    code = scores["rows"][-1]["fund"]
    card = json.loads(run(app, ["score", "--fund", code, "--as-of", "2026-06-30", "--json"]).stdout)
    assert card["missing"] == sum(row["state"] in ("missing", "no_scale") for row in card["rows"])
    found = json.loads(run(app, ["losses", "--as-of", "2026-06-30", "--json"]).stdout)
    assert {row["by"] for row in found["rows"]} == {"class", "fund"}
    assert all(row["lost"] is not None or row["lost_reason"] for row in found["rows"])
    duties = json.loads(run(app, ["reinvestment", "--as-of", "2026-06-30", "--json"]).stdout)
    assert {row["state"] for row in duties["rows"]} <= {"met", "running", "breach", "unknown"}
    exported = json.loads(run(app, ["register", "--as-of", "2026-06-30", "--json"]).stdout)
    assert exported["period_end"] == "2025-12-31"


def test_the_workbook_says_units_in_words_and_numbers_of_entries_as_such(office):
    """A share was “share” and a truth “False” years in the Chinese file; entry 12 was 12.00."""

    def rows():
        sheet = openpyxl.load_workbook(
            io.BytesIO(register_workbook(register(office.view("2026-03-31"))))
        ).worksheets[0]
        return {row[2].value: row for row in sheet.iter_rows(min_row=5) if row[0].value == "SF"}

    found = rows()
    assert {row[4].value or "" for row in found.values()} == {"", "元", "比例", "倍", "年", "天", "个"}
    assert found["established_on"][8].number_format == "0"
    assert (found["PI-02.long_term"][4].value or "", found["PI-02.long_term"][6].value) in {
        ("", "是"),
        ("", "否"),
    }
    use("en")
    assert (rows()["paid_in"][4].value, rows()["PI-04.dpi"][3].value) == ("元 yuan", "DPI")
