"""The claim desk: what may follow, what a decision and a payment do to balances and limits, what is refused, the same by file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pool_office import Rows, booked, claimed, day, decided, loan, office, party, pay, step, yuan
from screens import drawn, screens_over

import fof
from fof import audit, ledger
from fof.access import LOCAL
from fof.book.pools import pools_of
from fof.db import Database
from fof.errors import BookingRefused, FofError, ImportRefused, Unknown
from fof.figures.pool_months import TABLES
from fof.ledger import View
from fof.operations import claim_desk
from fof.operations.claim_desk import EffectOn
from fof.ui import pool_tables
from models import pools as w
from models.kinds import PartyKind

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


def test_a_claim_on_no_pool_is_on_no_desk(sqlite_book: Database, tmp_path: Path) -> None:
    """An agreement need not name a pool (of losses that a province bears itself); the page listed none of its claims and fell."""
    rows, on = office(), day("2022-12-31")
    apart = {name: value for name, value in rows["agreements"][0].items() if name != "pool"}
    rows["agreements"].append(apart | {"code": "XY2"})
    rows["loans"].append(loan("L9", "Q2", 1_000_000, agreement="XY2"))
    rows["loan_events"] += [
        step("E8", "L9", "2021-03-02", w.LoanStep.DRAWN, 1_000_000),
        step("E9", "L9", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000)),
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000)),
    ]
    rows["claims"] += [
        claimed("S2", "L3", "2022-12-26", 1_000_000),
        claimed("S9", "L9", "2022-12-26", 1_000_000),
    ]
    booked(sqlite_book, rows)
    today = ledger.read(sqlite_book).view(on)
    assert "S9" in {claim.code for claim in pools_of(today).claims.values()}
    known = pool_tables.desk_claims(today)
    assert "S2" in known.steps
    # of each claim on the desk there is a row to choose its pool by
    assert known.steps.keys() <= known.rows.keys()
    assert known.about(None) == known.about("P") == dict(sorted(known.steps.items()))
    with screens_over(str(sqlite_book.url), tmp_path):
        page = drawn("pools", as_of="2022-12-31", pool="P")
    assert len(page.dataframe) >= len(TABLES)
    assert any("S2" in box.options for box in page.selectbox)


def test_a_claim_goes_from_review_to_payment(desk: Database) -> None:
    claim = next(c for c in pools_of(view(desk)).claims.values() if c.code == "S2")
    assert claim_desk.steps_ahead(claim, ON) == [Step.RETURNED, Step.REVIEWED, Step.DECIDED, Step.WITHDRAWN]
    assert claim_desk.payable(pools_of(view(desk)), claim, ON) is None
    following = ["returned", "reviewed", "decided", "withdrawn"]
    assert claim_desk.possible_steps(view(desk).on(ON))["S2"] == following
    assert "S2" not in claim_desk.possible_steps(view(desk).on(day("2022-12-25")))  # not made yet
    reviewed = day("2022-12-29")
    claim_desk.book_claim(desk, LOCAL, claim_desk.plan_claim_step(view(desk), "S2", reviewed, Step.REVIEWED))
    two = claim_desk.plan_claim_step(view(desk), "S2", reviewed, Step.DECIDED, Decision.WHOLLY)
    assert [p.code for p in two.problems] == ["booked_otherwise"]  # one step a day
    granted = claim_desk.plan_claim_step(view(desk), "S2", ON, Step.DECIDED, Decision.WHOLLY)
    assert (granted.problems, granted.fen) == ((), 50_000_000)
    assert granted.offer is not None
    assert (granted.offer.pay, granted.offer.cut_by) == (50_000_000, ())
    claim_desk.book_claim(desk, LOCAL, granted)
    assert claim_desk.possible_steps(view(desk).on(ON))["S2"] == [claim_desk.PAY]
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


def capped(book: Database, rest: w.CutPart | None = None) -> Database:
    """The desk with the second claim granted on a day of 2022 on which the year's cap leaves 200,000 of its 500,000."""
    rows = office()
    rows["loan_events"].append(
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000))
    )
    rows["claims"] += [
        claimed("S2", "L3", "2022-11-01", 1_000_000),
        decided("S2", "L3", "2022-12-01", 500_000),
    ]
    rows["pool_limits"][0] |= {"limit_amount": yuan(1_700_000)}
    rows["agreements"][0] |= {"cut_part": rest} if rest is not None else {}
    booked(book, rows)
    return book


