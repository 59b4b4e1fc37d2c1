"""Both doors are equally strict, units stated twice agree, totals are no data, and what may be meant otherwise is told."""

from __future__ import annotations

import io
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from fof.characters import CODE_CHARACTERS, is_path, look_alike, unseen
from fof.errors import Refused
from fof.importers.cell_readers import read
from fof.importers.cells import ColumnContext, Unreadable
from fof.importers.columns import CellType, Column
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import mapping_from_file, mapping_from_json, mapping_from_toml
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.tables import Table
from fof.importers.units import UNITS, plain, stated_units, unit_of
from fof.intake.files import read_tables
from models.text import Text

CASH = ["基金编号", "收支类型", "收付日", "金额（元）", "流水号", "对方编号", "依据文件"]
GOOD = ["F-01", "基金费用", "2025-03-31", "100", "H-1", "B-1", "回单"]
SHARES = ["持有人编号", "被持有编号", "起始日", "比例（%）", "比例口径"]


def from_csv(layout: str, rows: list[list[str]], name: str = "a.csv") -> Table:
    text = "\n".join(",".join(f'"{c}"' if "," in c or "\n" in c else c for c in row) for row in rows)
    file = read_file(text.encode(), name)
    return read_table(file, file.sheets[0], LAYOUTS[layout])


def from_xlsx(layout: str, rows: list[list[Any]], title: str = "表") -> Table:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, str) and value:
                    sheet.write_string(number, place, value)
                elif value != "":
                    sheet.write(number, place, value)
    file = read_file(out.getvalue(), "a.xlsx")
    return read_table(file, file.sheets[0], LAYOUTS[layout])


DOORS = pytest.mark.parametrize("door", [from_csv, from_xlsx], ids=["csv", "xlsx"])


def codes(found: Table) -> list[str]:
    return [p.code for p in found.problems]


def cash(door: Any, place: int, text: str) -> Table:
    return door("fund_cash", [CASH, [*GOOD[:place], text, *GOOD[place + 1 :]]])


# -- codes that a spreadsheet has spoilt -------------------------------------------------------------------------------


@DOORS
@pytest.mark.parametrize("place", [0, 4, 5])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6.22202E+18", "code_became_number"),
        ("2.02403e+17", "code_became_number"),
        ("1E+15", "code_became_number"),
        ("６.22E+18", "code_became_number"),
        ("2024/3/5", "code_became_date"),
        ("2024-03-05", "code_became_date"),
        ("3月5日", "code_became_date"),
        ("2024年3月", "code_became_date"),
        ("12:30", "not_a_code"),
        ("9:05:00 AM", "not_a_code"),
        ("TRUE", "not_a_code"),
        ("50%", "not_a_code"),
        ("5-Mar", "code_became_date"),
        ("Mar-24", "code_became_date"),
        ("3/5/2024", "code_became_date"),
        ("622202123456789000", "number_too_long"),
        ("#N/A", "error_cell"),
        ("#REF!", "error_cell"),
        ("#value!", "error_cell"),
        ("'0012", "not_a_code"),
        ("2000²", "look_alike"),
        ("F①", "look_alike"),
        ("Ⅱ期", "look_alike"),
        ("F٣", "look_alike"),
        ("𝟏𝟐", "look_alike"),
        ("F\u31641", "control_character"),
        ("F\u20281", "control_character"),
        ("F\U000e00411", "control_character"),
        ("F\u28001", "control_character"),
        ("F\ufe0f1", "control_character"),
        ("F\n1", "control_character"),
        ("../../etc/passwd", "not_a_code"),
        ("a/../b", "not_a_code"),
        ("/etc/passwd", "not_a_code"),
        ("C:\\x", "not_a_code"),
        ("x" * 300, "too_long"),
    ],
)
def test_a_spoilt_code_is_refused_at_both_doors(door, place, text, code):
    found = cash(door, place, text)
    assert codes(found) == [code]
    assert found.problems[0].expected.zh
    assert found.problems[0].expected.en
    assert found.rows == []


@DOORS
@pytest.mark.parametrize(
    "text",
    [
        "HT/2023/017",
        "2024-01",
        "20240305",
        "黑财〔二〇二四〕1号",
        "1E5",
        "MAR-01",
        "6222021234567890123",
        "a..b",
        "Ｆ－０１",
    ],
)
def test_a_code_that_is_none_of_these_is_read(door, text):
    found = cash(door, 4, text)
    assert found.problems == []
    assert found.rows[0].text("reference") == plain(text)


