"""Number formats: what a cell shows is what is read of it, or the cell is refused."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from fof.importers.formats import BUILT_IN, Format, Look, rounded
from fof.importers.layouts import LAYOUTS
from fof.importers.reader import read_file
from fof.importers.row_reader import read_table
from fof.importers.tables import Table
from fof.intake.files import read_tables

HEADER = ["基金编号", "出资人编号", "签署日", "变动类型", "认缴金额（元）", "协议编号", "依据文件"]


def commitments(place: int, value: Any, code: str | int, *, header: str = "认缴金额（元）") -> Table:
    """A row of the commitments sheet with one cell of a format."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("认缴")
        sheet.write_row(0, 0, [header if h.startswith("认缴金额") else h for h in HEADER])
        sheet.write_row(1, 0, ["F-01", "LP-1", "2024-03-05", "认缴", 100])
        style = book.add_format()
        style.set_num_format(code)
        if isinstance(value, dt.date):
            sheet.write_datetime(1, place, dt.datetime.combine(value, dt.time()), style)
        elif isinstance(value, str):
            sheet.write_string(1, place, value, style)
        else:
            sheet.write_number(1, place, value, style)
    file = read_file(out.getvalue(), "a.xlsx")
    return read_table(file, file.sheets[0], LAYOUTS["commitments"])


def codes(found: Table) -> list[str]:
    return [p.code for p in found.problems]


# -- amounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        '0"万"',
        "0万",
        '#,##0.00"万元"',
        '"约"0',
        '0"千"',
        "0\\k",
        '0"000"',
        '"USD "0',
        "[$$-409]0.00",
        "[$¥-411]#,##0.00",  # the yen
        "[$￥-411]0",
        "[$€-2]0",
        '0"%"',
        '"(预计)"0',
        "0!1",
        '[>=100]0"万";0',
        '[<0]0;[>50]0"亿";0',
        '0;0;0"万";@',
        "0.0%",
        "0.0%%",
        "00000-000",
        "*90",
        "0.00,",
        '0!.0,"万"',
        "# ##0,,",
        ";;;",
        '"-"0',
        "yyyy-mm-dd",
        "h:mm",
    ],
)
@pytest.mark.parametrize("value", [500, 1234.5])
def test_an_amount_that_shows_something_else_is_refused(code, value):
    if code == '0;0;0"万";@':
        value = 0  # the section that speaks is that of zero
    found = commitments(4, value, code)
    assert len(found.problems) == 1
    assert found.rows == []
    assert codes(found)[0] in (
        "shown_otherwise",
        "scaled_format",
        "hidden_value",
        "not_a_number",
        "partial_date",
        "time_of_day",
    )


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00",
        "#,##0.00",
        "#,##0.00####",
        "[Red]#,##0.00",
        '#,##0.00"元"',
        "¥#,##0.00",
        "[$¥-804]#,##0.00",
        '"人民币"#,##0.00"元"',
        "[$CNY] #,##0.00",
        "# ##0.00",
        '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        "#,##0.00_);(#,##0.00)",
        "[>=1000]#,##0.00;0.00",
        "[DBNum1]0.00",
        "G/通用格式",
        '0.00" "',
        4,
        40,
        44,
        8,
        43,
    ],
)
def test_an_amount_that_shows_itself_is_read(code):
    found = commitments(4, 1234.5, code)
    assert found.problems == []
    assert found.rows[0].fen("amount") == 123_450
    assert found.warnings == []


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("认缴金额（万元）", '0.0"万"'),
        ("认缴金额（美元）", "[$$-409]0.0"),
        ("认缴金额（USD million）", "[$USD] 0.0"),
        ("认缴金额（K RMB）", "0.0"),
        ("认缴金额（日元）", "[$¥-411]#,##0.0"),
    ],
)
def test_words_beside_a_number_may_say_what_the_header_says(header, code):
    assert commitments(4, 1234.5, code, header=header).problems == []
    assert codes(commitments(4, 1234.5, '0.0"亿"', header=header)) == ["shown_otherwise"]


