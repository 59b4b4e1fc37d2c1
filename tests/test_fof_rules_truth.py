"""Three-valued logic, and its property over the rules: with inputs removed the verdict is the one that all ways to fill
them in share, else unknown; figures, money and days are those of the condition that fails."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fof.rules import truth
from fof.rules.catalogue import default_settings
from fof.rules.engine import ask
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts, FieldList, FundThen
from fof.rules.facts_parties import Flow, InvestorFacts, ManagerFacts, StakeFacts
from fof.rules.registry import RULES, Limb, Outcome, Verdict, checklist
from models.kinds import (
    CashProduct,
    FeeBasis,
    FundClass,
    FundKind,
    GovernmentLevel,
    InvestmentMode,
    PartyKind,
    Stage,
    SupportMode,
)
from models.text import Text

DAY = dt.date(2026, 6, 30)
WAN = 1_000_000
TRUTHS = (True, False, None)
BREACH, PASS, UNKNOWN = Verdict.BREACH, Verdict.PASS, Verdict.UNKNOWN


def completions(*tests: bool | None) -> list[tuple[bool, ...]]:
    return list(itertools.product(*((t,) if t is not None else (True, False) for t in tests)))


@pytest.mark.parametrize("tests", list(itertools.product(TRUTHS, repeat=3)))
def test_and_or_not_are_what_all_completions_share(tests: tuple[bool | None, ...]) -> None:
    """All 27 rows of three operands, by enumeration."""
    for ours, plain in ((truth.all_of, all), (truth.any_of, any)):
        assert ours(*tests) is truth.agreed(plain(way) for way in completions(*tests))
    assert truth.not_(tests[0]) is truth.agreed(not way[0] for way in completions(tests[0]))


@pytest.mark.parametrize(("low", "high"), [(0, 3), (2, 2), (3, 5), (0, None), (3, None)])
def test_a_number_between_two_ends_is_compared_by_its_ends(low: int, high: int | None) -> None:
    ways = range(low, (high if high is not None else 50) + 1)
    for bound in range(7):
        assert truth.surely_at_most(low, high, bound) is truth.agreed(n <= bound for n in ways)


def test_what_is_missing_is_neither_above_nor_below() -> None:
    for compare in (truth.at_least, truth.at_most, truth.above, truth.below, truth.same):
        assert compare(None, 1) is None
        assert compare(1, None) is None
    assert (truth.above(2, 1), truth.below(1, 1), truth.same("a", "a")) == (True, False, True)


def test_a_checklist_speaks_with_the_figures_of_what_fails() -> None:
    """Money is the largest of the failing conditions', the day their first; conditions that are kept say nothing."""
    fine = Limb(True, Text("甲", "a"), 1, 2, "fen", 7, dt.date(2020, 1, 1))
    late = Limb(False, Text("乙", "b"), 24, 12, "months", 5, dt.date(2023, 5, 11))
    more = Limb(False, Text("丙", "c"), money=9, since=dt.date(2024, 1, 1))
    told = checklist([fine, late, more, Limb(None, Text("丁", "d"))])
    assert (told.verdict, told.measured, told.threshold, told.unit) == (BREACH, 24, 12, "months")
    assert (told.money, told.since) == (9, dt.date(2023, 5, 11))
    assert checklist([late, more], together=True).money == 14
    assert checklist([fine, Limb(None, Text("丁", "d"))]).verdict is UNKNOWN


# -- the rules: inputs removed, completions enumerated ----------------------------------------------------------------

GOV = InvestorFacts("GF", PartyKind.GUIDANCE_FUND)
PF = InvestorFacts("PF", PartyKind.PARENT_FUND)
SO = InvestorFacts("SO", PartyKind.SOCIAL_INVESTOR)


def stake(who: InvestorFacts, fen: int, **more: Any) -> StakeFacts:
    day = dt.date(2025, 9, 1)
    return StakeFacts(who, fen, day, day, paid=(Flow(day, fen),), **more)


def fund(**more: Any) -> FundFacts:
    """A market-based fund with half public money, seen through."""
    stakes = (
        stake(GOV, 40 * WAN, government_part=Fraction(1), state_part=Fraction(0)),
        stake(SO, 60 * WAN, government_part=Fraction(0), state_part=Fraction(0)),
    )
    known = {
        "fund_kind": FundKind.MARKET,
        "stakes": stakes,
        "guidance_share": Fraction(2, 5),
        "established_on": dt.date(2020, 1, 1),
    }
    return FundFacts("F", DAY, **{**known, **more})


