"""GF-14, 21…23, 30, 31, 37…39: loss, promises, custody, budget, instalments, reinvestment."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from fof.rules import catalogue
from fof.rules.engine import ask
from fof.rules.facts import FundFacts, OwnerFacts
from fof.rules.facts_deals import DealFacts, FundThen, ReinvestClaim
from fof.rules.facts_parties import Due, Flow, InvestorFacts, StakeFacts
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.registry import Verdict
from models.kinds import FeeBasis, FundStatus, LegalForm, PartyKind
from models.rule_kinds import ReinvestKind, SideLetter

AS_OF = dt.date(2026, 6, 30)
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
DAY = dt.date(2023, 5, 4)
LP = LegalForm.LIMITED_PARTNERSHIP


def government(paid: int = 100, received: int = 0, committed: int = 100) -> StakeFacts:
    investor = InvestorFacts("GOV", PartyKind.GOVERNMENT, province="黑龙江")
    return StakeFacts(investor, committed, paid=(Flow(DAY, paid),), received=(Flow(AS_OF, received),))


def private(paid: int = 100, received: int = 0) -> StakeFacts:
    investor = InvestorFacts("P", PartyKind.SOCIAL_INVESTOR)
    return StakeFacts(investor, 100, paid=(Flow(DAY, paid),), received=(Flow(AS_OF, received),))


def fund(**more: object) -> FundFacts:
    more.setdefault("stakes", (government(), private()))
    more.setdefault("established_on", DAY)
    return FundFacts("F1", AS_OF, **more)


def wound_up(gov_back: int, private_back: int, **more: object) -> FundFacts:
    more.setdefault("status", FundStatus.CLOSED)
    if more["status"] is FundStatus.CLOSED:
        more.setdefault("nav", 0)
    return fund(stakes=(government(1000, gov_back), private(1000, private_back)), **more)


SECOND = dt.date(2024, 3, 1)


def instalments(
    invested: int, costs: int = 0, day: dt.date = dt.date(2023, 6, 1), paid: int = 100, **more: object
) -> FundFacts:
    """Two calls of 100; `invested` and `costs` out of the first on a day; 500 invested on the second's due day, which
    is too late to count."""
    payments = (Flow(dt.date(2023, 2, 25), paid, "N1"), Flow(SECOND, 100, "N2"))
    stake = replace(
        government(), dues=(Due(dt.date(2023, 3, 1), 100, "N1"), Due(SECOND, 100, "N2")), paid=payments
    )
    deployed = (Flow(day, invested), Flow(SECOND, 500))
    given = {"stakes": (stake,), "deployed": deployed, "uses": (*deployed, Flow(day, costs)), **more}
    return fund(**given)


def of_two(
    second_notice: str = "N1", second_party: str = "P", day: dt.date = dt.date(2023, 3, 8)
) -> FundFacts:
    """Asked for 100 each, a week apart; nothing invested between, everything before the third call."""
    other = InvestorFacts(second_party, PartyKind.SOCIAL_INVESTOR)
    third = Due(dt.date(2024, 3, 1), 10, "N3")
    first = replace(
        government(),
        dues=(Due(dt.date(2023, 3, 1), 100, "N1"), third),
        paid=(Flow(dt.date(2023, 2, 25), 100, "N1"),),
    )
    second = StakeFacts(
        other,
        100,
        dues=(Due(day, 100, second_notice),),
        paid=(Flow(dt.date(2023, 2, 25), 100, second_notice),),
    )
    deployed = (Flow(dt.date(2023, 6, 1), 200),)
    return fund(stakes=(first, second), deployed=deployed, uses=deployed)


def with_cost_call(invested: int, costs: int) -> FundFacts:
    """100 to invest, then 10 for costs, then 100 to invest: the call for costs is no instalment."""
    fee_day = dt.date(2023, 9, 1)
    dues = (Due(dt.date(2023, 3, 1), 100, "N1"), Due(fee_day, 10, "FEE"), Due(SECOND, 100, "N2"))
    paid = (Flow(dt.date(2023, 2, 25), 100, "N1"), Flow(fee_day, 10, "FEE"), Flow(SECOND, 100, "N2"))
    deployed = (Flow(dt.date(2023, 10, 1), invested),)
    return fund(
        stakes=(replace(government(), dues=dues, paid=paid),),
        cost_calls=(Flow(fee_day, 10, "FEE"),),
        deployed=deployed,
        uses=(*deployed, Flow(dt.date(2023, 10, 2), costs)),
    )


def mixed_notice(invested: int) -> FundFacts:
    """The first notice asked for 100 to invest and 10 for costs, and both were paid on it."""
    dues = (Due(dt.date(2023, 3, 1), 110, "N1"), Due(SECOND, 100, "N2"))
    paid = (
        Flow(dt.date(2023, 2, 25), 100, "N1"),
        Flow(dt.date(2023, 2, 25), 10, "N1"),
        Flow(SECOND, 100, "N2"),
    )
    deployed = (Flow(dt.date(2023, 10, 1), invested),)
    return fund(
        stakes=(replace(government(), dues=dues, paid=paid),),
        cost_calls=(Flow(dt.date(2023, 2, 25), 10, "N1"),),
        deployed=deployed,
        uses=deployed,
    )


def two_dues_of_one() -> FundFacts:
    """Inside and outside the commitment: one notice, one instalment."""
    dues = (Due(dt.date(2023, 3, 1), 100, "N1"), Due(dt.date(2023, 3, 1), 2, "N1"))
    return fund(stakes=(replace(government(), dues=dues),))


def three(first: int, second: int) -> FundFacts:
    """Three calls of 100, each paid; `first` invested before the second, `second` before the third."""
    days = (dt.date(2023, 3, 1), SECOND, dt.date(2025, 3, 1))
    dues = tuple(Due(day, 100, str(day)) for day in days)
    paid = tuple(Flow(day - dt.timedelta(days=4), 100, str(day)) for day in days)
    deployed = (Flow(dt.date(2023, 6, 1), first), Flow(dt.date(2024, 6, 1), second))
    return fund(stakes=(replace(government(), dues=dues, paid=paid),), deployed=deployed, uses=deployed)


def moved(paid_in: int, distributed: int) -> FundFacts:
    """Government sold the history given to the private investor; in all 2000 came in and 1000 went out."""
    ours = replace(government(1000, 200), paid_in_moved=-paid_in, distributed_moved=-distributed)
    theirs = replace(private(1000, 800), paid_in_moved=paid_in, distributed_moved=distributed)
    return fund(stakes=(ours, theirs), status=FundStatus.CLOSED, nav=0)


def fiscal(*payments: tuple[dt.date, int], **more: object) -> FundFacts:
    paid = tuple(Flow(day, fen) for day, fen in payments)
    return fund(stakes=(replace(government(), paid=paid),), **more)


def claims(
    *amounts: tuple[str, int | None, str | None], day: dt.date = dt.date(2024, 1, 1), **more: object
) -> tuple[ReinvestClaim, ...]:
    given = {"kind": ReinvestKind.DIRECT, "evidence": "证明", "investor": "GOV", **more}
    return tuple(
        ReinvestClaim(
            f"D{n}",
            company=company,
            day=day,
            amount=fen,
            factor=None if factor is None else Decimal(factor),
            **given,
        )
        for n, (company, fen, factor) in enumerate(amounts)
    )


def claimed(
    *amounts: tuple[str, int | None, str | None], invested: int | None = 5, **more: object
) -> FundFacts:
    """A fund that claims its deals, each of `invested` fen."""
    made = claims(*amounts, **more)
    deals = tuple(DealFacts(c.deal, FundThen("F1"), company=c.company, fen=invested) for c in made)
    return fund(claims=made, deals=deals)


def for_both() -> FundFacts:
    """One company claimed for two investors: no double count."""
    subject = claimed(("C1", 5, "1"), ("C1", 5, "1"))
    first, second = subject.claims
    return replace(subject, claims=(first, replace(second, investor="P")))


def owing(
    recognised: int | None, multiple: str | None = "1.2", **more: object
) -> tuple[StakeFacts, FundFacts]:
    given = {
        "reinvest_multiple": None if multiple is None else Decimal(multiple),
        "reinvest_base": FeeBasis.COMMITMENT,
        "investment_period_end": dt.date(2025, 12, 31),
        "claims": claims(("C1", recognised, "1")),
    }
    subject = fund(**{**given, **more})
    return subject.stakes[0], subject


def staged(
    recognised: int, due: dt.date = dt.date(2024, 12, 31), **more: object
) -> tuple[StakeFacts, FundFacts]:
    """40 % of a duty of 100 by a day, the rest by 2027."""
    stages = ((due, Decimal("0.4")), (dt.date(2027, 12, 31), Decimal(1)))
    return owing(recognised, "1", reinvest_milestones=stages, **more)


def two_stages() -> tuple[StakeFacts, FundFacts]:
    """40 of 100 due by 2023, when nothing was claimed; all due by 2024, when one claim lacks its amount."""
    stages = ((dt.date(2023, 12, 31), Decimal("0.4")), (dt.date(2024, 12, 31), Decimal(1)))
    return owing(0, "1", reinvest_milestones=stages, claims=claims(("C1", None, "1")))


def paid_later() -> tuple[StakeFacts, FundFacts]:
    """Paid 100 before the stage and 100 after it: 40 of a duty of 100 are due on the stage's day, not 80."""
    stake, subject = staged(40, reinvest_base=FeeBasis.PAID_IN)
    later = replace(stake, paid=(*stake.paid, Flow(dt.date(2025, 3, 1), 100)))
    return later, replace(subject, stakes=(later,))


