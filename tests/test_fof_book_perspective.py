"""Every figure says whose it is, with which predecessors, and whether it is net or gross."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fof.book.perspective import basis, predecessors, whose
from fof.book.portfolios import portfolio, whole_book
from fof.cli import main
from fof.figures.documents import COMMITMENTS
from fof.figures.register import members
from models.posting_kinds import PostingKind as K


@pytest.fixture
def office(clerk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """PF and LP hold 100 each of F; PF came out of OLD, which paid 10; PF also holds a company itself."""
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    clerk.party("OLD", "parent_fund")
    clerk.party("PF", "parent_fund", portfolio="yes", successor_of="OLD")
    clerk.party("LP", "social_investor")
    clerk.party("F", "sub_fund")
    clerk.party("CO", "company")
    for who, fen in (("OLD", 10), ("PF", 40), ("LP", 40)):
        clerk.pay(K.COMMITMENT, who, "F", 100, "2024-01-01", fund="F")
        clerk.pay(K.CALL_INVESTMENT, who, "F", fen, "2024-03-01", fund="F")
    clerk.deal("PF", "CO", "initial", 5, "2024-06-01", instrument="equity", share=0.1)
    return clerk


def printed(capsys: Any, *args: str) -> dict[str, Any]:
    assert main([*args, "--json", "--as-of", "2024-12-31"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_rows_of_performance_say_whose_they_are(office: Any, capsys: Any) -> None:
    rows = {r["by"]: r for r in printed(capsys, "performance")["rows"]}
    assert {by: (r["whose"], r["basis"], r["with_predecessors"]) for by, r in rows.items()} == {
        "fund": ("own", "net", "OLD"),
        "portfolio": ("own", "net", "OLD"),
        "direct": ("direct", "gross", None),
        "combined": ("combined", "mixed", "OLD"),
    }
    (row,) = (r for r in printed(capsys, "performance", "--portfolio", "ALL-CNY")["rows"] if r["key"] == "F")
    assert (row["whose"], row["basis"]) == ("whole_fund", "net")


def test_the_two_sides_of_commitments_are_named(office: Any, capsys: Any) -> None:
    assert {r["whose"] for r in printed(capsys, "commitments")["rows"]} == {"own"}
    found = printed(capsys, "commitments", "--by", "investor")
    assert (found["side"], {r["by"]: r["whose"] for r in found["rows"]}) == (
        "fund",
        {"investor": "investor", "portfolio": "whole_fund"},
    )


def test_an_opened_figure_and_a_statement_say_it_at_the_top(office: Any, capsys: Any) -> None:
    own = printed(capsys, "explain", "tvpi", "--fund", "F")
    assert (own["whose"], own["basis"]) == ("own", "net")
    shares = printed(capsys, "explain", "gov_direct", "--fund", "F")
    assert (shares["whose"], shares["basis"]) == ("whole_fund", None)
    for args, says in ((("F",), "whole_fund"), (("F", "--investor", "LP"), "investor")):
        found = printed(capsys, "statement", *args, "--from", "2023-12-31")
        assert (found["whose"], found["basis"]) == (says, "net")


def test_every_word_is_known(office: Any) -> None:
    view = office.view("2024-12-31")
    own, everything = portfolio(view, "PF"), whole_book(view, "CNY")
    for by in ("fund", "investor", "stake", "vintage", "portfolio", "direct", "combined"):
        assert basis(by) in members("basis")
        assert {whose(p, by, whole=w) for p in (own, everything) for w in (False, True)} <= set(
            members("whose")
        )
    old = view.party("OLD").id
    assert predecessors(view, [(old, -1), (view.party("F").id, old)]) == ("OLD",)
    assert "basis" not in COMMITMENTS.rows  # commitments are neither net nor gross
