"""Workbooks from outside: what is read, and hostile files that are refused with nothing but a problem."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from fof.errors import ImportRefused
from fof.importers import file_limits
from fof.importers.formats import RESPELT
from fof.importers.reader import read_file
from fof.importers.sheet_scan import letters, place
from fof.importers.sheets import File


@pytest.fixture(scope="module", autouse=True)
def _in_children(read_in_child: Callable[[bytes, str], Any]) -> Iterator[None]:
    """Each file of these tests is opened as the program opens it, in a limited child."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fof.importers.reader._in_child", read_in_child)
        yield


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)


def parts(sheet: str, **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of the smallest workbook; `sheet` is what stands inside <worksheet>."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    found.update({name.replace("__", "/"): text for name, text in more.items()})
    return found


def packed(content: dict[str, str | bytes], **more: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text, **more)
    return out.getvalue()


def cells(*texts: str) -> str:
    return f"<sheetData>{''.join(texts)}</sheetData>"


ONE = cells(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c></row>',
    '<row r="2"><c r="A2"><v>5</v></c></row>',
)


def code_of(data: bytes, name: str = "x.xlsx") -> str:
    with pytest.raises(ImportRefused) as caught:
        read_file(data, name)
    assert len(caught.value.problems) == 1
    problem = caught.value.problems[0]
    assert problem.where.file == name
    assert name in str(caught.value)
    return problem.code


def written(fill: Any, **options: Any) -> File:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("表"))
    return read_file(out.getvalue(), "x.xlsx")


# -- what is read -------------------------------------------------------------------------------------------------


def test_the_smallest_workbook_is_read():
    file = read_file(packed(parts(ONE)), "x.xlsx")
    assert [(s.name, s.rows) for s in file.sheets] == [("表", [(1, ["s编号"]), (2, ["n5"])])]
    assert len(file.digest) == 64


def test_kinds_of_cells():
    def fill(book: Any, sheet: Any) -> None:
        day, share = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["编号", 1234.56, True])
        sheet.write_datetime(0, 3, dt.datetime(2024, 3, 5), day)
        sheet.write_datetime(0, 4, dt.datetime(2024, 3, 5, 14, 30), day)
        sheet.write_number(0, 5, 0.35, share)
        sheet.write_number(0, 7, 1e15)

    row = written(fill).sheets[0].rows[0]
    assert row == (
        1,
        [
            "s编号",
            "n1234.56",
            "b1",
            "d2024-03-05",
            "t2024-03-05 14:30:00",
            "p0.35",
            None,
            "n1000000000000000",
        ],
    )


@pytest.mark.parametrize("epoch", [False, True])
def test_days_in_both_epochs(epoch):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_datetime(0, 0, dt.datetime(2024, 2, 29), book.add_format({"num_format": "yyyy-mm-dd"}))

    file = written(fill, date_1904=epoch)
    assert file.sheets[0].epoch_1904 is epoch
    assert file.sheets[0].rows == [(1, ["d2024-02-29"])]


def test_what_the_values_do_not_tell_is_told():
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "a")
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_number(3, 0, 5_000_000, book.add_format({"num_format": "#,##0.00,,"}))
        sheet.write(4, 0, 1)
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column(2, 3, None, None, {"hidden": True})
        sheet.merge_range(6, 0, 7, 1, "m")
        book.add_worksheet("藏").hide()

    sheet, hidden = written(fill).sheets
    assert set(sheet.flaws) == {
        ("formula_cell", 2, 1),
        ("formula_cell", 3, 2),
        ("error_cell", 3, 2),
        ("scaled_format", 4, 1),
    }
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merges) == ([5], [(3, 4)], [(7, 1, 8, 2)])
    assert (sheet.hidden, hidden.hidden) == (False, True)


def test_a_last_row_that_holds_only_an_uncached_formula_is_told():
    """Readers of values drop it."""
    file = read_file(
        packed(
            parts(
                cells(
                    '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="2"><c r="A2"><f>SUM(A1)</f></c></row>'
                )
            )
        ),
        "x.xlsx",
    )
    assert file.sheets[0].flaws == [("formula_cell", 2, 1)]


def test_thousands_separators_and_quoted_commas_are_no_scaled_format():
    def fill(book: Any, sheet: Any) -> None:
        for row, code in enumerate(["#,##0.00", '#,##0"元，"', "0.00", "[Red]#,##0"]):
            sheet.write_number(row, 0, 5, book.add_format({"num_format": code}))

    assert [f for f in written(fill).sheets[0].flaws if f[0] != RESPELT] == []  # of codes alone


def test_formats_far_out_without_values_are_harmless():
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "a")
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    assert written(fill).sheets[0].rows == [(1, ["sa"])]


