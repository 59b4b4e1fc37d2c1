"""For vouchers, subsidies, deductions and loans of pools: every way in which the book can hold what their rules compute, as
tests/test_fof_rules_recorded.py has it for funds, deals and parties. Each way is booked about firms of its own in one book, and
gathered; of the firms of no way (number 0) the field is something else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import instrument_office as small
import pool_office as pools
import pytest
from instrument_office import subsidy, voucher
from pool_office import day, party, yuan

from fof.audit.instruments import InstrumentReadings
from fof.audit.pools.standing import PoolReadings
from fof.book.index import book_of
from fof.db import Database
from models.instruments import DeductionForm, GrantDecision, GrantStep, RefusalReason, SubsidyKind
from models.journal import Edge
from models.kinds import EntryKind, PartyKind
from models.pools import LoanStep
from tests.conftest import Clerk

END = day("2025-12-31")
FIRMS = {"Q": "company", "R": "company", "H": "soe_vc", "P": "company", "G": "guarantor"}
"""The firms of each way: applicant and borrower, another firm, an owner and investor, a provider of services, a guarantor."""
ONE_CODE = "91230100DEM{:07d}"


class Desk:
    """Books about the firms of one way, by their letter; what comes by sheets is gathered in `rows`."""

    def __init__(self, clerk: Clerk, rows: pools.Rows, number: int) -> None:
        self.clerk, self.rows, self.number = clerk, rows, number

    def code(self, letter: str) -> str:
        return f"{letter}{self.number}"

    def row(self, layout: str, **cells: Any) -> None:
        self.rows.setdefault(layout, []).append(cells)

    def fact(self, letter: str, name: str, value: str, on: str = "2020-01-01") -> None:
        self.clerk.fact(self.code(letter), on, name, value.format(self.number))

    def edge(self, owner: str, owned: str, share: float) -> None:
        def plan(view: Any, _ids: Any) -> Any:
            one, other = (view.party(self.code(letter)).id for letter in (owner, owned))
            return [], [Edge(one, other, round(share * 1e9), "equity")]

        self.clerk.book(EntryKind.OWNERSHIP, "2020-01-01", plan)

    def deal(self, kind: str = "initial", on: str = "2023-06-01") -> None:
        self.clerk.deal(self.code("H"), self.code("Q"), kind, 700, on)

    def deal_code(self) -> str:
        view = self.clerk.view("2030-01-01")
        return next(d.row.code for d in view.deals if d.row.investor == view.party(self.code("H")).id)

    def voucher(self, letter: str = "V", who: str = "Q", on: str = "2024-06-20", **more: Any) -> None:
        first = (day(on) - dt.timedelta(days=9)).isoformat()
        stated = small.applied(100_000) | {"provider": self.code(more.pop("provider", "P"))}
        stated["service_contract_on"] = day(more.pop("signed", "2024-03-01"))
        made = small.granted(more.pop("amount", 50_000), more.pop("decision", GrantDecision.WHOLLY))
        if made["grant_decision"] is GrantDecision.PARTLY:
            made["refusal_reasons"] = (RefusalReason.NOT_ELIGIBLE,)
        self.row(
            "voucher_claims", **voucher(self.code(letter), first, GrantStep.APPLIED, self.code(who), **stated)
        )
        self.row(
            "voucher_claims", **voucher(self.code(letter), on, GrantStep.DECIDED, self.code(who), **made)
        )

    def reward(self, letter: str, who: str = "H", on: str = "2024-06-20", **stated: Any) -> None:
        first = (day(on) - dt.timedelta(days=9)).isoformat()
        kind = {"subsidy_kind": stated.pop("subsidy_kind", SubsidyKind.REWARD)}
        own = self.code(letter), self.code(who)
        applied = subsidy(own[0], first, GrantStep.APPLIED, own[1], **stated) | kind
        decided = subsidy(own[0], on, GrantStep.DECIDED, own[1], **small.granted(50_000)) | kind
        self.row("subsidy_claims", **applied)
        self.row("subsidy_claims", **decided)

    def deduction(self, **stated: Any) -> None:
        self.row(
            "tax_deductions",
            code=self.code("D"),
            holder=self.code("H"),
            company=self.code("Q"),
            **{"since": day("2024-01-01"), "deduction_form": DeductionForm.ANGEL, **stated},
        )

    def loan(self, letter: str, who: str, amount: float, guarantor: bool = False) -> None:
        named = {"guarantor": self.code("G")} if guarantor else {}
        self.row("loans", **pools.loan(self.code(letter), self.code(who), amount, "2024-03-01", **named))
        drawn = pools.step(f"{self.code(letter)}S", self.code(letter), "2024-03-01", LoanStep.DRAWN, amount)
        self.row("loan_events", **drawn)


class Way(NamedTuple):
    """One way of recording what a field tells. expected: the field's value then, money in fen."""

    field: str
    name: str
    steps: tuple[Callable[[Desk], Any], ...]
    expected: Any