CASES = [
    ("GF-14", "all share", (fund(legal_form=LP, loss_free_partners=()),), PASS),
    ("GF-14", "one is free of loss", (fund(legal_form=LP, loss_free_partners=("P",)),), BREACH),
    ("GF-14", "nobody, in words", (fund(legal_form=LP, loss_free_partners=("无",)),), PASS),
    ("GF-14", "nobody, in English", (fund(legal_form=LP, loss_free_partners=("none",)),), PASS),
    ("GF-14", "missing legal form", (fund(loss_free_partners=()),), UNKNOWN),
    ("GF-14", "contract", (fund(legal_form=LegalForm.CONTRACT, loss_free_partners=("P",)),), NA),
    ("GF-14", "clause not read", (fund(legal_form=LP),), UNKNOWN),
    ("GF-14", "company", (fund(legal_form=LegalForm.COMPANY),), NA),
    ("GF-21", "every year has its line", (fund(fiscal_precheck=True, budget_years=(2022, 2023)),), PASS),
    (
        "GF-21",
        "the year before has, the year has not",
        (fund(fiscal_precheck=True, budget_years=(2022,)),),
        BREACH,
    ),
    (
        "GF-21",
        "no budget line in the second year",
        (fiscal((DAY, 5), (SECOND, 5), fiscal_precheck=True, budget_years=(2023,)),),
        BREACH,
    ),
    (
        "GF-21",
        "what was paid came back",
        (fiscal((DAY, 5), (DAY, -5), fiscal_precheck=True, budget_years=()),),
        PASS,
    ),
    (
        "GF-21",
        "paid on the first day of the rule",
        (fiscal((dt.date(2015, 11, 12), 5), fiscal_precheck=True, budget_years=()),),
        BREACH,
    ),
    (
        "GF-21",
        "paid the day before the rule",
        (fiscal((dt.date(2015, 11, 11), 5), fiscal_precheck=True, budget_years=()),),
        PASS,
    ),
    ("GF-21", "nothing paid yet", (fiscal(fiscal_precheck=True),), PASS),
    ("GF-21", "nothing paid yet, pre-check failed", (fiscal(fiscal_precheck=False),), BREACH),
    ("GF-21", "missing pre-check", (fund(budget_years=(2023,)),), UNKNOWN),
    ("GF-21", "pre-check failed", (fund(fiscal_precheck=False, budget_years=(2023,)),), BREACH),
    ("GF-21", "missing budget years", (fund(fiscal_precheck=True),), UNKNOWN),
    ("GF-21", "no fiscal money", (fund(stakes=(private(),)),), NA),
    ("GF-22", "60 of 100 invested", (instalments(60),), PASS),
    ("GF-22", "61 of 100", (instalments(61),), PASS),
    ("GF-22", "59 of 100", (instalments(59),), BREACH),
    ("GF-22", "60 on the last day before the call", (instalments(60, day=dt.date(2024, 2, 29)),), PASS),
    ("GF-22", "60 on the call's due day", (instalments(60, day=SECOND),), BREACH),
    ("GF-22", "50 invested and 10 spent on costs", (instalments(50, 10),), PASS),
    ("GF-22", "50 invested and 9 spent on costs", (instalments(50, 9),), BREACH),
    ("GF-22", "half was paid: 30 of 50", (instalments(30, paid=50),), PASS),
    ("GF-22", "half was paid: 29 of 50", (instalments(29, paid=50),), BREACH),
    ("GF-22", "nothing was paid", (instalments(0, paid=0),), UNKNOWN),
    ("GF-22", "second call not due yet", (replace(instalments(0), as_of=dt.date(2024, 2, 29)),), NA),
    ("GF-22", "second call due today", (replace(instalments(0), as_of=SECOND),), BREACH),
    ("GF-22", "one instalment by two notices to two parties", (of_two("N2"),), PASS),
    ("GF-22", "one notice with two due days", (of_two("N1"),), PASS),
    ("GF-22", "the same party asked again", (of_two("N2", "GOV"),), BREACH),
    ("GF-22", "a call for costs: 60 invested", (with_cost_call(60, 10),), PASS),
    ("GF-22", "a call for costs: 59 invested", (with_cost_call(59, 10),), BREACH),
    ("GF-22", "a call for costs: 59 invested, one more spent than called", (with_cost_call(59, 11),), PASS),
    ("GF-22", "a notice for costs and deals is an instalment", (mixed_notice(59),), BREACH),
    ("GF-22", "a notice for costs and deals, 60 of the hundred to invest", (mixed_notice(60),), PASS),
    ("GF-22", "a party's two dues of one notice", (two_dues_of_one(),), NA),
    ("GF-22", "three instalments: the second poorly used", (three(100, 59),), BREACH),
    ("GF-22", "three instalments: both used", (three(100, 60),), PASS),
    ("GF-22", "three instalments: the first used by what came later only", (three(50, 110),), BREACH),
    (
        "GF-22",
        "a deal without a day",
        (replace(instalments(60), deals=(DealFacts("D", FundThen("F1"), fen=5),)),),
        UNKNOWN,
    ),
    (
        "GF-22",
        "deals with day and amount",
        (replace(instalments(60), deals=(DealFacts("D", FundThen("F1"), day=DAY, fen=5),)),),
        PASS,
    ),
    (
        "GF-22",
        "excess returned is not used",
        (
            replace(
                instalments(59),
                uses=(*instalments(59).uses, Flow(DAY, 41)),
                stakes=(
                    replace(
                        instalments(59).stakes[0],
                        paid=(Flow(dt.date(2023, 2, 25), 141, "N1"), Flow(DAY, -41), Flow(SECOND, 100, "N2")),
                    ),
                ),
            ),
        ),
        BREACH,
    ),
    ("GF-22", "one call", (fund(),), NA),
    (
        "GF-22",
        "a deal without amount",
        (replace(instalments(60), deals=(DealFacts("D", FundThen("F1"), day=DAY),)),),
        UNKNOWN,
    ),
    ("GF-23", "custodian", (fund(custodian="BANK"),), PASS),
    (
        "GF-23",
        "waiver with government money",
        (fund(custody_waiver="第8条", safeguard_clause="第9条"),),
        BREACH,
    ),
    (
        "GF-23",
        "waiver with safeguards, private money",
        (fund(stakes=(private(),), custody_waiver="第8条", safeguard_clause="第9条"),),
        PASS,
    ),
    ("GF-23", "not set up, nothing paid", (fund(established_on=None, stakes=(private(0),)),), NA),
    ("GF-23", "set up, nothing paid", (fund(stakes=(private(0),)),), UNKNOWN),
    ("GF-23", "no day of set-up, but paid", (fund(established_on=None),), UNKNOWN),
    (
        "GF-23",
        "guidance fund itself",
        (fund(stakes=(private(),), kind=PartyKind.GUIDANCE_FUND, custody_waiver="8", safeguard_clause="9"),),
        BREACH,
    ),
    ("GF-23", "waiver without safeguards", (fund(stakes=(private(),), custody_waiver="第8条"),), BREACH),
    ("GF-23", "missing", (fund(),), UNKNOWN),
    ("GF-30", "harmless letters", (fund(side_letters=(SideLetter.MOST_FAVOURED,)),), PASS),
    ("GF-30", "none", (fund(side_letters=()),), PASS),
    ("GF-30", "principal", (fund(side_letters=(SideLetter.PRINCIPAL_PROMISE,)),), BREACH),
    (
        "GF-30",
        "excuse, co-investment, information",
        (
            fund(
                side_letters=(
                    SideLetter.EXCUSE_RIGHT,
                    SideLetter.CO_INVESTMENT_RIGHT,
                    SideLetter.INFORMATION_RIGHT,
                )
            ),
        ),
        PASS,
    ),
    (
        "GF-30",
        "a promise among harmless letters",
        (fund(side_letters=(SideLetter.MOST_FAVOURED, SideLetter.PRINCIPAL_PROMISE)),),
        BREACH,
    ),
    ("GF-30", "minimum return", (fund(side_letters=(SideLetter.MINIMUM_RETURN,)),), BREACH),
    ("GF-30", "buy-back", (fund(side_letters=(SideLetter.GOVERNMENT_BUY_BACK,)),), BREACH),
    ("GF-30", "letters not read", (fund(),), UNKNOWN),
    ("GF-31", "equal losses", (wound_up(500, 500),), PASS),
    (
        "GF-31",
        "on the tolerance",
        (wound_up(499, 501),),
        PASS,
    ),  # 501 of 1000 lost: 50.1 % with 50 % of the money
    ("GF-31", "beyond the tolerance", (wound_up(498, 502),), BREACH),
    ("GF-31", "government lost less than its part", (wound_up(502, 498),), BREACH),
    ("GF-31", "no loss in all, and government gains", (wound_up(1001, 1000),), PASS),
    ("GF-31", "no loss in all, but government loses more than the tolerance", (wound_up(998, 1002),), BREACH),
    ("GF-31", "no loss in all, government loses the tolerance", (wound_up(999, 1001),), PASS),
    ("GF-31", "a gain in all, and government loses", (wound_up(500, 1600),), BREACH),
    (
        "GF-31",
        "a gain in all, government loses by an approved ranking",
        (wound_up(500, 1600, loss_ranking_doc="批复 3"),),
        PASS,
    ),
    (
        "GF-31",
        "sold half its stake with its history",
        (moved(500, 0),),
        BREACH,
    ),  # 500 paid, 200 back: 60 % lost, 50 % in all
    ("GF-31", "sold part of its stake: the rest lost its part", (moved(600, 0),), PASS),  # 400 paid, 200 back
    ("GF-31", "sold its stake with its distributions", (moved(600, 100),), BREACH),  # 400 paid, 100 back
    ("GF-31", "sold all of it", (moved(1000, 200),), NA),
    (
        "GF-31",
        "rest known, government's part of it counts",
        (wound_up(300, 500, status=FundStatus.LIQUIDATING, nav=200),),
        BREACH,
    ),
    ("GF-31", "nothing paid", (fund(stakes=(government(0),), status=FundStatus.CLOSED),), UNKNOWN),
    ("GF-31", "no government money", (fund(stakes=(private(),), status=FundStatus.CLOSED),), NA),
    ("GF-31", "approved ranking", (wound_up(0, 1000, loss_ranking_doc="批复 3"),), PASS),
    ("GF-31", "a gain", (wound_up(1500, 1500),), PASS),
    ("GF-31", "rest unknown while winding up", (wound_up(1, 1, status=FundStatus.LIQUIDATING),), UNKNOWN),
    ("GF-31", "rest known", (wound_up(400, 400, status=FundStatus.LIQUIDATING, nav=200),), PASS),
    ("GF-31", "closed, and nobody says what is left", (wound_up(1, 1, nav=None),), UNKNOWN),
    ("GF-31", "closed, half of it still there", (wound_up(400, 400, nav=200),), PASS),
    ("GF-31", "missing status", (wound_up(1, 1, status=None),), UNKNOWN),
    ("GF-31", "still investing", (wound_up(1, 1, status=FundStatus.INVESTING),), NA),
    ("GF-37", "on the multiple", owing(120), PASS),
    ("GF-37", "above", owing(121), PASS),
    ("GF-37", "a fen short after the period", owing(119), BREACH),
    ("GF-37", "half a fen short", owing(120, "1.205"), BREACH),
    ("GF-37", "a fen short on the last day", owing(119, investment_period_end=AS_OF), WARN),
    (
        "GF-37",
        "short, the day after the last",
        owing(119, investment_period_end=AS_OF - dt.timedelta(1)),
        BREACH,
    ),
    ("GF-37", "short, the term's end counts", owing(119, investment_period_end=None, term_end=AS_OF), WARN),
    ("GF-37", "short, no end known", owing(119, investment_period_end=None), UNKNOWN),
    ("GF-37", "met, no end known", owing(120, investment_period_end=None), PASS),
    ("GF-37", "new fund with a duty that is met", owing(120, established_on=dt.date(2025, 1, 7)), WARN),
    ("GF-37", "set up the day after the policy", owing(120, established_on=dt.date(2025, 1, 8)), WARN),
    ("GF-37", "set up the day before the policy", owing(120, established_on=dt.date(2025, 1, 6)), PASS),
    ("GF-37", "short, day of set-up unknown", owing(119, established_on=None), BREACH),
    (
        "GF-37",
        "what was paid on the day counts",
        owing(
            0, "1", reinvest_base=FeeBasis.PAID_IN, stakes=(replace(government(), paid=(Flow(AS_OF, 100),)),)
        ),
        BREACH,
    ),
    ("GF-37", "another investor's claims, no multiple", owing(1, None, reinvest_to=("P",)), None),
    ("GF-37", "met, day of set-up unknown", owing(120, established_on=None), UNKNOWN),
    ("GF-37", "new fund, short after the period", owing(119, established_on=dt.date(2025, 1, 7)), BREACH),
    ("GF-37", "missing base", owing(120, reinvest_base=None), UNKNOWN),
    ("GF-37", "a base that is neither", owing(120, reinvest_base=FeeBasis.NAV), UNKNOWN),
    ("GF-37", "missing amount", owing(None), UNKNOWN),
    ("GF-37", "missing factor", owing(0, claims=claims(("C1", 120, None))), UNKNOWN),
    ("GF-37", "missing evidence", owing(0, claims=claims(("C1", 120, "1"), evidence=None)), UNKNOWN),
    ("GF-37", "missing kind", owing(0, claims=claims(("C1", 120, "1"), kind=None)), UNKNOWN),
    (
        "GF-37",
        "met without the claim that is incomplete",
        owing(0, claims=claims(("C1", 120, "1"), ("C2", None, "1"))),
        PASS,
    ),
    ("GF-37", "one company claimed twice", owing(0, claims=claims(("C1", 60, "1"), ("C1", 60, "1"))), BREACH),
    ("GF-37", "two companies", owing(0, claims=claims(("C1", 60, "1"), ("C2", 60, "1"))), PASS),
    ("GF-37", "factor on its limit", owing(0, claims=claims(("C1", 60, "2"))), PASS),
    (
        "GF-37",
        "factor above its limit counts at the limit",
        owing(0, claims=claims(("C1", 59, "2.1"))),
        BREACH,
    ),
    (
        "GF-37",
        "claimed for another investor",
        owing(0, claims=claims(("C1", 120, "1"), investor="P")),
        BREACH,
    ),
    (
        "GF-37",
        "claimed after the as-of day",
        owing(0, claims=claims(("C1", 120, "1"), day=AS_OF + dt.timedelta(1))),
        BREACH,
    ),
    ("GF-37", "claimed on the as-of day", owing(0, claims=claims(("C1", 120, "1"), day=AS_OF)), PASS),
    ("GF-37", "no duty", owing(0, "0"), None),
    ("GF-37", "nothing recorded, nothing claimed", owing(0, None, claims=()), None),
    ("GF-37", "claims without a duty", owing(1, None), UNKNOWN),
    ("GF-37", "owed to another investor", owing(0, reinvest_to=("P",)), None),
    ("GF-38", "on the stage", staged(40), PASS),
    ("GF-38", "above the stage", staged(41), PASS),
    ("GF-38", "just short", staged(39), BREACH),
    ("GF-38", "short on the stage's day", staged(39, AS_OF), BREACH),
    ("GF-38", "the day before the stage", staged(39, AS_OF + dt.timedelta(1)), NA),
    ("GF-38", "claimed on the stage's day", staged(40, dt.date(2024, 1, 1)), PASS),
    ("GF-38", "claimed the day after the stage", staged(40, dt.date(2023, 12, 31)), BREACH),
    ("GF-38", "base is what was paid by the stage", paid_later(), PASS),
    ("GF-38", "no stages", owing(0), NA),
    ("GF-38", "no duty", owing(0, "0"), None),
    ("GF-38", "stages that cannot be read", owing(100, "1", reinvest_milestones=None), UNKNOWN),
    ("GF-38", "missing base", staged(40, reinvest_base=None), UNKNOWN),
    ("GF-38", "missing amount", staged(40, claims=claims(("C1", None, "1"))), UNKNOWN),
    (
        "GF-38",
        "reached without the claim that is incomplete",
        staged(0, claims=claims(("C1", 40, "1"), ("C2", None, "1"))),
        PASS,
    ),
    ("GF-38", "one stage missed, the next not clear", two_stages(), BREACH),
    (
        "GF-38",
        "one company claimed twice",
        staged(0, claims=claims(("C1", 20, "1"), ("C1", 20, "1"))),
        BREACH,
    ),
    ("GF-39", "factor on the limits", (claimed(("C1", 5, "2"), ("C2", 5, "0")),), PASS),
    ("GF-39", "factor above", (claimed(("C1", 5, "2.01")),), BREACH),
    ("GF-39", "factor below zero", (claimed(("C1", 5, "-0.1")),), BREACH),
    ("GF-39", "one company twice", (claimed(("C1", 5, "1"), ("C1", 5, "1")),), BREACH),
    ("GF-39", "one company, two investors", (for_both(),), PASS),
    ("GF-39", "as much as was invested", (claimed(("C1", 5, "1")),), PASS),
    ("GF-39", "a fen more than was invested", (claimed(("C1", 6, "1")),), BREACH),
    ("GF-39", "a sister fund's money", (claimed(("C1", 6, "1"), kind=ReinvestKind.SISTER_FUND),), PASS),
    ("GF-39", "amount invested unknown", (claimed(("C1", 5, "1"), invested=None),), UNKNOWN),
    ("GF-39", "missing kind", (claimed(("C1", 5, "1"), kind=None),), UNKNOWN),
    ("GF-39", "missing evidence", (claimed(("C1", 5, "1"), evidence=None),), UNKNOWN),
    ("GF-39", "missing amount", (claimed(("C1", None, "1")),), UNKNOWN),
    ("GF-39", "missing factor", (claimed(("C1", 5, None)),), UNKNOWN),
    ("GF-39", "missing evidence does not hide a fault", (claimed(("C1", 6, "1"), evidence=None),), BREACH),
    ("GF-39", "no claims", (fund(),), NA),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


def test_gf_22_lists_each_call_made_too_early_with_what_was_not_invested():
    outcome = ask("GF-22", instalments(59), day=AS_OF)
    assert [(item.day, item.fen) for item in outcome.items] == [(dt.date(2024, 3, 1), 100)]
    assert outcome.money == 41
    assert outcome.measured == Decimal("0.59")


def test_gf_31_says_how_much_more_government_lost():
    assert ask("GF-31", wound_up(400, 600), day=AS_OF).money == 100
    assert ask("GF-31", wound_up(500, 1600), day=AS_OF).money == 500
    outcome = ask("GF-31", wound_up(300, 500, status=FundStatus.LIQUIDATING, nav=200), day=AS_OF)
    assert outcome.inputs == {"loss": 1000, "government_loss": 600, "government_paid_in": 1000}


def test_gf_14_says_whose_commitments_are_free_of_loss():
    stakes = (government(committed=70), private())
    outcome = ask("GF-14", fund(stakes=stakes, legal_form=LP, loss_free_partners=("P",)), day=AS_OF)
    assert (outcome.money, outcome.measured) == (100, 1)


def test_gf_30_says_whose_money_the_promise_shields():
    promised = fund(stakes=(government(committed=70), private()), side_letters=(SideLetter.MINIMUM_RETURN,))
    assert ask("GF-30", promised, day=AS_OF).money == 100
    assert ask("GF-30", fund(side_letters=()), day=AS_OF).money is None


def test_gf_22_tells_the_worst_of_the_instalments():
    outcome = ask("GF-22", three(90, 40), day=AS_OF)
    assert (outcome.measured, outcome.money) == (Decimal("0.3"), 70)  # 130 in all: 30 of the second hundred


def test_gf_21_lists_the_years_without_a_line():
    subject = fiscal((DAY, 5), (SECOND, 7), fiscal_precheck=True, budget_years=(2023,))
    outcome = ask("GF-21", subject, day=AS_OF)
    assert [(item.code, item.fen) for item in outcome.items] == [("2024", 7)]
    assert outcome.money == 7
    assert ask("GF-21", fund(budget_years=(2023,)), day=AS_OF).money == 100
    failed = fund(stakes=(government(committed=70), private()), fiscal_precheck=False)
    assert ask("GF-21", failed, day=AS_OF).money == 70


def test_gf_37_counts_amount_times_factor_and_says_what_is_missing():
    subject = fund(
        reinvest_multiple=Decimal(2),
        reinvest_base=FeeBasis.PAID_IN,
        investment_period_end=dt.date(2025, 12, 31),
        claims=claims(("C1", 100, "1.5"), ("C2", 20, "1")),
    )
    outcome = ask("GF-37", subject.stakes[0], subject, day=AS_OF)
    assert outcome.money == 30
    assert outcome.measured == Decimal("1.7")
    assert outcome.since == dt.date(2026, 1, 1)  # the last day of the period is still in time
    assert outcome.inputs == {"owed": 200, "recognised": 170, "by": dt.date(2025, 12, 31)}


def test_gf_37_names_the_claims_that_it_did_not_count():
    stake, subject = owing(0, claims=claims(("C1", 60, "1"), ("C1", 70, "1")))
    outcome = ask("GF-37", stake, subject, day=AS_OF)
    assert (outcome.inputs["recognised"], outcome.money) == (60, 60)
    assert [en for _, en in outcome.notes] == ["company claimed before, not counted: D1"]


def test_of_two_claims_of_a_company_the_earlier_counts_whatever_their_order():
    """By day, then by deal."""
    late, early = claims(("C1", 60, "1"), ("C1", 70, "1"))
    early = replace(early, day=dt.date(2023, 12, 1))
    stake, subject = owing(0, claims=(late, early))
    outcome = ask("GF-37", stake, subject, day=AS_OF)
    assert (outcome.inputs["recognised"], outcome.notes[0][1]) == (
        70,
        "company claimed before, not counted: D0",
    )
    stake, subject = owing(0, claims=tuple(reversed(claims(("C1", 60, "1"), ("C1", 70, "1")))))
    assert ask("GF-37", stake, subject, day=AS_OF).inputs["recognised"] == 60


def test_gf_37_warns_only_of_a_multiple_above_the_policys():
    own = OwnNumber("reinvest_multiple_new", "1.2", dt.date(2025, 1, 1), "省财政厅函", "tester", "F1")
    settings = NumbersInForce(catalogue.parameters(), [own])
    stake, new = owing(120, established_on=dt.date(2025, 1, 7))
    assert ask("GF-37", stake, new, day=AS_OF, settings=settings, fund="F1").verdict is PASS
    higher = replace(new, reinvest_multiple=Decimal("1.201"), claims=claims(("C1", 121, "1")))
    assert ask("GF-37", stake, higher, day=AS_OF, settings=settings, fund="F1").verdict is WARN


def test_gf_37_says_since_when_only_of_a_breach():
    assert ask("GF-37", *owing(119, investment_period_end=AS_OF), day=AS_OF).since is None
    assert ask("GF-37", *owing(120), day=AS_OF).since is None
    running = ask("GF-37", *owing(119, investment_period_end=AS_OF), day=AS_OF)
    assert (running.money, f"期限 {AS_OF}，尚差 0.01元" in running.text.zh) == (1, True)
    assert "期限 未定" in ask("GF-37", *owing(120, investment_period_end=None), day=AS_OF).text.zh


def test_gf_38_puts_the_largest_gap_at_stake():
    """40 due in 2024 and 30 done, 100 due in 2025 and 30 done."""
    stages = ((dt.date(2024, 12, 31), Decimal("0.4")), (dt.date(2025, 12, 31), Decimal(1)))
    outcome = ask("GF-38", *owing(30, "1", reinvest_milestones=stages), day=AS_OF)
    assert ([item.fen for item in outcome.items], outcome.money) == ([10, 70], 70)


def test_gf_22_takes_an_instalment_for_what_was_paid_of_it():
    """Of the second hundred half came: 30 of 50 used is enough, 29 is not."""
    for used, verdict in ((130, PASS), (129, BREACH)):
        subject = three(100, used - 100)
        (stake,) = subject.stakes
        paid = (stake.paid[0], stake.paid[1]._replace(fen=50), stake.paid[2])
        assert (
            ask("GF-22", replace(subject, stakes=(replace(stake, paid=paid),)), day=AS_OF).verdict is verdict
        )


def test_gf_31_names_the_approved_ranking():
    ranked = ask("GF-31", wound_up(0, 1000, loss_ranking_doc="批复 3"), day=AS_OF)
    assert ("批准的亏损顺序：批复 3" in ranked.text.zh, "approved ranking: 批复 3" in ranked.text.en) == (
        True,
        True,
    )
    assert "批准的亏损顺序：无" in ask("GF-31", wound_up(500, 500), day=AS_OF).text.zh


def test_gf_38_tells_the_worst_stage():
    """40 due in 2024 and 44 done; 100 due in 2025 and 44 done."""
    stages = ((dt.date(2024, 12, 31), Decimal("0.4")), (dt.date(2025, 12, 31), Decimal(1)))
    outcome = ask("GF-38", *owing(44, "1", reinvest_milestones=stages), day=AS_OF)
    assert (outcome.measured, outcome.threshold, outcome.money) == (Decimal("0.44"), Decimal(1), 56)


def test_gf_39_tells_the_highest_factor():
    assert ask("GF-39", claimed(("C1", 5, "0.5"), ("C2", 5, "1.5")), day=AS_OF).measured == Decimal("1.5")


def test_gf_39_lists_each_fault_and_counts_the_money_of_a_claim_once():
    subject = claimed(("C1", 5, "1"), ("C1", 6, "2.5"))
    outcome = ask("GF-39", subject, day=AS_OF)
    assert [(item.code, item.text.en) for item in outcome.items] == [
        ("D1", "C1 counted twice"),
        ("D1", "factor 2.5"),
        ("D1", "more than the RMB 0.05 invested"),
    ]
    assert outcome.money == 6


def test_gf_38_says_what_was_lacking_on_the_day():
    outcome = ask("GF-38", *staged(39), day=AS_OF)
    assert [(item.day, item.fen) for item in outcome.items] == [(dt.date(2024, 12, 31), 1)]
    assert (outcome.money, outcome.since) == (1, dt.date(2024, 12, 31))


def test_money_of_a_declared_government_share_is_unrecorded_and_not_nothing():
    """Government owns 30 % by declaration: its losses (GF-31) and its years (GF-21) cannot be told, and are no pass."""
    owner = OwnerFacts("GOV", Fraction(3, 10), PartyKind.GOVERNMENT)
    by_edge = StakeFacts(InvestorFacts("GOV", PartyKind.GOVERNMENT), None, declared=Fraction(3, 10))
    declared = {"stakes": (private(),), "owners": (owner,), "declared_stakes": (by_edge,)}
    for status, verdict in ((FundStatus.CLOSED, UNKNOWN), (FundStatus.INVESTING, NA), (None, UNKNOWN)):
        assert ask("GF-31", fund(status=status, nav=0, **declared), day=AS_OF).verdict is verdict
    for precheck, verdict in ((True, UNKNOWN), (False, BREACH)):
        outcome = ask("GF-21", fund(fiscal_precheck=precheck, budget_years=(2023,), **declared), day=AS_OF)
        assert outcome.verdict is verdict