@pytest.mark.parametrize("text", ['="0012"', "=1+1", "=HYPERLINK(1)"])
@pytest.mark.parametrize("place", range(7))
def test_a_formula_in_a_csv_is_one(place, text):
    assert codes(cash(from_csv, place, text)) == ["formula_cell"]


@DOORS
@pytest.mark.parametrize("place", range(7))
def test_an_error_value_is_refused_in_every_column(door, place):
    assert codes(cash(door, place, "#N/A")) == ["error_cell"]


@DOORS
@pytest.mark.parametrize("text", ["2000²", "２０００²", "①", "٢٠٠٠", "二千", "½", "2000₁"])
def test_only_plain_digits_are_digits_of_an_amount(door, text):
    assert codes(cash(door, 3, text)) == ["not_a_number"]


@DOORS
def test_full_width_digits_are_digits(door):
    assert cash(door, 3, "１，０００．５").rows[0].fen("amount") == 100_050
    assert codes(cash(door, 2, "2025-03-3①")) == ["not_a_date"]


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), float("-inf"), 1e308, 1e300, -1e300, 1e16, 5e-324]
)
@pytest.mark.parametrize("kind", list(CellType))
@pytest.mark.parametrize("letter", ["n", "p"])
def test_numbers_that_are_none_or_beyond_every_limit_never_fall_over(number, kind, letter):
    text = (
        format(Decimal(repr(number)), "f")
        if number == number and abs(number) != float("inf")
        else str(number)
    )
    words = (
        {"words": next(c.words for lay in LAYOUTS.values() for c in lay.columns if c.words)}
        if kind in ("word", "words")
        else {}
    )
    column = Column("c", kind, Text("列", "column"), signed=True, **words)
    value = None
    with suppress(Unreadable):
        value = read(f"{letter}{text}", column, ColumnContext(UNITS["元"], fraction=False))
    if number != number or abs(number) == float("inf"):
        assert value is None
    if isinstance(value, Decimal):
        assert value.is_finite()


def _raw(values: dict[str, str]) -> bytes:
    """A workbook whose cells hold these numbers as text of XML, whatever they are."""
    from xml.sax.saxutils import escape

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("基金收支")
        sheet.write_row(0, 0, CASH)
        sheet.write_row(1, 0, GOOD)
        for number, place in enumerate(values):
            sheet.write_number(1, CASH.index(place), 777_000 + number)
    import zipfile

    source, packed = zipfile.ZipFile(out), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            for number, value in enumerate(values.values()):
                text = text.replace(f"<v>{777_000 + number}</v>".encode(), f"<v>{escape(value)}</v>".encode())
            target.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize("value", ["NaN", "INF", "-INF", "1e400", "-1e400", "1e308"])
@pytest.mark.parametrize("column", ["金额（元）", "收付日", "流水号", "依据文件", "收支类型"])
def test_a_workbook_may_hold_numbers_that_are_none(value, column):
    file = read_file(_raw({column: value}), "a.xlsx")
    found = read_table(file, file.sheets[0], LAYOUTS["fund_cash"])
    assert [p.where.row for p in found.problems] == [2]
    assert found.rows == []


# -- what cannot be seen ------------------------------------------------------------------------------------------------


def test_names_of_the_field_can_be_seen():
    for text in (
        "示例（哈尔滨）创业投资基金合伙企业（有限合伙）",
        "Fund™ II, L.P. – Série é",
        "基金·一期　〇号",
        "𠮷野基金",
    ):
        assert unseen(text, breaks=False) is None


def test_look_alikes_and_paths():
    assert look_alike("F-01 示例〇") is None
    assert look_alike("Fund™") is None
    assert look_alike("x²") == "²"
    assert not is_path("HT/2023/017")
    assert is_path("..\\x")
    assert len("x" * CODE_CHARACTERS) == CODE_CHARACTERS


# -- units stated twice ---------------------------------------------------------------------------------------------------


@DOORS
@pytest.mark.parametrize("stated", ["万元", "千元", "USD", "美元", "分", "HKD"])
def test_a_unit_column_that_differs_from_the_header_is_refused_naming_both(door, stated):
    found = door("fund_cash", [[*CASH, "金额单位"], [*GOOD, stated], [*GOOD, "元"]])
    assert [(p.code, p.where.row) for p in found.problems] == [("unit_conflict", 2)]
    said = unit_of(stated)
    assert said is not None
    assert "元" in found.problems[0].expected.zh
    assert said.text in found.problems[0].expected.zh
    assert [r.number for r in found.rows] == [3]


