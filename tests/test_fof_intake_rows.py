"""Rows of files against the book: told apart by occurrence, named where they are skipped, none of a day to come."""

from __future__ import annotations

import datetime as dt
import io
import random
import shutil
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fof import intake, ledger, words
from fof.access import LOCAL
from fof.db import Database
from fof.errors import ImportRefused, Problem, Where
from fof.importers.columns import CellType
from fof.importers.layouts import LAYOUTS
from fof.intake.days import HAPPENED, HAPPENED_FACTS
from fof.intake.grouped import grouped, problem_list, ranges
from models.facts import FACTS, SUBJECT_FACTS, FactType
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.text import Text

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "books"
TODAY = dt.date(2025, 6, 30)

OFFICE = {
    "parties": "编号,主体类别,名称,生效日\nG,政府,示例省财政厅,2010-01-01\nL,社会资本,示例投资人,2010-01-01\nB,银行,示例银行,2010-01-01\n",
    "funds": "编号,主体类别,名称,生效日\nF,子基金,示例基金,2010-01-01\n",
    "companies": "编号,名称,生效日\nC,示例企业,2010-01-01\n",
    "commitments": "基金编号,出资人编号,签署日,变动类型,认缴金额（元）\nF,G,2020-01-01,认缴,1000000\nF,L,2020-01-01,认缴,500000\n",
    "capital_calls": "基金编号,通知编号,通知日,缴款截止日,出资人编号,投资款（元）,合伙费用（元）\nF,N1,2024-01-05,2024-01-20,G,90000,10000\nF,N1,2024-01-05,2024-01-20,L,9000,1000\n",
}
PAID = "基金编号,通知编号,出资人编号,实缴日,实缴金额（元）"
PARTS = "基金编号,通知编号,出资人编号,实缴日,投资款（元）,合伙费用（元）"


def send(book: Database, text: str, name: str = "a.csv", layout: str | None = None) -> ledger.Booked:
    return intake.book(book, LOCAL, text.encode(), name, layout=layout, today=TODAY)


def look(book: Database, text: str, name: str = "a.csv", layout: str | None = None) -> intake.Preview:
    return intake.preview(book, text.encode(), name, layout=layout, today=TODAY)


@pytest.fixture
def office(database: Database) -> Database:
    for name, text in OFFICE.items():
        send(database, text, f"{name}.csv", name)
    return database


def paid(book: Database) -> dict[str, int]:
    """Paid on notices in whole yuan, by kind."""
    rows = ledger.read(book).view().postings
    found: Counter[str] = Counter()
    for kind, fen in zip(rows.kind.tolist(), rows.fen.tolist(), strict=True):
        if K(kind) in (K.CALL_INVESTMENT, K.CALL_EXPENSE):
            found[K(kind).name] += fen // 100
    return dict(found)


# -- payments ---------------------------------------------------------------------------------------------------------


def test_a_total_is_split_by_the_notice_of_the_book(office):
    send(office, f"{PAID}\nF,N1,G,2024-01-15,50000\n")
    assert paid(office) == {"CALL_INVESTMENT": 45_000, "CALL_EXPENSE": 5_000}
    send(office, f"{PAID}\nF,N1,G,2024-01-18,50000\n")
    assert paid(office) == {"CALL_INVESTMENT": 90_000, "CALL_EXPENSE": 10_000}


def test_what_is_paid_in_parts_already_is_left_out_of_the_split(office):
    send(office, f"{PARTS}\nF,N1,G,2024-01-15,0,10000\n")
    send(office, f"{PAID}\nF,N1,G,2024-01-18,50000\n")
    assert paid(office) == {"CALL_INVESTMENT": 50_000, "CALL_EXPENSE": 10_000}


def test_a_notice_kept_without_components_asks_for_them(office, clerk_on_both):
    clerk_on_both.pay_many(
        "2024-02-01",
        [(K.CALL_DUE, "G", "F", 500)],
        fund="F",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "N2", "2024-02-20"),
    )
    found = look(office, f"{PAID}\nF,N2,G,2024-02-15,100\n")
    assert [p.code for p in found.problems] == ["components_unknown"]
    assert look(office, f"{PARTS}\nF,N2,G,2024-02-15,100,\n").problems == []


def test_two_equal_instalments_of_a_day_are_two(office):
    text = f"{PARTS}\nF,N1,G,2024-01-15,40000,\nF,N1,G,2024-01-15,40000,\n"
    assert len(send(office, text).entries) == 2
    assert paid(office) == {"CALL_INVESTMENT": 80_000}
    again = send(office, text)
    assert (again.entries, len(again.already)) == ([], 2)


