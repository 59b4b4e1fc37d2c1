"""Further inputs of the kinds of ../shared/cases, written by us: each is previewed against one book and says what it must say.

A csv goes through the door as bytes. What is expected: a problem's code, or None where the row is booked; behind it the code of a
hint, where one is given.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import ImportRefused, Refused
from fof.importers import workbook
from fof.importers.mapping import mapping_from_toml

pytestmark = pytest.mark.golden
BOOKS = Path(__file__).resolve().parents[2] / "shared" / "cases" / "books"
CASH = "基金编号,收支类型,收付日,金额（元）,金额单位,流水号,对方编号,依据文件\n"
CALLS = ["基金编号", "通知编号", "通知日", "缴款截止日", "出资人编号", "投资款（元）", "依据文件"]
TRANSFERS = "基金编号,出资人编号,签署日,变动类型,认缴金额（元）,受让方编号,随转实缴（元）,随转已分配（元）,转让价款（元）\n"
VALUES = "基金编号,估值日,出资人编号,净值（元）,估值方法\n"
COMMITMENTS = "基金编号,出资人编号,签署日,变动类型,认缴金额（元）\n"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """S1 with money and value; S2 with money, merged into S1 on 2021-06-30; S3 closed on 2021-06-30."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('variants') / 'book.sqlite'}")
    book.init()
    for name in ("base.xlsx", "08-nav-and-flows/base_flows.xlsx", "08-nav-and-flows/v_all.csv"):
        intake.book(book, LOCAL, BOOKS / name)
    for name in ("15-rename-merge/s2.xlsx", "15-rename-merge/successor.csv"):
        intake.book(book, LOCAL, BOOKS / name)
    for text in (
        "编号,主体类别,名称,生效日,状态\nS3,子基金,示例子基金三,2018-01-01,投资期\n",
        COMMITMENTS + "S3,MF,2018-01-01,认缴,1000\n",
        "编号,主体类别,名称,生效日,状态\nS3,子基金,,2021-06-30,liquidated\n",
    ):
        layout = "commitments" if text.startswith(COMMITMENTS) else "funds"
        intake.book(book, LOCAL, text.encode(), "a.csv", layout=layout)
    yield book
    book.close()


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "fof.importers.reader._in_child", lambda data, _name: json.loads(json.dumps(workbook.read(data)))
    )


def sheet(*rows: list[Any]) -> bytes:
    """A workbook with one sheet of calls; (value, format) for a formatted cell."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("出资通知")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                value, code = cell if isinstance(cell, tuple) else (cell, None)
                if isinstance(value, dt.date) and code is None:
                    code = "yyyy-mm-dd"
                page.write(number, place, value, book.add_format({"num_format": code}) if code else None)
    return out.getvalue()


def call(**more: Any) -> list[Any]:
    row = dict(zip(CALLS, ("S1", "N9", "2022-03-05", "2022-03-20", "MF", 1000.0, "通知书"), strict=True))
    return [{**row, **more}[name] for name in CALLS]


def told(book: Database, data: bytes, name: str) -> tuple[str | None, set[str]]:
    """The first problem's code, and the codes of the hints."""
    found = intake.preview(book, data, name)
    return (found.problems[0].code if found.problems else None), {w.code for w in found.warnings}


# -- numbers, days and codes of a csv --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        *((text, "not_a_number") for text in ("NaN", "inf", "1e5", "1 000", "1'000", "½", "²", "①", "٣")),
        *((text, "not_a_number") for text in ("￥100", "$100", "1/2", "0x10", "100.", "壹佰", "TRUE", "1;2")),
        *((text, "unit_in_cell") for text in ("100元", "100 万", "1亿", "100万元人民币")),
        ("-5", "negative"),
        ("（5）", "negative"),
        ("0", "not_positive"),
        ("0.005", "fraction_of_a_fen"),
        ("10000000000000", "too_large"),
        ("#N/A", "error_cell"),
        ("=1+1", "formula_cell"),
        ("100\u200b", "control_character"),
        ("１００", None),
        ('"1,000"', None),
    ],
)
def test_amounts(office: Database, amount: str, code: str | None) -> None:
    row = f"S1,基金费用,2022-03-31,{amount},,H9,GL,x\n"
    assert told(office, (CASH + row).encode(), "a.csv")[0] == code


