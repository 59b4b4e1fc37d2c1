"""A pool's money after any sequence of events: every balance to the fen, nobody back more than borne, no limit passed."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from dataclasses import fields
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pool_office import START, Rows, claimed, day, decided, loan, office, pay, step, workbook, yuan

from fof import intake, ledger
from fof.access import LOCAL
from fof.book.pools import Pools, pools_of, reading
from fof.book.pools.claims import PoolPayment
from fof.book.pools.concerned import LoanNames
from fof.book.pools.contributors import DivisionTerms, PoolAccounts
from fof.book.pools.rates import DatedSums, Tally, window
from fof.db import Database
from fof.errors import BookingRefused, Busy, ImportRefused
from fof.operations import claim_desk
from models import pools as w
from models.subjects import LinkRole as R

END = day("2030-12-31")


def leg(on: int, what: w.PoolLeg, payer: int, payee: int, fen: int, claim: int | None = None) -> Any:
    part = w.RecoveryPart.PRINCIPAL
    when = dt.date(2021, 1, 1) + dt.timedelta(days=on)
    return PoolPayment(when, on, what, payer, payee, fen, 1, claim, None, part, None)  # type: ignore[arg-type]


LEGS = (
    w.PoolLeg.FUNDING,
    w.PoolLeg.RETURNED,
    w.PoolLeg.INTEREST,
    w.PoolLeg.COST,
    w.PoolLeg.COMPENSATION,
    w.PoolLeg.RECOVERY_SHARED,
)
POOL, GOV, CITY, ZONE, BANK = 1, 2, 3, 4, 5
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(LEGS),
        st.sampled_from([GOV, CITY, ZONE]),
        st.integers(1, 10**9),
        st.integers(1, 3),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS, st.sampled_from(list(w.ContributionBasis)), st.sampled_from(list(w.EmptyPart)), st.data())
def test_balances_add_up_after_any_sequence(
    events: Any, basis: w.ContributionBasis, empty: w.EmptyPart, data: Any
) -> None:
    """Σ balances = the pool's cash after each payment; parts are never negative; recoveries never above what was borne."""
    accounts = PoolAccounts([], lambda _: DivisionTerms(basis, empty))
    cash, paid_for = 0, {1: 0, 2: 0, 3: 0}
    for number, (what, who, fen, claim) in enumerate(events):
        if what is w.PoolLeg.FUNDING:
            payment = leg(number, what, who, POOL, fen)
        elif what is w.PoolLeg.RETURNED:
            fen = min(fen, max(accounts.of[who].balance, 0))
            payment = leg(number, what, POOL, who, fen)
        elif what is w.PoolLeg.INTEREST:
            if not accounts.of:
                continue
            payment = leg(number, what, BANK, POOL, fen)
        elif what in (w.PoolLeg.COST, w.PoolLeg.COMPENSATION):
            parts, rest = accounts.divided(min(fen, cash), dt.date(2021, 1, 1))
            fen = sum(parts.values())
            assert fen + rest <= cash
            assert empty is w.EmptyPart.UNCOMPENSATED or basis is w.ContributionBasis.LAYER or not rest
            payment = leg(number, what, POOL, BANK, fen, claim)
            paid_for[claim] += fen if what is w.PoolLeg.COMPENSATION else 0
        else:
            fen = data.draw(st.integers(0, paid_for[claim]))
            paid_for[claim] -= fen
            payment = leg(number, w.PoolLeg.RECOVERY_SHARED, BANK, POOL, fen, claim)
        if not payment.fen:
            continue
        accounts.take(payment, POOL)
        cash += payment.fen if payment.payee == POOL else -payment.fen
        assert sum(own.balance for own in accounts.of.values()) == cash
        assert all(own.balance >= 0 for own in accounts.of.values())
        assert all(own.recovered <= own.compensated for own in accounts.of.values())


# -- whole lives of a pool, through files, on both engines --------------------------------------------------------------


@pytest.mark.parametrize("seed", [3])
def test_any_life_of_a_pool_keeps_what_must_hold(database: Database, seed: int) -> None:
    """Random files, each taken or refused as a whole; after each the book holds what no agreement lets go."""
    chance = Random(seed)
    intake.book(database, LOCAL, workbook(office()), "资金池.xlsx")
    outcomes: Counter[bool] = Counter()
    for number in range(12):
        view = ledger.read(database).view()
        rows = _next(chance, number, pools_of(view), view.by_code["P"].id)
        try:
            intake.book(database, LOCAL, workbook(rows), f"{number}.xlsx")
            outcomes[True] += 1
        except ImportRefused:
            outcomes[False] += 1
        view = ledger.read(database).view()
        held(pools_of(view), view.by_code["P"].id)
    assert outcomes[True]
    assert outcomes[False]


