"""Three-valued logic; figures, money and days of a finding are those of the condition that fails. The property over the rules
is in test_fof_rules_inputs.py."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from fof.rules import truth
from fof.rules.catalogue import default_settings
from fof.rules.engine import ask
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Flow, InvestorFacts, ManagerFacts, StakeFacts
from fof.rules.registry import RULES, Limb, Outcome, Verdict, checklist
from models.kinds import (
    FundKind,
    GovernmentLevel,
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


# -- shares, seen through to their ends ---------------------------------------------------------------------------

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


def verdict(rule: str, subject: Any) -> Verdict | None:
    answer = ask(rule, subject, day=DAY)
    return answer.verdict if isinstance(answer, Outcome) else None


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


@pytest.mark.parametrize(
    ("stage", "priority", "says"),
    [(Stage.GROWTH, None, UNKNOWN), (Stage.GROWTH, False, BREACH), (Stage.SEED, None, PASS)],
)
def test_gf_34_a_growth_company_of_unknown_priority_is_no_certain_breach(
    stage: Stage, priority: bool | None, says: Verdict
) -> None:
    """The text asks for an early stage or a priority company: one that is not early may be the other."""
    terms = FundThen("F", government_money=True, kind=PartyKind.GUIDANCE_FUND)
    deal = DealFacts("D", terms, "C", day=DAY, fen=100, company_cost=100, support_mode=SupportMode.FOLLOW_ON)
    assert verdict("GF-34", replace(deal, lead_ticket=200, stage=stage, priority_company=priority)) is says