def deal(**more: Any) -> DealFacts:
    return DealFacts(
        "D",
        FundThen("F", government_money=True, kind=PartyKind.GUIDANCE_FUND),
        "C",
        day=dt.date(2026, 3, 1),
        fen=100,
        **more,
    )


LISTS = (FieldList(dt.date(2026, 1, 20), ("C39",)), FieldList(dt.date(2026, 2, 20), ("C39", "I65")))
Case = tuple[str, Any, dict[str, tuple[Any, ...]]]
CASES_OF_RULES: list[Case] = [
    # rule, subject with every input known, input -> values that it may have (closed lists; both sides of each boundary)
    (
        "GF-51",
        fund(
            extensions=2,
            extension_years=2,
            sponsor_level=GovernmentLevel.PROVINCE,
            extension_approval_level=GovernmentLevel.PROVINCE,
        ),
        {
            "extensions": (1, 2, 3),
            "extension_years": (1, 2, 3, 4),
            "extension_approval_level": tuple(GovernmentLevel),
            "sponsor_level": tuple(GovernmentLevel),
        },
    ),
    (
        "GF-01",
        fund(fund_class=FundClass.VENTURE, investment_mode=InvestmentMode.VIA_PARENT),
        {"fund_class": tuple(FundClass), "investment_mode": tuple(InvestmentMode)},
    ),
    (
        "GF-32",
        fund(vc_enterprise=True, cash_products=(CashProduct.DEPOSIT,)),
        {"cash_products": ((CashProduct.DEPOSIT,), (CashProduct.TRUST,))},
    ),
    (
        "GF-35",
        fund(kind=PartyKind.GUIDANCE_FUND, sponsor_level=GovernmentLevel.PROVINCE),
        {"sponsor_level": tuple(GovernmentLevel)},
    ),
    (
        "GF-21",
        fund(
            stakes=(stake(InvestorFacts("GOV", PartyKind.GOVERNMENT), 5),),
            fiscal_precheck=True,
            budget_years=(2025,),
        ),
        {"fiscal_precheck": (True, False), "budget_years": ((2025,), (2024,))},
    ),
    (
        "GF-41",
        fund(fee_basis_investment=FeeBasis.PAID_IN, fee_basis_exit=FeeBasis.INVESTED),
        {"fee_basis_investment": tuple(FeeBasis)},
    ),
    (
        "GF-45",
        fund(carry_rate=Decimal("0.2"), carry=(Flow(DAY, 9 * WAN),)),
        {"carry_rate": (Decimal(0), Decimal("0.2"), Decimal("0.3"))},
    ),
    ("GF-45", fund(carry_rate=Decimal("0.2")), {"carry_rate": (Decimal(0), Decimal("0.2"), Decimal("0.3"))}),
    (
        "GF-64",
        deal(related_party=True, decision_ref="决议", disclosed_on=DAY),
        {"related_party": (True, False)},
    ),
    ("GF-33", deal(industry="C3962", instrument=None), {"industry": ("C3962", "H6110")}),
    (
        "GF-34",
        deal(
            support_mode=SupportMode.FOLLOW_ON,
            lead_ticket=400,
            company_cost=100,
            stage=Stage.SEED,
            priority_company=False,
        ),
        {
            "lead_ticket": (0, 199, 200, 400),
            "company_cost": (100, 300 * WAN, 300 * WAN + 1),
            "stage": tuple(Stage),
            "priority_company": (True, False),
        },
    ),
    ("GF-05", fund(), {}),
]


def verdict(rule: str, subject: Any) -> Verdict | None:
    answer = ask(rule, subject, day=DAY)
    return answer.verdict if isinstance(answer, Outcome) else None


def lists_of(rule: str, subject: Any) -> Any:
    return replace(subject, fund=replace(subject.fund, field_lists=LISTS)) if rule == "GF-33" else subject


