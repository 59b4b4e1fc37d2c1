"""The rules whose inputs a projection moves, asked at the end of each year on every path.

Each verdict is that of the rule's own array form (fof.rules.array_forms), which the audit of the book asks of a single state. What
a projection does not move (terms, owners, deals, loans and claims one by one) gives no new answer: those rules are not asked, and
the result says how many they are.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from fof.audit.funds import fund_facts
from fof.audit.office import Office
from fof.audit.pools.standing import PoolReadings
from fof.book.index import book_of
from fof.book.pools.rates import WARNING
from fof.book.reading import Floats
from fof.book.settings import rule_numbers
from fof.ledger import View
from fof.ledger.journal_columns import Ints
from fof.rules.facts import FundFacts
from fof.rules.facts_pools import PoolFacts
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.registry import RULES, Scope, Verdict
from models.frozen import frozen
from models.text import Text

VEHICLE_RULES = ("GF-65", "AF-02")
POOL_RULES = ("RC-08", "RC-18", "RC-22", "RC-23")
RULES_ASKED = (*VEHICLE_RULES, *POOL_RULES)
"""Their inputs are moved: the cash of the portfolio's own vehicle, what was paid into it and put to work; money, outstanding principal, stop
and limits of a pool."""
MOVED: Mapping[Scope, frozenset[str]] = {
    Scope.FUND: frozenset(
        {"cash", "capital_in", "uses", "deployed", "other_in", "other_out", "appropriated", "paid_into_funds"}
    ),
    Scope.POOL: frozenset(
        {
            "cash",
            "contributed",
            "outstanding",
            "compensated",
            "lowest_cash",
            "below_floor_since",
            "limits",
        }
    ),
    Scope.COMPANY: frozenset({"stage"}),
}
"""The facts that a projected state provides: of the portfolio's own vehicle, of a pool, and the number of companies by stage."""
PARTLY_MOVED: Mapping[str, Text] = {
    "GF-21": Text("以后各年是否列预算不推演", "whether later years have a budget line is not projected"),
    "GF-22": Text(
        "推演不发出缴款通知，没有分期", "a projection issues no notices, so there are no instalments"
    ),
    "GF-26B": Text(
        "直接投资于企业的资金不推演", "what the vehicle puts into companies itself is not projected"
    ),
    "GF-48": Text("上缴国库不推演", "remittances to the treasury are not projected"),
    "PI-10": Text(
        "银行对账单与各出资人余额不推演", "bank statements and contributors' balances are not projected"
    ),
    "ST-01": Text("只推演各阶段企业数，不推演单个企业", "numbers by stage are projected, no single company"),
}
"""Rules that ask for something moved and for something that is not: they are not asked, each with what is missing."""
VERDICTS = tuple(Verdict)


@frozen
class LimitTerms:
    """A limit of a pool in whole numbers, in the order of the pool's arrays. highest: of its denominator; amount: fen; warning:
    the share of it that warns; agreed: in the book, not typed."""

    code: str
    stops: bool
    highest: Fraction | None
    amount: int | None
    warning: Fraction
    agreed: bool


@frozen
class PoolStart:
    """A pool today as the rules judge it, and its limits. beside: of each limit that a projection cannot carry forward
    (a stop by what a guarantor pays, whose share nobody states), whether it stops enrolment: what it will say is unknown."""

    facts: PoolFacts
    limits: tuple[LimitTerms, ...]
    beside: tuple[bool, ...] = ()


@frozen
class RulesAsked:
    """What the rules need beside the paths.

    vehicle : the portfolio's own vehicle today, None where the portfolio is none or its cash is not kept in the book
    paid_in : fen of appropriations in each step      numbers : of the rules, of the office
    """

    pools: tuple[PoolStart, ...]
    vehicle: FundFacts | None
    vehicle_code: str | None
    paid_in: Ints
    numbers: NumbersInForce

    @property
    def questions(self) -> tuple[tuple[str, str], ...]:
        """Rule and subject of each question."""
        vehicle = [] if self.vehicle_code is None else [self.vehicle_code]
        return (
            *((rule, code) for rule in VEHICLE_RULES for code in vehicle),
            *((rule, pool.facts.code) for pool in self.pools for rule in POOL_RULES),
        )


def rules_not_asked() -> tuple[str, ...]:
    """The rules that a projection gives no answer to, by number."""
    return tuple(sorted(id_ for id_ in RULES if id_ not in RULES_ASKED))


def rules_asked(
    view: View, party: int | None, pools: Sequence[PoolStart], cash_typed: bool, appropriated: Floats
) -> RulesAsked:
    """party: of the portfolio's own vehicle; appropriated: yuan by step. A vehicle whose opening cash is typed has no history of
    it that could be judged: unknown."""
    assert view.as_of is not None
    book = book_of(view)
    vehicle = None
    if party is not None and not cash_typed:
        vehicle = fund_facts(Office(book, view.as_of, lambda _: {}), party)
    code = None if party is None else view.parties[party].code
    return RulesAsked(tuple(pools), vehicle, code, fen_of(appropriated), rule_numbers(view).settings)


def pool_start(
    view: View,
    code: str,
    opening: float,
    outstanding: float,
    limits: Sequence[LimitTerms],
    beside: Sequence[bool] = (),
) -> PoolStart:
    """A pool on the day: as the audit has it, with what is typed in its place; of a planned one what is typed alone. Fen."""
    assert view.as_of is not None
    book = book_of(view)
    number = book.by_code.get(code)
    cash, owed = round(opening), round(outstanding)
    if number is None:
        facts = PoolFacts(code, view.as_of, cash=cash, contributed=cash, outstanding=owed)
    else:
        stated = PoolReadings(book, view.as_of).pool(number)
        facts = replace(stated, cash=cash, outstanding=owed)
    return PoolStart(facts, tuple(limits), tuple(beside))


def year_steps(days: Sequence[dt.date]) -> list[int]:
    """The steps that end a year, and the last."""
    return [n for n, day in enumerate(days) if day.month == 12 or n + 1 == len(days)]


def pool_limit_terms(
    code: str, kind: str, rate: float | None, amount: float | None, warning: Decimal | None, agreed: bool
) -> LimitTerms:
    """A limit from the numbers of a scenario; amount in yuan, inf or None: none."""
    highest = None if rate is None or math.isinf(rate) else Fraction(Decimal(repr(rate)))
    fen = None if amount is None or math.isinf(amount) else round(100 * amount)
    share = WARNING if warning is None else Fraction(warning)
    return LimitTerms(code, kind == "enrolment_stop", highest, fen, share, agreed)


def fen_of(yuan: Floats) -> Ints:
    """Whole fen of amounts in yuan, each rounded by itself."""
    return np.rint(100.0 * yuan).astype(np.int64)
