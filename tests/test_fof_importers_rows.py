"""Sheets as layouts: headers understood, every kind of bad row told with its place, nothing dropped unsaid."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from typing import Any

import pytest
import xlsxwriter

from fof.errors import Problem
from fof.importers import file_limits, headers
from fof.importers.cells import Amount
from fof.importers.columns import CellType, names_of
from fof.importers.headers import folded, recognise
from fof.importers.layouts import LAYOUTS, layout_titled
from fof.importers.layouts.capital_calls import CALL_COMPONENTS
from fof.importers.layouts.commitments import CommitmentChange
from fof.importers.layouts.distributions import DISTRIBUTION_COMPONENTS
from fof.importers.layouts.fund_cash import CASH_KINDS, CashKind
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.sheet_scan import Formats, SheetScan, walk
from fof.importers.tables import Table
from models.facts import FACTS, SUBJECT_FACTS
from models.posting_kinds import TREATMENTS

COMMITMENT = "基金编号,出资人编号,签署日,变动类型,认缴金额（元）"


def table(layout: str, text: str) -> Table:
    file = read_file(text.encode(), "a.csv")
    return read_table(file, file.sheets[0], LAYOUTS[layout])


def commitments(*lines: str, header: str = COMMITMENT) -> Table:
    return table("commitments", "\n".join([header, *lines]))


def told(found: Table) -> list[tuple[str, int | None, str | None]]:
    return [(p.code, p.where.row, p.where.named()) for p in found.problems]


def workbook(fill: Any) -> Table:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("认缴"))
    file = read_file(out.getvalue(), "a.xlsx")
    return read_table(file, file.sheets[0], LAYOUTS["commitments"])


# -- layouts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda x: x.name)
def test_no_two_columns_of_a_layout_share_a_header(layout):
    owners: dict[str, str] = {}
    for column in layout.columns:
        for name in names_of(column):
            assert owners.setdefault(folded(name), column.name) == column.name, name


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda x: x.name)
def test_every_column_says_what_it_is(layout):
    for column in layout.columns:
        assert column.text.zh
        assert column.text.en
        words = column.cell in (CellType.WORD, CellType.WORDS)
        assert words == (column.words is not None)
        assert column.fact is None or column.fact in FACTS or column.fact in SUBJECT_FACTS
    assert {name for group in layout.one_of for name in group} <= {c.name for c in layout.columns}


def test_titles_name_one_layout_each():
    for layout in LAYOUTS.values():
        for title in (layout.name, layout.text.zh, layout.text.en, *layout.aliases):
            assert layout_titled(f" {title.upper()} ") is layout
    assert layout_titled("别的") is None


def test_components_run_the_way_their_kinds_say():
    for paid, due in CALL_COMPONENTS.values():
        assert TREATMENTS[paid].from_investor is True
        outside = TREATMENTS[paid].unfunded == 0
        assert due.name == ("CALL_DUE_OUTSIDE" if outside else "CALL_DUE")
    for kind in DISTRIBUTION_COMPONENTS.values():
        assert TREATMENTS[kind].from_investor is False
    assert set(CASH_KINDS) == set(CashKind)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda x: x.name)
def test_headers_alone_tell_the_layout(layout):
    row = [f"s{c.text.zh}" for c in layout.columns]
    assert layout in recognise([(1, row)])


# -- headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        COMMITMENT,
        "基金代码,投资人,日期,类型,金额（元）",
        "fund,investor,day,change,amount (yuan)",
        "Fund Code,LP,DATE,Type,Amount (CNY)",
        "基金编号*,出资人编号 *,签署日,变动类型,认缴金额【单位：元】",
        "基 金 编 号".replace(" ", "") + ',投资人,签署日期,变动类型,"认缴金额\n(元)"',
    ],
)
def test_headers_in_both_languages_by_name_or_alias(header):
    found = commitments("F-01,LP-1,2024-03-05,认缴,100.01", header=header)
    assert found.problems == []
    assert found.rows[0].stated() == {
        "fund": "F-01",
        "investor": "LP-1",
        "day": dt.date(2024, 3, 5),
        "change": CommitmentChange.NEW,
        "amount": Amount(10_001, "CNY"),
    }


@pytest.mark.parametrize(
    ("unit", "fen"),
    [
        ("元", 100),
        ("万元", 1_000_000),
        ("亿元", 10**10),
        ("百万元", 10**8),
        ("分", 1),
        ("CNY million", 10**8),
    ],
)
def test_the_header_states_the_unit(unit, fen):
    found = commitments("F-01,LP-1,2024-03-05,认缴,1", header=COMMITMENT.replace("（元）", f"（{unit}）"))
    assert found.rows[0]["amount"] == Amount(fen, "CNY")


def test_a_unit_column_states_it_row_by_row():
    header = COMMITMENT.replace("（元）", "") + ",金额单位"
    found = commitments(
        "F,L,2024-03-05,认缴,1,万元",
        "F,L,2024-03-05,认缴,1,USD million",
        "F,L,2024-03-05,认缴,1,",
        "F,L,2024-03-05,认缴,1,斤",
        header=header,
    )
    assert [r["amount"] for r in found.rows] == [Amount(1_000_000, "CNY"), Amount(10**8, "USD")]
    assert told(found) == [
        ("unit_missing", 4, "认缴金额"),
        ("unknown_unit", 5, "金额单位"),
        ("unit_missing", 5, "认缴金额"),
    ]
    assert found.totals == {("amount", "CNY"): 1_000_000, ("amount", "USD"): 10**8}


def test_a_unit_stated_nowhere_is_refused_once():
    found = commitments(
        "F,L,2024-03-05,认缴,1", "F,L,2024-03-05,认缴,2", header=COMMITMENT.replace("（元）", "")
    )
    assert told(found) == [("unit_missing", 1, "认缴金额")]


def test_everything_wrong_with_the_headers_is_told_at_once():
    found = commitments("x,x,x,x,x,x", header="基金编号,基金代码,备注,投资人,金额（斤）,认缴日")
    assert told(found) == [
        ("duplicate_header", 1, "基金代码"),
        ("unknown_header", 1, "备注"),
        ("unknown_header", 1, "金额（斤）"),
        ("missing_header", 1, "变动类型"),
        ("missing_header", 1, "认缴金额"),
    ]


def test_an_unknown_header_comes_with_the_nearest_known_one():
    found = commitments(header=COMMITMENT + ",协议编码")
    assert "协议编号" in found.problems[0].expected.zh


def test_a_title_above_the_header_is_passed_over_and_told():
    found = table("commitments", f"2024年认缴明细,,,,\n单位：元,,,,\n{COMMITMENT}\nF,L,2024-03-05,认缴,1\n")
    assert found.problems == []
    assert found.rows[0].fen("amount") == 100
    assert [w.code for w in found.warnings] == ["caption", "caption"]
    assert found.warnings[1].found == "单位：元"


def test_a_cell_without_a_header_is_refused():
    assert told(table("commitments", f"{COMMITMENT},\nF,L,2024-03-05,认缴,1,多余\n")) == [
        ("cell_without_header", 2, "F")
    ]


# -- rows ---------------------------------------------------------------------------------------------------------


def test_every_bad_cell_is_told_with_its_place():
    found = commitments(
        "F-01,LP-1,2024-03-05,认缴,100",
        ",,,,",
        "F-01,,2024-02-30,预缴,-5",
        "F-01,LP-1,2024-03-05,认缴,0.001",
        "F-01,LP-1,,认缴,",
    )
    assert told(found) == [
        ("required", 4, "出资人编号"),
        ("not_a_date", 4, "签署日"),
        ("not_listed", 4, "变动类型"),
        ("negative", 4, "认缴金额（元）"),
        ("fraction_of_a_fen", 5, "认缴金额（元）"),
        ("required", 6, "签署日"),
        ("required", 6, "认缴金额（元）"),
    ]
    problem = found.problems[1]
    assert problem.found == "2024-02-30"
    assert "a.csv" in str(problem)
    assert "第 4 行" in str(problem)
    assert len(found.rows) == 1
    assert [r.number for r in found.failed] == [4, 5, 6]


@pytest.mark.parametrize("word", ["合计", "合 计", "总计：", "小计", "Total", "GRAND TOTAL", "sum"])
def test_total_rows_are_no_data(word):
    assert told(commitments("F,L,2024-03-05,认缴,1", f"{word},,,,1"))[0][:2] == ("total_row", 3)


def test_a_party_whose_code_begins_with_total_is_no_total_row():
    assert commitments("合计科技基金,L,2024-03-05,认缴,1").problems == []


def test_a_row_must_fill_one_of_its_amounts():
    header = "基金编号,通知编号,通知日,缴款截止日,出资人编号,投资款（元）,合伙费用（元）"
    found = table(
        "capital_calls", f"{header}\nF,1,2024-01-02,2024-01-20,L,,\nF,1,2024-01-02,2024-01-20,M,5,\n"
    )
    assert told(found) == [("one_of", 2, None)]
    assert "投资款" in found.problems[0].expected.zh


def test_totals_add_up_by_column_and_currency():
    found = commitments("F,L,2024-03-05,认缴,1.5", "F,L,2024-03-05,认缴,2.25")
    assert found.totals == {("amount", "CNY"): 375}
    assert found.units == {"amount": "元"}


def test_reading_stops_when_everything_is_wrong(monkeypatch):
    monkeypatch.setattr("fof.importers.row_reader.MOST_PROBLEMS", 10)
    found = commitments(*["F,L,x,认缴,1"] * 50)
    assert [p.code for p in found.problems] == ["not_a_date"] * 10 + ["too_many_problems"]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_columns_does_not_matter(seed):
    columns = list(zip(COMMITMENT.split(","), ["F-01", "LP-1", "2024-03-05", "认缴", "7"], strict=True))
    random.Random(seed).shuffle(columns)
    header, row = (",".join(c) for c in zip(*columns, strict=True))
    assert (
        commitments(row, header=header).rows[0].stated()
        == commitments("F-01,LP-1,2024-03-05,认缴,7").rows[0].stated()
    )


# -- what only a workbook can hold --------------------------------------------------------------------------------


def _good(sheet: Any) -> None:
    sheet.write_row(0, 0, COMMITMENT.split(","))
    sheet.write_row(1, 0, ["F-01", "LP-1", "2024-03-05", "认缴", 100])
    sheet.write_row(2, 0, ["F-01", "LP-2", "2024-03-05", "认缴", 200])


def problems_of(spoil: Any) -> list[Problem]:
    def fill(book: Any, sheet: Any) -> None:
        _good(sheet)
        spoil(book, sheet)

    return workbook(fill).problems


@pytest.mark.parametrize(
    ("spoil", "code", "row", "found"),
    [
        (lambda b, s: s.write_formula(1, 4, "=1+1", None, 2), "formula_cell", 2, "E2"),
        (lambda b, s: s.write_formula(3, 4, "=SUM(E2:E3)", None, 300), "formula_cell", 4, "E4"),
        (lambda b, s: s.write_formula(2, 4, "=1/0", None, "#DIV/0!"), "error_cell", 3, "E3"),
        (lambda b, s: s.set_row(2, None, None, {"hidden": True}), "hidden_row", 3, None),
        (lambda b, s: s.set_column(1, 1, None, None, {"hidden": True}), "hidden_column", None, "B"),
        (lambda b, s: s.merge_range(1, 0, 2, 0, "F-01"), "merged_cells", 2, "A2:A3"),
        (lambda b, s: s.merge_range(0, 0, 0, 1, "基金编号"), "merged_cells", 1, "A1:B1"),
        (
            lambda b, s: s.write_number(1, 4, 5e6, b.add_format({"num_format": '0!.0,"万"'})),
            "scaled_format",
            2,
            "E2",
        ),
        (
            lambda b, s: s.write_number(1, 4, 5e6, b.add_format({"num_format": "0!.0000"})),
            "scaled_format",
            2,
            "E2",
        ),
        (
            lambda b, s: s.write_number(1, 4, 5e6, b.add_format({"num_format": '#"."0000"万元"'})),
            "scaled_format",
            2,
            "E2",
        ),
        (
            lambda b, s: s.write_number(1, 4, 5e6, b.add_format({"num_format": ";;;"})),
            "hidden_value",
            2,
            "E2",
        ),
        (lambda b, s: s.write_string(1, 0, "字" * 2500), "too_long", 2, None),
        (
            lambda b, s: s.write_datetime(
                1, 0, dt.datetime(2024, 1, 1), b.add_format({"num_format": "yyyy-mm"})
            ),
            "code_became_date",
            2,
            "2024-01-01",
        ),
        (
            lambda b, s: s.write_number(1, 2, 60, b.add_format({"num_format": "yyyy-mm-dd"})),
            "date_out_of_range",
            2,
            None,
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:.*overlap.*")
def test_what_a_workbook_hides_is_refused_naming_the_cell(spoil, code, row, found):
    problems = problems_of(spoil)
    assert code in [p.code for p in problems]
    problem = next(p for p in problems if p.code == code)
    assert problem.where.row == row
    assert problem.where.sheet == "认缴"
    if found is not None:
        assert problem.found == found


def test_the_problem_of_a_cell_names_its_column():
    def spoil(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 4, "=1+1", None, 2)

    assert [p.where.named() for p in problems_of(spoil)] == ["认缴金额（元）"]


def test_values_that_a_formula_above_the_header_spills_into_the_rows_are_refused():
    """Only the first cell of an array formula says that it is one."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_array_formula(0, 4, 2, 4, "{=A10:A12}", None, 7)
        sheet.write_row(1, 0, COMMITMENT.split(","))
        sheet.write_row(2, 0, ["F-01", "LP-1", "2024-03-05", "认缴", 100])

    found = workbook(fill)
    assert [(p.code, p.found) for p in found.problems] == [("formula_cell", "E1:E3")]


