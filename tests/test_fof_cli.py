"""The command line: documents that fit their schemas, refusals with their exit codes, what scripts rely on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from fof.cli import main
from fof.cli.schemas import documents, schema, schemas, texts
from fof.ledger.verify import Check, Verification, verify
from models.journal import Position
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.text import Text

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def office(clerk, offices, monkeypatch, tmp_path):
    """A parent fund with 100 in F1 and 40 paid, a company, and a pension with one position."""
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("FOF_LANG", raising=False)
    return offices.furnished(clerk, furnished)


def furnished(clerk):
    clerk.party("GOV", "government", government_level="province", name="示例省财政厅")
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例一号", vintage="2020", strategy="angel", cash_kept="yes")
    clerk.party("C1", "company", name="示例企业")
    clerk.pay(K.COMMITMENT, "GOV", "PF", 500, "2019-01-01", fund="PF")
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", fund="F1")
    clerk.pay_many(
        "2020-02-01",
        [(K.CALL_DUE, "PF", "F1", 45)],
        fund="F1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "2020-01", "2020-03-01"),
    )
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 40, "2020-02-20", fund="F1")
    clerk.deal("F1", "C1", "initial", 30, "2020-04-01", share=0.2, round="A")
    clerk.mark("F1", "C1", 36, "2020-12-31")
    clerk.mark("PF", "F1", 46, "2020-12-31")
    clerk.party("LP", "institution", portfolio="yes", currency="USD")
    clerk.party("X", "sub_fund", currency="USD")
    for day, called in (("2024-03-31", 80), ("2025-03-31", 90)):
        clerk.rows(
            EntryKind.POSITION_STATEMENT,
            day,
            lambda v, c=called: [
                Position(
                    v.party("LP").id,
                    v.party("X").id,
                    100_00,
                    c * 100,
                    60_00,
                    40_00,
                    "0.1",
                    "1.25",
                    "disclosed",
                )
            ],
        )


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def document(capsys, *arguments: str) -> dict:
    """The JSON document of a command, held against its schema."""
    code, out, _ = run(capsys, *arguments, "--json")
    assert code == 0
    found = json.loads(out)
    name = {"list": "journal", "show": "entry", "changes": "changes"}.get(
        arguments[1] if len(arguments) > 1 else "", arguments[0]
    )
    if arguments[0] == "commitments" and "--look-through" in arguments:
        name = "lookthrough"
    if arguments[0] == "lookthrough" and "--owners" in arguments:
        name = "paths"
    if "--roll-from" in arguments:
        name = "roll"
    if arguments[0] in ("reverse",):
        name = "booking"
    jsonschema.Draft202012Validator(schema(documents()[name])).validate(found)
    return found


DAY = ("--as-of", "2020-12-31")


@pytest.mark.parametrize(
    "arguments",
    [
        ("performance", *DAY),
        ("performance", *DAY, "--by", "vintage,strategy,investor"),
        ("performance", *DAY, "--fund", "F1"),
        ("performance", *DAY, "--portfolio", "LP"),
        ("commitments", *DAY),
        ("commitments", *DAY, "--by", "investor"),
        ("commitments", *DAY, "--look-through"),
        ("lookthrough", "PF", *DAY),
        ("lookthrough", "C1", "--owners", *DAY),
        ("statement", "F1", "--from", "2019-12-31", *DAY),
        ("statement", "F1", "--investor", "PF", "--from", "2019-12-31", *DAY),
        ("explain", "nav", *DAY),
        ("explain", "tvpi", "--fund", "F1", *DAY),
        ("explain", "gov_looked_through", "--fund", "F1", *DAY),
        ("explain", "leverage_c", *DAY),
        ("overview", *DAY),
        ("fund", "F1", *DAY),
        ("positions",),
        ("positions", "--every-day", "--exceptions"),
        ("positions", "--holder", "LP", "--roll-from", "2024-03-31"),
        ("journal", "list"),
        ("journal", "show", "6"),
        ("journal", "changes", "--from", "9", *DAY),
    ],
    ids=lambda a: " ".join(a),
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_document_fits_its_schema_and_every_table_prints(office, capsys, arguments, lang):
    found = document(capsys, *arguments, "--lang", lang)
    assert isinstance(found["known_at"], int)
    code, out, _ = run(capsys, *arguments, "--lang", lang)
    assert code == 0
    assert out.strip()


def test_figures_as_scripts_read_them(office, capsys):
    found = document(capsys, "performance", *DAY)
    row = found["rows"][0]
    assert (found["as_of"], found["unit"], found["portfolio"]) == ("2020-12-31", "CNY", "PF")
    assert (row["key"], row["committed"], row["paid_in"], row["nav"]) == ("F1", "100.00", "40.00", "46.00")
    assert (row["dpi"], row["rvpi"], row["tvpi"]) == (0.0, 1.15, 1.15)
    assert row["irr_status"] == "one"
    assert (row["irr_reading"], row["irr_period"]) == (None, pytest.approx(0.15))
    _, table, _ = run(capsys, "performance", *DAY)
    assert "期间回报" in table
    assert "* 存续不足一年" in table
    assert found["rows"][-1]["by"] == "portfolio"
    before = document(capsys, "performance", "--as-of", "2020-06-30")["rows"][0]
    assert (before["nav"], before["nav_reason"]) == (None, "尚无净值报告")
    assert before["tvpi"] is None
    assert document(capsys, "performance", "--as-of", "2020-06-30", "--lang", "en")["rows"][0][
        "nav_reason"
    ] == ("no statement of value yet")


def test_commitments_carry_government_share_and_leverage(office, capsys):
    found = document(capsys, "commitments", *DAY)
    fund, total = found["rows"]
    assert (fund["overdue"], fund["unfunded"], fund["called"]) == ("5.00", "60.00", "45.00")
    assert (fund["gov_direct"], fund["gov_looked_through"], fund["gov_province"]) == (1.0, 1.0, 1.0)
    assert (total["leverage_a"], total["leverage_b"], total["leverage_c"]) == (1.0, 0.0, 0.3)


def test_a_statement_closes_in_the_document_too(office, capsys):
    found = document(capsys, "statement", "F1", "--from", "2019-12-31", *DAY)
    *lines, closing = [Decimal(r["amount"]) for r in found["rows"]]
    assert sum(lines) == closing == Decimal("46.00")
    assert found["residual"] == "0.00"


def test_a_line_of_a_statement_opens_to_its_postings(office, capsys):
    question = ("statement", "F1", "--from", "2019-12-31", *DAY)
    for line in ("call_investment", "unrealised", "closing"):
        code, out, _ = run(capsys, *question, "--open", line, "--json")
        assert code == 0
        found = json.loads(out)
        jsonschema.Draft202012Validator(schema(documents()["explain"])).validate(found)
        assert sum(Decimal(r["amount"]) for r in found["rows"]) == Decimal(found["amount"])
    assert run(capsys, *question, "--open", "moon")[0] == 2


def test_an_explanation_adds_up_to_the_figure(office, capsys):
    found = document(capsys, "explain", "nav", "--fund", "F1", *DAY)
    assert sum(Decimal(r["amount"]) for r in found["rows"]) == Decimal(found["amount"]) == Decimal("46.00")
    assert all(r["document"] for r in found["rows"])


def test_known_at_prints_the_former_figure_to_the_byte(office, capsys):
    known = str(document(capsys, "performance", *DAY)["known_at"])
    before = run(capsys, "performance", *DAY, "--json")[1]
    office.mark("PF", "F1", 40, "2020-12-31")
    assert document(capsys, "performance", *DAY)["rows"][0]["nav"] == "40.00"
    assert run(capsys, "performance", *DAY, "--known-at", known, "--json")[1] == before


def test_a_reversal_from_the_command_line(office, capsys):
    entry = office.pay(K.CALL_INVESTMENT, "PF", "F1", 5, "2020-03-20", fund="F1")
    done = document(capsys, "reverse", str(entry), "--why", "金额有误")
    assert done["rows"] == [{"entry": entry + 1, "state": "booked"}]
    again = document(capsys, "reverse", str(entry), "--why", "金额有误")
    assert again["rows"] == [{"entry": entry + 1, "state": "already"}]
    assert run(capsys, "reverse", str(entry), "--why", " ")[0] == 2
    shown = document(capsys, "journal", "show", str(entry))
    assert shown["reversed_by"] == entry + 1
    told = document(capsys, "journal", "changes", "--from", str(entry), *DAY)
    assert [(r["what"], r["entry"]) for r in told["rows"] if r["entry"]] == [
        ("reversed", entry),
        ("added", entry + 1),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("performance", "--by", "moon"),
        ("performance", "--portfolio", "NOBODY"),
        ("performance", "--fund", "X", *DAY),
        ("performance", "--known-at", "999"),
        ("performance", "--as-of", "yesterday"),
        ("commitments", "--bogus"),
        ("explain", "alpha"),
        ("explain", "gov_direct"),
        ("statement", "F1", "--from", "2020-12-31", *DAY),
        ("lookthrough", "PF", "--base", "units"),
        ("positions", "--holder", "LP", "--roll-from", "2023-01-01"),
        ("journal", "show", "999"),
        ("journal", "list", "--amount", "1.234"),
        ("journal", "list", "--kind", "moon"),
        ("template", "moon", "-o", "x.xlsx"),
        ("nothing",),
    ],
    ids=lambda a: " ".join(a),
)
def test_wrong_questions_are_refused_and_stdout_stays_empty(office, capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


def test_a_book_that_is_not_there_says_what_to_do(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'none' / 'book.sqlite'}")
    code, out, err = run(capsys, "performance")
    assert (code, out) == (4, "")
    assert "fof init" in err


def test_init_makes_a_book_that_can_be_asked(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'book.sqlite'}")
    assert run(capsys, "init")[0] == 0
    assert run(capsys, "init")[0] == 0
    assert document(capsys, "journal", "list")["rows"] == []
    assert run(capsys, "performance")[0] == 2  # no portfolio yet, and it says so


def test_seeding_leaves_a_book_of_ones_own_alone(office, capsys):
    before = document(capsys, "journal", "list")["known_at"]
    for which in ("demo", "pensions"):
        code, out, err = run(capsys, "seed", which, "--if-empty", "--json")
        assert code == 0
        assert json.loads(out)["booked"] is False
        assert "未载入" in err
    assert document(capsys, "journal", "list")["known_at"] == before


def test_the_shipped_positions_come_with_one_command(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{tmp_path / 'p.sqlite'}")
    run(capsys, "init")
    code, out, _ = run(capsys, "seed", "pensions", "--if-empty", "--json")
    assert code == 0
    assert json.loads(out)["entries"] > 60
    found = document(capsys, "positions")
    assert found["positions"] == found["agreeing"] + found["exceptions"] + (
        found["positions"] - found["compared"]
    )
    assert {r["holder"] for r in found["rows"]} == {"Oregon", "WSIB"}
    assert found["unit"] == "USD"
    assert run(capsys, "seed", "pensions", "--if-empty")[0] == 0
    code, out, _ = run(capsys, "seed", "pensions", "--json")
    assert (json.loads(out)["entries"], json.loads(out)["already"] > 60) == (0, True)


def test_a_book_is_verified_and_a_damaged_one_ends_in_three(office, capsys, monkeypatch):
    found = document(capsys, "verify")
    assert (found["ok"], found["first_bad"]) == (True, None)
    assert len(found["root"]) == 64
    assert {r["ok"] for r in found["rows"]} == {True}
    head = document(capsys, "journal", "list")["known_at"]
    assert found["entries"] == head

    real = verify(office.database)

    def damaged(_database: object) -> Verification:
        return replace(
            real,
            first_bad=7,
            wrong=Text("叶哈希不符", "leaf"),
            checks=(Check("leaves", False, Text("分录 7", "entry 7")),),
        )

    monkeypatch.setattr("fof.ledger.verify.verify", damaged)
    code, out, _ = run(capsys, "verify", "--json")
    assert code == 3
    assert json.loads(out)["first_bad"] == 7


def test_our_own_fault_is_told_as_such(office, capsys, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fof.figures.overview.overview", broken)
    code, out, err = run(capsys, "overview", *DAY)
    assert (code, out) == (3, "")
    assert "ZeroDivisionError" in err


def test_a_template_is_filled_in_imported_and_exported(office, capsys, tmp_path):
    target = tmp_path / "t.xlsx"
    assert run(capsys, "template", "parties,funds", "-o", str(target))[0] == 0
    assert target.read_bytes()[:2] == b"PK"
    file = tmp_path / "parties.csv"
    file.write_text("code,kind,name,since\nN1,社会资本,示例投资,2021-01-01\n", encoding="utf-8")
    preview = document(capsys, "import", str(file), "--dry-run", "--layout", "parties")
    assert (preview["booked"], preview["entries"] > 0) == (False, True)
    done = document(capsys, "import", str(file), "--layout", "parties")
    assert (done["booked"], done["entries"]) == (True, preview["entries"])
    again = document(capsys, "import", str(file), "--layout", "parties")
    assert (again["entries"], again["already"]) == (0, preview["entries"])


def test_a_refused_file_lists_every_problem_and_exits_with_two(office, capsys, tmp_path):
    file = tmp_path / "parties.csv"
    file.write_text(
        "code,kind,name,since\nN1,月球,示例,2021-01-01\nN2,社会资本,示例,yesterday\n", encoding="utf-8"
    )
    head = document(capsys, "journal", "list")["known_at"]
    code, out, _ = run(capsys, "import", str(file), "--layout", "parties", "--json")
    assert code == 2
    found = json.loads(out)
    jsonschema.Draft202012Validator(schema(documents()["import"])).validate(found)
    assert {r["row"] for r in found["rows"] if r["level"] == "problem"} == {2, 3}
    assert document(capsys, "journal", "list")["known_at"] == head


def fields(schema):
    """Every field of a schema, those of its rows too."""
    for of in schema.get("properties", {}).values():
        yield of
        yield from fields(of.get("items", of))


def test_a_schema_says_each_language_under_a_name_of_its_own():
    for name, made in schemas().items():
        said = [f for f in fields(made) if "x-zh" in f]
        assert len(said) > 4, name
        for field in said:
            assert field["x-zh"].keys() == field.keys() & {"title", "description"}, (name, field)
            assert not re.search(" / [\u3400-\u9fff]", field.get("title", "") + field.get("description", ""))
            assert all(word.keys() == {"zh", "en"} for word in field.get("x-words", {}).values())
    states = schemas()["audit"]["properties"]["rows"]["items"]["properties"]["state"]
    assert states["x-words"]["open"] == {"zh": "待处理", "en": "Open"}
    assert (states["title"], states["x-zh"]["title"]) == ("State", "状态")


def test_the_schemas_on_file_are_those_of_the_program():
    on_file = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "schemas").glob("*.json")}
    assert on_file == texts(), "run: python -m fof.cli.schemas docs/schemas"
    for text in on_file.values():
        jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_the_documentation_names_every_command_and_document(capsys):
    told = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    run(capsys, "--help")
    for name in (
        "init",
        "seed",
        "template",
        "import",
        "export",
        "performance",
        "commitments",
        "lookthrough",
        "statement",
        "explain",
        "overview",
        "fund",
        "positions",
        "journal",
        "reverse",
        "verify",
        "ui",
        "warmup",
    ):
        assert f"fof {name}" in told, name
    for name in documents():
        assert f"schemas/{name}.json" in told, name


def test_help_needs_no_kernel_and_no_table_library():
    script = "import sys; from fof.cli import main; main(['--help']); print(sorted(m for m in ('numba', 'numpy', 'pandas', 'sqlalchemy', 'streamlit') if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")
    assert re.search(r"performance", done.stdout)
