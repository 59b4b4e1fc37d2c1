"""What can no longer be called stands apart from what can: wound-up funds, and past an investment period that ends calls."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from fof.book.portfolios import portfolio
from fof.cli import main
from fof.explain import explain
from fof.figures.commitments import callable_parts, commitments
from fof.figures.performance import performance
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = "2024-12-31"


@pytest.fixture
def office(clerk: Any) -> Any:
    """Of 100 each: A is wound up, B's period is over and ends calls (10 called before and not paid), C's is over and does
    not say so, D's runs; 60 of each were paid."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("A", "sub_fund", status="investing")
    clerk.party(
        "B",
        "sub_fund",
        status="harvesting",
        investment_period_end="2023-06-30",
        calls_after_investment_period="no",
    )
    clerk.party("C", "sub_fund", status="harvesting", investment_period_end="2023-06-30")
    clerk.party(
        "D",
        "sub_fund",
        status="investing",
        investment_period_end="2025-06-30",
        calls_after_investment_period="no",
    )
    for fund in "ABCD":
        clerk.pay(K.COMMITMENT, "PF", fund, 100, "2020-01-01", fund=fund)
        asked = 70 if fund == "B" else 60
        clerk.pay_many(
            "2020-02-01",
            [(K.CALL_DUE, "PF", fund, asked)],
            fund=fund,
            entry=EntryKind.CAPITAL_CALL,
            notice=("capital_call", f"{fund}-1", "2020-03-01"),
        )
        clerk.pay(K.CALL_INVESTMENT, "PF", fund, 60, "2020-02-20", fund=fund)
    clerk.fact("A", "2023-12-31", "status", "closed")
    return clerk


EXPECTED = {"A": (0, 40_00), "B": (10_00, 30_00), "C": (40_00, 0), "D": (40_00, 0)}


def test_callable_and_lapsed_are_told_apart_everywhere(office: Any) -> None:
    view = office.view(DAY)
    chosen = portfolio(view)
    for found in (performance(view, chosen), commitments(view, chosen)):
        assert {r.key: (r.unfunded_callable, r.unfunded_lapsed) for r in found.rows} == EXPECTED
        assert (found.total.unfunded, found.total.unfunded_callable, found.total.unfunded_lapsed) == (
            160_00,
            90_00,
            70_00,
        )
    before = commitments(office.view("2023-06-30"), chosen)
    assert {r.key: r.unfunded_lapsed for r in before.rows} == dict.fromkeys("ABCD", 0)


def test_what_an_absorbed_fund_had_lapses_with_its_successor(office: Any) -> None:
    """D goes into A on 2023-06-30, and A is wound up on 2023-12-31: nobody is left who could call either's."""
    office.fact("A", "2023-06-30", "successor_of", "D")
    chosen = portfolio(office.view(DAY))
    for day, expected in (("2023-09-30", (80_00, 0)), (DAY, (0, 80_00))):
        view = office.view(day)
        for found in (performance(view, chosen), commitments(view, chosen)):
            row = next(r for r in found.rows if r.key == "A")
            assert (row.unfunded_callable, row.unfunded_lapsed) == expected
        assert explain(view, chosen, "unfunded_lapsed", "fund", "A").value == expected[1]


def test_what_is_callable_was_asked_for_or_not(office: Any) -> None:
    """D is asked for 15 that nobody pays; 30 were paid to E, of which no notice is recorded."""
    office.party("E", "sub_fund", status="investing")
    office.pay(K.COMMITMENT, "PF", "E", 100, "2020-01-01", fund="E")
    office.pay(K.CALL_INVESTMENT, "PF", "E", 30, "2020-02-20", fund="E")
    office.pay_many(
        "2024-10-01",
        [(K.CALL_DUE, "PF", "D", 15)],
        fund="D",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "D-2", "2025-03-01"),
    )
    view = office.view(DAY)
    rows = {r.key: r for r in commitments(view, portfolio(view)).rows}
    assert {key: callable_parts(view, row) for key, row in rows.items()} == {
        "A": (0, 0),
        "B": (10_00, 0),
        "C": (0, 40_00),
        "D": (15_00, 25_00),
        "E": (None, 70_00),
    }


@pytest.mark.parametrize("figure", ["unfunded_callable", "unfunded_lapsed"])
def test_the_parts_open_to_what_they_are_made_of(office: Any, figure: str) -> None:
    view = office.view(DAY)
    chosen = portfolio(view)
    for by, key in (("portfolio", None), *(("fund", code) for code in EXPECTED)):
        found = explain(view, chosen, figure, by, key)
        assert found.value == sum(r.fen or 0 for p in found.parts for r in p.rows)


def test_documents_hold_both_fields(
    office: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", office.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    for command in ("performance", "commitments"):
        assert main([command, "--as-of", DAY, "--json"]) == 0
        total = next(r for r in json.loads(capsys.readouterr().out)["rows"] if r["by"] == "portfolio")
        assert (total["unfunded"], total["unfunded_callable"], total["unfunded_lapsed"]) == (
            "160.00",
            "90.00",
            "70.00",
        )


@pytest.mark.parametrize("seed", range(4))
def test_books_at_random_agree_with_a_second_computation(clerk: Any, seed: int) -> None:
    """Summed by hand from what was booked, without the product."""
    chance = random.Random(seed)
    clerk.party("PF", "parent_fund", portfolio="yes")
    callable_, lapsed = 0, 0
    for n in range(6):
        closed, over = chance.random() < 0.3, chance.random() < 0.5
        ends = chance.choice(["yes", "no", None])
        more = {} if ends is None else {"calls_after_investment_period": ends}
        end = "2023-06-30" if over else "2026-06-30"
        clerk.party(
            f"F{n}",
            "sub_fund",
            status="harvesting",
            investment_period_end=end,
            **more,
        )
        promised = chance.randint(50, 90)
        asked = chance.randint(10, promised)
        paid = chance.randint(1, asked)
        clerk.pay(K.COMMITMENT, "PF", f"F{n}", promised, "2020-01-01", fund=f"F{n}")
        clerk.pay_many(
            "2020-02-01",
            [(K.CALL_DUE, "PF", f"F{n}", asked)],
            fund=f"F{n}",
            entry=EntryKind.CAPITAL_CALL,
            notice=("capital_call", f"N{n}", "2020-03-01"),
        )
        clerk.pay(K.CALL_INVESTMENT, "PF", f"F{n}", paid, "2020-02-20", fund=f"F{n}")
        if closed:
            clerk.fact(f"F{n}", "2023-12-31", "status", "closed")
        gone = promised - asked if closed or (over and ends == "no") else 0
        lapsed += gone
        callable_ += promised - paid - gone
    view = clerk.view(DAY)
    total = performance(view, portfolio(view)).total
    assert (total.unfunded_callable, total.unfunded_lapsed) == (callable_ * 100, lapsed * 100)
