"""An index is read through the door of every file: encodings, workbooks, dates, numbers."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter

from fof.cli import main
from fof.errors import ImportRefused
from fof.figures.performance.market import read_index
from fof.ledger import to_date

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "books"
ROWS = [("2020-01-15", "100"), ("2020-09-30", "1,250.5"), ("2020-12-31", "110")]


def levels(path: Path) -> list[tuple[str, float]]:
    found = read_index(path)
    return [(str(to_date(int(d))), float(x)) for d, x in zip(found.days, found.levels, strict=True)]


WANTED = [("2020-01-15", 100.0), ("2020-09-30", 1250.5), ("2020-12-31", 110.0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("head", ["日期,点位", "date,close", "交易日,收盘价", "day,level", None])
@pytest.mark.parametrize("sign", ["-", "/", "."])
def test_a_csv_in_any_encoding_with_any_known_header_or_none(tmp_path, encoding, head, sign):
    lines = [f'{day.replace("-", sign)},"{level}"' for day, level in ROWS]
    path = tmp_path / "i.csv"
    path.write_bytes("\n".join([*([] if head is None else [head]), *lines]).encode(encoding))
    assert levels(path) == WANTED


@pytest.mark.parametrize("name", ["i.xlsx", "i.csv"])
def test_a_workbook_whatever_it_is_called(tmp_path, name):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet("指数"), book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_row(0, 0, ["日期", "点位"])
        for number, (text, level) in enumerate(WANTED, 1):
            sheet.write_datetime(number, 0, dt.datetime.fromisoformat(text), day)
            sheet.write_number(number, 1, level)
    (tmp_path / name).write_bytes(out.getvalue())
    assert levels(tmp_path / name) == WANTED


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("日期,点位\n2020-01-15,0\n", "bad_index", 2),
        ("日期,点位\n2020-01-15,-5\n", "negative", 2),
        ("日期,点位\n2020-01-15,5\n2020/1/15,6\n", "bad_index", 3),
        ("日期,点位\n2020-01-15,x\n", "not_a_number", 2),
        ("日期,点位\n15/1/2020,5\n", "not_a_date", 2),
        ("日期,点位\n2020-01-15,#N/A\n", "error_cell", 2),
        ("日期,点位\n2020-01-15,\n", "required", 2),
        ("日期,点位,成交量\n2020-01-15,5,6\n", "unknown_header", 1),
        ("日期,点位\n", "empty_sheet", None),
        ("", "empty_sheet", None),
    ],
)
def test_what_is_wrong_is_refused_with_its_row(tmp_path, text, code, row):
    path = tmp_path / "i.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        read_index(path)
    assert [(p.code, p.where.row) for p in caught.value.problems] == [(code, row)]


@pytest.fixture
def funds(database, monkeypatch, tmp_path, capsys):
    """A book of one fund with flows and a value, for the commands; on both engines."""
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FOF_DATABASE_URL", database.url.render_as_string(hide_password=False))
    for file in ("base.xlsx", "08-nav-and-flows/base_flows.xlsx", "08-nav-and-flows/v_all.csv"):
        assert main(["import", str(CASES / file)]) == 0
    capsys.readouterr()


@pytest.mark.golden
@pytest.mark.parametrize("file", ["gbk.csv", "slash.csv"])
def test_an_index_of_a_foreign_program_is_read(funds, capsys, file):
    assert main(["performance", "--as-of", "2020-12-31", "--index", str(CASES / "22-pme-index" / file)]) == 0
    assert "1.00x" in capsys.readouterr().out


@pytest.mark.golden
def test_a_workbook_that_is_no_index_is_refused_in_the_language_asked_for(funds, capsys):
    wrong = str(CASES / "22-pme-index" / "xlsx.csv")
    assert main(["performance", "--as-of", "2020-12-31", "--index", wrong, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "xlsx.csv" in said
    assert "not a column of Index" in said
    assert "缺少" not in said
