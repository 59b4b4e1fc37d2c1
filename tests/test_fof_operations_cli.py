"""The operations commands: a preview writes nothing, --book writes once, refused input exits 2 with every problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fof import ledger
from fof.cli import main
from fof.db import Database
from models.kinds import EntryKind
from models.posting_kinds import PostingKind


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


@pytest.mark.parametrize(
    "words",
    [
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
