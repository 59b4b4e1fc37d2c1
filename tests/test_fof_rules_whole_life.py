"""GF-70: state venture institutions over the whole life of their funds; the view of the evaluation and the command."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fof import audit, evaluation
from fof.rules.engine import ask
from fof.rules.facts import Evaluation, FundFacts, OfficeFacts
from fof.rules.facts_deals import HoldingFacts
from fof.rules.facts_parties import Flow, InvestorFacts, ManagerFacts, StakeFacts
from fof.rules.registry import Verdict
from fof.rules.whole_life import whole_lives
from models.rule_kinds import Grade

DAY = dt.date(2026, 6, 30)
WAN = 1_000_000
PASS, UNKNOWN = Verdict.PASS, Verdict.UNKNOWN


def managed(
    code: str, *holdings: HoldingFacts, manager: str = "M", state: bool | None = True, **more: Any
) -> FundFacts:
    stake = StakeFacts(InvestorFacts("GF"), 1000 * WAN, paid=(Flow(dt.date(2020, 1, 1), 1000 * WAN),))
    known: dict[str, Any] = {"nav": 500 * WAN, "nav_distributed": 700 * WAN, "nav_paid_in": 1000 * WAN}
    return FundFacts(
        code,
        DAY,
        manager=ManagerFacts(manager, state_owned=state),
        stakes=(stake,),
        holdings=holdings,
        **{**known, **more},
    )


def lost(wan: int, *, told: bool = False) -> HoldingFacts:
    """A position of 1,000 left with a loss."""
    return HoldingFacts(
        "C",
        1000 * WAN,
        value=0,
        proceeds=(1000 - wan) * WAN,
        exited_cost=1000 * WAN,
        closed_on=dt.date(2024, 5, 1),
        due_diligence=told,
    )


def office(*funds: FundFacts) -> tuple[OfficeFacts]:
    return (OfficeFacts(DAY, funds),)


CASES_OF_LISTS = [
    ("GF-70", "no loss", office(managed("F")), [PASS]),
    ("GF-70", "a loss at the threshold", office(managed("F", lost(100))), [PASS]),
    ("GF-70", "a larger loss without evidence", office(managed("F", lost(101))), [UNKNOWN]),
    ("GF-70", "a total loss with evidence", office(managed("F", lost(1000, told=True))), [PASS]),
    ("GF-70", "a manager that is not the state's", office(managed("F", lost(1000), state=False)), []),
    (
        "GF-70",
        "a manager of whom nothing is recorded",
        office(managed("F", lost(1000), state=None)),
        [UNKNOWN],
    ),
    (
        "GF-70",
        "two institutions",
        office(managed("F"), managed("G", lost(500), manager="N")),
        [PASS, UNKNOWN],
    ),
    (
        "GF-70",
        "a loss in dollars above any yuan",
        office(managed("F", lost(10**6), currency="USD")),
        [UNKNOWN],
    ),
    (
        "GF-70",
        "a loss in dollars with evidence",
        office(managed("F", lost(9, told=True), currency="USD")),
        [PASS],
    ),
]


@pytest.mark.parametrize(
    ("rule", "case", "facts", "verdicts"), CASES_OF_LISTS, ids=[c[1] for c in CASES_OF_LISTS]
)
def test_the_loss_itself_is_never_a_finding(
    rule: str, case: str, facts: tuple[OfficeFacts], verdicts: list[Verdict]
) -> None:
    answers = ask(rule, *facts, day=DAY)
    assert isinstance(answers, list)
    assert [a.verdict for a in answers] == verdicts
    assert not {Verdict.BREACH, Verdict.WARN} & {a.verdict for a in answers}


def test_a_loss_in_dollars_is_not_held_against_yuan() -> None:
    """Nor is the finding's money called yuan: it says its own currency, also where nothing can be told."""
    loss = office(managed("F", lost(101), currency="USD"), managed("G", lost(101)))
    yuan, dollars = ask("GF-70", *loss, day=DAY)
    assert (yuan.currency, yuan.money, str(yuan.subject)) == ("CNY", 101 * WAN, "M")
    assert (dollars.currency, dollars.money, str(dollars.subject)) == ("USD", None, "M/USD")
    assert "CNY" in dollars.text.zh
    assert "USD" in dollars.text.zh


def test_figures_are_those_of_all_funds_since_inception() -> None:
    """Two funds: 2,000 invested, 1,300 back, 400 still held at 500; a third of another currency is told apart."""
    held = HoldingFacts("D", 1000 * WAN, value=500 * WAN, proceeds=600 * WAN, exited_cost=600 * WAN)
    one = managed("F", lost(300), evaluations=(Evaluation(dt.date(2026, 6, 1), Grade.GOOD),))
    (life, other) = whole_lives(*office(one, managed("G", held), managed("U", currency="USD")))
    assert (life.funds, life.result.cost, life.result.proceeds, life.result.realised) == (
        ("F", "G"),
        2000 * WAN,
        1300 * WAN,
        -300 * WAN,
    )
    assert life.result.unrealised == 100 * WAN
    assert life.loss_ratio == Decimal("0.1")  # 200 of 2,000
    assert life.net == Decimal("1.2")
    assert (life.grades, str(other.subject)) == ({"F": Grade.GOOD}, "M/USD")
    unvalued = HoldingFacts("D", 1000 * WAN)
    (life,) = whole_lives(*office(managed("F", unvalued, nav=None)))
    assert (life.result.unrealised, life.loss_ratio, life.net) == (None, None, None)


def test_the_book_tells_the_view_and_the_evidence_of_diligence(clerk: Any) -> None:
    """Brought in as an attribute of the deal; the institution is the state's by its owner."""
    clerk.party("GOV", "government", day="2018-01-01")
    clerk.party("M", "manager", day="2018-01-01", name="示例国有创投", ownership="soe_wholly_owned")
    clerk.party("SF", "sub_fund", day="2018-01-01", manager="M")
    clerk.party("CO", "company", day="2018-01-01")
    clerk.deal("SF", "CO", "initial", 5e6, "2019-01-01", instrument="equity", share=0.1)
    entry = clerk.deal("SF", "CO", "exit", 2e6, "2025-01-01", share=0.1, exit_route="transfer")
    (one,) = evaluation.institutions(clerk.view("2025-06-30"))
    assert (one.name, one.life.result.realised, one.asked, one.lacking) == (
        "示例国有创投",
        -300_000_000,
        1,
        1,
    )
    (found,) = (f for f in audit.guidance(clerk.view("2025-06-30")).findings if f.rule == "GF-70")
    assert (found.verdict, str(found.subject), found.money_at_stake) == (UNKNOWN, "M", 300_000_000)
    from models.journal import Fact
    from models.kinds import EntryKind

    deal = next(d.row.id for d in clerk.view("2025-06-30").deals if d.entry == entry)
    clerk.rows(
        EntryKind.TERMS, "2025-02-01", lambda _: [Fact(None, deal, "due_diligence_doc", "尽调与投后报告")]
    )
    (found,) = (f for f in audit.guidance(clerk.view("2025-06-30")).findings if f.rule == "GF-70")
    assert found.verdict is PASS