@pytest.mark.parametrize(
    ("rule", "known", "inputs"), CASES_OF_RULES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES_OF_RULES)]
)
def test_with_inputs_removed_the_verdict_is_what_all_completions_share(
    rule: str, known: Any, inputs: dict[str, tuple[Any, ...]]
) -> None:
    """Every choice of known values, every set of inputs removed from it."""
    known = lists_of(rule, known)
    told = {
        values: verdict(rule, replace(known, **dict(zip(inputs, values, strict=True))))
        for values in itertools.product(*inputs.values())
    }
    removable = (
        (None, *values) if name not in RULES[rule].decides else values for name, values in inputs.items()
    )
    for kept in itertools.product(*removable):
        subject = replace(known, **dict(zip(inputs, kept, strict=True)))
        shared = truth.agreed(
            says
            for values, says in told.items()
            if all(k is None or k == v for k, v in zip(kept, values, strict=True))
        )
        assert verdict(rule, subject) is (shared if shared is not None else UNKNOWN), dict(
            zip(inputs, kept, strict=True)
        )


@pytest.mark.parametrize("rule", ["GF-04", "GF-05", "GF-06"])
@pytest.mark.parametrize("ours", [10, 41, 61])
@pytest.mark.parametrize("theirs", [5, 25, 39])
def test_shares_are_told_by_what_is_known_of_the_investors(rule: str, ours: int, theirs: int) -> None:
    """What stands behind one investor is not recorded: it may be anything from nothing to all of it."""

    def with_part(part: Fraction | None) -> FundFacts:
        rest = 100 - ours - theirs
        stakes = (
            stake(GOV, ours, government_part=Fraction(1), state_part=Fraction(0)),
            stake(PF, theirs, government_part=part, state_part=None if part is None else Fraction(0)),
            stake(SO, rest, government_part=Fraction(0), state_part=Fraction(0)),
        )
        low, high = Fraction(ours, 100), Fraction(ours + theirs, 100)
        share = None if part is None else low + part * (high - low)
        return fund(stakes=stakes, guidance_share=share, guidance_between=(low, high), strategy="vc")

    from models.kinds import Strategy

    ways = [replace(with_part(part), strategy=Strategy.VC) for part in (Fraction(0), Fraction(1))]
    shared = truth.agreed(verdict(rule, way) for way in ways)
    assert verdict(rule, replace(with_part(None), strategy=Strategy.VC)) is (shared or UNKNOWN)


# -- the figures of what fails ----------------------------------------------------------------------------------------


def test_gf_11_tells_the_months_of_the_first_fund_and_not_the_days_of_the_filing() -> None:
    """Filed on the day of the close; the manager's first fund came 24 months after its registration, 12 are allowed."""
    close = dt.date(2024, 5, 2)
    manager = ManagerFacts("M", registered_on=dt.date(2022, 5, 10), first_fund_filed_on=close)
    told = ask(
        "GF-11",
        fund(
            final_close_on=close,
            amac_filed_on=close,
            manager=manager,
            holidays=frozenset({dt.date(2024, 5, 1)}),
        ),
        day=DAY,
    )
    assert isinstance(told, Outcome)
    assert (told.verdict, told.measured, told.threshold, told.unit) == (BREACH, 24, 12, "months")
    assert told.since == dt.date(2023, 5, 11)
    assert "2023-05-10" in told.text.en


def test_gf_51_tells_what_fails_and_keeps_a_certain_breach() -> None:
    three = fund(extensions=3, extension_years=3, sponsor_level=GovernmentLevel.PROVINCE)
    told = ask("GF-51", three, day=DAY)
    assert isinstance(told, Outcome)
    assert (told.verdict, told.measured, told.threshold, told.unit) == (BREACH, 3, 2, "count")
    level = replace(three, extensions=1, extension_years=1, extension_approval_level=GovernmentLevel.COUNTY)
    told = ask("GF-51", level, day=DAY)
    assert isinstance(told, Outcome)
    assert (told.verdict, told.measured, told.threshold, told.unit) == (BREACH, "county", "province", "word")


def test_gf_34_cites_the_document_of_its_limits() -> None:
    assert {source.document for source in RULES["GF-34"].sources} == {"财企〔2007〕128号"}
    assert (
        default_settings().parameters["follow_on_ratio_max"].values[0].since
        == RULES["GF-34"].sources[0].since
    )