def _next(chance: Random, number: int, pools: Pools, pool: int) -> Rows:
    """A file that may be right, or wrong by a fen."""
    off = chance.choice([0, 0, 0, 1]) / 100
    own = chance.choice(sorted(pools.loans.values(), key=lambda x: x.code))
    claim = next((c for c in pools.claims.values() if c.loan is own and c.live(END)), None)
    on, code = f"2024-{number // 2 + 1:02}-{10 + number:02}", own.code
    match chance.randrange(5):
        case 0:
            new = f"L{number + 10}"
            return {
                "loans": [loan(new, "Q3", 500_000, "2023-06-01")],
                "loan_events": [
                    step(f"E{number}-1", new, "2023-06-01", w.LoanStep.DRAWN, 500_000 + off),
                    step(f"E{number}-2", new, "2023-12-01", w.LoanStep.OVERDUE, step_amount=yuan(1)),
                ],
            }
        case 1:
            return {
                "loan_events": [
                    step(f"E{number}", code, on, w.LoanStep.REPAID, max(own.balance(END), 100) / 200 + off)
                ]
            }
        case 2 if claim is None:
            principal = own.balance(day(on)) / 100 + off
            return {
                "claims": [
                    claimed(f"S{number}", code, on, principal),
                    decided(f"S{number}", code, on, principal / 2),
                ]
            }
        case 3 if claim is not None and claim.decision(END):
            offer = pools.offer(claim, day(on))
            money = offer.pay / 100 + off
            return {
                "pool_payments": [
                    pay(f"Z{number}", on, w.PoolLeg.COMPENSATION, "P", "B1", money or 1, claim=claim.code)
                ]
            }
    back = own.balance(END) / 400 + off
    shared = {"claim": claim.code} if claim is not None else {"loan": code}
    borrower = pools.view.parties[own.borrower or 0].code
    return {
        "pool_payments": [
            pay(f"Z{number}-1", on, w.PoolLeg.RECOVERY, borrower, "B1", back or 1, loan=code),
            pay(f"Z{number}-2", on, w.PoolLeg.RECOVERY_SHARED, "B1", "P", (back or 1) / 2, **shared),
        ]
    }


WRITERS, ROOM = 20, 7


def test_no_limit_is_passed_by_twenty_writers_at_once(database: Database) -> None:
    """Twenty claims of which the cap of the year has room for seven, one bank's own for five and a guarantor's for three, paid by as
    many processes in any order: half through the claim desk, half by file."""
    rows = office()
    rows["pool_limits"] = [
        limit("CAP", 50_000 * ROOM),
        limit("B1", 50_000 * (ROOM - 2), lender="B1"),
        limit("B2", 50_000 * WRITERS, lender="B2"),
        limit("G", 50_000 * (ROOM - 4), guarantor="G"),
    ]
    rows["claims"], rows["pool_payments"] = [], rows["pool_payments"][:2]
    for n in range(WRITERS):
        bank = f"B{1 + n % 2}"
        rows["loans"].append(loan(f"M{n}", "Q2", 100_000, lender=bank, guarantor="G" if n % 5 < 2 else None))
        rows["loan_events"].append(step(f"M{n}", f"M{n}", "2021-03-01", w.LoanStep.DRAWN, 100_000))
        rows["claims"] += [
            claimed(f"M{n}", f"M{n}", "2022-08-01", 100_000) | {"claimant": bank},
            decided(f"M{n}", f"M{n}", "2022-08-02", 50_000),
        ]
    intake.book(database, LOCAL, workbook(rows), "资金池.xlsx")
    files = {n: workbook({"pool_payments": [paid_for(n)]}) for n in range(WRITERS) if n % 4 < 2}
    url = database.url.render_as_string(hide_password=False)
    database.close()
    writers = []
    for n in range(WRITERS):
        pid = os.fork()
        if pid == 0:
            os._exit(paid_by(url, n, files.get(n)))
        writers.append(pid)
    ends = Counter(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in writers)
    assert set(ends) == {0, 1}, "0: paid, 1: refused for its limit; anything else is a fault"
    view = ledger.read(Database(url)).view()
    pools, pool = pools_of(view), view.by_code["P"].id
    used = {s.limit.code: s.used for s in pools.limit_states(pool, day("2022-12-31"))}
    assert used["CAP"] == 5_000_000 * ROOM
    assert used["B1"] <= 5_000_000 * (ROOM - 2)
    assert used["G"] <= 5_000_000 * (ROOM - 4)
    assert ends[0] == ROOM
    held(pools, pool)


