"""Fifteen hundred loans over eight years: who borrowed what, what became of it, and what the pools paid in the bad year.

Every loan draws its life from a stream of its own number. Claims are settled after all loans are known, in the order of their
payment, so that no cap is ever passed: what a cap cuts stays unpaid.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from models import pools as w
from office.days import LAST, workday
from office.economy import Office
from office.pool_parties import (
    BANKS,
    CITY_GUARANTOR,
    FIRMS,
    GOOD,
    GUARANTEED,
    INSURED,
    INSURER,
    LARGE,
    TECH,
    cap_on,
    firm,
    rate_on,
)
from office.pool_register import WAN, PoolLoan, PoolRegister, day_after, months_after
from office.stream import Stream, split

BAD = (dt.date(2022, 1, 15), dt.date(2022, 12, 10))
"""Loans that fall due between these days default ten times as often."""
_STOP = (dt.date(2022, 3, 1), dt.date(2024, 3, 1))
"""Days between which nothing new is guaranteed by the guarantor whose enrolment is stopped."""
CERTIFIED = 24
"""The first so many firms are little giants: borrowers of the national plan."""
PLANTED = 10
"""The last so many firms borrow only in what is planted."""
_D = dt.date
Step = w.LoanStep


class Line(NamedTuple):
    """A line of business: so many loans of one agreement between two days.

    amounts        : ten thousands of yuan
    pool_part      : of the principal, in per cent, paid by the pool
    guarantor_part : likewise, paid to the bank by guarantor or insurer; the pool then pays the guarantor, beside an insurer the bank
    """

    agreement: str
    pool: str
    count: int
    first: dt.date
    last: dt.date
    amounts: tuple[int, int]
    pool_part: int
    guarantor_part: int = 0
    guarantors: tuple[str, ...] = ()
    insurer: str | None = None
    certified: bool = False


_ALL = (_D(2018, 9, 3), _D(2026, 8, 20))
LINES = (
    Line("XY-01-01", TECH, 764, *_ALL, (80, 500), 50),
    Line("XY-01-04", TECH, 80, _D(2021, 3, 1), _ALL[1], (60, 400), 60),
    Line("XY-02-04", GUARANTEED, 220, _ALL[0], _D(2024, 6, 20), (100, 480), 40, 80, (GOOD, LARGE, LARGE)),
    Line(
        "XY-02-07", GUARANTEED, 70, _D(2021, 2, 1), _ALL[1], (100, 450), 20, 80, (GOOD, LARGE, CITY_GUARANTOR)
    ),
    Line(
        "XY-02-01", GUARANTEED, 60, _D(2024, 9, 2), _ALL[1], (150, 480), 20, 80, (GOOD, LARGE), certified=True
    ),
    Line("XY-02-11", GUARANTEED, 50, _D(2020, 3, 2), _D(2021, 12, 20), (50, 190), 40, 80, (GOOD, LARGE)),
    Line("XY-03-04", INSURED, 190, _D(2019, 7, 1), _ALL[1], (50, 300), 20, 60, insurer=INSURER),
)
_OWN: dict[str, dict[str, Any]] = {
    "XY-01-04": {"collateral": w.Collateral.IP, "ip_registration": "示例质押登记"},
    "XY-02-07": {"other_fees": 0, "guarantee_fee_rate": Decimal("0.008")},
    "XY-02-01": {"other_fees": 0, "guarantee_fee_rate": Decimal("0.008")},
    "XY-02-11": {
        "guarantee_fee_rate": Decimal("0.005"),
        "list_managed": True,
        "working_capital": True,
        "counter_guarantee_pledged": False,
    },
}


class Due(NamedTuple):
    """A claim that was decided and waits for its payment."""

    on: dt.date
    code: str
    loan: PoolLoan
    line: Line
    fen: int


def business(register: PoolRegister, office: Office) -> list[Due]:
    """Every loan that is nothing but business; the claims on those that failed, which wait for their payment."""
    for n in range(1, FIRMS - PLANTED + 1):
        little = {"little_giant_until": _D(2027, 6, 30), "innovation_scored_until": _D(2027, 6, 30)}
        if n <= CERTIFIED:
            register.add(
                "borrower_certificates",
                party=firm(n),
                since=_D(2023, 7, 1),
                document="专精特新认定",
                **little,
            )
    held = sorted(c.code for c in office.companies if c.closed_on is None and c.founded_on < _ALL[0])[::4]
    dues: list[Due] = []
    for line in LINES:
        stream = Stream(f"pool line {line.agreement}")
        span = (line.last - line.first).days
        days = sorted(workday(day_after(line.first, stream.between(0, span))) for _ in range(line.count))
        for day in days:
            borrower = firm(_number(line, stream))
            if line.pool == TECH and stream.chance(22):
                borrower = stream.pick(held)
            _life(register, line, borrower, day, stream, dues)
    return dues


def _number(line: Line, stream: Stream) -> int:
    first, last = (1, CERTIFIED) if line.certified else (CERTIFIED + 1, FIRMS - PLANTED)
    return stream.between(first, last)


def _size(borrower: str) -> w.SizeClass:
    """Nine firms of ten are small or micro."""
    last = int(borrower[3:]) % 10
    return w.SizeClass.MEDIUM if last == 9 else w.SizeClass.MICRO if last < 4 else w.SizeClass.SMALL


def _life(
    register: PoolRegister, line: Line, borrower: str, on: dt.date, stream: Stream, dues: list[Due]
) -> None:
    guarantor = stream.pick(line.guarantors) if line.guarantors else None
    if guarantor == LARGE and _STOP[0] <= on < _STOP[1]:
        guarantor = GOOD
    if guarantor == CITY_GUARANTOR and _size(borrower) is w.SizeClass.MEDIUM:
        guarantor = GOOD  # the city's own serves small firms alone
    rate = rate_on(on) + Decimal(stream.between(40, 95)) / 10_000
    amount = stream.between(*line.amounts) * WAN
    if line.agreement == "XY-02-11" and _size(borrower) is w.SizeClass.MEDIUM:
        amount = min(amount, 150 * WAN)
    months = 12 if line.agreement == "XY-02-11" else stream.pick((6, 12, 12, 12, 18))
    loan = register.loan(
        line.pool,
        line.agreement,
        borrower,
        stream.pick(BANKS),
        amount,
        on,
        months,
        guarantor,
        insurer=line.insurer,
        loan_rate=rate,
        borrower_size=_size(borrower),
        **_OWN.get(line.agreement, {}),
    )
    due = workday(loan.due)
    if due > LAST:
        return
    fate = stream.between(1, 1000)
    failing = 120 if BAD[0] <= due <= BAD[1] else 10
    if fate <= failing:
        _fails(register, line, loan, due, stream, dues)
    elif fate > 985 and line.pool == TECH and months_after(loan.due, 3) <= LAST:
        register.step(loan, due, Step.EXTENDED, step_due=months_after(loan.due, 3))
        register.repaid(loan, workday(months_after(loan.due, 3)))
    elif fate > 960:
        half = loan.amount // 2 // WAN * WAN
        middle = workday(day_after(on, (due - on).days // 2))
        register.moves(loan, middle, Step.PREPAID, half)
        register.repaid(loan, due)
    elif fate > 945 and (line.agreement != "XY-02-04" or due <= line.last):
        register.repaid(loan, due, Step.RENEWED)
        terms = dict(loan.row)
        for name in ("code", "agreement", "borrower", "lender", "guarantor", "since", "contract_amount"):
            terms.pop(name, None)
        for name in ("enrolled_on", "enrolment_confirmation_id", "loan_due"):
            terms.pop(name, None)
        terms |= {"renews": loan.code, "loan_rate": rate_on(due) + Decimal("0.005")}
        more = register.loan(
            line.pool, line.agreement, borrower, loan.lender, amount, due, 12, guarantor, **terms
        )
        if workday(more.due) <= LAST:
            register.repaid(more, workday(more.due))
    else:
        register.repaid(loan, due)


def _fails(
    register: PoolRegister, line: Line, loan: PoolLoan, due: dt.date, stream: Stream, dues: list[Due]
) -> None:
    """Overdue from its due day; one in four is repaid late, the others are claimed."""
    register.step(loan, due, Step.OVERDUE, step_amount=loan.balance(due))
    late = workday(day_after(due, stream.between(20, 50)))
    if stream.chance(25) and late <= LAST:
        register.step(loan, late, Step.RESTORED)
        register.repaid(loan, late)
        return
    submitted = workday(day_after(due, stream.between(62, 90)))
    if submitted > LAST:
        return
    principal = loan.balance(submitted)
    code = register.claim(loan, due, submitted)
    reviewed = workday(day_after(submitted, stream.between(2, 4)))
    decided = workday(day_after(reviewed, stream.between(10, 24)))
    advanced = workday(day_after(submitted, 5))
    fen = principal * line.guarantor_part // 100
    payer = loan.guarantor or line.insurer
    if fen and payer and advanced <= LAST:
        register.pay(advanced, w.PoolLeg.GUARANTOR_PAID, payer, loan.lender, fen, claim=code)
    if reviewed <= LAST:
        register.reviewed(code, reviewed)
    if decided > LAST:
        return
    register.decided(code, decided, principal * line.pool_part // 100)
    paid = workday(day_after(decided, stream.between(5, 15)))
    if (paid.month, paid.day) > (12, 28):
        paid = workday(_D(paid.year + 1, 1, 4))
    if paid <= LAST:
        dues.append(Due(paid, code, loan, line, principal * line.pool_part // 100))


def settle(register: PoolRegister, dues: list[Due]) -> None:
    """Claims paid in the order of their days, each as far as money and limits go, and what came back later."""
    matured: list[tuple[dt.date, int]] = [(x.due, x.amount) for x in register.loans if x.pool == INSURED]
    used: dict[tuple[str, int], int] = {}
    for row in register.all("pool_payments", pool_leg=w.PoolLeg.COMPENSATION):
        key = row["payer"], row["since"].year
        used[key] = used.get(key, 0) + row["amount"]
    ever = 0
    for due in sorted(dues, key=lambda own: (own.on, own.code)):
        pool, key = due.line.pool, (due.line.pool, due.on.year)
        left = [register.money(pool, due.on), cap_on(pool, due.on) - used.get(key, 0)]
        if pool == INSURED:  # the excess over the rate of what has matured is no longer borne
            left.append(sum(fen for on, fen in matured if on <= due.on) * 20 // 10_000 - ever)
        fen = min(due.fen, *left)
        if fen <= 0:
            continue
        used[key] = used.get(key, 0) + fen
        ever += fen if pool == INSURED else 0
        payee = due.loan.guarantor or due.loan.lender
        register.pay(due.on, w.PoolLeg.COMPENSATION, pool, payee, fen, claim=due.code)
        _recovers(register, due, fen)


def _recovers(register: PoolRegister, due: Due, paid: int) -> None:
    """Of two claims in five a part comes back within the year, shared by what each has borne."""
    stream = Stream(f"recovery {due.code}")
    on = workday(day_after(due.on, stream.between(120, 330)))
    shared = workday(day_after(on, 12))
    if not stream.chance(40) or shared > LAST:
        return
    loan, principal = due.loan, due.loan.balance(due.on)
    back = principal * stream.between(5, 40) // 100
    register.pay(on, w.PoolLeg.RECOVERY, loan.borrower, loan.lender, back, claim=due.code)
    loan.moved.append((on, -back))
    advanced = principal * due.line.guarantor_part // 100
    other = loan.guarantor or due.line.insurer
    beside = advanced - paid if loan.guarantor else advanced
    borne = [paid, beside, principal - paid - beside]
    for party, fen in zip((due.line.pool, other), split(back, borne), strict=False):
        if fen and party:
            own = {"claim": due.code, "recovery_received_on": on}
            register.pay(shared, w.PoolLeg.RECOVERY_SHARED, loan.lender, party, fen, **own)
