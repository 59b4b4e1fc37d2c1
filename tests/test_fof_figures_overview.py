"""What needs attention: our own calls and others' arrears apart; unknown is not zero; three lists that agree."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import pytest

from fof.book.portfolios import portfolio
from fof.cli import main
from fof.figures.commitments import commitments
from fof.figures.overview import overview
from fof.operations.payments import open_calls
from models.journal import Position
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K


def called(
    clerk: Any, fund: str, who: str, amount: int, notice_on: str, due_on: str | None, number: str
) -> None:
    clerk.pay_many(
        notice_on,
        [(K.CALL_DUE, who, fund, amount)],
        fund=fund,
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", number, due_on),
    )


@pytest.fixture
def office(clerk: Any) -> Any:
    """PF and LP are each called for 40 of F; PF paid 10 of it, LP 25; PF is asked for 5 more later."""
    clerk.party("PF", "parent_fund", portfolio="yes")
    clerk.party("LP", "social_investor")
    clerk.party("F", "sub_fund", status="investing", term_end="2030-01-01")
    for who in ("PF", "LP"):
        clerk.pay(K.COMMITMENT, who, "F", 100, "2024-01-01", fund="F")
        called(clerk, "F", who, 40, "2024-02-01", "2024-03-01", f"A-{who}")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F", 10, "2024-02-20", fund="F")
    clerk.pay(K.CALL_INVESTMENT, "LP", "F", 25, "2024-02-20", fund="F")
    called(clerk, "F", "PF", 5, "2024-06-01", "2024-08-01", "B-PF")
    return clerk


def test_our_own_calls_and_the_arrears_of_others_are_told_apart(office: Any) -> None:
    view = office.view("2024-06-30")
    found = overview(view, portfolio(view))
    assert [(c.overdue, found.own(c)) for c in found.overdue] == [(30_00, True), (15_00, False)]
    assert [(c.open, found.own(c)) for c in found.due] == [(5_00, True)]
    assert (found.noticed, found.unnoticed, found.undated) == (True, (), ())


def test_documents_say_whose_call_it_is(
    office: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", office.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    assert main(["overview", "--as-of", "2024-06-30", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [
        (r["what"], r["whose"], r["amount"]) for r in found["rows"] if r["what"] in ("overdue", "due")
    ] == [
        ("overdue", "own", "30.00"),
        ("overdue", "others", "15.00"),
        ("due", "own", "5.00"),
    ]
    assert main(["operations", "chase", "--as-of", "2024-06-30", "--json"]) == 0
    chased = json.loads(capsys.readouterr().out)
    assert (chased["noticed"], sorted(r["open"] for r in chased["rows"])) == (True, ["15.00", "30.00"])


def test_a_book_without_notices_does_not_know_what_is_due(clerk: Any) -> None:
    """Disclosed positions, and payments without a notice: neither says that every notice is paid."""
    clerk.party("H", "institution", portfolio="yes", currency="USD")
    clerk.party("X", "sub_fund", currency="USD")
    clerk.party("Y", "sub_fund", currency="USD")
    clerk.rows(
        EntryKind.POSITION_STATEMENT,
        "2024-03-31",
        lambda v: [Position(v.party("H").id, v.party("X").id, 100_00, 80_00, 0, 90_00, None, None, None)],
    )
    clerk.pay(K.COMMITMENT, "H", "Y", 100, "2024-01-01", fund="Y")
    clerk.pay(K.CALL_INVESTMENT, "H", "Y", 10, "2024-02-20", fund="Y")
    view = clerk.view("2024-12-31")
    chosen = portfolio(view)
    found = overview(view, chosen)
    assert (found.noticed, found.due, found.overdue) == (False, (), ())
    assert found.unnoticed == found.undated == (view.party("X").id, view.party("Y").id)
    rows = {r.key: r for r in commitments(view, chosen).rows}
    assert (rows["X"].overdue, rows["Y"].overdue) == (None, None)
    assert rows["Y"].reasons["overdue"].code == "no_notices"


@pytest.mark.parametrize("seed", range(6))
def test_due_list_chase_list_and_commitments_agree(clerk: Any, seed: int) -> None:
    """Books at random: what is overdue, and whose, is one figure on all three, and the one added up from what was booked."""
    chance = random.Random(seed)
    clerk.party("PF", "parent_fund", portfolio="yes")
    investors = ["PF", "L1", "L2"]
    for code in investors[1:]:
        clerk.party(code, "social_investor")
    late: dict[tuple[str, str], int] = {}
    for fund in ("F1", "F2", "F3"):
        clerk.party(fund, "sub_fund", status="investing")
        for who in investors:
            clerk.pay(K.COMMITMENT, who, fund, 100, "2024-01-01", fund=fund)
            asked, due = chance.randint(10, 60), dt.date(2024, 2, 15) + dt.timedelta(chance.randint(0, 200))
            called(clerk, fund, who, asked, "2024-02-01", due.isoformat(), f"{fund}-{who}")
            paid = chance.choice([0, asked, chance.randint(1, asked)])
            if paid:
                clerk.pay(K.CALL_INVESTMENT, who, fund, paid, "2024-02-10", fund=fund)
            if due < dt.date(2024, 6, 30) and paid < asked:
                late[fund, who] = (asked - paid) * 100
    view = clerk.view("2024-06-30")
    chosen = portfolio(view)

    def code(party: int) -> str:
        return view.parties[party].code

    shown = overview(view, chosen)
    chased = open_calls(view, chosen.funds, overdue_only=True)
    assert {(code(c.fund), code(c.investor)): c.overdue for c in shown.overdue} == late
    assert {(code(c.fund), code(c.investor)): c.overdue for c in chased} == late
    by_stake = commitments(view, chosen, "stake").rows
    assert {tuple(r.key.split("|")): r.overdue for r in by_stake if r.overdue} == late
    own = sum(c.overdue for c in shown.overdue if shown.own(c))
    assert (
        own
        == commitments(view, chosen).total.overdue
        == sum(f for (_, who), f in late.items() if who == "PF")
    )
