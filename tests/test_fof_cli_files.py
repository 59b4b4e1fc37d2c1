"""Files in and out through the commands: templates, foreign layouts with a mapping, an export that is the book again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import jsonschema
import pytest

from fof.cli import main
from fof.importers.layouts import LAYOUTS
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

ROOT = Path(__file__).resolve().parents[1]

FOREIGN = """Institution,Partnership,As of,Committed ($m),Drawn ($m),Paid out ($m),NAV ($m),Net IRR %,Printed multiple,House view
Example Retirement,Example Partners I,2025-03-31,100,80.5,60.25,40,12.3,1.25,buy
Example Retirement,Example Partners II,2025-03-31,50,10,0,9.5,-4.0,0.95,hold
"""
MAPPING = """
name = "example_retirement"
layout = "positions"
source = "示例养老金披露格式"
ignore = ["House view"]

[columns]
holder = "Institution"
fund = "Partnership"
day = "As of"
commitment = "Committed ($m)"
called = "Drawn ($m)"
distributed = "Paid out ($m)"
remaining = "NAV ($m)"
stated_irr = "Net IRR %"
stated_multiple = "Printed multiple"

[constants]
document = "示例披露"
multiple_basis = "disclosed"

[units]
commitment = "USD million"
called = "USD million"
distributed = "USD million"
remaining = "USD million"

[shares]
stated_irr = "percent"

[create.holder]
kind = "institution"
constants = { currency = "USD", portfolio = "yes" }