@DOORS
@pytest.mark.parametrize("stated", ["元", "CNY", "人民币元", "yuan"])
def test_a_unit_column_that_agrees_is_read(door, stated):
    assert door("fund_cash", [[*CASH, "金额单位"], [*GOOD, stated]]).problems == []


@DOORS
@pytest.mark.parametrize(
    "line",
    [
        ["明细表（万元）"],
        ["单位", "万元"],
        ["", "", "万元"],
        ["单位：人民币万元"],
        ["2024年明细 万元"],
        ["（金额单位：千元）"],
        ["单位：w"],
        ["单位：W元"],
        ["￥万"],
        ["以万元为单位"],
        ["in USD thousands"],
        ["Amounts in millions of US dollars"],
        ["币种：美元"],
        ["单位", "", "：", "千元"],
    ],
)
def test_a_unit_above_the_headers_that_differs_is_refused_saying_where(door, line):
    rows = [["基金收支"], line + [""] * (len(CASH) - len(line)), CASH, GOOD]
    found = door("fund_cash", rows)
    assert [(p.code, p.where.row) for p in found.problems] == [("unit_conflict", 2)]


@DOORS
@pytest.mark.parametrize(
    "line",
    [
        "单位：元",
        "明细表（元）",
        "人民币元",
        "币种：人民币",
        "注册资本1000万元的基金",
        "编制单位：示例基金管理公司",
        "元",
        "多元化基金（一期）",
    ],
)
def test_a_line_above_that_agrees_or_states_none_is_told_only(door, line):
    found = door("fund_cash", [[line] + [""] * (len(CASH) - 1), CASH, GOOD])
    assert found.problems == []
    assert [w.code for w in found.warnings] == ["caption"]


@DOORS
def test_a_line_above_is_held_against_the_unit_column_too(door):
    bare = ["金额" if h == "金额（元）" else h for h in CASH]
    rows = [["单位：万元"] + [""] * len(CASH), [*bare, "金额单位"], [*GOOD, "元"], [*GOOD, "元"]]
    found = door("fund_cash", rows)
    assert [(p.code, p.where.row) for p in found.problems] == [("unit_conflict", 1)]


def test_the_title_of_a_sheet_and_the_name_of_a_file_may_state_a_unit():
    assert codes(from_xlsx("fund_cash", [CASH, GOOD], "基金收支（万元）")) == ["unit_conflict"]
    assert codes(from_csv("fund_cash", [CASH, GOOD], "收支(千元).csv")) == ["unit_conflict"]
    assert codes(from_csv("fund_cash", [CASH, GOOD], "收支（元）.csv")) == []


@DOORS
@pytest.mark.parametrize(
    "line",
    [
        "in RMB thousands",
        "Unit: RMB 10,000",
        "(10,000 yuan)",
        "in ten thousand yuan",
        "RMB millions",
        "hundred million yuan",
    ],
)
def test_an_english_line_above_states_a_unit_too(door, line):
    """Ten thousand is no thousand: the table is in yuan, and again in 万元."""
    found = door("fund_cash", [[line] + [""] * (len(CASH) - 1), CASH, GOOD])
    assert codes(found) == ["unit_conflict"]
    in_wan = [h.replace("（元）", "（万元）") for h in CASH]
    found = door("fund_cash", [[line] + [""] * (len(CASH) - 1), in_wan, GOOD])
    assert codes(found) == ([] if "10,000" in line or "ten thousand" in line else ["unit_conflict"])


@pytest.mark.parametrize("name", sorted(UNITS))
def test_every_unit_is_recognised_in_a_title(name):
    unit = UNITS[name]
    for text in (f"明细表（{name}）", f"单位：{name}"):
        assert any(not s.contradicts(unit) for s in stated_units(text)), text


@pytest.mark.parametrize(
    ("name", "fen"),
    [
        ("千元", 10**5),
        ("百元", 10**4),
        ("十万元", 10**7),
        ("千万元", 10**9),
        ("万港元", 10**6),
        ("EUR million", 10**8),
    ],
)
def test_further_units(name, fen):
    found = from_csv(
        "fund_cash", [[h.replace("（元）", f"（{name}）") for h in CASH], [*GOOD[:3], "1", *GOOD[4:]]]
    )
    assert found.rows[0].fen("amount") == fen