def test_two_instalments_of_a_day_that_differ_are_two(office):
    text = f"{PAID}\nF,N1,G,2024-01-15,30000\nF,N1,G,2024-01-15,20000\n"
    assert len(send(office, text).entries) == 2
    assert send(office, text).entries == []
    assert sum(paid(office).values()) == 50_000


def test_a_skipped_row_is_named_with_its_entry(office):
    row = f"{PARTS}\nF,N1,G,2024-01-15,40000,\n"
    [entry] = send(office, row, "first_half.csv").entries
    found = look(office, row, "second_half.csv")
    assert [(p.code, p.found, p.where.row) for p in found.repeated] == [("already_booked", str(entry), 2)]
    assert "first_half.csv" in found.repeated[0].expected.zh
    assert "first_half.csv" in found.repeated[0].expected.en
    more = send(office, f"{row}F,N1,G,2024-01-15,40000,\n", "both.csv")
    assert (len(more.entries), len(more.already)) == (1, 1)


def test_another_amount_of_the_day_asks_whether_it_corrects(office):
    send(office, f"{PAID}\nF,N1,G,2024-01-15,30000\n")
    found = look(office, f"{PAID}\nF,N1,G,2024-01-15,20000\n")
    assert [p.code for p in found.problems] == ["booked_otherwise"]
    assert "编号" in found.problems[0].expected.zh
    send(office, f"{PAID},流水号\nF,N1,G,2024-01-15,20000,X-2\n")
    assert sum(paid(office).values()) == 50_000


def test_the_same_payment_on_two_sheets_is_a_copied_sheet(office):
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for title in ("缴款到账", "缴款到账明细"):
        sheet = book.create_sheet(title)
        sheet.append(PAID.split(","))
        sheet.append(["F", "N1", "G", "2024-01-15", 30_000])
    del book["Sheet"]
    book.save(out)
    found = intake.preview(office, out.getvalue(), "a.xlsx", today=TODAY)
    assert "repeated" in [p.code for p in found.problems]


@pytest.fixture(scope="module")
def notices_out(tmp_path_factory, sqlite_template):
    """The office as every example of the next test begins with it."""
    path = tmp_path_factory.mktemp("office") / "b.sqlite"
    shutil.copy(sqlite_template, path)
    book = Database(f"sqlite:///{path}")
    for name, text in OFFICE.items():
        send(book, text, f"{name}.csv", name)
    book.close()
    return path


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["2024-01-15", "2024-01-16"]), st.sampled_from([100, 200, 300])),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 2**31),
)
def test_any_file_of_instalments_is_booked_once_however_often_and_in_whatever_order(
    tmp_path_factory, notices_out, rows, seed
):
    """Against a plain count of rows: the sum paid is the sum of the file, sent twice and shuffled."""
    folder = tmp_path_factory.mktemp("book")
    shutil.copy(notices_out, folder / "b.sqlite")
    book = Database(f"sqlite:///{folder / 'b.sqlite'}")
    lines = [f"F,N1,G,{day},{amount}" for day, amount in rows]
    assert len(send(book, "\n".join([PAID, *lines])).entries) == len(rows)
    random.Random(seed).shuffle(lines)
    again = send(book, "\n".join([PAID, *lines]), "again.csv")
    assert (again.entries, len(again.already)) == ([], len(rows))
    assert sum(paid(book).values()) == sum(amount for _, amount in rows)
    extra = [*lines, f"F,N1,G,{rows[0][0]},{rows[0][1]}"]
    assert len(send(book, "\n".join([PAID, *extra]), "more.csv").entries) == 1
    book.close()


CASH = "基金编号,收付日,收支类型,对方编号,金额（元）"


def test_equal_rows_of_other_layouts_are_told_apart(office):
    send(office, f"{CASH}\nF,2024-03-31,管理费,B,5\nF,2024-03-31,管理费,B,5\n")
    deals = (
        "基金编号,企业编号,日期,交易类型,金额（元）\nF,C,2024-04-01,首次投资,5\nF,C,2024-04-01,首次投资,5\n"
    )
    assert len(send(office, deals).entries) == 2
    assert ledger.read(office).view().postings.fen.tolist().count(500) == 4


# -- currencies -------------------------------------------------------------------------------------------------------------