@pytest.mark.parametrize("code", ["0;0", "0.00;[Red]0.00", '0;[Blue]0;"-"', "[<0]0;0"])
def test_a_sign_that_only_a_colour_tells_is_refused(code):
    assert Format(code).of_number(-5.0).flaw == "shown_otherwise"
    assert Format(code).of_number(5.0).flaw is None


@pytest.mark.parametrize("code", ["0", "0.00", "0;-0", "0;(0)", "#,##0.00_ ;[Red]-#,##0.00\\ ", "General"])
def test_a_sign_that_is_shown_is_one(code):
    assert Format(code).of_number(-5.0).flaw is None


@pytest.mark.parametrize("code", ["#", "#,###", "0;-0;;@", "0.00;-0.00;", '0;-0;" "'])
def test_a_zero_of_which_nothing_is_shown_is_blank(code):
    found = commitments(4, 0, code)
    assert codes(found) == ["required"]


@pytest.mark.parametrize("code", ['0;-0;"-"', '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0.00"])
def test_a_zero_shown_as_a_dash_is_zero(code):
    assert commitments(4, 0, code).rows[0].fen("amount") == 0


def test_a_sheet_that_shows_no_zeros_has_blanks_for_them():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("认缴")
        sheet.hide_zero()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["F-01", "LP-1", "2024-03-05", "认缴", 0])
    file = read_file(out.getvalue(), "a.xlsx")
    assert codes(read_table(file, file.sheets[0], LAYOUTS["commitments"])) == ["required"]


@pytest.mark.parametrize(
    ("value", "code", "near"),
    [(1234.56, "0", "1235"), (0.125, "0.00", "0.13"), (2.5, "#,##0.0#", None), (0.1 + 0.2, "0.0", None)],
)
def test_what_is_shown_rounded_is_booked_whole_and_told(value, code, near):
    found = commitments(4, value, code) if round(value, 2) == value else None
    if found is not None:
        assert found.problems == []
        assert [w.found for w in found.warnings if w.code == "shown_rounded"] == (
            [] if near is None else [near]
        )
    assert rounded(format(Decimal(repr(value)), "f"), Format(code).of_number(value)) == near


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from(["0.00", "#,##0.00", "General", "#,##0.00;-#,##0.00", "[Red]0.00"]),
)
def test_whole_fen_are_shown_in_two_decimals(fen, code):
    look = Format(code).of_number(fen / 100)
    assert look.flaw is None
    assert rounded(format(Decimal(fen).scaleb(-2), "f"), look) is None


# -- days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        "yyyy/m/d",
        'yyyy"年"m"月"d"日"',
        "d-mmm-yy",
        "m/d/yyyy",
        "yyyy-mm-dd hh:mm",
        "dddd, mmmm d, yyyy",
        '[$-804]yyyy"年"m"月"d"日";@',
        '[DBNum1][$-804]yyyy"年"m"月"d"日"',
        "[$-F800]dddd, mmmm dd, yyyy",
        "hh:mm dd/mm/yyyy",
        "e/m/d",
        14,
        15,
        22,
    ],
)
def test_a_day_that_is_shown_whole_is_read(code):
    found = commitments(2, dt.date(2024, 3, 31), code)
    assert found.problems == []
    assert found.rows[0].day("day") == dt.date(2024, 3, 31)


@pytest.mark.parametrize(
    "code",
    [
        'yyyy"年"m"月"',
        "yyyy",
        "m/d",
        "mmm-yy",
        "yyyy-mm",
        'm"月"d"日"',
        "d",
        "dddd",
        "aaaa",
        "yyyy-mm-ddd",
        "mmmmm d yyyy",
        "yyyy hh:mm dd",
        "h:mm",
        "[h]:mm",
        16,
        17,
        "[$-411]ge.m.d",
        '[$-404]gge"年"m"月"d"日"',
        '[$-404]e"年"m"月"d"日"',  # 113年3月31日
        "[$-0411]e.m.d",
        "yyyy-m-d\\?",
        "yy-mm-dd",  # as the same text is refused
        "m/d/yy",
        30,
        "b2yyyy-mm-dd",
        "[$-30000]yyyy-mm-dd",
        'yyyy"0"-mm-dd',
    ],
)
def test_a_day_of_which_less_or_another_year_is_shown_is_refused(code):
    found = commitments(2, dt.date(2024, 3, 31), code)
    assert codes(found) in (["partial_date"], ["shown_otherwise"], ["time_of_day"])
    assert found.rows == []


