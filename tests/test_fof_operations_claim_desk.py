"""The claim desk: what may follow, what a decision and a payment do to balances and limits, what is refused, the same by file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pool_office import booked, claimed, day, office, step, yuan
from screens import drawn, screens_over

import fof
from fof import ledger
from fof.access import LOCAL
from fof.book.pools import pools_of
from fof.db import Database
from fof.errors import BookingRefused, FofError, Unknown
from fof.ledger import View
from fof.operations import claim_desk
from fof.operations.claim_desk import EffectOn
from models import pools as w

ON = day("2023-02-01")
Step, Decision = w.ClaimStep, w.ClaimDecision


def view(book: Database) -> View:
    return ledger.read(book).view(ON)


def moved(plan: claim_desk.ClaimPlan) -> dict[tuple[EffectOn, str], tuple[int, int, int | None]]:
    return {(e.on, e.code): (e.before // 100, e.after // 100, e.allowed) for e in plan.effects}


@pytest.fixture
def desk(database: Database) -> Database:
    """The office of the tests with a second claim of one million, reviewed, in a year whose cap of 2 million is unused."""
    rows = office()
    rows["loan_events"].append(
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000))
    )
    rows["claims"].append(claimed("S2", "L3", "2022-12-26", 1_000_000))
    rows["pool_limits"][0] |= {"limit_amount": yuan(1_500_000)}
    booked(database, rows)
    return database


def test_a_claim_goes_from_review_to_payment(desk: Database) -> None:
    claim = next(c for c in pools_of(view(desk)).claims.values() if c.code == "S2")
    assert claim_desk.steps_ahead(claim, ON) == [Step.RETURNED, Step.REVIEWED, Step.DECIDED, Step.WITHDRAWN]
    assert claim_desk.payable(pools_of(view(desk)), claim, ON) is None
    reviewed = day("2022-12-29")
    claim_desk.book_claim(desk, LOCAL, claim_desk.plan_claim_step(view(desk), "S2", reviewed, Step.REVIEWED))
    two = claim_desk.plan_claim_step(view(desk), "S2", reviewed, Step.DECIDED, Decision.WHOLLY)
    assert [p.code for p in two.problems] == ["booked_otherwise"]  # one step a day
    granted = claim_desk.plan_claim_step(view(desk), "S2", ON, Step.DECIDED, Decision.WHOLLY)
    assert (granted.problems, granted.fen) == ((), 50_000_000)
    assert granted.offer is not None
    assert (granted.offer.pay, granted.offer.cut_by) == (50_000_000, ())
    claim_desk.book_claim(desk, LOCAL, granted)
    plan = claim_desk.plan_claim_payment(view(desk), "S2", ON)
    assert plan.problems == ()
    assert moved(plan) == {
        (EffectOn.PAID, "S2"): (0, 500_000, None),
        (EffectOn.POOL, "P"): (4_500_000, 4_000_000, None),
        (EffectOn.CONTRIBUTOR, "GOV"): (3_000_000, 2_666_666, None),
        (EffectOn.CONTRIBUTOR, "CITY"): (1_500_000, 1_333_333, None),
        (EffectOn.LIMIT, "CAP"): (0, 500_000, 150_000_000),
        (EffectOn.UNCOMPENSATED, "S2"): (0, 0, None),
    }
    with fof.open(desk.url.render_as_string(hide_password=False)) as opened:
        asked = opened.at(ON).claim_plan("S2")
        assert tuple(asked.rows) == plan.effects
        assert asked.head["amount"] == "500000.00"
        with pytest.raises(BookingRefused) as refused:
            opened.at(ON).claim_plan("S2", Step.REVIEWED)
        assert refused.value.problems
    first = claim_desk.book_claim(desk, LOCAL, plan)
    assert len(first.entries) == 1
    again = claim_desk.book_claim(desk, LOCAL, plan)
    assert again.entries == []
    assert pools_of(view(desk)).cash(view(desk).by_code["P"].id, ON) == 400_000_000
    assert claim_desk.plan_claim_payment(view(desk), "S2", ON).problems[0].code == "nothing_due"


def test_a_limit_cuts_what_is_offered_and_more_is_refused(desk: Database) -> None:
    """In 2022 the first claim used the cap of 1.5 million whole."""
    on = day("2022-12-30")
    then = ledger.read(desk).view(on)
    plan = claim_desk.plan_claim_step(
        then, "S2", on, Step.DECIDED, Decision.PARTLY, 30_000_000, "押品另行处置"
    )
    assert plan.offer is not None
    assert (plan.offer.pay, plan.offer.uncompensated, plan.offer.cut_by) == (0, 30_000_000, ("CAP",))
    claim_desk.book_claim(desk, LOCAL, plan)
    then = ledger.read(desk).view(on)
    assert [p.code for p in claim_desk.plan_claim_payment(then, "S2", on).problems] == ["nothing_left"]
    above = claim_desk.plan_claim_payment(then, "S2", on, 100)
    assert [p.code for p in above.problems] == ["above_offer"]
    head = ledger.read(desk).head
    with pytest.raises(FofError):
        claim_desk.book_claim(desk, LOCAL, above)
    assert ledger.read(desk).head == head


LACKING: list[tuple[w.ClaimDecision | None, int | None, str | None, list[str]]] = [
    (None, None, None, ["decision_missing"]),
    (Decision.PARTLY, None, None, ["reason_missing", "amount_missing"]),
    (Decision.PARTLY, 50_000_001, "理由", ["above_part"]),
    (Decision.PARTLY, 50_000_000, "理由", []),
    (Decision.REFUSED, None, None, ["reason_missing"]),
    (Decision.REFUSED, None, "理由", []),
]


def test_a_decision_lacks_what_it_lacks(desk: Database) -> None:
    now = view(desk)
    plans = [
        claim_desk.plan_claim_step(now, "S2", ON, Step.DECIDED, decision, fen, reason)
        for decision, fen, reason, _ in LACKING
    ]
    assert [[p.code for p in plan.problems] for plan in plans] == [codes for *_, codes in LACKING]


def test_what_cannot_follow_is_a_problem_and_a_stranger_unknown(desk: Database) -> None:
    plan = claim_desk.plan_claim_step(view(desk), "S2", ON, Step.RESUBMITTED)
    assert [p.code for p in plan.problems] == ["wrong_step"]
    with pytest.raises(Unknown):
        claim_desk.plan_claim_step(view(desk), "S9", ON, Step.REVIEWED)


def test_the_desk_on_the_page_books_what_it_shows(sqlite_book: Database, tmp_path: Path) -> None:
    rows = office()
    rows["loan_events"].append(
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000))
    )
    rows["claims"].append(claimed("S2", "L3", "2022-12-26", 1_000_000))
    booked(sqlite_book, rows)
    with screens_over(sqlite_book.url.render_as_string(hide_password=False), tmp_path):
        opened = drawn("pools", as_of="2023-02-01")
        opened.query_params["open_pools"] = "P~pool_balance"
        opened.query_params["open_loans"] = "L3~balance"
        opened.run()
        assert not opened.exception
        strong = " ".join(str(m.value) for m in opened.markdown)
        assert "资金池余额 = " in strong
        assert "未偿本金 = " in strong
        page = drawn("pools", as_of="2023-02-01")
        next(box for box in page.selectbox if "claim_next" in str(box.key)).set_value("reviewed").run()
        button = next(b for b in page.button if b.key == "claim_book")
        assert not button.disabled
        button.click().run()
        assert not page.exception
    claim = next(c for c in pools_of(view(sqlite_book)).claims.values() if c.code == "S2")
    assert claim.state(ON) == "reviewed"