@given(st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_cell_references(column, row):
    assert place(f"{letters(column)}{row}") == (row, column)


# -- hostile files ------------------------------------------------------------------------------------------------


def test_a_bomb_is_refused_by_what_it_unpacks_to():
    assert (
        code_of(packed(parts(ONE, xl__media__a="0" * (file_limits.PART_BYTES + 1)))) == "too_large_unpacked"
    )
    many = {f"xl__media__{n}": b"\0" * (file_limits.PART_BYTES - 1) for n in range(2)}
    assert code_of(packed(parts(ONE, **many))) == "too_large_unpacked"


def test_a_declared_size_that_lies_is_refused():
    data = bytearray(packed(parts(ONE, xl__media__a="0" * 5_000_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.rfind(signature)
        while b"xl/media/a" not in data[start : start + 80]:
            start = data.rfind(signature, 0, start)
        struct.pack_into("<I", data, start + offset, 10)
    assert code_of(bytes(data)) == "damaged_file"


def test_a_cell_in_the_last_corner_is_refused_before_a_reader_asks_for_half_a_terabyte():
    far = cells(
        '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert code_of(packed(parts(far))) == "sheet_too_large"


def test_a_lying_dimension_does_no_harm():
    file = read_file(packed(parts(f'<dimension ref="A1:XFD1048576"/>{ONE}')), "x.xlsx")
    assert len(file.sheets[0].rows) == 2


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
            "rows_out_of_order",
        ),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>',
            "rows_out_of_order",
        ),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "cells_out_of_order"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "cells_out_of_order"),
        ('<row r="1"><c r="A7"><v>1</v></c></row>', "cells_out_of_order"),
        ('<row r="1"><c r="A0"><v>1</v></c></row>', "bad_cell_reference"),
        ('<row r="1"><c r="１A"><v>1</v></c></row>', "bad_cell_reference"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "damaged_file"),
        ('<row r="1"><c r="A1"><v>1</v>', "damaged_file"),
    ],
)
def test_sheets_that_readers_disagree_on_are_refused(rows, code):
    assert code_of(packed(parts(cells(rows)))) == code


def test_entities_are_never_expanded():
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert (
        code_of(packed(parts(ONE, xl__worksheets__sheet1_xml="") | {"xl/worksheets/sheet1.xml": bomb}))
        == "doctype"
    )


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/activeX/activeX1.xml",
        "xl/macrosheets/sheet1.xml",
        "xl/connections.xml",
    ],
)
def test_active_content_is_refused(name):
    assert code_of(packed(parts(ONE) | {name: b"x"})) == "active_content"


def test_a_macro_type_under_an_innocent_name_is_refused():
    types = TYPES.replace("spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
    assert code_of(packed(parts(ONE) | {"[Content_Types].xml": types})) == "active_content"


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "xl\\evil.xml", "C:evil.xml", "xl/../../evil.xml"]
)
def test_names_that_lead_outside_are_refused(name):
    assert code_of(packed(parts(ONE) | {name: b"x"})) == "bad_part_name"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/worksheets/Sheet1.xml"])
def test_twins_are_refused(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, text in parts(ONE).items():
            archive.writestr(part, text)
        archive.writestr(name, "<x/>")
    assert code_of(out.getvalue()) == "duplicate_part"


def test_two_sheets_of_one_name_or_part_are_refused():
    book = parts(ONE)["xl/workbook.xml"]
    assert isinstance(book, str)
    twin = book.replace("</sheets>", '<sheet name="表" sheetId="2" r:id="r1"/></sheets>')
    assert code_of(packed(parts(ONE) | {"xl/workbook.xml": twin})) == "duplicate_part"


def test_too_many_parts_are_refused():
    assert (
        code_of(packed(parts(ONE) | {f"xl/media/{n}": b"" for n in range(file_limits.PARTS)}))
        == "too_many_parts"
    )


def test_parts_that_share_bytes_are_refused():
    data = bytearray(packed(parts(ONE, xl__media__a="0" * 1000, xl__media__b="0" * 1000)))
    first = data.find(b"PK\x01\x02")
    entries = []
    while first != -1:
        entries.append(first)
        first = data.find(b"PK\x01\x02", first + 1)
    offset = data[entries[-2] + 42 : entries[-2] + 46]
    data[entries[-1] + 42 : entries[-1] + 46] = offset
    assert code_of(bytes(data)) == "overlapping_parts"


def test_encrypted_parts_are_refused():
    data = bytearray(packed(parts(ONE)))
    start = data.find(b"PK\x01\x02")
    data[start + 8] |= 1
    assert code_of(bytes(data)) == "encrypted"


def test_damage_is_refused():
    good = packed(parts(ONE))
    assert code_of(good[:-30]) == "damaged_file"
    assert code_of(b"PK\x03\x04" + b"\0" * 100) == "damaged_file"
    assert code_of(b"not a workbook") == "damaged_file"
    broken = bytearray(good)
    broken[60] ^= 0xFF
    assert code_of(bytes(broken)) == "damaged_file"


def test_old_and_encrypted_workbooks_are_told_apart():
    assert code_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.xls") == "old_workbook"


def test_a_zip_that_is_no_workbook_is_refused():
    assert code_of(packed({"a.txt": "hello"})) == "not_a_workbook"
    word = parts(ONE)["_rels/.rels"]
    assert isinstance(word, str)
    assert (
        code_of(packed(parts(ONE) | {"_rels/.rels": word.replace('officeDocument"', 'metadata"')}))
        == "not_a_workbook"
    )


def test_too_large_a_file_is_refused_unread():
    assert code_of(b"PK" + b"\0" * file_limits.WORKBOOK_BYTES) == "too_large"


def test_a_reader_that_dies_is_a_refusal_and_not_our_death(monkeypatch):
    monkeypatch.setattr("fof.importers.reader.sys.executable", shutil.which("false"))
    assert code_of(packed(parts(ONE))) == "unreadable_within_limits"


def test_a_reader_that_takes_too_long_is_a_refusal(monkeypatch):
    monkeypatch.setattr(file_limits, "READER_WALL_SECONDS", 0.001)
    assert code_of(packed(parts(ONE))) == "unreadable_within_limits"


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ImportRefused) as caught:
        read_file(tmp_path / "无.xlsx")
    assert caught.value.problems[0].code == "no_such_file"