# -- totals ---------------------------------------------------------------------------------------------------------------

CALLS = [
    "基金编号",
    "通知编号",
    "通知日",
    "缴款截止日",
    "出资人编号",
    "投资款（元）",
    "合伙费用（元）",
    "依据文件",
]


def calls(door: Any, *rows: str) -> Table:
    return door("capital_calls", [CALLS, *(row.split(",") for row in rows)])


@DOORS
@pytest.mark.parametrize(
    "total",
    [
        "F,合计,2024-03-05,2024-03-20,G,6000,,",
        "F,N9,2024-03-05,2024-03-20,小计,5000,,",
        "F,N9,2024-03-05,2024-03-20,G,6000,,本页合计",
        "F,N1至N3合计,2024-03-05,2024-03-20,G,6000,,",
        "F,N9,2024-03-05,2024-03-20,G,,30,总计（三笔）",
        "F,Total,2024-03-05,2024-03-20,G,1,,",
        "F,N9,2024-03-05,2024-03-20,H,4000,,H 合计",
    ],
)
def test_a_total_in_any_cell_is_no_data(door, total):
    found = calls(
        door,
        "F,N1,2024-03-05,2024-03-20,H,1000,10,",
        "F,N2,2024-03-05,2024-03-20,G,2000,,",
        "F,N3,2024-03-05,2024-03-20,H,3000,20,",
        total,
    )
    assert [(p.code, p.where.row) for p in found.problems] == [("total_row", 5)]
    assert found.totals == {("investment", "CNY"): 600_000, ("expenses", "CNY"): 3_000}


@DOORS
def test_a_total_above_its_rows_is_one_too(door):
    found = calls(
        door,
        "F,N0,2024-03-05,2024-03-20,G,3000,,合计如下",
        "F,N1,2024-03-05,2024-03-20,G,1000,,",
        "F,N2,2024-03-05,2024-03-20,G,2000,,",
    )
    assert [(p.code, p.where.row) for p in found.problems] == [("total_row", 2)]


@DOORS
def test_subtotals_do_not_hide_the_total_of_all(door):
    row = "F,{},2024-03-05,2024-03-20,G,{},,{}"
    found = calls(
        door,
        row.format("N1", 10, ""),
        row.format("N2", 20, ""),
        row.format("S1", 30, "小计"),
        row.format("N3", 5, ""),
        row.format("S2", 5, "小计"),
        row.format("T", 35, "总计"),
    )
    assert [p.where.row for p in found.problems] == [4, 6, 7]


@DOORS
def test_a_row_that_only_mentions_a_total_is_data(door):
    found = calls(
        door, "F,N1,2024-03-05,2024-03-20,G,1000,,", "F,N2,2024-03-05,2024-03-20,G,2500,,累计出资合计见附件"
    )
    assert found.problems == []


# -- shares below one ---------------------------------------------------------------------------------------------------


@DOORS
def test_shares_below_one_under_per_cent_are_pointed_out(door):
    rows = [SHARES, ["A", "B", "2024-03-05", "0.2", "股权"], ["A", "C", "2024-03-05", "0.35", "股权"]]
    found = door("edges", rows)
    assert found.problems == []
    assert [r.share("share") for r in found.rows] == [Decimal("0.002"), Decimal("0.0035")]
    assert [w.code for w in found.warnings] == ["shares_below_one"]
    assert door("edges", [*rows, ["A", "D", "2024-03-05", "12", "股权"]]).warnings == []
    assert door("edges", [SHARES, ["A", "B", "2024-03-05", "0.2%", "股权"]]).warnings == []


# -- struck out -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rich", [False, True])
def test_a_struck_out_row_or_text_is_refused(rich):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("基金收支")
        struck = book.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, CASH)
        sheet.write_row(1, 0, GOOD)
        sheet.write_row(2, 0, GOOD, None if rich else struck)
        sheet.write_row(3, 0, GOOD)
        if rich:
            sheet.write_rich_string(2, 6, "回单", struck, "作废")
    file = read_file(out.getvalue(), "a.xlsx")
    found = read_table(file, file.sheets[0], LAYOUTS["fund_cash"])
    assert [(p.code, p.where.row) for p in found.problems] == [("struck_out", 3)]
    assert [r.number for r in found.rows] == [2, 4]


