"""Pools by month (PI-10): loans enrolled by size class, claims, what each payer paid, recoveries, run-off; and the list of what can be
asked of pools."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fof.book.pools import Pools
from fof.book.pools.loans import Loan
from fof.errors import one_of
from fof.figures.answers import Answer, declared
from fof.figures.desk import Row
from fof.figures.pools import (
    PoolDesk,
    claims_document,
    contributors_document,
    limits_document,
    loans_document,
    pool_chosen,
    pools_document,
    ratio,
)
from fof.figures.register import Figure
from fof.ledger import View
from fof.rules.calendar_days import add_months
from fof.table_workbook import Cell, table_workbook
from models.kinds import PartyKind
from models.pools import Denominator, Grossness, LimitPeriod, PoolLeg, SizeClass
from models.text import Text

POOL_MONTHS = declared(
    "pool_months",
    Text("资金池月度统计", "Pools by month"),
    "PI-10: loans enrolled in the month with firms, money, average rate and fee by size class (and of all), claims made, what each payer paid for claims, what was recovered, outstanding and balance at its end.",
    rows="""
        pool month size_class loans_enrolled firms enrolled_amount guaranteed_amount average_rate average_fee
        claims_made paid_by_pool paid_by_guarantors paid_by_insurers pool_recovered_all pool_outstanding
        pool_balance pool_leverage rate_released recovery_rate
    """,
)
ALL_SIZES = "all"
UNSTATED = "unstated"
_RATES = {"average_rate": "loan_rate", "average_fee": "guarantee_fee_rate"}
"""Average of a month → the attribute of loans that it is of."""


def months_document(view: View, pool: str | None = None) -> Answer:
    """PI-10 by month and size class, the classes of a month before its sum."""
    desk = PoolDesk(view)
    rows = [row for number in pool_chosen(view, pool) for row in _months(desk, number)]
    return desk.answer(POOL_MONTHS, rows)


def _month_end(day: dt.date) -> dt.date:
    return add_months(day.replace(day=1), 1) - dt.timedelta(days=1)


def _months(desk: PoolDesk, pool: int) -> Iterator[Row]:
    own, day = desk.own, desk.day
    enrolled = _enrolled_by_month(own, pool, day)
    numbers = set(own.loan_numbers(pool))
    claims: dict[dt.date, int] = defaultdict(int)
    for claim in own.claims_of.get(pool, ()):
        if (on := claim.submitted_on(day)) is not None:
            claims[_month_end(on)] += 1
    paid: dict[dt.date, list[tuple[PoolLeg, int | None, int]]] = defaultdict(list)
    for p in own.payments:
        if p.day <= day and (pool in (p.payer, p.payee) or own.loan_of(p) in numbers):
            paid[_month_end(p.day)].append((p.leg, p.payer, p.fen))
    tally = own.tally(pool)
    order = [*(s.value for s in SizeClass), UNSTATED]
    for month in sorted(enrolled.keys() | claims.keys() | paid.keys()):
        at, classes = min(month, day), enrolled.get(month, {})
        for size in sorted(classes, key=order.index):
            yield {
                "pool": desk.code(pool),
                "month": month,
                "size_class": size,
                **classes[size].figures(),
            }
        cash = own.cash(pool, at)
        outstanding = tally.outstanding.until(at)
        money = paid[month]
        rate = tally.rate(Denominator.RELEASED, Grossness.GROSS, LimitPeriod.YEAR, at).value
        compensated, back = tally.paid.until(at), tally.recovered.until(at)
        yield {
            "pool": desk.code(pool),
            "month": month,
            "size_class": ALL_SIZES,
            **LoansOfMonth.together(classes.values()).figures(),
            "claims_made": claims[month],
            "paid_by_pool": sum(f for leg, who, f in money if leg is PoolLeg.COMPENSATION and who == pool),
            "paid_by_guarantors": _by_kind(desk, money, PartyKind.GUARANTOR),
            "paid_by_insurers": _by_kind(desk, money, PartyKind.INSURER),
            "pool_recovered_all": sum(f for leg, _, f in money if leg is PoolLeg.RECOVERY_SHARED),
            "pool_outstanding": outstanding,
            "pool_balance": cash,
            "pool_leverage": ratio(outstanding, cash),
            "rate_released": None if rate is None else float(rate),
            "recovery_rate": None if not compensated else float(Fraction(back, compensated)),
        }


def _by_kind(desk: PoolDesk, money: list[tuple[PoolLeg, int | None, int]], kind: PartyKind) -> int:
    parties = desk.book.parties
    return sum(
        fen
        for leg, who, fen in money
        if leg is PoolLeg.GUARANTOR_PAID and who is not None and parties[who].kind is kind
    )


def _enrolled_by_month(pools: Pools, pool: int, day: dt.date) -> dict[dt.date, dict[str, LoansOfMonth]]:
    """Last day of a month → size class → the loans enrolled in it up to a day, as they are stated at the end of the month."""
    months: dict[dt.date, dict[str, LoansOfMonth]] = {}
    for loan in pools.every_loan(pool, happened=False):
        on = loan.enrolled_on(day)
        if on is None or on > day:
            continue
        month = _month_end(on)
        at = min(month, day)
        stated: SizeClass | None = loan.on("borrower_size", at)
        size = UNSTATED if stated is None else stated.value
        months.setdefault(month, {}).setdefault(size, LoansOfMonth()).take(loan, at)
    return months


@dataclass(slots=True)
class LoansOfMonth:
    """Loans of a month, counted: money in fen; `by_rate`: of each of the two rates the money of the loans that state it, by rate."""

    loans: int = 0
    firms: set[int | None] = field(default_factory=set)
    amount: int = 0
    guaranteed: int = 0
    by_rate: dict[str, Counter[Decimal]] = field(default_factory=lambda: {name: Counter() for name in _RATES})

    def take(self, loan: Loan, day: dt.date) -> None:
        """Adds a loan as it is stated on a day."""
        fen = int(loan.on("contract_amount", day) or 0)
        self.loans += 1
        self.firms.add(loan.borrower)
        self.amount += fen
        self.guaranteed += 0 if loan.guarantor is None else fen
        for name, attribute in _RATES.items():
            if (rate := loan.on(attribute, day)) is not None:
                self.by_rate[name][rate] += fen

    @classmethod
    def together(cls, parts: Iterable[LoansOfMonth]) -> LoansOfMonth:
        """Those of several classes."""
        own = cls()
        for part in parts:
            own.loans += part.loans
            own.firms |= part.firms
            own.amount += part.amount
            own.guaranteed += part.guaranteed
            for name, by_rate in part.by_rate.items():
                own.by_rate[name].update(by_rate)
        return own

    def figures(self) -> Row:
        """Counts, money, and averages weighted by the money of those that state the rate."""
        return {
            "loans_enrolled": self.loans,
            "firms": len(self.firms),
            "enrolled_amount": self.amount,
            "guaranteed_amount": self.guaranteed,
            **{name: _average(by_rate) for name, by_rate in self.by_rate.items()},
        }


def _average(by_rate: Mapping[Decimal, int]) -> float | None:
    whole = sum(by_rate.values())
    return float(sum(Fraction(rate) * fen for rate, fen in by_rate.items()) / whole) if whole else None


def months_workbook(view: View, pool: str | None = None) -> bytes:
    """The report of PI-10 as a workbook: the rows of `months_document`, money in yuan, words in the language of this run."""
    made = months_document(view, pool)
    slots = made.document.slots
    rows: list[list[Cell]] = [[_cell(slot.figure, row.get(slot.name)) for slot in slots] for row in made.rows]
    day = view.as_of.isoformat() if view.as_of else "—"
    provenance = f"{Text('截至', 'as of')} {day} · {Text('已知至分录', 'known at entry')} {view.known_at} · {Text('元', 'yuan')}"
    header = [str(slot.figure.text) for slot in slots]
    return table_workbook(str(made.document.text), provenance, header, rows, [s.figure.kind for s in slots])


def _cell(of: Figure, value: Any) -> Cell:
    """A figure as a cell holds it."""
    if value is None or of.kind == "day":
        return value  # type: ignore[no-any-return]
    if of.kind == "money":
        return float(Decimal(value).scaleb(-2))
    word = of.word(value)
    return str(word) if word is not None else value if isinstance(value, int | float) else str(value)


TABLES = {
    "pools": pools_document,
    "contributors": contributors_document,
    "limits": limits_document,
    "loans": loans_document,
    "claims": claims_document,
    "months": months_document,
}
"""What can be listed of pools → its document."""


def pool_document(view: View, table: str, pool: str | None = None) -> Answer:
    """One of the tables of pools, by name. WrongArgument for no such table, Unknown for no such pool."""
    return TABLES[one_of(table, TABLES, "table")](view, pool)