@pytest.mark.parametrize(
    ("day", "code"),
    [
        *((text, "not_a_date") for text in ("45356", "2024年3月", "2024", "3/5/2024", "24/3/5", "5-Mar-24")),
        *((text, "not_a_date") for text in ("2024-02-30", "二〇二四年三月五日", "民国113年3月5日", "今天")),
        ("2024-03-05 10:00", "time_of_day"),
        ("9999-12-31", "date_out_of_range"),
        ("2099-01-01", "future_day"),
        ("=TODAY()", "formula_cell"),
        ("２０２４－０３－０５", None),
        ("20240305", None),
    ],
)
def test_days(office: Database, day: str, code: str | None) -> None:
    assert told(office, f"{CASH}S1,基金费用,{day},1,,H9,GL,x\n".encode(), "a.csv")[0] == code


def test_a_serial_day_is_read_where_the_file_says_from_when_it_counts(office: Database) -> None:
    """One decision for both doors: a number is a day only where its epoch is known."""
    assert told(office, sheet(CALLS, call(通知日=44625)), "a.xlsx") == (None, {"bare_serial"})
    assert told(office, sheet(CALLS, call(通知日="44625")), "a.xlsx")[0] == "not_a_date"
    found = intake.preview(office, f"{CASH}S1,基金费用,44625,1,,H9,GL,x\n".encode(), "a.csv")
    assert "2022-03-05" in found.problems[0].expected.en
    assert "2026-03-06" in found.problems[0].expected.zh


@pytest.mark.parametrize(
    "reference", ["-", "——", "/", "?", "无", "暂无", "N/A", "null", "NaN", "待补", "不适用"]
)
def test_what_stands_for_no_reference_makes_no_two_payments_one(office: Database, reference: str) -> None:
    rows = "".join(f"S1,基金费用,2022-03-31,100,,{reference},GL,x\n" for _ in range(2))
    found = intake.preview(office, (CASH + rows).encode(), "a.csv")
    assert [p.code for p in found.problems] == ["not_a_code"] * 2
    assert "blank" in found.problems[0].expected.en


@pytest.mark.parametrize("reference", ["", "0", "A", "NA", "无锡-1", "3-5", "1/2", "5E3"])
def test_what_may_be_a_reference_is_one(office: Database, reference: str) -> None:
    row = f"S1,基金费用,2022-03-31,100,,{reference},GL,x\n"
    assert told(office, (CASH + row).encode(), "a.csv")[0] is None


# -- what a workbook shows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((f, "shown_otherwise") for f in ('"截至"yyyy-mm-dd', 'yyyy-mm-dd"（暂定）"', 'yyyy/m/d"E"')),
        *(
            (f, "shown_otherwise")
            for f in ("yyyy-dd-mm", 'yyyy"年"d"月"m"日"', 'd"月"m"日"yyyy"年"', "e/d/m")
        ),
        *((f, "partial_date") for f in ("mmm-yy", 'm"月"d"日"', "dddd", "yy-mm")),
        *((f, None) for f in ('yyyy"年"m"月"d"日"', 'yyyy/m/d "星期"aaa', "yyyy\\-mm\\-dd", "d/m/yyyy")),
        *((f, None) for f in ("yyyy dddd mm-dd", 'yyyy"年"mmmd"日"', "dd-mmm-yyyy", "yyyy-mm-dd hh:mm:ss")),
    ],
)
def test_days_that_show_another_thing(office: Database, code: str, expected: str | None) -> None:
    data = sheet(CALLS, call(通知日=(dt.date(2022, 3, 5), code)))
    assert told(office, data, "a.xlsx")[0] == expected