def test_a_row_or_column_of_no_height_or_width_is_hidden():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("基金收支")
        sheet.write_row(0, 0, CASH)
        sheet.write_row(1, 0, GOOD)
        sheet.write_row(2, 0, GOOD)
        sheet.set_row(2, 0)
        sheet.set_column(4, 4, 0)
    file = read_file(out.getvalue(), "a.xlsx")
    assert sorted(codes(read_table(file, file.sheets[0], LAYOUTS["fund_cash"]))) == [
        "hidden_column",
        "hidden_row",
    ]


# -- mappings ---------------------------------------------------------------------------------------------------------------

FOREIGN = """
name = "foreign"
layout = "fund_cash"
[columns]
fund = "Fund"
kind = "Type"
day = "Date"
amount = "{amount}"
counterparty = "Bank"
"""


def foreign(text: str, extra: str = "", amount: str = "Amount (yuan)") -> Table:
    file = read_file(text.encode(), "a.csv")
    return read_table(
        file, file.sheets[0], LAYOUTS["fund_cash"], mapping_from_toml(FOREIGN.format(amount=amount) + extra)
    )


def test_a_mapping_and_a_header_that_state_two_units_are_refused():
    text = "Fund,Type,Date,{},Bank\nF,基金费用,2025-03-31,5,B\n"
    units = '[units]\namount = "万元"\n'
    assert codes(foreign(text.format("Amount (yuan)"), units)) == ["unit_conflict"]
    assert codes(foreign(text.format("金额 千元"), units, "金额 千元")) == ["unit_conflict"]
    assert foreign(text.format("Amount (wan)"), units, "Amount (wan)").problems == []


def test_a_currency_read_as_the_unit_must_be_that_of_the_header():
    text = "Fund,Type,Date,Amount (yuan),Bank,Cur\nF,基金费用,2025-03-31,5,B,USD\n"
    toml = FOREIGN.format(amount="Amount (yuan)") + 'unit = "Cur"\n'
    file = read_file(text.encode(), "a.csv")
    assert codes(read_table(file, file.sheets[0], LAYOUTS["fund_cash"], mapping_from_toml(toml))) == [
        "unit_conflict"
    ]


def test_a_mapping_states_to_how_many_places_the_source_is_meant():
    text = "Fund,Type,Date,Amount (yuan),Bank\nF,基金费用,2025-03-31,24.096353999999998,B\nF,基金费用,2025-03-31,7.5,B\n"
    assert codes(foreign(text)) == ["fraction_of_a_fen"]
    assert "[places]" in foreign(text).problems[0].expected.zh
    found = foreign(text, "[places]\namount = 2\n")
    assert [r.fen("amount") for r in found.rows] == [2_410, 750]
    assert [(w.code, w.found) for w in found.warnings] == [("rounded_by_mapping", "24.096353999999998")]


def test_words_that_are_not_listed_may_be_other_by_the_mapping_s_choice():
    text = "Fund,Type,Date,Amount (yuan),Bank\nF,Catering,2025-03-31,5,B\nF,基金费用,2025-03-31,5,B\nF,Travel,2025-03-31,5,B\n"
    refused = foreign(text)
    assert codes(refused) == ["not_listed", "not_listed"]
    assert '[words."kind"]' in refused.problems[0].expected.zh
    assert '[words."kind"]' in refused.problems[0].expected.en
    found = foreign(text, '[words.kind]\n"*" = "fund_expense"\n')
    assert found.problems == []
    assert {r["kind"] for r in found.rows} == {"fund_expense"}
    warning = next(w for w in found.warnings if w.code == "other_by_mapping")
    assert "Catering×1、Travel×1" in warning.expected.zh


def test_a_mapping_may_skip_rows_with_a_blank_cell():
    text = "Fund,Type,Date,Amount (yuan),Bank\nF,基金费用,2025-03-31,5,B\n,,,,备注：以上为一季度\n"
    assert "required" in codes(foreign(text))
    found = foreign(text, '[skip]\nFund = [""]\n')
    assert (found.problems, found.skipped, len(found.rows)) == ([], 1, 1)


SHEETS = """
name = "two sheets"
ignore_sheets = ["Notes"]
[[sheets]]
sheet = "Funds"
layout = "funds"
columns = { code = "Id", name = "Title", kind = "Kind", since = "From" }
words = { kind = { "Sub" = "sub_fund" } }
[[sheets]]
sheet = "Cash"
layout = "fund_cash"
columns = { fund = "Id", kind = "Type", day = "Date", amount = "Amount", counterparty = "Bank" }
units = { amount = "元" }
skip = { "Id" = ["", "Total"] }
"""