WAYS: list[Way] = []


def way(field: str, name: str, expected: Any, *steps: Callable[[Desk], Any]) -> None:
    WAYS.append(Way(field, name, steps, expected))


def fact(*args: str) -> Callable[[Desk], None]:
    return lambda d: d.fact(*args)


def edge(*args: Any) -> Callable[[Desk], None]:
    return lambda d: d.edge(*args)


def lent(letter: str, who: str, amount: float, *, guarantor: bool = False) -> Callable[[Desk], None]:
    return lambda d: d.loan(letter, who, amount, guarantor)


def rewarded(d: Desk) -> None:
    d.reward("B")


def _other(steps: tuple[Any, ...]) -> str:
    """Who takes the second loan: the firm itself, or the one that some steps tie it to."""
    return "R" if steps else "Q"


def both_firms(d: Desk) -> None:
    d.fact("Q", "uscc", ONE_CODE)
    d.fact("R", "uscc", ONE_CODE)


TWO_CODES = ("under another code", (both_firms,))
SUCCESSOR = ("of the firm it succeeded", (fact("Q", "successor_of", "R{}", "2021-01-01"),))
HEAD = ("group head", (fact("R", "group_head", "Q{}"),))
HEAD_OUTSIDE = (
    "a head that the book does not hold",
    (fact("Q", "group_head", "甲集团{}"), fact("R", "group_head", "甲集团{}")),
)
CONTROLLED = ("controlled by it", (edge("Q", "R", 0.51),))
CONTROLLER = ("common controller", (edge("H", "Q", 0.6), edge("H", "R", 0.6)))
ENTITY, GROUP = (TWO_CODES, SUCCESSOR), (TWO_CODES, SUCCESSOR, HEAD, HEAD_OUTSIDE, CONTROLLED, CONTROLLER)

# -- vouchers ------------------------------------------------------------------------------------------------------------

WITHIN = Desk.voucher, lambda d: d.voucher("E", on="2024-02-20")
for _field in ("granted_in_year", "granted_ever", "granted_in_contract"):
    way(f"V.{_field}", "a voucher decided before", 5_000_000, *WITHIN)
    way(
        f"V.{_field}",
        "granted in part",
        3_000_000,
        Desk.voucher,
        lambda d: d.voucher("E", on="2024-02-20", amount=30_000, decision=GrantDecision.PARTLY),
    )
    for _name, _steps in ENTITY:
        way(
            f"V.{_field}",
            _name,
            5_000_000,
            *_steps,
            Desk.voucher,
            lambda d: d.voucher("E", "R", "2024-02-20"),
        )
