"""Units at the head and foot of printed pages; a file in GB18030 whose bytes are UTF-8, too."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from fof.importers.csvfile import decoded
from fof.importers.reader import read_file
from fof.intake.files import read_tables

HEADERS = ["基金编号", "出资人编号", "日期", "变动类型", "认缴金额（元）"]


def conflicts(head: str, foot: str, unit: str = "元") -> list[str]:
    """What is found of a sheet with this head and foot."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("认缴")
        sheet.write_row(0, 0, [*HEADERS[:4], f"认缴金额（{unit}）"])
        sheet.write_row(1, 0, ["F1", "LP", "2024-01-02", "认缴", 100])
        sheet.set_header(head)
        sheet.set_footer(foot)
    reading = read_tables(read_file(out.getvalue(), "a.xlsx"), None, None, None)
    return [f"{p.code} {p.found}" for t in reading.tables for p in t.problems if p.code == "unit_conflict"]


@pytest.mark.parametrize(
    ("head", "foot", "found"),
    [
        ("&L示例母基金&C认缴明细&R单位：万元", "", ["unit_conflict 单位：万元"]),
        ('&L&"宋体,常规"&10单位：万元', "", ["unit_conflict 单位：万元"]),
        ("", "&C第 &P 页，共 &N 页&R金额单位：亿元", ["unit_conflict 金额单位：亿元"]),
        ("&R单位：元", "&C第 &P 页", []),
        ("&C2024 年第 3 期 &D &T", "&L&F&R&A", []),
        ("", "", []),
    ],
)
def test_a_unit_at_the_head_or_foot_of_a_printed_page_is_held_against_the_headers(
    head: str, foot: str, found: list[str]
) -> None:
    assert conflicts(head, foot) == found


@pytest.mark.parametrize("place", ["note", "box"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("单位：万元", 1),
        ("编制人:\n金额单位：亿元", 1),
        ("单位：元", 0),
        ("已与托管行核对", 0),
        (f"该笔原以美元计价，单位：万美元，{'折算办法见协议附件，' * 8}", 0),
    ],
)
def test_a_unit_in_a_note_or_a_text_box_is_held_against_the_headers(
    place: str, text: str, found: int
) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("认缴")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["F1", "LP", "2024-01-02", "认缴", 100])
        if place == "note":
            sheet.write_comment(0, 4, text)
        else:
            sheet.insert_textbox(3, 1, text)
    reading = read_tables(read_file(out.getvalue(), "a.xlsx"), None, None, None)
    assert sum(p.code == "unit_conflict" for t in reading.tables for p in t.problems) == found


def test_what_agrees_with_the_headers_is_no_conflict() -> None:
    assert conflicts("&R单位：万元", "", "万元") == []


@pytest.mark.parametrize("text", ["amount(元)\n5\n", 'unit = "元"\n', "currency\n元\n"])
def test_gb18030_with_the_one_character_yuan_is_not_read_as_letters_of_another_script(text: str) -> None:
    assert decoded(text.encode("gb18030"), "a.csv") == text
    assert decoded(text.encode("utf-8"), "a.csv") == text
    assert decoded(text.encode("utf-8-sig"), "a.csv") == text


@pytest.mark.parametrize("text", ["Café,5\n", "Обь,5\n", "Ωmega,5\n", "naïve £5\n", "plain,5\n"])
def test_other_utf8_stays_utf8(text: str) -> None:
    assert decoded(text.encode("utf-8"), "a.csv") == text