def test_a_thousand_formulas_in_a_column_that_is_not_read_do_not_hide_one_that_is(monkeypatch):
    monkeypatch.setattr(file_limits, "FLAWS", 3)
    part = "xl/worksheets/sheet1.xml"
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><f>1</f><v>1</v></c><c r="B{r}">{"<f>1</f>" if r == 9 else ""}<v>1</v></c></row>'
        for r in range(1, 10)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    scanned = SheetScan("表", part, hidden=False)
    with zipfile.ZipFile(out) as archive:
        walk(archive, scanned, Formats())
    assert scanned.flaws == [*(("formula_cell", r, 1) for r in (1, 2, 3)), ("formula_cell", 9, 2)]


def test_many_hidden_rows_without_values_do_not_hide_one_that_has_some():
    def fill(_book: Any, sheet: Any) -> None:
        _good(sheet)
        for row in range(10, 1_200):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_row(1_200, None, None, {"hidden": True})
        sheet.write_row(1_200, 0, ["F-01", "LP-3", "2024-03-05", "认缴", 300])

    assert [(p.code, p.where.row) for p in workbook(fill).problems] == [("hidden_row", 1_201)]


def test_a_code_is_read_with_the_zeros_it_is_shown_with():
    def fill(book: Any, sheet: Any) -> None:
        _good(sheet)
        sheet.write_number(1, 0, 7, book.add_format({"num_format": "000000"}))
        sheet.write_number(1, 4, 9, book.add_format({"num_format": "000"}))

    row = workbook(fill).rows[0]
    assert (row.text("fund"), row.fen("amount")) == ("000007", 900)


