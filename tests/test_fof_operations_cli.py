"""The operations commands: a preview writes nothing, --book writes once, refused input exits 2 with every problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fof import ledger
from fof.cli import evaluation, main, operations
from fof.db import Database
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def office(clerk: Any, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A fund with two investors, behind the command line."""
    monkeypatch.setenv("FOF_DATABASE_URL", sqlite_url)
    clerk.party("SF-1", "sub_fund", name="示例基金", established_on="2020-01-01")
    for code, yuan in (("LP-A", 600), ("LP-B", 400)):
        clerk.party(code)
        clerk.pay(PostingKind.COMMITMENT, code, "SF-1", yuan, "2020-01-01", entry=EntryKind.COMMITMENT)
    found: Database = clerk.database
    return found


CALL = [
    "operations",
    "call",
    "--fund",
    "SF-1",
    "--notice-on",
    "2024-03-01",
    "--due-on",
    "2024-03-20",
    "--number",
    "2024-01",
    "--json",
]


def test_a_call_is_previewed_then_booked_then_paid_then_chased(
    office: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    head = ledger.read(office).head
    assert main([*CALL, "--part", "investment=100.01"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(r["investor"], r["due"]) for r in shown["rows"]] == [("LP-A", "60.01"), ("LP-B", "40.00")]
    assert ledger.read(office).head == head
    for _ in range(2):
        assert main([*CALL, "--part", "investment=100.01", "--book"]) == 0
    assert ledger.read(office).head == head + 1
    pay = [
        "operations",
        "pay",
        "--fund",
        "SF-1",
        "--number",
        "2024-01",
        "--investor",
        "LP-A",
        "--paid-on",
        "2024-03-20",
    ]
    assert main(pay) == 0
    capsys.readouterr()
    assert main(["operations", "chase", "--as-of", "2024-03-21", "--json"]) == 0
    (late,) = json.loads(capsys.readouterr().out)["rows"]
    assert (late["investor"], late["open"], late["days"]) == ("LP-B", "40.00", 1)
    assert (
        main(
            [
                "operations",
                "notices",
                "--fund",
                "SF-1",
                "--number",
                "2024-01",
                "--to",
                str(tmp_path / "papers"),
            ]
        )
        == 0
    )
    assert sorted(p.suffix for p in (tmp_path / "papers").iterdir()) == [".pdf", ".xlsx"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--part", "investment=1000.01"], "LP-A"),
        (["--part", "investment=ten"], "ten"),
        (["--part", "dreams=1"], "dreams"),
        (["--part", "investment=1", "--excused", "LP-X=why"], "LP-X"),
        (["--part", "investment=1", "--excused", "LP-A"], "LP-A"),
    ],
)
def test_wrong_input_exits_2_and_names_it(
    office: Database, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    head = ledger.read(office).head
    assert main([*CALL, *more, "--book"]) == 2
    assert says in capsys.readouterr().err
    assert ledger.read(office).head == head


def test_everything_wrong_with_a_call_is_listed_at_once(
    office: Database, clerk: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk.party("PF-US", "parent_fund", portfolio="yes", currency="USD")
    head = ledger.read(office).head
    wrong = [
        "--part",
        "investment=1000.01",
        "--part",
        "investment=1",
        "--part",
        "fee_inside=ten",
        "--part",
        "dreams=1",
        "--excused",
        "LP-X=why",
        "--excused",
        "LP-A",
        "--defaulting",
        "LP-Y=why",
        "--portfolio",
        "PF-US",
        "--book",
    ]
    asked = [*CALL, *wrong]
    asked[asked.index("--number") + 1] = " "
    assert main(asked) == 2
    said = capsys.readouterr().err
    for part in (
        "investment 只能给一次",
        "'ten'",
        "'dreams'",
        "'LP-X'",
        "'LP-A'",
        "'LP-Y'",
        "须为 PF-US 的基金",
        "须为 USD 基金",
        "入账须填写通知编号",
    ):
        assert part in said
    assert ledger.read(office).head == head


def test_a_number_that_is_taken_is_told_in_the_preview_and_refused_with_other_content(
    office: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CALL, "--part", "investment=100", "--book"]) == 0
    head = ledger.read(office).head
    capsys.readouterr()
    assert main([*CALL, "--part", "investment=200"]) == 0
    assert f"分录 {head}" in capsys.readouterr().err
    assert main([*CALL, "--part", "investment=200", "--book"]) == 2
    assert "同一编号" in capsys.readouterr().err
    assert ledger.read(office).head == head


def test_a_late_and_short_payment_and_what_is_still_to_come(
    office: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CALL, "--part", "investment=100", "--book"]) == 0
    pay = [
        "operations",
        "pay",
        "--fund",
        "SF-1",
        "--number",
        "2024-01",
        "--investor",
        "LP-A",
        "--paid-on",
        "2024-04-01",
    ]
    head = ledger.read(office).head
    assert main([*pay, "--amount", "ten", "--late-interest", "x", "--part", "y"]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in ("--amount", "--late-interest", "--part"))
    assert ledger.read(office).head == head
    assert main([*pay, "--amount", "20", "--late-interest", "0.05"]) == 0
    capsys.readouterr()
    assert main(["operations", "chase", "--as-of", "2024-04-02", "--json", "--lang", "en"]) == 0
    found = [
        (r["investor"], r["open"], r["days"], r["state"]) for r in json.loads(capsys.readouterr().out)["rows"]
    ]
    assert sorted(found) == [("LP-A", "40.00", 13, "short"), ("LP-B", "40.00", 13, "unpaid")]
    assert main(["operations", "chase", "--as-of", "2024-03-02", "--json", "--lang", "en"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
    assert main(["operations", "chase", "--as-of", "2024-03-02", "--all", "--json", "--lang", "en"]) == 0
    assert {r["state"] for r in json.loads(capsys.readouterr().out)["rows"]} == {"not_due"}


CLOSING = [
    "operations",
    "closing",
    "--fund",
    "SF-1",
    "--on",
    "2024-06-30",
    "--rate",
    "8%",
    "--number",
    "HJ-1",
    "--json",
]


def test_a_later_closing_is_previewed_then_booked_once(
    office: Database, clerk: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk.party("LP-C")
    assert main([*CALL, "--part", "investment=100", "--book"]) == 0
    for investor in ("LP-A", "LP-B"):
        pay = ["operations", "pay", "--fund", "SF-1", "--number", "2024-01", "--paid-on", "2024-03-20"]
        assert main([*pay, "--investor", investor]) == 0
    head = ledger.read(office).head
    capsys.readouterr()
    asked = [*CLOSING, "--join", "LP-C=1000", "--document", "补充协议"]
    assert main(asked) == 0
    shown = json.loads(capsys.readouterr().out)
    assert ledger.read(office).head == head
    assert (shown["moved"], shown["interest"], shown["rate"], shown["entries"]) == ("50.00", "1.11", 0.08, "")
    told = {r["investor"]: (r["capital"], r["interest"], r["unfunded_after"]) for r in shown["rows"]}
    assert told == {  # 50.00 moves after 102 days: 1.1178, rounded down
        "LP-A": ("-30.00", "-0.67", "570.00"),
        "LP-B": ("-20.00", "-0.44", "380.00"),
        "LP-C": ("50.00", "1.11", "950.00"),
    }
    for _ in range(2):
        assert main([*asked, "--book"]) == 0
    assert ledger.read(office).head == head + 4


def test_a_closing_is_refused_with_everything_that_is_wrong(
    office: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    head = ledger.read(office).head
    wrong = [
        "--join",
        "LP-X=1",
        "--join",
        "LP-A=-1",
        "--rate",
        "dear",
        "--on",
        "2019-12-31",
        "--number",
        "",
        "--book",
    ]
    assert main([*CLOSING, *wrong]) == 2
    said = capsys.readouterr().err
    for part in ("'LP-X'", "'-1.00'", "'dear'", "须晚于首次交割", "须有新增认缴", "通知编号"):
        assert part in said
    assert ledger.read(office).head == head


def test_more_than_the_cash_of_the_fund_is_not_distributed(
    office: Database, clerk: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk.fact("SF-1", "2020-01-01", "cash_kept", "yes")
    for name, value in (
        ("hurdle_rate", "0.08"),
        ("hurdle_compound", "yes"),
        ("carry_rate", "0"),
        ("catch_up_rate", "0"),
    ):
        clerk.fact("SF-1", "2020-01-01", name, value)
    clerk.pay(PostingKind.CALL_INVESTMENT, "LP-A", "SF-1", 50, "2024-01-01", entry=EntryKind.CALL_PAYMENT)
    pay_out = [
        "operations",
        "distribute",
        "--fund",
        "SF-1",
        "--pay-on",
        "2024-12-31",
        "--number",
        "FP-1",
        "--book",
    ]
    head = ledger.read(office).head
    assert main([*pay_out, "--cash", "50.01"]) == 2
    assert "不得超过分配日账面现金 50.00" in capsys.readouterr().err
    assert ledger.read(office).head == head
    assert main([*pay_out, "--cash", "50"]) == 0


def test_the_roll_forward_adds_up(office: Database, clerk: Any, capsys: pytest.CaptureFixture[str]) -> None:
    clerk.party("PF", "parent_fund", portfolio="yes", established_on="2020-01-01")
    clerk.pay(
        PostingKind.COMMITMENT, "PF", "SF-1", 500, "2020-01-01", fund="SF-1", entry=EntryKind.COMMITMENT
    )
    clerk.pay(
        PostingKind.CALL_INVESTMENT, "PF", "SF-1", 50, "2024-01-10", fund="SF-1", entry=EntryKind.CALL_PAYMENT
    )
    clerk.mark("PF", "SF-1", 60, "2024-03-31")
    clerk.pay(
        PostingKind.CALL_INVESTMENT, "PF", "SF-1", 30, "2024-05-10", fund="SF-1", entry=EntryKind.CALL_PAYMENT
    )
    clerk.pay(
        PostingKind.DISTRIBUTION_GAIN,
        "SF-1",
        "PF",
        5,
        "2024-06-10",
        fund="SF-1",
        entry=EntryKind.DISTRIBUTION,
    )
    asked = ["operations", "quarter", "--portfolio", "PF", "--roll-forward", "--json", "--end"]
    assert main([*asked, "2024-06-30"]) == 0
    (rolled,) = json.loads(capsys.readouterr().out)["rows"]
    assert (rolled["closing"], rolled["result"], rolled["rolled"]) == (
        "85.00",
        None,
        True,
    )  # no statement yet
    assert rolled["result_reason"]
    clerk.mark("PF", "SF-1", 91, "2024-06-30")
    assert main([*asked, "2024-06-30"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    names = ("opening", "paid_in", "distributed", "result", "closing", "rolled")
    assert [row[n] for n in names] == ["60.00", "30.00", "5.00", "6.00", "91.00", False]


@pytest.mark.parametrize(
    "words",
    [
        ["quarter", "--end", "2024-12-31", "--roll-forward"],
        ["chase", "--all"],
        ["fees", "--fund", "SF-1", "--as-of", "2024-12-31"],
        ["clocks", "--as-of", "2024-12-31"],
        ["quarter", "--end", "2024-12-31"],
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_look_prints_a_table_and_json(
    office: Database, capsys: pytest.CaptureFixture[str], words: list[str], language: str
) -> None:
    assert main(["operations", *words, "--lang", language]) == 0
    assert capsys.readouterr().out
    assert main(["operations", *words, "--lang", language, "--json"]) == 0
    assert "rows" in json.loads(capsys.readouterr().out)


def test_a_distribution_without_terms_names_them(
    office: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["operations", "distribute", "--fund", "SF-1", "--cash", "10", "--pay-on", "2024-12-31"]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in ("门槛收益率", "业绩报酬比例", "追补比例", "门槛收益复利"))


def test_the_documentation_names_every_command_of_the_groups(capsys: pytest.CaptureFixture[str]) -> None:
    told = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    groups = {"operations": operations.app, "evaluation": evaluation.app}
    for group, commands in groups.items():
        for command in commands.registered_commands:
            name = command.name or (command.callback.__name__ if command.callback else "")
            assert f"`fof {group} {name}" in told, name