way(
    "V.granted_ever", "in an earlier year", 5_000_000, Desk.voucher, lambda d: d.voucher("E", on="2023-02-20")
)
way(
    "V.granted_in_contract",
    "its provider under another code",
    5_000_000,
    fact("P", "uscc", ONE_CODE),
    fact("R", "uscc", ONE_CODE),
    Desk.voucher,
    lambda d: d.voucher("E", on="2024-02-20", provider="R"),
)
way("V.affiliated", "provider owns a fifth", True, edge("P", "Q", 0.2), Desk.voucher)
way("V.affiliated", "firm owns a fifth", True, edge("Q", "P", 0.2), Desk.voucher)
way("V.affiliated", "one controller", True, edge("H", "P", 0.6), edge("H", "Q", 0.6), Desk.voucher)
way("V.affiliated", "one head", True, fact("P", "group_head", "Q{}"), Desk.voucher)
way("V.affiliated", "successor", True, fact("Q", "successor_of", "P{}", "2021-01-01"), Desk.voucher)
way(
    "V.affiliated",
    "one firm under two codes",
    True,
    fact("P", "uscc", ONE_CODE),
    fact("Q", "uscc", ONE_CODE),
    Desk.voucher,
)
way("V.affiliated", "itself", True, lambda d: d.voucher(provider="Q"))
way("V.st_sme_then", "stated for the day", True, fact("Q", "st_sme", "yes"), Desk.voucher)
way(
    "V.st_sme_then",
    "registered to a later day",
    True,
    fact("Q", "st_sme_until", "2024-03-01", "2025-01-01"),
    Desk.voucher,
)
way(
    "V.paid",
    "in two payments",
    4_000_000,
    Desk.voucher,
    *(
        lambda d, on=on: d.row(
            "voucher_claims", **voucher(d.code("V"), on, GrantStep.PAID, d.code("Q"), amount=yuan(20_000))
        )
        for on in ("2024-07-01", "2024-08-01")
    ),
)

# -- rewards, deductions -------------------------------------------------------------------------------------------------

way(
    "B.rewarded_before",
    "a reward decided before",
    5_000_000,
    rewarded,
    lambda d: d.reward("C", on="2023-06-20"),
)
way(
    "B.rewarded_before",
    "under another code",
    5_000_000,
    fact("H", "uscc", ONE_CODE),
    fact("R", "uscc", ONE_CODE),
    rewarded,
    lambda d: d.reward("C", "R", "2023-06-20"),
)
way("B.invested", "stated", 9_900, lambda d: d.reward("B", reward_invested=yuan(99)))
way("B.invested", "money of its deal", 70_000, Desk.deal, lambda d: d.reward("B", deal=d.deal_code()))
way(
    "B.invested_on",
    "stated",
    day("2022-02-02"),
    lambda d: d.reward("B", reward_invested_on=day("2022-02-02")),
)
way(
    "B.invested_on",
    "day of its deal",
    day("2023-06-01"),
    Desk.deal,
    lambda d: d.reward("B", deal=d.deal_code()),
)
for _kind in ("exit", "write_off"):
    way(
        "B.sold_on",
        _kind,
        day("2025-02-01"),
        Desk.deal,
        lambda d: d.reward("B", deal=d.deal_code()),
        lambda d, kind=_kind: d.deal(kind, "2025-02-01"),
    )
way("D.invested", "stated", 9_900, lambda d: d.deduction(deduction_invested=yuan(99)))
way("D.invested", "money of the holder's deal", 70_000, Desk.deal, lambda d: d.deduction(deal=d.deal_code()))
way("D.day", "stated", day("2022-02-02"), lambda d: d.deduction(deduction_invested_on=day("2022-02-02")))
way("D.day", "day of the deal", day("2023-06-01"), Desk.deal, lambda d: d.deduction(deal=d.deal_code()))
way(
    "D.unlisted_two_years",
    "listing within two years",
    False,
    fact("Q", "listed_on", "2024-05-31", "2024-06-30"),
    Desk.deal,
    lambda d: d.deduction(deal=d.deal_code()),
)

# -- loans, guarantors ---------------------------------------------------------------------------------------------------

OWN = lent("L", "Q", 100)
for _name, _steps in (("its own loan", ()), *ENTITY):
    way(
        "L.firm_in_year",
        f"{_name}, of a year",
        15_000,
        *_steps,
        OWN,
        lent("M", _other(_steps), 50),
    )
