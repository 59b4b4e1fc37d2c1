"""What an officer reads: words instead of codes, known parts labelled, reasons with their rows, near codes, opened figures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from fof.cli import main
from fof.cli.document_text import lines, number
from fof.cli.schemas import documents
from fof.cli.text_width import folded_text, width_of
from fof.figures.answers import Answer, Document
from fof.figures.register import closed_lists
from models.kinds import Strategy
from models.text import Text

ROOT = Path(__file__).resolve().parents[1]
DAY = ("--as-of", "2026-09-30")


@pytest.fixture
def demo_book(demo_file, monkeypatch, tmp_path):
    """The demo office behind the commands, for reading."""
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("FOF_LANG", raising=False)


def table(capsys, *arguments: str, code: int = 0) -> str:
    assert main(list(arguments)) == code
    return str(capsys.readouterr().out)


def document(capsys, schema: str, *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    found: dict = json.loads(capsys.readouterr().out)
    on_file = json.loads((ROOT / "docs" / "schemas" / f"{schema}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(on_file).validate(found)
    return found


# -- the table itself ---------------------------------------------------------------------------------------------

SMALL = Document(
    "small",
    Text("小表", "Small"),
    "",
    ("name", "state", "amount", "age", "more"),
    reasons=frozenset({"amount"}),
    spare=("age", "more"),
    meaning={"state": "content", "age": "days", "more": "count"},
)


class Asked:
    """What a table needs to know of a command."""

    def __init__(self, language: str = "zh") -> None:
        self.language, self.unit, self.json = language, "万元", False


def small(rows: list[dict], **more: object) -> Answer:
    return Answer(SMALL, rows, None, 7, "CNY", **more)


def shown(rows: list[dict], width: int | None = None, language: str = "zh", **more: object) -> list[str]:
    from fof import words

    words.use(language)
    found = list(lines(small(rows, **more), Asked(language), width))  # type: ignore[arg-type]
    words.use("zh")
    return found


ROWS = [
    {"name": "示例一号创业投资基金", "state": "late", "amount": 123_456_78, "age": 12, "more": 1},
    {"name": "F2", "state": "other", "amount": 1_00, "age": 3, "more": None},
]


def test_columns_line_up_where_a_character_takes_two_cells():
    heading, titles, first, second = shown(ROWS)
    assert heading == "小表　已知至分录 7　万元"
    assert width_of(titles) == width_of(first)
    assert first.index("逾期")
    assert "other" in second
    assert first.split()[2] == "12.35"
    assert [line.endswith(" ") for line in (titles, first, second)] == [False, False, False]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Paid-in rate of all", ["Paid-in", "rate of", "all"]),
        ("Compliance", ["Compliance"]),
        ("示例龙江 现代产业", ["示例龙江", "现代产业"]),
        ("示例龙江现代产业", ["示例龙江现", "代产业"]),
        ("abcdefghijklm", ["abcdefghij", "klm"]),
    ],
)
def test_a_cell_is_parted_between_words(text, pieces):
    assert folded_text(text, 10) == pieces


def test_a_narrow_terminal_loses_spare_columns_first_and_folds_the_rest():
    wide = width_of(shown(ROWS)[1])
    one_less = shown(ROWS, wide - 1)
    assert "天数" not in one_less[1]
    assert "数量" in one_less[1]
    assert "未列出：天数；" in one_less[-1]
    narrow = shown(ROWS, 36)
    assert "未列出：天数、数量；" in narrow[-1]
    assert max(map(width_of, narrow[1:-1])) <= 36
    assert "".join(line[:5].strip() for line in narrow[2:5]).startswith("示例一号")  # folded, nothing is lost


def test_dashes_come_with_their_reason_their_column_and_their_rows():
    from fof.book.reading import Reason

    why = {"reasons": {"amount": Reason("x", Text("尚无报告", "no report yet"))}}
    rows = [{"name": "A", "key": "A1", **why}, {"name": "B", "key": "B1", "amount": 1, **why}]
    assert shown(rows)[-1] == "— 金额：尚无报告（A1）"
    assert shown(rows, language="en")[-1] == "— Amount: no report yet (A1)"
    many = [{"name": str(n), "key": str(n), **why} for n in range(5)]
    assert shown(many)[-1] == "— 金额：尚无报告（5 行）"


def test_a_column_that_nobody_fills_and_nobody_explains_is_left_out():
    assert "金额" not in shown([{"name": "A"}])[1]
    assert shown([]) == ["小表　已知至分录 7　万元", "（没有记录）"]


def test_rows_beneath_notes_and_other_texts_are_for_people_only(capsys):
    rows = [
        {"name": "A", "amount": None, "under": {"name": "└ 其中", "amount": 100}, "texts": {"state": "照此"}}
    ]
    found = shown(rows, notes=["末行"])
    assert found[-1] == "末行"
    assert found[2].split() == ["A", "照此", "—"]
    assert found[3].split() == ["└", "其中", "—", "0.00"]
    assert small(rows).json()["rows"] == [
        {
            "name": "A",
            "state": None,
            "currency": "CNY",
            "amount": None,
            "amount_reason": None,
            "age": None,
            "more": None,
        }
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.000700219, "0.0007"),
        (-0.00001, "-1e-05"),
        (12.5, "12.5"),
        (1234567.0, "1,234,567"),
        (0.05, "0.05"),
    ],
)
def test_numbers_are_short_and_never_rounded_to_nought(value, text):
    assert number(value) == text


# -- figures with a missing part ----------------------------------------------------------------------------------


def test_a_total_with_a_missing_part_shows_the_known_part_labelled(demo_book, capsys):
    found = document(capsys, "performance", "performance", "--portfolio", "Oregon", *DAY)
    total = found["rows"][-1]
    assert (total["by"], total["nav"], total["tvpi"], total["known_tvpi"] is None) == (
        "portfolio",
        None,
        None,
        False,
    )
    assert total["dpi"] == pytest.approx(float(total["distributed"]) / float(total["paid_in"]))
    missing = [r for r in found["rows"][:-1] if r["nav"] is None]
    assert total["missing"].split(";") == [r["key"] for r in missing]
    assert total["missing_count"] == len(missing) == 2
    assert float(total["missing_paid_in"]) == sum(float(r["paid_in"]) for r in missing)
    assert total["missing_share"] == pytest.approx(float(total["missing_paid_in"]) / float(total["paid_in"]))
    valued = [r for r in found["rows"][:-1] if r["nav"] is not None]
    assert float(total["known_nav"]) == pytest.approx(sum(float(r["nav"]) for r in valued))
    assert total["known_tvpi"] == pytest.approx(total["known_dpi"] + total["known_rvpi"])
    assert all(r["missing"] is None for r in valued)
    text = table(capsys, "performance", "--portfolio", "Oregon", *DAY)
    [beneath] = [line for line in text.splitlines() if "└ 其中有净值的部分" in line]
    assert beneath.split()[-2] == f"{total['known_tvpi']:.2f}x"
    [note] = [line for line in text.splitlines() if line.startswith("└ Oregon：2 项没有净值")]
    assert all(r["key"] in note for r in missing)
    assert f"{100 * total['missing_share']:.2f}%" in note


def test_an_early_day_shows_unknown_totals_and_known_parts_too(demo_book, capsys):
    rows = document(capsys, "performance", "performance", "--as-of", "2012-11-30")["rows"]
    total = next(r for r in rows if r["by"] == "portfolio")
    assert (total["nav"], total["nav_reason"] is not None) == (None, True)
    assert total["dpi"] is not None
    assert total["missing_count"] >= 1 or total["known_nav"] is None


def test_the_index_stands_in_the_table_where_it_is_asked_for(demo_book, capsys, tmp_path):
    index = tmp_path / "示例指数.csv"
    index.write_text(
        "day,level\n"
        + "".join(
            f"{y}-{m:02d}-{d},{1000 + 10 * (y - 2010)}\n"
            for y in range(2010, 2027)
            for m in range(1, 13)
            for d in ("07", "14", "21", "28")
        ),
        encoding="utf-8",
    )
    assert "KS-PME" not in table(capsys, "performance", *DAY)
    assert "KS-PME" in table(capsys, "performance", "--index", str(index), *DAY)
    found = document(capsys, "performance", "performance", "--index", str(index), *DAY)
    assert any(r["ks_pme"] is not None for r in found["rows"])


# -- words --------------------------------------------------------------------------------------------------------

TABLES = [
    ("performance", "--by", "strategy", *DAY),
    ("commitments", *DAY),
    ("commitments", "--by", "investor", *DAY),
    ("lookthrough", "PF-2023", *DAY),
    ("lookthrough", "SF-2012-02", "--owners", *DAY),
    ("statement", "SF-2020-01", *DAY),
    ("overview",),
    ("fund", "SF-2020-01", *DAY),
    ("positions", "--exceptions"),
    ("journal", "list", "--limit", "20"),
    ("journal", "show", "12141"),
    ("explain", "tvpi", "--fund", "SF-2022-02", *DAY),
]


@pytest.mark.parametrize("arguments", TABLES, ids=lambda a: " ".join(a))
def test_no_code_of_the_program_stands_in_a_chinese_table(demo_book, capsys, arguments):
    keys = {
        "",
        "fund",
        *(strategy.value for strategy in Strategy),
    }  # what is not recorded has no code; groups stand by theirs
    codes = {code for members in closed_lists().values() for code in members} - keys
    cells = set(re.split(r"[\s：（）]+", table(capsys, *arguments)))
    assert not cells & codes
    assert "True" not in cells
    assert "None" not in cells
    assert "nan" not in cells


@pytest.mark.parametrize("arguments", TABLES, ids=lambda a: " ".join(a))
def test_titles_of_an_english_table_are_english(demo_book, capsys, arguments):
    text = table(capsys, *arguments, "--lang", "en")
    titles = {s.figure.text.zh for d in documents().values() for s in (*d.slots, *d.head_slots)} - {
        "IRR",
        "DPI",
        "RVPI",
        "TVPI",
        "KS-PME",
        "估值",  # also the name of a sheet that entries were read from
    }
    assert not set(text.split()) & titles
    assert "：" not in text.splitlines()[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_of_an_entry_is_said_in_words(demo, language):
    from fof import ledger
    from fof.book.contents import content_text
    from models.journal import ROW_TABLES
    from models.rows import ROW_CLASSES

    journal = ledger.read(demo)
    view = journal.view()
    said = set()
    for table in (t.table.name for t in ROW_TABLES if t.tag != b"P"):
        columns = {f"{name}=" for name in ROW_CLASSES[table]._fields} | {"_nano", "None"}
        for record in journal.rows(table)[:200]:
            text = content_text(view, table, record.row, language)
            assert text
            assert not any(name in text for name in columns), text
            said.add(table)
    assert said >= {"party", "fact", "deal", "mark", "edge", "notice", "position"}


def test_help_speaks_one_language(capsys, monkeypatch):
    for language, word, other in (
        ("zh", "业绩", "Returns at any node"),
        ("en", "Returns at any node", "业绩"),
    ):
        monkeypatch.setenv("FOF_LANG", language)
        text = table(capsys, "--help")
        assert word in text
        assert other not in text
        text = table(capsys, "performance", "--help")
        assert ("截至日" in text, "as-of day" in text) == (language == "zh", language == "en")


def test_a_fund_is_told_in_sections_without_notices_that_are_settled(demo_book, capsys):
    text = table(capsys, "fund", "SF-2022-02", *DAY)
    order = [text.index(title) for title in ("现行条款（", "现金（", "被投企业（", "文件（")]
    assert order == sorted(order)
    assert re.search(r"已缴清的通知 \d+ 份未列出；--all", text)
    assert text.count("\n") < table(capsys, "fund", "SF-2022-02", "--all", *DAY).count("\n")
    rows = document(capsys, "fund", "fund", "SF-2022-02", *DAY)["rows"]
    calls = [r for r in rows if r["part"] == "call"]
    assert all(r["cost"] is None and r["open"] is not None for r in calls)
    assert any(r["value"] == "paid" for r in calls)  # the document holds every notice


def test_what_is_looked_through_to_comes_largest_first(demo_book, capsys):
    text = table(capsys, "lookthrough", "PF-2023", *DAY)
    values = [
        float(line.split()[-1].replace(",", "")) for line in text.splitlines() if line.startswith("QY-")
    ]
    assert values == sorted(values, reverse=True)
    assert len(values) > 20
    assert re.search(r"已无份额与价值的 \d+ 项未列出", text)
    assert table(capsys, "lookthrough", "PF-2023", "--all", *DAY).count("\nQY-") == len(
        [
            r
            for r in document(capsys, "lookthrough", "lookthrough", "PF-2023", *DAY)["rows"]
            if r["kind"] == "company"
        ]
    )


# -- wrong questions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("fund", "SF-2011"), "SF-2011-01 示例龙科创业投资基金"),
        (("fund", "sf-2011-01"), "SF-2011-01 示例龙科创业投资基金"),
        (("fund", "龙科"), "SF-2011-01 示例龙科创业投资基金"),
        (("performance", "--fund", "SF-2O22-02"), "SF-2022-02"),
        (("performance", "--portfolio", "PF2023"), "PF-2023"),
        (("fund", "QY-0001"), "企业"),
        (("performance", "--by", "moon"), "strategy"),
        (("lookthrough", "PF-2023", "--base", "units"), "paid_in"),
        (("explain", "alpha"), "gov_looked_through"),
        (("explain", "gov_direct"), "--fund"),
        (("explain", "exposure_share"), "--of"),
        (("explain", "nav", "--by", "strategy"), "angel"),
        (("explain", "nav", "--by", "strategy", "--key", "moon"), "angel 天使"),
        (("explain", "nav", "--fund", "PF-2023"), "组合内的基金"),
        (("statement", "SF-2020-01", "--investor", "GOV-230100"), "GOV-230900"),
        (("explain", "exposure_share", "--of", "PF-2023"), "PF-2023"),
        (("performance", "--as-of", "2026-02-30"), "2026-09-30"),
        (("performance", "--known-at", "-1"), "--known-at"),
        (("performance", "--known-at", "9999999"), "9999999"),
        (("commitments", "--bogus"), "没有选项 --bogus"),
        (("statement",), "缺少参数"),
        (
            ("users", "add", "U1", "boss", "--login", "x"),
            "参数值不对：ROLE …：boss 不在其中",
        ),
        (("perfomance",), "performance"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, tuple) else "",
)
def test_a_wrong_question_is_answered_with_what_would_be_right(demo_book, capsys, arguments, told):
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Traceback" not in err
    assert err.count("\n") < 6


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FOF_LANG", "de", "'zh' or 'en'"),
        ("FOF_DATABASE_URL", "mysql://somebody:secret@host/book", "postgresql://"),
        ("FOF_DATABASE_URL", "book.sqlite", "sqlite:///"),
    ],
)
def test_a_wrong_setting_is_the_users_to_correct(demo_book, capsys, monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    assert main(["performance"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert name in err
    assert told in err
    assert "Traceback" not in err
    assert "secret" not in err


# -- opened figures -----------------------------------------------------------------------------------------------

OPENED = [
    ("committed", "--by", "investor", "--key", "GOV-231000"),
    ("called", "--fund", "SF-2025-01"),
    ("paid_in", "--by", "stake", "--key", "SF-2011-01|PF-2023"),
    ("distributed", "--by", "vintage", "--key", "2019"),
    ("unfunded",),
    ("overdue", "--by", "investor", "--key", "SO-07"),
    ("nav", "--fund", "SF-2019-02"),
    ("dpi", "--by", "strategy", "--key", "angel"),
    ("tvpi",),
    ("irr", "--fund", "SF-2022-02"),
    ("paid_in_rate", "--by", "manager", "--key", "MG-09"),
    ("gov_direct", "--fund", "SF-2022-02"),
    ("gov_looked_through", "--fund", "SF-2022-02"),
    ("gov_with_soe", "--fund", "SF-2012-02"),
    ("leverage_a",),
    ("leverage_b",),
    ("leverage_c", "--fund", "SF-2018-02"),
    ("exposure_share", "--of", "QY-0187"),
    ("exposure_cost", "--of", "QY-0168"),
    ("exposure_value", "--of", "QY-0232"),
    ("exposure_share", "--of", "SF-2012-02"),
    ("tvpi", "--portfolio", "Oregon"),
    ("tvpi", "--portfolio", "Oregon", "--fund", "KKR 2006 Fund"),
    ("nav", "--known-at", "15000"),
    ("paid_in", "--by", "direct"),
    ("irr", "--by", "combined"),
]


@pytest.mark.parametrize("arguments", OPENED, ids=lambda a: " ".join(a))
def test_every_figure_opens_down_to_entry_document_sheet_and_row(demo_book, capsys, arguments):
    found = document(capsys, "explain", "explain", *arguments, *DAY)
    assert found["rows"]
    derived = {"path", "owner", "holding", "share"}  # worked out from rows that stand beside them
    assert {r["table"] for r in found["rows"]} - derived
    for row in found["rows"]:
        if row["table"] not in derived:
            assert row["entry"] is not None
        if row["entry"] is not None:
            assert row["document"]
            assert re.search(r"\.(xlsx|csv) · .*#\d+$", row["source"]), row
    known = document(capsys, "explain", "explain", *arguments, *DAY)["known_at"]
    assert all(r["entry"] is None or r["entry"] <= known for r in found["rows"])
    text = table(capsys, "explain", *arguments, *DAY)
    assert "公式：" in text


def test_what_is_looked_through_adds_up(demo_book, capsys):
    rows = {r["key"]: r for r in document(capsys, "lookthrough", "lookthrough", "PF-2023", *DAY)["rows"]}
    for code in ("QY-0187", "QY-0232", "QY-0168"):
        for figure in ("cost", "value"):
            found = document(capsys, "explain", "explain", f"exposure_{figure}", "--of", code, *DAY)
            assert found["amount"] == rows[code][figure]
            held = [r for r in found["rows"] if r["table"] == "holding"]
            assert sum(round(100 * float(r["amount"])) for r in held) == round(100 * float(found["amount"]))
        share = document(capsys, "explain", "explain", "exposure_share", "--of", code, *DAY)
        assert share["value"] == pytest.approx(rows[code]["share"])
        assert sum(r["share"] for r in share["rows"] if r["table"] == "path") == pytest.approx(share["value"])


def test_a_shared_line_of_a_capital_account_opens_to_the_funds_own_rows(demo_book, capsys):
    question = (
        "statement",
        "SF-2020-01",
        "--investor",
        "PF-2023",
        "--from",
        "2025-12-31",
        "--open",
        "management_fee",
    )
    found = document(capsys, "explain", *question, *DAY)
    shares = [r for r in found["rows"] if r["table"] == "share"]
    fees = [r for r in found["rows"] if r["table"] == "posting"]
    assert [r["amount"] for r in shares] == [found["amount"]]
    assert all(r["source"] for r in fees)
    assert fees
    assert abs(sum(float(r["amount"]) for r in fees) * shares[0]["share"] - float(found["amount"])) < 0.01