@pytest.mark.parametrize("place", [1, 5])
@pytest.mark.parametrize(
    ("property_", "code"), [("font_script", "raised_text"), ("font_strikeout", "struck_out")]
)
def test_a_part_of_a_text_that_is_raised_or_struck_out(
    office: Database, place: int, property_: str, code: str
) -> None:
    """2000 with a footnote's ² raised by its font is stored as 20002."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("出资通知")
        page.write_row(0, 0, CALLS)
        page.write_row(1, 0, call())
        page.write_rich_string(1, place, "2000", book.add_format({property_: 1}), "2")
    assert told(office, out.getvalue(), "a.xlsx")[0] == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        *(
            (t, "unit_conflict")
            for t in ("单 位：万 元", "數額單位：萬元", "金额：万", "（人民币）千 元", "单位 万元")
        ),
        *((t, "unit_conflict") for t in ("Amounts in thousands", "In millions", "('000)", "Units: million")),
        *((t, "unit_conflict") for t in ("货币单位: 百万", "单位：千", "单位：＄", "Unit: 10,000 yuan")),
        *((t, None) for t in ("单位：¥", "单位：千里马公司", "百万英才计划")),
        *((t, "unit_conflict") for t in ("币种：美元", "USD", "In thousands of yuan", "本表以亿元计")),
        *(
            (t, None)
            for t in ("规模 10 亿元", "基金规模10 亿 元", "人民币 基金 明细", "单位：股", "Fund in 2000")
        ),
        *(
            (t, None)
            for t in ("金额：元", "In RMB", "2022年", "Units: 1,000 shares", "Signed in million city")
        ),
    ],
)
def test_lines_above_a_table(office: Database, line: str, code: str | None) -> None:
    assert told(office, sheet([line], CALLS, call()), "a.xlsx")[0] == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(
            (t, "unit_conflict")
            for t in ("收支-万元.xlsx", "收支_千元_2022.xlsx", "收支 美元.xlsx", "a（万元）.xlsx")
        ),
        *((t, None) for t in ("收支-元.xlsx", "10亿元基金-收支.xlsx", "wan-usd.xlsx", "百万英才-收支.xlsx")),
    ],
)
def test_a_unit_in_the_name_of_a_file(office: Database, name: str, code: str | None) -> None:
    assert told(office, sheet(CALLS, call()), name)[0] == code


@pytest.mark.parametrize(
    "unit", ["人民币", "萬元", "万元人民币", "RMB 万元", "单位：萬元", "人民币万", "人民币（元）"]
)
def test_units_of_a_header_in_every_spelling(office: Database, unit: str) -> None:
    header = [*CALLS[:5], f"投资款（{unit}）" if "（" not in unit else "投资款（人民币元）", CALLS[6]]
    assert told(office, sheet(header, call()), "a.xlsx")[0] is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        *(
            (t, "total_row")
            for t in ("合計", "總計", "小計", "计", "合 计", "本页小计", "Grand Total", "SUM")
        ),
        ("计划", None),
        ("N11", None),
    ],
)
def test_totals(office: Database, number: str, code: str | None) -> None:
    rows = [call(), call(通知编号="N10"), call(通知编号=number, **{"投资款（元）": 2000.0})]
    assert told(office, sheet(CALLS, *rows), "a.xlsx")[0] == code


# -- mappings ------------------------------------------------------------------------------------------------------------------

MAPPING = """name = "m"
layout = "fund_cash"
[columns]
fund = "a"
kind = "k"
day = "d"
amount = "x"
counterparty = "c"
[units]
amount = "元"
"""


@pytest.mark.parametrize(
    ("more", "key", "word"),
    [
        ('day = "元"', "units.day", "amounts"),
        ("[places]\nfund = 2", "places.fund", "amounts"),
        ("[places]\namount = true", "places.amount", "whole number"),
        ('[places]\namount = "2"', "places.amount", "whole number"),
        ("[places]\namount = -1", "places.amount", "zero or more"),
        ('[shares]\namount = "percent"', "shares.amount", "shares"),
        ('[constants]\ncounterparty = "GL"', "constants.counterparty", "not both"),
        ("[constants]\ndocument = 5", "constants.document", "quotation marks"),
        ('[skip]\n"a" = "Total"', "skip.a", "list"),
    ],
)
def test_a_mapping_that_says_what_its_column_cannot_take(more: str, key: str, word: str) -> None:
    with pytest.raises(Refused) as caught:
        mapping_from_toml(MAPPING + more)
    [problem] = caught.value.problems
    assert problem.where.named() == key
    assert word in problem.expected.en
    assert not any("a" <= letter <= "z" for letter in problem.expected.zh)


# -- stakes, successors and closings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "code", "hint"),
    [
        ("S1,LP2,2021-03-31,转让,15000000,MF,6000000,0,9000000", None, None),
        ("S1,LP2,2021-03-31,转让,15000000,MF,6000000,0,0", None, "no_price"),
        ("S1,LP2,2021-03-31,转让,15000000,MF,,,9000000", None, "no_history_moved"),
        ("S1,LP2,2021-03-31,转让,15000000,MF,6000000,0,-1", "negative", None),
        ("S1,LP2,2021-03-31,转让,15000000,MF,6000000,1,9", "distributed_below_zero", None),
        ("S1,LP2,2021-03-31,转让,30000001,MF,6000000,0,9", "committed_below_zero", None),
        ("S1,LP2,2021-03-31,转让,0,MF,6000000,0,9", "not_positive", None),
        ("S1,LP2,2019-03-31,转让,30000000,MF,0,0,1", "unfunded_below_zero", "no_history_moved"),
        ("S1,LP2,2099-03-31,转让,15000000,MF,6000000,0,9", "future_day", None),
        ("S1,LP2,2021-03-31,转让,15000000,S1,6000000,0,9", "same_party", None),
        ("S1,LP2,2021-03-31,转让,15000000,NOBODY,6000000,0,9", "unknown_party", None),
        ("S1,LP2,2021-03-31,认缴,15000000,,6000000,,", "transfer_only", None),
    ],
)
def test_transfers(office: Database, row: str, code: str | None, hint: str | None) -> None:
    found, hints = told(office, (TRANSFERS + row + "\n").encode(), "a.csv")
    assert found == code
    assert hint is None or hint in hints
    assert hint is not None or not hints & {"no_price", "no_history_moved"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (VALUES + "S2,2021-06-30,MF,22000000,报告净值\n", None),
        (VALUES + "S2,2021-07-01,MF,5,报告净值\n", "fund_absorbed"),
        (COMMITMENTS + "S2,LP3,2021-07-01,认缴,1000\n", "fund_absorbed"),
        (COMMITMENTS + "S3,LP3,2021-07-01,认缴,1000\n", "promised_after_closing"),
        (COMMITMENTS + "S3,LP3,2021-06-30,认缴,1000\n", None),
        (VALUES + "S3,2021-12-31,MF,13,报告净值\n", None),
        ("编号,主体类别,名称,生效日,承继自\nMF,母基金,,2021-12-30,S2\n", "two_successors"),
        ("编号,主体类别,名称,生效日,承继自\nS1,子基金,,2021-12-30,S1\n", "succession_cycle"),
        ("编号,主体类别,名称,生效日,承继自\nS2,子基金,,2021-12-30,S1\n", "succession_cycle"),
        ("编号,主体类别,名称,生效日,承继自\nQ1,企业,,2021-12-30,S3\n", "not_listed"),
    ],
)
def test_after_the_end_of_a_fund(office: Database, text: str, code: str | None) -> None:
    layout = "funds" if text.startswith("编号") else None
    found = intake.preview(office, text.encode(), "a.csv", layout=layout)
    assert [p.code for p in found.problems][:1] == ([] if code is None else [code])


def test_nothing_is_called_by_a_fund_that_was_absorbed(office: Database) -> None:
    late = call(基金编号="S2", 通知日="2021-10-05", 缴款截止日="2021-10-20")
    found = intake.preview(office, sheet(CALLS, late), "a.xlsx")
    assert [p.code for p in found.problems] == ["fund_absorbed"]
    assert "示例子基金一" in found.problems[0].expected.zh
    assert told(office, sheet(CALLS, call(基金编号="S3")), "a.xlsx")[0] == "fund_closed"


@pytest.mark.parametrize(
    ("investor", "pointed_out"), [("MF", False), ("", False), ("LP3", True), ("GOV", True)]
)
def test_a_value_for_who_has_no_stake_is_pointed_out(
    office: Database, investor: str, pointed_out: bool
) -> None:
    text = f"{VALUES}S1,2021-12-31,{investor},44000000,报告净值\n"
    found, hints = told(office, text.encode(), "a.csv")
    assert (found, hints) == (None, {"implausible"} if pointed_out else set())


@pytest.mark.parametrize(
    ("due", "pointed_out"), [("2023-03-06", False), ("2023-03-07", True), ("2099-03-20", True)]
)
def test_a_call_due_years_after_its_notice_is_pointed_out(
    office: Database, due: str, pointed_out: bool
) -> None:
    """What is due may lie ahead, and a slip of the year lies further."""
    found, hints = told(office, sheet(CALLS, call(缴款截止日=due)), "a.xlsx")
    assert (found, "implausible" in hints) == (None, pointed_out)


# -- files that hold no row ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [VALUES, "Fund code,As of,Investor code,NAV (yuan),Method\n"])
@pytest.mark.parametrize("rest", ["", "\n\n", ",,,,\n , ,　,,\n"])
def test_a_csv_of_headers_alone_is_refused(office: Database, header: str, rest: str) -> None:
    (problem,) = intake.preview(office, (header + rest).encode(), "空.csv").problems
    assert (problem.code, problem.where.file) == ("empty_file", "空.csv")
    with pytest.raises(ImportRefused, match=r"空\.csv"):
        intake.book(office, LOCAL, (header + rest).encode(), "空.csv")


def test_an_empty_sheet_beside_a_full_one_is_fine(office: Database) -> None:
    """Refused is a workbook of which no sheet holds a row; it names its sheet, or all of them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for title in ("估值", "认缴"):
            heads = (VALUES if title == "估值" else COMMITMENTS).strip().split(",")
            book.add_worksheet(title).write_row(0, 0, heads)
    (problem,) = intake.preview(office, out.getvalue(), "a.xlsx").problems
    assert (problem.code, problem.found) == ("empty_file", "估值、认缴")
    assert told(office, sheet(CALLS), "a.xlsx")[0] == "empty_file"
    assert intake.preview(office, sheet(CALLS), "a.xlsx").problems[0].where.sheet == "出资通知"
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("估值").write_row(0, 0, VALUES.strip().split(","))
        page = book.add_worksheet("认缴")
        page.write_row(0, 0, COMMITMENTS.strip().split(","))
        page.write_row(1, 0, ["S3", "GOV", "2018-01-01", "认缴", 1000])
    found = intake.preview(office, out.getvalue(), "a.xlsx")
    assert ([p.code for p in found.problems], [s.rows for s in found.sheets]) == ([], [0, 1])