@pytest.mark.parametrize(
    ("rest", "then"), [(None, (0, 30_000_000, ("CAP",))), (w.CutPart.CARRIED, (30_000_000, 0, ()))]
)
def test_what_a_limit_cut_is_no_debt_of_the_next_year(
    sqlite_book: Database, rest: w.CutPart | None, then: tuple[int, int, tuple[str, ...]]
) -> None:
    """RC-22: what the cap of 2022 cut of the first payment is not offered in 2023, unless the agreement carries it on."""
    book, december, january = capped(sqlite_book, rest), day("2022-12-20"), day("2023-01-10")
    claim = next(c for c in pools_of(view(book)).claims.values() if c.code == "S2")
    untouched = pools_of(view(book)).offer(claim, january)  # nothing was paid: nothing was cut, 2023 has room
    assert (untouched.pay, untouched.uncompensated) == (50_000_000, 0)
    plan = claim_desk.plan_claim_payment(ledger.read(book).view(december), "S2", december)
    assert plan.fen == 20_000_000
    assert plan.offer is not None
    assert (plan.offer.pay, plan.offer.uncompensated, plan.offer.cut_by) == (0, 30_000_000, ("CAP",))
    claim_desk.book_claim(book, LOCAL, plan)
    pools = pools_of(ledger.read(book).view(january))
    claim = next(c for c in pools.claims.values() if c.code == "S2")
    offer = pools.offer(claim, january)
    assert (offer.pay, offer.uncompensated, offer.cut_by) == then
    later = {"pool_payments": [pay("Z9", "2023-01-10", w.PoolLeg.COMPENSATION, "P", "B1", 1, claim="S2")]}
    if rest is None:
        refusal = claim_desk.plan_claim_payment(ledger.read(book).view(january), "S2", january)
        assert [p.code for p in refusal.problems] == ["nothing_due"]
        with pytest.raises(ImportRefused) as refused:
            booked(book, later)
        assert [p.code for p in refused.value.problems] == ["paid_above_cut"]
    else:
        booked(book, later)


def insured_office() -> Rows:
    """The first loan under a stop loss of 1.2 premiums: pool 30, insurer 50, bank 20 of a loss of 3 million; premiums 1 million."""
    rows = office()
    rows["parties"].append(party("BX", PartyKind.INSURER))
    rows["agreements"][0] |= {
        "programme": w.Programme.INSURED_LOAN,
        "share_pool": Decimal("0.3"),
        "share_insurer": Decimal("0.5"),
        "share_lender": Decimal("0.2"),
        "stop_loss": Decimal("1.2"),
    }
    for own in rows["loans"]:
        own["insurer"] = "BX"
    rows["claims"][1] |= {"decided_amount": yuan(900_000)}
    rows["pool_payments"][2:] = [
        pay("B1", "2021-03-01", w.PoolLeg.PREMIUM, "Q1", "BX", 1_000_000, loan="L1"),
        pay("Z3", "2022-07-10", w.PoolLeg.GUARANTOR_PAID, "BX", "B1", 1_500_000, claim="S1"),
    ]
    return rows