@given(st.binary(max_size=300))
def test_noise_after_the_magic_is_refused_and_never_raises_otherwise(noise):
    from fof.importers.container import Rejected
    from fof.importers.workbook import read

    with pytest.raises(Rejected):
        read(b"PK" + noise)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_flipped_byte_is_read_the_same_or_refused(place_, flip):
    from fof.importers.container import Rejected
    from fof.importers.workbook import read

    good = packed(parts(ONE))
    data = bytearray(good)
    data[place_ % len(data)] ^= flip
    try:
        answer = read(bytes(data))
    except Rejected:
        return
    assert answer == read(good)


# -- csv ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_encodings(encoding):
    file = read_file("编号,名称\nF-01,示例䶮基金\n\n,\n".encode(encoding), "a.csv")
    assert file.is_csv
    assert list(file.sheets[0].rows) == [(1, ["s编号", "s名称"]), (2, ["sF-01", "s示例䶮基金"])]


@pytest.mark.parametrize("data", [b"\xff\xfea\0", "编号".encode("utf-16"), b"a,b\n1,\xff\n", b"a\0b"])
def test_a_wrong_encoding_names_the_byte(data):
    with pytest.raises(ImportRefused) as caught:
        read_file(data, "a.csv")
    assert caught.value.problems[0].code == "wrong_encoding"


def test_the_byte_that_cannot_be_decoded_is_named():
    with pytest.raises(ImportRefused) as caught:
        read_file(b"a,b\n1,\xff\n", "a.csv")
    problem = caught.value.problems[0]
    assert "6" in (problem.found or "")
    assert problem.where.row == 2


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a,b\n1\n2,3\n4,5,6\n", ["ragged_row", "ragged_row"]),
        ("a,b\n1,2\n3,4\n3,4,5\n6,7,\n", ["ragged_row"]),
        ("a;b;c\n1;2;3\n", ["wrong_delimiter"]),
        ("a\tb\tc\n1\t2\t3\n", ["wrong_delimiter"]),
        ('a,b\n"1,2\n', ["malformed_csv"]),
        ('a,b\n"1"x,2\n', ["malformed_csv"]),
        ("," * file_limits.COLUMNS + "a\n", ["too_large"]),
    ],
)
def test_malformed_csv_rows_are_all_told(text, codes):
    sheet = read_file(text.encode(), "a.csv").sheets[0]
    list(sheet.rows)
    assert [p.code for p in sheet.problems] == codes


def test_a_title_above_a_csv_may_be_narrower_and_blank_columns_beside_it_are_none():
    sheet = read_file("某表\na,b,,\n1,2,,\n".encode(), "a.csv").sheets[0]
    assert list(sheet.rows) == [
        (1, ["s某表"]),
        (2, ["sa", "sb", None, None]),
        (3, ["s1", "s2", None, None]),
    ]
    assert sheet.problems == []


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_damaged_utf8_is_not_read_as_another_encoding(mark):
    """The last character lost its third byte and took another's first: as GB18030 every byte would be a character."""
    text = mark + "fund,document\nF1,协议书一\nF1,协议书二".encode()[:-1] + b"\xd1\n"
    if not mark:
        assert text.decode("gb18030")
    with pytest.raises(ImportRefused) as caught:
        read_file(text, "a.csv")
    assert [(p.code, p.where.row) for p in caught.value.problems] == [("wrong_encoding", 3)]
    assert "UTF-8" in caught.value.problems[0].expected.zh


def test_the_child_is_limited():
    """The limits are in force in a process that asks for them."""
    import subprocess
    import sys

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import fof.importers.workbook as w, resource; w.limit_self(); print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0]); x = bytearray(2**31)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [str(file_limits.READER_CPU_SECONDS), "0"]
    assert "MemoryError" in done.stderr