def test_an_investor_may_be_in_funds_of_several_currencies(office):
    send(office, "编号,主体类别,名称,生效日,币种\nI,社会资本,示例机构,2010-01-01,CNY\n", layout="parties")
    funds = "编号,主体类别,名称,生效日,币种\nD,子基金,示例美元基金,2010-01-01,USD\nE,子基金,示例欧元基金,2010-01-01,EUR\n"
    send(office, funds, layout="funds")
    for fund, unit in (("D", "美元"), ("E", "EUR million"), ("F", "万元")):
        head = f"基金编号,出资人编号,签署日,变动类型,认缴金额（{unit}）"
        send(office, f"{head}\n{fund},I,2020-01-01,认缴,5\n")
        calls = f"基金编号,通知编号,通知日,缴款截止日,出资人编号,投资款（{unit}）,实缴日\n{fund},K,2024-01-05,2024-01-20,I,2,2024-01-10\n"
        send(office, calls)
        send(office, f"基金编号,估值日,出资人编号,净值（{unit}）,估值方法\n{fund},2024-12-31,I,3,报告净值\n")
        send(
            office,
            f"机构编号,基金编号,披露日,累计实缴（{unit}）\nI,{fund},2024-12-31,2\n",
            layout="positions",
        )
        wrong = look(office, f"{head.replace(unit, 'HKD')}\n{fund},I,2021-01-01,增加认缴,5\n")
        assert [p.code for p in wrong.problems] == ["currency"]


def test_a_fund_s_currency_does_not_change_under_its_money(office):
    found = look(office, "编号,主体类别,名称,生效日,币种\nF,子基金,,2024-01-01,USD\n", layout="funds")
    assert [p.code for p in found.problems] == ["currency"]


# -- the cases kept outside -----------------------------------------------------------------------------------------------


@pytest.mark.golden
def test_a_payment_whose_notice_is_in_the_book(database):
    folder = CASES / "29-payment-in-own-file"
    for path in (CASES / "base.xlsx", folder / "g_calls.xlsx", folder / "total_only.csv"):
        intake.book(database, LOCAL, path)
    assert paid(database) == {"CALL_INVESTMENT": 5_000_000}


@pytest.mark.golden
def test_equal_instalments_in_one_file_and_in_two(database):
    folder = CASES / "29-payment-in-own-file"
    for path in (CASES / "base.xlsx", folder / "g_calls.xlsx", folder / "first_half.csv"):
        intake.book(database, LOCAL, path)
    found = intake.preview(database, folder / "second_half.csv")
    assert [(p.code, p.where.row) for p in found.repeated] == [("already_booked", 2)]
    done = intake.book(database, LOCAL, folder / "by_component.csv")
    assert (len(done.entries), len(done.already)) == (1, 1)
    assert paid(database) == {"CALL_INVESTMENT": 10_000_000}


@pytest.mark.golden
@pytest.mark.parametrize("file", ["q1.csv", "same_day_second.csv", "other_amount.csv", "two_in_one_file.csv"])
def test_a_spoilt_bank_reference_is_refused(database, file):
    intake.book(database, LOCAL, CASES / "base.xlsx")
    with pytest.raises(ImportRefused) as caught:
        intake.book(database, LOCAL, CASES / "28-scientific-references" / file)
    assert {p.code for p in caught.value.problems} == {"code_became_number"}


@pytest.mark.golden
def test_a_distribution_of_a_year_to_come_is_refused(database):
    imports = CASES.parent / "imports"
    intake.book(database, LOCAL, imports / "00_seed.xlsx")
    found = intake.preview(database, imports / "09_distribution_2099.csv")
    assert [(p.code, p.where.row, p.where.named()) for p in found.problems] == [("future_day", 2, "分配日")]


@pytest.mark.golden
def test_a_thousand_problems_of_one_kind_are_told_once(database):
    imports = CASES.parent / "imports"
    intake.book(database, LOCAL, imports / "00_seed.xlsx")
    found = intake.preview(database, imports / "14_1000_bad_rows.csv")
    assert len(found.problems) == 1_000
    [group] = grouped(found.problems)
    assert (group.number, group.first.code, group.found) == (1_000, "not_a_number", "x")
    assert group.rows.startswith("2, 4, 6")


# -- days to come -----------------------------------------------------------------------------------------------------------