@pytest.mark.parametrize("number", [27, 28, 36, 50, 51, 54, 57, 58, 32, 34])
def test_the_built_in_chinese_formats_that_show_no_day_are_refused(number):
    assert codes(commitments(2, dt.date(2024, 3, 31), number)) == ["partial_date"]


def test_the_built_in_chinese_format_of_a_day_is_read():
    assert commitments(2, dt.date(2024, 3, 31), 31).rows[0].day("day") == dt.date(2024, 3, 31)


def test_a_bare_serial_is_read_and_told():
    found = commitments(2, 45382, "General")
    assert found.rows[0].day("day") == dt.date(2024, 3, 31)
    assert [(w.code, w.found) for w in found.warnings] == [("bare_serial", "45382")]


# -- codes and texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (7, '"F-"000'),
        (1002, "000-000"),
        ("001", '"F-"@'),
        ("001", ";;;"),
        (7, '0"号"'),
        ("001", '0;0;0;"见附件"'),
    ],
)
@pytest.mark.parametrize("place", [0, 5, 6])
def test_a_code_or_text_that_shows_something_else_is_refused(place, value, code):
    assert codes(commitments(place, value, code))[0] in ("shown_otherwise", "hidden_value")


@pytest.mark.parametrize(
    ("value", "code", "flaw"),
    [
        *((1234, f, "shown_otherwise") for f in ("#,##0", "0.00", "0.00E+00", "[DBNum1]0", 3)),
        *((value, f, None) for value, f in ((999, "#,##0"), (1234, "0"), (1234, "00000"), (1234, "0_ "))),
    ],
)
def test_a_code_is_read_as_its_digits_are_shown(value, code, flaw):
    """1,234 as a code is another one than 1234; as an amount it is the same."""
    assert codes(commitments(0, value, code))[:1] == ([] if flaw is None else [flaw])
    assert codes(commitments(4, value, code)) == []


def test_leading_zeros_that_are_shown_are_read():
    assert commitments(0, 7, "000000").rows[0].text("fund") == "000007"
    assert commitments(0, 123, "000").rows[0].text("fund") == "123"


# -- the formats themselves -----------------------------------------------------------------------------------------


@given(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False))
def test_any_code_is_looked_at_without_falling_over(code, value):
    found = Format(code)
    assert isinstance(found.of_number(value), Look)
    assert isinstance(found.of_day(), Look)
    found.of_text()


def test_built_in_formats_are_understood():
    for number, code in BUILT_IN.items():
        look = Format(code).of_number(1.0)
        assert look.flaw in (None, "partial_date"), (number, code)


@pytest.mark.parametrize(
    ("code", "flaws"),
    [('0!.0,"万"', ["shown_otherwise"]), ('0"万"', ["shown_otherwise"]), ("#,##0.00", []), (None, [])],
)
def test_a_conditional_format_may_show_another_number(code, flaws):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("认缴")
        sheet.write_row(0, 0, ["基金编号", "出资人编号", "日期", "变动类型", "认缴金额（元）"])
        sheet.write_row(1, 0, ["F1", "LP", "2024-01-02", "认缴", 5_000_000])
        shown = book.add_format({"bold": True} if code is None else {"num_format": code})
        rule = {"type": "cell", "criteria": ">", "value": 10_000, "format": shown}
        sheet.conditional_format("E1:E1000", rule)
    reading = read_tables(read_file(out.getvalue(), "a.xlsx"), None, None, None)
    problems = [(p.code, p.found) for t in reading.tables for p in t.problems]
    assert problems == [(flaw, "E2") for flaw in flaws]