def test_what_the_insurer_paid_beyond_its_stop_loss_passes_to_the_pool(database: Database) -> None:
    """RC-15: 1.5 million paid, 1.2 million is the insurer's: 0.3 million of the pool's money goes to it, after the bank has its part."""
    booked(database, insured_office())

    def judged() -> str:
        rows = audit.pools(ledger.read(database).view(ON)).findings
        return next(f.verdict.value for f in rows if f.rule == "RC-15" and f.subject.code == "XY")

    assert judged() == "breach"
    paid = []
    for _ in range(2):
        plan = claim_desk.plan_claim_payment(view(database), "S1", ON)
        assert plan.problems == ()
        paid.append((plan.table.rows[0]["payee"], plan.fen))
        claim_desk.book_claim(database, LOCAL, plan)
    assert paid == [("B1", 90_000_000), ("BX", 30_000_000)]
    pools = pools_of(view(database))
    (claim,) = pools.claims.values()
    code = {number: own.code for number, own in view(database).parties.items()}
    borne = {code[party]: fen // 100 for party, fen in claim.borne(ON).items()}
    assert borne == {"P": 1_200_000, "BX": 1_200_000, "B1": 600_000}
    assert judged() == "pass"
    assert claim_desk.plan_claim_payment(view(database), "S1", ON).problems[0].code == "nothing_due"


@pytest.mark.parametrize(
    ("limit", "verdict", "cut"),
    [(1_200_000, "pass", 0), (900_000, "pass", 300_000), (1_100_000, "breach", 100_000)],
)
def test_what_limits_leave_with_the_insurer_is_no_breach(
    sqlite_book: Database, limit: int, verdict: str, cut: int
) -> None:
    """RC-15 and RC-22: of the insurer's 300,000 a cap leaves all, nothing, or 200,000 that the pool still owes."""
    rows = insured_office()
    rows["pool_limits"][0] |= {"limit_amount": yuan(limit)}
    rows["pool_payments"].append(
        pay("Z5", "2022-12-01", w.PoolLeg.COMPENSATION, "P", "B1", 900_000, claim="S1")
    )
    booked(sqlite_book, rows)
    on = day("2022-12-15")
    if limit == 1_200_000:
        plan = claim_desk.plan_claim_payment(ledger.read(sqlite_book).view(on), "S1", on)
        claim_desk.book_claim(sqlite_book, LOCAL, plan)
    then = ledger.read(sqlite_book).view(on)
    (claim,) = pools_of(then).claims.values()
    assert claim.agreement is not None
    assert pools_of(then).insurer_cut(claim.agreement, on) == cut * 100
    found = audit.pools(then).findings
    assert [f.verdict.value for f in found if f.rule == "RC-15" and f.subject.code == "XY"] == [verdict]


@pytest.mark.parametrize(
    ("cap", "cut", "verdict"),
    [
        (
            2_900_000,
            0,
            "breach",
        ),  # both lenders' parts (1.2 million) and both of the insurer's (0.9 and 0.5): 2.6
        (2_600_000, 0, "breach"),
        (2_599_999.99, 1, "breach"),
        (2_400_000, 20_000_000, "breach"),  # 2.4 - 1.2 paid first - 0.3 - 0.5 of the second: 0.2 lack
        (1_200_000, 140_000_000, "pass"),  # nothing is left beside what the lenders had
    ],
)
def test_insured_claims_share_one_cap(sqlite_book: Database, cap: float, cut: int, verdict: str) -> None:
    """RC-15 and RC-22: what one claim's payment uses of a cap is not there for the next one's. Premiums 1 million, stop loss 1.2
    million; the insurer paid 2.1 million for the first claim and 0.5 million for the second."""
    rows = insured_office()
    rows["loans"][0] |= {"contract_amount": yuan(4_200_000)}
    rows["loan_events"] = [
        step("E1", "L1", "2021-03-01", w.LoanStep.DRAWN, 4_200_000),
        step("E3", "L3", "2021-03-01", w.LoanStep.DRAWN, 1_000_000),
        step("E5", "L1", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(4_200_000)),
        step("E6", "L3", "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(1_000_000)),
    ]
    rows["claims"] = [
        claimed("S1", "L1", "2022-06-01", 4_200_000),
        decided("S1", "L1", "2022-07-01", 1_260_000),
        claimed("S2", "L3", "2022-06-01", 1_000_000),
        decided("S2", "L3", "2022-07-01", 300_000),
    ]
    rows["pool_limits"] = [rows["pool_limits"][0] | {"limit_amount": yuan(cap)}]
    rows["pool_payments"][3:] = [
        pay("Z3", "2022-07-10", w.PoolLeg.GUARANTOR_PAID, "BX", "B1", 2_100_000, claim="S1"),
        pay("Z4", "2022-07-11", w.PoolLeg.GUARANTOR_PAID, "BX", "B1", 500_000, claim="S2"),
        pay("Z5", "2022-08-01", w.PoolLeg.COMPENSATION, "P", "B1", 900_000, claim="S1"),
        pay("Z6", "2022-08-01", w.PoolLeg.COMPENSATION, "P", "B1", 300_000, claim="S2"),
    ]
    rows["claims"][1] |= {"decided_amount": yuan(900_000)}
    booked(sqlite_book, rows)
    on = day("2022-12-15")
    then = ledger.read(sqlite_book).view(on)
    pools = pools_of(then)
    own = {c.code: c for c in pools.claims.values()}
    assert [pools.to_insurer(own[code], on) for code in ("S1", "S2")] == [90_000_000, 50_000_000]
    assert own["S1"].agreement is not None
    assert pools.insurer_cut(own["S1"].agreement, on) == cut
    found = next(f for f in audit.pools(then).findings if f.rule == "RC-15" and f.subject.code == "XY")
    assert found.verdict.value == verdict


@pytest.mark.parametrize(
    ("cap", "pay_now", "cut"),
    [
        (2_000_000.01, 50_000_000, 0),
        (2_000_000, 50_000_000, 0),
        (1_999_999.99, 49_999_999, 1),
        (1_500_000, 0, 0),
    ],
)
def test_what_is_cut_at_the_first_payment_lapses_at_the_limit(
    sqlite_book: Database, cap: float, pay_now: int, cut: int
) -> None:
    """RC-22, decision 36: inside, on and outside the cap of 2022; of what was not paid at all nothing was cut."""
    book, december, january = capped(sqlite_book), day("2022-12-20"), day("2023-01-10")
    lower = {
        "pool_limits": [office()["pool_limits"][0] | {"since": day("2022-12-02"), "limit_amount": yuan(cap)}]
    }
    booked(book, lower)
    plan = claim_desk.plan_claim_payment(ledger.read(book).view(december), "S2", december)
    assert (plan.fen or 0) == pay_now
    if pay_now:
        claim_desk.book_claim(book, LOCAL, plan)
    else:
        assert [p.code for p in plan.problems] == ["nothing_left"]
    pools = pools_of(ledger.read(book).view(january))
    offer = pools.offer(next(c for c in pools.claims.values() if c.code == "S2"), january)
    assert (offer.pay, offer.uncompensated) == (0 if pay_now else 50_000_000, cut)


def test_without_a_recorded_premium_nobody_can_say_what_lies_beyond(sqlite_book: Database) -> None:
    rows = insured_office()
    del rows["pool_payments"][2]
    booked(sqlite_book, rows)
    plan = claim_desk.plan_claim_payment(view(sqlite_book), "S1", ON)
    assert plan.fen == 90_000_000
    assert plan.offer is None
    found = audit.pools(view(sqlite_book)).findings
    assert [f.verdict.value for f in found if f.rule == "RC-15"] == ["unknown"]


@pytest.mark.parametrize(
    ("order", "recovered", "shares"),
    [
        (None, 1_000_000, {"P": 500_000}),
        (w.RecoveryOrder.LENDER_FIRST, 1_000_000, {}),
        (w.RecoveryOrder.POOL_FIRST, 1_000_000, {"P": 1_000_000}),
        (w.RecoveryOrder.POOL_FIRST, 2_000_000, {"P": 1_500_000}),
        (w.RecoveryOrder.LENDER_FIRST, 2_000_000, {"P": 500_000}),
    ],
)
def test_what_was_recovered_is_shared_by_what_each_bore(
    sqlite_book: Database, order: w.RecoveryOrder | None, recovered: int, shares: dict[str, int]
) -> None:
    """RC-24: pool and bank bore 1.5 million each; interest stays where it came in."""
    rows = office()
    rows["agreements"][0] |= {"recovery_order": order} if order is not None else {}
    own = {"claim": "S1"}
    rows["pool_payments"] += [
        pay("Z4", "2022-12-01", w.PoolLeg.RECOVERY, "Q1", "B1", recovered, **own),
        pay(
            "Z5",
            "2022-12-01",
            w.PoolLeg.RECOVERY,
            "Q1",
            "B1",
            9_000,
            recovery_part=w.RecoveryPart.INTEREST,
            **own,
        ),
    ]
    booked(sqlite_book, rows)
    plan = claim_desk.plan_recovery_sharing(view(sqlite_book), "S1", ON)
    if not shares:
        assert [p.code for p in plan.problems] == ["nothing_to_share"]
        return
    assert plan.problems == ()
    made = {row["payee"]: row["amount"].fen // 100 for row in plan.table.rows}
    assert made == shares
    moves = moved(plan)
    back = shares["P"]
    assert moves[EffectOn.RECOVERED, "P"] == (0, back, None)
    assert moves[EffectOn.RECOVERED, "B1"] == (recovered, recovered - back, None)
    assert moves[EffectOn.POOL, "P"] == (4_500_000, 4_500_000 + back, None)
    claim_desk.book_claim(sqlite_book, LOCAL, plan)
    again = claim_desk.plan_recovery_sharing(view(sqlite_book), "S1", ON)
    assert [p.code for p in again.problems] == ["nothing_to_share"]


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