for _name, _steps in (("its own loan", ()), *GROUP):
    way(
        "L.group_outstanding",
        _name,
        15_000,
        *_steps,
        OWN,
        lent("M", _other(_steps), 50),
    )
    way(
        "G.largest_group",
        _name,
        7_500,
        *_steps,
        lent("L", "Q", 100, guarantor=True),
        lent("M", _other(_steps), 50, guarantor=True),
    )
for _name, _steps in ENTITY:
    way(
        "G.largest_borrower",
        _name,
        7_500,
        *_steps,
        lent("L", "Q", 100, guarantor=True),
        lent("M", "R", 50, guarantor=True),
    )
    way(
        "G.related",
        _name,
        ("L",),
        *_steps,
        fact("G", "related_parties", "R{}"),
        lent("L", "Q", 100, guarantor=True),
    )
way(
    "G.related",
    "controlling holder",
    ("L",),
    fact("G", "controlling_holder", "Q{}"),
    lent("L", "Q", 100, guarantor=True),
)


class Read:
    """The facts of one way: its voucher V, reward B, deduction D, loan L and guarantor G."""

    def __init__(self, small_ones: InstrumentReadings, pooled: PoolReadings, number: int) -> None:
        self._small, self._pooled, self._number = small_ones, pooled, number

    def __call__(self, field: str) -> Any:
        letter, name = field.split(".")
        value = getattr(getattr(self, letter)(f"{letter}{self._number}"), name)
        return tuple(r.loan[0] for r in value) if name == "related" else value

    def V(self, code: str) -> Any:
        return self._small.voucher(next(g for g in self._small.grants if g.code == code))

    def B(self, code: str) -> Any:
        return self._small.subsidy(next(g for g in self._small.grants if g.code == code))

    def D(self, code: str) -> Any:
        return self._small.deduction(next(d for d in self._small.deductions if d.code == code))

    def L(self, code: str) -> Any:
        return self._pooled.loan(next(x for x in self._pooled.enrolled if x.code == code))

    def G(self, code: str) -> Any:
        return self._pooled.guarantor(self._pooled.book.by_code[code])


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The facts of one book with firms for every way."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('firms') / 'book.sqlite'}")
    book.init()
    clerk = Clerk(book)
    rows = {
        "parties": [
            party(f"{letter}{number}", PartyKind(kind))
            for number in range(len(WAYS) + 1)
            for letter, kind in FIRMS.items()
            if kind != "company"
        ]
    }
    rows["companies"] = [
        small.company(f"{letter}{number}")
        for number in range(len(WAYS) + 1)
        for letter, kind in FIRMS.items()
        if kind == "company"
    ]
    rows["parties"] += [party("GOV", PartyKind.GOVERNMENT)]
    base = pools.office()
    rows["parties"] += [p for p in base["parties"] if p["code"] in ("P", "B1")]
    rows["agreements"] = base["agreements"]
    small.booked(book, rows)
    sheets: pools.Rows = {}
    none = Desk(clerk, sheets, 0)
    for step in (Desk.voucher, rewarded, Desk.deduction, lent("L", "Q", 100, guarantor=True)):
        step(none)
    none.rows["voucher_claims"][0]["provider"] = "P0"
    for number, own in enumerate(WAYS, 1):
        for step in own.steps:
            step(Desk(clerk, sheets, number))
    view = small.booked(book, sheets).on(END)
    index = book_of(view)
    small_ones, pooled = InstrumentReadings(index, END), PoolReadings(index, END)
    yield lambda number: Read(small_ones, pooled, number)
    book.close()


@pytest.mark.parametrize("number", range(1, len(WAYS) + 1), ids=[f"{w.field} {w.name}" for w in WAYS])
def test_what_is_recorded_in_a_way_is_gathered(read: Any, number: int) -> None:
    own = WAYS[number - 1]
    assert read(number)(own.field) == own.expected
    assert read(0)(own.field) != own.expected
