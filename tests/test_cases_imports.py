"""Small files from outside that once came out wrong (../shared/cases/imports and dates), through the door on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import ImportRefused, Refused
from fof.importers.mapping import mapping_from_file
from fof.seeding import seed_pensions

pytestmark = pytest.mark.golden
CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"


@pytest.fixture
def office(database: Database) -> Database:
    """The book of the seed."""
    intake.book(database, LOCAL, CASES / "imports" / "00_seed.xlsx")
    return database


@pytest.mark.parametrize(
    ("file", "codes", "said"),
    [
        ("01_nan_amount.xlsx", ["not_a_number"], ["金额"]),
        ("02_unit_column_wan_header_yuan.csv", ["unit_conflict"], ["元", "万元"]),
        ("03_shown_500wan_read_500.xlsx", ["shown_otherwise"], []),
        ("04_footnote_2000sup2_read_20002.xlsx", ["not_a_number"], []),
        ("05_title_unit_wan3.xlsx", ["unit_conflict"], ["元", "万元"]),
        ("05_title_unit_wan5_two_cells.xlsx", ["unit_conflict"], ["元", "万元"]),
        ("06_total_in_notice_number.xlsx", ["total_row"], []),
        ("07_csv_na_in_doc.csv", ["error_cell"], []),
        ("07_csv_sci_code.csv", ["code_became_number"], []),
        ("13_name_instead_of_code.xlsx", ["unknown_party"], ["GOV"]),
        ("strikethrough_row.xlsx", ["struck_out"], []),
    ],
)
def test_what_lies_is_refused_and_nothing_is_written(office, file, codes, said):
    path, head = CASES / "imports" / file, ledger.read(office).head
    found = intake.preview(office, path)
    assert [p.code for p in found.problems] == codes
    assert all(word in found.problems[0].expected.zh for word in said)
    with pytest.raises(ImportRefused):
        intake.book(office, LOCAL, path)
    assert ledger.read(office).head == head


def test_a_currency_read_as_a_unit_is_refused(office):
    mapping = mapping_from_file(CASES / "imports" / "02_mapped_currency.toml")
    found = intake.preview(office, CASES / "imports" / "02_mapped_currency_usd.csv", mapping=mapping)
    assert {p.code for p in found.problems} == {"unit_conflict"}
    assert "美元" in found.problems[0].expected.zh


def test_shares_below_one_are_booked_as_stated_with_a_hint(office):
    path = CASES / "imports" / "08_share_0.2_under_percent.xlsx"
    found = intake.preview(office, path)
    assert [w.code for w in found.warnings] == ["shares_below_one"]
    intake.book(office, LOCAL, path)
    assert [e.row.share_nano for e in ledger.read(office).view().edges] == [2_000_000]


def test_thousands_of_yuan_are_a_unit(office):
    intake.book(office, LOCAL, CASES / "imports" / "13_header_qianyuan.xlsx")
    assert ledger.read(office).view().postings.fen[-3:].tolist() == [10**8, 2 * 10**8, 3 * 10**8]


def test_a_wrong_mapping_names_cause_column_and_columns_there_are():
    with pytest.raises(Refused) as caught:
        mapping_from_file(CASES / "imports" / "10_bad_mapping.toml")
    problem = caught.value.problems[0]
    assert problem.where.named() == "columns.management_fee_rate"
    assert "fee_rate" in problem.expected.zh
    assert "hurdle_rate" in problem.expected.en


def test_binary_noise_is_refused_and_may_be_rounded_by_the_mapping_s_choice(database):
    path = CASES / "imports" / "11_csv_binary_noise.csv"
    mapping = mapping_from_file(CASES / "imports" / "11.toml")
    refused = intake.preview(database, path, mapping=mapping)
    assert [p.code for p in refused.problems] == ["fraction_of_a_fen"]
    chosen = mapping.model_copy(update={"places": {"called": 6}})
    found = intake.preview(database, path, mapping=chosen)
    assert (found.problems, [w.code for w in found.warnings]) == ([], ["rounded_by_mapping"])
    intake.book(database, LOCAL, path, mapping=chosen)
    assert [p.row.called for p in ledger.read(database).view().positions] == [2_409_635_400]


def test_a_word_that_a_shipped_mapping_lacks_is_refused_with_the_key_to_add_it_under(database):
    with pytest.raises(ImportRefused) as caught:
        seed_pensions(database, LOCAL, CASES / "imports" / "12_pensions_real_estate.csv")
    for problem in caught.value.problems:
        assert 'words."fund.strategy"' in problem.expected.zh
        assert 'words."fund.strategy"' in problem.expected.en


@pytest.mark.parametrize("file", ["d_cnmonth.xlsx", "d_year.xlsx"])
def test_a_date_cell_that_shows_less_than_a_day_is_refused(database, file):
    intake.book(database, LOCAL, CASES / "books" / "base.xlsx")
    found = intake.preview(database, CASES / "dates" / file)
    assert [(p.code, p.where.row, p.where.named()) for p in found.problems] == [("partial_date", 2, "估值日")]