def _two_sheets(*titles: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        rows = {
            "Funds": [["Id", "Title", "Kind", "From"], ["F", "示例基金", "Sub", "2020-01-01"]],
            "Cash": [
                ["Id", "Type", "Date", "Amount", "Bank"],
                ["F", "基金费用", "2025-03-31", 5, "B"],
                ["Total", "", "", 5, ""],
            ],
        }
        for title in titles:
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows.get(title, [["something"]])):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_mapping_reads_each_sheet_its_own_way():
    mapping = mapping_from_toml(SHEETS)
    assert mapping_from_json(mapping.as_json()) == mapping
    reading = read_tables(read_file(_two_sheets("Funds", "Cash", "Notes"), "a.xlsx"), mapping=mapping)
    assert reading.problems == []
    assert [(t.layout.name, len(t.rows), t.skipped, t.problems) for t in reading.tables] == [
        ("funds", 1, 0, []),
        ("fund_cash", 1, 1, []),
    ]
    assert reading.passed_by == ["Notes"]


def test_a_sheet_that_a_mapping_does_not_mention_is_refused():
    reading = read_tables(
        read_file(_two_sheets("Funds", "Other"), "a.xlsx"), mapping=mapping_from_toml(SHEETS)
    )
    assert [(p.code, p.found) for p in reading.problems] == [
        ("unmapped_sheet", "Other"),
        ("no_such_sheet", "Cash"),
    ]


@pytest.mark.parametrize(
    ("toml", "field", "words"),
    [
        (
            'name = "m"\nlayout = "funds"\n[columns]\nmanagement_fee_rate = "b"\n',
            "columns.management_fee_rate",
            ["fee_rate", "hurdle_rate", "code"],
        ),
        ('name = "m"\nlayout = "fnds"\n', "layout", ["funds", "capital_calls"]),
        ('name = "m"\nlayout = "funds"\ncolums = {}\n', "colums", ["columns", "constants", "places"]),
        ('layout = "funds"\n', "name", []),
        (
            'name = "m"\nlayout = "positions"\n[create.fund]\nkind = "fund"\n',
            "create.fund.kind",
            ["sub_fund"],
        ),
        (
            'name = "m"\nlayout = "positions"\n[create.fund]\nkind = "sub_fund"\nfact = {}\n',
            "create.fund.fact",
            ["facts", "code_prefix"],
        ),
        (
            'name = "m"\nlayout = "positions"\n[create.fund]\nkind = "sub_fund"\nfacts = { stratgy = "s" }\n',
            "create.fund.facts.stratgy",
            ["strategy"],
        ),
        (
            'name = "m"\nlayout = "fund_cash"\n[words.kind]\n"a" = "nonsense"\n',
            "words.kind.a",
            ["fund_expense"],
        ),
        ('name = "m"\nlayout = "fund_cash"\n[words.fund]\n"*" = "F"\n', "words.fund.*", []),
        ('name = "m"\nlayout = "fund_cash"\n[places]\namount = -1\n', "places.amount", []),
        (
            'name = "m"\n[[sheets]]\nsheet = "A"\nlayout = "fund_cash"\ncolumn = {}\n',
            "sheets.0.column",
            ["columns"],
        ),
        ('name = "m"\n[[sheets]]\nlayout = "fund_cash"\n', "sheets.0.sheet", []),
    ],
)
def test_a_wrong_mapping_names_the_key_the_cause_and_the_keys_there_are(toml, field, words):
    with pytest.raises(Refused) as caught:
        mapping_from_toml(toml, "m.toml")
    problem = next(p for p in caught.value.problems if p.where.named() == field)
    assert problem.code == "bad_mapping"
    for word in words:
        assert word in problem.expected.zh
        assert word in problem.expected.en


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_mapping_is_read_in_every_encoding_of_a_csv(tmp_path, encoding):
    path = tmp_path / "m.toml"
    path.write_bytes('name = "示例映射"\nlayout = "funds"\n'.encode(encoding))
    assert mapping_from_file(path).name == "示例映射"
    path.write_bytes('name = "示例映射"'.encode("utf-16"))
    with pytest.raises(Refused) as caught:
        mapping_from_file(path)
    assert caught.value.problems[0].code == "wrong_encoding"