_MAY_COME = {
    "parties": {"since"},
    "funds": {"since"},
    "companies": {"since"},
    "attributes": {"since"},
    "edges": {"since", "until"},
    "capital_calls": {"due_on"},
    "movements": {"due_on"},
    "settings": {"day", "until"},
    "subjects": {"day", "until"},
    "dispositions": {"until"},
    "coinvest_deals": {"since"},
    "coinvest_plans": {"since"},
    "employments": {"since"},
    "kinships": {"since"},
    "agreements": {"since"},
    "coverage_targets": {"since"},
    "strategic_industries": {"since"},
    "incubators": {"since"},
    "subsidy_terms": {"since"},
    "company_statistics": {"since"},
    "pool_limits": {"since"},
    "pool_shares": {"since"},
    "guarantors": {"since"},
    "borrower_certificates": {"since"},
    "reference_rates": {"since"},
    "holiday_notices": {"since"},
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda x: x.name)
def test_every_day_has_happened_or_may_come(layout):
    days = {c.name for c in layout.columns if c.cell is CellType.DATE and c.fact is None}
    assert days == set(HAPPENED.get(layout.name, ())) | _MAY_COME.get(layout.name, set())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (f"{CASH}\nF,{{day}},管理费,B,5\n", "收付日"),
        (f"{PAID}\nF,N1,G,{{day}},5\n", "实缴日"),
        ("基金编号,通知编号,分配日,出资人编号,返还本金（元）\nF,D1,{day},G,5\n", "分配日"),
        ("基金编号,估值日,净值（元）,估值方法\nF,{day},5,报告净值\n", "估值日"),
        ("基金编号,估值日,净值（元）,估值方法,收到日\nF,2024-12-31,5,报告净值,{day}\n", "收到日"),
        ("基金编号,出资人编号,签署日,变动类型,认缴金额（元）\nF,L,{day},增加认缴,5\n", "签署日"),
        (
            "基金编号,通知编号,通知日,缴款截止日,出资人编号,投资款（元）\nF,N7,{day},2099-12-31,L,5\n",
            "通知日",
        ),
    ],
)
def test_what_has_happened_is_not_after_today(office, text, field):
    found = look(office, text.format(day="2025-07-01"))
    assert [(p.code, p.where.named()) for p in found.problems] == [("future_day", field)]
    assert "2025-06-30" in found.problems[0].expected.en
    assert look(office, text.format(day="2025-06-30")).problems == []


_ENDS = [
    "payment_dates",
    "first_close_on",
    "final_close_on",
    "investment_period_end",
    "term_end",
    "high_tech_until",
    "conversion_due",
    "comment_due",
    "rectify_due",
    "sample_as_of",
    "pilot_exemption_until",
    "employed_from",
    "employed_until",
    "contract_from",
    "contract_until",
    "insured_from",
    "insured_until",
    "nominee_from",
    "nominee_until",
    "tie_from",
    "tie_until",
    "request_due",
    "publicity_from",
    "publicity_until",
    "voucher_valid_until",
    "result_due",
    "moved_out_on",
    "incubator_until",
    "agreement_until",
    "resumed_on",
    "loan_due",
    "step_due",
    "little_giant_until",
    "specialised_until",
    "state_project_until",
    "innovation_scored_until",
    "innovative_sme_until",
    "st_sme_until",
    "filed_quarterly_statement",
    "filed_annual_report",
    "filed_audit_report",
    "filed_custodian_report",
    "filed_annual_evaluation",
    "filed_register_update",
    "signed_truth_commitment",
]
"""Attributes that are ends, due days and plans, or lists of days."""


def test_every_attribute_that_is_a_day_has_happened_or_may_come():
    dated = {f.name for f in (*FACTS.values(), *SUBJECT_FACTS.values()) if f.kind is FactType.DATE}
    assert dated <= HAPPENED_FACTS | set(_ENDS)
    assert not HAPPENED_FACTS & set(_ENDS)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("编号,名称,生效日,成立日期\nQ9,示例企业九,{since},{day}\n", "成立日期"),
        ("主体或交易编号,属性名称,生效日,内容\nF,成立日,{since},{day}\n", "内容"),
    ],
)
def test_an_attribute_states_nothing_as_happened_that_is_to_come(office, text, field):
    """A day to come is one that is planned, and so is stated from that day on."""
    found = look(office, text.format(day="2025-07-01", since="2024-01-01"))
    assert [(p.code, p.where.named()) for p in found.problems] == [("future_day", field)]
    for day, since in (("2025-06-30", "2024-01-01"), ("2025-12-31", "2025-12-31")):
        assert look(office, text.format(day=day, since=since)).problems == []


def test_terms_and_due_days_may_lie_ahead(office):
    assert (
        look(office, "编号,主体类别,名称,生效日\nF2,子基金,示例基金二,2025-12-31\n", layout="funds").problems
        == []
    )
    assert (
        look(office, OFFICE["capital_calls"].replace("N1", "N9").replace("2024-01-20", "2026-01-20")).problems
        == []
    )


