"""Risk-compensation pools of the demo office in the making: loans with what happened to them, claims, payments, and the key.

Rows and key are those of staff_register; beside them stands what the generator itself must know of a loan (balance, default) and
of a pool (its money), so that a payment is never above what the book would allow.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from models.pools import ClaimDecision, ClaimStep, LoanStep, PoolLeg
from office.staff_register import StaffRegister, StaffRow, day_after

WAN = 1_000_000
"""Fen of ten thousand yuan."""


@dataclass(slots=True)
class PoolLoan:
    """A loan: what the next row about it needs to know."""

    code: str
    pool: str
    agreement: str
    borrower: str
    lender: str
    guarantor: str | None
    amount: int
    on: dt.date
    due: dt.date
    row: StaffRow
    moved: list[tuple[dt.date, int]] = field(default_factory=list)
    steps: int = 0
    settled: dt.date | None = None

    def balance(self, day: dt.date) -> int:
        """Principal owed at the close of a day."""
        return sum(fen for on, fen in self.moved if on <= day)


@dataclass
class PoolRegister(StaffRegister):
    """Rows of pools in one workbook, and their key."""

    loans: list[PoolLoan] = field(default_factory=list)
    cash: dict[str, list[tuple[dt.date, int]]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def number(self, prefix: str) -> str:
        """The next code of a prefix."""
        self.numbers[prefix] += 1
        return f"{prefix}-{self.numbers[prefix]:04d}"

    # -- loans --------------------------------------------------------------------------------------------------------

    def loan(
        self,
        pool: str,
        agreement: str,
        borrower: str,
        lender: str,
        amount: int,
        on: dt.date,
        months: int,
        guarantor: str | None = None,
        **own: Any,
    ) -> PoolLoan:
        """A loan enrolled and drawn on a day, due after whole months."""
        code = self.number(f"DK-{on.year}")
        due = months_after(on, months)
        terms = {
            "contract_amount": amount,
            "enrolled_on": on,
            "enrolment_confirmation_id": f"QR-{code[3:]}",
            "loan_due": due,
        }
        row = self.add(
            "loans",
            code=code,
            agreement=agreement,
            borrower=borrower,
            lender=lender,
            guarantor=guarantor,
            since=on,
            **(terms | own),
        )
        made = PoolLoan(code, pool, agreement, borrower, lender, guarantor, amount, on, due, row)
        self.loans.append(made)
        self.moves(made, on, LoanStep.DRAWN, amount)
        return made

    def step(self, loan: PoolLoan, on: dt.date, what: LoanStep, **own: Any) -> None:
        """What happened to a loan without money moving."""
        loan.steps += 1
        self.add(
            "loan_events", code=f"{loan.code}-{loan.steps}", loan=loan.code, since=on, loan_step=what, **own
        )

    def moves(self, loan: PoolLoan, on: dt.date, what: LoanStep, fen: int) -> None:
        """Money drawn or repaid."""
        loan.moved.append((on, fen if what is LoanStep.DRAWN else -fen))
        self.step(loan, on, what, amount=fen)

    def repaid(self, loan: PoolLoan, on: dt.date, what: LoanStep = LoanStep.REPAID) -> None:
        """The rest repaid on a day."""
        self.moves(loan, on, what, loan.balance(on))

    # -- claims -------------------------------------------------------------------------------------------------------

    def claim(self, loan: PoolLoan, overdue: dt.date | None, submitted: dt.date, **own: Any) -> str:
        """A claim for all that is owed, submitted on a day; its code."""
        code = self.number(f"SQ-{submitted.year}")
        asked = {"claim_principal": loan.balance(submitted), "overdue_since": overdue} | own
        self.add(
            "claims",
            code=code,
            loan=loan.code,
            claimant=loan.lender,
            since=submitted,
            claim_step=ClaimStep.SUBMITTED,
            **asked,
        )
        return code

    def reviewed(self, claim: str, on: dt.date, step: ClaimStep = ClaimStep.REVIEWED) -> None:
        """A step of a claim without a conclusion."""
        self.add("claims", code=claim, since=on, claim_step=step)

    def decided(
        self, claim: str, on: dt.date, fen: int, what: ClaimDecision = ClaimDecision.WHOLLY, **own: Any
    ) -> None:
        """The decision about a claim."""
        self.add(
            "claims",
            code=claim,
            since=on,
            claim_step=ClaimStep.DECIDED,
            claim_decision=what,
            decided_amount=fen or None,
            **own,
        )

    # -- money --------------------------------------------------------------------------------------------------------

    def pay(self, on: dt.date, leg: PoolLeg, payer: str, payee: str, fen: int, **own: Any) -> StaffRow:
        """A payment of or beside a pool."""
        for party, signed in ((payer, -fen), (payee, fen)):
            if party.startswith("ZJC-"):
                self.cash[party].append((on, signed))
        code = self.number(f"ZF-{on.year}")
        return self.add(
            "pool_payments", code=code, payer=payer, payee=payee, since=on, amount=fen, pool_leg=leg, **own
        )

    def money(self, pool: str, on: dt.date) -> int:
        """What is in a pool at the close of a day."""
        return sum(fen for day, fen in self.cash[pool] if day <= on)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, the 28th at the latest."""
    at = day.year * 12 + day.month - 1 + months
    return dt.date(at // 12, at % 12 + 1, min(day.day, 28))


__all__ = ["WAN", "PoolLoan", "PoolRegister", "day_after", "months_after"]