@pytest.mark.parametrize(
    "header",
    [
        "基 金 编 号,出 资 人 编 号,签署日,变动类型,认缴金额（元）",
        "\ufeff基金编号,出资人编号\u200b,签署日*,变动类型,认缴金额 （单位：元）",
        "ＦＵＮＤ,Investor_Code,ＤＡＴＥ,类型,Ａmount（ＣＮＹ）",
    ],
)
def test_headers_as_offices_write_them(header):
    assert commitments("F-01,LP-1,2024-03-05,认缴,7", header=header).rows[0].fen("amount") == 700


def test_a_unit_above_the_table_that_differs_from_the_headers_is_refused():
    text = f"2024年认缴明细,,,,\n单位：万元,,,,\n{COMMITMENT}\nF,L,2024-03-05,认缴,1\n"
    found = table("commitments", text)
    assert [(p.code, p.where.row) for p in found.problems] == [("unit_conflict", 2)]
    assert found.rows == []


def test_formulas_and_merges_above_the_header_do_not_matter():
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 4, "认缴明细")
        sheet.write_formula(1, 0, "=TODAY()", None, 45000)
        for row, values in enumerate([COMMITMENT.split(","), ["F", "L", "2024-03-05", "认缴", 100]], start=2):
            sheet.write_row(row, 0, values)

    found = workbook(fill)
    assert found.problems == []
    assert found.rows[0].number == 4


def test_a_column_of_serials_is_read_by_the_epoch_of_the_file():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": True}) as book:
        sheet = book.add_worksheet("认缴")
        sheet.write_row(0, 0, COMMITMENT.split(","))
        sheet.write_row(1, 0, ["F", "L", 43894, "认缴", 100])
    file = read_file(out.getvalue(), "a.xlsx")
    assert read_table(file, file.sheets[0], LAYOUTS["commitments"]).rows[0].day("day") == dt.date(2024, 3, 5)


def test_the_header_may_stand_lower_than_the_first_row_but_not_beyond_twenty():
    lines = [",,,,x"] * headers.LOOKED_AT + [COMMITMENT, "F,L,2024-03-05,认缴,1"]
    assert "missing_header" in {p.code for p in table("commitments", "\n".join(lines)).problems}