def test_a_year_that_is_not_begun_has_no_figures(office):
    head = "企业编号,年度,员工人数\n"
    assert [p.code for p in look(office, f"{head}C,2026,5\n").problems] == ["future_day"]
    assert look(office, f"{head}C,2025,5\n").problems == []


def test_today_is_the_office_s_day():
    utc = dt.datetime.now(dt.UTC)
    assert words.today() in {(utc + dt.timedelta(hours=8, seconds=s)).date() for s in (-5, 5)}


# -- what is out of line ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "基金编号,通知编号,分配日,出资人编号,返还本金（元）\nF,D1,2024-06-30,G,{}\n",
            [(200_000, 0), (400_000, 1), (4_000_000_000, 1)],
        ),
        (f"{CASH}\nF,2024-06-30,管理费,B,{{}}\n", [(20_000, 0), (2_000_000, 1)]),
        (
            "基金编号,估值日,净值（元）,估值方法\nF,2024-06-30,{},报告净值\n",
            [(100_000, 0), (1_500_000, 0), (3_000_000, 1)],
        ),
        (
            "基金编号,出资人编号,签署日,变动类型,认缴金额（元）\nF,B,2024-06-30,认缴,{}\n",
            [(1_000_000, 0), (10_000_000_000, 1), (100, 1)],
        ),
    ],
)
def test_what_is_out_of_line_with_the_fund_s_own_history_is_pointed_out(office, text, told):
    send(office, f"{PAID}\nF,N1,G,2024-01-15,100000\n")
    for amount, count in told:
        found = look(office, text.format(amount))
        assert found.problems == []
        assert [w.code for w in found.warnings if w.code == "implausible"] == ["implausible"] * count, amount


def test_a_value_that_jumps_is_pointed_out(office):
    head = "基金编号,估值日,净值（元）,估值方法\n"
    send(office, f"{head}F,2024-03-31,100000,报告净值\n")
    assert [w.code for w in look(office, f"{head}F,2024-06-30,10,报告净值\n").warnings] == ["implausible"]
    assert look(office, f"{head}F,2024-06-30,150000,报告净值\n").warnings == []
    assert look(office, f"{head}F,2024-06-30,0,报告净值\n").warnings == []


def test_a_distribution_before_anything_was_paid_in_is_pointed_out(office):
    text = "基金编号,通知编号,分配日,出资人编号,返还本金（元）\nF,D1,2024-06-30,G,5\n"
    assert "implausible" in [w.code for w in look(office, text).warnings]


# -- grouping ---------------------------------------------------------------------------------------------------------------


def _problem(
    row: int, code: str = "c", field: str | None = "f", zh: str = "应为", found: str | None = None
) -> Problem:
    return Problem(code, Text(zh, "expected"), found, Where("a.csv", "s", row, field))


def test_problems_of_one_kind_are_told_once_with_their_rows():
    listed = [_problem(2), _problem(3), _problem(9), _problem(4, "d"), _problem(5, "d", None)]
    assert [(g.first.code, g.number, g.rows) for g in grouped(listed)] == [
        ("c", 3, "2–3, 9"),
        ("d", 1, "4"),
        ("d", 1, "5"),
    ]


def test_few_that_differ_in_what_they_expect_are_told_one_by_one_and_many_together():
    few = [_problem(n, zh=f"第 {n} 行") for n in range(5)]
    assert len(grouped(few)) == 5
    many = [_problem(n, zh=f"第 {n} 行", found=str(n)) for n in range(500)]
    [group] = grouped(many)
    assert (group.number, group.rows, group.found) == (500, "0–499", "0, 1, 2 … (500)")


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_every_row_and_no_other(rows):
    found: set[int] = set()
    for part in filter(None, ranges(sorted(rows)).split(", ")):
        first, _, last = part.partition("–")
        found |= set(range(int(first), int(last or first) + 1))
    assert found == rows


def test_the_full_list_is_a_workbook_without_formulas():
    listed = [_problem(n, found="=HYPERLINK(1)") for n in range(3)]
    book = openpyxl.load_workbook(io.BytesIO(problem_list("a.csv", listed, "zh")))
    rows = list(book.active.iter_rows(min_row=5))
    assert [[c.value for c in row[:4]] for row in rows] == [["s", n, "f", "=HYPERLINK(1)"] for n in range(3)]
    assert {c.data_type for row in rows for c in row[3:4]} == {"s"}
    assert {row[1].number_format for row in rows} == {"0"}  # row 12 is not row 12.00