def test_some_loans_are_read_as_all_are(sqlite_book: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an import reads of a large book: the loans that it is about, everything of claims, and rates of all, loan by loan."""
    rows = office()
    rows["pool_limits"].append(limit("B1", 3_000_000, lender="B1"))
    rows["pool_limits"].append(limit("G", 3_000_000, guarantor="G"))
    rows["loans"].append(loan("L4", "Q2", 400_000, lender="B2", renews="L2"))
    rows["loan_events"].append(
        step("E6", "L3", "2022-05-01", w.LoanStep.SCHEDULED, step_amount=yuan(1), step_due=day("2022-06-01"))
    )
    intake.book(sqlite_book, LOCAL, workbook(rows), "资金池.xlsx")
    monkeypatch.setattr(reading, "LOANS_AT_ONCE", 1)
    view, other = (ledger.Journal(sqlite_book).refresh().view() for _ in range(2))
    whole, names = pools_of(view), LoanNames(other.prefix)
    code = {own.code: number for number, own in whole.loans.items()}
    only = names.concerned({code["L4"]})
    assert only == {code["L4"], code["L2"], code["L1"]}, "itself, what it renews, and what is claimed"
    some = Pools(other, names.with_events(only))
    assert {n: own.movements() for n, own in some.loans.items()} == {
        n: whole.loans[n].movements() for n in only
    }
    assert some.chains[code["L4"]] == code["L2"]
    assert [p.fen for p in some.payments] == [p.fen for p in whole.payments]
    pool = view.by_code["P"].id
    for own in whole.limits_of(pool):
        ends = own.linked(R.LENDER), own.linked(R.GUARANTOR)
        for advanced in {False, ends[1] is not None}:
            one, many = (own.tally(pool, *ends, advanced=advanced) for own in (some, whole))
            assert [list(getattr(one, f.name).dated()) for f in fields(Tally)] == [
                list(getattr(many, f.name).dated()) for f in fields(Tally)
            ]
    assert [s.used for s in some.limit_states(pool, END)] == [s.used for s in whole.limit_states(pool, END)]


def limit(code: str, yuan_a_year: float, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "pool": "P",
        "since": START,
        "limit_kind": w.LimitKind.PAYMENT_CAP,
        "limit_period": w.LimitPeriod.YEAR,
        "limit_amount": yuan(yuan_a_year),
        **more,
    }


def paid_for(n: int) -> dict[str, Any]:
    return pay(
        f"ZF-M{n}-1", "2022-09-01", w.PoolLeg.COMPENSATION, "P", f"B{1 + n % 2}", 50_000, claim=f"M{n}"
    )


def paid_by(url: str, n: int, file: bytes | None) -> int:
    """One writer in a process of its own: 0 paid, 1 refused by a limit, 2 anything else. The plan of the desk is made before the
    lock, where all twenty see an empty cap, and again under it."""
    own = Database(url)
    for _ in range(50):
        try:
            if file is not None:
                intake.book(own, LOCAL, file, f"{n}.xlsx")
                return 0
            plan = claim_desk.plan_claim_payment(
                ledger.read(own).view(day("2022-09-01")), f"M{n}", day("2022-09-01"), 5_000_000
            )
            codes = {p.code for p in plan.problems}
            if codes:
                return 1 if codes <= {"above_offer", "nothing_left"} else 2
            claim_desk.book_claim(own, LOCAL, plan)
            return 0
        except Busy:
            continue
        except (ImportRefused, BookingRefused) as refused:
            return 1 if {p.code for p in refused.problems} <= {"above_limit"} else 2
        except BaseException:
            return 2
    return 2


def held(pools: Pools, pool: int) -> None:
    """What must hold of a pool whatever happened."""
    accounts = pools.accounts(pool, END)
    assert sum(own.balance for own in accounts.of.values()) == pools.cash(pool, END) >= 0
    for own in pools.loans.values():
        assert own.lowest() >= 0
    for claim in pools.claims.values():
        borne, back = claim.borne(END), claim.returned(END)
        assert all(back.get(p, 0) <= borne.get(p, 0) for p in back if p == pool)
    for state in pools.limit_states(pool, END):
        if state.kind is not w.LimitKind.ENROLMENT_STOP and state.allowed is not None:
            assert state.used <= state.allowed


# -- rates ----------------------------------------------------------------------------------------------------------------


def test_windows_of_periods() -> None:
    leap = day("2024-02-29")
    assert window(w.LimitPeriod.YEAR, leap) == (day("2023-12-31"), leap)
    assert window(w.LimitPeriod.ROLLING, leap) == (day("2023-02-28"), leap)
    assert window(w.LimitPeriod.CUMULATIVE, leap).until == leap


def test_each_denominator_gives_its_own_rate() -> None:
    """Paid 6 in 2023; enrolled 300, released 120, matured 150, outstanding 200; 2 came back in the year after."""
    on, after = day("2023-06-30"), day("2024-01-15")
    tally = Tally(
        DatedSums([(on, 6)]),
        DatedSums([(after, 2)]),
        DatedSums([(on, 300)]),
        DatedSums([(on, 120)]),
        DatedSums([(on, 150)]),
        DatedSums([(on, 320), (on, -120)]),
    )
    end = day("2023-12-31")
    rates = {of: tally.rate(of, w.Grossness.GROSS, w.LimitPeriod.YEAR, end).value for of in w.Denominator}
    assert rates == {
        w.Denominator.RELEASED: Fraction(6, 120),
        w.Denominator.MATURED: Fraction(6, 150),
        w.Denominator.OUTSTANDING: Fraction(6, 200),
        w.Denominator.ENROLLED: Fraction(6, 300),
    }
    net = tally.rate(w.Denominator.ENROLLED, w.Grossness.NET, w.LimitPeriod.CUMULATIVE, after)
    assert net.value == Fraction(4, 300)
    assert tally.rate(w.Denominator.ENROLLED, w.Grossness.GROSS, w.LimitPeriod.YEAR, after).value is None