def test_a_file_whose_mapping_leaves_all_rows_out_is_refused_and_keeps_no_mapping(
    sqlite_book: Database,
) -> None:
    text = 'name = "m"\nlayout = "valuations"\n[columns]\nfund = "F"\nday = "D"\namount = "N"\n[constants]\nmethod = "净资产"\n'
    mapping = mapping_from_toml(text + '[units]\namount = "元"\n[skip]\nF = ["合计"]\n', "m.toml")
    data = "F,D,N\n合计,2022-01-01,5\n".encode()
    with pytest.raises(ImportRefused) as refused:
        intake.import_with_mapping(sqlite_book, LOCAL, data, mapping, dt.date(2022, 1, 1))
    (problem,) = refused.value.problems
    assert (problem.code, "1" in problem.expected.zh) == ("empty_file", True)
    assert ledger.read(sqlite_book).head == 0


def test_what_an_absorbed_fund_had_is_counted_with_its_successor_and_moved_before_it_is_called(
    office: Database,
) -> None:
    """S2 (50 million promised, 20 paid) went into S1 on 2021-06-30. What S1 then pays out to an investor of S2 alone is no
    surprise; what S2 left uncalled is S1's once the commitment is moved, and the refusal before says how."""
    call = "S1,N9,2021-08-01,2021-08-20,MF,70000000,通知书\n"
    calls = ",".join(CALLS) + "\n"
    moved = COMMITMENTS + "S2,MF,2021-07-01,减少认缴,30000000\nS1,MF,2021-07-01,增加认缴,30000000\n"
    (problem,) = intake.preview(office, (calls + call).encode(), "a.csv").problems
    assert problem.code == "call_over_unfunded"
    assert all(word in problem.expected.zh for word in ("示例子基金二", "减少认缴", "增加认缴"))
    assert told(office, moved.encode(), "a.csv")[0] is None
    out = "基金编号,通知编号,分配日,出资人编号,返还本金（元）\nS1,P9,2022-03-01,{},1000\n"
    assert told(office, out.format("MF").encode(), "a.csv") == (None, set())
    assert told(office, out.format("GL").encode(), "a.csv") == (None, {"no_commitment"})