[create.fund]
kind = "sub_fund"
constants = { currency = "USD" }
"""


@pytest.fixture
def fresh(monkeypatch, tmp_path, capsys, sqlite_template):
    """Makes empty books and points the commands at them; gives the address of the newest. The first is a copy, for making one
    takes longer than most of what is asked of it; a second one is made, so that no two have one identity."""
    monkeypatch.delenv("FOF_LANG", raising=False)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))

    def make(name: str) -> str:
        path = tmp_path / f"{name}.sqlite"
        monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{path}")
        if not list(tmp_path.glob("*.sqlite")):
            shutil.copy(sqlite_template, path)
        else:
            assert main(["init"]) == 0
            capsys.readouterr()
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def asked(capsys):
    """Runs a command that must succeed; its JSON document, held against the schema on file where one is named."""

    def ask(*arguments: str, schema: str | None = None, code: int = 0) -> dict:
        assert main([*arguments, "--json"]) == code, capsys.readouterr().err
        found: dict = json.loads(capsys.readouterr().out)
        if schema is not None:
            text = (ROOT / "docs" / "schemas" / f"{schema}.json").read_text(encoding="utf-8")
            jsonschema.Draft202012Validator(json.loads(text)).validate(found)
        return found

    return ask


@pytest.mark.parametrize("layout", list(LAYOUTS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_of_each_layout_is_read_back_as_an_empty_file_of_it(
    fresh, asked, tmp_path, layout, lang
):
    fresh("book")
    file = tmp_path / f"{layout}.xlsx"
    assert main(["template", layout, "-o", str(file), "--lang", lang, "--unit", "万元"]) == 0
    assert not list(tmp_path.glob("*.tmp"))
    found = asked("import", str(file), "--dry-run", schema="import", code=2)
    assert (found["booked"], found["entries"]) == (False, 0)
    title = LAYOUTS[layout].text.of(lang)
    assert [(row["code"], row["sheet"], row["row"]) for row in found["rows"]] == [("empty_file", title, None)]


def test_all_templates_in_one_workbook(fresh, asked, tmp_path, capsys):
    fresh("book")
    file = tmp_path / "all.xlsx"
    assert main(["template", "all", "-o", str(file)]) == 0
    (row,) = asked("import", str(file), "--dry-run", code=2)["rows"]
    assert (row["code"], row["sheet"], row["found"].endswith(f"({len(LAYOUTS)})")) == (
        "empty_file",
        None,
        True,
    )
    assert main(["template", "moon", "-o", str(tmp_path / "moon.xlsx")]) == 2
    assert "capital_calls" in capsys.readouterr().err
    assert not (tmp_path / "moon.xlsx").exists()
    assert main(["template", "parties", "-o", str(tmp_path / "no" / "folder.xlsx")]) == 2


def test_a_foreign_layout_is_mapped_once_kept_and_used_again(fresh, asked, tmp_path, capsys):
    fresh("book")
    foreign, mapping = tmp_path / "2025q1.csv", tmp_path / "example.toml"
    foreign.write_text(FOREIGN, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    assert asked("import", str(foreign), "--layout", "positions", code=2, schema="import")["booked"] is False
    preview = asked("import", str(foreign), "--mapping", str(mapping), "--dry-run", schema="import")
    assert (preview["booked"], preview["entries"] > 0) == (False, True)
    assert asked("journal", "list")["rows"] == []  # a preview keeps nothing, not even the mapping
    done = asked("import", str(foreign), "--mapping", str(mapping), schema="import")
    assert done["booked"] is True
    found = asked("positions", "--holder", "Example Retirement", schema="positions")
    first, second = found["rows"]
    assert (first["called"], first["distributed"], first["remaining"]) == (
        "80500000.00",
        "60250000.00",
        "40000000.00",
    )
    assert (first["stated_multiple"], first["agrees"], first["stated_irr"]) == (
        1.25,
        True,
        pytest.approx(0.123),
    )
    assert (second["tvpi"], found["unit"]) == (pytest.approx(0.95), "USD")
    again = asked("import", str(foreign), "--mapping", "example_retirement", schema="import")
    assert (again["entries"], again["already"] > 0) == (0, True)
    assert main(["import", str(foreign), "--mapping", "never_saved"]) == 2
    assert main(["import", str(foreign), "--mapping", str(tmp_path / "none.toml")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_positions_of_ones_own_are_loaded_with_the_mapping_the_book_keeps(fresh, asked, tmp_path):
    fresh("book")
    foreign, mapping = tmp_path / "2025q1.csv", tmp_path / "example.toml"
    foreign.write_text(FOREIGN, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    asked("import", str(foreign), "--mapping", str(mapping))
    later = tmp_path / "2025q2.csv"
    later.write_text(FOREIGN.replace("2025-03-31", "2025-06-30").replace("80.5", "82"), encoding="utf-8")
    done = asked("seed", "pensions", "--from", str(later), schema="import")
    assert (done["booked"], done["entries"]) == (True, 2)
    rows = asked("positions", "--every-day")["rows"]
    assert [r["called"] for r in rows if r["label"] == "Example Partners I"] == ["80500000.00", "82000000.00"]
    assert asked("seed", "pensions", "--from", str(later))["entries"] == 0
    assert main(["seed", "pensions", "--from", str(tmp_path / "none.csv")]) == 2


@pytest.mark.golden
def test_the_real_positions_of_five_systems_come_with_one_command(fresh, asked, golden):
    fresh("book")
    file = golden / "fund_data" / "us_public_pension_pe.csv"
    done = asked("seed", "pensions", "--from", str(file), schema="import")
    assert done["booked"] is True
    found = asked("positions", "--every-day", schema="positions")
    assert found["positions"] == 1227  # as the issue counts them
    by_holder = {
        h: [r for r in found["rows"] if r["holder"] == h] for h in {r["holder"] for r in found["rows"]}
    }
    compared = {h: sum(r["agrees"] is not None for r in rows) for h, rows in by_holder.items()}
    agreeing = {h: sum(r["agrees"] is True for r in rows) for h, rows in by_holder.items()}
    assert compared == {"CalPERS": 213, "CalSTRS": 181, "NY Common": 348, "Oregon": 185, "WSIB": 112}
    assert agreeing == {"CalPERS": 213, "CalSTRS": 181, "NY Common": 348, "Oregon": 183, "WSIB": 112}
    assert asked("positions", "--every-day", "--exceptions")["exceptions"] == 2
    assert asked("seed", "pensions", "--from", str(file))["entries"] == 0


def office(clerk) -> None:
    """A parent fund in two funds: notices, a transfer, a recallable distribution, a company, statements, a correction."""
    clerk.party("GOV", "government", government_level="province", name="示例省财政厅")
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("CITY", "government", government_level="prefecture", name="示例市财政局")
    for code in ("F1", "F2"):
        clerk.party(code, "sub_fund", name=f"示例{code}", vintage="2020", strategy="angel")
    clerk.party("C1", "company", name="示例企业")
    clerk.pay(K.COMMITMENT, "GOV", "PF", 500, "2019-01-01", fund="PF", entry=EntryKind.COMMITMENT)
    for who, fund, yuan in (("PF", "F1", 100), ("CITY", "F1", 50), ("PF", "F2", 80)):
        clerk.pay(K.COMMITMENT, who, fund, yuan, "2020-01-01", fund=fund, entry=EntryKind.COMMITMENT)
    clerk.pay_many(
        "2020-02-01",
        [(K.CALL_DUE, "PF", "F1", 45), (K.CALL_DUE, "CITY", "F1", 20)],
        fund="F1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "2020-01", "2020-03-01"),
    )
    clerk.deal("F1", "C1", "initial", 30, "2020-04-01", share=0.2, round="A")
    clerk.mark("F1", "C1", 36, "2020-12-31")
    clerk.mark("PF", "F1", 46, "2020-12-31")


def test_an_export_is_the_book_again_and_books_nothing_twice(
    fresh, asked, tmp_path, clerk, monkeypatch, capsys
):
    office(clerk)
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    questions = [
        ("performance", "--as-of", "2020-12-31"),
        ("commitments", "--as-of", "2020-12-31"),
        ("commitments", "--by", "stake", "--as-of", "2020-12-31"),
        ("lookthrough", "PF", "--as-of", "2020-12-31"),
        ("overview", "--as-of", "2020-12-31"),
        ("statement", "F1", "--from", "2020-01-01", "--as-of", "2020-12-31"),
    ]
    before = {q: asked(*q) for q in questions}
    file = tmp_path / "export.xlsx"
    assert main(["export", "-o", str(file)]) == 0
    assert "已写入" in capsys.readouterr().err
    fresh("second")
    done = asked("import", str(file), schema="import")
    assert done["booked"] is True
    for question in questions:
        after = asked(*question)
        assert {k: v for k, v in after.items() if k != "known_at"} == {
            k: v for k, v in before[question].items() if k != "known_at"
        }, question
    head = asked("journal", "list")["known_at"]
    again = asked("import", str(file), schema="import")
    assert again["entries"] == 0
    assert again["already"] >= done["entries"]  # counted by statement: an entry may hold several
    assert asked("journal", "list")["known_at"] == head


def test_a_posting_that_was_changed_behind_the_guards_is_found(fresh, asked, clerk, monkeypatch, tmp_path):
    office(clerk)
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    assert asked("verify", schema="verify")["ok"] is True
    with sqlite3.connect(clerk.database.path) as raw:
        names = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'posting'"
        ).fetchall()
        for (name,) in names:
            raw.execute(f"DROP TRIGGER {name}")
        [(entry,)] = raw.execute("SELECT entry FROM posting WHERE kind = ?", [int(K.INVESTMENT)]).fetchall()
        raw.execute("UPDATE posting SET fen = fen - 1 WHERE entry = ?", [entry])
    found = asked("verify", schema="verify", code=3)
    assert (found["ok"], found["first_bad"]) == (False, entry)
    assert found["wrong"]
    assert {r["check"] for r in found["rows"] if not r["ok"]} >= {"leaves", "guards"}
